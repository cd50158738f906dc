"""Two coverage reports side by side, as GraphQL types."""

from collections.abc import Iterable
from typing import Final, Self

import strawberry

from kakehashi.crosswalk import comparison as engine
from kakehashi.crosswalk.comparison import Outcome, corresponding
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.succession import Counterpart
from kakehashi.graphql import explanations
from kakehashi.graphql.asked import Asked
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Context, Info
from kakehashi.graphql.coverage import CoverageReport, RequirementCoverage
from kakehashi.graphql.inputs import GivenInput, ViewInput
from kakehashi.graphql.migration import EditionQuestion, contents
from kakehashi.graphql.orders import Order, placed
from kakehashi.graphql.proofs import RelationSet
from kakehashi.graphql.resources import Languages, LocalizedText, Resource, resource_node
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

SUCCESSION_HOPS: Final = 2
BY_CONTROL: Final[Order[engine.Difference]] = Order("differences", lambda one: (one.control,))

NOTHING_SHARED = Text(
    "「{before}」と「{after}」は別の枠組みの版で、共通の条項もないため、比較できません。"
    "同じ版か、同じ枠組みの二つの版を指定してください。",
    "'{before}' and '{after}' are editions of different frameworks and share no provision, so there is nothing to compare. "
    "Give one edition twice, or two editions of one framework.",
)

strawberry.enum(
    Outcome,
    name="CoverageOutcome",
    description="How a requirement fares in the second report, by what is proved: FULL is better than PARTIAL, and that better "
    "than the rest, among which nothing is better or worse. ONLY_BEFORE and ONLY_AFTER: the other report has no such requirement "
    "and none that is published to correspond.",
)


@strawberry.input(description="One of two reports: what `coverage` takes.")
class CoverageSide:
    """A side."""

    edition: strawberry.ID = strawberry.field(description="The edition.")
    given: GivenInput | None = strawberry.field(default=None, description="What is given.")
    view: ViewInput | None = strawberry.field(default=None, description="On whose word, and at what date.")
    max_hops: int = strawberry.field(default=1, description="The longest chain of statements, 1 to 4.")

    def asked(self, context: Context) -> Asked:
        """What it stands for."""
        return Asked.of(context, self.edition, self.given, self.view, self.max_hops)


@strawberry.type(description="A control that makes a difference: it appears, vanishes, or does more or less than before.")
class ControlDifference:
    """A difference."""

    difference: strawberry.Private[engine.Difference]

    @strawberry.field(description="The control, or the scheme of a certificate.")
    def control(self, info: Info) -> Resource:
        """The control."""
        return resource_node(info.context.snapshot, self.difference.control)

    @strawberry.field(description="What it does alone in the first report; null where it is not among what that has.")
    def before(self) -> Status | None:
        """Its status before."""
        return self.difference.before

    @strawberry.field(description="What it does alone in the second report; null where it is not among what that has.")
    def after(self) -> Status | None:
        """Its status after."""
        return self.difference.after

    @strawberry.field(description="Whether it meets the requirement together with others in the first report.")
    def jointly_before(self) -> bool:
        """Whether it has a part in what several do before."""
        return self.difference.jointly_before

    @strawberry.field(description="Whether it meets the requirement together with others in the second report.")
    def jointly_after(self) -> bool:
        """Whether it has a part in what several do after."""
        return self.difference.jointly_after


@strawberry.type(description="A requirement in two reports, or in the one that has it.")
class RequirementComparison:
    """A row."""

    row: strawberry.Private[engine.Compared]

    @classmethod
    def of(cls, row: engine.Compared) -> Self:
        """The type over a row."""
        return cls(row=row)

    @strawberry.field(description="How it fares in the second report.")
    def outcome(self) -> Outcome:
        """The outcome."""
        return self.row.outcome

    @strawberry.field(description="How it fares, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(explanations.of_comparison(self.row), lang, info)

    @strawberry.field(description="Its answer in the first report; null where that does not have it.")
    def before(self) -> RequirementCoverage | None:
        """The first report's answer."""
        return None if self.row.before is None else RequirementCoverage.of(self.row.before)

    @strawberry.field(description="Its answer in the second report; null where that does not have it.")
    def after(self) -> RequirementCoverage | None:
        """The second report's answer."""
        return None if self.row.after is None else RequirementCoverage.of(self.row.after)

    @strawberry.field(
        description="How the first report's provision lies to the second's, where the two are different provisions of two "
        "editions that correspond; null where they are one and the same."
    )
    def relation(self) -> RelationSet | None:
        """The relation."""
        return None if self.row.counterpart is None else RelationSet(bits=self.row.counterpart.relations)

    @strawberry.field(
        description="The controls that make the difference, by id: those that meet it in one report and not so in the other."
    )
    def differences(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ControlDifference]:
        """The differences."""
        return connect(info, self.row.differences, BY_CONTROL, lambda one: ControlDifference(difference=one), first, after)


@strawberry.type(description="Rows counted by outcome; the counts add up to the rows.")
class ComparisonSummary:
    """The counts."""

    rows: int = strawberry.field(description="How many rows there are: a provision that is split has one for each of its parts.")
    better: int = strawberry.field(description="How many are better.")
    worse: int = strawberry.field(description="How many are worse.")
    same: int = strawberry.field(description="How many are the same.")
    only_before: int = strawberry.field(description="How many only the first report has.")
    only_after: int = strawberry.field(description="How many only the second report has.")


@strawberry.type(description="Two reports side by side.")
class CoverageComparison:
    """A comparison."""

    before: CoverageReport = strawberry.field(description="The first report.")
    after: CoverageReport = strawberry.field(description="The second report.")
    answer: strawberry.Private[engine.Comparison]

    @classmethod
    def of(cls, context: Context, before: Asked, after: Asked) -> Self:
        """Two reports compared; an error where nothing of them can be."""
        snapshot = context.snapshot
        counterparts = tuple(_counterparts(snapshot, before, after))
        first, second = before.report(context), after.report(context)
        return cls(before=first, after=second, answer=engine.compare(first.answers, second.answers, counterparts))

    @strawberry.field(description="The counts over all rows.")
    def summary(self) -> ComparisonSummary:
        """The counts."""
        counts = self.answer.counts
        by_name = {outcome.value.replace("-", "_"): counts.get(outcome, 0) for outcome in Outcome}
        return ComparisonSummary(rows=len(self.answer.rows), **by_name)

    @strawberry.field(
        description="The rows, of some outcomes or all: in the order of the first report, then what only the second has."
    )
    def rows(
        self, info: Info, outcome: list[Outcome] | None = None, first: int = 100, after: str | None = None
    ) -> Connection[RequirementComparison]:
        """The rows."""
        found = [row for row in self.answer.rows if outcome is None or row.outcome in outcome]
        return connect(info, found, placed("rows", self.answer.rows, lambda row: row.key), RequirementComparison.of, first, after)


def _counterparts(snapshot: Snapshot, before: Asked, after: Asked) -> Iterable[Counterpart]:
    """What corresponds between the two editions, in the second report's view; none within one edition."""
    if before.edition == after.edition:
        return ()
    editions = snapshot.editions[before.edition], snapshot.editions[after.edition]
    if editions[0].framework == editions[1].framework:
        old, new = (contents(snapshot, one.id) for one in editions)
        return corresponding(EditionQuestion(snapshot, editions, after.view, SUCCESSION_HOPS).between(old, new))
    if not set(snapshot.requirements(before.edition)) & set(snapshot.requirements(after.edition)):
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NOTHING_SHARED(before=before.edition, after=after.edition))
    return ()
