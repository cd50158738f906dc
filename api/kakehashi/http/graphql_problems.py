"""Refusals at /graphql before any question is asked: in the shape of a GraphQL error, which its clients can read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.languages import accepted_languages
from kakehashi.http import problems
from kakehashi.http.problems import NO_RELEASE
from kakehashi.vocabulary.text import ErrorCode, Text

PATH: Final = "/graphql"


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
    language = languages[0] if languages else "en"
    error = {
        "message": text.in_language(language),
        "extensions": {"code": code, "messages": {"ja": text.ja, "en": text.en}},
    }
    return Response(
        orjson.dumps({"errors": [error]}),
        status_code=status,
        media_type="application/json",
        headers=dict(headers or {}),
    )


def not_ready(languages: tuple[str, ...]) -> Response:
    """There is nothing to answer from yet."""
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, NO_RELEASE, languages, {"Retry-After": "5"})


def problem_at(
    request: Request, status: HTTPStatus, text: Text, headers: Mapping[str, str], code: ErrorCode | None = None
) -> Response:
    """A refusal by what stands around the routes, in the shape that the clients of the path can read."""
    shaped = problem if request.url.path == PATH else problems.problem
    return shaped(status, text, accepted_languages(request.headers.get("accept-language")), headers, code)
