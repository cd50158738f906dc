"""Every IRI that Kakehashi writes or reads; nothing else in the project spells one out."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

KK: Final = "https://w3id.org/kakehashi/ns#"
KIND: Final = "https://w3id.org/kakehashi/kind/"
PREDICATE: Final = "https://w3id.org/kakehashi/predicate/"
CERTAINTY: Final = "https://w3id.org/kakehashi/certainty/"
AUTHORITY: Final = "https://w3id.org/kakehashi/authority/"
NATURE: Final = "https://w3id.org/kakehashi/nature/"
REDISTRIBUTION: Final = "https://w3id.org/kakehashi/redistribution/"
PARENT_LINK: Final = "https://w3id.org/kakehashi/parent-link/"
MAPPING_STATUS: Final = "https://w3id.org/kakehashi/mapping-status/"
RATIONALE_KIND: Final = "https://w3id.org/kakehashi/rationale-kind/"
LIFECYCLE: Final = "https://w3id.org/kakehashi/lifecycle/"
STATED_AS: Final = "https://w3id.org/kakehashi/stated-as/"
ORIGIN: Final = "https://w3id.org/kakehashi/origin/"
INTERSECTS: Final = "https://w3id.org/kakehashi/intersects/"
ASSESSMENT_STATUS: Final = "https://w3id.org/kakehashi/assessment-status/"
COVERAGE_STATUS: Final = "https://w3id.org/kakehashi/coverage-status/"
GAP_TYPE: Final = "https://w3id.org/kakehashi/gap-type/"
NOTICE_TYPE: Final = "https://w3id.org/kakehashi/notice-type/"

STORE: Final = "https://w3id.org/kakehashi/store#"
"""The words in which a SPARQL server's books are kept; they are in no release."""

DEFAULT_BASE: Final = "https://w3id.org/kakehashi"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SHACL: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
PROV: Final = "http://www.w3.org/ns/prov#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SEMAPV: Final = "https://w3id.org/semapv/vocab/"
SSSOM: Final = "https://w3id.org/sssom/"
LINKML: Final = "https://w3id.org/linkml/"
OBO_IN_OWL: Final = "http://www.geneontology.org/formats/oboInOwl#"
D3FEND: Final = "http://d3fend.mitre.org/ontologies/d3fend.owl"

ITS: Final = "http://www.w3.org/2005/11/its"
SPARQL_RESULTS: Final = "http://www.w3.org/2005/sparql-results#"

PREFIXES: Final = {
    "kk": KK, "kind": KIND, "predicate": PREDICATE, "certainty": CERTAINTY, "authority": AUTHORITY,
    "redistribution": REDISTRIBUTION, "rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "skos": SKOS,
    "dcterms": DCTERMS, "dcat": DCAT, "prov": PROV,
}  # fmt: skip
"""The prefixes that a SPARQL query need not declare, and that written graphs use."""

TYPE: Final = RDF + "type"
XSD_STRING: Final = XSD + "string"
XSD_INTEGER: Final = XSD + "integer"
XSD_DECIMAL: Final = XSD + "decimal"
XSD_DATE: Final = XSD + "date"
XSD_DATETIME: Final = XSD + "dateTime"
LANG_STRING: Final = RDF + "langString"


@dataclass(frozen=True, slots=True)
class IdSpace:
    """Turns the ids of resources into IRIs under one base, and back.

    An id is what follows `{base}/id/`: a short id of the leaflet, or `framework/edition/notation`. Private graphs are named
    below a base of their own, so that no public graph can have the name of one.
    """

    base: str = DEFAULT_BASE
    graph_base: str | None = None

    @property
    def prefix(self) -> str:
        """What every instance IRI of this base starts with."""
        return self.base.rstrip("/") + "/id/"

    def iri(self, identifier: str) -> str:
        """The IRI of an id; what an IRI may not hold is percent-encoded."""
        return self.prefix + quote(identifier, safe="/-._~()")

    def identifier(self, iri: str) -> str | None:
        """The id of an instance IRI of this base; None for any other IRI."""
        return unquote(iri[len(self.prefix) :]) if iri.startswith(self.prefix) else None

    def graph(self, name: str) -> str:
        """The IRI of a named graph."""
        return f"{(self.graph_base or self.base).rstrip('/')}/graph/{name}"


def private_base(base: str) -> str:
    """What the names of private graphs, and of the books over them, begin with."""
    return base.rstrip("/") + "/private"


@dataclass(frozen=True, slots=True)
class Books:
    """The graphs in which a SPARQL server's releases are described, and which of them is served."""

    base: str = DEFAULT_BASE

    @property
    def current(self) -> str:
        """The graph that says which release is served."""
        return IdSpace(self.base).graph("current")

    @property
    def holdings(self) -> str:
        """The graph that lists every graph that was ever begun and not dropped again: what may be dropped at all."""
        return IdSpace(self.base).graph("holdings")

    @property
    def claims(self) -> str:
        """The graph in which a process says that it is about to change the others."""
        return IdSpace(self.base).graph("claims")

    def release(self, release_id: str) -> str:
        """The graph that describes a release."""
        return IdSpace(self.base).graph("release/" + quote(release_id, safe=""))

    def release_id(self, graph: str) -> str:
        """The id of the release that a graph describes."""
        return unquote(graph.rpartition("/")[2])
