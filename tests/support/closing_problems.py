"""Small random problems of closing gaps, and their solution by trying every set."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

from hypothesis import strategies as st

from kakehashi.crosswalk.optimum import Goal, Problem, Way

CANDIDATES = tuple("abcdefgh")
PARTS = st.frozensets(st.sampled_from(CANDIDATES), min_size=1, max_size=4)
ALONE: st.SearchStrategy[tuple[Way, ...]] = st.lists(PARTS.map(lambda part: (part,)), max_size=1).map(tuple)
JOINT: st.SearchStrategy[tuple[Way, ...]] = st.lists(st.lists(PARTS, min_size=1, max_size=3).map(tuple), max_size=2).map(tuple)
WAYS = st.one_of(ALONE, ALONE, JOINT)
GOALS = st.lists(
    st.one_of(
        st.builds(Goal, requirement=st.just("r"), level=st.just(0), to_full=WAYS, to_partial=WAYS),
        st.builds(Goal, requirement=st.just("r"), level=st.just(1), to_full=WAYS),
    ),
    max_size=8,
).map(lambda goals: tuple(_named(goals)))
UNIT_COSTS = st.just(dict.fromkeys(CANDIDATES, 1))
COSTS = st.one_of(
    st.fixed_dictionaries(dict.fromkeys(CANDIDATES, st.integers(0, 4))),
    st.fixed_dictionaries(dict.fromkeys(CANDIDATES, st.integers(499_990, 500_010))),
    st.dictionaries(st.sampled_from(CANDIDATES), st.integers(0, 1_000_000)),
)
COUNTED = st.builds(Problem, GOALS, UNIT_COSTS, st.integers(0, 9))
PRICED = st.builds(Problem, GOALS, COSTS, st.one_of(st.integers(0, 10), st.integers(0, 2_000_000)))
PROBLEMS = st.one_of(COUNTED, PRICED)


def _named(goals: Sequence[Goal]) -> Iterator[Goal]:
    for place, goal in enumerate(goals):
        yield Goal(requirement=f"r{place}", level=goal.level, to_full=goal.to_full, to_partial=goal.to_partial)


def affordable(problem: Problem) -> Iterator[tuple[str, ...]]:
    """Every set of candidates within the budget."""
    priced = sorted(problem.costs)
    for size in range(len(priced) + 1):
        for chosen in combinations(priced, size):
            if sum(problem.costs[one] for one in chosen) <= problem.budget:
                yield chosen


def value(problem: Problem, chosen: Sequence[str]) -> tuple[int, int]:
    """How many requirements a set makes FULL and PARTIAL, straight from the definition."""
    full = partial = 0
    for goal in problem.goals:
        reaches = [
            any(all(any(one in part for one in chosen) for part in way) for way in ways)
            for ways in (goal.to_full, goal.to_partial)
        ]
        full += reaches[0]
        partial += reaches[1] and not reaches[0] and goal.level == 0
    return full, partial


def by_trying_all(problem: Problem) -> tuple[str, ...]:
    """The best of all sets within the budget: most FULL, most PARTIAL, fewest, cheapest, first by id."""

    def rank(chosen: tuple[str, ...]) -> tuple[int, int, int, int, tuple[str, ...]]:
        full, partial = value(problem, chosen)
        return -full, -partial, len(chosen), sum(problem.costs[one] for one in chosen), chosen

    return min(affordable(problem), key=rank)


def middling(random: Random) -> Problem:
    """Some 20 candidates and 30 goals, with many equals, and a budget that few of the sets are within."""
    names = [f"c{place:02}" for place in range(22)]

    def ways() -> tuple[Way, ...]:
        part = frozenset(random.sample(names, random.randint(0, 3)))
        return ((part,),) if part else ()

    goals = tuple(
        Goal(requirement=f"r{place}", level=level, to_full=ways(), to_partial=() if level else ways())
        for place, level in enumerate(random.choices((0, 1), (3, 1), k=30))
    )
    return Problem(goals, {one: random.choice((1, 1, 1, 2, 3)) for one in names}, random.randint(2, 4))
