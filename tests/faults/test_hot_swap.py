"""A new release takes the place of the served one: no answer is dropped, none mixes two, and the former one is let go.

`make soak` runs it as the issue says it: KAKEHASHI_SWAPS=12 KAKEHASHI_SWAP_EVERY=5.
"""

import gc
import os
import time
import weakref
from functools import partial
from pathlib import Path

import pytest

from kakehashi.http.serving import Serving
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import repository_of
from tests.support.load import loading
from tests.support.numbered import release
from tests.support.processes import ServeProcess, until

SWAPS = int(os.environ.get("KAKEHASHI_SWAPS", "4"))
EVERY = float(os.environ.get("KAKEHASHI_SWAP_EVERY", "1"))


@pytest.mark.timeout(max(300, SWAPS * EVERY * 4))
@pytest.mark.parametrize("workers", [1, 2])
def test_releases_are_exchanged_under_full_load(tmp_path: Path, workers: int) -> None:
    home = tmp_path / "home"
    expected = {(release(home, tmp_path, 0), 0)}
    server = ServeProcess(home, tmp_path / "log", ("--workers", str(workers)), {"KAKEHASHI_LOG_LEVEL": "warning"})
    with server, loading(server.port) as load:
        until(lambda: load.answers > 20, "answers")
        for number in range(1, SWAPS + 1):
            began = time.monotonic()
            newest = (release(home, tmp_path, number), number)
            expected.add(newest)
            until(partial(load.has_seen, newest), f"an answer from release {number}")
            time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
        answers = load.answers
    assert load.wrong == []
    assert set(load.seen) == expected
    assert answers > 50 * SWAPS
    assert server.lines() == []


def serves(serving: Serving) -> str:
    snapshot = serving.snapshot()
    return "" if snapshot is None else snapshot.release.id


def test_the_former_release_is_let_go_with_the_last_request_that_holds_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = release(home, tmp_path, 0)
    serving = Serving(Home(home), repository_of(Home(home)))
    serving.begin()
    try:
        held = serving.snapshot()
        assert held is not None
        former = weakref.ref(held)
        second = release(home, tmp_path, 1)
        until(lambda: serves(serving) == second, "the exchange")
        assert held.release.id == first
        assert "numbered thing of 0" in {label.text for label in held.resources["thing-000"].labels}
        del held
        gc.collect()
        assert former() is None
        assert serves(serving) == second
    finally:
        serving.end()


def test_a_release_that_cannot_be_loaded_leaves_the_former_one_served(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = release(home, tmp_path, 0)
    with ServeProcess(home, tmp_path / "log") as server:
        (home / "current").write_text("no-such-release\n")
        until(lambda: any("cannot be loaded" in line["event"] for line in server.lines()), "a line in the log")
        time.sleep(1)
        assert server.client.ask("{ release { id } }")["release"]["id"] == first
        assert len([line for line in server.lines() if "cannot be loaded" in line["event"]]) == 1
        (home / "current").write_text(f"{first}\n")
        second = release(home, tmp_path, 1)
        until(lambda: server.client.ask("{ release { id } }")["release"]["id"] == second, "the next release")
