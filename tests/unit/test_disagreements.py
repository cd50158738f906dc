"""Where published tables differ: rows of tables alone, whoever publishes them."""

from datetime import date

import pytest

from kakehashi.crosswalk.algebra import EQ, OVERLAP, PP, PPI
from kakehashi.crosswalk.disagreements import DisagreementKind, disagreements
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority

VIEW = View(frozenset(Authority), date(2026, 1, 1))


def row(statement: str, relations: int, origin: str, *, parent_link: bool = False) -> Row:
    return Row(
        statement=statement, subject="a", object="b", relations=relations, authority=Authority.OFFICIAL, origin=origin,
        parent_link=parent_link,
    )  # fmt: skip


@pytest.mark.parametrize(("second", "kind"), [(PPI, DisagreementKind.CONTRADICT), (OVERLAP, DisagreementKind.DIFFER), (PP, None)])
def test_how_two_tables_differ(second: int, kind: DisagreementKind | None) -> None:
    found = list(disagreements(Engine([row("s1", PP, "x"), row("s2", second, "y")]), ["a"], ["b"], VIEW))
    assert [one.kind for one in found] == ([] if kind is None else [kind])


def test_a_parent_link_is_no_table() -> None:
    link = row("a", PP, "source/tree", parent_link=True)
    assert list(disagreements(Engine([link, row("s1", EQ, "x")]), ["a"], ["b"], VIEW)) == []
    (found,) = disagreements(Engine([link, row("s1", EQ, "x"), row("s2", PP, "y")]), ["a"], ["b"], VIEW)
    assert [one.statement for one in found.rows] == ["s1", "s2"]
