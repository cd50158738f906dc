"""What Kakehashi asks of a quad store: five calls, so that a remote SPARQL server can stand behind them as well."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from kakehashi.vocabulary.iris import XSD_STRING


class Iri(NamedTuple):
    """An IRI as a term of a triple."""

    value: str


class Lit(NamedTuple):
    """A literal as a term of a triple; a language makes it an rdf:langString."""

    value: str
    datatype: str = XSD_STRING
    language: str | None = None


Term = Iri | Lit
Triple = tuple[Iri, Iri, Term]
Row = Mapping[str, Term | None]


class Store(Protocol):
    """Named graphs that are written once, whole, and never changed."""

    def write(self, graph: Iri, triples: Iterable[Triple]) -> None:
        """Add a new graph, all of it or nothing."""

    def count(self, graph: Iri) -> int:
        """How many triples a graph has; 0 where there is none."""

    def select(self, query: str, graphs: Iterable[Iri]) -> Iterator[Row]:
        """The rows of a named query (a file of `queries/`) over the union of some graphs."""

    def close(self) -> None:
        """Let go of it."""
