"""Which published rows are believed: by authority, strongest first, contradictions set aside."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Final

import numpy as np

from kakehashi.crosswalk.algebra import ALL, EQ, compose, converse
from kakehashi.crosswalk.relations import Relations, closure
from kakehashi.records.values import Authority

MAX_HOPS: Final = 4
MAX_CONTRADICTIONS: Final = 5
"""So many chains make up a minimal contradiction at most: each must exclude one more of five possibilities."""
MAX_PAIRS: Final = 2_000
MAX_STATES: Final = 50_000

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One published relation: what `statement` says of subject and object, as its word is read.

    A parent link that its framework declares to be a set relation is one too: `statement` is then the id of the child, and
    `parent_link` is set.
    """

    statement: str
    subject: str
    object: str
    relations: int
    authority: Authority
    confidence: int | None = None
    """Integer thousandths."""
    parent_link: bool = False
    origin: str = ""
    """The mapping set that it was published in, or else the source."""

    def seen_from(self, subject: str) -> int:
        """The relation read from one of the two ends."""
        return self.relations if subject == self.subject else converse(self.relations)

    def other(self, end: str) -> str:
        """The end that is not this one."""
        return self.object if end == self.subject else self.subject


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
    def set_aside(self) -> Mapping[Pair, tuple[Row, ...]]:
        """The rows of each pair that were set aside."""
        return _by_pair(self.left_out)


def pair_of(a: str, b: str) -> Pair:
    """The key of two ends, whichever way a row states them."""
    return (a, b) if a <= b else (b, a)


def accept(rows: Iterable[Row], hops: int = 1) -> Acceptance:
    """Sort rows into accepted and set aside.

    A contradiction is a pair for which chains of at most `hops` rows leave nothing possible. At each level of authority, every
    row in a minimal contradiction with what was accepted so far is set aside, all of that level at once; a lower level never
    displaces a higher. Where the minimal contradictions of a pair cannot be told within bounds, more is set aside and not less:
    all rows of the level on any chain of the pair. Where so many pairs contradict that they cannot all be looked at, those that
    do so by the shortest chains are settled before the others.
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
    search = _Search(accepted, level, hops)
    found: dict[Blame, Pair] = {}
    beyond: dict[Blame, Pair] = {}
    for pair in pairs:
        try:
            for blamed in search.minimal(*pair):
                found.setdefault(blamed, pair)
        except _TooManyError:
            beyond.setdefault(search.anywhere_between(*pair), pair)
    smallest = {one: pair for one, pair in found.items() if not any(other < one for other in found)}
    # What stands for several contradictions stays, even where one of them is found alone.
    blames = smallest | beyond
    return sorted(Contradiction(pair, tuple(sorted(one)), level[0].authority) for one, pair in blames.items())


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


Blame = frozenset[str]
_State = tuple[int, Blame]
"""What a chain leaves possible, and the rows of the level that it takes for it."""


class _Search:
    """Looks for minimal contradictions chain by chain, along those chains alone that no other does better with fewer rows."""

    def __init__(self, accepted: Sequence[Row], level: Sequence[Row], hops: int) -> None:
        self._hops = hops
        self._steps: dict[str, list[tuple[str, int, Blame]]] = defaultdict(list)
        self._reached: dict[str, dict[str, list[_State]]] = {}
        for row in accepted:
            self._add(row, frozenset())
        for row in level:
            self._add(row, frozenset([row.statement]))

    def _add(self, row: Row, blame: Blame) -> None:
        for end in {row.subject, row.object}:
            self._steps[end].append((row.other(end), row.seen_from(end), blame))

    def minimal(self, start: str, end: str) -> list[Blame]:
        """Sets of rows of the level that, with the accepted rows, leave nothing possible between two ends."""
        if start not in self._reached:
            self._reached = {start: self._from(start)}  # pairs come in order: the last start is the only one asked again
        return _clashing(self._reached[start].get(end, []))

    def _from(self, start: str) -> dict[str, list[_State]]:
        """The best states of every end within reach."""
        found: dict[str, list[_State]] = defaultdict(list)
        reached: dict[str, list[_State]] = {start: [(EQ, frozenset())]}
        for _ in range(self._hops):
            further: dict[str, set[_State]] = defaultdict(set)
            for end, states in reached.items():
                for other, relations, blame in self._steps[end]:
                    if other != start:
                        further[other].update(_onward(states, relations, blame))
            _check_bounds(sum(map(len, further.values())))
            reached = {}
            for end, fresh in further.items():
                known, found[end] = found[end], _best({*found[end], *fresh})
                reached[end] = [state for state in found[end] if state not in known]
        return found

    def anywhere_between(self, start: str, end: str) -> Blame:
        """All rows of the level on any chain between two ends."""
        there, back = self._distances(start), self._distances(end)
        return frozenset().union(
            *(
                blame
                for one, steps in self._steps.items()
                for other, _, blame in steps
                if there.get(one, self._hops) + 1 + back.get(other, self._hops) <= self._hops
            )
        )

    def _distances(self, start: str) -> dict[str, int]:
        found = {start: 0}
        waiting = [start]
        for end in waiting:
            for other, *_ in self._steps[end] if found[end] < self._hops else ():
                if other not in found:
                    found[other] = found[end] + 1
                    waiting.append(other)
        return found


class _TooManyError(Exception):
    pass


def _check_bounds(states: int) -> None:
    if states > MAX_STATES:
        raise _TooManyError


def _onward(states: Iterable[_State], relations: int, blame: Blame) -> Iterable[_State]:
    return ((result, taken | blame) for before, taken in states if (result := compose(before, relations)) != ALL)


def _best(states: Iterable[_State]) -> list[_State]:
    """Without those that another leaves less possible than, or as much, with fewer rows."""
    kept: list[_State] = []
    for relations, blame in sorted(states, key=lambda state: (len(state[1]), state[0].bit_count(), state[0], sorted(state[1]))):
        if not any(not other & ~relations and taken <= blame for other, taken in kept):
            kept.append((relations, blame))
    return kept


def _clashing(chains: Sequence[_State]) -> list[Blame]:
    """The minimal sets of rows whose chains together leave nothing possible."""
    found: list[Blame] = []
    together: list[_State] = [(ALL, frozenset())]
    for _ in range(MAX_CONTRADICTIONS):
        joined = {
            (left & right, taken | blame)
            for left, taken in together
            for right, blame in chains
            if left & right != left and not any(one <= taken | blame for one in found)
        }
        _check_bounds(len(joined))
        best = _best(joined)
        found += [blame for relations, blame in best if not relations]
        together = [state for state in best if state[0]]
    return [one for one in found if not any(other < one for other in found)]
