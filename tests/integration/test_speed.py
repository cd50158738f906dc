"""Ratios that must hold on any machine, with a factor of two of slack; `make bench` measures them properly."""

import statistics
import sys
from pathlib import Path

from benchmarks.__main__ import COVERAGE, answers, first_answer, kakehashi, timed
from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.schema import build_schema
from kakehashi.snapshot.model import Snapshot


def test_the_engine_is_a_small_part_of_a_coverage_query(snapshot: Snapshot) -> None:
    schema = build_schema()
    whole = statistics.median(timed(lambda: execute(schema, Context(snapshot), Request(COVERAGE))) for _ in range(15))
    engine = statistics.median(timed(lambda: answers(snapshot)) for _ in range(15))
    assert engine / whole < 0.2 * 2


def test_starting_costs_little_more_than_the_imports(default_home: Path) -> None:
    baseline = [first_answer([sys.executable, "-m", "benchmarks.baseline"], positional=True) for _ in range(3)]
    ours = [first_answer([*kakehashi(), "serve", "--home", str(default_home)], positional=False) for _ in range(3)]
    assert statistics.median(ours) / statistics.median(baseline) < 2 * 2
