"""Planted faults in OpenCRE's files: each is refused with its place in both languages, and nothing else escapes."""

import json
import re

import pytest

from kakehashi.records.model import Source
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading
from kakehashi.sources.opencre import FORMAT, together

CRE = """\
doctype: CRE
id: 100-000
name: A requirement
links:
- ltype: Contains
  document:
    doctype: CRE
    id: 200-000
    name: A part
- ltype: Linked To
  document:
    doctype: Standard
    name: ASVS
    section: Verify something.
    sectionID: V1.1.1
"""
PART = "doctype: CRE\nid: 200-000\nname: A part\n"
ENTRY = {"section_id": "A01", "section": "Risk", "hyperlink": "https://owasp.org/Top10/2025/A01/", "cre_ids": ["100-000"]}
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def bundle(text: str, *others: str) -> Reading:
    members = [File("cres/100-000.yaml", text.encode()), *(File(f"cres/{n}.yaml", one.encode()) for n, one in enumerate(others))]
    assert all(FORMAT.recognises(member) for member in members)
    (found,) = FORMAT.bundles(members)
    return FORMAT.read(found)


def refused(found: Reading, line: int, words: str, file: str = "cres/100-000.yaml") -> None:
    faults = [(fault.place.line, fault.text.en) for fault in found.faults if fault.place.file == file]
    assert any(at == line and words in text for at, text in faults), faults
    assert all(JAPANESE.search(fault.text.ja) and not JAPANESE.search(fault.text.en) for fault in found.faults)
    assert not any(isinstance(record, Source) for record in found.records)


def test_the_unspoilt_files_are_read() -> None:
    assert not bundle(CRE, PART).faults


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("id: 100-000\n", "", 1, "key 'id' is missing"),
        ("id: 100-000", "id: one", 1, "'one' is no CRE id"),
        ("id: 100-000", "id: [1]", 1, "must be a string"),
        ("name: A requirement\n", "", 1, "key 'name' is missing"),
        ("name: A requirement", "name: ''", 1, "key 'name' is missing"),
        ("- ltype: Contains\n", "- 5\n- ltype: Contains\n", 1, "'key: value' pairs"),
        ("ltype: Contains", "ltype: Swallows", 5, "'Swallows' is no ltype"),
        ("- ltype: Contains\n  document:", "- document:", 5, "key 'ltype' is missing"),
        ("    doctype: CRE\n    id: 200-000", "    doctype: Poem\n    id: 200-000", 7, "'Poem' is no doctype"),
        ("    doctype: CRE\n    id: 200-000", "    id: 200-000", 7, "key 'doctype' is missing"),
        ("    id: 200-000\n    name: A part\n", "    tags: []\n", 7, "neither an id nor a name"),
        ("    id: 200-000", "    id: 200000", 7, "'200000' is no CRE id"),
        ("    name: ASVS\n", "", 12, "key 'name' is missing"),
        ("    section: Verify something.", "    section: {a: b}", 12, "must be a string"),
        ("    sectionID: V1.1.1", "    tags: {a: b}", 12, "must be a list"),
    ],
)
def test_a_spoilt_file_is_refused_at_its_line(old: str, new: str, line: int, words: str) -> None:
    assert old in CRE
    refused(bundle(CRE.replace(old, new, 1), PART), line, words)


def test_links_that_are_no_list_are_refused() -> None:
    refused(bundle("doctype: CRE\nid: 100-000\nname: A\nlinks: {a: b}\n"), 1, "must be a list")


def test_a_link_without_a_document_is_refused() -> None:
    refused(bundle("doctype: CRE\nid: 100-000\nname: A\nlinks:\n- ltype: Related\n"), 5, "no document")


def test_one_id_in_two_files_is_refused_and_both_are_named() -> None:
    found = bundle(CRE, PART, PART)
    refused(found, 1, "The CRE '200-000' is in cres/0.yaml too", file="cres/1.yaml")


def test_circles_of_parents_are_refused() -> None:
    cre = "doctype: CRE\nid: {}00-000\nname: A\nlinks: [{{ltype: Contains, document: {{doctype: CRE, id: {}00-000}}}}]\n"
    found = bundle(*(cre.format(one, one % 3 + 1) for one in (1, 2, 3)))
    (fault,) = found.faults
    refused(found, 1, "stands above itself", fault.place.file)


