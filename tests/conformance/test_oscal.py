"""OSCAL over the published files: what was counted in them when the corpus was made, and every quirk that was noted of them."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from kakehashi.crosswalk.meanings import MEANINGS
from kakehashi.records.identity import canonical
from kakehashi.records.located import Place
from kakehashi.records.model import Edition, Framework, Group, MappingSet, Resource, Source, Statement
from kakehashi.records.values import (
    Authority,
    Lifecycle,
    MappingStatus,
    Nature,
    ParentLink,
    RationaleKind,
    Redistribution,
    StatedAs,
)
from kakehashi.sources.files import File
from kakehashi.sources.format import Reading
from kakehashi.sources.oscal import FORMAT, OPEN_CONTROL
from kakehashi.sources.oscal.mapping import UNMAPPED
from kakehashi.sources.oscal.parts import OTHER_PARTS
from kakehashi.sources.rows import MANUAL
from kakehashi.sources.typed import UNREAD
from kakehashi.vocabulary.iris import SEMAPV
from tests.support.corpus import corpus, files

REV5 = "nist-sp-800-53/rev5"
REV4 = "nist-sp-800-53/rev4"
NIST = "oscal-nist-800-53"
FULL = f"{NIST}/rev5.0.1/NIST_SP-800-53_rev5_catalog.json"
HIGH_RESOLVED = f"{NIST}/rev5.1.1/NIST_SP-800-53_rev5_HIGH-baseline-resolved-profile_catalog-min.json"
LOW_RESOLVED = f"{NIST}/rev5.1.1/NIST_SP-800-53_rev5_LOW-baseline-resolved-profile_catalog.yaml"
PRIVACY_RESOLVED = f"{NIST}/rev5.1.1/NIST_SP-800-53_rev5_PRIVACY-baseline-resolved-profile_catalog-min.json"
PROFILE = f"{NIST}/rev5.1.1/NIST_SP-800-53_rev5_%s-baseline_profile.json"
MODERATE = "oscal-fedramp-rev5/FedRAMP_rev5_MODERATE-baseline_profile.json"
LI_SAAS = "oscal-fedramp-rev5/FedRAMP_rev5_LI-SaaS-baseline-resolved-profile_catalog.json"
BASIC = "oscal-examples/basic-catalog.json"
EXAMPLE = "oscal-examples/example-component-definition"
COMPONENTS = "oscal-component-definitions"
RED_HAT = f"{COMPONENTS}/redhat-ocp4-pcidss"
RED_HAT_CATALOGUE = f"{RED_HAT}/pcidss_4_ocp4-catalog.json"
RED_HAT_PROFILE = f"{RED_HAT}/ocp4-pcidss_4_ocp4-base-profile.json"
RED_HAT_COMPONENTS = f"{RED_HAT}/component-definition.json"
MAPPINGS = "oscal-mapping-collections"
PCI = f"{MAPPINGS}/oscal-compass/PCI-catalog.json"
AI_RMF = f"{MAPPINGS}/oscal-compass/nist_ai_rmf_gen_ai-catalog.json"
SOC2 = f"{MAPPINGS}/trestle/SOC2-catalog.json"
AI_RMF_MAPPING = f"{MAPPINGS}/oscal-compass/nist_ai_rmf_to_iso_42001-mapping-collection.json"
PCI_MAPPING = f"{MAPPINGS}/oscal-compass/PCI_v4-to-NIST_800-53_rev4-mapping-collection.json"
SOC2_MAPPING = f"{MAPPINGS}/trestle/soc2-to-fedramp-mapping-collection.json"
COMPREHENSIVE = f"{MAPPINGS}/trestle/comprehensive_mapping.json"
SIMPLE = f"{MAPPINGS}/trestle/simple_mapping.json"

CATALOGUES: dict[str, dict[str, int]] = {
    FULL: {
        "groups": 20, "controls": 322, "nested controls": 867, "withdrawn": 182, "parameters": 1258, "links: reference": 828,
        "links: related": 3397, "links: required": 709, "links: incorporated-into": 166, "links: moved-to": 34,
    },
    HIGH_RESOLVED: {
        "groups": 18, "controls": 188, "nested controls": 182, "parameters": 767, "links: reference": 629, "links: related": 2209,
        "links: required": 182,
    },
    LOW_RESOLVED: {
        "groups": 18, "controls": 131, "nested controls": 18, "parameters": 445, "links: reference": 512, "links: related": 1523,
        "links: required": 18,
    },
    PRIVACY_RESOLVED: {
        "groups": 16, "controls": 81, "nested controls": 21, "parameters": 267, "links: reference": 332, "links: related": 891,
        "links: required": 21,
    },
    LI_SAAS: {
        "groups": 18, "controls": 135, "nested controls": 21, "parameters": 454, "links: reference": 532, "links: related": 1580,
        "links: required": 21,
    },
    BASIC: {"groups": 4, "controls": 4, "parameters": 2},
    RED_HAT_CATALOGUE: {"groups": 15, "controls": 71, "nested controls": 280},
    PCI: {"groups": 78, "controls": 212, "nested controls": 45},
    AI_RMF: {"groups": 53, "controls": 466},
    SOC2: {"groups": 9, "controls": 51},
}  # fmt: skip

PROFILES: dict[str, tuple[str, int]] = {
    PROFILE % "LOW": ("nist-sp-800-53b/low", 149),
    PROFILE % "MODERATE": ("nist-sp-800-53b/moderate", 287),
    PROFILE % "HIGH": ("nist-sp-800-53b/high", 370),
    PROFILE % "PRIVACY": ("nist-sp-800-53b/privacy", 96),
    MODERATE: ("fedramp-baselines/rev5-moderate", 323),
    RED_HAT_PROFILE: ("complianceascode-pci-dss-ocp4/v4-base", 251),
}

DEFINITIONS: dict[str, dict[str, int]] = {
    f"{COMPONENTS}/civicactions/aws.json": {
        "components": 1, "control implementations": 1, "implemented requirements": 55, "statements": 29},
    f"{COMPONENTS}/civicactions/django.json": {"components": 1, "control implementations": 2, "implemented requirements": 19},
    f"{COMPONENTS}/platform-one/neuvector-oscal-component.yaml": {
        "components": 1, "control implementations": 1, "implemented requirements": 28},
    f"{COMPONENTS}/trestle-tests/good_component.yaml": {
        "components": 2, "control implementations": 2, "implemented requirements": 90},
    f"{EXAMPLE}.json": {"components": 1, "control implementations": 1, "implemented requirements": 3, "statements": 2},
    f"{EXAMPLE}.yaml": {"components": 1, "control implementations": 1, "implemented requirements": 3, "statements": 2},
    RED_HAT_COMPONENTS: {"components": 2, "control implementations": 2, "implemented requirements": 502, "rules": 134},
}  # fmt: skip

COLLECTIONS: dict[str, dict[str, int]] = {
    PCI_MAPPING: {"mappings": 1, "maps": 2, "pairs": 2, "ends: control": 4, "unmapped controls": 1},
    AI_RMF_MAPPING: {"mappings": 1, "maps": 49, "pairs": 192, "ends: control": 241},
    COMPREHENSIVE: {"mappings": 1, "maps": 3, "pairs": 6, "ends: control": 4, "ends: statement": 5, "unmapped controls": 4},
    SIMPLE: {"mappings": 1, "maps": 1, "pairs": 1, "ends: control": 2},
    SOC2_MAPPING: {"mappings": 1, "maps": 4, "pairs": 21, "ends: control": 4, "ends: statement": 21},
}


@cache
def one_file(path: str) -> File:
    (found,) = files(path)
    return found


@cache
def reading(path: str) -> Reading:
    file = one_file(path)
    assert FORMAT.recognises(file)
    return FORMAT.read((file,))


def read(path: str) -> Reading:
    found = reading(path)
    assert found.faults == []
    return found


def resources(path: str) -> dict[str, Resource]:
    return {one.id: one for one in read(path).records if isinstance(one, Resource)}


def statements(path: str) -> list[Statement]:
    return [one for one in read(path).records if isinstance(one, Statement)]


def edges(path: str, predicate: str) -> list[tuple[str, str | None]]:
    return [(one.subject, one.object) for one in statements(path) if one.predicate == predicate]


def edition(path: str, identifier: str) -> Edition:
    (found,) = (one for one in read(path).records if isinstance(one, Edition) and one.id == identifier)
    return found


def source(path: str) -> Source:
    (found,) = (one for one in read(path).records if isinstance(one, Source))
    return found


def literals(path: str, predicate: str) -> list[tuple[str, str]]:
    return [(one.subject, one.value.text) for one in statements(path) if one.predicate == predicate and one.value is not None]


def without_checksum(path: str) -> list[bytes]:
    return sorted(canonical(one).replace(one_file(path).sha256.encode(), b"") for one in read(path).records)


# Catalogues


@pytest.mark.parametrize("path", CATALOGUES)
def test_a_catalogue_holds_what_was_counted(path: str) -> None:
    found = read(path).found
    assert {what: found.get(what, 0) for what in CATALOGUES[path]} == CATALOGUES[path]
    kinds = Counter(one.kind for one in read(path).records if isinstance(one, Resource))
    assert kinds["control"] + kinds["control-enhancement"] == found["controls"] + found.get("nested controls", 0)
    assert not any(key.startswith("repeated") for key in found)


@pytest.mark.parametrize("path", [*CATALOGUES, *PROFILES, *DEFINITIONS, *COLLECTIONS])
def test_no_record_stands_twice_and_no_placeholder_is_taken_for_a_text(path: str) -> None:
    keys = Counter((type(one), one.id) for one in read(path).records)
    assert [key for key, times in keys.items() if times > 1] == []
    assert sum(kind is Source for kind, _ in keys) == 1
    assert b"REPLACE_ME" not in b"".join(map(canonical, read(path).records))


def test_revision_5_is_told_by_its_links() -> None:
    assert Counter(one.predicate for one in statements(FULL) if one.object) == {
        "related-control": 3397, "needs-control": 709, "incorporated-into": 166, "moved-to": 34,
    }  # fmt: skip
    assert {MEANINGS[one.predicate] for one in statements(FULL)} == {None}
    known = resources(FULL)
    assert [target for one in statements(FULL) if (target := one.object) is not None and target not in known] == []
    assert all(known[subject].parent == target for subject, target in edges(FULL, "needs-control"))
    assert all(known[subject].lifecycle is Lifecycle.WITHDRAWN for subject, _ in edges(FULL, "incorporated-into"))


def test_what_is_withdrawn_has_hardly_a_text() -> None:
    withdrawn = [one for one in resources(FULL).values() if one.lifecycle is not None]
    assert len(withdrawn) == 182
    assert {one.lifecycle for one in withdrawn} == {Lifecycle.WITHDRAWN}
    assert sorted(one.notation or "" for one in withdrawn if one.texts) == ["CP-10(3)", "SC-19"]


def test_a_control_can_be_incorporated_into_a_part_or_a_family() -> None:
    merged = edges(FULL, "incorporated-into")
    assert (f"{REV5}/ac-2.10", f"{REV5}/ac-2_smt.k") in merged
    assert (f"{REV5}/sa-12", f"{REV5}/sr") in merged
    assert resources(FULL)[f"{REV5}/ac-2_smt.k"].kind == "provision-part"
    assert resources(FULL)[f"{REV5}/sr"].kind == "heading"


def test_controls_enhancements_and_parts_are_told_apart() -> None:
    known = resources(FULL)
    kinds = Counter(one.kind for one in known.values())
    assert (kinds["heading"], kinds["control"], kinds["control-enhancement"], kinds["provision-part"]) == (20, 322, 867, 1106)
    enhancement = known[f"{REV5}/ac-2.1"]
    assert (enhancement.kind, enhancement.notation, enhancement.parent) == ("control-enhancement", "AC-2(1)", f"{REV5}/ac-2")
    part = known[f"{REV5}/ac-1_smt.a.1.b"]
    assert (part.kind, part.notation, part.parent) == ("provision-part", "AC-1a.1.(b)", f"{REV5}/ac-1_smt.a.1")
    assert known[f"{REV5}/ac-2"].parent == f"{REV5}/ac"
    (framework,) = (one for one in read(FULL).records if isinstance(one, Framework))
    assert framework.parent_link is ParentLink.EXTENSION


def test_the_provisions_are_in_the_order_of_the_file() -> None:
    provisions = edition(FULL, REV5).provisions
    assert len(provisions) == len(set(provisions)) == 20 + 322 + 867 + 1106
    assert [one.rpartition("/")[2] for one in provisions[:5]] == ["ac", "ac-1", "ac-1_smt.a", "ac-1_smt.a.1", "ac-1_smt.a.1.a"]
    places = [provisions.index(f"{REV5}/{name}") for name in ("ac-2", "ac-2_smt.l", "ac-2.1", "ac-2.13", "ac-3", "at", "at-1")]
    assert places == sorted(places)


def test_texts_show_what_stands_for_parameters() -> None:
    known = resources(FULL)
    (text,) = known[f"{REV5}/ac-1_smt.a.1"].texts
    assert (
        text.text == "[one-or-more: Organization-level; Mission/business process-level; System-level] access control policy that:"
    )
    (text,) = known[f"{REV5}/ac-1"].texts
    assert text.text.startswith("a. Develop, document, and disseminate to [organization-defined personnel or roles]:\n1. [")
    assert "\n\nAccess control policy and procedures address the controls" in text.text
    assert not any("insert: param" in label.text for one in known.values() for label in one.texts)


def test_parameters_are_literals_of_their_controls() -> None:
    found = literals(FULL, "parameter")
    assert len(found) == 1258
    assert (f"{REV5}/ac-1", "ac-1_prm_1: organization-defined personnel or roles") in found
    assert (f"{REV5}/ac-1", "ac-01_odp.01: personnel or roles") in literals(HIGH_RESOLVED, "parameter")


def test_a_patch_release_describes_the_same_provisions() -> None:
    full = resources(FULL)
    for path in (HIGH_RESOLVED, LOW_RESOLVED, PRIVACY_RESOLVED):
        here = {one.id: one for one in resources(path).values() if one.id.startswith(REV5)}
        assert set(here) <= set(full)
        assert all(
            full[key].notation == one.notation and full[key].parent == one.parent
            for key, one in here.items()
            if "_smt" not in key
        )
        assert source(path).id != source(FULL).id
        assert edition(path, REV5).provisions == ()
    assert {source(HIGH_RESOLVED).version, source(FULL).version} == {"5.1.1+u4", "5.0.1"}


def test_the_label_is_the_one_without_a_class() -> None:
    assert resources(HIGH_RESOLVED)[f"{REV5}/ac-2.1"].notation == "AC-2(1)"


def test_objectives_and_methods_of_assessment_are_left_out_and_counted() -> None:
    assert read(FULL).left_out.get(OTHER_PARTS) is None
    left = read(HIGH_RESOLVED).left_out[OTHER_PARTS]
    assert left.count == 1056 + 1056 + 370 + 712 + 599 + 197 + 126
    assert left.places[0].pointer.startswith("/catalog/groups/0/controls/0/parts/")


def test_only_ia_13_is_newer_than_the_full_catalogue() -> None:
    known = resources(FULL)
    dangling = {one.object for path in (HIGH_RESOLVED, LOW_RESOLVED, PRIVACY_RESOLVED, LI_SAAS) for one in statements(path)} - {
        None
    }
    assert {one for one in dangling if one not in known} == {f"{REV5}/ia-13"}


def test_groups_nest_and_the_title_may_be_missing() -> None:
    known = resources(PCI)
    assert known["pci-dss/4.0/1.1"].parent == "pci-dss/4.0/1"
    assert known["pci-dss/4.0/1"].labels[0].text == "1"
    control = known["pci-dss/4.0/8.3.1"]
    assert (control.kind, control.notation, control.parent, control.labels[0].text) == (
        "control", "8.3.1", "pci-dss/4.0/8.3", "8.3.1"
    )  # fmt: skip
    nested = resources(RED_HAT_CATALOGUE)["complianceascode-pci-dss-ocp4/v4/pcidss_4_ocp4_1-1.1"]
    assert (nested.kind, nested.notation) == ("control", "1.1.1")


def test_what_a_file_says_of_its_rights_is_kept_and_nothing_else_is_assumed() -> None:
    assert (source(FULL).redistribution, source(FULL).authority) == (Redistribution.OPEN, Authority.OFFICIAL)
    assert "17 U.S.C. 105" in source(FULL).rights
    assert source(BASIC).rights.startswith("The following is a short excerpt")
    for path in (BASIC, PCI, SOC2, AI_RMF, RED_HAT_CATALOGUE):
        assert (source(path).redistribution, source(path).authority) == (Redistribution.LOCAL_ONLY, Authority.THIRD_PARTY)


# Baselines


@pytest.mark.parametrize("path", PROFILES)
def test_a_profile_selects_what_was_counted_and_all_of_it_resolves(path: str) -> None:
    identifier, number = PROFILES[path]
    found = edition(path, identifier)
    base = RED_HAT_CATALOGUE if path == RED_HAT_PROFILE else FULL
    assert len(found.selected) == read(path).found["included ids"] == number
    assert list(found.selected) == sorted(found.selected)
    assert set(found.selected) <= set(resources(base))
    assert (found.selected_with_parts, found.selects_all_of, found.excluded) == ((), (), ())


@pytest.mark.parametrize(("level", "path"), [("low", LOW_RESOLVED), ("high", HIGH_RESOLVED)])
def test_a_resolved_catalogue_and_its_profile_select_the_same(level: str, path: str) -> None:
    assert (
        edition(path, f"nist-sp-800-53b/{level}").selected
        == edition(PROFILE % level.upper(), f"nist-sp-800-53b/{level}").selected
    )


def test_a_resolved_catalogue_keeps_the_controls_around_enhancements() -> None:
    resolved = set(edition(PRIVACY_RESOLVED, "nist-sp-800-53b/privacy").selected)
    profile = set(edition(PROFILE % "PRIVACY", "nist-sp-800-53b/privacy").selected)
    assert len(resolved) == 102
    assert resolved - profile == {f"{REV5}/{name}" for name in ("ac-3", "au-3", "pe-8", "pm-5", "sa-8", "sc-7")}
    assert profile <= resolved


def test_fedramp_sets_alters_and_adds() -> None:
    assert len(edges(MODERATE, "alters")) == 323
    assert {subject for subject, _ in edges(MODERATE, "alters")} == {"fedramp-baselines/rev5-moderate"}
    assert {target for _, target in edges(MODERATE, "alters")} == set(
        edition(MODERATE, "fedramp-baselines/rev5-moderate").selected
    )
    settings = literals(MODERATE, "parameter")
    assert len(settings) == 236
    assert ("fedramp-baselines/rev5-moderate", "ac-01_odp.05 = at least every 3 years") in settings
    assert source(MODERATE).authority is Authority.OFFICIAL


def test_what_fedramp_adds_is_fedramps_and_not_part_of_the_control() -> None:
    known = resources(MODERATE)
    added = edition(MODERATE, "fedramp-baselines/rev5-moderate").provisions
    assert Counter(known[one].kind for one in added) == {"heading": 83, "requirement": 75}
    heading = known["fedramp-baselines/rev5-moderate/ac-2.3_fr"]
    assert heading.labels[0].text == "AC-2 (3) Additional FedRAMP Requirements and Guidance"
    assert heading.parent == f"{REV5}/ac-2.3"
    assert heading.texts[0].text.startswith("Guidance: For DoD clouds")
    requirement = known["fedramp-baselines/rev5-moderate/ac-2.3_fr_smt.2"]
    assert (requirement.kind, requirement.parent) == ("requirement", heading.id)
    (framework,) = (one for one in read(MODERATE).records if isinstance(one, Framework) and one.id == "fedramp-baselines")
    assert framework.parent_link is ParentLink.EXTENSION


def test_two_requirements_that_fedramp_gives_one_id_keep_both_texts() -> None:
    assert read(MODERATE).found["repeated ids of added parts"] == 1
    (text,) = resources(MODERATE)["fedramp-baselines/rev5-moderate/cp-4_fr_smt.1"].texts
    assert [line[:16] for line in text.text.split("\n")] == ["(a) Requirement:", "(b) Requirement:"]


def test_a_resolved_baseline_tells_its_own_items_from_those_of_the_base() -> None:
    found = edition(LI_SAAS, "fedramp-baselines/rev5-li-saas")
    assert len(found.selected) == 156
    assert [one.rpartition("/")[2] for one in found.provisions] == [
        "cm-6_fr", "cm-6_fr_smt.1", "cm-6_fr_smt.2", "ia-2.1_fr", "pe-14_fr", "pe-14_fr_smt.a",
    ]  # fmt: skip
    known = resources(LI_SAAS)
    assert known["fedramp-baselines/rev5-li-saas/cm-6_fr_smt.1"].kind == "requirement"
    assert sum(one.kind == "provision-part" for one in known.values()) == 567
    assert ("fedramp-baselines/rev5-li-saas", "ac-01_odp.05 = at least every 3 years") in literals(LI_SAAS, "parameter")


def test_a_version_that_was_never_filled_in_is_no_version() -> None:
    assert source(RED_HAT_PROFILE).version is None
    assert source(RED_HAT_PROFILE).id == "source/oscal/profile/ocp4-pcidss-4-ocp4-base"


# Component definitions


@pytest.mark.parametrize("path", DEFINITIONS)
def test_a_component_definition_holds_what_was_counted(path: str) -> None:
    found = read(path).found
    assert {what: found.get(what, 0) for what in DEFINITIONS[path]} == DEFINITIONS[path]
    sets = [one for one in read(path).records if isinstance(one, MappingSet)]
    assert len(sets) == found["control implementations"]
    assert sum(one.rows for one in sets) == found["implemented requirements"]
    assert source(path).authority is Authority.VENDOR


@pytest.mark.parametrize("path", DEFINITIONS)
def test_listing_a_control_is_never_satisfying_it(path: str) -> None:
    claims = [one for one in statements(path) if one.mapping is not None]
    assert {one.predicate for one in claims} <= {
        "lists-the-control", "satisfies-in-part", "planned-for", "not-applicable-to", "alternative-for",
    }  # fmt: skip
    assert {one.nature for one in statements(path)} == {Nature.CLAIM}
    assert {one.authority for one in claims} == {Authority.VENDOR}


def test_two_implementations_of_one_component_speak_of_two_editions() -> None:
    path = f"{COMPONENTS}/civicactions/django.json"
    sets = {one.object_edition: one.rows for one in read(path).records if isinstance(one, MappingSet)}
    assert sets == {REV4: 9, REV5: 10}
    per_set = Counter(one.mapping.mapping_set for one in statements(path) if one.mapping is not None)
    assert sorted(per_set.values()) == [9, 10]
    assert (f"{REV5}/sr-3") in {target for _, target in edges(path, "lists-the-control")}


def test_sa_39_stays_a_reference_to_nothing() -> None:
    targets = {target for _, target in edges(f"{COMPONENTS}/civicactions/aws.json", "lists-the-control")}
    assert f"{REV4}/sa-39" in targets
    assert {f"{REV4}/ac-2_smt.a", f"{REV4}/ac-2_smt.g", f"{REV4}/ac-2"} <= targets


def test_only_55_of_the_90_ids_of_trestles_sample_resolve() -> None:
    targets = [target or "" for _, target in edges(f"{COMPONENTS}/trestle-tests/good_component.yaml", "lists-the-control")]
    known = resources(FULL)
    assert len(targets) == 90
    assert sum(target.replace(REV4, REV5) in known for target in targets) == 55
    assert f"{REV4}/si-4" in targets
    assert f"{REV4}/IA-5.c" in targets


def test_a_component_can_speak_of_a_resolved_baseline() -> None:
    path = f"{COMPONENTS}/platform-one/neuvector-oscal-component.yaml"
    (found,) = (one for one in read(path).records if isinstance(one, MappingSet))
    assert found.object_edition == REV5
    assert edges(path, "about") == [(found.id, "fedramp-baselines/rev5-high")]
    assert {target for _, target in edges(path, "lists-the-control")} <= set(resources(FULL))


def test_the_status_decides_what_is_claimed_and_its_word_is_kept() -> None:
    claims = [one for one in statements(RED_HAT_COMPONENTS) if one.mapping is not None and one.subject.startswith("component/")]
    words = Counter((one.mapping.verbatim, one.predicate) for one in claims if one.mapping is not None)
    assert words == {
        ("not-applicable", "not-applicable-to"): 346, ("alternative", "alternative-for"): 66,
        ("implemented", "lists-the-control"): 62, ("partial", "satisfies-in-part"): 22, ("planned", "planned-for"): 6,
    }  # fmt: skip
    assert {one.object for one in claims} <= set(resources(RED_HAT_CATALOGUE))
    assert len({one.object for one in claims}) == 251
    assert any("restrict outbound traffic" in label.text for one in claims if one.mapping for label in one.mapping.rationale)


def test_the_validation_component_is_another_component_and_brings_its_checks() -> None:
    known = resources(RED_HAT_COMPONENTS)
    components = {one.labels[0].text: one.id for one in known.values() if one.kind == "component"}
    assert set(components) == {"ocp4", "openscap"}
    claims = [one.subject for one in statements(RED_HAT_COMPONENTS) if one.subject.startswith("component/") and one.mapping]
    assert Counter(claims) == dict.fromkeys(components.values(), 251)
    checks = [one for one in known.values() if one.kind == "check"]
    assert len(checks) == 67
    assert {subject for subject, _ in edges(RED_HAT_COMPONENTS, "has-capability")} == {components["openscap"]}
    claimed = [one for one in statements(RED_HAT_COMPONENTS) if one.subject.startswith("check/")]
    assert {one.predicate for one in claimed} == {"lists-the-control"}
    assert len(claimed) == 74


def test_what_a_rule_says_beyond_its_check_is_counted() -> None:
    assert (
        sum(left.count for text, left in read(RED_HAT_COMPONENTS).left_out.items() if text.en.startswith("Rules without")) == 1005
    )


def test_json_and_yaml_of_one_document_are_one_source_with_the_same_records() -> None:
    assert source(f"{EXAMPLE}.json").id == source(f"{EXAMPLE}.yaml").id
    assert source(f"{EXAMPLE}.json").sha256 != source(f"{EXAMPLE}.yaml").sha256
    assert without_checksum(f"{EXAMPLE}.json") == without_checksum(f"{EXAMPLE}.yaml")


def test_the_whole_statement_of_a_control_is_the_control() -> None:
    found = [one for one in statements(f"{EXAMPLE}.json") if one.predicate == "lists-the-control"]
    assert Counter((one.object, one.section) for one in found) == {
        (f"{REV5}/sc-8", None): 1, (f"{REV5}/sc-8", "sc-8_smt"): 1, (f"{REV5}/sc-8.1", None): 1,
        (f"{REV5}/sc-8.1", "sc-8.1_smt"): 1, (f"{REV5}/sa-4.9", None): 1,
    }  # fmt: skip
    settings = [(one.section, one.value.text) for one in statements(f"{EXAMPLE}.json") if one.value is not None]
    assert ("sc-8", "sc-8_prm_1 = confidentiality") in settings


def test_definitions_of_one_title_for_several_catalogues_are_several_sources() -> None:
    document = json.loads(one_file(f"{COMPONENTS}/civicactions/django.json").content)
    document["component-definition"]["components"][0]["control-implementations"].pop()
    other = FORMAT.read((File("other.json", json.dumps(document).encode()),))
    assert other.source is not None
    assert other.source.id != source(f"{COMPONENTS}/civicactions/django.json").id


def test_a_repeated_uuid_is_refused_at_its_line() -> None:
    path = f"{COMPONENTS}/trestle-tests/bad_component_dup_uuid.yaml"
    (fault,) = reading(path).faults
    assert fault.place == Place(path, line=70)
    assert f"{path}:12" in fault.text.en
    assert "UUID" in fault.text.ja


def test_a_timestamp_without_a_zone_is_refused_at_its_line() -> None:
    path = f"{COMPONENTS}/trestle-tests/bad_component_no_tz.yaml"
    (fault,) = reading(path).faults
    assert fault.place == Place(path, line=3)
    assert "last-modified" in fault.text.en
    assert "+09:00" in fault.text.ja


def test_opencontrol_is_refused_and_not_read_as_empty() -> None:
    path = f"{COMPONENTS}/civicactions/django-opencontrol-component.yaml"
    (fault,) = reading(path).faults
    assert fault.text == OPEN_CONTROL
    assert fault.place == Place(path, line=1)
    assert reading(path).records == []


# Mapping collections


@pytest.mark.parametrize("path", COLLECTIONS)
def test_a_mapping_collection_holds_what_was_counted(path: str) -> None:
    found = read(path).found
    assert {what: found.get(what, 0) for what in COLLECTIONS[path]} == COLLECTIONS[path]
    (mapping_set,) = (one for one in read(path).records if isinstance(one, MappingSet))
    assert (mapping_set.rows, mapping_set.stated_as) == (found["maps"], StatedAs.SOURCE_TO_TARGET)
    pairs = [one for one in statements(path) if one.mapping is not None]
    assert len(pairs) == found["pairs"]
    assert {one.mapping.mapping_set for one in pairs if one.mapping is not None} == {mapping_set.id}


def test_a_catalogue_and_a_path_in_somebodys_workspace_name_one_edition() -> None:
    (found,) = (one for one in read(AI_RMF_MAPPING).records if isinstance(one, MappingSet))
    assert (found.subject_edition, found.object_edition) == ("nist-ai-rmf-gen-ai/1.0.0", "iso-42001/2023")
    known = resources(AI_RMF)
    sources = {one.subject for one in statements(AI_RMF_MAPPING)}
    assert len(sources) == 49
    assert {known[one].kind for one in sources} == {"heading"}
    targets = {one.object for one in statements(AI_RMF_MAPPING)}
    assert {"iso-42001/2023/4.1", "iso-42001/2023/b.2.2"} <= targets


def test_a_map_of_one_to_many_is_a_group_and_says_little_of_its_pairs() -> None:
    groups = [one for one in read(AI_RMF_MAPPING).records if isinstance(one, Group)]
    assert len(groups) == 47
    assert Counter(one.predicate for one in statements(AI_RMF_MAPPING)) == {"related-match": 190, "intersects-with": 2}
    assert {one.mapping.verbatim for one in statements(AI_RMF_MAPPING) if one.mapping} == {"intersects-with"}
    members = {one.id: len(one.subjects) * len(one.objects) for one in groups}
    assert Counter(one.mapping.group for one in statements(AI_RMF_MAPPING) if one.mapping and one.mapping.group) == members


def test_statements_of_a_baseline_are_parts_of_its_base_and_the_strength_is_as_published() -> None:
    rows = [one for one in statements(SOC2_MAPPING) if one.mapping is not None]
    assert {one.subject.removeprefix("ibm-soc2/0.0.0/") for one in rows} == {"d4", "d7", "e8", "e9"}
    assert {one.subject for one in rows} <= set(resources(SOC2))
    assert {one.object for one in rows} <= {key for key, one in resources(FULL).items() if one.kind == "provision-part"}
    assert Counter(one.mapping.strength for one in rows if one.mapping) == {"20%": 10, "10%": 11}
    assert {one.mapping.rationale_kind for one in rows if one.mapping} == {RationaleKind.SEMANTIC}
    assert {one.mapping.status for one in rows if one.mapping} == {MappingStatus.PUBLISHED}
    assert {one.mapping.justification for one in rows if one.mapping} == {MANUAL}
    (found,) = (one for one in read(SOC2_MAPPING).records if isinstance(one, MappingSet))
    assert (found.subject_edition, found.object_edition) == ("ibm-soc2/0.0.0", REV5)
    assert edges(SOC2_MAPPING, "about") == [(found.id, "fedramp-baselines/rev5-high")]


def test_numbers_as_text_and_a_misspelt_key_are_understood() -> None:
    rows = {one.object: one for one in statements(PCI_MAPPING)}
    first, second = rows["oscal-sample-nist/unversioned/ac-1"], rows["oscal-sample-nist/unversioned/ac-2"]
    assert (first.predicate, second.predicate) == ("subset-of", "equal")
    assert first.subject == "oscal-sample-pci/unversioned/PCI-8.3.1"
    assert first.mapping is not None
    assert second.mapping is not None
    assert (first.mapping.confidence, second.mapping.confidence) == (950, 980)
    assert (first.mapping.strength, second.mapping.strength) == ("target-coverage 0.7", "target-coverage 1.0")
    assert (first.mapping.status, first.mapping.rationale_kind) == (MappingStatus.DRAFT, RationaleKind.FUNCTIONAL)
    assert read(PCI_MAPPING).left_out[UNMAPPED].count == 1


def test_every_optional_field_of_a_map_has_a_place() -> None:
    rows = [one for one in statements(COMPREHENSIVE) if one.mapping is not None]
    first, *many = rows
    assert first.mapping is not None
    assert first.predicate == "other-relation", "in a namespace of its own, equal-to need not be NIST's"
    assert (first.mapping.verbatim, first.mapping.strength, first.mapping.confidence) == ("equal-to", "strong", 980)
    assert first.mapping.rationale_kind is RationaleKind.SYNTACTIC
    assert "implementation requires requirement: Target requires additional" in first.mapping.rationale[0].text
    assert first.mapping.justification == SEMAPV + "UnspecifiedMatching"
    assert first.object == "oscal-target/2.0/ac-1"
    assert [one.predicate for one in many] == ["broad-match"] * 2 + ["related-match"] * 3
    assert many[0].subject == "oscal-source/1.0/ac-2_smt.a"
    assert {one.mapping.confidence for one in many[2:] if one.mapping} == {920}, "the mapping's own, for the map has none"
    assert {one.mapping.confidence for one in many[:2] if one.mapping} == {None}, "the map has a word, and no number"


def test_a_mapping_that_stands_without_a_list_reads_the_same() -> None:
    document = json.loads(one_file(SIMPLE).content)
    collection = document["mapping-collection"]
    collection["mappings"] = collection["mappings"][0]
    alone = FORMAT.read((File("alone.json", json.dumps(document).encode()),))
    assert alone.faults == []
    strip = [canonical(one) for one in alone.records if not isinstance(one, Source)]
    assert strip == [canonical(one) for one in read(SIMPLE).records if not isinstance(one, Source)]


@pytest.mark.parametrize("path", COLLECTIONS)
def test_the_official_schema_refuses_what_is_read(path: str) -> None:
    """None of the published collections passes the schema: that is why they are not held to it."""
    schema = json.loads(corpus(f"{MAPPINGS}/schema/oscal_mapping_schema.json").read_text("utf-8"))
    assert not jsonschema_rs.validator_for(schema).is_valid(json.loads(one_file(path).content))
    assert read(path).faults == []


# The format


def _others() -> Iterator[File]:
    for folder in (
        "ctid-mappings-explorer",
        "fedramp-20x",
        "prowler",
        "sssom",
        "ciso-assistant/mappings",
        "opencre/owasp_mappings",
    ):
        yield from (file for file in files(folder) if len(file.content) < 400_000)
    yield from files(f"{MAPPINGS}/schema")


def test_the_files_of_other_formats_are_left_to_them() -> None:
    assert [file.name for file in _others() if FORMAT.recognises(file)] == []


def test_keys_that_are_not_read_are_counted() -> None:
    assert read(FULL).left_out[UNREAD(key="class")].count == 20 + 322 + 867
    assert read(FULL).left_out[UNREAD(key="class")].places[0] == Place(FULL, pointer="/catalog/groups/0")


def test_later_patch_releases_of_the_full_catalogue_are_the_same_edition() -> None:
    document: Any = json.loads(one_file(BASIC).content)
    metadata = document["catalog"]["metadata"]
    metadata["title"] = (
        "Electronic (OSCAL) Version of NIST SP 800-53 Rev 5.2.0 Controls and SP 800-53A Rev 5.2.0 Assessment Procedures"
    )
    metadata["version"] = "5.2.0"
    found = FORMAT.read((File("any-name.json", json.dumps(document).encode()),))
    assert [one.id for one in found.records if isinstance(one, Edition)] == [REV5]
