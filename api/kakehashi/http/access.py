"""The door: every request's caller is settled before anything else looks at it, and what does not hold is refused (RFC 6750)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kakehashi.graphql.observed import observed
from kakehashi.http.callers import ANONYMOUS, Caller, caller_of
from kakehashi.http.graphql_problems import problem_at
from kakehashi.http.keys import PREFIX, KeyBook, KeyRefusedError
from kakehashi.http.receiving import ImportOptions
from kakehashi.http.scopes import EVERYBODYS, READ, SCOPES
from kakehashi.http.tokens import TokenRefusedError, Tokens
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_CREDENTIAL: Final = 8192
REALM: Final = 'Bearer realm="kakehashi"'
UNGUARDED: Final = frozenset({"/healthz", "/readyz"})
"""What whoever watches over the process asks, where reading needs a credential."""

_CREDENTIAL: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # b64token of RFC 6750, section 2.1

TWICE = Text("Authorizationヘッダーは一つにしてください。", "Send one Authorization header.")
MALFORMED = Text(
    "Authorizationヘッダーは「Bearer キー」の形にしてください。",
    "The Authorization header must read: Bearer, a space, the key or token.",
)
TOO_LONG = Text("トークンは{limit}バイトまでです。", "A token may have at most {limit} bytes.")
NO_ISSUER = Text(
    "このサーバーはトークンを受け付けません。APIキーをお使いください。", "This server takes no tokens. Use an API key."
)
UNCHECKED = Text(
    "いまはキーを確かめられません。少し待ってやり直してください。", "Keys cannot be checked now. Try again in a little while."
)
NEEDED = Text(
    "権限「{scope}」({meaning})のあるAPIキーかトークンが必要です。",
    "This needs an API key or a token with the scope {scope} ({meaning}).",
)
LACKING = Text(
    "権限「{scope}」({meaning})がありません。", "Your key or token does not have the scope {scope} ({meaning})."
)  # fmt: skip


class UnacceptedError(Exception):
    """A request is refused for who sends it. `error` is RFC 6750's word for it; None where no credential was sent at all."""

    def __init__(self, status: HTTPStatus, text: Text, error: str | None = None, scope: str | None = None) -> None:
        super().__init__(text.en)
        self.status, self.text, self.error, self.scope = status, text, error, scope

    def response(self, request: Request) -> Response:
        """The refusal, with what RFC 6750, section 3, wants to be said."""
        code = ErrorCode.FORBIDDEN if self.status is HTTPStatus.FORBIDDEN else ErrorCode.UNAUTHENTICATED
        headers = {"Cache-Control": "no-store", "WWW-Authenticate": self._challenge()}
        if self.status is HTTPStatus.SERVICE_UNAVAILABLE:
            code, headers = ErrorCode.BUSY, {"Cache-Control": "no-store", "Retry-After": "10"}
        return problem_at(request, self.status, self.text, headers, code)

    def _challenge(self) -> str:
        told = {"error": self.error, "error_description": self.text.en if self.error else None, "scope": self.scope}
        return ", ".join([REALM, *(f'{name}="{value}"' for name, value in told.items() if value)])


def invalid(text: Text) -> UnacceptedError:
    """The refusal of a credential that does not hold."""
    return UnacceptedError(HTTPStatus.UNAUTHORIZED, text, "invalid_token")


def require(caller: Caller, scope: str) -> None:
    """Refuse whoever does not have a scope; UnacceptedError."""
    if scope in caller.scopes:
        return
    meaning = SCOPES[scope]
    if caller.id == ANONYMOUS.id:
        raise UnacceptedError(HTTPStatus.UNAUTHORIZED, _about(NEEDED, scope, meaning), scope=scope)
    raise UnacceptedError(HTTPStatus.FORBIDDEN, _about(LACKING, scope, meaning), "insufficient_scope", scope)


def _about(text: Text, scope: str, meaning: Text) -> Text:
    return Text(text(scope=scope, meaning=meaning.ja).ja, text(scope=scope, meaning=meaning.en).en)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask what, and send what in.

    There are the keys and tokens that hold, the scopes that `everybodys` are (without a credential too), the private rows that
    some may see, and where imports are kept.
    """

    keys: KeyBook
    tokens: Tokens | None = None
    everybodys: frozenset[str] = EVERYBODYS
    private: Repository | None = None
    imports: ImportOptions | None = None

    async def caller(self, headers: Headers) -> Caller:
        """Who sends a request with these headers; UnacceptedError where its credential does not hold."""
        credential = _credential(headers.getlist("authorization"))
        found = ANONYMOUS if credential is None else await self._known(credential)
        scopes = frozenset() if found is ANONYMOUS else found.scopes
        return Caller(found.id, scopes | self.everybodys, found.organisations)

    async def _known(self, credential: str) -> Caller:
        try:
            if credential.startswith(PREFIX):
                return self.keys.caller(credential)
            if self.tokens is None:
                raise invalid(NO_ISSUER)
            return await self.tokens.caller(credential)
        except KeyRefusedError as error:
            raise invalid(error.text) from error
        except TokenRefusedError as error:
            raise (UnacceptedError(HTTPStatus.SERVICE_UNAVAILABLE, error.text) if error.later else invalid(error.text)) from error
        except KakehashiError as error:
            raise UnacceptedError(HTTPStatus.SERVICE_UNAVAILABLE, UNCHECKED) from error


def _credential(sent: Iterable[str]) -> str | None:
    """The key or token of the Authorization headers; None where there is none, or one of a scheme that is somebody else's."""
    values = list(sent)
    if len(values) > 1:
        raise UnacceptedError(HTTPStatus.BAD_REQUEST, TWICE, "invalid_request")
    scheme, _, credential = (values[0] if values else "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    if len(credential) > MAX_CREDENTIAL:
        raise invalid(TOO_LONG(limit=MAX_CREDENTIAL))
    if not _CREDENTIAL.fullmatch(credential.strip()):
        raise UnacceptedError(HTTPStatus.BAD_REQUEST, MALFORMED, "invalid_request")
    return credential.strip()


class Identified:
    """Settles the caller of each request before any handler sees it; handlers ask `caller_of`, or read `request.state.caller`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what may be asked."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            caller = await caller_of(request)
            observed().caller = caller.id
            if scope["path"] not in UNGUARDED:
                require(caller, READ)
        except UnacceptedError as error:
            await error.response(request)(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def refused(request: Request, error: Exception) -> Response:
    """What a handler answers where `require` refused."""
    if not isinstance(error, UnacceptedError):
        raise error
    return error.response(request)
