"""Bad OLIR and STRM workbooks: every bad row at once, with sheet and line, in both languages."""

from collections.abc import Sequence
from datetime import date

import pytest

from kakehashi.records.located import Fault
from kakehashi.sources import olir, strm
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Format
from tests.support.workbooks import Cell, Formula, Sheets, workbook

HEADER: list[Cell] = [
    "Focal Document Element", "Focal Document Element Description", "Rationale", "Relationship", "Reference Document Element",
    "Group Identifier (optional)",
]  # fmt: skip
GENERAL: list[list[Cell]] = [["Focal Document", "Cybersecurity Framework v2.0"], ["Reference Document", "SP 800-53 Rev 5"]]
STRM_HEADER: list[Cell] = [
    "FDE #",
    "FDE Name",
    "STRM Rationale",
    "STRM Relationship",
    "SCF Control",
    "SCF #",
    "Strength of Relationship",
]
ABOVE: list[list[Cell]] = [
    ["Reference Document: Secure Controls Framework (SCF) version 2025.2.2"],
    ["Focal Document: ISO/IEC 27001:2022"],
]


def faults(source: Format, file: File) -> list[Fault]:
    assert source.recognises(file)
    try:
        found = source.read((file,)).faults
    except UnreadableError as error:
        found = [error.fault]
    assert all(fault.text.ja and fault.text.en and fault.text.ja != fault.text.en for fault in found)
    assert all("{" not in fault.text.en + fault.text.ja for fault in found)
    return list(found)


def of_olir(*rows: Sequence[Cell], general: Sequence[Sequence[Cell]] = GENERAL) -> list[Fault]:
    sheets: Sheets = {"General Information": general, "Relationships": [HEADER, *rows]}
    return faults(olir.FORMAT, workbook(sheets))


def of_strm(*rows: Sequence[Cell], above: Sequence[Sequence[Cell]] = ABOVE) -> list[Fault]:
    return faults(strm.FORMAT, workbook({"STRM": [*above, STRM_HEADER, *rows]}))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["GV.OC-01", "d", "Semantic", "part of", "AC-1"], "'part of' is no relationship"),
        (["GV.OC-01", "d", "Semantic", None, "AC-1"], "names two elements and no relationship"),
        ([None, "d", "Semantic", "equal", "AC-1"], "focal document element is missing"),
        (["GV.OC-01", "d", "Semantic", "equal", 5.1], "'reference' holds the number 5.1"),
        ([5.1, "d", "Semantic", "equal", "AC-1"], "'focal' holds the number 5.1"),
        (["GV.OC-01", "d", "Semantic", "equal", date(2024, 5, 1)], "holds the date 2024-05-01"),
        (["GV.OC-01", "d", "Semantic", "equal", Formula("=A1")], "The formula in E3 has no stored result"),
        (["GV.OC-01", "d", Formula("=1/0", "#DIV/0!"), "equal", "AC-1"], "C3 holds an error"),
        (["\n".join(map(str, range(101))), "d", None, "equal", "\n".join(map(str, range(100)))], "stands for 10100 pairs"),
    ],
)
def test_a_bad_row_of_an_olir(row: list[Cell], message: str) -> None:
    found = of_olir(["GV.OC-02", "d", "Semantic", "equal", "AC-2"], row)
    assert [message in fault.text.en for fault in found] == [True]
    assert (found[0].place.file, found[0].place.line) == ("example.xlsx[Relationships]", 3)


def test_all_bad_rows_are_told_at_once() -> None:
    rows: list[list[Cell]] = [["GV.OC-01", None, None, word, "AC-1"] for word in ("a", "equal", "b", None)]
    assert [fault.place.line for fault in of_olir(*rows)] == [2, 4, 5]


def test_a_group_with_two_relationships() -> None:
    rows: list[list[Cell]] = [["GV.OC-01", None, None, word, "AC-1", "G1"] for word in ("equal", "subset of")]
    (fault,) = of_olir(*rows)
    assert "The group 'G1' is 'equal' in line 2 and 'subset of' here" in fault.text.en


def test_an_unknown_supportive_type() -> None:
    rows: list[list[Cell]] = [
        ["Focal Document Element", "Reference Document Element", "Relationship Type"],
        ["GV.OC-01", "AC-1", "likes"],
    ]
    (fault,) = faults(olir.FORMAT, workbook({"General Information": GENERAL, "Relationships": rows}))
    assert "'likes' is no relationship type. Known: identical, equivalent" in fault.text.en


