"""What the engine must find, by its definition: dictionaries and loops, and nothing of the engine but the algebra's two tables.

Walking every chain is for small worlds. `closure` is for the corpus: what a careful person would write without arrays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod

from kakehashi.crosswalk.algebra import COMPOSITION, CONVERSE
from kakehashi.crosswalk.meanings import MEANINGS, REQUIREMENT_CLASSES, SATISFYING_CLASSES, Relates
from kakehashi.crosswalk.rows import Row
from kakehashi.records.model import Framework, Records, Resource, Statement
from kakehashi.records.values import Authority, Intersects, Origin, ParentLink, RationaleKind
from kakehashi.vocabulary import iris

Pair = tuple[str, str]
Known = dict[Pair, int]
"""What is left possible of each pair; one that is missing may be anything."""
Stated = dict[str, dict[str, int]]
"""The same, as each end's others."""
Walk = tuple[Row, ...]
Ways = dict[str, list[tuple[str, int, Row]]]

ANYTHING = 31
BITS = tuple(CONVERSE)
COMPOSED = tuple(
    tuple(
        sum({bit for a, b in product(BITS, BITS) if first & a and second & b for bit in BITS if COMPOSITION[a, b] & bit})
        for second in range(ANYTHING + 1)
    )
    for first in range(ANYTHING + 1)
)
TURNED = tuple(sum(CONVERSE[bit] for bit in BITS if relations & bit) for relations in range(ANYTHING + 1))
STRONGEST_FIRST = tuple(Authority)


def by_end(rows: Iterable[Row]) -> Ways:
    """The rows at each end: where each leads, and how it is read from there."""
    from_end: Ways = defaultdict(list)
    for row in rows:
        from_end[row.subject].append((row.object, row.relations, row))
        from_end[row.object].append((row.subject, TURNED[row.relations], row))
    return from_end


def walks(rows: Iterable[Row], start: str, hops: int) -> Iterator[tuple[str, int, Walk]]:
    """Every walk over at most so many rows, with where it ends and what it leaves possible; it may pass an end twice."""
    return walks_along(by_end(rows), start, hops)


def walks_along(from_end: Ways, start: str, hops: int) -> Iterator[tuple[str, int, Walk]]:
    """The same, where the rows are sorted by their ends."""
    reached: list[tuple[str, int, Walk]] = [(start, 1, ())]
    for _ in range(hops):
        reached = [
            (other, COMPOSED[known][relations], (*walked, row))
            for end, known, walked in reached
            for other, relations, row in from_end.get(end, ())
        ]
        yield from reached


def ends_of(rows: Iterable[Row]) -> list[str]:
    """All ends of some rows, in order."""
    return sorted({end for row in rows for end in (row.subject, row.object)})


def closure_by_walking(rows: Sequence[Row], hops: int) -> Known:
    """The definition: for each pair the intersection of what all walks between its ends leave possible."""
    found: Known = {}
    for start in ends_of(rows):
        for end, relations, _ in walks(rows, start, hops):
            if end != start:
                found[start, end] = found.get((start, end), ANYTHING) & relations
    return {pair: relations for pair, relations in found.items() if relations != ANYTHING}


def accepted_by_definition(rows: Sequence[Row], hops: int) -> set[str]:
    """The statements that are believed: level by level, less every row of a minimal contradiction; all subsets are tried."""
    accepted: list[Row] = []
    for authority in STRONGEST_FIRST:
        level = [row for row in rows if row.authority is authority]
        minimal: list[frozenset[str]] = []
        for size in range(1, len(level) + 1):
            for chosen in combinations(level, size):
                named = frozenset(row.statement for row in chosen)
                if not any(one < named for one in minimal) and _contradict([*accepted, *chosen], hops):
                    minimal.append(named)
        blamed = frozenset[str]().union(*minimal)
        accepted += [row for row in level if row.statement not in blamed]
    return {row.statement for row in accepted}


def _contradict(rows: Sequence[Row], hops: int) -> bool:
    return 0 in closure_by_walking(rows, hops).values()


