"""What the OLIR loader reads out of workbooks that have NIST's headers, word for word, and content of our own."""

from collections.abc import Sequence

import pytest

from kakehashi.records.model import Edition, Group, Label, MappingSet, Resource, Statement
from kakehashi.records.values import Authority, RationaleKind, Redistribution, StatedAs
from kakehashi.sources import strm
from kakehashi.sources.documents import key, known_document
from kakehashi.sources.format import Reading
from kakehashi.sources.olir import FORMAT
from kakehashi.sources.template import FORMAT as TEMPLATE
from tests.support.workbooks import Cell, Sheets, workbook

CSF_TO_800_53: list[Cell] = [
    "Focal Document\nElement", "Focal Document Element Description", "Reference Document\nElement",
    "Reference Document\nElement Description\n(Optional)", "Comments\n(Optional)", "Strength of\nRelationship\n(Optional)",
]  # fmt: skip
TO_ISO: list[Cell] = [
    "Focal Document\nElement", "Focal Document Element Description", "Security Control Baseline", "Reference Document Element",
    "Reference Document\nElement Description\n(Optional)", "Comments (optional)", "Strength of Relationship (optional)",
]  # fmt: skip
GROUPED: list[Cell] = [
    "Focal Document Element", "Focal Document Element Description", "Security Control Baseline", "Reference Document Element",
    "Reference Document Element Description", "Fulfilled By (Y/N)", "Group Identifier (optional)", "Comments (optional)",
    "Strength of Relationship (optional)",
]  # fmt: skip
SET_THEORY: list[Cell] = [
    "Focal Document\nElement", "Focal Document Element Description", "Security Control\nBaseline", "Rationale", "Relationship",
    "Reference Document\nElement", "Reference Document\nElement Description\n(Optional)", "Comments\n(Optional)",
    "Strength of\nRelationship\n(Optional)",
]  # fmt: skip
SUPPORTIVE: list[Cell] = [
    "Focal Document Element", "Focal Document Element Description", "Reference Document Element", "Relationship Type",
    "Relationship Explanation", "Relationship Property",
]  # fmt: skip


def about(**fields: str) -> list[list[Cell]]:
    """A sheet of general information, as the template's submission form lays it out."""
    rows: list[list[Cell]] = [["Informative Reference Submission Form"], ["Field Name", "Value"]]
    return rows + [[f"{name.replace('_', ' ')}*", value] for name, value in fields.items()]


def read(sheets: Sheets, name: str = "example.xlsx") -> Reading:
    file = workbook(sheets, name=name)
    assert FORMAT.recognises(file)
    assert not strm.FORMAT.recognises(file)
    assert not TEMPLATE.recognises(file)
    return FORMAT.read((file,))


def statements(reading: Reading) -> list[Statement]:
    assert [fault.text.en for fault in reading.faults] == []
    return [one for one in reading.records if isinstance(one, Statement)]


def one(reading: Reading, kind: type[MappingSet] | type[Group]) -> MappingSet | Group:
    (found,) = (record for record in reading.records if isinstance(record, kind))
    return found


def test_a_concept_crosswalk_gives_candidates() -> None:
    """NIST's own workbook 186 has one sheet and says nowhere which documents it maps: its name and its elements do."""
    rows: Sequence[Sequence[Cell]] = [
        CSF_TO_800_53,
        ["GV", "A function", None, None, None, None],
        ["GV.OC-01", "An outcome", "PM-11\n", "A control", "Our remark", "7"],
        ["DE.CM-01", "An outcome", "AC-02", None, None, None],
    ]
    reading = read({"Relationships": rows}, "csf-2.0-to-sp800-53r5-mappings.xlsx")
    first, second = statements(reading)
    assert (first.subject, first.predicate, first.object) == (
        "nist-sp-800-53/rev5/pm-11",
        "related-match",
        "nist-csf/2.0/gv.oc-01",
    )
    assert first.mapping is not None
    assert (first.mapping.verbatim, first.mapping.strength) == ("informative reference", "7")
    assert first.mapping.rationale == (Label(language="en", text="Our remark"),)
    assert (second.subject, second.object) == ("nist-sp-800-53/rev5/ac-2", "nist-csf/2.0/de.cm-01")
    assert reading.found == {"rows": 3, "mapping rows": 2}
    assert {why.en: left.count for why, left in reading.left_out.items()}["An element without a counterpart."] == 1


