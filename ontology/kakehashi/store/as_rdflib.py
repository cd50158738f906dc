"""Triples as an rdflib graph, for what rdflib does best: validating and serialising."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph


def rdflib_graph(ntriples: Iterable[str]) -> "Graph":
    """A new graph of lines of N-Triples."""
    from rdflib import Graph  # noqa: PLC0415 - slow to import, and most servers never need it

    graph = Graph()
    graph.parse(data="\n".join(ntriples) + "\n", format="nt")
    return graph
