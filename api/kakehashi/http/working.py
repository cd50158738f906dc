"""Where answers are computed: so many at a time, so many waiting, each for so long; whoever comes beyond that is told to wait."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kakehashi.http.problems import problem
from kakehashi.http.time_limits import TimeLimit
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

WAITED: Final = 5.0
"""For how many seconds a request waits for a place."""
GRACE_SECONDS: Final = 1.0
"""How much longer than its time limit a request may run before it is ended: until then it may give up by itself, in part."""
RETRY_AFTER: Final = {"Retry-After": "2"}

BUSY = Text(
    "混み合っています。少し待ってやり直してください。",
    "The server is busy. Wait a little and try again.",
)

_P = ParamSpec("_P")
_R = TypeVar("_R")


NOT_NOW: Final[Mapping[str, HTTPStatus]] = {
    ErrorCode.BUSY: HTTPStatus.SERVICE_UNAVAILABLE, ErrorCode.TOO_SLOW: HTTPStatus.GATEWAY_TIMEOUT,
}  # fmt: skip
"""The statuses of what `Work.run` raises itself."""


def not_now(error: KakehashiError, languages: tuple[str, ...]) -> Response:
    """The refusal that says that there is no place, or no time."""
    more = RETRY_AFTER if error.code is ErrorCode.BUSY else {}
    return problem(NOT_NOW[error.code], error.text, languages, {"Cache-Control": "no-store", **more}, error.code)


class Work:
    """A number of places to compute at, each for so many seconds and a little longer; four times as many may wait."""

    def __init__(self, places: int, seconds: float) -> None:
        self.limit = TimeLimit(seconds + GRACE_SECONDS)
        self._most = places * 5
        self._places = asyncio.Semaphore(places)
        self._inside = 0

    async def run(self, function: Callable[_P, _R], /, *arguments: _P.args, **named: _P.kwargs) -> _R:
        """What a function returns that is run in a thread; an error where there is no place, or no time."""
        if self._inside >= self._most:
            raise KakehashiError(ErrorCode.BUSY, BUSY)
        self._inside += 1
        try:
            await self._take()
            try:
                return await run_in_threadpool(self.limit.run, function, *arguments, **named)
            finally:
                self._places.release()
        finally:
            self._inside -= 1

    async def _take(self) -> None:
        try:
            async with asyncio.timeout(WAITED):
                await self._places.acquire()
        except TimeoutError:
            raise KakehashiError(ErrorCode.BUSY, BUSY) from None
