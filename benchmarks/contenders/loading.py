"""`kakehashi load` of a file or folder into a home: records, validation, store, release."""

from collections import Counter
from pathlib import Path

from benchmarks.contenders import Facts
from kakehashi.pipeline.load import load
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import repository_of
from kakehashi.vocabulary.iris import DEFAULT_BASE


def run(home: str, *inputs: str) -> Facts:
    """Load; how the sources fared, and how many triples the release has."""
    place = Home(Path(home))
    report = load(Maker.of(place, repository_of(place), DEFAULT_BASE), [Path(one) for one in inputs])
    releases = {release.id: release for release in repository_of(place).releases()}
    triples = sum(graph.triples for graph in releases[report.release or ""].graphs)
    outcomes = Counter(str(one.outcome) for one in report.sources)
    return {"release": report.release or "", "triples": triples, **outcomes}
