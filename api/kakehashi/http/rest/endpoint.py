"""The handler of a route: what is asked, whether the asker has the answer already, and the answer in the form that is wanted."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import chain
from typing import Final
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import execute
from kakehashi.graphql.languages import accepted_languages
from kakehashi.http import caching
from kakehashi.http.answering import Answering
from kakehashi.http.downloads import BUSY, Download
from kakehashi.http.negotiation import is_named, negotiate
from kakehashi.http.problems import Fault, Problem, not_ready, problem
from kakehashi.http.rate_limits import told_of
from kakehashi.http.rest.asking import Asker, Data, UnansweredError, data_of, question_of
from kakehashi.http.rest.limits import PAGE
from kakehashi.http.rest.operations import Operation
from kakehashi.http.rest.reading import JSON, Asked, RefusedError, asked_by
from kakehashi.http.rest.routes import Route
from kakehashi.http.rest.tables import TABLE_TYPES, Pages, written
from kakehashi.http.working import not_now
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

VARY: Final = "Accept, Accept-Language, Accept-Encoding, Authorization"
NOT_ACCEPTABLE = Text("Acceptには {offers} のいずれかを含めてください。", "Accept must take one of: {offers}.")
NO_PAGES = Text("表の全体を求めるときは、{name}を指定できません。", "A whole table has no pages: leave {name} out.")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all routes share. `places` are the whole tables that may be sent at a time."""

    asker: Asker
    answering: Answering
    places: asyncio.Semaphore


@dataclass(frozen=True, slots=True)
class _Question:
    """One request, read and ready to be asked."""

    asked: Asked
    context: Context
    media_type: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RestEndpoint:
    """The handler of one route."""

    route: Route
    shared: Surroundings

    @property
    def methods(self) -> list[str]:
        """The methods that the route takes."""
        return ["GET", "HEAD", "OPTIONS", *(["POST"] if self.route.body else [])]

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        languages = accepted_languages(request.headers.get("accept-language"))
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(self.methods)})
        try:
            return await self._answer(request, languages)
        except RefusedError as refused:
            return Problem(status=refused.status, text=refused.text, faults=refused.faults).told(languages)
        except UnansweredError as unanswered:
            return unanswered.problem.told(languages, unanswered.headers)
        except KakehashiError as error:  # there is no place to compute at, or no time
            return not_now(error, languages)

    async def _answer(self, request: Request, languages: tuple[str, ...]) -> Response:
        offers = (JSON, *TABLE_TYPES) if self.route.columns else (JSON,)
        media_type = negotiate(request.headers.get("accept"), offers)
        if media_type is None:
            raise RefusedError(HTTPStatus.NOT_ACCEPTABLE, NOT_ACCEPTABLE(offers=", ".join(offers)))
        asked = await asked_by(request, self._operation)
        context = self.shared.answering.context(request)
        if context is None:
            return not_ready(languages)
        if asked.languages:
            wished = tuple(tag.partition("-")[0].lower() for tag in asked.languages)
            context = replace(context, languages=wished, ranges=asked.languages)
        question = _Question(asked, context, media_type, self._headers(request, asked, context, media_type))
        if _has_it(request, question.headers):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=question.headers)
        return await (self._whole(request, question) if media_type in TABLE_TYPES else self._page(request, question))

    @property
    def _operation(self) -> Operation:
        return self.shared.asker.operations[self.route.operation]

    async def _page(self, request: Request, question: _Question) -> Response:
        context = question.context
        asked = question_of(self._operation, question.asked.variables)
        data = data_of(await self.shared.answering.answer(context, asked), context)
        headers = dict(question.headers) | self._link(request, data) | told_of(context.meter)
        return Response(orjson.dumps(data), media_type=JSON, headers=headers)

    async def _whole(self, request: Request, question: _Question) -> Response:
        """The table as a stream; its first page is asked before the answer begins, so that a fault has its status."""
        for name in ("first", "after"):
            if name in question.asked.variables:
                raise RefusedError(HTTPStatus.BAD_REQUEST, NO_PAGES(name=name), (Fault(NO_PAGES(name=name), name),))
        if self.shared.places.locked():
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE, BUSY, question.context.languages, {"Retry-After": "30"}, ErrorCode.BUSY
            )  # fmt: skip
        pages = self._pages(question)
        first = await self.shared.answering.bounds.work.run(next, pages)
        headers = dict(question.headers) | told_of(question.context.meter)
        headers |= {"Content-Type": f"{question.media_type}; charset=utf-8"}
        if request.method == "HEAD":
            return _only_headers(headers)
        return Download(written(chain([first], pages), question.media_type, self.route.columns), headers, self.shared.places)

    def _pages(self, question: _Question) -> Pages:
        """The pages of the whole table, each asked when the one before is sent; the first is what the client is charged."""
        context, answering = question.context, self.shared.answering
        after, more = None, True
        while more:
            variables = {**question.asked.variables, "first": PAGE, "after": after}
            asked = question_of(self._operation, variables)
            answer = answering.bounds.work.limit.run(execute, answering.schema, context, asked)
            listed = self._listed(data_of(answer, context))
            yield listed["nodes"]
            after, more = listed["pageInfo"]["endCursor"], listed["pageInfo"]["hasNextPage"]
            context = answering.going_on(context)

    def _listed(self, data: Data) -> Data:
        for step in self.route.pages:
            data = data[step]
        return data

    def _link(self, request: Request, data: Data) -> dict[str, str]:
        """Where the next page is, if there is one and the question stands in the address."""
        if not self.route.pages or request.method == "POST":
            return {}
        page = self._listed(data)["pageInfo"]
        if not page["hasNextPage"]:
            return {}
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
        return {"Link": f'<{request.url.path}?{urlencode([*pairs, ("after", page["endCursor"])])}>; rel="next"'}

    def _headers(self, request: Request, asked: Asked, context: Context, media_type: str) -> dict[str, str]:
        """What a cache needs to know. An answer that private rows may be in is kept nowhere."""
        headers = {"Vary": VARY, "X-Content-Type-Options": "nosniff", "Kakehashi-Release": context.snapshot.release.id}
        if self.shared.answering.seen_by(request) is not None or "authorization" in request.headers:
            return headers | caching.SECRET
        headers["Cache-Control"] = "no-cache"
        return headers if request.method == "POST" else headers | {"ETag": self._etag(request, asked, context, media_type)}

    def _etag(self, request: Request, asked: Asked, context: Context, media_type: str) -> str:
        """A strong name of the answer: a release never changes, so that the question and its day are all that it depends on."""
        caller = getattr(request.state, "caller", None)
        seen = None if caller is None else [sorted(caller.scopes), sorted(caller.organisations)]
        parts = [
            context.snapshot.release.id, self._operation.text, asked.variables, context.languages, context.ranges, context.today,
            media_type, seen,
        ]  # fmt: skip
        return f'"{hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]}"'


def _has_it(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the asker has the answer; a mere `*` names none."""
    named = request.headers.get("if-none-match", "*").strip()
    return "ETag" in headers and named != "*" and is_named(headers["ETag"], named)


def _only_headers(headers: Mapping[str, str]) -> Response:
    """A stream's headers: nobody knows its length beforehand."""
    response = Response(headers=headers)
    del response.headers["content-length"]
    return response
