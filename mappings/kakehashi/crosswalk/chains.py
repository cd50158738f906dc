"""Chains of accepted rows: what each proves, which suffice for an answer, and what a chain lacks that proves nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, pairwise
from typing import Final

from kakehashi.crosswalk.acceptance import Row
from kakehashi.crosswalk.algebra import ALL, EQ, PP, PPI, compose
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
        """The shortest first, then the most authoritative, then the most confident."""
        statements = tuple(step.row.statement for step in self.steps)
        return (len(self.steps), self.authority.rank, -(self.confidence or 0), statements)


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

_Key = tuple[int, int]
_Best = tuple[tuple[int, tuple[str, ...]], str, tuple[Row, ...]]


class Chains:
    """The best chains from one end to all that it proves something of, or to one end that it is linked with."""

    def __init__(self, steps: Steps, start: str, hops: int) -> None:
        self._steps, self._start, self._hops = steps, start, hops
        self._found: dict[str, dict[int, Chain]] = {}
        self._walk()

    def to(self, end: str) -> tuple[Chain, ...]:
        """The chains that prove all that is known between the ends; none where nothing is."""
        found = self._found.get(end)
        return sufficient(found.values()) if found else ()

    def _walk(self) -> None:
        """Walk outwards step by step, keeping of the chains that are alike in what they prove and on whose word the best one."""
        reached: dict[str, dict[_Key, _Best]] = {self._start: {(EQ, 0): ((0, ()), self._start, ())}}
        for _ in range(self._hops):
            further: dict[str, dict[_Key, _Best]] = {}
            for end, states in reached.items():
                for (known, rank), state in states.items():
                    for key, other, best in self._onward(end, known, rank, state):
                        there = further.setdefault(other, {})
                        if key not in there or best[0] < there[key][0]:
                            there[key] = best
            self._note(further)
            reached = further

    def _onward(self, end: str, known: int, rank: int, state: _Best) -> Iterator[tuple[_Key, str, _Best]]:
        (confidence, statements), _, rows = state
        for relations, onward in self._steps.get(end, {}).items():
            result = compose(known, relations)
            if result == ALL:
                continue
            for row in onward:
                other = row.other(end)
                if other != self._start:
                    order = (_multiplied(confidence, row, first=not rows), (*statements, row.statement))
                    yield (result, max(rank, row.authority.rank)), other, (order, other, (*rows, row))

    def _note(self, reached: Mapping[str, Mapping[_Key, _Best]]) -> None:
        for end, states in reached.items():
            found = self._found.setdefault(end, {})
            fresh: dict[int, Chain] = {}
            for (relations, _), (_, _, rows) in states.items():
                chain = Chain.of(self._start, rows)
                if relations not in found and (relations not in fresh or chain.sort_key < fresh[relations].sort_key):
                    fresh[relations] = chain
            found |= fresh


def _multiplied(confidence: int, row: Row, *, first: bool) -> int:
    """The negative product of confidences: the most confident sorts first, and what states none sorts last."""
    if row.confidence is None or (confidence == 0 and not first):
        return 0
    return -row.confidence if first else confidence * row.confidence


def shortest(steps: Steps, start: str, end: str, hops: int) -> Chain | None:
    """The best of the shortest chains between two ends, whatever it proves; None where there is none within the hops."""
    reached: dict[str, dict[int, _Best]] = {start: {0: ((0, ()), start, ())}}
    for _ in range(hops):
        further: dict[str, dict[int, _Best]] = {}
        for place, states in reached.items():
            for rank, ((confidence, statements), _, rows) in states.items():
                for row in (row for onward in steps.get(place, {}).values() for row in onward):
                    other, key = row.other(place), max(rank, row.authority.rank)
                    order = (_multiplied(confidence, row, first=not rows), (*statements, row.statement))
                    there = further.setdefault(other, {})
                    if key not in there or order < there[key][0]:
                        there[key] = (order, other, (*rows, row))
        if end in further:
            return min((Chain.of(start, rows) for _, _, rows in further[end].values()), key=lambda chain: chain.sort_key)
        reached = further
    return None
