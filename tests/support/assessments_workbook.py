"""Writes the example workbook of assessments: python -m tests.support.assessments_workbook."""

import io
from datetime import datetime
from pathlib import Path
from typing import Final

import xlsxwriter

WORKBOOK: Final = Path(__file__).parents[2] / "loaders" / "kakehashi" / "data" / "assessments" / "kakehashi-assessments.xlsx"

LISTS: Final = {
    "applicable": ["yes", "no", "はい", "いいえ"],
    "status": ["in place", "planned", "not", "実施済み", "計画中", "未実施"],
}
HEADER: Final = [
    "organisation 組織", "scope 範囲", "edition 版", "provision 条項", "applicable 適用", "justification 理由", "status 状況",
    "control 手段", "evidence 証跡", "reviewer 評価者", "date 評価日", "remark 備考",
]  # fmt: skip
_WHO: Final = ["例示市教育委員会", ""]
_BY: Final = ["情報政策課 例示太郎", "2026-04-01"]
ROWS: Final = [
    [
        *_WHO,
        "ISO/IEC 27001:2022",
        "A.5.1",
        "yes",
        "",
        "in place",
        "",
        "https://example.org/policy",
        *_BY,
        "年に一度見直している。",
    ],
    [*_WHO, "ISO/IEC 27001:2022", "A.8.5", "yes", "", "planned", "microsoft/cap/mfa", "", *_BY, "夏休みに有効にする。"],
    [*_WHO, "ISO/IEC 27001:2022", "A.8.28", "no", "ソフトウェアを自ら開発しない。", "", "", "", *_BY, ""],
    [*_WHO, "guideline-r7-3", "10", "はい", "", "未実施", "", "", *_BY, ""],
    [_WHO[0], "校務系", "ISO/IEC 27001:2022", "A.8.5", "yes", "", "in place", "microsoft/cap/mfa", "", *_BY, ""],
]
SOURCE: Final = [
    ["key", "value", "note"],
    ["id", "example-school-board-assessments", "この出典の識別子。小文字の英数字と . - / Identifies this source"],
    ["title_ja", "例示市教育委員会 評価", "題名(日本語か英語のどちらかは必須) / Title; one of the two languages is required"],
    ["title_en", "Example City Board of Education: assessments", "題名(英語) / Title in English"],
]  # fmt: skip
SHEETS: Final = {"source": SOURCE, "assessments": [HEADER, *ROWS]}
_WIDTHS: Final = {"source": (14, 44, 60), "assessments": (24, 12, 22, 12, 12, 30, 12, 22, 30, 22, 14, 30)}


def workbook() -> bytes:
    """All cells are text, so that Excel makes neither 5.1 of 5.10 nor another date of a date."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "Kakehashi assessments", "created": datetime(2024, 4, 1)})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E6EEF5"})
        for name, table in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, (title, width) in enumerate(zip(table[0], _WIDTHS[name], strict=True)):
                sheet.set_column(column, column, width, text)
                words = LISTS.get(title.split()[0])
                if words is not None:
                    sheet.data_validation(1, column, 4999, column, {"validate": "list", "source": words})
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, text if number else bold)
    return stream.getvalue()


if __name__ == "__main__":
    WORKBOOK.parent.mkdir(exist_ok=True)
    WORKBOOK.write_bytes(workbook())
