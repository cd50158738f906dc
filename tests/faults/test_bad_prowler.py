"""Planted faults in Prowler's compliance files: each is told with its place in both languages, and nothing falls over."""

import json
from typing import Any

import pytest

from kakehashi.records.model import Resource, Statement
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading
from kakehashi.sources.prowler import FORMAT
from tests.support.mutations import check, read_spoiled, spoiled

NAME = "compliance.json"


def one_provider(**changed: Any) -> dict[str, Any]:
    return {
        "Framework": "ISO27001", "Name": "ISO/IEC 27001", "Version": "2022", "Provider": "Azure", "Description": "A standard.",
        "Requirements": [
            {
                "Id": "A.5.1", "Name": "Policies", "Description": "Write them.",
                "Attributes": [{"Category": "A.5 Organizational controls", "Objetive_ID": "A.5.1", "Check_Summary": "Write."}],
                "Checks": ["one", "two", "one"],
                "ConfigRequirements": [{"Check": "one", "ConfigKey": "days", "Operator": "gte", "Value": 90}],
            },
            {"Id": "A.5.2", "Name": "Roles", "Description": "Give them.", "Attributes": [], "Checks": []},
        ],
        **changed,
    }  # fmt: skip


def of_all(**changed: Any) -> dict[str, Any]:
    return {
        "framework": "CIS-Controls", "name": "CIS Controls v8.1", "version": "8.1", "outputs": {}, "icon": "cis",
        "requirements": [
            {
                "id": "1.1", "name": "Inventory", "description": "Keep it.",
                "attributes": {"Section": "1. Inventory", "ImplementationGroups": ["IG1", "IG2"]},
                "checks": {"aws": ["one"], "azure": ["two"]},
            },
        ],
        **changed,
    }  # fmt: skip


def threats(**changed: Any) -> dict[str, Any]:
    attribute = {"AzureService": "Azure Firewall", "Category": "Protect", "Value": "Partial", "Comment": "It filters.", **changed}
    return {
        "Framework": "MITRE-ATTACK", "Name": "MITRE ATT&CK", "Version": "", "Provider": "Azure", "Description": "",
        "Requirements": [
            {
                "Id": "T1190", "Name": "Exploit Public-Facing Application", "Description": "", "Tactics": ["Initial Access"],
                "SubTechniques": [], "Platforms": ["IaaS"], "TechniqueURL": "https://attack.mitre.org/techniques/T1190/",
                "Attributes": [attribute], "Checks": ["one"],
            },
        ],
    }  # fmt: skip


def read(document: Any) -> Reading:
    file = File(NAME, json.dumps(document).encode())
    assert FORMAT.recognises(file), "a broken file of the format is refused, not passed by"
    return FORMAT.read((file,))


def requirement(**changed: Any) -> dict[str, Any]:
    document = one_provider()
    document["Requirements"][0] |= changed
    return document


def listed(*requirements: Any) -> dict[str, Any]:
    return one_provider(Requirements=list(requirements))


def safeguard(**changed: Any) -> dict[str, Any]:
    document = of_all()
    document["requirements"][0] |= changed
    return document


def test_the_samples_are_sound() -> None:
    for document, predicates in (
        (one_provider(), ["lists-the-control", "lists-the-control"]),
        (of_all(), ["in-implementation-group", "in-implementation-group", "lists-the-control", "lists-the-control"]),
        (threats(), ["addresses-threat", "protects-against"]),
    ):
        reading = read(document)
        assert reading.faults == []
        assert [one.predicate for one in reading.records if isinstance(one, Statement)] == predicates


