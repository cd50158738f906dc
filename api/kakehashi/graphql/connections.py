"""Relay connections over sorted lists in memory: keyset cursors, exact counts, bounded pages, and nothing that is not asked for.

Lists are read forwards only (docs/decisions/0021-schema-conventions.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

import strawberry

from kakehashi.graphql.context import Info
from kakehashi.graphql.orders import Order
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_FIRST: Final = 100
MANY: Final = 2000
"""The most nodes of a page where a node costs little; the field's description says so."""

NodeType = TypeVar("NodeType")
RecordType = TypeVar("RecordType")

BAD_FIRST = Text(
    "firstは0から{limit}まででなければなりません。{first}は指定できません。",
    "first must lie between 0 and {limit}; {first} does not.",
)


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's PageInfo; lists are only read forwards."""

    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether some came before.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first node of the page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last node of the page: the next page's `after`.")


@strawberry.type(description="A node with its place in the list.")
class Edge(Generic[NodeType]):
    """Relay's Edge."""

    node: NodeType = strawberry.field(description="The node.")
    cursor: str = strawberry.field(
        description="The node's place: an opaque key that stays valid in other releases, even where the node is gone."
    )


@dataclass(frozen=True)
class Page(Generic[RecordType, NodeType]):
    """A page of a sorted list; `node` makes a record's node where it is asked for, and once."""

    records: Sequence[RecordType]
    order: Order[RecordType]
    node: Callable[[RecordType], NodeType]
    start: int
    first: int

    @cached_property
    def found(self) -> Sequence[RecordType]:
        """The records of the page."""
        return self.records[self.start : self.start + self.first]

    @cached_property
    def nodes(self) -> list[NodeType]:
        """Their nodes."""
        return [self.node(record) for record in self.found]

    @property
    def edges(self) -> list[Edge[NodeType]]:
        """The nodes with their cursors."""
        cursors = map(self.order.cursor, self.found)
        return [Edge(node=node, cursor=cursor) for node, cursor in zip(self.nodes, cursors, strict=True)]

    @property
    def info(self) -> PageInfo:
        """Where it lies."""
        return PageInfo(
            has_next_page=self.start + len(self.found) < len(self.records),
            has_previous_page=self.start > 0,
            start_cursor=self.order.cursor(self.found[0]) if self.found else None,
            end_cursor=self.order.cursor(self.found[-1]) if self.found else None,
        )


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    """Relay's Connection, with the nodes themselves and the count of the whole list."""

    page: strawberry.Private[Page[Any, Any]]

    @strawberry.field(description="The nodes of this page with their cursors.")
    def edges(self) -> list[Edge[NodeType]]:
        """The edges."""
        return self.page.edges

    @strawberry.field(description="The nodes of this page.")
    def nodes(self) -> list[NodeType]:
        """The nodes."""
        return self.page.nodes

    @strawberry.field(description="Where the page lies.")
    def page_info(self) -> PageInfo:
        """The place of the page."""
        return self.page.info

    @strawberry.field(description="How many nodes the whole list has.")
    def total_count(self) -> int:
        """The count."""
        return len(self.page.records)


def check_first(first: int, limit: int = MAX_FIRST) -> None:
    """An error where a page may not have so many nodes."""
    if not 0 <= first <= limit:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_FIRST(limit=limit, first=first))


@dataclass(frozen=True, slots=True)
class Paging:
    """The page that a question asks for, of a list that takes arguments of its own too; neither need be said."""

    first: int | None = None
    after: str | None = None
    limit: int = MAX_FIRST

    def __post_init__(self) -> None:
        if self.first is not None:
            check_first(self.first, self.limit)

    def narrowed(self, first: int, after: str | None) -> tuple[int, str | None]:
        """The smaller of the two counts, and the list's own cursor or else the question's."""
        check_first(first, self.limit)
        return min(first, first if self.first is None else self.first), self.after if after is None else after


def connect(
    info: Info,
    records: Sequence[RecordType],
    order: Order[RecordType],
    node: Callable[[RecordType], NodeType],
    first: int,
    after: str | None,
    limit: int = MAX_FIRST,
) -> Connection[NodeType]:
    """The page of `first` records after a cursor, of records that are sorted by an order."""
    info.context.check_deadline()
    check_first(first, limit)
    start = 0 if after is None else order.place_after(records, after)
    return Connection(page=Page(records, order, node, start, first))
