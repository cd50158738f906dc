"""Releases on any SPARQL 1.1 server.

{base}/graph/…             what sources say; written once, and listed in the holdings before the first triple of it
{base}/graph/release/{id}  the description of a release, written when all its graphs are there and counted
{base}/graph/current       one triple: which release is served; moved by one update
{base}/graph/holdings      all graphs above; what stands elsewhere on the server is nobody's business here
{base}/graph/claims        who is about to move the pointer or to drop graphs
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Final

from kakehashi.store.port import GraphEntry, Release, Row
from kakehashi.store.remote.claims import Claim, Claims
from kakehashi.store.remote.descriptions import Descriptions
from kakehashi.store.remote.endpoint import Endpoint
from kakehashi.store.remote.graphs import Graphs
from kakehashi.store.remote.marks import Marks
from kakehashi.store.remote.messages import MANY_SERVED, MOVED, NO_SUCH_RELEASE
from kakehashi.store.remote.mirror import Mirror
from kakehashi.store.remote.protocol import Protocol
from kakehashi.store.remote.transport import Transport
from kakehashi.store.remote.writer import Writer
from kakehashi.vocabulary.iris import DEFAULT_BASE, Books
from kakehashi.vocabulary.rdf import Iri, Triple
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

REUSE_SECONDS: Final = 2.0


def connect(endpoint: Endpoint, base: str = DEFAULT_BASE) -> "RemoteRepository":
    """The releases of one base on a server; nothing is asked of the server yet."""
    return RemoteRepository(Transport(endpoint), base)


@dataclass(frozen=True, slots=True)
class RemoteStore:
    """The graphs of one release, for reading."""

    graphs: Graphs
    entries: Mapping[str, int]

    def count(self, graph: str) -> int:
        """How many triples a graph has; 0 where it is none of the release's."""
        return self.graphs.count(graph) if graph in self.entries else 0

    def triples(self, graph: str) -> Iterator[Triple]:
        """All triples of a graph; STORE_FAILED where they are not as many as the release says."""
        return self.graphs.read(graph, self.entries.get(graph, 0))

    def close(self) -> None:
        """Nothing is held: the connections are the repository's."""


class RemoteDraft:
    """A release in the making. No release names what it writes, so nobody sees it."""

    def __init__(self, repository: "RemoteRepository", former: Release | None) -> None:
        self._repository = repository
        self._held = {graph.name: graph.triples for graph in former.graphs} if former is not None else {}
        self._wanted: dict[str, int] = {}
        self._written: list[str] = []
        self._writer = Writer(repository.graphs)
        self._mirror: Mirror | None = None
        self._asking = Lock()

    def add(self, graph: GraphEntry, ntriples: Iterable[bytes]) -> None:
        """Take in a graph; one that has its full count already is left as it is.

        One that was cut off is completed and not dropped: another process may be writing the very same, and serve it next.
        """
        if graph.name in self._held or graph.name in self._wanted:
            return
        self._wanted[graph.name] = graph.triples
        self._repository.holdings.add(Iri(graph.name))
        found = self._repository.graphs.count(graph.name)
        if found == graph.triples:
            return
        self._written.append(graph.name)
        if found > graph.triples:
            self._repository.drop_unneeded([graph.name])
            self._repository.holdings.add(Iri(graph.name))
        self._writer.write(graph.name, ntriples)

    def settle(self) -> None:
        """Wait until all is written, and count it."""
        self._writer.wait()
        for name, wanted in self._wanted.items():
            self._repository.graphs.verify(name, wanted)
        self._held |= self._wanted
        self._wanted.clear()

    def drop(self, graph: str) -> None:
        """Ask nothing of a settled graph any more; it goes from the server once no release names it."""
        del self._held[graph]

    def ask(self, query: str, graphs: Iterable[str] | None = None) -> Iterator[Row]:
        """The rows of a query over some named graphs of the draft, or over all of them; they are copied here for it."""
        with self._asking:
            if self._mirror is None:
                self._mirror = Mirror(self._repository.graphs)
        names = self._held.keys() if graphs is None else self._held.keys() & set(graphs)
        return self._mirror.ask(query, {name: self._held[name] for name in names})

    def commit(self, release: Release) -> None:
        """Count all its graphs and describe it. One that is described already stays as it was described first."""
        self.settle()
        for graph in release.graphs:
            self._repository.graphs.verify(graph.name, graph.triples)
        for missing in {Iri(graph.name) for graph in release.graphs} - self._repository.holdings.all():
            self._repository.holdings.add(missing)  # another process dropped a graph of that name in the meantime
        if self._repository.descriptions.read(release.id) is None:
            self._repository.descriptions.write(release)
            self._repository.described(release.id)
        self._close()

    def abandon(self) -> None:
        """Drop what was written. What cannot be dropped, since the server is gone, is left to `prune`."""
        self._close()
        with suppress(KakehashiError):
            self._repository.drop_unneeded(self._written)
        self._written = []

    def _close(self) -> None:
        self._writer.close()
        if self._mirror is not None:
            self._mirror.close()
            self._mirror = None


