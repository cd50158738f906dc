"""The laws of the relation algebra, exhaustively, and its table against real sets."""

from collections.abc import Collection, Iterator
from itertools import product

import pytest

from kakehashi.crosswalk.algebra import (
    ALL,
    BASE_RELATIONS,
    COMPOSITION,
    DR,
    EQ,
    NONE,
    PO,
    PP,
    PPI,
    READINGS,
    bases,
    compose,
    converse,
)
from kakehashi.crosswalk.index import _row
from kakehashi.crosswalk.meanings import MEANINGS, Relates
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty, Nature

EVERY_SET = range(ALL + 1)


def related(a: frozenset[int], b: frozenset[int]) -> int:
    """The base relation of two real, non-empty sets."""
    if a == b:
        return EQ
    if a < b:
        return PP
    if a > b:
        return PPI
    return PO if a & b else DR


def worlds() -> Iterator[tuple[frozenset[int], frozenset[int], frozenset[int]]]:
    """Three non-empty sets in every occupancy of the seven regions of their Venn diagram."""
    for occupied in range(1, 1 << 7):
        regions = [region for region in range(1, 8) if occupied >> (region - 1) & 1]
        a, b, c = (frozenset(region for region in regions if region >> place & 1) for place in range(3))
        if a and b and c:
            yield a, b, c


def test_the_composition_table_is_what_real_sets_do() -> None:
    seen = dict.fromkeys(product(BASE_RELATIONS, repeat=2), NONE)
    for a, b, c in worlds():
        seen[related(a, b), related(b, c)] |= related(a, c)
    assert seen == COMPOSITION


def test_converse_is_what_real_sets_do() -> None:
    for a, b, _ in worlds():
        assert converse(related(a, b)) == related(b, a)


def test_converse_undoes_itself_and_turns_composition_round() -> None:
    for a in EVERY_SET:
        assert converse(converse(a)) == a
        for b in EVERY_SET:
            assert converse(compose(a, b)) == compose(converse(b), converse(a))


def test_equality_is_the_identity_and_nothing_absorbs() -> None:
    for a in EVERY_SET:
        assert compose(EQ, a) == a == compose(a, EQ)
        assert compose(NONE, a) == NONE == compose(a, NONE)


def test_composition_is_associative() -> None:
    for a, b, c in product(EVERY_SET, repeat=3):
        assert compose(compose(a, b), c) == compose(a, compose(b, c))


def test_composition_is_monotonic() -> None:
    for a, b, c in product(EVERY_SET, repeat=3):
        assert compose(a, c) & ~compose(a | b, c) == NONE


def closure(sets: Collection[int]) -> set[int]:
    """The least collection around some sets that converse, composition and non-empty intersection do not leave."""
    found = set(sets)
    while True:
        pairs = list(product(found, repeat=2))
        more = {converse(a) for a in found} | {compose(a, b) for a, b in pairs} | {a & b for a, b in pairs if a & b}
        if more <= found:
            return found
        found |= more


def is_distributive(sets: Collection[int]) -> bool:
    return all(
        compose(a, b & c) == compose(a, b) & compose(a, c) and compose(b & c, a) == compose(b, a) & compose(c, a)
        for a, b, c in product(sets, repeat=3)
        if b & c
    )


def test_the_fourteen_readings_are_closed() -> None:
    assert len(READINGS) == 14
    assert closure(READINGS) == READINGS


def test_the_fourteen_readings_are_distributive() -> None:
    assert is_distributive(READINGS)


@pytest.mark.parametrize("other", sorted(set(EVERY_SET) - READINGS - {NONE}))
def test_the_readings_are_exactly_fourteen_for_no_other_set_leaves_them_distributive(other: int) -> None:
    assert not is_distributive(closure(READINGS | {other}))


@pytest.mark.parametrize("outside", sorted(set(EVERY_SET) - READINGS))
def test_a_reading_outside_the_fourteen_is_refused(outside: int) -> None:
    statement = Statement(
        id="s", subject="a", predicate="satisfies", object="b", source="source/x",
        certainty=Certainty.PRINTED, authority=Authority.OFFICIAL, nature=Nature.REPORT,
    )  # fmt: skip
    with pytest.raises(ValueError, match="distributive"):
        _row(statement, "b", outside)


def test_every_reading_of_a_predicate_is_one_of_the_fourteen() -> None:
    readings = {meaning.relations for meaning in MEANINGS.values() if isinstance(meaning, Relates)}
    assert readings
    assert readings <= READINGS


def test_a_minimal_proof_needs_at_most_four_sets() -> None:
    assert all(sum(1 for _ in bases(ALL & ~a)) <= 4 for a in EVERY_SET if a)
