"""All that a report rests on, as it was asked."""

from dataclasses import dataclass, replace
from typing import Self

from kakehashi.crosswalk.given import Given, View
from kakehashi.crosswalk.notices import Reported
from kakehashi.graphql.assessments import Assessed, AssessedInput
from kakehashi.graphql.checks import PLAN
from kakehashi.graphql.context import Context
from kakehashi.graphql.coverage import CoverageReport, Question, question_of
from kakehashi.graphql.inputs import GivenInput, ViewInput, edition_of, given_of, view_of
from kakehashi.snapshot.model import Snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """An edition, what is had, and the view."""

    edition: str
    given: Given
    view: View

    @classmethod
    def of(cls, context: Context, edition: str, given: GivenInput | None, view: ViewInput | None, hops: int) -> Self:
        """What some inputs stand for; an error where they cannot be."""
        found = edition_of(edition, context.snapshot)
        return cls(found.id, given_of(given, context), view_of(view, context, hops))

    def having(self, more: Given) -> Self:
        """The same with more given."""
        given = Given(things=self.given.things | more.things, certificates=(*self.given.certificates, *more.certificates))
        return replace(self, given=given)

    def report(self, context: Context, assessed: AssessedInput | None = None) -> CoverageReport:
        """The report, with what somebody's assessments say of it where they are asked for."""
        snapshot = context.snapshot
        question = question_of(snapshot, self.given, self.view, self.edition)
        told = _reported(snapshot, self.edition, self.given, question)
        found = Assessed.of(assessed, context, told.requirements, question.holding, self.view)
        return CoverageReport(edition_id=self.edition, question=question, reported=told, assessments=found)


def _reported(snapshot: Snapshot, edition: str, given: Given, question: Question) -> Reported:
    """What the notices of a report speak of."""
    plans = frozenset(one for one in given.things if snapshot.resources[one].kind == PLAN)
    return Reported(edition, snapshot.requirements(edition), given, plans, question.holding)
