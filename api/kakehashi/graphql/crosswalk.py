"""The crosswalk of two editions as GraphQL types."""

from typing import Self

import strawberry

from kakehashi.crosswalk import pairs
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.coverage import Proof, RelationSet
from kakehashi.graphql.resources import Edition, Resource, edition_node, resource_node


@strawberry.type(description="One pair of provisions of which something is known.")
class CrosswalkRow:
    """A row."""

    row: strawberry.Private[pairs.CrosswalkRow]

    @classmethod
    def of(cls, row: pairs.CrosswalkRow) -> Self:
        """The type over a row."""
        return cls(row=row)

    @strawberry.field(description="The provision of the source edition.")
    def source(self, info: Info) -> Resource:
        """The source provision."""
        return resource_node(info.context.snapshot, self.row.source)

    @strawberry.field(description="The provision of the target edition.")
    def target(self, info: Info) -> Resource:
        """The target provision."""
        return resource_node(info.context.snapshot, self.row.target)

    @strawberry.field(description="What is known of their relation, read from source to target.")
    def relation(self) -> RelationSet:
        """The relation."""
        return RelationSet(bits=self.row.relations)

    @strawberry.field(description="Whether the pair is linked and nothing is decided: a candidate, not a finding.")
    def candidate(self) -> bool:
        """Whether it is a candidate."""
        return self.row.candidate

    @strawberry.field(description="For a candidate, how likely an overlap is; null, for nothing estimates it yet.")
    def score(self) -> float | None:
        """No estimator is fitted in this release."""
        return None

    @strawberry.field(description="Why it holds.")
    def proof(self) -> Proof:
        """The proof."""
        return Proof(coverage=self.row.coverage)


@strawberry.type(description="The rows of a crosswalk counted. Determined rows and candidates are never added up.")
class CrosswalkSummary:
    """The counts."""

    determined: int = strawberry.field(description="Pairs of which something is known.")
    candidates: int = strawberry.field(description="Pairs that are linked and undecided.")
    disputed: int = strawberry.field(description="Pairs whose published rows contradict each other.")
    unmapped_source: int = strawberry.field(description="Source provisions without a row.")
    unmapped_target: int = strawberry.field(description="Target provisions without a row.")


@strawberry.type(description="All that is known between two editions, and what has no counterpart on either side.")
class Crosswalk:
    """A crosswalk."""

    source_id: strawberry.Private[str]
    target_id: strawberry.Private[str]
    answer: strawberry.Private[pairs.Crosswalk]
    default_first: strawberry.Private[int]
    default_after: strawberry.Private[str | None]

    @strawberry.field(description="The source edition.")
    def source(self, info: Info) -> Edition:
        """The source edition."""
        return edition_node(info.context.snapshot, self.source_id)

    @strawberry.field(description="The target edition.")
    def target(self, info: Info) -> Edition:
        """The target edition."""
        return edition_node(info.context.snapshot, self.target_id)

    @strawberry.field(description="The counts.")
    def summary(self) -> CrosswalkSummary:
        """The counts."""
        candidates = sum(row.candidate for row in self.answer.rows)
        return CrosswalkSummary(
            determined=len(self.answer.rows) - candidates,
            candidates=candidates,
            disputed=len(self.answer.disputed),
            unmapped_source=len(self.answer.unmapped_source),
            unmapped_target=len(self.answer.unmapped_target),
        )

    @strawberry.field(description="The rows: a page of the smaller `first`, after this `after` or else the crosswalk's own.")
    def rows(self, info: Info, first: int = 100, after: str | None = None) -> Connection[CrosswalkRow]:
        """The rows."""
        count = min(first, self.default_first)
        return connect(info, self.answer.rows, _row_key, CrosswalkRow.of, count, after or self.default_after)

    @strawberry.field(description="Source provisions of which nothing is known against the target.")
    def unmapped_source(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Resource]:
        """What the source has alone."""
        return _resources(info, self.answer.unmapped_source, first, after)

    @strawberry.field(description="Target provisions of which nothing is known against the source.")
    def unmapped_target(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Resource]:
        """What the target has alone."""
        return _resources(info, self.answer.unmapped_target, first, after)


def _row_key(row: pairs.CrosswalkRow) -> str:
    return f"{row.source} {row.target}"


def _resources(info: Info, ids: tuple[str, ...], first: int, after: str | None) -> Connection[Resource]:
    snapshot = info.context.snapshot
    return connect(info, ids, str, lambda identifier: resource_node(snapshot, identifier), first, after)
