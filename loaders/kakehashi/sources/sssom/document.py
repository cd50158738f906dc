"""An SSSOM/TSV document apart from what it means: the metadata above or beside the table, and the rows with their lines."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from kakehashi.records.located import Place
from kakehashi.sources.entries import BAD_WIDTH, MISSING_KEY, NOT_A_MAPPING
from kakehashi.sources.files import File, UnreadableError, bundle_sha256
from kakehashi.sources.format import Bundle, Reading
from kakehashi.sources.sssom.slots import BUILT_IN
from kakehashi.sources.tables import numbered
from kakehashi.sources.yaml_events import YamlRefusedError, parse_yaml
from kakehashi.vocabulary.text import Text

MAX_SHOWN: Final = 80
MAX_PREFIX: Final = 2_000
MAX_METADATA: Final = 4 * 1024 * 1024

NO_TABLE = Text(
    "SSSOMのメタデータだけで、対応付けの表がありません。同じ名前の .sssom.tsv と一緒に読み込んでください。",
    "This is SSSOM metadata without its table. Load it together with the .sssom.tsv of the same name.",
)
TWO_TABLES = Text("同じ名前のSSSOMの表が二つあります。", "There are two SSSOM tables of one name.")
TWO_METADATA = Text(
    "メタデータが二か所({other} にも)あります。表の上か、横のファイルか、どちらか一方に書いてください。",
    "The metadata stands in two places (in {other} as well). Keep it either above the table or in the file beside it.",
)
NO_METADATA = Text(
    "SSSOMのメタデータがありません。表の上に「#」で始まる行で書くか、同じ名前の .sssom.yml を横に置いてください。",
    "There is no SSSOM metadata. Write it above the table in lines that begin with '#', or in a .sssom.yml of the same name.",
)
NO_HEADER = Text("見出し行がありません。", "There is no header line.")
TWO_COLUMNS = Text("列「{column}」が二つあります。", "There are two columns '{column}'.")
BAD_SLOT = Text("{slot} は一つの文字列でなければなりません。", "The slot {slot} must be a single text.")
BAD_SLOTS = Text("{slot} は文字列か、文字列の一覧でなければなりません。", "The slot {slot} must be a text or a list of texts.")
BAD_PREFIXES = Text(
    "curie_mapは「接頭辞: IRI」の組でなければなりません。",
    "The curie_map must be 'prefix: IRI' pairs.",
)
LONG_PREFIX = Text(
    "接頭辞「{prefix}」のIRIが{limit}文字を超えています。", "The IRI of the prefix '{prefix}' is longer than {limit} characters."
)
LONG_METADATA = Text("メタデータが{limit}文字を超えています。", "The metadata are longer than {limit} characters.")
BUILT_IN_PREFIX = Text(
    "接頭辞「{prefix}」は規格により {wanted} です。curie_mapで {found} とすることはできません。",
    "The prefix '{prefix}' stands for {wanted} by the standard; the curie_map cannot make it {found}.",
)

_BREAK: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Metadata:
    """The slots of the set, whichever file they stand in; a value of the wrong shape is a fault where it is asked for."""

    file: str
    lines: tuple[str, ...]
    slots: Mapping[str, Any]
    prefixes: Mapping[str, str]
    reading: Reading

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for number, line in enumerate(self.lines, 1):
            found.setdefault(line.lstrip("# \t").partition(":")[0].strip(" \"'"), number)
        return found

    def place(self, key: str) -> Place:
        """Where a key stands."""
        return Place(self.file, self._lines.get(key, 1))

    def text(self, slot: str) -> str:
        """The text of a slot with a single value; empty where there is none."""
        value = self.slots.get(slot)
        if value is None:
            return ""
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value).strip()
        self.reading.fault(self.place(slot), BAD_SLOT(slot=slot))
        return ""

    def required(self, slot: str) -> str:
        """The text of a slot; a fault where it is missing."""
        value = self.slots.get(slot)
        if value is None or value == "":
            self.reading.fault(Place(self.file, 1), MISSING_KEY(key=slot))
        return self.text(slot)

    def texts(self, slot: str) -> tuple[str, ...]:
        """The texts of a slot that may have several; one alone need not be a list."""
        value = self.slots.get(slot)
        values = value if isinstance(value, list) else [] if value is None else [value]
        if all(isinstance(one, str | int) and not isinstance(one, bool) for one in values):
            return tuple(str(one).strip() for one in values)
        self.reading.fault(self.place(slot), BAD_SLOTS(slot=slot))
        return ()

    def iri(self, curie: str) -> str | None:
        """The IRI of a CURIE; None for an undeclared prefix. A full IRI stays as it is."""
        prefix, colon, local = curie.partition(":")
        expansion = self.prefixes.get(prefix) if colon else None
        if expansion is not None:
            return expansion + local
        return curie if colon and local.startswith("//") else None


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its line; cells by column, without the spaces around them."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell of a column; empty where the table has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Document:
    """A mapping set as its files hold it. Rows are read once, in order."""

    file: str
    sha256: str
    metadata: Metadata
    header_line: int = 0
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)

    def shared(self, slot: str) -> tuple[str, ...]:
        """What the set says for all of its rows; by the standard nothing, where any row says it for itself."""
        return () if any(row.get(slot) for row in self.rows) else self.metadata.texts(slot)


def document(bundle: Bundle, reading: Reading) -> Document | None:
    """The document of one table and its metadata; None, with a fault, where it cannot be taken apart."""
    tables = [file for file in bundle if file.suffix == ".tsv"]
    beside = [file for file in bundle if file.suffix != ".tsv"]
    if len(tables) != 1:
        reading.fault(Place(bundle[0].name), TWO_TABLES if tables else NO_TABLE)
        return None
    text = tables[0].text
    above = _above(text)
    metadata = _metadata(tables[0], above, beside, reading)
    if metadata is None:
        return None
    empty = Document(tables[0].name, bundle_sha256(bundle), metadata)
    return _with_rows(empty, text[len(above) :], len(_BREAK.findall(above)) + 1, reading)


def _above(text: str) -> str:
    """The lines that begin with #, up to the first that does not."""
    end = 0
    while text.startswith("#", end):
        found = _BREAK.search(text, end)
        end = found.end() if found else len(text)
    return text[:end]


