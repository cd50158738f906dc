"""rdflib reading N-Quads into its own store in memory."""

import rdflib

from benchmarks.contenders import Facts


def run(quads: str) -> Facts:
    """Parse a file."""
    found = rdflib.Dataset()
    found.parse(quads, format="nquads")
    return {}
