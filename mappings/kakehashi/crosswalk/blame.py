"""Which rows are to blame where nothing is left possible: the minimal contradictions, within a bound on the work.

Two chains are enough for each: of relation sets within the subalgebra of readings, those that are compatible two by two are
compatible all together (a test enumerates it).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import Final

from kakehashi.crosswalk.algebra import ALL, EQ, compose, converse
from kakehashi.crosswalk.rows import Pair, Row, pair_of

MAX_WORK: Final = 1_000_000
"""So many states and comparisons are looked at: about a second."""

Blame = frozenset[int]
"""Kinds of rows of the level; rows of one pair that say the same are of one kind, for they are to blame together."""
States = dict[Blame, list[int]]
"""What chains that take some kinds of rows for it leave possible."""


class TooManyError(Exception):
    """The contradictions cannot be told apart within the bound."""


class Search:
    """Follows chains outwards, those alone that no other does better with fewer rows of the level.

    A chain of accepted rows costs nothing, so that accepted rows are taken together pair by pair.
    """

    def __init__(self, accepted: Iterable[Row], level: Sequence[Row], hops: int) -> None:
        self._hops, self._left = hops, MAX_WORK
        self._steps: dict[str, list[tuple[str, int, Blame]]] = defaultdict(list)
        self._kinds: list[tuple[str, ...]] = []
        believed = _believed(accepted)
        for pair, relations in believed.items():
            self._add(pair, relations, frozenset())
        for (pair, relations), statements in _kinds(level).items():
            if believed.get(pair, ALL) & ~relations:
                self._add(pair, relations, frozenset([len(self._kinds)]))
                self._kinds.append(statements)

    def minimal(self, pairs: Iterable[Pair]) -> Mapping[tuple[str, ...], Pair]:
        """Each minimal contradiction that shows at one of some pairs, as statements, with the first pair; or TooManyError."""
        found: dict[Blame, Pair] = {}
        start, reached = "", dict[str, States]()
        for pair in sorted(pairs):
            if pair[0] != start:
                start, reached = pair[0], self._from(pair[0])
            for blame in self._clashing(reached.get(pair[1], {})):
                found.setdefault(blame, pair)
        return {self._named(blame): found[blame] for blame in self._smallest(found)}

    def _add(self, pair: Pair, relations: int, blame: Blame) -> None:
        a, b = pair
        self._steps[a].append((b, relations, blame))
        self._steps[b].append((a, converse(relations), blame))

    def _from(self, start: str) -> dict[str, States]:
        """The states of every end within reach of a start."""
        found: dict[str, States] = defaultdict(dict)
        reached: dict[str, States] = {start: {frozenset(): [EQ]}}
        for _ in range(self._hops):
            further: dict[str, set[tuple[Blame, int]]] = defaultdict(set)
            for end, states in reached.items():
                for other, state in self._onward(end, states):
                    if other != start:
                        further[other].add(state)
            reached = {end: self._note(found[end], states) for end, states in further.items()}
        return found

    def _onward(self, end: str, states: States) -> Iterator[tuple[str, tuple[Blame, int]]]:
        for other, relations, blame in self._steps[end]:
            for taken, known in states.items():
                self._spend(len(known))
                for one in known:
                    if (result := compose(one, relations)) != ALL:
                        yield other, (taken | blame, result)

    def _note(self, found: States, fresh: Iterable[tuple[Blame, int]]) -> States:
        """Add what is not outdone by what is there already; what was added."""
        added: States = {}
        for blame, relations in sorted(fresh, key=_fewest_first):
            if not self._outdone(found, blame, relations):
                found.setdefault(blame, []).append(relations)
                added.setdefault(blame, []).append(relations)
        return added

    def _outdone(self, found: States, blame: Blame, relations: int) -> bool:
        """Whether as much, or less possible, is known with no other rows than these."""
        self._spend(1 << len(blame))
        return any(not one & ~relations for some in _subsets(blame) for one in found.get(some, ()))

    def _clashing(self, states: States) -> set[Blame]:
        """The kinds of rows of each two chains that leave nothing possible together."""
        by_relations: dict[int, list[Blame]] = defaultdict(list)
        for blame, known in states.items():
            for relations in known:
                by_relations[relations].append(blame)
        found: set[Blame] = set()
        for one, other in combinations(sorted(by_relations), 2):
            if not one & other:
                self._spend(len(by_relations[one]) * len(by_relations[other]))
                found.update(left | right for left in by_relations[one] for right in by_relations[other])
        return found

    def _smallest(self, blames: Iterable[Blame]) -> set[Blame]:
        """Those that no other lies within."""
        kept: set[Blame] = set()
        for blame in sorted(blames, key=len):
            self._spend(1 << len(blame))
            if not any(some in kept for some in _subsets(blame)):
                kept.add(blame)
        return kept

    def _named(self, blame: Blame) -> tuple[str, ...]:
        return tuple(sorted(statement for kind in blame for statement in self._kinds[kind]))

    def _spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise TooManyError


def _believed(rows: Iterable[Row]) -> Mapping[Pair, int]:
    """What accepted rows say together of each pair."""
    found: dict[Pair, int] = {}
    for row in rows:
        pair = pair_of(row.subject, row.object)
        found[pair] = found.get(pair, ALL) & row.seen_from(pair[0])
    return found


def _kinds(rows: Iterable[Row]) -> Mapping[tuple[Pair, int], tuple[str, ...]]:
    """The statements of the rows that say the same of a pair."""
    found: dict[tuple[Pair, int], list[str]] = defaultdict(list)
    for row in rows:
        pair = pair_of(row.subject, row.object)
        found[pair, row.seen_from(pair[0])].append(row.statement)
    return {kind: tuple(found[kind]) for kind in sorted(found)}


def _fewest_first(state: tuple[Blame, int]) -> tuple[int, int, int, list[int]]:
    blame, relations = state
    return (len(blame), relations.bit_count(), relations, sorted(blame))


def _subsets(blame: Blame) -> Iterator[Blame]:
    return map(frozenset, chain.from_iterable(combinations(blame, size) for size in range(len(blame) + 1)))
