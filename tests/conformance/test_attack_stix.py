"""MITRE ATT&CK: the published bundle of 16.1 in STIX 2.0, and a sample of our own in STIX 2.1."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from kakehashi.records.model import Edition, Literal, MappingSet, Resource, Statement
from kakehashi.records.values import Authority, Lifecycle, Redistribution
from kakehashi.sources.attack_stix import FORMAT
from kakehashi.sources.format import Reading
from tests.support.attack_bundle import COPYRIGHT, OLD, PHISHING, bundle, called, objects, phases, stix, stix_id
from tests.support.corpus import corpus, files, read

BUNDLE = "mitre-attack/enterprise-attack-16.1-trimmed.json"
EDITION = "mitre-attack/16.1"


@cache
def published() -> Reading:
    found = read(FORMAT, BUNDLE)
    assert found.faults == []
    return found


def sample(changed: list[dict[str, Any]] | None = None) -> Reading:
    found = FORMAT.read((bundle(objects() if changed is None else changed),))
    assert found.faults == []
    return found


def statements(reading: Reading, *predicates: str) -> list[Statement]:
    return [one for one in reading.records if isinstance(one, Statement) and one.predicate in predicates]


def resources(reading: Reading) -> dict[str, Resource]:
    return {one.id: one for one in reading.records if isinstance(one, Resource)}


def test_every_object_is_counted_and_every_relationship_made() -> None:
    found = published().found
    assert {name: found[name] for name in ("attack-pattern", "course-of-action", "x-mitre-tactic", "relationship")} == {
        "attack-pattern": 799, "course-of-action": 268, "x-mitre-tactic": 14, "relationship": 1957,
    }  # fmt: skip
    assert [found[name] for name in ("identity", "marking-definition", "x-mitre-matrix", "sub-techniques")] == [1, 1, 1, 456]
    assert len(statements(published(), "mitigates")) == 1372
    assert len(statements(published(), "revoked-by")) == 131
    assert len(statements(published(), "in-tactic")) == 1051
    kinds = Counter(one.kind for one in resources(published()).values())
    assert (kinds["technique"], kinds["mitigation"], kinds["tactic"]) == (799, 268, 14)
    made = [one.id for one in published().records if isinstance(one, Statement)]
    assert len(set(made)) == len(made)


def test_what_became_of_techniques_and_mitigations() -> None:
    lives = Counter(
        (one.kind, one.lifecycle) for one in resources(published()).values() if one.kind in {"technique", "mitigation"}
    )
    assert lives == {
        ("technique", None): 656, ("technique", Lifecycle.REVOKED): 131, ("technique", Lifecycle.DEPRECATED): 12,
        ("mitigation", None): 44, ("mitigation", Lifecycle.DEPRECATED): 224,
    }  # fmt: skip


def test_deprecated_mitigations_do_not_collide_with_the_techniques_whose_numbers_they_have() -> None:
    found = resources(published())
    old = [one for one in found.values() if one.kind == "mitigation" and one.lifecycle]
    assert all(one.notation is not None and one.notation.startswith("T1") for one in old)
    assert {one.id for one in old} == {f"{EDITION}/coa-{one.notation}" for one in old}
    assert found[f"{EDITION}/coa-T1174"].labels[0].text == "Password Filter DLL Mitigation"
    assert found[f"{EDITION}/T1174"].kind == "technique"
    assert found[f"{EDITION}/M1036"].kind == "mitigation"
    assert not {str(one.subject) for one in statements(published(), "mitigates")} & {one.id for one in old}


def test_a_sub_technique_stands_under_its_technique_as_the_relationship_says() -> None:
    found = resources(published())
    parents = {one.id: one.parent for one in found.values() if one.parent}
    assert len(parents) == 454
    assert parents[f"{EDITION}/T1566.001"] == f"{EDITION}/T1566"
    without = {one.id for one in found.values() if one.kind == "technique" and "." in str(one.notation)} - parents.keys()
    assert without == {f"{EDITION}/T1053.001", f"{EDITION}/T1547.011"}
    assert {found[one].lifecycle for one in without} == {Lifecycle.REVOKED}


def test_phases_of_the_kill_chain_are_tactics() -> None:
    found = resources(published())
    served = {str(one.object) for one in statements(published(), "in-tactic") if one.subject == f"{EDITION}/T1566"}
    assert served == {f"{EDITION}/TA0001"}
    assert {found[str(one.object)].kind for one in statements(published(), "in-tactic")} == {"tactic"}
    order = {one.subject: one.value for one in statements(published(), "order")}
    assert len(order) == 14
    assert order[f"{EDITION}/TA0043"] == Literal(text="1", datatype="integer")
    assert order[f"{EDITION}/TA0040"] == Literal(text="14", datatype="integer")


def test_every_end_is_defined_and_relations_are_between_what_they_say() -> None:
    found = resources(published())
    for one in statements(published(), "mitigates"):
        assert (found[one.subject].kind, found[str(one.object)].kind) == ("mitigation", "technique")
        assert one.mapping is not None
        assert one.mapping.verbatim == "mitigates"
    for one in statements(published(), "revoked-by"):
        assert found[one.subject].lifecycle is Lifecycle.REVOKED
        assert found[str(one.object)].kind == "technique"
    (mapping_set,) = [one for one in published().records if isinstance(one, MappingSet)]
    assert (mapping_set.rows, mapping_set.subject_edition, mapping_set.object_edition) == (1372, EDITION, EDITION)


def test_only_mitigations_are_provisions_for_threats_are_none() -> None:
    (edition,) = [one for one in published().records if isinstance(one, Edition)]
    found = resources(published())
    assert (edition.id, edition.version, str(edition.issued)) == (EDITION, "16.1", "2024-11-12")
    assert len(edition.provisions) == 268
    assert {found[one].kind for one in edition.provisions} == {"mitigation"}


def test_the_publisher_of_both_ends_speaks_and_its_copyright_line_goes_with_it() -> None:
    source = published().source
    assert source is not None
    assert (source.id, source.version) == ("source/attack-stix/enterprise-attack/16.1", "16.1")
    assert (source.authority, source.redistribution) == (Authority.OFFICIAL, Redistribution.OPEN)
    assert source.rights.startswith("Copyright 2015-2024, The MITRE Corporation.")
    assert source.publisher == "org/mitre"
    assert source.labels[0].text == "Enterprise ATT&CK 16.1"


def test_what_makes_no_record_is_counted() -> None:
    left = {why.en: one.count for why, one in published().left_out.items()}
    assert left["A reference to something other than ATT&CK (CAPEC, a citation)."] == 36
    assert left["A key that is not read: 'x_mitre_data_sources'."] == 616
    assert left["When, by whom and in which version each object was written."] == 3041
    platforms = statements(published(), "in-platform")
    document = json.loads(corpus(BUNDLE).read_text("utf-8"))
    assert len(platforms) == sum(len(one.get("x_mitre_platforms", ())) for one in document["objects"])


def test_the_name_of_the_file_is_not_what_identifies_the_edition() -> None:
    document = json.loads(corpus(BUNDLE).read_text("utf-8"))
    renamed = FORMAT.read((bundle(document["objects"], name="enterprise-attack-99.9.json", spec_version="2.0"),))
    assert renamed.faults == []
    assert renamed.source is not None
    assert renamed.source.id == "source/attack-stix/enterprise-attack/16.1"


def test_stix_2_1_gives_the_same_kinds_of_records() -> None:
    found = resources(sample())
    edition = "mitre-attack/17.0"
    assert found[f"{edition}/T1566.001"].parent == f"{edition}/T1566"
    assert found[f"{edition}/T1193"].lifecycle is Lifecycle.REVOKED
    assert found[f"{edition}/coa-T1566"].lifecycle is Lifecycle.DEPRECATED
    assert found[f"{edition}/T1566"].texts[0].text == "Messages that look right.\n\nLook at mail."
    assert [(one.subject, one.object) for one in statements(sample(), "revoked-by")] == [
        (f"{edition}/T1193", f"{edition}/T1566.001")
    ]
    assert [one.object for one in statements(sample(), "in-tactic")] == [
        f"{edition}/TA0001", f"{edition}/TA0001", f"{edition}/TA0002", f"{edition}/TA0001",
    ]  # fmt: skip
    source = sample().source
    assert source is not None
    assert (source.id, source.rights) == ("source/attack-stix/enterprise-attack/17.0", COPYRIGHT)
    assert source.authority is Authority.OFFICIAL


def test_a_reason_stays_with_its_mitigation_and_withdrawn_relations_are_left() -> None:
    (made,) = statements(sample(), "mitigates")
    assert made.mapping is not None
    assert made.mapping.rationale[0].text == "Users can be trained."
    left = {why.en: one.count for why, one in sample().left_out.items()}
    assert left["A relationship that its publisher withdrew (mitigates)."] == 1
    assert left["A relationship of a type that is not read (malware uses attack-pattern)."] == 1
    assert left["An object of a type that is not read (malware)."] == 1
    (mapping_set,) = [one for one in sample().records if isinstance(one, MappingSet)]
    assert mapping_set.rows == 2


def test_an_end_that_the_bundle_does_not_hold_is_referred_to_by_its_stix_id() -> None:
    without = [one for one in objects() if one["id"] != OLD]
    (made,) = statements(sample(without), "revoked-by")
    assert made.subject == f"mitre-attack/17.0/{OLD}"
    assert made.subject not in resources(sample(without))


def test_a_phase_that_no_tactic_names_is_referred_to_and_not_dropped() -> None:
    without = [one for one in objects() if one.get("x_mitre_shortname") != "execution"]
    reached = {one.object for one in statements(sample(without), "in-tactic")}
    assert "mitre-attack/17.0/execution" in reached


def test_tactics_of_two_domains_that_share_a_short_name_are_told_apart() -> None:
    mobile = {"x_mitre_domains": ["mobile-attack"]}
    both = [
        *objects(),
        stix("x-mitre-tactic", 72, name="Initial Access", x_mitre_shortname="initial-access",
             external_references=called("TA0027"), **mobile),
        stix("attack-pattern", 4, name="Drive-By Compromise", external_references=called("T1456"),
             kill_chain_phases=phases("initial-access", chain="mitre-mobile-attack"), **mobile),
    ]  # fmt: skip
    served = {one.subject.rpartition("/")[2]: one.object for one in statements(sample(both), "in-tactic")}
    assert served["T1456"] == "mitre-attack/17.0/TA0027"
    assert served["T1193"] == "mitre-attack/17.0/TA0001"


@pytest.mark.parametrize(
    ("changed", "edition"),
    [("2024-11-12T23:59:59.000Z", "16.1"), ("2024-11-01T00:00:00.000Z", "16.1"), ("2024-10-31T00:00:00.000Z", "16.0")],
)
def test_without_a_collection_the_latest_change_tells_the_release(changed: str, edition: str) -> None:
    dated = [{**one, "modified": changed} for one in objects() if one["type"] != "x-mitre-collection"]
    source = sample(dated).source
    assert source is not None
    assert source.version == edition


def test_somebody_elses_objects_are_not_official() -> None:
    somebody = stix_id("identity", 1)
    found = [{**one, "created_by_ref": somebody} if one["type"] == "attack-pattern" else one for one in objects()]
    found.append({"type": "identity", "id": somebody, "spec_version": "2.1", "name": "Example Labs"})
    source = sample(found).source
    assert source is not None
    assert (source.authority, source.redistribution) == (Authority.THIRD_PARTY, Redistribution.LOCAL_ONLY)
    assert source.publisher == "org/example-labs"


def test_only_bundles_are_recognised() -> None:
    folders = ("mitre-attack", "ctid-mappings-explorer", "prowler", "oscal-examples")
    assert [one.name for folder in folders for one in files(folder) if FORMAT.recognises(one)] == [BUNDLE]
    assert PHISHING in json.dumps(objects())
