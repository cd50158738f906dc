"""What every source module shares: bounded reading of files, YAML and tables that remember their lines."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Final, TypeVar

import yaml

from kakehashi.records.located import Fault, Located, Place
from kakehashi.records.model import Record
from kakehashi.vocabulary.text import Text

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
MAX_YAML_DEPTH: Final = 20

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NOT_UTF8 = Text(
    "UTF-8として読めないバイトがあります(位置{offset})。UTF-8で保存してください。",
    "There is a byte that is not UTF-8 (offset {offset}). Save the file as UTF-8.",
)
TOO_LARGE = Text(
    "ファイルが{size}バイトあり、上限の{limit}バイトを超えています。",
    "The file has {size} bytes, more than the limit of {limit}.",
)
BAD_YAML = Text(
    "YAMLとして読めません: {problem}。途中で切れていないか確かめてください。",
    "This is not YAML: {problem}. Check that the file was not cut off.",
)
ALIAS = Text("YAMLの別名(*)は使えません。値をそのまま書いてください。", "YAML aliases (*) are not accepted. Write the value out.")
DEPTH = Text("YAMLの入れ子が{limit}段を超えています。", "The YAML is nested deeper than {limit} levels.")
DUPLICATE_KEY = Text("キー「{key}」が二度書かれています。", "The key '{key}' is written twice.")
BAD_SCALAR = Text(
    "値「{value}」は文字列か整数でなければなりません。引用符で囲んでください。",
    "The value '{value}' must be a string or an integer. Put it in quotes.",
)
UNKNOWN_KEY = Text("キー「{key}」は使えません。使えるのは {known} です。", "The key '{key}' is not known. Known keys: {known}.")
MISSING_KEY = Text("キー「{key}」がありません。", "The key '{key}' is missing.")
NOT_A_LIST = Text(
    "項目の一覧(「- 」で始まる行)でなければなりません。", "This must be a list of entries (lines that begin with '- ')."
)
NOT_A_MAPPING = Text("「キー: 値」の組でなければなりません。", "This must be 'key: value' pairs.")
BAD_VALUE = Text(
    "{key}の値「{value}」は使えません。使えるのは {known} です。",
    "'{value}' is no value for {key}. Known values: {known}.",
)
BAD_HEADER = Text("見出し行は {known} でなければなりません。", "The header line must be: {known}.")
BAD_WIDTH = Text("列が{found}個あります。{wanted}個でなければなりません。", "The line has {found} cells; it needs {wanted}.")

E = TypeVar("E", bound=StrEnum)


@dataclass(slots=True)
class Reading:
    """What was read so far: the records with their places, and every fault met on the way."""

    records: list[Located[Record]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, record: Record, place: Place) -> None:
        """Keep a record."""
        self.records.append(Located(record, place))

    def fault(self, place: Place, text: Text) -> None:
        """Keep a fault and go on."""
        self.faults.append(Fault(place, text))


class Entry(dict[str, object]):
    """A YAML mapping that knows the line it begins on."""

    line: int = 0


def checksum(files: list[Traversable]) -> str:
    """The sha256 over the names and contents of some files."""
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def read_text(file: Traversable, name: str, reading: Reading) -> str | None:
    """The file's text; None, with a fault, where it is too large or not UTF-8."""
    content = file.read_bytes()
    if len(content) > MAX_FILE_BYTES:
        reading.fault(Place(name), TOO_LARGE(size=len(content), limit=MAX_FILE_BYTES))
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reading.fault(Place(name, line), NOT_UTF8(offset=error.start))
        return None


def read_yaml(text: str, name: str, reading: Reading, first_line: int = 1) -> object:
    """The YAML document with `Entry` for mappings; None, with a fault, where it cannot be read."""
    try:
        _refuse_aliases(text)
        node = yaml.compose(text, Loader=_LOADER)
        return None if node is None else _value(node, name, reading, first_line, 0)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + mark.line if mark else 0
        reading.fault(Place(name, line), BAD_YAML(problem=getattr(error, "problem", None) or "?"))
    except _RefusedError as refused:
        reading.fault(Place(name, first_line + refused.line), refused.text)
    return None


