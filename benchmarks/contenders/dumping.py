"""No contender: the N-Quads of the release that a home serves, which the others read."""

import os
from pathlib import Path

import pyoxigraph

from benchmarks.contenders import Facts
from kakehashi.store.embedded import EmbeddedRepository


def run(home: str, quads: str) -> Facts:
    """Write all graphs into a file, to the disk: nobody who is measured afterwards shall wait for that."""
    repository = EmbeddedRepository(Path(home))
    folder = repository.folder(repository.current() or "") / "store"
    pyoxigraph.Store.read_only(str(folder)).dump(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    with Path(quads).open("rb") as written:
        os.fsync(written.fileno())
    return {"bytes": Path(quads).stat().st_size}
