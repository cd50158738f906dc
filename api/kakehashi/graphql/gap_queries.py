"""The questions on closing gaps and on two reports: the root's fields, in a type of their own."""

# ruff: noqa: PLR0913, PLR0917 - the names and numbers of arguments are the schema's

import strawberry

from kakehashi.graphql.asked import Asked
from kakehashi.graphql.closing import Budget, Costs, GapClosing
from kakehashi.graphql.comparison import CoverageComparison, CoverageSide
from kakehashi.graphql.context import Info
from kakehashi.graphql.inputs import GivenInput, MaxHops, ViewInput


@strawberry.type(description="The questions on closing gaps and on two reports.")
class GapQueries:
    """The fields of the root that are on closing gaps and on two reports."""

    @strawberry.field(
        description="The additions to what is given that close most gaps of an edition within a budget: the most requirements "
        "newly FULL, then newly PARTIAL, with the fewest additions. Exact, or with the bound that is proved."
    )
    def close_gaps(
        self,
        info: Info,
        edition: strawberry.ID,
        given: GivenInput | None = None,
        budget: Budget = 5,
        costs: Costs = None,
        view: ViewInput | None = None,
        max_hops: MaxHops = 1,
    ) -> GapClosing:
        """The cheapest way to close gaps."""
        asked = Asked.of(info.context, edition, given, view, max_hops)
        return GapClosing.of(info.context, asked, budget, costs)

    @strawberry.field(
        description="Two coverage reports side by side: before and after, two vendors, two views, two days, or two editions."
    )
    def compare_coverage(self, info: Info, before: CoverageSide, after: CoverageSide) -> CoverageComparison:
        """Two reports compared."""
        return CoverageComparison.of(info.context, before.asked(info.context), after.asked(info.context))
