"""Where published tables differ: pairs of which two publishers, or one in two rows, say different things."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from kakehashi.crosswalk.algebra import ALL
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.rows import Pair, Row


class DisagreementKind(StrEnum):
    """How the rows of a pair differ."""

    CONTRADICT = "contradict"
    """They leave nothing possible together."""
    DIFFER = "differ"
    """They say different things, which can all hold."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A pair with all rows that are published of it and count, whoever publishes them, accepted or not."""

    source: str
    target: str
    kind: DisagreementKind
    rows: tuple[Row, ...]


def disagreements(engine: Engine, source: Sequence[str], target: Sequence[str], view: View) -> Iterator[Disagreement]:
    """The pairs between two lists of provisions, in their order, whose rows in a view differ.

    Only a pair that several rows state can differ: what a table leaves out it does not deny. A framework's own parent links are
    no rows of a table.
    """
    from_source, to_target = ({end: place for place, end in enumerate(ends)} for ends in (source, target))
    found: dict[Pair, list[Row]] = defaultdict(list)
    for row in (one for one in engine.rows if not one.parent_link):
        for a, b in ((row.subject, row.object), (row.object, row.subject)):
            if a in from_source and b in to_target and view.sees(row.authority):
                found[a, b].append(row)
    for a, b in sorted(found, key=lambda pair: (from_source[pair[0]], to_target[pair[1]])):
        kind = _kind(a, found[a, b])
        if kind is not None:
            rows = sorted(found[a, b], key=lambda row: (row.authority.rank, row.origin, row.statement))
            yield Disagreement(a, b, kind, tuple(rows))


def _kind(source: str, rows: Sequence[Row]) -> DisagreementKind | None:
    by_origin = _by_origin(source, rows)
    if not reduce(int.__and__, by_origin.values()):
        return DisagreementKind.CONTRADICT
    return DisagreementKind.DIFFER if len(set(by_origin.values())) > 1 else None


def _by_origin(source: str, rows: Sequence[Row]) -> Mapping[str, int]:
    """What each mapping set says of a pair, all its rows together."""
    found: dict[str, int] = defaultdict(lambda: ALL)
    for row in rows:
        found[row.origin] &= row.seen_from(source)
    return found
