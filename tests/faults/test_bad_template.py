"""Mistakes that people make in the template: every bad cell is told at once, with sheet and line, in both languages."""

from collections.abc import Sequence
from datetime import date

import pytest

from kakehashi.records.located import Fault
from kakehashi.sources.files import File
from kakehashi.sources.template import FORMAT
from tests.support.workbooks import Cell, Formula, Sheets, workbook

SOURCE: list[list[Cell]] = [["key", "value"], ["id", "example"], ["title_ja", "例"], ["target_edition", "iso-27001/2022"]]
FRAMEWORK: list[list[Cell]] = [
    ["notation", "parent", "kind", "name_ja", "status"],
    ["1", None, "heading", "章", None],
    ["1.1", "1", "requirement", "条", None],
]
MAPPING: list[list[Cell]] = [
    ["subject", "relation", "object", "rationale_kind", "confidence"],
    ["1.1", "subset of", "A.5.1", None, None],
]


def faults(*files: File) -> list[Fault]:
    assert all(map(FORMAT.recognises, files))
    (bundle,) = FORMAT.bundles(files)
    found = FORMAT.read(bundle).faults
    assert all(fault.text.ja and fault.text.en and fault.text.ja != fault.text.en for fault in found)
    assert all("{" not in fault.text.en + fault.text.ja for fault in found)
    return list(found)


def of(**sheets: Sequence[Sequence[Cell]]) -> list[Fault]:
    whole: Sheets = {"source": SOURCE, "framework": FRAMEWORK, "mapping": MAPPING} | sheets
    return faults(workbook({name: rows for name, rows in whole.items() if rows}))


