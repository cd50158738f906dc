"""Whatever fails between us and a server: the former release stays served, nothing half is seen, the next attempt succeeds."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from kakehashi.store.port import Release
from kakehashi.store.remote import graphs
from kakehashi.store.remote.claims import Claim
from kakehashi.store.remote.endpoint import Patience, endpoint
from kakehashi.store.remote.marks import Marks
from kakehashi.store.remote.repository import RemoteRepository, connect
from kakehashi.vocabulary.iris import Books
from kakehashi.vocabulary.text import ErrorCode, KakehashiError
from tests.support import faulty_proxy as faults
from tests.support.faulty_proxy import Fault, FaultyProxy
from tests.support.remote_releases import Content, assert_whole, fresh_base, load, many
from tests.support.sparql_servers import SparqlServer, oxigraph_server, virtuoso_server

KILLS = int(os.environ.get("KAKEHASHI_KILLS", "4"))
PATIENCE = Patience(connect=5, answer=1.0, attempts=4, pause=0.05, claim=2.0)
TOO_LONG = 1.3
MANY = 1_500
MAKERS: tuple[Callable[[Path], SparqlServer], ...] = (oxigraph_server, virtuoso_server)

PASSING: tuple[Fault, ...] = (
    faults.unavailable, faults.giving_way, faults.no_answer, faults.done_but_unheard, faults.slow, faults.dribbling,
    faults.cut_in_the_middle,
)  # fmt: skip
READING: tuple[Fault, ...] = (faults.half_as_whole, faults.other_words, faults.partial_by_time)
WRITES = ("graph=", "update=")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small graph is written in many pieces."""
    monkeypatch.setattr(graphs, "PIECE", 1 << 15)


