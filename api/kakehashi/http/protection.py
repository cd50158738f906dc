"""What stands around every route: what a browser may do with answers, which sites may read them, and how long a body may take."""

import asyncio
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kakehashi.http.compression import Compression
from kakehashi.http.graphql_problems import problem_at
from kakehashi.http.options import HttpOptions
from kakehashi.vocabulary.text import Text

BODY_SECONDS: Final = 20.0
BODY_BYTES_A_SECOND: Final = 32 * 1024
"""How long a client may take to send a body: so many seconds, and one more for each of these bytes that came.

A large file that keeps coming is waited for, over a slow line too; drops are not.
"""
MAX_ADDRESS_BYTES: Final = 16 * 1024
READ_FOR: Final = 600
"""For how many seconds a browser need not ask again whether a page may read."""
ANY: Final = "*"

SAFE_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""For answers that do not say otherwise themselves: they load nothing, are framed nowhere, and are what they say they are."""
TOLD: Final = (
    "Content-Disposition", "ETag", "Kakehashi-Release", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
    "WWW-Authenticate", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Used", "X-Request-Id",
)  # fmt: skip
"""The headers that a page of another site may read."""
ASKED_WITH: Final = ("Content-Type", "If-None-Match", "MCP-Protocol-Version", "X-Request-Id")
SENT_WITH: Final = ("Authorization", "Idempotency-Key", "If-Match")
"""The headers that a page of another site may send, and those that only pages of sites that are named may."""

TOO_SLOW = Text(
    "本文の届くのが遅すぎます({limit}秒に加えて、毎秒{rate}KiBの分だけ待ちます)。",
    "The body comes too slowly: it is waited for {limit} seconds, and one more for every {rate} KiB that came.",
)
TOO_LONG = Text(
    "URLは{limit}バイトまでです。POSTで送ってください。",
    "The address may have at most {limit} bytes. Send the request with POST.",
)


def protect(app: FastAPI, options: HttpOptions) -> None:
    """Put everything around an application's routes; to be called last, so that nothing stands outside."""
    app.add_middleware(Compression)
    open_to_all = ANY in options.origins
    # A page of any site reads what anybody may read; only sites that are named may send a key along. Cookies are never used.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=options.origins,
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=[*ASKED_WITH, *(() if open_to_all else SENT_WITH)],
        expose_headers=TOLD,
        max_age=READ_FOR,
    )
    app.add_middleware(Protection, resource_policy="cross-origin" if open_to_all else "same-origin")


class _SlowError(Exception):
    """A body that does not come."""


class Protection:
    """What no request gets past: only what watches and counts requests stands around it."""

    def __init__(self, app: ASGIApp, resource_policy: str) -> None:
        self._app = app
        self._headers = SAFE_HEADERS | {"Cross-Origin-Resource-Policy": resource_policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, unless its address is too long or its body does not come."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add(message)
            await send(message)

        refused = _too_long(scope)
        try:
            await (refused or self._app)(scope, _Body(receive).receive, sent)
        except _SlowError:
            if not begun:
                text = TOO_SLOW(limit=int(BODY_SECONDS), rate=BODY_BYTES_A_SECOND // 1024)
                await _refusal(scope, HTTPStatus.REQUEST_TIMEOUT, text, {"Connection": "close"})(scope, receive, sent)

    def _add(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)


class _Body:
    """A request's body, which must keep coming; what is received after it, that the client has gone, may take for ever."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._until: float | None = None
        self._whole = False

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        if self._until is None:
            self._until = asyncio.get_running_loop().time() + BODY_SECONDS
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise _SlowError from None
        self._until += len(message.get("body", b"")) / BODY_BYTES_A_SECOND
        self._whole = not message.get("more_body", False)
        return message


def _too_long(scope: Scope) -> Response | None:
    if len(scope["query_string"]) + len(scope.get("raw_path", b"")) <= MAX_ADDRESS_BYTES:
        return None
    return _refusal(scope, HTTPStatus.REQUEST_URI_TOO_LONG, TOO_LONG(limit=MAX_ADDRESS_BYTES), {})


def _refusal(scope: Scope, status: HTTPStatus, text: Text, headers: dict[str, str]) -> Response:
    return problem_at(Request(scope), status, text, headers)
