"""Leaf values in the code of a plan: what JSON they become, with graphql-core's own conversion where they are unusual."""

from collections.abc import Callable
from typing import Any, Final

from graphql import GraphQLEnumType, GraphQLLeafType
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT

from kakehashi.graphql.compiled.errors import AbandonedError

USUAL: Final = {
    "String": "{value}.__class__ is str",
    "ID": "{value}.__class__ is str",
    "Boolean": "{value}.__class__ is bool",
    "Int": f"{{value}}.__class__ is int and {GRAPHQL_MIN_INT} <= {{value}} <= {GRAPHQL_MAX_INT}",
}
"""When orjson writes a value of a scalar as it is."""


def usual(type_: GraphQLLeafType) -> str | None:
    """The condition on `{value}` under which it is written as it is; None where it never is."""
    return None if isinstance(type_, GraphQLEnumType) else USUAL.get(type_.name)


def conversion(type_: GraphQLLeafType) -> Callable[[Any], object]:
    """graphql-core's conversion of the rest; it raises where there is none."""
    if not isinstance(type_, GraphQLEnumType):
        return lambda value: _something(type_.coerce_output_value(value))
    names = {member: type_.coerce_output_value(member) for member in getattr(type_, "wrapped_cls", ())}
    return names.__getitem__


def _something(value: object) -> object:
    if value is None:
        raise AbandonedError("a leaf became null")
    return value
