"""Excel workbooks, read by calamine once they have been measured: it lays a sheet out cell by cell, however far apart they are.

A stray value in the last cell of a sheet would ask for half a terabyte, and a long text that a million cells share for as much;
both are refused before. Cells that hold an error or a formula without a result look empty to calamine, and are told here.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from xml.parsers import expat

from kakehashi.records.located import Fault, Place
from kakehashi.sources.files import File, UnreadableError
from kakehashi.vocabulary.text import Text

MAX_UNPACKED: Final = 256 * 1024 * 1024
MAX_MEMBERS: Final = 2_000
MAX_AREA: Final = 5_000_000
MAX_TEXT: Final = 64 * 1024 * 1024
MAX_BROKEN: Final = 1_000
MAX_DEPTH: Final = 100
MAX_PART: Final = 16 * 1024 * 1024
"""What a part may have that is no sheet and no list of texts."""
MAX_MERGED: Final = 100_000

SUFFIXES: Final = (".xlsx", ".xlsm")

BAD_WORKBOOK = Text("Excelブックとして読めません: {problem}。", "This is no Excel workbook: {problem}.")
OLD_OR_LOCKED = Text(
    "パスワードで保護されているか、古い形式(.xls)のExcelブックです。パスワードを外し、.xlsx形式で保存し直してください。",
    "This workbook has a password, or is of Excel's old format (.xls). Remove the password, and save it as .xlsx.",
)
BOMB = Text(
    "展開すると{size}バイトになり、上限の{limit}バイトを超えます。",
    "Unpacked it has {size} bytes, more than the limit of {limit}.",
)
MANY_MEMBERS = Text("ブックの中のファイルが{limit}個を超えています。", "The workbook holds more than {limit} files.")
FAR_CELL = Text(
    "シートが合わせて{area}セルに広がり、上限の{limit}セルを超えています。離れたセル{cell}に不要な値がないか確かめ、行ごと削除してください。",
    "The sheets span {area} cells, more than the limit of {limit}. Look for a stray value in {cell}, and delete its row.",
)
MUCH_TEXT = Text("セルの文字数の合計が上限の{limit}文字を超えています。", "The cells hold more than {limit} characters together.")
NO_RESULT = Text(
    "{cell}の数式に計算結果が保存されていません。Excelで開いて保存し直すか、値として貼り付けてください。",
    "The formula in {cell} has no stored result. Open and save the workbook in Excel, or paste the value.",
)
ERROR_CELL = Text("{cell}がエラー値です。値を直してください。", "{cell} holds an error. Mend its value.")

_UNREADABLE: Final = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a Compound File (MS-CFB) begins, in which Excel keeps old workbooks, and encrypted ones of any format."""
_MEMBER: Final = b"PK\x01\x02"
_LISTS: Final = frozenset({"workbook.xml", "workbook.xml.rels", "styles.xml"})
_SHEET_DATA: Final = b"sheetData"
_TOO_DEEP: Final = "its XML is nested too deep"
_TOO_MANY: Final = "it has too many texts"
_MANY_MERGED: Final = "it has too many merged cells"
_LONG_PART: Final = "a part that is no sheet is too large"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet as Excel stores their values, merged cells filled downwards, and the faults of unreadable cells."""

    rows: Sequence[Sequence[object]]
    broken: tuple[tuple[int, Text], ...] = ()

    def faults(self, where: str) -> Iterator[Fault]:
        """What is wrong with single cells, with the line."""
        yield from (Fault(Place(where, line), text) for line, text in self.broken)


def is_workbook(file: File) -> bool:
    """Whether the file is an Excel workbook, by its name and its first bytes."""
    return file.suffix in SUFFIXES and file.content[:2] == b"PK"


def claims_to_be_workbook(file: File) -> bool:
    """Whether it is called like a workbook, or is one of those that cannot be read."""
    return file.suffix in SUFFIXES or file.content.startswith(_COMPOUND)


def workbook(file: File) -> Mapping[str, Sheet]:
    """The sheets by name; UnreadableError where it is no workbook or too large."""
    found = _parsed(file)
    if isinstance(found, Fault):
        raise UnreadableError(found)
    return found


@lru_cache(maxsize=2)
def _parsed(file: File) -> Mapping[str, Sheet] | Fault:
    """The sheets, or what is wrong: parsed once, however many formats ask."""
    if file.content.startswith(_COMPOUND):
        return Fault(Place(file.name), OLD_OR_LOCKED)
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only readers of workbooks need it

    try:
        broken = _measured(file)
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
        found = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        return {
            name: Sheet(_filled(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()), broken.get(name, ()))
            for name, sheet in found.items()
        }
    except UnreadableError as error:
        return error.fault
    except (CalamineError, *_UNREADABLE) as error:
        return Fault(Place(file.name), BAD_WORKBOOK(problem=str(error)[:200]))


def text_of(cell: object) -> str:
    """A cell as people see it: whole numbers without a point, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _filled(rows: Sequence[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Sequence[Sequence[object]]:
    """Cells that are merged downwards show one value in every row; so they are read."""
    budget = MAX_AREA
    for (top, left), (bottom, _) in merged:
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
        budget -= bottom - top
        if budget < 0:
            break
    return rows


def _measured(file: File) -> Mapping[str, tuple[tuple[int, Text], ...]]:
    """Refuse what is too large; else the unreadable cells by sheet.

    Whatever the workbook may load is read, which also finds a part that is longer than the archive says.
    """
    if file.content.count(_MEMBER) > MAX_MEMBERS:
        raise UnreadableError(Fault(Place(file.name), MANY_MEMBERS(limit=MAX_MEMBERS)))
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        _check_members(file, archive)
        names = _sheet_names(archive)
        lengths = _shared_lengths(archive)
        loaded = {posixpath.basename(target).casefold() for target in names} | {"styles.xml"}
        found: dict[str, tuple[tuple[int, Text], ...]] = {}
        text = area = 0
        for part in archive.namelist():
            if posixpath.basename(part).casefold() not in loaded or _SHEET_DATA not in (content := archive.read(part)):
                continue
            name = names.get(part) or part
            measure = _Measure(lengths)
            measure.run(content)
            text, area = text + measure.text, area + measure.area
            found[name] = tuple(measure.broken)
            if area > MAX_AREA:
                fault = FAR_CELL(area=area, limit=MAX_AREA, cell=measure.last)
                raise UnreadableError(Fault(Place(f"{file.name}[{name}]"), fault))
            if text > MAX_TEXT:
                raise UnreadableError(Fault(Place(file.name), MUCH_TEXT(limit=MAX_TEXT)))
        return found


def _check_members(file: File, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if size > MAX_UNPACKED:
        raise UnreadableError(Fault(Place(file.name), BOMB(size=size, limit=MAX_UNPACKED)))
    if len(members) > MAX_MEMBERS:
        raise UnreadableError(Fault(Place(file.name), MANY_MEMBERS(limit=MAX_MEMBERS)))
    if any(member.file_size > MAX_PART for member in members if posixpath.basename(member.filename).casefold() in _LISTS):
        raise zipfile.BadZipFile(_LONG_PART)
    if len({member.filename.casefold() for member in members}) < len(members):
        raise zipfile.BadZipFile("two parts have one name")


def _sheet_names(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """What the workbook refers to, by part; the name of the sheet where it is one."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if _local(tag) == "sheet":
            key = next((value for name, value in attributes.items() if _local(name) == "id"), "")
            sheets[key] = attributes.get("name", "")

    def relationship(tag: str, attributes: Mapping[str, str]) -> None:
        if _local(tag) == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else posixpath.join("xl", target)

    _walk(archive.read("xl/workbook.xml"), sheet)
    _walk(archive.read("xl/_rels/workbook.xml.rels"), relationship)
    return {target: sheets.get(key, "") for key, target in targets.items()}


def _shared_lengths(archive: zipfile.ZipFile) -> Sequence[int]:
    """How long each of the texts is that cells may share."""
    part = next((name for name in archive.namelist() if name.casefold() == "xl/sharedstrings.xml"), None)
    lengths: list[int] = []

    def start(tag: str, _: Mapping[str, str]) -> None:
        if _local(tag) == "si":
            lengths.append(0)
        if len(lengths) > MAX_AREA:
            raise ValueError(_TOO_MANY)

    def words(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    if part is not None:
        _walk(archive.read(part), start, words=words)
    return lengths


def _walk(
    content: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    words: Callable[[str], None] | None = None,
) -> None:
    """Tell an XML document's elements as they are written; a prefix may stand before a name (`x:row`)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def opened(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError(_TOO_DEEP)
        start(tag, attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(tag)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, words
    parser.Parse(content, True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


@dataclass(slots=True)
class _Measure:
    """Walks through a sheet: how far it spans, how much text it holds, and which cells say nothing that can be read."""

    lengths: Sequence[int]
    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    text: int = 0
    merged: int = 0
    broken: list[tuple[int, Text]] = field(default_factory=list)
    _row: int = 0
    _column: int = 0
    _kind: str = ""
    _formula: bool = False
    _value: list[str] | None = None

    @property
    def area(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom else 0

    @property
    def last(self) -> str:
        return _reference(self.bottom, self.right)

    def run(self, content: bytes) -> None:
        _walk(content, self._start, self._end, self._words)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._kind, self._formula, self._value = attributes.get("t", ""), False, None
            self._row, self._column = _position(attributes.get("r", "")) or (self._row, self._column + 1)
        elif tag == "row":
            number = attributes.get("r", "")
            self._row, self._column = int(number) if number.isdecimal() else self._row + 1, 0
        elif tag == "f":
            self._formula = True
        elif tag == "mergeCell":
            self._merge()
        elif tag in {"v", "is"}:
            self._value = []

    def _merge(self) -> None:
        self.merged += 1
        if self.merged > MAX_MERGED:
            raise ValueError(_MANY_MERGED)

    def _words(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "c":
            return
        value = None if self._value is None else "".join(self._value)
        if value is not None:
            self._reach(value)
        if self._kind == "e":
            self._tell(ERROR_CELL)
        elif self._formula and not value:
            self._tell(NO_RESULT)
        self._value = None

    def _reach(self, value: str) -> None:
        first = not self.bottom
        self.top = self._row if first else min(self.top, self._row)
        self.left = self._column if first else min(self.left, self._column)
        self.bottom, self.right = max(self.bottom, self._row), max(self.right, self._column)
        shared = self._kind == "s" and value.strip().isdecimal() and int(value) < len(self.lengths)
        self.text += self.lengths[int(value)] if shared else len(value)

    def _tell(self, text: Text) -> None:
        if len(self.broken) < MAX_BROKEN:
            self.broken.append((self._row, text(cell=_reference(self._row, self._column))))


def _position(reference: str) -> tuple[int, int] | None:
    """B7: (7, 2)."""
    letters = reference.rstrip("0123456789")
    if not letters or len(letters) == len(reference) or not letters.isascii() or not letters.isalpha():
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column


def _reference(row: int, column: int) -> str:
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
