"""Kakehashi's own catalogue format: a folder of YAML and TSV files that people review line by line.

source.yaml       what the source is: id, names, authority, rights
entities/*.yaml   resources with their names and their literal facts
relations.tsv     statements between resources                          (optional)
frameworks.yaml   which provisions make up which edition of which framework   (optional)
matrices.yaml     tables over resources                                       (optional)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Final

from kakehashi.records.identity import statement_id
from kakehashi.records.located import Place
from kakehashi.records.model import Edition, Framework, Label, Literal, Matrix, Resource, Source, Statement
from kakehashi.records.values import Authority, Certainty, Nature, ParentLink, Redistribution
from kakehashi.sources.reading import (
    MISSING_KEY,
    NOT_A_LIST,
    Entry,
    Reading,
    checksum,
    choice,
    entries,
    known_keys,
    read_text,
    read_yaml,
    rows,
    text_of,
    texts_of,
)
from kakehashi.vocabulary.text import LANGUAGES, Text

LOADER: Final = "catalogue"
LOADER_VERSION: Final = "1"

SOURCE_KEYS: Final = ("id", *LANGUAGES, "publisher", "authority", "redistribution", "rights")
ENTITY_KEYS: Final = ("id", "kind", "notation", *LANGUAGES, "ours", "nature", "facts")
FACT_KEYS: Final = ("predicate", "value", "lang", "certainty", "nature", "authority", "note")
FRAMEWORK_KEYS: Final = ("id", "parent_link", "editions")
EDITION_KEYS: Final = ("id", "version", "issued", "replaces", "provisions")
MATRIX_KEYS: Final = ("id", "cell_kind", "row_predicate", "column_predicate", "rows", "columns")
RELATION_COLUMNS: Final = ("subject", "predicate", "object", "section", "certainty", "nature", "confidence", "note")

BAD_DATE = Text(
    "「{value}」は日付ではありません。年月日をYYYY-MM-DDで書いてください。",
    "'{value}' is no date. Write it as YYYY-MM-DD.",
)


def recognises(folder: Traversable) -> bool:
    """Whether the folder is a catalogue."""
    return folder.is_dir() and (folder / "source.yaml").is_file()


def read(folder: Traversable) -> Reading:
    """Everything that the catalogue states, and everything that is wrong with it."""
    return _Catalogue(folder, Reading()).read()


@dataclass(slots=True)
class _Catalogue:
    folder: Traversable
    reading: Reading
    source: str = "source/unnamed"
    authority: Authority = Authority.INFERRED

    def read(self) -> Reading:
        self._source()
        for file in sorted(self._files("entities"), key=lambda file: file.name):
            for entry in self._entries(file, f"entities/{file.name}"):
                self._entity(entry, self._place(f"entities/{file.name}", entry))
        self._relations()
        for name, take in (("frameworks.yaml", self._framework), ("matrices.yaml", self._matrix)):
            if (self.folder / name).is_file():
                for entry in self._entries(self.folder / name, name):
                    take(entry, self._place(name, entry))
        return self.reading

    def _files(self, subfolder: str) -> list[Traversable]:
        folder = self.folder / subfolder
        return [file for file in folder.iterdir() if file.name.endswith(".yaml")] if folder.is_dir() else []

    def _name(self, file: str) -> str:
        return f"{self.folder.name}/{file}"

    def _place(self, file: str, entry: Entry) -> Place:
        return Place(self._name(file), entry.line)

    def _entries(self, file: Traversable, name: str) -> Iterator[Entry]:
        text = read_text(file, self._name(name), self.reading)
        if text is not None:
            document = read_yaml(text, self._name(name), self.reading)
            yield from entries(document, self._name(name), self.reading)

    def _source(self) -> None:
        name = self._name("source.yaml")
        text = read_text(self.folder / "source.yaml", name, self.reading)
        entry = read_yaml(text, name, self.reading) if text is not None else None
        if not isinstance(entry, Entry):
            return
        place = Place(name, entry.line)
        known_keys(entry, SOURCE_KEYS, place, self.reading)
        self.source = text_of(entry, "id", place, self.reading) or self.source
        authority = choice(Authority, "authority", str(entry.get("authority")), place, self.reading)
        redistribution = choice(Redistribution, "redistribution", str(entry.get("redistribution")), place, self.reading)
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
                sha256=checksum(self._content()),
                loader=LOADER,
                loader_version=LOADER_VERSION,
            ),
            place,
        )

    def _content(self) -> list[Traversable]:
        names = ("source.yaml", "relations.tsv", "frameworks.yaml", "matrices.yaml")
        own = [self.folder / name for name in names if (self.folder / name).is_file()]
        return sorted(own + self._files("entities"), key=lambda file: file.name)

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
        if not (self.folder / "relations.tsv").is_file():
            return
        name = self._name("relations.tsv")
        text = read_text(self.folder / "relations.tsv", name, self.reading)
        for place, row in rows(text, name, RELATION_COLUMNS, self.reading) if text is not None else ():
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
        link = choice(ParentLink, "parent_link", str(entry.get("parent_link")), place, self.reading)
        if identifier is None or link is None:
            return
        self.reading.add(Framework(id=identifier, source=self.source, parent_link=link), place)
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
