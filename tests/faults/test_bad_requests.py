"""Bad requests: a clear error with a code and both languages, never a traceback, never a dead server."""

import json
import urllib.parse
from typing import Any

import pytest

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.languages import accepted_languages
from kakehashi.graphql.schema import build_schema
from tests.support.server import Client

EDITION = "leaflet-legal-considerations/2020-01"
OTHER = "leaflet-access-checks/2020-01"
JSON = {"content-type": "application/json"}
DEEP = '{ node(id: "ms") ' + "{ statements { nodes { subject " * 12 + "{ id }" + " } } }" * 12 + " }"
CYCLE = "{ release { ...A } } fragment A on Release { ...B } fragment B on Release { ...A }"
LONG = "x" * 10_000

REFUSED: dict[str, tuple[str, str]] = {
    "malformed": ("{ release { id }", "GRAPHQL_PARSE_FAILED"),
    "empty": ("", "GRAPHQL_PARSE_FAILED"),
    "unknown field": ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
    "unknown edition": ('{ coverage(edition: "nope") { asOf } }', "NOT_FOUND"),
    "unknown requirement": ('{ controlsFor(requirement: "ms") { totalCount } }', "NOT_FOUND"),
    "unknown matrix": ('{ matrix(id: "nope") { id } }', "NOT_FOUND"),
    "unknown source of a crosswalk": (f'{{ crosswalk(source: "nope", target: "{EDITION}") {{ source {{ id }} }} }}', "NOT_FOUND"),
    "a crosswalk of one edition": (
        f'{{ crosswalk(source: "{EDITION}", target: "{EDITION}") {{ source {{ id }} }} }}',
        "BAD_USER_INPUT",
    ),
    "chains too long": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}", maxHops: 5) {{ source {{ id }} }} }}',
        "BAD_USER_INPUT",
    ),
    "chains of nothing": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}", maxHops: 0) {{ source {{ id }} }} }}',
        "BAD_USER_INPUT",
    ),
    "chains of less": ('{ relation(source: "ms", target: "mext", maxHops: -1) { disputed } }', "BAD_USER_INPUT"),
    "a sort of rows that is none": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}", include: [DISPUTED]) {{ source {{ id }} }} }}',
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "the relation of nothing": ('{ relation(source: "ms", target: "nope") { disputed } }', "NOT_FOUND"),
    "the relation of a thing to itself": ('{ relation(source: "ms", target: "ms") { disputed } }', "BAD_USER_INPUT"),
    "disagreements of one edition": (
        f'{{ disagreements(source: "{EDITION}", target: "{EDITION}") {{ totalCount }} }}',
        "BAD_USER_INPUT",
    ),
    "disagreements of nothing": (f'{{ disagreements(source: "{EDITION}", target: "nope") {{ totalCount }} }}', "NOT_FOUND"),
    "both id and iri": ('{ resource(id: "ms", iri: "x") { id } }', "BAD_USER_INPUT"),
    "neither id nor iri": ("{ resource { id } }", "BAD_USER_INPUT"),
    "first too large": ("{ resources(first: 2001) { totalCount } }", "BAD_USER_INPUT"),
    "first too large for a list of dear nodes": ("{ frameworks(first: 101) { totalCount } }", "BAD_USER_INPUT"),
    "first negative": ("{ resources(first: -1) { totalCount } }", "BAD_USER_INPUT"),
    "first beyond integers": ("{ resources(first: 99999999999) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    "cursor of nothing": ('{ resources(after: "!!!") { totalCount } }', "BAD_USER_INPUT"),
    "no cursor but an empty text": ('{ resources(after: "") { totalCount } }', "BAD_USER_INPUT"),
    "an empty cursor in a crosswalk": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}", after: "") {{ rows {{ totalCount }} }} }}',
        "BAD_USER_INPUT",
    ),
    "an empty cursor in a crosswalk's rows": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}") {{ rows(after: "") {{ totalCount }} }} }}',
        "BAD_USER_INPUT",
    ),
    "a crosswalk's rows by the million": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}") {{ rows(first: 1000000) {{ totalCount }} }} }}',
        "TOO_COMPLEX",
    ),
    "a crosswalk of too many rows": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}", first: 2001) {{ source {{ id }} }} }}',
        "BAD_USER_INPUT",
    ),
    "too many of a crosswalk's rows": (
        f'{{ crosswalk(source: "{EDITION}", target: "{OTHER}") {{ rows(first: 2001) {{ totalCount }} }} }}',
        "BAD_USER_INPUT",
    ),
    "cursor of another list": ('{ resources(kind: ["ministry"], after: "bXM") { totalCount } }', "BAD_USER_INPUT"),
    "bad date": (f'{{ coverage(edition: "{EDITION}", view: {{asOf: "2020-13-01"}}) {{ asOf }} }}', "GRAPHQL_VALIDATION_FAILED"),
    "two ways to say authorities": (
        f'{{ coverage(edition: "{EDITION}", view: {{minAuthority: VENDOR, authorities: [VENDOR]}}) {{ asOf }} }}',
        "BAD_USER_INPUT",
    ),
    "a product that is none": (
        f'{{ coverage(edition: "{EDITION}", given: {{products: ["mext"]}}) {{ asOf }} }}',
        "BAD_USER_INPUT",
    ),
    "a control that is none": (
        f'{{ coverage(edition: "{EDITION}", given: {{controls: ["sec-1"]}}) {{ asOf }} }}',
        "BAD_USER_INPUT",
    ),
    "a plan": (f'{{ coverage(edition: "{EDITION}", given: {{plans: ["a5"]}}) {{ asOf }} }}', "BAD_USER_INPUT"),
    "a certificate of nothing": (
        f'{{ coverage(edition: "{EDITION}", given: {{certificates: [{{scheme: "nope"}}]}}) {{ asOf }} }}',
        "BAD_USER_INPUT",
    ),
    "validity that ends before it begins": (
        f'{{ coverage(edition: "{EDITION}", given: {{certificates: [{{scheme: "cs-gold-mark", validFrom: "2021-01-01", '
        'validTo: "2020-01-01"}]}) { asOf } }',
        "BAD_USER_INPUT",
    ),
    "five hops": (f'{{ coverage(edition: "{EDITION}", maxHops: 5) {{ asOf }} }}', "BAD_USER_INPUT"),
    "no hop": (f'{{ coverage(edition: "{EDITION}", maxHops: 0) {{ asOf }} }}', "BAD_USER_INPUT"),
    "braces in an id": ('{ coverage(edition: "{0} {id} %s") { asOf } }', "NOT_FOUND"),
    "a very long id": (f'{{ coverage(edition: "{LONG}") {{ asOf }} }}', "NOT_FOUND"),
    "an emoji and a NUL": ('{ coverage(edition: "\\u0000🌉\'\\";DROP") { asOf } }', "NOT_FOUND"),
    "too deep": (DEEP, "TOO_COMPLEX"),
    "too many aliases": ("{" + " ".join(f"a{n}: release {{ id }}" for n in range(200)) + "}", "TOO_COMPLEX"),
    "too many tokens": ("{" + " release { id }" * 3000 + "}", "GRAPHQL_PARSE_FAILED"),
    "a cycle of fragments": (CYCLE, "GRAPHQL_VALIDATION_FAILED"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_clearly_in_both_languages(client: Client, name: str) -> None:
    query, code = REFUSED[name]
    for language in ("ja", "en"):
        error: dict[str, Any] = client.graphql(query, language)["errors"][0]
        assert error["extensions"]["code"] == code, error
        messages = error["extensions"]["messages"]
        assert messages["ja"] != messages["en"]
        assert error["message"] == messages[language]
        assert "Traceback" not in json.dumps(error)
    assert client.ask("{ release { id } }")["release"]["id"]


def test_an_unknown_resource_is_null(client: Client) -> None:
    assert client.ask('{ resource(id: "nope") { id } node(id: "nope") { id } s: statement(id: "nope") { id } }') == {
        "resource": None, "node": None, "s": None,
    }  # fmt: skip
    assert client.ask('{ resource(iri: "https://example.org/x") { id } }') == {"resource": None}


def test_an_operation_that_is_not_in_the_document_is_refused(client: Client) -> None:
    body = json.dumps({"query": "query A { release { id } }", "operationName": "B"}).encode()
    answer = client.send("/graphql", method="POST", body=body, headers=JSON).json()
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_a_bad_date_in_a_variable_is_refused(client: Client) -> None:
    query = f'query($day: Date) {{ coverage(edition: "{EDITION}", view: {{asOf: $day}}) {{ asOf }} }}'
    assert client.graphql(query, day="yesterday")["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert client.ask(query, day="2020-02-29") == {"coverage": {"asOf": "2020-02-29"}}


@pytest.mark.parametrize(
    ("method", "body", "headers", "status"),
    [
        ("POST", b"{", JSON, 400),
        ("POST", b"[]", JSON, 400),
        ("POST", b'{"query": 1}', JSON, 400),
        ("POST", b'{"query": "{a}", "variables": []}', JSON, 400),
        ("POST", b"[" * 100_000, JSON, 400),
        ("POST", b'{"query": "query($x: ID!) { matrix(id: $x) { id } }", "variables": {"x": "\\ud800"}}', JSON, 400),
        ("POST", b'{"query": "{ release { id } }", "variables": {"x": NaN}}', JSON, 400),
        ("POST", b'{"query": "' + b"x" * 300_000 + b'"}', JSON, 413),
        ("POST", b"query=x", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("POST", b"{}", {**JSON, "accept": "image/png"}, 406),
        ("PUT", b"{}", JSON, 405),
        ("DELETE", None, {}, 405),
    ],
)
def test_http_refusals_have_their_status(
    client: Client, method: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    reply = client.send("/graphql", method=method, body=body, headers=headers)
    assert reply.status == status
    assert set(reply.json()["errors"][0]["extensions"]["messages"]) == {"ja", "en"}


def test_queries_come_by_get_too_and_statuses_follow_what_is_accepted(client: Client) -> None:
    newer = {"accept": "application/graphql-response+json"}
    asked = urllib.parse.quote("{ release { id } }")
    reply = client.send(f"/graphql?query={asked}", headers=newer)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/graphql-response+json; charset=utf-8")
    assert client.send("/graphql?query=%7B", headers=newer).status == 400
    assert client.send("/graphql?query=%7B").status == 200
    assert client.send(f"/graphql?query={asked}&variables=%7B", headers=newer).status == 400


def test_the_unexpected_is_masked_and_named_by_a_request_id() -> None:
    class Broken:
        release = property(lambda _: 1 / 0)

    answer = execute(build_schema(), Context(Broken()), Request("{ release { id } }"))  # type: ignore[arg-type]
    error = answer.body["errors"][0]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["requestId"] in error["message"]
    assert "division" not in json.dumps(answer.body)


@pytest.mark.parametrize(
    ("header", "languages"),
    [(None, ()), ("ja", ("ja",)), ("en-US,ja;q=0.5", ("en", "ja")), ("fr, ja;q=0.1, en;q=0", ("ja",)), ("x;q=;,,", ())],
)
def test_accept_language_is_read_as_the_standard_says(header: str | None, languages: tuple[str, ...]) -> None:
    assert accepted_languages(header) == languages
