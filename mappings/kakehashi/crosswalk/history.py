"""Which edition of a framework stood when, as far as the release dates them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter

from kakehashi.crosswalk.validity import Period, Times
from kakehashi.records.model import Edition


@dataclass(frozen=True)
class History:
    """The editions of all frameworks, and their days."""

    editions: Mapping[str, Edition]
    times: Times

    def issued(self, edition: str) -> Period | None:
        """The days that an edition may have been issued on: its own, or what a statement gives as its date."""
        known = self.editions.get(edition)
        day = None if known is None else known.issued
        return self.times.dates.get(edition) if day is None else Period(day, day)

    def first_of(self, framework: str) -> tuple[str, Period] | None:
        """A framework's first edition; None where an edition whose day is not known could be earlier."""
        mine = [one.id for one in self.editions.values() if one.framework == framework]
        dated = {one: period for one in mine if (period := self.issued(one)) is not None}
        later = {successor for one in dated for _, successor in self._successors(one)}
        if not dated or any(one not in dated and one not in later for one in mine):
            return None
        return min(dated.items(), key=lambda found: (found[1], found[0]))

    def superseding(self, edition: str, day: date) -> tuple[str, date | None] | None:
        """The newest of an edition's successors on a day, with the day of its issue; None where there was none for certain.

        A successor whose day nobody states is taken to have been there, since what it replaces.
        """
        found = sorted(self._successors(edition, day), key=itemgetter(0))
        if not found:
            return None
        newest = found[-1][1]
        issued = self.issued(newest)
        return newest, None if issued is None else issued.last

    @cached_property
    def _replaced_by(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for one in sorted(self.editions.values(), key=lambda one: one.id):
            if one.replaces:
                found[one.replaces].append(one.id)
        return found

    def _successors(self, edition: str, day: date = date.max) -> Iterator[tuple[date, str]]:
        """What replaced an edition by a day, directly or not, each after what it replaces, with the day since which it stands."""
        seen, waiting = {edition}, [(date.min, edition)]
        while waiting:
            since, replaced = waiting.pop(0)
            for one in self._replaced_by.get(replaced, ()):
                issued = self.issued(one)
                if one in seen or (issued is not None and day < issued.last):
                    continue
                seen.add(one)
                waiting.append((since if issued is None else max(since, issued.last), one))
                yield waiting[-1]
