"""The same texts in every parameter and every member of a body under /v1, and in every argument of the tools of /mcp."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from kakehashi.graphql.schema import build_schema
from kakehashi.http.rest.asking import Asker
from kakehashi.http.rest.routes import PREFIX, Route
from kakehashi.mcp.arguments import Asked
from kakehashi.mcp.tools import TOOLS
from tests.faults.test_attacks_by_injection import PAYLOADS, raw, texts_in, value_of
from tests.support.attacking import OURS, is_well, leaks
from tests.support.rest_questions import QUERIES, address
from tests.support.server import Client, Reply, serving

ASKER = Asker(build_schema())
LARGEST = 96 * 1024
PARAMETERS = [
    (route, name)
    for route in ASKER.routes
    for name in ("lang", "nope", *(one.name for one in ASKER.operations[route.operation].parameters))
]
MEMBERS = [
    (route, variable.name, way)
    for route in ASKER.routes
    if route.body
    for variable in ASKER.operations[route.operation].variables
    for way in texts_in(variable.type)
]


def is_refused_or_answered(reply: Reply, sent: str) -> None:
    """Below 500, in a known shape, with nothing from inside and nothing that was sent made into a header."""
    assert reply.status in {200, 400, 404, 406, 414, 422}, reply.body[:300]
    if reply.status != 200:
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["code"] in OURS
        assert set(reply.json()["messages"]) == {"ja", "en"}
    assert leaks(reply, [sent, quote(sent)]) == []
    assert len(reply.body) < LARGEST
    assert {"set-cookie", "x"}.isdisjoint(reply.headers)


@pytest.mark.parametrize(("route", "name"), PARAMETERS, ids=[f"{route.operation}.{name}" for route, name in PARAMETERS])
def test_a_parameter_is_read_or_refused(client: Client, route: Route, name: str) -> None:
    for text in PAYLOADS:
        given = {**QUERIES[route.operation], name: text}
        path = PREFIX + address(
            route.path, {one: quote(value, safe="") if one == "id" else value for one, value in given.items()}
        )
        is_refused_or_answered(raw(client, path), text)
    assert is_well(client)


@pytest.mark.parametrize("route", ASKER.routes, ids=[one.operation for one in ASKER.routes])
def test_an_address_that_is_no_text_is_refused(client: Client, route: Route) -> None:
    place = PREFIX + address(route.path, {"id": "%ff%fe", **QUERIES[route.operation]})
    joined = "&" if "?" in place else "?"
    for more in ("%ff=%ff", "lang=%ff%fe", "=", "first=1;DROP", "lang=ja&" * 900, urlencode({"a[b]": 1, "__proto__[x]": 1})):
        is_refused_or_answered(raw(client, f"{place}{joined}{more}"), more)
    assert is_well(client)


@pytest.mark.parametrize(
    ("route", "name", "way"), MEMBERS, ids=[f"{route.operation}.{'.'.join((name, *way))}" for route, name, way in MEMBERS]
)
def test_a_member_of_a_body_is_read_or_refused(client: Client, route: Route, name: str, way: tuple[str, ...]) -> None:
    known = {one.name: one for one in ASKER.operations[route.operation].variables}
    for text in PAYLOADS:
        given = {one: value_of(variable.type, "ms", None) for one, variable in known.items() if variable.required}
        body = json.dumps({**given, name: value_of(known[name].type, text, way)}).encode()
        headers = {"content-type": "application/json"}
        is_refused_or_answered(client.send(PREFIX + route.path, method="POST", body=body, headers=headers), text)
    assert is_well(client)


BODIES = (
    b"", b"null", b"[]", b"[" * 200_000, b'{"edition":' * 40_000, b'{"edition": "\xff"}', b'{"edition": "\\ud800"}', b"{} {}",
    b'{"edition": NaN}', b" " * 300_000, b'{"edition": ["a"]}', b'{"__proto__": {}}', b'{"first": 1e999}',
    b'{"first": 99999999999999}',
    json.dumps({"edition": "ms", "given": {"controls": ["x"] * 20_000}}).encode(),
)  # fmt: skip


@pytest.mark.parametrize("route", [one for one in ASKER.routes if one.body], ids=lambda route: route.operation)
def test_a_body_that_is_meant_to_hurt_does_not(client: Client, route: Route) -> None:
    for body in BODIES:
        reply = client.send(PREFIX + route.path, method="POST", body=body, headers={"content-type": "application/json"})
        assert 400 <= reply.status < 500 or (route.operation == "threats" and body == b'{"__proto__": {}}'), (body[:40], reply)
        assert leaks(reply) == []
        assert len(reply.body) < LARGEST
    assert is_well(client)


@pytest.fixture(scope="module")
def tools(default_home: Path) -> Iterator[Client]:
    with serving(default_home, mcp_hosts=()) as client:
        yield client


def places_of(schema: Mapping[str, Any], kinds: Mapping[str, Any], way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The ways to whatever is no object, in a JSON Schema; `[]` goes into an array."""
    for one in (schema, *schema.get("anyOf", ())):
        found = kinds[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        if "properties" in found:
            for name, below in found["properties"].items():
                yield from places_of(below, kinds, (*way, name))
        elif "items" in found:
            yield from places_of(found["items"], kinds, (*way, "[]"))
        elif "type" in found and found["type"] != "null":
            yield way


def schema_of(asked: type[Asked]) -> dict[str, Any]:
    return asked.model_json_schema(by_alias=True)


ARGUMENTS = [
    (name, way)
    for name, tool in TOOLS.items()
    for way in dict.fromkeys(places_of(schema_of(tool.asked), schema_of(tool.asked).get("$defs", {})))
]
NEEDED: dict[str, dict[str, Any]] = {
    "search": {"text": "ms"}, "resource": {"id": "ms"}, "coverage": {"edition": "ms"}, "gaps": {"edition": "ms"},
    "crosswalk": {"source": "ms", "target": "ms"}, "threats": {},
}  # fmt: skip


def put(way: tuple[str, ...], text: str) -> Any:
    """The value of an argument that has a text where the way leads."""
    if not way:
        return text
    return [put(way[1:], text)] if way[0] == "[]" else {**_certificate(way), way[0]: put(way[1:], text)}


def _certificate(way: tuple[str, ...]) -> dict[str, Any]:
    return {"scheme": "ms"} if way[0] in {"product", "edition", "scope", "validFrom", "validTo"} else {}


def call(client: Client, name: str, arguments: object) -> Reply:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    headers = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    return client.send("/mcp", method="POST", body=json.dumps(body).encode(), headers=headers)


def test_every_tool_is_attacked_at_every_argument(tools: Client) -> None:
    """And what else is asked holds: it is the text that is refused, not the question around it."""
    assert {name for name, _ in ARGUMENTS} == set(TOOLS) == set(NEEDED)
    assert ("coverage", ("given", "certificates", "[]", "scheme")) in ARGUMENTS
    for name, arguments in NEEDED.items():
        assert call(tools, name, arguments).json()["result"].get("structuredContent", {}).get("code") in {None, "NOT_FOUND"}


@pytest.mark.parametrize(("name", "way"), ARGUMENTS, ids=[f"{name}.{'.'.join(way)}" for name, way in ARGUMENTS])
def test_an_argument_of_a_tool_is_read_or_refused(tools: Client, name: str, way: tuple[str, ...]) -> None:
    for text in PAYLOADS:
        reply = call(tools, name, NEEDED[name] | {way[0]: put(way[1:], text)})
        assert reply.status == 200, reply.body[:300]
        result = reply.json()["result"]
        assert not result.get("isError") or result["structuredContent"]["code"] in OURS, result
        assert leaks(reply, [text, json.dumps(text)[1:-1]]) == []
        assert len(reply.body) < LARGEST
        assert "set-cookie" not in reply.headers
    assert is_well(tools)


EXPLAINED = "https://errors.pydantic.dev/"
"""Where the protocol's library says what its messages are to look like."""
CALLS: tuple[object, ...] = (
    None, [], {}, "x", 1, {"jsonrpc": "2.0"}, {"jsonrpc": "2.0", "id": 1, "method": "\r\nx: y"}, [{}] * 1000,
    {"jsonrpc": "2.0", "id": "' OR 1=1", "method": "tools/call", "params": {"name": "../../etc/passwd", "arguments": {}}},
    {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": "x"}},
    {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {"text": "a", "first": 1e99}}},
    {"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": "file:///etc/passwd"}},
    {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "x" * 5000, "capabilities": {}}},
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_a_call_that_is_none_is_refused(tools: Client, number: int) -> None:
    body = json.dumps(CALLS[number]).encode()
    for sent in (body, body[:-1], b"\xff" + body, body + body):
        headers = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
        reply = tools.send("/mcp", method="POST", body=sent, headers=headers)
        assert reply.status < 500, reply.body[:300]
        assert leaks(reply, [sent.decode("latin-1"), EXPLAINED]) == []
        assert b"root:" not in reply.body
        assert len(reply.body) < LARGEST
    assert is_well(tools)
