"""The store embedded in this process: pyoxigraph on disk (RocksDB), no server to start."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from kakehashi.store.port import Iri, Lit, Row, Term, Triple
from kakehashi.vocabulary.iris import LANG_STRING


class EmbeddedStore:
    """One folder on disk. A second process may open it for reading while it is served."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new store in a folder that is not there yet."""
        folder.mkdir(parents=True)
        return cls(ox.Store(str(folder)))

    @classmethod
    def read_only(cls, folder: Path) -> Self:
        """A finished store, for reading."""
        return cls(ox.Store.read_only(str(folder)))

    def write(self, graph: Iri, triples: Iterable[Triple]) -> None:
        """Add a new graph in one transaction, and flush it to disk."""
        name = ox.NamedNode(graph.value)
        self._store.extend(ox.Quad(_node(s), _node(p), _term(o), name) for s, p, o in triples)
        self._store.flush()

    def count(self, graph: Iri) -> int:
        """How many triples a graph has."""
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph.value)))

    def select(self, query: str, graphs: Iterable[Iri]) -> Iterator[Row]:
        """The rows of `queries/{query}.rq`, with those graphs as its default graph."""
        text = (files(__package__) / "queries" / f"{query}.rq").read_text("utf-8")
        solutions = self._store.query(text, default_graph=[ox.NamedNode(graph.value) for graph in graphs])
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(query)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: _read(solution[name]) for name in names}

    def close(self) -> None:
        """Drop the handle: RocksDB lets go of its lock with the last reference."""
        del self._store


def _node(iri: Iri) -> ox.NamedNode:
    return ox.NamedNode(iri.value)


def _term(term: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if term.language is not None:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def _read(term: object) -> Term | None:
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.Literal():
            datatype = term.datatype.value
            return Lit(term.value, datatype, term.language if datatype == LANG_STRING else None)
    return None
