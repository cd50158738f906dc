"""CISO Assistant's libraries as published: every count that the corpus states, and every quirk that it names."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from kakehashi.records.model import Edition, Framework, Label, MappingSet, Resource, Statement
from kakehashi.records.values import Authority, Lifecycle, Origin, ParentLink, RationaleKind, Redistribution, StatedAs
from kakehashi.sources.ciso_assistant import FORMAT
from kakehashi.sources.format import Reading
from kakehashi.sources.wording import converse_of
from tests.support.corpus import corpus, files, read

FOLDER = "ciso-assistant"
PROVISIONS = {"heading", "requirement", "control", "control-enhancement"}


# file: nodes, assessable, roots, deepest, without ref_id, with implementation groups, links to reference controls
FRAMEWORKS = {
    "adobe-ccf-v5": (342, 317, 25, 2, 25, 0, 0),
    "cis-benchmark-azure-foundations": (161, 127, 7, 4, 0, 127, 0),
    "cis-benchmark-microsoft-365": (202, 160, 9, 4, 0, 160, 0),
    "fedramp-rev5": (428, 410, 18, 2, 18, 410, 0),
    "iso27001-2013": (200, 140, 2, 4, 2, 0, 53),  # two nodes of it have no depth; the chain from its root is one longer
    "iso27001-2022": (140, 123, 2, 4, 0, 140, 148),
    "mcsb-v1": (98, 86, 12, 2, 0, 0, 0),
    "nist-csf-1.1": (136, 108, 5, 3, 0, 0, 256),
    "nist-csf-2.0": (134, 106, 6, 3, 0, 0, 266),
    "nist-sp-800-53-rev5": (1209, 1189, 20, 2, 0, 0, 0),
    "pcidss-4_0": (373, 351, 7, 6, 6, 0, 0),
    "scf-2025.2.2": (1375, 1341, 33, 2, 0, 1335, 0),
    "soc2_2017_with_rev_2022": (375, 301, 13, 4, 0, 0, 0),
}

# file: ends, words of the rows, rows that repeat a pair, whether the exact reverse stands beside
SETS = {
    "map-nist-csf-1.1-nist-csf-2.0": ("nist-csf/1.1", "nist-csf/2.0", {"intersect": 185}, 0, False),
    "mapping-adobe-ccf-v5-and-fedramp-rev5": ("adobe-ccf/v5", "nist-sp-800-53/rev5", {"intersect": 400}, 0, True),
    "mapping-adobe-ccf-v5-and-iso27001-2022": ("adobe-ccf/v5", "iso-27001/2022", {"intersect": 212}, 0, True),
    "mapping-adobe-ccf-v5-and-nist-csf-1.1": ("adobe-ccf/v5", "nist-csf/1.1", {"intersect": 102}, 1, True),
    "mapping-adobe-ccf-v5-and-pcidss-4_0": ("adobe-ccf/v5", "pci-dss/4.0", {"intersect": 678}, 1, True),
    "mapping-adobe-ccf-v5-and-soc2-2017-rev-2022": ("adobe-ccf/v5", "soc-2/2017-rev-2022", {"intersect": 1066}, 0, True),
    "mapping-cis-controls-v8-and-scf-2025.2.2": (
        "cis-controls/8", "scf/2025.2.2", {"subset": 51, "equal": 51, "intersect": 332}, 0, True,
    ),
    "mapping-iso27001-2013-to-iso27001-2022": (
        "iso-27001/2013", "iso-27001/2022", {"equal": 77, "superset": 6, "subset": 48, "intersect": 3}, 0, False,
    ),
    "mapping-iso27001-2022-and-scf-2025.2.2": (
        "iso-27001/2022", "scf/2025.2.2", {"intersect": 506, "subset": 73, "equal": 17}, 2, True,
    ),
    "mapping-nist-csf-2.0-and-scf-2025.2.2": (
        "nist-csf/2.0", "scf/2025.2.2", {"intersect": 308, "subset": 152, "equal": 9}, 0, True,
    ),
    "mapping-nist-csf-2.0-to-iso27001-2022": ("nist-csf/2.0", "iso-27001/2022", {"intersect": 343}, 2, True),
    "mapping-nist-sp-800-53-rev5-to-iso27001-2022": ("nist-sp-800-53/rev5", "iso-27001/2022", {"intersect": 642}, 0, True),
    "mapping-pcidss-4_0-and-scf-2025.2.2": ("pci-dss/4.0", "scf/2025.2.2", {"intersect": 1103, "subset": 115}, 0, True),
    "mapping-soc2-2017-rev-2022-and-scf-2025.2.2": (
        "soc-2/2017-rev-2022", "scf/2025.2.2", {"subset": 90, "intersect": 1358, "equal": 29}, 0, True,
    ),
}  # fmt: skip


@cache
def reading(path: str) -> Reading:
    found = read(FORMAT, f"{FOLDER}/{path}.yaml")
    assert not found.faults
    return found


def framework(name: str) -> Reading:
    return reading(f"frameworks/{name}")


def mapping(name: str) -> Reading:
    return reading(f"mappings/{name}")


def everything() -> list[Reading]:
    corpus()
    return [*map(framework, (*FRAMEWORKS, "key-reference-controls")), *map(mapping, SETS)]


def resources(found: Reading, *kinds: str) -> dict[str, Resource]:
    return {record.id: record for record in found.records if isinstance(record, Resource) and record.kind in kinds}


def statements(found: Reading, predicate: str = "") -> list[Statement]:
    return [one for one in found.records if isinstance(one, Statement) and (not predicate or one.predicate == predicate)]


def rows(found: Reading) -> list[Statement]:
    return [statement for statement in statements(found) if statement.mapping is not None]


def sets(found: Reading) -> list[MappingSet]:
    return [record for record in found.records if isinstance(record, MappingSet)]


def edition(found: Reading, identifier: str) -> Edition:
    return next(record for record in found.records if isinstance(record, Edition) and record.id == identifier)


def test_every_library_of_the_corpus_is_known_and_nothing_else() -> None:
    known = [file.name for file in files(FOLDER) if FORMAT.recognises(file)]
    assert len(known) == 28 == len(FRAMEWORKS) + 1 + len(SETS)
    others = [file for folder in ("opencre", "oscal-nist-800-53", "sssom", "prowler") for file in files(folder)]
    assert not [file.name for file in others if FORMAT.recognises(file)]


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_nodes_of_a_framework(name: str) -> None:
    nodes, assessable, roots, deepest, unnumbered, grouped, links = FRAMEWORKS[name]
    found = framework(name)
    provisions = resources(found, *PROVISIONS)
    assert len(provisions) == nodes == found.found["requirement nodes"]
    assert found.found["assessable nodes"] == assessable
    assert sum(node.parent is None for node in provisions.values()) == roots
    assert max(depth(provisions, node) for node in provisions.values()) == deepest
    assert sum(node.notation is None for node in provisions.values()) == unnumbered
    assert len({statement.subject for statement in statements(found, "in-implementation-group")}) == grouped
    assert len(statements(found, "suggests-control")) == links
    assert all(node.parent in provisions for node in provisions.values() if node.parent)
    assert all(node.labels for node in provisions.values())


def depth(provisions: dict[str, Resource], node: Resource) -> int:
    return 1 + (depth(provisions, provisions[node.parent]) if node.parent else 0)


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_provisions_stand_in_the_order_of_the_file(name: str) -> None:
    found = framework(name)
    provisions = list(resources(found, *PROVISIONS))
    (listing,) = [
        record for record in found.records
        if isinstance(record, Edition) and (record.selected or record.provisions) and "ciso-assistant-controls" not in record.id
    ]  # fmt: skip
    assert list(listing.provisions) == ([] if listing.selected else provisions)
    assert list(listing.selected) == (sorted(provisions) if listing.selected else [])


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_no_text_of_a_node_is_lost(name: str) -> None:
    """Against the file itself, read by another parser: every text in every language is a label or a text of its provision."""
    document: Any = yaml.load(files(f"{FOLDER}/frameworks/{name}.yaml")[0].content, Loader=yaml.CSafeLoader)
    provisions = resources(framework(name), *PROVISIONS).values()
    for node, provision in zip(document["objects"]["framework"]["requirement_nodes"], provisions, strict=True):
        kept = {(label.language, label.text) for label in (*provision.labels, *provision.texts)}
        assert set(told(node)) <= kept
        assert provision.notation == node.get("ref_id")


def told(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    entries = [("en", node), *node.get("translations", {}).items()]
    for language, entry in entries:
        for key in ("name", "description", "annotation", "typical_evidence"):
            if (entry.get(key) or "").strip():
                yield language, entry[key].strip()
    for question in node.get("questions", {}).values():
        if question["text"].strip():
            yield "en", question["text"].strip()


def test_questions_are_kept_with_their_nodes_and_their_answers_are_left() -> None:
    found = framework("adobe-ccf-v5")
    assert found.found["questions"] == 895
    assert sum(left.count for why, left in found.left_out.items() if why.en.startswith("The answers")) == 2685
    (control,) = [one for one in resources(found, "control").values() if one.notation == "AM-01"]
    assert control.texts[-1].text.startswith("3. Inspect periodic reconciliation")


def test_translations_keep_their_language_tags() -> None:
    control = resources(framework("iso27001-2022"), "control")["iso-27001/2022/a.5.1"]
    assert [label.language for label in control.labels] == ["en", "fr", "cs", "sv", "es", "de", "zh"]
    assert control.labels[-1] == Label(language="zh", text="信息安全政策")
    assert {label.language for label in control.texts} == {"en", "fr", "cs", "sv", "es", "de", "zh"}


def test_kinds_are_what_the_frameworks_mean() -> None:
    iso = resources(framework("iso27001-2022"), *PROVISIONS)
    assert iso["iso-27001/2022/4.1"].kind == "requirement"
    assert Counter(node.kind for node in iso.values()) == {"heading": 17, "control": 93, "requirement": 30}
    nist = resources(framework("nist-sp-800-53-rev5"), *PROVISIONS)
    assert Counter(node.kind for node in nist.values()) == {"heading": 20, "control": 322, "control-enhancement": 867}
    assert nist["nist-sp-800-53/rev5/ac-2.1"].notation == "AC-2(1)"
    assert resources(framework("pcidss-4_0"), "heading").keys() >= {"pci-dss/4.0/1", "pci-dss/4.0/a3"}


def test_criteria_are_requirements_though_they_are_assessed_by_their_points_of_focus() -> None:
    nodes = resources(framework("soc2_2017_with_rev_2022"), *PROVISIONS)
    headings = {node.notation for node in nodes.values() if node.kind == "heading"}
    assert headings == {*(f"CC{number}" for number in range(1, 10)), "A", "C", "PI", "P", *(f"P{n}.0" for n in range(1, 9))}
    assert nodes["soc-2/2017-rev-2022/cc6.1"].kind == "requirement"


def test_what_is_out_of_use_says_so() -> None:
    """Two of the withdrawn controls lack the bracket that the others begin with."""
    nist = resources(framework("nist-sp-800-53-rev5"), *PROVISIONS)
    withdrawn = [node for node in nist.values() if node.lifecycle is Lifecycle.WITHDRAWN]
    assert len(withdrawn) == 182
    scf = resources(framework("scf-2025.2.2"), *PROVISIONS)
    (deprecated,) = [node for node in scf.values() if node.lifecycle is Lifecycle.DEPRECATED]
    assert (deprecated.notation, deprecated.kind) == ("TDA-11.2", "control")


def test_a_name_that_is_absent_is_not_invented() -> None:
    (outcome,) = [one for one in resources(framework("nist-csf-2.0"), "requirement").values() if one.notation == "GV.OC-01"]
    assert outcome.labels == (Label(language="en", text="GV.OC-01"),)
    assert outcome.texts[0].text.startswith("The organizational mission is understood")
    core = resources(framework("iso27001-2013"), "heading")["iso-27001/2013/core"]
    assert (core.notation, core.labels[0].text) == (None, "Core")


def test_an_id_follows_from_the_urn_where_it_disagrees_with_the_number() -> None:
    """PCI DSS 3.5.1.1 has the urn ...:3.5.2 here, and mapping sets know urns only."""
    nodes = resources(framework("pcidss-4_0"), "requirement")
    differing = {identifier.rpartition("/")[2]: node.notation for identifier, node in nodes.items()
                 if node.notation and identifier.rpartition("/")[2] != node.notation.lower()}  # fmt: skip
    assert differing == {"3.5.2": "3.5.1.1", "3.5.3": "3.5.1.2", "3.5.4": "3.5.1.3", "a3.3.1.2": "A3.3.1.1"}


def test_fedramp_selects_controls_of_800_53() -> None:
    found = framework("fedramp-rev5")
    nist = resources(framework("nist-sp-800-53-rev5"), *PROVISIONS)
    selected = edition(found, "fedramp-baselines/rev5").selected
    assert len(selected) == 428
    assert set(selected) <= nist.keys()
    mine = resources(found, *PROVISIONS)
    assert mine["nist-sp-800-53/rev5/ac-2.1"].notation == "AC-2 (1)"
    assert mine["nist-sp-800-53/rev5/ac"].labels[0].text == "ACCESS CONTROL"
    assert {node.kind for node in mine.values()} == {"heading", "control", "control-enhancement"}
    assert all(nist[identifier].kind == node.kind for identifier, node in mine.items())
    assert all(nist[identifier].parent == node.parent for identifier, node in mine.items())


def test_implementation_groups_are_kept_word_for_word_and_defined() -> None:
    found = framework("fedramp-rev5")
    groups = Counter(one.value.text for one in statements(found, "in-implementation-group") if one.value)
    assert groups == {"H": 410, "M": 323, "L": 156}
    defined = [one.value.text for one in statements(found, "definition") if one.value]
    assert [text.split(": ")[:2] for text in defined] == [["L", "Low"], ["M", "Moderate"], ["H", "High"]]
    tiers = Counter(one.value.text for one in statements(framework("scf-2025.2.2"), "in-implementation-group") if one.value)
    assert tiers == {"tier2": 1068, "tier3": 960, "tier1": 292}


def test_reference_controls_of_two_libraries_meet_every_link_to_them() -> None:
    keys = resources(framework("key-reference-controls"), "reference-control")
    beside = resources(framework("iso27001-2022"), "reference-control")
    assert (len(keys), len(beside)) == (175, 93)
    assert not keys.keys() & beside.keys()
    links = [one.object for found in everything() for one in statements(found, "suggests-control")]
    assert len(links) == 53 + 148 + 256 + 266
    assert set(links) <= keys.keys() | beside.keys()
    context = keys["ciso-assistant-controls/doc-pol/doc.context"]
    assert context.notation == "DOC.CONTEXT"
    assert "Signed document, approved and dated" in {label.text for label in context.texts}
    assert len(edition(framework("key-reference-controls"), "ciso-assistant-controls/doc-pol").provisions) == 175


@pytest.mark.parametrize("name", SETS)
def test_rows_of_a_mapping_set(name: str) -> None:
    subjects, objects, words, repeats, reversed_too = SETS[name]
    found = mapping(name)
    original, *others = sets(found)
    number = sum(words.values())
    assert (original.subject_edition, original.object_edition, original.rows) == (subjects, objects, number)
    assert original.origin is Origin.ORIGINAL
    assert original.stated_as is StatedAs.SOURCE_TO_TARGET
    kept = rows(found)
    assert Counter(row.mapping.verbatim for row in kept if row.mapping) == words
    assert len({row.id for row in kept}) == number
    assert number - len({(row.subject, row.object) for row in kept}) == repeats
    assert all(row.subject.startswith(subjects + "/") and str(row.object).startswith(objects + "/") for row in kept)
    assert len(others) == (1 if reversed_too else 0)
    assert found.found["mapping rows"] == number * (2 if reversed_too else 1)


@pytest.mark.parametrize("name", [name for name, expected in SETS.items() if expected[-1]])
def test_a_mechanical_reverse_is_told_and_not_loaded(name: str) -> None:
    found = mapping(name)
    original, reverse = sets(found)
    assert reverse.origin is Origin.REVERSE
    assert reverse.derived_from == (original.id,)
    assert reverse.rows == original.rows
    assert (reverse.subject_edition, reverse.object_edition) == (original.object_edition, original.subject_edition)
    assert resources(found, "mapping-set").keys() == {original.id, reverse.id}
    assert {row.mapping.mapping_set for row in rows(found) if row.mapping} == {original.id}
    assert [left.count for why, left in found.left_out.items() if "turns round" in why.en] == [reverse.rows]


def test_a_subset_is_a_subset_of_the_target() -> None:
    (row,) = [row for row in rows(mapping("mapping-nist-csf-2.0-and-scf-2025.2.2"))
              if row.subject == "nist-csf/2.0/gv.oc-01" and row.predicate != "intersects-with"][:1]  # fmt: skip
    assert row.mapping is not None
    assert (row.mapping.verbatim, row.predicate, converse_of(row.predicate)) == ("subset", "subset-of", "superset-of")


def test_one_pair_in_two_relations_is_kept_twice() -> None:
    found = rows(mapping("mapping-iso27001-2022-and-scf-2025.2.2"))
    pairs = {"scf/2025.2.2/rsk-01", "scf/2025.2.2/rsk-01.1"}
    double = sorted((str(row.object), row.predicate) for row in found
                    if row.subject == "iso-27001/2022/6.1.2" and row.object in pairs)  # fmt: skip
    assert double == [(pair, word) for pair in sorted(pairs) for word in ("intersects-with", "subset-of")]


def test_rationales_are_read_and_empty_annotations_say_nothing() -> None:
    kinds = {row.mapping.rationale_kind for row in rows(mapping("map-nist-csf-1.1-nist-csf-2.0")) if row.mapping}
    assert kinds == {RationaleKind.SEMANTIC}
    syntactic = [row.mapping for row in rows(mapping("mapping-iso27001-2013-to-iso27001-2022")) if row.mapping]
    assert {(one.rationale_kind, one.rationale, one.strength) for one in syntactic} == {(RationaleKind.SYNTACTIC, (), None)}


def test_dangling_ends_over_all_readings() -> None:
    defined = {identifier for found in everything() for identifier in resources(found, *PROVISIONS)}
    dangling = Counter(
        end.partition("/")[0]
        for name in SETS
        for row in rows(mapping(name))
        for end in (row.subject, str(row.object))
        if end not in defined
    )
    assert dangling == {"cis-controls": 434, "soc-2": 117, "pci-dss": 3}


def test_rows_on_headings_are_kept() -> None:
    headings = {identifier for found in everything() for identifier in resources(found, "heading")}
    on_headings = Counter(
        end.partition("/")[0] for name in SETS for row in rows(mapping(name)) for end in (row.subject, str(row.object))
        if end in headings
    )  # fmt: skip
    assert on_headings == {"nist-csf": 54, "soc-2": 9}


@pytest.mark.parametrize(
    ("path", "authority", "redistribution", "publisher"),
    [
        ("frameworks/nist-csf-2.0", Authority.THIRD_PARTY, Redistribution.OPEN, "org/nist"),
        ("frameworks/fedramp-rev5", Authority.THIRD_PARTY, Redistribution.OPEN, "org/fedramp"),
        ("frameworks/iso27001-2022", Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY, "org/iso"),
        ("frameworks/pcidss-4_0", Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY, "org/pci-ssc"),
        ("frameworks/scf-2025.2.2", Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY, "org/scf"),
        ("frameworks/soc2_2017_with_rev_2022", Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY, "org/aicpa"),
        ("frameworks/cis-benchmark-microsoft-365", Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY, "org/cis"),
        ("frameworks/adobe-ccf-v5", Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY, "org/adobe"),
        ("frameworks/key-reference-controls", Authority.OFFICIAL, Redistribution.CITATION_ONLY, "org/intuitem"),
        ("mappings/mapping-nist-sp-800-53-rev5-to-iso27001-2022", Authority.OFFICIAL, Redistribution.OPEN, "org/nist"),
        ("mappings/mapping-cis-controls-v8-and-scf-2025.2.2", Authority.OFFICIAL, Redistribution.LOCAL_ONLY, "org/scf"),
        ("mappings/mapping-iso27001-2013-to-iso27001-2022", Authority.THIRD_PARTY, Redistribution.CITATION_ONLY, "org/intuitem"),
    ],
)
def test_authority_follows_the_provider_and_redistribution_the_copyright(
    path: str, authority: Authority, redistribution: Redistribution, publisher: str
) -> None:
    found = reading(path)
    source = found.source
    assert source is not None
    assert (source.authority, source.redistribution, source.publisher) == (authority, redistribution, publisher)
    assert {one.authority for one in statements(found)} <= {authority}
    assert publisher in resources(found, "organisation")


def test_the_id_of_a_source_follows_from_its_urn_and_version() -> None:
    """The file is called soc2_2017_with_rev_2022, and the library soc2-2017-rev-2022."""
    source = framework("soc2_2017_with_rev_2022").source
    assert source is not None
    assert (source.id, source.version) == ("source/ciso-assistant/soc2-2017-rev-2022/2", "2")
    assert [label.language for label in source.labels] == ["en", "es"]
    assert source.rights.startswith("© 2023 Association of International")


def test_no_parent_link_is_read_as_more_than_a_grouping_but_that_of_enhancements() -> None:
    links = {record.id: record.parent_link for found in everything() for record in found.records if isinstance(record, Framework)}
    assert {one for one, link in links.items() if link is not ParentLink.GROUPING} == {"nist-sp-800-53", "fedramp-baselines"}


def test_ids_are_unique_in_every_reading() -> None:
    for found in everything():
        counted = Counter((type(record), record.id) for record in found.records)
        assert max(counted.values()) == 1
