"""`kill -9` at any moment of loading a private source leaves all of the former one or all of the new, and the public release."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from kakehashi.records.model import Assessment
from tests.faults.test_bad_assessments import private_of
from tests.faults.test_killed_build import building, finished
from tests.support.assessing import home_at, row, write_workbook
from tests.support.making import build, snapshot_of

KILLS = int(os.environ.get("KAKEHASHI_KILLS", "15"))
PROVISIONS = ("1.1", "1.2", "1.10", "id:same-a", "id:same-b")


def book(folder: Path, number: int) -> Path:
    """A workbook whose rows all tell which one it is."""
    rows = [row(provision=provision, remark=f"book {number}") for provision in PROVISIONS]
    return write_workbook(folder / f"book-{number}.xlsx", *rows)


def told(home: Path) -> tuple[str, set[str | None], int]:
    """The public release, and which workbook the private one holds, with how many rows."""
    found: tuple[Assessment, ...] = private_of(home).assessments
    return snapshot_of(home).release.id, {one.remark for one in found}, len(found)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = home_at(tmp_path)
    assert finished(building(place, book(tmp_path, 0), verb="load")) == 0
    return place


def test_killed_at_any_time_all_or_nothing_is_there(home: Path, tmp_path: Path) -> None:
    began = time.perf_counter()
    assert finished(building(home, book(tmp_path, 1), verb="load")) == 0
    duration = time.perf_counter() - began
    former = told(home)
    assert former[1:] == ({"book 1"}, len(PROVISIONS))
    spread = random.Random(20260401)
    for number in range(2, KILLS + 2):
        process = building(home, book(tmp_path, number), verb="load")
        time.sleep(spread.uniform(0, duration))
        process.kill()
        finished(process)
        now = told(home)
        assert now in (former, (former[0], {f"book {number}"}, len(PROVISIONS)))
        former = now
    assert finished(building(home, book(tmp_path, 1), verb="load")) == 0
    assert told(home)[1] == {"book 1"}


@pytest.mark.parametrize("moment", ["Reading the data", "after add", "commit", "switch"])
def test_killed_at_each_step_the_former_is_there(home: Path, tmp_path: Path, moment: str) -> None:
    former = told(home)
    assert finished(building(home, book(tmp_path, 1), moment, "load")) == -signal.SIGKILL
    assert told(home) == former
    assert build(home, [tmp_path / "catalogue"]).release.id == former[0], "the next maker finds no lock and no litter"
    assert finished(building(home, book(tmp_path, 1), verb="load")) == 0
    assert told(home)[1] == {"book 1"}
