"""Acceptance by authority: against its definition, and on random worlds with false rows."""

from collections.abc import Sequence
from functools import reduce
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.acceptance import Acceptance, Row, accept, pair_of
from kakehashi.crosswalk.algebra import ALL, READINGS
from kakehashi.records.values import Authority
from tests.property.test_algebra import related

ENDS = ("a", "b", "c")
SETS = st.frozensets(st.integers(0, 4), min_size=1)
READING = st.sampled_from(sorted(READINGS))
ORDERED = tuple(Authority)


@st.composite
def published(draw: st.DrawFn) -> list[Row]:
    """Rows between a few ends, of all authorities, true or not."""
    count = draw(st.integers(0, 8))
    return [
        Row(
            statement=f"s{number}",
            subject=draw(st.sampled_from(ENDS)),
            object=draw(st.sampled_from(("x", "y"))),
            relations=draw(READING),
            authority=draw(st.sampled_from(ORDERED)),
        )
        for number in range(count)
    ]


def known(acceptance: Acceptance, a: str, b: str) -> int:
    rows = acceptance.accepted.get(pair_of(a, b), ())
    return reduce(lambda found, row: found & row.seen_from(a), rows, ALL)


def naive(rows: Sequence[Row]) -> set[str]:
    """The accepted rows by the definition: minimal contradictions found by trying every subset."""
    accepted: list[Row] = []
    for authority in Authority:
        level = [row for row in rows if row.authority is authority]
        clashing: set[str] = set()
        for size in range(1, len(level) + 1):
            for chosen in combinations(level, size):
                pairs = {pair_of(row.subject, row.object) for row in chosen}
                if len(pairs) == 1 and _empty(accepted, chosen) and not _has_smaller(accepted, chosen):
                    clashing |= {row.statement for row in chosen}
        accepted += [row for row in level if row.statement not in clashing]
    return {row.statement for row in accepted}


def _empty(accepted: Sequence[Row], chosen: Sequence[Row]) -> bool:
    a, b = pair_of(chosen[0].subject, chosen[0].object)
    of_pair = [row for row in accepted if pair_of(row.subject, row.object) == (a, b)]
    return not reduce(lambda found, row: found & row.seen_from(a), [*of_pair, *chosen], ALL)


def _has_smaller(accepted: Sequence[Row], chosen: Sequence[Row]) -> bool:
    return any(_empty(accepted, [row for row in chosen if row is not left_out]) for left_out in chosen if len(chosen) > 1)


@settings(max_examples=300, deadline=None)
@given(published())
def test_it_is_the_definition(rows: list[Row]) -> None:
    acceptance = accept(rows)
    assert {row.statement for group in acceptance.accepted.values() for row in group} == naive(rows)


@settings(max_examples=200, deadline=None)
@given(published(), st.randoms())
def test_every_row_is_accepted_or_set_aside_whatever_the_order(rows: list[Row], random: Random) -> None:
    acceptance = accept(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert accept(shuffled) == acceptance
    groups = [*acceptance.accepted.values(), *acceptance.set_aside.values()]
    assert sorted(row.statement for group in groups for row in group) == sorted(row.statement for row in rows)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from((*ENDS, "x", "y")), SETS), st.data())
def test_answers_are_sound_where_all_accepted_rows_are_true(world: dict[str, frozenset[int]], data: st.DataObject) -> None:
    world = {end: world.get(end, frozenset({0})) for end in (*ENDS, "x", "y")}
    rows = data.draw(published())
    acceptance = accept(rows)
    for (a, b), group in acceptance.accepted.items():
        truth = related(world[a], world[b])
        if all(row.seen_from(a) & truth for row in group):
            assert known(acceptance, a, b) & truth


@settings(max_examples=200, deadline=None)
@given(st.lists(SETS, min_size=5, max_size=5), st.data())
def test_true_rows_are_all_accepted(sets: list[frozenset[int]], data: st.DataObject) -> None:
    world = dict(zip((*ENDS, "x", "y"), sets, strict=True))
    true = [row for row in data.draw(published()) if row.relations & related(world[row.subject], world[row.object])]
    assert not accept(true).set_aside


@settings(max_examples=300, deadline=None)
@given(published(), published())
def test_a_row_of_lower_authority_displaces_nothing_and_widens_nothing(rows: list[Row], more: list[Row]) -> None:
    higher = [row for row in rows if row.authority.rank <= Authority.CURATED.rank]
    lower = [
        Row(statement=f"l{place}", subject=row.subject, object=row.object, relations=row.relations, authority=Authority.INFERRED)
        for place, row in enumerate(more)
    ]
    before, after = accept(higher), accept(higher + lower)
    for pair, group in before.accepted.items():
        assert set(group) <= set(after.accepted[pair])
        assert known(after, *pair) & ~known(before, *pair) == 0
