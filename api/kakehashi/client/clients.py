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

    def send_import(self, *files: Path, **options: str) -> dict[str, Any]:
        """Send files in; what the server tells of the import, with its `location`. Sent once, even if no answer comes."""
        return self._run(self._flows.send_import(files, options))

    def import_job(self, location: str) -> dict[str, Any]:
        """What the server tells of an import now."""
        return self._run(self._flows.import_job(location))

    def import_done(self, location: str, every: float = 2.0) -> dict[str, Any]:
        """What the server tells of an import once it is over, asked for every so many seconds; ImportFailedError."""
        return self._run(self._flows.import_done(location, every))

    def _run(self, flow: Flow[_T]) -> _T:
        try:
            step = next(flow)
            while True:
                if isinstance(step, Waiting):
                    time.sleep(step.seconds)
                    step = next(flow)
                else:
                    step = self._send(flow, step)
        except StopIteration as over:
            answer: _T = over.value
            return answer

    def _send(self, flow: Flow[_T], sending: Sending) -> Sending | Waiting:
        try:
            response = self._http.request(**_arguments(sending))
        except httpx2.TransportError as error:
            return flow.throw(error)
        return flow.send(response)


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

    async def send_import(self, *files: Path, **options: str) -> dict[str, Any]:
        """Send files in; what the server tells of the import, with its `location`. Sent once, even if no answer comes."""
        return await self._run(self._flows.send_import(files, options))

    async def import_job(self, location: str) -> dict[str, Any]:
        """What the server tells of an import now."""
        return await self._run(self._flows.import_job(location))

    async def import_done(self, location: str, every: float = 2.0) -> dict[str, Any]:
        """What the server tells of an import once it is over, asked for every so many seconds; ImportFailedError."""
        return await self._run(self._flows.import_done(location, every))

    async def _run(self, flow: Flow[_T]) -> _T:
        try:
            step = next(flow)
            while True:
                if isinstance(step, Waiting):
                    await asyncio.sleep(step.seconds)
                    step = next(flow)
                else:
                    step = await self._send(flow, step)
        except StopIteration as over:
            answer: _T = over.value
            return answer

    async def _send(self, flow: Flow[_T], sending: Sending) -> Sending | Waiting:
        try:
            response = await self._http.request(**_arguments(sending))
        except httpx2.TransportError as error:
            return flow.throw(error)
        return flow.send(response)


def _arguments(sending: Sending) -> dict[str, Any]:
    """A request as httpx2 takes it."""
    found = {
        "method": sending.method, "url": sending.path, "params": list(sending.params), "headers": dict(sending.headers),
        "content": sending.content, "files": list(sending.files) or None, "data": dict(sending.data) or None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
