"""Which sheets and files are the template's: `source`, `framework` and `mapping`, as sheets of a workbook or as CSV files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kakehashi.records.located import Place
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Bundle, Reading
from kakehashi.sources.tables import (
    HEADER_WITHIN,
    SHIFT_JIS,
    Columns,
    Table,
    columns_of,
    decoded,
    delimited,
    find_header,
    header,
    sheets,
)
from kakehashi.sources.workbooks import is_workbook
from kakehashi.vocabulary.text import Text

SOURCE_KEYS: Final = frozenset(
    {
        "id", "title_ja", "title_en", "publisher", "authority", "redistribution", "rights", "version", "issued", "parent_link",
        "parent_link_reason_ja", "parent_link_reason_en", "source_edition", "target_edition", "status",
    }
)  # fmt: skip
FRAMEWORK: Final[Columns] = {
    "notation": ("notation", "番号"), "parent": ("parent", "親"), "kind": ("kind", "種別"), "name_ja": ("name_ja", "名称"),
    "name_en": ("name_en",), "text_ja": ("text_ja", "本文"), "text_en": ("text_en",), "status": ("status", "状態"),
}  # fmt: skip
MAPPING: Final[Columns] = {
    "subject": ("subject", "対応元"), "relation": ("relation", "関係"), "object": ("object", "対応先"),
    "rationale_ja": ("rationale_ja", "理由"), "rationale_en": ("rationale_en",),
    "rationale_kind": ("rationale_kind", "理由の種類"), "confidence": ("confidence", "確信度"), "strength": ("strength", "強さ"),
}  # fmt: skip
ASSESSMENTS: Final[Columns] = {
    "organisation": ("organisation", "organization", "組織"), "scope": ("scope", "範囲"), "edition": ("edition", "版"),
    "provision": ("provision", "条項"), "applicable": ("applicable", "適用", "該当"),
    "justification": ("justification", "理由", "適用の理由", "適用外の理由"), "status": ("status", "状況", "実施状況"),
    "control": ("control", "手段", "実施の手段"), "evidence": ("evidence", "証跡"), "reviewer": ("reviewer", "評価者"),
    "date": ("date", "評価日", "日付"), "remark": ("remark", "備考"),
}  # fmt: skip
NAMES: Final[Mapping[str, str]] = {
    "source": "source", "出典": "source", "framework": "framework", "枠組み": "framework", "mapping": "mapping",
    "対応付け": "mapping",
}  # fmt: skip
ASSESSMENT_NAMES: Final = frozenset({"assessments", "評価"})
_NEEDED: Final[Mapping[str, tuple[Columns, tuple[str, ...]]]] = {
    "framework": (FRAMEWORK, ("notation", "kind")),
    "mapping": (MAPPING, ("subject", "relation", "object")),
    "assessments": (ASSESSMENTS, ("organisation", "edition", "provision", "applicable", "status", "reviewer", "date")),
}

NO_SOURCE = Text(
    "「source」がありません。同じブックのシート、又は同じフォルダーの source.csv に、少なくとも id と title_ja を"
    "書いてください。",
    "There is no 'source'. Add a sheet of that name, or a source.csv in the same folder, with at least an id and a title_en.",
)
NOTHING = Text(
    "「framework」も「mapping」もありません。どちらかのシート、又はCSVファイルを加えてください。評価のシートの名前は「assessments」か"
    "「評価」です。",
    "There is neither a 'framework' nor a 'mapping'. Add one of them, as a sheet or as a CSV file. A sheet of assessments is "
    "called 'assessments' or '評価'.",
)
TWICE = Text("「{name}」が二つあります。", "There are two of '{name}'.")
NO_HEADER = Text(
    "見出し行に {columns} の列がそろっていません。足りないのは {missing} です。",
    "No header row has the columns {columns}. Missing: {missing}.",
)
OTHER_COLUMNS = Text("ひな型にない列。", "Columns that the template does not have.")


@dataclass(slots=True)
class Tables:
    """The three tables, as far as there are."""

    source: Table | None = None
    framework: Table | None = None
    mapping: Table | None = None


def recognises(file: File) -> bool:
    """By the names of its sheets, or by its own name, and by a column or key that only the template has."""
    try:
        if is_workbook(file):
            found = {NAMES.get(header(name)): table for name, table in sheets(file).items()}
            if holds_assessments(sheets(file)):
                return False
            return any(name is not None and is_ours(name, table) for name, table in found.items())
        name = _of_csv(file)
        return name is not None and is_ours(name, delimited(file))
    except UnreadableError:
        return _of_csv(file) is not None


def holds_assessments(found: Mapping[str, Table]) -> bool:
    """Whether one of a workbook's sheets holds assessments: it is a private source then, whatever else is in it."""
    return any(header(name) in ASSESSMENT_NAMES and is_ours("assessments", table) for name, table in found.items())


