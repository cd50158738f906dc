"""GraphQL over HTTP (the draft specification of the GraphQL Foundation): GET and POST, statuses by what was accepted."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.context import Context
from kakehashi.graphql.documents import documents_of
from kakehashi.graphql.execution import Answer, refusal
from kakehashi.graphql.execution import Request as GraphQLRequest
from kakehashi.graphql.languages import accepted_languages
from kakehashi.http import caching
from kakehashi.http.answering import Answering
from kakehashi.http.graphql_problems import not_ready, problem
from kakehashi.http.graphql_requests import JSON, Asked, RefusedError, names_a_document, read
from kakehashi.http.negotiation import is_named, negotiate
from kakehashi.http.pages import graphiql
from kakehashi.http.rate_limits import told_of
from kakehashi.http.trusted_documents import trusted_documents
from kakehashi.http.working import NOT_NOW, RETRY_AFTER
from kakehashi.vocabulary.text import KakehashiError, Text

GRAPHQL_JSON: Final = "application/graphql-response+json"
HTML: Final = "text/html"
VARY: Final = {"Vary": "Accept, Accept-Language, Accept-Encoding, Authorization"}

NOT_ACCEPTABLE = Text("Acceptには {offers} のいずれかを含めてください。", "Accept must take one of: {offers}.")
WRONG_METHOD = Text("GETかPOSTを用いてください。", "Use GET or POST.")


class GraphQLEndpoint:
    """The handler of /graphql."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        options, schema = answering.bounds.options, answering.schema
        self._trusted = trusted_documents(options.trusted_documents, documents_of(schema), only=options.trusted_only)
        self._version = hashlib.sha256(schema.as_str().encode()).hexdigest()

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        languages = accepted_languages(request.headers.get("accept-language"))
        if request.method not in ("GET", "POST"):
            return problem(HTTPStatus.METHOD_NOT_ALLOWED, WRONG_METHOD, languages, {"Allow": "GET, POST", **VARY})
        if request.method == "GET" and not names_a_document(request.query_params) and _prefers_html(request):
            return graphiql()
        media_type = negotiate(request.headers.get("accept"), (JSON, GRAPHQL_JSON))
        if media_type is None:
            text = NOT_ACCEPTABLE(offers=f"{GRAPHQL_JSON}, {JSON}")
            return problem(HTTPStatus.NOT_ACCEPTABLE, text, languages, VARY)
        try:
            asked = await read(request)
        except RefusedError as refused:
            return problem(refused.status, refused.text, languages, VARY | caching.PASSING)
        context = self._answering.context(request)
        if context is None:
            return not_ready(languages)
        return await self._answered(request, asked, context, media_type)

    async def _answered(self, request: Request, asked: Asked, context: Context, media_type: str) -> Response:
        try:
            query = self._trusted.text_of(asked.query, asked.document_id)
        except KakehashiError as error:
            return _response(refusal(context, error), context, media_type, caching.PASSING)
        wanted = GraphQLRequest(query, asked.variables, asked.operation_name)
        kept = self._kept(request, context, wanted, media_type)
        if "ETag" in kept and is_named(kept["ETag"], _known(request)):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**VARY, **kept})
        answer, status = await self._run(context, wanted)
        if not answer.faultless or context.meter.told:
            kept = caching.PASSING if kept is not caching.SECRET else kept
        return _response(answer, context, media_type, kept, status)

    def _kept(self, request: Request, context: Context, wanted: GraphQLRequest, media_type: str) -> Mapping[str, str]:
        """What is said of keeping the answer, if it is one without errors."""
        if self._answering.seen_by(request) is not None or "authorization" in request.headers:
            return caching.SECRET
        if not caching.is_of_one_release(wanted.query):
            return caching.PASSING
        if request.method != "GET":
            return caching.ASKED_AGAIN
        return caching.PUBLIC | {"ETag": caching.etag_of(self._version, context, wanted, media_type)}

    async def _run(self, context: Context, wanted: GraphQLRequest) -> tuple[Answer, HTTPStatus | None]:
        """The answer, and its status where that does not follow from it."""
        try:
            answer = await self._answering.answer(context, wanted)
        except KakehashiError as error:
            return refusal(context, error), NOT_NOW[error.code]
        return answer, HTTPStatus.TOO_MANY_REQUESTS if context.meter.refused else None


def _known(request: Request) -> str | None:
    """The ETags that a client has; `*`, whatever there is, names none, for whether there is an answer shows when it is run."""
    header = request.headers.get("if-none-match")
    return None if header is not None and "*" in header.split(",") else header


def _response(
    answer: Answer, context: Context, media_type: str, more: Mapping[str, str], status: HTTPStatus | None = None
) -> Response:
    """`application/json` answers 200 to whatever could be read; the newer media type tells a refused request by 400."""
    if status is None:
        refused = not answer.executed and media_type == GRAPHQL_JSON
        status = HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK
    headers = {"Content-Type": f"{media_type}; charset=utf-8", **VARY, **more, **told_of(context.meter)}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers |= RETRY_AFTER
    return Response(answer.content, status_code=status, headers=headers)


def _prefers_html(request: Request) -> bool:
    return negotiate(request.headers.get("accept"), (JSON, GRAPHQL_JSON, HTML)) == HTML