@pytest.fixture(scope="module", params=MAKERS, ids=lambda make: make.__name__)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    with request.param(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def proxy(server: SparqlServer) -> Iterator[FaultyProxy]:
    with faults.faulty_proxy(server.url, TOO_LONG) as running:
        yield running


class World:
    """A served release, the next one, and two ways to the server: straight, and through the proxy."""

    def __init__(
        self, stack: ExitStack, server: SparqlServer, proxy: FaultyProxy | None = None, patience: Patience = PATIENCE
    ) -> None:
        base = fresh_base()
        straight = replace(endpoint(server.url), patience=patience)
        self.straight = stack.enter_context(closing(connect(straight, base)))
        self.repository = self.straight
        if proxy is not None:
            through = proxy.before(straight)
            self.repository = stack.enter_context(closing(connect(through, base)))
        self.former = load(self.straight, Content(base, {"kept": many(500)}))
        self.next = Content(base, {"kept": many(500), "new": many(MANY, "new")}, former=self.former.id, age=1)

    def assert_former(self) -> None:
        assert_whole(self.straight, self.former)
        assert {one.id for one in self.straight.releases()} <= {self.former.id, self.next.release.id}

    def assert_next_succeeds(self) -> None:
        release = load(self.straight, self.next)
        assert release.id == self.next.release.id
        assert_whole(self.straight, self.next.release)


@pytest.fixture
def world(server: SparqlServer, proxy: FaultyProxy) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(stack, server, proxy)


def refused(act: Callable[[], object]) -> KakehashiError:
    """The error of an act that must fail; it says what to do in both languages."""
    with pytest.raises(KakehashiError) as caught:
        act()
    assert caught.value.text.ja
    assert caught.value.text.en
    return caught.value


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("word", WRITES)
def test_a_write_that_fails_in_passing_is_done_again(world: World, proxy: FaultyProxy, fault: Fault, word: str) -> None:
    proxy.add(word, fault)
    load(world.repository, world.next)
    assert not proxy.faults
    assert_whole(world.straight, world.next.release)


@pytest.mark.parametrize("fault", PASSING + READING)
def test_a_read_that_fails_in_passing_is_done_again(world: World, proxy: FaultyProxy, fault: Fault) -> None:
    for word in ("COUNT", "CONSTRUCT", "mark"):
        proxy.add(word, fault)
    assert_whole(world.repository, world.former)
    assert not proxy.faults


@pytest.mark.parametrize("fault", [faults.unavailable, faults.no_answer])
@pytest.mark.parametrize("word", ["graph=", "store%23holds", "store%23describes", "store%3Aserves", "claimedBy", "release%2F"])
def test_a_server_that_goes_on_failing_refuses_the_load(world: World, proxy: FaultyProxy, fault: Fault, word: str) -> None:
    proxy.add(word, fault, times=10_000)
    assert refused(lambda: load(world.repository, world.next)).code is ErrorCode.STORE_FAILED
    world.assert_former()
    world.assert_next_succeeds()


@pytest.mark.parametrize(
    "fault", [faults.slow, faults.dribbling, faults.cut_in_the_middle, faults.half_as_whole, faults.other_words]
)
def test_an_answer_that_never_comes_whole_is_refused(world: World, proxy: FaultyProxy, fault: Fault) -> None:
    proxy.add("CONSTRUCT", fault, times=10_000)
    began = time.monotonic()
    assert refused(lambda: world.repository.open(world.former.id)).code is ErrorCode.STORE_FAILED
    assert time.monotonic() - began < PATIENCE.attempts * (PATIENCE.answer + 2)
    proxy.faults.clear()
    assert_whole(world.repository, world.former)


def test_a_password_is_sent_only_to_a_server_that_asks(tmp_path: Path) -> None:
    seen: list[str | None] = []
    with oxigraph_server(tmp_path / "server") as server, faults.faulty_proxy(server.url, TOO_LONG) as proxy, ExitStack() as stack:
        through = replace(proxy.before(endpoint(server.url)), patience=PATIENCE, user="me", password="geheim:ひみつ")
        repository = stack.enter_context(closing(connect(through, fresh_base())))
        assert repository.current() is None
        proxy.add("", faults.asking_for_basic("me", "geheim:ひみつ", seen), times=10_000)
        assert repository.current() is None
        proxy.faults[0] = ("", faults.asking_for_basic("me", "other", seen), 10_000)
        error = refused(repository.current)
    assert seen[0] is None
    assert all(seen[1:])
    assert "401" in error.text.ja
    assert "geheim" not in f"{error!r}{error.text}"


def test_pages_cut_without_a_word_are_read_on(world: World, proxy: FaultyProxy) -> None:
    proxy.add("CONSTRUCT", faults.few_lines, times=10_000)
    assert_whole(world.repository, world.former)


@pytest.mark.parametrize("fault", [faults.nothing, faults.few_lines])
def test_pages_that_do_not_add_up_are_refused(world: World, proxy: FaultyProxy, fault: Fault) -> None:
    store = world.repository.open(world.former.id)
    graph = world.former.graphs[0].name
    proxy.add("CONSTRUCT", fault, times=3)
    proxy.add("CONSTRUCT", faults.nothing, times=10_000)
    error = refused(lambda: list(store.triples(graph)))
    assert error.code is ErrorCode.STORE_FAILED
    assert graph in error.text.ja


def test_a_switch_whose_answer_is_lost_is_a_switch(world: World, proxy: FaultyProxy) -> None:
    proxy.add("store%3Aserves", faults.done_but_unheard, times=PATIENCE.attempts - 1)
    load(world.repository, world.next)
    assert_whole(world.straight, world.next.release)


def test_a_load_that_came_first_is_not_overwritten(world: World) -> None:
    """Another load switches while this one writes."""
    other = Content(world.next.base, {"other": many(30, "other")}, former=world.former.id, age=2)

    def overtake(start: int) -> None:
        if start == 0 and world.straight.current() == world.former.id:
            load(world.straight, other)

    assert refused(lambda: load(world.repository, world.next, overtake)).code is ErrorCode.BUSY
    assert_whole(world.straight, other.release)
    world.assert_next_succeeds()


def test_a_dead_process_claim_is_taken_away(world: World) -> None:
    marks = claims_of(world)
    dead = Claim(marks, PATIENCE)
    assert dead.make()
    began = time.monotonic()
    load(world.straight, world.next)
    assert time.monotonic() - began > PATIENCE.claim
    assert marks.all() == set()
    assert_whole(world.straight, world.next.release)


def test_a_process_that_slept_over_its_claim_does_nothing(world: World) -> None:
    marks = claims_of(world)
    slept = Claim(marks, PATIENCE)
    assert slept.make()
    load(world.straight, world.next)
    world.straight._point(world.former.id, world.next.release.id, slept)
    assert world.straight.current() == world.next.release.id
    time.sleep(PATIENCE.claim / 4)
    assert refused(slept.renew).code is ErrorCode.BUSY


@pytest.mark.parametrize("server", [oxigraph_server], indirect=True)
def test_a_living_claim_is_waited_for_and_then_said_so(world: World) -> None:
    marks = claims_of(world)
    living = Claim(marks, PATIENCE)
    assert living.make()
    done = threading.Event()

    def live() -> None:
        while not done.wait(PATIENCE.claim / 4):
            living.renew()

    thread = threading.Thread(target=live)
    thread.start()
    try:
        assert refused(lambda: load(world.straight, world.next)).code is ErrorCode.BUSY
    finally:
        done.set()
        thread.join()
        living.withdraw()
    world.assert_former()
    world.assert_next_succeeds()


def claims_of(world: World) -> Marks:
    return Marks(world.straight._protocol, Books(world.next.base).claims, "claimedBy")


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def own_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SparqlServer]:
    with request.param(tmp_path / "server") as running:
        yield running


