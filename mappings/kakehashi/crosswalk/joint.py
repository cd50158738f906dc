"""What several things do together: a requirement lies inside the union of some parts, and each part is met fully.

The rule is docs/decisions/0012. A step from a requirement to its parts takes one hop, so that each part has one fewer; a part may
be met jointly itself. Certificates take no part: they count for a requirement alone, and say nothing of its set.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Generic, TypeVar

from kakehashi.crosswalk.algebra import DR
from kakehashi.crosswalk.coverage import ControlCoverage, Status, by_chains, by_had, covered_by, overall
from kakehashi.crosswalk.covers import Cover
from kakehashi.crosswalk.given import Holding, View
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.validity import Lasting
from kakehashi.records.values import Authority, weakest

Needs = frozenset[frozenset[str]]
"""What it takes to meet something: one thing of each of some sets. Of no set nothing is needed; an empty set nothing can meet."""
NOTHING: Final[Needs] = frozenset()
MAX_NEEDS: Final = 256
"""More sets than that are not multiplied out: unions inside unions could have exponentially many."""


@dataclass(frozen=True, kw_only=True)
class JointCoverage:
    """A requirement that is FULL since each part of a union that it lies inside is, by one thing or jointly again."""

    cover: Cover
    parts: "tuple[ControlCoverage | JointCoverage, ...]"

    @property
    def requirement(self) -> str:
        """The requirement, which may be a part of another."""
        return self.cover.requirement

    @property
    def controls(self) -> tuple[str, ...]:
        """The things that meet it together, in the order of ids."""
        found = (part.controls if isinstance(part, JointCoverage) else (part.control,) for part in self.parts)
        return tuple(sorted({control for some in found for control in some}))

    @cached_property
    def authority(self) -> Authority:
        """The authority of the weakest statement that it rests on."""
        parts = (part.authority if isinstance(part, JointCoverage) else part.proof.authority for part in self.parts)
        return weakest([self.cover.authority, *parts])

    @property
    def sort_key(self) -> tuple[int, int, str]:
        """Best first: authority, then the fewest parts, then id."""
        return self.authority.rank, len(self.parts), self.cover.key


def met(
    index: Index, requirement: str, edition: str | None, holding: Holding, view: View
) -> tuple[tuple[ControlCoverage, ...], tuple[JointCoverage, ...], Status]:
    """What does something for a requirement alone, what meets it only together, and how far it is met."""
    covered = covered_by(index, requirement, edition, holding, view)
    status = overall(covered, len(holding))
    jointly = () if status is Status.FULL else together(index, requirement, holding, view)
    return covered, jointly, Status.FULL if jointly else status


def together(index: Index, requirement: str, holding: Holding, view: View) -> tuple[JointCoverage, ...]:
    """The ways in which things that are had meet a requirement together, best first."""
    return Meeting(index, view, lambda part, network: by_had(network, index, part, holding)).of(requirement)


def needs(index: Index, requirement: str, had: Collection[str], view: View) -> tuple[tuple[Needs, ...], bool]:
    """For each union that a requirement lies inside, what it takes beside what is had; unions that nothing meets are left out.

    And whether these are all the ways: of too many alternatives within a part, some are not looked at.
    """
    missing = _Missing(index, view, frozenset(had))
    found = missing.ways(requirement, index.engine.network(view.authorities, view.hops))
    return found, not missing.cut


def lacking(index: Index, requirement: str, had: Collection[str], view: View) -> tuple[str, ...]:
    """A few things that together would make a requirement FULL beside what is had, in the order of ids; none where none would."""
    found = (_some_of_each(one) for one in needs(index, requirement, had, view)[0])
    return min(found, key=lambda some: (len(some), some), default=())


_Way = TypeVar("_Way")


@dataclass(frozen=True)
class _Covers(Generic[_Way]):
    """The covers that count in a view, and what they give, each looked at once: parts of one union may be in many others."""

    index: Index
    view: View
    _found: dict[tuple[str, int], tuple[_Way, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def ways(self, requirement: str, network: Network) -> tuple[_Way, ...]:
        """What the unions that a requirement lies inside give, by chains as long as in a network."""
        key = requirement, network.hops
        if key not in self._found:
            self._found[key] = self._ways(requirement, network)
        return self._found[key]

    @abstractmethod
    def _ways(self, requirement: str, network: Network) -> tuple[_Way, ...]:
        """The same, worked out."""

    def counting(self, requirement: str, network: Network) -> Iterator[Cover]:
        """The covers of a requirement that may be used where chains are as long as in a network."""
        covers = self.index.covers.get(requirement, ()) if network.hops > 1 else ()
        return (cover for cover in covers if cover.authorities <= self.view.authorities and not self._refused(cover))

    def _refused(self, cover: Cover) -> bool:
        """Whether rows that are no weaker contradict it: one of its own was set aside, or it shares nothing with any part."""
        engine, hops = self.index.engine, self.view.hops
        if not cover.statements.isdisjoint(engine.acceptance(hops).refused):
            return True
        network: Network = engine.network(frozenset(one for one in Authority if one.rank <= cover.authority.rank), hops)
        return all(network.known(cover.requirement, part) == DR for part in cover.parts)


@dataclass(frozen=True)
class Meeting(_Covers[JointCoverage]):
    """What is met together by some things or provisions; `alone` says what does something for a part by a network's chains."""

    alone: Callable[[str, Network], Iterable[ControlCoverage]]

    def of(self, requirement: str) -> tuple[JointCoverage, ...]:
        """The ways in which they meet a requirement together, best first."""
        return self.ways(requirement, self.index.engine.network(self.view.authorities, self.view.hops))

    def _ways(self, requirement: str, network: Network) -> tuple[JointCoverage, ...]:
        found = (self._by(cover, network.shorter) for cover in self.counting(requirement, network))
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.sort_key))

    def _by(self, cover: Cover, network: Network) -> JointCoverage | None:
        parts: list[ControlCoverage | JointCoverage] = []
        for part in cover.parts:
            best = self._best(part, network)
            if best is None:
                return None
            parts.append(best)
        return JointCoverage(cover=cover, parts=tuple(parts))

    def _best(self, part: str, network: Network) -> ControlCoverage | JointCoverage | None:
        """The best that meets a part fully alone, or else the best way in which some do."""
        alone = (one for one in self.alone(part, network) if one.status is Status.FULL)
        best = min(alone, key=lambda one: one.sort_key, default=None)
        return best or next(iter(self.ways(part, network)), None)


