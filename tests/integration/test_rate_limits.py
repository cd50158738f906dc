"""Rate limits by cost and client: as GitHub tells them, in memory and in Redis, and what happens when Redis is gone."""

import json
import logging
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from kakehashi.http import rate_limits
from kakehashi.http.options import HttpOptions
from kakehashi.http.rate_limits import RateLimits, client_of
from kakehashi.http.sparql import SparqlOptions
from kakehashi.vocabulary.text import KakehashiError
from tests.support.redis_server import redis_server
from tests.support.server import Client, Reply, serving

CHEAP = "{ release { id } }"
DEAR = "{ " + " ".join(f"a{n}: threats {{ summary {{ threats }} }}" for n in range(5)) + " }"
TELLING = "{ rateLimit { limit cost remaining used nodeCount resetAt } }"


def post(client: Client, query: str, **headers: str) -> Reply:
    body = json.dumps({"query": query}).encode()
    return client.send("/graphql", method="POST", body=body, headers={"content-type": "application/json", **headers})


def limited(home: Path, points: int, storage: str = "memory://") -> Any:
    return serving(home, options=HttpOptions(rate_limit=points, rate_limit_storage=storage))


def test_each_request_takes_its_points_and_tells_what_is_left(default_home: Path) -> None:
    with limited(default_home, 20) as client:
        first, second = post(client, CHEAP), post(client, DEAR)
        assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("20", "19")
        assert second.json()["extensions"]["cost"] == {"nodeCount": 0, "points": 5}
        assert (second.headers["x-ratelimit-remaining"], second.headers["x-ratelimit-used"]) == ("14", "6")
        assert second.headers["ratelimit-policy"] == '"points";q=20;w=3600'
        assert second.headers["ratelimit"].startswith('"points";r=14;t=3')
        assert 0 < int(second.headers["x-ratelimit-reset"]) - time.time() <= 3600
        told = post(client, TELLING).json()["data"]["rateLimit"]
        assert {**told, "resetAt": None} == {
            "limit": 20, "cost": 1, "remaining": 13, "used": 7, "nodeCount": 0, "resetAt": None,
        }  # fmt: skip


