"""The questions on coverage: the root's fields, in a type of their own."""

# ruff: noqa: A002, PLR0913, PLR0917 - the names and numbers of arguments are the schema's

import strawberry

from kakehashi.crosswalk.coverage import covered_by
from kakehashi.graphql.asked import Asked
from kakehashi.graphql.assessments import AssessedInput
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.coverage import BEST_FIRST, ControlCoverage, CoverageReport, Question, question_of
from kakehashi.graphql.inputs import UNKNOWN_MATRIX, GivenInput, MaxHops, ViewInput, given_of, provision_of, view_of
from kakehashi.graphql.matrix import Matrix
from kakehashi.vocabulary.text import ErrorCode, KakehashiError


@strawberry.type(description="The questions on coverage.")
class CoverageQueries:
    """The fields of the root that are on coverage."""

    @strawberry.field(description="How far an edition's requirements are met by what is given, by what, and what is left.")
    def coverage(
        self,
        info: Info,
        edition: strawberry.ID,
        given: GivenInput | None = None,
        view: ViewInput | None = None,
        max_hops: MaxHops = 1,
        assessed: AssessedInput | None = None,
    ) -> CoverageReport:
        """The coverage of an edition."""
        return Asked.of(info.context, edition, given, view, max_hops).report(info.context, assessed)

    @strawberry.field(
        description="Everything of the given that is recorded for a requirement, best first: what meets it wholly or in part, "
        "candidates, and what is stated to have no relationship. Ask with `given: {everything: true}` for all that is known. "
        "Each is told alone; what several meet together, `coverage` tells (`jointly`)."
    )
    def controls_for(
        self,
        info: Info,
        requirement: strawberry.ID,
        given: GivenInput | None = None,
        view: ViewInput | None = None,
        max_hops: MaxHops = 1,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[ControlCoverage]:
        """The controls for a requirement."""
        snapshot = info.context.snapshot
        question = _question(info, given, view, max_hops)
        provision = provision_of(requirement, snapshot)
        edition = snapshot.edition_of.get(provision)
        found = covered_by(snapshot.index, provision, edition, question.holding, question.view)
        plans = question.holding.plans
        return connect(info, found, BEST_FIRST, lambda one: ControlCoverage(answer=one, in_plans=plans), first, after)

    @strawberry.field(description="A table, with the coverage of its entries by what is given.")
    def matrix(self, info: Info, id: strawberry.ID, given: GivenInput | None = None, view: ViewInput | None = None) -> Matrix:
        """A matrix."""
        matrices = info.context.snapshot.matrices
        if id not in matrices:
            raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_MATRIX(id=id[:80], known=", ".join(matrices)))
        return Matrix(record=matrices[id], question=_question(info, given, view))


def _question(info: Info, given: GivenInput | None, view: ViewInput | None, hops: int = 1) -> Question:
    return question_of(info.context.snapshot, given_of(given, info.context), view_of(view, info.context, hops))
