"""The floor, second part: pyoxigraph's own bulk load of N-Quads into a fresh folder."""

import pyoxigraph

from benchmarks.contenders import Facts


def run(quads: str, folder: str, *options: str) -> Facts:
    """Load a file; `lenient` leaves away the check of each IRI and language tag, which the files of a release need no more."""
    store = pyoxigraph.Store(folder)
    store.bulk_load(path=quads, format=pyoxigraph.RdfFormat.N_QUADS, lenient="lenient" in options)
    return {}
