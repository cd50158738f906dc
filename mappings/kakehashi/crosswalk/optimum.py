"""Which candidates raise the most requirements within a budget: exactly, by an integer programme.

What is best is decided in stages: the most newly FULL, the most newly PARTIAL, the fewest additions, the lowest cost, the first
by id. Each stage is a programme of its own that keeps the values of those before: one programme with weights for all would need
coefficients that the solver's tolerances cannot tell apart. Only ids are weighed, by powers of two and few at a time.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.sparse import coo_array

from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status

FULL: Final = PROVED_LEVEL[Status.FULL]
PARTIAL: Final = PROVED_LEVEL[Status.PARTIAL]

Way = tuple[frozenset[str], ...]
"""Parts of which each needs one of its candidates: a rule by which several things do together what none does alone has several
parts, and what any of some candidates does alone is a way of one part."""


class Stage(StrEnum):
    """What is decided, one after the other."""

    FULL = "full"
    PARTIAL = "partial"
    FEWEST = "fewest"
    CHEAPEST = "cheapest"
    FIRST_BY_ID = "first-by-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A requirement that is not FULL, its proved level, and the ways to raise it to just FULL and to just PARTIAL."""

    requirement: str
    level: int
    to_full: tuple[Way, ...] = ()
    to_partial: tuple[Way, ...] = ()

    def reached(self, chosen: Collection[str]) -> int:
        """The level that some candidates bring it to."""
        if _holds(self.to_full, chosen):
            return FULL
        return PARTIAL if self.level or _holds(self.to_partial, chosen) else 0

    @property
    def parts(self) -> Iterator[frozenset[str]]:
        """All parts of all ways."""
        return (part for way in (*self.to_full, *self.to_partial) for part in way)


def _holds(ways: Iterable[Way], chosen: Collection[str]) -> bool:
    return any(all(not part.isdisjoint(chosen) for part in way) for way in ways)


@dataclass(frozen=True, slots=True)
class Gain:
    """How many requirements become FULL, and how many PARTIAL that were neither."""

    full: int = 0
    partial: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """What orders gains."""
        return self.full, self.partial


