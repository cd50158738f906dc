"""Threats over CTID's files and ATT&CK: counts by an independent loop over the files, the way back, and the laws."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any, Final

import jsonschema_rs
import pytest
import yaml

from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.crosswalk.threat_paths import candidates_for, provisions_for, threats_for
from kakehashi.crosswalk.threats import SCALE, Category, Exposure, Summary, Threats, build_threats, exposure, summary
from kakehashi.exports.navigator import About, navigator_layer
from kakehashi.pipeline.load import load
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from tests.support import small_catalogue
from tests.support.corpus import corpus
from tests.support.making import build, maker_at, snapshot_of
from tests.support.navigator_schema import LAYER
from tests.support.small_worlds import TODAY

M365: Final = "ctid-mappings-explorer/m365-07.18.2025_attack-16.1-enterprise.json"
AZURE: Final = "ctid-mappings-explorer/azure-04.26.2025_attack-16.1-enterprise.json"
NIST: Final = "ctid-mappings-explorer/nist_800_53-rev5_attack-16.1-enterprise.json"
BUNDLE: Final = "mitre-attack/enterprise-attack-16.1-trimmed.json"
ISO_MAPPING: Final = "ciso-assistant/mappings/mapping-nist-sp-800-53-rev5-to-iso27001-2022.yaml"
FILES: Final = (
    M365, AZURE, NIST, BUNDLE, ISO_MAPPING, "oscal-nist-800-53/rev5.0.1/NIST_SP-800-53_rev5_catalog.json",
    "ciso-assistant/frameworks/iso27001-2022.yaml", "ciso-assistant/frameworks/nist-sp-800-53-rev5.yaml",
)  # fmt: skip
ATTACK: Final = "mitre-attack/16.1"
ISO: Final = "iso-27001/2022"
CONTROLS: Final = "nist-sp-800-53/rev5"
USUAL: Final = View(frozenset(Authority) - {Authority.INFERRED}, TODAY)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A release of the files that bear on threats, and of one crosswalk that leads on from there."""
    places = [corpus(file) for file in FILES]
    missing = [str(one) for one in places if not one.is_file()]
    if missing:
        pytest.skip(f"the corpus lacks {', '.join(missing)}")
    root = tmp_path_factory.mktemp("threats")
    build(root / "home", [small_catalogue.write(root / "small")])
    assert not load(maker_at(root / "home"), places).refused
    return snapshot_of(root / "home")


@pytest.fixture(scope="module")
def threats(loaded: Snapshot) -> Threats:
    return build_threats(loaded.records.statements, loaded.resources, loaded.described, loaded.world)


def exposures(loaded: Snapshot, threats: Threats, things: frozenset[str], view: View = USUAL) -> list[Exposure]:
    holding = hold(loaded.index, Given(things=things), view)
    return [exposure(threats, one, holding, view) for one in threats.within(edition=ATTACK)]


def capabilities(threats: Threats, product: str) -> frozenset[str]:
    return frozenset(one for one in threats.by_thing if one.startswith(f"{product}/"))


def rows_of(path: str) -> Iterator[dict[str, Any]]:
    """The rows of a file of CTID's that relate a capability or control to a technique."""
    for row in json.loads(corpus(path).read_text("utf-8"))["mapping_objects"]:
        if row["status"] != "non_mappable" and row["capability_id"] and row["attack_object_id"]:
            yield row


def in_use() -> set[str]:
    """The numbers of the techniques of the bundle that are neither revoked nor deprecated."""
    return {
        next(one["external_id"] for one in item["external_references"] if one["source_name"] == "mitre-attack")
        for item in json.loads(corpus(BUNDLE).read_text("utf-8"))["objects"]
        if item["type"] == "attack-pattern" and not item.get("revoked") and not item.get("x_mitre_deprecated")
    }


def counted_by_hand(*paths: str) -> dict[tuple[str, str], int]:
    """How many techniques in use have which best score in each category, from the files themselves."""
    known, best = in_use(), dict[tuple[str, str], int]()
    for row in (one for path in paths for one in rows_of(path)):
        if row["attack_object_id"] in known:
            key = row["score_category"], row["attack_object_id"]
            best[key] = max(best.get(key, 0), SCALE[row["score_value"]])
    words = {place: word for word, place in SCALE.items()}
    return dict(Counter((category, words[level]) for (category, _), level in best.items()))


