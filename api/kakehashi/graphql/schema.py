"""The schema: Kakehashi's questions."""

from typing import Final

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from kakehashi.graphql.context import Info
from kakehashi.graphql.questions import Questions
from kakehashi.graphql.releases import ReleaseQueries
from kakehashi.graphql.resources import Edition, Entity, Framework, MappingSet

MAX_TOKENS: Final = 5000
MAX_ALIASES: Final = 60
MAX_DEPTH: Final = 20


@strawberry.type(description="The questions that can be asked.")
class Query(Questions, ReleaseQueries):
    """The root of queries."""


class _Schema(strawberry.Schema):
    """A schema that leaves errors to `execution`, which logs the unexpected ones once."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing: a mistake in a query is the asker's to see."""


def build_schema() -> strawberry.Schema:
    """The executable schema with its limits, which `documents` reads."""
    return _Schema(
        query=Query,
        types=[Entity, Framework, Edition, MappingSet],
        config=StrawberryConfig(info_class=Info),
        extensions=[
            lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
            lambda: MaxAliasesLimiter(max_alias_count=MAX_ALIASES),
            lambda: QueryDepthLimiter(max_depth=MAX_DEPTH),
        ],
    )
