"""The laws of gaps where there are plans, editions and things that end, on small random releases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.closing import Budget, as_given, close_gaps
from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status
from kakehashi.crosswalk.gaps import GapType, RequirementCoverage, assess
from kakehashi.crosswalk.given import Certificate, Given, View, hold
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.plans import Plans
from kakehashi.crosswalk.validity import Period, period_of
from kakehashi.records.values import Authority, Certainty
from tests.support.plain_gaps import PRECEDENCE, Gaps, PlainGaps
from tests.support.small_worlds import TODAY, numbered
from tests.support.timed_worlds import ALL_THERE_IS, CASES, CERTIFICATES, CLASSES, EDITION, GIVEN, PLANS, Case, index_of, timed

REQUIREMENTS = tuple(EDITION)
WIDENED = {
    GapType.VENDOR_WORD_ONLY: frozenset({Authority.VENDOR}),
    GapType.DRAFT_ONLY: frozenset({Authority.VENDOR, Authority.INFERRED}),
    GapType.OUTSIDE_VIEW: frozenset(Authority),
}
EARLIER = date(2025, 6, 1)


def report(index: Index, some: Given, view: View) -> list[RequirementCoverage]:
    holding = hold(index, some, view)
    return [assess(index, one, edition, holding, view) for one, edition in EDITION.items()]


def levels(index: Index, some: Given, view: View) -> list[int]:
    return [PROVED_LEVEL[answer.status] for answer in report(index, some, view)]


def joined(first: Given, second: Given) -> Given:
    return Given(things=first.things | second.things, certificates=first.certificates + second.certificates)


def no_lower(before: Iterable[int], after: Iterable[int]) -> bool:
    return all(old <= new for old, new in zip(before, after, strict=True))


@settings(max_examples=1500, deadline=None)
@given(CASES)
def test_a_plain_reading_of_the_decision_agrees(case: Case) -> None:
    rows, some, view = case
    index = index_of(rows)
    accepted = {row.statement for group in index.engine.acceptance(view.hops).accepted.values() for row in group}
    plain = PlainGaps(rows, CLASSES, EDITION, some, view, accepted)
    for answer in report(index, some, view):
        status, gaps = plain.of(answer.requirement)
        assert answer.status.value == status
        found = {gap.type.value: (set(gap.closed_by), set(gap.about)) for gap in answer.gaps}
        disputed = found.pop("disputed", None)
        nothing: Gaps = {} if disputed or status == "full" else {"nothing-recorded": (set(), set())}
        assert found == (gaps or nothing)


@settings(max_examples=800, deadline=None)
@given(CASES)
def test_whatever_is_said_to_close_a_gap_raises_the_requirement(case: Case) -> None:
    rows, some, view = case
    index = index_of(rows)
    for answer in report(index, some, view):
        for gap in answer.gaps:
            wider = replace(view, authorities=view.authorities | WIDENED.get(gap.type, frozenset()))
            assert all(_raises(index, answer, joined(some, as_given(index, [one])), wider) for one in gap.closed_by), gap


def _raises(index: Index, answer: RequirementCoverage, some: Given, view: View) -> bool:
    return levels(index, some, view)[REQUIREMENTS.index(answer.requirement)] > PROVED_LEVEL[answer.status]


@settings(max_examples=500, deadline=None)
@given(CASES)
def test_gaps_stand_in_their_precedence_and_only_where_something_is_left(case: Case) -> None:
    rows, some, view = case
    assert tuple(kind.value for kind in GapType) == PRECEDENCE
    for answer in report(index_of(rows), some, view):
        places = [PRECEDENCE.index(gap.type.value) for gap in answer.gaps]
        assert places == sorted(set(places))
        assert bool(places) == (answer.status is not Status.FULL)


@settings(max_examples=500, deadline=None)
@given(CASES, GIVEN, st.frozensets(st.sampled_from(tuple(Authority))))
def test_more_given_and_wider_authorities_never_lower_what_is_proved_though_things_end(
    case: Case, more: Given, wider: frozenset[Authority]
) -> None:
    rows, some, view = case
    index = index_of(rows)
    before = levels(index, some, view)
    assert no_lower(before, levels(index, joined(some, more), view))
    assert no_lower(before, levels(index, some, replace(view, authorities=view.authorities | wider)))
    assert no_lower(before, levels(index, joined(some, ALL_THERE_IS), view))


@settings(max_examples=500, deadline=None)
@given(CASES)
def test_time_alone_never_adds_anything(case: Case) -> None:
    """None of the certificates here begins on a day."""
    rows, some, view = case
    index = index_of(rows)
    assert no_lower(levels(index, some, view), levels(index, some, replace(view, as_of=EARLIER)))


@settings(max_examples=500, deadline=None)
@given(CASES)
def test_what_has_ended_is_as_if_it_were_not_given_but_for_its_later_name(case: Case) -> None:
    rows, some, view = case
    index = index_of(rows)
    names = {row.subject: row.object for row in rows if row.predicate == "renamed-to" and row.authority in view.authorities}
    gone = frozenset(one for one in some.things if index.times.ended(one, view.as_of) and one not in names)
    without = replace(some, things=some.things - gone)
    assert levels(index, some, view) == levels(index, without, view)


@settings(max_examples=400, deadline=None)
@given(CASES, st.integers(0, 3))
def test_closing_gaps_promises_what_a_report_then_shows(case: Case, amount: int) -> None:
    rows, some, view = case
    index = index_of(rows)
    found = close_gaps(index, EDITION, some, view, Budget(amount))
    after = levels(index, joined(some, as_given(index, found.optimum.chosen)), view)
    for one, old, new in zip(REQUIREMENTS, levels(index, some, view), after, strict=True):
        assert (one in found.newly_full) == (old < new == 2)
        assert (one in found.newly_partial) == (old < new == 1)


@settings(max_examples=500, deadline=None)
@given(CASES)
def test_plans_are_in_a_strict_order_and_include_what_they_bring(case: Case) -> None:
    rows, _, view = case
    index = index_of(rows)
    plans = hold(index, Given(), view).plans
    for one, higher in plans.above.items():
        assert one not in higher
        for other in higher:
            assert one not in plans.above[one]
            assert set(plans.above[other]) < set(higher)
            assert no_lower(levels(index, having(one), view), levels(index, having(other), view))
    for thing in CLASSES:
        for plan in plans.including(thing):
            assert plan in PLANS
            assert thing in hold(index, having(plan), view).things


def having(thing: str) -> Given:
    return Given(things=frozenset({thing}))


@settings(max_examples=300, deadline=None)
@given(CASES, CERTIFICATES)
def test_a_certificate_of_another_edition_counts_for_none_of_this_one(case: Case, certificate: Certificate) -> None:
    rows, some, view = case
    index = index_of(rows)
    before = levels(index, some, view)
    after = levels(index, joined(some, Given(certificates=(replace(certificate, edition="e2"),))), view)
    assert after[:2] == before[:2]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-04-11", date(2024, 4, 11), date(2024, 4, 11)),
    ],
)
def test_a_date_means_all_days_that_it_may(text: str, first: date, last: date) -> None:
    assert period_of(text) == Period(first, last)


@pytest.mark.parametrize("text", ["", "soon", "2024-13", "2024-02-30", "20240411", "2024-4-1", "0000", "2024-02-01T00:00"])
def test_what_is_no_date_means_no_day(text: str) -> None:
    assert period_of(text) is None


def test_from_a_suite_the_next_step_of_what_it_brings_is_offered_and_no_other_suite() -> None:
    """E3 and A3 both include P1; A5 includes A3 and P2. Whoever has E3 is led to P2 or E5, whoever has P1 alone to all three."""
    contents = {
        "p1": {"p1"}, "p2": {"p2", "p1", "wanted"}, "e3": {"e3", "p1"}, "a3": {"a3", "p1"},
        "e5": {"e5", "e3", "p1", "p2", "wanted", "more"}, "a5": {"a5", "a3", "p1", "p2", "wanted", "more"},
    }  # fmt: skip
    plans = Plans({plan: frozenset(things) for plan, things in contents.items()})
    assert plans.upgrades(("e3", "p1"), lambda plan: "wanted" in contents[plan]) == ("e5", "p2")
    assert plans.upgrades(("e3", "p1"), lambda plan: "more" in contents[plan]) == ("e5",)
    assert plans.upgrades(("p1",), lambda plan: "wanted" in contents[plan]) == ("p2",)
    assert plans.upgrades(("p1",), lambda plan: "more" in contents[plan]) == ("a5", "e5")
    assert plans.including("wanted") == ("p2",)


def test_what_has_ended_is_no_way_to_close_gaps() -> None:
    stated = [
        ("p1", "has-capability", "c1"),
        ("p1", "has-capability", "c2"),
        ("c1", "satisfies", "r1"),
        ("c2", "satisfies", "r2"),
    ]
    rows = numbered([(form, Authority.OFFICIAL) for form in stated])
    over = timed([("p1", "valid-to", "2026-11-22", Certainty.VERIFIED)], Authority.INFERRED)
    view = View(frozenset({Authority.OFFICIAL}), TODAY)
    before, after = (close_gaps(index_of(kept), EDITION, Given(), view, Budget(1)) for kept in (rows, [*rows, *over]))
    assert before.optimum.chosen == ("p1",)
    assert after.optimum.chosen == ("c1",)


def test_a_scheme_that_has_ended_closes_nothing_though_it_is_listed_with_one_that_lasts() -> None:
    stated = [("r1", "accepts-any-of", "s1"), ("r1", "accepts-any-of", "s2"), ("s1", "refers-to", "s2")]
    rows = numbered([(form, Authority.OFFICIAL) for form in stated])
    over = timed([("s1", "valid-to", "2020-01-01", Certainty.PRINTED)], Authority.OFFICIAL)
    view = View(frozenset({Authority.OFFICIAL}), TODAY)
    before, after = (
        assess(index, "r1", "e1", hold(index, Given(), view), view).gaps for index in (index_of(rows), index_of([*rows, *over]))
    )
    assert [(gap.type, gap.closed_by) for gap in before] == [(GapType.NOT_GIVEN, ("s1", "s2"))]
    assert [(gap.type, gap.closed_by) for gap in after] == [(GapType.NOT_GIVEN, ("s2",))]
