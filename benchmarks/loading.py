"""Loading beside what cannot be undercut: python -m benchmarks.loading [--runs N] [--copies 1,3,10] [--corpus PATH].

The floor is what merely reading the files with the formats' fastest parsers takes, plus pyoxigraph's own bulk load of the N-Quads
of the release. Everything measured runs in a process of its own, one after the other, as many rounds as there are runs; so that a
busy machine does less harm, CPU time stands beside the time on the clock. This process imports nothing large: what it holds would
count as the peak of those that it starts.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
CORPUS: Final = Path(os.environ.get("KAKEHASHI_CORPUS") or ROOT.parent / "shared" / "corpus")

READ, STORE, LENIENT, LOAD, RDFLIB = "read", "store", "lenient", "load", "rdflib"
AGAIN, SNAPSHOT, MORE = "again", "snapshot", "more"
NAMES: Final[Mapping[str, str]] = {
    READ: "floor 1: the files, by the fastest parsers",
    STORE: "floor 2: pyoxigraph's bulk load of the N-Quads",
    LENIENT: "  the same, without its check of IRIs",
    LOAD: "kakehashi load, into an empty home",
    RDFLIB: "rdflib parsing the same N-Quads",
    AGAIN: "loading the same again (nothing changes)",
    SNAPSHOT: "decoding the snapshot (start of a server)",
    MORE: "loading one small file on top",
}
CLOCK: Final = "wall", "cpu", "whole_wall", "whole_cpu"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one process took: seconds of the work alone, of the whole process with its start and imports, and MiB at the peak."""

    wall: float
    cpu: float
    whole_wall: float
    whole_cpu: float
    peak: float
    facts: Mapping[str, Any]


Round = Mapping[str, Figure]


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loading")
    parser.add_argument("--runs", type=int, default=3, help="rounds of the comparison")
    parser.add_argument("--copies", default="1,3,10", help="sizes of the synthetic corpus; empty for none")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder of published files (KAKEHASHI_CORPUS)")
    asked = parser.parse_args()
    corpus: Path = asked.corpus.resolve()
    if not corpus.is_dir():
        print(f"loading: there is no corpus at {corpus}; set KAKEHASHI_CORPUS")
        return
    rounds = [compared(corpus) for _ in range(asked.runs)]
    print("\n".join(comparison(rounds)))
    grown = growth(corpus, [int(one) for one in asked.copies.split(",") if one])
    print("\n".join(growth_table(grown)))


