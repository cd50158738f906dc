"""What is kept of answers: conditional requests, who may keep what, and compression."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli
import pytest

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Answer, Request
from kakehashi.http import answering
from kakehashi.http.options import HttpOptions
from tests.support.server import Client, Reply, serving

LONG = "{ resources(first: 100) { nodes { id iri kind prefLabel { value } } } }"
SHORT = "{ release { id } }"
BOTH_WAYS = "Accept, Accept-Language, Accept-Encoding, Authorization, Origin"


def get(client: Client, query: str = SHORT, headers: dict[str, str] | None = None, **parameters: str) -> Reply:
    return client.send(f"/graphql?{urlencode({'query': query, **parameters})}", headers=headers)


def post(client: Client, query: str, headers: dict[str, str] | None = None) -> Reply:
    body = json.dumps({"query": query}).encode()
    return client.send("/graphql", method="POST", body=body, headers={"content-type": "application/json", **(headers or {})})


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that are answered from now on, whether they are at hand or not."""
    found: list[str] = []
    answer = answering.Answering.answer

    async def noting(self: answering.Answering, context: Context, asked: Request) -> Answer:
        found.append(asked.query)
        return await answer(self, context, asked)

    monkeypatch.setattr(answering.Answering, "answer", noting)
    return found


def test_who_has_the_answer_is_told_so_and_nothing_is_executed(client: Client, executions: list[str]) -> None:
    first = get(client)
    assert (first.status, len(executions)) == (200, 1)
    assert first.headers["etag"].startswith('"')
    for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}'):
        again = get(client, headers={"if-none-match": known})
        assert (again.status, again.body, len(executions)) == (304, b"", 1)
        for name in ("etag", "vary", "cache-control"):
            assert again.headers[name] == first.headers[name]
    assert get(client, headers={"if-none-match": '"other"'}).status == 200
    assert get(client, headers={"if-none-match": "*"}).status == 200


def test_the_etag_follows_from_all_that_the_answer_follows_from(client: Client) -> None:
    query = "query A($n: Int, $m: Int) { resources(first: $n) { totalCount } editions(first: $m) { totalCount } }"
    same = get(client, query, variables='{"n": 1, "m": 2}')
    assert get(client, query, variables='{"m":2,"n":1}').headers["etag"] == same.headers["etag"]
    others = [
        get(client, query, variables='{"n": 1, "m": 3}'),
        get(client, query + " ", variables='{"n": 1, "m": 2}'),
        get(client, query, variables='{"n": 1, "m": 2}', operationName="A"),
        get(client, query, {"accept-language": "ja"}, variables='{"n": 1, "m": 2}'),
        get(client, query, {"accept-language": "en"}, variables='{"n": 1, "m": 2}'),
        get(client, query, {"accept": "application/graphql-response+json"}, variables='{"n": 1, "m": 2}'),
    ]
    assert len({one.headers["etag"] for one in (same, *others)}) == 1 + len(others)


def test_the_etag_ends_with_the_day_in_tokyo(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = get(client).headers["etag"]

    class Tomorrow(Context):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            object.__setattr__(self, "today", self.today + timedelta(days=1))

    monkeypatch.setattr(answering, "Context", Tomorrow)
    assert get(client).headers["etag"] != first
    assert get(client, headers={"if-none-match": first}).status == 200


def test_anybodys_answer_may_be_kept_by_anybody_for_a_minute(client: Client) -> None:
    reply = get(client)
    assert reply.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=300"
    assert reply.headers["vary"] == BOTH_WAYS


TRUE_BUT_ONCE = (
    "{ rateLimit { cost } }", "{ releases { totalCount } }", '{ then: asKnownIn(release: "x") { __typename } }'
)  # fmt: skip


@pytest.mark.parametrize("query", ["{ nope }", "{", '{ coverage(edition: "nope") { asOf } }', *TRUE_BUT_ONCE])
def test_errors_and_what_is_true_but_once_are_not_kept(client: Client, query: str) -> None:
    reply = get(client, query)
    assert (reply.headers["cache-control"], "etag" in reply.headers) == ("no-store", False)


def test_who_shows_a_credential_keeps_the_answer_to_nobody(client: Client) -> None:
    reply = get(client, headers={"authorization": "Basic eDp5"})
    assert "etag" not in reply.headers
    assert "no-store" in reply.headers.get("cache-control", "")


def test_a_post_has_no_etag(client: Client) -> None:
    etag = get(client).headers["etag"]
    reply = post(client, SHORT, {"if-none-match": etag})
    assert (reply.status, "etag" in reply.headers, reply.headers["cache-control"]) == (200, False, "no-cache")


def test_the_answers_of_a_server_with_private_rows_are_not_stored(default_home: Path) -> None:
    with serving(default_home, private=True) as client:
        for reply in (get(client, LONG, {"accept-encoding": "gzip"}), post(client, LONG, {"accept-encoding": "gzip"})):
            assert reply.headers["cache-control"] == "private, no-store"
            assert "etag" not in reply.headers
            assert "content-encoding" not in reply.headers  # its length would tell of what it holds


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"), ("br", "br"), ("gzip, br", "br"), ("gzip, br;q=0.5", "gzip"), ("gzip;q=0", None), ("*", "br"),
        ("br;q=0, *;q=0.1", "gzip"), ("identity, gzip;q=0.5", None), ("deflate", None), ("x-gzip", None),
        ("", None), ("br;q=x", None),
    ],
)  # fmt: skip
def test_an_answer_is_compressed_as_the_client_likes_it(client: Client, accepted: str, coding: str | None) -> None:
    plain = post(client, LONG)
    reply = post(client, LONG, {"accept-encoding": accepted})
    assert reply.headers.get("content-encoding") == coding
    decoded: dict[str | None, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
    assert decoded[coding](reply.body) == plain.body
    assert (len(reply.body) < len(plain.body) / 2) is (coding is not None)


def test_a_short_answer_is_left_as_it_is(client: Client) -> None:
    reply = get(client, SHORT, {"accept-encoding": "br"})
    assert ("content-encoding" in reply.headers, reply.headers["vary"]) == (False, BOTH_WAYS)


def test_each_coding_has_an_etag_of_its_own_and_each_is_known_again(client: Client, executions: list[str]) -> None:
    replies = {coding: get(client, LONG, {"accept-encoding": coding}) for coding in ("identity", "gzip", "br")}
    tags = {coding: reply.headers["etag"] for coding, reply in replies.items()}
    assert len(set(tags.values())) == 3
    assert len(executions) == 3
    for coding, tag in tags.items():
        again = get(client, LONG, {"accept-encoding": coding, "if-none-match": tag})
        assert (again.status, again.headers["etag"]) == (304, tag)
    assert len(executions) == 3
    assert get(client, LONG, {"accept-encoding": "gzip", "if-none-match": tags["br"]}).status == 200


@pytest.mark.parametrize("path", ["/exports/graph.nq", "/id/ms", "/exports/graph.jsonld"])
def test_other_routes_are_compressed_too(client: Client, path: str) -> None:
    plain, small = client.send(path), client.send(path, headers={"accept-encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["vary"]
    assert len(small.body) < len(plain.body)
    assert sorted(gzip.decompress(small.body).splitlines()) == sorted(plain.body.splitlines())


def test_the_rate_limit_is_told_without_being_kept(default_home: Path) -> None:
    with serving(default_home, options=HttpOptions(rate_limit=100)) as client:
        told = get(client, "{ rateLimit { remaining } }")
        assert (told.headers["cache-control"], told.json()["data"]) == ("no-store", {"rateLimit": {"remaining": 99}})
