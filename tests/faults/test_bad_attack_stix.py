"""Planted faults in a STIX bundle: each is told with its place in both languages, and nothing falls over."""

import json
from typing import Any

import pytest

from kakehashi.sources.attack_stix import FORMAT
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading
from tests.support.attack_bundle import ATTACHMENT, OLD, PHISHING, bundle, called, objects, related, stix, stix_id
from tests.support.mutations import check, read_spoiled, spoiled

NAME = "enterprise-attack.json"


def read(found: list[Any]) -> Reading:
    file = bundle(found, name=NAME)
    assert FORMAT.recognises(file)
    return FORMAT.read((file,))


def index(identifier: str) -> int:
    return next(position for position, one in enumerate(objects()) if one["id"] == identifier)


LAST = f"/objects/{len(objects())}"
BELOW = f"/objects/{index(stix_id('relationship', 51))}"


def changed(identifier: str, **more: Any) -> list[Any]:
    return [{**one, **more} if one["id"] == identifier else one for one in objects()]


def test_other_stix_content_is_recognised_and_refused_with_the_reason() -> None:
    malware = [stix("malware", 1, name="Emotet"), stix("attack-pattern", 2, name="Phishing")]
    (fault,) = read(malware).faults
    assert str(fault.place) == f"{NAME}#/objects"
    assert "no technique of MITRE ATT&CK" in fault.text.en
    assert "攻撃手法" in fault.text.ja
    capec = [stix("attack-pattern", 3, name="Fuzzing", external_references=[{"source_name": "capec", "external_id": "CAPEC-28"}])]
    assert [one.text.en for one in read(capec).faults] == [fault.text.en]
    assert [one.text.en for one in read([]).faults] == [fault.text.en]


@pytest.mark.parametrize("version", ["", None])
def test_a_collection_without_a_version_does_not_tell_the_edition(version: str | None) -> None:
    (fault,) = read(changed(stix_id("x-mitre-collection", 90), x_mitre_version=version)).faults
    assert str(fault.place) == f"{NAME}#/objects"
    assert "x-mitre-collection" in fault.text.en
    assert "x-mitre-collection" in fault.text.ja


@pytest.mark.parametrize("modified", ["2030-01-01T00:00:00.000Z", "2019-01-01T00:00:00.000Z", "yesterday", "zz", "", None])
def test_dates_that_settle_no_release_are_refused(modified: str | None) -> None:
    without = [{**one, "modified": modified} for one in objects() if one["type"] != "x-mitre-collection"]
    (fault,) = read(without).faults
    assert "cannot be told" in fault.text.en


def test_two_collections_of_two_versions_are_refused() -> None:
    both = [*objects(), stix("x-mitre-collection", 91, name="Mobile ATT&CK", x_mitre_version="16.0")]
    assert ["cannot be told" in one.text.en for one in read(both).faults] == [True]


@pytest.mark.parametrize(
    ("found", "place", "said"),
    [
        ([*objects(), 7], LAST, "`int`"),
        ([*objects(), {"type": "malware"}], LAST, "'id'"),
        ([*objects(), {"id": "x"}], LAST, "'type'"),
        ([*objects(), {"type": 7, "id": "x"}], f"{LAST}/type", "`int`"),
        (changed(PHISHING, name=7), f"/objects/{index(PHISHING)}/name", "`int`"),
        (changed(PHISHING, revoked="yes"), f"/objects/{index(PHISHING)}/revoked", "`str`"),
        (changed(PHISHING, external_references={}), f"/objects/{index(PHISHING)}/external_references", "`object`"),
        (changed(PHISHING, external_references=[{}]), f"/objects/{index(PHISHING)}/external_references/0", "source_name"),
        (
            changed(PHISHING, kill_chain_phases=[{"kill_chain_name": "mitre-attack"}]),
            f"/objects/{index(PHISHING)}/kill_chain_phases/0", "phase_name",
        ),
        (changed(PHISHING, x_mitre_platforms=["Linux", None]), f"/objects/{index(PHISHING)}/x_mitre_platforms/1", "`null`"),
        (changed(stix_id("relationship", 51), target_ref=None), f"{BELOW}/target_ref", "`null`"),
        ([*objects(), objects()[index(PHISHING)]], LAST, PHISHING),
        (changed(ATTACHMENT, external_references=called("T1566")), f"/objects/{index(ATTACHMENT)}", "T1566"),
        ([*objects(), related(99, "subtechnique-of", ATTACHMENT, OLD)], LAST, "two parents"),
        ([*objects(), related(99, "subtechnique-of", PHISHING, ATTACHMENT)], BELOW, PHISHING),
        ([*objects(), related(99, "subtechnique-of", OLD, OLD)], LAST, OLD),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_in_both_languages(found: list[Any], place: str, said: str) -> None:
    faults = read(found).faults
    assert f"{NAME}#{place}" in [str(fault.place) for fault in faults]
    (fault,) = [fault for fault in faults if fault.place.pointer == place]
    assert said in fault.text.en
    assert fault.text.ja != fault.text.en


@pytest.mark.parametrize("document", [{"type": "bundle", "id": "bundle--1"}, {"type": "bundle", "objects": {}}])
def test_a_bundle_without_objects_is_recognised_and_refused(document: dict[str, Any]) -> None:
    file = File(NAME, json.dumps(document).encode())
    assert FORMAT.recognises(file)
    (fault,) = FORMAT.read((file,)).faults
    assert "objects" in str(fault.place) + fault.text.en


def test_all_faults_are_told_at_once() -> None:
    found = [*changed(PHISHING, name=7), {"type": "malware"}, None]
    assert len(read(found).faults) == 3


@pytest.mark.parametrize(
    "text", ['{"type": "bundle", "objects": [', '{"type": "bundle", "objects": [Infinity]}', "[" * 100_000, "\ufeff"]
)
def test_what_is_no_json_is_unreadable_and_never_recognised(text: str) -> None:
    file = File(NAME, text.encode())
    assert not FORMAT.recognises(file)
    with pytest.raises(UnreadableError) as refused:
        FORMAT.read((file,))
    assert refused.value.fault.place.file == NAME


def test_every_place_can_be_spoiled_and_nothing_falls_over() -> None:
    one_of_each = {(one["type"], one.get("relationship_type")): one for one in objects()}
    document = {"type": "bundle", "id": "bundle--1", "objects": list(one_of_each.values())}
    readings = [found for found in (read_spoiled(FORMAT, one) for one in spoiled(document)) if found]
    for reading in readings:
        check(reading)
    assert sum(bool(reading.faults) for reading in readings) > 500
