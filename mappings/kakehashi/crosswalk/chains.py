"""Chains of accepted rows: what each proves, which suffice for an answer, and what a chain lacks that proves nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations, pairwise
from math import prod
from typing import Final

from kakehashi.crosswalk.algebra import ALL, EQ, PP, PPI, compose
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority, weakest

MAX_CHAINS: Final = 4
"""A minimal proof needs no more: each chain must exclude one more of five possibilities, and one is left."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row walked from one of its ends to the other."""

    start: str
    end: str
    row: Row

    @property
    def relations(self) -> int:
        """The row's relation, read in the direction of the walk."""
        return self.row.seen_from(self.start)


@dataclass(frozen=True, slots=True)
class Chain:
    """Rows walked one after the other."""

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, start: str, rows: Iterable[Row]) -> "Chain":
        """The walk over some rows from an end."""
        ends, walked = [start], tuple(rows)
        for row in walked:
            ends.append(row.other(ends[-1]))
        return cls(tuple(Step(a, b, row) for (a, b), row in zip(pairwise(ends), walked, strict=True)))

    @property
    def relations(self) -> int:
        """What the chain alone leaves possible between its ends."""
        return reduce(compose, (step.relations for step in self.steps), EQ)

    @property
    def authority(self) -> Authority:
        """The authority of the weakest step."""
        return weakest([step.row.authority for step in self.steps])

    @property
    def confidence(self) -> int | None:
        """The steps' thousandths multiplied in sorted order, rounded down each time; None where a row states none."""
        stated = [step.row.confidence for step in self.steps if step.row.confidence is not None]
        if len(stated) < len(self.steps):
            return None
        return reduce(lambda product, one: product * one // 1000, sorted(stated), 1000)

    @property
    def sort_key(self) -> tuple[int, int, int, tuple[str, ...]]:
        """The shortest first, then the most authoritative, then the most confident before anything is rounded."""
        statements = tuple(step.row.statement for step in self.steps)
        return (len(self.steps), self.authority.rank, -prod(step.row.confidence or 0 for step in self.steps), statements)


def together(chains: Iterable[Chain]) -> int:
    """What some chains between the same ends leave possible."""
    return reduce(lambda known, chain: known & chain.relations, chains, ALL)


def sufficient(chains: Iterable[Chain]) -> tuple[Chain, ...]:
    """The fewest chains that prove as much as all of them; among those the shortest, most authoritative, most confident."""
    preferred: dict[int, Chain] = {}
    for chain in sorted(chains, key=lambda chain: chain.sort_key):
        preferred.setdefault(chain.relations, chain)
    goal = reduce(int.__and__, preferred, ALL)
    for count in range(1, MAX_CHAINS + 1):
        for chosen in combinations(preferred, count):
            if reduce(int.__and__, chosen, ALL) == goal:
                return tuple(preferred[relations] for relations in chosen)
    raise AssertionError("four chains always suffice: each must exclude one more of five possibilities")


@dataclass(frozen=True, slots=True)
class Missing:
    """A statement that nobody makes, and that would decide a candidate: `start` stands in `relations` to `end`."""

    start: str
    end: str
    relations: int


_ASSUMED: Final = (PP, PPI, EQ)


def missing(chain: Chain) -> Missing:
    """The one statement that would make a chain prove something: the weakest that does, deciding the most.

    Where no single step would do, the two ends have to be related themselves.
    """
    found = [
        (assumed == EQ, result.bit_count(), place, assumed)
        for place, step in enumerate(chain.steps)
        for assumed in _ASSUMED
        if step.relations & assumed and (result := _with(chain, place, assumed)) != ALL
    ]
    if not found:
        return Missing(chain.steps[0].start, chain.steps[-1].end, EQ | PPI)
    *_, place, assumed = min(found)
    return Missing(chain.steps[place].start, chain.steps[place].end, assumed)


def _with(chain: Chain, place: int, assumed: int) -> int:
    relations = (assumed if place == one else step.relations for one, step in enumerate(chain.steps))
    return reduce(compose, relations, EQ)


Steps = Mapping[str, Mapping[int, Sequence[Row]]]
"""For each end, the rows that can be walked from it, by the relation that is read from there."""

_Key = tuple[int, int, bool]
"""What chains prove, the rank of their weakest step, and whether they are compared by confidence or by their statements alone:
a step that states no confidence makes all chains through it equal in that, so that the best one so far may not stay the best."""
_Alike = tuple[int, bool]
"""The last two of them, where it does not matter what chains prove."""
_Best = tuple[tuple[int, tuple[str, ...]], tuple[Row, ...]]
_BEGINNINGS: Final[Mapping[bool, _Best]] = {True: ((-1, ()), ()), False: ((0, ()), ())}
"""The walk of no step: its negative confidence, or 0 where that is not to count, and its statements."""


class Chains:
    """The best chains from one end: to all ends of which they prove something, and to any that is merely linked."""

    def __init__(self, steps: Steps, start: str, hops: int) -> None:
        self._steps, self._start, self._hops = steps, start, hops
        self._found: dict[str, dict[int, Chain]] = {}
        self._links: dict[str, dict[_Alike, _Best]] = {start: {(0, counted): best for counted, best in _BEGINNINGS.items()}}
        self._walk()

    def to(self, end: str) -> tuple[Chain, ...]:
        """The chains that prove all that is known between the ends; none where nothing is."""
        found = self._found.get(end)
        return sufficient(found.values()) if found else ()

    def linking(self, end: str) -> Chain | None:
        """The best of the shortest chains to an end, whatever it proves; None where there is none within the hops."""
        distance = self._distance(end)
        if not distance:
            return None
        states = self._links_to(end, distance).values()
        return min((Chain.of(self._start, rows) for _, rows in states), key=lambda chain: chain.sort_key)

    def _distance(self, end: str) -> int | None:
        if end in self._levels:
            return self._levels[end]
        before = [self._levels[other] for other, _ in self._rows_of(end) if other in self._levels]
        return 1 + min(before) if before else None

    def _links_to(self, end: str, distance: int) -> dict[_Alike, _Best]:
        """The best of the shortest chains to an end, of those on alike words."""
        found = self._links.get(end)
        if found is None:
            before = [(other, row) for other, row in self._rows_of(end) if self._levels.get(other) == distance - 1]
            found = self._links[end] = _best_of((row, self._links_to(other, distance - 1)) for other, row in before)
        return found

    @cached_property
    def _levels(self) -> Mapping[str, int]:
        """How many steps away the ends are that some chain can pass on its way: all within reach but the last."""
        found, edge = {self._start: 0}, {self._start}
        for distance in range(1, self._hops):
            edge = {other for end in edge for other, _ in self._rows_of(end)} - found.keys()
            found |= dict.fromkeys(edge, distance)
        return found

    def _rows_of(self, end: str) -> Iterator[tuple[str, Row]]:
        """The rows at an end, with their other ends."""
        return ((row.other(end), row) for rows in self._steps.get(end, {}).values() for row in rows)

    def _walk(self) -> None:
        """Walk outwards step by step, keeping of the chains that are alike in what they prove and on whose word the best one."""
        begun = {(EQ, 0, counted): state for counted, state in _BEGINNINGS.items()}
        reached: dict[str, dict[_Key, _Best]] = {self._start: begun}
        for _ in range(self._hops):
            further: dict[str, dict[_Key, _Best]] = {}
            for end, states in reached.items():
                for (known, rank, _), state in states.items():
                    for key, other, best in self._onward(end, known, rank, state):
                        there = further.setdefault(other, {})
                        if key not in there or best[0] < there[key][0]:
                            there[key] = best
            self._note(further)
            reached = further

    def _onward(self, end: str, known: int, rank: int, state: _Best) -> Iterator[tuple[_Key, str, _Best]]:
        for relations, onward in self._steps.get(end, {}).items():
            result = compose(known, relations)
            if result == ALL:
                continue
            for row in onward:
                other, best = row.other(end), _with_row(state, row)
                if other != self._start and best:
                    yield (result, max(rank, row.authority.rank), best[0][0] < 0), other, best

    def _note(self, reached: Mapping[str, Mapping[_Key, _Best]]) -> None:
        for end, states in reached.items():
            found = self._found.setdefault(end, {})
            fresh: dict[int, Chain] = {}
            for (relations, *_), (_, rows) in states.items():
                chain = Chain.of(self._start, rows)
                if relations not in found and (relations not in fresh or chain.sort_key < fresh[relations].sort_key):
                    fresh[relations] = chain
            found |= fresh


def _with_row(state: _Best, row: Row) -> _Best | None:
    """A walk one row longer; None where its confidence was to count and the row states none."""
    (confidence, statements), rows = state
    multiplied = confidence * (row.confidence or 0)
    return ((multiplied, (*statements, row.statement)), (*rows, row)) if multiplied or not confidence else None


def _best_of(rows: Iterable[tuple[Row, Mapping[_Alike, _Best]]]) -> dict[_Alike, _Best]:
    """The best walks that end with one of some rows, each with the walks that it may follow, of those on alike words."""
    found: dict[_Alike, _Best] = {}
    for row, before in rows:
        for (rank, _), state in before.items():
            if best := _with_row(state, row):
                key = (max(rank, row.authority.rank), best[0][0] < 0)
                if key not in found or best[0] < found[key][0]:
                    found[key] = best
    return found
