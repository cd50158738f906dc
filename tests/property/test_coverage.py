"""The laws of coverage and gaps, on small random releases."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status
from kakehashi.crosswalk.gaps import Gap, GapType, RequirementCoverage, assess
from kakehashi.crosswalk.given import Certificate, Given, View, everything, hold
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.standing import World
from kakehashi.graphql.coverage import CoverageSummary
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority
from tests.property.test_algebra import related
from tests.support import plain_coverage, small_worlds
from tests.support.server import Client
from tests.support.small_worlds import CERTIFICATES, CLASSES, EDITION, GIVEN, REQUIREMENTS, SCHEMES, STATEMENTS, TODAY, VIEWS

EVERY_VIEW = View(frozenset(Authority), TODAY)


def report(index: Index, some: Given, view: View) -> list[RequirementCoverage]:
    holding = hold(index, some, view)
    return [assess(index, requirement, EDITION[requirement], holding, view) for requirement in REQUIREMENTS]


def accepted_by(index: Index, hops: int) -> set[str]:
    """The statements that the engine believes; test_engine holds that against the definition."""
    return {row.statement for group in index.engine.acceptance(hops).accepted.values() for row in group}


def levels(answers: Sequence[RequirementCoverage]) -> list[int]:
    return [PROVED_LEVEL[answer.status] for answer in answers]


def no_lower(before: list[int], after: list[int]) -> bool:
    return all(old <= new for old, new in zip(before, after, strict=True))


def joined(first: Given, second: Given) -> Given:
    return Given(things=first.things | second.things, certificates=first.certificates + second.certificates)


def gap_of(answer: RequirementCoverage, kind: GapType) -> Gap | None:
    return next((gap for gap in answer.gaps if gap.type is kind), None)


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, GIVEN, VIEWS)
def test_giving_more_never_lowers_what_is_proved(rows: list[Statement], some: Given, more: Given, view: View) -> None:
    index = build_index(rows, World(CLASSES))
    assert no_lower(levels(report(index, some, view)), levels(report(index, joined(some, more), view)))


@settings(max_examples=500, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_nothing_given_proves_more_than_everything(rows: list[Statement], some: Given, view: View) -> None:
    index = build_index(rows, World(CLASSES))
    assert no_lower(levels(report(index, some, view)), levels(report(index, everything(index), view)))


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, VIEWS)
def test_with_everything_given_nothing_is_left_to_give(rows: list[Statement], view: View) -> None:
    index = build_index(rows, World(CLASSES))
    assert not any(gap_of(answer, GapType.NOT_GIVEN) for answer in report(index, everything(index), view))


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, st.frozensets(st.sampled_from(tuple(Authority))))
def test_widening_the_authorities_never_lowers_what_is_proved(
    rows: list[Statement], some: Given, view: View, more: frozenset[Authority]
) -> None:
    index = build_index(rows, World(CLASSES))
    wider = replace(view, authorities=view.authorities | more)
    assert no_lower(levels(report(index, some, view)), levels(report(index, some, wider)))


@settings(max_examples=200, deadline=None)
@given(STATEMENTS, VIEWS)
def test_with_nothing_given_everything_is_unknown_and_has_a_gap(rows: list[Statement], view: View) -> None:
    for answer in report(build_index(rows, World(CLASSES)), Given(), view):
        assert answer.status is Status.UNKNOWN
        assert answer.gaps


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_gaps_are_there_just_where_something_is_left(rows: list[Statement], some: Given, view: View) -> None:
    order = list(GapType)
    for answer in report(build_index(rows, World(CLASSES)), some, view):
        places = [order.index(gap.type) for gap in answer.gaps]
        assert places == sorted(set(places))
        assert bool(places) == (answer.status is not Status.FULL)


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_what_is_said_to_close_a_gap_raises_the_requirement(rows: list[Statement], some: Given, view: View) -> None:
    index = build_index(rows, World(CLASSES))
    for answer in report(index, some, view):
        gap = gap_of(answer, GapType.NOT_GIVEN)
        if gap is not None:
            assert gap.closed_by
            assert all(_raised(index, answer, some, view, closer) for closer in gap.closed_by)


def _raised(index: Index, answer: RequirementCoverage, some: Given, view: View, closer: str) -> bool:
    thing = closer in index.satisfying
    more = Given(things=frozenset({closer})) if thing else Given(certificates=(Certificate(scheme=closer),))
    after = report(index, joined(some, more), view)[REQUIREMENTS.index(answer.requirement)]
    return PROVED_LEVEL[after.status] > PROVED_LEVEL[answer.status]


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_what_would_raise_a_requirement_is_said_to_be_left_to_give(rows: list[Statement], some: Given, view: View) -> None:
    index = build_index(rows, World(CLASSES))
    best = levels(report(index, joined(some, small_worlds.ALL_THERE_IS), view))
    for answer, level in zip(report(index, some, view), best, strict=True):
        assert (gap_of(answer, GapType.NOT_GIVEN) is not None) == (level > PROVED_LEVEL[answer.status])


OUT_OF_FORCE: dict[str, Callable[[str], Certificate]] = {
    "expired": lambda scheme: Certificate(scheme=scheme, valid_to=date(2026, 11, 22)),
    "not yet valid": lambda scheme: Certificate(scheme=scheme, valid_from=date(2026, 11, 24)),
    "scope of another requirement": lambda scheme: Certificate(scheme=scheme, scope=frozenset({"elsewhere"})),
    "expired and out of scope": lambda scheme: Certificate(
        scheme=scheme, scope=frozenset({"elsewhere"}), valid_to=date(2020, 1, 1)
    ),
}


@pytest.mark.parametrize("fault", OUT_OF_FORCE)
@settings(max_examples=200, deadline=None)
@given(rows=STATEMENTS, some=GIVEN, view=VIEWS, scheme=st.sampled_from(SCHEMES))
def test_a_certificate_out_of_force_never_counts_and_is_named_where_it_would(
    fault: str, rows: list[Statement], some: Given, view: View, scheme: str
) -> None:
    index = build_index(rows, World(CLASSES))
    without = report(index, some, view)
    lapsed = report(index, joined(some, Given(certificates=(OUT_OF_FORCE[fault](scheme),))), view)
    sound = report(index, joined(some, Given(certificates=(Certificate(scheme=scheme),))), view)
    assert levels(lapsed) == levels(without)
    for answer, would in zip(lapsed, sound, strict=True):
        gap = gap_of(answer, GapType.CERTIFICATE_NOT_IN_FORCE)
        raises = PROVED_LEVEL[would.status] > PROVED_LEVEL[answer.status]
        assert (gap is not None and scheme in gap.closed_by) == raises


@pytest.mark.parametrize(("valid_from", "valid_to"), [(TODAY, None), (None, TODAY), (TODAY, TODAY)])
def test_a_certificate_counts_on_its_first_and_on_its_last_day(valid_from: date | None, valid_to: date | None) -> None:
    index = build_index([small_worlds.statement("s", "r1", "accepts-any-of", "s1", Authority.OFFICIAL)], World(CLASSES))
    some = Given(certificates=(Certificate(scheme="s1", valid_from=valid_from, valid_to=valid_to),))
    assert [answer.status for answer in report(index, some, EVERY_VIEW)] == [Status.FULL, Status.UNKNOWN, Status.UNKNOWN]


@pytest.mark.parametrize("scope", sorted({*REQUIREMENTS, *EDITION.values()}))
def test_a_scope_names_requirements_or_their_edition(scope: str) -> None:
    rows = [small_worlds.statement(one, one, "accepts-any-of", "s1", Authority.OFFICIAL) for one in REQUIREMENTS]
    some = Given(certificates=(Certificate(scheme="s1", scope=frozenset({scope})),))
    full = {answer.requirement for answer in report(build_index(rows, World(CLASSES)), some, EVERY_VIEW) if not answer.gaps}
    assert full == {one for one in REQUIREMENTS if scope in (one, EDITION[one])}


@settings(max_examples=200, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_statuses_sum_to_the_count(rows: list[Statement], some: Given, view: View) -> None:
    answers = report(build_index(rows, World(CLASSES)), some, view)
    summary = CoverageSummary.of(answers)
    counts = (summary.full, summary.partial, summary.possible, summary.excluded, summary.unknown)
    assert sum(counts) == summary.assessable == len(REQUIREMENTS)
    assert counts == tuple(sum(answer.status is status for answer in answers) for status in Status)
    assert summary.full_ratio == summary.full / len(REQUIREMENTS)
    assert summary.covered_ratio == (summary.full + summary.partial) / len(REQUIREMENTS)


def test_of_nothing_there_is_no_ratio() -> None:
    summary = CoverageSummary.of([])
    assert (summary.assessable, summary.full_ratio, summary.covered_ratio) == (0, None, None)


SUMMARIES = """query($edition: ID!, $given: GivenInput) { coverage(edition: $edition, given: $given) {
  summary { assessable full partial possible excluded unknown }
  all: requirements(first: 0) { totalCount }
  full: requirements(first: 0, status: [FULL]) { totalCount }
  partial: requirements(first: 0, status: [PARTIAL]) { totalCount }
  possible: requirements(first: 0, status: [POSSIBLE]) { totalCount }
  excluded: requirements(first: 0, status: [EXCLUDED]) { totalCount }
  unknown: requirements(first: 0, status: [UNKNOWN]) { totalCount }
} }"""


@pytest.mark.parametrize("some", [{}, {"everything": True}, {"products": ["office-365"]}])
def test_the_counts_of_every_edition_are_those_of_its_lists(client: Client, some: dict[str, object]) -> None:
    editions = client.ask("{ editions(first: 100) { nodes { id } } }")["editions"]["nodes"]
    assert editions
    for edition in editions:
        answer = client.ask(SUMMARIES, edition=edition["id"], given=some)["coverage"]
        summary = answer["summary"]
        assert sum(summary[status.value] for status in Status) == summary["assessable"] == answer["all"]["totalCount"]
        assert all(summary[status.value] == answer[status.value]["totalCount"] for status in Status)


@settings(max_examples=1000, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_a_plain_reading_of_the_definition_agrees(rows: list[Statement], some: Given, view: View) -> None:
    index = build_index(rows, World(CLASSES))
    accepted = plain_coverage.believed(rows, CLASSES) if view.hops == 1 else accepted_by(index, view.hops)
    plain = plain_coverage.PlainCoverage(rows, CLASSES, some, view)
    for answer in report(index, some, view):
        status, controls = plain.of(answer.requirement, EDITION[answer.requirement], accepted)
        assert answer.status.value == status
        assert {coverage.control: coverage.status.value for coverage in answer.covered} == controls


@settings(max_examples=400, deadline=None)
@given(small_worlds.WORLDS, st.data(), VIEWS)
def test_a_status_is_true_of_the_world_where_all_accepted_rows_are(
    world: small_worlds.World, data: st.DataObject, view: View
) -> None:
    rows = data.draw(small_worlds.true_statements(world))
    index = build_index(rows, World(CLASSES))
    by_id = {row.id: row for row in rows}
    accepted = [by_id[statement] for statement in accepted_by(index, view.hops)]
    if not all(small_worlds.is_true(row, world) for row in accepted):
        return
    for thing in small_worlds.THINGS:
        for answer in report(index, Given(things=frozenset({thing})), view):
            for coverage in answer.covered:
                asked, done = world[answer.requirement], world[coverage.control]
                assert _holds(coverage.status, asked, done), (coverage, related(done, asked))


def _holds(status: Status, asked: frozenset[int], done: frozenset[int]) -> bool:
    match status:
        case Status.FULL:
            return asked <= done
        case Status.PARTIAL:
            return bool(asked & done)
        case Status.EXCLUDED:
            return not asked & done
        case _:
            return status is Status.POSSIBLE


@settings(max_examples=200, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, st.randoms())
def test_the_order_of_what_is_published_and_given_never_matters(
    rows: list[Statement], some: Given, view: View, random: small_worlds.Shuffler
) -> None:
    shuffled, certificates = list(rows), list(some.certificates)
    random.shuffle(shuffled)
    random.shuffle(certificates)
    before = report(build_index(rows, World(CLASSES)), some, view)
    assert report(build_index(shuffled, World(CLASSES)), replace(some, certificates=tuple(certificates)), view) == before


@settings(max_examples=200, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS, CERTIFICATES)
def test_the_same_certificate_twice_says_no_more_than_once(
    rows: list[Statement], some: Given, view: View, certificate: Certificate
) -> None:
    index = build_index(rows, World(CLASSES))
    once, twice = (joined(some, Given(certificates=(certificate,) * count)) for count in (1, 2))
    assert levels(report(index, once, view)) == levels(report(index, twice, view))