def test_the_small_example_is_sound() -> None:
    assert of() == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([None, "1", "requirement", "条"], "The notation is missing"),
        (["1.1", "1", "requirement", "条"], "'1.1' stands in line 3 too. Check that it is no 5.10 that became 5.1"),
        (["１．１", "1", "requirement", "条"], "stands in line 3 too"),
        (["1.2", "9", "requirement", "条"], "The parent '9' is not in this table"),
        (["1.2", "1", None, "条"], "'' is no kind. Known kinds: heading"),
        (["1.2", "1", "clause", "条"], "'clause' is no kind"),
        (["1.2", "1", "requirement", "条", "gone"], "'gone' is no status"),
        ([1.2, "1", "requirement", "条"], "'notation' holds the number 1.2. A number cannot tell 5.1 from 5.10"),
        (["1.2", 1.5, "requirement", "条"], "'parent' holds the number 1.5"),
        ([date(2024, 5, 1), "1", "requirement", "条"], "'notation' holds the date 2024-05-01"),
        ([Formula("=A3"), "1", "requirement", "条"], "The formula in A4 has no stored result"),
        (["1.2", "1", "requirement", Formula("=X", "#NAME?")], "D4 holds an error"),
    ],
)
def test_a_bad_provision(row: list[Cell], message: str) -> None:
    found = of(framework=[*FRAMEWORK, row])
    assert message in found[0].text.en
    assert {(fault.place.file, fault.place.line) for fault in found} == {("example.xlsx[framework]", 4)}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([None, "equal", "A.5.1"], "The column 'subject' is empty"),
        (["1.1", None, "A.5.1"], "The column 'relation' is empty"),
        (["1.1", "equal", None], "The column 'object' is empty"),
        (["1.1", "covers", "A.5.1"], "'covers' is no relation. Known relations: equal"),
        (["1.1", "だいたい同じ", "A.5.1"], "'だいたい同じ' is no relation"),
        (["1.9", "equal", "A.5.1"], "'1.9' is not in the framework table"),
        (["1.1\n1.9", "equal", "A.5.1"], "'1.9' is not in the framework table"),
        (["1.1", "equal", 5.1], "'object' holds the number 5.1"),
        (["1.1", "equal", "id:"], "'' is no id"),
        (["1.1", "equal", "id:a b"], "'a b' is no id"),
        (["1.1", "equal", "id:" + "a" * 201], "is no id"),
        (["1.1", "equal", "A.5.1", "practical"], "'practical' is no kind of rationale"),
        (["1.1", "equal", "A.5.1", None, "high"], "'high' is no confidence"),
        (["1.1", "equal", "A.5.1", None, 80], "'80' is no confidence"),
        (["1.1", "equal", "A.5.1", None, "120%"], "'120%' is no confidence"),
        (["1.1", "equal", "A.5.1", None, "NaN"], "'NaN' is no confidence"),
        (["1.1", "equal", "A.5.1", None, -0.5], "'-0.5' is no confidence"),
    ],
)
def test_a_bad_mapping(row: list[Cell], message: str) -> None:
    found = of(mapping=[*MAPPING, row])
    assert [message in fault.text.en for fault in found] == [True]
    assert (found[0].place.file, found[0].place.line) == ("example.xlsx[mapping]", 3)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["title_ja", "例"], ["version", "1"]], "'id' is missing"),
        ([["id", "Example Policy"], ["title_ja", "例"]], "'Example Policy' is no id"),
        ([["id", "x" * 61], ["title_ja", "例"]], "is no id"),
        ([["id", "例"], ["title_ja", "例"]], "is no id"),
        ([["id", "example"], ["version", "1"]], "Write a title_ja or a title_en"),
        ([*SOURCE[1:3], ["titel", "x"]], "The key 'titel' is not known. Known keys: authority"),
        ([*SOURCE[1:3], ["id", "again"]], "The key 'id' is written twice"),
        ([*SOURCE[1:3], ["authority", "boss"]], "'boss' is no value for authority"),
        ([*SOURCE[1:3], ["redistribution", "yes"]], "'yes' is no value for redistribution"),
        ([*SOURCE[1:3], ["status", "final"]], "'final' is no value for status"),
        ([*SOURCE[1:3], ["parent_link", "child"]], "'child' is no value for parent_link"),
        ([*SOURCE[1:3], ["parent_link", "part"]], "needs a parent_link_reason_ja"),
        ([*SOURCE[1:3], ["issued", "last year"]], "'last year' is no date"),
        ([*SOURCE[1:3], ["issued", "2024-02-30"]], "'2024-02-30' is no date"),
        ([*SOURCE[1:3], ["version", 1.5]], "'version' holds the number 1.5"),
        ([["id", "iso-27001"], ["version", "2022"], ["title_ja", "例"], ["parent_link", "part"]], "is registered already"),
        ([["id", "nist-sp-800-53b"], ["version", "low"], ["title_ja", "例"]], "is registered as a baseline"),
    ],
)
def test_a_bad_key(rows: list[list[Cell]], message: str) -> None:
    found = of(source=rows, mapping=[])
    assert [message in fault.text.en for fault in found] == [True]
    assert found[0].place.file == "example.xlsx[source]"


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        (SOURCE[:3], ["'target_edition' is missing"]),
        ([*SOURCE[:3], ["target_edition", "ISO 27001"]], ["'ISO 27001' under target_edition is no edition"]),
        ([*SOURCE, ["source_edition", "../x"]], ["'../x' under source_edition is no edition"]),
    ],
)
def test_a_mapping_must_say_between_which_editions(rows: list[list[Cell]], messages: list[str]) -> None:
    found = [fault.text.en for fault in of(source=rows)]
    assert [message in text for message, text in zip(messages, found, strict=True)] == [True] * len(messages)


def test_a_mapping_without_a_framework_needs_both_editions() -> None:
    assert "'source_edition' is missing" in of(framework=[])[0].text.en


def test_parents_that_go_round_in_circles_are_told_once() -> None:
    rows: list[list[Cell]] = [
        ["a", "c", "heading"],
        ["b", "a", "heading"],
        ["c", "b", "heading"],
        ["d", "d", "heading"],
        ["e", "a", "heading"],
    ]
    found = [fault.text.en for fault in of(framework=[*FRAMEWORK, *rows])]
    assert found == ["Following the parents leads back to 'a'.", "Following the parents leads back to 'd'."]


