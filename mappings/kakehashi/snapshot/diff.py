"""What changed from one release to another: sources, resources, statements, and what is known of pairs."""

from collections.abc import Hashable, Mapping
from functools import reduce
from typing import TypeVar

from msgspec import Struct

from kakehashi.crosswalk.algebra import ALL
from kakehashi.crosswalk.index import Index
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.saved import VOCABULARY

_V = TypeVar("_V", bound=Hashable)


class Change(Struct, frozen=True, kw_only=True):
    """Ids that came, went, or are there on both sides and say something else."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class PairChange(Struct, frozen=True, kw_only=True):
    """A pair of which the accepted rows together say something else: relation sets of five bits, from a to b."""

    a: str
    b: str
    before: int
    after: int


class Diff(Struct, frozen=True, kw_only=True):
    """All differences from one release to another."""

    before: str
    after: str
    sources: Change
    resources: Change
    editions: Change
    mapping_sets: Change
    statements: Change
    pairs: tuple[PairChange, ...]


def diff(before: Snapshot, after: Snapshot) -> Diff:
    """The differences; a source is changed where the same id has other content."""
    return Diff(
        before=before.release.id,
        after=after.release.id,
        sources=change_of(_digests(before), _digests(after)),
        resources=change_of(before.resources, after.resources),
        editions=change_of(before.editions, after.editions),
        mapping_sets=change_of(before.mapping_sets, after.mapping_sets),
        statements=change_of(before.statements, after.statements),
        pairs=_pairs(before.index, after.index),
    )


def _digests(snapshot: Snapshot) -> Mapping[str, str]:
    return {graph.source: graph.digest for graph in snapshot.release.graphs if graph.source != VOCABULARY}


def change_of(before: Mapping[str, _V], after: Mapping[str, _V]) -> Change:
    """What came, went, and says something else, by ids."""
    return Change(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(key for key in before.keys() & after.keys() if before[key] != after[key])),
    )


def _pairs(before: Index, after: Index) -> tuple[PairChange, ...]:
    found = []
    for a, b in sorted(before.acceptance.accepted.keys() | after.acceptance.accepted.keys()):
        known = _known(before, a, b), _known(after, a, b)
        if known[0] != known[1]:
            found.append(PairChange(a=a, b=b, before=known[0], after=known[1]))
    return tuple(found)


def _known(index: Index, a: str, b: str) -> int:
    return reduce(lambda known, row: known & row.seen_from(a), index.rows(a, b), ALL)
