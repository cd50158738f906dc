"""The start of a server: the snapshot of the served release, out of the home."""

from pathlib import Path

from benchmarks.contenders import Facts
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current


def run(home: str) -> Facts:
    """Decode; how many records it has."""
    place = Home(Path(home))
    found = load_current(place, repository_of(place))
    return {"resources": len(found.records.resources), "statements": len(found.records.statements)}
