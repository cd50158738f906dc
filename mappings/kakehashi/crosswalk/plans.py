"""Licence plans in order: which includes more than which, as far as a view sees what they include."""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Plans:
    """The plans of a release in a view; `contents` are all things that whoever has a plan has by it, the plan among them."""

    contents: Mapping[str, frozenset[str]]

    def is_above(self, one: str, other: str) -> bool:
        """Whether a plan includes all that another does, and more; of a plan without contents, whether it includes the plan.

        A strict order: who has the higher plan misses nothing of the lower one.
        """
        more, less = self.contents[one] - {one}, self.contents[other] - {other}
        return less < more and (bool(less) or other in more)

    @cached_property
    def above(self) -> Mapping[str, tuple[str, ...]]:
        """The higher plans of each plan, in the order of ids."""
        plans = sorted(self.contents)
        return {one: tuple(other for other in plans if self.is_above(other, one)) for one in plans}

    def lowest(self, some: Iterable[str]) -> tuple[str, ...]:
        """Those of some plans that are above no other of them, in the order of ids."""
        found = sorted(set(some))
        return tuple(one for one in found if not any(one in self.above[other] for other in found))

    def including(self, thing: str) -> tuple[str, ...]:
        """The lowest plans that include a thing, directly or by what they include."""
        return self.lowest(plan for plan, contents in self.contents.items() if thing in contents and plan != thing)

    def upgrades(self, had: Collection[str], wanted: Container[str]) -> tuple[str, ...]:
        """For each plan that is had the lowest above it, not had itself, that would bring something wanted."""
        found: set[str] = set()
        for plan in had:
            higher = (one for one in self.above.get(plan, ()) if one not in had)
            found.update(self.lowest(one for one in higher if any(thing in wanted for thing in self.contents[one])))
        return tuple(sorted(found))
