"""HTTP to one server: who asks is told when it wants to know, what fails in passing is asked again, and time is limited.

Everything that is sent may be sent twice: graphs are sets of ground triples, and each update says what it expects to find.
"""

import re
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import httpx2

from kakehashi.store.remote.endpoint import Endpoint
from kakehashi.store.remote.messages import ANSWERED, REFUSED, UNREACHABLE
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

PASSING_STATUS: Final = frozenset({408, 429, 502, 503, 504})
GAVE_WAY: Final = (b" 40001 ", b"Non unique primary key on DB.DBA.RDF_")
"""What Virtuoso says, with a status of 500, of a transaction that gave way to another, or met a new language or datatype at once
with another."""
LONGEST_WAIT: Final = 30.0
SHOWN: Final = 300

_T = TypeVar("_T")
_AuthFlow = Generator[httpx2.Request, httpx2.Response, None]


class PassingError(Exception):
    """No answer that can be used, for a reason that may pass; `wait` is how long the server asked to be left alone."""

    def __init__(self, problem: str, wait: float = 0.0) -> None:
        super().__init__(problem)
        self.wait = wait


class Answering(httpx2.Auth):
    """Sends the password only to a server that asks for it, in the way that it asks for: Digest, or else Basic."""

    def __init__(self, user: str, password: str) -> None:
        self._digest = httpx2.DigestAuth(user, password)
        self._basic = httpx2.BasicAuth(user, password)
        self._chosen: httpx2.Auth | None = None

    def auth_flow(self, request: httpx2.Request) -> _AuthFlow:
        """The request, and where it is challenged, the request once more."""
        if self._chosen is None:
            response = yield request
            challenges = " ".join(response.headers.get_list("www-authenticate")).lower()
            if response.status_code != httpx2.codes.UNAUTHORIZED or not challenges:
                return
            self._chosen = self._digest if "digest " in challenges else self._basic
        yield from self._chosen.auth_flow(request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, which can be made again."""

    address: str
    accept: str = "*/*"
    params: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    content_type: str | None = None


class Transport:
    """Connections to one server, shared by all threads that talk to it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._patience = endpoint.patience
        self._client = httpx2.Client(
            auth=None if endpoint.user is None else Answering(endpoint.user, endpoint.password or ""),
            timeout=httpx2.Timeout(self._patience.answer, connect=self._patience.connect),
        )

    def send(self, call: Call, read: Callable[[bytes], _T]) -> _T:
        """What `read` makes of the answer; it raises PassingError where the answer is not whole, and is then asked again."""
        problem, wait = "", 0.0
        for attempt in range(self._patience.attempts):
            if attempt > 0:
                time.sleep(max(self._patience.pause * 2 ** (attempt - 1), wait))
            try:
                return read(self._answer(call))
            except PassingError as passing:
                problem, wait = str(passing), passing.wait
            except (httpx2.RequestError, httpx2.StreamError) as error:
                problem, wait = f"{type(error).__name__} {error}".strip(), 0.0
        text = UNREACHABLE(address=call.address, attempts=self._patience.attempts, problem=problem)
        raise KakehashiError(ErrorCode.STORE_FAILED, text)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _answer(self, call: Call) -> bytes:
        deadline = time.monotonic() + self._patience.answer
        headers = {"accept": call.accept} | ({"content-type": call.content_type} if call.content_type else {})
        with self._client.stream(
            "POST", call.address, params=call.params or None, data=call.form, content=call.content, headers=headers
        ) as response:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if time.monotonic() > deadline:  # the client's own limit is between two pieces, not over the whole answer
                    raise PassingError("TimeoutError")
        _check(call, response, bytes(body))
        return bytes(body)


def _check(call: Call, response: httpx2.Response, body: bytes) -> None:
    status = response.status_code
    if status in PASSING_STATUS or (status >= 500 and any(one in body for one in GAVE_WAY)):
        raise PassingError(f"HTTP {status}", _wait(response))
    if status in {httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN}:
        raise KakehashiError(ErrorCode.STORE_FAILED, REFUSED(address=call.address, status=status))
    if not response.is_success:
        text = ANSWERED(address=call.address, status=status, problem=_readable(body))
        raise KakehashiError(ErrorCode.STORE_FAILED, text)
    if response.headers.get("x-sql-state", "").startswith("S1T"):
        raise PassingError("Virtuoso S1TAT")  # a time limit of the server's own: success, and a part of the rows


def _wait(response: httpx2.Response) -> float:
    seconds = response.headers.get("retry-after", "")
    return min(float(seconds), LONGEST_WAIT) if seconds.isascii() and seconds.isdigit() else 0.0


def _readable(body: bytes) -> str:
    """The beginning of what the server says, as one line, without the tags of an HTML page."""
    text = re.sub(r"<head>.*</head>|<[^>]{1,200}>", " ", body[:4000].decode("utf-8", "replace"), flags=re.DOTALL)
    return " ".join(text.split())[:SHOWN]
