"""NIST OLIR workbooks: a row states how an element of the reference document relates to one of the focal document.

The word in "Relationship" is said of the reference element compared to the focal one (NIST IR 8278A Rev. 1, 3.2.6), so the
reference element is the subject. A workbook without such a column is a concept crosswalk: its rows are candidates.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Record, Source
from kakehashi.records.values import Authority, Redistribution, StatedAs
from kakehashi.sources.documents import document
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Publisher, Work, publisher_called, records_of
from kakehashi.sources.rows import MappingRow, RowWriter
from kakehashi.sources.spelling import SPELLINGS, folded, slug
from kakehashi.sources.tables import Columns, Row, Table, find_header, header, rows_below, sheets
from kakehashi.sources.wording import CANDIDATE, predicate_of, rationale_of
from kakehashi.sources.workbooks import text_of
from kakehashi.vocabulary.text import Text

_COLUMNS: Final[Columns] = {
    "focal": ("focal document element",), "focal text": ("focal document element description",),
    "reference": ("reference document element",), "reference text": ("reference document element description",),
    "baseline": ("security control baseline",), "rationale": ("rationale",), "relationship": ("relationship",),
    "type": ("relationship type",), "explanation": ("relationship explanation",), "property": ("relationship property",),
    "fulfilled": ("fulfilled by",), "group": ("group identifier",), "comments": ("comments",),
    "strength": ("strength of relationship",),
}  # fmt: skip
_NEEDED: Final = ("focal", "reference")
_SHEET: Final = "relationships"
_GENERAL: Final = "general info"

_FOCAL: Final = ("focal document", "focal document name", "focal document short name", "focal document version")
_REFERENCE: Final = ("reference document", "reference document name", "reference document short name")
_VERSIONS: Final = ("reference document version",)
_FOCAL_VERSIONS: Final = ("focal document version",)
_NAMES: Final = ("informative reference name", "informative reference short name")
_NAME_VERSIONS: Final = ("informative reference version", "reference version")
_DEVELOPERS: Final = ("informative reference developer", "reference developer")
_AUTHORS: Final = ("reference document author",)
_FIELDS: Final = frozenset((*_FOCAL, *_REFERENCE, *_VERSIONS, *_NAMES, *_NAME_VERSIONS, *_DEVELOPERS, *_AUTHORS))

_SUPPORTIVE: Final[Mapping[str, str]] = {
    "identical": "equal", "equivalent": "equal", "no relationship": "no-relationship", "supports": CANDIDATE,
    "is supported by": CANDIDATE, "supported by": CANDIDATE, "contrary": CANDIDATE,
}  # fmt: skip
_INFORMATIVE: Final = "informative reference"
_NONE: Final = frozenset({"", "n/a", "na", "none", "-"})
_VERSIONED: Final = re.compile(r"(?P<name>.*\S)\s*\((?P<version>[0-9][0-9.]*)\)")
_JOINED: Final = re.compile(r"[-_ ]+to[-_ ]+", re.IGNORECASE)
_NIST_RIGHTS: Final = "not stated in the file; a work of NIST is not subject to copyright in the United States (17 U.S.C. 105)"

NO_ROWS = Text(
    "見出し行に「Focal Document Element」と「Reference Document Element」の列があるシートがありません。",
    "No sheet has a header row with the columns 'Focal Document Element' and 'Reference Document Element'.",
)
NO_DOCUMENT = Text(
    "どの文書の対応付けか分かりません。「General Information」というシートを加え、A列に項目名、B列に値を書いてください: "
    "「Focal Document」(例: Cybersecurity Framework v2.0)、「Reference Document」(例: SP 800-53 Rev 5)、"
    "「Informative Reference Developer」(作成者)。",
    "The workbook does not say which documents it maps. Add a sheet 'General Information' with names in column A and values in "
    "column B: 'Focal Document' (such as Cybersecurity Framework v2.0), 'Reference Document' (such as SP 800-53 Rev 5) and "
    "'Informative Reference Developer'.",
)
UNKNOWN_WORD = Text(
    "関係「{word}」は使えません。使えるのは subset of, intersects with, equal, superset of, not related to です。",
    "'{word}' is no relationship. Known: subset of, intersects with, equal, superset of, not related to.",
)
UNKNOWN_TYPE = Text(
    "関係の種類「{word}」は使えません。使えるのは {known} です。", "'{word}' is no relationship type. Known: {known}."
)
NO_WORD = Text("関係の列が空です。", "The row names two elements and no relationship.")
NO_FOCAL = Text("「Focal Document Element」が空です。", "The focal document element is missing.")
MIXED_GROUP = Text(
    "グループ「{group}」の関係が、{line}行目では「{first}」、ここでは「{second}」です。",
    "The group '{group}' is '{first}' in line {line} and '{second}' here.",
)

NO_REFERENCE = Text("対応する要素のない要素。", "An element without a counterpart.")
ASIDE = Text(
    "要素の文言の写しと、管理策の基準線。文書そのものから読む。",
    "Copies of the elements' wording, and control baselines; they are read from the documents themselves.",
)


@dataclass(frozen=True, slots=True)
class _About:
    """What a workbook says of itself, by folded field name."""

    fields: Mapping[str, str]

    def of(self, names: Sequence[str]) -> list[str]:
        return [self.fields[name] for name in names if self.fields.get(name)]

    def first(self, names: Sequence[str]) -> str:
        return next(iter(self.of(names)), "")


@dataclass(frozen=True, slots=True)
class _Ends:
    focal: Work
    reference: Work


def recognises(file: File) -> bool:
    """A workbook with OLIR's columns; one that cannot be read is known by its name, to be refused."""
    if file.suffix not in {".xlsx", ".xlsm"}:
        return False
    try:
        return any(_is_rows(name, table) for name, table in sheets(file).items())
    except UnreadableError:
        return "olir" in file.base.casefold()


