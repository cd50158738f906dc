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
from kakehashi.pipeline.build import STEPS, build
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.saved import load_current
from kakehashi.store.embedded import EmbeddedStore
from kakehashi.vocabulary.iris import DEFAULT_BASE
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text
from tests.support import small_catalogue

KILLS = int(os.environ.get("KAKEHASHI_KILLS", "15"))

BUILD = """
import os, signal, sys
from pathlib import Path
from kakehashi.pipeline.build import build
from kakehashi.snapshot.home import Home
wanted = sys.argv[3]
def report(step):
    if step.en == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
if wanted == "switch":
    Home.switch = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
print("begin", flush=True)
build(Home(Path(sys.argv[1])), [Path(sys.argv[2])], "https://w3id.org/kakehashi", report)
"""


def building(home: Home, data: Path, kill_at: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD, str(home.root), str(data), kill_at]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def finished(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=60)
    return process.returncode


def served(home: Home) -> tuple[str, str]:
    """The release and the name that it serves; the store opens as well."""
    snapshot = load_current(home)
    EmbeddedStore.read_only(home.release(snapshot.manifest.id) / "store").close()
    answer = execute(build_schema(), Context(snapshot), Request('{ resource(id: "tool") { prefLabel(lang: ["en"]) { value } } }'))
    return snapshot.manifest.id, answer.body["data"]["resource"]["prefLabel"]["value"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    place = Home(tmp_path / "home")
    build(place, [small_catalogue.write(tmp_path / "former", "Former")], DEFAULT_BASE)
    return place


def test_killed_at_any_time_the_former_release_is_served(home: Home, tmp_path: Path) -> None:
    data = small_catalogue.write(tmp_path / "unkilled", "Unkilled")
    began = time.perf_counter()
    assert finished(building(home, data)) == 0
    duration = time.perf_counter() - began
    former = served(home)
    spread = random.Random(20200101)
    for number in range(KILLS):
        name = f"Name {number}"
        process = building(home, small_catalogue.write(tmp_path / "next", name))
        time.sleep(spread.uniform(0, duration))
        process.kill()
        finished(process)
        now = served(home)
        assert now == former or now[1] == name, "neither the former release nor the whole new one"
        former = now
    assert build(home, [small_catalogue.write(tmp_path / "next", "Last")], DEFAULT_BASE).fresh
    assert served(home)[1] == "Last"
    assert not list(home.building.glob("*"))


@pytest.mark.parametrize("moment", [*(step.en for step in STEPS), "switch"])
def test_killed_at_each_step_the_former_release_is_served(home: Home, tmp_path: Path, moment: str) -> None:
    former = served(home)
    data = small_catalogue.write(tmp_path / "next", "Next")
    assert finished(building(home, data, moment)) == -signal.SIGKILL
    assert served(home) == former
    build(home, [data], DEFAULT_BASE)
    assert served(home)[1] == "Next"


def test_a_second_build_at_the_same_time_is_refused(home: Home, tmp_path: Path) -> None:
    refused = []

    def build_meanwhile(_: Text) -> None:
        with pytest.raises(KakehashiError) as caught:
            build(home, [tmp_path / "former"], DEFAULT_BASE)
        refused.append(caught.value.code)

    build(home, [small_catalogue.write(tmp_path / "next", "Next")], DEFAULT_BASE, build_meanwhile)
    assert refused == [ErrorCode.BUSY] * len(STEPS)
    assert served(home)[1] == "Next"
