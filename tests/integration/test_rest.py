"""REST as a client meets it: what it answers is GraphQL's, in the shape that the OpenAPI document states."""

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest

from kakehashi.graphql.schema import build_schema
from kakehashi.http.options import HttpOptions
from kakehashi.http.rest import limits
from kakehashi.http.rest.asking import Asker
from kakehashi.http.rest.routes import PREFIX, ROUTES, Route
from kakehashi.http.rest.tables import written
from tests.support.rest_questions import ITEMS, LAW, MEASURES, QUERIES, address
from tests.support.server import Client, serving

GIVEN = {"edition": ITEMS, "given": {"products": ["office-365"], "certificates": [{"scheme": "cs-gold-mark"}]}}
JSON = {"content-type": "application/json"}
ROUTE_IDS = [route.operation for route in ROUTES]
every_route = pytest.mark.parametrize("route", ROUTES, ids=ROUTE_IDS)
both_languages = pytest.mark.parametrize("language", ["ja", "en"])


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker(build_schema())


@pytest.fixture(scope="module")
def exactly(client: Client) -> Callable[[str, Any], None]:
    """Fails where an answer is not just what the served OpenAPI document says of it: no member more, none less."""
    document = client.send("/openapi.json").json()
    components = {name: _closed(one) for name, one in document["components"]["schemas"].items()}
    validators: dict[str, jsonschema_rs.Validator] = {}

    def check(name: str, answer: Any) -> None:
        if name not in validators:
            schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components}}
            validators[name] = jsonschema_rs.validator_for(schema, validate_formats=True)
        validators[name].validate(answer)

    return check


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(schema)
    return found | ({"additionalProperties": False} if found.get("type") == "object" else {})


def ask(client: Client, route: Route, language: str = "en", **more: Any) -> Any:
    reply = client.send(address(PREFIX + route.path, QUERIES[route.operation] | more), headers={"accept-language": language})
    assert reply.status == 200, reply.body
    return reply.json()


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.send(path, method="POST", body=json.dumps(body).encode(), headers=JSON | headers)


def listed(answer: Any, route: Route) -> Any:
    for step in route.pages:
        answer = answer[step]
    return answer


@every_route
def test_every_answer_is_just_what_the_openapi_document_says(
    client: Client, exactly: Callable[[str, Any], None], route: Route
) -> None:
    answer = ask(client, route)
    exactly(f"{route.operation[0].upper()}{route.operation[1:]}Answer", answer)
    assert answer["release"]["id"] == client.ask("{ release { id } }")["release"]["id"]


@every_route
@both_languages
def test_every_answer_is_what_graphql_says(client: Client, asker: Asker, route: Route, language: str) -> None:
    operation = asker.operations[route.operation]
    variables: dict[str, Any] = {}
    for one in operation.parameters:
        value = QUERIES[route.operation].get(one.name)
        if value is not None:
            *outer, last = one.path
            place = variables
            for step in outer:
                place = place.setdefault(step, {})
            value = [{"scheme": scheme} for scheme in value] if one.name == "certificates" else value
            place[last] = True if value == "true" else value
    assert ask(client, route, language) == client.ask(operation.text, language, **variables)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.pages], ids=[one.operation for one in ROUTES if one.pages])
