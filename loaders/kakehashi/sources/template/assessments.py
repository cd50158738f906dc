"""The workbook of assessments: what an organisation has in place of which provisions, a row each (docs/assessments.md).

The references stay as they are written: which edition, provision and control they mean is looked up in the release that is
served, when the source is taken in (`pipeline.assessing`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, TypeVar
from unicodedata import category

from kakehashi.records.canonical import plain
from kakehashi.records.located import Place
from kakehashi.records.model import Assessment, Source
from kakehashi.records.values import AssessmentStatus, Authority, Redistribution
from kakehashi.sources.files import File, bundle_sha256
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.spelling import folded
from kakehashi.sources.tables import Row, Table, header, recognised_by, rows_below, sheets
from kakehashi.sources.template.about import Keys, day_of, identity_of, rows_of, titles_of
from kakehashi.sources.template.sheets import ASSESSMENT_NAMES, NAMES, header_of, holds_assessments
from kakehashi.sources.workbooks import is_workbook
from kakehashi.vocabulary.text import Text

SHEETS: Final[Mapping[str, str]] = {**dict.fromkeys(ASSESSMENT_NAMES, "assessments"), "source": "source", "出典": "source"}
SOURCE_KEYS: Final = frozenset({"id", "title_ja", "title_en"})
APPLICABLE: Final[Mapping[str, bool]] = {
    "yes": True, "no": False, "true": True, "false": False, "はい": True, "いいえ": False, "適用": True, "適用外": False,
    "該当": True, "非該当": False,
}  # fmt: skip
STATUSES: Final[Mapping[str, AssessmentStatus]] = {
    "in place": AssessmentStatus.IN_PLACE, "planned": AssessmentStatus.PLANNED, "not": AssessmentStatus.NOT_IN_PLACE,
    "not in place": AssessmentStatus.NOT_IN_PLACE, "実施済み": AssessmentStatus.IN_PLACE, "実施済": AssessmentStatus.IN_PLACE,
    "計画中": AssessmentStatus.PLANNED, "未実施": AssessmentStatus.NOT_IN_PLACE,
}  # fmt: skip
PLACEHOLDER: Final = "assessment/row-{line}"
"""What a row is called until it is known which provision it means."""

TWICE = Text("「{name}」のシートが二つあります。", "There are two sheets of '{name}'.")
NO_PUBLIC = Text(
    "評価のブックに「{name}」のシートは置けません。評価は公開されない出典になります。枠組みや対応付けは別のブックにしてください。",
    "A workbook of assessments holds no '{name}': assessments are a private source. Put it into a workbook of its own.",
)
NO_SOURCE = Text(
    "シート「source」(出典)がありません。同じブックに加え、少なくとも id と title_ja を書いてください。",
    "There is no sheet 'source'. Add one to the workbook, with at least an id and a title_en.",
)
NO_ROW = Text(
    "評価が一行もありません。前の評価がすべて失われるため、読み込みません。取り除くには「kakehashi unload」を使います。",
    "There is no assessment. It would replace all that was stated before. To take a source out, use 'kakehashi unload'.",
)
EMPTY = Text("列「{column}」が空です。", "The column '{column}' is empty.")
BAD_WORD = Text(
    "列「{column}」の「{word}」は使えません。使えるのは {known} です。",
    "'{word}' is no value for the column '{column}'. Known values: {known}.",
)
NO_STATUS = Text(
    "適用する条項には、列「status」(状況)に {known} のいずれかを書いてください。",
    "A provision that applies needs a status: one of {known}.",
)
STATUS_OF_NOTHING = Text(
    "列「applicable」(適用)が「{word}」なのに、列「status」(状況)に「{status}」とあります。どちらかを直してください。",
    "The column 'applicable' says '{word}', yet the column 'status' says '{status}'. Mend one of them.",
)
BAD_DAY = Text(
    "列「date」の「{value}」は日付として使えません。2024-04-01 のように書いてください。",
    "The column 'date' holds '{value}', which is no date. Write it like 2024-04-01.",
)

LONG_NAME = Text("列「{column}」が{limit}文字を超えています。", "The column '{column}' has more than {limit} characters.")
HIDDEN = Text(
    "列「{column}」に、見えない文字(U+{code})があります。打ち直してください。",
    "The column '{column}' holds a character that cannot be seen (U+{code}). Type it again.",
)
MAX_NAME: Final = 200
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Zl", "Zp"})
"""Sorts of characters by which two names look the same, or one looks like another (Unicode general categories)."""

_V = TypeVar("_V")


def recognises(file: File) -> bool:
    """By a sheet of assessments that has at least two of the columns which every row needs."""
    return is_workbook(file) and recognised_by(file, holds_assessments)


def read(bundle: Bundle) -> Reading:
    """One private source: what it calls itself, and its rows."""
    reading, (file,) = Reading(), bundle
    tables = _tables(file, reading)
    about = tables.get("source")
    place = Place(file.name if about is None else about.where)
    if about is None:
        reading.fault(place, NO_SOURCE)
    keys = Keys({} if about is None else rows_of(about, reading, SOURCE_KEYS), place, Reading() if about is None else reading)
    source = _source(keys, bundle)
    reading.add(source)
    head = header_of("assessments", tables["assessments"], reading)
    if head is not None:
        _read_rows(tables["assessments"], head, source.id, reading)
    return reading


def _tables(file: File, reading: Reading) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for title, table in sheets(file).items():
        name, others = SHEETS.get(header(title)), NAMES.get(header(title))
        if name is None and others is not None:
            reading.fault(Place(table.where), NO_PUBLIC(name=others))
        elif name is not None:
            if name in found:
                reading.fault(Place(table.where), TWICE(name=name))
            found[name] = table
            for fault in table.faults:
                reading.refuse(fault)
    return found


def _source(keys: Keys, bundle: Bundle) -> Source:
    return Source(
        id=f"source/assessments/{identity_of(keys) or 'x'}", labels=titles_of(keys), authority=Authority.CURATED,
        redistribution=Redistribution.PRIVATE, rights="private", sha256=bundle_sha256(bundle), loader=FORMAT.name,
        loader_version=FORMAT.version,
    )  # fmt: skip


def _read_rows(table: Table, head: tuple[int, Mapping[str, int]], source: str, reading: Reading) -> None:
    rows = list(rows_below(table, *head))
    if not rows:
        reading.fault(Place(table.where), NO_ROW)
    for row in rows:
        _read_row(row, source, reading)


def _read_row(row: Row, source: str, reading: Reading) -> None:
    reading.count("assessments")
    fields = dict(_texts(row, reading))
    status, day = _status(row, reading), _day(row, reading)
    if status is not None and day is not None and fields.keys() >= _NEEDED:
        name = PLACEHOLDER.format(line=row.place.line)
        reading.add(Assessment(id=name, source=source, status=status, assessed_on=day, **fields), row.place)


_NEEDED: Final = frozenset({"organisation", "edition", "provision", "reviewer"})
_NAMES_AND_NUMBERS: Final = ("organisation", "scope", "edition", "provision", "control")
_WORDS: Final = ("justification", "evidence", "reviewer", "remark")


def _texts(row: Row, reading: Reading) -> Iterator[tuple[str, str]]:
    """The cells that say something; a fault for each that says nothing and must."""
    for column in _NAMES_AND_NUMBERS:
        text = row.notation(column, reading)
        if text:
            _check_name(column, text, row.place, reading)
            yield column, plain(text)
        elif text is not None and column in _NEEDED:
            reading.fault(row.place, EMPTY(column=column))
    for column in _WORDS:
        text = row.text(column)
        if text:
            yield column, text
        elif column in _NEEDED:
            reading.fault(row.place, EMPTY(column=column))


def _check_name(column: str, text: str, place: Place, reading: Reading) -> None:
    """Names are how rows are found again: short enough to be read, and of characters that can be seen."""
    if len(text) > MAX_NAME:
        reading.fault(place, LONG_NAME(column=column, limit=MAX_NAME))
    hidden = next((letter for letter in text if category(letter) in _HIDDEN), None)
    if hidden is not None:
        reading.fault(place, HIDDEN(column=column, code=f"{ord(hidden):04X}"))


def _status(row: Row, reading: Reading) -> AssessmentStatus | None:
    """What was found; None and a fault where the two columns say nothing, or not the same."""
    applicable, status = _word(row, "applicable", APPLICABLE, reading), row.text("status")
    if applicable is None:
        return None
    if applicable:
        if not status:
            reading.fault(row.place, NO_STATUS(known=", ".join(STATUSES)))
            return None
        return _word(row, "status", STATUSES, reading)
    if status:
        reading.fault(row.place, STATUS_OF_NOTHING(word=row.text("applicable")[:80], status=status[:80]))
    return AssessmentStatus.NOT_APPLICABLE


def _word(row: Row, column: str, values: Mapping[str, _V], reading: Reading) -> _V | None:
    word = row.text(column)
    found = values.get(plain(folded(word)))
    if not word:
        reading.fault(row.place, EMPTY(column=column))
    elif found is None:
        reading.fault(row.place, BAD_WORD(column=column, word=word[:80], known=", ".join(values)))
    return found


def _day(row: Row, reading: Reading) -> date | None:
    text = row.text("date")
    found = day_of(text)
    if not text:
        reading.fault(row.place, EMPTY(column="date"))
    elif found is None:
        reading.fault(row.place, BAD_DAY(value=text[:80]))
    return found


FORMAT: Final = Format(
    name="assessments",
    version="1",
    title=Text("評価のブック(Excel、非公開の出典になる)", "Workbook of assessments (Excel; becomes a private source)"),
    recognises=recognises,
    read=read,
)
