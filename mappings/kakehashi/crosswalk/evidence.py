"""Which mapping sets are no evidence of their own: mechanical reverses, and sets that were put together from others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kakehashi.crosswalk.meanings import MEANINGS, Relates
from kakehashi.crosswalk.standing import Standing
from kakehashi.records.model import MappingSet, Statement
from kakehashi.records.values import Origin

MIN_COMPOSED: Final = 20
"""A set of fewer pairs can equal a composition by chance."""

_BY_ORIGIN: Final = {Origin.REVERSE: Standing.REVERSE, Origin.COMPOSED: Standing.COMPOSED}
_CONVERSE_WORDS: Final = {
    "subset-of": "superset-of", "superset-of": "subset-of", "broad-match": "narrow-match", "narrow-match": "broad-match",
}  # fmt: skip

Pair = tuple[str, str]


@dataclass(slots=True)
class _Rows:
    """The rows of one set: every pair with its predicates, and what each end leads to."""

    id: str
    pairs: dict[Pair, set[str]] = field(default_factory=lambda: defaultdict(set))

    def converse(self) -> dict[Pair, set[str]]:
        return {(b, a): {_CONVERSE_WORDS.get(word, word) for word in words} for (a, b), words in self.pairs.items()}


def not_evidence(sets: Mapping[str, MappingSet], statements: Iterable[Statement]) -> Mapping[str, Standing]:
    """The sets that are no second opinion, with the reason.

    What a publisher or a loader says of a set's origin holds. Beyond that a set is a reverse where all its rows are the
    converses of all rows of another, of which the one with the smaller id counts; and composed where its pairs are exactly
    those that two other sets give through their common edition.
    """
    found = {one.id: _BY_ORIGIN[one.origin] for one in sets.values() if one.origin in _BY_ORIGIN}
    rows = {identifier: one for identifier, one in _rows(statements).items() if identifier not in found}
    reverses = dict.fromkeys(_reverses(rows), Standing.REVERSE)
    left = [one for identifier, one in rows.items() if identifier not in reverses]
    composed = dict.fromkeys(_composed(left, sets), Standing.COMPOSED)
    return found | reverses | composed


def _rows(statements: Iterable[Statement]) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    for statement in statements:
        if statement.mapping is None or statement.object is None or not isinstance(MEANINGS[statement.predicate], Relates):
            continue
        set_id = statement.mapping.mapping_set
        rows = found.get(set_id) or found.setdefault(set_id, _Rows(set_id))
        rows.pairs[statement.subject, statement.object].add(statement.predicate)
    return {identifier: found[identifier] for identifier in sorted(found)}


def _reverses(rows: Mapping[str, _Rows]) -> Iterator[str]:
    """The larger id of each two sets that say the same the other way round. Sets of other sizes need no look."""
    by_size: dict[int, list[_Rows]] = defaultdict(list)
    for one in rows.values():
        by_size[len(one.pairs)].append(one)
    for alike in by_size.values():
        for place, later in enumerate(alike):
            converse = later.converse() if place else {}
            if any(earlier.pairs == converse for earlier in alike[:place]):
                yield later.id


def _composed(rows: list[_Rows], sets: Mapping[str, MappingSet]) -> Iterator[str]:
    """The sets whose pairs are exactly a composition of two others that are no compositions with it in turn.

    Where one leg is one to one, each of the three follows from the other two: which was put together nobody can tell.
    """
    by_start: dict[str, list[_Leg]] = defaultdict(list)
    for leg in (leg for one in rows for leg in _legs(one, sets.get(one.id))):
        by_start[leg.start].append(leg)
    explained = {one.id: list(_explanations(one, sets.get(one.id), by_start)) for one in rows}
    for identifier, explanations in explained.items():
        if any(not _explains_back(identifier, legs, explained) for legs in explanations):
            yield identifier


def _explains_back(identifier: str, legs: Pair, explained: Mapping[str, list[Pair]]) -> bool:
    return any(identifier in others for leg in legs for others in explained[leg])


def _explanations(one: _Rows, edges: MappingSet | None, by_start: Mapping[str, list["_Leg"]]) -> Iterator[Pair]:
    """The pairs of other sets that together give exactly the pairs of a set."""
    if edges is None or len(one.pairs) < MIN_COMPOSED or not (edges.subject_edition and edges.object_edition):
        return
    for first in by_start.get(edges.subject_edition, ()):
        for second in by_start.get(first.end, ()):
            fits = second.end == edges.object_edition and len({one.id, first.set_id, second.set_id}) == 3
            if fits and _gives(first, second, one):
                yield first.set_id, second.set_id


@dataclass(frozen=True, slots=True)
class _Leg:
    """A set walked from one of its editions to the other."""

    set_id: str
    start: str
    end: str
    onward: Mapping[str, frozenset[str]]


def _legs(rows: _Rows, edges: MappingSet | None) -> Iterator[_Leg]:
    if edges is None or not edges.subject_edition or not edges.object_edition:
        return
    yield _Leg(rows.id, edges.subject_edition, edges.object_edition, _onward(rows.pairs))
    yield _Leg(rows.id, edges.object_edition, edges.subject_edition, _onward((b, a) for a, b in rows.pairs))


def _onward(pairs: Iterable[Pair]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        found[a].add(b)
    return {a: frozenset(others) for a, others in found.items()}


def _gives(first: _Leg, second: _Leg, composed: _Rows) -> bool:
    """Whether two legs together give exactly the pairs of a set; given up at the first pair that they should not give."""
    found = 0
    for start, pivots in first.onward.items():
        ends = frozenset().union(*(second.onward.get(pivot, frozenset()) for pivot in pivots))
        if any((start, end) not in composed.pairs for end in ends):
            return False
        found += len(ends)
    return found == len(composed.pairs)
