"""What published sources give for four questions of a consultant: python -m benchmarks.reports [--write] [--corpus PATH].

It prints the tables of docs/coverage.md, or with --write puts them there: requirements counted by status, and what is not fully
met by its primary gap. tests/conformance/test_coverage_reports.py counts every number again, by other means.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.contenders.crosswalk_home import run as load_corpus
from benchmarks.contenders.crosswalk_home import snapshot_of
from benchmarks.loading import CORPUS, ROOT
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.gaps import RequirementCoverage, assess
from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot

DOCUMENT: Final = ROOT / "docs" / "coverage.md"
DAY: Final = date(2026, 11, 24)
HOPS: Final = (1, 2, 3)
MICROSOFT: Final = ("prowler-check/m365/", "prowler-check/azure/", "ctid-m365/", "ctid-azure/")
COMPONENTS: Final = ("component/neuvector/", "component/mongodb/", "component/django/")
RED_HAT: Final = ("component/ocp4/", "component/openscap/")


@dataclass(frozen=True, slots=True)
class Report:
    """What is asked: an edition, and what is given, by the beginnings of ids; the weakest authority that counts."""

    name: str
    edition: str
    prefixes: tuple[str, ...]
    least: Authority = Authority.VENDOR

    def things(self, snapshot: Snapshot) -> frozenset[str]:
        """The ids of what is given, of the things that can be given."""
        return frozenset(one for one in snapshot.index.satisfying if one.startswith(self.prefixes))

    def view(self, hops: int) -> View:
        """On whose word, at what date, and through how many statements."""
        return View(frozenset(one for one in Authority if one.rank <= self.least.rank), DAY, hops)

    def row(self, hops: int, *columns: object) -> str:
        """A line of a table."""
        cells = (f"{self.name} → `{self.edition}`", self.least.name, hops, *columns)
        return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


REPORTS: Final = (
    Report("Microsoft 365, Azure", "iso-27001/2022", MICROSOFT),
    Report("Microsoft 365, Azure", "nist-csf/2.0", MICROSOFT),
    Report("NeuVector, MongoDB, Django", "fedramp-baselines/rev5-moderate", COMPONENTS),
    Report("NeuVector, MongoDB, Django", "nist-sp-800-53/rev5", COMPONENTS),
    Report("NeuVector, MongoDB, Django", "fedramp-baselines/rev5-moderate", COMPONENTS, Authority.CURATED),
    Report("Red Hat OCP4, OpenSCAP", "complianceascode-pci-dss-ocp4/v4", RED_HAT),
    Report("Red Hat OCP4, OpenSCAP", "complianceascode-pci-dss-ocp4/v4", RED_HAT, Authority.CURATED),
    Report("Red Hat OCP4, OpenSCAP", "pci-dss/4.0", RED_HAT),
)
TABLES: Final = (
    "| given → edition | down to | hops | assessable | full | partial | possible | excluded | unknown |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    "| given → edition | down to | hops | primary gap | requirements |\n|---|---|---:|---|---:|",
)


def main() -> None:
    """Count, and print the tables or write them into the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {DOCUMENT.name}")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder of published files (KAKEHASHI_CORPUS)")
    asked = parser.parse_args()
    corpus: Path = asked.corpus.resolve()
    if not corpus.is_dir():
        print(f"reports: there is no corpus at {corpus}; set KAKEHASHI_CORPUS")
        return
    with tempfile.TemporaryDirectory() as home:
        load_corpus(str(corpus), home)
        found = tables(snapshot_of(home))
    if asked.write:
        DOCUMENT.write_text(with_tables(DOCUMENT.read_text("utf-8"), found), "utf-8")
    else:
        print("\n\n".join("\n".join(lines) for lines in found))


def tables(snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Both tables' lines, without their heads."""
    counted = [(report, hops, answers(snapshot, report, hops)) for report in REPORTS for hops in HOPS]
    return (
        [report.row(hops, *status_counts(found)) for report, hops, found in counted],
        [report.row(hops, *line) for report, hops, found in counted for line in gap_counts(found)],
    )


def answers(snapshot: Snapshot, report: Report, hops: int) -> list[RequirementCoverage]:
    """The report, requirement by requirement."""
    view = report.view(hops)
    holding = hold(snapshot.index, Given(things=report.things(snapshot)), view)
    requirements = snapshot.requirements(report.edition)
    return [assess(snapshot.index, one, snapshot.edition_of.get(one), holding, view) for one in requirements]


def status_counts(found: Sequence[RequirementCoverage]) -> Iterator[int]:
    """How many requirements there are, and how many of each status."""
    counts = Counter(answer.status for answer in found)
    yield len(found)
    yield from (counts[status] for status in Status)


def gap_counts(found: Sequence[RequirementCoverage]) -> list[tuple[str, int]]:
    """How many requirements have which primary gap, by its name."""
    return sorted(Counter(answer.gaps[0].type.value for answer in found if answer.gaps).items())


def with_tables(document: str, found: Sequence[Sequence[str]]) -> str:
    """The document with the lines below each table's head exchanged."""
    for head, lines in zip(TABLES, found, strict=True):
        before, _, after = document.partition(f"{head}\n")
        rest = after.splitlines(keepends=True)
        kept = next((place for place, line in enumerate(rest) if not line.startswith("|")), len(rest))
        document = f"{before}{head}\n" + "".join(f"{line}\n" for line in lines) + "".join(rest[kept:])
    return document


if __name__ == "__main__":
    main()
