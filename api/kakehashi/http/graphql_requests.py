"""How a GraphQL request is read from HTTP (GraphQL over HTTP, sections 5.2 to 5.4), and refused where it cannot be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request

from kakehashi.vocabulary.text import Text

JSON: Final = "application/json"
MAX_BODY_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 32
"""How deep objects and lists may be nested in variables."""

WRONG_TYPE = Text("Content-Typeはapplication/jsonにしてください。", "The Content-Type must be application/json.")
TOO_LARGE = Text("本文は{limit}バイトまでです。", "The body may have at most {limit} bytes.")
NOT_JSON = Text("本文がJSONとして読めません。", "The body is not JSON.")
TWICE = Text("「{name}」が二度あります。", "'{name}' is there twice.")
TOO_DEEP = Text("JSONの入れ子は{limit}段までです。", "JSON may be nested {limit} deep.")
BATCH = Text(
    "複数の要求をまとめて送ることはできません。一件ずつ送ってください。",
    "Requests cannot be sent in a batch. Send one at a time.",
)
BAD_SHAPE = Text(
    "queryとdocumentIdとoperationNameは文字列、variablesとextensionsはオブジェクトでなければなりません。",
    "query, documentId and operationName must be strings, variables and extensions objects.",
)
BAD_PERSISTED = Text(
    "extensions.persistedQueryはversion 1とsha256Hashを持つオブジェクトでなければなりません。",
    "extensions.persistedQuery must be an object with version 1 and sha256Hash.",
)
TWO_IDS = Text("documentIdとextensions.persistedQueryが違います。", "documentId and extensions.persistedQuery differ.")


@dataclass(frozen=True, slots=True)
class RefusedError(Exception):
    """A request that cannot be read, with its status."""

    status: HTTPStatus
    text: Text


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was sent: a query or the id of a document, or both."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None


async def read(request: Request) -> Asked:
    """What a GET or a POST asks; RefusedError where it cannot be read."""
    if request.method == "GET":
        return _asked(_parameters(request.query_params))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, WRONG_TYPE)
    return _asked(_json(await _body(request)))


def names_a_document(parameters: QueryParams) -> bool:
    """Whether the parameters of a GET ask anything, so that no page is meant."""
    return not {"query", "documentId", "extensions"}.isdisjoint(parameters)


def _parameters(parameters: QueryParams) -> dict[str, Any]:
    names = [name for name, _ in parameters.multi_items()]
    found: dict[str, Any] = {name: parameters.get(name) for name in ("query", "documentId", "operationName")}
    for name in (*found, "variables", "extensions"):
        if names.count(name) > 1:
            raise RefusedError(HTTPStatus.BAD_REQUEST, TWICE(name=name))
    return found | {name: _json(parameters[name]) for name in ("variables", "extensions") if parameters.get(name)}


async def _body(request: Request) -> bytes:
    """The body, read no further than the limit."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE(limit=MAX_BODY_BYTES))
    return bytes(body)


def _json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        # orjson refuses what could not be written back: invalid UTF-8, lone surrogates, NaN, and nesting without end.
        found = orjson.loads(text)
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, NOT_JSON) from error
    if _depth(found) > MAX_DEPTH:
        raise RefusedError(HTTPStatus.BAD_REQUEST, TOO_DEEP(limit=MAX_DEPTH))
    json.loads(text, object_pairs_hook=_once, parse_int=str)  # orjson takes the last of two equal names; others take the first
    return found


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Refuse an object that says a thing twice: whoever checks it on the way may have read the other one."""
    names = {name for name, _ in pairs}
    if len(names) < len(pairs):
        given = [name for name, _ in pairs]
        raise RefusedError(HTTPStatus.BAD_REQUEST, TWICE(name=next(one for one in given if given.count(one) > 1)[:80]))


def _depth(found: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    depth, level = 0, [found]
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [below for one in level for below in (one.values() if isinstance(one, dict) else one)]
    return depth


def _asked(fields: object) -> Asked:
    if isinstance(fields, list):
        raise RefusedError(HTTPStatus.BAD_REQUEST, BATCH)
    if not isinstance(fields, dict):
        raise RefusedError(HTTPStatus.BAD_REQUEST, BAD_SHAPE)
    texts = [fields.get(name) for name in ("query", "documentId", "operationName")]
    objects = [fields.get(name) for name in ("variables", "extensions")]
    if not all(isinstance(one, str | None) for one in texts) or not all(isinstance(one, dict | None) for one in objects):
        raise RefusedError(HTTPStatus.BAD_REQUEST, BAD_SHAPE)
    query, identifier, name = texts
    variables, extensions = objects
    asked = Asked(query, _identifier(identifier, extensions or {}), name, variables)
    if asked.query is None and asked.document_id is None:
        raise RefusedError(HTTPStatus.BAD_REQUEST, BAD_SHAPE)
    return asked


def _identifier(given: str | None, extensions: Mapping[str, Any]) -> str | None:
    """The document that is named, by `documentId` or in the way of Apollo's persisted queries."""
    named = extensions.get("persistedQuery")
    if named is None:
        return given
    found = named.get("sha256Hash") if isinstance(named, dict) and named.get("version", 1) == 1 else None
    if not isinstance(found, str):
        raise RefusedError(HTTPStatus.BAD_REQUEST, BAD_PERSISTED)
    if given is not None and given != found:
        raise RefusedError(HTTPStatus.BAD_REQUEST, TWO_IDS)
    return found
