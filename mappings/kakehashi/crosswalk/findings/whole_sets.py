"""Mapping sets held against one another: reverses, compositions, and pairs that one of two directions lacks."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from kakehashi.crosswalk.findings.kinds import Finding, FindingKind, listed, told
from kakehashi.crosswalk.findings.published import Published, relates
from kakehashi.crosswalk.standing import Standing
from kakehashi.vocabulary.text import Text

Pair = tuple[str, str]

LACKS = Text(
    "{other} には {subject} から {object} への対がありますが、逆向きの {set} にはありません。",
    "{other} has the pair {subject} to {object}, which {set}, the other direction, lacks.",
)
REVERSE_OF = Text("{set} のすべての対は {others} の逆向きです。", "All pairs of {set} are those of {others} the other way round.")
REVERSE = Text("{set} は他の集の逆向きです。", "{set} is the reverse of another set.")
COMPOSED_OF = Text("{set} は {others} から合成されたものです。", "{set} was composed from {others}.")
COMPOSED = Text(
    "{set} の対は、共通の版を介した他の二つの集の合成とちょうど一致します。",
    "The pairs of {set} are exactly those that two other sets give through an edition that they share.",
)
_TEMPLATES: Final = {
    Standing.REVERSE: (FindingKind.REVERSE_SET, REVERSE_OF, REVERSE),
    Standing.COMPOSED: (FindingKind.COMPOSED_SET, COMPOSED_OF, COMPOSED),
}


@dataclass(frozen=True, slots=True)
class _Directions:
    """The pairs of each set with their statements, and how many pairs each two sets share: the other way round, and alike."""

    pairs: Mapping[str, Mapping[Pair, list[str]]]
    shared: Mapping[Pair, int]
    alike: Counter[Pair]

    def partners(self, mapping_set: str) -> tuple[str, ...]:
        """The sets that are exactly this one the other way round."""
        return tuple(
            sorted(
                {*both}.difference([mapping_set]).pop()
                for both, count in self.shared.items()
                if mapping_set in both and all(len(self.pairs[one]) == count for one in both)
            )
        )


def faults_of_sets(published: Published) -> Iterator[Finding]:
    """Sets that are no second opinion, and pairs that one of two directions lacks."""
    directions = _directions(published)
    for mapping_set, standing in published.world.not_evidence.items():
        if standing in _TEMPLATES:
            yield _no_evidence(published, mapping_set, standing, directions)
    for one, other in directions.shared:
        if _two_directions(published, one, other, directions):
            yield from _holes(directions, one, other)
            yield from _holes(directions, other, one)


def _directions(published: Published) -> _Directions:
    pairs: dict[str, dict[Pair, list[str]]] = defaultdict(lambda: defaultdict(list))
    holders: dict[Pair, set[str]] = defaultdict(set)
    for one in published.mappings:
        if one.mapping is not None and one.object not in {None, one.subject} and relates(one):
            pair = (one.subject, one.object or "")
            pairs[one.mapping.mapping_set][pair].append(one.id)
            holders[pair].add(one.mapping.mapping_set)
    shared: Counter[Pair] = Counter()
    alike: Counter[Pair] = Counter()
    for (a, b), sets in holders.items():
        alike.update(combinations(sorted(sets), 2))
        if a < b:
            others = holders.get((b, a), set())
            shared.update((min(one, other), max(one, other)) for one in sets for other in others if one != other)
    return _Directions(pairs, dict(sorted(shared.items())), alike)


def _two_directions(published: Published, one: str, other: str, directions: _Directions) -> bool:
    """Whether two sets are one table both ways: one is derived from the other, or they share half of the larger's pairs.

    Two copies of a table that states its pairs both ways share as many the same way round.
    """
    both = directions.shared[one, other]
    if directions.alike[one, other] >= both:
        return False
    derived = any(
        b in published.mapping_sets[a].derived_from for a, b in ((one, other), (other, one)) if a in published.mapping_sets
    )
    return derived or 2 * both >= max(len(directions.pairs[one]), len(directions.pairs[other]))


def _holes(directions: _Directions, there: str, lacking: str) -> Iterator[Finding]:
    for (a, b), statements in directions.pairs[there].items():
        if (b, a) not in directions.pairs[lacking]:
            yield Finding(
                kind=FindingKind.ONE_DIRECTION_ONLY, mapping_set=lacking, mapping_sets=tuple(sorted((there, lacking))),
                statements=tuple(statements), ends=(a, b),
                explanation=told(LACKS, other=there, subject=a, object=b, set=lacking),
            )  # fmt: skip


def _no_evidence(published: Published, mapping_set: str, standing: Standing, directions: _Directions) -> Finding:
    kind, named, unnamed = _TEMPLATES[standing]
    structure = published.mapping_sets.get(mapping_set)
    stated = structure.derived_from if structure else ()
    others = tuple(sorted(stated)) or (directions.partners(mapping_set) if standing is Standing.REVERSE else ())
    editions = (structure.subject_edition, structure.object_edition) if structure else ()
    return Finding(
        kind=kind, mapping_set=mapping_set, mapping_sets=tuple(sorted({mapping_set, *others})),
        ends=tuple(one for one in editions if one is not None),
        explanation=told(named if others else unnamed, set=mapping_set, others=listed(others)),
    )  # fmt: skip
