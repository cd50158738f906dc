"""How things are asked, without any way of sending: generators that yield what is to be sent, or how long to wait.

The clients send and wait, each in its way; all that they know stands here once.
"""

import random
import uuid
from collections import OrderedDict
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from kakehashi.client.base import AnswerType, Listing, Page, Question, RowType
from kakehashi.client.errors import GraphQLError, ImportFailedError, UnexpectedAnswerError, UnreachableError, problem_of
from kakehashi.client.imports import ImportJob

JSON: Final = "application/json"
BUSY: Final = frozenset({429, 503})
IMPORTS: Final = "/imports"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A request that is to be sent; each may be sent again, for it asks, or has a key by which it is known."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    files: tuple[tuple[str, tuple[str, bytes]], ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A time to wait, in seconds."""

    seconds: float


Flow = Generator[Sending | Waiting, httpx2.Response | None, _T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a request is sent again where the server is busy or does not answer, and for how long to wait before.

    Waiting doubles from `first` seconds on, with chance in it so that clients part. What Retry-After says goes before; what is
    longer than `longest` is not waited for.
    """

    times: int = 4
    first: float = 0.5
    longest: float = 60.0

    def wait(self, sent: int, response: httpx2.Response | None) -> float | None:
        """How long to wait after it was sent so many times; None where it is not sent again."""
        if sent > self.times:
            return None
        told = None if response is None else _retry_after(response.headers.get("retry-after"))
        if told is not None:
            return told if told <= self.longest else None
        return min(self.first * 2.0 ** (sent - 1), self.longest) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads, protects nothing


def _retry_after(header: str | None) -> float | None:
    """The seconds that Retry-After says, as a number or as a date (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


class Cache:
    """The last answers that had an ETag, of at most `size` questions: asked again, they are sent only where they changed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, bytes]] = OrderedDict()

    def headers(self, sending: Sending) -> dict[str, str]:
        """What asks for news only."""
        kept = self._kept.get((sending.path, sending.params)) if sending.method == "GET" else None
        return {} if kept is None else {"If-None-Match": kept[0]}

    def content(self, sending: Sending, response: httpx2.Response) -> bytes:
        """The answer, the kept one where there is no news; it is kept from now on."""
        key = sending.path, sending.params
        if response.status_code == 304 and key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][1]
        if sending.method == "GET" and self._size and "etag" in response.headers:
            self._kept[key] = response.headers["etag"], response.content
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return response.content


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows of one client."""

    retries: Retries
    cache: Cache
    languages: tuple[str, ...] = ()

    def ask(self, question: Question[AnswerType]) -> Flow[AnswerType]:
        """The answer to a question."""
        content = yield from self._content(self._sending(question))
        answered: type[AnswerType] = question.answered
        return _decoded(content, answered)

    def graphql(self, query: str, variables: Mapping[str, Any] | None) -> Flow[Any]:
        """The `data` of GraphQL's answer."""
        body = msgspec.json.encode({"query": query, "variables": dict(variables or {})})
        headers = {"Content-Type": JSON, "Accept": JSON} | self._wishes()
        content = yield from self._content(Sending(method="POST", path="/graphql", content=body, headers=headers))
        answer = _decoded(content, dict[str, Any])
        if answer.get("errors"):
            raise GraphQLError(answer["errors"], answer.get("data"))
        return answer.get("data")

    def send_import(self, files: tuple[Path, ...], flags: Mapping[str, bool], upon: str | None) -> Flow[ImportJob]:
        """An import that the server took in. Its Idempotency-Key makes it one, however often it has to be sent."""
        parts = tuple(("file", (file.name, file.read_bytes())) for file in files)
        headers = self._wishes() | {"Idempotency-Key": uuid.uuid4().hex}
        headers |= {} if upon is None else {"If-Match": f'"{upon}"'}
        said = {name: _word(value) for name, value in flags.items()}
        content = yield from self._content(Sending(method="POST", path=IMPORTS, files=parts, data=said, headers=headers))
        return _decoded(content, ImportJob)

    def commit_import(self, tried: str, *, anyway: bool) -> Flow[ImportJob]:
        """The import that does what a dry run tried; sent twice it is one."""
        headers = self._wishes() | ({"If-Match": "*"} if anyway else {})
        content = yield from self._content(Sending(method="POST", path=f"{IMPORTS}/{tried}/commit", headers=headers))
        return _decoded(content, ImportJob)

    def import_jobs(self) -> Flow[tuple[ImportJob, ...]]:
        """The imports that may be seen, the newest first."""
        content = yield from self._content(Sending(method="GET", path=IMPORTS, headers=self._wishes()))
        return _decoded(content, tuple[ImportJob, ...])

    def import_job(self, identifier: str) -> Flow[ImportJob]:
        """How an import is now."""
        content = yield from self._content(Sending(method="GET", path=f"{IMPORTS}/{identifier}", headers=self._wishes()))
        return _decoded(content, ImportJob)

    def import_done(self, identifier: str, every: float) -> Flow[ImportJob]:
        """How an import ended, asked for every so many seconds."""
        while not (job := (yield from self.import_job(identifier))).over:
            yield Waiting(every)
        if job.state != "done":
            raise ImportFailedError(job)
        return job

    def _sending(self, question: Question[Any]) -> Sending:
        asked: dict[str, Any] = msgspec.to_builtins(question)
        languages = tuple(("lang", one) for one in self.languages)
        if question.posted:
            body, headers = msgspec.json.encode(asked), {"Content-Type": JSON, "Accept": JSON}
            return Sending(method="POST", path=question.path, params=languages, headers=headers, content=body)
        path = question.path
        if "{id}" in path:
            path = path.replace("{id}", quote(asked.pop("id"), safe="/"))
        return Sending(method="GET", path=path, params=(*_params(asked), *languages), headers={"Accept": JSON})

    def _wishes(self) -> dict[str, str]:
        return {"Accept-Language": ", ".join(self.languages)} if self.languages else {}

    def _content(self, sending: Sending) -> Flow[bytes]:
        headers = {**sending.headers, **self.cache.headers(sending)}
        response = yield from self._sent(replace(sending, headers=headers))
        return self.cache.content(sending, response)

    def _sent(self, sending: Sending) -> Flow[httpx2.Response]:
        """The answer to a request, which is sent again while the server is busy or does not answer."""
        sent = 0
        while True:
            sent += 1
            response, broken = yield from _once(sending)
            if response is not None and response.status_code not in BUSY:
                break
            wait = self.retries.wait(sent, response)
            if wait is None:
                break
            yield Waiting(wait)
        if response is None:
            raise UnreachableError(str(broken)) from broken
        if response.status_code == 304 or response.is_success:
            return response
        raise problem_of(response.status_code, response.content)


def _once(
    sending: Sending,
) -> Generator[Sending | Waiting, httpx2.Response | None, tuple[httpx2.Response | None, Exception | None]]:
    try:
        return (yield sending), None
    except httpx2.TransportError as error:
        return None, error


def page_of(question: Listing[AnswerType, RowType], answer: AnswerType) -> Page[RowType]:
    """The page of rows that an answer holds."""
    found: Page[RowType] = attrgetter(".".join(question.pages))(answer)
    return found


def next_question(question: Listing[AnswerType, RowType], answer: AnswerType) -> Listing[AnswerType, RowType] | None:
    """The question for the next page; None after the last."""
    info = page_of(question, answer).page_info
    if info is None or not info.has_next_page:
        return None
    return msgspec.structs.replace(question, after=info.end_cursor)


def _params(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A question as an address has it: the members of its parts one by one, lists repeated."""
    for name, value in asked.items():
        if isinstance(value, dict):
            yield from _params(value)
        elif isinstance(value, list | tuple):
            yield from ((name, _word(one)) for one in value)
        elif value is not None:
            yield name, _word(value)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decoded(content: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UnexpectedAnswerError(str(error)) from error
