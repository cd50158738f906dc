"""The words that a source may use: kinds and predicates, as the vocabulary declares them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kakehashi.vocabulary.iris import KIND, KK, PREDICATE
from kakehashi.vocabulary.rdf import Triple


@dataclass(frozen=True, slots=True)
class Words:
    """The core class of each kind, and what each predicate takes: "resource", "literal" or "either"."""

    core_classes: Mapping[str, str]
    value_types: Mapping[str, str]


def words_of(vocabulary: Iterable[Triple]) -> Words:
    """The words that the vocabulary's triples declare."""
    core_classes: dict[str, str] = {}
    value_types: dict[str, str] = {}
    for subject, predicate, target in vocabulary:
        if predicate.value == KK + "kindOf":
            core_classes[subject.value.removeprefix(KIND)] = target.value.removeprefix(KK)
        elif predicate.value == KK + "valueType":
            value_types[subject.value.removeprefix(PREDICATE)] = target.value
    return Words(core_classes, value_types)