def linked(rows: Iterable[Row], hops: int, starts: Collection[str] | None = None) -> dict[Pair, int]:
    """The pairs that some chain links, whatever it says, with the length of the shortest: breadth first from each start."""
    beside: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        beside[row.subject].add(row.object)
        beside[row.object].add(row.subject)
    found: dict[Pair, int] = {}
    for start in list(beside) if starts is None else starts:
        seen, edge = {start}, {start}
        for length in range(1, hops + 1):
            edge = {other for end in edge for other in beside[end]} - seen
            seen |= edge
            found |= {(start, end): length for end in edge}
    return found


def candidates(rows: Sequence[Row], known: Mapping[Pair, int], hops: int) -> set[Pair]:
    """The pairs that are linked and of which nothing is known."""
    return linked(rows, hops).keys() - known.keys()


def preference(walk: Walk) -> tuple[int, int, int, tuple[str, ...]]:
    """The shortest first, then the most authoritative, then the most confident (none stated is none), then by name."""
    weakest = max(STRONGEST_FIRST.index(row.authority) for row in walk)
    return (len(walk), weakest, -prod(row.confidence or 0 for row in walk), tuple(row.statement for row in walk))


def best_proof(rows: Sequence[Row], pair: Pair, hops: int) -> list[Walk]:
    """The fewest walks that prove all that is known of a pair, and of those the most preferred; all combinations are tried."""
    start, end = pair
    found = [(preference(walk), relations, walk) for other, relations, walk in walks(rows, start, hops) if other == end]
    found = sorted(one for one in found if one[1] != ANYTHING)
    goal = _met(relations for _, relations, _ in found)
    for size in range(1, 5 if found else 1):
        for chosen in combinations(_first_of_each(found), size):
            if _met(relations for _, relations, _ in chosen) == goal:
                return [walk for *_, walk in chosen]
    return []


_Ranked = tuple[tuple[int, int, int, tuple[str, ...]], int, Walk]


def _first_of_each(found: Sequence[_Ranked]) -> list[_Ranked]:
    """Of walks that leave the same possible, the others can only make a combination worse."""
    return [one for place, one in enumerate(found) if one[1] not in {other[1] for other in found[:place]}]


def best_link(rows: Sequence[Row], pair: Pair, hops: int) -> Walk | None:
    """The most preferred walk between two ends, whatever it says."""
    start, end = pair
    return min((walk for other, _, walk in walks(rows, start, hops) if other == end), key=preference, default=None)


def _met(sets: Iterable[int]) -> int:
    result = ANYTHING
    for one in sets:
        result &= one
    return result


def closure(rows: Iterable[Row], hops: int) -> Stated:
    """For every end all others of which something is known: rows joined pair by pair, then composed one hop after another."""
    return closed(stated(rows), hops)


def closed(onward: Stated, hops: int) -> Stated:
    """The closure of what is stated: what is known of each pair, composed with what is stated of each other end of the second."""
    found = onward
    for _ in range(hops - 1):
        found = {start: _one_hop_further(start, others, onward) for start, others in found.items()}
    return found


def _one_hop_further(start: str, others: dict[str, int], onward: Stated) -> dict[str, int]:
    found = dict(others)
    for pivot, known in others.items():
        table = COMPOSED[known]
        for end, relations in onward[pivot].items():
            result = table[relations]
            if result != ANYTHING and end != start:
                found[end] = found.get(end, ANYTHING) & result
    return found


