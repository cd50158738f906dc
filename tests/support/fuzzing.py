"""Samples of every format in a form that can be spoilt piece by piece, and the ways to spoil them."""

import copy
import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from kakehashi.sources.files import File
from kakehashi.sources.workbooks import workbook as read_workbook
from tests.support.workbooks import Sheets, workbook

MAX_LIST: Final = 3
MAX_KEYS: Final = 25
MAX_ROWS: Final = 20
MAX_TEXT: Final = 400
MAX_LINES: Final = 200

HOSTILE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 7, 10**17, 1.5, -0.0, 1e300, "", " ", "\t\n", "x", "0", "null", "\x00", "\x1b[2J", "\x7f\x85",
    "../../x", "/etc/passwd", "%2e%2e/%2e%2e", "a/../b", "C:\\x", "=cmd|'/c calc'!A1", "@SUM(1)", "+1+1", "{0.__class__}", "{}",
    "%s%n", "<script>", "]]>", "<a> <b> <c> .", '"> <x> "', "\\", '"', "'", "\\u0022", "a b", "https://x.example/ \"><>\\^`{|}",
    "urn:x:y", "id:../x", "é", "e\u0301", "\u30ab\u3099", "\uff76\uff9e", "\uff11\uff0e\uff12", "\u202eabc\u202c", "\u200b",
    "\ufeff", "\U0001f309", "𝟙", "ﷺ" * 60, "\u0130", "ẞ", "x" * 300, "9" * 5000, "a" * 200_001, "2024-02-30", "0000-00-00",
    "9999-99-99T99:99:99Z", [], [None], [[]], ["x", "x"], {}, {"": None}, {"\x00": "\x00"}, [{}], {"a": {"b": {"c": []}}},
    [1, 2], "a\nb\nc", "\n".join(map(str, range(200))),
)  # fmt: skip

Way = tuple[str | int, ...]


@dataclass(frozen=True)
class Piece:
    """One file as a document (JSON, YAML), as rows (delimited text), as sheets (a workbook), or as lines of any other text."""

    name: str
    content: Any

    def file(self) -> File:
        """The file."""
        content, suffix = self.content, self.name.rpartition(".")[2]
        if suffix == "xlsx":
            return workbook(_sheets(content), name=self.name)
        return File(self.name, _WRITERS.get(suffix, _lines)(content).encode("utf-8", "replace"))


def piece_of(file: File, small: bool = True) -> Piece:
    """A file taken apart; a small one keeps a few of each list and the first rows of each table."""
    kind = file.suffix.removeprefix(".")
    cut: Callable[[Any], Any] = _cut if small else lambda content: content
    if kind == "xlsx":
        return Piece(file.name, {name: cut_rows(sheet.rows) for name, sheet in read_workbook(file).items()})
    if kind == "json":
        return Piece(file.name, cut(json.loads(file.text)))
    if kind in {"yaml", "yml"}:
        return Piece(file.name, cut(yaml.load(file.text, Loader=yaml.CSafeLoader)))
    if kind in {"csv", "tsv"}:
        above = [line for line in file.text.splitlines() if line.startswith("#")][:60]
        below = [line for line in file.text.splitlines() if not line.startswith("#")][: MAX_ROWS * 2]
        rows = list(csv.reader(below, delimiter=_DELIMITERS[kind]))
        return Piece(file.name, [*([line] for line in above), *rows[:MAX_ROWS]])
    return Piece(file.name, _whole(file.text.splitlines()[:MAX_LINES]))


def _whole(lines: list[str]) -> list[str]:
    """The lines up to the last that ends a sentence of Turtle."""
    last = max((number for number, line in enumerate(lines) if line.rstrip().endswith(" .")), default=-1)
    return lines[: last + 1]


def cut_rows(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """The first rows of a sheet, as far as they can be written again."""
    return [[cell if isinstance(cell, str | int | float) else str(cell) for cell in row[:40]] for row in rows[:MAX_ROWS]]


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in list(value.items())[:MAX_KEYS]}
    if isinstance(value, list):
        return [_cut(inner) for inner in value[:MAX_LIST]]
    return value[:MAX_TEXT] if isinstance(value, str) else value


def _sheets(content: dict[str, list[list[Any]]]) -> Sheets:
    """The sheets, names and cells made such that a workbook can hold them; what no cell can hold is told as text."""
    found: dict[str, list[list[Any]]] = {}
    for number, (name, rows) in enumerate(content.items() if isinstance(content, dict) else ()):
        title = "".join(char for char in str(name) if char not in "[]:*?/\\'" and char.isprintable())[:31] or f"s{number}"
        title = title if title.casefold() not in {one.casefold() for one in found} else f"{title[:27]}{number}"
        found[title] = [[_cell(cell) for cell in row] for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return found or {"empty": []}


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return int(value) if isinstance(value, bool) else value
    return str(value)[:32_000]


def _rows(delimiter: str) -> Callable[[Any], str]:
    def write(content: Any) -> str:
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        for row in content if isinstance(content, list) else [[content]]:
            cells = [str(cell) for cell in row] if isinstance(row, list) else [str(row)]
            if len(cells) == 1 and cells[0].startswith("#"):
                stream.write(cells[0] + "\n")
            else:
                writer.writerow(cells)
        return stream.getvalue()

    return write


def _lines(content: Any) -> str:
    return "\n".join(str(line) for line in content) if isinstance(content, list) else str(content)


def _yaml(content: Any) -> str:
    return str(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False))