def counted(found: Summary) -> dict[tuple[str, str], int]:
    return {(one.category.value, one.score or ""): one.threats for one in found.scores}


@pytest.mark.parametrize(
    ("product", "path", "expected"),
    [
        ("ctid-m365", M365, {Category.PROTECT: 117, Category.DETECT: 178, Category.RESPOND: 62}),
        ("ctid-azure", AZURE, {Category.PROTECT: 185, Category.DETECT: 359, Category.RESPOND: 11}),
    ],
)
def test_counts_by_score_are_those_of_a_loop_over_the_file(
    loaded: Snapshot, threats: Threats, product: str, path: str, expected: dict[Category, int]
) -> None:
    things = capabilities(threats, product)
    found = summary(exposures(loaded, threats, things))
    assert len(things) == 38
    assert counted(found) == counted_by_hand(path)
    assert {one: found.by_category[one] for one in expected} == expected
    assert found.threats == len(in_use()) == 656
    addressed = {row["attack_object_id"] for row in rows_of(path)} & in_use()
    assert (found.addressed, found.open) == (len(addressed), 656 - len(addressed))


def test_both_products_together_are_the_union_of_their_techniques(loaded: Snapshot, threats: Threats) -> None:
    found = summary(exposures(loaded, threats, capabilities(threats, "ctid-m365") | capabilities(threats, "ctid-azure")))
    assert counted(found) == counted_by_hand(M365, AZURE)


def test_the_same_techniques_are_open_as_in_the_files(loaded: Snapshot, threats: Threats) -> None:
    found = exposures(loaded, threats, capabilities(threats, "ctid-azure"))
    still = {one.threat.id.rpartition("/")[2] for one in found if one.is_open and one.threat.counted}
    assert still == in_use() - {row["attack_object_id"] for row in rows_of(AZURE)}


def test_a_revoked_and_an_undefined_technique_are_told_apart(loaded: Snapshot, threats: Threats) -> None:
    found = {one.threat.id: one for one in exposures(loaded, threats, capabilities(threats, "ctid-azure"))}
    revoked, undefined = found[f"{ATTACK}/T1053.001"], found[f"{ATTACK}/T1521.003"]
    assert (revoked.is_open, revoked.threat.counted, revoked.threat.lifecycle) == (False, False, "revoked")
    assert (undefined.threat.defined, undefined.threat.counted) == (False, False)


def test_sub_techniques_stand_under_their_technique_and_are_never_merged(loaded: Snapshot, threats: Threats) -> None:
    found = {one.threat.id: one for one in exposures(loaded, threats, capabilities(threats, "ctid-m365"))}
    assert all(part.rpartition(".")[0] == whole for whole, parts in threats.parts.items() for part in parts)
    apart = [
        whole
        for whole, parts in threats.parts.items()
        if whole in found and found[whole].is_open != all(found[part].is_open for part in parts)
    ]
    assert apart, "some technique is addressed and its parts are not, or the reverse"


def test_the_controls_of_a_technique_and_the_techniques_of_a_control_are_those_of_the_file(
    loaded: Snapshot, threats: Threats
) -> None:
    by_technique, by_control = defaultdict(set), defaultdict(set)
    for row in rows_of(NIST):
        number = row["capability_id"].lower().replace("-0", "-")
        by_technique[row["attack_object_id"]].add(f"{CONTROLS}/{number}")
        by_control[f"{CONTROLS}/{number}"].add(f"{ATTACK}/{row['attack_object_id']}")
    provisions = loaded.requirements(CONTROLS)
    phishing = provisions_for(loaded.index, threats, f"{ATTACK}/T1566", provisions, USUAL)
    assert {one.provision for one in phishing if one.distance == 0} == by_technique["T1566"]
    accounts = threats_for(loaded.index, threats, f"{CONTROLS}/ac-2", USUAL)
    assert {one.measure.threat for one in accounts if one.distance == 0} == by_control[f"{CONTROLS}/ac-2"]


