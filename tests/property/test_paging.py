"""Laws of paging: whatever comes and goes between two pages, no record that stays is skipped or given twice."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.graphql.conditions import IdCondition, sieve_of
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.filters import ResourceFilter
from kakehashi.graphql.ordering import (
    NullsOrder,
    OrderDirection,
    ResourceOrder,
    ResourceOrderField,
    SortValue,
    arranged,
    ordered,
)
from kakehashi.graphql.orders import Order, by_text, placed
from kakehashi.vocabulary.text import KakehashiError


class Thing(NamedTuple):
    id: str
    notation: str | None
    kind: str


FIELDS: dict[str, SortValue] = {
    "id": lambda one: one.id,
    "notation": lambda one: one.notation,
    "kind": lambda one: one.kind,
    "issued": lambda one: None if one.notation is None else len(one.notation),
    "pref_label": lambda one: one.id[::-1],
}
INFO = cast("Info", SimpleNamespace(context=SimpleNamespace(check_deadline=lambda: None)))
IDS = st.text("ab0é認", min_size=1, max_size=3)
THINGS = st.dictionaries(IDS, st.tuples(st.none() | st.text("ab1", max_size=2), st.sampled_from(("x", "y"))), max_size=12).map(
    lambda found: {identifier: Thing(identifier, *rest) for identifier, rest in found.items()}
)
FILTERS = st.none() | st.builds(
    lambda start, refused: ResourceFilter(
        or_=[ResourceFilter(id=IdCondition(starts_with=start)), ResourceFilter(id=IdCondition(contains="0"))],
        not_=ResourceFilter(id=IdCondition(eq=refused)),
    ),
    st.sampled_from("ab"),
    IDS,
)
ORDERS = st.lists(
    st.builds(
        ResourceOrder,
        field=st.sampled_from(ResourceOrderField),
        direction=st.sampled_from(OrderDirection),
        nulls=st.sampled_from(NullsOrder),
    ),
    max_size=3,
)
CHANGES = st.lists(st.tuples(THINGS, st.sets(IDS, max_size=4)), max_size=4)
TABLE = {"id": lambda one: (one.id,)}


def read_all(states: Sequence[Sequence[Thing]], order: Callable[[Sequence[Thing]], Order[Thing]], first: int) -> list[Thing]:
    """Every page, each of the next of some states of a list, the last state as often as it takes."""
    found: list[Thing] = []
    after, turn = None, 0
    while True:
        state = states[min(turn, len(states) - 1)]
        page: Connection[Thing] = connect(INFO, state, order(state), lambda one: one, first, after)
        found += page.nodes()
        assert turn < 100, "the pages do not come to an end"
        if not page.page_info().has_next_page and turn >= len(states) - 1:
            return found
        after, turn = page.page_info().end_cursor or after, turn + 1


@given(things=THINGS, changes=CHANGES, order_by=ORDERS, wanted=FILTERS, first=st.integers(1, 4))
def test_in_any_order_and_under_any_filter_what_stays_is_given_just_once(
    things: dict[str, Thing],
    changes: list[tuple[dict[str, Thing], set[str]]],
    order_by: list[ResourceOrder],
    wanted: ResourceFilter | None,
    first: int,
) -> None:
    order, holds = ordered("things", order_by, FIELDS, lambda one: one.id), sieve_of(wanted, TABLE)
    held, states = dict(things), [things]
    for added, removed in changes:
        # A record that comes back is the one that it was: its sort values are its own.
        held = {name: one for name, one in {**added, **held}.items() if name not in removed}
        states.append(held)
    lists = [arranged([one for one in state.values() if holds(one)], order) for state in states]
    found = read_all(lists, lambda _: order, first)
    stayed = [one for one in lists[0] if all(one in some for some in lists)]
    assert [one for one in found if one in stayed] == stayed
    assert len(found) == len(set(found))
    assert found == sorted(found, key=order.rank)


@given(things=THINGS, changes=CHANGES, first=st.integers(1, 4), moves=st.randoms(use_true_random=False))
def test_in_a_printed_order_so_it_is_as_long_as_the_cursors_own_record_stays(
    things: dict[str, Thing], changes: list[tuple[dict[str, Thing], set[str]]], first: int, moves: Any
) -> None:
    """Records may come and go anywhere, also before the place that was reached; those that stay keep their order."""
    kept = set(list(things)[::2])
    lists = [list(things.values())]
    for added, removed in changes:
        last = [one for one in lists[-1] if one.id in kept or one.id not in removed]
        for one in added.values():
            if one.id not in {other.id for other in last} and one.id not in things:
                last.insert(moves.randint(0, len(last)), one)
        lists.append(last)
    order: Callable[[Sequence[Thing]], Order[Thing]] = lambda state: placed("things", state, lambda one: one.id)  # noqa: E731
    given_out: list[Thing] = []
    after = None
    for turn in range(50):
        state = lists[min(turn, len(lists) - 1)]
        page: Connection[Thing] = connect(INFO, state, order(state), lambda one: one, first, after)
        given_out += page.nodes()
        if not page.nodes() or page.nodes()[-1].id not in kept:
            break
        after = page.page_info().end_cursor
    stayed = [one.id for one in lists[0] if all(one in some for some in lists)]
    reached = [one.id for one in given_out if one.id in stayed]
    assert reached == stayed[: len(reached)]


def test_where_a_printed_record_has_gone_its_place_is_where_it_goes_on() -> None:
    before = ["a", "b", "c", "d"]
    cursor = placed("things", before, str).cursor("b")
    assert placed("things", ["a", "c", "d"], str).place_after(["a", "c", "d"], cursor) in {1, 2}


@given(st.text(max_size=30) | st.binary(max_size=30).map(lambda some: some.hex()))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(KakehashiError) as refused:
        by_text("things").place_after(["a", "b"], text)
    assert refused.value.code == "BAD_USER_INPUT"


def test_a_cursor_of_another_order_is_refused_and_both_are_named() -> None:
    cursor = by_text("editions").cursor("a")
    with pytest.raises(KakehashiError, match=r"\(editions\).*this is frameworks"):
        by_text("frameworks").place_after(["a"], cursor)


def test_a_cursor_with_values_of_other_kinds_is_refused() -> None:
    numbers: Order[str] = Order("things", lambda one: (len(one), one))
    texts: Order[str] = Order("things", lambda one: (one, one))
    with pytest.raises(KakehashiError):
        numbers.place_after(["a", "bb"], texts.cursor("a"))


def test_a_page_looks_at_few_records_and_makes_no_node_that_is_not_asked_for() -> None:
    looked, made = [], []
    order: Order[str] = Order("things", lambda one: (looked.append(one), one)[1:])  # type: ignore[func-returns-value]
    records = sorted(f"{number:06}" for number in range(100_000))
    page: Connection[str] = connect(INFO, records, order, lambda one: made.append(one) or one, 10, by_text("things").cursor("05"))  # type: ignore[func-returns-value]
    assert page.total_count() == 100_000
    assert len(looked) < 40
    assert made == []
    assert page.nodes()[0] == "050000"
    assert len(made) == 10