def test_a_long_chain_of_parents_ends() -> None:
    rows: list[list[Cell]] = [[f"n{number}", f"n{number - 1}" if number else None, "heading"] for number in range(5_000)]
    assert of(framework=[*FRAMEWORK, *rows]) == []


def test_every_bad_cell_is_told_at_once() -> None:
    found = of(
        source=[*SOURCE, ["unknown", "x"], ["authority", "boss"]],
        framework=[*FRAMEWORK, [None, None, "heading"], [1.5, None, "x"]],
        mapping=[*MAPPING, ["1.1", "maybe", "A.5.1"], ["9", "equal", None, None, "2"]],
    )
    assert sorted((fault.place.file, fault.place.line) for fault in found) == [
        ("example.xlsx[framework]", 4),
        ("example.xlsx[framework]", 5),
        ("example.xlsx[framework]", 5),
        ("example.xlsx[mapping]", 3),
        ("example.xlsx[mapping]", 4),
        ("example.xlsx[mapping]", 4),
        ("example.xlsx[mapping]", 4),
        ("example.xlsx[source]", 5),
        ("example.xlsx[source]", 6),
    ]


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"source": []}, "There is no 'source'"),
        ({"framework": [], "mapping": []}, "neither a 'framework' nor a 'mapping'"),
        ({"framework": [["notation", "name_ja"], ["1", "x"]], "mapping": []}, "No header row has the columns notation, kind"),
        ({"mapping": [["subject", "relation"], ["1.1", "equal"]]}, "No header row has the columns subject, relation, object"),
    ],
)
def test_a_table_that_is_missing_or_has_lost_its_header(sheets: dict[str, list[list[Cell]]], message: str) -> None:
    assert [message in fault.text.en for fault in of(**sheets)] == [True]


def test_two_sheets_of_one_name_in_two_languages() -> None:
    (fault, *_) = faults(workbook({"source": SOURCE, "framework": FRAMEWORK, "枠組み": FRAMEWORK}))
    assert "There are two of 'framework'" in fault.text.en


@pytest.mark.parametrize("source", [[], [["title_ja", "例"], ["version", "1"], SOURCE[3]]])
def test_rows_are_checked_even_where_the_source_is_not_named(source: list[list[Cell]]) -> None:
    found = of(source=source, framework=[*FRAMEWORK, ["1.2", "9", "heading"]], mapping=[*MAPPING, ["1.1", "maybe", "A.5.1"]])
    assert len(found) == 3
    assert "The parent '9'" in found[1].text.en
    assert "'maybe' is no relation" in found[2].text.en


def test_csv_files_without_their_source() -> None:
    (fault,) = faults(File("folder/framework.csv", b"notation,kind\n1,heading\n"))
    assert "source.csv in the same folder" in fault.text.en
    assert fault.place.file == "folder/framework.csv"


def test_a_bad_line_of_a_csv_file_is_told_with_its_line() -> None:
    source = "key,value\r\nid,example\r\ntitle_ja,例\r\n".encode("cp932")
    framework = 'notation,parent,kind,name_ja\r\n1,,heading,"章の\r\n題名"\r\n1.1,1,条文,条\r\n'.encode("cp932")
    (fault,) = faults(File("a/source.csv", source), File("a/framework.csv", framework))
    assert (fault.place.file, fault.place.line) == ("a/framework.csv", 4)
    assert "'条文' is no kind" in fault.text.en


def test_a_csv_file_that_cannot_be_read_spoils_the_whole_source() -> None:
    source = File("a/source.csv", b"key,value\nid,example\ntitle_en,Example\n")
    (fault,) = faults(source, File("a/framework.csv", b"notation,kind\n\xff\xa0\x81"))[:1]
    assert "neither UTF-8 nor Shift_JIS" in fault.text.en


def test_hostile_texts_are_data() -> None:
    text = "=cmd|'/c calc'!A1 {0} %s <script> ' \" \\ \u202e ../../ "
    assert of(framework=[*FRAMEWORK, [text, None, "heading", text]]) == []
