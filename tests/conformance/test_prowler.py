"""Prowler's published compliance files of both schemas, and what each requirement is in its standard."""

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from kakehashi.records.model import Edition, Framework, MappingSet, Resource, Statement
from kakehashi.records.values import Authority, ParentLink, Redistribution
from kakehashi.sources.attack_stix import FORMAT as ATTACK
from kakehashi.sources.files import File
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import work_called
from kakehashi.sources.prowler import FORMAT
from kakehashi.sources.prowler.edition import numbered
from tests.support.corpus import corpus, files, read

CIS_AZURE = "prowler/cis_5.0_azure.json"
CIS_M365 = "prowler/cis_7.0_m365.json"
CIS_CONTROLS = "prowler/cis_controls_8.1.json"
ISO_AZURE = "prowler/iso27001_2022_azure.json"
ISO_M365 = "prowler/iso27001_2022_m365.json"
ATTACK_AZURE = "prowler/mitre_attack_azure.json"
CSF_AWS = "prowler/nist_csf_2.0_aws.json"
SOC2_AZURE = "prowler/soc2_azure.json"
EVERY = (CIS_AZURE, CIS_M365, CIS_CONTROLS, ISO_AZURE, ISO_M365, ATTACK_AZURE, CSF_AWS, SOC2_AZURE)
BUNDLE = "mitre-attack/enterprise-attack-16.1-trimmed.json"
SCORES = ("detects-technique", "protects-against", "responds-to-technique")


@cache
def reading(path: str) -> Reading:
    found = read(FORMAT, path)
    assert found.faults == []
    return found


def statements(path: str, *predicates: str) -> list[Statement]:
    return [one for one in reading(path).records if isinstance(one, Statement) and one.predicate in predicates]


def resources(path: str) -> dict[str, Resource]:
    return {one.id: one for one in reading(path).records if isinstance(one, Resource)}


def edition(path: str) -> Edition:
    (found,) = [one for one in reading(path).records if isinstance(one, Edition)]
    return found


def left(path: str) -> dict[str, int]:
    return {why.en: one.count for why, one in reading(path).left_out.items()}


