"""CTID's three published mappings: every row with its words, and nothing defined that others publish."""

import json
from collections import Counter
from functools import cache

import pytest

from kakehashi.records.model import Edition, Literal, MappingSet, Resource, Source, Statement
from kakehashi.records.values import Authority, MappingStatus, Nature, Redistribution
from kakehashi.sources.attack_stix import FORMAT as ATTACK
from kakehashi.sources.ctid import FORMAT, iso_date
from kakehashi.sources.format import Reading
from tests.support.corpus import corpus, files, read

AZURE = "ctid-mappings-explorer/azure-04.26.2025_attack-16.1-enterprise.json"
M365 = "ctid-mappings-explorer/m365-07.18.2025_attack-16.1-enterprise.json"
NIST = "ctid-mappings-explorer/nist_800_53-rev5_attack-16.1-enterprise.json"
BUNDLE = "mitre-attack/enterprise-attack-16.1-trimmed.json"
CATALOGUE = "oscal-nist-800-53/rev5.0.1/NIST_SP-800-53_rev5_catalog.json"
ATTACK_EDITION = "mitre-attack/16.1"
RELATIONS = {"protects-against", "detects-technique", "responds-to-technique", "mitigates"}


@cache
def reading(path: str) -> Reading:
    found = read(FORMAT, path)
    assert found.faults == []
    return found


def statements(path: str, *predicates: str) -> list[Statement]:
    found = [one for one in reading(path).records if isinstance(one, Statement)]
    return [one for one in found if one.predicate in predicates] if predicates else found


def resources(path: str) -> dict[str, Resource]:
    return {one.id: one for one in reading(path).records if isinstance(one, Resource)}


def mappings(path: str) -> list[Statement]:
    return statements(path, *RELATIONS)


def techniques() -> dict[str, Resource]:
    return {one.id: one for one in read(ATTACK, BUNDLE).records if isinstance(one, Resource) and one.kind == "technique"}


@pytest.mark.parametrize(
    ("path", "rows", "by_predicate", "by_strength"),
    [
        (
            AZURE, 972, {"detects-technique": 639, "protects-against": 322, "responds-to-technique": 11},
            {"partial": 532, "minimal": 365, "significant": 75},
        ),
        (
            M365, 806, {"detects-technique": 413, "protects-against": 278, "responds-to-technique": 115},
            {"significant": 318, "partial": 307, "minimal": 181},
        ),
        (NIST, 5410, {"mitigates": 5314}, {None: 5314}),
    ],
)  # fmt: skip
def test_every_row_is_a_statement_with_its_word_and_score(
    path: str, rows: int, by_predicate: dict[str, int], by_strength: dict[str | None, int]
) -> None:
    made = mappings(path)
    assert reading(path).found["mapping objects"] == rows
    assert Counter(one.predicate for one in made) == by_predicate
    details = [one.mapping for one in made if one.mapping is not None]
    assert Counter(detail.strength for detail in details) == by_strength
    assert {detail.status for detail in details} == {MappingStatus.PUBLISHED}
    assert {detail.rationale_kind for detail in details} == {None}


@pytest.mark.parametrize(("path", "ends", "goals", "repeats"), [(AZURE, 38, 412, 2), (M365, 38, 218, 68), (NIST, 109, 470, 50)])
def test_repeated_rows_are_kept_each_with_an_id_of_its_own(path: str, ends: int, goals: int, repeats: int) -> None:
    made = mappings(path)
    counted = Counter((one.subject, one.predicate, one.object) for one in made)
    assert len({one.subject for one in made}) == ends
    assert len({one.object for one in made}) == goals
    assert sum(counted.values()) - len(counted) == repeats
    every = statements(path)
    assert len({one.id for one in every}) == len(every)


def test_a_technique_that_nothing_maps_to_is_counted_and_makes_no_edge_and_no_node() -> None:
    left = reading(NIST).left_out
    (count,) = [one.count for why, one in left.items() if "non_mappable" in why.en]
    assert count == 96
    document = json.loads(corpus(NIST).read_text("utf-8"))
    unmapped = [row for row in document["mapping_objects"] if row["status"] == "non_mappable"]
    assert len(unmapped) == 96
    assert len({row["attack_object_id"] for row in document["mapping_objects"]}) == 566
    reached = {one.object for one in statements(NIST)}
    assert not {f"{ATTACK_EDITION}/{row['attack_object_id']}" for row in unmapped} & reached
    assert not any("null" in identifier.lower() or "none" in identifier.lower() for identifier in resources(NIST))


def test_controls_are_the_provisions_of_800_53_and_all_but_one_resolve() -> None:
    controls = {one.subject for one in mappings(NIST)}
    assert "nist-sp-800-53/rev5/ac-2" in controls
    catalogue = json.loads(corpus(CATALOGUE).read_text("utf-8"))["catalog"]
    defined = {f"nist-sp-800-53/rev5/{control['id']}" for group in catalogue["groups"] for control in group["controls"]}
    assert controls - defined == {"nist-sp-800-53/rev5/ia-13"}
    assert len(controls & defined) == 108


def test_techniques_are_referred_to_and_all_but_the_mobile_one_resolve() -> None:
    known = techniques()
    reached = {path: {str(one.object) for one in mappings(path)} for path in (AZURE, M365, NIST)}
    assert {path: sorted(ids - known.keys()) for path, ids in reached.items()} == {
        AZURE: [], M365: [], NIST: [f"{ATTACK_EDITION}/T1521.003"],
    }  # fmt: skip
    revoked = {path: sorted(one for one in ids & known.keys() if known[one].lifecycle) for path, ids in reached.items()}
    assert revoked == {AZURE: [f"{ATTACK_EDITION}/T1053.001"], M365: [], NIST: []}


