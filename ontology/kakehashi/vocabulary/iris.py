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
COVERAGE_STATUS: Final = "https://w3id.org/kakehashi/coverage-status/"
GAP_TYPE: Final = "https://w3id.org/kakehashi/gap-type/"

DEFAULT_BASE: Final = "https://w3id.org/kakehashi"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
PROV: Final = "http://www.w3.org/ns/prov#"
SEMAPV: Final = "https://w3id.org/semapv/vocab/"

TYPE: Final = RDF + "type"
XSD_STRING: Final = XSD + "string"
XSD_INTEGER: Final = XSD + "integer"
XSD_DATE: Final = XSD + "date"
XSD_DATETIME: Final = XSD + "dateTime"
LANG_STRING: Final = RDF + "langString"


@dataclass(frozen=True, slots=True)
class IdSpace:
    """Turns the ids of resources into IRIs under one base, and back.

    An id is what follows `{base}/id/`: a short id of the leaflet, or `framework/edition/notation`.
    """

    base: str = DEFAULT_BASE

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
        return f"{self.base.rstrip('/')}/graph/{name}"
