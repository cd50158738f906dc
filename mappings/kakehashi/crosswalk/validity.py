"""When things end, editions are issued and certificates lapse, as the release states it.

These are facts of time and not rows: they are read whatever a view sees, for what has ended does not come back because a question
leaves out whoever says so, and on wider authority nothing that was proved may be lost (docs/decisions/0013).
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from kakehashi.records.model import Statement
from kakehashi.records.values import Certainty

READ: Final = frozenset({Certainty.PRINTED, Certainty.VERIFIED, Certainty.SECONDARY})
"""What somebody read in a source. What is only recalled or inferred ends nothing."""

_ENDS: Final = "valid-to"
_LAPSES: Final = "certificates-lapse-on"
_DATES: Final = "date"
_WRITTEN: Final = re.compile(r"\d{4}(-\d{2}){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days that a published date may mean: one day, or all of a month or a year."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What is known of when: each thing's end, the end of all certificates against an edition, the dates of anything."""

    ends: Mapping[str, Period] = field(default_factory=dict)
    lapses: Mapping[str, Period] = field(default_factory=dict)
    dates: Mapping[str, Period] = field(default_factory=dict)

    def ended(self, thing: str, day: date) -> bool:
        """Whether a thing's end lies before a day for certain; on its last day it is still there."""
        end = self.ends.get(thing)
        return end is not None and end.last < day

    def lapsed(self, edition: str | None, day: date) -> bool:
        """Whether no certificate against an edition is in force any more."""
        lapse = self.lapses.get(edition or "")
        return lapse is not None and lapse.last < day


@dataclass(frozen=True, slots=True)
class Lasting:
    """Whatever has not ended before a day."""

    times: Times
    day: date

    def __contains__(self, thing: object) -> bool:
        """Whether something has not."""
        return not (isinstance(thing, str) and self.times.ended(thing, self.day))


def times_of(statements: Iterable[Statement]) -> Times:
    """The times that a release states; of several ends of one thing the latest, for until then somebody says that it is there."""
    found: dict[str, dict[str, Period]] = {_ENDS: {}, _LAPSES: {}, _DATES: {}}
    for statement in statements:
        of_kind = found.get(statement.predicate)
        if of_kind is None or statement.value is None or statement.certainty not in READ:
            continue
        period = period_of(statement.value.text)
        if period is not None:
            of_kind[statement.subject] = max(period, of_kind.get(statement.subject, period), key=lambda one: one.last)
    return Times(ends=found[_ENDS], lapses=found[_LAPSES], dates=found[_DATES])


def period_of(text: str) -> Period | None:
    """The days that YYYY, YYYY-MM or YYYY-MM-DD may mean; None where a text is none of these."""
    if not _WRITTEN.fullmatch(text):
        return None
    year, month, day = (*map(int, text.split("-")), None, None)[:3]
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day is not None:
        return Period(first, first)
    last_month = month or 12
    return Period(first, date(first.year, last_month, monthrange(first.year, last_month)[1]))
