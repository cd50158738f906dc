"""Acceptance by authority: against its definition, and on random worlds with false rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.acceptance import Acceptance, accept
from kakehashi.crosswalk.algebra import ALL, READINGS
from kakehashi.crosswalk.rows import Row, pair_of
from kakehashi.records.values import Authority
from tests.property.test_algebra import related

LEFT, RIGHT = ("a", "b", "c"), ("x", "y")
ENDS = LEFT + RIGHT
SETS = st.frozensets(st.integers(0, 4), min_size=1)
READING = st.sampled_from(sorted(READINGS))
ORDERED = tuple(Authority)


World = dict[str, frozenset[int]]
WORLDS: st.SearchStrategy[World] = st.fixed_dictionaries(dict.fromkeys(ENDS, SETS))


@st.composite
def published(draw: st.DrawFn) -> list[Row]:
    """Rows between a few ends, stated from either side, of all authorities, true or not."""
    return [_drawn(draw, number, draw(READING)) for number in range(draw(st.integers(0, 8)))]


@st.composite
def published_of(draw: st.DrawFn, world: World) -> list[Row]:
    """Rows that are true of a world, and among them at most two that need not be."""
    true = [_true(draw, number, world) for number in range(draw(st.integers(1, 8)))]
    return true + [_drawn(draw, number, draw(READING)) for number in range(8, 8 + draw(st.integers(0, 2)))]


def _true(draw: st.DrawFn, number: int, world: World) -> Row:
    row = _drawn(draw, number, ALL)
    truth = related(world[row.subject], world[row.object])
    return replace(row, relations=draw(READING.filter(lambda reading: bool(reading & truth))))


def _drawn(draw: st.DrawFn, number: int, relations: int) -> Row:
    left, right = draw(st.sampled_from(LEFT)), draw(st.sampled_from(RIGHT))
    subject, target = (left, right) if draw(st.booleans()) else (right, left)
    authority = draw(st.sampled_from(ORDERED))
    return Row(statement=f"s{number}", subject=subject, object=target, relations=relations, authority=authority)


def is_true(row: Row, world: World) -> bool:
    return bool(row.relations & related(world[row.subject], world[row.object]))


def statements_of(groups: Iterable[Sequence[Row]]) -> set[str]:
    return {row.statement for group in groups for row in group}


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
    believed = naive(rows)
    assert statements_of(acceptance.accepted.values()) == believed
    assert statements_of(acceptance.set_aside.values()) == {row.statement for row in rows} - believed


@settings(max_examples=200, deadline=None)
@given(published(), st.randoms())
def test_every_row_is_accepted_or_set_aside_whatever_the_order(rows: list[Row], random: Random) -> None:
    acceptance = accept(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert accept(shuffled) == acceptance
    groups = [*acceptance.accepted.values(), *acceptance.set_aside.values()]
    assert sorted(row.statement for group in groups for row in group) == sorted(row.statement for row in rows)


@settings(max_examples=200, deadline=None)
@given(published(), st.data())
def test_it_does_not_matter_from_which_side_a_row_is_stated(rows: list[Row], data: st.DataObject) -> None:
    turned = [_turned(row) if data.draw(st.booleans()) else row for row in rows]
    before, after = accept(rows), accept(turned)
    assert statements_of(after.accepted.values()) == statements_of(before.accepted.values())
    assert all(known(before, *pair) == known(after, *pair) for pair in before.accepted)


def _turned(row: Row) -> Row:
    return replace(row, subject=row.object, object=row.subject, relations=row.seen_from(row.object))


@settings(max_examples=300, deadline=None)
@given(published())
def test_what_is_accepted_never_contradicts_itself(rows: list[Row]) -> None:
    acceptance = accept(rows)
    assert all(known(acceptance, *pair) for pair in acceptance.accepted)


@settings(max_examples=500, deadline=None)
@given(WORLDS, st.data())
def test_answers_are_sound_where_all_accepted_rows_are_true(world: World, data: st.DataObject) -> None:
    rows = {row.statement: row for row in data.draw(published_of(world))}
    acceptance = accept(rows.values())
    for (a, b), group in acceptance.accepted.items():
        if all(is_true(rows[row.statement], world) for row in group):
            assert known(acceptance, a, b) & related(world[a], world[b])
            assert known(acceptance, b, a) & related(world[b], world[a])


@settings(max_examples=200, deadline=None)
@given(WORLDS, st.data())
def test_true_rows_are_all_accepted(world: World, data: st.DataObject) -> None:
    true = [row for row in data.draw(published_of(world)) if is_true(row, world)]
    acceptance = accept(true)
    assert not acceptance.set_aside
    assert statements_of(acceptance.accepted.values()) == {row.statement for row in true}


@settings(max_examples=200, deadline=None)
@given(WORLDS, st.data())
def test_a_true_row_is_only_set_aside_beside_a_false_one(world: World, data: st.DataObject) -> None:
    rows = data.draw(published_of(world))
    for pair, group in accept(rows).set_aside.items():
        of_pair = [row for row in rows if pair_of(row.subject, row.object) == pair]
        assert not all(is_true(row, world) for row in of_pair), group


@settings(max_examples=300, deadline=None)
@given(published(), published(), st.sampled_from(ORDERED))
def test_rows_of_a_lower_authority_displace_nothing_and_widen_nothing(rows: list[Row], more: list[Row], least: Authority) -> None:
    higher = [row for row in rows if row.authority.rank <= least.rank]
    lower = [replace(row, statement=f"l{row.statement}") for row in more if row.authority.rank > least.rank]
    before, after = accept(higher), accept(higher + lower)
    assert statements_of(before.accepted.values()) <= statements_of(after.accepted.values())
    assert statements_of(before.set_aside.values()) <= statements_of(after.set_aside.values())
    for pair in before.accepted:
        assert known(after, *pair) & ~known(before, *pair) == 0
