"""What is asked of GraphQL, and what its answers are over REST: data, or a problem with its status."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import graphql
import strawberry

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Answer, Request
from kakehashi.graphql.masking import INTERNAL
from kakehashi.http.problems import Fault, Problem
from kakehashi.http.rate_limits import told_of
from kakehashi.http.rest.operations import Operation, operation
from kakehashi.http.rest.reading import FAULTY
from kakehashi.http.rest.routes import ROUTES, Route
from kakehashi.vocabulary.text import ErrorCode, Text

STATUSES: Final[Mapping[str, HTTPStatus]] = {
    ErrorCode.BAD_USER_INPUT: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCode.NO_RELEASE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.TOO_COMPLEX: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.TOO_SLOW: HTTPStatus.GATEWAY_TIMEOUT,
    INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""What GraphQL's codes are over HTTP; a question that is written well and cannot be answered is 422 (RFC 9110, 15.5.21).

A code that is not here only a mistake of ours can bring: the documents are our own.
"""

NOTHING = Text("指定されたIDのものはありません。", "There is nothing with the id that was given.")

Data = dict[str, Any]


class UnansweredError(Exception):
    """A question that GraphQL answered with errors, or whose subject is not there; `headers` say what the client has left."""

    def __init__(self, code: str, faults: Sequence[Fault], headers: Mapping[str, str], request_id: str | None = None) -> None:
        text, parts = (faults[0].text, ()) if len(faults) == 1 else (FAULTY, faults)
        status = STATUSES.get(code, HTTPStatus.INTERNAL_SERVER_ERROR)
        self.problem = Problem(status=status, text=text, code=code, faults=parts, request_id=request_id)
        self.headers = headers
        super().__init__(text.en)


class Asker:
    """The routes' operations over a schema."""

    def __init__(self, schema: strawberry.Schema, routes: Sequence[Route] = ROUTES) -> None:
        self.schema = schema
        self.routes = routes
        self.types = graphql.build_schema(schema.as_str())
        self.operations = {route.operation: operation(route.operation, route.most, self.types) for route in routes}


def question_of(asked: Operation, variables: Mapping[str, Any]) -> Request:
    """An operation as GraphQL is asked it."""
    return Request(asked.text, dict(variables), asked.name)


def data_of(answer: Answer, context: Context) -> Data:
    """What GraphQL has under `data`; an error where it has errors, or where what was asked for by its id is not there."""
    body, headers = answer.body, told_of(context.meter)
    if "errors" in body:
        raise _unanswered(body["errors"], headers)
    data: Data = body["data"]
    if not all(data.values()):
        raise UnansweredError(ErrorCode.NOT_FOUND, [Fault(NOTHING)], headers)
    return data


def _unanswered(errors: Sequence[dict[str, Any]], headers: Mapping[str, str]) -> UnansweredError:
    told = [one["extensions"] for one in errors]
    faults = [Fault(Text(one["messages"]["ja"], one["messages"]["en"])) for one in told]
    request_id = next((one["requestId"] for one in told if "requestId" in one), None)
    return UnansweredError(told[0]["code"], faults, headers, request_id)
