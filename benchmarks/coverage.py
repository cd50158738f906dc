"""A whole report beside SPARQL, with everything given: python -m benchmarks.coverage [--runs N] [--corpus PATH].

The contenders take turns within one process and give the same answer, or the benchmark fails.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.loading import CORPUS, Figure, measured

EDITION: Final = "scf/2025.2.2"
REPORT, BEST = "report", "best SPARQL"
TITLES: Final[Mapping[str, str]] = {
    REPORT: "statuses and what meets each requirement",
    "report, network built": "  the same, network built in the timing",
    "report, gaps, order": "  the same, with gaps and candidates, in the order of proofs",
    BEST: "SPARQL: the best of each part",
}


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    parser.add_argument("--runs", type=int, default=7, help="how often each is done")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder of published files (KAKEHASHI_CORPUS)")
    asked = parser.parse_args()
    corpus: Path = asked.corpus.resolve()
    if not corpus.is_dir():
        print(f"coverage: there is no corpus at {corpus}; set KAKEHASHI_CORPUS")
        return
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        measured("crosswalk_home", corpus, home)
        print(
            f"{os.cpu_count()} cores, CPython {platform.python_version()}, medians of {asked.runs}, three hops, all authorities"
        )
        print("\n".join(table(measured("coverage_report", home, str(asked.runs), EDITION))))


def table(found: Figure) -> Iterator[str]:
    """What there was to do, the time of each contender, and the ratios."""
    times = {name: value for name, value in found.facts.items() if isinstance(value, float)}
    counts = ", ".join(f"{value:,} {name}" for name, value in found.facts.items() if isinstance(value, int))
    yield f"{EDITION} with everything given ({counts})"
    for name, seconds in times.items():
        yield f"  {TITLES.get(name, f'  SPARQL, {name}'):62}{seconds * 1000:10.1f} ms"
    for name, seconds in times.items():
        if name.startswith(REPORT):
            wanted = "     at least 10" if name == REPORT else ""
            yield f"  {f'{BEST} / {name}':62}{times[BEST] / seconds:10.1f}{wanted}"


if __name__ == "__main__":
    main()
