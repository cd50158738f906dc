"""Mapping sets that others publish: every row as a statement in the publisher's word, and what makes none with the reason."""

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, MappingDetail, MappingSet, Resource, Source
from kakehashi.records.values import Authority, MappingStatus, Origin, Redistribution, StatedAs
from kakehashi.sources.entries import MISSING_KEY
from kakehashi.sources.format import BAD_VALUE, Reading
from kakehashi.sources.naming import publisher_called
from kakehashi.sources.spelling import slug
from kakehashi.sources.sssom.document import MAX_SHOWN, Document, Row
from kakehashi.sources.sssom.entities import LANGUAGE, Entities
from kakehashi.sources.sssom.slots import (
    CHAINING,
    INVERSION,
    LITERAL,
    LOADER,
    LOADER_VERSION,
    MAPPING_SLOTS,
    MULTIVALUED,
    NEGATED,
    NO_MATCH,
    NO_TERM,
    NOT,
    OLD_MATCH_TYPES,
    read_as,
    values_of,
)
from kakehashi.sources.stating import StatementWriter
from kakehashi.vocabulary.iris import DEFAULT_BASE, SEMAPV, IdSpace
from kakehashi.vocabulary.text import Text

NOT_STATED: Final = "not stated"

NO_IDENTITY = Text(
    "mapping_set_idがなく、mapping_set_titleもないため、どの対応付けの集合か分かりません。mapping_set_idを書いてください。",
    "There is neither a mapping_set_id nor a mapping_set_title to tell this set by. Write a mapping_set_id.",
)
NO_COLUMN = Text("必須の列「{column}」がありません。", "The required column '{column}' is missing.")
UNDECLARED_PREFIX = Text(
    "「{value}」の接頭辞がcurie_mapにありません。",
    "The prefix of '{value}' is not declared in the curie_map.",
)
BAD_JUSTIFICATION = Text(
    "mapping_justification「{value}」はsemapvの語(semapv:ManualMappingCurationなど)ではありません。",
    "The mapping_justification '{value}' is no term of semapv, such as semapv:ManualMappingCuration.",
)
BAD_CONFIDENCE = Text(
    "confidence「{value}」は0から1までの数でなければなりません。", "The confidence '{value}' must be a number from 0 to 1."
)
REPEATED_RECORD = Text(
    "record_id「{value}」は行{line}で既に使われています。", "The record_id '{value}' is already used in line {line}."
)

NO_TERM_FOUND = Text(
    "対応する語がないとだけ述べる行(sssom:NoTermFound)。",
    "A row that only says that there is no such term (sssom:NoTermFound).",
)
SEVERAL = Text(
    "一つの欄に複数の実体が並ぶ行。SSSOMは一つしか認めず、和とも並列とも読めるため読まない。",
    "A row with several entities in one cell. SSSOM allows one; read as a union or one by one it would mean different things.",
)
DERIVED = Text(
    "同じ集合のほかの行から導かれた行(MappingChaining, MappingInversion)。独立の根拠にならない。",
    "A row that was derived from other rows (MappingChaining, MappingInversion), and so is no evidence of its own.",
)
SLOT = Text("記録に含めない項目 {slot}。", "The slot {slot}, which makes no record.")
UNDECLARED_SLOT = Text(
    "SSSOMになく、extension_definitionsにも宣言されていない項目 {slot}。",
    "The slot {slot}, which SSSOM lacks and extension_definitions does not declare.",
)
SET_SLOT = Text("集合全体についての項目 {slot}。", "The slot {slot} of the set as a whole.")
OTHER_LABEL = Text("同じ実体の別の表記の名称。", "Another label for an entity that has one.")
MATCH_TYPES: Final = "rows with match_type instead of mapping_justification"

