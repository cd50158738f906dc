"""`kill -9` of the server right after it answered, and of the builder at any moment: what was accepted is built, and once."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kakehashi.http.keys import KeyBook
from kakehashi.pipeline import importing
from kakehashi.pipeline.importing import Importer, LaterError
from kakehashi.pipeline.load import load
from kakehashi.pipeline.making import locked
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.journal import Entry, Journal, State
from kakehashi.snapshot.repository import repository_of
from tests.faults.test_bad_assessments import private_of
from tests.support.assessing import BOARD, home_at
from tests.support.importing import Sender, assessments, await_served, catalogue, office, waited
from tests.support.making import maker_at, snapshot_of
from tests.support.server import Client

KILLS = int(os.environ.get("KAKEHASHI_KILLS", "8"))
RUN = [sys.executable, "-c", "from kakehashi.cli.main import main; main()"]

BUILD = """
import os, signal, sys
from pathlib import Path
from kakehashi.pipeline import importing
from kakehashi.pipeline.making import Making
from kakehashi.snapshot.journal import Journal
from kakehashi.store.embedded import EmbeddedDraft, EmbeddedRepository
from tests.support.making import maker_at
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def after(kind, name):
    original = getattr(kind, name)
    setattr(kind, name, lambda *arguments, **named: (original(*arguments, **named), die())[0])
match sys.argv[2]:
    case "begun": after(Journal, "count")
    case "read": after(importing._Import, "_refusal")
    case "added": after(EmbeddedDraft, "add")
    case "prepared": after(Journal, "prepare")
    case "commit": EmbeddedDraft.commit = die
    case "committed": after(EmbeddedDraft, "commit")
    case "switched": after(EmbeddedRepository, "switch")
    case "built": Journal.finish = die
    case "finished": after(Journal, "finish")
home = Path(sys.argv[1])
print("begin", flush=True)
importing.Importer(maker_at(home), Journal(home / "imports"), 100).turn()
"""
MOMENTS = ("begun", "read", "added", "prepared", "commit", "committed", "switched", "built", "finished")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_at(tmp_path)


def sent(home: Path, content: bytes, *, query: str = "", scopes: Sequence[str] = ("imports:write",)) -> Entry:
    """Send something to a server that is gone by the end."""
    with office(home) as here:
        reply = here.sender(*scopes, organisations=[BOARD]).send("a.xlsx", content, query)
        assert reply.status == 202, reply.body
        found = here.journal.entry(reply.json()["id"])
        assert found is not None
        return found


def builder(home: Path, moment: str = "") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(home), moment], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def build(home: Path) -> None:
    """Build the next job in this process, which nobody kills."""
    Importer(maker_at(home), Journal(home / "imports"), 100).turn()


def ended(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=120)
    return process.returncode


def outcome(home: Path, entry: Entry) -> Any:
    found = Journal(home / "imports").entry(entry.job.id)
    assert found is not None
    assert found.outcome is not None
    assert found.outcome.state is State.DONE, found.outcome
    return found.outcome


def releases(home: Path) -> list[str]:
    return [one.id for one in repository_of(Home(home)).releases()]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", ["public", "private", "upon a release"])
def test_killed_at_each_step_it_is_built_once(home: Path, moment: str, kind: str) -> None:
    before, private = releases(home), kind == "private"
    if private:
        entry = sent(home, assessments(), query="private=true", scopes=["imports:private"])
    elif kind == "public":
        entry = sent(home, catalogue())
    else:
        tried = sent(home, catalogue(), query="dryRun=true")
        build(home)
        with office(home) as here:
            reply = here.sender("admin").post(f"/imports/{tried.job.id}/commit")
            found = here.journal.entry(reply.json()["id"])
            assert found is not None
            entry = found
            assert entry.job.expected == before[0]
    assert ended(builder(home, moment)) == -signal.SIGKILL
    assert snapshot_of(home).release.id in {before[0], *releases(home)}
    build(home)
    found_outcome = outcome(home, entry)
    (source,) = found_outcome.report["sources"]
    assert source["outcome"] == "loaded", "it says what it did, not that nothing was left to do"
    assert found_outcome.before == before[0]
    assert len(releases(home)) == (1 if private else 2)
    assert len(private_of(home).assessments) == int(private)
    assert ("source/template/sent" in snapshot_of(home).sources) == (not private)
    assert not (home / "building").exists()
    build(home)
    assert outcome(home, entry) == found_outcome


@pytest.mark.parametrize("moment", ["switched", "built"])
def test_what_was_served_before_the_kill_counts_though_others_came_after(home: Path, tmp_path: Path, moment: str) -> None:
    """Upon a release that is served no longer: it was built upon it, and must not be refused for what came after."""
    with office(home) as here:
        served = snapshot_of(home).release.id
        reply = here.sender("imports:write").send("a.xlsx", catalogue(), if_match=f'"{served}"')
        entry = here.journal.entry(reply.json()["id"])
    assert entry is not None
    assert ended(builder(home, moment)) == -signal.SIGKILL
    (tmp_path / "other.xlsx").write_bytes(catalogue("other"))
    load(maker_at(home), [tmp_path / "other.xlsx"])
    build(home)
    assert outcome(home, entry).before == served
    assert {"source/template/sent", "source/template/other"} <= snapshot_of(home).sources.keys()


def test_killed_at_any_moment_it_is_built_once(home: Path) -> None:
    began = time.perf_counter()
    sent(home, catalogue(name="0"))
    assert ended(builder(home)) == 0
    duration = time.perf_counter() - began
    spread = random.Random(20261001)
    for number in range(1, KILLS + 1):
        former = snapshot_of(home).release.id
        entry = sent(home, catalogue(name=str(number)))
        for _ in range(3):
            process = builder(home)
            time.sleep(spread.uniform(0, duration))
            process.kill()
            ended(process)
            assert snapshot_of(home).release.id in {former, releases(home)[-1]}
        build(home)
        found = outcome(home, entry)
        assert found.before == former
        assert found.after == snapshot_of(home).release.id
        assert [one["outcome"] for one in found.report["sources"]] == ["replaced"]
        assert len(releases(home)) == 2 + number


def test_what_ends_every_process_is_given_up_and_the_next_is_built(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_ATTEMPTS", 2)
    bad, good = sent(home, catalogue("bad")), sent(home, catalogue("good"))
    for _ in range(2):
        assert ended(builder(home, "read")) == -signal.SIGKILL
    with office(home) as here:
        assert here.build() == 2
    journal = Journal(home / "imports")
    found = journal.entry(bad.job.id)
    assert found is not None
    assert found.outcome is not None
    assert (found.state, found.outcome.error is not None) == (State.FAILED, True)
    assert outcome(home, good).state is State.DONE


def test_where_the_home_is_in_use_a_job_waits_and_no_attempt_is_counted(home: Path) -> None:
    entry = sent(home, catalogue())
    with office(home) as here:
        for _ in range(3):
            with locked(Home(home)), pytest.raises(LaterError):
                here.importer().turn()
        waiting = here.journal.entry(entry.job.id)
        assert waiting is not None
        assert (waiting.attempts, waiting.state) == (0, State.RECEIVED)
        assert here.build() == 1
    assert outcome(home, entry).state is State.DONE


@dataclass(frozen=True, slots=True)
class Served:
    process: subprocess.Popen[bytes]
    client: Client

    def children(self) -> list[int]:
        file = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        listed = [int(pid) for task in file.parent.parent.iterdir() for pid in (task / "children").read_text().split()]
        return sorted(set(listed))

    def child(self, former: int | None = None) -> int:
        """The process that builds, once it has begun."""
        deadline = time.monotonic() + 60
        while not (found := [pid for pid in self.children() if pid != former]):
            assert time.monotonic() < deadline, "no process builds"
            time.sleep(0.05)
        return found[0]


@contextmanager
def serving(home: Path, *limits: str) -> Iterator[Served]:
    """A real server of its own process, with the process that builds beside it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*RUN, "serve", "--imports", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(["bash", "-c", f'{" ".join(limits)} exec "$@"', "bash", *command], stdout=subprocess.DEVNULL)
    client = Client(f"http://127.0.0.1:{port}")
    deadline = time.monotonic() + 60
    while True:
        try:
            if client.send("/readyz").status == 200:
                break
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
    try:
        yield Served(process, client)
    finally:
        process.terminate()
        process.wait(30)