class RemoteRepository:
    """Releases of one base on one server."""

    reuse_seconds: float = REUSE_SECONDS

    def __init__(self, transport: Transport, base: str) -> None:
        self._transport = transport
        self._protocol = Protocol(transport)
        self._books = books = Books(base)
        self._served = Marks(self._protocol, books.current, "serves")
        self._claims = Claims(Marks(self._protocol, books.claims, "claimedBy"), transport.endpoint.patience)
        self.graphs = Graphs(self._protocol)
        self.holdings = Marks(self._protocol, books.holdings, "holds")
        self.descriptions = Descriptions(self.graphs, Marks(self._protocol, books.holdings, "describes"), books)

    def current(self) -> str | None:
        """The id of the served release; None where none was ever switched to."""
        found = sorted(self._books.release_id(mark.value) for mark in self._served.few())
        if len(found) > 1:
            raise KakehashiError(ErrorCode.STORE_FAILED, MANY_SERVED(found=", ".join(found)))
        return found[0] if found else None

    def releases(self) -> list[Release]:
        """All finished releases, oldest first."""
        return self.descriptions.all()

    def open(self, release_id: str) -> RemoteStore:
        """The graphs of a finished release."""
        release = self.described(release_id)
        return RemoteStore(self.graphs, {graph.name: graph.triples for graph in release.graphs})

    def begin(self, former: Release | None) -> RemoteDraft:
        """A draft: the graphs of the former release, and of every other one, are on the server already."""
        return RemoteDraft(self, former)

    def switch(self, release_id: str, expected: str | None) -> None:
        """Serve a finished release whose graphs are all there, by one update that is then read back."""
        with self._claims.held() as claim:
            self._expect(expected)
            for graph in self.described(release_id).graphs:
                claim.renew()
                self.graphs.verify(graph.name, graph.triples)
            self._point(release_id, expected, claim)
            self._expect(release_id)

    def prune(self, keep: frozenset[str]) -> int:
        """Forget releases other than those and the served one, and drop what no kept one names; how many graphs went.

        A release that another process is making right now loses its graphs as well; its commit says so.
        """
        with self._claims.held() as claim:
            for release_id in self.descriptions.ids() - keep - {self.current()}:
                claim.renew()
                self.descriptions.forget(release_id)
            return self._drop(claim, {mark.value for mark in self.holdings.all()})

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def described(self, release_id: str) -> Release:
        """The description of a finished release."""
        release = self.descriptions.read(release_id)
        if release is None:
            raise KakehashiError(ErrorCode.NOT_FOUND, NO_SUCH_RELEASE(id=release_id[:80]))
        return release

    def drop_unneeded(self, names: Iterable[str]) -> None:
        """Drop those of the graphs that no release names."""
        wanted = set(names)
        if wanted:
            with self._claims.held() as claim:
                self._drop(claim, wanted)

    def _drop(self, claim: Claim, names: set[str]) -> int:
        gone = names - {graph.name for release in self.releases() for graph in release.graphs}
        for name in sorted(gone):
            claim.renew()
            self.graphs.empty(name)
            self.holdings.remove(Iri(name))
        return len(gone)

    def _expect(self, release_id: str | None) -> None:
        found = self.current()
        if found != release_id:
            raise KakehashiError(ErrorCode.BUSY, MOVED(found=found))

    def _point(self, release_id: str, expected: str | None, claim: Claim) -> None:
        terms = {"current": self._books.current, "claims": self._books.claims, "release": self._books.release(release_id)}
        bound = {name: Iri(iri) for name, iri in terms.items()}
        if expected is None:
            self._protocol.update("serve-first", **bound, claim=claim.mark)
        elif expected != release_id:
            former = Iri(self._books.release(expected))
            self._protocol.update("serve", **bound, former=former, claim=claim.mark)
