"""Workbooks of the Secure Controls Framework's set theory relationship mappings: a row relates a document's element to a control.

The element of the focal document (FDE) is the subject: an element with a narrow duty is "Subset Of" the wider control. That is
how the SCF's tables are used, and the other way round than NIST OLIR states its rows.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Record, Source
from kakehashi.records.values import Authority, Redistribution, StatedAs
from kakehashi.sources.documents import document
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Work, edition_called, publisher_called, records_of
from kakehashi.sources.rows import MappingRow, RowWriter
from kakehashi.sources.spelling import folded, slug
from kakehashi.sources.tables import Columns, Row, Table, find_header, rows_below, sheets
from kakehashi.sources.wording import predicate_of, rationale_of
from kakehashi.sources.workbooks import text_of
from kakehashi.vocabulary.text import Text

_COLUMNS: Final[Columns] = {
    "element": ("fde #", "fde number", "focal document element (fde) #"), "name": ("fde name",),
    "text": ("fde description", "focal document element (fde) description", "focal document element description"),
    "rationale": ("strm rationale", "rationale"), "relationship": ("strm relationship", "relationship"),
    "control name": ("scf control",), "control": ("scf #", "scf number"),
    "control text": ("scf control description", "secure controls framework (scf)"),
    "strength": ("strength of relationship",), "notes": ("notes",),
}  # fmt: skip
_NEEDED: Final = ("element", "relationship", "control")
_RECOGNISED_BY: Final = ("element", "control")

_FOCAL: Final = re.compile(r"\s*focal document(?: name)?\s*[::]?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_REFERENCE: Final = re.compile(r"\s*reference document(?: name)?\s*[::]?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_OTHER: Final = re.compile(r"(?:url|link|element)\b", re.IGNORECASE)
_VERSION: Final = re.compile(
    r"(?:version|v)\.?\s*(?P<version>[0-9]+(?:\.[0-9]+)*)|\b(?P<bare>20[0-9]{2}(?:\.[0-9]+)+)", re.IGNORECASE
)
_NONE: Final = frozenset({"", "n/a", "na", "none", "-"})
_RIGHTS: Final = "not stated in the file; the SCF is published under CC BY-ND 4.0"

NO_HEADER = Text(
    "見出し行に「FDE #」「STRM Relationship」「SCF #」の列がありません。",
    "No header row has the columns 'FDE #', 'STRM Relationship' and 'SCF #'.",
)
SECOND_SHEET = Text(
    "対応表のシートが二つ以上あります。一つのブックに一つの文書だけを残してください。",
    "More than one sheet holds a mapping. Keep one document to a workbook.",
)
NO_DOCUMENT = Text(
    "どの文書の対応表か分かりません。見出し行より上の行に「Focal Document: 文書名と版」を書いてください。",
    "The sheet does not say which document it maps. Write 'Focal Document: its name and version' in a row above the header.",
)
NO_VERSION = Text(
    "SCFの版が分かりません。見出し行より上の行に「Reference Document: Secure Controls Framework (SCF) version 2025.2」のように"
    "書いてください。",
    "The sheet does not say which version of the SCF it maps to. Write 'Reference Document: Secure Controls Framework (SCF) "
    "version 2025.2' or the like in a row above the header.",
)
NO_ELEMENT = Text("「FDE #」が空です。", "The 'FDE #' is missing.")
NO_WORD = Text("「STRM Relationship」が空です。", "The 'STRM Relationship' is missing.")
UNKNOWN_WORD = Text(
    "関係「{word}」は使えません。使えるのは Subset Of, Intersects With, Equal, Superset Of, No Relationship です。",
    "'{word}' is no relationship. Known: Subset Of, Intersects With, Equal, Superset Of, No Relationship.",
)
UNEVEN = Text(
    "一つの行に管理策が{controls}個、関係が{words}個あります。関係は一つか、管理策と同じ数にしてください。",
    "The row names {controls} controls and {words} relationships. Give one relationship, or one for each control.",
)

NO_CONTROL = Text("対応するSCFの管理策のない要素。", "An element without an SCF control.")
ASIDE = Text(
    "要素と管理策の名称と文言の写し。文書そのものから読む。",
    "Copies of names and wording of elements and controls; they are read from the documents themselves.",
)


def recognises(file: File) -> bool:
    """A workbook with the SCF's columns; one that cannot be read is known by its name, to be refused."""
    if file.suffix not in {".xlsx", ".xlsm"}:
        return False
    try:
        return any(find_header(table, _COLUMNS, _RECOGNISED_BY) for table in sheets(file).values())
    except UnreadableError:
        return "strm" in file.base.casefold()


def read(bundle: Bundle) -> Reading:
    """One document's mapping to the SCF."""
    (file,) = bundle
    reading = Reading()
    tables = [table for table in sheets(file).values() if find_header(table, _COLUMNS, _RECOGNISED_BY)]
    for table in tables[1:]:
        reading.fault(Place(table.where), SECOND_SHEET)
    for table in tables[:1]:
        _read_table(file, table, reading)
    return reading


