"""Bad D3FEND files: each refused with its place, in both languages, and never with a traceback."""

from collections.abc import Sequence

import pytest

from kakehashi.records.located import Fault
from kakehashi.sources.d3fend import CCI_FORMAT, FORMAT, NIST_FORMAT
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Format
from kakehashi.vocabulary.iris import D3FEND
from tests.support.workbooks import Cell, Formula, workbook

HEAD = f"""@prefix : <{D3FEND}#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ONTOLOGY = HEAD + f"<{D3FEND}> a owl:Ontology .\n"
NIST_HEADER: list[Cell] = [
    "Control Identifier", "Control (or Control Enhancement) Name", "Type", "Relation", "D3FEND Techniques", "Notes",
]  # fmt: skip
NIST_SHEET = "SP 800-53 Revision 5--d3fend"
CCI_HEADER: list[Cell] = ["status", "publishdate", "contributor", "definition", "Relation", "D3FEND", "Notes", "type/0", "_id"]


def faults(source: Format, file: File) -> list[Fault]:
    assert source.recognises(file)
    try:
        found = source.read((file,)).faults
    except UnreadableError as error:
        found = [error.fault]
    assert all(fault.text.ja and fault.text.en and fault.text.ja != fault.text.en for fault in found)
    assert all("{" not in fault.text.en + fault.text.ja for fault in found)
    return list(found)


def turtle(text: str | bytes) -> list[Fault]:
    return faults(FORMAT, File("d3fend/x.ttl", text if isinstance(text, bytes) else text.encode()))


def nist(*rows: Sequence[Cell], sheet: str = NIST_SHEET) -> list[Fault]:
    return faults(NIST_FORMAT, workbook({sheet: [NIST_HEADER, *rows]}))


def cci(*rows: Sequence[Cell]) -> list[Fault]:
    return faults(CCI_FORMAT, workbook({"U_CCI_List": [CCI_HEADER, *rows]}))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ONTOLOGY + ":a rdfs:label", 5),
        (ONTOLOGY + ":a rdfs:label .\n", 5),
        (ONTOLOGY + ":a :b :c .\n:d\n    unknown:e :f .\n", 7),
        (ONTOLOGY.encode() + b':a rdfs:label "\xff\xfe" .\n', 5),
        (ONTOLOGY + ":a rdfs:label " + "[ :p " * 100_000, 5),
        (ONTOLOGY + ":a rdfs:label " + "( " * 100_000, 5),
        (ONTOLOGY + ':a rdfs:label """never closed\n\n', 5),
        (ONTOLOGY + ":a rdfs:label <http://a b> .", 5),
    ],
)
def test_malformed_turtle_is_refused_with_its_line(text: str | bytes, line: int) -> None:
    (fault,) = turtle(text)
    assert (fault.place.file, fault.place.line) == ("d3fend/x.ttl", line)
    assert "Turtle" in fault.text.en


def test_a_triple_inside_a_triple_is_refused() -> None:
    (fault,) = turtle(ONTOLOGY + ":a :b <<( :c :d :e )>> .")
    assert "Turtle" in fault.text.ja


def test_a_document_that_does_not_say_what_it_is() -> None:
    (fault,) = turtle(HEAD + ":a :b :c .")
    assert "owl:Ontology" in fault.text.en


def technique(name: str, *lines: str) -> str:
    return f":{name} a owl:Class ; rdfs:subClassOf :DefensiveTechnique" + "".join(f" ; {line}" for line in lines) + " .\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (technique("A", ':d3fend-id "D3-A"') + technique("B", ':d3fend-id "D3-A"'), "is given to both"),
        (technique("A", ':d3fend-id "D3-A", "D3-B"'), "more than one D3FEND id"),
        (technique("A", ":d3fend-id :B"), "is no text"),
        (technique("A", ':d3fend-id " "'), "is no text"),
        (':AC-1 a :NISTControl ; rdfs:label "AC-1" ; :version "99" .', "'SP 800-53 Revision 99' is not registered"),
        (':AC-1 a :NISTControl ; rdfs:label "AC-1" .', "is not registered"),
        (':AC-1 a :NISTControl ; :version "5" .', "has no rdfs:label"),
    ],
)
def test_what_the_ontology_says_wrongly(text: str, message: str) -> None:
    assert [message in fault.text.en for fault in turtle(ONTOLOGY + text)] == [True]


def test_faults_are_collected() -> None:
    text = technique("A", ':d3fend-id "D3-A"') + technique("B", ':d3fend-id "D3-A"') + technique("C", ":d3fend-id 1, 2")
    assert len(turtle(ONTOLOGY + text)) == 2


