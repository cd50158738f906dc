"""What a release would change, short enough to be told: how many of each kind, and the first of them."""

from collections.abc import Mapping
from typing import Final, Self

from msgspec import Struct

from kakehashi.snapshot.diff import Change, Diff, PairChange

SHOWN: Final = 50


class Some(Struct, frozen=True, kw_only=True):
    """How many ids there are, and the first of them in the order of ids."""

    count: int
    first: tuple[str, ...]

    @classmethod
    def of(cls, ids: tuple[str, ...]) -> Self:
        """Some of these ids."""
        return cls(count=len(ids), first=ids[:SHOWN])


class Changed(Struct, frozen=True, kw_only=True):
    """What came, went, or says something else."""

    added: Some
    removed: Some
    changed: Some

    @classmethod
    def of(cls, change: Change) -> Self:
        """A change in short."""
        return cls(added=Some.of(change.added), removed=Some.of(change.removed), changed=Some.of(change.changed))


class Difference(Struct, frozen=True, kw_only=True):
    """The changes by the kind of record, and the pairs of which something else is known: how many, and the first."""

    changes: Mapping[str, Changed]
    pairs: int = 0
    first_pairs: tuple[PairChange, ...] = ()

    @classmethod
    def of(cls, found: Diff) -> Self:
        """The differences of two releases in short."""
        kinds = ("sources", "resources", "editions", "mapping_sets", "statements")
        changes = {kind: Changed.of(getattr(found, kind)) for kind in kinds}
        return cls(changes=changes, pairs=len(found.pairs), first_pairs=found.pairs[:SHOWN])
