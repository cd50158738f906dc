"""Where answers are computed: so many at a time, so many waiting, each for so long; whoever comes beyond that is told to wait."""

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

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


class Work:
    """A number of places to compute at, each with a time limit in seconds; as many again times four may wait."""

    def __init__(self, places: int, seconds: float) -> None:
        self._limit = TimeLimit(seconds)
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
                return await run_in_threadpool(self._limit.run, function, *arguments, **named)
            finally:
                self._places.release()
        finally:
            self._inside -= 1

    async def _take(self) -> None:
        try:
            await asyncio.wait_for(self._places.acquire(), WAITED)
        except TimeoutError:
            raise KakehashiError(ErrorCode.BUSY, BUSY) from None
