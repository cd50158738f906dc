"""Nothing of the leaflet's inventory is lost and nothing invented: entities, attributes, relations, over HTTP."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from kakehashi.snapshot.model import Snapshot
from tests.competency.test_questions import every_resource
from tests.support.server import Client

SHARED = Path(os.environ.get("KAKEHASHI_SHARED", Path(__file__).parents[3] / "shared"))
LEAFLET = "source/leaflet-2020-01"


@pytest.fixture(scope="module")
def inventory() -> dict[str, Any]:
    file = SHARED / "leaflet" / "inventory.yaml"
    if not file.is_file():
        pytest.skip(f"the leaflet's inventory is not here ({file}); set KAKEHASHI_SHARED to its folder's parent")
    found: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return found


def test_the_leaflets_numbers(snapshot: Snapshot) -> None:
    of_leaflet = [record for record in snapshot.records.statements if record.source == LEAFLET]
    relations = [record for record in of_leaflet if record.object]
    assert sum(record.source == LEAFLET for record in snapshot.records.resources) == 554
    assert len(relations) == 759
    assert sum(record.certainty == "inferred" for record in relations) == 195
    assert sum(record.predicate == "correction" for record in of_leaflet) == 26


def test_every_entity_has_its_kind_and_both_names(client: Client, inventory: dict[str, Any]) -> None:
    entities = {entity["id"]: entity for group in inventory["groups"].values() for entity in group["entities"]}
    served = {language: {one["id"]: one for one in every_resource(client, language)} for language in ("ja", "en")}
    for identifier, entity in entities.items():
        assert served["ja"][identifier]["kind"] == entity["kind"]
        for language in ("ja", "en"):
            name = served[language][identifier]["prefLabel"]["value"]
            assert name == (entity[f"label_{language}"] or name)


def test_every_relation_is_served_and_no_other(inventory: dict[str, Any], snapshot: Snapshot) -> None:
    wanted = Counter((r["s"], r["r"], r["o"], str(r["section"]), bool(r.get("inferred"))) for r in inventory["relations"])
    served = Counter(
        (record.subject, record.predicate, record.object, record.section, record.certainty == "inferred")
        for record in snapshot.records.statements
        if record.object and record.source == LEAFLET
    )
    assert served == wanted


def test_names_that_the_leaflet_does_not_print_are_marked_as_ours(inventory: dict[str, Any], snapshot: Snapshot) -> None:
    for group in inventory["groups"].values():
        for entity in group["entities"]:
            japanese = next(label for label in snapshot.resources[entity["id"]].labels if label.language == "ja")
            assert japanese.ours == (entity["label_ja"] is None)
