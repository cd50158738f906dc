"""Gaps and additions where several things meet a requirement together, and some of them have ended or come with a plan."""

from collections.abc import Sequence

from kakehashi.crosswalk.closing import Budget, close_gaps
from kakehashi.crosswalk.gaps import Gap, GapType, assess
from kakehashi.crosswalk.given import Certificate, Given, View, hold
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.standing import World
from kakehashi.records.model import Edition
from kakehashi.records.values import Authority, Certainty
from tests.support.joint_worlds import group
from tests.support.small_worlds import TODAY, statement
from tests.support.timed_worlds import CLASSES, timed

EDITIONS = {
    "e1": Edition(id="e1", framework="f1", source="source/x", provisions=("r1", "r2", "r3")),
    "e2": Edition(id="e2", framework="f1", source="source/x", provisions=("q1",), replaces="e1"),
}
WORLD = World(CLASSES | {"q1": "Requirement"}, editions=EDITIONS)

INSIDE = group("g", ("r1",), "subset-of", ("r2", "r3"))
"""r1 lies inside the union of r2 and r3; c1 meets the one and c2 the other."""
PARTS = (("c1", "satisfies", "r2"), ("c2", "satisfies", "r3"))


def jointly(*stated: tuple[str, str, str], ended: Sequence[str] = ()) -> Index:
    statements = [statement(f"s{place}", *one, Authority.OFFICIAL) for place, one in enumerate((*PARTS, *stated))]
    ends = timed([(one, "valid-to", "2020", Certainty.PRINTED) for one in ended], Authority.OFFICIAL)
    return build_index([*statements, *ends, *INSIDE[1]], WORLD, groups=[INSIDE[0]])


def gaps_of(index: Index, *things: str, certificates: tuple[Certificate, ...] = ()) -> dict[GapType, Gap]:
    view = View(frozenset(Authority), TODAY, 2)
    some = Given(things=frozenset(things), certificates=certificates)
    return {gap.type: gap for gap in assess(index, "r1", "e1", hold(index, some, view), view).gaps}


def test_what_met_it_together_with_others_and_has_ended_is_named_with_what_replaces_it() -> None:
    gap = gaps_of(jointly(ended=["c1"]), "c1", "c2")[GapType.RETIRED]
    assert (gap.about, gap.closed_by) == (("c1",), ())
    replaced = jointly(("c1", "superseded-by", "p1"), ("p1", "satisfies", "r2"), ended=["c1"])
    assert gaps_of(replaced, "c1", "c2")[GapType.RETIRED].closed_by == ("p1",)


def test_a_successor_that_has_ended_itself_leads_to_its_own() -> None:
    followed = jointly(("c1", "superseded-by", "c3"), ("c3", "renamed-to", "p2"), ("p2", "satisfies", "r2"), ended=["c1", "c3"])
    assert gaps_of(followed, "c1", "c2")[GapType.RETIRED].closed_by == ("p2",)


def test_a_higher_plan_may_bring_what_is_lacking_to_meet_it_together() -> None:
    index = jointly(("l2", "plan-includes", "l1"), ("l2", "plan-includes", "c1"), ("l1", "plan-includes", "c3"))
    assert gaps_of(index, "l1", "c2")[GapType.HIGHER_PLAN_ONLY].closed_by == ("l2",)


def test_what_can_be_met_together_is_not_only_met_in_another_edition() -> None:
    elsewhere = (("r1", "close-match", "q1"), ("c3", "satisfies", "q1"))
    found = gaps_of(jointly(*elsewhere))
    assert GapType.OTHER_EDITION_ONLY not in found
    assert found[GapType.NOT_GIVEN].together == ("c1", "c2")
    assert gaps_of(jointly(*elsewhere), "c3")[GapType.OTHER_EDITION_ONLY].about == ("q1",)


def test_what_has_ended_is_no_addition() -> None:
    index = jointly(("p1", "renamed-to", "p2"), ("p2", "has-capability", "c1"), ended=["p1"])
    found = close_gaps(index, {"r1": "e1"}, Given(things=frozenset({"c2"})), View(frozenset(Authority), TODAY, 2), Budget(1))
    assert "p1" not in found.problem.candidates
    assert found.newly_full == ("r1",)


def test_a_rule_that_names_an_ended_scheme_counts_for_no_listing_of_it() -> None:
    index = jointly(("r1", "accepts-any-of", "s1"), ("s2", "refers-to", "s1"), ended=["s1"])
    for scheme in ("s1", "s2"):
        gap = gaps_of(index, certificates=(Certificate(scheme=scheme),))[GapType.CERTIFICATE_NOT_IN_FORCE]
        assert (gap.closed_by, gap.about) == ((), ("s1",))
