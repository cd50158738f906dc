"""No contender: a home with the leaflet's data and a corpus on top."""

from pathlib import Path

from benchmarks.contenders import Facts
from kakehashi.pipeline.build import build
from kakehashi.pipeline.load import load
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current
from kakehashi.vocabulary.iris import DEFAULT_BASE
from tests.support.making import leaflet


def run(corpus: str, home: str) -> Facts:
    """Build and load; how many rows count."""
    place = Home(Path(home))
    maker = Maker.of(place, repository_of(place), DEFAULT_BASE)
    build(maker, leaflet())
    load(maker, [Path(corpus)])
    return {"rows": len(snapshot_of(home).index.engine.rows)}


def snapshot_of(home: str) -> Snapshot:
    """What a home serves."""
    place = Home(Path(home))
    return load_current(place, repository_of(place))