def compared(corpus: Path, names: Sequence[str] = tuple(NAMES)) -> Round:
    """One round: everything once, in folders of its own that are gone afterwards."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        home, quads, small = folder / "home", folder / "release.nq", folder / "small.sssom.tsv"
        small.write_text(_small_set(), "utf-8")
        found = {LOAD: measured("loading", home, corpus)}
        measured("dumping", home, quads)
        work: Mapping[str, Callable[[], Figure]] = {
            READ: lambda: measured("reading", corpus),
            STORE: lambda: _stored(quads, folder / "store"),
            LENIENT: lambda: _stored(quads, folder / "store", "lenient"),
            RDFLIB: lambda: measured("rdflib_parsing", quads),
            AGAIN: lambda: measured("loading", home, corpus),
            SNAPSHOT: lambda: measured("snapshot", home),
            MORE: lambda: measured("loading", home, small),
        }
        return found | {name: work[name]() for name in names if name != LOAD}


def _stored(quads: Path, store: Path, *options: str) -> Figure:
    found = measured("storing", quads, store, *options)
    shutil.rmtree(store)
    return found


def measured(contender: str, *arguments: Path | str) -> Figure:
    """Run a contender to its end, alone."""
    command = [sys.executable, "-m", "benchmarks.contenders", contender, *map(str, arguments)]
    began, spent = time.perf_counter(), _cpu_of_children()
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout)
    return Figure(whole_wall=time.perf_counter() - began, whole_cpu=_cpu_of_children() - spent, **told)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _small_set() -> str:
    """A mapping set of a hundred rows."""
    rows = [f"A:{number}\tskos:exactMatch\tB:{number}\tsemapv:ManualMappingCuration" for number in range(100)]
    prefixes = ("#curie_map:", "#  A: https://example.org/a/", "#  B: https://example.org/b/")
    header = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
    return "\n".join(("#mapping_set_id: https://example.org/sets/small", *prefixes, header, *rows, ""))


def growth(corpus: Path, sizes: Sequence[int]) -> list[tuple[int, Figure]]:
    """Loading one, two, ... copies of a corpus under other names, each size once and into an empty home."""
    found: list[tuple[int, Figure]] = []
    with tempfile.TemporaryDirectory() as place:
        home, files, there = Path(place) / "home", Path(place) / "files", 0
        for size in sorted(sizes):
            measured("synthetic", corpus, files, str(there + 1), str(size))
            found.append((size, measured("loading", home, files)))
            shutil.rmtree(home)
            there = size
    return found


def comparison(rounds: Sequence[Round]) -> Iterator[str]:
    """The table of the comparison, with the ratios of the medians."""
    loaded, read = rounds[0][LOAD].facts, rounds[0][READ].facts
    yield f"{os.cpu_count()} cores, CPython {platform.python_version()}, {len(rounds)} runs in turn"
    yield f"{read['files']:,} files, {read['bytes'] / 1e6:.1f} MB, {loaded['triples']:,} triples ({_outcomes(loaded)})"
    yield f"{'seconds: minimum / median':48}{'the work: clock':>17}{'CPU':>17}{'whole process':>15}{'CPU':>9}{'peak':>12}"
    for name, title in NAMES.items():
        wall, cpu = (f"{min(all_of(rounds, name, key)):.2f} / {median(rounds, name, key):.2f}" for key in CLOCK[:2])
        whole, whole_cpu, peak = (median(rounds, name, key) for key in (*CLOCK[2:], "peak"))
        yield f"{title:48}{wall:>17}{cpu:>17}{whole:15.2f}{whole_cpu:9.2f}{peak:8.0f} MiB"
    yield f"{'ratios of the medians':48}{'clock':>17}{'CPU':>17}{'whole process':>15}{'CPU':>9}"
    yield from map("".join, _ratios(rounds))


def _ratios(rounds: Sequence[Round]) -> Iterator[tuple[str, ...]]:
    for title, wanted, above, below in (
        ("load / floor", "  at most 2", (LOAD,), (READ, STORE)),
        ("load / floor without the check of IRIs", "", (LOAD,), (READ, LENIENT)),
        ("rdflib / load", "  at least 4", (RDFLIB,), (LOAD,)),
    ):
        values = [ratio(rounds, above, below, key) for key in CLOCK]
        yield f"{title:48}", *(f"{one:{width}.2f}" for one, width in zip(values, (17, 17, 15, 9), strict=True)), wanted
    yield (f"peak memory of the load: {median(rounds, LOAD, 'peak'):.0f} MiB (under 1024)",)


def all_of(rounds: Sequence[Round], name: str, key: str) -> list[float]:
    """One value of a contender in all rounds."""
    return [float(getattr(one[name], key)) for one in rounds]


def median(rounds: Sequence[Round], name: str, key: str) -> float:
    """The median of a value of a contender."""
    return statistics.median(all_of(rounds, name, key))


def ratio(rounds: Sequence[Round], above: Sequence[str], below: Sequence[str], key: str = "cpu") -> float:
    """How many times what some contenders take together others take together, by the medians of one value."""
    return sum(median(rounds, name, key) for name in above) / sum(median(rounds, name, key) for name in below)


def growth_table(grown: Sequence[tuple[int, Figure]]) -> Iterator[str]:
    """The table of growth: what a triple costs, and how much more that is than in the smallest corpus."""
    if not grown:
        return
    yield "synthetic corpus: the same files under other names, each size once; to linear: at most 1.3"
    yield f"{'copies':>6}{'triples':>12}{'clock':>9}{'CPU':>9}{'µs/triple':>11}{'CPU':>7}{'to linear':>11}{'CPU':>7}{'peak':>11}"
    first = _each(grown[0][1])
    for size, one in grown:
        (wall, cpu), facts = _each(one), one.facts
        yield (
            f"{size:6}{facts['triples']:12,}{one.wall:9.1f}{one.cpu:9.1f}{wall:11.1f}{cpu:7.1f}"
            f"{wall / first[0]:11.2f}{cpu / first[1]:7.2f}{one.peak:7.0f} MiB  {_outcomes(facts)}"
        )


def _each(one: Figure) -> tuple[float, float]:
    """Microseconds a triple, by the clock and of CPU."""
    return one.wall / one.facts["triples"] * 1e6, one.cpu / one.facts["triples"] * 1e6


def _outcomes(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in facts.items() if name not in {"release", "triples"})


if __name__ == "__main__":
    main()
