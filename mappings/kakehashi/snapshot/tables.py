"""Matrices filled from statements: which resources stand in which cell, and how sure their place is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kakehashi.records.model import Matrix, Statement
from kakehashi.records.values import Certainty
from kakehashi.snapshot.model import Snapshot

_SUREST_FIRST: Final = {certainty: rank for rank, certainty in enumerate(Certainty)}


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource in a cell; its certainty is the weaker of the two statements that place it."""

    resource: str
    certainty: Certainty


def cells(snapshot: Snapshot, matrix: Matrix) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
    """The entries by row and column, in the order of ids; every cell is there, even where it is empty.

    A resource that has a row and no column spans the row, which is a reading and so inferred.
    """
    found: dict[tuple[str, str], list[Entry]] = {(row, column): [] for row in matrix.rows for column in matrix.columns}
    for resource in snapshot.resources.values():
        if resource.kind == matrix.cell_kind:
            for row, column, certainty in _places(snapshot, matrix, resource.id):
                found[row, column].append(Entry(resource.id, certainty))
    return {place: tuple(entries) for place, entries in found.items()}


def _places(snapshot: Snapshot, matrix: Matrix, resource: str) -> Iterator[tuple[str, str, Certainty]]:
    outgoing = snapshot.outgoing.get(resource, ())
    rows = _tied(outgoing, matrix.row_predicate, matrix.rows)
    columns = _tied(outgoing, matrix.column_predicate, matrix.columns)
    spanning = dict.fromkeys(matrix.columns, Certainty.INFERRED)
    for row, row_certainty in rows.items():
        for column, column_certainty in (columns or spanning).items():
            yield row, column, max(row_certainty, column_certainty, key=_SUREST_FIRST.__getitem__)


def _tied(statements: tuple[Statement, ...], predicate: str, members: tuple[str, ...]) -> Mapping[str, Certainty]:
    return {s.object: s.certainty for s in statements if s.predicate == predicate and s.object in members}
