"""The crosswalk of two editions: what is known of each pair of their provisions, and what has no counterpart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kakehashi.crosswalk.algebra import is_determined
from kakehashi.crosswalk.coverage import ControlCoverage, by_control
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosswalkRow:
    """One pair: what is known of the source provision against the target provision, with its proof."""

    source: str
    target: str
    coverage: ControlCoverage

    @property
    def relations(self) -> int:
        """The relation set, read from source to target."""
        return self.coverage.relations or 0

    @property
    def candidate(self) -> bool:
        """Whether the pair is linked and yet nothing is decided about it."""
        return not is_determined(self.relations)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Rows in the order of the source's provisions, then the target's; disputed pairs; provisions without a counterpart."""

    rows: tuple[CrosswalkRow, ...]
    disputed: tuple[tuple[str, str], ...]
    unmapped_source: tuple[str, ...]
    unmapped_target: tuple[str, ...]


def crosswalk(index: Index, source: Sequence[str], target: Sequence[str], view: View) -> Crosswalk:
    """All that is known between two lists of provisions at one hop."""
    order = {provision: place for place, provision in enumerate(target)}
    rows = tuple(row for provision in source for row in _rows(index, provision, order, view))
    disputed = tuple(
        (provision, other)
        for provision in source
        for other in index.neighbours.get(provision, ())
        if other in order and index.disputed(provision, other)
    )
    mapped_source, mapped_target = {row.source for row in rows}, {row.target for row in rows}
    return Crosswalk(
        rows,
        disputed,
        tuple(provision for provision in source if provision not in mapped_source),
        tuple(provision for provision in target if provision not in mapped_target),
    )


def _rows(index: Index, source: str, order: dict[str, int], view: View) -> Iterator[CrosswalkRow]:
    others = [other for other in index.neighbours.get(source, ()) if other in order and other != source]
    for other in sorted(others, key=order.__getitem__):
        coverage = by_control(index, other, source, view)
        if coverage is not None:
            yield CrosswalkRow(source=source, target=other, coverage=coverage)
