"""Planted faults in a CTID mapping: each is told with its place in both languages, and nothing falls over."""

import json
from typing import Any

import pytest

from kakehashi.records.model import Statement
from kakehashi.sources.ctid import FORMAT
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading
from tests.support.mutations import check, read_spoiled, spoiled

NAME = "product.json"


def sample() -> dict[str, Any]:
    return {
        "metadata": {
            "mapping_version": "", "technology_domain": "enterprise", "attack_version": "16.1", "mapping_framework": "product",
            "mapping_framework_version": "04/26/2025", "author": None, "contact": "somebody@example.org",
            "organization": None, "creation_date": "04/26/2025", "last_update": "05/29/2025",
            "mapping_types": {"technique_scores": {"name": "technique_scores", "description": ""}},
            "capability_groups": {"identity": "Identity", "mail": "Mail"},
        },
        "mapping_objects": [
            {
                "capability_id": "mfa", "capability_description": "Multi-Factor", "mapping_type": "technique_scores",
                "attack_object_id": "T1110.001", "attack_object_name": "Password Guessing", "capability_group": "identity",
                "score_category": "protect", "score_value": "significant", "related_score": "T1110", "comments": "It stops it.",
                "references": ["https://example.org/mfa"], "status": "complete",
            },
            {
                "capability_id": None, "capability_description": None, "mapping_type": None, "capability_group": None,
                "attack_object_id": "T1496", "attack_object_name": "Resource Hijacking", "references": [],
                "status": "non_mappable",
            },
        ],
    }  # fmt: skip


def read(document: Any) -> Reading:
    file = File(NAME, json.dumps(document).encode())
    assert FORMAT.recognises(file), "a broken file of the format is refused, not passed by"
    return FORMAT.read((file,))


def metadata(**changed: Any) -> dict[str, Any]:
    document = sample()
    document["metadata"] |= changed
    return document


def row(**changed: Any) -> dict[str, Any]:
    document = sample()
    document["mapping_objects"][0] |= changed
    return document


def without(key: str) -> dict[str, Any]:
    document = sample()
    del document["metadata"][key]
    return document


def rows(value: Any) -> dict[str, Any]:
    return {**sample(), "mapping_objects": value}


def test_the_sample_is_sound() -> None:
    reading = read(sample())
    assert reading.faults == []
    assert [one.predicate for one in reading.records if isinstance(one, Statement)] == [
        "date", "date", "protects-against", "related-score", "has-capability",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "place", "said"),
    [
        (without("attack_version"), "/metadata", "attack_version"),
        (without("mapping_types"), "/metadata", "mapping_types"),
        (metadata(attack_version=""), "/metadata/attack_version", "empty"),
        (metadata(mapping_framework=5), "/metadata/mapping_framework", "`int`"),
        (metadata(capability_groups=["a"]), "/metadata/capability_groups", "`array`"),
        (metadata(capability_groups={"a": 1}), "/metadata/capability_groups", "`int`"),
        (metadata(technology_domain="cloud"), "/metadata/technology_domain", "'cloud'"),
        (metadata(mapping_framework_version="26/04/2025"), "/metadata/mapping_framework_version", "'26/04/2025'"),
        (metadata(creation_date="02/30/2025"), "/metadata/creation_date", "'02/30/2025'"),
        (metadata(last_update="yesterday"), "/metadata/last_update", "'yesterday'"),
        (rows({}), "/mapping_objects", "`object`"),
        (rows("none"), "/mapping_objects", "`str`"),
        (rows([7]), "/mapping_objects/0", "`int`"),
        (rows([{}]), "/mapping_objects/0", "attack_object_id"),
        (row(comments=5), "/mapping_objects/0/comments", "`int`"),
        (row(references="https://example.org"), "/mapping_objects/0/references", "`str`"),
        (row(references=[None]), "/mapping_objects/0/references/0", "`null`"),
        (row(mapping_type="causes"), "/mapping_objects/0/mapping_type", "'causes'"),
        (row(mapping_type=None), "/mapping_objects/0/mapping_type", "mapping_type"),
        (row(mapping_type="Technique_Scores"), "/mapping_objects/0/mapping_type", "'Technique_Scores'"),
        (row(status="Complete"), "/mapping_objects/0/status", "'Complete'"),
        (row(status="NON_MAPPABLE"), "/mapping_objects/0/status", "'NON_MAPPABLE'"),
        (row(status="done"), "/mapping_objects/0/status", "'done'"),
        (row(score_category="prevent"), "/mapping_objects/0/score_category", "'prevent'"),
        (row(score_category=None), "/mapping_objects/0", "score_category"),
        (row(score_value="total"), "/mapping_objects/0/score_value", "'total'"),
        (row(mapping_framework="other"), "/mapping_objects/0/mapping_framework", "'other'"),
        (row(mapping_framework_version="1"), "/mapping_objects/0/mapping_framework_version", "mapping_framework_version"),
        ({"mapping_objects": []}, "", "metadata"),
        ({"metadata": sample()["metadata"]}, "", "mapping_objects"),
    ],
)
def test_a_fault_is_told_with_its_place_in_both_languages(document: dict[str, Any], place: str, said: str) -> None:
    faults = read(document).faults
    assert [str(fault.place) for fault in faults] == [f"{NAME}#{place}" if place else NAME]
    assert said in faults[0].text.en
    assert faults[0].text.ja != faults[0].text.en
    assert said == "empty" or said.strip("'") in faults[0].text.ja


