"""Ratios that must hold on any machine, with a factor of two of slack; `make bench` measures them properly."""

import statistics
import sys
from pathlib import Path

from benchmarks.__main__ import both_ways, first_answer, kakehashi
from kakehashi.snapshot.model import Snapshot


def test_a_plan_is_several_times_faster_than_graphql_core(snapshot: Snapshot) -> None:
    by_core, by_plan = both_ways(snapshot, 15)
    assert by_core / by_plan > 5 / 2


def test_starting_costs_little_more_than_the_imports(default_home: Path) -> None:
    baseline = [first_answer([sys.executable, "-m", "benchmarks.baseline"], positional=True) for _ in range(3)]
    ours = [first_answer([*kakehashi(), "serve", "--home", str(default_home)], positional=False) for _ in range(3)]
    assert statistics.median(ours) / statistics.median(baseline) < 2 * 2
