"""No contender: the N-Quads of the release that a home serves, which the others read."""

from pathlib import Path

import pyoxigraph

from benchmarks.contenders import Facts
from kakehashi.store.embedded import EmbeddedRepository


def run(home: str, quads: str) -> Facts:
    """Write all graphs into a file."""
    repository = EmbeddedRepository(Path(home))
    folder = repository.folder(repository.current() or "") / "store"
    pyoxigraph.Store.read_only(str(folder)).dump(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    return {"bytes": Path(quads).stat().st_size}
