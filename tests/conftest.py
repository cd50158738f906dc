"""What tests share: one default release, built once a run; its snapshot; a real server of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kakehashi.pipeline.inputs import packaged
from kakehashi.snapshot.model import Snapshot
from tests.support.making import build, snapshot_of
from tests.support.server import Client, serving


@pytest.fixture(scope="session")
def default_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the default release. Tests only read it."""
    root = tmp_path_factory.mktemp("home")
    build(root, packaged())
    return root


@pytest.fixture(scope="session")
def snapshot(default_home: Path) -> Snapshot:
    """The default release in memory."""
    return snapshot_of(default_home)


@pytest.fixture(scope="session")
def client(default_home: Path) -> Iterator[Client]:
    """A client of a real server of the default release."""
    with serving(default_home) as found:
        yield found
