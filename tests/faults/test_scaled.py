"""nginx, three replicas and Oxigraph's server, as processes on loopback; any of them is killed, and the others go on."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.store.remote.endpoint import endpoint
from kakehashi.store.remote.repository import connect
from tests.support.balancer import balancing
from tests.support.load import CONNECTIONS, loading
from tests.support.numbered import built
from tests.support.processes import ServeProcess, until
from tests.support.server import Client
from tests.support.site import answer, site
from tests.support.sparql_servers import SparqlServer, oxigraph_server

BASE = "https://example.org/kakehashi"


@dataclass
class Scaled:
    """The whole of it."""

    work: Path
    store: SparqlServer
    replicas: list[ServeProcess]
    port: int

    def release(self, number: int) -> str:
        with closing(connect(endpoint(self.store.url), BASE)) as repository:
            return built(Maker.of(Home(self.work / "builder"), repository, BASE), self.work, number)


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scaled]:
    work = tmp_path_factory.mktemp("scaled")
    with ExitStack() as stack:
        found = Scaled(work, stack.enter_context(oxigraph_server(work / "store")), [], 0)
        found.release(0)
        settings = {
            "KAKEHASHI_STORE": found.store.url,
            "KAKEHASHI_BASE": BASE,
            "KAKEHASHI_LOG_LEVEL": "warning",
            "KAKEHASHI_PROXIES": "127.0.0.1",
        }
        for number in range(3):
            replica = ServeProcess(work / f"replica-{number}", work / f"replica-{number}.log", settings=settings)
            found.replicas.append(stack.enter_context(replica))
        first, second, third = (replica.port for replica in found.replicas)
        found.port = stack.enter_context(balancing(work / "nginx", (first, second, third)))
        yield found


def _serves(replica: ServeProcess, release: str) -> bool:
    found: str = replica.client.ask("{ release { id } }")["release"]["id"]
    return found == release


def test_a_killed_replica_cuts_off_what_it_was_sending_and_no_more(scaled: Scaled) -> None:
    killed = scaled.replicas[0]
    with loading(scaled.port) as load:
        until(lambda: load.answers > 20, "answers")
        killed.signal(signal.SIGKILL)
        killed.ended()
        before = load.answers
        until(lambda: load.answers > before + 50, "answers of the other two")
        killed.start()
        before = load.answers
        until(lambda: load.answers > before + 50, "answers of all three")
    # nginx asks another replica unless it has begun to pass an answer on: such a one is cut off, and seen to be.
    assert all(problem.startswith("IncompleteRead") for problem in load.wrong), load.wrong
    assert len(load.wrong) <= CONNECTIONS


def test_a_replica_is_updated_without_an_error(scaled: Scaled) -> None:
    with loading(scaled.port) as load:
        for replica in scaled.replicas[:2]:
            replica.signal(signal.SIGTERM)
            assert replica.ended() == 0
            replica.start()
    assert load.wrong == []


def test_each_replica_takes_the_new_release_by_itself(scaled: Scaled) -> None:
    with loading(scaled.port) as load:
        until(lambda: load.answers > 20, "answers")
        newest = scaled.release(1)
        for replica in scaled.replicas:
            until(partial(_serves, replica, newest), "the new release")
        before = load.answers
        until(lambda: load.answers > before + 20, "answers from it")
    assert load.wrong == []
    assert {number for _, number in load.seen} == {0, 1}


def test_the_store_server_is_missed_only_by_who_starts(scaled: Scaled) -> None:
    restarted = scaled.replicas[2]
    with loading(scaled.port) as load:
        until(lambda: load.answers > 20, "answers")
        scaled.store.kill()
        time.sleep(3)  # longer than an answer of the store is used again
        assert [replica.status("/readyz") for replica in scaled.replicas] == [200, 200, 200]
        restarted.signal(signal.SIGKILL)
        restarted.ended()
        restarted.start(ready=False)
        until(lambda: restarted.status("/healthz") == 200, "a living replica")
        assert restarted.status("/readyz") == 503
        before = load.answers
        until(lambda: load.answers > before + 50, "answers of the other two")
        scaled.store.start()
        until(restarted.is_ready, "recovery")
    assert all(problem.startswith("IncompleteRead") for problem in load.wrong), load.wrong  # a replica was killed here too
    assert len(load.wrong) <= CONNECTIONS
    assert any("cannot be loaded" in line["event"] for line in restarted.lines())


def test_what_a_client_says_of_its_address_is_not_believed(tmp_path: Path) -> None:
    with site() as replica:
        replica.pages["/healthz"] = lambda handler: answer(handler, 200, b"ok")
        port = int(replica.base.rpartition(":")[2])
        with balancing(tmp_path / "nginx", (port, port, port)) as balanced:
            Client(f"http://127.0.0.1:{balanced}").send("/healthz", headers={"x-forwarded-for": "203.0.113.9"})
        assert replica.headers()["x-forwarded-for"] == "127.0.0.1"
        assert replica.headers()["host"] == f"127.0.0.1:{balanced}"
