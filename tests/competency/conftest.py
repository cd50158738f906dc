"""Every competency question is answered twice, by its plan and by graphql-core, and both answers are the same."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import strawberry

from kakehashi.graphql import execution
from kakehashi.graphql.context import Context
from kakehashi.graphql.documents import Operation
from kakehashi.graphql.execution import Answer, answered, interpreted

Seen = list[tuple[Answer, Answer]]


@pytest.fixture(scope="package")
def seen() -> Iterator[Seen]:
    """Each answer of a test beside graphql-core's."""
    both: Seen = []

    def twice(schema: strawberry.Schema, context: Context, operation: Operation, more: Mapping[str, Any]) -> Answer:
        both.append((answered(schema, context, operation, more), interpreted(schema, context, operation, more)))
        return both[-1][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execution, "answered", twice)
        yield both


@pytest.fixture(autouse=True)
def _same_answers(seen: Seen) -> Iterator[None]:
    seen.clear()
    yield
    for by_plan, by_core in seen:
        assert by_plan.content == by_core.content
        assert by_plan.by_plan or "errors" in by_core.body
