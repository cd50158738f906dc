"""What cannot be answered, as RFC 9457 says it: `application/problem+json`, in the client's language and with both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.languages import accepted_languages
from kakehashi.graphql.masking import INTERNAL, UNEXPECTED
from kakehashi.http.problem_kinds import KINDS, Kind, kind_of
from kakehashi.vocabulary.text import LANGUAGES, ErrorCode, Text

MEDIA_TYPE: Final = "application/problem+json"
HEADERS: Final = {"Vary": "Accept, Accept-Language", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

_CODES: Final = {
    HTTPStatus.NOT_FOUND: ErrorCode.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE: ErrorCode.NO_RELEASE,
    HTTPStatus.FORBIDDEN: ErrorCode.FORBIDDEN,
}  # fmt: skip

NO_RELEASE = Text(
    "まだリリースがありません。「kakehashi build」の後にやり直してください。",
    "There is no release yet. Try again after 'kakehashi build'.",
)
NOTHING_HERE = Text("「{path}」というものはここにはありません。", "There is nothing at '{path}'.")
WRONG_METHOD = Text("ここで使えるメソッドは {allowed} です。", "The methods that can be used here are: {allowed}.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One of several things that are wrong; `place` names a parameter, or is a JSON pointer into the body (`#/…`, RFC 6901)."""

    text: Text
    place: str | None = None

    def shown(self, language: str) -> dict[str, Any]:
        """The fault as a member of a problem's `errors`."""
        told = _told(self.text, language)
        if self.place is None:
            return told
        return told | {"pointer" if self.place.startswith("#") else "parameter": self.place}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong. The code follows from the status unless it is said; `faults` tells the parts where there are several."""

    status: HTTPStatus
    text: Text
    code: str | None = None
    faults: Sequence[Fault] = ()
    request_id: str | None = None

    def told(self, languages: tuple[str, ...], headers: Mapping[str, str] | None = None) -> Response:
        """The answer, with what people read in the first of their languages."""
        language = languages[0] if languages else "en"
        language = language if language in LANGUAGES else "en"
        more = HEADERS | {"Content-Language": language} | dict(headers or {})
        return Response(orjson.dumps(self._body(language)), status_code=self.status, media_type=MEDIA_TYPE, headers=more)

    def _body(self, language: str) -> dict[str, Any]:
        code = self.code or _CODES.get(self.status, ErrorCode.BAD_USER_INPUT)
        kind = kind_of(code)
        body: dict[str, Any] = {
            "type": kind.address,
            "title": kind.title.in_language(language),
            "status": self.status,
            "code": code,
        }
        body |= _told(self.text, language)
        if self.request_id is not None:
            body["requestId"] = self.request_id
        return body | ({"errors": [fault.shown(language) for fault in self.faults]} if self.faults else {})


STOPPING = Text("このプロセスは終了するところです。", "This process is about to end.")


def problem(
    status: HTTPStatus,
    text: Text,
    languages: tuple[str, ...],
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
) -> Response:
    """The answer that tells one thing that is wrong."""
    return Problem(status=status, text=text, code=code).told(languages, headers)


def unexpected(request_id: str, languages: tuple[str, ...]) -> Response:
    """Something failed that nobody foresaw; the log says more under the same id."""
    text, status = UNEXPECTED(request_id=request_id), HTTPStatus.INTERNAL_SERVER_ERROR
    return Problem(status=status, text=text, code=INTERNAL, request_id=request_id).told(languages)


def stopping(languages: tuple[str, ...]) -> Response:
    """This process is about to end; another one answers."""
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, STOPPING, languages, code=ErrorCode.BUSY)


def not_ready(languages: tuple[str, ...]) -> Response:
    """There is nothing to answer from yet."""
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, NO_RELEASE, languages, {"Retry-After": "5"})


async def http_problem(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: a path or a method that there is not."""
    languages = accepted_languages(request.headers.get("accept-language"))
    if not isinstance(error, HTTPException):
        raise error
    status, headers = HTTPStatus(error.status_code), error.headers or {}
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(status, WRONG_METHOD(allowed=headers.get("Allow", "GET")), languages, headers)
    return problem(status, NOTHING_HERE(path=request.url.path[:80]), languages, headers)


async def kinds_of_problems(request: Request) -> Response:
    """`/problems` and `/problems/{name}`: what the `type` of a problem means, where it leads."""
    name = request.path_params.get("name")
    if name is None:
        return _json([_described(kind) for kind in KINDS.values()])
    kind = next((one for one in KINDS.values() if one.name == name), None)
    if kind is None:
        languages = accepted_languages(request.headers.get("accept-language"))
        return problem(HTTPStatus.NOT_FOUND, NOTHING_HERE(path=request.url.path[:80]), languages)
    return _json(_described(kind))


def _described(kind: Kind) -> dict[str, Any]:
    title, meaning = kind.title, kind.meaning
    return {
        "type": kind.address, "code": kind.code, "title": {"ja": title.ja, "en": title.en},
        "meaning": {"ja": meaning.ja, "en": meaning.en},
    }  # fmt: skip


def _json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _told(text: Text, language: str) -> dict[str, Any]:
    return {"detail": text.in_language(language), "messages": {"ja": text.ja, "en": text.en}}
