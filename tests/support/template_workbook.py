"""Writes the template's workbook from its CSV files: python -m tests.support.template_workbook."""

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Final

import xlsxwriter

FOLDER: Final = Path(__file__).parents[2] / "loaders" / "kakehashi" / "data" / "template"
WORKBOOK: Final = FOLDER / "kakehashi-template.xlsx"
SHEETS: Final = ("source", "framework", "mapping")

_LONGEST: Final = 60
_LISTS: Final = {
    "kind": ["heading", "requirement", "control", "control-enhancement", "provision-part"],
    "status": ["withdrawn", "deprecated", "revoked"],
    "relation": ["equal", "subset of", "superset of", "intersects with", "no relationship", "related match"],
    "rationale_kind": ["syntactic", "semantic", "functional"],
}


def rows(name: str) -> list[list[str]]:
    """The rows of one of the CSV files."""
    return list(csv.reader(io.StringIO((FOLDER / f"{name}.csv").read_text("utf-8-sig"), newline="")))


def workbook() -> bytes:
    """All cells are text, so that Excel makes neither 5.1 of 5.10 nor a date of 5-1."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "Kakehashi template", "created": datetime(2024, 4, 1)})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E6EEF5"})
        for name in SHEETS:
            sheet, table = book.add_worksheet(name), rows(name)
            sheet.freeze_panes(1, 0)
            for column, title in enumerate(table[0]):
                wide = max(sum(2 if ord(char) > 0x2E7F else 1 for char in row[column]) for row in table)
                sheet.set_column(column, column, min(wide + 2, _LONGEST), text)
                if title in _LISTS:
                    rule = {"validate": "list", "source": _LISTS[title], "error_type": "information"}
                    sheet.data_validation(1, column, 999, column, rule)
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, text if number else bold)
    return stream.getvalue()


if __name__ == "__main__":
    WORKBOOK.write_bytes(workbook())
