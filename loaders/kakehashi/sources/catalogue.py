"""Kakehashi's own catalogue format: a folder of YAML and TSV files that people review line by line.

source.yaml       what the source is: id, names, authority, rights
entities/*.yaml   resources with their names and their literal facts
relations.tsv     statements between resources                          (optional)
frameworks.yaml   which provisions make up which edition of which framework   (optional)
matrices.yaml     tables over resources                                       (optional)
readings.yaml     registrations of how mapping sets use a word                (optional)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kakehashi.records.identity import statement_id
from kakehashi.records.located import Place
from kakehashi.records.model import Edition, Framework, Label, Literal, Matrix, Resource, SetReading, Source, Statement
from kakehashi.records.values import Authority, Certainty, Intersects, Nature, ParentLink, Redistribution
from kakehashi.sources.entries import (
    MISSING_KEY,
    NOT_A_LIST,
    entries,
    fixed_rows,
    known_keys,
    text_of,
    texts_of,
)
from kakehashi.sources.files import File, UnreadableError, bundle_sha256
from kakehashi.sources.format import Bundle, Format, Reading, choice
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import LANGUAGES, Text

NAME: Final = "catalogue"
VERSION: Final = "1"

SOURCE_FILE: Final = "source.yaml"
RELATIONS_FILE: Final = "relations.tsv"
ENTITIES: Final = "entities/"
LISTS: Final = ("frameworks.yaml", "matrices.yaml", "readings.yaml")

SOURCE_KEYS: Final = ("id", *LANGUAGES, "publisher", "authority", "redistribution", "rights")
ENTITY_KEYS: Final = ("id", "kind", "notation", *LANGUAGES, "ours", "nature", "facts")
FACT_KEYS: Final = ("predicate", "value", "lang", "certainty", "nature", "authority", "note")
FRAMEWORK_KEYS: Final = ("id", "parent_link", "reason_ja", "reason_en", "editions")
EDITION_KEYS: Final = ("id", "version", "issued", "replaces", "provisions")
MATRIX_KEYS: Final = ("id", "cell_kind", "row_predicate", "column_predicate", "rows", "columns")
READING_KEYS: Final = ("id", "intersects", "reason_ja", "reason_en", "registered_by", "registered_on")
RELATION_COLUMNS: Final = ("subject", "predicate", "object", "section", "certainty", "nature", "confidence", "note")

BAD_DATE = Text(
    "「{value}」は日付ではありません。年月日をYYYY-MM-DDで書いてください。",
    "'{value}' is no date. Write it as YYYY-MM-DD.",
)


NO_SOURCE = Text(
    "カタログのフォルダに source.yaml がありません。",
    "The catalogue's folder holds no source.yaml.",
)


def recognises(file: File) -> bool:
    """Whether the file is one of a catalogue's, by its name and its place."""
    return file.base in {SOURCE_FILE, RELATIONS_FILE, *LISTS} or (
        file.suffix == ".yaml" and file.folder.rpartition("/")[2] == "entities"
    )


def read(bundle: Bundle) -> Reading:
    """Everything that the catalogue states, and everything that is wrong with it."""
    reading = Reading(own=True)
    files = {file.name.removeprefix(_root(file)).lstrip("/"): file for file in bundle}
    if SOURCE_FILE not in files:
        reading.fault(Place(_root(bundle[0]) or bundle[0].name), NO_SOURCE)
        return reading
    _Catalogue(files, reading).read()
    return reading


def _root(file: File) -> str:
    """The folder of the catalogue that a file belongs to."""
    head, _, last = file.folder.rpartition("/")
    return head if last == "entities" else file.folder


