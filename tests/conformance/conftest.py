"""The whole corpus loaded once a run."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from kakehashi.pipeline.load import load
from kakehashi.pipeline.report import LoadReport
from kakehashi.snapshot.model import Snapshot
from tests.support.corpus import corpus
from tests.support.making import build, leaflet, maker_at, snapshot_of


@dataclass(frozen=True)
class Whole:
    """A home with the leaflet's data and all of the corpus on top, and what the load said."""

    root: Path
    report: LoadReport
    snapshot: Snapshot


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The corpus as `kakehashi load` takes it in. Tests only read it."""
    place = corpus()
    root = tmp_path_factory.mktemp("corpus")
    build(root, leaflet())
    report = load(maker_at(root), [place])
    return Whole(root, report, snapshot_of(root))