@dataclass(frozen=True)
class _Missing(_Covers[Needs]):
    """What would be met by things that are not had; `cut` are the provisions of which not all alternatives were looked at."""

    had: frozenset[str]
    cut: set[str] = field(default_factory=set)

    def _ways(self, requirement: str, network: Network) -> tuple[Needs, ...]:
        found = (self._all_parts(cover, network.shorter) for cover in self.counting(requirement, network))
        return tuple(one for one in dict.fromkeys(found) if frozenset() not in one)

    def _all_parts(self, cover: Cover, network: Network) -> Needs:
        return _smallest(need for part in cover.parts for need in self._part(part, network))

    def _part(self, part: str, network: Network) -> Needs:
        """What it takes to meet a part: one of the things that do so alone, or what any of its own unions takes."""
        found = by_chains(network, self.index, part, Lasting(self.index.times, self.view.as_of))
        alone = frozenset(one.control for one in found if one.status is Status.FULL)
        if not alone.isdisjoint(self.had):
            return NOTHING
        needed: Needs = frozenset([alone])
        for way in self.ways(part, network):
            if len(needed) > 1 and len(needed) * len(way) > MAX_NEEDS:
                self.cut.add(part)
            else:
                needed = _either(needed, way)
        return needed


def _either(one: Needs, other: Needs) -> Needs:
    """What it takes to meet one or the other: of each two sets something that is in either."""
    return _smallest(a | b for a in one for b in other)


def _smallest(found: Iterable[frozenset[str]]) -> Needs:
    """Those that hold no other: whatever is of the smaller is of the larger. Of very many all, for looking would take long."""
    some, kept = frozenset(found), list[frozenset[str]]()
    if len(some) > MAX_NEEDS:
        return some
    for one in sorted(some, key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
    return frozenset(kept)


def _some_of_each(found: Needs) -> tuple[str, ...]:
    """Things of which each set has one: what there is no choice about, then always the one that is in most sets that are left.

    Of equals the first by id; of very many sets the first of each, for looking would take long.
    """
    chosen = {thing for one in found if len(one) == 1 for thing in one}
    left = [one for one in found if chosen.isdisjoint(one)]
    while 0 < len(left) <= MAX_NEEDS:
        counts = Counter(thing for one in left for thing in one)
        most = min(counts, key=lambda thing: (-counts[thing], thing))
        chosen.add(most)
        left = [one for one in left if most not in one]
    return tuple(sorted(chosen.union(map(min, left))))
