"""Lists of resources and of statements with what is asked of them: a filter, an order, a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from kakehashi.graphql import filters, ordering
from kakehashi.graphql.conditions import sieve_of
from kakehashi.graphql.connections import MAX_FIRST, Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.filters import ResourceFilter
from kakehashi.graphql.ordering import ResourceOrder, StatementOrder, arranged, ordered
from kakehashi.graphql.orders import Order, by_text
from kakehashi.records.model import Statement
from kakehashi.snapshot.model import reading_order

NodeType = TypeVar("NodeType")

BY_ID: Final[Order[Any]] = Order("by id", lambda one: (one.id,))
READING_ORDER: Final[Order[Statement]] = Order("statements", reading_order)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of resources by their ids, with what is asked of it: in its own order unless another is asked for."""

    name: str
    ids: Sequence[str]
    filter: ResourceFilter | None = None
    order_by: list[ResourceOrder] | None = None
    order: Order[str] | None = None
    limit: int = MAX_FIRST

    def page(self, info: Info, node: Callable[[str], NodeType], first: int, after: str | None) -> Connection[NodeType]:
        """A page of it."""
        found, order = self.ids, self.order or by_text(self.name)
        if self.filter is not None:
            holds = sieve_of(self.filter, filters.of_resources(info.context.snapshot))
            found = [one for one in found if holds(one)]
        if self.order_by:
            wishes = info.context.wishes
            fields = ordering.of_resources(info.context.snapshot, wishes)
            order = ordered(self.name, self.order_by, fields, str, " ".join(wishes))
            found = arranged(found, order)
        return connect(info, found, order, node, first, after, self.limit)


def statement_page(  # noqa: PLR0913, PLR0917 - the arguments are the schema's
    info: Info,
    found: Sequence[Statement],
    order_by: Sequence[StatementOrder] | None,
    node: Callable[[Statement], NodeType],
    paging: tuple[int, str | None],
    order: Order[Statement] = BY_ID,
) -> Connection[NodeType]:
    """A page of statements, in their own order unless another is asked for."""
    if order_by:
        order = ordered("statements", order_by, ordering.STATEMENTS, lambda one: one.id)
        found = arranged(found, order)
    return connect(info, found, order, node, *paging)
