"""Errors as the client sees them: a code, both languages, and nothing from inside."""

import logging
from typing import Any, Final

from graphql import GraphQLError, GraphQLSyntaxError

from kakehashi.graphql.context import Context
from kakehashi.graphql.observed import observed
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


def masked(error: Exception, context: Context) -> dict[str, Any]:
    """An error as the client sees it, in its language; `extensions.messages` has both."""
    found = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    code, text, extra = _explained(found)
    language = context.languages[0] if context.languages else "en"
    extensions = {"code": code, "messages": {"ja": text.ja, "en": text.en}, **extra}
    return {**found.formatted, "message": text.in_language(language), "extensions": extensions}


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
    request_id = observed().request_id
    logger.error("request %s failed", request_id, exc_info=cause or error)
    return INTERNAL, UNEXPECTED(request_id=request_id), {"requestId": request_id}