def test_a_server_that_dies_while_it_is_written_to(own_server: SparqlServer) -> None:
    with ExitStack() as stack:
        world = World(stack, own_server)

        def die(start: int) -> None:
            if start > MANY // 2:
                own_server.kill()

        assert refused(lambda: load(world.repository, world.next, die)).code is ErrorCode.STORE_FAILED
        own_server.start()
        world.assert_former()
        world.assert_next_succeeds()


def test_a_server_that_dies_and_comes_back_in_time_is_written_on(own_server: SparqlServer) -> None:
    with ExitStack() as stack:
        world = World(stack, own_server, patience=Patience(attempts=10, pause=0.1))
        died: list[int] = []

        def restart(start: int) -> None:
            if start > MANY // 2 and not died:
                own_server.kill()
                own_server.start()
                died.append(start)

        load(world.repository, world.next, restart)
        assert died
        assert_whole(world.straight, world.next.release)


LOAD = """
import sys
from dataclasses import replace
from kakehashi.store.remote.endpoint import Patience, endpoint
from kakehashi.store.remote.repository import connect
from tests.support.remote_releases import Content, load, many
url, base, former, name = sys.argv[1:]
repository = connect(replace(endpoint(url), patience=Patience(claim=2.0)), base)
content = Content(base, {"kept": many(500), name: many(8_000, name)}, former=former, age=1)
print("begin", flush=True)
load(repository, content)
"""


def loading(server: SparqlServer, base: str, former: Release, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LOAD, server.url, base, former.id, name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def test_a_writer_that_is_killed_at_any_time(server: SparqlServer) -> None:
    with ExitStack() as stack:
        world = World(stack, server)
        base, served = world.next.base, world.former
        began = time.monotonic()
        assert finished(loading(server, base, served, "unkilled")) == 0
        duration = time.monotonic() - began
        served = one_of(world.straight)
        spread = random.Random(20260101)
        for number in range(KILLS):
            process = loading(server, base, served, f"n{number}")
            time.sleep(spread.uniform(0, duration))
            process.kill()
            finished(process)
            served = one_of(world.straight)
        world.assert_next_succeeds()
        world.straight.prune(frozenset())
        assert len(world.straight.holdings.all()) == len(world.next.release.graphs)


def one_of(repository: RemoteRepository) -> Release:
    """The served release, whole, whichever it is."""
    (served,) = [one for one in repository.releases() if one.id == repository.current()]
    assert_whole(repository, served)
    return served


def finished(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=60)
    return process.returncode
