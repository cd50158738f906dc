"""The two clients: one sends and waits, the other lets others work meanwhile. What they ask is the same (`flows`)."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2

from kakehashi.client.base import AnswerType, Listing, Question, RowType
from kakehashi.client.flows import Cache, Flow, Flows, Retries, Sending, Waiting, next_question, page_of
from kakehashi.client.imports import ImportJob

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a client behaves: how many seconds it waits for the server, how it asks again, and how many answers it keeps.

    A kept answer is asked for news only, by its ETag.
    """

    timeout: float = 60.0
    retries: Retries = field(default_factory=Retries)
    cached: int = 0


class _Settled:
    """What both clients are told: the server's address, an API key or a token, and the languages wished for, best first."""

    def __init__(
        self, base: str, *, key: str | None = None, languages: Sequence[str] = (), options: Options | None = None
    ) -> None:
        options = options or Options()
        self._flows = Flows(options.retries, Cache(options.cached), tuple(languages))
        self._options: dict[str, Any] = {
            "base_url": base,
            "headers": {} if key is None else {"Authorization": f"Bearer {key}"},
            "timeout": options.timeout,
            # A redirection could lead the key elsewhere.
            "follow_redirects": False,
        }


class Client(_Settled):
    """Asks, and waits for the answer. A context manager."""

    def __enter__(self) -> Self:
        self._http = httpx2.Client(**self._options)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def ask(self, question: Question[AnswerType]) -> AnswerType:
        """The answer to a question; ClientError."""
        return self._run(self._flows.ask(question))

    def pages(self, question: Listing[AnswerType, RowType]) -> Iterator[AnswerType]:
        """The answers to a question, page by page, each asked for when the one before was used."""
        asking: Listing[AnswerType, RowType] | None = question
        while asking is not None:
            answer = self.ask(asking)
            yield answer
            asking = next_question(asking, answer)

    def each(self, question: Listing[AnswerType, RowType]) -> Iterator[RowType]:
        """All rows of a question's list."""
        for answer in self.pages(question):
            yield from page_of(question, answer).nodes

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - what the query asks for
        """The `data` of a GraphQL query of your own; GraphQLError."""
        return self._run(self._flows.graphql(query, variables))

    def send_import(self, *files: Path, dry_run: bool = False, private: bool = False, upon: str | None = None) -> ImportJob:
        """Send files in; a dry run says what they would change. However often it has to be sent, it is one import.

        With `upon`, the id of a release, they are built upon that one alone.
        """
        return self._run(self._flows.send_import(files, {"dryRun": dry_run, "private": private}, upon))

    def commit_import(self, tried: str, *, anyway: bool = False) -> ImportJob:
        """Do what a dry run of that id tried, if what is served is still the same, or `anyway`."""
        return self._run(self._flows.commit_import(tried, anyway=anyway))

    def import_jobs(self) -> tuple[ImportJob, ...]:
        """One's own imports, the newest first; to an admin everybody's."""
        return self._run(self._flows.import_jobs())

    def import_job(self, identifier: str) -> ImportJob:
        """How an import is now."""
        return self._run(self._flows.import_job(identifier))

    def import_done(self, identifier: str, every: float = 2.0) -> ImportJob:
        """How an import ended, asked for every so many seconds; ImportFailedError where it was not done."""
        return self._run(self._flows.import_done(identifier, every))

    def _run(self, flow: Flow[_T]) -> _T:
        came: httpx2.Response | httpx2.TransportError | None = None
        while True:
            try:
                step = flow.throw(came) if isinstance(came, httpx2.TransportError) else flow.send(came)
            except StopIteration as over:
                answer: _T = over.value
                return answer
            came = self._take(step)

    def _take(self, step: Sending | Waiting) -> httpx2.Response | httpx2.TransportError | None:
        if isinstance(step, Waiting):
            time.sleep(step.seconds)
            return None
        try:
            return self._http.request(**_arguments(step))
        except httpx2.TransportError as error:
            return error


class AsyncClient(_Settled):
    """Asks, and lets others work until the answer comes. An asynchronous context manager."""

    async def __aenter__(self) -> Self:
        self._http = httpx2.AsyncClient(**self._options)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._http.aclose()

    async def ask(self, question: Question[AnswerType]) -> AnswerType:
        """The answer to a question; ClientError."""
        return await self._run(self._flows.ask(question))

    async def pages(self, question: Listing[AnswerType, RowType]) -> AsyncIterator[AnswerType]:
        """The answers to a question, page by page, each asked for when the one before was used."""
        asking: Listing[AnswerType, RowType] | None = question
        while asking is not None:
            answer = await self.ask(asking)
            yield answer
            asking = next_question(asking, answer)

    async def each(self, question: Listing[AnswerType, RowType]) -> AsyncIterator[RowType]:
        """All rows of a question's list."""
        async for answer in self.pages(question):
            for row in page_of(question, answer).nodes:
                yield row

    async def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - what the query asks for
        """The `data` of a GraphQL query of your own; GraphQLError."""
        return await self._run(self._flows.graphql(query, variables))

    async def send_import(self, *files: Path, dry_run: bool = False, private: bool = False, upon: str | None = None) -> ImportJob:
        """Send files in; a dry run says what they would change. However often it has to be sent, it is one import.

        With `upon`, the id of a release, they are built upon that one alone.
        """
        return await self._run(self._flows.send_import(files, {"dryRun": dry_run, "private": private}, upon))

    async def commit_import(self, tried: str, *, anyway: bool = False) -> ImportJob:
        """Do what a dry run of that id tried, if what is served is still the same, or `anyway`."""
        return await self._run(self._flows.commit_import(tried, anyway=anyway))

    async def import_jobs(self) -> tuple[ImportJob, ...]:
        """One's own imports, the newest first; to an admin everybody's."""
        return await self._run(self._flows.import_jobs())

    async def import_job(self, identifier: str) -> ImportJob:
        """How an import is now."""
        return await self._run(self._flows.import_job(identifier))

    async def import_done(self, identifier: str, every: float = 2.0) -> ImportJob:
        """How an import ended, asked for every so many seconds; ImportFailedError where it was not done."""
        return await self._run(self._flows.import_done(identifier, every))

    async def _run(self, flow: Flow[_T]) -> _T:
        came: httpx2.Response | httpx2.TransportError | None = None
        while True:
            try:
                step = flow.throw(came) if isinstance(came, httpx2.TransportError) else flow.send(came)
            except StopIteration as over:
                answer: _T = over.value
                return answer
            came = await self._take(step)

    async def _take(self, step: Sending | Waiting) -> httpx2.Response | httpx2.TransportError | None:
        if isinstance(step, Waiting):
            await asyncio.sleep(step.seconds)
            return None
        try:
            return await self._http.request(**_arguments(step))
        except httpx2.TransportError as error:
            return error


def _arguments(sending: Sending) -> dict[str, Any]:
    """A request as httpx2 takes it."""
    found = {
        "method": sending.method, "url": sending.path, "params": list(sending.params), "headers": dict(sending.headers),
        "content": sending.content, "files": list(sending.files) or None, "data": dict(sending.data) or None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
