"""What Kakehashi asks of a store: graphs that are written once, and releases that are lists of graphs.

Two stand behind it: the store embedded in this process (`store.embedded`), and any SPARQL 1.1 server (`store.remote`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from kakehashi.vocabulary.rdf import Term, Triple

Row = Mapping[str, Term | None]
"""A solution of a query, by the names of its variables."""


class GraphEntry(Struct, frozen=True, kw_only=True, order=True):
    """A named graph of a release: its IRI, the source that it holds, the digest of its records, how many triples it has.

    The IRI follows from source, digest and loader, so a graph of a name is always the same graph.
    """

    name: str
    source: str
    digest: str
    triples: int


class Release(Struct, frozen=True, kw_only=True):
    """What a release says of itself. `built_at` and `former` are outside its identity."""

    id: str
    built_at: datetime
    base: str
    version: str
    graphs: tuple[GraphEntry, ...]
    former: str | None = None


class Store(Protocol):
    """The graphs of one release, for reading."""

    def count(self, graph: str) -> int:
        """How many triples a graph has; 0 where there is none."""

    def triples(self, graph: str) -> Iterator[Triple]:
        """All triples of a graph, in any order. KakehashiError where the store gave fewer than it has."""

    def close(self) -> None:
        """Let go of it."""


class Draft(Protocol):
    """A release in the making. Until it is committed and switched to, no reader sees anything of it."""

    def add(self, graph: GraphEntry, ntriples: Iterable[bytes]) -> None:
        """Take in a graph, given in chunks of whole N-Triples lines without repetition; it may be written later.

        A graph that is there with its full count already is left as it is; one that was cut off is written anew.
        """

    def drop(self, graph: str) -> None:
        """Take a graph that was added, and is settled, out again."""

    def settle(self) -> None:
        """Wait until all that was added is written, and verify the count of each graph; KakehashiError where it is not so."""

    def ask(self, query: str, graphs: Iterable[str] | None = None) -> Iterator[Row]:
        """The rows of a query over some named graphs of the draft, or over all of them. Threads may ask at once."""

    def commit(self, release: Release) -> None:
        """Make it a release that can be opened, of just the graphs that it lists; the served one stays the served one."""

    def abandon(self) -> None:
        """Take back what was written, as far as no release needs it."""


class Repository(Protocol):
    """Releases, one of which is served."""

    @property
    def reuse_seconds(self) -> float:
        """For how long an answer of `current` may be used again, since asking costs something."""

    def current(self) -> str | None:
        """The id of the served release; None where none was ever switched to."""

    def releases(self) -> list[Release]:
        """All finished releases, oldest first."""

    def open(self, release_id: str) -> Store:
        """The graphs of a finished release."""

    def begin(self, former: Release | None) -> Draft:
        """A draft in which the graphs of the former release are there already."""

    def switch(self, release_id: str, expected: str | None) -> None:
        """Serve a finished release, in one atomic step.

        KakehashiError(BUSY) where the served one is no longer the `expected` one: somebody else's load came first.
        """

    def prune(self, keep: frozenset[str]) -> int:
        """Forget releases other than those, and collect graphs that no kept one names; how many graphs went."""

    def close(self) -> None:
        """Let go of it."""
