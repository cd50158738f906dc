"""One resource, statement or source described in RDF, as Turtle or JSON-LD, as far as its sources let it leave."""

import json
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

from kakehashi.exports.graph import core_classes
from kakehashi.records.leaving import leaving_of_many
from kakehashi.records.model import Record
from kakehashi.snapshot.model import Snapshot
from kakehashi.store.as_rdflib import rdflib_graph
from kakehashi.store.codec import Encoder
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.files import folder


class RdfFormat(StrEnum):
    """The media types of RDF that are offered."""

    TURTLE = "text/turtle"
    JSON_LD = "application/ld+json"


def described(snapshot: Snapshot, identifier: str) -> tuple[Record, ...]:
    """The records that describe an id: a resource with what is stated of it, a statement, or a source; empty if unknown."""
    if identifier in snapshot.described:
        return tuple(_of_resource(snapshot, identifier))
    for records in (snapshot.statements, snapshot.sources):
        if identifier in records:
            return (records[identifier],)
    return ()


def may_leave(snapshot: Snapshot, records: tuple[Record, ...]) -> tuple[Record, ...]:
    """What leaves of some records: nothing at all of a statement of a local-only source."""
    return tuple(leaving_of_many(records, snapshot.sources))


def serialise(snapshot: Snapshot, records: tuple[Record, ...], wanted: RdfFormat) -> bytes:
    """The records in RDF, with the project's prefixes or its JSON-LD context."""
    encoder = Encoder(snapshot.ids, core_classes(snapshot))
    graph = rdflib_graph(encoder.graph(records))
    for prefix, namespace in (("kk", iris.KK), ("predicate", iris.PREDICATE), ("kind", iris.KIND)):
        graph.bind(prefix, namespace)
    if wanted is RdfFormat.TURTLE:
        return graph.serialize(format="turtle").encode()
    return graph.serialize(format="json-ld", context=_context(), auto_compact=False).encode()


def _of_resource(snapshot: Snapshot, identifier: str) -> Iterator[Record]:
    yield from snapshot.described[identifier]
    records = snapshot.records
    for structures in (records.editions, records.matrices, records.frameworks, records.mapping_sets, records.set_readings):
        yield from (structure for structure in structures if structure.id == identifier)
    yield from snapshot.outgoing.get(identifier, ())


@cache
def _context() -> object:
    return json.loads((folder() / "context.jsonld").read_text("utf-8"))["@context"]
