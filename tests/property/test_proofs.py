"""Every proof that the server gives passes the independent checker; a tampered one does not."""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.support.proof_checker import PROOF, Json, Lookup, faults
from tests.support.server import Client

STATEMENT = "query($id: ID!) { statement(id: $id) { id predicate authority subject { id } object { id } } }"
EDITIONS = "{ editions(first: 100) { nodes { id } } }"
COVERAGE = (
    """
query($edition: ID!, $view: ViewInput) {
  coverage(edition: $edition, given: {everything: true}, view: $view) {
    requirements(first: 100) { nodes { requirement { id } status satisfiedBy(first: 100) { nodes { ...Checked } } } }
  }
}"""
    + PROOF
)
CONTROLS = (
    """
query($requirement: ID!, $view: ViewInput) {
  controlsFor(requirement: $requirement, given: {everything: true}, view: $view, first: 100) { nodes { ...Checked } }
}"""
    + PROOF
)
VIEWS: tuple[Json | None, ...] = (None, {"minAuthority": "INFERRED"}, {"authorities": ["INFERRED"]})


@pytest.fixture(scope="module")
def statement(client: Client) -> Lookup:
    @cache
    def found(identifier: str) -> Json | None:
        record: Json | None = client.ask(STATEMENT, id=identifier)["statement"]
        return record

    return found


def _covered(client: Client, view: Json | None) -> Iterator[tuple[str, str, list[Json]]]:
    for edition in client.ask(EDITIONS)["editions"]["nodes"]:
        for row in client.ask(COVERAGE, edition=edition["id"], view=view)["coverage"]["requirements"]["nodes"]:
            yield row["requirement"]["id"], row["status"], row["satisfiedBy"]["nodes"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_proof_of_coverage_holds(client: Client, statement: Lookup, view: Json | None) -> None:
    checked = 0
    for requirement, status, coverages in _covered(client, view):
        assert bool(coverages) == (status in ("FULL", "PARTIAL"))
        for coverage in coverages:
            assert faults(requirement, coverage, statement) == []
            checked += 1
    assert checked >= 5


def test_every_control_of_every_requirement_holds(client: Client, statement: Lookup) -> None:
    checked = 0
    for requirement, _, _ in _covered(client, VIEWS[1]):
        for coverage in client.ask(CONTROLS, requirement=requirement, view=VIEWS[1])["controlsFor"]["nodes"]:
            assert faults(requirement, coverage, statement) == []
            checked += 1
    assert checked > 80


def _weaken(coverage: Json) -> None:
    coverage["proof"]["authority"] = "OFFICIAL"


def _promote(coverage: Json) -> None:
    coverage["status"] = "FULL" if coverage["status"] != "FULL" else "PARTIAL"


def _swap(coverage: Json) -> None:
    step = coverage["proof"]["chains"][0][0]
    step["subject"], step["object"] = step["object"], step["subject"]


def _drop(coverage: Json) -> None:
    coverage["proof"]["chains"] = []


def _invent(coverage: Json) -> None:
    coverage["proof"]["chains"][0][0]["statement"]["id"] = "statement/0000000000000000"


def _reread(coverage: Json) -> None:
    coverage["proof"]["chains"][0][0]["relation"]["relations"] = ["EQUAL"]


@pytest.mark.parametrize("tamper", [_weaken, _promote, _swap, _drop, _invent, _reread])
def test_a_tampered_proof_is_refused(client: Client, statement: Lookup, tamper: Callable[[Json], None]) -> None:
    requirement, coverage = "law-jp-court", _first(client, "law-jp-court")
    assert faults(requirement, coverage, statement) == []
    tampered: Any = copy.deepcopy(coverage)
    tamper(tampered)
    assert faults(requirement, tampered, statement)


def _first(client: Client, requirement: str) -> Json:
    nodes: list[Json] = client.ask(CONTROLS, requirement=requirement, view=None)["controlsFor"]["nodes"]
    return nodes[0]
