"""Every proof that the server gives passes the independent checker; a tampered one does not."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from tests.support import crossed_catalogue
from tests.support.making import build
from tests.support.proof_checker import PROOF, STATEMENT, STRONGEST_FIRST, Json, Lookup, faults
from tests.support.server import Client, serving

EDITIONS = "query($after: String) { editions(first: 5, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }"
COVERAGE = (
    """
query($edition: ID!, $given: GivenInput, $view: ViewInput, $first: Int!, $after: String, $controls: String) {
  coverage(edition: $edition, given: $given, view: $view) {
    requirements(first: $first, after: $after) {
      edges { cursor node {
        requirement { id } status
        satisfiedBy(first: 4, after: $controls) { totalCount nodes { ...Checked } pageInfo { hasNextPage endCursor } }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
    + PROOF
)
CONTROLS = (
    """
query($requirement: ID!, $given: GivenInput, $view: ViewInput, $after: String) {
  controlsFor(requirement: $requirement, given: $given, view: $view, first: 7, after: $after) {
    totalCount nodes { ...Checked } pageInfo { hasNextPage endCursor }
  }
}"""
    + PROOF
)
EVERYTHING: Json = {"everything": True}
VIEWS: tuple[Json | None, ...] = (None, {"minAuthority": "INFERRED"})


@dataclass(frozen=True, slots=True)
class Question:
    """A server, and what is given and seen."""

    client: Client
    given: Json
    view: Json | None

    def ask(self, query: str, **variables: object) -> Any:
        return self.client.ask(query, None, given=self.given, view=self.view, **variables)

    def controls_for(self, requirement: str) -> list[Json]:
        """All pages of the controls for a requirement."""
        found: list[Json] = []
        after = None
        while True:
            page = self.ask(CONTROLS, requirement=requirement, after=after)["controlsFor"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                assert len(found) == page["totalCount"]
                return found
            after = page["pageInfo"]["endCursor"]

    def covered(self, edition: str) -> Iterator[tuple[str, str, list[Json]]]:
        """Each requirement of an edition, its status, and all pages of what satisfies it."""
        after = None
        while True:
            page = self.ask(COVERAGE, edition=edition, first=50, after=after)["coverage"]["requirements"]
            for edge in page["edges"]:
                yield edge["node"]["requirement"]["id"], edge["node"]["status"], self._satisfied_by(edition, after, edge)
                after = edge["cursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return

    def _satisfied_by(self, edition: str, before: str | None, edge: Json) -> list[Json]:
        page = edge["node"]["satisfiedBy"]
        found: list[Json] = list(page["nodes"])
        while page["pageInfo"]["hasNextPage"]:
            cursor = page["pageInfo"]["endCursor"]
            answer = self.ask(COVERAGE, edition=edition, first=1, after=before, controls=cursor)
            page = answer["coverage"]["requirements"]["edges"][0]["node"]["satisfiedBy"]
            found += page["nodes"]
        assert len(found) == page["totalCount"]
        return found


def editions(client: Client) -> Iterator[str]:
    after = None
    while True:
        page = client.ask(EDITIONS, after=after)["editions"]
        yield from (edition["id"] for edition in page["nodes"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def lookup(client: Client) -> Lookup:
    @cache
    def found(identifier: str) -> Json | None:
        record: Json | None = client.ask(STATEMENT, id=identifier)["statement"]
        return record

    return found


@pytest.fixture(scope="module")
def statement(client: Client) -> Lookup:
    return lookup(client)


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server of a release that needs every form of proof."""
    root = tmp_path_factory.mktemp("crossed")
    build(root / "home", crossed_catalogue.write(root / "data"))
    with serving(root / "home") as found:
        yield found


@pytest.fixture(scope="module")
def crossed_statement(crossed: Client) -> Lookup:
    return lookup(crossed)


def check(question: Question, statement: Lookup, had: list[str] | None = None) -> int:
    """Check every proof of every edition; the count of what was checked."""
    checked = 0
    for edition in editions(question.client):
        for requirement, status, satisfied_by in question.covered(edition):
            controls = question.controls_for(requirement)
            for coverage in [*satisfied_by, *controls]:
                assert faults(requirement, coverage, statement, had) == [], (requirement, coverage)
                checked += 1
            assert satisfied_by == [one for one in controls if one["status"] in ("FULL", "PARTIAL")]
            assert [one["status"] for one in satisfied_by[:1]] == ([status] if satisfied_by else [])
            assert bool(satisfied_by) == (status in ("FULL", "PARTIAL"))
    return checked


@pytest.mark.parametrize(("view", "at_least"), [(VIEWS[0], 20), (VIEWS[1], 150)])
def test_every_proof_of_the_default_release_holds(client: Client, statement: Lookup, view: Json | None, at_least: int) -> None:
    assert check(Question(client, EVERYTHING, view), statement) >= at_least


@pytest.mark.parametrize("view", [*VIEWS, {"minAuthority": "OFFICIAL"}, {"authorities": ["INFERRED", "VENDOR"]}])
def test_every_proof_of_a_release_of_many_authorities_holds(
    crossed: Client, crossed_statement: Lookup, view: Json | None
) -> None:
    assert check(Question(crossed, EVERYTHING, view), crossed_statement)


GIVENS: tuple[tuple[Json, list[str]], ...] = (
    ({"products": ["suite"]}, ["suite"]),
    ({"products": ["tool"], "controls": ["cap-c"]}, ["tool", "cap-c"]),
    ({"certificates": [{"scheme": "listing-x"}, {"scheme": "scheme-y"}]}, ["listing-x", "scheme-y"]),
    ({"products": ["suite", "tool"], "certificates": [{"scheme": "standard-y"}]}, ["suite", "tool", "standard-y"]),
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("given", "had"), GIVENS)
def test_every_proof_begins_with_what_was_given(
    crossed: Client, crossed_statement: Lookup, given: Json, had: list[str], view: Json | None
) -> None:
    assert check(Question(crossed, given, view), crossed_statement, had)


def test_what_a_default_product_brings_is_proved_by_its_links(client: Client, statement: Lookup) -> None:
    given = {"products": ["office-365", "azure-information-protection"]}
    assert check(Question(client, given, VIEWS[1]), statement, given["products"])


def served_proofs(crossed: Client) -> list[tuple[str, Json]]:
    """Every proof of the release of many authorities, from everything and from less, in the widest view."""
    requirements = [f"rule-{number}" for number in range(1, 7)]
    questions = [Question(crossed, given, VIEWS[1]) for given in (EVERYTHING, *(given for given, _ in GIVENS))]
    return [(one, coverage) for question in questions for one in requirements for coverage in question.controls_for(one)]


def test_the_tampered_proofs_are_of_every_form(crossed: Client) -> None:
    proofs = [coverage for _, coverage in served_proofs(crossed)]
    assert {coverage["status"] for coverage in proofs} == {"FULL", "PARTIAL", "POSSIBLE", "EXCLUDED"}
    assert {coverage["proof"]["rule"] for coverage in proofs} == {"CHAIN", "CERTIFICATE_ACCEPTED", "CERTIFICATE_EVIDENCE"}
    assert {len(coverage["proof"]["chains"]) for coverage in proofs} == {1, 2}
    assert {len(coverage["proof"]["links"]) for coverage in proofs} == {0, 1, 2}


Known = dict[str, str]
"""Ids of statements that exist, each with the id of its object."""
Tampering = Callable[[Json, Known], Iterator[Json]]
TAMPERINGS: dict[str, Tampering] = {}


def tampering(name: str) -> Callable[[Tampering], Tampering]:
    def register(found: Tampering) -> Tampering:
        TAMPERINGS[name] = found
        return found

    return register


@tampering("wrong status")
def _status(coverage: Json, _: Known) -> Iterator[Json]:
    for status in {"FULL", "PARTIAL", "POSSIBLE", "EXCLUDED", "UNKNOWN"} - {coverage["status"]}:
        coverage["status"] = status
        yield coverage


@tampering("swapped ends")
def _swapped(coverage: Json, _: Known) -> Iterator[Json]:
    for chain in coverage["proof"]["chains"]:
        for step in chain:
            step["subject"], step["object"] = step["object"], step["subject"]
            yield coverage
            step["subject"], step["object"] = step["object"], step["subject"]


@tampering("dropped chain")
def _dropped(coverage: Json, _: Known) -> Iterator[Json]:
    chains = coverage["proof"]["chains"]
    for place in range(len(chains)):
        coverage["proof"]["chains"] = chains[:place] + chains[place + 1 :]
        yield coverage


@tampering("the same chain twice")
def _doubled(coverage: Json, _: Known) -> Iterator[Json]:
    coverage["proof"]["chains"].append(coverage["proof"]["chains"][0])
    yield coverage


@tampering("step without a statement")
def _unstated(coverage: Json, _: Known) -> Iterator[Json]:
    coverage["proof"]["chains"][0][0]["statement"] = None
    yield coverage


@tampering("other statement id")
def _other_statement(coverage: Json, known: Known) -> Iterator[Json]:
    step = coverage["proof"]["chains"][0][0]
    for other in known:
        if other != step["statement"]["id"]:
            yield {**coverage, "proof": {**coverage["proof"], "chains": [[{**step, "statement": {"id": other}}]]}}


@tampering("statement id that is not there")
def _invented(coverage: Json, _: Known) -> Iterator[Json]:
    for chain in coverage["proof"]["chains"]:
        chain[0]["statement"]["id"] = "statement/0000000000000000"
        yield coverage


@tampering("other reading")
def _reread(coverage: Json, _: Known) -> Iterator[Json]:
    relation = coverage["proof"]["chains"][0][0]["relation"]
    relation["relations"] = ["EQUAL"] if relation["relations"] != ["EQUAL"] else ["SUBSET_OF"]
    yield coverage


@tampering("other conclusion")
def _concluded(coverage: Json, _: Known) -> Iterator[Json]:
    for holder, key in ((coverage, "relation"), (coverage["proof"], "conclusion")):
        former = holder[key]
        holder[key] = {"relations": ["EQUAL", "SUBSET_OF"]}
        yield coverage
        holder[key] = former


@tampering("weaker authority")
def _weaker(coverage: Json, _: Known) -> Iterator[Json]:
    place = STRONGEST_FIRST.index(coverage["proof"]["authority"])
    for authority in STRONGEST_FIRST[place + 1 :]:
        coverage["proof"]["authority"] = authority
        yield coverage


@tampering("stronger authority")
def _stronger(coverage: Json, _: Known) -> Iterator[Json]:
    place = STRONGEST_FIRST.index(coverage["proof"]["authority"])
    for authority in STRONGEST_FIRST[:place]:
        coverage["proof"]["authority"] = authority
        yield coverage


@tampering("other rule")
def _other_rule(coverage: Json, _: Known) -> Iterator[Json]:
    for rule in {"CHAIN", "CERTIFICATE_ACCEPTED", "CERTIFICATE_EVIDENCE"} - {coverage["proof"]["rule"]}:
        coverage["proof"]["rule"] = rule
        yield coverage


@tampering("other control")
def _other_control(coverage: Json, _: Known) -> Iterator[Json]:
    coverage["control"]["id"] = "elsewhere"
    yield coverage


@tampering("dropped link")
def _unlinked(coverage: Json, _: Known) -> Iterator[Json]:
    links = coverage["proof"]["links"]
    for place in range(len(links)):
        coverage["proof"]["links"] = links[:place] + links[place + 1 :]
        yield coverage


@tampering("link that leads elsewhere")
def _relinked(coverage: Json, known: Known) -> Iterator[Json]:
    links = coverage["proof"]["links"]
    for other, leads_to in known.items():
        if leads_to != coverage["control"]["id"]:
            coverage["proof"]["links"] = [*links, {"id": other}]
            yield coverage


@tampering("missing statement left out or made up")
def _missed(coverage: Json, _: Known) -> Iterator[Json]:
    ends = {"subject": {"id": "elsewhere"}, "object": {"id": "rule-1"}, "statement": None}
    for missing in [ends] if coverage["proof"]["missing"] is None else [ends, None]:
        coverage["proof"]["missing"] = missing
        yield coverage


def _used(proofs: list[tuple[str, Json]]) -> set[str]:
    steps = {step["statement"]["id"] for _, one in proofs for chain in one["proof"]["chains"] for step in chain}
    return steps | {link["id"] for _, one in proofs for link in one["proof"]["links"]}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_proof_is_refused(crossed: Client, crossed_statement: Lookup, name: str) -> None:
    proofs, had = served_proofs(crossed), ["suite", "tool", "listing-x", "scheme-y"]
    known = {one: found["object"]["id"] for one in _used(proofs) if (found := crossed_statement(one)) is not None}
    refused = 0
    for requirement, coverage in proofs:
        for tampered in TAMPERINGS[name](copy.deepcopy(coverage), known):
            begins = had if coverage["proof"]["links"] else None
            assert faults(requirement, tampered, crossed_statement, begins), (name, requirement, tampered)
            refused += 1
    assert refused


def test_a_proof_of_another_requirement_is_refused(crossed: Client, crossed_statement: Lookup) -> None:
    for requirement, coverage in served_proofs(crossed):
        for other in {f"rule-{number}" for number in range(1, 7)} - {requirement}:
            assert faults(other, coverage, crossed_statement)
