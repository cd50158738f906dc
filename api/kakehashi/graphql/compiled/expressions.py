"""The Python expressions of a plan that complete values (GraphQL, section 6.4.3): null, list, leaf, object."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from graphql import GraphQLLeafType, GraphQLList, GraphQLNonNull, GraphQLOutputType, is_leaf_type

from kakehashi.graphql.compiled.leaves import conversion, usual

HELD: str = "{value}"


class Names:
    """What the code of a plan refers to by name."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.all = dict(known)
        self._known: dict[object, str] = {}
        self._count = count(1)

    def fresh(self, prefix: str) -> str:
        """A name that nothing has."""
        return f"{prefix}{next(self._count)}"

    def of(self, prefix: str, value: Any) -> str:  # noqa: ANN401 - whatever the code needs
        """The name of a value."""
        name = self.fresh(prefix)
        self.all[name] = value
        return name

    def of_conversion(self, type_: GraphQLLeafType) -> str:
        """The name of a leaf type's conversion; one for all its values."""
        if type_.name not in self._known:
            self._known[type_.name] = self.of("convert", conversion(type_))
        return self._known[type_.name]


def completed(type_: GraphQLOutputType, value: str, target: str, names: Names) -> str:
    """The expression that completes the value of an expression; `target` is a call, with `{value}`, that writes an object."""
    if isinstance(type_, GraphQLNonNull):
        return _present(type_.of_type, value, target, names)
    name, bound = _bound(value, names)
    return f"(None if {bound} is None else {_present(type_, name, target, names)})"


def _present(type_: Any, value: str, target: str, names: Names) -> str:  # noqa: ANN401 - any output type but non-null
    if isinstance(type_, GraphQLList):
        item = names.fresh("one")
        return f"[{completed(type_.of_type, item, target, names)} for {item} in listed({value})]"
    return _leaf(type_, value, names) if is_leaf_type(type_) else target.replace(HELD, value)


def _leaf(type_: GraphQLLeafType, value: str, names: Names) -> str:
    convert, condition = names.of_conversion(type_), usual(type_)
    if condition is None:
        return f"{convert}({value})"
    name, bound = _bound(value, names)
    return f"({name} if {condition.replace(HELD, bound, 1).replace(HELD, name)} else {convert}({name}))"


def _bound(value: str, names: Names) -> tuple[str, str]:
    """A name for an expression's value, and the expression that gives it that name where it is first met."""
    if value.isidentifier():
        return value, value
    name = names.fresh("held")
    return name, f"({name} := {value})"
