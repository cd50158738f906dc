"""Relay connections over lists in memory: keyset cursors, exact counts, bounded pages."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

import strawberry

from kakehashi.graphql.context import Info
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_FIRST: Final = 100
MANY: Final = 2000
"""The limit of lists whose nodes are cheap; the cost of an operation counts them."""

NodeType = TypeVar("NodeType")
RecordType = TypeVar("RecordType")

BAD_FIRST = Text(
    "firstは0から{limit}まででなければなりません。{first}は指定できません。",
    "first must lie between 0 and {limit}; {first} does not.",
)
BAD_CURSOR = Text(
    "カーソル「{cursor}」はこの一覧のものではありません。前のページのendCursorを指定してください。",
    "The cursor '{cursor}' is not one of this list. Give the endCursor of the page before.",
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
    cursor: str = strawberry.field(description="The node's place: an opaque key that stays valid while the node is listed.")


@dataclass(frozen=True, slots=True)
class Page(Generic[NodeType]):
    """A page of records before any node of it is made."""

    records: Sequence[Any]
    start: int
    total: int
    key: Callable[[Any], str]
    node: Callable[[Any], NodeType]


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    """Relay's Connection, with the nodes themselves and the count of the whole list. What is not asked for is not made."""

    page: strawberry.Private[Page[NodeType]]

    @strawberry.field(description="The nodes of this page with their cursors.")
    def edges(self) -> list[Edge[NodeType]]:
        """The nodes and their places."""
        cursors = (_cursor(self.page.key(record)) for record in self.page.records)
        return [Edge(node=node, cursor=cursor) for node, cursor in zip(self._nodes, cursors, strict=True)]

    @strawberry.field(description="The nodes of this page.")
    def nodes(self) -> list[NodeType]:
        """The nodes."""
        return self._nodes

    @strawberry.field(description="Where the page lies.")
    def page_info(self) -> PageInfo:
        """The page's place."""
        page = self.page
        ends = [_cursor(page.key(page.records[end])) for end in (0, -1)] if page.records else [None, None]
        return PageInfo(
            has_next_page=page.start + len(page.records) < page.total,
            has_previous_page=page.start > 0,
            start_cursor=ends[0],
            end_cursor=ends[1],
        )

    @strawberry.field(description="How many nodes the whole list has.")
    def total_count(self) -> int:
        """The count."""
        return self.page.total

    @cached_property
    def _nodes(self) -> list[NodeType]:
        """Made once, whether they are asked for with their cursors, without, or both."""
        return [self.page.node(record) for record in self.page.records]


def check_first(first: int, limit: int = MAX_FIRST) -> None:
    """An error where a page may not have so many nodes."""
    if not 0 <= first <= limit:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_FIRST(limit=limit, first=first))


@dataclass(frozen=True, slots=True)
class Paging:
    """The page that a question asks for, of a list that takes arguments of its own too."""

    first: int
    after: str | None

    def __post_init__(self) -> None:
        check_first(self.first)

    def narrowed(self, first: int, after: str | None) -> "Paging":
        """The smaller of the two counts, after the list's own cursor or else the question's."""
        check_first(first)
        return Paging(min(first, self.first), self.after if after is None else after)


def connect(
    info: Info,
    records: Sequence[RecordType],
    key: Callable[[RecordType], str],
    node: Callable[[RecordType], NodeType],
    first: int,
    after: str | None,
    limit: int = MAX_FIRST,
) -> Connection[NodeType]:
    """The page of `first` records after a cursor, of which there may be up to `limit`.

    `key` names a record within its list, whatever else the list holds; of resources and statements it is the id.
    """
    info.context.check_deadline()
    check_first(first, limit)
    start = 0 if after is None else _place(records, key, after) + 1
    return Connection(page=Page(records[start : start + first], start, len(records), key, node))


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _place(records: Sequence[RecordType], key: Callable[[RecordType], str], cursor: str) -> int:
    try:
        wanted = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        wanted = None
    for place, record in enumerate(records):
        if key(record) == wanted:
            return place
    raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_CURSOR(cursor=cursor[:80]))