def _read_table(file: File, table: Table, reading: Reading) -> None:
    for fault in table.faults:
        reading.refuse(fault)
    found = find_header(table, _COLUMNS, _NEEDED)
    if found is None:
        reading.fault(Place(table.where, 1), NO_HEADER)
        return
    above = [text_of(cell) for _, cells in table.lines[: found[0]] for cell in cells]
    focal, scf = document([_said(above, _FOCAL)]), _scf(_said(above, _REFERENCE))
    if focal is None:
        reading.fault(Place(table.where, 1), NO_DOCUMENT)
    if scf is None:
        reading.fault(Place(table.where, 1), NO_VERSION)
    if focal is not None and scf is not None:
        _Reader(reading, _source(file, focal, scf), focal, scf).read(rows_below(table, *found))


def _said(above: Sequence[str], label: re.Pattern[str]) -> str:
    """What stands beside a label above the header: in its own cell, or in the next that says anything."""
    for number, cell in enumerate(above):
        found = label.fullmatch(cell)
        if found is not None and not _OTHER.match(found["rest"]):
            return found["rest"].strip() or next((text for after in above[number + 1 :] if (text := after.strip())), "")
    return ""


def _scf(said: str) -> Work | None:
    found = _VERSION.search(said)
    return edition_called("strm", "SCF", found["version"] or found["bare"]) if found else None


def _source(file: File, focal: Work, scf: Work) -> Source:
    publisher = publisher_called("SCF")
    return Source(
        id=f"source/strm/{slug(focal.edition)}/{slug(scf.edition)}", labels=_title(focal, scf), authority=Authority.OFFICIAL,
        redistribution=Redistribution.LOCAL_ONLY, rights=_RIGHTS, sha256=file.sha256, loader=FORMAT.name,
        loader_version=FORMAT.version, publisher=publisher.id, version=scf.version,
    )  # fmt: skip


def _title(focal: Work, scf: Work) -> tuple[Label, ...]:
    names = focal.labels[-1].text, scf.labels[-1].text
    return (
        Label(language="ja", text=f"{names[0]} から {names[1]} への対応付け(STRM)", ours=True),
        Label(language="en", text=f"{names[0]} to {names[1]} (STRM)", ours=True),
    )


@dataclass(slots=True)
class _Reader:
    reading: Reading
    source: Source
    focal: Work
    scf: Work
    writer: RowWriter = field(init=False)

    def __post_init__(self) -> None:
        self.writer = RowWriter(self.reading, self.source, self.source.id.replace("source/strm", "mapping-set/strm", 1))

    def read(self, rows: Iterator[Row]) -> None:
        self.reading.add(self.source)
        for row in rows:
            self._row(row)
        for record in self._frame():
            self.reading.add(record)

    def _frame(self) -> Iterator[Record]:
        yield publisher_called("SCF").record(self.source.id)
        yield from self.writer.records(self.source.labels, StatedAs.SOURCE_TO_TARGET, self.focal.edition, self.scf.edition)
        yield from records_of(dict.fromkeys((self.focal, self.scf), ()), self.source.id)

    def _row(self, row: Row) -> None:
        self.reading.count("rows")
        for column in ("name", "text", "control name", "control text"):
            if row.text(column):
                self.reading.leave(ASIDE, row.place)
        element, control = row.notation("element", self.reading), row.notation("control", self.reading)
        if element is None or control is None:
            return
        controls = [line for line in _lines(control) if folded(line) not in _NONE]
        if not controls:
            self.reading.leave(NO_CONTROL, row.place)
        elif not element:
            self.reading.fault(row.place, NO_ELEMENT)
        else:
            self._relate(element, controls, row)

    def _relate(self, element: str, controls: Sequence[str], row: Row) -> None:
        """A cell may hold several lines: one word is said of all controls together, or each line of the control beside it."""
        words = _lines(row.text("relationship"))
        if not words:
            self.reading.fault(row.place, NO_WORD)
        elif len(words) == 1:
            self._write(element, controls, words[0], row.text("strength"), row)
        elif len(words) == len(controls):
            strengths = _lines(row.text("strength"))
            each = strengths if len(strengths) == len(controls) else [row.text("strength")] * len(controls)
            for control, word, strength in zip_longest(controls, words, each):
                self._write(element, [control], word, strength, row)
        else:
            self.reading.fault(row.place, UNEVEN(controls=len(controls), words=len(words)))

    def _write(self, element: str, controls: Sequence[str], word: str, strength: str, row: Row) -> None:
        predicate = predicate_of(word)
        if predicate is None:
            self.reading.fault(row.place, UNKNOWN_WORD(word=word[:80]))
            return
        kind = rationale_of(row.text("rationale"))
        texts = [row.text("notes")] if kind else [row.text("rationale"), row.text("notes")]
        self.reading.count("mapping rows")
        mapping = MappingRow(
            subjects=[self.focal.provision(element)], objects=[self.scf.provision(one) for one in controls],
            predicate=predicate, verbatim=word, rationale=[Label(language="en", text=text) for text in texts if text],
            rationale_kind=kind, strength=strength or None,
        )  # fmt: skip
        self.writer.write(mapping, row.place)


def _lines(cell: str) -> list[str]:
    return [text for line in cell.splitlines() if (text := line.strip())]


FORMAT: Final = Format(
    name="strm",
    version="1",
    title=Text("SCF STRM 対応表(Excel)", "SCF STRM workbook (Excel)"),
    recognises=recognises,
    read=read,
)