def printed(path: str) -> set[str]:
    """The ref_ids that a CISO Assistant framework prints."""
    return set(re.findall(r"^ +ref_id: '?([^'\n]+)'?$", corpus(path).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    ("path", "requirements", "links", "pairs", "checks", "without"),
    [
        (CIS_AZURE, 155, 109, 109, 95, 48),
        (CIS_M365, 160, 118, 118, 112, 46),
        (CIS_CONTROLS, 153, 1270, 1270, 1055, 74),
        (ISO_AZURE, 92, 336, 336, 112, 61),
        (ISO_M365, 45, 290, 286, 81, 0),
        (ATTACK_AZURE, 46, 234, 231, 79, 15),
        (CSF_AWS, 78, 645, 645, 247, 28),
        (SOC2_AZURE, 26, 313, 313, 100, 0),
    ],
)
def test_every_requirement_and_every_check_is_counted(  # noqa: PLR0917
    path: str, requirements: int, links: int, pairs: int, checks: int, without: int
) -> None:
    found = reading(path).found
    assert (found["requirements"], found["requirement-check links"], found["checks"]) == (requirements, links, checks)
    assert found.get("requirements without checks", 0) == without
    made = statements(path, "lists-the-control", "addresses-threat")
    assert len(made) == len({(one.subject, one.object) for one in made}) == pairs
    assert left(path).get("A check that one requirement lists twice; it is kept once.", 0) == links - pairs
    assert Counter(one.kind for one in resources(path).values())["check"] == checks
    every = [one.id for one in reading(path).records if isinstance(one, Statement)]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("path", EVERY)
def test_a_check_lists_a_control_and_nothing_is_ever_satisfied(path: str) -> None:
    predicates = {one.predicate for one in reading(path).records if isinstance(one, Statement)}
    assert predicates <= {"lists-the-control", "addresses-threat", "in-implementation-group", *SCORES}
    document = json.loads(corpus(path).read_text("utf-8"))
    manual = [
        one for one in document.get("Requirements") or document["requirements"] if not (one.get("Checks") or one.get("checks"))
    ]
    reached = {str(one.object).rpartition("/")[2] for one in statements(path, "lists-the-control")}
    assert not {str(one.get("Id") or one.get("id")).lower() for one in manual} & {one.lower() for one in reached}


@pytest.mark.parametrize(
    ("path", "edition_id", "source_id", "described"),
    [
        (CIS_AZURE, "cis-benchmark-azure-foundations/5.0", "source/prowler/cis-azure/5.0", 175),
        (CIS_M365, "cis-benchmark-microsoft-365/7.0", "source/prowler/cis-m365/7.0", 200),
        (CIS_CONTROLS, "cis-controls/8.1", "source/prowler/cis-controls/8.1", 171),
        (ISO_AZURE, "iso-27001/2022", "source/prowler/iso27001-azure/2022", 96),
        (ISO_M365, "iso-27001/2022", "source/prowler/iso27001-m365/2022", 49),
        (ATTACK_AZURE, "mitre-attack/16.1", "source/prowler/mitre-attack-azure", 0),
        (CSF_AWS, "nist-csf/2.0", "source/prowler/nist-csf-aws/2.0", 0),
        (SOC2_AZURE, "soc-2/2017-rev-2022", "source/prowler/soc2-azure", 25),
    ],
)
def test_the_edition_of_the_standard_is_the_one_that_other_files_speak_of(
    path: str, edition_id: str, source_id: str, described: int
) -> None:
    source = reading(path).source
    assert source is not None
    assert (edition(path).id, source.id, source.authority) == (edition_id, source_id, Authority.THIRD_PARTY)
    assert len(edition(path).provisions) == described
    assert source.publisher == "org/prowler"
    (framework,) = [one for one in reading(path).records if isinstance(one, Framework)]
    assert framework.parent_link is ParentLink.GROUPING


@pytest.mark.parametrize("path", EVERY)
def test_the_wording_of_standards_under_copyright_does_not_leave(path: str) -> None:
    source = reading(path).source
    assert source is not None
    free = path in {ATTACK_AZURE, CSF_AWS}
    assert source.redistribution is (Redistribution.OPEN if free else Redistribution.CITATION_ONLY)
    assert "Apache-2.0" in source.rights
    assert "belongs to the standard's publisher" in source.rights


def test_controls_of_iso_27001_are_the_nodes_of_the_standard() -> None:
    standard = {f"iso-27001/2022/{one.lower()}" for one in printed("ciso-assistant/frameworks/iso27001-2022.yaml")}
    azure, m365 = set(edition(ISO_AZURE).provisions), set(edition(ISO_M365).provisions)
    assert azure <= standard
    assert m365 < azure
    assert {one for one in standard if re.search(r"/a\.[5-8]\.", one)} - azure == {"iso-27001/2022/a.8.28"}
    one = resources(ISO_AZURE)["iso-27001/2022/a.5.6"]
    assert (one.notation, one.parent, one.labels[0].text) == (
        "A.5.6",
        "iso-27001/2022/a.5",
        "Contact With Special Interest Groups",
    )
    assert (resources(ISO_AZURE)["iso-27001/2022/a.5"].kind, one.kind) == ("heading", "requirement")


def test_recommendations_of_the_cis_benchmark_are_those_of_the_other_file_of_the_same_edition() -> None:
    prefix = "cis-benchmark-microsoft-365/7.0/"
    other = {prefix + one for one in printed("ciso-assistant/frameworks/cis-benchmark-microsoft-365.yaml")}
    assert set(edition(CIS_M365).provisions) <= other
    called = work_called("ciso", "cis-benchmark-microsoft-365")
    assert called is not None
    assert called.edition == edition(CIS_M365).id
    azure = work_called("ciso", "cis-benchmark-azure-foundations")
    assert azure is not None
    assert azure.edition == "cis-benchmark-azure-foundations/6.0"


def test_a_benchmark_s_recommendations_stand_under_its_sections_with_their_texts() -> None:
    found = resources(CIS_AZURE)
    one = found["cis-benchmark-azure-foundations/5.0/2.1.1"]
    assert one.parent == "cis-benchmark-azure-foundations/5.0/2.1"
    assert one.labels[0].text.startswith("Ensure that Azure Databricks is deployed in a customer-managed")
    assert "\n\nRationaleStatement: Using a customer-managed VNet" in one.texts[0].text
    assert "AssessmentStatus: Automated" in one.texts[0].text
    section = found[str(one.parent)]
    assert (section.kind, section.notation, section.labels[0].text) == ("heading", "2.1", "Azure Databricks")
    assert section.parent == "cis-benchmark-azure-foundations/5.0/2"
    assert found["cis-benchmark-azure-foundations/5.0/5.4"].parent == "cis-benchmark-azure-foundations/5.0/5"
    assert edition(CIS_AZURE).provisions[:3] == tuple(
        f"cis-benchmark-azure-foundations/5.0/{number}" for number in ("2", "2.1", "2.1.1")
    )


def test_a_recommendation_without_a_name_has_its_number_as_its_label() -> None:
    one = resources(CIS_M365)["cis-benchmark-microsoft-365/7.0/1.1.1"]
    assert [(label.text, label.ours) for label in one.labels] == [("1.1.1", False)]
    assert one.texts[0].text.startswith("Administrative accounts are special privileged accounts")
    assert one.texts[0].text.count("Administrative accounts are special privileged accounts") == 1


def test_profiles_and_implementation_groups_are_groups() -> None:
    profiles = Counter(str(one.value.text) for one in statements(CIS_M365, "in-implementation-group") if one.value)
    assert profiles == {"E3 Level 1": 100, "E3 Level 2": 37, "E5 Level 1": 14, "E5 Level 2": 9}
    groups = Counter(str(one.value.text) for one in statements(CIS_CONTROLS, "in-implementation-group") if one.value)
    assert groups == {"IG1": 56, "IG2": 56 + 74, "IG3": 56 + 74 + 23}
    assert {one.section for one in statements(CIS_CONTROLS, "in-implementation-group")} == {"ImplementationGroups"}


def test_a_file_of_all_providers_has_the_checks_of_each() -> None:
    providers = Counter(one.id.split("/")[1] for one in resources(CIS_CONTROLS).values() if one.kind == "check")
    assert len(providers) == 18
    azure = {one.id for one in resources(ISO_AZURE).values() if one.kind == "check"}
    assert azure & {one.id for one in resources(CIS_CONTROLS).values()}
    one = resources(CIS_CONTROLS)["cis-controls/8.1/1.1"]
    assert (one.parent, one.labels[0].text) == (
        "cis-controls/8.1/1",
        "Establish and Maintain Detailed Enterprise Asset Inventory",
    )
    assert "Function: Identify\n\nAssetType: Devices" in one.texts[0].text


def test_what_a_check_s_configuration_must_be_is_noted() -> None:
    noted = [one for one in statements(CIS_CONTROLS, "lists-the-control") if one.note]
    assert (
        "prowler-check/aws/config_recorder_all_regions_enabled",
        "cis-controls/8.1/1.1",
        "mute_non_default_regions eq false",
    ) in {(one.subject, one.object, one.note) for one in noted}
    assert sum(bool(one.note) for one in statements(CIS_AZURE, "lists-the-control")) == 2


@pytest.mark.parametrize(
    ("work", "identifier", "name", "notation"),
    [
        ("NIST-CSF 2.0", "oc_1", "GV.OC-1", "gv.oc-01"),
        ("NIST-CSF 2.0", "rp_1", "RS.RP-1", "rs.rp-01"),
        ("NIST-CSF 2.0", "rc_rp_1", "RC.RP-1", "rc.rp-01"),
        ("NIST-CSF 2.0", "id_sc_4", "ID.SC-4", "id.sc-04"),
        ("NIST-CSF 2.0", "ac_1", "PR.AC-1", "pr.ac-01"),
        ("NIST-CSF 2.0", "ac_1", "", "ac_1"),
        ("SOC2 ", "cc_1_3", "CC1.3 COSO Principle 3: Management", "cc1.3"),
        ("SOC2 ", "cc_c_1_2", "C1.2 The entity disposes", "c1.2"),
        ("SOC2 ", "cc_a_1_1", "A1.2 The entity authorizes", "cc_a_1_1"),
        ("ISO27001 2022", "A.5.6", "Contact With Special Interest Groups", "a.5.6"),
        ("ISO27001 2022", "A.5.1", "5.1 Policies", "a.5.1"),
    ],
)
def test_a_number_is_taken_from_the_name_where_the_id_is_shortened_and_never_guessed(
    work: str, identifier: str, name: str, notation: str
) -> None:
    found = work_called("prowler", work)
    assert found is not None
    read_as, known = numbered(found, identifier, name)
    assert found.provision(read_as) == f"{found.edition}/{notation}"
    assert known is (notation not in {"ac_1", "cc_a_1_1"})


def test_requirements_of_csf_2_0_are_referred_to_for_their_wording_is_not_its_own() -> None:
    document = json.loads(corpus(CSF_AWS).read_text("utf-8"))
    standard = {one.lower() for one in printed("ciso-assistant/frameworks/nist-csf-2.0.yaml")}
    work = work_called("prowler", "NIST-CSF 2.0")
    assert work is not None
    numbers = [work.provision(one["Name"]).rpartition("/")[2] for one in document["Requirements"]]
    assert (len(set(numbers)), len(standard & set(numbers))) == (78, 36)
    assert not [one for one in resources(CSF_AWS).values() if one.kind in {"requirement", "heading"}]
    reached = {str(one.object).rpartition("/")[2] for one in statements(CSF_AWS, "lists-the-control")}
    assert len(reached) == 78 - 28
    assert {"gv.rm-01", "pr.ac-01", "rs.rp-01", "rc.rp-01"} <= reached
    (note,) = {one.note for one in statements(CSF_AWS, "lists-the-control") if str(one.object).endswith("/pr.ds-03")}
    assert note == "ds_3 PR.DS-3: Assets are formally managed throughout removal, transfers, and disposition."


def test_criteria_of_soc_2_are_those_of_the_standard_and_the_contradictory_one_dangles() -> None:
    found = resources(SOC2_AZURE)
    one = found["soc-2/2017-rev-2022/cc1.3"]
    assert (one.notation, one.parent) == ("CC1.3", None)
    reached = {str(one.object) for one in statements(SOC2_AZURE, "lists-the-control")}
    assert reached - found.keys() == {"soc-2/2017-rev-2022/cc_a_1_1"}
    standard = {one.lower() for one in printed("ciso-assistant/frameworks/soc2_2017_with_rev_2022.yaml")}
    beside = {one.rpartition("/")[2] for one in reached & found.keys()} - standard
    assert beside == {"pi1.2", "pi1.3", "pi1.4", "pi1.5"}, "the other file prints these as PP1.2 to PP1.5"


def test_checks_are_tied_to_techniques_and_services_are_scored() -> None:
    made = {predicate: len(statements(ATTACK_AZURE, predicate)) for predicate in ("addresses-threat", *SCORES)}
    assert made == {"addresses-threat": 231, "detects-technique": 128, "protects-against": 90, "responds-to-technique": 7}
    scores = statements(ATTACK_AZURE, *SCORES)
    assert Counter(one.mapping.strength for one in scores if one.mapping) == {"Minimal": 108, "Partial": 97, "Significant": 20}
    assert {one.mapping.verbatim for one in scores if one.mapping} == {"Detect", "Protect", "Respond"}
    assert sum(bool(one.mapping and not one.mapping.rationale) for one in scores) == 7
    repeated = Counter((one.subject, one.predicate, one.object) for one in scores)
    assert sum(count > 1 for count in repeated.values()) == 5
    services = {one.subject for one in scores}
    assert {resources(ATTACK_AZURE)[one].kind for one in services} == {"product"}
    assert len(services) == 71
    sets = {one.id: one.rows for one in reading(ATTACK_AZURE).records if isinstance(one, MappingSet)}
    assert sets == {"mapping-set/prowler-mitre-attack-azure-checks": 234, "mapping-set/prowler-mitre-attack-azure-services": 225}


def test_techniques_are_referred_to_and_all_are_in_use_in_the_edition_that_we_take() -> None:
    assert not [one for one in resources(ATTACK_AZURE).values() if one.kind == "technique"]
    reached = {str(one.object): str(one.note) for one in statements(ATTACK_AZURE, "addresses-threat", *SCORES)}
    known = {one.id: one for one in read(ATTACK, BUNDLE).records if isinstance(one, Resource)}
    assert len(reached) == 46
    assert {known[one].lifecycle for one in reached} == {None}
    other = {one: name for one, name in reached.items() if known[one].labels[0].text != name.partition(" ")[2]}
    assert other == {"mitre-attack/16.1/T1074": "T1074 Data from Cloud Storage"}


def test_a_standard_that_nobody_registered_is_described_as_it_is() -> None:
    document: dict[str, Any] = {
        "Framework": "NIS2", "Version": "", "Provider": "Azure", "Description": "",
        "Requirements": [{"Id": "1.1.1.a", "Description": "What to do.", "Name": "", "Attributes": [], "Checks": ["one"]}],
    }  # fmt: skip
    found = FORMAT.read((File("nis2_azure.json", json.dumps(document).encode()),))
    assert found.faults == []
    (made,) = [one for one in found.records if isinstance(one, Statement)]
    assert (made.subject, made.predicate, made.object) == ("prowler-check/azure/one", "lists-the-control", "nis2/undated/1.1.1.a")
    assert {one.id: one.labels[0].text for one in found.records if isinstance(one, Resource)}["nis2/undated/1.1.1.a"] == "1.1.1.a"


def test_only_compliance_files_are_recognised() -> None:
    assert [one.name for one in files("prowler") if FORMAT.recognises(one)] == sorted(EVERY)
    others = [*files("mitre-attack"), *files("ctid-mappings-explorer"), *files("oscal-examples"), *files("fedramp-20x")]
    assert not [one.name for one in others if FORMAT.recognises(one)]
