"""Matrices as GraphQL types: tables over resources, with coverage in the cells where their entries are requirements."""

from collections.abc import Mapping

import strawberry

from kakehashi.crosswalk.coverage import Status
from kakehashi.graphql import explanations
from kakehashi.graphql.context import Info
from kakehashi.graphql.coverage import Question
from kakehashi.graphql.resources import Languages, LocalizedText, Resource, resource_node
from kakehashi.records import model
from kakehashi.records.values import Certainty
from kakehashi.snapshot.tables import Entry, cells


@strawberry.type(description="A resource in a cell.")
class MatrixEntry:
    """An entry."""

    entry: strawberry.Private[Entry]
    question: strawberry.Private[Question]

    @strawberry.field(description="The resource.")
    def resource(self, info: Info) -> Resource:
        """The resource."""
        return resource_node(info.context.snapshot, self.entry.resource)

    @strawberry.field(description="How sure its place in the matrix is.")
    def certainty(self) -> Certainty:
        """The certainty."""
        return self.entry.certainty

    @strawberry.field(description="How far what is given meets it; null where the resource is no requirement.")
    def status(self, info: Info) -> Status | None:
        """The status."""
        snapshot = info.context.snapshot
        if self.entry.resource not in snapshot.edition_of:
            return None
        return self.question.answer(self.entry.resource).status

    @strawberry.field(description="How far it is met and by what, in words; null where the resource is no requirement.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The explanation."""
        snapshot = info.context.snapshot
        if self.entry.resource not in snapshot.edition_of:
            return None
        answer = self.question.answer(self.entry.resource)
        return LocalizedText.of_text(explanations.of_requirement(snapshot, answer), lang, info)

    @strawberry.field(
        description="What of the given meets it wholly or in part, best first; then what does so only together with others."
    )
    def satisfied_by(self, info: Info) -> list[Resource]:
        """What meets it."""
        snapshot = info.context.snapshot
        if self.entry.resource not in snapshot.edition_of:
            return []
        return [resource_node(snapshot, control) for control in self.question.answer(self.entry.resource).controls]


@strawberry.type(description="What stands at a row and a column.")
class MatrixCell:
    """A cell."""

    row_id: strawberry.Private[str]
    column_id: strawberry.Private[str]
    found: strawberry.Private[tuple[Entry, ...]]
    question: strawberry.Private[Question]

    @strawberry.field(description="The row.")
    def row(self, info: Info) -> Resource:
        """The row."""
        return resource_node(info.context.snapshot, self.row_id)

    @strawberry.field(description="The column.")
    def column(self, info: Info) -> Resource:
        """The column."""
        return resource_node(info.context.snapshot, self.column_id)

    @strawberry.field(description="The resources in the cell; empty where nothing stands there.")
    def entries(self) -> list[MatrixEntry]:
        """The entries."""
        return [MatrixEntry(entry=entry, question=self.question) for entry in self.found]


@strawberry.type(description="A table over resources. Every cell is listed, row by row, even where it is empty.")
class Matrix:
    """A matrix."""

    record: strawberry.Private[model.Matrix]
    question: strawberry.Private[Question]

    @strawberry.field(description="The id of the matrix, which is a resource too.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(self.record.id)

    @strawberry.field(description="The rows, from the top.")
    def rows(self, info: Info) -> list[Resource]:
        """The rows."""
        return [resource_node(info.context.snapshot, identifier) for identifier in self.record.rows]

    @strawberry.field(description="The columns, from the left.")
    def columns(self, info: Info) -> list[Resource]:
        """The columns."""
        return [resource_node(info.context.snapshot, identifier) for identifier in self.record.columns]

    @strawberry.field(description="The cells.")
    def cells(self, info: Info) -> list[MatrixCell]:
        """The cells."""
        info.context.check_deadline()
        found: Mapping[tuple[str, str], tuple[Entry, ...]] = cells(info.context.snapshot, self.record)
        return [
            MatrixCell(row_id=row, column_id=column, found=entries, question=self.question)
            for (row, column), entries in found.items()
        ]
