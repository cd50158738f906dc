"""Relay connections over lists in memory: keyset cursors, exact counts, bounded pages."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import strawberry

from kakehashi.graphql.context import Info
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_FIRST: Final = 100

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


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    """Relay's Connection, with the nodes themselves and the count of the whole list."""

    edges: list[Edge[NodeType]] = strawberry.field(description="The nodes of this page with their cursors.")
    nodes: list[NodeType] = strawberry.field(description="The nodes of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    total_count: int = strawberry.field(description="How many nodes the whole list has.")


def check_first(first: int) -> None:
    """An error where a page may not have so many nodes."""
    if not 0 <= first <= MAX_FIRST:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_FIRST(limit=MAX_FIRST, first=first))


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
) -> Connection[NodeType]:
    """The page of `first` records after a cursor. `key` names a record within its list, whatever else the list holds."""
    info.context.check_deadline()
    check_first(first)
    start = 0 if after is None else _place(records, key, after) + 1
    page = records[start : start + first]
    nodes = [node(record) for record in page]
    cursors = [_cursor(key(record)) for record in page]
    return Connection(
        edges=[Edge(node=one, cursor=cursor) for one, cursor in zip(nodes, cursors, strict=True)],
        nodes=nodes,
        total_count=len(records),
        page_info=PageInfo(
            has_next_page=start + len(page) < len(records),
            has_previous_page=start > 0,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
    )


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
