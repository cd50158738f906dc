"""Whole graphs on a server: written in pieces, read in pages, and in both cases counted."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kakehashi.store.remote.messages import CUT_OFF, LONG_IRI, LOST, WILL_NOT_EMPTY
from kakehashi.store.remote.protocol import Protocol
from kakehashi.vocabulary.rdf import Iri, Term, Triple
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

PIECE: Final = 1 << 20
"""Bytes of one request that writes: a server may keep a whole request in memory, and Virtuoso refuses more than 10 MB."""
PAGE: Final = 20_000
"""Triples of one request that reads; a server that cuts its answers shorter is read in shorter steps."""
SORTED: Final = 1_000
"""Rows of one request that sorts, which Virtuoso refuses beyond 10,000."""
ROUNDS: Final = 3
"""How often a predicate is read again where its pages overlapped: without ORDER BY no server promises an order."""
DROPPED: Final = 200_000
"""Triples that one request deletes at most: Oxigraph takes half a minute for a million, longer than many wait for an answer."""
LONGEST_IRI: Final = 1_800
"""Bytes of the longest IRI that is stored: Virtuoso cuts at 1,879 without a word."""

_LONG_IRI: Final = re.compile(rb"^(?:<[^>]*>[ \t]*){0,2}<([^>]{%d})" % (LONGEST_IRI + 1), re.MULTILINE)


class Graphs:
    """The named graphs of one server."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._page = PAGE

    def count(self, graph: str) -> int:
        """How many triples a graph has."""
        (row,) = self._protocol.rows("graph-count", graph=Iri(graph))
        return int(row["n"].value)

    def verify(self, graph: str, wanted: int) -> None:
        """STORE_FAILED where a graph has another number of triples."""
        found = self.count(graph)
        if found != wanted:
            raise KakehashiError(ErrorCode.STORE_FAILED, LOST(graph=graph, found=found, wanted=wanted))

    def write(self, graph: str, ntriples: Iterable[bytes]) -> None:
        """Add triples; those that are there already stay single, so a graph that was cut off is completed by the same again."""
        for piece in pieces(ntriples):
            self.post(graph, piece)

    def post(self, graph: str, piece: bytes) -> None:
        """Add one of the `pieces`."""
        self._protocol.post(graph, piece)

    def read(self, graph: str, wanted: int) -> Iterator[Triple]:
        """All triples of a graph, each once; STORE_FAILED, possibly after some of them, where they are not `wanted`."""
        for predicate, count in self._predicates(graph, wanted):
            yield from self._of(graph, predicate, count)

    def empty(self, graph: str) -> None:
        """Drop a graph, in steps each of which is short."""
        left = self.count(graph)
        while left > DROPPED:
            self._protocol.update("graph-thin", graph=Iri(graph), limit=DROPPED)
            left = self._fewer(graph, left)
        self._protocol.update("graph-drop", graph=Iri(graph))
        self._fewer(graph, left)

    def _fewer(self, graph: str, before: int) -> int:
        left = self.count(graph)
        if left >= max(before, 1):
            raise KakehashiError(ErrorCode.STORE_FAILED, WILL_NOT_EMPTY(graph=graph, found=left))
        return left

    def _page_at(self, graph: str, predicate: Iri, offset: int) -> list[Triple]:
        return self._protocol.triples("graph-page", graph=Iri(graph), predicate=predicate, limit=self._page, offset=offset)

    def _predicates(self, graph: str, wanted: int) -> list[tuple[Iri, int]]:
        found: dict[Iri, int] = {}
        while sum(found.values()) < wanted:
            page = self._protocol.rows("graph-predicates", graph=Iri(graph), limit=SORTED, offset=len(found))
            if not page:
                break
            found |= {Iri(row["predicate"].value): int(row["n"].value) for row in page}
        if sum(found.values()) != wanted:
            raise KakehashiError(ErrorCode.STORE_FAILED, CUT_OFF(graph=graph, found=sum(found.values()), wanted=wanted))
        return list(found.items())

    def _of(self, graph: str, predicate: Iri, wanted: int) -> Iterator[Triple]:
        seen: set[tuple[Iri, Term]] = set()
        for _ in range(ROUNDS):
            for subject, _, target in self.pages(graph, predicate):
                if (subject, target) not in seen:
                    seen.add((subject, target))
                    yield subject, predicate, target
                if len(seen) == wanted:
                    return
        raise KakehashiError(ErrorCode.STORE_FAILED, CUT_OFF(graph=graph, found=len(seen), wanted=wanted))

    def pages(self, graph: str, predicate: Iri) -> Iterator[Triple]:
        """The triples of one predicate as the server gives them: not counted, and perhaps some of them twice."""
        offset, before = 0, self._page
        while page := self._page_at(graph, predicate, offset):
            self._page = min(self._page, before)  # shorter than asked for and yet not the last one: the server cuts there
            yield from page
            offset, before = offset + len(page), len(page)


def pieces(ntriples: Iterable[bytes]) -> Iterator[bytes]:
    """The same lines in pieces of about `PIECE` bytes; INVALID_SOURCE where an IRI is too long to be kept whole."""
    waiting, size = list[bytes](), 0
    for lines in _split(ntriples):
        waiting.append(lines)
        size += len(lines)
        if size >= PIECE:
            yield _checked(b"".join(waiting))
            waiting, size = [], 0
    if waiting:
        yield _checked(b"".join(waiting))


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        start = 0
        while start < len(chunk):
            end = chunk.find(b"\n", start + PIECE) + 1 or len(chunk)
            yield chunk[start:end]
            start = end


def _checked(piece: bytes) -> bytes:
    if found := _LONG_IRI.search(piece):
        iri = found[1][:100].decode("utf-8", "replace")
        raise KakehashiError(ErrorCode.INVALID_SOURCE, LONG_IRI(limit=LONGEST_IRI, iri=iri))
    return piece
