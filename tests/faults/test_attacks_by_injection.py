"""Texts that would do something elsewhere (in SQL, SPARQL, a path, a header, a shell), in every place that takes a text."""

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from kakehashi.graphql.documents import core_of
from kakehashi.graphql.schema import build_schema
from tests.support.attacking import OURS, codes, is_well, leaks
from tests.support.server import Client, Reply

PAYLOADS = (
    "' OR 1=1; DROP TABLE resources; --",
    '" } } UNION SELECT ?s ?p ?o WHERE { ?s ?p ?o } #',
    "<https://w3id.org/kakehashi/id/x> . } ; DROP ALL ; INSERT DATA { <a> <b> <c>",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "file:///etc/passwd",
    "x\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>",
    "\u0000\u001b[2J\u202eabc",
    "{{7*7}}${7*7}{0.__class__.__mro__}%(x)s%n",
    "$(id); `id` | id && id",
    "__proto__",
    "=cmd|' /C calc'!A0",
    "認証" * 3000,
    "-1e999",
    "",
)
SCHEMA = core_of(build_schema())
assert isinstance(SCHEMA.query_type, GraphQLObjectType)


def texts_in(kind: Any, around: frozenset[str] = frozenset()) -> Iterator[tuple[str, ...]]:
    """The ways to a text within a type of input: the names of the fields that lead to it, once into each type."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType) and named.name not in around:
        for name, field in named.fields.items():
            yield from ((name, *way) for way in texts_in(field.type, around | {named.name}))
    elif getattr(named, "name", None) in {"String", "ID"}:
        yield ()


def value_of(kind: Any, text: str, way: tuple[str, ...] | None) -> Any:
    """A value of a type: with the text where the way leads, and no more than is needed elsewhere."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        return [value_of(kind.of_type, text, way)]
    if isinstance(kind, GraphQLInputObjectType):
        ahead = {way[0]: way[1:]} if way else {}
        needed = {name: None for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
        return {name: value_of(kind.fields[name].type, text, ahead.get(name)) for name in {**needed, **ahead}}
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    plain = {"Int": 1, "Boolean": True, "Float": 1.0}.get(kind.name, "ms")
    return text if way == () else plain


def selection(field: GraphQLField) -> str:
    """The smallest selection of a field."""
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return ""
    if isinstance(named, GraphQLUnionType):
        return f"{{ {' '.join(f'... on {one.name} {selection_of(one)}' for one in named.types)} }}"
    return selection_of(named)


def selection_of(kind: Any) -> str:
    """The smallest selection on a type of objects."""
    fields = getattr(kind, "fields", {})
    plain = (name for name, one in fields.items() if is_leaf_type(get_named_type(one.type)) and not one.args)
    name = next(plain, None)
    if name is not None:
        return f"{{ {name} }}"
    inner = next(name for name, one in fields.items() if not any(isinstance(a.type, GraphQLNonNull) for a in one.args.values()))
    return f"{{ {inner} {selection(fields[inner])} }}"


PLACES = [
    (name, argument, way)
    for name, field in SCHEMA.query_type.fields.items()
    for argument, given in field.args.items()
    for way in texts_in(given.type)
]


def question(name: str, argument: str, way: tuple[str, ...], text: str) -> dict[str, Any]:
    """A query of a root field with a text in one place, as a variable."""
    field = SCHEMA.query_type.fields[name]  # type: ignore[union-attr]
    needed = [one for one, given in field.args.items() if one == argument or isinstance(given.type, GraphQLNonNull)]
    variables = {one: value_of(field.args[one].type, text, way if one == argument else None) for one in needed}
    declared = ", ".join(f"${one}: {field.args[one].type}" for one in needed)
    given = ", ".join(f"{one}: ${one}" for one in needed)
    return {"query": f"query({declared}) {{ {name}({given}) {selection(field)} }}", "variables": variables}


def written_out(asked: dict[str, Any], name: str) -> dict[str, Any]:
    """The same with a variable's value written into the document, where a text is all that it is."""
    query, variables = str(asked["query"]), dict(asked["variables"])
    if not isinstance(variables[name], str):
        return asked
    text = json.dumps(variables.pop(name), ensure_ascii=False)
    declared, _, rest = query.removeprefix("query(").partition(") {")
    kept = ", ".join(one for one in declared.split(", ") if not one.startswith(f"${name}:"))
    return {"query": f"query{f'({kept})' if kept else ''} {{{rest.replace(f': ${name}', f': {text}')}", "variables": variables}


def post(client: Client, body: dict[str, Any]) -> Reply:
    content = json.dumps(body).encode()
    return client.send("/graphql", method="POST", body=content, headers={"content-type": "application/json"})


def test_every_root_field_that_takes_a_text_is_attacked(client: Client) -> None:
    """And the text comes through to what answers: it is not the shape of the question that is refused."""
    assert len({name for name, _, _ in PLACES}) >= 20
    assert ("coverage", "given", ("certificates", "scheme")) in PLACES
    for place in PLACES:
        for body in (question(*place, "x"), written_out(question(*place, "x"), place[1])):
            assert "GRAPHQL_VALIDATION_FAILED" not in codes(post(client, body).json()), body


@pytest.mark.parametrize(("name", "argument", "way"), PLACES, ids=[".".join((n, a, *w)) for n, a, w in PLACES])
def test_a_text_is_a_text_and_nothing_else(client: Client, name: str, argument: str, way: tuple[str, ...]) -> None:
    for number, text in enumerate(PAYLOADS):
        asked = question(name, argument, way, text)
        body = written_out(asked, argument) if number % 3 == 0 else asked
        reply = post(client, body)
        assert reply.status == 200
        assert codes(reply.json()) <= OURS, (body, reply.body[:500])
        assert leaks(reply, [text]) == []
        assert len(reply.body) < 32 * 1024
        assert "set-cookie" not in reply.headers
    assert is_well(client)


def raw(client: Client, path: str, headers: dict[str, str] | None = None) -> Reply:
    """What comes back for an address as it is written: nobody tidies it up on the way."""
    address = urlsplit(client.base)
    assert address.hostname
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return Reply(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
    finally:
        connection.close()


PATHS = (
    "/id/", "/id//", "/id/..", "/id/../../etc/passwd", "/id/%2e%2e/%2e%2e/etc/passwd", "/id/..%2f..%2fetc%2fpasswd", "/id/%00",
    "/id/a%0d%0aSet-Cookie:%20a=b", "/id/%ff%fe", "/id/%ED%A0%80", "/id/<script>", "/id/" + "a" * 5000, "/id/%E2%80%AE",
    "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/%00",
    "/static/" + "a/" * 500,
    "/exports/graph.../../etc/passwd", "/exports/graph.%2e%2e%2fnq", "/exports/graph.nq%00", "/exports/graph.a%0d%0aX:1",
    "/exports/threats.navigator.json?given=%27%3B--", "/exports/threats.navigator.json?edition=../../etc",
    "/exports/threats.navigator.json?minAuthority=%0d%0aX:1", "/exports/threats.navigator.json?lang=%00&tactic=%ff",
    "/graphql?query=%00", "/graphql?query=%ff", "/graphql?variables=%00&query={a}", "/graphql?extensions=[]",
    "/graphql?documentId=../x",
    "/sparql?query=DROP%20ALL", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/healthz/../graphql",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_nowhere_else(client: Client, path: str) -> None:
    for accept in ("text/html", "application/json", "text/turtle"):
        reply = raw(client, path, {"Accept": accept})
        assert reply.status in {200, 307, 400, 404, 405, 406}, reply.body[:300]
        assert reply.status < 500
        assert {"set-cookie", "x"}.isdisjoint(reply.headers)
        assert leaks(reply, [path, path.rpartition("/")[2], quote(path)]) == []
        assert b"root:" not in reply.body
        assert b"<script>" not in reply.body or "json" in reply.headers["content-type"]
    assert is_well(client)


HEADERS = (
    "accept", "accept-language", "accept-encoding", "if-none-match", "content-type", "authorization", "x-forwarded-for",
    "forwarded", "origin", "cookie", "range", "host", "x-request-id", "traceparent", "x-http-method-override",
)  # fmt: skip
VALUES = (
    "' OR 1=1 --", "../../etc/passwd", "a" * 6000, ",".join(["en;q=0.5"] * 800), "*/*;q=1e999", "*/*;q=nan", "\x80\xff",
    "W/" * 500, '"' * 999, "${jndi:ldap://x}", "bytes=0-,0-,0-,0-", "gzip;q=-1, br;q=abc", "{0}%s", ";" * 2000,
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_is_read_or_left_alone(client: Client, header: str) -> None:
    for value in VALUES:
        for path in ("/graphql?query={release{id}}", "/id/ms", "/exports/threats.navigator.json", "/static/site/page.css"):
            reply = raw(client, path, {header: value})
            assert reply.status < 500, (header, value, path, reply.body[:300])
            assert leaks(reply, [value]) == []
            assert "set-cookie" not in reply.headers
    assert is_well(client)
