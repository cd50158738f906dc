"""What is asked for: a document is parsed, kept within limits and validated once, and its operation costed with its variables."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import strawberry
from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from kakehashi.graphql import limits
from kakehashi.graphql.cost import Cost, asked_fields, cost_of, fragments_of

NO_OPERATION: Final = "there is no such operation in the document"


class InvalidRequestError(Exception):
    """A request that was refused before execution began, with all that is wrong with it."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(*errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that can be run as it is; `points` are what is charged for it."""

    document: DocumentNode
    name: str | None
    variables: Mapping[str, Any]
    cost: Cost
    points: int


class Documents:
    """Reads the documents of a schema, and keeps the valid ones that were asked for last."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, DocumentNode] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def valid(self, text: str) -> DocumentNode:
        """The document that a text is; an error where it is none, or too large, or does not fit the schema."""
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
                return found
        document = self._read(text)
        self._keep(text, document)
        return document

    def operation(self, text: str, name: str | None, variables: Mapping[str, Any]) -> Operation:
        """The operation of a name, or the only one; it costs no more than one may."""
        document = self.valid(text)
        node = _named(document, name)
        values = get_variable_values(self._schema, node.variable_definitions or (), dict(variables), max_errors=20)
        if isinstance(values, list):
            raise InvalidRequestError(*values)
        cost = cost_of(self._schema, document, node, values.coerced)
        asked = Operation(document, name, variables, cost, cost.points)
        dry = _dry_run(document, node, values.coerced)
        if dry is not None:
            return replace(asked, document=dry, points=1)
        cost.check()
        return asked

    def _read(self, text: str) -> DocumentNode:
        try:
            document = parse(text, max_tokens=limits.MAX_TOKENS)
        except GraphQLSyntaxError as error:
            raise InvalidRequestError(error) from error
        limits.check(document)
        errors = validate(self._schema, document, max_errors=20)
        if errors:
            raise InvalidRequestError(*errors)
        return document

    def _keep(self, text: str, document: DocumentNode) -> None:
        with self._lock:
            if text not in self._kept:
                self._kept[text] = document
                self._characters += len(text)
            while self._characters > limits.CACHED_CHARACTERS:
                former, _ = self._kept.popitem(last=False)
                self._characters -= len(former)


def documents_of(schema: strawberry.Schema) -> Documents:
    """The documents of a schema; one object for each, so that what is kept is kept once."""
    core = schema._schema  # noqa: SLF001 - strawberry gives no other way to the executable schema
    found: Documents | None = core.extensions.get(_EXTENSION)
    if found is None:
        found = core.extensions.setdefault(_EXTENSION, Documents(core))
    return found


_EXTENSION: Final = "kakehashi-documents"


def _named(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    found = [one for one in operations if name is None or (one.name is not None and one.name.value == name)]
    if len(found) != 1:
        raise InvalidRequestError(GraphQLError(NO_OPERATION))
    return found[0]


def _dry_run(document: DocumentNode, node: OperationDefinitionNode, variables: Mapping[str, Any]) -> DocumentNode | None:
    """The document with nothing left in the operation but `rateLimit`, where that says so."""
    fields = [one for one in asked_fields(node, fragments_of(document), variables) if one.name.value == "rateLimit"]
    if not any(_says_dry(one, variables) for one in fields):
        return None
    alone = OperationDefinitionNode(
        operation=node.operation, name=node.name, variable_definitions=node.variable_definitions, directives=node.directives,
        selection_set=SelectionSetNode(selections=tuple(fields)),
    )  # fmt: skip
    return DocumentNode(definitions=tuple(alone if one is node else one for one in document.definitions))


def _says_dry(field: FieldNode, variables: Mapping[str, Any]) -> bool:
    value = next((one.value for one in field.arguments or () if one.name.value == "dryRun"), None)
    if isinstance(value, VariableNode):
        return variables.get(value.name.value) is True
    return isinstance(value, BooleanValueNode) and value.value
