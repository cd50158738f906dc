"""D3FEND's two workbooks: a row is a control with the techniques that it is related to, several of them joined by |.

Several techniques in a cell are read as their union: "exactly" stands beside four of them, of which one is a subclass of another,
and "Sum of Detect techs" beside seven. D3FEND's own script writes a triple for each, which would make all of them one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Record, Resource, Source
from kakehashi.records.values import Authority, Lifecycle, Redistribution
from kakehashi.sources.d3fend.relations import (
    PREDICATES,
    RELATED,
    UNDEFINED,
    UNKNOWN_CATALOGUE,
    UNKNOWN_RELATION,
    known_work,
    mapping_set_records,
    mitre,
    techniques,
)
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Work, records_of, work_called
from kakehashi.sources.rows import UNSPECIFIED, MappingRow, RowWriter
from kakehashi.sources.spelling import slug
from kakehashi.sources.tables import Columns, Row, Table, find_header, rows_below, sheets
from kakehashi.vocabulary.text import Text

_TECHNIQUE: Final = re.compile(r"D3-[A-Z0-9-]+")
_SHEET: Final = "--d3fend"
_CCI_SHEET: Final = "u_cci_list"
_FORM: Final = Text("ブック", "workbook")
_RIGHTS: Final = "not stated in the file; the publisher's repository, d3fend/d3fend-ontology, is under the MIT licence"

_NIST: Final[Columns] = {
    "control": ("control identifier",), "name": ("control (or",), "type": ("type",), "relation": ("relation",),
    "techniques": ("d3fend techni",), "notes": ("notes",), "proposed": ("proposed new t",), "discussion": ("discussion",),
    "related": ("related controls",),
}  # fmt: skip
_CCI: Final[Columns] = {
    "control": ("_id",), "status": ("status",), "published": ("publishdate",), "contributor": ("contributor",),
    "definition": ("definition",), "relation": ("relation",), "techniques": ("d3fend",), "notes": ("notes",),
    "proposed": ("proposed new t",), "type": ("type",), "remark": ("note",),
}  # fmt: skip
_NEEDED: Final = ("control", "relation", "techniques")
_LIFECYCLES: Final[Mapping[str, Lifecycle | None]] = {
    "draft": None, "published": None, "": None, "deprecated": Lifecycle.DEPRECATED,
}  # fmt: skip

NO_SHEET = Text("シート「{sheet}」がありません。", "There is no sheet '{sheet}'.")
NO_HEADER = Text("見出し行に{columns}の列がありません。", "There is no header row with the columns {columns}.")
NO_CONTROL = Text("管理策の識別子がありません。", "The row names no control.")
BAD_TECHNIQUE = Text(
    "「{word}」はD3FENDの手法の識別子ではありません。D3-MFA のように書き、| で区切ってください。",
    "'{word}' is no id of a D3FEND technique. Write them like D3-MFA, separated by |.",
)
BAD_STATUS = Text("状態「{word}」は使えません。使えるのは {known} です。", "'{word}' is no status. Known: {known}.")
REPEATED = Text("「{id}」は{line}行目にもあります。", "'{id}' stands in line {line} too.")

NOT_APPLICABLE = Text(
    "当てはまる手法がないとされた(NA)。無関係であるとまでは述べていない。",
    "No technique applies (NA); that is not said to be no relation.",
)
UNFINISHED = Text(
    "作成者の作業が終わっていない(TBD、Review)か、重複(Duplicate)とされた。",
    "The authors have not finished with it (TBD, Review), or call it a Duplicate.",
)
NOT_MAPPED = Text("手法が書かれていない。", "No technique is named.")
NO_TECHNIQUE = Text("関係だけがあり、手法が書かれていない。", "There is a relation, and no technique.")
ASIDE = Text(
    "作成者の覚え書き、新しい手法の提案、方針か技術かの区分、日付、SP 800-53の文言の写し。",
    "The authors' notes, proposals of techniques, policy or technical, dates, and copies of the wording of SP 800-53.",
)
_WORDS: Final = {"NA": NOT_APPLICABLE, "TBD": UNFINISHED, "Review": UNFINISHED, "Duplicate": UNFINISHED}


def _recognises(file: File, test: Callable[[Mapping[str, Table]], bool], name: str) -> bool:
    """By its sheets; a workbook that cannot be read is known by its name, to be refused."""
    if file.suffix != ".xlsx":
        return False
    try:
        return test(sheets(file))
    except UnreadableError:
        return name in file.base.casefold()


def _nist_sheet(found: Mapping[str, Table]) -> str | None:
    return next((name for name in found if name.casefold().endswith(_SHEET)), None)


def _cci_sheet(found: Mapping[str, Table]) -> str | None:
    """DISA's own list has a sheet of the same name, and no column on D3FEND."""
    name = next((name for name in found if name.casefold() == _CCI_SHEET), None)
    return name if name is not None and find_header(found[name], _CCI, ("techniques",)) else None


