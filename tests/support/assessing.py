"""A small release with something to assess, and workbooks of assessments of it."""

from collections.abc import Sequence
from pathlib import Path

from tests.support import small_catalogue
from tests.support.making import build
from tests.support.workbooks import Cell, Sheets, workbook

EDITION = "rules/2026"
ENTITIES = """- {id: tool, kind: product, ja: 道具, en: NAME, ours: [ja, en]}
- {id: spare, kind: product, ja: 予備, en: Spare, ours: [ja, en]}
- {id: twin-1, kind: product, ja: 双子, en: Twin, ours: [ja, en]}
- {id: twin-2, kind: product, ja: 双子, en: Twin the second, ours: [ja, en]}
- {id: chapter, kind: heading, notation: "1", ja: 章, en: Chapter, ours: [ja, en]}
- {id: rule-1, kind: recommendation, notation: "1.1", ja: 規則1, en: Rule 1, ours: [ja, en]}
- {id: rule-2, kind: recommendation, notation: "1.2", ja: 規則2, en: Rule 2, ours: [ja, en]}
- {id: rule-3, kind: recommendation, notation: "1.10", ja: 規則3, en: Rule 3, ours: [ja, en]}
- {id: same-a, kind: recommendation, notation: "9", ja: 同じ番号A, en: Same A, ours: [ja, en]}
- {id: same-b, kind: recommendation, notation: "9", ja: 同じ番号B, en: Same B, ours: [ja, en]}
- {id: rules, kind: framework, ja: 規則集, en: Rules, ours: [ja, en]}
- {id: rules/2026, kind: edition, ja: 規則集(2026), en: Rules 2026, ours: [ja, en]}
- {id: laws, kind: framework, ja: 法令集, en: Laws, ours: [ja, en]}
- {id: laws/1, kind: edition, ja: 法令集1, en: Laws 1, ours: [ja, en]}
- {id: law-1, kind: recommendation, notation: "1", ja: 法1, en: Law 1, ours: [ja, en]}
- {id: law-2, kind: recommendation, notation: "2", ja: 法2, en: Law 2, ours: [ja, en]}
"""
RELATIONS = """subject\tpredicate\tobject\tsection\tcertainty\tnature\tconfidence\tnote
tool\tsatisfies\trule-1\t1\tprinted\treport\t\t
rule-1\tequal\tlaw-1\t1\tprinted\treport\t\t
rule-2\tsubset-of\tlaw-2\t1\tprinted\treport\t\t
"""
FRAMEWORKS = """- id: rules
  parent_link: grouping
  reason_ja: 親子関係はない。
  reason_en: There are no parents.
  editions:
  - {id: rules/2026, version: "2026", issued: "2026-01-01", provisions: [chapter, rule-1, rule-2, rule-3, same-a, same-b]}
- id: laws
  parent_link: grouping
  reason_ja: 親子関係はない。
  reason_en: There are no parents.
  editions:
  - {id: laws/1, version: "1", issued: "2026-01-01", provisions: [law-1, law-2]}
"""

BOARD = "秘密市教育委員会"
SOURCE_ID = "source/assessments/secret-board"
SOURCE: list[list[Cell]] = [["key", "value"], ["id", "secret-board"], ["title_ja", "秘密市の評価"]]
HEADER: list[Cell] = [
    "organisation", "scope", "edition", "provision", "applicable", "justification", "status", "control", "evidence", "reviewer",
    "date", "remark",
]  # fmt: skip


def row(**cells: Cell) -> list[Cell]:
    """A row that is sound, with some of its cells otherwise."""
    sound: dict[str, Cell] = {
        "organisation": BOARD, "edition": EDITION, "provision": "1.1", "applicable": "yes", "status": "in place",
        "reviewer": "評価 花子", "date": "2026-04-01",
    }  # fmt: skip
    return [(sound | cells).get(str(column)) for column in HEADER]


def write_catalogue(folder: Path, name: str = "Tool", *, without: str = "") -> Path:
    """Write the release's catalogue; `without` leaves out a provision."""
    small_catalogue.write(folder, name)
    entities = "".join(line for line in ENTITIES.splitlines(keepends=True) if f"id: {without}," not in line)
    relations = "".join(line for line in RELATIONS.splitlines(keepends=True) if not without or without not in line)
    (folder / "entities" / "all.yaml").write_text(entities.replace("NAME", name), "utf-8")
    (folder / "relations.tsv").write_text(relations, "utf-8")
    frameworks = FRAMEWORKS.replace(f"{without}, ", "") if without else FRAMEWORKS
    (folder / "frameworks.yaml").write_text(frameworks, "utf-8")
    return folder


def write_workbook(path: Path, *rows: Sequence[Cell], source: Sequence[Sequence[Cell]] = SOURCE) -> Path:
    """Write a workbook of assessments."""
    sheets: Sheets = {"source": source, "assessments": [HEADER, *rows]}
    path.write_bytes(workbook(sheets, name=path.name).content)
    return path


def home_at(root: Path) -> Path:
    """A home that serves the release, and nothing private yet."""
    home = root / "home"
    build(home, [write_catalogue(root / "catalogue")])
    return home