def _is_rows(name: str, table: Table) -> bool:
    needed = ("focal",) if name.casefold().startswith(_SHEET) else _NEEDED
    return find_header(table, _COLUMNS, needed) is not None


def read(bundle: Bundle) -> Reading:
    """One informative reference."""
    (file,) = bundle
    reading, found = Reading(), sheets(file)
    tables = [table for name, table in found.items() if _is_rows(name, table)]
    about = _About(dict(_fields(table for name, table in found.items() if name.casefold().startswith(_GENERAL))))
    rows = [row for table in tables for row in _rows(table, reading)]
    ends = _ends(about, file, rows)
    if ends is None:
        reading.fault(Place(file.name), NO_DOCUMENT)
    else:
        developer = publisher_called(about.first(_DEVELOPERS)) if about.first(_DEVELOPERS) else None
        _Reader(reading, _source(file, about, ends, developer), ends, developer).read(rows)
    return reading


def _rows(table: Table, reading: Reading) -> Iterator[Row]:
    for fault in table.faults:
        reading.refuse(fault)
    found = find_header(table, _COLUMNS, _NEEDED)
    if found is None:
        reading.fault(Place(table.where, 1), NO_ROWS)
    else:
        yield from rows_below(table, *found)


def _fields(tables: Iterator[Table]) -> Iterator[tuple[str, str]]:
    """Names in the first column, values in the next that is not empty."""
    for table in tables:
        for _, cells in table.lines:
            if cells and (name := header(cells[0]).rstrip("*: ")) in _FIELDS:
                value = next((text for cell in cells[1:] if (text := text_of(cell).strip())), "")
                yield name, value


def _ends(about: _About, file: File, rows: Sequence[Row]) -> _Ends | None:
    """The two documents: as the workbook says, else as its name says, where the elements leave no doubt which is which."""
    name = _VERSIONED.sub(lambda found: found["name"], about.first(_NAMES))
    joined = _JOINED.split(name, maxsplit=1) if name else []
    of_name = joined if len(joined) == 2 else ["", ""]
    reference = document([*about.of(_REFERENCE), of_name[0]], about.first(_VERSIONS))
    focal = document([*about.of(_FOCAL), of_name[1]], about.first(_FOCAL_VERSIONS))
    if focal is not None and reference is not None:
        return _Ends(focal, reference)
    return _named_by_file(file, rows)


