"""Conditions on the values of a record, and how `and`, `or` and `not` join them: what every filter is made of.

A filter is a table: each of its fields names what it looks at. A filter's size is bounded, since every record is held against it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from operator import eq
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

import strawberry

from kakehashi.snapshot.folding import search_form
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_DEPTH: Final = 5
MAX_CONDITIONS: Final = 100
MAX_VALUES: Final = 1000
_FOLDED: Final = lru_cache(maxsize=32768)(search_form)
"""Filters look at the same names again and again."""
_JOINING: Final = frozenset({"and_", "or_", "not_"})

TOO_DEEP = Text("filterの入れ子は{limit}段までです。", "A filter may be nested {limit} deep.")
TOO_LARGE = Text(
    "filterには条件を{conditions}個まで、値を{values}個まで指定できます。",
    "A filter takes at most {conditions} conditions and {values} values.",
)

ChoiceType = TypeVar("ChoiceType")
Test: TypeAlias = Callable[[Any], bool]
Values: TypeAlias = Callable[[Any], Iterable[Any]]
"""What of a record a condition looks at; the condition holds where it holds of one of them, and never where there is none."""


@dataclass(frozen=True, slots=True)
class Within:
    """What of a record a filter of its own looks at, and what that one's fields look at."""

    values: Values
    table: "Table"


Table: TypeAlias = Mapping[str, Values | Within]
"""What each field of a filter looks at, by the field's name."""


@runtime_checkable
class Condition(Protocol):
    """Something that a value is held against."""

    def tests(self) -> Iterator[Test]:
        """The tests that it stands for."""

    def size(self) -> int:
        """How many values it names."""


@strawberry.input(description="Conditions on an id or a word of the vocabulary, all of which must hold. It is compared as it is.")
class IdCondition:
    """A condition on an id."""

    eq: strawberry.ID | None = strawberry.field(default=None, description="It is this one.")
    in_: list[strawberry.ID] | None = strawberry.field(default=None, name="in", description="It is one of these.")
    contains: str | None = strawberry.field(default=None, description="It holds this.")
    starts_with: str | None = strawberry.field(default=None, description="It begins with this.")

    def tests(self) -> Iterator[Test]:
        """The tests."""
        return _textual(self, str)

    def size(self) -> int:
        """The values."""
        return len(self.in_ or ()) + 1


@strawberry.input(
    description="Conditions on a text, all of which must hold. Width, case, and the two kinds of kana make no difference."
)
class TextCondition:
    """A condition on a text."""

    eq: str | None = strawberry.field(default=None, description="It is this one.")
    in_: list[str] | None = strawberry.field(default=None, name="in", description="It is one of these.")
    contains: str | None = strawberry.field(default=None, description="It holds this.")
    starts_with: str | None = strawberry.field(default=None, description="It begins with this.")

    def tests(self) -> Iterator[Test]:
        """The tests."""
        return _textual(self, _FOLDED)

    def size(self) -> int:
        """The values."""
        return len(self.in_ or ()) + 1


@strawberry.input(description="Conditions on a value of a list, all of which must hold.")
class Choice(Generic[ChoiceType]):
    """A condition on a value of an enum."""

    eq: ChoiceType | None = strawberry.field(default=None, description="It is this one.")
    in_: list[ChoiceType] | None = strawberry.field(default=None, name="in", description="It is one of these.")

    def tests(self) -> Iterator[Test]:
        """The tests."""
        if self.eq is not None:
            yield partial(eq, self.eq)
        if self.in_ is not None:
            yield frozenset(self.in_).__contains__

    def size(self) -> int:
        """The values."""
        return len(self.in_ or ()) + 1


@strawberry.input(description="A condition on what is true or false.")
class Truth:
    """A condition on a boolean."""

    eq: bool = strawberry.field(description="It is so.")

    def tests(self) -> Iterator[Test]:
        """The tests."""
        yield lambda value: value is self.eq

    def size(self) -> int:
        """The values."""
        return 1


def sieve_of(wanted: Any, table: Table) -> Test:  # noqa: ANN401 - any filter
    """The test that a filter stands for; an error where it is too deep or too large. No filter lets everything pass."""
    if wanted is None:
        return lambda _: True
    conditions, values = _measured(wanted, MAX_DEPTH)
    if conditions > MAX_CONDITIONS or values > MAX_VALUES:
        told = TOO_LARGE(conditions=MAX_CONDITIONS, values=MAX_VALUES)
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, told)
    return _joined(wanted, table)


def _measured(wanted: Any, depth: int) -> tuple[int, int]:  # noqa: ANN401
    """How many conditions a filter has, and how many values they name."""
    if depth == 0:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, TOO_DEEP(limit=MAX_DEPTH))
    own = [one for _, one in _fields(wanted)]
    inner = [_measured(one, depth - 1) for one in (*_parts(wanted), *(one for one in own if not isinstance(one, Condition)))]
    simple = [one.size() for one in own if isinstance(one, Condition)]
    return len(simple) + sum(one for one, _ in inner) + 1, sum(simple) + sum(one for _, one in inner)


def _joined(wanted: Any, table: Table) -> Test:  # noqa: ANN401
    tests = [_of_field(condition, table[name]) for name, condition in _fields(wanted)]
    tests += [_joined(one, table) for one in wanted.and_ or ()]
    if wanted.or_ is not None:
        tests.append(_any([_joined(one, table) for one in wanted.or_]))
    if wanted.not_ is not None:
        refused = _joined(wanted.not_, table)
        tests.append(lambda record: not refused(record))
    return _all(tests)


def _of_field(condition: Any, looks_at: Values | Within) -> Test:  # noqa: ANN401
    if isinstance(looks_at, Within):
        values, holds = looks_at.values, _joined(condition, looks_at.table)
    else:
        values, holds = looks_at, _all(list(condition.tests()))
    return lambda record: any(holds(value) for value in values(record))


def _fields(wanted: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """The fields of a filter that are said, less those that join others."""
    named = ((one.name, getattr(wanted, one.name)) for one in fields(wanted) if one.name not in _JOINING)
    return ((name, value) for name, value in named if value is not None)


def _parts(wanted: Any) -> Iterator[Any]:  # noqa: ANN401
    yield from (*(wanted.and_ or ()), *(wanted.or_ or ()))
    if wanted.not_ is not None:
        yield wanted.not_


def _all(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)


def _any(tests: Sequence[Test]) -> Test:
    return lambda record: any(test(record) for test in tests)


def _textual(condition: IdCondition | TextCondition, fold: Callable[[str], str]) -> Iterator[Test]:
    if condition.eq is not None:
        yield partial(_equal, fold, fold(condition.eq))
    if condition.in_ is not None:
        yield partial(_among, fold, frozenset(map(fold, condition.in_)))
    if condition.contains is not None:
        yield partial(_holding, fold, fold(condition.contains))
    if condition.starts_with is not None:
        yield partial(_beginning, fold, fold(condition.starts_with))


def _equal(fold: Callable[[str], str], wanted: str, value: str) -> bool:
    return fold(value) == wanted


def _among(fold: Callable[[str], str], wanted: frozenset[str], value: str) -> bool:
    return fold(value) in wanted


def _holding(fold: Callable[[str], str], wanted: str, value: str) -> bool:
    return wanted in fold(value)


def _beginning(fold: Callable[[str], str], wanted: str, value: str) -> bool:
    return fold(value).startswith(wanted)
