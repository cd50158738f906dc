"""Planted faults in CISO Assistant's libraries: each is refused at its line in both languages, and nothing else escapes."""

import re

import pytest

from kakehashi.records.model import Label, MappingSet, Resource, Source, Statement
from kakehashi.records.values import Authority, Origin, RationaleKind, Redistribution
from kakehashi.sources.ciso_assistant import FORMAT
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading

FRAMEWORK = """\
urn: urn:someone:risk:library:fw
locale: en
ref_id: FW
name: A framework
version: 2
provider: Someone
copyright: CC BY 4.0
objects:
  framework:
    urn: urn:someone:risk:framework:fw
    ref_id: FW
    name: A framework
    implementation_groups_definition:
    - ref_id: L
      name: Low
    requirement_nodes:
    - urn: urn:someone:risk:req_node:fw:a
      assessable: false
      name: Heading
    - urn: urn:someone:risk:req_node:fw:a.1
      assessable: true
      parent_urn: urn:someone:risk:req_node:fw:a
      ref_id: A.1
      description: Do it.
      implementation_groups: [L]
      reference_controls:
      - urn:someone:risk:function:lib:X.1
      threats:
      - urn:someone:risk:threat:lib:T.1
      translations:
        ja:
          name: 実施
"""
MAPPING = """\
urn: urn:someone:risk:library:map
locale: en
name: A mapping
version: 1
provider: Someone
objects:
  requirement_mapping_sets:
  - urn: urn:someone:risk:req_mapping_set:map
    name: A to B
    source_framework_urn: urn:someone:risk:framework:fw
    target_framework_urn: urn:someone:risk:framework:gw
    requirement_mappings:
    - source_requirement_urn: urn:someone:risk:req_node:fw:a.1
      target_requirement_urn: urn:someone:risk:req_node:gw:b.1
      relationship: subset
      strength_of_relationship: 2
      rationale: because it is so
      annotation: a note
    - source_requirement_urn: urn:someone:risk:req_node:fw:a.1
      target_requirement_urn: urn:someone:risk:req_node:gw:b.2
      relationship: equal
      rationale: functional
"""
REVERSE = """\
  - urn: urn:someone:risk:requirement_mapping_set:map-revert
    source_framework_urn: urn:someone:risk:framework:gw
    target_framework_urn: urn:someone:risk:framework:fw
    requirement_mappings:
    - source_requirement_urn: urn:someone:risk:req_node:gw:b.2
      target_requirement_urn: urn:someone:risk:req_node:fw:a.1
      relationship: equal
    - source_requirement_urn: urn:someone:risk:req_node:gw:b.1
      target_requirement_urn: urn:someone:risk:req_node:fw:a.1
      relationship: superset
"""
CONTROLS = """\
urn: urn:someone:risk:library:lib
locale: en
name: Controls
objects:
  reference_controls:
  - urn: urn:someone:risk:function:lib:x.1
    ref_id: X.1
    name: A control
    category: policy
  threats:
  - urn: urn:someone:risk:threat:lib:t.1
    name: A threat
"""
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def read(text: str) -> Reading:
    file = File("library.yaml", text.encode())
    assert FORMAT.recognises(file)
    return FORMAT.read((file,))


def refused(found: Reading, line: int, words: str) -> None:
    told = [(fault.place.line, fault.text.en) for fault in found.faults]
    assert any(at == line and words in text for at, text in told), told
    assert all(fault.place.file == "library.yaml" for fault in found.faults)
    assert all(JAPANESE.search(fault.text.ja) and not JAPANESE.search(fault.text.en) for fault in found.faults)


def rows(found: Reading) -> list[Statement]:
    return [one for one in found.records if isinstance(one, Statement) and one.mapping]


def sets(found: Reading) -> list[MappingSet]:
    return [one for one in found.records if isinstance(one, MappingSet)]


