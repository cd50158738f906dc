"""The JSON Schema of what a tool gives, read off its GraphQL document, so that the two cannot differ."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    parse,
)

_SCALARS: Final = {"Int": "integer", "Float": "number", "Boolean": "boolean"}
"""All others are written as strings."""

_Fields = dict[str, tuple[FieldNode, GraphQLOutputType]]


def shape_of(document: str, schema: GraphQLSchema) -> dict[str, Any]:
    """The JSON Schema of `answers.paged` of a document's data. Fragments are its definitions; lists may be cut as told there."""
    parsed = parse(document)
    shapes = _Shapes(parsed, schema)
    root = next(one for one in parsed.definitions if isinstance(one, OperationDefinitionNode))
    fields = shapes.fields(schema.query_type, root.selection_set)
    if "answer" in fields:
        node, kind = fields.pop("answer")
        fields |= shapes.fields(get_named_type(kind), node.selection_set)
    node, kind = fields.pop("page")
    page = shapes.fields(get_named_type(kind), node.selection_set)
    rows = shapes.value(page["nodes"][1], page["nodes"][0])
    told = shapes.object(fields)
    told["properties"] |= {
        "asOf": {"type": "string"}, "totalCount": {"type": "integer"}, "rows": rows, "next": {"type": "string"},
    }  # fmt: skip
    told["required"] += ["asOf", "totalCount", "rows"]
    return {**told, "$defs": shapes.definitions}


class _Shapes:
    """One document's shapes; what a fragment selects is told once, as a definition."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self._fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
        self._schema = schema
        self.definitions: dict[str, Any] = {}

    def fields(self, kind: Any, selection: SelectionSetNode | None) -> _Fields:  # noqa: ANN401 - any named type
        """The fields that a selection asks of a type, by the names that they are answered under."""
        return dict(self._walk(kind, selection))

    def object(self, fields: _Fields) -> dict[str, Any]:
        """The shape of an object of several fields."""
        properties = {name: self.value(kind, node) for name, (node, kind) in fields.items()}
        required = [name for name, (node, kind) in fields.items() if self._is_told(kind, node)]
        return {"type": "object", "properties": properties, "required": required}

    def value(self, whole: GraphQLOutputType, node: FieldNode) -> dict[str, Any]:
        """The shape of a field's value."""
        kind: Any = get_nullable_type(whole)
        if is_list_type(kind):
            return {"type": "array", "items": self.value(kind.of_type, node)}
        if isinstance(kind, GraphQLEnumType):
            return {"enum": sorted(kind.values)}
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return {"type": _SCALARS.get(get_named_type(kind).name, "string")}
        fragment = _only_spread(node)
        return self._selected(kind, node.selection_set) if fragment is None else self._defined(fragment)

    def _defined(self, name: str) -> dict[str, Any]:
        if name not in self.definitions:
            self.definitions[name] = {}
            fragment = self._fragments[name]
            kind = self._schema.type_map[fragment.type_condition.name.value]
            self.definitions[name] = self._selected(kind, fragment.selection_set)
        return {"$ref": f"#/$defs/{name}"}

    def _selected(self, kind: Any, selection: SelectionSetNode | None) -> dict[str, Any]:  # noqa: ANN401
        fields = self.fields(kind, selection)
        if len(fields) > 1:
            return self.object(fields)
        ((node, only),) = fields.values()
        return self.value(only, node)

    def _is_told(self, kind: GraphQLOutputType, node: FieldNode) -> bool:
        """Whether a field is never null, never an empty list, and never left out."""
        if node.directives or not is_non_null_type(kind) or is_list_type(get_nullable_type(kind)):
            return False
        fields = self.fields(get_named_type(kind), node.selection_set)
        return len(fields) != 1 or all(self._is_told(inner, one) for one, inner in fields.values())

    def _walk(self, kind: Any, selection: SelectionSetNode | None) -> Iterator[tuple[str, tuple[FieldNode, GraphQLOutputType]]]:  # noqa: ANN401
        for one in selection.selections if selection else ():
            if isinstance(one, FragmentSpreadNode):
                yield from self._walk(kind, self._fragments[one.name.value].selection_set)
            elif isinstance(one, FieldNode):
                yield (one.alias or one.name).value, (one, kind.fields[one.name.value].type)


def _only_spread(node: FieldNode) -> str | None:
    """The fragment that a field's selection consists of, where it is nothing else."""
    chosen = node.selection_set.selections if node.selection_set else ()
    return chosen[0].name.value if len(chosen) == 1 and isinstance(chosen[0], FragmentSpreadNode) else None
