"""The crosswalk engine beside plain dictionaries and SPARQL: python -m benchmarks.crosswalk [--runs N] [--corpus PATH].

Contenders run in processes of their own, one after the other; those that are compared take turns within one process, and give
the same answers, or the benchmark fails.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.loading import CORPUS, Figure, measured

PAIRS: Final = (("pci-dss/4.0", "nist-csf/2.0"), ("iso-27001/2022", "nist-csf/2.0"))
COPIES: Final = 20
TITLES: Final[Mapping[str, str]] = {
    "look-ups": "what the index needs of the release's records",
    "index": "building the index",
    "acceptance": "acceptance to three hops",
    "closure": "all pairs, from the index",
    "closure, dictionaries": "  dictionaries, from theirs",
    "from rows": "all pairs, from accepted rows",
    "from rows, dictionaries": "  dictionaries",
    "warm": "rows and 100 proofs, network ready",
    "cold": "rows and 100 proofs, network built",
    "published": "rows and 100 proofs, acceptance besides",
    "sparql": "  SPARQL: the same rows, no proofs",
    "sparql, pairs": "  SPARQL: the pairs alone",
}


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crosswalk")
    parser.add_argument("--runs", type=int, default=5, help="how often each is done")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder of published files (KAKEHASHI_CORPUS)")
    asked = parser.parse_args()
    corpus: Path = asked.corpus.resolve()
    if not corpus.is_dir():
        print(f"crosswalk: there is no corpus at {corpus}; set KAKEHASHI_CORPUS")
        return
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        measured("crosswalk_home", corpus, home)
        print("\n".join(table(home, str(asked.runs))))


def table(home: Path, runs: str) -> Iterator[str]:
    """The lines of the table, each as soon as it is measured."""
    yield f"{os.cpu_count()} cores, CPython {platform.python_version()}, medians of {runs}, three hops, all authorities"
    everything = measured("crosswalk_all", home, runs)
    yield from _part("all pairs of all editions", everything)
    yield _ratio("closure", everything, "closure, dictionaries", "at least 7")
    yield _ratio("from rows", everything, "from rows, dictionaries", "")
    for source, target in PAIRS:
        pair = measured("crosswalk_pair", home, runs, source, target)
        yield from _part(f"{source} to {target}", pair)
        for ours in ("warm", "cold"):
            yield _ratio(ours, pair, "sparql", "at least 5")
            yield _ratio(ours, pair, "sparql, pairs", "")
    yield from _growth(*(measured("crosswalk_copies", home, runs, str(copies)) for copies in (1, COPIES)))


def _part(title: str, found: Figure) -> Iterator[str]:
    """What was measured together: what there was to do, and the time of each."""
    counts = ", ".join(f"{count:,} {name}" for name, count in found.facts.items() if isinstance(count, int))
    yield f"{title} ({counts})"
    yield from (f"  {title:50}{found.facts[name] * 1000:10.1f} ms" for name, title in TITLES.items() if name in found.facts)


def _ratio(ours: str, found: Figure, theirs: str, wanted: str) -> str:
    title = f"{TITLES[theirs].strip()} / {ours}"
    return f"  {title:50}{found.facts[theirs] / found.facts[ours]:10.1f}     {wanted}".rstrip()


def _growth(one: Figure, many: Figure) -> Iterator[str]:
    yield "acceptance and closure of all pairs, copies of the rows under other names, 3 % more across copies"
    for copies, found in ((1, one), (COPIES, many)):
        facts = found.facts
        counts = f"{facts['rows']:,} rows, {facts['pairs']:,} pairs"
        yield f"  {copies:2} x {counts:45}{facts['closure'] * 1000:10.1f} ms{found.peak:8.0f} MiB"
    yield f"  {'ratio':50}{many.facts['closure'] / one.facts['closure']:10.1f}     at most {2 * COPIES}, in 4096 MiB"


if __name__ == "__main__":
    main()