def entries(document: object, name: str, reading: Reading) -> Iterator[Entry]:
    """The mappings of a document that must be a list of them."""
    if document is None:
        return
    if not isinstance(document, list):
        reading.fault(Place(name, 1), NOT_A_LIST)
        return
    for item in document:
        if isinstance(item, Entry):
            yield item
        else:
            reading.fault(Place(name), NOT_A_MAPPING)


def text_of(entry: Entry, key: str, place: Place, reading: Reading, *, required: bool = True) -> str | None:
    """The value of a key as text; a fault where a required one is missing or empty, or where it is no scalar."""
    value = entry.get(key)
    if value is None or value == "":
        if required:
            reading.fault(place, MISSING_KEY(key=key))
        return None
    if isinstance(value, str | int):
        return str(value)
    reading.fault(place, BAD_SCALAR(value=key))
    return None


def texts_of(entry: Entry, key: str, place: Place, reading: Reading) -> tuple[str, ...]:
    """The value of a key as a list of texts; empty where the key is absent."""
    value = entry.get(key)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return tuple(str(item) for item in value)
    reading.fault(place, NOT_A_LIST)
    return ()


def choice(values: type[E], key: str, word: str, place: Place, reading: Reading) -> E | None:
    """The member of a value list; a fault that names the members where the word is none of them."""
    try:
        return values(word)
    except ValueError:
        reading.fault(place, BAD_VALUE(key=key, value=word, known=", ".join(values)))
        return None


def known_keys(entry: Entry, known: tuple[str, ...], place: Place, reading: Reading) -> None:
    """A fault for each key that the format does not have."""
    for key in entry:
        if key not in known:
            reading.fault(place, UNKNOWN_KEY(key=key, known=", ".join(known)))


def rows(
    text: str, name: str, header: tuple[str, ...], reading: Reading, first_line: int = 1
) -> Iterator[tuple[Place, dict[str, str]]]:
    """The lines of a tab-separated table with a fixed header, as dictionaries with their places."""
    table = csv.reader(text.splitlines(), dialect="excel-tab", strict=True)
    found = next(table, [])
    if tuple(found) != header:
        reading.fault(Place(name, first_line), BAD_HEADER(known="\t".join(header)))
        return
    try:
        for cells in table:
            place = Place(name, first_line + table.line_num - 1)
            if len(cells) == len(header):
                yield place, dict(zip(header, cells, strict=True))
            elif cells:
                reading.fault(place, BAD_WIDTH(found=len(cells), wanted=len(header)))
    except csv.Error as error:
        reading.fault(Place(name, first_line + table.line_num - 1), BAD_YAML(problem=error))


class _RefusedError(Exception):
    """YAML that is well formed but not accepted; `line` counts from 0."""

    def __init__(self, line: int, text: Text) -> None:
        self.line, self.text = line, text
        super().__init__(text.en)


def _refuse_aliases(text: str) -> None:
    # An alias can make a small file expand without bound.
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError(event.start_mark.line if event.start_mark else 0, ALIAS)


def _value(node: yaml.Node, name: str, reading: Reading, first_line: int, depth: int) -> object:
    if depth > MAX_YAML_DEPTH:
        raise _RefusedError(node.start_mark.line, DEPTH(limit=MAX_YAML_DEPTH))
    if isinstance(node, yaml.MappingNode):
        return _entry(node, name, reading, first_line, depth)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, name, reading, first_line, depth + 1) for item in node.value]
    return _scalar(node, name, reading, first_line)


def _entry(node: yaml.MappingNode, name: str, reading: Reading, first_line: int, depth: int) -> Entry:
    entry = Entry()
    entry.line = first_line + node.start_mark.line
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in entry:
            reading.fault(Place(name, first_line + key_node.start_mark.line), DUPLICATE_KEY(key=key))
        entry[key] = _value(value_node, name, reading, first_line, depth + 1)
    return entry


def _scalar(node: yaml.Node, name: str, reading: Reading, first_line: int) -> str | int | None:
    match node.tag.rpartition(":")[2]:
        case "str":
            return str(node.value)
        case "null":
            return None
        case "int" if str(node.value).isdecimal() and len(node.value) < 19:
            return int(node.value)
    reading.fault(Place(name, first_line + node.start_mark.line), BAD_SCALAR(value=node.value))
    return None
