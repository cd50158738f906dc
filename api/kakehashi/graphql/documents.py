"""Documents: parsed, kept within limits and validated once, then kept, as the plans of their operations are."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import strawberry
from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    get_operation_ast,
    parse,
    validate,
    visit,
)
from graphql.execution.values import VariableValues, get_variable_values

from kakehashi.graphql import limits
from kakehashi.graphql.compiled.plan import Plan
from kakehashi.graphql.cost import Cost
from kakehashi.graphql.recent import Recent

KEPT_CHARACTERS: Final = 256 * 1024
"""How much text the documents that are kept may have come from; a parsed one takes about 140 times its text."""
KEPT_PLANS: Final = 256
"""One for each operation of a document and each choice of its @skip and @include variables."""
MOST_ERRORS: Final = 20
NO_OPERATION: Final = "there is no such operation in the document"


class RefusedError(Exception):
    """A request that is refused before execution, with what is wrong about it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A valid document."""

    node: DocumentNode
    deciding: tuple[str, ...]
    """The variables in its @skip and @include: a plan is made for what they say."""
    digest: str
    """The sha256 of its text."""

    @property
    def fragments(self) -> Mapping[str, FragmentDefinitionNode]:
        """Its fragments by name."""
        return {one.name.value: one for one in self.node.definitions if isinstance(one, FragmentDefinitionNode)}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document with its coerced variables: all that may be looked at before it is executed."""

    document: Document
    node: OperationDefinitionNode
    variables: VariableValues
    given: dict[str, Any]
    """The variables as they came."""

    @property
    def name(self) -> str | None:
        """Its name, where it has one."""
        return None if self.node.name is None else self.node.name.value


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.core = core_of(schema)
        self._known: Recent[str, Document] = Recent(KEPT_CHARACTERS, lambda text, _: len(text))
        self.plans: Recent[tuple[object, ...], Plan | None] = Recent(KEPT_PLANS)
        """The plans of their operations; None where there can be none."""
        self.costs: Recent[tuple[object, ...], Cost] = Recent(KEPT_PLANS)

    def operation(self, text: str, name: str | None, variables: dict[str, Any] | None) -> Operation:
        """The operation that a request means (GraphQL, section 6.1)."""
        document = self.valid(text)
        node = get_operation_ast(document.node, name)
        if node is None:
            raise RefusedError([GraphQLError(NO_OPERATION)])
        given = variables or {}
        coerced = get_variable_values(self.core, node.variable_definitions or (), given, MOST_ERRORS)
        if isinstance(coerced, list):
            raise RefusedError(coerced)
        return Operation(document, node, coerced, given)

    def knows(self, text: str) -> bool:
        """Whether a document has been read, and was valid."""
        return self._known.known(text) is not None

    def valid(self, text: str) -> Document:
        """The document that a text is; an error where it is none, or is too large, or does not fit the schema."""
        return self._known.get(text, lambda: self._read(text))

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=limits.MAX_TOKENS)
        except GraphQLError as error:
            raise RefusedError([error]) from error
        limits.check(node)
        errors = validate(self.core, node, max_errors=MOST_ERRORS)
        if errors:
            raise RefusedError(errors)
        return Document(node, _deciding(node), sha256(text.encode()).hexdigest())


def _deciding(node: DocumentNode) -> tuple[str, ...]:
    found = _Directives()
    visit(node, found)
    return tuple(sorted(found.variables))


class _Directives(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        values = (argument.value for argument in node.arguments or ())
        self.variables |= {value.name.value for value in values if isinstance(value, VariableNode)}


def core_of(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's own schema, to which strawberry has no public door."""
    return schema._schema  # noqa: SLF001


@lru_cache(maxsize=4)
def documents_of(schema: strawberry.Schema) -> Documents:
    """The documents of a schema; a process has one schema, and tests a few."""
    return Documents(schema)
