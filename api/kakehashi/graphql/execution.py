"""Runs one operation and shapes its answer: errors carry a code and both languages, and nothing inside leaks."""

import logging
from dataclasses import dataclass
from typing import Any, Final

import strawberry
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError

from kakehashi.graphql.context import Context
from kakehashi.graphql.observed import observed, running
from kakehashi.vocabulary.text import KakehashiError, Text

logger = logging.getLogger(__name__)

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
INTERNAL: Final = "INTERNAL_SERVER_ERROR"

NO_OPERATION: Final = "there is no such operation in the document"

NOT_GRAPHQL = Text("GraphQLの文書として読めません: {detail}", "This is not a GraphQL document: {detail}")
NOT_VALID = Text("問い合わせがスキーマに合いません: {detail}", "The query does not fit the schema: {detail}")
UNEXPECTED = Text(
    "予期しない誤りが起きました。このIDを添えてお知らせください: {request_id}",
    "Something unexpected went wrong. Please report it with this id: {request_id}",
)


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request, whatever it came by."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The response's body; `executed` is false where the request was refused before execution began."""

    body: dict[str, Any]
    executed: bool


def execute(schema: strawberry.Schema, context: Context, request: Request) -> Answer:
    """The answer to a request; never raises."""
    with running(request.query, request.operation_name):
        return _execute(schema, context, request)


def _execute(schema: strawberry.Schema, context: Context, request: Request) -> Answer:
    try:
        result = schema.execute_sync(
            request.query,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=context,
        )
    except (MissingQueryError, CannotGetOperationTypeError):
        return Answer({"errors": [_shown(GraphQLError(NO_OPERATION), context)]}, executed=False)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong before execution must not reach the client
        return Answer({"errors": [_shown(_as_graphql_error(error), context)]}, executed=False)
    errors = [_shown(error, context) for error in result.errors or ()]
    refused = result.data is None and all(error.path is None for error in result.errors or ())
    if refused and errors:
        return Answer({"errors": errors}, executed=False)
    body: dict[str, Any] = {"data": result.data}
    return Answer(({"errors": errors} if errors else {}) | body, executed=True)


def _as_graphql_error(error: Exception) -> GraphQLError:
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)


def _shown(error: GraphQLError, context: Context) -> dict[str, Any]:
    """An error as the client sees it, in its language; `extensions.messages` has both."""
    code, text, extra = _explained(error)
    language = context.languages[0] if context.languages else "en"
    shown = error.formatted
    extensions = {"code": code, "messages": {"ja": text.ja, "en": text.en}, **extra}
    return {**shown, "message": text.in_language(language), "extensions": extensions}


def _explained(error: GraphQLError) -> tuple[str, Text, dict[str, Any]]:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, KakehashiError):
        return cause.code, cause.text, {}
    if isinstance(error, GraphQLSyntaxError):
        return PARSE_FAILED, NOT_GRAPHQL(detail=error.message), {}
    if error.path is None and (cause is None or isinstance(cause, GraphQLError | ValueError)):
        return VALIDATION_FAILED, NOT_VALID(detail=error.message), {}
    request_id = observed().request_id
    logger.error("request %s failed", request_id, exc_info=cause or error)
    return INTERNAL, UNEXPECTED(request_id=request_id), {"requestId": request_id}
