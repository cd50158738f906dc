"""What became of what a source describes, as other sources state it: the events that bear on it, and what took its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kakehashi.crosswalk.given import View
from kakehashi.records.model import Statement

DATE: Final = "date"
EFFECT: Final = "effect"
VALID_FROM: Final = "valid-from"
VALID_TO: Final = "valid-to"
HAS_NAME: Final = "has-name"

Statements = Mapping[str, Sequence[Statement]]


class Change(StrEnum):
    """What sort of change a statement tells of."""

    EVENT = "event"
    REPLACED = "replaced"
    RENAMED = "renamed"
    RENUMBERED = "renumbered"
    CONTINUED = "continued"
    """Something else goes on with it, or does what it did."""


_BY_OBJECT: Final[Mapping[str, Change]] = {
    "affects": Change.EVENT, "dates": Change.EVENT, "replaces": Change.REPLACED, "revises": Change.REPLACED,
}  # fmt: skip
"""Statements of which the thing that changed is the object."""
_BY_SUBJECT: Final[Mapping[str, Change]] = {
    "renamed-to": Change.RENAMED, "renumbered-as": Change.RENUMBERED, "became": Change.CONTINUED,
    "continued-as": Change.CONTINUED, "superseded-by": Change.CONTINUED,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One change of a thing; `other` is the event, or what took its place. `date` is a day, a month or a year, as stated."""

    thing: str
    kind: Change
    other: str
    statement: str
    date: str | None = None
    effects: tuple[Statement, ...] = ()

    @property
    def sort_key(self) -> tuple[str, str, str, str]:
        """In the order of time; what has no date comes last."""
        return (self.date or "~", self.thing, self.kind, self.statement)


def changes(things: Iterable[str], source: str, outgoing: Statements, incoming: Statements, view: View) -> tuple[Changed, ...]:
    """What other sources than the one that describes some things say became of them, in the order of time."""
    told = _Told(outgoing, incoming, source, view)
    return tuple(sorted((one for thing in things for one in told.of(thing)), key=lambda one: one.sort_key))


@dataclass(frozen=True, slots=True)
class _Told:
    outgoing: Statements
    incoming: Statements
    source: str
    view: View

    def of(self, thing: str) -> Iterator[Changed]:
        for one in self._stated(self.incoming, thing):
            if one.predicate in _BY_OBJECT:
                yield self._changed(thing, _BY_OBJECT[one.predicate], one.subject, one)
        for one in self._stated(self.outgoing, thing):
            if one.predicate in _BY_SUBJECT and one.object:
                yield self._changed(thing, _BY_SUBJECT[one.predicate], one.object, one)

    def _changed(self, thing: str, kind: Change, other: str, statement: Statement) -> Changed:
        return Changed(
            thing=thing, kind=kind, other=other, statement=statement.id,
            date=self._since(thing) if kind is Change.RENAMED else self._value(other, DATE),
            effects=tuple(one for one in self._stated(self.outgoing, other) if one.predicate == EFFECT and one.value),
        )  # fmt: skip

    def _since(self, thing: str) -> str | None:
        """Since when it has the name of today: the one of its names that has no end."""
        names = [one.object for one in self._stated(self.outgoing, thing) if one.predicate == HAS_NAME and one.object]
        present = [name for name in names if self._value(name, VALID_TO) is None]
        return self._value(present[0], VALID_FROM) if len(present) == 1 else None

    def _value(self, subject: str, predicate: str) -> str | None:
        values = (one.value for one in self._stated(self.outgoing, subject) if one.predicate == predicate)
        return next((value.text for value in values if value is not None), None)

    def _stated(self, statements: Statements, end: str) -> Iterator[Statement]:
        return (one for one in statements.get(end, ()) if one.source != self.source and self.view.sees(one.authority))