def test_the_way_on_to_a_standard_is_that_of_the_two_files_and_leads_back(loaded: Snapshot, threats: Threats) -> None:
    requirements = loaded.requirements(ISO)
    rows = yaml.safe_load(corpus(ISO_MAPPING).read_text("utf-8"))["objects"]["requirement_mapping_sets"][0][
        "requirement_mappings"
    ]
    onward = defaultdict(set)
    for row in rows:
        source, target = (row[f"{end}_requirement_urn"].rpartition(":")[2] for end in ("source", "target"))
        onward[f"{CONTROLS}/{source}"].add(f"{ISO}/{target}")
    controls = {f"{CONTROLS}/{row['capability_id'].lower().replace('-0', '-')}" for row in rows_of(NIST)
                if row["attack_object_id"] == "T1566"}  # fmt: skip
    found = provisions_for(loaded.index, threats, f"{ATTACK}/T1566", requirements, USUAL)
    by_hand = {(control, target) for control in controls for target in onward[control] & set(requirements)}
    assert {(one.measure.thing, one.provision) for one in found if one.measure.thing in controls} == by_hand
    assert by_hand
    for provision in {one.provision for one in found}:
        back = threats_for(loaded.index, threats, provision, USUAL)
        here = {one.measure.statement for one in found if one.provision == provision}
        assert {one.measure.statement for one in back if one.measure.threat == f"{ATTACK}/T1566"} == here


def test_candidates_are_what_works_against_the_same_techniques(loaded: Snapshot, threats: Threats) -> None:
    things = capabilities(threats, "ctid-m365")
    found = candidates_for(loaded.index, threats, f"{CONTROLS}/ac-2", hold(loaded.index, Given(things=things), USUAL), USUAL)
    mitigated = {row["attack_object_id"] for row in rows_of(NIST) if row["capability_id"] == "AC-02"} & in_use()
    against = {row["attack_object_id"] for row in rows_of(M365) if row["capability_id"] == "EID-CA-E3"}
    (conditional,) = [one for one in found if one.thing == "ctid-m365/EID-CA-E3"]
    assert {one.rpartition("/")[2] for one in conditional.threats} == mitigated & against
    assert all(len(one.threats) >= len(other.threats) for one, other in pairwise(found))


def test_giving_more_opens_no_threat_and_narrowing_the_authorities_closes_none(loaded: Snapshot, threats: Threats) -> None:
    random, every = Random(5), sorted(capabilities(threats, "ctid-m365") | capabilities(threats, "ctid-azure"))
    for _ in range(10):
        more = frozenset(random.sample(every, 20))
        some = frozenset(random.sample(sorted(more), 8))
        authorities = frozenset(random.sample(tuple(Authority), 3))
        before, after = exposures(loaded, threats, some), exposures(loaded, threats, more)
        narrowed = exposures(loaded, threats, more, View(authorities, TODAY))
        assert all(set(b.open_categories) <= set(a.open_categories) for a, b in zip(before, after, strict=True))
        assert all(set(a.open_categories) <= set(b.open_categories) for a, b in zip(after, narrowed, strict=True))
        assert all(a.is_open <= b.is_open for a, b in zip(after, narrowed, strict=True))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_layer_of_all_that_is_scored_is_valid(loaded: Snapshot, threats: Threats, language: str) -> None:
    found = exposures(loaded, threats, capabilities(threats, "ctid-m365"))
    layer = json.loads(navigator_layer(loaded, found, About(edition=ATTACK, as_of=TODAY, language=language)))
    assert [error.message for error in jsonschema_rs.Draft202012Validator(LAYER).iter_errors(layer)] == []
    assert {one["techniqueID"] for one in layer["techniques"]} == in_use()
    best = {one.threat.id.rpartition("/")[2]: max((m.level for m in one.measures), default=0) for one in found}
    assert {one["techniqueID"]: one["score"] for one in layer["techniques"]} == {one: best[one] for one in in_use()}
