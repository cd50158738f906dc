"""GraphQL over HTTP (the draft specification of the GraphQL Foundation): GET and POST, statuses by what was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
import strawberry
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.context import Context, accepted_languages
from kakehashi.graphql.execution import Answer, at_hand, execute
from kakehashi.graphql.execution import Request as GraphQLRequest
from kakehashi.http.negotiation import negotiate
from kakehashi.http.pages import graphiql
from kakehashi.http.problems import not_ready, problem
from kakehashi.http.serving import Serving, ServingPrivate
from kakehashi.snapshot.private import NOTHING, Private
from kakehashi.vocabulary.text import Text

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
HTML: Final = "text/html"
MAX_BODY_BYTES: Final = 256 * 1024
VARY: Final = {"Vary": "Accept, Accept-Language"}
NO_STORE: Final = {"Cache-Control": "no-store"}

NOT_ACCEPTABLE = Text("Acceptには {offers} のいずれかを含めてください。", "Accept must take one of: {offers}.")
WRONG_METHOD = Text("GETかPOSTを用いてください。", "Use GET or POST.")
WRONG_TYPE = Text("Content-Typeはapplication/jsonにしてください。", "The Content-Type must be application/json.")
TOO_LARGE = Text("本文は{limit}バイトまでです。", "The body may have at most {limit} bytes.")
NOT_JSON = Text("本文がJSONとして読めません。", "The body is not JSON.")
BAD_SHAPE = Text(
    "queryは文字列、operationNameは文字列、variablesとextensionsはオブジェクトでなければなりません。",
    "query must be a string, operationName a string, variables and extensions objects.",
)


@dataclass(frozen=True, slots=True)
class _RefusedError(Exception):
    status: HTTPStatus
    text: Text


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """The handler of /graphql."""

    schema: strawberry.Schema
    serving: Serving
    private: ServingPrivate | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        languages = accepted_languages(request.headers.get("accept-language"))
        if request.method not in ("GET", "POST"):
            return problem(HTTPStatus.METHOD_NOT_ALLOWED, WRONG_METHOD, languages, {"Allow": "GET, POST"})
        if request.method == "GET" and "query" not in request.query_params and _prefers_html(request):
            return graphiql()
        media_type = negotiate(request.headers.get("accept"), (JSON, GRAPHQL_JSON))
        if media_type is None:
            text = NOT_ACCEPTABLE(offers=f"{GRAPHQL_JSON}, {JSON}")
            return problem(HTTPStatus.NOT_ACCEPTABLE, text, languages, VARY)
        try:
            asked = await _read(request)
        except _RefusedError as refused:
            return problem(refused.status, refused.text, languages, VARY)
        snapshot = self.serving.snapshot()
        if snapshot is None:
            return not_ready(languages)
        context = Context(snapshot, languages, private=self._private(request))
        answer = at_hand(self.schema, context, asked)
        if answer is None:
            answer = await run_in_threadpool(execute, self.schema, context, asked)
        return _response(answer, media_type, {} if self.private is None else NO_STORE)

    def _private(self, request: Request) -> Private:
        return NOTHING if self.private is None else self.private.seen_by(request)


def _response(answer: Answer, media_type: str, more: Mapping[str, str]) -> Response:
    """`application/json` answers 200 to whatever could be read; the newer media type tells a refused request by 400."""
    refused = not answer.executed and media_type == GRAPHQL_JSON
    status = HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK
    headers = {"Content-Type": f"{media_type}; charset=utf-8", **VARY, **more}
    return Response(answer.content, status_code=status, headers=headers)


def _prefers_html(request: Request) -> bool:
    return negotiate(request.headers.get("accept"), (JSON, GRAPHQL_JSON, HTML)) == HTML


async def _read(request: Request) -> GraphQLRequest:
    if request.method == "GET":
        parameters = request.query_params
        variables = parameters.get("variables")
        fields = {
            "query": parameters.get("query"),
            "operationName": parameters.get("operationName"),
            "variables": _json(variables) if variables else None,
        }
        return _request(fields)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, WRONG_TYPE)
    return _request(_json(await _body(request)))


async def _body(request: Request) -> bytes:
    """The body, read no further than the limit."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE(limit=MAX_BODY_BYTES))
    return body


def _json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        # orjson refuses what could not be written back: lone surrogates, NaN, and nesting without end.
        return orjson.loads(text)
    except ValueError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, NOT_JSON) from error


def _request(fields: object) -> GraphQLRequest:
    if not isinstance(fields, dict):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, BAD_SHAPE)
    query, variables, name = fields.get("query"), fields.get("variables"), fields.get("operationName")
    extensions = fields.get("extensions")
    if not isinstance(query, str) or not isinstance(name, str | None):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, BAD_SHAPE)
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, BAD_SHAPE)
    return GraphQLRequest(query=query, variables=variables, operation_name=name)
