"""What a query may cost at most, told before anything is executed: GitHub's node count and points, with weights besides.

The rule is that of GitHub's GraphQL API ("Rate limits and query limits"): a connection of `first: n` within connections that have
m nodes in all asks for m x n nodes and begins m lists; the points are the lists by a hundred, and at least one. Ours adds three
things. A field that computes counts for as many lists as its table says. A page of over a hundred counts as a list a hundred. A
plain list asks for nodes too, as many as its own table says, but begins no list: it is read, not searched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    ValueNode,
    VariableNode,
    get_named_type,
)

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_NODES: Final = 500_000
MAX_POINTS: Final = 500
LISTS_A_POINT: Final = 100
PAGE: Final = 100

WEIGHTS: Final[Mapping[str, int]] = {
    "Query.closeGaps": 500,
    "Query.compareCoverage": 200, "Query.migration": 200,
    "Query.coverage": 100, "Query.crosswalk": 100, "Query.disagreements": 100, "Query.editionDiff": 100,
    "Query.mappingFindings": 100, "Query.threats": 100,
    "Query.asKnownIn": 2000, "Query.search": 100,
    "Query.changes": 50, "Query.matrix": 50, "Query.threatCandidates": 50, "Query.threatsFor": 50,
    "Query.certifications": 20, "Query.controlsFor": 20, "Query.relation": 20, "Query.resources": 20, "Query.threat": 20,
    "Gap.closedBy": 2, "Gap.closedTogetherBy": 2, "ThreatExposure.provisions": 20,
}  # fmt: skip
"""What computes, by the lists that it costs as much as. Measured on the public corpora: a list takes about a millisecond, and a
report 20 to 170, or 650 where it is the first of its view. A kept release is loaded, and its look-ups are made, in 2,000."""
ARGUMENT_WEIGHTS: Final[Mapping[str, int]] = {
    "Query.resources.text": 50, "Query.resources.filter": 50, "Query.resources.orderBy": 200,
    "Query.search.filter": 50, "Query.search.orderBy": 200, "Query.statements.filter": 300, "Query.statements.orderBy": 300,
}  # fmt: skip
"""What an argument that is given costs besides, where it looks at all that there is."""

LENGTH: Final = 4
LENGTHS: Final[Mapping[str, int]] = {
    "Gap.closedBy": 20, "Gap.closedTogetherBy": 20, "Release.counts": 20, "Release.sources": 200,
    "ThreatExposure.measures": 20, "ThreatExposure.parts": 20, "ThreatReport.unlinked": 20,
    "Matrix.rows": 50, "Matrix.columns": 50, "Matrix.cells": 500,
    "__Schema.types": 300, "__Type.fields": 20, "__Type.enumValues": 20, "__Type.possibleTypes": 20,
}  # fmt: skip
"""How long lists without `first` are taken to be, where that is not four, as many as a proof has chains at most."""
LISTED: Final[Mapping[str, str]] = {"Query.nodes": "ids"}
"""Fields that have as many nodes as an argument names."""

TOO_COSTLY = Text(
    "この問い合わせは最大{count}{unit}になり、上限の{limit}{unit}を超えます。firstを減らすか、問い合わせを分けてください。",
    "This query may come to {count} {unit}, over the limit of {limit}. Ask for fewer (first), or split it.",
)
NODES: Final = Text("ノード", "nodes")
POINTS: Final = Text("ポイント", "points")

_ROOTS: Final = {"KnownThen": "Query"}
"""The same questions, asked of another release."""
_Type = Any
_Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Cost:
    """How many nodes an operation may ask for, and how many lists it begins, at most."""

    nodes: int = 0
    lists: int = 0

    @property
    def points(self) -> int:
        """What the client is charged."""
        return max(1, round(self.lists / LISTS_A_POINT))

    def check(self) -> None:
        """An error where it is more than one operation may cost."""
        for count, limit, unit in ((self.nodes, MAX_NODES, NODES), (self.points, MAX_POINTS, POINTS)):
            if count > limit:
                text = Text(TOO_COSTLY.ja.replace("{unit}", unit.ja), TOO_COSTLY.en.replace("{unit}", unit.en))
                raise KakehashiError(ErrorCode.TOO_COMPLEX, text(count=count, limit=limit))

    def shown(self) -> dict[str, int]:
        """What `extensions.cost` says."""
        return {"nodeCount": self.nodes, "points": self.points}


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Cost:
    """The cost of an operation of a valid document. `variables` are coerced, with their defaults."""
    return _Counter(schema, document, variables).selected(operation.selection_set, schema.query_type, None)


class _Counter:
    """Counts each selection once for one node of its type: what stands in a list multiplies it."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._schema = schema
        self._fragments = fragments_of(document)
        self._variables = variables
        self._known: dict[tuple[str, int | None], Cost] = {}

    def selected(self, found: SelectionSetNode | None, kind: _Type, cap: int | None) -> Cost:
        """The cost of a selection on one node. `cap` is the `first` of an answer that pages its lists alike."""
        costs = [self._one(one, kind, cap) for one in (found.selections if found else ()) if is_included(one, self._variables)]
        return Cost(sum(one.nodes for one in costs), sum(one.lists for one in costs))

    def _one(self, selection: SelectionNode, kind: _Type, cap: int | None) -> Cost:
        if isinstance(selection, FragmentSpreadNode):
            return self._spread(selection.name.value, cap)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            named = kind if condition is None else self._schema.get_type(condition.name.value)
            return self.selected(selection.selection_set, named, cap)
        assert isinstance(selection, FieldNode)  # noqa: S101 - there is no fourth kind
        return self._field(selection, kind, cap)

    def _spread(self, name: str, cap: int | None) -> Cost:
        if (name, cap) not in self._known:
            fragment = self._fragments[name]
            kind = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name, cap] = self.selected(fragment.selection_set, kind, cap)
        return self._known[name, cap]

    def _field(self, node: FieldNode, kind: _Type, cap: int | None) -> Cost:
        field = _definition(self._schema, kind, node.name.value)
        if field is None:
            return Cost()
        name = f"{_ROOTS.get(kind.name, kind.name)}.{node.name.value}"
        own = WEIGHTS.get(name, 0) + sum(ARGUMENT_WEIGHTS.get(f"{name}.{one}", 0) for one in self._given(node))
        named = get_named_type(field.type)
        first = self._first(node, field)
        if _is_connection(named):
            asked = min((one for one in (first, cap) if one is not None), default=PAGE)
            return self._within(node, named, None, asked, own + max(1, -(-asked // PAGE)))
        if first is not None:
            return self._within(node, named, first, None, own)
        counted = not _is_connection(kind) and _is_list_of_nodes(field)  # a connection's nodes are counted by its `first`
        return self._within(node, named, None if counted else cap, self._length(node, name) if counted else None, own)

    def _within(self, node: FieldNode, kind: _Type, cap: int | None, length: int | None, lists: int) -> Cost:
        """One node's field: what it costs itself, and what is selected on each of the `length` nodes that it has."""
        below = self.selected(node.selection_set, kind, cap)
        many = 1 if length is None else length
        return Cost((length or 0) + many * below.nodes, lists + many * below.lists)

    def _length(self, node: FieldNode, name: str) -> int:
        """How long a list without `first` is taken to be."""
        listed = self._given(node).get(LISTED.get(name, ""))
        if isinstance(listed, ListValueNode):
            return len(listed.values)
        found = self._variables.get(listed.name.value) if isinstance(listed, VariableNode) else None
        return len(found) if isinstance(found, list) else LENGTHS.get(name, LENGTH)

    def _given(self, node: FieldNode) -> Mapping[str, ValueNode]:
        """The arguments that are given a value, by a variable too."""
        values = {one.name.value: one.value for one in node.arguments or ()}
        return {name: value for name, value in values.items() if not self._is_null(value)}

    def _is_null(self, value: ValueNode) -> bool:
        if isinstance(value, VariableNode):
            return self._variables.get(value.name.value) is None
        return isinstance(value, NullValueNode)

    def _first(self, node: FieldNode, field: GraphQLField) -> int | None:
        """The `first` of a field, as it is given or by default; None where there is none."""
        if "first" not in field.args:
            return None
        given = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        if isinstance(given, IntValueNode):
            return max(0, int(given.value))
        if isinstance(given, VariableNode) and isinstance(self._variables.get(given.name.value), int):
            return max(0, int(self._variables[given.name.value]))
        default = field.args["first"].default_value
        return default if isinstance(default, int) else None


def fragments_of(document: DocumentNode) -> _Fragments:
    """The fragments of a document, by name."""
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def is_included(selection: SelectionNode, variables: Mapping[str, Any]) -> bool:
    """Whether @skip and @include leave a selection in."""
    for directive in selection.directives or ():
        value = next((one.value for one in directive.arguments or () if one.name.value == "if"), None)
        holds = variables.get(value.name.value) if isinstance(value, VariableNode) else getattr(value, "value", None)
        if (directive.name.value, holds) in _LEFT_OUT:
            return False
    return True


_LEFT_OUT: Final = frozenset({(GraphQLSkipDirective.name, True), (GraphQLIncludeDirective.name, False)})


def _definition(schema: GraphQLSchema, kind: _Type, name: str) -> GraphQLField | None:
    if kind is schema.query_type and name in _META:
        return _META[name]
    found: GraphQLField | None = getattr(kind, "fields", {}).get(name)
    return found


_META: Final = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
_CONNECTION: Final = frozenset({"edges", "nodes", "pageInfo"})


def _is_connection(kind: _Type) -> bool:
    return getattr(kind, "fields", {}).keys() >= _CONNECTION


def _is_list_of_nodes(field: GraphQLField) -> bool:
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(kind, GraphQLList) and not isinstance(get_named_type(kind), GraphQLScalarType | GraphQLEnumType)


def asked_fields(operation: OperationDefinitionNode, fragments: _Fragments, variables: Mapping[str, Any]) -> Iterable[FieldNode]:
    """The fields at the top of an operation that are asked for, with those of its fragments."""
    left = list(operation.selection_set.selections)
    while left:
        one = left.pop(0)
        if not is_included(one, variables):
            continue
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, FragmentSpreadNode):
            left = [*fragments[one.name.value].selection_set.selections, *left]
        elif isinstance(one, InlineFragmentNode):
            left = [*one.selection_set.selections, *left]
