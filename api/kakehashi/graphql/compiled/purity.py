"""Which fields say what the release alone says of a record, so that their JSON can be kept with the release.

A field that is not named here is worked out each time. One that is named is given a context with the release and the reader's
languages in it and nothing else: if it looks at the day, the deadline or private rows, no plan answers with it.
"""

from collections.abc import Mapping
from typing import Final

RESOURCE: Final = frozenset(
    {"id", "iri", "kind", "kindLabel", "lifecycle", "notation", "parent", "prefLabel", "source", "sources", "text"}
)
SOURCE: Final = frozenset({"authority", "id", "loader", "publisher", "redistribution", "rights", "sha256", "title"})
STATEMENT: Final = frozenset(
    {
        "authority", "certainty", "checkedOn", "confidence", "id", "inferred", "mapping", "nature", "note", "object",
        "predicate", "predicateLabel", "section", "source", "standing", "subject", "value",
    }
)  # fmt: skip
MAPPING: Final = frozenset(
    {
        "confidence", "group", "justification", "mappingSet", "rationale", "rationaleKind", "status", "strength",
        "verbatim",
    }
)  # fmt: skip
GROUP: Final = frozenset({"authority", "id", "mapping", "objects", "predicate", "source", "subjects", "verbatim"})

PURE: Final[Mapping[str, frozenset[str]]] = {
    "Entity": RESOURCE,
    "Framework": RESOURCE | {"parentLink", "parentLinkReason"},
    "Edition": RESOURCE | {"framework", "issued", "replacedBy", "replaces", "version"},
    "MappingSet": RESOURCE | {"intersects", "objectEdition", "origin", "rows", "statedAs", "subjectEdition"},
    "Source": SOURCE,
    "Statement": STATEMENT,
    "MappingDetail": MAPPING,
    "MappingGroup": GROUP,
    "LocalizedText": frozenset({"isFallback", "language", "ours", "value"}),
    "Literal": frozenset({"datatype", "language", "text"}),
}

NAMED_BY_RECORD: Final = frozenset({"Entity", "Framework", "Edition", "MappingSet", "Source", "Statement", "MappingGroup"})
"""The types of which `record.id` says which one it is: two of one type and one id are the same in a release."""
