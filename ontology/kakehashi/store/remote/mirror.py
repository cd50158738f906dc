"""Copies of a draft's graphs on this machine, in which queries of any kind can be asked.

The server is not asked itself: Virtuoso overlooks a FILTER NOT EXISTS that stands alone, each server limits time and rows in
its own way, and the graphs of others on it would count as the draft's. What is copied is what the server really has.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from threading import Lock
from typing import Final

import pyoxigraph as ox

from kakehashi.store.port import Row
from kakehashi.store.remote.binding import serialised
from kakehashi.store.remote.graphs import Graphs
from kakehashi.store.remote.protocol import read_term
from kakehashi.vocabulary.rdf import Triple

AT_ONCE: Final = 40_000


class Mirror:
    """The copies, each made when it is first asked for, in a folder that goes with them. Several threads may ask at once."""

    def __init__(self, graphs: Graphs) -> None:
        self._graphs = graphs
        self._copied: set[str] = set()
        self._copying = Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="kakehashi-", ignore_cleanup_errors=True)
        self._store = ox.Store(self._folder.name)

    def ask(self, query: str, graphs: Mapping[str, int]) -> Iterator[Row]:
        """The rows of a query over some named graphs, of which it is known how many triples they have."""
        with self._copying:
            for graph in graphs.keys() - self._copied:
                self._copy(graph, self._graphs.read(graph, graphs[graph]))
        solutions = self._store.query(query, named_graphs=[ox.NamedNode(graph) for graph in graphs])
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(query)
        names = [variable.value for variable in solutions.variables]
        return ({name: None if solution[name] is None else read_term(solution[name]) for name in names} for solution in solutions)

    def close(self) -> None:
        """Remove the copies."""
        del self._store
        self._folder.cleanup()

    def _copy(self, graph: str, triples: Iterator[Triple]) -> None:
        name = ox.NamedNode(graph)
        while some := list(islice(triples, AT_ONCE)):
            self._store.bulk_load(input=_lines(some), format=ox.RdfFormat.N_TRIPLES, to_graph=name, lenient=True)
        self._copied.add(graph)


def _lines(triples: Iterable[Triple]) -> bytes:
    return "".join(f"{serialised(s)} {serialised(p)} {serialised(o)} .\n" for s, p, o in triples).encode()