def sender_of(home: Path, served: Served) -> Sender:
    return Sender(served.client, KeyBook(home / "keys").create("sender", ["imports:write"], [], 1)[1])


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_server_killed_right_after_its_answer_has_lost_nothing(home: Path) -> None:
    locations, before = [], releases(home)
    for number in range(3):
        with serving(home) as served:
            builder_pid = served.child()
            reply = sender_of(home, served).send("a.xlsx", catalogue(f"set-{number}"))
            served.process.kill()
            served.process.wait(30)
            assert reply.status == 202
            locations.append(reply.headers["location"])
            assert gone(builder_pid), "the process that builds does not outlive its server for long"
    with serving(home) as served:
        admin = Sender(served.client, KeyBook(home / "keys").create("admin", ["admin"], [], 1)[1])
        found = [waited(admin, location) for location in locations]
        assert [(one["state"], one["report"]["sources"][0]["outcome"]) for one in found] == [("done", "loaded")] * 3
        await_served(served.client, found[-1]["releaseAfter"])
    assert len(releases(home)) == len(before) + 3


def test_a_builder_that_is_killed_is_started_again_and_ended_with_the_server(home: Path) -> None:
    with serving(home) as served:
        sender, former = sender_of(home, served), served.child()
        os.kill(former, signal.SIGKILL)
        location = sender.send("a.xlsx", catalogue()).headers["location"]
        assert served.client.send("/readyz").status == 200, "the server goes on"
        assert waited(sender, location)["state"] == "done"
        last = served.child(former)
    assert gone(last)


def test_where_the_disk_is_full_nothing_is_accepted_and_nothing_half_stays(home: Path) -> None:
    large = os.urandom(300_000)
    with serving(home, "ulimit -f 100;") as served:
        sender = sender_of(home, served)
        for reply in (sender.send("a.xlsx", large), sender.form([("a.xlsx", large)])):
            assert reply.status == 507, reply.body
            problem = reply.json()
            assert problem["code"] == "STORE_FAILED"
            assert "Nothing was accepted" in problem["detail"]
        assert sender.get().json() == []
        assert list((home / "imports" / "receiving").iterdir()) == []
        assert sender.send("a.xlsx", catalogue()).status == 202, "what there is room for is taken"


def test_while_the_disk_is_full_a_job_waits_and_is_built_when_there_is_room(home: Path) -> None:
    entry, former = sent(home, catalogue(name="条" * 40_000)), snapshot_of(home).release.id
    process = subprocess.run(
        ["bash", "-c", 'ulimit -f 32; trap "" XFSZ; exec "$@"', "bash", sys.executable, "-c", BUILD, str(home), ""],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False, timeout=120,
    )  # fmt: skip
    assert "LaterError" in process.stderr, process.stderr[-500:]
    assert snapshot_of(home).release.id == former
    build(home)
    assert outcome(home, entry).before == former
