"""Queries that are meant to hurt: each is refused with its code, within the server's bounds, and the next client is answered."""

import gc
import json
from typing import Any

import pytest

from kakehashi.graphql.documents import KEPT_CHARACTERS, Documents
from kakehashi.graphql.schema import build_schema
from tests.support.attacking import codes, is_well, leaks, resident_bytes
from tests.support.server import Client, Reply

COMPLEX, PARSE, INVALID, BAD = "TOO_COMPLEX", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"
GROWTH = 96 * 1024 * 1024


def nested(opening: str, closing: str, times: int, inner: str = "id") -> str:
    return opening * times + inner + closing * times


def ring(size: int) -> str:
    links = " ".join(f"fragment F{n} on Release {{ ...F{(n + 1) % size} }}" for n in range(size))
    return f"{{ release {{ ...F0 }} }} {links}"


def doubling(levels: int) -> str:
    """Fragments that would be spread 2^levels times."""
    links = " ".join(f"fragment F{n} on Release {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ release {{ ...F0 }} }} {links} fragment F{levels} on Release {{ id }}"


def overlapping(fragments: int) -> str:
    """Fields that must be compared pair by pair."""
    spreads = " ".join(f"...F{n}" for n in range(fragments))
    return f"{{ {spreads} }} " + " ".join(f"fragment F{n} on Query {{ release {{ id }} }}" for n in range(fragments))


STATEMENTS = "statements(first: 100) { nodes { subject { "
TYPES = "{ __schema { types { %s } } }"

QUERIES: dict[str, tuple[str, set[str]]] = {
    "deep beyond reading": (nested("{ a ", "}", 2400), {PARSE}),
    "deep": ('{ node(id: "ms") { ' + nested("parent { ", "} ", 60) + "} }", {COMPLEX}),
    "deep in fragments": (
        "{ release { ...F0 } } "
        + " ".join(f"fragment F{n} on Release {{ sources {{ publisher {{ ...F{n + 1} }} }} }}" for n in range(20))
        + " fragment F20 on Release { id }",
        {COMPLEX},
    ),
    "deep values": (f"{{ resources(kind: {nested('[', ']', 2300, '1')}) {{ totalCount }} }}", {PARSE}),
    "wide": ("{ release { " + "id " * 4900 + "} }", {COMPLEX}),
    "wide at the top": ("{ " + "release { id } " * 400 + "}", {COMPLEX}),
    "the same field over and over": ("{ release { " + "id " * 999 + "} }", {INVALID}),
    "beyond all tokens": ("{ " + "release " * 20_000 + "}", {PARSE}),
    "aliased": ("{ " + " ".join(f"a{n}: release {{ id }}" for n in range(61)) + " }", {COMPLEX}),
    "dear under aliases": (
        "{" + " ".join(f"a{n}:mappingFindings(first: 99){{ nodes {{ ends {{{STATEMENTS} id {'} ' * 6}" for n in range(50)) + "}",
        {COMPLEX},
    ),
    "multiplied lists": (f'{{ resource(id: "ms") {{ {nested(STATEMENTS, "} } } ", 4)} }} }}', {COMPLEX}),
    "a first that is huge": (f'{{ resources(first: {2**31 - 1}) {{ nodes {{ id }} }} }}', {COMPLEX}),
    "a fragment within itself": (ring(1), {INVALID}),
    "a ring of fragments": (ring(40), {INVALID}),
    "a larger ring of fragments": (ring(2000 // 4), {COMPLEX, PARSE}),
    "fragments that double": (doubling(48), set()),
    "fragments that double for ever": (doubling(90), {COMPLEX}),
    "fields that overlap in fragments": (overlapping(50), set()),
    "fields that overlap in more fragments": (overlapping(400), {COMPLEX, PARSE}),
    "a flood of directives": ("{ release " + "@include(if: true) " * 700 + "{ id } }", {COMPLEX}),
    "a flood of unknown directives": ("{ release " + "@a " * 2000 + "{ id } }", {COMPLEX}),
    "directives on all that there is": ("{ " + "release @skip(if: false) { id @skip(if: false) } " * 60 + "}", {COMPLEX}),
    "operations without number": (" ".join(f"query Q{n} {{ release {{ id }} }}" for n in range(400)), {COMPLEX}),
    "variables without number": ("query(" + " ".join(f"$v{n}: Int" for n in range(1200)) + ") { release { id } }", {INVALID}),
    "an integer without end": (f"{{ resources(first: {'9' * 100_000}) {{ totalCount }} }}", {COMPLEX}),
    "a negative integer without end": (f"{{ resources(first: -{'9' * 5000}) {{ totalCount }} }}", {COMPLEX}),
    "a float without end": (f"{{ resources(first: 1e{'9' * 5000}) {{ totalCount }} }}", {INVALID, PARSE, COMPLEX}),
    "a name without end": (f"{{ {'a' * 200_000} }}", {INVALID, PARSE}),
    "a text without end": (f'{{ resources(text: "{"認" * 30_000}") {{ totalCount }} }}', set()),
    "lone surrogates": ('{ resources(text: "\\uD800") { totalCount } }', {PARSE}),
    "halves the wrong way round": ('{ resources(text: "\\uDC00\\uD800") { totalCount } }', {PARSE}),
    "NULs": ('{ resources(text: "\\u0000\\u0000") { totalCount } }', set()),
    "a NUL in the document": ("{ release \0 { id } }", {PARSE}),
    "the same argument twice": ("{ resources(first: 1, first: 2) { totalCount } }", {INVALID}),
    "introspection in circles": (TYPES % nested("fields { type { ", "} } ", 6, "name"), {INVALID, COMPLEX}),
    "introspection of possible types": (TYPES % nested("possibleTypes { interfaces { ", "} } ", 5, "name"), {INVALID, COMPLEX}),
    "introspection in fragments": (
        "{ __schema { types { ...T } } } fragment T on __Type { fields { type { fields { type { fields { name } } } } } }",
        {INVALID},
    ),
    "introspection again and again": (
        "{ " + " ".join(f"a{n}: __schema {{ types {{ fields {{ args {{ type {{ name }} }} }} }} }}" for n in range(59)) + " }",
        {COMPLEX},
    ),
    "a mutation": ("mutation { release { id } }", {INVALID}),
    "a subscription": ("subscription { release { id } }", {INVALID}),
    "what is deferred": ('{ ... @defer { release { id } } }', {INVALID}),
    "a schema": ("type Query { a: Int }", {INVALID}),
}  # fmt: skip

VARIABLES: dict[str, tuple[Any, set[str]]] = {
    "a huge list": ([f"x{n}" for n in range(20_000)], set()),
    "a huge text": (["x" * 200_000], set()),
    "a list in a list in a list": (json.loads(nested("[", "]", 30, '"x"')), {INVALID}),
    "an object": ({"a": {"b": 1}}, {INVALID}),
    "a huge integer": (10**400, {BAD}),
    "nulls": ([None] * 20_000, {INVALID}),
    "numbers": (list(range(20_000)), {INVALID}),
}


def sent(client: Client, body: bytes) -> Reply:
    return client.send("/graphql", method="POST", body=body, headers={"content-type": "application/json"})


def asked(client: Client, query: str, variables: object = None) -> Reply:
    return sent(client, json.dumps({"query": query, "variables": variables}).encode())


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_that_is_meant_to_hurt_does_not(client: Client, name: str) -> None:
    query, allowed = QUERIES[name]
    reply = asked(client, query)
    found = codes(reply.json())
    assert reply.status == 200
    assert found <= allowed if allowed else not found, reply.body[:500]
    assert bool(found) is bool(allowed)
    assert leaks(reply) == []
    assert len(reply.body) < 64 * 1024  # what is refused is not sent back
    assert is_well(client)


@pytest.mark.parametrize("name", VARIABLES)
def test_variables_that_are_meant_to_hurt_do_not(client: Client, name: str) -> None:
    value, allowed = VARIABLES[name]
    query = "query($kind: [String!], $n: Int) { resources(kind: $kind, first: $n) { totalCount } }"
    for variables in ({"kind": value}, {"n": value}):
        reply = asked(client, query, variables)
        found = codes(reply.json())
        assert found <= {INVALID} or (reply.status, found) == (400, {BAD}), reply.body[:300]
        assert leaks(reply) == []
        assert len(reply.body) < 64 * 1024
    assert codes(asked(client, query, {"kind": value}).json()) <= (allowed or set())
    assert is_well(client)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"query": "{ release { id } }", "query": "{ __typename }"}', 400),
        (b'{"query": "query($a: Int) { __typename }", "variables": {"a": 1, "a": 2}}', 400),
        (b'{"query": "{ release { id } }", "\\u0071uery": "{ __typename }"}', 400),
        (b'{"query": "\xff\xfe"}', 400),
        (b'{"query": "{ release { id } }", "variables": {"x": "\\ud800"}}', 400),
        (b'\xef\xbb\xbf{"query": "{ release { id } }"}', 400),
        (b'{"query": "{ release { id } }"}\x00', 400),
        (b'{"query": "{ release { id } }"} {}', 400),
        ("{}".encode("utf-16"), 400),
        (b"[" * 200_000, 400),
        (b'{"a":' * 40_000, 400),
        (b'{"query": "{a}", "variables": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}", 400),
        (b'{"query": "{a}", "variables": {"x": NaN}}', 400),
        (b'{"query": "{a}", "variables": {"x": Infinity}}', 400),
        (b" " * 300_000, 413),
        (b'{"query": "' + b"\\u0000" * 50_000 + b'"}', 413),
    ],
)
def test_a_body_that_is_meant_to_hurt_does_not(client: Client, body: bytes, status: int) -> None:
    reply = sent(client, body)
    assert reply.status == status, reply.body[:300]
    assert leaks(reply) == []
    assert set(reply.json()["errors"][0]["extensions"]["messages"]) == {"ja", "en"}
    assert is_well(client)


def test_an_address_without_end_is_refused(client: Client) -> None:
    reply = client.send(f"/graphql?query={'x' * 20_000}")
    assert (reply.status, leaks(reply)) == (414, [])
    assert client.send(f"/graphql?query={'x' * 100_000}").status in {400, 414}
    assert client.send(f"/{'a/' * 12_000}").status == 414
    assert is_well(client)


def test_asking_twice_in_an_address_is_refused(client: Client) -> None:
    for twice in ("query={a}&query={b}", "query={a}&variables={}&variables={}", "query={a}&operationName=a&operationName=b"):
        assert client.send(f"/graphql?{twice}").status == 400


def test_the_memory_does_not_grow_with_attacks(client: Client) -> None:
    """Each round sends documents that were never sent before, so that nothing of them is known."""

    def round_of(number: int) -> None:
        for query, _ in QUERIES.values():
            asked(client, f"# {number}\n{query}")

    round_of(0)
    gc.collect()
    before = resident_bytes()
    for number in range(1, 5):
        round_of(number)
    gc.collect()
    assert resident_bytes() - before < GROWTH


def test_documents_are_kept_up_to_a_size_and_the_oldest_go_first() -> None:
    documents = Documents(build_schema())
    texts = [f"# {'x' * 3000}\nquery Q{number} {{ release {{ id }} }}" for number in range(200)]
    assert sum(map(len, texts)) > 2 * KEPT_CHARACTERS > 2 * len(texts[0])
    first = documents.valid(texts[0])
    for text in texts[1:]:
        documents.valid(text)
    assert documents.valid(texts[0]) is not first
    assert documents.valid(texts[-1]) is documents.valid(texts[-1])
    assert sum(map(len, documents._known._kept)) <= KEPT_CHARACTERS
