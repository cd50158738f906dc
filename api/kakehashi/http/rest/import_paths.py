"""How the OpenAPI document describes /imports, which asks no document of GraphQL's (docs/decisions/0019).

A file may be sent as the bare body too, and must then be named in the address; that condition is beyond an OpenAPI document.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kakehashi.http.imports import IDEMPOTENCY, IDENTIFIER
from kakehashi.http.rest.schemas import JsonSchema
from kakehashi.snapshot.journal import State
from kakehashi.vocabulary.text import Text

Refused = Callable[..., dict[str, Any]]
Say = Callable[[Text], str]

JOBS: Final = Text("自分の取り込み(新しい順)。管理者にはすべて", "One's own imports, the newest first; to an admin all")
JOB: Final = Text("取り込みの状態と結果", "How far an import is, and how it ended")
SEND: Final = Text(
    "ファイルを送る。受け付けた内容は順に組み込まれ、dryRunなら何が変わるかだけを確かめる",
    "Send files in. What is accepted is built in turn; as a dry run it only tells what would change",
)
COMMIT: Final = Text(
    "試した取り込みを確定する(試したときと同じリリースの上にだけ)",
    "Do what a dry run tried, upon just the release it was tried upon",
)
ACCEPTED: Final = Text("取り込みは受け付けられた。状態はLocationで。", "The import is accepted; Location tells of it.")
KNOWN: Final = Text("この取り込みはすでに受け付けられている。", "This import was accepted before.")
LOCATION: Final = Text("取り込みのアドレス。", "The address of the import.")
ID: Final = Text("取り込みのID。", "The id of the import.")
MATCH: Final = Text(
    "土台とするリリースのID(引用符つき)。確定では * で配信中のものに。",
    "The id of the release to build upon, in quotes; * for whatever is served.",
)
SAFELY: Final = Text("同じキーで送り直しても、取り込みは一つ。", "Sent again with the same key, it is one import.")

_STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "imports": ("400", "401", "403", "404", "405", "429", "500", "503"),
    "import": ("400", "401", "403", "404", "405", "429", "500", "503"),
    "sendImport": ("400", "401", "403", "404", "405", "408", "412", "413", "415", "422", "429", "500", "503", "507"),
    "commitImport": ("400", "401", "403", "404", "405", "409", "410", "412", "429", "500", "503", "507"),
}


def import_paths(say: Say, refused: Refused) -> dict[str, Any]:
    """The addresses, in the reader's language; each needs a key or token."""
    job = _parameter("job", "path", ID, say, {"type": "string", "pattern": IDENTIFIER})
    match = _parameter(
        "If-Match", "header", MATCH, say, {"type": "string", "pattern": r'^(\*|"[0-9a-f]{1,64}")$', "examples": ["*"]}
    )
    key = _parameter("Idempotency-Key", "header", SAFELY, say, {"type": "string", "pattern": IDEMPOTENCY})
    one, many = _reference("ImportJob"), {"type": "array", "items": _reference("ImportJob")}

    def asked(name: str, about: Text, parameters: list[Any], answers: dict[str, Any]) -> dict[str, Any]:
        told = answers | refused(*_STATUSES[name])
        needed: list[dict[str, list[str]]] = [{"bearer": []}]
        return {"operationId": name, "summary": say(about), "parameters": parameters, "security": needed, "responses": told}

    return {
        "/imports": {
            "get": asked("imports", JOBS, [], {"200": _told(JOBS, say, many)}),
            "post": asked("sendImport", SEND, [key, match], _taken(say)) | {"requestBody": _BODY},
        },
        "/imports/{job}": {"get": asked("import", JOB, [job], {"200": _told(JOB, say, one)})},
        "/imports/{job}/commit": {"post": asked("commitImport", COMMIT, [job, match], _taken(say))},
    }


def import_schemas() -> dict[str, JsonSchema]:
    """What `import_views.view` shows of an import."""
    messages = {"type": "object", "properties": {"ja": _TEXT, "en": _TEXT}, "required": ["ja", "en"]}
    about = {"description": "An import; how it ended is there once it is over."}
    return {
        "ImportJob": _object(_BEGAN | _ENDED, tuple(_BEGAN)) | about,
        "ImportError": _object({"code": _TEXT, "message": _TEXT, "messages": messages}),
        "SentFile": _object({"name": _TEXT, "size": {"type": "integer"}, "sha256": _TEXT}),
    }


def _reference(name: str) -> JsonSchema:
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT: Final[JsonSchema] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonSchema] = {"type": ["string", "null"]}
_TIME: Final[JsonSchema] = {"type": "string", "format": "date-time"}
_BEGAN: Final[dict[str, JsonSchema]] = {
    "id": _TEXT, "state": {"type": "string", "enum": list(State)}, "files": {"type": "array", "items": _reference("SentFile")},
    "private": {"type": "boolean"}, "dryRun": {"type": "boolean"}, "commitOf": _TEXT_OR_NULL, "received": _TIME,
}  # fmt: skip
_ENDED: Final[dict[str, JsonSchema]] = {
    "finished": _TIME, "releaseBefore": _TEXT_OR_NULL, "releaseAfter": _TEXT_OR_NULL,
    "report": {"type": ["object", "null"], "description": "What was read, kept, left out and refused."},
    "difference": {"type": ["object", "null"], "description": "What a dry run would change."},
    "error": {"anyOf": [_reference("ImportError"), {"type": "null"}]},
}  # fmt: skip
_BODY: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1},
                    "dryRun": {"type": "boolean"},
                    "private": {"type": "boolean"},
                },
                "required": ["file"],
            }
        }
    },
}


def _taken(say: Say) -> dict[str, Any]:
    location = {"Location": {"description": say(LOCATION), "schema": _TEXT}}
    answers = (("200", KNOWN), ("202", ACCEPTED))
    return {status: _told(about, say, _reference("ImportJob")) | {"headers": location} for status, about in answers}


def _parameter(name: str, place: str, about: Text, say: Say, schema: JsonSchema) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "description": say(about), "schema": schema}


def _told(about: Text, say: Say, schema: JsonSchema) -> dict[str, Any]:
    return {"description": say(about), "content": {"application/json": {"schema": schema}}}


def _object(properties: Mapping[str, JsonSchema], required: tuple[str, ...] = ()) -> JsonSchema:
    return {"type": "object", "properties": dict(properties), "required": list(required or properties)}
