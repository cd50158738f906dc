"""The entities that a mapping set speaks of: ours by their own ids, all others as concepts that follow from their IRIs.

One IRI is one concept, whatever prefixes files write it with; one CURIE with two meanings in two files is two.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from kakehashi.records.model import Label, Literal, Resource
from kakehashi.sources.format import Reading
from kakehashi.sources.spelling import escaped
from kakehashi.sources.stating import StatementWriter
from kakehashi.vocabulary.iris import DEFAULT_BASE, IdSpace

LANGUAGE: Final = "und"
"""SSSOM does not say in which language a label is."""

MAX_CONCEPT: Final = 180
_ABSOLUTE: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_IDS: Final = IdSpace(DEFAULT_BASE)


@dataclass(slots=True)
class _Concept:
    curie: str | None
    iri: str | None
    label: str


@dataclass(slots=True)
class Entities:
    """The entities met so far, each with the first CURIE and the first label that the file gives it."""

    concepts: dict[str, _Concept] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """The id of each CURIE that was met."""
    other_labels: int = 0

    def entity(self, curie: str, iri: str, label: str) -> str:
        """The id of an entity."""
        identifier = self.ids.get(curie)
        if identifier is None:
            identifier = self.ids[curie] = _IDS.identifier(iri) or self._concept(curie, iri)
        concept = self.concepts.get(identifier)
        if concept is not None and label != concept.label:
            self._relabel(concept, label)
        return identifier

    def _concept(self, curie: str, iri: str) -> str:
        """What a prefix that stands for no IRI makes of an entity has none either."""
        absolute = bool(_ABSOLUTE.match(iri))
        scheme, _, rest = iri.partition(":") if absolute else ("curie", ":", curie)
        identifier = concept_id(scheme, rest.removeprefix("//"))
        self.concepts.setdefault(identifier, _Concept(curie, iri if absolute else None, ""))
        return identifier

    def _relabel(self, concept: _Concept, label: str) -> None:
        if not concept.label:
            concept.label = label
        elif label:
            self.other_labels += 1

    def literal(self, text: str, mapping_set: str) -> str:
        """The id of a text that is mapped itself; it is no entity outside its set."""
        identifier = concept_id("literal", f"{mapping_set}/{text}")
        self.concepts.setdefault(identifier, _Concept(None, None, text))
        return identifier

    def write(self, writer: StatementWriter, reading: Reading) -> None:
        """The concepts as resources, with the IRI of each that has one."""
        for identifier, concept in self.concepts.items():
            labels = (Label(language=LANGUAGE, text=concept.label or concept.curie or identifier),)
            reading.add(Resource(id=identifier, kind="concept", labels=labels, notation=concept.curie, source=writer.source.id))
            if concept.iri is not None:
                writer.state(identifier, "url", Literal(text=concept.iri))


def concept_id(scheme: str, rest: str) -> str:
    """The id of a concept: its IRI, part by part; one that is too long ends in a checksum."""
    identifier = "/".join(["concept", *map(escaped, [scheme, *rest.split("/")])])
    if len(identifier) <= MAX_CONCEPT:
        return identifier
    return f"concept/{escaped(scheme)}/{hashlib.sha256(rest.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
