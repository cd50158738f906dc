"""The words of SSSOM 1.1: its slots, its built-in prefixes, its special entities, and how its predicates are read."""

import re
from collections.abc import Mapping
from typing import Final

from kakehashi.sources.wording import predicate_of
from kakehashi.vocabulary.iris import LINKML, OBO_IN_OWL, OWL, PREDICATE, RDF, RDFS, SEMAPV, SKOS, SSSOM, XSD

LOADER: Final = "sssom"
LOADER_VERSION: Final = "2"

MAPPING_SLOTS: Final = frozenset({
    "record_id", "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_label", "predicate_modifier",
    "object_id", "object_label", "object_category", "mapping_justification", "author_id", "author_label", "reviewer_id",
    "reviewer_label", "creator_id", "creator_label", "license", "subject_type", "subject_source", "subject_source_version",
    "object_type", "object_source", "object_source_version", "predicate_type", "mapping_provider", "mapping_source",
    "mapping_cardinality", "cardinality_scope", "mapping_tool", "mapping_tool_id", "mapping_tool_version", "mapping_date",
    "publication_date", "review_date", "confidence", "reviewer_agreement", "curation_rule", "curation_rule_text",
    "subject_match_field", "object_match_field", "match_string", "subject_preprocessing", "object_preprocessing",
    "similarity_score", "similarity_measure", "see_also", "issue_tracker_item", "other", "comment",
})  # fmt: skip
"""The columns that the standard knows; any other is an extension slot."""

MULTIVALUED: Final = frozenset({
    "author_id", "author_label", "reviewer_id", "reviewer_label", "creator_id", "creator_label", "cardinality_scope",
    "curation_rule", "curation_rule_text", "subject_match_field", "object_match_field", "match_string", "subject_preprocessing",
    "object_preprocessing", "see_also",
})  # fmt: skip
"""The columns whose cells list values with | between them."""

BUILT_IN: Final[Mapping[str, str]] = {
    "owl": OWL, "rdf": RDF, "rdfs": RDFS, "semapv": SEMAPV, "skos": SKOS, "sssom": SSSOM, "xsd": XSD, "linkml": LINKML,
}  # fmt: skip
"""The prefixes that need no declaration, and must not be declared otherwise."""

LITERAL: Final = "rdfs literal"
NO_TERM: Final = frozenset({SSSOM + "NoTermFound", SSSOM + "NoMapping"})
"""The entity that stands for "there is none", with its name in early files."""

OLD_MATCH_TYPES: Final[Mapping[str, str]] = {
    "Lexical": SEMAPV + "LexicalMatching", "Logical": SEMAPV + "LogicalMatching",
    "HumanCurated": SEMAPV + "ManualMappingCuration", "Complex": SEMAPV + "CompositeMatching",
    "Unspecified": SEMAPV + "UnspecifiedMatching",
    "SemanticSimilarity": SEMAPV + "SemanticSimilarityThresholdMatching",
}  # fmt: skip
"""What stood for `mapping_justification` before SSSOM 0.9.1, as the specification converts it."""

CHAINING: Final = SEMAPV + "MappingChaining"
INVERSION: Final = SEMAPV + "MappingInversion"

NOT: Final = "Not"
NO_MATCH: Final = "noMatch"
"""An early predicate, found with several prefixes and with none."""

NEGATED: Final = "negated-mapping"
OTHER: Final = "other-relation"

_PREDICATES: Final[Mapping[str, str]] = {
    OWL + "equivalentClass": "equivalent-class", OWL + "equivalentProperty": "equivalent-property",
    RDFS + "subClassOf": "subclass-of", RDFS + "subPropertyOf": "subproperty-of", RDFS + "seeAlso": "see-also",
    OBO_IN_OWL + "hasDbXref": "cross-reference",
}  # fmt: skip
_MARKS: Final = re.compile(r"(\\[|\\]|\|)")


def read_as(iri: str) -> str:
    """The predicate that a published predicate is read as. Any may be used, so one that nobody lists is another relation."""
    if iri.startswith(PREDICATE):
        return iri[len(PREDICATE) :]
    if re.split("[#/]", iri)[-1] == NO_MATCH:
        return NEGATED
    return _PREDICATES.get(iri) or (predicate_of(iri) if iri.startswith(SKOS) else None) or OTHER


def values_of(cell: str) -> tuple[str, ...]:
    r"""The values that a cell of a multi-valued slot lists: `a\|b|c\\` holds `a|b` and `c\`."""
    values: list[list[str]] = [[]]
    for part in _MARKS.split(cell):
        if part == "|":
            values.append([])
        else:
            values[-1].append(part[1:] if part in {r"\|", "\\\\"} else part)
    return tuple("".join(pieces) for pieces in values)