@pytest.mark.parametrize("path", [AZURE, M365, NIST])
def test_nothing_is_defined_that_others_publish(path: str) -> None:
    kinds = Counter(one.kind for one in resources(path).values())
    assert not {"technique", "tactic", "mitigation", "control", "requirement", "heading"} & kinds.keys()
    assert all(not one.provisions for one in reading(path).records if isinstance(one, Edition))


def test_the_names_that_the_file_prints_stand_in_the_note_of_each_row() -> None:
    (row,) = [one for one in mappings(NIST) if one.object == f"{ATTACK_EDITION}/T1521.003"]
    assert row.note == (
        "SC-12 Cryptographic Key Establishment and Management – T1521.003 SSL Pinning (attack_version: [UNKNOWN_VERSION])"
    )
    unsure = [one for path in (AZURE, M365, NIST) for one in mappings(path) if one.note and "UNKNOWN_VERSION" in one.note]
    assert {one.object for one in unsure} == {f"{ATTACK_EDITION}/T1521.003", f"{ATTACK_EDITION}/T1053.001"}


def test_a_capability_is_described_once_and_comes_with_its_product() -> None:
    found = resources(M365)
    conditional = found["ctid-m365/EID-CA-E3"]
    assert (conditional.kind, conditional.labels[0].text, conditional.notation) == (
        "product-capability", "Conditional Access", "EID-CA-E3",
    )  # fmt: skip
    assert found["ctid-m365/group/entra-id"].labels[0].text == "Microsoft Entra ID"
    held = {(one.subject, one.object) for one in statements(M365, "has-capability")}
    assert ("ctid-m365/group/entra-id", "ctid-m365/EID-CA-E3") in held
    assert {product for product, capability in held if capability == "ctid-m365/EOP-AMW-E3"} == {
        "ctid-m365/group/eop", "ctid-m365/group/m365-defender",
    }  # fmt: skip
    assert len(held) == 39
    assert Counter(one.kind for one in found.values())["product"] == 4
    assert "ctid-azure/just-in-time_vm_access" in resources(AZURE)


def test_groups_that_no_row_uses_are_counted() -> None:
    left = {why.en: one.count for why, one in reading(AZURE).left_out.items()}
    assert left["A capability group that no row uses."] == 29


@pytest.mark.parametrize(("path", "count"), [(AZURE, 530), (M365, 434), (NIST, 0)])
def test_a_score_that_follows_from_the_technique_above_says_so(path: str, count: int) -> None:
    made = statements(path, "related-score")
    assert len(made) == count
    assert all(one.subject.rpartition(".")[0] == one.object for one in made)
    assert all(one.section and one.section.split()[-1] in {"protect", "detect", "respond"} for one in made)


def test_comments_are_the_rationale_and_references_stand_in_the_note() -> None:
    row = next(one for one in mappings(AZURE) if one.object == f"{ATTACK_EDITION}/T1036")
    assert row.mapping is not None
    assert row.mapping.rationale[0].text.startswith("This control provides minimal to partial coverage")
    assert row.note == (
        "T1036 Masquerading\nhttps://learn.microsoft.com/en-us/azure/sentinel/overview\n"
        "https://learn.microsoft.com/en-us/azure/sentinel/hunting"
    )
    assert row.mapping.verbatim == "detect"
    without = [one for one in mappings(AZURE) if one.mapping is not None and not one.mapping.rationale]
    assert len(without) == 2
    assert sum("\n" not in str(one.note) for one in mappings(M365)) == 104


def test_dates_of_the_united_states_become_iso() -> None:
    assert iso_date("04/26/2025") == iso_date(" 4/26/2025 ")
    assert iso_date("26/04/2025") is None
    dates = {one.section: one.value for one in statements(AZURE, "date")}
    assert dates == {
        "creation_date": Literal(text="2025-04-26", datatype="date"),
        "last_update": Literal(text="2025-05-29", datatype="date"),
    }
    source = reading(AZURE).source
    assert source is not None
    assert source.version == "2025-04-26"


@pytest.mark.parametrize(
    ("path", "source_id", "subject_edition"),
    [
        (AZURE, "source/ctid/azure-attack-enterprise/2025-04-26-attack-16.1", None),
        (M365, "source/ctid/m365-attack-enterprise/2025-07-18-attack-16.1", None),
        (NIST, "source/ctid/nist-800-53-attack-enterprise/rev5-attack-16.1", "nist-sp-800-53/rev5"),
    ],
)
def test_the_source_is_a_third_partys_and_may_be_passed_on(path: str, source_id: str, subject_edition: str | None) -> None:
    (source,) = [one for one in reading(path).records if isinstance(one, Source)]
    assert (source.id, source.publisher) == (source_id, "org/ctid")
    assert (source.authority, source.redistribution) == (Authority.THIRD_PARTY, Redistribution.OPEN)
    assert {one.nature for one in statements(path)} == {Nature.REPORT}
    (mapping_set,) = [one for one in reading(path).records if isinstance(one, MappingSet)]
    assert (mapping_set.subject_edition, mapping_set.object_edition) == (subject_edition, ATTACK_EDITION)
    assert mapping_set.rows == reading(path).found["mapping objects"]
    assert resources(path)[mapping_set.id].kind == "mapping-set"


def test_only_the_mappings_are_recognised() -> None:
    recognised = [one.name for one in files("ctid-mappings-explorer") if FORMAT.recognises(one)]
    assert recognised == [AZURE, M365, NIST]
    assert not [one.name for one in [*files("prowler"), *files("mitre-attack")] if FORMAT.recognises(one)]
