"""The ontology's files as graphs, and copies of them with a fault planted by SPARQL."""

from functools import cache

from rdflib import Graph

from kakehashi.vocabulary.files import graph
from kakehashi.vocabulary.iris import CERTAINTY, KIND, KK, PREDICATE

PREFIXES = "\n".join(
    f"PREFIX {name}: <{iri}>"
    for name, iri in {
        "": "https://w3id.org/kakehashi/id/",
        "kk": KK,
        "kind": KIND,
        "predicate": PREDICATE,
        "certainty": CERTAINTY,
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


@cache
def parsed(*names: str) -> Graph:
    return graph(*names)


def changed(names: tuple[str, ...], update: str) -> Graph:
    """A copy of the named files with a SPARQL update applied, which must change something."""
    copy = Graph()
    copy += parsed(*names)
    copy.update(f"{PREFIXES}\n{update}")
    assert set(copy) != set(parsed(*names)), "the planted fault changed nothing"
    return copy


# ---- Terms
