"""Which published rows are believed: by authority, strongest first, contradictions set aside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Final

import numpy as np

from kakehashi.crosswalk.blame import Search, TooManyError
from kakehashi.crosswalk.relations import Relations, closure
from kakehashi.crosswalk.rows import Pair, Row, pair_of
from kakehashi.records.values import Authority

MAX_HOPS: Final = 4
MAX_PAIRS: Final = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Contradiction:
    """Rows of one authority that cannot all hold beside what was accepted before them, and the pair at which that shows."""

    ends: Pair
    statements: tuple[str, ...]
    authority: Authority


@dataclass(frozen=True)
class Acceptance:
    """The rows that are believed, those that were set aside, both in the order in which they are weighed, and why."""

    believed: tuple[Row, ...]
    left_out: tuple[Row, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    @cached_property
    def accepted(self) -> Mapping[Pair, tuple[Row, ...]]:
        """The rows of each pair that are believed."""
        return _by_pair(self.believed)

    @cached_property
    def refused(self) -> frozenset[str]:
        """The statements of the rows that were set aside."""
        return frozenset(row.statement for row in self.left_out)

    @cached_property
    def set_aside(self) -> Mapping[Pair, tuple[Row, ...]]:
        """The rows of each pair that were set aside."""
        return _by_pair(self.left_out)


def accept(rows: Iterable[Row], hops: int = 1) -> Acceptance:
    """Sort rows into accepted and set aside.

    A contradiction is a pair for which chains of at most `hops` rows leave nothing possible. At each level of authority, every
    row in a minimal contradiction with what was accepted so far is set aside, all of that level at once; a lower level never
    displaces a higher. Where the minimal contradictions cannot be told within bounds, more is set aside and not less: all rows
    of the level at an end of a pair that contradicts. Where so many pairs contradict that they cannot all be looked at, those
    that do so by the shortest chains are settled before the others.
    """
    ordered = sorted(rows, key=attrgetter("statement"))
    ordered.sort(key=lambda row: row.authority.rank)
    if not _impossible(ordered, hops):
        return Acceptance(tuple(ordered))
    kept: list[Row] = []
    dropped: list[Row] = []
    found: list[Contradiction] = []
    for _, level in groupby(ordered, key=lambda row: row.authority):
        fresh = list(level)
        while contradictions := _contradictions(kept, fresh, hops):
            blamed = {statement for one in contradictions for statement in one.statements}
            found += contradictions
            dropped += [row for row in fresh if row.statement in blamed]
            fresh = [row for row in fresh if row.statement not in blamed]
        kept += fresh
    left = {row.statement for row in dropped}
    return Acceptance(tuple(kept), tuple(row for row in ordered if row.statement in left), tuple(found))


def _by_pair(rows: Iterable[Row]) -> Mapping[Pair, tuple[Row, ...]]:
    """Rows by pair, in the order in which they are weighed."""
    found: dict[Pair, tuple[Row, ...]] = {}
    for row in rows:
        pair = pair_of(row.subject, row.object)
        found[pair] = (*found.get(pair, ()), row)
    return found


def _contradictions(accepted: Sequence[Row], level: Sequence[Row], hops: int) -> list[Contradiction]:
    """The minimal contradictions among the rows of a level, beside those that are accepted."""
    pairs = _impossible([*accepted, *level], hops)
    if not pairs:
        return []
    authority = level[0].authority
    try:
        found = Search(accepted, level, hops).minimal(pairs)
    except TooManyError:
        return [Contradiction(pairs[0], _near(pairs, level), authority)]
    return sorted(Contradiction(pair, statements, authority) for statements, pair in found.items())


def _near(pairs: Iterable[Pair], level: Sequence[Row]) -> tuple[str, ...]:
    """The rows of a level at an end of some pairs; all of them where there is none, so that something is set aside."""
    ends = {end for pair in pairs for end in pair}
    near = [row.statement for row in level if row.subject in ends or row.object in ends]
    return tuple(sorted(near or [row.statement for row in level]))


def _impossible(rows: Sequence[Row], hops: int) -> list[Pair]:
    """The pairs for which a closure leaves nothing possible.

    What passes a contradiction is impossible too, so these are more than the pairs that contradict on their own; where they
    are too many to look at, those that contradict without passing another are looked at first.
    """
    ends = sorted({end for row in rows for end in (row.subject, row.object)})
    known = relations_of(rows, {end: place for place, end in enumerate(ends)})
    none = closure(known, hops).empty()
    if len(none) > 2 * MAX_PAIRS:
        none = _first_empty(known, hops)
    pairs = zip(none.first.tolist(), none.second.tolist(), strict=True)
    return [(ends[a], ends[b]) for a, b in pairs if a < b]


def _first_empty(known: Relations, hops: int) -> Relations:
    found = known
    for _ in range(hops - 1):
        if len(found.empty()):
            break
        found = found.meet(found.composed(known))
    return found.empty()


def relations_of(rows: Sequence[Row], place: Mapping[str, int]) -> Relations:
    """Rows as relations between numbered ends."""
    first = np.fromiter((place[row.subject] for row in rows), np.int64, len(rows))
    second = np.fromiter((place[row.object] for row in rows), np.int64, len(rows))
    return Relations.of(len(place), first, second, np.fromiter((row.relations for row in rows), np.uint8, len(rows)))
