"""The schema: Kakehashi's questions."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from kakehashi.graphql.context import Info
from kakehashi.graphql.metering import RateLimit
from kakehashi.graphql.questions import Questions
from kakehashi.graphql.releases import ReleaseQueries
from kakehashi.graphql.resources import Edition, Entity, Framework, MappingSet


@strawberry.type(description="The questions that can be asked.")
class Query(Questions, ReleaseQueries):
    """The root of queries."""

    @strawberry.field(
        description="What this query costs by its node count, and what the client has left. With `dryRun: true` the rest of the "
        "query is not run: the answer holds this field alone, and one point is charged."
    )
    def rate_limit(self, info: Info, dry_run: bool = False) -> RateLimit:
        """The rate limit."""
        return RateLimit.of(info.context.meter)


def build_schema() -> strawberry.Schema:
    """The executable schema. Its limits are in `limits` and `cost`, and its errors are told by `execution`."""
    return strawberry.Schema(
        query=Query, types=[Entity, Framework, Edition, MappingSet], config=StrawberryConfig(info_class=Info)
    )