@pytest.mark.parametrize("text", [FRAMEWORK, MAPPING, MAPPING + REVERSE, CONTROLS])
def test_the_unspoilt_libraries_are_read(text: str) -> None:
    found = read(text)
    assert not found.faults
    assert sum(isinstance(record, Source) for record in found.records) == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("urn: urn:someone:risk:library:fw\n", "", 1, "key 'urn' is missing"),
        ("urn: urn:someone:risk:library:fw", "urn: urn:someone:risk:framework:fw", 1, "no urn of the type library"),
        ("locale: en\n", "", 1, "key 'locale' is missing"),
        ("locale: en\n", "locale: 'the English'\n", 1, "is no language tag"),
        ("version: 2\n", "version: [2]\n", 1, "must be a string"),
        ("    urn: urn:someone:risk:framework:fw\n", "", 10, "key 'urn' is missing"),
        ("    urn: urn:someone:risk:framework:fw\n", "    urn: fw\n", 10, "'fw' is no urn of the type framework"),
        ("    requirement_nodes:\n", "    other_nodes:\n", 10, "key 'requirement_nodes' is missing"),
        (
            "    - urn: urn:someone:risk:req_node:fw:a\n",
            "    - just a text\n    - urn: urn:someone:risk:req_node:fw:a\n",
            10,
            "pairs",
        ),
        ("    - urn: urn:someone:risk:req_node:fw:a.1\n      assess", "    - assess", 20, "key 'urn' is missing"),
        ("req_node:fw:a.1\n", "req_node:fw\n", 20, "no urn of the type req_node"),
        ("req_node:fw:a.1\n", "req_node:fw:a\n", 20, "two nodes with the urn"),
        ("req_node:fw:a.1\n", "req_node:FW:A\n", 20, "two nodes with the urn"),
        ("      assessable: true\n", "      assessable: 'yes'\n", 20, "true or false"),
        ("      assessable: true\n", "", 20, "true or false"),
        ("parent_urn: urn:someone:risk:req_node:fw:a\n", "parent_urn: urn:someone:risk:req_node:fw:b\n", 20, "There is no node"),
        ("parent_urn: urn:someone:risk:req_node:fw:a\n", "parent_urn: urn:someone:risk:req_node:fw:a.1\n", 20, "above itself"),
        (
            "      name: Heading\n",
            "      name: Heading\n      parent_urn: urn:someone:risk:req_node:fw:a.1\n",
            17,
            "above itself",
        ),
        ("      description: Do it.\n", "      description: {a: b}\n", 20, "must be a string"),
        ("      ref_id: A.1\n", "      ref_id: true\n", 20, "must be a string"),
        ("      implementation_groups: [L]\n", "      implementation_groups: [[L]]\n", 20, "must be a list"),
        ("function:lib:X.1", "control:lib:X.1", 20, "no urn of the type function"),
        ("threat:lib:T.1", "threat:lib", 20, "no urn of the type threat"),
        ("      translations:\n        ja:\n          name: 実施\n", "      translations: [ja]\n", 20, "pairs"),
        ("        ja:\n          name: 実施\n", "        ja: 5\n", 31, "pairs"),
        ("        ja:\n", "        not a language:\n", 32, "is no language tag"),
        ("      threats:\n", "      questions: 5\n      threats:\n", 20, "pairs"),
        ("    - ref_id: L\n      name: Low\n", "    - name: Low\n", 14, "key 'ref_id' is missing"),
    ],
)
def test_a_spoilt_framework_is_refused_at_its_line(old: str, new: str, line: int, words: str) -> None:
    assert old in FRAMEWORK
    refused(read(FRAMEWORK.replace(old, new, 1)), line, words)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("    source_framework_urn: urn:someone:risk:framework:fw\n", "", 8, "key 'source_framework_urn' is missing"),
        ("framework:gw", "library:gw", 8, "no urn of the type framework"),
        ("req_mapping_set:map", "mapping:map", 8, "no urn of the type req_mapping_set"),
        ("    requirement_mappings:\n", "    rows:\n", 8, "key 'requirement_mappings' is missing"),
        ("      relationship: subset\n", "      relationship: resembles\n", 13, "'resembles' is no relationship"),
        ("      relationship: subset\n", "      relationship: null\n", 13, "key 'relationship' is missing"),
        ("      relationship: subset\n", "      relationship: [subset]\n", 13, "must be a string"),
        ("    - source_requirement_urn: urn:someone:risk:req_node:fw:a.1\n      target", "    - target", 13, "is missing"),
        ("req_node:gw:b.2", "requirement:gw:b.2", 19, "no urn of the type req_node"),
        ("      rationale: functional\n", "      rationale: {a: b}\n", 19, "must be a string"),
        ("strength_of_relationship: 2", "strength_of_relationship: [2]", 13, "must be a string"),
    ],
)
def test_a_spoilt_mapping_is_refused_at_its_line(old: str, new: str, line: int, words: str) -> None:
    assert old in MAPPING
    refused(read(MAPPING.replace(old, new, 1)), line, words)


