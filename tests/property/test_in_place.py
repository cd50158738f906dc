"""The laws of what is in place, on small random releases and assessments."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as altered

from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.in_place import InPlace, in_place, latest
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.standing import World
from kakehashi.graphql.assessments import Assessed, InPlaceSummary
from kakehashi.records.model import Assessment, Statement
from kakehashi.records.values import AssessmentStatus, Authority
from tests.property.test_algebra import related
from tests.support import plain_closure, small_worlds
from tests.support.joint_worlds import link
from tests.support.plain_coverage import BITS, READ

PROVISIONS = ("a1", "a2", "b1", "b2", "c1")
GONE = "gone/1"
"""A provision that the release no longer has."""
CLASSES = dict.fromkeys(PROVISIONS, "Requirement")
DAYS = tuple(date(2026, 4, day) for day in (1, 2, 3))
WORDS = st.sampled_from(sorted(READ))
ENDS = st.permutations(PROVISIONS)
ROWS = st.lists(st.tuples(ENDS, WORDS, small_worlds.AUTHORITIES), max_size=10).map(
    lambda found: [small_worlds.statement(f"s{n}", e[0], w, e[1], a) for n, (e, w, a) in enumerate(found)]
)
VIEWS = st.builds(View, st.frozensets(small_worlds.AUTHORITIES, min_size=1), st.sampled_from(DAYS), st.integers(1, 3))


def assessment(provision: str, status: AssessmentStatus, day: date = DAYS[0]) -> Assessment:
    return Assessment(
        id=f"assessment/{provision}-{31 - day.day}", source="source/x", organisation="board", edition="e", provision=provision,
        status=status, reviewer="somebody", assessed_on=day,
    )  # fmt: skip


ONE = st.builds(
    assessment, st.sampled_from((*PROVISIONS, GONE)), st.sampled_from(AssessmentStatus), st.sampled_from(DAYS)
)  # fmt: skip
STATED = st.lists(ONE, max_size=8, unique_by=lambda one: (one.provision, one.assessed_on))
"""What no two rows of contradict each other: one a provision and a day."""


def answers(rows: Sequence[Statement], stated: Iterable[Assessment], view: View) -> list[InPlace]:
    index = build_index(rows, World(CLASSES))
    found = in_place(index, PROVISIONS, latest(stated, view.as_of), view)
    assert list(found) == list(PROVISIONS)
    return list(found.values())


def levels(found: Iterable[InPlace]) -> list[int]:
    return [0 if one.status is None else PROVED_LEVEL[one.status] for one in found]


def no_lower(before: list[int], after: list[int]) -> bool:
    return all(old <= new for old, new in zip(before, after, strict=True))


@settings(max_examples=300, deadline=None)
@given(ROWS, STATED, ONE, VIEWS)
def test_stating_that_more_is_in_place_never_lowers_what_is_proved(
    rows: list[Statement], stated: list[Assessment], one: Assessment, view: View
) -> None:
    assume((one.provision, one.assessed_on) not in {(other.provision, other.assessed_on) for other in stated})
    more = [*stated, altered(one, status=AssessmentStatus.IN_PLACE)]
    assert no_lower(levels(answers(rows, stated, view)), levels(answers(rows, more, view)))


@settings(max_examples=300, deadline=None)
@given(ROWS, STATED, VIEWS, st.frozensets(small_worlds.AUTHORITIES))
def test_widening_the_authorities_never_lowers_what_is_proved(
    rows: list[Statement], stated: list[Assessment], view: View, more: frozenset[Authority]
) -> None:
    wider = replace(view, authorities=view.authorities | more)
    assert no_lower(levels(answers(rows, stated, view)), levels(answers(rows, stated, wider)))


@settings(max_examples=200, deadline=None)
@given(ROWS, STATED, VIEWS)
def test_what_is_not_in_place_proves_nothing(rows: list[Statement], stated: list[Assessment], view: View) -> None:
    done = [one for one in latest(stated, view.as_of).values() if one.status is AssessmentStatus.IN_PLACE]
    for whole, alone in zip(answers(rows, stated, view), answers(rows, done, view), strict=True):
        assert whole.status == (alone.status if whole.applicable else None)
        assert whole.satisfied_by == alone.satisfied_by


@settings(max_examples=200, deadline=None)
@given(STATED, st.sampled_from(DAYS))
def test_the_last_assessment_by_the_day_counts(stated: list[Assessment], day: date) -> None:
    found = latest(stated, day)
    for provision in (*PROVISIONS, GONE):
        made = {one.assessed_on: one for one in stated if one.provision == provision and one.assessed_on <= day}
        assert found.get(provision) == (made[max(made)] if made else None)


@settings(max_examples=200, deadline=None)
@given(ROWS, STATED, VIEWS)
def test_the_answer_is_the_one_by_definition(rows: list[Statement], stated: list[Assessment], view: View) -> None:
    index = build_index(rows, World(CLASSES))
    current = latest(stated, view.as_of)
    for one in in_place(index, PROVISIONS, current, view).values():
        assert one.status == _by_definition(index, one.requirement, current.values(), view)


def _by_definition(index: Index, requirement: str, current: Iterable[Assessment], view: View) -> Status | None:
    """From every walk of the rows that the engine believes, which test_engine holds against the definition of those."""
    found = {one.provision: one.status for one in current}
    if found.get(requirement) is AssessmentStatus.NOT_APPLICABLE:
        return None
    if found.get(requirement) is AssessmentStatus.IN_PLACE:
        return Status.FULL
    done = [provision for provision, status in found.items() if status is AssessmentStatus.IN_PLACE]
    rows = [row for row in index.engine.acceptance(view.hops).believed if row.authority in view.authorities]
    known: dict[str, int] = {}
    for provision in done:
        for end, relations, _ in plain_closure.walks(rows, provision, view.hops):
            if end == requirement:
                known[provision] = known.get(provision, plain_closure.ANYTHING) & relations
    if any(not relations & ~0b101 for relations in known.values()):  # EQ or PPi
        return Status.FULL
    if any(not relations & 0b10000 for relations in known.values()):  # not DR
        return Status.PARTIAL
    if any(relations != 0b10000 for relations in known.values()):
        return Status.POSSIBLE
    return Status.EXCLUDED if known and len(known) == len(done) else Status.UNKNOWN


@st.composite
def true_releases(draw: st.DrawFn) -> tuple[small_worlds.World, list[Statement]]:
    """What provisions ask for, as sets, and statements that are true of them."""
    world = {provision: draw(st.frozensets(st.integers(0, 4), min_size=1)) for provision in PROVISIONS}
    rows = []
    for number in range(draw(st.integers(1, 10))):
        subject, target, *_ = draw(ENDS)
        truth = related(world[subject], world[target])
        words = sorted(word for word, read in READ.items() if truth in {BITS[one] for one in read})
        rows.append(small_worlds.statement(f"s{number}", subject, draw(st.sampled_from(words)), target, Authority.OFFICIAL))
    return world, rows


@settings(max_examples=300, deadline=None)
@given(true_releases(), STATED, VIEWS)
def test_where_all_that_is_stated_is_true_the_answer_is(
    release: tuple[small_worlds.World, list[Statement]], stated: list[Assessment], view: View
) -> None:
    world, rows = release
    for one in answers(rows, stated, replace(view, authorities=frozenset(Authority))):
        done = {found.control for found in one.covered} | ({one.requirement} if one.itself else set())
        wanted = world[one.requirement]
        if one.status is Status.FULL:
            assert any(world[provision] >= wanted for provision in done)
        if one.status is Status.PARTIAL:
            assert any(world[provision] & wanted for provision in done)
        if one.status is Status.EXCLUDED:
            assert not any(world[provision] & wanted for provision in done)


@st.composite
def true_partitions(draw: st.DrawFn) -> tuple[small_worlds.World, Index]:
    """The same with a parent, a1, of which b1 and b2 are the whole."""
    world, _ = draw(true_releases())
    world["a1"] = world["b1"] | world["b2"]
    truths = (("a2", "b1"), ("a2", "b2"), ("c1", "b1"), ("c1", "a1"))
    rows = [
        small_worlds.statement(f"s{number}", one, "satisfies", other, Authority.OFFICIAL)
        for number, (one, other) in enumerate(truths)
        if world[one] >= world[other]
    ]
    links = [link(child, "a1") for child in ("b1", "b2")]
    return world, build_index(rows, World(CLASSES), links, (), {"a1": ("b1", "b2")})


@settings(max_examples=300, deadline=None)
@given(true_partitions(), st.frozensets(st.sampled_from(PROVISIONS)), st.integers(1, 3))
def test_a_parent_is_in_place_where_all_of_the_children_that_are_its_whole_are(
    release: tuple[small_worlds.World, Index], done: frozenset[str], hops: int
) -> None:
    world, index = release
    view = View(frozenset(Authority), DAYS[0], hops)
    found = in_place(index, PROVISIONS, {one: assessment(one, AssessmentStatus.IN_PLACE) for one in done}, view)
    united = frozenset[int]().union(*(world[one] for one in done))
    assert all(world[one] <= united for one, answer in found.items() if answer.status is Status.FULL)
    if {"b1", "b2"} <= done and hops > 1:
        assert found["a1"].status is Status.FULL


def test_children_in_place_need_a_hop_to_put_their_parent_in_place() -> None:
    index = build_index([], World(CLASSES), [link("b1", "a1"), link("b2", "a1")], (), {"a1": ("b1", "b2")})
    both = {one: assessment(one, AssessmentStatus.IN_PLACE) for one in ("b1", "b2")}

    def status(done: dict[str, Assessment], hops: int) -> Status | None:
        return in_place(index, PROVISIONS, done, View(frozenset(Authority), DAYS[0], hops))["a1"].status

    assert (status(both, 2), status(both, 1), status({"b1": both["b1"]}, 2)) == (Status.FULL, Status.PARTIAL, Status.PARTIAL)


@settings(max_examples=200, deadline=None)
@given(ROWS, STATED, VIEWS)
def test_the_counts_add_up(rows: list[Statement], stated: list[Assessment], view: View) -> None:
    found = {one.requirement: one for one in answers(rows, stated, view)}
    whole = Assessed(organisation="board", scope=None, stated=(), current={}, answers=found, given=frozenset())
    summary = InPlaceSummary.of(whole)
    counted = Counter({status: getattr(summary, status.value) for status in Status})
    assert counted.total() == summary.assessable
    assert summary.assessable + summary.not_applicable == len(PROVISIONS)
    assert +counted == Counter(one.status for one in found.values() if one.status is not None)
    assert summary.contradicted <= summary.full
    assert (summary.full_ratio is None) == (summary.assessable == 0)


@settings(max_examples=200, deadline=None)
@given(ROWS, STATED, VIEWS)
def test_contradicted_is_what_is_proved_and_denied(rows: list[Statement], stated: list[Assessment], view: View) -> None:
    for one in answers(rows, stated, view):
        denied = one.assessment is not None and one.assessment.status.value in ("planned", "not-in-place")
        assert one.contradicted == (denied and one.status is Status.FULL)


def test_nothing_of_the_assessments_is_kept_where_others_could_meet_it() -> None:
    """The engine is shared by all who ask: its caches may know the release, and nothing of an organisation."""
    rows = [small_worlds.statement("s1", "a1", "equal", "b1", Authority.OFFICIAL)]
    index, view = build_index(rows, World(CLASSES)), View(frozenset(Authority), DAYS[0])
    network = index.engine.network(view.authorities, view.hops)
    before = dict(vars(network))
    found = in_place(index, PROVISIONS, {"a1": assessment("a1", AssessmentStatus.IN_PLACE)}, view)
    assert found["b1"].status is Status.FULL
    fresh = vars(network).keys() - before.keys()
    assert fresh <= {"closure", "links", "steps", "_chains_from"}, "these follow from the release alone"
