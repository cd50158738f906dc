"""A report at once says of each requirement what is said of it alone."""

from collections.abc import Iterable, Mapping

from hypothesis import given, settings

from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.gaps import assess
from kakehashi.crosswalk.given import Given, View, everything, hold
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.outline import Outline, outline
from kakehashi.crosswalk.standing import World
from kakehashi.records.model import Statement
from tests.support.small_worlds import CLASSES, EDITION, GIVEN, REQUIREMENTS, STATEMENTS, VIEWS

ASKED = {one: EDITION[one] for one in REQUIREMENTS}


def one_by_one(index: Index, asked: Mapping[str, str | None], some: Given, view: View) -> Iterable[Outline]:
    holding = hold(index, some, view)
    for requirement, edition in asked.items():
        answer = assess(index, requirement, edition, holding, view)
        yield Outline(requirement, answer.status, tuple(sorted(one.control for one in answer.satisfied_by)))


@settings(max_examples=500, deadline=None)
@given(STATEMENTS, GIVEN, VIEWS)
def test_an_outline_says_what_each_requirement_s_own_answer_says(rows: list[Statement], some: Given, view: View) -> None:
    index = build_index(rows, World(CLASSES))
    for had in (some, everything(index), Given()):
        assert outline(index, ASKED, hold(index, had, view), view) == tuple(one_by_one(index, ASKED, had, view))


@settings(max_examples=200, deadline=None)
@given(STATEMENTS, VIEWS)
def test_where_nothing_is_had_everything_is_unknown(rows: list[Statement], view: View) -> None:
    index = build_index(rows, World(CLASSES))
    found = outline(index, ASKED, hold(index, Given(), view), view)
    assert [one.requirement for one in found] == list(ASKED)
    assert {(one.status, one.satisfied_by) for one in found} == {(Status.UNKNOWN, ())}
