"""The GraphQL documents that REST asks: what each takes, read from its variables, and the text that is executed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_input_type,
    is_leaf_type,
    parse,
    print_ast,
    type_from_ast,
    value_from_ast_untyped,
    visit,
)

FRAGMENTS: Final = "fragments.graphql"


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that an operation takes, or one field of it; `path` leads to it within the variables."""

    path: tuple[str, ...]
    type: GraphQLInputType
    default: Any = None

    @property
    def name(self) -> str:
        """The last of its path: the name of a query's parameter."""
        return self.path[-1]

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return isinstance(self.type, GraphQLNonNull) and self.default is None

    @property
    def many(self) -> bool:
        """Whether a query may give it several times."""
        return isinstance(get_nullable_type(self.type), GraphQLList)


@dataclass(frozen=True, slots=True)
class Operation:
    """A document of ours with one operation; `text` is what is executed, with the fragments that it needs and no others.

    A page of its list has so many nodes at `most`.
    """

    name: str
    text: str
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: tuple[Variable, ...]
    most: int

    @property
    def parameters(self) -> tuple[Variable, ...]:
        """The variables as a query can give them: the fields of an input object one by one, but what is nested deeper."""
        return tuple(one for variable in self.variables for one in _flat(variable))


def short_form(kind: GraphQLInputType) -> str | None:
    """The one required field of an input object, by which alone a query's parameter can name it; None where there is no such."""
    named = get_named_type(kind)
    if not isinstance(named, GraphQLInputObjectType):
        return None
    required = [name for name, field in named.fields.items() if isinstance(field.type, GraphQLNonNull)]
    return required[0] if len(required) == 1 else None


def operation(name: str, most: int, schema: GraphQLSchema) -> Operation:
    """The operation that stands in the document of that name."""
    document = parse((files(__package__) / "documents" / f"{name}.graphql").read_text("utf-8"))
    definition = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    fragments = _needed(definition, _fragments())
    variables = tuple(_variables(definition, schema))
    text = print_ast(DocumentNode(definitions=(definition, *fragments.values())))
    return Operation(name, text, definition, fragments, variables, most)


def _flat(variable: Variable) -> Iterator[Variable]:
    kind = get_nullable_type(variable.type)
    if isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            if is_leaf_type(get_named_type(field.type)) or (isinstance(field.type, GraphQLList) and short_form(field.type)):
                yield Variable((*variable.path, name), field.type)
    elif is_leaf_type(get_named_type(kind)):
        yield variable


def _variables(definition: OperationDefinitionNode, schema: GraphQLSchema) -> Iterator[Variable]:
    for one in definition.variable_definitions or ():
        kind = type_from_ast(schema, one.type)
        if not is_input_type(kind):
            raise TypeError(f"{one.variable.name.value} has no input type")
        default = None if one.default_value is None else value_from_ast_untyped(one.default_value)
        yield Variable((one.variable.name.value,), kind, default)


@cache
def _fragments() -> Mapping[str, FragmentDefinitionNode]:
    document = parse((files(__package__) / "documents" / FRAGMENTS).read_text("utf-8"))
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def _needed(node: Node, known: Mapping[str, FragmentDefinitionNode]) -> dict[str, FragmentDefinitionNode]:
    found: dict[str, FragmentDefinitionNode] = {}
    waiting: list[Node] = [node]
    while waiting:
        spreads = _Spreads()
        visit(waiting.pop(), spreads)
        new = {name: known[name] for name in spreads.names if name not in found}
        found |= new
        waiting.extend(new.values())
    return found


class _Spreads(Visitor):
    """The names of the fragments that are spread in a node."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:  # noqa: ANN401 - the visitor's own signature
        self.names[node.name.value] = None
