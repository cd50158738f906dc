"""Runs one operation and shapes its answer: errors carry a code and both languages, and nothing inside leaks."""

import logging
import uuid
from dataclasses import dataclass
from typing import Any, Final

import graphql
import strawberry
from graphql import ExecutionResult, GraphQLError, GraphQLSyntaxError

from kakehashi.graphql.charging import charged
from kakehashi.graphql.context import Context
from kakehashi.graphql.documents import Documents, Operation, RefusedError, documents_of
from kakehashi.vocabulary.text import KakehashiError, Text

logger = logging.getLogger(__name__)

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
INTERNAL: Final = "INTERNAL_SERVER_ERROR"
MAX_DETAIL: Final = 400
"""How much is told of what is wrong: it may quote what was sent, which may be long."""

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

    @property
    def faultless(self) -> bool:
        """Whether it holds no error, so that it may be kept and given again."""
        return "errors" not in self.body


def execute(schema: strawberry.Schema, context: Context, request: Request) -> Answer:
    """The answer to a request; never raises, but for what ends a request from outside (`http.time_limits`)."""
    documents = documents_of(schema)
    try:
        asked = documents.operation(request.query, request.operation_name, request.variables)
        operation, extensions = charged(documents, context, asked)
        result = _run(documents, context, operation)
    except RefusedError as refused:
        return Answer({"errors": [_shown(error, context) for error in refused.errors]}, executed=False)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong before execution must not reach the client
        return refusal(error, context)
    errors = [_shown(error, context) for error in result.errors or ()]
    body = {"data": result.data, "extensions": extensions}
    return Answer(({"errors": errors} if errors else {}) | body, executed=True)


def refusal(error: Exception, context: Context) -> Answer:
    """The answer to a request that is not executed for an error."""
    return Answer({"errors": [_shown(_as_graphql_error(error), context)]}, executed=False)


def _run(documents: Documents, context: Context, operation: Operation) -> ExecutionResult:
    result = graphql.execute(
        documents.core, operation.document.node, context_value=context, variable_values=operation.given,
        operation_name=None if operation.node.name is None else operation.node.name.value,
    )  # fmt: skip
    assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver is asynchronous
    return result


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
        return PARSE_FAILED, NOT_GRAPHQL(detail=error.message[:MAX_DETAIL]), {}
    if error.path is None and (cause is None or isinstance(cause, GraphQLError | ValueError)):
        return VALIDATION_FAILED, NOT_VALID(detail=error.message[:MAX_DETAIL]), {}
    request_id = uuid.uuid4().hex
    logger.error("request %s failed", request_id, exc_info=cause or error)
    return INTERNAL, UNEXPECTED(request_id=request_id), {"requestId": request_id}
