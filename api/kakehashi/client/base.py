"""What the records of questions and answers have in common."""

from typing import Any, ClassVar, Generic, TypeVar

import msgspec

AnswerType = TypeVar("AnswerType")
RowType = TypeVar("RowType")


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the API answers; members that it gains later are passed over."""


class PageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class Page(msgspec.Struct, Generic[RowType], frozen=True, kw_only=True, rename="camel"):
    """A page of a list; `total_count` is that of the whole list."""

    total_count: int
    page_info: PageInfo | None = None
    nodes: tuple[RowType, ...]


class Input(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A part of a question."""


class Question(msgspec.Struct, Generic[AnswerType], frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A question: `path` is where it is asked, by POST where it is `posted`, and `answered` what comes back."""

    path: ClassVar[str]
    posted: ClassVar[bool] = False
    answered: ClassVar[type[Any]]


class Listing(Question[AnswerType], Generic[AnswerType, RowType], frozen=True, kw_only=True):
    """A question that is answered page by page; `pages` leads to the list in its answer."""

    pages: ClassVar[tuple[str, ...]]
