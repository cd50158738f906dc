"""Which fields take next to no time: what they give is looked up by id, or a slice of a list that is there already.

A plan of such fields, whose nodes' JSON is kept already, may be run where others wait for it.
"""

from collections.abc import Mapping
from typing import Final

from graphql import FieldNode

from kakehashi.graphql.compiled.purity import PURE

MOST_PAGES: Final = 2

QUICK: Final[Mapping[str, frozenset[str]]] = {
    "Query": frozenset({"mappingGroup", "node", "release", "resource", "statement"}),
    "Release": frozenset({"builtAt", "id"}),
    "Edition": frozenset({"provisions", "selects"}),
    "PageInfo": frozenset({"endCursor", "hasNextPage", "hasPreviousPage", "startCursor"}),
}
ARGUMENTS: Final = frozenset({"after", "first", "id", "iri", "lang"})
"""Those that leave a field quick. A filter and an order look at the whole list."""
OF_A_CONNECTION: Final = frozenset({"pageInfo", "totalCount"})
"""And its nodes, where their JSON is kept. Edges have cursors, which are made each time."""


def is_quick(type_name: str, node: FieldNode) -> bool:
    """Whether a field's own work is quick; what is selected on what it gives is another matter."""
    field = node.name.value
    named = field in QUICK.get(type_name, ()) or field in PURE.get(type_name, ())
    return named and all(one.name.value in ARGUMENTS for one in node.arguments or ())
