"""One call of a tool: its arguments are checked, its document is asked, and the answer is made to fit."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import strawberry
from mcp.types import CallToolResult, TextContent
from pydantic import ValidationError
from starlette.requests import Request

from kakehashi.graphql.context import TIME_LIMIT_SECONDS, Context
from kakehashi.graphql.execution import Request as Question
from kakehashi.graphql.execution import execute
from kakehashi.graphql.masking import INTERNAL, UNEXPECTED
from kakehashi.graphql.metering import Meter
from kakehashi.graphql.observed import observed
from kakehashi.graphql.schema import build_schema
from kakehashi.http.answering import Answering
from kakehashi.http.problems import NO_RELEASE
from kakehashi.http.serving import Serving
from kakehashi.http.time_limits import TimeLimit
from kakehashi.http.working import GRACE_SECONDS
from kakehashi.mcp.answers import outline, paged
from kakehashi.mcp.arguments import Asked, wrong
from kakehashi.mcp.tools import Tool
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.private import Private
from kakehashi.snapshot.releases import KeptReleases
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

logger: Final = logging.getLogger(__name__)

MAX_ANSWER: Final = 40_000
"""How many characters an answer's text may have before it is asked again with half the rows: about 10,000 tokens."""

NOTHING_THERE: Final = Text("「{id}」というIDの項目はありません。", "There is nothing with the id '{id}'.")


@dataclass(frozen=True, slots=True)
class Asking:
    """What answers the tools: the schema, the surroundings of each asker, and how long each may take.

    A request is that of HTTP; without one the asker is whoever started this process. There are no surroundings where there is no
    release. `language` is that of askers who name none.
    """

    schema: strawberry.Schema
    surroundings: Callable[[Request | None], Context | None]
    limit: TimeLimit
    language: str = "en"

    @classmethod
    def served(cls, answering: Answering) -> Self:
        """Over HTTP: whoever asks sees what the API would show them, within its bounds."""
        return cls(answering.schema, lambda one: None if one is None else answering.context(one), answering.bounds.work.limit)

    @classmethod
    def owned(cls, home: Home, repository: Repository, private: Private, language: str) -> Self:
        """For whoever owns a home, without a server between: what its current release knows, and some private rows."""
        serving, releases = Serving(home, repository), KeptReleases(home, repository)
        serving.begin()

        def surroundings(_: Request | None) -> Context | None:
            snapshot = serving.snapshot()
            return None if snapshot is None else Context(snapshot, private=private, releases=releases)

        return cls(build_schema(), surroundings, TimeLimit(TIME_LIMIT_SECONDS + GRACE_SECONDS), language)

    def call(self, tool: Tool, given: Mapping[str, Any], request: Request | None) -> CallToolResult:
        """The answer, or the error in both languages; never raises, and nothing inside leaks."""
        try:
            return self.limit.run(self._answer, tool, _checked(tool, given), request)
        except KakehashiError as error:
            return refused(error.code, error.text)
        except Exception:
            request_id = observed().request_id
            logger.exception("tool %s failed, request %s", tool.name, request_id)
            return refused(INTERNAL, UNEXPECTED(request_id=request_id))

    def _answer(self, tool: Tool, asked: Asked, request: Request | None) -> CallToolResult:
        found = self.surroundings(request)
        if found is None:
            raise KakehashiError(ErrorCode.NO_RELEASE, NO_RELEASE)
        context = found if asked.lang is None else replace(found, languages=(asked.lang,), ranges=())
        if not context.languages:
            context = replace(context, languages=(self.language,))
        variables = asked.variables()
        while True:
            told = _asked(self.schema, context, Question(tool.document, variables))
            context = replace(context, meter=Meter())  # what is asked again, for a shorter page, is charged once
            if isinstance(told, CallToolResult):
                return told
            answer = {"asOf": _day(variables, context), **told}
            text = outline(answer)
            if len(text) <= MAX_ANSWER or variables["first"] == 1:
                return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=answer)
            variables["first"] = max(1, variables["first"] // 2)


def _checked(tool: Tool, given: Mapping[str, Any]) -> Asked:
    try:
        return tool.asked.model_validate(dict(given))
    except ValidationError as error:
        faults = [wrong(".".join(map(str, one["loc"])), one["type"], one.get("ctx", {})) for one in error.errors()]
        text = Text("\n".join(fault.ja for fault in faults), "\n".join(fault.en for fault in faults))
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, text) from None


def _asked(schema: strawberry.Schema, context: Context, question: Question) -> dict[str, Any] | CallToolResult:
    """What a document is answered, flat; or what went wrong."""
    body = execute(schema, context, question).body
    if "errors" in body:
        first = body["errors"][0]["extensions"]
        return refused(first["code"], Text(**first["messages"]))
    if body["data"].get("answer", body) is None:
        raise KakehashiError(ErrorCode.NOT_FOUND, NOTHING_THERE(id=(question.variables or {})["id"]))
    return paged(body["data"])


def _day(variables: Mapping[str, Any], context: Context) -> str:
    return str(variables.get("view", {}).get("asOf") or context.today)


def refused(code: str, text: Text) -> CallToolResult:
    """An error that the assistant can read and mend, in both languages."""
    structured = {"code": code, "messages": {"ja": text.ja, "en": text.en}}
    content = TextContent(type="text", text=f"{code}\n{text.en}\n{text.ja}")
    return CallToolResult(content=[content], structured_content=structured, is_error=True)
