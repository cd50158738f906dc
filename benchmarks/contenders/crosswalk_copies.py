"""All pairs to three hops over copies of a release's rows under other names, with a few percent of rows between copies."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Final

from benchmarks.contenders import Facts, Stopwatch
from benchmarks.contenders.crosswalk_home import snapshot_of
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority

SEED: Final = 20260401
CROSSING: Final = 0.03
HOPS: Final = 3


def run(home: str, runs: str, copies: str) -> Facts:
    """Acceptance and closure from rows; the median in seconds."""
    watch, rows = Stopwatch(), list(copied(snapshot_of(home).index.engine.rows, int(copies)))
    pairs = 0
    for _ in range(int(runs)):
        pairs = watch.time("closure", lambda: len(Engine(rows).network(frozenset(Authority), HOPS).closure))
    return {"rows": len(rows), "pairs": pairs, **watch.medians()}


def copied(rows: Sequence[Row], copies: int) -> Iterator[Row]:
    """Each row once a copy; of a few the object is besides that of another copy, which contradicts nothing."""
    random = Random(SEED)
    for number in range(copies):
        yield from (_renamed(row, f"{number}", number, number) for row in rows)
        crossing = random.sample(rows, round(CROSSING * len(rows))) if copies > 1 else ()
        for row in crossing:
            other = (number + random.randrange(1, copies)) % copies
            yield _renamed(row, f"{number}/{other}", number, other)


def _renamed(row: Row, name: str, subject: int, target: int) -> Row:
    return replace(row, statement=f"{name}/{row.statement}", subject=f"{subject}/{row.subject}", object=f"{target}/{row.object}")
