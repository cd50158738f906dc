"""Closing gaps, what-if and comparison: each case by a small example, and what is refused, in both languages."""

import time
from typing import Any

import pytest

from kakehashi.crosswalk.closing import Budget, Closing, as_given, close_gaps
from kakehashi.crosswalk.given import Certificate, Given
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.optimum import Gain, Goal, Problem, Stage, _Programme, best, greedy
from kakehashi.crosswalk.standing import World
from kakehashi.crosswalk.what_if import WhatIf
from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.schema import build_schema
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from tests.property.test_coverage import EVERY_VIEW
from tests.support.small_worlds import CLASSES, EDITION, statement

SCHEMA = build_schema()
LEGAL = "leaflet-legal-considerations/2020-01"
MEASURES = "leaflet-security-measures/2020-01"


def index(*forms: tuple[str, str, str]) -> Index:
    rows = [statement(f"s{place}", *form, Authority.OFFICIAL) for place, form in enumerate(forms)]
    return build_index(rows, World(CLASSES))


def closing(found: Index, amount: int, costs: dict[str, int] | None = None, some: Given | None = None) -> Closing:
    return close_gaps(found, EDITION, some or Given(), EVERY_VIEW, Budget(amount, costs))


def one_part(*candidates: str) -> tuple[tuple[frozenset[str], ...], ...]:
    return ((frozenset(candidates),),)


BUNDLE = (
    ("p2", "has-capability", "c1"), ("p2", "has-capability", "c2"),
    ("c1", "satisfies", "r1"), ("c2", "satisfies", "r2"), ("c3", "satisfies-in-part", "r3"),
)  # fmt: skip


def test_adding_a_product_brings_its_capabilities() -> None:
    found = closing(index(*BUNDLE), 1)
    assert (found.optimum.chosen, found.newly_full, found.newly_partial) == (("p2",), ("r1", "r2"), ())


def test_what_a_capability_of_a_product_brings_is_brought_by_the_product() -> None:
    rows = index(("p2", "has-capability", "c1"), ("c1", "has-capability", "c2"), ("c2", "satisfies", "r1"))
    assert closing(rows, 1).problem.candidates == ("c1", "c2", "p2")


def test_full_counts_before_partial_and_both_before_the_number_of_additions() -> None:
    found = closing(index(*BUNDLE), 5)
    assert found.optimum.chosen == ("c3", "p2")
    assert [(step.addition, step.full, step.partial) for step in found.steps] == [
        ("p2", ("r1", "r2"), ()), ("c3", (), ("r3",)),
    ]  # fmt: skip


def test_costs_may_make_single_capabilities_the_better_buy() -> None:
    found = closing(index(*BUNDLE), 3, {"p2": 9, "c1": 1, "c2": 2, "p1": 0})
    assert (found.optimum.chosen, found.spent, found.unpriced) == (("c1", "c2"), 3, ("c3",))
    assert closing(index(*BUNDLE), 2, {"p2": 9, "c1": 1, "c2": 2}).optimum.chosen == ("c1",)


def test_of_equal_sets_the_cheaper_one_is_chosen_before_the_first_by_id() -> None:
    rows = index(("c1", "satisfies", "r1"), ("c2", "satisfies", "r1"))
    assert closing(rows, 5, {"c1": 2, "c2": 1}).optimum.chosen == ("c2",)
    assert closing(rows, 5, {"c1": 2, "c2": 2}).optimum.chosen == ("c1",)


def test_a_certificate_of_an_accepted_scheme_is_a_candidate_until_one_is_held() -> None:
    rows = index(("r1", "accepts-any-of", "s1"), ("s2", "refers-to", "s1"))
    assert closing(rows, 1).problem.candidates == ("s1", "s2")
    held = Given(certificates=(Certificate(scheme="s1"),))
    assert closing(rows, 1, some=held).problem.candidates == ()
    assert as_given(rows, ("s1", "c1")) == Given(things=frozenset({"c1"}), certificates=(Certificate(scheme="s1"),))


def test_nothing_to_spend_buys_nothing_but_what_is_free() -> None:
    assert closing(index(*BUNDLE), 0).optimum.chosen == ()
    assert closing(index(*BUNDLE), 0, {"c1": 0, "c2": 1}).optimum.chosen == ("c1",)


def test_the_best_set_may_hold_nothing_of_the_greedy_one() -> None:
    """Two that share four of six requirements with the largest cover all of them; the largest and any other cover five."""
    by_candidate = {"a": "1234", "b": "125", "c": "346"}
    goals = tuple(
        Goal(requirement=one, level=0, to_partial=one_part(*(name for name, raised in by_candidate.items() if one in raised)))
        for one in "123456"
    )
    problem = Problem(goals, dict.fromkeys("abc", 1), 2)
    assert (greedy(problem), problem.gain(greedy(problem))) == (("a", "b"), Gain(0, 5))
    assert (best(problem, 60).chosen, best(problem, 60).gain) == (("b", "c"), Gain(0, 6))