_KEPT: Final = frozenset({
    "record_id", "subject_id", "subject_label", "subject_type", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "object_type", "mapping_justification", "match_type", "confidence", "comment", "curation_rule_text",
    "license",
})  # fmt: skip
_KEPT_OF_SET: Final = frozenset({
    "sssom_version", "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_title", "mapping_set_description",
    "mapping_set_source", "license", "mapping_provider", "subject_type", "object_type", "curation_rule_text",
    "extension_definitions",
})  # fmt: skip
_ORIGINS: Final = {CHAINING: Origin.COMPOSED, INVERSION: Origin.REVERSE}
_TERM: Final = re.compile(re.escape(SEMAPV) + "[A-Za-z]+")
_NUMBER: Final = re.compile(r"[0-9]{1,20}(?:\.[0-9]{0,60})?(?:[eE][+-]?[0-9]{1,3})?")
_EXACTLY: Final = Context(prec=120)
_OPEN: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:"
    r"creativecommons\.org/(?:publicdomain/(?:zero|mark)|licenses/by)/[0-9.]+(?:/[a-z.-]*)*"
    r"|(?:spdx\.org/licenses/)?(?:CC0-1\.0|CC-BY-[1-4]\.0|Apache-2\.0|MIT|BSD-[23]-Clause)(?:\.html)?"
    r"|apache\.org/licenses/LICENSE-2\.0(?:\.html|\.txt)?"
    r"|opensource\.org/licenses?/(?:MIT|BSD-[23]-Clause|Apache-2\.0)"
    r")/?",
    re.IGNORECASE,
)
_IDS: Final = IdSpace(DEFAULT_BASE)


def is_open(licence: str) -> bool:
    """Whether a licence clearly lets anyone pass the content on: CC0, CC BY and the permissive software licences."""
    return bool(_OPEN.fullmatch(licence.strip()))


def read_published(document: Document, reading: Reading) -> None:
    """The records of a set that is not ours."""
    metadata = document.metadata
    identity = metadata.text("mapping_set_id") or metadata.text("mapping_set_title")
    if not identity:
        reading.fault(Place(metadata.file, 1), NO_IDENTITY)
    if not _has_columns(document, reading):
        return
    path = _path(identity, metadata.text("mapping_set_version"))
    source = _source(document, path, reading)
    origin = _origin(document)
    _write_set(document, source, f"mapping-set/{path}", origin, reading)
    _Rows(document, reading, StatementWriter(reading, source), f"mapping-set/{path}", origin).read()


def _path(identity: str, version: str = "") -> str:
    name = slug(identity.partition("://")[2] or identity)
    return f"{name}/{slug(version)}" if version else name


def _has_columns(document: Document, reading: Reading) -> bool:
    """Whether the columns are there without which no row can be read."""
    columns = set(document.columns)
    needed = [("predicate_id",), ("mapping_justification", "match_type")]
    needed += [(f"{side}_id", f"{side}_label") for side in ("subject", "object")]
    missing = [names[0] for names in needed if columns.isdisjoint(names)]
    for column in missing:
        reading.fault(Place(document.file, document.header_line), NO_COLUMN(column=column))
    return not missing


def _source(document: Document, path: str, reading: Reading) -> Source:
    """The source; it may be passed on where the set's licence, and that of every row with one of its own, allows it."""
    metadata = document.metadata
    rights = metadata.text("license")
    free = is_open(rights) and all(is_open(licence) for row in document.rows if (licence := row.get("license")))
    title = metadata.text("mapping_set_title") or metadata.text("mapping_set_id") or path
    provider = metadata.text("mapping_provider")
    publisher = publisher_called(provider) if provider else None
    source = Source(
        id=f"source/sssom/{path}", labels=(Label(language=LANGUAGE, text=title),), authority=Authority.THIRD_PARTY,
        redistribution=Redistribution.OPEN if free else Redistribution.LOCAL_ONLY, rights=rights or NOT_STATED,
        sha256=document.sha256, loader=LOADER, loader_version=LOADER_VERSION,
        publisher=publisher.id if publisher else None, version=metadata.text("mapping_set_version") or None,
    )  # fmt: skip
    reading.add(source)
    if publisher:
        reading.add(publisher.record(source.id))
    return source


