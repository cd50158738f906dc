"""Compression by negotiation (RFC 9110, sections 8.4 and 12.5.3): Brotli or gzip, for whatever is text and long enough.

Starlette's own middleware, and those built on it, look for the word `gzip` and not for its weight, and leave a strong ETag as it
is, which must differ between codings (section 8.8.3.3): here the coding's name is put behind it, and taken off what comes back.
What is not to be stored is not compressed either: where secrets and a stranger's words stand in one text, its length tells of
both (BREACH).
"""

import zlib
from collections.abc import Callable
from typing import Final, Protocol

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kakehashi.http.negotiation import weight_of

MINIMUM: Final = 1024
"""How many bytes are not worth it."""
IN_A_THREAD: Final = 32 * 1024
BROTLI_QUALITY: Final = 4
GZIP_LEVEL: Final = 6
_TEXTS: Final = (
    "text/",
    "application/json",
    "application/javascript",
    "application/n-quads",
    "application/n-triples",
    "application/trig",
)
_SUFFIXES: Final = ("+json", "+xml", "/xml")
_SECRET: Final = ("no-store", "private", "no-transform")


class _Coder(Protocol):
    def piece(self, data: bytes, *, last: bool) -> bytes:
        """The coded form of a piece, whole in itself, so that a stream is never held back."""


class _Gzip:
    def __init__(self) -> None:
        self._coder = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def piece(self, data: bytes, *, last: bool) -> bytes:
        return self._coder.compress(data) + self._coder.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


class _Brotli:
    def __init__(self) -> None:
        self._coder = brotli.Compressor(quality=BROTLI_QUALITY, mode=brotli.MODE_TEXT)

    def piece(self, data: bytes, *, last: bool) -> bytes:
        coded: bytes = self._coder.process(data)
        coded += self._coder.finish() if last else self._coder.flush()
        return coded


_CODERS: Final[dict[str, Callable[[], _Coder]]] = {"br": _Brotli, "gzip": _Gzip}


class Compression:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and compress what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        coding = _preferred(headers.get("accept-encoding"))
        known = headers.get("if-none-match", "")
        if coding is not None and f'-{coding}"' in known:
            MutableHeaders(scope=scope)["if-none-match"] = known.replace(f'-{coding}"', '"')
        await self._app(scope, receive, _Compressed(send, coding, known).send)


class _Compressed:
    """One response: its head is held back until its first piece shows whether it is worth compressing."""

    def __init__(self, send: Send, coding: str | None, known: str) -> None:
        self._send, self._coding, self._known = send, coding, known
        self._head: Message | None = None
        self._coder: _Coder | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        if self._head is not None:
            head, self._head = self._head, None
            self._begin(head, message)
            await self._send(head)
        if self._coder is not None and message["type"] == "http.response.body":
            body, last = message.get("body", b""), not message.get("more_body", False)
            message = {**message, "body": await self._coded(self._coder, body, last=last)}
        await self._send(message)

    def _begin(self, head: Message, first: Message) -> None:
        headers = MutableHeaders(raw=head["headers"])
        if head["status"] == 304:
            self._name_again(headers)
        if not _is_text(headers.get("content-type", "")) or "content-encoding" in headers:
            return
        if "accept-encoding" not in headers.get("vary", "").lower():
            headers.add_vary_header("Accept-Encoding")
        long_enough = first.get("more_body", False) or len(first.get("body", b"")) >= MINIMUM
        whole = head["status"] not in (204, 206, 304)
        if (
            self._coding is None
            or not long_enough
            or not whole
            or any(word in headers.get("cache-control", "") for word in _SECRET)
        ):
            return
        self._coder = _CODERS[self._coding]()
        headers["Content-Encoding"] = self._coding
        del headers["Content-Length"]
        if headers.get("etag", "").startswith('"'):
            headers["ETag"] = _with_coding(headers["ETag"], self._coding)

    def _name_again(self, headers: MutableHeaders) -> None:
        """The ETag as the client has it."""
        named = _with_coding(headers.get("etag", ""), self._coding or "")
        if self._coding is not None and named in self._known:
            headers["ETag"] = named

    async def _coded(self, coder: _Coder, body: bytes, *, last: bool) -> bytes:
        if len(body) < IN_A_THREAD:
            return coder.piece(body, last=last)
        return await run_in_threadpool(coder.piece, body, last=last)


def _with_coding(etag: str, coding: str) -> str:
    return f'{etag[:-1]}-{coding}"'


def _preferred(accepted: str | None) -> str | None:
    """The coding that Accept-Encoding likes best, Brotli where it likes both alike; None where it likes the plain text better."""
    if accepted is None:
        return None
    weights = {coding: weight_of(coding, accepted) for coding in _CODERS}
    best = max(weights, key=weights.__getitem__)
    plain = weight_of("identity", accepted) if "identity" in accepted else 0.0
    return best if weights[best] > 0 and weights[best] >= plain else None


def _is_text(media_type: str) -> bool:
    plain = media_type.partition(";")[0].strip().lower()
    return plain.startswith(_TEXTS) or plain.endswith(_SUFFIXES)