@dataclass(frozen=True)
class Problem:
    """Who could raise what, at what cost, within what budget. What has no cost is no candidate.

    `whole` where its goals hold all their ways; nothing is proved to be the best where they do not.
    """

    goals: tuple[Goal, ...]
    costs: Mapping[str, int]
    budget: int
    whole: bool = True

    @cached_property
    def candidates(self) -> tuple[str, ...]:
        """What could raise anything, whatever it costs, in the order of ids."""
        return tuple(sorted({one for goal in self.goals for part in goal.parts for one in part if one in self.costs}))

    @cached_property
    def raised_by(self) -> Mapping[str, tuple[Goal, ...]]:
        """The goals that each candidate has a part in."""
        found: dict[str, list[Goal]] = defaultdict(list)
        for goal in self.goals:
            for one in {one for part in goal.parts for one in part}:
                found[one].append(goal)
        return {one: tuple(goals) for one, goals in found.items()}

    def gain(self, chosen: Collection[str]) -> Gain:
        """What some candidates raise."""
        reached = [(goal.level, goal.reached(chosen)) for goal in self.goals]
        return Gain(sum(new == FULL for _, new in reached), sum(old < new == PARTIAL for old, new in reached))

    def cost(self, chosen: Iterable[str]) -> int:
        """What some candidates cost together."""
        return sum(self.costs[one] for one in chosen)

    def rank(self, chosen: Collection[str]) -> tuple[int, int, int, int, tuple[str, ...]]:
        """The lower, the better: the stages in their order."""
        gain = self.gain(chosen)
        return -gain.full, -gain.partial, len(chosen), self.cost(chosen), tuple(sorted(chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """The best set that was found, in the order of ids, what it raises, and how far it is proved to be the best.

    `unproved` are the stages that the time did not suffice for; `at_most` bounds what any set within the budget raises: as many
    FULL, and with that many FULL as many PARTIAL.
    """

    chosen: tuple[str, ...]
    gain: Gain
    at_most: Gain
    unproved: tuple[Stage, ...] = ()


def greedy(problem: Problem) -> tuple[str, ...]:
    """The set that is found by always adding what raises most and can be paid, the cheapest and first by id of equals."""
    chosen: list[str] = []
    while (further := best_addition(problem, chosen, problem.budget - problem.cost(chosen))) is not None:
        chosen.append(further)
    return tuple(sorted(chosen))


def best_addition(problem: Problem, chosen: Sequence[str], left: int | None = None) -> str | None:
    """The one candidate that raises most beside what is chosen; None where none that can be paid raises anything."""
    had = frozenset(chosen)
    rest = [one for one in problem.candidates if one not in had and (left is None or problem.costs[one] <= left)]
    ranked = [(_rise(problem, had, one), -problem.costs[one], one) for one in rest]
    most = max(((rise, cost) for rise, cost, _ in ranked), default=((0, 0), 0))
    return next((one for rise, cost, one in ranked if (rise, cost) == most and rise > (0, 0)), None)


def _rise(problem: Problem, had: frozenset[str], addition: str) -> tuple[int, int]:
    """How many more become FULL and PARTIAL by an addition; PARTIAL may be fewer, where they become FULL."""
    goals, after = problem.raised_by[addition], had | {addition}
    part = Problem(goals, problem.costs, problem.budget)
    before, then = part.gain(had), part.gain(after)
    return then.full - before.full, then.partial - before.partial


def best(problem: Problem, seconds: float) -> Optimum:
    """The best set within the budget. Where the time ends first, the best that was found, and what is not proved of it."""
    search = _Search(problem, time.monotonic() + seconds)
    chosen = search.run()
    gain, proved = problem.gain(chosen), search.bounds if problem.whole else {}
    unproved = tuple(stage for stage in Stage if stage not in proved)
    ended_at = search.ended_at if problem.whole else len(problem.goals)
    at_most = Gain(proved.get(Stage.FULL, ended_at), proved.get(Stage.PARTIAL, ended_at))
    if Stage.FULL in unproved:
        partial = sum(bool(goal.to_partial) for goal in problem.goals) if problem.whole else len(problem.goals)
        at_most = replace(at_most, partial=partial)
    return Optimum(chosen=chosen, gain=gain, at_most=at_most, unproved=unproved)


class _TimeOver(Exception):  # noqa: N818 - no error: what is known so far is told
    """The time ended in a stage; `bound` limits what the stage's value can be."""

    def __init__(self, bound: float) -> None:
        super().__init__()
        self.bound = bound


class _Search:
    """The stages, one after the other; `bounds` are the values that are proved."""

    def __init__(self, problem: Problem, deadline: float) -> None:
        self.problem, self.deadline = problem, deadline
        self.bounds: dict[Stage, int] = {}
        self.ended_at = 0
        self.found = greedy(problem)

    def run(self) -> tuple[str, ...]:
        """The best set that was found."""
        try:
            self._values()
            self._first_by_id()
        except _TimeOver as over:
            self.ended_at = int(np.floor(over.bound + TOLERANCE)) if np.isfinite(over.bound) else len(self.problem.goals)
        return self.found

    def _values(self) -> None:
        programme = _Programme(self.problem, _undominated(self.problem, by_id=False), self.deadline)
        for stage, objective in programme.objectives.items():
            self._take(programme.maximise(objective))
            value = self._value(stage)
            programme.keep(objective, value)
            self.bounds[stage] = abs(value)

    def _first_by_id(self) -> None:
        """Ids are weighed by powers of two, few at a time: what is decided of those is kept for the ones after them."""
        programme = _Programme(self.problem, _undominated(self.problem, by_id=True), self.deadline)
        for stage, objective in programme.objectives.items():
            programme.keep(objective, self._value(stage))
        for start in range(0, len(programme.candidates), BLOCK):
            if programme.decided >= len(self.found):
                break
            block = programme.candidates[start : start + BLOCK]
            weights = {one: 1 << (len(block) - 1 - place) for place, one in enumerate(block)}
            self._take(programme.maximise(programme.of_candidates(weights)))
            programme.fix(block, self.found)
        self.bounds[Stage.FIRST_BY_ID] = 0

    def _take(self, chosen: tuple[str, ...]) -> None:
        self.found = min(self.found, chosen, key=self.problem.rank)

    def _value(self, stage: Stage) -> int:
        full, partial, count, cost, _ = self.problem.rank(self.found)
        return {Stage.FULL: -full, Stage.PARTIAL: -partial, Stage.FEWEST: -count, Stage.CHEAPEST: -cost}[stage]


TOLERANCE: Final = 1e-6
BLOCK: Final = 10
SLACK: Final = 0.25
"""Values are whole numbers, so a bound may be loose by less than a half: no set of a lower value slips in, and none is lost."""


def _undominated(problem: Problem, *, by_id: bool) -> tuple[str, ...]:
    """The candidates that can be paid and are not dominated by one that is in every part that they are in and costs no more.

    Exchanging a dominated one, or dropping it where the other is there, makes no stage worse up to the cost. Where ids are to
    decide too, only one that is cheaper, or earlier by id, dominates.
    """
    parts = list(dict.fromkeys(part for goal in problem.goals for part in goal.parts))
    member: dict[str, int] = defaultdict(int)
    for place, part in enumerate(parts):
        for one in part:
            member[one] |= 1 << place
    payable = [one for one in problem.candidates if problem.costs[one] <= problem.budget]
    twins: dict[tuple[int, int], str] = {}
    for one in payable:
        twins.setdefault((member[one], problem.costs[one]), one)
    kept: list[str] = []
    for one in sorted(twins.values(), key=lambda one: (problem.costs[one], -member[one].bit_count(), one)):
        rivals = (other for other in kept if not member[one] & ~member[other])
        if not any(not by_id or problem.costs[other] < problem.costs[one] or other < one for other in rivals):
            kept.append(one)
    return tuple(sorted(kept))


@dataclass
class _Rows:
    """The constraints of a programme: sparse rows with lower and upper bounds."""

    entries: list[tuple[int, int, float]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)

    def add(self, row: Mapping[int, float], lower: float, upper: float) -> None:
        place = len(self.bounds)
        self.entries += [(place, column, value) for column, value in row.items()]
        self.bounds.append((lower, upper))


class _Programme:
    """Columns for the candidates, which are whole; and for goals that become FULL or PARTIAL and for ways of several parts.

    Those others need not be whole: each is at most its truth, for so are the candidates, and keeping a value forces them there.
    Goals that the same candidates raise in the same ways are one column, weighed by their number.
    """

    def __init__(self, problem: Problem, candidates: Sequence[str], deadline: float) -> None:
        self.problem, self.candidates, self.deadline = problem, tuple(candidates), deadline
        self._place = {one: place for place, one in enumerate(self.candidates)}
        self._rows, self._width = _Rows(), len(self.candidates)
        self._full: dict[int, float] = {}
        self._partial: dict[int, float] = {}
        self._fixed: dict[int, float] = {}
        self._limits = [(dict(problem.costs), problem.budget)]
        self._rows.add({self._place[one]: problem.costs[one] for one in self.candidates}, -np.inf, problem.budget)
        for (to_full, to_partial), count in self._alike().items():
            self._goal(to_full, to_partial, count)

    @cached_property
    def objectives(self) -> Mapping[Stage, Mapping[int, float]]:
        """What each stage maximises, but for the last. Where all cost the same, the fewest are the cheapest."""
        costs = {one: -self.problem.costs[one] for one in self.candidates}
        cheapest = self.of_candidates(costs) if len(set(costs.values())) > 1 else {}
        fewest = self.of_candidates(dict.fromkeys(self.candidates, -1))
        return {Stage.FULL: self._full, Stage.PARTIAL: self._partial, Stage.FEWEST: fewest, Stage.CHEAPEST: cheapest}

    @property
    def decided(self) -> int:
        """How many candidates are fixed as chosen."""
        return sum(value > 0 for value in self._fixed.values())

    def of_candidates(self, weights: Mapping[str, int]) -> Mapping[int, float]:
        """A sum over candidates."""
        return {self._place[one]: weight for one, weight in weights.items() if one in self._place}

    def keep(self, objective: Mapping[int, float], value: int) -> None:
        """From now on nothing is worse than this value."""
        if objective:
            self._rows.add(objective, value - SLACK, np.inf)
        if objective and max(objective) < len(self.candidates) and max(objective.values()) <= 0:
            self._limits.append(({self.candidates[place]: -int(weight) for place, weight in objective.items()}, -value))

    def fix(self, block: Iterable[str], chosen: Collection[str]) -> None:
        """From now on these candidates are as they are in a set."""
        self._fixed |= {self._place[one]: float(one in chosen) for one in block}

    def maximise(self, objective: Mapping[int, float]) -> tuple[str, ...]:
        """A set of the highest value.

        The solver takes sums for kept that are a little above their limit; a set that is, in whole numbers, is ruled out with
        all that hold it, and it is asked again.
        """
        if not objective or not self.candidates:
            return ()
        while True:
            chosen = self._solved(objective)
            broken = any(sum(weights.get(one, 0) for one in chosen) > limit for weights, limit in self._limits)
            if not broken:
                return chosen
            self._rows.add({self._place[one]: 1 for one in chosen}, -np.inf, len(chosen) - 1)

    def _solved(self, objective: Mapping[int, float]) -> tuple[str, ...]:
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - 0.2 s that other questions need not wait

        costs = np.zeros(self._width)
        costs[list(objective)] = [-value for value in objective.values()]
        lower, upper = np.zeros(self._width), np.ones(self._width)
        lower[list(self._fixed)] = upper[list(self._fixed)] = list(self._fixed.values())
        limits = np.array(self._rows.bounds)
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _TimeOver(np.inf)
        found = milp(
            costs, integrality=np.arange(self._width) < len(self.candidates), bounds=Bounds(lower, upper),
            constraints=LinearConstraint(self._matrix(), limits[:, 0], limits[:, 1]),
            options={"time_limit": left, "mip_rel_gap": 0.0},
        )  # fmt: skip
        if found.status != 0:
            bound = found.mip_dual_bound
            raise _TimeOver(np.inf if bound is None else -bound)
        return tuple(one for one, value in zip(self.candidates, found.x, strict=False) if value > 1 / 2)

    def _matrix(self) -> Any:  # noqa: ANN401 - scipy is untyped
        rows, columns, values = zip(*self._rows.entries, strict=True)
        return coo_array((values, (rows, columns)), shape=(len(self._rows.bounds), self._width)).tocsr()

    def _alike(self) -> Mapping[tuple[tuple[Way, ...], tuple[Way, ...]], int]:
        """How many goals there are of each kind that these candidates can raise."""
        found: dict[tuple[tuple[Way, ...], tuple[Way, ...]], int] = defaultdict(int)
        for goal in sorted(self.problem.goals, key=lambda goal: goal.requirement):
            kind = self._open(goal.to_full), self._open(goal.to_partial)
            if any(kind):
                found[kind] += 1
        return found

    def _open(self, ways: Iterable[Way]) -> tuple[Way, ...]:
        """The ways, each by the candidates that are left."""
        left = (tuple(part & self._place.keys() for part in way) for way in ways)
        return tuple(tuple(frozenset(part) for part in way) for way in left if all(way))

    def _goal(self, to_full: tuple[Way, ...], to_partial: tuple[Way, ...], count: int) -> None:
        full = self._reached(to_full)
        partial = self._reached(to_partial)
        if full is not None:
            self._full[full] = count
        if partial is not None:
            self._partial[partial] = count
        if full is not None and partial is not None:
            self._rows.add({full: 1, partial: 1}, -np.inf, 1)

    def _reached(self, ways: tuple[Way, ...]) -> int | None:
        """The column of what some ways lead to: no more than the sum of the ways."""
        if not ways:
            return None
        column = self._column()
        row: dict[int, float] = {}
        for way in ways:
            if len(way) == 1:
                row |= dict.fromkeys(map(self._place.__getitem__, way[0]), 1.0)
            else:
                row[self._together(way)] = 1.0
        self._rows.add({**row, column: -1}, 0, np.inf)
        return column

    def _together(self, way: Way) -> int:
        """The column of a way of several parts: no more than any of its parts."""
        column = self._column()
        for part in way:
            self._rows.add({**dict.fromkeys(map(self._place.__getitem__, part), 1.0), column: -1}, 0, np.inf)
        return column

    def _column(self) -> int:
        self._width += 1
        return self._width - 1