def _origin(document: Document) -> Origin:
    """How the set came to be: derived, where every row says so."""
    words = {document.metadata.iri(row.get("mapping_justification")) for row in document.rows}
    return _ORIGINS.get(words.pop() or "", Origin.ORIGINAL) if len(words) == 1 else Origin.ORIGINAL


def _write_set(document: Document, source: Source, identifier: str, origin: Origin, reading: Reading) -> None:
    metadata = document.metadata
    description = metadata.text("mapping_set_description")
    texts = (Label(language=LANGUAGE, text=description),) if description else ()
    reading.add(Resource(id=identifier, kind="mapping-set", labels=source.labels, texts=texts, source=source.id))
    reading.add(
        MappingSet(
            id=identifier, source=source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=len(document.rows), origin=origin,
            derived_from=tuple(f"mapping-set/{_path(one)}" for one in metadata.texts("mapping_set_source")),
            subject_edition=_edition(document, "subject"), object_edition=_edition(document, "object"),
        )
    )  # fmt: skip
    reading.count("mappings", len(document.rows))


def _edition(document: Document, side: str) -> str | None:
    """The edition that a side of the set is of, where the file names one of ours."""
    named = document.shared(f"{side}_source")
    iri = document.metadata.iri(named[0]) if len(named) == 1 else None
    return _IDS.identifier(iri) if iri else None