def test_a_class_below_itself_ends() -> None:
    circle = ":A rdfs:subClassOf :B, :A .\n:B rdfs:subClassOf :A, :DefensiveTechnique .\n"
    ids = ':A :d3fend-id "D3-A" .\n:B :d3fend-id "D3-B" .\n:DefensiveTechnique rdfs:subClassOf :B .\n'
    assert turtle(ONTOLOGY + circle + ids) == []


def test_a_long_chain_of_classes_ends() -> None:
    chain = "".join(f':C{number} rdfs:subClassOf :C{number - 1} ; :d3fend-id "D3-{number}" .\n' for number in range(1, 5_000))
    assert turtle(ONTOLOGY + ":C0 rdfs:subClassOf :DefensiveTechnique .\n" + chain) == []


def test_a_control_that_is_mapped_to_no_technique_is_left() -> None:
    file = File("x.ttl", (ONTOLOGY + ':AC-1 a :NISTControl ; rdfs:label "AC-1" ; :version "5" ; :broader :Nothing .').encode())
    reading = FORMAT.read((file,))
    assert reading.faults == []
    assert [why.en for why in reading.left_out if "no D3FEND id" in why.en]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["AC-1", "n", "policy", "smaller", "D3-AL", None], "'smaller' is no relation of D3FEND's"),
        (["AC-1", "n", "policy", "narrower", "D3-AL, D3-MFA", None], "'D3-AL, D3-MFA' is no id"),
        (["AC-1", "n", "policy", "narrower", "Account Locking", None], "'Account Locking' is no id"),
        ([None, "n", "policy", "narrower", "D3-AL", None], "names no control"),
        ([5.1, "n", "policy", "narrower", "D3-AL", None], "cannot tell 5.1 from 5.10"),
        (["AC-1", "n", "policy", "narrower", Formula("=A1"), None], "The formula in E3 has no stored result"),
        (["AC-1", "n", "policy", Formula("=NA()", "#N/A"), "D3-AL", None], "D3 holds an error"),
    ],
)
def test_a_bad_row_of_the_nist_workbook(row: list[Cell], message: str) -> None:
    found = nist(["AC-2", "n", None, "exactly", "D3-AL", None], row)
    assert [message in fault.text.en for fault in found] == [True]
    assert (found[0].place.file, found[0].place.line) == (f"example.xlsx[{NIST_SHEET}]", 3)


def test_all_bad_rows_are_told_at_once() -> None:
    found = nist(["AC-1", "n", None, "x", "D3-AL"], ["AC-2", "n", None, "exactly", "D3-AL | ? | !"], [None, "n"])
    assert [fault.place.line for fault in found] == [2, 3, 3, 4]


def test_a_sheet_of_another_catalogue() -> None:
    (fault,) = nist(["AC-1", "n", None, "exactly", "D3-AL"], sheet="SP 800-53 Revision 9--d3fend")
    assert "'d3fend SP 800-53 Revision 9'" in fault.text.en


@pytest.mark.parametrize("missing", ["Control Identifier", "Relation", "D3FEND Techniques"])
def test_a_missing_column(missing: str) -> None:
    header = [cell for cell in NIST_HEADER if cell != missing]
    (fault,) = faults(NIST_FORMAT, workbook({NIST_SHEET: [header, ["AC-1"]]}))
    assert "no header row with the columns control identifier, relation, d3fend techni" in fault.text.en


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        ([["draft", None, None, "d", None, None, None, None, "CCI-1"]] * 2, ["'CCI-1' stands in line 2 too"]),
        ([["lost", None, None, "d", None, None, None, None, "CCI-1"]], ["'lost' is no status"]),
        ([["draft", None, None, "d", "exactly", "TBD later", None, None, "CCI-1"]], ["'TBD later' is no id"]),
    ],
)
def test_bad_rows_of_the_cci_workbook(rows: list[list[Cell]], messages: list[str]) -> None:
    found = cci(*rows)
    assert len(found) == len(messages)
    assert all(message in fault.text.en for message, fault in zip(messages, found, strict=True))


@pytest.mark.parametrize(("source", "name"), [(NIST_FORMAT, "x-d3fend-mapping.xlsx"), (CCI_FORMAT, "CCI_Mapping.xlsx")])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"])
def test_a_workbook_that_cannot_be_read_is_known_by_its_name(source: Format, name: str, content: bytes) -> None:
    (fault,) = faults(source, File(name, content))
    assert fault.text.en.startswith("This is no Excel workbook")


def test_disas_own_list_is_not_claimed() -> None:
    assert not CCI_FORMAT.recognises(workbook({"U_CCI_List": [["status", "definition", "_id"]]}))
