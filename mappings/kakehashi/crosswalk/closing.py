"""Which additions to what is had close most gaps within a budget, and what each of them and one more would be worth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from kakehashi.crosswalk.coverage import PROVED_LEVEL, by_certificate, by_things
from kakehashi.crosswalk.given import Certificate, Given, Holding, View, hold
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.joint import NOTHING, Needs, needs
from kakehashi.crosswalk.optimum import FULL, PARTIAL, Goal, Optimum, Problem, Way, best, best_addition

SECONDS: Final = 10.0
UNIT: Final = 1
"""What an addition costs where no costs are given: the budget is then a number of additions."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many additions there may be, or with costs, what they may cost together; and how many seconds the search may take.

    With costs, what has none is no candidate.
    """

    amount: int
    costs: Mapping[str, int] | None = None
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        """Refuse what nobody can spend."""
        if self.amount < 0 or any(cost < 0 for cost in (self.costs or {}).values()):
            raise ValueError("a budget and costs are not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One addition, and the requirements that it raises beside those before it."""

    addition: str
    cost: int
    full: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Closing:
    """The best additions, those that raise most first, and what they raise, in the order of the requirements.

    `unpriced` are candidates that would raise something, and are left out for they have no cost where costs are given.
    `out_of_reach` are requirements that are not FULL and that nothing recorded would raise.
    """

    problem: Problem
    optimum: Optimum
    steps: tuple[Step, ...]
    newly_full: tuple[str, ...]
    newly_partial: tuple[str, ...]
    unpriced: tuple[str, ...]
    out_of_reach: tuple[str, ...]
    seconds: float = SECONDS

    @property
    def spent(self) -> int:
        """What the additions cost together."""
        return self.problem.cost(self.optimum.chosen)

    @property
    def further(self) -> Step | None:
        """The one addition, whatever it costs, that would raise most beside the chosen ones; None where none raises anything."""
        chosen = self.optimum.chosen
        found = best_addition(self.problem, chosen)
        return None if found is None else _step(self.problem, chosen, found)

    @cached_property
    def with_one_more(self) -> Optimum:
        """The best within a budget of one more: not always the chosen ones and another."""
        return best(replace(self.problem, budget=self.problem.budget + 1), self.seconds)


def close_gaps(index: Index, requirements: Mapping[str, str | None], given: Given, view: View, budget: Budget) -> Closing:
    """The additions that make the most requirements FULL, then PARTIAL; `requirements` are mapped to their editions."""
    reach = _Reach(index, hold(index, given, view), view)
    goals = tuple(goal for one, edition in requirements.items() if (goal := reach.goal(one, edition)) is not None)
    known = Problem(goals, dict.fromkeys((*index.satisfying, *certifiable(index)), UNIT), budget.amount, not reach.cut)
    problem = known if budget.costs is None else replace(known, costs=_priced(known.candidates, budget.costs))
    optimum = best(problem, budget.seconds)
    raised = {goal.requirement: goal.reached(optimum.chosen) for goal in goals if goal.reached(optimum.chosen) > goal.level}
    return Closing(
        problem=problem, optimum=optimum, steps=tuple(_steps(problem, optimum.chosen)), seconds=budget.seconds,
        newly_full=tuple(one for one, level in raised.items() if level == FULL),
        newly_partial=tuple(one for one, level in raised.items() if level == PARTIAL),
        unpriced=tuple(one for one in known.candidates if one not in problem.costs),
        out_of_reach=tuple(goal.requirement for goal in goals if not any(goal.parts) and goal.requirement not in reach.cut),
    )  # fmt: skip


def certifiable(index: Index) -> tuple[str, ...]:
    """All that a certificate can be of and count: the schemes, and the standards that a rule or a listing names."""
    return tuple(sorted({*index.schemes, *index.same_scheme}))


def _priced(candidates: Iterable[str], costs: Mapping[str, int]) -> Mapping[str, int]:
    return {one: costs[one] for one in candidates if one in costs}


def as_given(index: Index, additions: Iterable[str]) -> Given:
    """Additions as what is given: things, and certificates without limits."""
    found = sorted(set(additions))
    return Given(
        things=frozenset(one for one in found if one in index.satisfying),
        certificates=tuple(Certificate(scheme=one, assumed=True) for one in found if one not in index.satisfying),
    )