@dataclass(slots=True)
class _Rows:
    document: Document
    reading: Reading
    writer: StatementWriter
    set_id: str
    origin: Origin
    entities: Entities = field(default_factory=Entities)
    records: dict[str, int] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    shared: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self) -> None:
        self.shared = {slot: self.document.shared(slot) for slot in ("subject_type", "object_type", "curation_rule_text")}
        extra = [column for column in self.document.columns if column not in _KEPT]
        for row in self.document.rows:
            self._row(row, Place(self.document.file, row.line))
            for column in extra:
                if cell := row.get(column):
                    self.left[column] += len(values_of(cell)) if column in MULTIVALUED else 1
        self.entities.write(self.writer, self.reading)
        self._leave_slots()

    def _row(self, row: Row, place: Place) -> None:
        subject, target = self._end("subject", row, place), self._end("object", row, place)
        predicate, detail = self._predicate(row, place), self._detail(row, place)
        self._record_id(row, place)
        if isinstance(subject, Text):
            self.reading.leave(subject, place)
        elif isinstance(target, Text):
            self.reading.leave(target, place)
        elif detail and detail.justification in _ORIGINS and self.origin is Origin.ORIGINAL:
            self.reading.leave(DERIVED, place)
        elif subject and target and predicate and detail:
            self._state((subject, predicate, target), detail, row, place)

    def _state(self, stated: tuple[str, str, str], detail: MappingDetail, row: Row, place: Place) -> None:
        comment = row.get("comment")
        note = comment if any(map(str.isalnum, comment)) else None
        self.writer.state(*stated, place, section=row.get("record_id") or None, note=note, mapping=detail)

    def _end(self, side: str, row: Row, place: Place) -> str | Text | None:
        """The id of an end, or why the row has none that makes a statement; None with a fault."""
        curie, label = row.get(f"{side}_id"), row.get(f"{side}_label")
        if row.get(f"{side}_type") == LITERAL or LITERAL in self.shared[f"{side}_type"]:
            return self._literal(side, label, place)
        if not curie:
            self.reading.fault(place, MISSING_KEY(key=f"{side}_id"))
            return None
        if "|" in curie:
            return SEVERAL
        iri = self._iri(curie, place)
        if iri in NO_TERM:
            return NO_TERM_FOUND
        return self.entities.entity(curie, iri, label) if iri else None

    def _literal(self, side: str, label: str, place: Place) -> str | None:
        if label:
            return self.entities.literal(label, self.set_id)
        self.reading.fault(place, MISSING_KEY(key=f"{side}_label"))
        return None

    def _iri(self, curie: str, place: Place) -> str | None:
        iri = self.document.metadata.iri(curie)
        if iri is None:
            self.reading.fault(place, UNDECLARED_PREFIX(value=curie[:MAX_SHOWN]))
        return iri

    def _predicate(self, row: Row, place: Place) -> str | None:
        word, modifier = row.get("predicate_id"), row.get("predicate_modifier")
        if modifier not in {"", NOT}:
            self.reading.fault(place, BAD_VALUE(key="predicate_modifier", value=modifier[:MAX_SHOWN], known=NOT))
        if not word:
            self.reading.fault(place, MISSING_KEY(key="predicate_id"))
            return None
        iri = NO_MATCH if word == NO_MATCH else self._iri(word, place)
        return None if iri is None else NEGATED if modifier else read_as(iri)

    def _detail(self, row: Row, place: Place) -> MappingDetail | None:
        justification = self._justification(row, place)
        confidence, strength = self._confidence(row.get("confidence"), place)
        cell = row.get("curation_rule_text")
        rules = values_of(cell) if cell else self.shared["curation_rule_text"]
        if justification is None:
            return None
        return MappingDetail(
            mapping_set=self.set_id, verbatim=f"{row.get('predicate_modifier')} {row.get('predicate_id')}".strip(),
            justification=justification, status=MappingStatus.PUBLISHED, confidence=confidence, strength=strength,
            rationale=(Label(language=LANGUAGE, text="\n".join(rules)),) if rules else (),
        )  # fmt: skip

    def _justification(self, row: Row, place: Place) -> str | None:
        word, old = row.get("mapping_justification"), row.get("match_type")
        if word:
            iri = self.document.metadata.iri(word)
            if iri is not None and _TERM.fullmatch(iri):
                return iri
            self.reading.fault(place, BAD_JUSTIFICATION(value=word[:MAX_SHOWN]))
        elif old in OLD_MATCH_TYPES:
            self.reading.count(MATCH_TYPES)
            return OLD_MATCH_TYPES[old]
        elif old:
            known = ", ".join(OLD_MATCH_TYPES)
            self.reading.fault(place, BAD_VALUE(key="match_type", value=old[:MAX_SHOWN], known=known))
        else:
            self.reading.fault(place, MISSING_KEY(key="mapping_justification"))
        return None

    def _confidence(self, text: str, place: Place) -> tuple[int | None, str | None]:
        """Integer thousandths, and the number itself where they are not all of it."""
        if not text:
            return None, None
        value = Decimal(text) if _NUMBER.fullmatch(text) else Decimal(2)
        if value > 1:
            self.reading.fault(place, BAD_CONFIDENCE(value=text[:MAX_SHOWN]))
            return None, None
        thousandths = _EXACTLY.multiply(value, Decimal(1000))
        rounded = thousandths.to_integral_value(ROUND_HALF_EVEN)
        return int(rounded), None if rounded == thousandths else text

    def _record_id(self, row: Row, place: Place) -> None:
        record = row.get("record_id")
        if record and self.records.setdefault(record, row.line) != row.line:
            line = self.records[record]
            self.reading.fault(place, REPEATED_RECORD(value=record[:MAX_SHOWN], line=line))

    def _leave_slots(self) -> None:
        metadata = self.document.metadata
        header = Place(self.document.file, self.document.header_line)
        declared = _declared(metadata.slots.get("extension_definitions"))
        for column, number in self.left.items():
            known = column in MAPPING_SLOTS or column in declared
            self.reading.leave((SLOT if known else UNDECLARED_SLOT)(slot=column[:MAX_SHOWN]), header, number)
        kept = _KEPT_OF_SET | {f"{side}_source" for side in ("subject", "object") if _edition(self.document, side)}
        for slot in metadata.slots:
            if slot not in kept:
                self.reading.leave(SET_SLOT(slot=slot[:MAX_SHOWN]), metadata.place(slot))
        if self.entities.other_labels:
            self.reading.leave(OTHER_LABEL, header, self.entities.other_labels)


def _declared(definitions: object) -> set[str]:
    """The names of the extension slots that a set declares; what is no definition is passed over, as the standard wants."""
    listed = definitions if isinstance(definitions, list) else []
    return {one["slot_name"] for one in listed if isinstance(one, dict) and isinstance(one.get("slot_name"), str)}
