"""One call of a tool: its arguments are checked, its document is asked, and the answer is made to fit."""

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import strawberry
from mcp.types import CallToolResult, TextContent
from pydantic import ValidationError
from starlette.requests import Request

from kakehashi.graphql.context import Context, accepted_languages
from kakehashi.graphql.execution import INTERNAL, UNEXPECTED, Answer, execute
from kakehashi.graphql.execution import Request as Question
from kakehashi.http.problems import NO_RELEASE
from kakehashi.http.serving import Serving, ServingPrivate
from kakehashi.mcp.answers import outline, paged
from kakehashi.mcp.arguments import Asked, wrong
from kakehashi.mcp.tools import Tool
from kakehashi.snapshot.private import NOTHING, Private
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

logger: Final = logging.getLogger(__name__)

MAX_ANSWER: Final = 40_000
"""How many characters an answer's text may have before it is asked again with half the rows: about 10,000 tokens."""

NOTHING_THERE: Final = Text("「{id}」というIDの項目はありません。", "There is nothing with the id '{id}'.")


ContextOf = Callable[[Request | None, tuple[str, ...]], Context | None]
"""The surroundings of a call in some languages; None where there is no release. Without a request the home's owner asks."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What answers the tools. The context says from which release, what the asker may see, and how long it may take."""

    schema: strawberry.Schema
    context: ContextOf
    language: str = "en"
    """The language of those who name none."""

    @classmethod
    def served(cls, schema: strawberry.Schema, serving: Serving, private: ServingPrivate | None) -> Self:
        """Over HTTP: whoever asks sees what the API would show them."""

        def context(request: Request | None, languages: tuple[str, ...]) -> Context | None:
            snapshot = serving.snapshot()
            seen = NOTHING if private is None or request is None else private.seen_by(request)
            return None if snapshot is None else Context(snapshot, languages, private=seen)

        return cls(schema, context)

    @classmethod
    def owned(cls, schema: strawberry.Schema, serving: Serving, seen: Private, language: str) -> Self:
        """By stdio: the asker owns the home, and sees what of the private rows they chose."""

        def context(_: Request | None, languages: tuple[str, ...]) -> Context | None:
            snapshot = serving.snapshot()
            return None if snapshot is None else Context(snapshot, languages, private=seen)

        return cls(schema, context, language)

    def call(self, tool: Tool, given: Mapping[str, Any], request: Request | None) -> CallToolResult:
        """The answer, or the error in both languages; never raises, and nothing inside leaks."""
        try:
            return self._answer(tool, _checked(tool, given), request)
        except KakehashiError as error:
            return _refused(error.code, error.text)
        except Exception:
            request_id = uuid.uuid4().hex
            logger.exception("tool %s failed, request %s", tool.name, request_id)
            return _refused(INTERNAL, UNEXPECTED(request_id=request_id))

    def _answer(self, tool: Tool, asked: Asked, request: Request | None) -> CallToolResult:
        context = self.context(request, self._languages(asked, request))
        if context is None:
            raise KakehashiError(ErrorCode.NO_RELEASE, NO_RELEASE)
        variables = asked.variables()
        while True:
            told = _asked(self.schema, context, Question(tool.document, variables))
            if isinstance(told, CallToolResult):
                return told
            answer = {"asOf": _day(variables, context), **told}
            text = outline(answer)
            if len(text) <= MAX_ANSWER or variables["first"] == 1:
                return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=answer)
            variables["first"] = max(1, variables["first"] // 2)

    def _languages(self, asked: Asked, request: Request | None) -> tuple[str, ...]:
        if asked.lang is not None:
            return (asked.lang,)
        accepted = accepted_languages(request.headers.get("accept-language")) if request is not None else ()
        return accepted or (self.language,)


def _checked(tool: Tool, given: Mapping[str, Any]) -> Asked:
    try:
        return tool.asked.model_validate(dict(given))
    except ValidationError as error:
        faults = [wrong(".".join(map(str, one["loc"])), one["type"], one.get("ctx", {})) for one in error.errors()]
        text = Text("\n".join(fault.ja for fault in faults), "\n".join(fault.en for fault in faults))
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, text) from None


def _asked(schema: strawberry.Schema, context: Context, question: Question) -> dict[str, Any] | CallToolResult:
    """What a document is answered, flat; or what went wrong."""
    body = _body(execute(schema, context, question))
    if "errors" in body:
        first = body["errors"][0]["extensions"]
        return _refused(first["code"], Text(**first["messages"]))
    if body["data"].get("answer", body) is None:
        raise KakehashiError(ErrorCode.NOT_FOUND, NOTHING_THERE(id=(question.variables or {})["id"]))
    return paged(body["data"])


def _body(answer: Answer) -> dict[str, Any]:
    """The answer as JSON reads it."""
    return answer.body


def _day(variables: Mapping[str, Any], context: Context) -> str:
    return str(variables.get("view", {}).get("asOf") or context.today)


def _refused(code: str, text: Text) -> CallToolResult:
    """An error that the assistant can read and mend, in both languages."""
    structured = {"code": code, "messages": {"ja": text.ja, "en": text.en}}
    content = TextContent(type="text", text=f"{code}\n{text.en}\n{text.ja}")
    return CallToolResult(content=[content], structured_content=structured, is_error=True)
