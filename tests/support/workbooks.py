"""Small Excel workbooks, as bytes: text stays text, numbers and dates are what Excel would make of them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter

from kakehashi.sources.files import File


@dataclass(frozen=True)
class Formula:
    """A formula with the result that is stored beside it; an empty one was never computed."""

    text: str
    result: str = ""


Cell = str | int | float | date | Formula | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]


def workbook(sheets: Sheets, merged: Sequence[tuple[str, str, str]] = (), name: str = "example.xlsx") -> File:
    """A workbook of sheets; `merged` are ranges ("sheet", "A3:A5", text) that are merged into one cell."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy/mm/dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    match cell:
                        case str():
                            sheet.write_string(number, column, cell)
                        case Formula():
                            sheet.write_formula(number, column, cell.text, value=cell.result)
                        case date():
                            sheet.write_datetime(number, column, cell, day)
                        case int() | float():
                            sheet.write_number(number, column, cell)
            for owner, cells, text in merged:
                if owner == title:
                    sheet.merge_range(cells, text)
    return File(name, stream.getvalue())
