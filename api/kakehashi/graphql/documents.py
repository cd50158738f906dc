"""Documents: parsed, kept within limits and validated once, and then kept."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from kakehashi.graphql import limits

KEPT_CHARACTERS: Final = 256 * 1024
"""How much text the documents that are kept may have come from; a parsed one takes about 140 times its text."""
MOST_ERRORS: Final = 20
NO_OPERATION: Final = "there is no such operation in the document"


class RefusedError(Exception):
    """A request that is refused before execution, with what is wrong about it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document."""

    node: DocumentNode


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document with its coerced variables: all that may be looked at before it is executed."""

    document: Document
    node: OperationDefinitionNode
    variables: VariableValues
    given: dict[str, Any]
    """The variables as they came."""


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.core = core_of(schema)
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

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

    def valid(self, text: str) -> Document:
        """The document that a text is; an error where it is none, or is too large, or does not fit the schema."""
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        document = self._read(text)
        self._keep(text, document)
        return document

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=limits.MAX_TOKENS)
        except GraphQLError as error:
            raise RefusedError([error]) from error
        limits.check(node)
        errors = validate(self.core, node, max_errors=MOST_ERRORS)
        if errors:
            raise RefusedError(errors)
        return Document(node)

    def _keep(self, text: str, document: Document) -> None:
        with self._lock:
            if text not in self._kept:
                self._kept[text] = document
                self._characters += len(text)
            while self._characters > KEPT_CHARACTERS:
                former, _ = self._kept.popitem(last=False)
                self._characters -= len(former)


def core_of(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's own schema, to which strawberry has no public door."""
    return schema._schema  # noqa: SLF001


@lru_cache(maxsize=4)
def documents_of(schema: strawberry.Schema) -> Documents:
    """The documents of a schema; a process has one schema, and tests a few."""
    return Documents(schema)
