"""The laws of coverage and gaps, on small random releases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.algebra import ALL, DR, EQ, NONE, PPI
from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status
from kakehashi.crosswalk.gaps import GapType, RequirementCoverage, assess
from kakehashi.crosswalk.given import Certificate, Given, View, everything, hold
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.meanings import MEANINGS, Relates
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty, Nature

TODAY = date(2026, 11, 23)
CLASSES = {
    "p1": "Product", "p2": "Product", "c1": "Capability", "c2": "Capability", "c3": "Capability",
    "r1": "Requirement", "r2": "Requirement", "r3": "Requirement",
    "s1": "CertificationScheme", "s2": "CertificationScheme", "f1": "Framework",
}  # fmt: skip
THINGS = ("p1", "p2", "c1", "c2", "c3")
REQUIREMENTS = ("r1", "r2", "r3")
RELATING = ("satisfies", "satisfies-in-part", "intersects-with", "no-relationship", "close-match", "superset-of")
EVERY_VIEW = View(frozenset(Authority), TODAY)


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    forms = st.one_of(
        st.tuples(st.sampled_from(THINGS), st.sampled_from(RELATING), st.sampled_from(REQUIREMENTS)),
        st.tuples(st.sampled_from(("p1", "p2")), st.just("has-capability"), st.sampled_from(("c1", "c2", "c3"))),
        st.tuples(
            st.sampled_from(REQUIREMENTS),
            st.sampled_from(("accepts-any-of", "recommends-certification")),
            st.sampled_from(("s1", "s2", "f1")),
        ),
        st.tuples(st.just("s1"), st.sampled_from(("refers-to", "certifies-to")), st.sampled_from(("s2", "f1"))),
    )
    drawn = draw(st.lists(st.tuples(forms, st.sampled_from(tuple(Authority))), max_size=14))
    return [
        Statement(
            id=f"s{place}", subject=subject, predicate=predicate, object=target, source="source/x",
            certainty=Certainty.PRINTED, authority=authority, nature=Nature.REPORT,
        )
        for place, ((subject, predicate, target), authority) in enumerate(drawn)
    ]  # fmt: skip


CERTIFICATES = st.builds(
    Certificate,
    scheme=st.sampled_from(("s1", "s2", "f1")),
    scope=st.sampled_from([frozenset(), frozenset({"r1"}), frozenset({"r2"})]),
    valid_to=st.sampled_from([None, date(2020, 1, 1), date(2030, 1, 1)]),
)
GIVEN = st.builds(
    Given, things=st.frozensets(st.sampled_from(THINGS)), certificates=st.lists(CERTIFICATES, max_size=3).map(tuple)
)
VIEWS = st.builds(View, st.frozensets(st.sampled_from(tuple(Authority))), st.just(TODAY))


def report(index: Index, given: Given, view: View) -> list[RequirementCoverage]:
    holding = hold(index, given, view)
    return [assess(index, requirement, None, holding, view) for requirement in REQUIREMENTS]


def levels(answers: Sequence[RequirementCoverage]) -> list[int]:
    return [PROVED_LEVEL[answer.status] for answer in answers]


def no_lower(before: list[int], after: list[int]) -> bool:
    return all(old <= new for old, new in zip(before, after, strict=True))


@settings(max_examples=300, deadline=None)
@given(statements(), GIVEN, GIVEN, VIEWS)
def test_giving_more_never_lowers_what_is_proved(rows: list[Statement], some: Given, more: Given, view: View) -> None:
    index = build_index(rows, CLASSES)
    both = Given(things=some.things | more.things, certificates=some.certificates + more.certificates)
    assert no_lower(levels(report(index, some, view)), levels(report(index, both, view)))
    assert no_lower(levels(report(index, some, view)), levels(report(index, _with_everything(index, some), view)))


def _with_everything(index: Index, given: Given) -> Given:
    known = everything(index)
    return Given(things=known.things | given.things, certificates=known.certificates + given.certificates)


@settings(max_examples=300, deadline=None)
@given(statements(), GIVEN, VIEWS, st.frozensets(st.sampled_from(tuple(Authority))))
def test_widening_the_authorities_never_lowers_what_is_proved(
    rows: list[Statement], some: Given, view: View, more: frozenset[Authority]
) -> None:
    index = build_index(rows, CLASSES)
    wider = replace(view, authorities=view.authorities | more)
    assert no_lower(levels(report(index, some, view)), levels(report(index, some, wider)))


@settings(max_examples=200, deadline=None)
@given(statements(), VIEWS)
def test_with_nothing_given_everything_is_unknown_and_has_a_gap(rows: list[Statement], view: View) -> None:
    for answer in report(build_index(rows, CLASSES), Given(), view):
        assert answer.status is Status.UNKNOWN
        assert answer.gaps


@settings(max_examples=300, deadline=None)
@given(statements(), GIVEN, VIEWS)
def test_gaps_are_there_just_where_something_is_left(rows: list[Statement], some: Given, view: View) -> None:
    order = list(GapType)
    for answer in report(build_index(rows, CLASSES), some, view):
        places = [order.index(gap.type) for gap in answer.gaps]
        assert places == sorted(set(places))
        assert bool(places) == (answer.status is not Status.FULL)


@settings(max_examples=300, deadline=None)
@given(statements(), GIVEN, VIEWS)
def test_what_is_said_to_close_a_gap_raises_the_requirement(rows: list[Statement], some: Given, view: View) -> None:
    index = build_index(rows, CLASSES)
    for answer in report(index, some, view):
        for gap in answer.gaps:
            if gap.type is GapType.NOT_GIVEN:
                assert gap.closed_by
                assert all(_raised(index, answer, some, view, closer) for closer in gap.closed_by)


def _raised(index: Index, answer: RequirementCoverage, some: Given, view: View, closer: str) -> bool:
    if closer in index.satisfying:
        given = replace(some, things=some.things | {closer})
    else:
        given = replace(some, certificates=(*some.certificates, Certificate(scheme=closer)))
    return (
        PROVED_LEVEL[assess(index, answer.requirement, None, hold(index, given, view), view).status] > PROVED_LEVEL[answer.status]
    )


@settings(max_examples=200, deadline=None)
@given(statements(), st.sampled_from(("s1", "s2", "f1")))
def test_a_certificate_out_of_force_never_counts_and_is_named(rows: list[Statement], scheme: str) -> None:
    index = build_index(rows, CLASSES)
    lapsed = Given(certificates=(Certificate(scheme=scheme, valid_to=date(2020, 1, 1)),))
    in_force = Given(certificates=(Certificate(scheme=scheme),))
    for answer, would in zip(report(index, lapsed, EVERY_VIEW), report(index, in_force, EVERY_VIEW), strict=True):
        assert not PROVED_LEVEL[answer.status]
        named = any(gap.type is GapType.CERTIFICATE_NOT_IN_FORCE for gap in answer.gaps)
        assert named == bool(PROVED_LEVEL[would.status])


@settings(max_examples=300, deadline=None)
@given(statements(), st.frozensets(st.sampled_from(THINGS)), VIEWS)
def test_a_plain_reading_of_the_definition_agrees(rows: list[Statement], things: frozenset[str], view: View) -> None:
    index = build_index(rows, CLASSES)
    set_aside = {row.statement for group in index.acceptance.set_aside.values() for row in group}
    seen = [row for row in rows if row.authority in view.authorities and row.id not in set_aside]
    brought = {row.object for row in seen if row.predicate == "has-capability" and row.subject in things}
    has = things | {thing for thing in brought if thing}
    for answer in report(index, Given(things=things), view):
        relations = {thing: _known(seen, thing, answer.requirement) for thing in has}
        assert answer.status is _status(list(relations.values()))


def _known(rows: list[Statement], thing: str, requirement: str) -> int | None:
    found = [
        meaning.relations
        for row in rows
        if (row.subject, row.object) == (thing, requirement) and isinstance(meaning := MEANINGS[row.predicate], Relates)
    ]
    return reduce(lambda a, b: a & b, found, ALL) if found else None


def _status(relations: list[int | None]) -> Status:
    recorded = [one for one in relations if one is not None]
    if any(one & ~(EQ | PPI) == NONE for one in recorded):
        return Status.FULL
    if any(not one & DR for one in recorded):
        return Status.PARTIAL
    if any(one != DR for one in recorded):
        return Status.POSSIBLE
    return Status.EXCLUDED if recorded and len(recorded) == len(relations) else Status.UNKNOWN