def test_who_has_spent_all_is_told_when_to_come_back(default_home: Path) -> None:
    with limited(default_home, 6) as client:
        assert post(client, DEAR).status == 200
        for accept in ("application/json", "application/graphql-response+json"):
            reply = post(client, DEAR, accept=accept)
            assert (reply.status, reply.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
            assert 0 < int(reply.headers["retry-after"]) <= 3600
            assert reply.headers["cache-control"] == "no-store"
            assert "data" not in reply.json()
        assert post(client, CHEAP).status == 200  # a refused request takes nothing, and one point is left
        assert post(client, CHEAP).status == 429
        assert client.send("/id/ms").status == 429
        assert client.send("/healthz").status == 200


def test_every_way_to_ask_is_charged_and_says_so_where_the_answer_is_a_stream_too(default_home: Path) -> None:
    paths = ("/sparql?query=ASK%7B%7D", "/exports/graph.nq", "/id/ms", "/v1/resources/ms", "/imports")
    with serving(default_home, SparqlOptions(), options=HttpOptions(rate_limit=len(paths))) as client:
        for left, path in enumerate(reversed(paths)):
            assert client.send(path).headers["x-ratelimit-remaining"] == str(len(paths) - 1 - left), path
        for path in paths:
            reply = client.send(path)
            assert (reply.status, reply.json()["code"]) == (429, "RATE_LIMITED")
            assert 0 < int(reply.headers["retry-after"]) <= 3600


def test_a_dry_run_tells_the_cost_and_takes_one_point(default_home: Path) -> None:
    query = "query($dry: Boolean!) { rateLimit(dryRun: $dry) { cost remaining nodeCount } threats { summary { threats } } %s }"
    body = query % " ".join(f"a{n}: threats {{ rows {{ nodes {{ open }} }} }}" for n in range(4))
    with limited(default_home, 100) as client:
        found = client.graphql(body, dry=True)
        assert found["data"] == {"rateLimit": {"cost": 5, "remaining": 99, "nodeCount": 400}}
        assert set(client.graphql(body, dry=False)["data"]) == {"rateLimit", "threats", "a0", "a1", "a2", "a3"}
        assert client.ask(TELLING)["rateLimit"]["remaining"] == 93


def test_a_dry_run_tells_even_what_may_not_be_run(default_home: Path) -> None:
    large = "resources(first: 100) { nodes { " * 0 + "a: resources(first: 100) { nodes { statements(first: 100) { nodes {"
    query = f"{large} subject {{ statements(first: 100) {{ nodes {{ id }} }} }} }} }} }} }}"
    with limited(default_home, 100) as client:
        assert client.graphql(f"{{ {query} }}")["errors"][0]["extensions"]["code"] == "TOO_COMPLEX"
        told = client.ask(f"{{ rateLimit(dryRun: true) {{ nodeCount }} {query} }}")
        assert told == {"rateLimit": {"nodeCount": 1_010_100}}


def test_without_a_limit_only_the_cost_is_told(client: Client) -> None:
    assert client.ask(TELLING)["rateLimit"] == {
        "limit": None, "cost": 1, "remaining": None, "used": None, "nodeCount": 0, "resetAt": None,
    }  # fmt: skip
    assert "x-ratelimit-limit" not in post(client, CHEAP).headers


def test_an_answer_that_the_client_has_costs_nothing(default_home: Path) -> None:
    with limited(default_home, 10) as client:
        first = client.send("/graphql?query={release{id}}")
        for _ in range(20):
            assert client.send("/graphql?query={release{id}}", headers={"if-none-match": first.headers["etag"]}).status == 304
        assert client.ask(TELLING)["rateLimit"]["remaining"] == 8


def asking(address: str, caller: object = None) -> Request:
    scope = {"type": "http", "client": (address, 1), "headers": [(b"x-forwarded-for", b"9.9.9.9")], "state": {}}
    if caller is not None:
        scope["state"] = {"caller": caller}
    return Request(scope)


def test_a_client_is_a_caller_or_an_address_and_of_ipv6_a_network() -> None:
    assert client_of(asking("192.0.2.1")) == client_of(asking("::ffff:192.0.2.1")) == "address:192.0.2.1"
    assert client_of(asking("2001:db8::1")) == client_of(asking("2001:db8::ffff:2")) != client_of(asking("2001:db8:0:1::1"))
    assert client_of(asking("192.0.2.1", SimpleNamespace(id="key:abc"))) == "caller:key:abc"
    assert client_of(asking("192.0.2.1", SimpleNamespace(id="anonymous"))) == "address:192.0.2.1"


def test_clients_spend_what_is_theirs() -> None:
    limits = RateLimits(10)
    assert [limits.take("a", 6)[0], limits.take("a", 6)[0], limits.take("b", 6)[0], limits.take("a", 4)[0]] == [
        True, False, True, True,
    ]  # fmt: skip


def test_the_window_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, begun = RateLimits(2), time.time()
    assert [limits.take("a", 1)[0] for _ in range(3)] == [True, True, False]
    monkeypatch.setattr(time, "time", lambda: begun + 3599 - 1)
    assert limits.take("a", 1)[0] is False
    monkeypatch.setattr(time, "time", lambda: begun + 3600 + 2)
    taken, allowance = limits.take("a", 1)
    assert (taken, allowance.remaining) == (True, 1)


@pytest.mark.parametrize("storage", ["nonsense", "memcached-not://x", "redis://127.0.0.1:notaport"])
def test_a_storage_that_is_none_is_refused(storage: str) -> None:
    with pytest.raises(KakehashiError, match="memory:// or redis://"):
        RateLimits(1, storage)


def test_processes_that_share_a_redis_share_the_limit(default_home: Path, tmp_path: Path) -> None:
    with (
        redis_server(tmp_path) as redis,
        limited(default_home, 10, redis.uri) as one,
        limited(default_home, 10, redis.uri) as two,
    ):
        assert [post(one, CHEAP).headers["x-ratelimit-remaining"], post(two, CHEAP).headers["x-ratelimit-remaining"]] == [
            "9",
            "8",
        ]
        for _ in range(4):
            post(one, CHEAP)
            post(two, CHEAP)
        assert [post(one, CHEAP).status, post(two, CHEAP).status] == [429, 429]


def test_without_its_redis_a_process_counts_alone_and_goes_back_to_it(
    default_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is shut out and nobody is without limit; the log says so once, and not where Redis is."""
    monkeypatch.setattr(rate_limits, "ASKED_AGAIN", 0.5)
    with redis_server(tmp_path) as redis, limited(default_home, 10, redis.uri) as client:
        for _ in range(3):
            assert post(client, CHEAP).status == 200
        redis.kill()
        caplog.set_level(logging.WARNING)
        found = [post(client, CHEAP).status for _ in range(12)]
        assert found == [200] * 10 + [429] * 2
        assert "counts alone" in caplog.text
        assert str(redis.port) not in caplog.text
        redis.start()
        time.sleep(0.6)
        assert post(client, CHEAP).headers["x-ratelimit-remaining"] == "9"  # a Redis that was killed begins anew