def test_links_lead_through_every_page(client: Client, route: Route) -> None:
    """Each row once and in order, whatever the size of the pages."""
    whole = listed(ask(client, route, first=100), route)
    question = QUERIES[route.operation] | {"first": max(2, whole["totalCount"] // 10)}
    path, found = address(PREFIX + route.path, question), []
    for _ in range(20):
        reply = client.send(path, headers={"accept-language": "en"})
        page = listed(reply.json(), route)
        found += page["nodes"]
        assert page["totalCount"] == whole["totalCount"]
        if "link" not in reply.headers:
            assert not page["pageInfo"]["hasNextPage"]
            break
        assert reply.headers["link"].endswith('>; rel="next"')
        path = reply.headers["link"].partition(">")[0].removeprefix("<")
    assert len(found) == whole["totalCount"]
    assert found[: len(whole["nodes"])] == whole["nodes"]


def test_some_list_of_the_tests_has_several_pages(client: Client) -> None:
    """Else the test above would follow nothing."""
    linked = [route for route in ROUTES if route.pages and "link" in _reply(client, route).headers]
    assert len(linked) >= 8, linked


def _reply(client: Client, route: Route) -> Any:
    return client.send(address(PREFIX + route.path, QUERIES[route.operation]))


@pytest.mark.parametrize("route", [one for one in ROUTES if one.body], ids=[one.operation for one in ROUTES if one.body])
def test_a_posted_question_has_the_answer_of_the_asked_one(client: Client, route: Route) -> None:
    question = {"first": 2} if route.operation == "threats" else GIVEN | {"view": {"minAuthority": "INFERRED"}, "first": 2}
    query = {"first": 2}
    if route.operation != "threats":
        query |= {"edition": ITEMS, "products": "office-365", "certificates": "cs-gold-mark", "minAuthority": "INFERRED"}  # type: ignore[dict-item]
    posted = post(client, PREFIX + route.path, question)
    assert posted.status == 200, posted.body
    assert posted.json() == client.send(f"{PREFIX}{route.path}?{urlencode(query)}").json()
    assert "etag" not in posted.headers
    assert "link" not in posted.headers


def test_what_only_a_body_can_say_counts(client: Client) -> None:
    """A certificate that has run out, and one that has not: an address can only name its scheme."""

    def covered(**validity: str) -> Any:
        given = {"certificates": [{"scheme": "cs-gold-mark", **validity}]}
        view = {"asOf": "2020-06-01"}
        return post(client, "/v1/coverage", {"edition": ITEMS, "given": given, "view": view}).json()["coverage"]["summary"][
            "full"
        ]

    assert covered(validFrom="2020-01-01", validTo="2020-12-31") == 1
    assert covered(validTo="2020-01-31") == 0


@both_languages
def test_labels_and_messages_come_in_the_language_that_is_wished_for(client: Client, language: str) -> None:
    name = {"ja": "CSゴールドマーク", "en": "CS Gold Mark"}[language]
    other = {"ja": "en", "en": "ja"}[language]
    for headers, query in (({"accept-language": language}, ""), ({"accept-language": other}, f"?lang={language}")):
        reply = client.send(f"/v1/resources/cs-gold-mark{query}", headers=headers)
        label = reply.json()["resource"]["prefLabel"]
        assert (label["value"].startswith(name), label["language"], label["isFallback"]) == (True, language, False)
        assert "Accept-Language" in reply.headers["vary"]
    label = client.send("/v1/resources/cs-gold-mark?lang=fr").json()["resource"]["prefLabel"]
    assert label["isFallback"] is True


@every_route
def test_an_answer_is_named_and_not_sent_twice(client: Client, route: Route) -> None:
    path = address(PREFIX + route.path, QUERIES[route.operation])
    first = client.send(path)
    etag = first.headers["etag"]
    assert not etag.startswith("W/")
    again = client.send(path, headers={"if-none-match": etag})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert client.send(path, headers={"if-none-match": '"other"'}).body == first.body
    assert client.send(path, headers={"accept-language": "ja"}).headers["etag"] != etag
    head = client.send(path, method="HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", etag)
    assert head.headers["content-length"] == first.headers["content-length"]


def test_the_name_of_an_answer_depends_on_all_that_the_answer_does(client: Client) -> None:
    base = f"/v1/coverage?edition={ITEMS}"
    paths = [base, base + "&asOf=2020-02-01", base + "&proof=true", base + "&first=1", base + "&lang=ja", base + "&maxHops=2"]
    etags = [client.send(path).headers["etag"] for path in paths]
    etags += [client.send(base, headers={"accept": one}).headers["etag"] for one in ("text/csv", "application/x-ndjson")]
    assert len(set(etags)) == len(paths) + 2


def test_a_star_names_no_answer(client: Client) -> None:
    assert client.send("/v1/resources/nope", headers={"if-none-match": "*"}).status == 404
    assert client.send("/v1/resources/ms", headers={"if-none-match": "*"}).status == 200


@pytest.mark.parametrize(("path", "allowed"), [("/v1/crosswalk", "GET, HEAD, OPTIONS"), ("/v1/gaps", "GET, HEAD, OPTIONS, POST")])
def test_what_can_be_done_is_told(client: Client, path: str, allowed: str) -> None:
    told = client.send(path, method="OPTIONS")
    assert (told.status, told.headers["allow"]) == (204, allowed)
    refused = client.send(path, method="DELETE")
    assert refused.status == 405
    assert set(refused.headers["allow"].split(", ")) == set(allowed.split(", "))


# Tables


TABLES = [route for route in ROUTES if route.columns]
every_table = pytest.mark.parametrize("route", TABLES, ids=[route.operation for route in TABLES])
WHOLE: dict[str, dict[str, Any]] = {
    "crosswalk": {"source": "guideline-r7-3", "target": "iso-27001/2022", "maxHops": 3, "minAuthority": "INFERRED"},
    "coverage": {"edition": MEASURES, "everything": "true"},
    "gaps": {"edition": MEASURES, "everything": "true"},
}


@every_table
@pytest.mark.parametrize("media_type", ["application/x-ndjson", "application/jsonl"])
def test_a_whole_table_has_the_rows_of_its_pages(
    client: Client, route: Route, media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.http.rest.endpoint.PAGE", 3)
    path = address(PREFIX + route.path, WHOLE[route.operation])
    table = client.send(path, headers={"accept": media_type})
    assert (table.status, table.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")
    rows = [json.loads(line) for line in table.body.splitlines()]
    page = listed(client.send(path + "&first=100").json(), route)
    assert rows == page["nodes"]
    assert len(rows) > 6


@every_table
@both_languages
def test_a_table_as_csv_has_a_column_for_each_value(client: Client, route: Route, language: str) -> None:
    path = address(PREFIX + route.path, WHOLE[route.operation]) + f"&lang={language}"
    table = client.send(path, headers={"accept": "text/csv"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    header, *lines = list(csv.reader(io.StringIO(table.body.decode(), newline="")))
    assert header == list(route.columns)
    rows = listed(client.send(path + "&first=100").json(), route)["nodes"]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        cells = dict(zip(header, line, strict=True))
        if route.operation == "crosswalk":
            assert (cells["source.id"], cells["target.notation"]) == (row["source"]["id"], row["target"]["notation"])
            assert cells["relation.relations"] == "; ".join(row["relation"]["relations"])
            assert cells["score"] == ("" if row["score"] is None else str(row["score"]))
        else:
            assert (cells["requirement.id"], cells["status"]) == (row["requirement"]["id"], row["status"])
            assert cells["requirement.prefLabel.value"] == row["requirement"]["prefLabel"]["value"]
            assert cells["gaps.type"] == "; ".join(one["type"] for one in row["gaps"])


def test_no_cell_is_a_formula() -> None:
    rows: list[dict[str, Any]] = [{"a": "=1+1", "b": {"c": ["@x", "-"]}}, {"a": None, "b": None}, {"a": '"\n,', "b": {"c": []}}]
    text = b"".join(written(iter([rows]), "text/csv", ["a", "b.c"])).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["a", "b.c"], ["'=1+1", "'@x; -"], ["", ""], ['"\n,', ""],
    ]  # fmt: skip


def test_a_whole_table_has_no_pages_and_its_faults_have_their_status(client: Client) -> None:
    lines = {"accept": "application/jsonl"}
    refused = client.send(f"/v1/gaps?edition={LAW}&first=2", headers=lines)
    assert refused.status == 400
    assert refused.json()["errors"][0]["parameter"] == "first"
    assert client.send("/v1/gaps?edition=nope", headers=lines).status == 404
    assert client.send(f"/v1/gaps?edition={LAW}&maxHops=9", headers=lines).status == 422
    head = client.send(f"/v1/gaps?edition={LAW}", method="HEAD", headers=lines)
    assert (head.status, head.body) == (200, b"")
    assert "content-length" not in head.headers


def test_no_more_tables_than_places_are_sent_at_a_time(default_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kakehashi.http.rest.mounting.STREAMS", 0)
    with serving(default_home) as client:
        busy = client.send(f"/v1/gaps?edition={LAW}", headers={"accept": "application/jsonl"})
        assert (busy.status, busy.json()["code"]) == (503, "BUSY")
        assert busy.headers["retry-after"]
        assert client.send(f"/v1/gaps?edition={LAW}").status == 200


def test_the_next_page_is_asked_for_when_the_one_before_is_written() -> None:
    asked: list[int] = []

    def pages() -> Iterator[list[dict[str, Any]]]:
        for number in range(3):
            asked.append(number)
            yield [{"n": number}]

    for media_type in ("application/jsonl", "text/csv"):
        asked.clear()
        pieces = written(pages(), media_type, ["n"])
        if media_type == "text/csv":
            assert next(pieces) == b"n\r\n"
        assert next(pieces)
        assert asked == [0]
        pieces.close()  # type: ignore[attr-defined]
        assert asked == [0]


# Bounds

PAGED = [one for one in ROUTES if one.pages]


@pytest.mark.parametrize("route", PAGED, ids=[one.operation for one in PAGED])
def test_a_page_is_as_long_as_the_openapi_document_says_and_no_longer(client: Client, route: Route) -> None:
    document = client.send("/openapi.json").json()["paths"][PREFIX + route.path]["get"]
    (first,) = [one["schema"] for one in document["parameters"] if one["name"] == "first"]
    question = {name: value for name, value in QUERIES[route.operation].items() if name != "proof"}
    answered = client.send(address(PREFIX + route.path, question | {"first": first["maximum"]}))
    assert answered.status == 200, answered.body
    assert client.send(address(PREFIX + route.path, question | {"first": first["maximum"] + 1})).status == 422


def test_points_are_those_of_graphql_and_what_is_left_is_told(default_home: Path, exactly: Callable[[str, Any], None]) -> None:
    with serving(default_home, options=HttpOptions(rate_limit=2)) as client:
        first = client.send("/v1/frameworks")
        assert (first.status, first.headers["x-ratelimit-remaining"]) == (200, "1")
        assert client.send("/v1/frameworks", headers={"if-none-match": first.headers["etag"]}).status == 304, "it costs nothing"
        missing = client.send("/v1/resources/nope")
        assert (missing.status, missing.headers["x-ratelimit-remaining"]) == (404, "0")
        for headers in ({}, {"accept": "text/csv"}):
            spent = client.send(f"/v1/gaps?edition={LAW}", headers=headers)
            assert (spent.status, spent.json()["code"], spent.headers["x-ratelimit-remaining"]) == (429, "RATE_LIMITED", "0")
            assert int(spent.headers["retry-after"]) > 0
            exactly("Problem", spent.json())
        assert client.graphql("{ release { id } }")["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


def test_a_whole_table_is_charged_as_its_first_page(default_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kakehashi.http.rest.endpoint.PAGE", 1)
    with serving(default_home, options=HttpOptions(rate_limit=2)) as client:
        table = client.send(address("/v1/coverage", WHOLE["coverage"]), headers={"accept": "application/jsonl"})
        assert (table.status, table.headers["x-ratelimit-remaining"]) == (200, "1")
        assert len(table.body.splitlines()) > 6


def test_what_takes_too_long_is_ended(default_home: Path, exactly: Callable[[str, Any], None]) -> None:
    with serving(default_home, options=HttpOptions(time_limit=-2.0)) as client:
        for headers in ({}, {"accept": "text/csv"}):
            late = client.send(f"/v1/coverage?edition={LAW}", headers=headers)
            assert (late.status, late.json()["code"]) == (504, "TOO_SLOW")
            exactly("Problem", late.json())


def test_a_key_that_does_not_hold_is_refused(client: Client, exactly: Callable[[str, Any], None]) -> None:
    refused = client.send("/v1/frameworks", headers={"authorization": "Bearer kk_none", "accept-language": "ja"})
    assert (refused.status, refused.json()["code"]) == (401, "UNAUTHENTICATED")
    assert refused.headers["www-authenticate"].startswith("Bearer")
    exactly("Problem", refused.json())


# Refusals

FAULTY: dict[str, tuple[str, int, set[str]]] = {
    "nothing that must be there": ("/v1/crosswalk", 400, {"source", "target"}),
    "all that is wrong": ("/v1/editions?first=x&what=1&after=1&after=2&lang=!", 400, {"first", "what", "after", "lang"}),
    "no number": ("/v1/editions?first=1.5", 400, {"first"}),
    "a huge number": ("/v1/editions?first=99999999999", 400, {"first"}),
    "no truth value": (f"/v1/coverage?edition={ITEMS}&proof=yes", 400, {"proof"}),
    "no date": (f"/v1/coverage?edition={ITEMS}&asOf=2020-02-30", 400, {"asOf"}),
    "a date of another form": (f"/v1/coverage?edition={ITEMS}&asOf=20200230", 400, {"asOf"}),
    "none of the values": (f"/v1/coverage?edition={ITEMS}&status=GOOD&minAuthority=god", 400, {"status", "minAuthority"}),
    "an empty number": ("/v1/editions?first=", 400, {"first"}),
    "an id twice": ("/v1/resources/ms?id=mext", 400, {"id"}),
    "an address that is not UTF-8": ("/v1/search?text=%ff", 400, set()),
    "an address without end": ("/v1/search?text=" + "x" * 20_000, 414, set()),
    "a page too large": ("/v1/editions?first=101", 422, set()),
    "a cursor of nothing": ("/v1/editions?after=nope", 422, set()),
    "an edition that is not": (f"/v1/crosswalk?source={LAW}&target=nope", 404, set()),
    "one edition twice": (f"/v1/crosswalk?source={LAW}&target={LAW}", 422, set()),
    "a product that is none": (f"/v1/coverage?edition={ITEMS}&products=mext", 422, set()),
    "two ways to say authorities": (f"/v1/coverage?edition={ITEMS}&minAuthority=VENDOR&authorities=VENDOR", 422, set()),
    "a resource that is not": ("/v1/resources/nope", 404, set()),
    "an edition that is none": ("/v1/editions/ms/provisions", 404, set()),
    "a place that is not": ("/v1/nope", 404, set()),
    "a place that is nowhere": ("/nope", 404, set()),
    "no resource at /id": ("/id/nope", 404, set()),
    "no export": ("/exports/graph.exe", 404, set()),
    "no file": ("/static/nope", 404, set()),
    "no SPARQL": ("/sparql", 404, set()),
    "no kind of problem": ("/problems/nope", 404, set()),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_question_is_a_problem_in_both_languages(client: Client, name: str, exactly: Callable[[str, Any], None]) -> None:
    path, status, places = FAULTY[name]
    for language in ("ja", "en"):
        reply = client.send(path, headers={"accept-language": language})
        assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json"), reply.body
        found = reply.json()
        exactly("Problem", found)
        assert found["status"] == status
        for told in (found, *found.get("errors", [])):
            assert told["messages"]["ja"] != told["messages"]["en"]
            assert told["detail"] == told["messages"][language]
        assert {one.get("parameter") for one in found.get("errors", [])} == places
        kind = client.send(found["type"]).json()
        assert (kind["code"], kind["title"][language]) == (found["code"], found["title"])
        assert reply.headers["content-language"] == language


BODIES: dict[str, tuple[Any, int, set[str]]] = {
    "no object": ([], 400, {"#"}),
    "nothing": ({}, 400, {"#/edition"}),
    "null": ({"edition": None, "maxHops": None, "given": None}, 400, {"#/edition", "#/maxHops"}),
    "a single value for a list": ({"edition": ITEMS, "given": {"products": "office-365"}}, 400, {"#/given/products"}),
    "what is not known": ({"edition": ITEMS, "a/b~c": 1, "given": {"x": 1}}, 400, {"#/a~1b~0c", "#/given/x"}),
    "wrong types deep down": (
        {"edition": 1, "given": {"certificates": [{"scheme": "cs-gold-mark", "validTo": "soon"}, {}, 3]}, "view": []},
        400,
        {"#/edition", "#/given/certificates/0/validTo", "#/given/certificates/1/scheme", "#/given/certificates/2", "#/view"},
    ),
    "a truth value for a number": ({"edition": ITEMS, "first": True}, 400, {"#/first"}),
    "a value that is none": ({"edition": ITEMS, "status": ["FULL", "GOOD"]}, 400, {"#/status/1"}),
    "what is not there": ({"edition": "nope"}, 404, set()),
    "too many hops": ({"edition": ITEMS, "maxHops": 9}, 422, set()),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_faulty_body_is_a_problem_that_says_where(client: Client, name: str) -> None:
    body, status, places = BODIES[name]
    reply = post(client, "/v1/coverage", body, **{"accept-language": "ja"})
    found = reply.json()
    assert reply.status == status, found
    assert {one["pointer"] for one in found.get("errors", [])} == places


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b'{"edition": "\\ud800"}', JSON, 400),
        (b"edition=x", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b'{"edition": "' + b"x" * 300_000 + b'"}', JSON, 413),
        (b"{}", JSON | {"accept": "image/png"}, 406),
    ],
)
def test_what_cannot_be_read_is_refused(client: Client, body: bytes, headers: dict[str, str], status: int) -> None:
    reply = client.send("/v1/gaps", method="POST", body=body, headers=headers)
    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json")


def test_no_more_faults_than_people_read_are_told(client: Client) -> None:
    query = "&".join(f"x{number}=1" for number in range(200))
    assert len(client.send(f"/v1/editions?{query}").json()["errors"]) == limits.MAX_FAULTS


def test_without_a_release_it_is_said(tmp_path: Path) -> None:
    with serving(tmp_path / "empty") as client:
        for path in ("/v1/frameworks", "/id/ms", "/readyz", "/exports/graph.nq"):
            reply = client.send(path)
            assert (reply.status, reply.headers["content-type"]) == (503, "application/problem+json")
            assert reply.json()["code"] == "NO_RELEASE"
            assert reply.headers["retry-after"]


@both_languages
def test_the_openapi_document_is_served_in_both_languages(client: Client, language: str) -> None:
    reply = client.send("/openapi.json", headers={"accept-language": language})
    committed = json.loads((Path(__file__).parents[2] / "api" / "openapi.json").read_text("utf-8"))
    assert reply.headers["content-language"] == language
    assert (reply.json() == committed) is (language == "en")
    assert reply.json()["components"]["schemas"] == committed["components"]["schemas"]
