"""What lies under a field of the schema: the resolver as it was written, or the attribute, and what its arguments become."""

from dataclasses import dataclass
from typing import Any, Final

import strawberry
from graphql import FieldNode, GraphQLField, GraphQLNamedType, VariableNode, Visitor, visit
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import get_object_definition
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from kakehashi.graphql.compiled.errors import NotCompilableError
from kakehashi.graphql.compiled.plan import Arguments
from kakehashi.graphql.connections import Connection

CONNECTION: Final = {
    field.base_resolver.wrapped_func: field.python_name
    for field in get_object_definition(Connection, strict=True).fields
    if field.base_resolver is not None
}
NODES: Final = next(resolver for resolver, name in CONNECTION.items() if name == "nodes")
"""What lies under the nodes of every connection."""


@dataclass(frozen=True, slots=True)
class Underlying:
    """A field as strawberry has it, and its resolver; without one it is an attribute."""

    definition: GraphQLField
    field: StrawberryField
    resolver: Any = None
    takes_self: bool = True
    info: str | None = None
    """The name of the parameter that is the `info`, where there is one."""

    @property
    def of_connection(self) -> bool:
        """Whether it is a field of a connection, of whatever nodes."""
        return self.resolver in CONNECTION


def underlying(field: GraphQLField) -> Underlying:
    """What lies under a field; an error where strawberry does more than to call it."""
    found = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(found, StrawberryField) or found.extensions or found.is_async or found.is_subscription:
        raise NotCompilableError("no plain field of ours")
    base = found.base_resolver
    if base is None:
        return Underlying(field, found)
    if base.parent_parameter or base.root_parameter:
        raise NotCompilableError("a resolver that is called in another way")
    info = base.info_parameter
    return Underlying(field, found, base.wrapped_func, base.self_parameter is not None, None if info is None else info.name)


def class_of(type_: GraphQLNamedType) -> type | None:
    """The Python class of an object type; None where several types share it, as those of a generic class do."""
    definition = type_.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    found: type | None = None if definition.concrete_of else definition.origin
    return found


def arguments(below: Underlying, node: FieldNode, schema: strawberry.Schema) -> Arguments:
    """What gives a field's arguments by the variables, as graphql-core and strawberry read them."""
    config, scalars = schema.config, schema.schema_converter.scalar_registry

    def found(variables: VariableValues) -> dict[str, Any]:
        values = get_argument_values(below.definition, node, variables)
        return convert_arguments(values, below.field.arguments, scalar_registry=scalars, config=config)

    return found


def variables_in(node: FieldNode) -> frozenset[str]:
    """The names of the variables in a field's arguments."""
    names = _Names()
    for argument in node.arguments or ():
        visit(argument, names)
    return frozenset(names.found)


class _Names(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.found.add(node.name.value)
