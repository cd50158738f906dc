"""Which edition of a framework stood when, as far as the release dates them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

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
        later = {successor for one in dated for successor in self._successors(one)}
        if not dated or any(one not in dated and one not in later for one in mine):
            return None
        return min(dated.items(), key=lambda found: (found[1], found[0]))

    def superseding(self, edition: str, day: date) -> tuple[str, date | None] | None:
        """The newest of an edition's successors on a day, with the day of its issue; None where there was none for certain.

        A successor whose day nobody states is taken to have been there.
        """
        newest: tuple[str, date | None] | None = None
        for one in self._successors(edition):
            issued = self.issued(one)
            if issued is not None and day < issued.last:
                break
            newest = one, None if issued is None else issued.last
        return newest

    @cached_property
    def _replaced_by(self) -> Mapping[str, str]:
        return {one.replaces: one.id for one in self.editions.values() if one.replaces}

    def _successors(self, edition: str) -> Iterator[str]:
        seen = {edition}
        following = self._replaced_by.get(edition)
        while following is not None and following not in seen:
            yield following
            seen.add(following)
            following = self._replaced_by.get(following)