def test_all_faults_of_a_library_are_told_at_once() -> None:
    spoilt = MAPPING.replace("subset", "below").replace("relationship: equal", "relationship: same").replace("locale: en\n", "")
    assert len(read(spoilt).faults) == 3


def test_two_sets_of_one_urn_are_refused() -> None:
    refused(read(MAPPING + REVERSE.replace("requirement_mapping_set:map-revert", "req_mapping_set:map")), 23, "two mapping sets")


@pytest.mark.parametrize(
    ("objects", "line", "words"),
    [
        ("objects: 5", 1, "has no objects"),
        ("objects: {framework: [1]}", 3, "pairs"),
        ("objects: {reference_controls: {a: b}}", 3, "must be a list"),
        ("objects: {reference_controls: [{name: x}]}", 3, "key 'urn' is missing"),
        ("objects: {requirement_mapping_set: 5}", 3, "must be a list"),
        ("objects: {requirement_mapping_sets: [{urn: x}]}", 3, "no urn of the type req_mapping_set"),
    ],
)
def test_objects_of_the_wrong_form_are_refused(objects: str, line: int, words: str) -> None:
    refused(read(f"urn: urn:someone:risk:library:x\nlocale: en\n{objects}\n"), line, words)


def test_a_control_that_is_defined_twice_is_refused() -> None:
    listed = "  - urn: urn:someone:risk:function:lib:x.1\n    name: Again\n"
    refused(read(CONTROLS.replace("  threats:\n", listed + "  threats:\n")), 10, "is defined twice")


def test_a_library_that_is_cut_off_is_refused_and_not_ignored() -> None:
    file = File("library.yaml", (FRAMEWORK + '  broken: "').encode())
    assert FORMAT.recognises(file)
    with pytest.raises(UnreadableError) as refusal:
        FORMAT.read((file,))
    assert refusal.value.fault.place.line > 30
    assert JAPANESE.search(refusal.value.fault.text.ja)


def test_a_library_is_known_by_what_it_holds_where_its_urn_is_missing() -> None:
    refused(read("locale: en\nprovider: Someone\nobjects:\n  framework: {}\n"), 1, "key 'urn' is missing")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("other.yaml", b"urn: 5\nobjects: 6"),
        ("other.yaml", b"urn: urn:someone:else:library:x"),
        ("other.yaml", b"objects: {framework: {}}"),
        ("other.yaml", b"- urn: urn:a:risk:library:x"),
        ("other.yaml", b"\xff\xfe"),
        ("other.yaml", b"[" * 100_000),
        ("other.yaml", b""),
        ("other.json", b'{"urn": "urn:a:risk:library:x"}'),
        ("other.txt", b"urn: urn:a:risk:library:x"),
    ],
)
def test_recognition_is_exact_and_never_raises(name: str, content: bytes) -> None:
    assert not FORMAT.recognises(File(name, content))


def test_hostile_texts_stay_texts() -> None:
    found = read(
        FRAMEWORK.replace("req_node:fw:a.1", "req_node:fw:<../?#%00>:" + "x" * 300).replace("Do it.", "'\u202e<script>'")
    )
    assert not found.faults
    identifiers = [record.id for record in found.records]
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(/[A-Za-z0-9][A-Za-z0-9._~()-]*)*", one) for one in identifiers)
    assert max(map(len, identifiers)) <= 200


def test_a_chain_of_parents_of_any_length_is_walked() -> None:
    urn = "urn:a:risk:req_node:fw:n"
    nodes = "".join(
        f"    - {{urn: '{urn}{number}', assessable: false, parent_urn: '{urn}{number + 1}'}}\n" for number in range(5000)
    )
    text = FRAMEWORK.partition("    - urn: urn:someone:risk:req_node")[0] + nodes
    refused(
        read(text), FRAMEWORK.partition("    - urn: urn:someone")[0].count("\n") + 5000, "no node 'urn:a:risk:req_node:fw:n5000'"
    )