def stated(rows: Iterable[Row]) -> Stated:
    """What the rows say of each pair, from both ends; pairs of which they say nothing are left out."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        there, back = found[row.subject], found[row.object]
        there[row.object] = there.get(row.object, ANYTHING) & row.relations
        back[row.subject] = back.get(row.subject, ANYTHING) & TURNED[row.relations]
    return {a: {b: one for b, one in others.items() if one != ANYTHING} for a, others in found.items()}


def between(known: Mapping[str, Mapping[str, int]], first: Collection[str], second: Collection[str]) -> Known:
    """What a closure says of the pairs between two lists."""
    wanted = set(second)
    return {(a, b): one for a in first for b, one in known.get(a, {}).items() if b in wanted and b != a}


def rows_of(records: Records) -> list[Row]:
    """The rows of a release, read off its records anew: which statements count, and as what each is read."""
    release = _Release(records)
    counting = [row for one in records.statements if (row := release.stated(one)) is not None]
    return sorted([*counting, *release.parents()], key=lambda row: row.statement)


class _Release:
    """What has to be known of ends and mapping sets, from records that several sources may give of one thing."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.authorities = {one.id: one.authority for one in records.sources}
        self.described: dict[str, list[Resource]] = defaultdict(list)
        for one in sorted(records.resources, key=lambda one: self._strength(one.source)):
            self.described[one.id].append(one)
        self.classes = {one.iri.removeprefix(iris.KIND): one.core_class for one in records.terms}
        self.no_evidence = {one.id for one in records.mapping_sets if one.origin in {Origin.REVERSE, Origin.COMPOSED}}
        self.strict = {one.id for one in records.set_readings if one.intersects is Intersects.STRICT}

    def _strength(self, source: str) -> tuple[int, str]:
        return (STRONGEST_FIRST.index(self.authorities[source]), source)

    def core_class(self, end: str) -> str | None:
        """The core class of an end that can be one of a set relation; None where nothing defines it or it is out of use."""
        described = self.described.get(end, [])
        in_use = described and all(one.lifecycle is None for one in described)
        return self.classes.get(described[0].kind) if in_use else None

    def stated(self, one: Statement) -> Row | None:
        """The row that a statement is; None where it counts for nothing in the algebra."""
        meaning = MEANINGS[one.predicate]
        if not isinstance(meaning, Relates) or one.object is None or one.object == one.subject:
            return None
        ends = {self.core_class(one.subject), self.core_class(one.object)}
        if not ends & REQUIREMENT_CLASSES or not ends <= REQUIREMENT_CLASSES | SATISFYING_CLASSES:
            return None
        if one.mapping is not None and one.mapping.mapping_set in self.no_evidence:
            return None
        return Row(
            statement=one.id, subject=one.subject, object=one.object, relations=self._read(one, meaning.relations),
            authority=one.authority, confidence=one.mapping.confidence if one.mapping else None,
            origin=one.mapping.mapping_set if one.mapping else one.source,
        )  # fmt: skip

    def _read(self, one: Statement, relations: int) -> int:
        if one.mapping is not None and one.mapping.rationale_kind is RationaleKind.SYNTACTIC:
            return relations if relations == 1 else ANYTHING
        strict = one.mapping is not None and one.mapping.mapping_set in self.strict
        return 8 if strict and one.predicate == "intersects-with" else relations

    def parents(self) -> Iterator[Row]:
        """The parent links of provisions that lie inside their parent."""
        links = {one.id: one.parent_link for one in sorted(self.records.frameworks, key=self._weakest_first)}
        works = {provision: one.framework for one in self.records.editions for provision in one.provisions}
        for child, work in works.items():
            upward = [one for one in self.described.get(child, []) if one.parent is not None]
            inside = links.get(work) in {ParentLink.PART, ParentLink.PARTITION} or self._is_lettered_part(child)
            if not upward or upward[0].parent in {None, child} or not inside:
                continue
            if {self.core_class(child), self.core_class(upward[0].parent or "")} <= REQUIREMENT_CLASSES:
                yield Row(
                    statement=child, subject=child, object=upward[0].parent or "", relations=1 | 2,
                    authority=self.authorities[upward[0].source], parent_link=True, origin=upward[0].source,
                )  # fmt: skip

    def _weakest_first(self, one: Framework) -> tuple[int, str]:
        rank, source = self._strength(one.source)
        return (-rank, source)

    def _is_lettered_part(self, provision: str) -> bool:
        return self.described[provision][0].kind == "provision-part"
