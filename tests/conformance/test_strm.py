"""What the STRM loader reads out of workbooks that have the SCF's headers, word for word, and content of our own."""

import pytest

from kakehashi.records.model import Group, MappingSet, Statement
from kakehashi.records.values import Authority, RationaleKind, Redistribution, StatedAs
from kakehashi.sources import olir
from kakehashi.sources.format import Reading
from kakehashi.sources.strm import FORMAT
from tests.support.workbooks import Cell, workbook

HEADER = [
    "FDE #", "FDE Name", "Focal Document Element (FDE) Description", "STRM Rationale", "STRM Relationship", "SCF Control",
    "SCF #", "SCF Control Description", "Strength of Relationship", "Notes",
]  # fmt: skip
OTHER_HEADER = [
    "FDE #", "FDE Name", "Focal Document Element (FDE)\nDescription", "STRM\nRationale", "STRM\nRelationship", "SCF Control",
    "SCF #", "Secure Controls Framework (SCF)\nControl Description", "Strength of Relationship\n(optional)", "Notes\n(optional)",
]  # fmt: skip
ABOVE: list[list[Cell]] = [
    ["NIST IR 8477-Based Set Theory Relationship Mapping (STRM)"],
    ["Reference Document: Secure Controls Framework (SCF) version 2025.2.2"],
    ["Focal Document:", "ISO/IEC 27001:2022"],
    ["Focal Document URL: https://example.org/"],
]
ROWS: list[list[Cell]] = [
    ["A.5.1", "Policies", "text", "Functional", "Subset Of", "Programme", "GOV-01", "text", 10, None],
    ["A.5.1", "Policies", "text", "Functional", "Intersects With", "Policies", "GOV-02", "text", 5, "Our note"],
    ["A.5.2", "Roles", "text", "Semantic", "Equal", "Roles", "HRS-03", "text", 10, None],
    ["A.5.3", "Duties", "text", "Functional", "Superset Of", "Duties", "HRS-11", "text", 8, None],
    ["A.5.4", "None", "text", "Functional", "No Relationship", "N/A", "N/A", "N/A", None, None],
    ["A.5.5", "Other", "text", "Functional", "No Relationship", "Roles", "HRS-03", "text", None, None],
]


def read(*rows: list[Cell], header: list[str] = HEADER, merged: tuple[tuple[str, str, str], ...] = ()) -> Reading:
    file = workbook({"STRM": [*ABOVE, header, *rows]}, merged)
    assert FORMAT.recognises(file)
    assert not olir.FORMAT.recognises(file)
    return FORMAT.read((file,))


def statements(reading: Reading) -> list[Statement]:
    assert [fault.text.en for fault in reading.faults] == []
    return [one for one in reading.records if isinstance(one, Statement)]


@pytest.mark.parametrize("header", [HEADER, OTHER_HEADER])
def test_the_element_is_the_subject(header: list[str]) -> None:
    reading = read(*ROWS, header=header)
    found = [(one.subject, one.predicate, one.object) for one in statements(reading)]
    assert found == [
        ("iso-27001/2022/a.5.1", "subset-of", "scf/2025.2.2/gov-01"),
        ("iso-27001/2022/a.5.1", "intersects-with", "scf/2025.2.2/gov-02"),
        ("iso-27001/2022/a.5.2", "equal", "scf/2025.2.2/hrs-03"),
        ("iso-27001/2022/a.5.3", "superset-of", "scf/2025.2.2/hrs-11"),
        ("iso-27001/2022/a.5.5", "no-relationship", "scf/2025.2.2/hrs-03"),
    ]
    assert reading.found == {"rows": 6, "mapping rows": 5}
    assert {why.en: left.count for why, left in reading.left_out.items()}["An element without an SCF control."] == 1


def test_a_row_keeps_the_publishers_words() -> None:
    mapping = statements(read(*ROWS))[1].mapping
    assert mapping is not None
    assert (mapping.verbatim, mapping.strength, mapping.rationale_kind) == ("Intersects With", "5", RationaleKind.FUNCTIONAL)
    assert [label.text for label in mapping.rationale] == ["Our note"]


def test_the_source_stays_here() -> None:
    reading = read(*ROWS)
    source = reading.source
    assert source is not None
    assert (source.id, source.version) == ("source/strm/iso-27001-2022/scf-2025.2.2", "2025.2.2")
    assert (source.authority, source.redistribution) == (Authority.OFFICIAL, Redistribution.LOCAL_ONLY)
    (mapping_set,) = (one for one in reading.records if isinstance(one, MappingSet))
    assert (mapping_set.stated_as, mapping_set.rows) == (StatedAs.SOURCE_TO_TARGET, 5)
    assert (mapping_set.subject_edition, mapping_set.object_edition) == ("iso-27001/2022", "scf/2025.2.2")


def test_another_version_of_the_scf_is_another_edition_of_it() -> None:
    file = workbook({"STRM": [["Reference Document: SCF 2026.1"], ["Focal Document: Example Law"], HEADER, ROWS[0]]})
    (found,) = statements(FORMAT.read((file,)))
    assert (found.subject, found.object) == ("example-law/as-named/A.5.1", "scf/2026.1/gov-01")


def test_a_merged_element_holds_for_all_its_rows() -> None:
    rows = [[None, *ROWS[0][1:]], [None, *ROWS[1][1:]]]
    found = statements(read(*rows, merged=(("STRM", "A6:A7", "A.5.1"),)))
    assert [one.subject for one in found] == ["iso-27001/2022/a.5.1"] * 2


def test_lines_of_a_cell_are_read_side_by_side() -> None:
    found = statements(read(["A.5.1", None, None, "Functional", "Subset Of\nEqual", None, "GOV-01\nGOV-02", None, "3\n10", None]))
    assert [(one.predicate, one.object) for one in found] == [
        ("subset-of", "scf/2025.2.2/gov-01"),
        ("equal", "scf/2025.2.2/gov-02"),
    ]
    assert [one.mapping.strength for one in found if one.mapping] == ["3", "10"]


def test_one_word_for_several_controls_is_said_of_them_together() -> None:
    reading = read(["A.5.1", None, None, "Functional", "Subset Of", None, "GOV-01\nGOV-02", None, 5, None])
    (group,) = (one for one in reading.records if isinstance(one, Group))
    assert group.objects == ("scf/2025.2.2/gov-01", "scf/2025.2.2/gov-02")
    assert {one.predicate for one in statements(reading)} == {"related-match"}