@dataclass(slots=True)
class _Reader:
    """Reads the rows of one sheet; `provisions` are the controls that the sheet itself defines."""

    reading: Reading
    source: Source
    catalogue: Work
    defines: bool
    writer: RowWriter = field(init=False)
    work: Work = field(default_factory=techniques)
    provisions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writer = RowWriter(
            self.reading, self.source, f"mapping-set/d3fend-{slug(self.catalogue.edition)}", justification=UNSPECIFIED
        )

    def read(self, table: Table, columns: Columns) -> None:
        self.reading.add(self.source)
        for fault in table.faults:
            self.reading.refuse(fault)
        found = find_header(table, columns, _NEEDED)
        if found is None:
            names = ", ".join(columns[name][0] for name in _NEEDED)
            self.reading.fault(Place(table.where, 1), NO_HEADER(columns=names))
            return
        for row in rows_below(table, *found):
            self._row(row)
        for record in self._frame():
            self.reading.add(record)

    def _frame(self) -> Iterator[Record]:
        yield mitre().record(self.source.id)
        yield from mapping_set_records(self.writer, self.catalogue, _FORM)
        yield from records_of({self.catalogue: tuple(self.provisions), self.work: ()}, self.source.id)

    def _row(self, row: Row) -> None:
        self.reading.count("controls")
        control = row.notation("control", self.reading)
        if not control:
            if control is not None:
                self.reading.fault(row.place, NO_CONTROL)
            return
        if self.defines:
            self._define(control, row)
        self._leave_aside(row)
        self._relate(control, row)

    def _leave_aside(self, row: Row) -> None:
        for column in ("type", "proposed", "discussion", "related", "published", "contributor", "remark"):
            if row.text(column):
                self.reading.leave(ASIDE, row.place)

    def _define(self, control: str, row: Row) -> None:
        identifier, status = self.catalogue.provision(control), row.text("status").casefold()
        if identifier in self.provisions:
            self.reading.fault(row.place, REPEATED(id=control, line=self.provisions[identifier]))
        if status not in _LIFECYCLES:
            self.reading.fault(row.place, BAD_STATUS(word=status[:80], known=", ".join(filter(None, _LIFECYCLES))))
        self.provisions.setdefault(identifier, row.place.line)
        text = row.text("definition")
        resource = Resource(
            id=identifier, kind="control", source=self.source.id, labels=(Label(language="en", text=control),), notation=control,
            lifecycle=_LIFECYCLES.get(status), texts=(Label(language="en", text=text),) if text else (),
        )  # fmt: skip
        self.reading.add(resource, row.place)

    def _relate(self, control: str, row: Row) -> None:
        word, cell, notes = row.text("relation"), row.text("techniques"), row.text("notes")
        predicate = PREDICATES.get(word.casefold())
        if predicate is None:
            known = ", ".join(filter(None, PREDICATES))
            self.reading.fault(row.place, UNKNOWN_RELATION(word=word[:80], known=known))
            return
        named = self._techniques(cell, row.place)
        if named:
            self.reading.count("mapping rows")
            self.reading.count("pairs", len(named))
            mapping = MappingRow(
                subjects=[self.catalogue.provision(control)], predicate=predicate, objects=named, verbatim=word or RELATED,
                rationale=[Label(language="en", text=notes)] if notes else (),
            )  # fmt: skip
            self.writer.write(mapping, row.place)
            return
        if not cell:
            self.reading.leave(NO_TECHNIQUE if word != UNDEFINED else NOT_MAPPED, row.place)
        if notes:
            self.reading.leave(ASIDE, row.place)

    def _techniques(self, cell: str, place: Place) -> Sequence[str]:
        if cell in _WORDS:
            self.reading.leave(_WORDS[cell], place)
            return ()
        words = [word for part in cell.split("|") if (word := part.strip())]
        for word in words:
            if not _TECHNIQUE.fullmatch(word):
                self.reading.fault(place, BAD_TECHNIQUE(word=word[:80]))
        return [self.work.provision(word) for word in dict.fromkeys(words)]


def _source(file: File, loader: Format, catalogue: Work) -> Source:
    name = catalogue.labels[-1].text
    labels = (
        Label(language="ja", text=f"MITRE D3FEND: {name} からの対応付け", ours=True),
        Label(language="en", text=f"MITRE D3FEND: mapping of {name}", ours=True),
    )
    return Source(
        id=f"source/{loader.name}/{slug(catalogue.edition)}", labels=labels, authority=Authority.OFFICIAL,
        redistribution=Redistribution.OPEN, rights=_RIGHTS, sha256=file.sha256, loader=loader.name,
        loader_version=loader.version, publisher=mitre().id,
    )  # fmt: skip


def _read_nist(bundle: Bundle) -> Reading:
    (file,) = bundle
    reading, found = Reading(), sheets(file)
    sheet = _nist_sheet(found)
    if sheet is None:
        reading.fault(Place(file.name), NO_SHEET(sheet=f"…{_SHEET}"))
        return reading
    name = sheet[: -len(_SHEET)]
    catalogue = work_called("d3fend", name)
    if catalogue is None:
        reading.fault(Place(found[sheet].where), UNKNOWN_CATALOGUE(name=name))
        return reading
    _Reader(reading, _source(file, NIST_FORMAT, catalogue), catalogue, defines=False).read(found[sheet], _NIST)
    return reading


def _read_cci(bundle: Bundle) -> Reading:
    (file,) = bundle
    reading, found = Reading(), sheets(file)
    sheet = _cci_sheet(found)
    if sheet is None:
        reading.fault(Place(file.name), NO_SHEET(sheet="U_CCI_List"))
        return reading
    catalogue = known_work("CCI")
    _Reader(reading, _source(file, CCI_FORMAT, catalogue), catalogue, defines=True).read(found[sheet], _CCI)
    return reading


NIST_FORMAT: Final = Format(
    name="d3fend-nist",
    version="1",
    title=Text("D3FEND: SP 800-53 からの対応付け(Excel)", "D3FEND: mapping of SP 800-53 (Excel)"),
    recognises=lambda file: _recognises(file, lambda found: _nist_sheet(found) is not None, "d3fend"),
    read=_read_nist,
)
CCI_FORMAT: Final = Format(
    name="d3fend-cci",
    version="1",
    title=Text("D3FEND: DISA CCI からの対応付け(Excel)", "D3FEND: mapping of DISA's CCIs (Excel)"),
    recognises=lambda file: _recognises(file, lambda found: _cci_sheet(found) is not None, "cci_mapping"),
    read=_read_cci,
)
