"""The laws of what several things do together, on small random releases with n:m mappings and partitions."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk import joint as engine
from kakehashi.crosswalk.closing import Budget, as_given, close_gaps
from kakehashi.crosswalk.coverage import PROVED_LEVEL, ControlCoverage, Status
from kakehashi.crosswalk.gaps import GapType, RequirementCoverage, assess
from kakehashi.crosswalk.given import Certificate, Given, View, everything, hold
from kakehashi.crosswalk.joint import JointCoverage
from kakehashi.crosswalk.optimum import Gain, Stage
from kakehashi.records.values import Authority, RationaleKind
from tests.support.joint_worlds import (
    EDITION,
    HEADING,
    REQUIREMENTS,
    REVERSE,
    VIEWS,
    WIDE_VIEWS,
    WITHDRAWN,
    Release,
    Sets,
    group,
    link,
    releases,
    true_releases,
)
from tests.support.plain_joint import PlainJoint
from tests.support.small_worlds import AUTHORITIES, SCHEMES, THINGS, TODAY, Shuffler, statement

SOME_THINGS = st.frozensets(st.sampled_from(THINGS))
MOST_THINGS = st.one_of(SOME_THINGS, st.just(frozenset(THINGS)))
EVERYONE = frozenset(Authority)
OFFICIAL, VENDOR = Authority.OFFICIAL, Authority.VENDOR
ENOUGH = 60.0


def report(release: Release, things: frozenset[str], view: View) -> list[RequirementCoverage]:
    holding = hold(release.index, Given(things=things), view)
    return [assess(release.index, one, "e1", holding, view) for one in REQUIREMENTS]


def levels(answers: Sequence[RequirementCoverage]) -> list[int]:
    return [PROVED_LEVEL[answer.status] for answer in answers]


def no_lower(before: list[int], after: list[int]) -> bool:
    return all(old <= new for old, new in zip(before, after, strict=True))


def plainly(release: Release, view: View) -> PlainJoint:
    acceptance = release.index.engine.acceptance(view.hops)
    accepted = {row.statement for row in acceptance.believed}
    return PlainJoint(release, view, accepted, {row.statement for row in acceptance.left_out})


@settings(max_examples=800, deadline=None)
@given(releases(), MOST_THINGS, VIEWS)
def test_a_plain_reading_of_the_definition_agrees(release: Release, things: frozenset[str], view: View) -> None:
    plain = plainly(release, view)
    for answer in report(release, things, view):
        alone = any(coverage.status is Status.FULL for coverage in answer.covered)
        assert alone == plain.alone(answer.requirement, things, view.hops)
        wanted = [] if alone else plain.jointly(answer.requirement, things, view.hops)
        assert sorted(joint.cover.group or joint.requirement for joint in answer.jointly) == sorted(wanted)
        assert (answer.status is Status.FULL) == (alone or bool(wanted))
        assert (answer.status is Status.FULL) == (not answer.gaps)


@settings(max_examples=800, deadline=None)
@given(true_releases(), MOST_THINGS, WIDE_VIEWS)
def test_what_is_full_is_contained_where_all_that_is_stated_is_true(
    world: tuple[Sets, Release], things: frozenset[str], view: View
) -> None:
    sets, release = world
    for answer in report(release, things, view):
        for joint in answer.jointly:
            assert sets[answer.requirement] <= frozenset().union(*(sets[control] for control in joint.controls))


@settings(max_examples=250, deadline=None)
@given(releases(), SOME_THINGS, SOME_THINGS, VIEWS)
def test_giving_more_never_lowers_what_is_proved(
    release: Release, some: frozenset[str], more: frozenset[str], view: View
) -> None:
    assert no_lower(levels(report(release, some, view)), levels(report(release, some | more, view)))


@settings(max_examples=250, deadline=None)
@given(releases(), MOST_THINGS, VIEWS, st.frozensets(AUTHORITIES))
def test_narrowing_the_authorities_never_raises_what_is_proved(
    release: Release, things: frozenset[str], view: View, more: frozenset[Authority]
) -> None:
    wider = replace(view, authorities=view.authorities | more)
    assert no_lower(levels(report(release, things, view)), levels(report(release, things, wider)))


@settings(max_examples=200, deadline=None)
@given(releases(), releases(), MOST_THINGS, WIDE_VIEWS)
def test_with_nothing_refused_by_it_what_is_added_never_lowers_what_is_proved(
    release: Release, added: Release, things: frozenset[str], view: View
) -> None:
    """Rows and n:m mappings of another release are added; those that turn others out are not asked of."""
    view = replace(view, hops=min(view.hops, 3))
    renamed = [group(f"{one.id}+", one.subjects, one.predicate, one.objects, one.authority) for one in added.groups]
    rows = [statement(f"{one.id}+", one.subject, one.predicate, str(one.object), one.authority) for one in added.statements]
    more = replace(
        release, statements=(*release.statements, *rows, *(pair for _, pairs in renamed for pair in pairs)),
        groups=(*release.groups, *(one for one, _ in renamed)),
    )  # fmt: skip
    before, after = plainly(release, view), plainly(more, view)
    assume(set(before.accepted) <= set(after.accepted))
    assume(all(set(before.covers(one)) <= set(after.covers(one)) for one in REQUIREMENTS))
    assert no_lower(levels(report(release, things, view)), levels(report(more, things, view)))


@settings(max_examples=250, deadline=None)
@given(releases(), MOST_THINGS, VIEWS)
def test_parts_are_met_within_one_hop_less_by_what_is_had(release: Release, things: frozenset[str], view: View) -> None:
    for answer in report(release, things, view):
        for joint in answer.jointly:
            _check(joint, things, view, view.hops)


def _check(joint: JointCoverage, things: frozenset[str], view: View, hops: int) -> None:
    assert joint.cover.authorities <= view.authorities
    assert tuple(part.requirement for part in joint.parts) == joint.cover.parts
    assert joint.authority.rank >= joint.cover.authority.rank
    for part in joint.parts:
        assert part.requirement not in SCHEMES
        if isinstance(part, ControlCoverage):
            assert (part.control in things, part.status) == (True, Status.FULL)
            assert all(len(chain.steps) <= hops - 1 for chain in part.proof.chains)
            assert joint.authority.rank >= part.proof.authority.rank
        else:
            _check(part, things, view, hops - 1)


@settings(max_examples=250, deadline=None)
@given(releases(), SOME_THINGS, VIEWS)
def test_what_would_raise_a_requirement_is_said_to_be_left_to_give(release: Release, things: frozenset[str], view: View) -> None:
    most = levels(report(release, everything(release.index).things, view))
    for answer, level in zip(report(release, things, view), most, strict=True):
        found = next((gap for gap in answer.gaps if gap.type is GapType.NOT_GIVEN), None)
        assert (found is not None) == (level > PROVED_LEVEL[answer.status])
        if found is not None:
            assert found.closed_by or found.together
            after = report(release, things | set(found.together), view)[REQUIREMENTS.index(answer.requirement)]
            assert not found.together or after.status is Status.FULL
            assert bool(found.together) == (level == PROVED_LEVEL[Status.FULL] and not _alone(release, answer, view))
            assert not set(found.together) & things


def _alone(release: Release, answer: RequirementCoverage, view: View) -> bool:
    return plainly(release, view).alone(answer.requirement, THINGS, view.hops)


@settings(max_examples=200, deadline=None)
@given(releases(), SOME_THINGS, VIEWS, st.integers(0, 3), st.one_of(st.none(), st.just({"p1": 1, "c1": 2, "c2": 0, "c3": 1})))
def test_no_additions_at_all_are_better(
    release: Release, things: frozenset[str], view: View, amount: int, costs: dict[str, int] | None
) -> None:
    """Every set of what can be given is tried with the coverage engine itself."""
    before = levels(report(release, things, view))
    prices = dict.fromkeys(THINGS, 1) if costs is None else costs

    def rank(chosen: tuple[str, ...]) -> tuple[int, int, int, int, tuple[str, ...]]:
        rise = list(zip(before, levels(report(release, things | set(chosen), view)), strict=True))
        full, partial = (sum(old < new == level for old, new in rise) for level in (2, 1))
        return -full, -partial, len(chosen), sum(prices[one] for one in chosen), chosen

    sets = (chosen for size in range(5) for chosen in combinations(sorted(prices), size))
    wanted = min(rank(chosen) for chosen in sets if sum(prices[one] for one in chosen) <= amount)
    found = close_gaps(release.index, EDITION, Given(things=things), view, Budget(amount, costs, ENOUGH))
    assert rank(found.optimum.chosen) == wanted
    assert found.optimum.gain == Gain(-wanted[0], -wanted[1])
    after = levels(report(release, things | as_given(release.index, found.optimum.chosen).things, view))
    rise = list(zip(REQUIREMENTS, before, after, strict=True))
    assert found.newly_full == tuple(one for one, old, new in rise if old < new == 2)
    assert found.newly_partial == tuple(one for one, old, new in rise if old < new == 1)
    most = levels(report(release, frozenset(THINGS), view))
    stays = {one for one, old, new in zip(REQUIREMENTS, before, most, strict=True) if old == new < 2}
    assert set(found.out_of_reach) == stays


@settings(max_examples=200, deadline=None)
@given(releases(), MOST_THINGS, VIEWS, st.randoms())
def test_the_order_of_what_is_published_never_matters(
    release: Release, things: frozenset[str], view: View, random: Shuffler
) -> None:
    statements, groups, links = list(release.statements), list(release.groups), list(release.links)
    for some in (statements, groups, links):
        random.shuffle(some)
    shuffled = replace(release, statements=tuple(statements), groups=tuple(groups), links=tuple(links))
    assert report(shuffled, things, view) == report(release, things, view)


TWO = (statement("c0", "c1", "satisfies", "r2", VENDOR), statement("c1", "c2", "satisfies", "r3", VENDOR))
SEEN = View(EVERYONE, TODAY, 2)


def of_group(
    subjects: tuple[str, ...] = ("r1",),
    predicate: str = "subset-of",
    objects: tuple[str, ...] = ("r2", "r3"),
    *,
    kind: RationaleKind | None = None,
    mapping_set: str = "set/x",
) -> Release:
    """Two things that meet r2 and r3, and one n:m mapping."""
    found, pairs = group("g", subjects, predicate, objects, VENDOR, kind=kind, mapping_set=mapping_set)
    return Release((*TWO, *pairs), (found,))


def status(release: Release, things: frozenset[str] = frozenset(THINGS), view: View = SEEN) -> Status:
    return report(release, things, view)[0].status


def test_two_things_meet_together_what_none_meets_alone() -> None:
    release = of_group()
    answer, *_ = report(release, frozenset({"c1", "c2"}), SEEN)
    assert (answer.status, [joint.controls for joint in answer.jointly]) == (Status.FULL, [("c1", "c2")])
    assert all(status(release, frozenset({one})) is not Status.FULL for one in ("c1", "c2"))
    assert status(release, view=replace(SEEN, hops=1)) is not Status.FULL
    assert status(release, view=replace(SEEN, authorities=EVERYONE - {VENDOR})) is Status.UNKNOWN


@pytest.mark.parametrize(
    "release",
    [
        of_group(("r2", "r3"), "superset-of", ("r1",)),
        of_group(("r1", "r4"), "broad-match"),
        of_group(("r1",), "equal"),
        of_group(("r2", "r3"), "exact-match", ("r1",)),
        of_group(("r2", "r3"), "narrow-match", ("r4", "r1")),
        of_group(("r1",), "equal", kind=RationaleKind.SYNTACTIC),
    ],
)
def test_every_word_that_says_inside_counts_from_either_side(release: Release) -> None:
    assert status(release) is Status.FULL


@pytest.mark.parametrize(
    "release",
    [
        of_group(("r1",), "superset-of"),
        of_group(("r1",), "intersects-with"),
        of_group(("r1",), "related-match"),
        of_group(("r1",), "subset-of", kind=RationaleKind.SYNTACTIC),
        of_group(("r1",), "subset-of", mapping_set=REVERSE),
        of_group(("r1",), "subset-of", ("r2", "r3", HEADING)),
        of_group(("r1",), "subset-of", ("r2", "r3", WITHDRAWN)),
        of_group(("r1", HEADING), "subset-of"),
        of_group(("r1",), "subset-of", ("r2", "r3", "c3")),
    ],
)
def test_what_does_not_say_inside_or_does_not_count_meets_nothing(release: Release) -> None:
    assert status(release) is not Status.FULL


def test_a_mapping_of_which_a_pair_was_set_aside_does_not_count() -> None:
    release = of_group(("r1",), "equal")
    stronger = statement("no", "r1", "no-relationship", "r2", OFFICIAL)
    assert status(release) is Status.FULL
    assert status(replace(release, statements=(*release.statements, stronger))) is not Status.FULL


@pytest.mark.parametrize(("authority", "refused"), [(OFFICIAL, True), (VENDOR, True), (Authority.INFERRED, False)])
def test_a_mapping_of_which_no_part_shares_anything_does_not_count(authority: Authority, *, refused: bool) -> None:
    release = of_group()
    apart = [statement(f"n{part}", "r1", "no-relationship", part, authority) for part in ("r2", "r3")]
    assert status(replace(release, statements=(*release.statements, apart[0]))) is Status.FULL
    assert (status(replace(release, statements=(*release.statements, *apart))) is Status.FULL) != refused


def nested() -> Release:
    """r1 lies inside r2 and r4, and r4 inside r3 and r5; a thing meets each of r2, r3 and r5."""
    outer, pairs = group("outer", ("r1",), "subset-of", ("r2", "r4"))
    release = of_group(("r4",), "subset-of", ("r3", "r5"))
    stated = (*release.statements, *pairs, statement("c5", "c3", "satisfies", "r5", VENDOR))
    return replace(release, statements=stated, groups=(*release.groups, outer))


def test_a_part_may_be_met_together_with_one_hop_less() -> None:
    answer, *_ = report(nested(), frozenset(THINGS), replace(SEEN, hops=3))
    assert [joint.controls for joint in answer.jointly] == [("c1", "c2", "c3")]
    assert status(nested()) is not Status.FULL


@pytest.mark.parametrize("had", [frozenset[str](), frozenset({"c2"}), frozenset({"c1", "c3"})])
def test_what_meets_a_part_together_is_found_as_additions(had: frozenset[str]) -> None:
    view, lacking = replace(SEEN, hops=3), tuple(sorted({"c1", "c2", "c3"} - had))
    answer, *_ = report(nested(), had, view)
    assert [gap.together for gap in answer.gaps if gap.type is GapType.NOT_GIVEN] == [lacking]
    found = close_gaps(nested().index, {"r1": "e1"}, Given(things=had), view, Budget(3, None, ENOUGH))
    assert (found.optimum.chosen, found.newly_full) == (lacking, ("r1",))
    assert close_gaps(nested().index, {"r1": "e1"}, Given(things=had), SEEN, Budget(3, None, ENOUGH)).newly_full == ()


def test_what_is_too_nested_to_look_at_whole_is_not_said_to_be_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    other, pairs = group("other", ("r4",), "subset-of", ("r2", "r5"))
    release = nested()
    release = replace(release, statements=(*release.statements, *pairs), groups=(*release.groups, other))
    asked = release.index, {"r1": "e1"}, Given(), replace(SEEN, hops=3), Budget(2, None, ENOUGH)
    assert (close_gaps(*asked).optimum.chosen, close_gaps(*asked).optimum.unproved) == (("c1", "c3"), ())
    monkeypatch.setattr(engine, "MAX_NEEDS", 1)
    found = close_gaps(*asked)
    assert (found.optimum.at_most.full, set(found.optimum.unproved), found.out_of_reach) == (1, set(Stage), ())


def test_a_part_may_be_met_alone_or_together_whichever_is_cheaper() -> None:
    release = nested()
    release = replace(release, statements=(*release.statements, statement("p", "p1", "satisfies", "r4", VENDOR)))
    view = replace(SEEN, hops=3)
    for costs, wanted in (
        ({"c1": 1, "c2": 1, "c3": 1, "p1": 3}, ("c1", "p1")),
        ({"c1": 1, "c2": 1, "c3": 1}, ("c1", "c2", "c3")),
    ):
        found = close_gaps(release.index, {"r1": "e1"}, Given(), view, Budget(4, costs, ENOUGH))
        assert (found.optimum.chosen, found.newly_full) == (wanted, ("r1",))


def test_a_certificate_meets_no_part() -> None:
    release = of_group()
    stated = (*release.statements, statement("a", "r3", "accepts-any-of", "s1", OFFICIAL))
    release = replace(release, statements=tuple(one for one in stated if one.id != "c1"))
    some = Given(things=frozenset({"c1"}), certificates=(Certificate(scheme="s1"),))
    holding = hold(release.index, some, SEEN)
    assert assess(release.index, "r3", "e1", holding, SEEN).status is Status.FULL
    assert assess(release.index, "r1", "e1", holding, SEEN).status is not Status.FULL


PARTITION = Release(TWO, (), (link("r2", "r1"), link("r3", "r1")), {"r1": ("r2", "r3")})


def test_a_parent_is_met_where_all_its_children_are_the_whole_and_met() -> None:
    assert status(PARTITION) is Status.FULL
    assert status(replace(PARTITION, wholes={})) is Status.PARTIAL
    assert status(PARTITION, frozenset({"c1"})) is Status.PARTIAL
    assert status(PARTITION, view=replace(SEEN, hops=1)) is Status.UNKNOWN
    assert status(replace(PARTITION, wholes={"r1": ("r2", "r3", HEADING)})) is Status.PARTIAL
    only = replace(PARTITION, links=PARTITION.links[:1], wholes={"r1": ("r2",)})
    assert status(only, frozenset({"c1"})) is Status.FULL


def test_a_parent_with_a_child_whose_link_was_set_aside_or_is_not_seen_is_not_the_whole() -> None:
    apart = statement("no", "r3", "no-relationship", "r1", OFFICIAL)
    weaker = replace(PARTITION, links=(link("r2", "r1"), link("r3", "r1", Authority.CURATED)))
    assert status(weaker) is Status.FULL
    assert status(replace(weaker, statements=(*weaker.statements, apart))) is Status.PARTIAL
    assert status(weaker, view=replace(SEEN, authorities=frozenset({OFFICIAL, VENDOR}))) is Status.PARTIAL
