"""How a list is ordered, and the cursors that name a place in that order whatever the list holds by then.

A cursor is the sort values of a record, with the name of the order (docs/decisions/0021-schema-conventions.md).
"""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

Value: TypeAlias = str | int | float | bool | None
Key: TypeAlias = tuple[Value, ...]

RecordType = TypeVar("RecordType")

MAX_CURSOR: Final = 4000
SHOWN: Final = 80

BAD_CURSOR = Text(
    "カーソル「{cursor}」はこの一覧のものではありません。前のページのendCursorを指定してください。",
    "The cursor '{cursor}' is not one of this list. Give the endCursor of the page before.",
)
OTHER_ORDER = Text(
    "カーソル「{cursor}」は別の一覧又は並び順({of})のものです。同じ一覧を同じ並び順で続けてください(この一覧は{here})。",
    "The cursor '{cursor}' is of another list or order ({of}). Go on in the same list and order (this is {here}).",
)

_DECODER: Final = msgspec.json.Decoder(list[Value])
_ENCODER: Final = msgspec.json.Encoder()


def _as_is(key: Key) -> Any:  # noqa: ANN401 - whatever compares
    return key


def _stays(_: str) -> Key | None:
    return None


@dataclass(frozen=True, slots=True)
class Order(Generic[RecordType]):
    """The order of a list: its name, and each record's sort values, the last of which is the record's id within the list.

    `comparable` makes of sort values what compares in this order. `now` tells the sort values that an id has today, where they
    are a place among others and may have moved; None where the id has gone.
    """

    name: str
    key: Callable[[RecordType], Key]
    comparable: Callable[[Key], Any] = _as_is
    now: Callable[[str], Key | None] = _stays

    def rank(self, record: RecordType) -> Any:  # noqa: ANN401 - whatever compares
        """What records are sorted by."""
        return self.comparable(self.key(record))

    def cursor(self, record: RecordType) -> str:
        """The place of a record."""
        return base64.urlsafe_b64encode(_ENCODER.encode([self.name, *self.key(record)])).decode().rstrip("=")

    def place_after(self, records: Sequence[RecordType], cursor: str) -> int:
        """Where in a sorted list the first record stands that comes after a cursor, whether its own record is there or not."""
        wanted = self._read(cursor)
        moved = self.now(str(wanted[-1]))
        try:
            return bisect_right(records, self.comparable(wanted if moved is None else moved), key=self.rank)
        except TypeError as error:  # its values are not of the kinds that this list is sorted by
            raise _bad(BAD_CURSOR, cursor) from error

    def _read(self, cursor: str) -> Key:
        if len(cursor) > MAX_CURSOR:
            raise _bad(BAD_CURSOR, cursor)
        try:
            name, *values = _DECODER.decode(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        except (binascii.Error, ValueError) as error:
            raise _bad(BAD_CURSOR, cursor) from error
        if not values:
            raise _bad(BAD_CURSOR, cursor)
        if name != self.name:
            raise _bad(OTHER_ORDER, cursor, of=str(name)[:SHOWN], here=self.name)
        return tuple(values)


def by_text(name: str) -> Order[str]:
    """The order of a list of ids by themselves."""
    return Order(name, lambda one: (one,))


def placed(name: str, everything: Iterable[RecordType], identified: Callable[[RecordType], str]) -> Order[RecordType]:
    """The order in which all records of a list stand, as a publisher prints them or an answer ranks them.

    A record that has moved since its cursor was made is found where it stands now; one that has gone, where it stood.
    """

    @cache
    def places() -> dict[str, int]:
        return {identified(one): place for place, one in enumerate(everything)}

    def now(identifier: str) -> Key | None:
        place = places().get(identifier)
        return None if place is None else (place, identifier)

    return Order(name, lambda record: (places()[identified(record)], identified(record)), now=now)


def _bad(text: Text, cursor: str, **told: str) -> KakehashiError:
    return KakehashiError(ErrorCode.BAD_USER_INPUT, text(cursor=cursor[:SHOWN], **told))
