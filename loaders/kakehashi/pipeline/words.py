"""The words that a source may use: kinds and predicates, as the vocabulary declares them."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import Graph, URIRef

from kakehashi.vocabulary.files import graph
from kakehashi.vocabulary.iris import KIND, KK, PREDICATE


@dataclass(frozen=True, slots=True)
class Words:
    """The core class of each kind, and what each predicate takes: "resource", "literal" or "either"."""

    core_classes: Mapping[str, str]
    value_types: Mapping[str, str]


def vocabulary_words(terms: Graph | None = None) -> Words:
    """The words of the packaged vocabulary."""
    parsed = terms if terms is not None else graph("kinds.ttl", "predicates.ttl")
    kinds = parsed.subject_objects(URIRef(KK + "kindOf"))
    predicates = parsed.subject_objects(URIRef(KK + "valueType"))
    return Words(
        core_classes={str(kind).removeprefix(KIND): str(core).removeprefix(KK) for kind, core in kinds},
        value_types={str(predicate).removeprefix(PREDICATE): str(value) for predicate, value in predicates},
    )
