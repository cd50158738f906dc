"""Which published rows are believed: by authority, strongest first, contradictions set aside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from kakehashi.crosswalk.algebra import ALL, NONE, converse
from kakehashi.records.values import Authority

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One published relation: what `statement` says of subject and object, as its word is read."""

    statement: str
    subject: str
    object: str
    relations: int
    authority: Authority
    confidence: int | None = None
    """Integer thousandths."""

    def seen_from(self, subject: str) -> int:
        """The relation read from one of the two ends."""
        return self.relations if subject == self.subject else converse(self.relations)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The rows of each pair that are believed, and those that were set aside because they contradict."""

    accepted: Mapping[Pair, tuple[Row, ...]]
    set_aside: Mapping[Pair, tuple[Row, ...]]


def pair_of(a: str, b: str) -> Pair:
    """The key of two ends, whichever way a row states them."""
    return (a, b) if a <= b else (b, a)


def accept(rows: Iterable[Row]) -> Acceptance:
    """Sort rows into accepted and set aside.

    At one hop a contradiction can only lie between rows of the same pair. At each level of authority, every row in a minimal
    contradiction with what was accepted so far is set aside, all of that level at once; a lower level never displaces a higher.
    """
    accepted: dict[Pair, tuple[Row, ...]] = {}
    set_aside: dict[Pair, tuple[Row, ...]] = {}
    ordered = sorted(rows, key=lambda row: (pair_of(row.subject, row.object), row.authority.rank, row.statement))
    for pair, of_pair in groupby(ordered, key=lambda row: pair_of(row.subject, row.object)):
        kept, dropped = _accept_pair(pair, list(of_pair))
        if kept:
            accepted[pair] = kept
        if dropped:
            set_aside[pair] = dropped
    return Acceptance(accepted, set_aside)


def _accept_pair(pair: Pair, rows: list[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    kept: list[Row] = []
    dropped: list[Row] = []
    believed = ALL
    for _, level in groupby(rows, key=lambda row: row.authority):
        same_level = list(level)
        clashing = _clashing(believed, [row.seen_from(pair[0]) for row in same_level])
        for row, clashes in zip(same_level, clashing, strict=True):
            (dropped if clashes else kept).append(row)
            if not clashes:
                believed &= row.seen_from(pair[0])
    return tuple(kept), tuple(dropped)


def _clashing(believed: int, relations: list[int]) -> list[bool]:
    """Which of the sets are in a minimal contradiction with one another and what is believed.

    A set is in one just where some of the others, with what is believed, still leave something possible that it forbids
    altogether. There are at most 31 such remainders, however many rows there are.
    """
    return [
        any(not remainder & mine for remainder in _remainders(believed, relations[:place] + relations[place + 1 :]))
        for place, mine in enumerate(relations)
    ]


_EMPTY: Final = frozenset({NONE})


def _remainders(believed: int, relations: list[int]) -> frozenset[int]:
    """Every non-empty intersection of what is believed with some of the sets."""
    found = {believed}
    for one in set(relations):
        found |= {remainder & one for remainder in found}
    return frozenset(found) - _EMPTY
