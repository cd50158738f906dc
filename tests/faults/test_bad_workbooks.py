"""Hostile and broken workbooks and CSV files: refused before they cost anything, and never with a traceback."""

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from kakehashi.sources import workbooks
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.tables import decoded, delimited, sheets
from tests.support.workbooks import Formula, workbook

SHEET = "xl/worksheets/sheet1.xml"


def parts(file: File) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(found: Mapping[str, bytes], *more: tuple[str, bytes]) -> File:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*found.items(), *more):
            archive.writestr(name, content)
    return File("x.xlsx", stream.getvalue())


def small() -> dict[str, bytes]:
    return parts(workbook({"one": [["a", "b"], [1, 2]]}))


def refused(file: File) -> tuple[str, str]:
    with pytest.raises(UnreadableError) as error:
        sheets(file)
    fault = error.value.fault
    assert fault.text.ja != fault.text.en
    return str(fault.place), fault.text.en


def test_a_stray_value_in_the_last_cell_is_refused_and_found() -> None:
    """Laid out cell by cell, the sheet would ask for half a terabyte."""
    place, text = refused(workbook({"表": [["a"]] + [[]] * 1_048_574 + [[None] * 16_383 + ["x"]]}))
    assert place == "example.xlsx[表]"
    assert "XFD1048576" in text


@pytest.mark.parametrize("cell", ['<c r="XFD1048576"><v>1</v></c>', "<x:c xmlns:x='y' s='1' r='XFD1048576'><x:v>1</x:v></x:c>"])
def test_however_it_is_written(cell: str) -> None:
    found = small()
    found[SHEET] = found[SHEET].replace(b"</sheetData>", f'<row r="1048576">{cell}</row></sheetData>'.encode())
    assert "stray value" in refused(packed(found))[1]


def test_empty_cells_far_away_are_only_format() -> None:
    found = small()
    found[SHEET] = found[SHEET].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    assert len(sheets(packed(found))["one"].lines) == 2


def test_a_long_text_that_many_cells_share_is_refused() -> None:
    assert "characters together" in refused(workbook({"one": [["x" * 32_000]] * 9_000}))[1]


def test_an_archive_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 10_000)
    assert "Unpacked it has" in refused(packed(small(), ("xl/media/big.bin", bytes(20_000))))[1]


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_MEMBERS", 20)
    assert "more than 20 files" in refused(packed(small(), *((f"x/{number}", b"") for number in range(20))))[1]


def test_a_part_that_is_longer_than_the_archive_says() -> None:
    found = small()
    found[SHEET] += b" " * 100_000
    file = packed(found)
    lying = File("lying.xlsx", file.content.replace(struct.pack("<I", len(found[SHEET])), struct.pack("<I", 400)))
    assert "This is no Excel workbook" in refused(lying)[1]


def test_two_parts_of_one_name() -> None:
    found = small()
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = packed(found, (SHEET, found[SHEET]))
    assert "two parts have one name" in refused(file)[1]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, b"<worksheet><sheetData>" + b"<row>" * 200),
        (SHEET, b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><worksheet><sheetData>&e;'),
        (SHEET, b"sheetData\x00\xff"),
        ("xl/workbook.xml", b""),
        ("xl/_rels/workbook.xml.rels", b"<a>"),
        ("xl/sharedStrings.xml", b"<sst><si><t>a"),
    ],
)
def test_parts_that_are_no_xml(part: str, content: bytes) -> None:
    found = small()
    found[part] = content
    assert "This is no Excel workbook" in refused(packed(found))[1]


def test_a_part_that_is_missing() -> None:
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET):
        found = small()
        del found[name]
        assert "This is no Excel workbook" in refused(packed(found))[1]


@pytest.mark.parametrize("size", [0, 3, 100, 2_000, -30])
def test_a_workbook_that_was_cut_off(size: int) -> None:
    content = workbook({"one": [["a", "b"]]}).content
    assert "This is no Excel workbook" in refused(File("cut.xlsx", content[:size]))[1]


def test_cells_that_cannot_be_read_are_told_with_their_place() -> None:
    table = sheets(workbook({"one": [["a"], [Formula("=B1")], [Formula("=NA()", "#N/A")], [Formula("=1", "2")]]}))["one"]
    assert [(str(fault.place), fault.text) for fault in table.faults] == [
        ("example.xlsx[one]:2", workbooks.NO_RESULT(cell="A2")),
        ("example.xlsx[one]:3", workbooks.ERROR_CELL(cell="A3")),
    ]
    assert [cells[0] for _, cells in table.lines] == ["a", "", "", "2"]


def test_a_byte_that_is_in_no_encoding() -> None:
    with pytest.raises(UnreadableError) as error:
        decoded(File("x.csv", b"a,b\n\xff\xa0\x81"))
    assert "neither UTF-8 nor Shift_JIS" in error.value.fault.text.en


@pytest.mark.parametrize(("content", "line"), [(b'a,b\n"1"2,3\n', 2), (b'a,b\n1,2\n"never closed\n\n', 3), (b'a\n"x\ny"\n"z', 4)])
def test_a_malformed_csv_is_refused_with_its_line(content: bytes, line: int) -> None:
    with pytest.raises(UnreadableError) as error:
        delimited(File("x.csv", content))
    assert error.value.fault.place.line == line


def test_lines_are_counted_where_a_row_begins() -> None:
    assert [line for line, _ in delimited(File("x.csv", b'a\r\n"x\r\ny"\r\nz\r\n')).lines] == [1, 2, 4]
