"""What everything that is recorded for a requirement would do beside what is had, were it given."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kakehashi.crosswalk.coverage import PROVED_LEVEL, ControlCoverage, Status, by_rule, by_things
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.joint import lacking

FULL: Final = PROVED_LEVEL[Status.FULL]


@dataclass(frozen=True)
class Prospect:
    """A requirement in a view, and the things that are had."""

    index: Index
    requirement: str
    view: View
    had: Collection[str]

    @cached_property
    def recorded(self) -> tuple[ControlCoverage, ...]:
        """What each thing, and a certificate of each scheme, would do alone, best first; none of what has ended."""
        found = [*by_things(self.index, self.requirement, self.view), *self._certified()]
        return tuple(sorted(found, key=lambda coverage: coverage.sort_key))

    @cached_property
    def together(self) -> tuple[str, ...]:
        """A few things that together would make the requirement FULL; none where none would."""
        return lacking(self.index, self.requirement, self.had, self.view)

    def above(self, level: int) -> tuple[str, ...]:
        """The things and schemes that alone would prove more than a level, best first."""
        return tuple(one.control for one in self.recorded if PROVED_LEVEL[one.status] > level)

    def joined_above(self, level: int) -> tuple[str, ...]:
        """The things that would prove more than a level only together: told where nothing would make it FULL alone."""
        alone = any(one.status is Status.FULL for one in self.recorded)
        return () if alone or level == FULL else self.together

    @property
    def best(self) -> int:
        """The highest level that anything would prove."""
        alone = max((PROVED_LEVEL[one.status] for one in self.recorded), default=0)
        return FULL if alone < FULL and self.together else alone

    def _certified(self) -> Iterator[ControlCoverage]:
        named = {rule.scheme for rule in self.index.rules.get(self.requirement, ())}
        for scheme in sorted(one for one in named if not self.index.times.ended(one, self.view.as_of)):
            found = by_rule(self.index, self.requirement, scheme, self.view)
            if found is not None:
                yield found