def test_all_faults_are_told_at_once() -> None:
    document = rows([{**sample()["mapping_objects"][0], "score_value": "total"}, 5, *sample()["mapping_objects"]])
    assert [fault.place.pointer for fault in read(document).faults] == [
        "/mapping_objects/0/score_value", "/mapping_objects/1",
    ]  # fmt: skip
    both = metadata(creation_date="x", technology_domain="y")
    assert len(read(both).faults) == 2


@pytest.mark.parametrize(
    "text",
    [
        '{"metadata": {"mapping_framework": "a", "attack_version": "16.1"}, "mapping_objects": [',
        '{"metadata": NaN, "mapping_objects": []}',
        '{"mapping_objects": [], "mapping_objects": []}',
        '{"mapping_objects": ["\\ud800"]}',
        '{"mapping_objects": ' + "[" * 100_000,
    ],
)
def test_what_is_no_json_is_unreadable_and_never_recognised(text: str) -> None:
    file = File(NAME, text.encode())
    assert not FORMAT.recognises(file)
    with pytest.raises(UnreadableError) as refused:
        FORMAT.read((file,))
    assert refused.value.fault.place.file == NAME
    assert refused.value.fault.text.ja


def test_half_a_surrogate_pair_is_refused_and_a_whole_one_is_not() -> None:
    whole = json.dumps(row(comments="😀"))
    assert "\\ud83d\\ude00" in whole
    assert FORMAT.read((File(NAME, whole.encode()),)).faults == []
    escaped = whole.replace("\\ud83d\\ude00", "\\\\ud83d")
    assert FORMAT.read((File(NAME, escaped.encode()),)).faults == []
    with pytest.raises(UnreadableError, match=NAME):
        FORMAT.read((File(NAME, whole.replace("\\ude00", "").encode()),))


def test_a_key_that_is_not_read_is_counted() -> None:
    reading = read(row(severity="high"))
    assert reading.faults == []
    assert {why.en: left.count for why, left in reading.left_out.items()}["A key that is not read: 'severity'."] == 1


def test_a_row_without_a_capability_or_a_technique_makes_no_edge() -> None:
    for key in ("capability_id", "attack_object_id"):
        reading = read(row(**{key: None}))
        assert reading.faults == []
        assert not [one for one in reading.records if isinstance(one, Statement) and one.mapping]
        assert [left.count for why, left in reading.left_out.items() if key in why.en] == [1]


def test_every_place_can_be_spoiled_and_nothing_falls_over() -> None:
    readings = [found for found in (read_spoiled(FORMAT, document) for document in spoiled(sample())) if found]
    for reading in readings:
        check(reading)
    assert sum(bool(reading.faults) for reading in readings) > 300