def test_an_unregistered_framework_is_called_what_it_calls_itself() -> None:
    found = read(FRAMEWORK)
    named = {one.id: one for one in found.records if isinstance(one, Resource)}
    assert named["fw/ciso-assistant"].labels == (Label(language="en", text="A framework"),)
    node = named["fw/ciso-assistant/a.1"]
    assert (node.kind, node.parent, node.notation) == ("requirement", "fw/ciso-assistant/a", "A.1")
    assert node.labels == (Label(language="en", text="A.1"), Label(language="ja", text="実施"))
    stated = {
        (one.predicate, one.object or (one.value and one.value.text)) for one in found.records if isinstance(one, Statement)
    }
    assert stated == {
        ("in-implementation-group", "L"), ("definition", "L: Low"),
        ("suggests-control", "ciso-assistant-controls/lib/x.1"), ("addresses-threat", "ciso-assistant-threats/lib/t.1"),
    }  # fmt: skip
    controls = {one.id for one in read(CONTROLS).records if isinstance(one, Resource)}
    assert {"ciso-assistant-controls/lib/x.1", "ciso-assistant-threats/lib/t.1"} <= controls
    source = found.source
    assert source is not None
    assert (source.authority, source.redistribution) == (Authority.THIRD_PARTY, Redistribution.OPEN)


def test_rationale_strength_and_annotation_are_kept_as_published() -> None:
    first, second = [row.mapping for row in rows(read(MAPPING))]
    assert first is not None
    assert second is not None
    assert (first.verbatim, first.strength, first.rationale_kind) == ("subset", "2", None)
    assert [label.text for label in first.rationale] == ["because it is so", "a note"]
    assert (second.rationale_kind, second.rationale, second.strength) == (RationaleKind.FUNCTIONAL, (), None)


def test_a_set_is_a_reverse_only_where_every_row_is_a_converse() -> None:
    original, reverse = sets(read(MAPPING + REVERSE))
    assert (reverse.origin, reverse.derived_from, reverse.rows) == (Origin.REVERSE, (original.id,), 2)
    nearly = read(MAPPING + REVERSE.replace("superset", "intersect"))
    assert [one.origin for one in sets(nearly)] == [Origin.ORIGINAL, Origin.ORIGINAL]
    assert len(rows(nearly)) == 4
    repeated = REVERSE + REVERSE[REVERSE.index("    - source_requirement_urn: urn:someone:risk:req_node:gw:b.1") :]
    again = read(MAPPING + repeated)
    assert [one.origin for one in sets(again)] == [Origin.ORIGINAL, Origin.ORIGINAL]
    assert (len(rows(again)), len({row.id for row in rows(again)})) == (5, 5)


def test_a_set_that_repeats_another_keeps_rows_with_ids_of_their_own() -> None:
    body = MAPPING[MAPPING.index("  - urn:") :].replace("req_mapping_set:map", "req_mapping_set:again")
    found = rows(read(MAPPING + body))
    assert (len(found), len({row.id for row in found})) == (4, 4)


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        ("CC0 1.0", Redistribution.OPEN),
        ("Licensed under CC BY 4.0", Redistribution.OPEN),
        ("CC-BY-NC 4.0", Redistribution.LOCAL_ONLY),
        ("CC BY-ND 4.0", Redistribution.LOCAL_ONLY),
        ("CC BY-SA 4.0", Redistribution.LOCAL_ONLY),
        ("Apache License 2.0", Redistribution.OPEN),
        ("NIST", Redistribution.OPEN),
        ("Mapped to NIST by a company", Redistribution.LOCAL_ONLY),
        ("© intuitem 2026", Redistribution.CITATION_ONLY),
        ("Creative Commons", Redistribution.LOCAL_ONLY),
        ("© ISO. All rights reserved", Redistribution.LOCAL_ONLY),
        ("", Redistribution.LOCAL_ONLY),
    ],
)
def test_redistribution_follows_the_copyright_text(rights: str, expected: Redistribution) -> None:
    source = read(FRAMEWORK.replace("copyright: CC BY 4.0", f"copyright: '{rights}'")).source
    assert source is not None
    assert source.redistribution is expected
    assert source.rights == (rights or "not stated")