def _metadata(table: File, above: str, beside: list[File], reading: Reading) -> Metadata | None:
    if len(above) > MAX_METADATA or any(len(file.content) > MAX_METADATA for file in beside):
        reading.fault(Place((beside or [table])[0].name, 1), LONG_METADATA(limit=MAX_METADATA))
        return None
    lines = tuple(_BREAK.split(above))
    if len(beside) + bool(above) > 1:
        reading.fault(Place(beside[-1].name), TWO_METADATA(other=table.name if above else beside[0].name))
        return None
    if not above and not beside:
        reading.fault(Place(table.name, 1), NO_METADATA)
        return None
    if beside:
        return _checked(Metadata(beside[0].name, tuple(_BREAK.split(beside[0].text)), {}, {}, reading), beside[0].document)
    try:
        slots = parse_yaml("\n".join(line[1:].rstrip() for line in lines))
    except YamlRefusedError as refused:
        reading.fault(Place(table.name, min(refused.line, above.count("\n") or 1)), refused.text)
        return None
    return _checked(Metadata(table.name, lines, {}, {}, reading), slots)


def _checked(empty: Metadata, slots: object) -> Metadata | None:
    if not isinstance(slots, dict):
        empty.reading.fault(Place(empty.file, 1), NOT_A_MAPPING)
        return None
    return replace(empty, slots=slots, prefixes=_prefixes(slots.get("curie_map") or {}, empty))


def _prefixes(declared: object, metadata: Metadata) -> Mapping[str, str]:
    """The declared and the built-in prefixes."""
    if not isinstance(declared, dict) or not all(isinstance(iri, str) for iri in declared.values()):
        metadata.reading.fault(metadata.place("curie_map"), BAD_PREFIXES)
        return BUILT_IN
    for prefix in [prefix for prefix, iri in declared.items() if len(iri) > MAX_PREFIX]:
        metadata.reading.fault(metadata.place(prefix), LONG_PREFIX(prefix=prefix[:MAX_SHOWN], limit=MAX_PREFIX))
        declared = {**declared, prefix: ""}
    for prefix in sorted(BUILT_IN.keys() & declared.keys()):
        if declared[prefix] != BUILT_IN[prefix]:
            found = declared[prefix][:MAX_SHOWN]
            text = BUILT_IN_PREFIX(prefix=prefix, wanted=BUILT_IN[prefix], found=found)
            metadata.reading.fault(metadata.place(prefix), text)
    return {**declared, **BUILT_IN}


def _with_rows(empty: Document, table: str, first_line: int, reading: Reading) -> Document | None:
    lines = _lines(table, first_line, empty.file, reading)
    header_line, header = next(lines, (first_line, []))
    columns = [cell.strip() for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        reading.fault(Place(empty.file, first_line), NO_HEADER)
        return None
    for column in sorted(column for column, number in Counter(columns).items() if number > 1):
        reading.fault(Place(empty.file, header_line), TWO_COLUMNS(column=column[:MAX_SHOWN]))
    rows = [row for line, cells in lines if (row := _row(line, cells, columns, empty.file, reading)) is not None]
    return replace(empty, header_line=header_line, columns=tuple(columns), rows=rows)


def _row(line: int, cells: list[str], columns: list[str], file: str, reading: Reading) -> Row | None:
    stripped = [cell.strip() for cell in cells]
    if not any(stripped):
        return None
    if any(stripped[len(columns) :]):
        reading.fault(Place(file, line), BAD_WIDTH(found=len(cells), wanted=len(columns)))
        return None
    return Row(line, dict(zip(columns, stripped, strict=False)))


def _lines(table: str, first_line: int, file: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with the lines that they begin on."""
    try:
        yield from ((line, cells) for line, cells in numbered(table, "\t", file, first_line) if any(cells))
    except UnreadableError as error:
        reading.refuse(error.fault)
