"""`kill -9` at any moment of a build leaves a home that opens and serves the former release."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.schema import build_schema
from kakehashi.pipeline.build import STEPS
from kakehashi.store.embedded import EmbeddedRepository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text
from tests.support import small_catalogue
from tests.support.making import build, snapshot_of

KILLS = int(os.environ.get("KAKEHASHI_KILLS", "15"))

BUILD = """
import os, signal, sys
from pathlib import Path
from kakehashi.pipeline.load import load
from kakehashi.pipeline.build import build
from kakehashi.store.embedded import EmbeddedDraft, EmbeddedRepository
from tests.support.making import maker_at
wanted = sys.argv[3]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def report(step):
    if step.en == wanted:
        die()
if wanted == "switch":
    EmbeddedRepository.switch = die
if wanted == "commit":
    EmbeddedDraft.commit = die
if wanted == "after add":
    add = EmbeddedDraft.add
    EmbeddedDraft.add = lambda *arguments: (add(*arguments), die())
print("begin", flush=True)
maker = maker_at(Path(sys.argv[1]))
if sys.argv[4] == "load":
    load(maker, [Path(sys.argv[2])], lambda *_: die() if wanted == "Reading the data" else None)
else:
    build(maker, [Path(sys.argv[2])], report)
"""


def building(home: Path, data: Path, kill_at: str = "", verb: str = "build") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD, str(home), str(data), kill_at, verb]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def finished(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=60)
    return process.returncode


def served(home: Path) -> tuple[str, str]:
    """The release and the name that it serves; the store opens as well, and holds all that the release lists."""
    snapshot = snapshot_of(home)
    store = EmbeddedRepository(home).open(snapshot.release.id)
    assert {graph.name: store.count(graph.name) for graph in snapshot.release.graphs} == {
        graph.name: graph.triples for graph in snapshot.release.graphs
    }
    store.close()
    answer = execute(build_schema(), Context(snapshot), Request('{ resource(id: "tool") { prefLabel(lang: ["en"]) { value } } }'))
    return snapshot.release.id, answer.body["data"]["resource"]["prefLabel"]["value"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "home"
    build(place, [small_catalogue.write(tmp_path / "former", "Former")])
    return place


@pytest.mark.parametrize("verb", ["build", "load"])
def test_killed_at_any_time_the_former_release_is_served(home: Path, tmp_path: Path, verb: str) -> None:
    data = small_catalogue.write(tmp_path / "unkilled", "Unkilled")
    began = time.perf_counter()
    assert finished(building(home, data, verb=verb)) == 0
    duration = time.perf_counter() - began
    former = served(home)
    spread = random.Random(20200101)
    for number in range(KILLS):
        name = f"Name {number}"
        process = building(home, small_catalogue.write(tmp_path / "next", name), verb=verb)
        time.sleep(spread.uniform(0, duration))
        process.kill()
        finished(process)
        now = served(home)
        assert now == former or now[1] == name, "neither the former release nor the whole new one"
        former = now
    assert build(home, [small_catalogue.write(tmp_path / "next", "Last")]).fresh
    assert served(home)[1] == "Last"
    assert not (home / "building").exists()


MOMENTS = [("build", step.en) for step in STEPS] + [("load", "Reading the data")]
MOMENTS += [(verb, moment) for verb in ("build", "load") for moment in ("after add", "commit", "switch")]


@pytest.mark.parametrize(("verb", "moment"), MOMENTS)
def test_killed_at_each_step_the_former_release_is_served(home: Path, tmp_path: Path, verb: str, moment: str) -> None:
    former = served(home)
    data = small_catalogue.write(tmp_path / "next", "Next")
    assert finished(building(home, data, moment, verb)) == -signal.SIGKILL
    assert served(home) == former
    build(home, [data])
    assert served(home)[1] == "Next"


def test_a_second_build_at_the_same_time_is_refused(home: Path, tmp_path: Path) -> None:
    refused = []

    def build_meanwhile(_: Text) -> None:
        with pytest.raises(KakehashiError) as caught:
            build(home, [tmp_path / "former"])
        refused.append(caught.value.code)

    build(home, [small_catalogue.write(tmp_path / "next", "Next")], build_meanwhile)
    assert refused == [ErrorCode.BUSY] * len(STEPS)
    assert served(home)[1] == "Next"


def test_a_disk_that_fills_up_leaves_the_former_release(home: Path, tmp_path: Path) -> None:
    """A file system of a few megabytes, as root can make one; elsewhere a limit on the size of files does for it."""
    former = served(home)
    many = [small_catalogue.write(tmp_path / "next", "x" * 150_000)]
    command = [sys.executable, "-c", BUILD, str(home), str(many[0]), "", "load"]
    process = subprocess.run(
        ["bash", "-c", 'ulimit -f 64; trap "" XFSZ; exec "$@"', "bash", *command],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    assert process.returncode != 0
    assert "File too large" in process.stderr, process.stderr[-500:]
    assert served(home) == former
    assert build(home, many).fresh
