"""What tests share: one default release, built once a run; its snapshot; a real server of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kakehashi.pipeline.inputs import packaged
from kakehashi.snapshot.model import Snapshot
from tests.support.making import build, snapshot_of
from tests.support.server import Client, serving

# The suite draws the same examples each time, so that what it says of a commit stays true; `make explore` draws others.
settings.register_profile("everyday", derandomize=True)
settings.register_profile("explore")
settings.load_profile(os.environ.get("KAKEHASHI_EXAMPLES_OF", "everyday"))


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
