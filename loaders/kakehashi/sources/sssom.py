"""SSSOM/TSV: our own mapping sets (SSSOM 1.1, https://w3id.org/sssom/; the metadata stands in `#` lines above the table).

The extension slots `mapping_status`, `rationale_kind`, `rationale_ja` and `rationale_en` carry what NIST IR 8477 asks of a
mapping and SSSOM has no slot for.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.resources.abc import Traversable
from typing import Final

import curies

from kakehashi.records.located import Place
from kakehashi.records.model import Label, MappingDetail, Resource, Source, Statement
from kakehashi.records.values import Authority, Certainty, MappingStatus, Nature, RationaleKind, Redistribution
from kakehashi.sources.reading import (
    MISSING_KEY,
    NOT_A_MAPPING,
    Entry,
    Reading,
    checksum,
    choice,
    read_text,
    read_yaml,
    rows,
    text_of,
)
from kakehashi.vocabulary.iris import DEFAULT_BASE, PREDICATE, IdSpace
from kakehashi.vocabulary.text import LANGUAGES, Text

LOADER: Final = "sssom"
LOADER_VERSION: Final = "1"
SUFFIX: Final = ".sssom.tsv"

COLUMNS: Final = (
    "record_id", "subject_id", "predicate_id", "object_id", "mapping_justification", "confidence",
    "mapping_status", "rationale_kind", "rationale_ja", "rationale_en",
)  # fmt: skip

BAD_CURIE = Text(
    "「{value}」はこのファイルのcurie_mapにない接頭辞か、{wanted}ではないIRIです。",
    "'{value}' has a prefix that this file's curie_map lacks, or is no IRI of {wanted}.",
)
BAD_CONFIDENCE = Text(
    "confidence「{value}」は0から1まで、小数第3位までの数でなければなりません。",
    "The confidence '{value}' must be a number from 0 to 1 with at most three decimals.",
)


def recognises(file: Traversable) -> bool:
    """Whether the file is SSSOM/TSV, by its name."""
    return file.is_file() and file.name.endswith(SUFFIX)


def read(file: Traversable) -> Reading:
    """The mapping set as a resource, each row as a statement with its mapping detail, and every fault."""
    reading = Reading()
    text = read_text(file, file.name, reading)
    if text is not None:
        _read(file, text, reading)
    return reading


def _read(file: Traversable, text: str, reading: Reading) -> None:
    lines = text.splitlines()
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata = read_yaml("\n".join(line[1:] for line in lines[:head]), file.name, reading)
    if not isinstance(metadata, Entry):
        reading.fault(Place(file.name, 1), NOT_A_MAPPING)
        return
    prefixes = metadata.get("curie_map")
    table = "\n".join(lines[head:])
    known = {str(prefix): str(iri) for prefix, iri in prefixes.items()} if isinstance(prefixes, Entry) else {}
    mapping_set = _MappingSet(file, curies.Converter.from_prefix_map(known), reading)
    mapping_set.describe(metadata)
    for place, row in rows(table, file.name, COLUMNS, reading, first_line=head + 1):
        mapping_set.row(row, place)


@dataclass(slots=True)
class _MappingSet:
    file: Traversable
    converter: curies.Converter
    reading: Reading
    id: str = "mapping-set/unnamed"

    @property
    def source(self) -> str:
        return "source/" + self.id.rpartition("/")[2]

    def describe(self, metadata: Entry) -> None:
        """The set itself: a resource that the rows name, and the source that they come from."""
        place = Place(self.file.name, 1)
        set_id = text_of(metadata, "mapping_set_id", place, self.reading) or ""
        self.id = self._local(set_id, IdSpace(DEFAULT_BASE).prefix, place) or self.id
        titles = {"ja": "mapping_set_title_ja", "en": "mapping_set_title"}
        labels = tuple(
            Label(language=lang, text=text_of(metadata, titles[lang], place, self.reading) or "", ours=True) for lang in LANGUAGES
        )
        rights = text_of(metadata, "license", place, self.reading) or ""
        self.reading.add(Resource(id=self.id, kind="mapping-set", labels=labels, source=self.source), place)
        self.reading.add(
            Source(
                id=self.source, labels=labels, authority=Authority.INFERRED, redistribution=Redistribution.OPEN,
                rights=rights, sha256=checksum([self.file]), loader=LOADER, loader_version=LOADER_VERSION,
            ),
            place,
        )  # fmt: skip

    def row(self, row: dict[str, str], place: Place) -> None:
        """One mapping; a row with a fault is reported and left out."""
        ids = IdSpace(DEFAULT_BASE).prefix
        record = self._local(row["record_id"], ids, place)
        subject = self._local(row["subject_id"], ids, place)
        predicate = self._local(row["predicate_id"], PREDICATE, place)
        target = self._local(row["object_id"], ids, place)
        detail = self._detail(row, place)
        if record and subject and predicate and target and detail:
            statement = Statement(
                id=record,
                subject=subject, predicate=predicate, object=target, source=self.source, mapping=detail,
                certainty=Certainty.INFERRED, authority=Authority.INFERRED, nature=Nature.CURATION,
            )  # fmt: skip
            self.reading.add(statement, place)

    def _detail(self, row: dict[str, str], place: Place) -> MappingDetail | None:
        status = choice(MappingStatus, "mapping_status", row["mapping_status"], place, self.reading)
        kind = choice(RationaleKind, "rationale_kind", row["rationale_kind"], place, self.reading)
        justification = self.converter.expand(row["mapping_justification"])
        for lang in LANGUAGES:
            if not row[f"rationale_{lang}"]:
                self.reading.fault(place, MISSING_KEY(key=f"rationale_{lang}"))
        if justification is None:
            self.reading.fault(place, BAD_CURIE(value=row["mapping_justification"], wanted="semapv"))
        if not (status and kind and justification):
            return None
        return MappingDetail(
            mapping_set=self.id, verbatim=row["predicate_id"].partition(":")[2], justification=justification,
            status=status, rationale_kind=kind, confidence=self._confidence(row["confidence"], place),
            rationale=tuple(Label(language=lang, text=row[f"rationale_{lang}"], ours=True) for lang in LANGUAGES),
        )  # fmt: skip

    def _confidence(self, value: str, place: Place) -> int | None:
        """Integer thousandths; None where the row states none."""
        if not value:
            return None
        try:
            thousandths = Decimal(value) * 1000
        except InvalidOperation:
            thousandths = Decimal(-1)
        if not 0 <= thousandths <= 1000 or thousandths != int(thousandths):
            self.reading.fault(place, BAD_CONFIDENCE(value=value))
            return None
        return int(thousandths)

    def _local(self, value: str, prefix: str, place: Place) -> str | None:
        iri = self.converter.expand(value) or value
        if iri.startswith(prefix) and len(iri) > len(prefix):
            return iri[len(prefix) :]
        self.reading.fault(place, BAD_CURIE(value=value, wanted=prefix))
        return None
