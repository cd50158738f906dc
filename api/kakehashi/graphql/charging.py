"""Between validation and execution: what an operation costs, whether it may, and whether that is all it wants to know."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from graphql import BooleanValueNode, DocumentNode, FieldNode, OperationDefinitionNode, SelectionSetNode, VariableNode

from kakehashi.graphql.context import Context
from kakehashi.graphql.cost import Cost, asked_fields, cost_of, fragments_of
from kakehashi.graphql.documents import Documents, Operation
from kakehashi.graphql.observed import observed


def charged(documents: Documents, context: Context, operation: Operation) -> tuple[Operation, dict[str, object]]:
    """The operation to run, which is paid for, and what `extensions` says of it; an error where it costs too much.

    With `rateLimit(dryRun: true)` the operation to run has that field alone and costs a point.
    """
    cost = _cost(documents, operation)
    dry = _dry_run(operation)
    if dry is None:
        cost.check()
    observed().cost = cost.nodes
    context.meter.charge(cost, 1 if dry else cost.points)
    return dry or operation, {"cost": cost.shown()}


def _cost(documents: Documents, operation: Operation) -> Cost:
    """The cost of an operation; kept with the document where no variable can change it."""
    node, variables = operation.node, operation.variables.coerced

    def counted() -> Cost:
        return cost_of(documents.core, operation.document.node, node, variables)

    return counted() if node.variable_definitions else documents.costs.get((operation.document, operation.name), counted)


def _dry_run(operation: Operation) -> Operation | None:
    document, node, variables = operation.document.node, operation.node, operation.variables.coerced
    fields = [one for one in asked_fields(node, fragments_of(document), variables) if one.name.value == "rateLimit"]
    if not any(_is_dry(one, variables) for one in fields):
        return None
    alone = _with_fields(node, fields)
    definitions = tuple(alone if one is node else one for one in document.definitions)
    return replace(operation, document=replace(operation.document, node=DocumentNode(definitions=definitions)), node=alone)


def _with_fields(node: OperationDefinitionNode, fields: Sequence[FieldNode]) -> OperationDefinitionNode:
    return OperationDefinitionNode(
        operation=node.operation, name=node.name, variable_definitions=node.variable_definitions, directives=node.directives,
        selection_set=SelectionSetNode(selections=tuple(fields)),
    )  # fmt: skip


def _is_dry(field: FieldNode, variables: Mapping[str, Any]) -> bool:
    value = next((one.value for one in field.arguments or () if one.name.value == "dryRun"), None)
    if isinstance(value, VariableNode):
        return variables.get(value.name.value) is True
    return isinstance(value, BooleanValueNode) and value.value