class _Reach:
    """Who could raise which requirement, beside what is had; of the `cut` not every way to do so was looked at."""

    def __init__(self, index: Index, holding: Holding, view: View) -> None:
        self._index, self._holding, self._view = index, holding, view
        self.cut: set[str] = set()
        in_force = (one for one in holding.certificates if one.in_force(view.as_of, index.times))
        limitless = (one for one in in_force if not one.scope and one.edition is None)
        self._had = {*holding.things, *(one.scheme for one in limitless)}
        self._brought_by: dict[str, set[str]] = defaultdict(set)
        for source, links in index.brings.items():
            ended = index.times.ended(source, view.as_of)
            for link in links:
                if view.sees(link.authority) and (link.renames or not ended):
                    self._brought_by[link.target].add(source)

    def goal(self, requirement: str, edition: str | None) -> Goal | None:
        """What could raise a requirement; None where it is FULL."""
        levels = dict(self._levels(requirement))
        level = max([0, *self._present(requirement, edition, levels)])
        jointly, whole = ((), True) if level == FULL else needs(self._index, requirement, self._holding.things, self._view)
        if level == FULL or NOTHING in jointly:
            return None
        if not whole:
            self.cut.add(requirement)
        candidates: dict[str, int] = {}
        for thing, found in levels.items():
            for one in self._bringers(thing) - self._had if found > level else ():
                candidates[one] = max(found, candidates.get(one, 0))
        return Goal(
            requirement=requirement, level=level, to_full=(*alone(candidates, FULL), *map(self._way, jointly)),
            to_partial=alone(candidates, PARTIAL),
        )  # fmt: skip

    def _way(self, needed: Needs) -> Way:
        """What it takes to meet a requirement jointly, by all that brings it."""
        parts = (frozenset(one for thing in part for one in self._bringers(thing)) - self._had for part in needed)
        return tuple(sorted(parts, key=sorted))

    def _levels(self, requirement: str) -> Iterator[tuple[str, int]]:
        """What each thing, and a certificate without limits of each scheme, proves of a requirement."""
        for coverage in by_things(self._index, requirement, self._view):
            yield coverage.control, PROVED_LEVEL[coverage.status]
        for scheme in certifiable(self._index) if requirement in self._index.rules else ():
            found = by_certificate(self._index, requirement, None, Certificate(scheme=scheme), self._view)
            if found is not None:
                yield scheme, PROVED_LEVEL[found.status]

    def _present(self, requirement: str, edition: str | None, levels: Mapping[str, int]) -> Iterator[int]:
        yield from (level for one, level in levels.items() if one in self._holding.things)
        for certificate in self._holding.certificates if requirement in self._index.rules else ():
            found = by_certificate(self._index, requirement, edition, certificate, self._view)
            if found is not None:
                yield PROVED_LEVEL[found.status]

    def _bringers(self, thing: str) -> set[str]:
        """The thing and all that brings it, and can still be had."""
        found, waiting = {thing}, [thing]
        while waiting:
            fresh = self._brought_by.get(waiting.pop(), set()) - found
            found |= fresh
            waiting += fresh
        return {one for one in found if not self._index.times.ended(one, self._view.as_of)}


def alone(levels: Mapping[str, int], level: int) -> tuple[Way, ...]:
    """How candidates of some levels lead to just one level alone: any of them does."""
    found = frozenset(one for one, reached in levels.items() if reached == level)
    return ((found,),) if found else ()


def _steps(problem: Problem, chosen: Sequence[str]) -> Iterator[Step]:
    """The chosen, those that raise most beside those before first; of equals the first by id."""
    taken: list[str] = []
    while len(taken) < len(chosen):
        rest = [one for one in chosen if one not in taken]
        following = min(rest, key=lambda one: (problem.rank([*taken, one])[:2], one))
        yield _step(problem, taken, following)
        taken.append(following)


def _step(problem: Problem, before: Sequence[str], addition: str) -> Step:
    after = [*before, addition]
    rise = [(goal.requirement, goal.reached(before), goal.reached(after)) for goal in problem.goals]
    return Step(
        addition=addition, cost=problem.costs[addition],
        full=tuple(one for one, old, new in rise if old < new == FULL),
        partial=tuple(one for one, old, new in rise if old < new == PARTIAL),
    )  # fmt: skip