def test_a_rule_of_joint_coverage_needs_each_of_its_parts() -> None:
    joint = Goal(requirement="r", level=0, to_full=((frozenset("ab"), frozenset("cd")),), to_partial=one_part("a"))
    assert best(Problem((joint,), dict.fromkeys("abcd", 1), 1), 60).chosen == ("a",)
    assert best(Problem((joint,), dict.fromkeys("abcd", 1), 2), 60).chosen == ("a", "c")


def test_where_there_is_no_time_the_greedy_set_is_told_with_a_bound() -> None:
    goals = tuple(Goal(requirement=one, level=0, to_full=one_part(one)) for one in "abc")
    found = best(Problem(goals, dict.fromkeys("abc", 1), 2), 0)
    assert (found.chosen, found.gain, found.at_most, found.unproved) == (("a", "b"), Gain(2, 0), Gain(3, 0), tuple(Stage))


def test_a_sum_that_the_solver_lets_pass_is_ruled_out_in_whole_numbers() -> None:
    goals = tuple(Goal(requirement=one, level=0, to_full=one_part(one)) for one in "abc")
    programme = _Programme(Problem(goals, {"a": 2, "b": 3, "c": 3}, 5), tuple("abc"), time.monotonic() + 60)
    programme._rows.bounds[0] = (float("-inf"), 6)
    assert programme.maximise(programme.objectives[Stage.FULL]) in {("a", "b"), ("a", "c")}


def test_a_certificate_of_a_standard_that_a_scheme_certifies_to_is_a_candidate() -> None:
    rows = index(
        ("r1", "accepts-any-of", "s1"), ("r2", "accepts-any-of", "s2"), *((one, "certifies-to", "f1") for one in ("s1", "s2"))
    )
    assert closing(rows, 1).optimum.chosen == ("f1",)


def test_what_brings_a_thing_is_named_where_it_is_to_be_taken_away() -> None:
    rows, given = index(*BUNDLE), Given(things=frozenset({"p2", "c1"}))
    (link,) = WhatIf(remove=frozenset({"c1"})).still_had(rows, given, EVERY_VIEW)
    assert (link.source, link.target) == ("p2", "c1")
    both = WhatIf(remove=frozenset({"c1", "p2"}))
    assert both.still_had(rows, given, EVERY_VIEW) == ()
    assert both.of(given) == Given()


ASK = """query($given: GivenInput, $budget: Int!, $costs: [CostInput!], $edition: ID!) {
  closeGaps(edition: $edition, given: $given, budget: $budget, costs: $costs) {
    exact unproved budget spent newlyFull newlyPartial atMostFull atMostPartial candidates
    steps { addition { id } certificate cost newlyFull newlyPartial raises { totalCount nodes { requirement { id } status } } }
    raised { totalCount nodes { requirement { id } status } }
    further { cost addition { id } } withOneMore { additions { id } newlyFull newlyPartial exact }
    unpriced { totalCount } outOfReach { totalCount }
    before { summary { full partial assessable } } after { summary { full partial assessable } }
  }
}"""
COMPARE = """query($before: CoverageSide!, $after: CoverageSide!) {
  compareCoverage(before: $before, after: $after) {
    before { summary { assessable full } } after { summary { assessable full } }
    summary { rows better worse same onlyBefore onlyAfter }
    rows { totalCount nodes { outcome before { status } after { status } relation { determined }
      differences { totalCount nodes { control { id } before after } } } }
    better: rows(outcome: [BETTER]) { totalCount }
  }
}"""


def ask(snapshot: Snapshot, query: str, **variables: Any) -> dict[str, Any]:
    return execute(SCHEMA, Context(snapshot), Request(query, variables)).body


def test_the_answer_over_graphql_agrees_with_the_reports_before_and_after(snapshot: Snapshot) -> None:
    answer = ask(snapshot, ASK, edition=LEGAL, budget=2)["data"]["closeGaps"]
    assert (answer["newlyFull"], answer["spent"], answer["exact"], answer["unproved"]) == (3, 1, True, [])
    assert (answer["atMostFull"], answer["atMostPartial"]) == (3, 0)
    before, after = answer["before"]["summary"], answer["after"]["summary"]
    assert after["full"] - before["full"] == answer["newlyFull"] == answer["raised"]["totalCount"]
    assert [one["raises"]["totalCount"] for one in answer["steps"]] == [3]
    assert (answer["further"], answer["withOneMore"]["newlyFull"], answer["outOfReach"]["totalCount"]) == (None, 3, 0)