@pytest.mark.parametrize(
    ("document", "place", "said"),
    [
        (one_provider(Framework=""), "/Framework", "empty"),
        (one_provider(Provider=""), "/Provider", "empty"),
        (one_provider(Provider=None), "/Provider", "`null`"),
        (one_provider(Version=2022), "/Version", "`int`"),
        (one_provider(Requirements={}), "/Requirements", "`object`"),
        ({"Framework": "CIS", "Provider": "AWS"}, "", "Requirements"),
        ({"Framework": "CIS", "Requirements": []}, "", "Provider"),
        (listed(None), "/Requirements/0", "`null`"),
        (listed({}), "/Requirements/0", "Id"),
        (listed({"Id": ""}), "/Requirements/0/Id", "empty"),
        (listed({"Id": 5}), "/Requirements/0/Id", "`int`"),
        (requirement(Checks="one"), "/Requirements/0/Checks", "`str`"),
        (requirement(Checks=["one", 2]), "/Requirements/0/Checks/1", "`int`"),
        (requirement(Attributes={}), "/Requirements/0/Attributes", "`object`"),
        (requirement(Attributes=["a"]), "/Requirements/0/Attributes/0", "`str`"),
        (requirement(ConfigRequirements="a"), "/Requirements/0/ConfigRequirements", "`str`"),
        (requirement(Id="A.5.2"), "/Requirements/1", "'A.5.2'"),
        (requirement(Id="a.5.2"), "/Requirements/1", "'a.5.2'"),
        (of_all(framework=""), "/framework", "empty"),
        (of_all(requirements="none"), "/requirements", "`str`"),
        (safeguard(id=None), "/requirements/0/id", "`null`"),
        (safeguard(checks={"aws": "one"}), "/requirements/0/checks", "`str`"),
        (safeguard(checks=["one"]), "/requirements/0", "provider"),
        (safeguard(checks={" ": ["one"]}), "/requirements/0", "provider"),
        (threats(Category="Prevent"), "/Requirements/0/Attributes/0", "'Prevent'"),
        (threats(Category=""), "/Requirements/0/Attributes/0", "Category"),
        (threats(Value="Total"), "/Requirements/0/Attributes/0", "'Total'"),
        (threats(AzureService=" "), "/Requirements/0/Attributes/0", "Service"),
    ],
)
def test_a_fault_is_told_with_its_place_in_both_languages(document: dict[str, Any], place: str, said: str) -> None:
    faults = read(document).faults
    assert [str(fault.place) for fault in faults] == [f"{NAME}#{place}" if place else NAME]
    assert said in faults[0].text.en
    assert said == "empty" or said.strip("'") in faults[0].text.ja
    assert faults[0].text.ja != faults[0].text.en


def test_all_faults_are_told_at_once() -> None:
    assert len(read(listed(None, {"Id": 5}, {"Id": "A.5.1", "Checks": [1]})).faults) == 3
    assert len(read(threats(Category="a", Value="b", AzureService="")).faults) == 3


@pytest.mark.parametrize("text", ['{"Framework": "CIS", "Requirements": [', '{"Framework": NaN}', "[" * 100_000])
def test_what_is_no_json_is_unreadable_and_never_recognised(text: str) -> None:
    file = File(NAME, text.encode())
    assert not FORMAT.recognises(file)
    with pytest.raises(UnreadableError) as refused:
        FORMAT.read((file,))
    assert refused.value.fault.place.file == NAME


def test_a_check_that_is_listed_twice_is_kept_once_and_counted() -> None:
    reading = read(one_provider())
    left = {why.en: one.count for why, one in reading.left_out.items()}
    assert left["A check that one requirement lists twice; it is kept once."] == 1
    assert reading.found["requirement-check links"] == 3
    assert reading.found["requirements without checks"] == 1
    noted = [one.note for one in reading.records if isinstance(one, Statement)]
    assert noted == ["days gte 90", None]


def test_a_value_that_is_no_text_is_left_with_the_reason_and_an_attribute_that_nobody_knows_is_kept() -> None:
    reading = read(requirement(Attributes=[{"Deep": {"a": [1]}, "Level": 3, "Flag": True, "Many": ["a", 1], "Empty": ""}]))
    assert reading.faults == []
    left = {why.en: one.count for why, one in reading.left_out.items()}
    assert left["A value that is no text (Deep)."] == 1
    (one,) = [one for one in reading.records if isinstance(one, Resource) and one.notation == "A.5.1"]
    assert one.texts[0].text == "Write them.\n\nLevel: 3\n\nFlag: true\n\nMany: a, 1"


def test_numbers_of_any_length_are_compared_and_never_counted() -> None:
    document = listed({"Id": "cc_" + "9" * 5000, "Name": "CC" + "9" * 5000, "Checks": ["one"]})
    reading = read({**document, "Framework": "SOC2", "Version": ""})
    assert reading.faults == []
    check_ids = [len(one.id) for one in reading.records]
    assert max(check_ids) <= 200


@pytest.mark.parametrize("document", [one_provider(), of_all(), threats()])
def test_every_place_can_be_spoiled_and_nothing_falls_over(document: dict[str, Any]) -> None:
    readings = [found for found in (read_spoiled(FORMAT, one) for one in spoiled(document)) if found]
    for reading in readings:
        check(reading)
    assert sum(bool(reading.faults) for reading in readings) > 100
