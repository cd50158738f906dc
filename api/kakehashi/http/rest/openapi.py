"""The OpenAPI 3.1 document, derived from the routes and their documents: `python -m kakehashi.http.rest.openapi` prints it.

It is committed as api/openapi.json, in English; the server gives it in the reader's language.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

import orjson

from kakehashi.graphql.schema import build_schema
from kakehashi.http.problem_kinds import KINDS
from kakehashi.http.problems import MEDIA_TYPE
from kakehashi.http.rest.asking import Asker
from kakehashi.http.rest.operations import Operation, Variable, short_form
from kakehashi.http.rest.reading import JSON, LANGUAGE_TAG
from kakehashi.http.rest.routes import PARAMETERS, PREFIX, Route
from kakehashi.http.rest.schemas import JsonSchema, Schemas
from kakehashi.http.rest.tables import TABLE_TYPES
from kakehashi.vocabulary.text import Text

TITLE = Text("架け橋 REST API", "Kakehashi, the REST API")
ABOUT = Text(
    "ガイドラインの条項・規格・認証・製品・脅威の対応関係を、根拠とともに答えます。各アドレスはGraphQLの文書を一つ実行するため、"
    "語も答えもGraphQLと同じです。誤りはRFC 9457のproblem+jsonで、日英両方の文を持ちます。",
    "How clauses of guidelines, standards, certificates, products and threats relate, with the proof of each answer. Each "
    "address runs one GraphQL document, so that words and answers are GraphQL's own. What cannot be answered is an RFC 9457 "
    "problem with its message in Japanese and English.",
)
WHOLE = Text(
    "application/x-ndjson、application/jsonl、text/csvで求めれば、ページに分けず全行を流します(firstとafterは指定できません)。",
    "Asked for as application/x-ndjson, application/jsonl or text/csv it comes whole, row by row (without first and after).",
)
STATUSES: Final[Mapping[str, Text]] = {
    "304": Text("手元の答えのままです。", "What If-None-Match names is still the answer."),
    "400": Text("要求の書き方に誤りがあります。", "Something is wrong in how the request is written."),
    "404": Text("そのIDのものがありません。", "There is nothing with the id."),
    "405": Text("そのメソッドは使えません。", "The method cannot be used."),
    "406": Text("Acceptにあるどの形式でも答えられません。", "There is no answer in what Accept takes."),
    "413": Text("本文が大きすぎます。", "The body is too large."),
    "414": Text("アドレスが長すぎます。", "The address is too long."),
    "415": Text("Content-Typeがapplication/jsonではありません。", "The Content-Type is not application/json."),
    "422": Text(
        "書き方は正しいが、指定されたものでは答えられません。", "It is written well, and cannot be answered for what it names."
    ),
    "429": Text("要求が多すぎます。", "Too many requests."),
    "500": Text("予期しない誤り。", "Something unexpected."),
    "503": Text("リリースがないか、混み合っています。", "There is no release yet, or the server is busy."),
}
ANSWER = Text("答え", "The answer")
ETAG = Text("答えの識別子。If-None-Matchで使う。", "Names the answer, for If-None-Match.")
LINK = Text("次のページ(RFC 8288)。", "The next page, as rel=next (RFC 8288).")


def openapi(asker: Asker, language: str = "en") -> dict[str, Any]:
    """The document of all routes, with what people read in `ja` or `en`."""
    return _Writer(asker, language).document()


class _Writer:
    def __init__(self, asker: Asker, language: str) -> None:
        self._asker = asker
        self._language = language
        self._schemas = Schemas(asker.types)

    def document(self) -> dict[str, Any]:
        paths = {PREFIX + route.path: self._path(route, self._asker.operations[route.operation]) for route in self._asker.routes}
        components = dict(sorted(self._schemas.components.items())) | {"Problem": self._problem(), "Fault": self._fault()}
        return {
            "openapi": "3.1.0",
            "info": {"title": self._say(TITLE), "version": version("kakehashi"), "description": self._say(ABOUT)},
            "servers": [{"url": "/"}],
            "paths": paths,
            "components": {"schemas": components},
        }

    def _path(self, route: Route, operation: Operation) -> dict[str, Any]:
        asked = {"get": self._get(route, operation)}
        return asked | ({"post": self._post(route, operation)} if route.body else {})

    def _get(self, route: Route, operation: Operation) -> dict[str, Any]:
        parameters = [self._parameter(one, route) for one in operation.parameters]
        types = (JSON, *TABLE_TYPES) if route.columns else (JSON,)
        answered = self._answered(operation, types, paged=bool(route.pages))
        return {
            "operationId": operation.name, **self._about(route), "parameters": [*parameters, self._lang()],
            "responses": answered | self._refused("304", "400", "404", "405", "406", "414", "422", "429", "500", "503"),
        }  # fmt: skip

    def _post(self, route: Route, operation: Operation) -> dict[str, Any]:
        types = (JSON, *TABLE_TYPES) if route.columns else (JSON,)
        body = {"required": True, "content": {JSON: {"schema": self._schemas.question(operation)}}}
        return {
            "operationId": f"{operation.name}Posted", **self._about(route), "parameters": [self._lang()], "requestBody": body,
            "responses": self._answered(operation, types, paged=False)
            | self._refused("400", "404", "405", "406", "413", "414", "415", "422", "429", "500", "503"),
        }  # fmt: skip

    def _about(self, route: Route) -> dict[str, Any]:
        return {"summary": self._say(route.summary)} | ({"description": self._say(WHOLE)} if route.columns else {})

    def _parameter(self, variable: Variable, route: Route) -> dict[str, Any]:
        in_path = f"{{{variable.name}}}" in route.path
        return {
            "name": variable.name, "in": "path" if in_path else "query", "required": variable.required,
            "description": self._say(PARAMETERS[variable.name]),
            "schema": self._schemas.parameter(variable, short_form(variable.type)),
        }  # fmt: skip

    def _lang(self) -> dict[str, Any]:
        items = {"type": "string", "pattern": LANGUAGE_TAG}
        return {
            "name": "lang", "in": "query", "required": False, "description": self._say(PARAMETERS["lang"]),
            "schema": {"type": "array", "items": items},
        }  # fmt: skip

    def _answered(self, operation: Operation, types: tuple[str, ...], *, paged: bool) -> dict[str, Any]:
        headers = {"ETag": {"description": self._say(ETAG), "schema": {"type": "string"}}}
        if paged:
            headers["Link"] = {"description": self._say(LINK), "schema": {"type": "string"}}
        schema = self._schemas.answer(operation)
        content = {one: {"schema": schema if one == JSON else {"type": "string"}} for one in types}
        return {"200": {"description": self._say(ANSWER), "headers": headers, "content": content}}

    def _refused(self, *statuses: str) -> dict[str, Any]:
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        told = {status: {"description": self._say(STATUSES[status]), "content": content} for status in statuses}
        return told | ({"304": {"description": self._say(STATUSES["304"])}} if "304" in statuses else {})

    def _problem(self) -> JsonSchema:
        said = {name: {"type": "string"} for name in ("type", "title", "code", "detail", "requestId")}
        faults = {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}}
        properties = said | {"status": {"type": "integer"}, "messages": _both(), "errors": faults}
        return {
            "type": "object", "properties": properties, "required": ["type", "title", "status", "code", "detail", "messages"],
            "description": f"RFC 9457. The codes: {', '.join(KINDS)}.",
        }  # fmt: skip

    def _fault(self) -> JsonSchema:
        said = {name: {"type": "string"} for name in ("detail", "parameter", "pointer")}
        about = "One of several faults: at a parameter, or at a JSON pointer (RFC 6901) into the body."
        return {
            "type": "object",
            "properties": said | {"messages": _both()},
            "required": ["detail", "messages"],
            "description": about,
        }

    def _say(self, text: Text) -> str:
        return text.in_language(self._language)


def _both() -> JsonSchema:
    said = {language: {"type": "string"} for language in ("ja", "en")}
    return {"type": "object", "properties": said, "required": ["ja", "en"]}


def main() -> None:
    """Print it."""
    document = openapi(Asker(build_schema()))
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
