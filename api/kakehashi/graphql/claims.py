"""A vendor's claim and the public rows that do not bear it out, as GraphQL types: both sides, each with its statements."""

import strawberry

from kakehashi.crosswalk.claims import Disagreement
from kakehashi.crosswalk.threats import Category
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.listings import BY_ID
from kakehashi.graphql.resources import Resource, Statement, resource_node


@strawberry.type(description="The public rows of a capability in one category.")
class MappedCategory:
    """A category with its rows."""

    category: Category = strawberry.field(description="The category.")
    rows: int = strawberry.field(description="How many rows there are.")
    found: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="The rows, by id.")
    def statements(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Statement]:
        """The rows."""
        known = info.context.snapshot.statements
        return connect(info, [known[one] for one in self.found], BY_ID, Statement.of, first, after)


@strawberry.type(
    description="What a vendor claims of a capability, and what public mappings say of it instead. Neither side need be wrong."
)
class ClaimAgainstMapping:
    """A claim and its public rows."""

    disagreement: strawberry.Private[Disagreement]

    @strawberry.field(description="The capability.")
    def capability(self, info: Info) -> Resource:
        """The capability."""
        return resource_node(info.context.snapshot, self.disagreement.claim.capability)

    @strawberry.field(description="What it is claimed to do.")
    def category(self) -> Category:
        """The category."""
        return self.disagreement.claim.category

    @strawberry.field(description="The statement that claims it; an inferred one is our reading of its source.")
    def statement(self, info: Info) -> Statement:
        """The claim."""
        return Statement(record=info.context.snapshot.statements[self.disagreement.claim.statement])

    @strawberry.field(description="The public rows of the capability, by category; none where no public mapping of it is known.")
    def mapped(self) -> list[MappedCategory]:
        """The public side."""
        mapped = self.disagreement.mapped
        return [MappedCategory(category=category, rows=len(rows), found=rows) for category, rows in mapped.items()]

    @strawberry.field(description="The statements by which rows under other names are rows of the capability.")
    def links(self, info: Info) -> list[Statement]:
        """The links."""
        return [Statement(record=info.context.snapshot.statements[one]) for one in self.disagreement.links]
