"""The laws of comparing two reports."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.algebra import EQ, OVERLAP
from kakehashi.crosswalk.comparison import Compared, Comparison, Outcome, compare
from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status
from kakehashi.crosswalk.gaps import RequirementCoverage
from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.crosswalk.index import build_index
from kakehashi.crosswalk.standing import World
from kakehashi.crosswalk.succession import Counterpart
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority
from tests.property.test_coverage import EVERY_VIEW, joined, report
from tests.support.small_worlds import CLASSES, GIVEN, REQUIREMENTS, STATEMENTS, VIEWS

TURNED = {
    Outcome.BETTER: Outcome.WORSE, Outcome.WORSE: Outcome.BETTER, Outcome.SAME: Outcome.SAME,
    Outcome.ONLY_BEFORE: Outcome.ONLY_AFTER, Outcome.ONLY_AFTER: Outcome.ONLY_BEFORE,
}  # fmt: skip
PICKED = st.frozensets(st.sampled_from(REQUIREMENTS))
PAIRED = st.lists(
    st.builds(Counterpart, st.sampled_from(REQUIREMENTS), st.sampled_from(REQUIREMENTS), st.sampled_from((EQ, OVERLAP))),
    unique_by=lambda one: (one.old, one.new),
)


NOTHING = hold(build_index([], World({})), Given(), EVERY_VIEW)


def answer(requirement: str, status: Status) -> RequirementCoverage:
    return RequirementCoverage(requirement=requirement, status=status, covered=(), gaps=(), holding=NOTHING)


def levels(row: Compared) -> tuple[int, int]:
    assert row.before is not None
    assert row.after is not None
    return PROVED_LEVEL[row.before.status], PROVED_LEVEL[row.after.status]


@settings(max_examples=200, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_a_report_differs_in_nothing_from_itself(rows: list[Statement], some: Given, view: View) -> None:
    answers = report(build_index(rows, World(CLASSES)), some, view)
    found = compare(answers, answers)
    assert [row.outcome for row in found.rows] == [Outcome.SAME] * len(REQUIREMENTS)
    assert not any(row.differences for row in found.rows)


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, GIVEN, VIEWS, VIEWS)
def test_the_other_way_round_better_is_worse(rows: list[Statement], some: Given, other: Given, view: View, another: View) -> None:
    index = build_index(rows, World(CLASSES))
    first, second = report(index, some, view), report(index, other, another)
    there, back = compare(first, second), compare(second, first)
    assert [TURNED[row.outcome] for row in there.rows] == [row.outcome for row in back.rows]
    for row, turned in zip(there.rows, back.rows, strict=True):
        assert [replace(one, before=one.after, after=one.before) for one in row.differences] == list(turned.differences)


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, GIVEN, VIEWS, st.frozensets(st.sampled_from(tuple(Authority))))
def test_having_more_or_believing_more_makes_nothing_worse(
    rows: list[Statement], some: Given, more: Given, view: View, wider: frozenset[Authority]
) -> None:
    index = build_index(rows, World(CLASSES))
    before = report(index, some, view)
    assert compare(before, report(index, joined(some, more), view)).counts[Outcome.WORSE] == 0
    assert compare(before, report(index, some, replace(view, authorities=view.authorities | wider))).counts[Outcome.WORSE] == 0


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, GIVEN, VIEWS, VIEWS)
def test_what_is_better_or_worse_names_a_control_that_makes_it_so(
    rows: list[Statement], some: Given, other: Given, view: View, another: View
) -> None:
    index = build_index(rows, World(CLASSES))
    for row in compare(report(index, some, view), report(index, other, another)).rows:
        old, new = levels(row)
        best_before = max((PROVED_LEVEL[one.before] for one in row.differences if one.before), default=0)
        best_after = max((PROVED_LEVEL[one.after] for one in row.differences if one.after), default=0)
        if row.outcome is Outcome.BETTER:
            assert best_after == new > old
        if row.outcome is Outcome.WORSE:
            assert best_before == old > new


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, GIVEN, VIEWS, VIEWS)
def test_the_differences_are_what_a_plain_comparison_finds(
    rows: list[Statement], some: Given, other: Given, view: View, another: View
) -> None:
    index = build_index(rows, World(CLASSES))
    first, second = report(index, some, view), report(index, other, another)
    for row, one, two in zip(compare(first, second).rows, first, second, strict=True):
        before, after = ({found.control: found.status for found in answer.covered} for answer in (one, two))
        wanted = {
            (control, before.get(control), after.get(control))
            for control in before.keys() | after.keys()
            if before.get(control) != after.get(control)
            and {before.get(control), after.get(control)} & {Status.FULL, Status.PARTIAL}
        }
        assert {(found.control, found.before, found.after) for found in row.differences} == wanted


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, st.tuples(PICKED, PICKED), PAIRED)
def test_of_two_editions_every_requirement_is_there_and_the_counts_add_up(
    rows: list[Statement], some: Given, view: View, picked: tuple[frozenset[str], frozenset[str]], pairs: list[Counterpart]
) -> None:
    old, new = picked
    answers = report(build_index(rows, World(CLASSES)), some, view)
    first, second = ([one for one in answers if one.requirement in side] for side in (old, new))
    found = compare(first, second, pairs)
    assert sum(found.counts.values()) == len(found.rows) == len({row.key for row in found.rows})
    assert {one.requirement for one in _present(found, "before")} == old
    assert {one.requirement for one in _present(found, "after")} == new
    for row in found.rows:
        _is_rightly_paired(row, old & new, {(one.old, one.new) for one in pairs})


def _present(found: Comparison, side: str) -> list[RequirementCoverage]:
    return [one for row in found.rows if (one := getattr(row, side)) is not None]


def _is_rightly_paired(row: Compared, shared: frozenset[str], pairs: set[tuple[str, str]]) -> None:
    ends = [None if one is None else one.requirement for one in (row.before, row.after)]
    if row.counterpart is not None:
        assert (row.counterpart.old, row.counterpart.new) == tuple(ends)
        assert tuple(ends) in pairs
        assert not {*ends} & shared
    elif None not in ends:
        assert ends[0] == ends[1] in shared


def test_what_both_have_is_compared_with_itself_alone() -> None:
    both, other = (answer(one, Status.UNKNOWN) for one in ("r1", "r2"))
    found = compare([both], [both, other], [Counterpart("r1", "r2", EQ)])
    assert Counter(row.outcome for row in found.rows) == {Outcome.SAME: 1, Outcome.ONLY_AFTER: 1}


def test_levels_alone_say_better_and_worse() -> None:
    statuses = {one: answer("r", one) for one in (Status.POSSIBLE, Status.EXCLUDED, Status.UNKNOWN, Status.PARTIAL, Status.FULL)}
    for old in statuses.values():
        for new in statuses.values():
            (row,) = compare([old], [new]).rows
            rise = PROVED_LEVEL[new.status] - PROVED_LEVEL[old.status]
            assert row.outcome is (Outcome.BETTER if rise > 0 else Outcome.WORSE if rise < 0 else Outcome.SAME)
