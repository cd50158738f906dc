"""One resource, statement or source described in RDF, as Turtle or JSON-LD."""

import json
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

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
    if identifier in snapshot.resources:
        return tuple(_of_resource(snapshot, identifier))
    for records in (snapshot.statements, snapshot.sources):
        if identifier in records:
            return (records[identifier],)
    return ()


def serialise(snapshot: Snapshot, records: tuple[Record, ...], wanted: RdfFormat) -> bytes:
    """The records in RDF, with the project's prefixes or its JSON-LD context."""
    kinds = {term.iri.removeprefix(iris.KIND): term.core_class for term in snapshot.records.terms if term.core_class}
    encoder = Encoder(snapshot.ids, kinds)
    graph = rdflib_graph(triple for record in records for triple in encoder.triples(record))
    for prefix, namespace in (("kk", iris.KK), ("predicate", iris.PREDICATE), ("kind", iris.KIND)):
        graph.bind(prefix, namespace)
    if wanted is RdfFormat.TURTLE:
        return graph.serialize(format="turtle").encode()
    return graph.serialize(format="json-ld", context=_context(), auto_compact=False).encode()


def _of_resource(snapshot: Snapshot, identifier: str) -> Iterator[Record]:
    yield snapshot.resources[identifier]
    for records in (snapshot.editions, snapshot.matrices):
        if identifier in records:
            yield records[identifier]
    yield from (framework for framework in snapshot.records.frameworks if framework.id == identifier)
    yield from snapshot.outgoing.get(identifier, ())


@cache
def _context() -> object:
    return json.loads((folder() / "context.jsonld").read_text("utf-8"))["@context"]