def test_a_word_is_said_of_the_reference_element() -> None:
    general = about(
        Informative_Reference_Name="Example-v2-to-SP800-53r5 (1.0.0)", Focal_Document_Version="NIST SP 800-53 R5.1.1",
        Reference_Document="ISO/IEC 27001:2022", Informative_Reference_Developer="National Institute of Standards and Technology",
    )  # fmt: skip
    rows: list[list[Cell]] = [
        SET_THEORY,
        ["AC-01", "d", "Low", "Functional", "subset of", "A.5.1", "d", "why", "7"],
        ["AC-02", "d", "Low", "Semantic", "intersects with", "A.5.16", "d", None, 4],
        ["AC-02(1)", "d", "Moderate", "Syntactic", "not related to", "A.8.1", None, None, "0"],
        ["AC-03", "d", "Low", None, None, None, None, None, None],
    ]
    reading = read({"General Information": general, "Relationships-AC": rows})
    found = {(one.subject, one.object): one for one in statements(reading)}
    inside = found["iso-27001/2022/a.5.1", "nist-sp-800-53/rev5/ac-1"]
    assert inside.predicate == "subset-of"
    assert inside.mapping is not None
    assert (inside.mapping.rationale_kind, inside.mapping.strength) == (RationaleKind.FUNCTIONAL, "7")
    assert found["iso-27001/2022/a.5.16", "nist-sp-800-53/rev5/ac-2"].predicate == "intersects-with"
    assert found["iso-27001/2022/a.8.1", "nist-sp-800-53/rev5/ac-2.1"].predicate == "no-relationship"
    mapping_set = one(reading, MappingSet)
    assert isinstance(mapping_set, MappingSet)
    assert (mapping_set.stated_as, mapping_set.rows) == (StatedAs.REFERENCE_TO_FOCAL, 3)
    assert (mapping_set.subject_edition, mapping_set.object_edition) == ("iso-27001/2022", "nist-sp-800-53/rev5")


def test_a_source_is_named_after_the_reference_and_its_version() -> None:
    general = about(
        Informative_Reference_Name="Example-v2-to-SP800-53r5 (1.0.0)", Focal_Document="SP 800-53 Rev 5",
        Reference_Document="Example Standard", Reference_Document_Version="2", Reference_Document_Author="Example Ltd",
        Informative_Reference_Developer="Example Ltd",
    )  # fmt: skip
    source = read({"General Information": general, "Relationships": [TO_ISO, ["AC-1", None, None, "1.1"]]}).source
    assert source is not None
    assert (source.id, source.version) == ("source/olir/example-v2-to-sp800-53r5/1.0.0", "1.0.0")
    assert source.authority is Authority.OFFICIAL
    assert source.redistribution is Redistribution.LOCAL_ONLY
    assert source.publisher == "org/example-ltd"


@pytest.mark.parametrize(
    ("developer", "authority", "redistribution"),
    [
        ("National Institute of Standards and Technology", Authority.OFFICIAL, Redistribution.OPEN),
        ("Somebody Else", Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY),
    ],
)
def test_who_developed_it_decides_its_authority(developer: str, authority: Authority, redistribution: Redistribution) -> None:
    general = about(Focal_Document="SP 800-53 Rev 5", Reference_Document="Example", Reference_Developer=developer)
    source = read({"General Information": general, "Relationships": [TO_ISO, ["AC-1", None, None, "1.1"]]}).source
    assert source is not None
    assert (source.authority, source.redistribution) == (authority, redistribution)


def test_documents_that_are_not_registered_are_named_after_themselves() -> None:
    general = about(Focal_Document="Example Policy", Focal_Document_Version="3", Reference_Document="Other Rules")
    reading = read({"General Information": general, "Relationships": [TO_ISO, ["P 1", None, None, "R1"]]})
    (found,) = statements(reading)
    assert (found.subject, found.object) == ("other-rules/as-named/R1", "example-policy/3/P~201")
    assert {record.id for record in reading.records if isinstance(record, Edition)} == {
        "other-rules/as-named",
        "example-policy/3",
    }


def test_every_sheet_of_a_family_is_read_and_other_sheets_are_not() -> None:
    general = about(Focal_Document="SP 800-53 Rev 5", Reference_Document="ISO/IEC 27001:2022")
    sheets: Sheets = {
        "General Information": general, "Relationships-AC": [TO_ISO, ["AC-01", "d", "Low", "A.5.15", "d", "c", "5"]],
        "AT": [TO_ISO, ["AT-02", "d", "Low", "A.6.3", None, None, None]],
        "Definitions": [["Term", "Meaning"], ["Focal Document", "Not this one"]],
    }  # fmt: skip
    assert [one.object for one in statements(read(sheets))] == ["nist-sp-800-53/rev5/ac-1", "nist-sp-800-53/rev5/at-2"]


