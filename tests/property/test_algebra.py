"""The laws of the relation algebra, exhaustively, and its table against real sets."""

from collections.abc import Iterator
from itertools import product

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
from kakehashi.crosswalk.meanings import MEANINGS, Relates

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


def test_the_fourteen_readings_are_closed() -> None:
    assert len(READINGS) == 14
    for a, b in product(READINGS, repeat=2):
        assert converse(a) in READINGS
        assert compose(a, b) in READINGS
        assert not a & b or a & b in READINGS


def test_the_fourteen_readings_are_distributive() -> None:
    for a, b, c in product(READINGS, repeat=3):
        if b & c:
            assert compose(a, b & c) == compose(a, b) & compose(a, c)
            assert compose(b & c, a) == compose(b, a) & compose(c, a)


def test_every_reading_of_a_predicate_is_one_of_the_fourteen() -> None:
    readings = {meaning.relations for meaning in MEANINGS.values() if isinstance(meaning, Relates)}
    assert readings <= READINGS


def test_a_minimal_proof_needs_at_most_four_sets() -> None:
    assert all(sum(1 for _ in bases(ALL & ~a)) <= 4 for a in EVERY_SET if a)