def _named_by_file(file: File, rows: Sequence[Row]) -> _Ends | None:
    stem = re.sub(r"[-_ ]*(?:mappings?|crosswalk|olir).*", "", file.base.rpartition(".")[0], flags=re.IGNORECASE)
    parts = [document([part]) for part in _JOINED.split(stem)]
    if len(parts) != 2 or not rows:
        return None
    one, other = parts
    if one is None or other is None:
        return None
    pairs = (_Ends(one, other), _Ends(other, one))
    fitting = [ends for ends in pairs if _fits(ends.focal, "focal", rows) and _fits(ends.reference, "reference", rows)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(work: Work, column: str, rows: Sequence[Row]) -> bool:
    """Whether a document's own numbering is that of a column; a numbering that takes anything proves nothing."""
    spelling = SPELLINGS[work.spelling]
    return work.spelling != "as-written" and all(spelling(part) is not None for row in rows for part in _parts(row.text(column)))


def _parts(cell: str) -> list[str]:
    return [part for line in cell.splitlines() if folded(part := line.strip()) not in _NONE]


def _source(file: File, about: _About, ends: _Ends, developer: Publisher | None) -> Source:
    name, version = about.first(_NAMES), about.first(_NAME_VERSIONS)
    found = _VERSIONED.fullmatch(name)
    if found is not None:
        name, version = found["name"], version or found["version"]
    identity = slug(name) if name else f"{slug(ends.reference.edition)}-to-{slug(ends.focal.edition)}"
    nist = developer is not None and developer.id == "org/nist"
    return Source(
        id="/".join(("source/olir", identity, *([slug(version)] if version else []))),
        labels=(Label(language="en", text=name),) if name else _title(ends),
        authority=_authority(developer, about, ends), rights=_NIST_RIGHTS if nist else "not stated",
        redistribution=Redistribution.OPEN if nist else Redistribution.LOCAL_ONLY, sha256=file.sha256, loader=FORMAT.name,
        loader_version=FORMAT.version, publisher=developer.id if developer else None, version=version or None,
    )  # fmt: skip


def _authority(developer: Publisher | None, about: _About, ends: _Ends) -> Authority:
    """Official where the developer is the publisher, or by the workbook's own word the author, of either document."""
    if developer is None:
        return Authority.THIRD_PARTY
    authors = {ends.focal.publisher, ends.reference.publisher}
    authors |= {publisher_called(author).id for author in about.of(_AUTHORS)}
    return Authority.OFFICIAL if developer.id in authors else Authority.THIRD_PARTY


def _title(ends: _Ends) -> tuple[Label, ...]:
    reference, focal = ends.reference.labels[-1].text, ends.focal.labels[-1].text
    return (
        Label(language="ja", text=f"{reference} から {focal} への対応付け(NIST OLIR)", ours=True),
        Label(language="en", text=f"{reference} to {focal} (NIST OLIR)", ours=True),
    )


@dataclass(slots=True)
class _Reader:
    reading: Reading
    source: Source
    ends: _Ends
    developer: Publisher | None
    writer: RowWriter = field(init=False)
    groups: dict[tuple[str, str], list[tuple[MappingRow, Place]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writer = RowWriter(self.reading, self.source, self.source.id.replace("source/olir", "mapping-set/olir", 1))

    def read(self, rows: Sequence[Row]) -> None:
        self.reading.add(self.source)
        for row in rows:
            self._row(row)
        for group in self.groups.values():
            self.writer.write(_united(row for row, _ in group), group[0][1])
            self.writer.rows += len(group) - 1
        for record in self._frame():
            self.reading.add(record)

    def _frame(self) -> Iterator[Record]:
        if self.developer is not None:
            yield self.developer.record(self.source.id)
        yield from self.writer.records(
            self.source.labels, StatedAs.REFERENCE_TO_FOCAL, self.ends.reference.edition, self.ends.focal.edition
        )
        yield from records_of(dict.fromkeys((self.ends.focal, self.ends.reference), ()), self.source.id)

    def _row(self, row: Row) -> None:
        self.reading.count("rows")
        for column in ("focal text", "reference text", "baseline"):
            if row.text(column):
                self.reading.leave(ASIDE, row.place)
        focal, reference = row.notation("focal", self.reading), row.notation("reference", self.reading)
        if focal is None or reference is None:
            return
        if not _parts(reference):
            self.reading.leave(NO_REFERENCE, row.place)
        elif not _parts(focal):
            self.reading.fault(row.place, NO_FOCAL)
        else:
            self._relate(_parts(focal), _parts(reference), row)

    def _relate(self, focal: Sequence[str], reference: Sequence[str], row: Row) -> None:
        found = self._word(row)
        if found is None:
            return
        word, predicate = found
        self.reading.count("mapping rows")
        mapping = MappingRow(
            subjects=[self.ends.reference.provision(one) for one in reference],
            objects=[self.ends.focal.provision(one) for one in focal], predicate=predicate, verbatim=word,
            rationale=_rationale(row), rationale_kind=rationale_of(row.text("rationale")), strength=row.text("strength") or None,
        )  # fmt: skip
        group = row.text("group")
        if folded(group) in _NONE:
            self.writer.write(mapping, row.place)
        else:
            self._keep((group, " ".join(focal)), mapping, row.place)

    def _keep(self, key: tuple[str, str], mapping: MappingRow, place: Place) -> None:
        """Rows of one focal element that bear one group identifier are one mapping, of all their reference elements together."""
        rows = self.groups.setdefault(key, [])
        if rows and rows[0][0].predicate != mapping.predicate:
            words = {"first": rows[0][0].verbatim[:80], "second": mapping.verbatim[:80]}
            self.reading.fault(place, MIXED_GROUP(group=key[0][:80], line=rows[0][1].line, **words))
        rows.append((mapping, place))

    def _word(self, row: Row) -> tuple[str, str] | None:
        """The publisher's word and how it is read; a crosswalk has neither column, and states a link alone."""
        relates, supports = "relationship" in row.cells, "type" in row.cells
        word = row.text("relationship") or row.text("type")
        if not relates and not supports:
            return _INFORMATIVE, CANDIDATE
        if not word:
            self.reading.fault(row.place, NO_WORD)
            return None
        predicate = predicate_of(word) if row.text("relationship") else _SUPPORTIVE.get(folded(word))
        if predicate is None:
            text = UNKNOWN_WORD if row.text("relationship") else UNKNOWN_TYPE
            self.reading.fault(row.place, text(word=word[:80], known=", ".join(_SUPPORTIVE)))
            return None
        return word, predicate


def _united(rows: Iterable[MappingRow]) -> MappingRow:
    """The rows of a group as one."""
    first, *others = rows
    strengths = dict.fromkeys(row.strength for row in (first, *others) if row.strength)
    return replace(
        first,
        subjects=[subject for row in (first, *others) for subject in row.subjects],
        rationale=list(dict.fromkeys(label for row in (first, *others) for label in row.rationale)),
        strength=" / ".join(strengths) or None,
    )


def _rationale(row: Row) -> list[Label]:
    texts = [row.text(column) for column in ("explanation", "property", "comments")]
    if rationale_of(row.text("rationale")) is None:
        texts.insert(0, row.text("rationale"))
    if row.text("fulfilled"):
        texts.append(f"Fulfilled By: {row.text('fulfilled')}")
    return [Label(language="en", text=text) for text in texts if text]


FORMAT: Final = Format(
    name="olir",
    version="1",
    title=Text("NIST OLIR 対応表(Excel)", "NIST OLIR workbook (Excel)"),
    recognises=recognises,
    read=read,
)
