"""Writes a plan: one Python function for each object type and selection set, with graphql-core's own merging of fields."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, GroupedFieldSet, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from kakehashi.graphql.compiled import plan
from kakehashi.graphql.compiled.errors import NotCompilableError
from kakehashi.graphql.compiled.expressions import HELD, Names, completed
from kakehashi.graphql.compiled.fields import NODES, Underlying, arguments, class_of, underlying, variables_in
from kakehashi.graphql.compiled.plan import Arguments, Plan, Site
from kakehashi.graphql.compiled.quick import MOST_PAGES
from kakehashi.graphql.compiled.selections import Member, Selection, of_object, of_several

MOST_FIELDS: Final = 2000
"""Where fragments on several types meet at each level, their combinations could be exponentially many."""
TYPENAME: Final = "__typename"
OF_ANOTHER_RELEASE: Final = "asKnownIn"
"""What is below it has surroundings of its own, and is rare: graphql-core answers it."""
CONSTANTS: Final = (str, int, float, Enum, date, type(None))
CALLED: Final = {"piece": plan.piece, "page": plan.page, "listed": plan.listed, "abandon": plan.abandon}


def compiled(
    schema: strawberry.Schema,
    core: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: VariableValues,
) -> Plan:
    """The plan of a valid operation, for all executions in which @skip and @include decide as they do with these variables."""
    if operation.operation is not OperationType.QUERY or core.query_type is None:
        raise NotCompilableError("not a query")
    details = {name: FragmentDetails(fragment) for name, fragment in fragments.items()}
    try:
        found = collect_fields(core, details, variables, core.query_type, operation)
        return _Writing(schema, core, operation, details, variables).plan(core.query_type, found.grouped_field_set)
    except GraphQLError as error:
        raise NotCompilableError(error.message) from error


class _Writing:
    """One plan while it is written."""

    def __init__(
        self,
        schema: strawberry.Schema,
        core: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        variables: VariableValues,
    ) -> None:
        self._schema, self._core, self._operation = schema, core, operation
        self._fragments, self._variables = fragments, variables
        self._names, self._lines = Names(CALLED), list[str]()
        self._arguments: list[Arguments] = []
        self._sites: dict[Site, int] = {}
        self._written: dict[tuple[object, ...], Selection] = {}
        self._fields = self._pages = 0

    def plan(self, root: GraphQLObjectType, grouped: GroupedFieldSet) -> Plan:
        """The whole plan. Its code is made of numbers and of names that GraphQL's grammar allows; no value is spelled out."""
        whole = self._object(root, grouped)
        exec(compile("\n".join(self._lines), "<plan>", "exec"), self._names.all)  # noqa: S102 - see above
        quick = whole.quick and self._pages <= MOST_PAGES
        return Plan(self._names.all[whole.name], tuple(self._arguments), tuple(self._sites), quick=quick)

    def _target(self, type_: GraphQLNamedType, details: FieldDetailsList) -> Selection:
        """What writes the objects of a field; written once for the same type and nodes."""
        key = (type_.name, *(id(one.node) for one in details))
        if key not in self._written:
            self._written[key] = self._several(type_, details) if is_abstract_type(type_) else self._one(type_, details)
        return self._written[key]

    def _one(self, type_: Any, details: FieldDetailsList) -> Selection:  # noqa: ANN401 - an object type
        found = collect_subfields(self._core, self._fragments, self._variables, self._operation, type_, details)
        return self._object(type_, found.grouped_field_set)

    def _several(self, type_: Any, details: FieldDetailsList) -> Selection:  # noqa: ANN401 - an interface or a union
        """Chooses by the Python class, which is how strawberry tells the types of objects."""
        types = self._core.get_possible_types(type_)
        possible = {class_of(one): self._target(one, details) for one in types}
        if None in possible or len(possible) < len(types):
            raise NotCompilableError(f"{type_.name} holds types that share a class")
        name, table = self._names.fresh("any"), self._names.fresh("by_class")
        choices = (f"{self._names.of('class', one)}: {written.name}" for one, written in possible.items())
        self._lines.append(f"{table} = {{{', '.join(choices)}}}")
        self._lines.append(f"def {name}(source, run):\n return {table}[source.__class__](source, run)")
        return of_several(name, possible.values())

    def _object(self, type_: GraphQLObjectType, grouped: GroupedFieldSet) -> Selection:
        members = [self._member(type_, key, details) for key, details in grouped.items()]
        selection = of_object(self._names.fresh("object"), type_.name, members)
        values = (f"{member.key!r}: {self._value(type_, member, selection)}" for member in members)
        self._lines.append(f"def {selection.name}(source, run):{self._check(type_)}\n return {{{', '.join(values)}}}")
        return selection

    def _check(self, type_: GraphQLObjectType) -> str:
        """What an object has to be; strawberry itself looks at the class where the type has interfaces."""
        if type_ is self._core.query_type:
            return ""
        wanted = f"source.__class__ is not {self._names.of('class', class_of(type_))}" if type_.interfaces else "source is None"
        return f"\n if {wanted}: abandon()"

    def _member(self, type_: GraphQLObjectType, key: str, details: FieldDetailsList) -> Member:
        self._fields += 1
        node = details[0].node
        if node.name.value == TYPENAME:
            return Member(key=key, node=node)
        definition = type_.fields.get(node.name.value)
        if definition is None or node.name.value == OF_ANOTHER_RELEASE or self._fields > MOST_FIELDS:
            raise NotCompilableError("introspection, another release, or too many fields")
        named = get_named_type(definition.type)
        target = self._target(named, details) if is_composite_type(named) else None
        return Member(key=key, node=node, below=underlying(definition), target=target)

    def _value(self, type_: GraphQLObjectType, member: Member, around: Selection) -> str:
        """The expression of a field's value. Inside what is kept as a whole nothing is kept apart."""
        below, target = member.below, member.target
        if below is None:
            return repr(type_.name)
        if target is None or around.of_release or not target.kept:
            call = f"{target.name}({HELD}, run)" if target else ""
            return completed(below.definition.type, self._called(below, member.node), call, self._names)
        store = f"run.stores[{self._site(target)}]"
        if below.resolver is NODES:
            self._pages += 1
            return f"page({store}, source, {target.name}, run)"
        call = f"piece({store}, {HELD}, {target.name}, run)"
        return completed(below.definition.type, self._called(below, member.node), call, self._names)

    def _site(self, target: Selection) -> int:
        return self._sites.setdefault(Site(target.selected, tuple(sorted(target.variables))), len(self._sites))

    def _called(self, below: Underlying, node: FieldNode) -> str:
        """The expression of what the resolver gives."""
        if below.resolver is None:
            return f"source.{below.field.python_name}"
        given = [*(["source"] if below.takes_self else []), *([f"{below.info}=run"] if below.info else [])]
        given += self._given(below, node) if below.definition.args else []
        return f"{self._names.of('resolve', below.resolver)}({', '.join(given)})"

    def _given(self, below: Underlying, node: FieldNode) -> list[str]:
        """A field's arguments: constants where no variable is among them and nobody could change them, else once a run."""
        make = arguments(below, node, self._schema)
        if not variables_in(node):
            values = make(self._variables)
            if all(isinstance(value, CONSTANTS) for value in values.values()):
                return [f"{name}={self._names.of('constant', value)}" for name, value in values.items()]
        self._arguments.append(make)
        return [f"**run.arguments[{len(self._arguments) - 1}]"]