def test_rows_of_a_group_are_one_mapping_of_all_their_references() -> None:
    general = about(Focal_Document="Cybersecurity Framework v1.1", Reference_Document="ISO/IEC 27001:2013")
    rows: list[list[Cell]] = [
        [*GROUPED, "Relationship"],
        ["ID.AM-1", None, None, "A.8.1.1", None, "Y", "ID.AM-1:G1", "first", None, "equal"],
        ["ID.AM-1", None, None, "A.8.1.2", None, "Y", "ID.AM-1:G1", "second", None, "equal"],
        ["ID.AM-2", None, None, "A.8.1.1", None, "N", None, None, None, "superset of"],
    ]
    reading = read({"General Information": general, "Relationships": rows})
    group = one(reading, Group)
    assert isinstance(group, Group)
    assert group.subjects == ("iso-27001/2013/a.8.1.1", "iso-27001/2013/a.8.1.2")
    assert group.objects == ("nist-csf/1.1/id.am-1",)
    found = {(one.subject, one.object): one for one in statements(reading)}
    part = found["iso-27001/2013/a.8.1.1", "nist-csf/1.1/id.am-1"]
    assert (part.predicate, part.mapping and part.mapping.group) == ("broad-match", group.id)
    assert found["iso-27001/2013/a.8.1.1", "nist-csf/1.1/id.am-2"].predicate == "superset-of"
    mapping_set = one(reading, MappingSet)
    assert isinstance(mapping_set, MappingSet)
    assert mapping_set.rows == 3


def test_supportive_relations_give_candidates_but_for_those_that_say_the_same() -> None:
    general = about(Focal_Document="nist-csf/2.0", Reference_Document="Example")
    rows: list[list[Cell]] = [
        SUPPORTIVE,
        ["GV.OC-01", None, "1", "supports", "It is needed first", "integral to"],
        ["GV.OC-02", None, "2", "equivalent", None, None],
        ["GV.OC-03", None, "3", "contrary", None, None],
    ]
    found = statements(read({"General Information": general, "Relationships": rows}))
    assert [one.predicate for one in found] == ["related-match", "equal", "related-match"]
    assert found[0].mapping is not None
    assert [label.text for label in found[0].mapping.rationale] == ["It is needed first", "integral to"]


def test_a_pair_that_is_stated_twice_keeps_both_statements() -> None:
    general = about(Focal_Document="nist-csf/2.0", Reference_Document="Example")
    pairs: list[list[Cell]] = [["GV.OC-01", None, "1", "supports", text, None] for text in "ab"]
    found = statements(read({"General Information": general, "Relationships": [SUPPORTIVE, *pairs]}))
    assert len({one.id for one in found}) == 2


def test_two_editions_of_one_framework_tell_it_once() -> None:
    general = about(Focal_Document="CSF 2.0", Reference_Document="CSF 1.1")
    reading = read({"General Information": general, "Relationships": [TO_ISO, ["GV.OC-01", None, None, "ID.BE-1"]]})
    ids = [(type(record), record.id) for record in reading.records]
    assert len(set(ids)) == len(ids)
    assert {record.id for record in reading.records if isinstance(record, Edition)} == {"nist-csf/1.1", "nist-csf/2.0"}


def test_texts_of_elements_are_left_to_their_documents() -> None:
    general = about(Focal_Document="SP 800-53 Rev 5", Reference_Document="ISO/IEC 27001:2022")
    reading = read(
        {"General Information": general, "Relationships": [TO_ISO, ["AC-1", "focal", "Low", "A.5.1", "secret wording"]]}
    )
    assert not any("secret wording" in repr(record) for record in reading.records)
    assert all(not record.texts for record in reading.records if isinstance(record, Resource))


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("NIST SP 800-53 R5.1.1", "nist-sp-800-53/rev5"),
        ("SP800-53r5", "nist-sp-800-53/rev5"),
        ("Special Publication 800-53, Revision 4, Security and Privacy Controls", "nist-sp-800-53/rev4"),
        ("NIST Cybersecurity Framework (CSF) 2.0", "nist-csf/2.0"),
        ("CSF-v1.1", "nist-csf/1.1"),
        ("ISO/IEC 27001:2022", "iso-27001/2022"),
        ("ISO 27001 (2013)", "iso-27001/2013"),
        ("iso-27001/2022", "iso-27001/2022"),
    ],
)
def test_a_document_is_known_by_its_name_in_prose(name: str, edition: str) -> None:
    work = known_document(name)
    assert work is not None, key(name)
    assert work.edition == edition


@pytest.mark.parametrize("name", ["ISO 27001", "Cybersecurity Framework", "SP 800-53", ""])
def test_a_name_without_its_edition_is_not_guessed(name: str) -> None:
    assert known_document(name) is None
