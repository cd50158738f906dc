"""Every row of the corpus' crosswalks carries a proof that the independent checker passes, and none that is tampered with."""

import copy
from functools import cache

import pytest

from kakehashi.graphql.context import Context
from kakehashi.graphql.schema import build_schema
from kakehashi.records.values import Intersects
from tests.conformance.conftest import Whole
from tests.support.proof_checker import ROW, STATEMENT, Json, row_faults

PAIRS = (
    ("soc-2/2017-rev-2022", "iso-27001/2022"),
    ("iso-27001/2013", "nist-csf/2.0"),
    ("pci-dss/4.0", "nist-csf/2.0"),
    ("nist-csf/1.1", "nist-sp-800-53/rev5"),
)
QUERY = (
    """
query($source: ID!, $target: ID!, $hops: Int!, $include: [CrosswalkInclude!], $view: ViewInput, $after: String) {
  crosswalk(source: $source, target: $target, maxHops: $hops, include: $include, view: $view, after: $after) {
    summary { certain candidates disputed }
    rows { totalCount nodes { ...Row } pageInfo { hasNextPage endCursor } }
  }
}"""
    + ROW
)
SCHEMA = build_schema()
MANY = 400


class Asked:
    """The schema over the whole corpus."""

    def __init__(self, whole: Whole) -> None:
        self._snapshot = whole.snapshot
        self.strict = {one.id for one in whole.snapshot.set_readings.values() if one.intersects is Intersects.STRICT}
        self.statement = cache(self._statement)

    def ask(self, query: str, **variables: object) -> Json:
        result = SCHEMA.execute_sync(query, variable_values=variables, context_value=Context(self._snapshot))
        assert not result.errors
        assert result.data is not None
        return dict(result.data)

    def rows(self, source: str, target: str, hops: int, include: str, most: int) -> list[Json]:
        """The first rows of one sort, page by page."""
        found: list[Json] = []
        after = None
        while len(found) < most:
            answer = self.ask(QUERY, source=source, target=target, hops=hops, include=[include], after=after, view=None)
            page = answer["crosswalk"]["rows"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                assert len(found) == page["totalCount"]
                break
            after = page["pageInfo"]["endCursor"]
        return found

    def _statement(self, identifier: str) -> Json | None:
        found: Json | None = self.ask(STATEMENT, id=identifier)["statement"]
        return found


@pytest.fixture(scope="module")
def asked(whole: Whole) -> Asked:
    return Asked(whole)


@pytest.mark.parametrize("hops", [1, 2, 3])
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_row_is_proved(asked: Asked, source: str, target: str, hops: int) -> None:
    certain = asked.rows(source, target, hops, "CERTAIN", 10**6)
    candidates = asked.rows(source, target, hops, "CANDIDATES", MANY)
    assert {row["candidate"] for row in certain} <= {False}
    assert {row["candidate"] for row in candidates} <= {True}
    faults = [(row["source"], row["target"], found) for row in certain + candidates for found in _faults(asked, row, hops)]
    assert faults == []


@pytest.mark.parametrize(("source", "target"), PAIRS[:3])
def test_longer_chains_prove_more_and_never_less(asked: Asked, source: str, target: str) -> None:
    before: dict[tuple[str, str], set[str]] = {}
    for hops in (1, 2, 3, 4):
        rows = {
            (row["source"]["id"], row["target"]["id"]): set(row["relation"]["relations"])
            for row in asked.rows(source, target, hops, "CERTAIN", 10**6)
        }
        assert all(rows[pair] <= relations for pair, relations in before.items())
        before = rows
    assert before


def test_a_tampered_proof_is_refused(asked: Asked) -> None:
    rows = asked.rows("soc-2/2017-rev-2022", "iso-27001/2022", 3, "CERTAIN", 100)
    row = next(row for row in rows if len(row["proof"]["chains"][0]) == 2)
    assert not _faults(asked, row, 3)
    assert all(_faults(asked, other, 3) for other in _tampered(row))
    assert _faults(asked, row, 1)


def _faults(asked: Asked, row: Json, hops: int) -> list[str]:
    return row_faults(row, asked.statement, hops, asked.strict)


def _tampered(row: Json) -> list[Json]:
    """Copies of a row, each wrong in one way."""

    def changed(change: object) -> Json:
        other = copy.deepcopy(row)
        change(other)  # type: ignore[operator]
        return other

    return [
        changed(lambda one: one["proof"]["chains"][0].pop()),
        changed(lambda one: one["proof"]["chains"][0].reverse()),
        changed(lambda one: one["proof"]["chains"].append(copy.deepcopy(one["proof"]["chains"][0]))),
        changed(lambda one: one["proof"]["chains"].clear()),
        changed(lambda one: one["proof"]["chains"][0][0]["relation"].update(relations=["NO_RELATIONSHIP"])),
        changed(lambda one: one["proof"]["chains"][0][0]["statement"].update(id="statement/none")),
        changed(lambda one: one["proof"]["conclusion"].update(relations=["NO_RELATIONSHIP"])),
        changed(lambda one: one["relation"].update(relations=["NO_RELATIONSHIP"])),
        changed(lambda one: one.update(candidate=True)),
        changed(lambda one: one["target"].update(id="nothing")),
    ]