_DELIMITERS: Final = {"csv": ",", "tsv": "\t"}
_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "json": json.dumps, "yaml": _yaml, "yml": _yaml, "csv": _rows(","), "tsv": _rows("\t"),
}  # fmt: skip


# ---- Ways to spoil a document: each takes the document, the way to a place in it, another place, and a hostile value.


def _ways(document: Any, above: Way = ()) -> Iterator[Way]:
    inner = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for step, value in inner:
        yield (*above, step)
        yield from _ways(value, (*above, step))


def _inside(document: Any, way: Way) -> Any:
    for step in way:
        document = document[step]
    return document


def _set(document: Any, way: Way, other: Way, value: Any) -> None:
    _inside(document, way[:-1])[way[-1]] = copy.deepcopy(value)


def _delete(document: Any, way: Way, other: Way, value: Any) -> None:
    del _inside(document, way[:-1])[way[-1]]


def _double(document: Any, way: Way, other: Way, value: Any) -> None:
    holder = _inside(document, way[:-1])
    if isinstance(holder, list) and isinstance(way[-1], int):
        holder.insert(way[-1], copy.deepcopy(holder[way[-1]]))
    else:
        holder[f"{way[-1]}2"] = copy.deepcopy(holder[way[-1]])


def _copy(document: Any, way: Way, other: Way, value: Any) -> None:
    _set(document, way, other, _inside(document, other))


def _swap(document: Any, way: Way, other: Way, value: Any) -> None:
    one, two = copy.deepcopy(_inside(document, way)), copy.deepcopy(_inside(document, other))
    if way[: len(other)] != other and other[: len(way)] != way:
        _set(document, way, other, two)
        _set(document, other, way, one)


def _retype(document: Any, way: Way, other: Way, value: Any) -> None:
    old = _inside(document, way)
    new: Any = [old] if not isinstance(old, list) else dict(enumerate(map(str, old))) if value else old[0] if old else None
    _set(document, way, other, {str(key): one for key, one in new.items()} if isinstance(new, dict) else new)


def _rename(document: Any, way: Way, other: Way, value: Any) -> None:
    holder = _inside(document, way[:-1])
    if isinstance(holder, dict):
        holder[str(value)[:100]] = holder.pop(way[-1])


def _append(document: Any, way: Way, other: Way, value: Any) -> None:
    old = _inside(document, way)
    if isinstance(old, str):
        _set(document, way, other, f"{old}{value}"[:200_100])
    elif isinstance(old, list):
        old.append(copy.deepcopy(value))


def _clip(document: Any, way: Way, other: Way, value: Any) -> None:
    old = _inside(document, way)
    if isinstance(old, str | list):
        _set(document, way, other, old[: len(old) // 2])


SPOIL: Final[dict[str, Callable[[Any, Way, Way, Any], None]]] = {
    "set": _set, "delete": _delete, "double": _double, "copy": _copy, "swap": _swap, "retype": _retype, "rename": _rename,
    "append": _append, "clip": _clip,
}  # fmt: skip


def lengthen(document: Any, share: float, more: str) -> None:
    """Append to one of the texts of a document: that which stands at a share, from 0 to 1, of all."""
    texts = [way for way in _ways(document) if isinstance(_inside(document, way), str)]
    if texts:
        _append(document, texts[int(share * len(texts))], (), more)


@dataclass(frozen=True)
class Change:
    """One thing to spoil: `how`, the number of the place, the number of another place, the number of a hostile value."""

    how: str
    place: int
    other: int
    value: int

    def __call__(self, document: Any) -> None:
        """Spoil the document; where there is no place left, nothing."""
        ways = list(_ways(document))
        if ways:
            way, other = ways[self.place % len(ways)], ways[self.other % len(ways)]
            SPOIL[self.how](document, way, other, HOSTILE[self.value % len(HOSTILE)])


@dataclass(frozen=True)
class Flip:
    """One thing to spoil in the bytes: cut at a place, or put bytes in place of some."""

    place: int
    length: int
    put: bytes

    def __call__(self, content: bytes) -> bytes:
        """The spoilt bytes."""
        start = self.place % (len(content) + 1)
        return content[:start] if self.length < 0 else content[:start] + self.put + content[start + self.length :]


def flipped(file: File, flip: Flip) -> File:
    """The file with some bytes spoilt; in every other workbook inside the parts, for outside they only spoil the archive."""
    if file.suffix != ".xlsx" or flip.place % 2:
        return File(file.name, flip(file.content))
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as old, zipfile.ZipFile(stream, "w") as new:
            names = old.namelist()
            for number, name in enumerate(names):
                content = old.read(name)
                new.writestr(name, flip(content) if number == flip.place // 2 % len(names) else content)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ):  # it was spoilt before
        return File(file.name, flip(file.content))
    return File(file.name, stream.getvalue())
