"""Short ways to a built home and its snapshot."""

from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from pathlib import Path

from kakehashi.pipeline.build import Built
from kakehashi.pipeline.build import build as run
from kakehashi.pipeline.inputs import packaged
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current
from kakehashi.vocabulary.iris import DEFAULT_BASE
from kakehashi.vocabulary.text import Text


def maker_at(root: Path) -> Maker:
    """A maker of releases in a folder."""
    home = Home(root)
    return Maker.of(home, repository_of(home), DEFAULT_BASE)


def build(root: Path, inputs: Iterable[Traversable], report: Callable[[Text], None] = lambda _: None) -> Built:
    """Build a release in a folder."""
    return run(maker_at(root), inputs, report)


def leaflet() -> list[Traversable]:
    """What the default release holds of the leaflet alone: figures over published files must not move with our own content."""
    return [one for one in packaged() if one.name.startswith("leaflet") and "measures" not in one.name]


def snapshot_of(root: Path) -> Snapshot:
    """The snapshot of what a folder serves."""
    home = Home(root)
    return load_current(home, repository_of(home))
