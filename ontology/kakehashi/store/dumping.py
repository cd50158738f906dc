"""Graphs written out as one file: N-Quads, TriG or JSON-LD, in pieces, in a fixed order."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import IO, Final

import pyoxigraph as ox

from kakehashi.store.codec import bracketed
from kakehashi.vocabulary.iris import PREFIXES

LINES_AT_ONCE: Final = 5_000
PIECE_BYTES: Final = 64 * 1024

NamedGraph = tuple[str, Sequence[str]]
"""A graph's IRI, and its triples as lines of N-Triples."""


class DumpFormat(StrEnum):
    """What graphs are written in, by the name that the command line gives it."""

    NQUADS = "nquads"
    TRIG = "trig"
    JSONLD = "jsonld"


SUFFIXES: Final = {DumpFormat.NQUADS: "nq", DumpFormat.TRIG: "trig", DumpFormat.JSONLD: "jsonld"}
DUMP_TYPES: Final = {
    DumpFormat.NQUADS: "application/n-quads", DumpFormat.TRIG: "application/trig", DumpFormat.JSONLD: "application/ld+json",
}  # fmt: skip


def dumped(graphs: Iterable[NamedGraph], wanted: DumpFormat) -> Iterator[bytes]:
    """Graphs in pieces, in the order in which they and their lines come; no more than one graph is held at a time."""
    if wanted is DumpFormat.NQUADS:
        return _nquads(graphs)
    into = ox.RdfFormat.TRIG if wanted is DumpFormat.TRIG else ox.RdfFormat.JSON_LD
    return _pumped(lambda out: ox.serialize(_quads(graphs), out, format=into, prefixes=PREFIXES))


def _nquads(graphs: Iterable[NamedGraph]) -> Iterator[bytes]:
    for name, lines in graphs:
        end = f" {bracketed(name)} .\n"
        for some in _batches(lines):
            yield "".join(line.removesuffix(" .") + end for line in some).encode()


def _quads(graphs: Iterable[NamedGraph]) -> Iterator[ox.Quad]:
    for name, lines in graphs:
        graph = ox.NamedNode(name)
        for some in _batches(lines):
            for quad in ox.parse(input="\n".join(some).encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _batches(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(lines), LINES_AT_ONCE):
        yield lines[start : start + LINES_AT_ONCE]


def _pumped(write: Callable[[IO[bytes]], object]) -> Iterator[bytes]:
    """What a function writes into a file, read as it is written; it stops where nobody reads on."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def pump() -> None:
        try:
            with os.fdopen(writing, "wb") as out:
                write(out)
        except BaseException as error:  # noqa: BLE001 - handed to the reader
            failed.append(error)

    writer = threading.Thread(target=pump, name="dump-writer", daemon=True)
    writer.start()
    with os.fdopen(reading, "rb") as content:
        while piece := content.read(PIECE_BYTES):
            yield piece
    writer.join()
    if failed:
        raise failed[0]