def test_every_file_that_is_cut_off_is_told_at_once() -> None:
    found = bundle(CRE[:-40] + '"', CRE + "x: [", PART)
    assert {fault.place.file for fault in found.faults} == {"cres/100-000.yaml", "cres/0.yaml"}
    assert all(fault.place.line and JAPANESE.search(fault.text.ja) for fault in found.faults)


def test_hostile_texts_stay_texts() -> None:
    hostile = CRE.replace("section: Verify something.", 'section: "<script>\\u0000../../\\u202e"').replace(
        "V1.1.1", "'/../;#?%00'"
    )
    found = bundle(hostile, PART)
    assert not found.faults
    identifiers = [record.id for record in found.records]
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(/[A-Za-z0-9][A-Za-z0-9._~()-]*)*", one) for one in identifiers)
    assert max(map(len, identifiers)) <= 200


def listed(*entries: object) -> Reading:
    file = File("top10.json", json.dumps(entries).encode())
    assert FORMAT.recognises(file)
    return FORMAT.read((file,))


def test_the_unspoilt_list_is_read() -> None:
    assert not listed(ENTRY).faults


@pytest.mark.parametrize(
    ("entry", "pointer", "words"),
    [
        ({**ENTRY, "section_id": ""}, "/0/section_id", "must be a text"),
        ({**ENTRY, "section": 5}, "/0/section", "must be a text"),
        ({**ENTRY, "hyperlink": None}, "/0/hyperlink", "must be a text"),
        ({**ENTRY, "cre_ids": "100-000"}, "/0/cre_ids", "must be a list"),
        ({**ENTRY, "cre_ids": [1]}, "/0/cre_ids", "must be a list"),
        ({**ENTRY, "cre_ids": ["100-000", "1"]}, "/0/cre_ids/1", "'1' is no CRE id"),
        ({key: value for key, value in ENTRY.items() if key != "cre_ids"}, "/0/cre_ids", "must be a list"),
        ({"keywords": ["x"], "cre_id": "x"}, "/0/cre_id", "'x' is no CRE id"),
        ({"keywords": {}, "cre_id": "100-000"}, "/0/keywords", "must be a list"),
    ],
)
def test_a_spoilt_entry_is_refused_at_its_pointer(entry: object, pointer: str, words: str) -> None:
    faults = listed(entry).faults
    assert any(fault.place.pointer == pointer and words in fault.text.en for fault in faults), faults
    assert all(JAPANESE.search(fault.text.ja) for fault in faults)


def test_entries_that_are_none_or_twice_are_refused() -> None:
    assert [fault.place.pointer for fault in listed(ENTRY, 5, None).faults] == ["/1", "/2"]
    (fault,) = listed(ENTRY, ENTRY).faults
    assert (fault.place.pointer, fault.text.en) == ("/1", "The section_id 'A01' occurs twice.")


@pytest.mark.parametrize(
    "text", ['[{"section_id": "A01", "cre_ids": [NaN]}]', '[{"cre_ids": [', '[{"cre_ids": [], "cre_ids": []}]']
)
def test_json_that_is_none_is_refused_and_not_ignored(text: str) -> None:
    file = File("top10.json", text.encode())
    assert FORMAT.recognises(file)
    with pytest.raises(UnreadableError) as refusal:
        FORMAT.read((file,))
    assert refusal.value.fault.place.file == "top10.json"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.json", b"[" * 100_000),
        ("deep.yaml", b"[" * 100_000),
        ("bytes.yaml", b"\xff\xfe\x00"),
        ("other.yaml", b"doctype: 5"),
        ("other.yaml", b"doctype: [CRE]"),
        ("other.json", b'{"cre_ids": []}'),
        ("other.json", b"[1, 2]"),
        ("other.json", b""),
        ("cres.csv", b"doctype: CRE"),
        (".yaml", b"doctype: Poem"),
    ],
)
def test_recognition_never_raises(name: str, content: bytes) -> None:
    file = File(name, content)
    assert not FORMAT.recognises(file)
    assert together(file) == name


def test_deep_nesting_within_a_cre_is_refused() -> None:
    found = bundle(PART.replace("200-000", "100-000") + "links: " + "[" * 5000)
    assert "nested deeper" in found.faults[0].text.en
