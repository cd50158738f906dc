"""JSON Schemas (2020-12, as OpenAPI 3.1 takes them) of what an operation takes and answers, derived from its document."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    SelectionSetNode,
    get_named_type,
)

from kakehashi.http.rest.limits import BOUNDS
from kakehashi.http.rest.operations import Operation, Variable, short_form

JsonSchema = dict[str, Any]
Composite = GraphQLObjectType | GraphQLInterfaceType

SCALARS: Final[dict[str, JsonSchema]] = {
    "ID": {"type": "string"}, "String": {"type": "string"}, "Boolean": {"type": "boolean"}, "Float": {"type": "number"},
    "Int": {"type": "integer", "format": "int32"}, "Date": {"type": "string", "format": "date"},
    "DateTime": {"type": "string", "format": "date-time"},
}  # fmt: skip


class Schemas:
    """The components of the document: one for each fragment, input object and value list that an operation uses."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.components: dict[str, JsonSchema] = {}
        self._schema = schema

    def answer(self, operation: Operation) -> JsonSchema:
        """What an operation answers. What it asks for by id is there: else the answer is a problem."""
        name = f"{operation.name[0].upper()}{operation.name[1:]}Answer"
        root = self._schema.query_type
        if root is None:
            raise TypeError("the schema asks nothing")
        found = _Selection(self, operation)
        shape = found.object(operation.definition.selection_set, root)
        self.components[name] = shape | {"properties": {key: _present(one) for key, one in shape["properties"].items()}}
        return _reference(name)

    def question(self, operation: Operation) -> JsonSchema:
        """The body that asks an operation: its variables."""
        name = f"{operation.name[0].upper()}{operation.name[1:]}Question"
        properties = {one.name: self.input(one.type, one.name) | _told(one, operation) for one in operation.variables}
        required = [one.name for one in operation.variables if one.required]
        self.components[name] = _object(properties, required) | {"additionalProperties": False}
        return _reference(name)

    def parameter(self, operation: Operation, variable: Variable) -> JsonSchema:
        """What a parameter of an address takes; by its short form an object is named by one of its fields."""
        if short_form(variable.type) is not None:
            return {"type": "array", "items": {"type": "string"}}
        kind = variable.type.of_type if isinstance(variable.type, GraphQLNonNull) else variable.type
        return self._input(kind, variable.name) | _told(variable, operation)

    def input(self, kind: GraphQLInputType, name: str) -> JsonSchema:
        """What a value of a question may be."""
        return self._input(kind.of_type, name) if isinstance(kind, GraphQLNonNull) else _or_null(self._input(kind, name))

    def composite(self, fragment: FragmentDefinitionNode) -> Composite:
        """The type that a fragment is on."""
        found = self._schema.type_map[fragment.type_condition.name.value]
        if not isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            raise TypeError(f"{found} has no fields")
        return found

    def _input(self, kind: Any, name: str) -> JsonSchema:  # noqa: ANN401 - graphql-core's types of inputs have no common base
        if isinstance(kind, GraphQLList):
            return {"type": "array", "items": self.input(kind.of_type, name)}
        if isinstance(kind, GraphQLInputObjectType):
            return self._input_object(kind)
        if isinstance(kind, GraphQLScalarType) and name in BOUNDS:
            least, most = BOUNDS[name]
            return SCALARS[kind.name] | {"minimum": least, "maximum": most}
        return self.leaf(kind)

    def _input_object(self, kind: GraphQLInputObjectType) -> JsonSchema:
        if kind.name not in self.components:
            self.components[kind.name] = {}
            properties = {
                name: self.input(field.type, name) | {"description": field.description} for name, field in kind.fields.items()
            }
            required = [name for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)]
            about = {"description": kind.description, "additionalProperties": False}
            self.components[kind.name] = _object(properties, required) | about
        return _reference(kind.name)

    def leaf(self, kind: Any) -> JsonSchema:  # noqa: ANN401 - as above
        """A scalar, or a reference to a value list."""
        if isinstance(kind, GraphQLEnumType):
            self.components[kind.name] = {"type": "string", "enum": list(kind.values), "description": kind.description}
            return _reference(kind.name)
        return dict(SCALARS[kind.name])


class _Selection:
    """What the selections of one operation come to."""

    def __init__(self, schemas: Schemas, operation: Operation) -> None:
        self._schemas = schemas
        self._fragments = operation.fragments

    def object(self, selected: SelectionSetNode, parent: Composite) -> JsonSchema:
        """The object that a selection makes; what is selected on a condition is not required."""
        properties: dict[str, JsonSchema] = {}
        required = []
        for node in self._fields(selected):
            name, field = (node.alias or node.name).value, parent.fields[node.name.value]
            properties[name] = self._output(field.type, node.selection_set) | {"description": field.description}
            if not node.directives:
                required.append(name)
        return _object(properties, required) | {"description": parent.description}

    def _output(self, kind: GraphQLOutputType, selected: SelectionSetNode | None) -> JsonSchema:
        if isinstance(kind, GraphQLNonNull):
            return self._value(kind.of_type, selected)
        return _or_null(self._value(kind, selected))

    def _value(self, kind: Any, selected: SelectionSetNode | None) -> JsonSchema:  # noqa: ANN401 - as above
        if isinstance(kind, GraphQLList):
            return {"type": "array", "items": self._output(kind.of_type, selected)}
        if selected is None:
            return self._schemas.leaf(kind)
        (only, *others) = selected.selections
        if isinstance(only, FragmentSpreadNode) and not others:
            return self._fragment(self._fragments[only.name.value])
        return self.object(selected, get_named_type(kind))

    def _fragment(self, fragment: FragmentDefinitionNode) -> JsonSchema:
        name, components = fragment.name.value, self._schemas.components
        if name not in components:
            components[name] = {}
            components[name] = self.object(fragment.selection_set, self._schemas.composite(fragment))
        return _reference(name)

    def _fields(self, selected: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selected.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                yield from self._fields(self._fragments[node.name.value].selection_set)
            else:
                raise TypeError("a document of ours names its fragments")


def _object(properties: dict[str, JsonSchema], required: list[str]) -> JsonSchema:
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _reference(name: str) -> JsonSchema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(found: JsonSchema) -> JsonSchema:
    if isinstance(found.get("type"), str):
        return found | {"type": [found["type"], "null"]}
    return {"anyOf": [found, {"type": "null"}]}


def _present(found: JsonSchema) -> JsonSchema:
    """The same without null."""
    if "anyOf" not in found:
        return found
    known: JsonSchema = found["anyOf"][0]
    return known | {"description": found["description"]}


def _told(variable: Variable, operation: Operation) -> JsonSchema:
    """What an operation's own document and route say of a variable."""
    most = {"maximum": operation.most} if variable.name == "first" else {}
    return most if variable.default is None else most | {"default": variable.default}