def test_with_costs_only_what_has_one_is_bought(snapshot: Snapshot) -> None:
    costs = [{"id": "office-365", "cost": 30}]
    answer = ask(snapshot, ASK, edition=LEGAL, budget=30, costs=costs)["data"]["closeGaps"]
    assert [(one["addition"]["id"], one["cost"], one["certificate"]) for one in answer["steps"]] == [("office-365", 30, False)]
    assert (answer["spent"], answer["candidates"], answer["withOneMore"]) == (30, 1, None)
    assert answer["unpriced"]["totalCount"] > 0
    assert ask(snapshot, ASK, edition=LEGAL, budget=29, costs=costs)["data"]["closeGaps"]["further"]["cost"] == 30


def test_two_reports_are_compared_with_what_makes_the_difference(snapshot: Snapshot) -> None:
    bought = {"edition": LEGAL, "given": {"add": {"products": ["office-365"]}}}
    answer = ask(snapshot, COMPARE, before={"edition": LEGAL}, after=bought)["data"]["compareCoverage"]
    assert answer["summary"] == {"rows": 3, "better": 3, "worse": 0, "same": 0, "onlyBefore": 0, "onlyAfter": 0}
    assert answer["better"]["totalCount"] == 3
    for row in answer["rows"]["nodes"]:
        assert (row["outcome"], row["before"]["status"], row["after"]["status"], row["relation"]) == (
            "BETTER", "UNKNOWN", "FULL", None,
        )  # fmt: skip
        assert [(one["before"], one["after"]) for one in row["differences"]["nodes"]] == [(None, "FULL")]


def test_adding_and_removing_again_changes_no_report(snapshot: Snapshot) -> None:
    given = {"products": ["office-365", "dynamics-365"], "remove": ["dynamics-365"]}
    plain = {"edition": LEGAL, "given": {"products": ["office-365"]}}
    answer = ask(snapshot, COMPARE, before=plain, after={"edition": LEGAL, "given": given})["data"]["compareCoverage"]
    assert answer["summary"]["same"] == answer["summary"]["rows"] == 3
    assert not any(row["differences"]["totalCount"] for row in answer["rows"]["nodes"])


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "negative budget": ({"budget": -1}, "budget must lie between 0 and 1000000", "budgetは0から1000000まで"),
    "huge budget": ({"budget": 2_000_000}, "budget must lie between", "budgetは0から"),
    "unknown cost": ({"costs": [{"id": "nope", "cost": 1}]}, "cannot be added: nope", "追加できるものではないIDがあります: nope"),
    "cost of a requirement": ({"costs": [{"id": "ms-01", "cost": 1}]}, "cannot be added: ms-01", "追加できるもの"),
    "negative cost": ({"costs": [{"id": "office-365", "cost": -5}]}, "A cost must lie between 0", "費用は0から"),
    "two costs": ({"costs": [{"id": "office-365", "cost": 1}] * 2}, "twice: office-365", "二度あります: office-365"),
    "too many costs": ({"costs": [{"id": "office-365", "cost": 1}] * 1001}, "at most 1000", "1000件まで"),
    "unknown edition": ({"edition": "nope"}, "no edition 'nope'", "「nope」という版はありません"),
    "unknown product": ({"given": {"add": {"products": ["nope"]}}}, "cannot be given so: nope", "使えないIDがあります: nope"),
    "added and removed": (
        {"given": {"add": {"products": ["office-365"]}, "remove": ["office-365"]}},
        "add and remove name the same: office-365", "両方に同じIDがあります: office-365",
    ),
    "removed and not had": ({"given": {"remove": ["office-365"]}}, "remove names what is not given", "示されていないID"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_asked_is_refused_in_both_languages(snapshot: Snapshot, case: str) -> None:
    variables, english, japanese = REFUSED[case]
    (error,) = ask(snapshot, ASK, **{"edition": LEGAL, "budget": 3, **variables})["errors"]
    messages = error["extensions"]["messages"]
    assert english in messages["en"]
    assert japanese in messages["ja"]
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "NOT_FOUND"}


def test_what_a_product_brings_is_not_removed_without_it(snapshot: Snapshot) -> None:
    (first, *_) = (link for links in snapshot.index.brings.values() for link in links if link.source == "office-365")
    given = {"products": ["office-365"], "remove": [first.target]}
    (error,) = ask(snapshot, ASK, edition=LEGAL, budget=3, given=given)["errors"]
    for message in error["extensions"]["messages"].values():
        assert f"{first.target} ← office-365" in message


def test_editions_that_share_nothing_are_not_compared(snapshot: Snapshot) -> None:
    (error,) = ask(snapshot, COMPARE, before={"edition": LEGAL}, after={"edition": MEASURES})["errors"]
    assert "nothing to compare" in error["extensions"]["messages"]["en"]
    assert "比較できません" in error["extensions"]["messages"]["ja"]
