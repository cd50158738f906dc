"""Sheets and delimited text as rows with named cells: headers are compared folded, and by their longest known beginning."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from kakehashi.records.located import Fault, Place
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading
from kakehashi.sources.workbooks import text_of, workbook
from kakehashi.vocabulary.text import Text

BAD_TABLE = Text("表として読めません: {problem}。", "This is no table: {problem}.")
BAD_ENCODING = Text(
    "UTF-8でもShift_JISでもないバイトがあります(位置{offset})。Excelの「CSV UTF-8(コンマ区切り)」で保存してください。",
    "There is a byte that is neither UTF-8 nor Shift_JIS (offset {offset}). Save as 'CSV UTF-8 (Comma delimited)' in Excel.",
)
NUMBER_CELL = Text(
    "列「{column}」の値が数値{value}です。数値では5.1と5.10の区別が失われます。セルの書式を「文字列」にして番号を打ち直してください。",
    "The column '{column}' holds the number {value}. A number cannot tell 5.1 from 5.10: format it as Text and retype it.",
)
LARGE_TABLE = Text(
    "表が大きすぎます(上限は{rows}行、{columns}列、合計{cells}セル)。ファイルを分けてください。",
    "The table is too large: the limits are {rows} rows, {columns} columns and {cells} cells. Split the file.",
)
DATE_CELL = Text(
    "列「{column}」の値が日付{value}になっています。セルの書式を「文字列」にして番号を打ち直してください。",
    "The column '{column}' holds the date {value}. Format the cell as Text and type the number again.",
)

MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
"""What Excel has at most."""
MAX_CELLS: Final = 5_000_000
HEADER_WITHIN: Final = 20
"""So near the top of a table its header stands."""

SHIFT_JIS: Final = "cp932"
_DELIMITERS: Final = ("\t", ",", ";")
_SPACE: Final = re.compile(r"\s+")
_QUOTED: Final = re.compile(r'"[^"]*"')

Columns = Mapping[str, Sequence[str]]
"""The beginnings of the headers that a column may have, by our own name of the column."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet or a text file: its rows with their lines, what places call it, and the faults of single cells."""

    where: str
    lines: Sequence[tuple[int, Sequence[object]]]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row below a header: its place, and its cells by our names of their columns."""

    place: Place
    cells: Mapping[str, object]

    def text(self, column: str) -> str:
        """The cell as text without edge whitespace, full-width spaces included; empty where the table has no such column."""
        return text_of(self.cells.get(column, "")).strip()

    def notation(self, column: str, reading: Reading) -> str | None:
        """The cell as the number of a provision; None and a fault where Excel made a fraction or a date of it."""
        cell = self.cells.get(column, "")
        if isinstance(cell, float) and not cell.is_integer():
            reading.fault(self.place, NUMBER_CELL(column=column, value=cell))
            return None
        if isinstance(cell, date):
            reading.fault(self.place, DATE_CELL(column=column, value=text_of(cell)))
            return None
        return self.text(column)


def header(cell: object) -> str:
    """A header as it is compared: width, case, line breaks and repeated spaces do not matter."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text_of(cell))).strip().casefold()


def sheets(file: File) -> Mapping[str, Table]:
    """The sheets of a workbook by name; UnreadableError where it is none."""
    return {
        name: Table(where := f"{file.name}[{name}]", list(enumerate(sheet.rows, start=1)), tuple(sheet.faults(where)))
        for name, sheet in workbook(file).items()
    }


def recognised_by(file: File, test: Callable[[Mapping[str, Table]], bool]) -> bool:
    """Whether a workbook's sheets pass a test; a workbook that cannot be read passes none."""
    try:
        return test(sheets(file))
    except UnreadableError:
        return False


@lru_cache(maxsize=1)
def decoded(file: File) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8, UTF-16 where a mark says so, or Excel's Japanese Shift_JIS."""
    marked = file.content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    encodings = ["utf-16"] if marked else ["utf-8-sig", SHIFT_JIS]
    for encoding in encodings:
        try:
            return file.content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            offset = error.start
    raise UnreadableError(Fault(Place(file.name), BAD_ENCODING(offset=offset)))


def delimited(file: File) -> Table:
    """A CSV or TSV file in whatever encoding and with whatever delimiter Excel wrote it; lines count from 1."""
    text, _ = decoded(file)
    return Table(file.name, list(numbered(text, _delimiter(text), file.name)))


def numbered(text: str, delimiter: str, name: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """The rows of a delimited text with the lines that they begin on; UnreadableError where it is no table, or too large."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, cells = 0, 0
    line = first_line
    try:
        for row in reader:
            rows, cells = rows + 1, cells + len(row)
            if rows > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                fault = LARGE_TABLE(rows=MAX_ROWS, columns=MAX_COLUMNS, cells=MAX_CELLS)
                raise UnreadableError(Fault(Place(name, line), fault))
            yield line, row
            line = first_line + reader.line_num
    except csv.Error as error:
        raise UnreadableError(Fault(Place(name, line), BAD_TABLE(problem=error))) from error


def _delimiter(text: str) -> str:
    """The commonest delimiter of the first line that says anything, outside quotes."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    bare = _QUOTED.sub("", first)
    return max(_DELIMITERS, key=bare.count)


def columns_of(head: Sequence[object], wanted: Columns) -> dict[str, int]:
    """Where each column stands: a header belongs to the column with the longest beginning that it has."""
    beginnings = sorted(((start, name) for name, starts in wanted.items() for start in starts), key=lambda pair: -len(pair[0]))
    found: dict[str, int] = {}
    for number, cell in enumerate(head):
        text = header(cell)
        name = next((name for start, name in beginnings if text.startswith(start)), None) if text else None
        if name is not None:
            found.setdefault(name, number)
    return found


def find_header(
    table: Table, wanted: Columns, needed: Sequence[str], within: int = HEADER_WITHIN
) -> tuple[int, dict[str, int]] | None:
    """The first row near the top that has the needed columns, counted from 0, and where all columns stand."""
    for number, (_, cells) in enumerate(table.lines[:within]):
        found = columns_of(cells, wanted)
        if all(name in found for name in needed):
            return number, found
    return None


def rows_below(table: Table, head: int, columns: Mapping[str, int]) -> Iterator[Row]:
    """The rows below a header that say anything in the columns that are known."""
    for line, cells in table.lines[head + 1 :]:
        found = {name: cells[number] if number < len(cells) else "" for name, number in columns.items()}
        if any(text_of(cell).strip() for cell in found.values()):
            yield Row(Place(table.where, line), found)
