"""Licence plans in order: which includes more than which, as far as a view sees what they include."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Plans:
    """The plans of a release in a view; `contents` are all things that whoever has a plan has by it, the plan among them."""

    contents: Mapping[str, frozenset[str]]

    @cached_property
    def above(self) -> Mapping[str, tuple[str, ...]]:
        """The higher plans of each: those that include it, directly or not, and that it does not include; in the order of ids."""
        plans = sorted(self.contents)
        return {one: tuple(other for other in plans if self._is_above(other, one)) for one in plans}

    def _is_above(self, one: str, other: str) -> bool:
        return other in self.contents[one] and one not in self.contents[other]

    def lowest(self, some: Iterable[str]) -> tuple[str, ...]:
        """Those of some plans that are above no other of them, in the order of ids."""
        found = sorted(set(some))
        return tuple(one for one in found if not any(one in self.above[other] for other in found))

    def including(self, thing: str) -> tuple[str, ...]:
        """The lowest plans that include a thing, directly or by what they include."""
        return self.lowest(plan for plan, contents in self.contents.items() if thing in contents and plan != thing)

    def upgrades(self, had: Collection[str], wanted: Callable[[str], bool]) -> tuple[str, ...]:
        """The lowest higher plans that are wanted and not had themselves.

        A plan that comes with another that is had can be exchanged for the next one only: what includes both of them is no step
        from the plan that was bought (from E3, which includes P1, to P2 or E5, and not to A5).
        """
        plans = [one for one in had if one in self.contents]
        found: set[str] = set()
        for plan in plans:
            bought = not any(other in plans for other in self.above[plan])
            higher = self.above[plan] if bought else self.lowest(self.above[plan])
            found.update(self.lowest(one for one in higher if one not in had and wanted(one)))
        return tuple(sorted(found))
