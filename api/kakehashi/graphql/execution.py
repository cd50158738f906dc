"""Runs one operation, by its plan or in graphql-core: both give the same answer, and the first is many times faster."""

import logging
from collections.abc import AsyncIterable, Awaitable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import time_ns
from typing import Any, Final, TypeGuard, cast

import orjson
import strawberry
from graphql import ExecutionResult
from graphql import execute as interpret

from kakehashi.graphql.charging import charged
from kakehashi.graphql.compiled.compiling import compiled
from kakehashi.graphql.compiled.errors import NotCompilableError
from kakehashi.graphql.compiled.plan import Plan
from kakehashi.graphql.context import Context
from kakehashi.graphql.documents import Documents, Operation, RefusedError, core_of, documents_of
from kakehashi.graphql.masking import masked
from kakehashi.graphql.observed import Operation as Noted
from kakehashi.graphql.observed import running
from kakehashi.vocabulary.text import KakehashiError

logger = logging.getLogger(__name__)


FEW: Final = 8
"""As many variables, and items in a list of them, are read in next to no time."""


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request, whatever it came by."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The response's body as JSON. `executed` is false where the request was refused before execution began."""

    content: bytes
    executed: bool
    faultless: bool = False
    """Whether it holds no error, so that it may be kept and given again."""
    by_plan: bool = False
    """Whether a compiled plan gave it."""

    @property
    def body(self) -> dict[str, Any]:
        """The body, decoded: for those who read it within this process."""
        found: dict[str, Any] = orjson.loads(self.content)
        return found


def execute(schema: strawberry.Schema, context: Context, request: Request) -> Answer:
    """The answer to a request; never raises, but for what ends a request from outside (`http.time_limits`)."""
    documents = documents_of(schema)
    try:
        asked = documents.operation(request.query, request.operation_name, request.variables)
        operation, extensions = charged(documents, context, asked)
        run = answered if operation is asked else interpreted  # a plan for each dry run would drive out others
        with _noted(asked) as noted:
            answer = run(schema, context, operation, {"extensions": extensions})
            noted.plan = "compiled" if answer.by_plan else "interpreted"
        return answer
    except RefusedError as refused:
        return refusal(context, *refused.errors)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong outside resolvers must not reach the client
        return refusal(context, error)


def refusal(context: Context, *errors: Exception) -> Answer:
    """The answer to a request that is not executed for some errors."""
    return Answer(orjson.dumps({"errors": [masked(error, context) for error in errors]}), executed=False)


def at_hand(schema: strawberry.Schema, context: Context, request: Request) -> Answer | None:
    """The answer where it takes next to no time, so that others may wait for it; else None, and `execute` answers.

    That is so for a document that is known, with few variables, a plan of quick fields and all its pieces made before.
    """
    documents, began = documents_of(schema), time_ns()
    if not (context.meter.at_once and documents.knows(request.query) and _few(request.variables or {})):
        return None
    try:
        operation = documents.operation(request.query, request.operation_name, request.variables)
        plan = documents.plans.known(_plan_key(operation))
        if plan is None or not plan.quick:
            return None
        data = plan.run(context, operation.variables, at_hand=True)
    except Exception:  # noqa: BLE001 - `execute` meets it again
        return None
    return _paid(documents, context, operation, data, began)


def _paid(documents: Documents, context: Context, operation: Operation, data: object, began: int) -> Answer:
    """The answer, once it is paid for: not before, for what turns out not to be at hand is charged by `execute`."""
    try:
        _, extensions = charged(documents, context, operation)
    except KakehashiError as error:
        return refusal(context, error)
    with _noted(operation) as noted:
        noted.plan, noted.began = "compiled", began
    content = orjson.dumps({"data": data, "extensions": extensions})
    return Answer(content, executed=True, faultless=True, by_plan=True)


@contextmanager
def _noted(operation: Operation) -> Iterator[Noted]:
    """Note the operation that is run inside."""
    with running(operation.node.operation.value, operation.name, operation.document.digest) as noted:
        yield noted


def _few(variables: Mapping[str, object]) -> bool:
    lists = (value for value in variables.values() if isinstance(value, list | dict))
    return len(variables) <= FEW and all(isinstance(one, list) and len(one) <= FEW for one in lists)


def answered(schema: strawberry.Schema, context: Context, operation: Operation, more: Mapping[str, object]) -> Answer:
    """The answer to an operation that may be executed; `more` is what its body has besides `data` and `errors`."""
    plan = plan_of(schema, operation)
    if plan is None:
        return interpreted(schema, context, operation, more)
    try:
        data = plan.run(context, operation.variables)
        return Answer(orjson.dumps({"data": data, **more}), executed=True, faultless=True, by_plan=True)
    except Exception:  # noqa: BLE001 - whatever it is, graphql-core meets it too and says where it belongs
        return _again(schema, context, operation, more)


def _again(schema: strawberry.Schema, context: Context, operation: Operation, more: Mapping[str, object]) -> Answer:
    """From the start in graphql-core, in what is left of the time."""
    try:
        context.check_deadline()
    except KakehashiError as over:
        return Answer(orjson.dumps({"errors": [masked(over, context)], "data": None, **more}), executed=True)
    return interpreted(schema, context, operation, more)


def interpreted(schema: strawberry.Schema, context: Context, operation: Operation, more: Mapping[str, object]) -> Answer:
    """The answer by graphql-core, which is by definition right."""
    found = interpret(
        core_of(schema),
        operation.document.node,
        context_value=context,
        variable_values=operation.given,
        operation_name=operation.name,
        executor_class=schema.execution_context_class,
        is_awaitable=_never_awaited,
        is_async_iterable=_never_iterated,
    )
    result = cast("ExecutionResult", found)
    errors = [masked(error, context) for error in result.errors or ()]
    if errors and result.data is None and all(error.path is None for error in result.errors or ()):
        return Answer(orjson.dumps({"errors": errors, **more}), executed=False)
    content = orjson.dumps(({"errors": errors} if errors else {}) | {"data": result.data, **more})
    return Answer(content, executed=True, faultless=not errors)


def plan_of(schema: strawberry.Schema, operation: Operation) -> Plan | None:
    """The plan of an operation as its @skip and @include variables decide; None where it cannot be compiled."""
    return documents_of(schema).plans.get(_plan_key(operation), lambda: _compiled(schema, operation))


def _plan_key(operation: Operation) -> tuple[object, ...]:
    decided = (operation.variables.coerced.get(one, ...) for one in operation.document.deciding)
    return (operation.document, operation.name, *decided)


def _compiled(schema: strawberry.Schema, operation: Operation) -> Plan | None:
    try:
        return compiled(schema, core_of(schema), operation.node, operation.document.fragments, operation.variables)
    except (NotCompilableError, RecursionError):
        return None
    except Exception:
        logger.exception("an operation was not compiled; graphql-core answers it")
        return None


def _never_awaited(_: object) -> TypeGuard[Awaitable[Any]]:
    """No resolver of ours is asynchronous."""
    return False


def _never_iterated(_: object) -> TypeGuard[AsyncIterable[Any]]:
    return False
