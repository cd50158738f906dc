"""The laws of closing gaps: exact on small problems and small releases, whatever the order of anything."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk import optimum
from kakehashi.crosswalk.closing import Budget, Closing, as_given, close_gaps
from kakehashi.crosswalk.coverage import PROVED_LEVEL
from kakehashi.crosswalk.gaps import assess
from kakehashi.crosswalk.given import Certificate, Given, View, hold
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.optimum import Gain, Problem, Stage, best, greedy
from kakehashi.crosswalk.standing import World
from kakehashi.crosswalk.what_if import WhatIf
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority
from tests.property.test_coverage import EVERY_VIEW
from tests.support.closing_problems import CANDIDATES, COUNTED, PROBLEMS, affordable, by_trying_all, middling, value
from tests.support.small_worlds import (
    CLASSES,
    EDITION,
    GIVEN,
    REQUIREMENTS,
    SCHEMES,
    STATEMENTS,
    THINGS,
    VIEWS,
    Shuffler,
    statement,
)

EXAMPLES = int(os.environ.get("KAKEHASHI_EXAMPLES", "30"))
ENOUGH = 60.0
PRICES = st.one_of(st.none(), st.dictionaries(st.sampled_from((*THINGS, *SCHEMES)), st.integers(0, 3)))
BUDGETS = st.integers(0, 4)


def levels(index: Index, some: Given, view: View) -> list[int]:
    holding = hold(index, some, view)
    return [PROVED_LEVEL[assess(index, one, EDITION[one], holding, view).status] for one in REQUIREMENTS]


def joined(first: Given, second: Given) -> Given:
    return Given(things=first.things | second.things, certificates=first.certificates + second.certificates)


def closing(index: Index, some: Given, view: View, amount: int, costs: Mapping[str, int] | None = None) -> Closing:
    return close_gaps(index, EDITION, some, view, Budget(amount, costs, ENOUGH))


@settings(max_examples=15 * EXAMPLES, deadline=None)
@given(PROBLEMS)
def test_the_best_set_is_that_of_trying_all(problem: Problem) -> None:
    found = best(problem, ENOUGH)
    assert found.chosen == by_trying_all(problem)
    assert found.unproved == ()
    assert found.gain == found.at_most == Gain(*value(problem, found.chosen))


@pytest.mark.parametrize("block", [1, 3])
@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(problem=PROBLEMS)
def test_ids_decide_alike_however_many_are_weighed_at_a_time(block: int, problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimum, "BLOCK", block)
        assert best(problem, ENOUGH).chosen == by_trying_all(problem)


@pytest.mark.parametrize("seed", range(int(os.environ.get("KAKEHASHI_PROBLEMS", "1"))))
def test_a_problem_of_middling_size_is_solved_as_by_trying_all(seed: int) -> None:
    problem = middling(Random(seed))
    assert best(problem, ENOUGH).chosen == by_trying_all(problem)


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(PROBLEMS)
def test_the_best_is_never_below_the_greedy_one(problem: Problem) -> None:
    simple = greedy(problem)
    assert problem.cost(simple) <= problem.budget
    assert problem.rank(best(problem, ENOUGH).chosen) <= problem.rank(simple)


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(PROBLEMS)
def test_without_time_the_bounds_hold_and_what_is_unproved_is_said(problem: Problem) -> None:
    found = best(problem, 0.0)
    assert problem.cost(found.chosen) <= problem.budget
    assert found.gain == Gain(*value(problem, found.chosen))
    reachable = [value(problem, chosen) for chosen in affordable(problem)]
    most = max(full for full, _ in reachable)
    assert found.gain.full <= most <= found.at_most.full
    assert max(partial for full, partial in reachable if full == most) <= found.at_most.partial
    if problem.rank(found.chosen) > problem.rank(by_trying_all(problem)):
        assert found.unproved


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(COUNTED)
def test_a_larger_budget_never_raises_less(problem: Problem) -> None:
    more = best(replace(problem, budget=problem.budget + 1), ENOUGH)
    assert more.gain.key >= best(problem, ENOUGH).gain.key


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(PROBLEMS, st.randoms())
def test_the_order_of_goals_and_costs_never_matters(problem: Problem, random: Shuffler) -> None:
    goals, costs = list(problem.goals), list(problem.costs.items())
    random.shuffle(goals)
    random.shuffle(costs)
    assert best(Problem(tuple(goals), dict(costs), problem.budget), ENOUGH) == best(problem, ENOUGH)


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(PROBLEMS, st.permutations(CANDIDATES))
def test_names_decide_between_equals_only(problem: Problem, names: Sequence[str]) -> None:
    """Other names for the candidates change no value."""
    called = dict(zip(CANDIDATES, names, strict=True))
    goals = tuple(
        replace(
            goal,
            to_full=tuple(tuple(frozenset(map(called.__getitem__, part)) for part in way) for way in goal.to_full),
            to_partial=tuple(tuple(frozenset(map(called.__getitem__, part)) for part in way) for way in goal.to_partial),
        )
        for goal in problem.goals
    )
    renamed = Problem(goals, {called[one]: cost for one, cost in problem.costs.items()}, problem.budget)
    assert renamed.rank(best(renamed, ENOUGH).chosen)[:4] == problem.rank(best(problem, ENOUGH).chosen)[:4]


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, BUDGETS, PRICES)
def test_on_small_releases_no_additions_at_all_are_better(
    rows: list[Statement], some: Given, view: View, amount: int, costs: dict[str, int] | None
) -> None:
    """Every set of what can be given is tried with the coverage engine itself."""
    index = build_index(rows, World(CLASSES))
    before = levels(index, some, view)
    prices = dict.fromkeys((*THINGS, *SCHEMES), 1) if costs is None else costs

    def rank(chosen: tuple[str, ...]) -> tuple[int, int, int, int, tuple[str, ...]]:
        rise = list(zip(before, levels(index, joined(some, as_given(index, chosen)), view), strict=True))
        full, partial = (sum(old < new == level for old, new in rise) for level in (2, 1))
        return -full, -partial, len(chosen), sum(prices[one] for one in chosen), chosen

    sets = (chosen for size in range(5) for chosen in combinations(sorted(prices), size))
    wanted = min(rank(chosen) for chosen in sets if sum(prices[one] for one in chosen) <= amount)
    found = closing(index, some, view, amount, costs)
    assert rank(found.optimum.chosen) == wanted
    assert found.optimum.gain == Gain(-wanted[0], -wanted[1])
    assert found.spent == wanted[3] <= amount


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, BUDGETS)
def test_what_is_said_to_be_raised_is_what_the_reports_differ_in(
    rows: list[Statement], some: Given, view: View, amount: int
) -> None:
    index = build_index(rows, World(CLASSES))
    found = closing(index, some, view, amount)
    after = levels(index, joined(some, as_given(index, found.optimum.chosen)), view)
    rise = list(zip(REQUIREMENTS, levels(index, some, view), after, strict=True))
    assert found.newly_full == tuple(one for one, old, new in rise if old < new == 2)
    assert found.newly_partial == tuple(one for one, old, new in rise if old < new == 1)
    assert not {*found.optimum.chosen} & {*hold(index, some, view).things}


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, BUDGETS)
def test_the_steps_add_up_and_none_is_idle(rows: list[Statement], some: Given, view: View, amount: int) -> None:
    index = build_index(rows, World(CLASSES))
    found = closing(index, some, view, amount)
    assert sorted(step.addition for step in found.steps) == list(found.optimum.chosen)
    assert all(step.full or step.partial for step in found.steps)
    assert {one for step in found.steps for one in step.full} == set(found.newly_full)
    assert {one for step in found.steps for one in step.partial} >= set(found.newly_partial)


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, BUDGETS)
def test_one_more_is_the_best_of_the_next_budget_and_a_further_one_no_better(
    rows: list[Statement], some: Given, view: View, amount: int
) -> None:
    index = build_index(rows, World(CLASSES))
    found = closing(index, some, view, amount)
    assert found.with_one_more == closing(index, some, view, amount + 1).optimum
    if found.further is not None:
        gain = found.problem.gain([*found.optimum.chosen, found.further.addition])
        assert found.optimum.gain.key < gain.key <= found.with_one_more.gain.key
    if found.with_one_more.gain == found.optimum.gain:
        assert found.further is None


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, BUDGETS)
def test_what_is_out_of_reach_stays_there_with_everything(rows: list[Statement], some: Given, view: View, amount: int) -> None:
    index = build_index(rows, World(CLASSES))
    before, most = levels(index, some, view), levels(index, joined(some, as_given(index, (*THINGS, *SCHEMES))), view)
    stays = {one for one, old, new in zip(REQUIREMENTS, before, most, strict=True) if old == new < 2}
    assert set(closing(index, some, view, amount).out_of_reach) == stays


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, st.tuples(BUDGETS, PRICES), st.randoms())
def test_the_order_of_what_is_published_given_and_priced_never_matters(
    rows: list[Statement], some: Given, view: View, budget: tuple[int, dict[str, int] | None], random: Shuffler
) -> None:
    amount, costs = budget
    before = closing(build_index(rows, World(CLASSES)), some, view, amount, costs)
    shuffled, certificates, prices = list(rows), list(some.certificates), list((costs or {}).items())
    for one in (shuffled, certificates, prices):
        random.shuffle(one)
    some = replace(some, certificates=tuple(certificates))
    after = closing(build_index(shuffled, World(CLASSES)), some, view, amount, None if costs is None else dict(prices))
    assert (after.optimum, after.steps, after.newly_full, after.newly_partial, after.unpriced, after.out_of_reach) == (
        before.optimum, before.steps, before.newly_full, before.newly_partial, before.unpriced, before.out_of_reach,
    )  # fmt: skip


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(GIVEN, GIVEN)
def test_adding_what_was_not_given_and_removing_it_again_is_the_identity(some: Given, more: Given) -> None:
    schemes = {one.scheme for one in some.certificates}
    more = Given(
        things=more.things - some.things, certificates=tuple(one for one in more.certificates if one.scheme not in schemes)
    )
    added = WhatIf(add=more).of(some)
    removed = WhatIf(remove=more.things | {one.scheme for one in more.certificates})
    assert removed.of(added) == some
    assert removed.missing(added) == ()


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, st.frozensets(st.sampled_from((*THINGS, *SCHEMES))))
def test_a_removal_is_without_effect_just_where_something_else_brings_the_thing(
    rows: list[Statement], some: Given, view: View, remove: frozenset[str]
) -> None:
    index = build_index(rows, World(CLASSES))
    change = WhatIf(remove=remove)
    links = change.still_had(index, some, view)
    assert {link.target for link in links} == remove & hold(index, change.of(some), view).things.keys()
    assert all(link.source != link.target or link.source in some.things for link in links)
    assert all(old >= new for old, new in zip(levels(index, some, view), levels(index, change.of(some), view), strict=True))


@pytest.mark.parametrize("amount", [0, 1])
def test_an_empty_release_has_an_empty_answer(amount: int) -> None:
    found = best(Problem((), {}, amount), ENOUGH)
    assert (found.chosen, found.gain, found.unproved) == ((), Gain(), ())
    assert Stage.FULL not in found.unproved


def test_nobody_can_spend_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="negative"):
        Budget(-1)
    with pytest.raises(ValueError, match="negative"):
        Budget(1, {"p1": -1})


def test_a_certificate_of_limited_scope_leaves_the_scheme_to_add() -> None:
    rows = [statement(one, one, "accepts-any-of", "s1", Authority.OFFICIAL) for one in REQUIREMENTS]
    index = build_index(rows, World(CLASSES))
    limited = Given(certificates=(Certificate(scheme="s1", scope=frozenset({"r1"})),))
    found = closing(index, limited, EVERY_VIEW, 1)
    assert (found.optimum.chosen, found.newly_full) == (("s1",), ("r2", "r3"))
