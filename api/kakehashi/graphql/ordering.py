"""`orderBy`: in which order lists are given, and what each field of an order looks at. What is alike stands by id."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import total_ordering
from typing import Any, Final, Generic, TypeAlias, TypeVar

import strawberry

from kakehashi.graphql.languages import choose
from kakehashi.graphql.orders import Key, Order, RecordType, Value
from kakehashi.snapshot.folding import search_form
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_FIELDS: Final = 5
TOO_MANY = Text("orderByには{limit}件まで指定できます。", "orderBy takes at most {limit} fields.")

FieldType = TypeVar("FieldType", bound=Enum)
SortValue: TypeAlias = Callable[[Any], Value]
"""What of a record a field of an order looks at."""

_DIGITS: Final = re.compile("[0-9]+")


@strawberry.enum(description="Which way round.")
class OrderDirection(Enum):
    """The two ways."""

    ASC = "asc"
    DESC = "desc"


@strawberry.enum(description="Where those stand that have no value: first or last, whichever way round the rest is.")
class NullsOrder(Enum):
    """The two places."""

    FIRST = "first"
    LAST = "last"


@strawberry.input(description="One thing to order by; what is alike in it is ordered by the next, and in the end by id.")
class OrderBy(Generic[FieldType]):
    """A field of an order."""

    field: FieldType = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="Which way round.")
    nulls: NullsOrder = strawberry.field(default=NullsOrder.LAST, description="Where those without a value stand.")

    @property
    def name(self) -> str:
        """What names it in a cursor."""
        return f"{self.field.name} {self.direction.value} {self.nulls.value}"


@strawberry.enum(description="What resources can be ordered by. Numbers in texts count as numbers: A.5.2 comes before A.5.10.")
class ResourceOrderField(Enum):
    """What resources are ordered by."""

    ID = "id"
    NOTATION = "notation"
    KIND = "kind"
    PREF_LABEL = "pref_label"
    ISSUED = "issued"


@strawberry.input(description="One thing to order resources by.")
class ResourceOrder(OrderBy[ResourceOrderField]):
    """A field of an order of resources."""


@strawberry.enum(description="What statements can be ordered by.")
class StatementOrderField(Enum):
    """What statements are ordered by."""

    ID = "id"
    PREDICATE = "predicate"
    SUBJECT = "subject"
    OBJECT = "object"
    AUTHORITY = "authority"


@strawberry.input(description="One thing to order statements by.")
class StatementOrder(OrderBy[StatementOrderField]):
    """A field of an order of statements."""


def ordered(
    name: str,
    order_by: Sequence[OrderBy[Any]],
    fields: Mapping[str, SortValue],
    identified: Callable[[Any], str],
    spoken: str = "",
) -> Order[Any]:
    """The order that an argument asks for, by a table of what its fields look at; `spoken` is the language that names are in."""
    if len(order_by) > MAX_FIELDS:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, TOO_MANY(limit=MAX_FIELDS))
    values = [fields[one.field.value] for one in order_by]
    ranks = [_RANKS[one.direction, one.nulls] for one in order_by]

    def key(record: Any) -> Key:  # noqa: ANN401 - whatever the table is of
        return (*(value(record) for value in values), identified(record))

    def comparable(found: Key) -> tuple[Any, ...]:
        return (*(rank(value) for rank, value in zip(ranks, found, strict=False)), found[-1])

    called = ", ".join(one.name for one in order_by)
    return Order(f"{name}: {called}{spoken and f' ({spoken})'}", key, comparable)


def arranged(records: Sequence[RecordType], order: Order[RecordType]) -> Sequence[RecordType]:
    """Records in an order."""
    return sorted(records, key=order.rank)


def of_resources(snapshot: Snapshot, wishes: Sequence[str]) -> Mapping[str, SortValue]:
    """What an order of resources looks at, by their ids."""
    resources, editions = snapshot.resources, snapshot.editions

    def name(one: str) -> Value:
        chosen = choose(resources[one].labels, None, wishes)
        return None if chosen is None else _counted(chosen[0].text)

    return {
        "id": lambda one: one,
        "notation": lambda one: None if (text := resources[one].notation) is None else _counted(text),
        "kind": lambda one: resources[one].kind,
        "pref_label": name,
        "issued": lambda one: day.isoformat() if one in editions and (day := editions[one].issued) is not None else None,
    }


STATEMENTS: Final[Mapping[str, SortValue]] = {
    "id": lambda one: one.id,
    "predicate": lambda one: one.predicate,
    "subject": lambda one: one.subject,
    "object": lambda one: one.object,
    "authority": lambda one: one.authority.rank,
}
"""What an order of statements looks at; the strongest authority comes first."""


def _counted(text: str) -> str:
    """A text whose numbers compare as numbers."""
    return _DIGITS.sub(lambda found: found[0].zfill(12), search_form(text))


@total_ordering
class _Turned:
    """A value the other way round."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401 - whatever compares
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turned) and self.value == other.value

    def __lt__(self, other: "_Turned") -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # type: ignore[assignment]


def _rank(direction: OrderDirection, nulls: NullsOrder) -> Callable[[Value], tuple[Any, ...]]:
    absent = 2 if nulls is NullsOrder.LAST else 0

    def rank(value: Value) -> tuple[Any, ...]:
        if value is None:
            return (absent,)
        return (1, value if direction is OrderDirection.ASC else _Turned(value))

    return rank


_RANKS: Final = {(direction, nulls): _rank(direction, nulls) for direction in OrderDirection for nulls in NullsOrder}
