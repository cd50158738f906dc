"""Refusals before any question is asked, in the shape of a GraphQL error and in the client's language."""

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from starlette.responses import Response

from kakehashi.graphql.execution import INTERNAL, UNEXPECTED
from kakehashi.vocabulary.text import ErrorCode, Text

NO_RELEASE = Text(
    "まだリリースがありません。「kakehashi build」の後にやり直してください。",
    "There is no release yet. Try again after 'kakehashi build'.",
)

STOPPING = Text("このプロセスは終了するところです。", "This process is about to end.")


def problem(
    status: HTTPStatus,
    text: Text,
    languages: tuple[str, ...],
    headers: Mapping[str, str] | None = None,
    code: ErrorCode | None = None,
) -> Response:
    """A refusal with a status; `extensions` has the code and the message in both languages."""
    if code is None:
        code = ErrorCode.NO_RELEASE if status is HTTPStatus.SERVICE_UNAVAILABLE else ErrorCode.BAD_USER_INPUT
    return _refusal(status, _error(text, languages, code), headers)


def _error(text: Text, languages: tuple[str, ...], code: str, **more: str) -> dict[str, object]:
    language = languages[0] if languages else "en"
    extensions = {"code": code, "messages": {"ja": text.ja, "en": text.en}, **more}
    return {"message": text.in_language(language), "extensions": extensions}


def _refusal(status: HTTPStatus, error: dict[str, object], headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps({"errors": [error]}),
        status_code=status,
        media_type="application/json",
        headers=dict(headers or {}),
    )


def unexpected(request_id: str, languages: tuple[str, ...]) -> Response:
    """Something failed that nobody foresaw; the log says more under the same id."""
    text = UNEXPECTED(request_id=request_id)
    return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR, _error(text, languages, INTERNAL, requestId=request_id))


def stopping(languages: tuple[str, ...]) -> Response:
    """This process is about to end; another one answers."""
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, STOPPING, languages, code=ErrorCode.BUSY)


def not_ready(languages: tuple[str, ...]) -> Response:
    """There is nothing to answer from yet."""
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, NO_RELEASE, languages, {"Retry-After": "5"})
