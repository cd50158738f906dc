"""A time limit ends what is running, wherever it is: its locks are free, nothing half-made is kept, and the server goes on."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kakehashi.crosswalk.keeping import Kept
from kakehashi.graphql import resource_queries
from kakehashi.http.options import HttpOptions
from kakehashi.http.time_limits import TimeLimit
from kakehashi.snapshot.folding import search_form
from kakehashi.vocabulary.text import KakehashiError
from tests.support.server import Client, serving

SOON = 0.3
FOREVER = '{ a: release { id } resources(text: "forever") { totalCount } }'
ALIVE = '{ resources(text: "認証") { totalCount } }'


def endless(*_: object) -> None:
    for _one in itertools.count():
        pass


def with_errors_on_the_way() -> None:
    while True:
        with suppress(Exception):
            raise ValueError(sum(range(100)))


def deaf_once() -> None:
    """Code that takes whatever is raised in it for its own, as a finaliser does."""
    with suppress(BaseException):
        endless()
    endless()


def in_a_generator() -> None:
    sum(one for one in itertools.count())


def is_ended(function: Callable[..., object], *arguments: object) -> bool:
    with pytest.raises(KakehashiError) as failure:
        TimeLimit(SOON).run(function, *arguments)
    return failure.value.code == "TOO_SLOW"


@pytest.mark.parametrize("function", [endless, with_errors_on_the_way, deaf_once, in_a_generator])
def test_whatever_runs_is_ended(function: Callable[[], object]) -> None:
    assert is_ended(function)


def test_what_is_done_in_time_is_left_alone() -> None:
    limit = TimeLimit(SOON)
    assert [limit.run(pow, 2, one) for one in range(50)] == [2**one for one in range(50)]
    with pytest.raises(ZeroDivisionError):
        limit.run(lambda: 1 / 0)


def test_nothing_is_ended_that_comes_after() -> None:
    """Functions that end at about the time at which they would be ended: what runs next in the same thread never is."""
    limit = TimeLimit(0.05)
    counts = {"in time": 0, "ended": 0}

    def about_in_time(last: float) -> None:
        until = time.monotonic() + last
        while time.monotonic() < until:
            pass

    def one_after_the_other(thread: int) -> None:
        for number in range(40):
            try:
                limit.run(about_in_time, 0.03 + (number + thread) % 10 * 0.03)
                counts["in time"] += 1
            except KakehashiError:
                counts["ended"] += 1
            sum(range(20_000))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one_after_the_other, range(4)))
    assert sum(counts.values()) == 160
    assert all(counts.values()), counts


def test_what_is_half_made_is_kept_nowhere_and_its_lock_is_free() -> None:
    patient = threading.Event()

    class Holder:
        @cached_property
        def made(self) -> str:
            if not patient.is_set():
                endless()
            return "made"

    holder = Holder()
    kept = Kept(lambda key: holder.made + str(key), 4)
    assert is_ended(kept, "x")
    patient.set()
    with ThreadPoolExecutor(2) as pool:
        assert [one.result(30) for one in (pool.submit(kept, "x"), pool.submit(kept, "y"))] == ["madex", "madey"]


def test_who_waits_for_a_lock_gets_it_when_the_holder_is_ended() -> None:
    kept = Kept(lambda key: endless() if key == "slow" else key, 4)
    limit = TimeLimit(SOON)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(limit.run, kept, "slow")
        while not slow.running():
            time.sleep(0.01)
        assert pool.submit(kept, "quick").result(30) == "quick"
        assert isinstance(slow.exception(30), KakehashiError)


@contextmanager
def server_with_an_endless_question(home: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[Client]:
    monkeypatch.setattr(resource_queries, "search_form", lambda text: endless() if text == "forever" else search_form(text))
    with serving(home, options=HttpOptions(**options)) as client:
        yield client


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_an_endless_question_ends_and_the_server_goes_on(
    default_home: Path, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    with server_with_an_endless_question(default_home, monkeypatch, time_limit=SOON) as client:
        before = client.ask(ALIVE)
        reply = client.send(f"/graphql?{urlencode({'query': FOREVER})}", headers={"accept": accept})
        error = reply.json()["errors"][0]
        assert (reply.status, error["extensions"]["code"], reply.headers["cache-control"]) == (504, "TOO_SLOW", "no-store")
        assert "時間" in error["extensions"]["messages"]["ja"]
        assert client.ask(ALIVE) == before


def test_beyond_its_places_a_server_says_so_and_recovers(default_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one place, whoever waits longer than anybody should, and whoever comes when all may wait, is told to come again."""
    with (
        server_with_an_endless_question(default_home, monkeypatch, time_limit=8, places=1) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        endless_one = pool.submit(client.send, "/graphql?query={resources(text:%22forever%22){totalCount}}")
        time.sleep(0.5)
        others = [pool.submit(client.send, "/graphql?query={release{id}}") for _ in range(7)]
        assert client.send("/healthz").status == 200
        replies = [one.result(60) for one in others]
        assert [one.status for one in replies] == [503] * 7
        for one in replies:
            assert one.headers["retry-after"] == "2"
            assert one.json()["errors"][0]["extensions"]["code"] == "BUSY"
        assert endless_one.result(60).status == 504
        assert client.ask("{ release { id } }")
