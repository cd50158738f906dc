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
from kakehashi.http.rest.import_paths import import_paths, import_schemas
from kakehashi.http.rest.operations import Operation, Variable
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
    "401": Text("キーかトークンがないか、有効ではありません。", "A key or token is missing, or does not hold."),
    "403": Text("キーかトークンの権限が足りません。", "The key or token does not suffice."),
    "404": Text("そのIDのものがありません。", "There is nothing with the id."),
    "405": Text("そのメソッドは使えません。", "The method cannot be used."),
    "406": Text("Acceptにあるどの形式でも答えられません。", "There is no answer in what Accept takes."),
    "408": Text("送り終わるまでに時間がかかりすぎました。", "It took too long to be sent."),
    "409": Text("取り込みがその状態にありません。", "The import is not in the state for that."),
    "410": Text("送られた内容はもう保存されていません。", "What was sent is no longer kept."),
    "412": Text("配信中のリリースがIf-Matchのものではありません。", "The served release is not the one of If-Match."),
    "413": Text("本文が大きすぎます。", "The body is too large."),
    "414": Text("アドレスが長すぎます。", "The address is too long."),
    "415": Text("Content-Typeがapplication/jsonではありません。", "The Content-Type is not application/json."),
    "422": Text(
        "書き方は正しいが、指定されたものでは答えられないか、大きすぎます。",
        "It is written well, and cannot be answered for what it names, or asks for too much.",
    ),
    "429": Text("1時間のポイントを使い切りました。", "The points of an hour are spent."),
    "500": Text("予期しない誤り。", "Something unexpected."),
    "503": Text("リリースがないか、混み合っています。", "There is no release yet, or the server is busy."),
    "504": Text("時間の上限を超えました。", "The time limit has passed."),
    "507": Text("保存する場所がありません。", "There is no room to keep it."),
}
ANSWER = Text("答え", "The answer")
ETAG = Text("答えの識別子。If-None-Matchで使う。", "Names the answer, for If-None-Match.")
RETRY_AFTER = Text("待つ秒数。", "How many seconds to wait.")
CHALLENGE = Text("何が足りないか(RFC 6750)。", "What is missing (RFC 6750).")
LEFT = Text(
    "残りのポイント(制限のあるサーバーのみ。draft-ietf-httpapi-ratelimit-headers)。",
    "The points that are left, where the server limits them (draft-ietf-httpapi-ratelimit-headers).",
)
KEY = Text("APIキーかトークン。公開の内容には要らないことが多い。", "An API key or a token; what is public mostly needs none.")
HEADERS: Final = {"401": ("WWW-Authenticate", CHALLENGE), "403": ("WWW-Authenticate", CHALLENGE),
                  "429": ("Retry-After", RETRY_AFTER), "503": ("Retry-After", RETRY_AFTER)}  # fmt: skip
"""The header that a status may come with."""
ASKED: Final = ("400", "401", "403", "404", "405", "406", "414", "422", "429", "500", "503", "504")
"""What any question may be refused with."""
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
        components = dict(sorted(self._schemas.components.items())) | import_schemas()
        components |= {"Problem": self._problem(), "Fault": self._fault()}
        bearer = {"type": "http", "scheme": "bearer", "description": self._say(KEY)}
        return {
            "openapi": "3.1.0",
            "info": {"title": self._say(TITLE), "version": version("kakehashi"), "description": self._say(ABOUT)},
            "servers": [{"url": "/"}],
            "security": [{}, {"bearer": []}],
            "paths": paths | import_paths(self._say, self._refused),
            "components": {"schemas": components, "securitySchemes": {"bearer": bearer}},
        }

    def _path(self, route: Route, operation: Operation) -> dict[str, Any]:
        asked = {"get": self._get(route, operation)}
        return asked | ({"post": self._post(route, operation)} if route.body else {})

    def _get(self, route: Route, operation: Operation) -> dict[str, Any]:
        parameters = [self._parameter(one, route, operation) for one in operation.parameters]
        types = (JSON, *TABLE_TYPES) if route.columns else (JSON,)
        answered = self._answered(operation, types, paged=bool(route.pages))
        return {
            "operationId": operation.name, **self._about(route), "parameters": [*parameters, self._lang()],
            "responses": answered | self._refused("304", *ASKED),
        }  # fmt: skip

    def _post(self, route: Route, operation: Operation) -> dict[str, Any]:
        types = (JSON, *TABLE_TYPES) if route.columns else (JSON,)
        body = {"required": True, "content": {JSON: {"schema": self._schemas.question(operation)}}}
        return {
            "operationId": f"{operation.name}Posted", **self._about(route), "parameters": [self._lang()], "requestBody": body,
            "responses": self._answered(operation, types, paged=False)
            | self._refused(*sorted((*ASKED, "413", "415"))),
        }  # fmt: skip

    def _about(self, route: Route) -> dict[str, Any]:
        return {"summary": self._say(route.summary)} | ({"description": self._say(WHOLE)} if route.columns else {})

    def _parameter(self, variable: Variable, route: Route, operation: Operation) -> dict[str, Any]:
        in_path = f"{{{variable.name}}}" in route.path
        return {
            "name": variable.name, "in": "path" if in_path else "query", "required": variable.required,
            "description": self._say(PARAMETERS[variable.name]),
            "schema": self._schemas.parameter(operation, variable),
        }  # fmt: skip

    def _lang(self) -> dict[str, Any]:
        items = {"type": "string", "pattern": LANGUAGE_TAG}
        return {
            "name": "lang", "in": "query", "required": False, "description": self._say(PARAMETERS["lang"]),
            "schema": {"type": "array", "items": items},
        }  # fmt: skip

    def _answered(self, operation: Operation, types: tuple[str, ...], *, paged: bool) -> dict[str, Any]:
        told = {"ETag": ETAG, "RateLimit": LEFT} | ({"Link": LINK} if paged else {})
        headers = {name: self._header(about) for name, about in told.items()}
        schema = self._schemas.answer(operation)
        content = {one: {"schema": schema if one == JSON else {"type": "string"}} for one in types}
        return {"200": {"description": self._say(ANSWER), "headers": headers, "content": content}}

    def _refused(self, *statuses: str) -> dict[str, Any]:
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        told: dict[str, Any] = {status: {"description": self._say(STATUSES[status]), "content": content} for status in statuses}
        for status, (name, about) in HEADERS.items():
            if status in told:
                told[status]["headers"] = {name: self._header(about)}
        return told | ({"304": {"description": self._say(STATUSES["304"])}} if "304" in statuses else {})

    def _header(self, about: Text) -> dict[str, Any]:
        return {"description": self._say(about), "schema": {"type": "string"}}

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
