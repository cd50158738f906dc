"""`/sparql`: the SPARQL 1.1 Protocol for queries, over the served release; nothing that changes it, nothing that leaves it."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from kakehashi.graphql.languages import accepted_languages
from kakehashi.http.negotiation import negotiate
from kakehashi.http.problems import not_ready, problem
from kakehashi.http.serving import Serving
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.queryable import Queryable, everything, make, open_only
from kakehashi.store.askers import Answer, Askers
from kakehashi.store.port import Release, Repository
from kakehashi.store.questions import GRAPHS, MEDIA_TYPES, SOLUTIONS, Format, Limits, Question, UnansweredError, Why
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
FORM: Final = "application/x-www-form-urlencoded"
MAX_BODY_BYTES: Final = 128 * 1024
MAX_QUERY_BYTES: Final = 64 * 1024
MAX_ADDRESS_BYTES: Final = 16 * 1024
MADE_WITHIN: Final = 5.0
"""For how long a question waits until a new release can be asked, before it is told to come again."""
SENT_WITHIN: Final = 120.0
"""For how long a client may take to fetch an answer."""
HEADERS: Final = {"Vary": "Accept, Accept-Language", "X-Content-Type-Options": "nosniff"}

OFF = Text(
    "このサーバーではSPARQLを使えません。使うには「kakehashi serve --sparql」(または環境変数KAKEHASHI_SPARQL=1)で起動します。",
    "SPARQL is turned off on this server. 'kakehashi serve --sparql' (or KAKEHASHI_SPARQL=1) turns it on.",
)
WRONG_METHOD = Text("GETかPOSTを用いてください。", "Use GET or POST.")
WRONG_TYPE = Text(
    f"Content-Typeは{QUERY}か{FORM}にしてください。",
    f"The Content-Type must be {QUERY} or {FORM}.",
)
NO_UPDATES = Text("更新はできません。配信中のリリースは変わりません。", "Updates are refused: a release never changes.")
ONE_QUERY = Text("queryを一つだけ指定してください。", "Give exactly one 'query'.")
NOT_UTF_8 = Text("問い合わせはUTF-8で書いてください。", "The query must be in UTF-8.")
TOO_LONG = Text("問い合わせは{limit}バイトまでです。", "A query may have at most {limit} bytes.")
TOO_LONG_ADDRESS = Text(
    "URLは{limit}バイトまでです。POSTで送ってください。",
    "The address may have at most {limit} bytes. Send the query with POST.",
)
NO_SUCH_GRAPH = Text("ここで問い合わせられるグラフに {graph} はありません。", "There is no graph {graph} here to be asked.")
NOT_ACCEPTABLE = Text("Acceptには {offers} のいずれかを含めてください。", "Accept must take one of: {offers}.")
BEING_MADE = Text(
    "リリース {id} の問い合わせの準備をしています。少し待ってやり直してください。",
    "Release {id} is being made ready for queries. Wait a little and try again.",
)

_STATUSES: Final = {
    Why.MALFORMED: HTTPStatus.BAD_REQUEST, Why.FEDERATED: HTTPStatus.FORBIDDEN,
    Why.NOT_A_GRAPH: HTTPStatus.NOT_ACCEPTABLE, Why.NOT_ROWS: HTTPStatus.NOT_ACCEPTABLE,
    Why.TOO_MANY_ROWS: HTTPStatus.UNPROCESSABLE_ENTITY, Why.TOO_LARGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Why.TOO_MUCH_MEMORY: HTTPStatus.UNPROCESSABLE_ENTITY, Why.TOO_SLOW: HTTPStatus.GATEWAY_TIMEOUT,
    Why.CRASHED: HTTPStatus.INTERNAL_SERVER_ERROR, Why.FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
    Why.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
}  # fmt: skip
_SOLUTION_TYPES: Final = {**{MEDIA_TYPES[one]: one for one in SOLUTIONS}, "application/json": Format.JSON, "text/xml": Format.XML}
_GRAPH_TYPES: Final = {MEDIA_TYPES[one]: one for one in GRAPHS}


@dataclass(frozen=True, slots=True, kw_only=True)
class SparqlOptions:
    """How the endpoint is served where it is turned on; `everything` lets it answer from sources that may not leave the house."""

    everything: bool = False
    workers: int = 2
    waiting: int = 8
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class _RefusedError(Exception):
    status: HTTPStatus
    text: Text
    headers: Mapping[str, str] = field(default_factory=dict)
    code: ErrorCode | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


async def turned_off(request: Request) -> Response:
    """What /sparql answers where nobody turned it on."""
    return problem(HTTPStatus.NOT_FOUND, OFF, accepted_languages(request.headers.get("accept-language")))


class SparqlEndpoint:
    """The handler of /sparql, and the processes behind it."""

    def __init__(self, serving: Serving, home: Home, repository: Repository, options: SparqlOptions) -> None:
        self._serving = serving
        self._places = _Places(home, repository, all_of_it=options.everything)
        self._askers = Askers(options.workers, options.waiting)
        self._limits = options.limits

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        languages = accepted_languages(request.headers.get("accept-language"))
        snapshot = self._serving.snapshot()
        if snapshot is None:
            return not_ready(languages)
        try:
            asked, types = await _read(request), _media_types(request.headers.get("accept"))
            answer = await run_in_threadpool(self._answer, snapshot, asked, types)
        except _RefusedError as refused:
            return problem(refused.status, refused.text, languages, {**HEADERS, **refused.headers}, refused.code)
        except UnansweredError as unanswered:
            headers = HEADERS | ({"Retry-After": "2"} if unanswered.why is Why.BUSY else {})
            return problem(_STATUSES[unanswered.why], unanswered.text, languages, headers, unanswered.code)
        except KakehashiError as error:
            return problem(HTTPStatus.INTERNAL_SERVER_ERROR, error.text, languages, HEADERS, error.code)
        return _AnswerResponse(answer, types)

    def begin(self) -> None:
        """Make the served release ready before anybody asks."""
        snapshot = self._serving.snapshot()
        if snapshot is not None:
            self._places.begin(snapshot)

    def prepare(self, snapshot: Snapshot) -> None:
        """Make a release ready before it is served, so that nobody is refused meanwhile; what fails is told to who asks."""
        wait([self._places.begin(snapshot)])

    def close(self) -> None:
        """End the processes."""
        self._askers.close()

    def _answer(self, snapshot: Snapshot, asked: _Asked, types: Sequence[str | None]) -> Answer:
        place = self._places.of(snapshot)
        unknown = {*asked.default_graphs, *asked.named_graphs}.difference(place.graphs)
        if unknown:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, NO_SUCH_GRAPH(graph=min(unknown)[:300]))
        solutions, graph = types
        restricted = bool(asked.default_graphs or asked.named_graphs)
        question = Question(
            query=asked.query, solutions=_SOLUTION_TYPES.get(solutions or ""), graph=_GRAPH_TYPES.get(graph or ""),
            default_graphs=asked.default_graphs if restricted else None,
            named_graphs=asked.named_graphs if restricted else None, limits=self._limits,
        )  # fmt: skip
        return self._askers.ask(place.folder, question)


class _Places:
    """Makes each release ready to be asked, in a thread of its own: a large one takes half a minute."""

    def __init__(self, home: Home, repository: Repository, *, all_of_it: bool) -> None:
        self._home = home
        self._repository = repository
        self._all_of_it = all_of_it
        self._lock = threading.Lock()
        self._somebody_waits = threading.Lock()
        self._making: dict[Path, Future[None]] = {}

    def of(self, snapshot: Snapshot) -> Queryable:
        """Where a release is asked; a refusal for now where that takes longer than anybody should wait."""
        queryable = self._queryable(snapshot)
        if not queryable.folder.is_dir():
            self._wait(self.begin(snapshot), snapshot)
        return queryable

    def begin(self, snapshot: Snapshot) -> "Future[None]":
        """Begin to make a release ready, unless somebody did."""
        queryable = self._queryable(snapshot)
        with self._lock:
            found = self._making.get(queryable.folder)
            if found is None or found.done():
                found = self._making[queryable.folder] = Future()
                arguments = (found, queryable, snapshot.release)
                threading.Thread(target=self._make, args=arguments, name="sparql-maker", daemon=True).start()
            return found

    def _make(self, made: "Future[None]", queryable: Queryable, release: Release) -> None:
        try:
            make(queryable, self._repository, release)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for it
            made.set_exception(error)
        else:
            made.set_result(None)

    def _wait(self, made: "Future[None]", snapshot: Snapshot) -> None:
        """One question waits for a while; the others are told at once, so that they keep no thread busy."""
        alone = self._somebody_waits.acquire(blocking=False)
        try:
            made.result(MADE_WITHIN if alone else 0)
        except TimeoutError as error:
            text = BEING_MADE(id=snapshot.release.id)
            raise _RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, text, {"Retry-After": "5"}, ErrorCode.BUSY) from error
        finally:
            if alone:
                self._somebody_waits.release()

    def _queryable(self, snapshot: Snapshot) -> Queryable:
        if self._all_of_it:
            return everything(self._home, snapshot.release)
        return open_only(self._home, snapshot.release, snapshot.sources)


class _AnswerResponse(StreamingResponse):
    """An answer, which is let go of when it is sent, or when its client took too long."""

    def __init__(self, answer: Answer, types: Sequence[str | None]) -> None:
        media_type = types[0 if answer.written_in in SOLUTIONS else 1] or ""
        headers = {**HEADERS, "Content-Length": str(answer.size), "Content-Type": _with_charset(media_type)}
        super().__init__(answer.pieces(), headers=headers)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(SENT_WITHIN):
                await super().__call__(scope, receive, send)
        finally:
            self._answer.close()


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _media_types(accept: str | None) -> tuple[str | None, str | None]:
    """What to write rows in, and what to write graphs in; None for what the client does not take."""
    found = negotiate(accept, tuple(_SOLUTION_TYPES)), negotiate(accept, tuple(_GRAPH_TYPES))
    if found == (None, None):
        offers = ", ".join((*_SOLUTION_TYPES, *_GRAPH_TYPES))
        raise _RefusedError(HTTPStatus.NOT_ACCEPTABLE, NOT_ACCEPTABLE(offers=offers))
    return found


async def _read(request: Request) -> _Asked:
    if len(request.url.query) > MAX_ADDRESS_BYTES:
        raise _RefusedError(HTTPStatus.REQUEST_URI_TOO_LONG, TOO_LONG_ADDRESS(limit=MAX_ADDRESS_BYTES))
    in_address = _pairs(request.url.query)
    if request.method in ("GET", "HEAD"):
        return _asked(in_address)
    if request.method != "POST":
        raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, WRONG_METHOD, {"Allow": "GET, HEAD, POST"})
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == UPDATE:
        raise _RefusedError(HTTPStatus.FORBIDDEN, NO_UPDATES)
    if media_type not in (QUERY, FORM):
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, WRONG_TYPE)
    text = await _body(request)
    return _asked(_pairs(text) if media_type == FORM else [("query", text), *in_address])


async def _body(request: Request) -> str:
    """The body, read no further than the limit."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LONG(limit=MAX_QUERY_BYTES))
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, NOT_UTF_8) from error


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=2000)
    except ValueError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, NOT_UTF_8) from error


def _asked(pairs: Sequence[tuple[str, str]]) -> _Asked:
    def of(wanted: str) -> tuple[str, ...]:
        return tuple(value for name, value in pairs if name == wanted)

    if of("update"):
        raise _RefusedError(HTTPStatus.FORBIDDEN, NO_UPDATES)
    if len(of("query")) != 1:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, ONE_QUERY)
    if len(of("query")[0].encode()) > MAX_QUERY_BYTES:
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LONG(limit=MAX_QUERY_BYTES))
    return _Asked(of("query")[0], of("default-graph-uri"), of("named-graph-uri"))