@pytest.mark.parametrize(
    "general", [[["nothing"]], [["Focal Document", "Cybersecurity Framework v2.0"]], [["Reference Document", "x"]]]
)
def test_a_workbook_that_does_not_say_what_it_maps(general: list[list[Cell]]) -> None:
    (fault,) = of_olir(["GV.OC-01", "d", "Semantic", "equal", "AC-2"], general=general)
    assert "Add a sheet 'General Information'" in fault.text.en
    assert "「General Information」というシート" in fault.text.ja


@pytest.mark.parametrize("name", ["csf-2.0-to-csf-2.0-mapping.xlsx", "a-to-b.xlsx", "csf-2.0.xlsx", "csf-2.0-to-iso-27001.xlsx"])
def test_a_name_that_leaves_a_doubt_decides_nothing(name: str) -> None:
    (fault,) = faults(olir.FORMAT, workbook({"Relationships": [HEADER[:2] + HEADER[4:5], ["GV.OC-01", "d", "AC-1"]]}, name=name))
    assert "Add a sheet 'General Information'" in fault.text.en


def test_a_sheet_of_relationships_without_its_columns() -> None:
    sheets: Sheets = {"General Information": GENERAL, "Relationships-AC": [HEADER[:4], ["GV.OC-01"]]}
    (fault,) = faults(olir.FORMAT, workbook(sheets))
    assert "No sheet has a header row" in fault.text.en


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["A.5.1", "n", "Functional", "Within", "c", "GOV-01", 5], "'Within' is no relationship"),
        (["A.5.1", "n", "Functional", None, "c", "GOV-01", 5], "The 'STRM Relationship' is missing"),
        ([None, "n", "Functional", "Equal", "c", "GOV-01", 5], "The 'FDE #' is missing"),
        (["A.5.1", "n", "Functional", "Equal\nEqual", "c", "GOV-01", 5], "names 1 controls and 2 relationships"),
        ([5.1, "n", "Functional", "Equal", "c", "GOV-01", 5], "cannot tell 5.1 from 5.10"),
        ([Formula("=A1"), "n", "Functional", "Equal", "c", "GOV-01", 5], "The formula in A5 has no stored result"),
    ],
)
def test_a_bad_row_of_an_strm(row: list[Cell], message: str) -> None:
    found = of_strm(["A.5.2", "n", "Functional", "Equal", "c", "GOV-02", 10], row)
    assert message in found[0].text.en
    assert {(fault.place.file, fault.place.line) for fault in found} == {("example.xlsx[STRM]", 5)}


@pytest.mark.parametrize(
    ("above", "messages"),
    [
        ([], ["which document it maps", "which version of the SCF"]),
        ([["Focal Document: ISO/IEC 27001:2022"]], ["which version of the SCF"]),
        ([["Reference Document: SCF"], ["Focal Document", "ISO/IEC 27001:2022"]], ["which version of the SCF"]),
        ([["Reference Document: SCF version 2025.2"], ["Focal Document URL: https://example.org"]], ["which document it maps"]),
    ],
)
def test_what_an_strm_must_say_above_its_header(above: list[list[Cell]], messages: list[str]) -> None:
    found = of_strm(["A.5.2", "n", "Functional", "Equal", "c", "GOV-02", 10], above=above)
    assert [message in fault.text.en for message, fault in zip(messages, found, strict=True)] == [True] * len(messages)


def test_an_strm_without_its_relationship_column() -> None:
    header = [cell for cell in STRM_HEADER if cell != "STRM Relationship"]
    (fault,) = faults(strm.FORMAT, workbook({"STRM": [*ABOVE, header, ["A.5.1"]]}))
    assert "No header row has the columns" in fault.text.en


def test_two_mappings_in_one_strm() -> None:
    sheet: list[list[Cell]] = [*ABOVE, STRM_HEADER, ["A.5.2", "n", "Functional", "Equal", "c", "GOV-02", 10]]
    (fault,) = faults(strm.FORMAT, workbook({"one": sheet, "two": sheet}))
    assert fault.place.file == "example.xlsx[two]"


@pytest.mark.parametrize(("source", "name"), [(olir.FORMAT, "x-OLIR.xlsx"), (strm.FORMAT, "scf-strm-x.xlsx")])
def test_a_workbook_that_cannot_be_read_is_known_by_its_name(source: Format, name: str) -> None:
    (fault,) = faults(source, File(name, b"PK\x03\x04cut off"))
    assert fault.text.en.startswith("This is no Excel workbook")
