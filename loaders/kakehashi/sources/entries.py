"""YAML entries and fixed tables of our own formats: values by key with a fault for each that is wrong."""

import csv
from collections.abc import Iterator
from typing import Final

from kakehashi.records.located import Place
from kakehashi.sources.format import Reading
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

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
BAD_HEADER = Text("見出し行は {known} でなければなりません。", "The header line must be: {known}.")
BAD_WIDTH = Text("列が{found}個あります。{wanted}個でなければなりません。", "The line has {found} cells; it needs {wanted}.")
BAD_TABLE = Text("表として読めません: {problem}。", "This is no table: {problem}.")

MAX_SHOWN: Final = 80


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
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    reading.fault(place, BAD_SCALAR(value=str(value)[:MAX_SHOWN]))
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


def known_keys(entry: Entry, known: tuple[str, ...], place: Place, reading: Reading) -> None:
    """A fault for each key that the format does not have."""
    for key in entry:
        if key not in known:
            reading.fault(place, UNKNOWN_KEY(key=key[:MAX_SHOWN], known=", ".join(known)))


def fixed_rows(text: str, name: str, header: tuple[str, ...], reading: Reading) -> Iterator[tuple[Place, dict[str, str]]]:
    """The lines of a tab-separated table with a fixed header, as dictionaries with their places."""
    table = csv.reader(text.splitlines(), dialect="excel-tab", strict=True)
    try:
        if tuple(next(table, [])) != header:
            reading.fault(Place(name, 1), BAD_HEADER(known="\t".join(header)))
            return
        for cells in table:
            place = Place(name, table.line_num)
            if len(cells) == len(header):
                yield place, dict(zip(header, cells, strict=True))
            elif cells:
                reading.fault(place, BAD_WIDTH(found=len(cells), wanted=len(header)))
    except csv.Error as error:
        reading.fault(Place(name, table.line_num), BAD_TABLE(problem=error))
