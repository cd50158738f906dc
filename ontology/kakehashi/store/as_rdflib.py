"""Triples as an rdflib graph, for what rdflib does best: validating and serialising."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kakehashi.store.port import Iri, Term, Triple
from kakehashi.vocabulary.iris import XSD_STRING

if TYPE_CHECKING:
    from rdflib import Graph, Literal, URIRef


def rdflib_graph(triples: Iterable[Triple]) -> "Graph":
    """A new graph of the triples."""
    from rdflib import Graph  # noqa: PLC0415 - slow to import, and most servers never need it

    graph = Graph()
    for subject, predicate, target in triples:
        graph.add((_node(subject), _node(predicate), _node(target)))
    return graph


def _node(term: Term) -> "URIRef | Literal":
    from rdflib import Literal, URIRef  # noqa: PLC0415 - see `rdflib_graph`

    if isinstance(term, Iri):
        return URIRef(term.value)
    if term.language is not None:
        return Literal(term.value, lang=term.language)
    # rdflib tells "x" and "x"^^xsd:string apart, which RDF 1.1 does not.
    return Literal(term.value, datatype=None if term.datatype == XSD_STRING else URIRef(term.datatype))