def _of_csv(file: File) -> str | None:
    return NAMES.get(file.base.casefold().removesuffix(".csv")) if file.suffix == ".csv" else None


def is_ours(name: str, table: Table) -> bool:
    """Whether a sheet of such a name has two or more of the columns or keys that ours needs."""
    if name == "source":
        return sum(bool(cells) and header(cells[0]) in SOURCE_KEYS for _, cells in table.lines[:50]) > 1
    columns, needed = _NEEDED[name]
    return any(len(columns_of(cells, columns).keys() & set(needed)) > 1 for _, cells in table.lines[:HEADER_WITHIN])


def together(file: File) -> str:
    """A workbook is a source of its own; CSV files are one where they lie in one folder."""
    return f"{file.folder}/*.csv" if file.suffix == ".csv" else file.name


def gathered(bundle: Bundle, reading: Reading) -> Tables:
    """The tables of a bundle, with the faults of their cells and of what is missing."""
    tables = Tables()
    for name, table in _all_of(bundle, reading):
        if getattr(tables, name) is not None:
            reading.fault(Place(table.where), TWICE(name=name))
        setattr(tables, name, table)
        for fault in table.faults:
            reading.refuse(fault)
    where = Place(bundle[0].name)
    if tables.source is None:
        reading.fault(where, NO_SOURCE)
    if tables.framework is None and tables.mapping is None:
        reading.fault(where, NOTHING)
    return tables


def _all_of(bundle: Bundle, reading: Reading) -> list[tuple[str, Table]]:
    found: list[tuple[str, Table]] = []
    for file in bundle:
        if is_workbook(file):
            found += [(known, table) for name, table in sheets(file).items() if (known := NAMES.get(header(name)))]
            continue
        name = _of_csv(file)
        try:
            if name is not None:
                found.append((name, delimited(file)))
                if decoded(file)[1] == SHIFT_JIS:
                    reading.count("files in Shift_JIS, read as code page 932")
        except UnreadableError as error:
            reading.refuse(error.fault)
    return found


def _nearest(table: Table, columns: Columns, needed: Sequence[str]) -> tuple[int, list[str]]:
    """The line of what is most of a header, the first of such, and the columns that it lacks."""
    heads = [(line, columns_of(cells, columns)) for line, cells in table.lines[:HEADER_WITHIN]]
    lacking = [(line, [name for name in needed if name not in found]) for line, found in heads]
    return min(lacking, key=lambda one: len(one[1]), default=(1, list(needed)))


def header_of(name: str, table: Table, reading: Reading) -> tuple[int, dict[str, int]] | None:
    """The header of a table; a fault where it lacks a column, and a count of the columns that are not ours."""
    columns, needed = _NEEDED[name]
    found = find_header(table, columns, needed)
    if found is None:
        line, missing = _nearest(table, columns, needed)
        reading.fault(Place(table.where, line), NO_HEADER(columns=", ".join(needed), missing=", ".join(missing)))
        return None
    line, cells = table.lines[found[0]]
    others = sum(bool(header(cell)) and number not in found[1].values() for number, cell in enumerate(cells))
    if others:
        reading.leave(OTHER_COLUMNS, Place(table.where, line), others)
    return found