@dataclass(slots=True)
class _Catalogue:
    files: Mapping[str, File]
    reading: Reading
    source: str = "source/unnamed"
    authority: Authority = Authority.INFERRED

    def read(self) -> None:
        self._source()
        for name, file in self.files.items():
            if name.startswith(ENTITIES):
                for entry in self._entries(file):
                    self._entity(entry, Place(file.name, entry.line))
        self._relations()
        for name, take in zip(LISTS, (self._framework, self._matrix, self._set_reading), strict=True):
            if name in self.files:
                for entry in self._entries(self.files[name]):
                    take(entry, Place(self.files[name].name, entry.line))

    def _entries(self, file: File) -> Iterator[Entry]:
        try:
            yield from entries(file.document, file.name, self.reading)
        except UnreadableError as error:
            self.reading.refuse(error.fault)

    def _source(self) -> None:
        file = self.files[SOURCE_FILE]
        try:
            entry = file.document
        except UnreadableError as error:
            self.reading.refuse(error.fault)
            return
        place = Place(file.name, 1)
        if not isinstance(entry, Entry):
            self.reading.fault(place, NO_SOURCE)
            return
        known_keys(entry, SOURCE_KEYS, place, self.reading)
        self.source = text_of(entry, "id", place, self.reading) or self.source
        authority = choice(Authority, "authority", entry.get("authority"), place, self.reading)
        redistribution = choice(Redistribution, "redistribution", entry.get("redistribution"), place, self.reading)
        self.authority = authority or self.authority
        self.reading.add(
            Source(
                id=self.source,
                labels=tuple(
                    Label(language=lang, text=text_of(entry, lang, place, self.reading) or "", ours=True) for lang in LANGUAGES
                ),
                publisher=text_of(entry, "publisher", place, self.reading, required=False),
                authority=self.authority,
                redistribution=redistribution or Redistribution.LOCAL_ONLY,
                rights=text_of(entry, "rights", place, self.reading) or "",
                sha256=bundle_sha256(self.files.values()),
                loader=NAME,
                loader_version=VERSION,
            ),
            place,
        )

    def _entity(self, entry: Entry, place: Place) -> None:
        known_keys(entry, ENTITY_KEYS, place, self.reading)
        identifier = text_of(entry, "id", place, self.reading)
        kind = text_of(entry, "kind", place, self.reading)
        if identifier is None or kind is None:
            return
        ours = texts_of(entry, "ours", place, self.reading)
        labels = tuple(Label(language=lang, text=str(entry[lang]), ours=lang in ours) for lang in LANGUAGES if entry.get(lang))
        notation = text_of(entry, "notation", place, self.reading, required=False)
        self.reading.add(Resource(id=identifier, kind=kind, labels=labels, notation=notation, source=self.source), place)
        self._facts(identifier, entry, place)

    def _facts(self, identifier: str, entry: Entry, place: Place) -> None:
        nature = str(entry.get("nature") or Nature.REPORT)
        facts = entry.get("facts") or []
        if not isinstance(facts, list):
            self.reading.fault(place, NOT_A_LIST)
            return
        sections = [fact["value"] for fact in facts if isinstance(fact, Entry) and fact.get("predicate") == "section"]
        section = str(sections[0]) if sections else None
        for fact in entries(facts, place.file, self.reading):
            self._fact(identifier, section, nature, fact, Place(place.file, fact.line))

    def _fact(self, subject: str, section: str | None, nature: str, fact: Entry, place: Place) -> None:
        known_keys(fact, FACT_KEYS, place, self.reading)
        predicate = text_of(fact, "predicate", place, self.reading)
        value = fact.get("value")
        if predicate is None or value is None:
            self.reading.fault(place, MISSING_KEY(key="value"))
            return
        common = self._common(str(fact.get("certainty")), str(fact.get("nature") or nature), fact.get("authority"), place)
        if common is None:
            return
        note = text_of(fact, "note", place, self.reading, required=False)
        language = text_of(fact, "lang", place, self.reading, required=False)
        for item in value if isinstance(value, list) else [value]:
            literal = _literal(item, language)
            number = statement_id(self.source, subject, predicate, literal, section)
            statement = Statement(
                id=number, subject=subject, predicate=predicate, value=literal, section=section, note=note,
                source=self.source, certainty=common[0], nature=common[1], authority=common[2],
            )  # fmt: skip
            self.reading.add(statement, place)

    def _common(self, certainty: str, nature: str, authority: object, place: Place) -> tuple[Certainty, Nature, Authority] | None:
        sure = choice(Certainty, "certainty", certainty, place, self.reading)
        sort = choice(Nature, "nature", nature, place, self.reading)
        # What the source does not say itself stands on our word alone.
        default = Authority.INFERRED if sure is Certainty.INFERRED else self.authority
        word = choice(Authority, "authority", str(authority or default), place, self.reading)
        return (sure, sort, word) if sure and sort and word else None

    def _relations(self) -> None:
        file = self.files.get(RELATIONS_FILE)
        if file is None:
            return
        try:
            text = file.text
        except UnreadableError as error:
            self.reading.refuse(error.fault)
            return
        for place, row in fixed_rows(text, file.name, RELATION_COLUMNS, self.reading):
            common = self._common(row["certainty"], row["nature"], None, place)
            blank = [key for key in ("subject", "predicate", "object") if not row[key]]
            for key in blank:
                self.reading.fault(place, MISSING_KEY(key=key))
            if common is not None and not blank:
                self.reading.add(self._relation(row, *common), place)

    def _relation(self, row: dict[str, str], certainty: Certainty, nature: Nature, authority: Authority) -> Statement:
        subject, predicate, target, section = row["subject"], row["predicate"], row["object"], row["section"] or None
        return Statement(
            id=statement_id(self.source, subject, predicate, target, section),
            subject=subject, predicate=predicate, object=target, section=section, source=self.source,
            certainty=certainty, authority=authority, nature=nature,
            confidence=row["confidence"] or None, note=row["note"] or None,
        )  # fmt: skip

    def _framework(self, entry: Entry, place: Place) -> None:
        known_keys(entry, FRAMEWORK_KEYS, place, self.reading)
        identifier = text_of(entry, "id", place, self.reading)
        link = choice(ParentLink, "parent_link", entry.get("parent_link"), place, self.reading)
        if identifier is None or link is None:
            return
        reasons = self._reasons(entry, place)
        self.reading.add(Framework(id=identifier, source=self.source, parent_link=link, reasons=reasons), place)
        for edition in entries(entry.get("editions"), place.file, self.reading):
            self._edition(identifier, edition, Place(place.file, edition.line))

    def _edition(self, framework: str, entry: Entry, place: Place) -> None:
        known_keys(entry, EDITION_KEYS, place, self.reading)
        identifier = text_of(entry, "id", place, self.reading)
        if identifier is None:
            return
        edition = Edition(
            id=identifier, framework=framework, source=self.source,
            version=text_of(entry, "version", place, self.reading, required=False),
            issued=self._date(entry, "issued", place),
            replaces=text_of(entry, "replaces", place, self.reading, required=False),
            provisions=texts_of(entry, "provisions", place, self.reading),
        )  # fmt: skip
        self.reading.add(edition, place)

    def _reasons(self, entry: Entry, place: Place) -> tuple[Label, ...]:
        texts = {lang: text_of(entry, f"reason_{lang}", place, self.reading) or "" for lang in LANGUAGES}
        return tuple(Label(language=lang, text=text, ours=True) for lang, text in texts.items())

    def _set_reading(self, entry: Entry, place: Place) -> None:
        known_keys(entry, READING_KEYS, place, self.reading)
        identifier = text_of(entry, "id", place, self.reading)
        intersects = choice(Intersects, "intersects", entry.get("intersects"), place, self.reading)
        by, on = text_of(entry, "registered_by", place, self.reading), self._date(entry, "registered_on", place)
        reasons = self._reasons(entry, place)
        if identifier and intersects and by and on:
            reading = SetReading(
                id=identifier, source=self.source, intersects=intersects, reasons=reasons, registered_by=by, registered_on=on
            )
            self.reading.add(reading, place)

    def _date(self, entry: Entry, key: str, place: Place) -> date | None:
        value = text_of(entry, key, place, self.reading, required=False)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.reading.fault(place, BAD_DATE(value=value))
            return None

    def _matrix(self, entry: Entry, place: Place) -> None:
        known_keys(entry, MATRIX_KEYS, place, self.reading)
        words = [text_of(entry, key, place, self.reading) for key in MATRIX_KEYS[:4]]
        identifier, cell_kind, row_predicate, column_predicate = words
        if identifier and cell_kind and row_predicate and column_predicate:
            matrix = Matrix(
                id=identifier, cell_kind=cell_kind, row_predicate=row_predicate, column_predicate=column_predicate,
                rows=texts_of(entry, "rows", place, self.reading),
                columns=texts_of(entry, "columns", place, self.reading),
                source=self.source,
            )  # fmt: skip
            self.reading.add(matrix, place)


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("架け橋のカタログ", "Kakehashi catalogue"),
    recognises=recognises,
    read=read,
    together=lambda file: f"catalogue {_root(file)}",
)


def _literal(value: object, language: str | None) -> Literal:
    """An integer, a whole date, or a string; a date of which only year or month is known stays a string."""
    text = str(value)
    if isinstance(value, int):
        return Literal(text=text, datatype="integer")
    if language is None and len(text) == len("2018-06-07"):
        try:
            return Literal(text=date.fromisoformat(text).isoformat(), datatype="date")
        except ValueError:
            pass
    return Literal(text=text, language=language)
