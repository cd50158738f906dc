"""Coverage, gaps and proofs as GraphQL types over the crosswalk's answers."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, Self

import strawberry

from kakehashi.crosswalk import coverage as engine
from kakehashi.crosswalk import gaps as gap_engine
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.gaps import GapType
from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.graphql.assessments import Assessed, AssessedScope, InPlace, InPlaceSummary
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info, choose
from kakehashi.graphql.proofs import Proof, RelationSet
from kakehashi.graphql.resources import (
    Edition,
    Languages,
    LocalizedText,
    Release,
    Resource,
    edition_node,
    resource_node,
)
from kakehashi.records.model import Label
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris

NAMED_CLOSERS: Final = 3


@strawberry.type(description="What one control does for one requirement.")
class ControlCoverage:
    """What a control does."""

    answer: strawberry.Private[engine.ControlCoverage]

    @classmethod
    def of(cls, answer: engine.ControlCoverage) -> Self:
        """The type over an answer."""
        return cls(answer=answer)

    @strawberry.field(
        description="The thing that satisfies: a capability, a contract term, a product, or a certificate's scheme."
    )
    def control(self, info: Info) -> Resource:
        """The control."""
        return resource_node(info.context.snapshot, self.answer.control)

    @strawberry.field(description="How far it meets the requirement.")
    def status(self) -> Status:
        """The status."""
        return self.answer.status

    @strawberry.field(description="What is known of the relation; null for a certificate.")
    def relation(self) -> RelationSet | None:
        """The relation."""
        bits = self.answer.relations
        return None if bits is None else RelationSet(bits=bits)

    @strawberry.field(description="Why it holds.")
    def proof(self) -> Proof:
        """The proof."""
        return Proof(proof=self.answer.proof)


@strawberry.type(description="One reason why a requirement is not fully met.")
class Gap:
    """A gap."""

    gap: strawberry.Private[gap_engine.Gap]

    @strawberry.field(description="Its type.")
    def type(self) -> GapType:
        """The type."""
        return self.gap.type

    @strawberry.field(description="What it means here, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        labels = explanation(info.context.snapshot, self.gap)
        text = LocalizedText.of(labels, lang, info)
        return text or LocalizedText(value=self.gap.type.value, language="en", is_fallback=True, ours=True)

    @strawberry.field(description="What would close it, best first; empty where nothing is known that would.")
    def closed_by(self, info: Info) -> list[Resource]:
        """What would close it."""
        return [resource_node(info.context.snapshot, identifier) for identifier in self.gap.closed_by]


@strawberry.type(description="How far one requirement is met, by what, and what is left.")
class RequirementCoverage:
    """A requirement's answer."""

    answer: strawberry.Private[gap_engine.RequirementCoverage]
    assessed: strawberry.Private[Assessed | None] = None

    @classmethod
    def of(cls, answer: gap_engine.RequirementCoverage, assessed: Assessed | None = None) -> Self:
        """The type over an answer, beside what an organisation's assessments say."""
        return cls(answer=answer, assessed=assessed)

    @strawberry.field(description="The requirement.")
    def requirement(self, info: Info) -> Resource:
        """The requirement."""
        return resource_node(info.context.snapshot, self.answer.requirement)

    @strawberry.field(description="How far it is met by all that is given.")
    def status(self) -> Status:
        """The status."""
        return self.answer.status

    @strawberry.field(description="What meets it wholly or in part, best first.")
    def satisfied_by(self, info: Info, first: int = 5, after: str | None = None) -> Connection[ControlCoverage]:
        """What meets it."""
        return connect(info, self.answer.satisfied_by, lambda one: one.control, ControlCoverage.of, first, after)

    @strawberry.field(description="Why it is not fully met; the first is the primary reason. Empty where it is.")
    def gaps(self) -> list[Gap]:
        """The gaps."""
        return [Gap(gap=gap) for gap in self.answer.gaps]

    @strawberry.field(description="How far it is in place, where the question names whose assessments say so.")
    def in_place(self) -> InPlace | None:
        """What is in place."""
        return None if self.assessed is None else self.assessed.node(self.answer.requirement)


@strawberry.type(
    description="Requirements counted by status. `assessable` is the denominator of the ratios; they are null where it is 0."
)
class CoverageSummary:
    """The counts."""

    assessable: int = strawberry.field(description="How many requirements can be assessed: headings are not among them.")
    full: int = strawberry.field(description="How many are FULL.")
    partial: int = strawberry.field(description="How many are PARTIAL.")
    possible: int = strawberry.field(description="How many are POSSIBLE.")
    excluded: int = strawberry.field(description="How many are EXCLUDED.")
    unknown: int = strawberry.field(description="How many are UNKNOWN.")
    full_ratio: float | None = strawberry.field(description="FULL by assessable.")
    covered_ratio: float | None = strawberry.field(description="FULL and PARTIAL by assessable.")

    @classmethod
    def of(cls, answers: Sequence[gap_engine.RequirementCoverage]) -> Self:
        """The counts of some answers."""
        counts = Counter(answer.status for answer in answers)
        covered = counts[Status.FULL] + counts[Status.PARTIAL]
        return cls(
            assessable=len(answers),
            **{status.value: counts[status] for status in Status},
            full_ratio=counts[Status.FULL] / len(answers) if answers else None,
            covered_ratio=covered / len(answers) if answers else None,
        )


@strawberry.type(description="How far an edition is met by what is given.")
class CoverageReport:
    """A report."""

    edition_id: strawberry.Private[str]
    view: strawberry.Private[View]
    answers: strawberry.Private[tuple[gap_engine.RequirementCoverage, ...]]
    assessments: strawberry.Private[Assessed | None] = None

    @strawberry.field(description="The edition.")
    def edition(self, info: Info) -> Edition:
        """The edition."""
        return edition_node(info.context.snapshot, self.edition_id)

    @strawberry.field(description="The day that validity was judged at.")
    def as_of(self) -> date:
        """The day."""
        return self.view.as_of

    @strawberry.field(description="The release that the answer rests on.")
    def release(self, info: Info) -> Release:
        """The release."""
        return Release(snapshot=info.context.snapshot)

    @strawberry.field(description="The counts over all requirements.")
    def summary(self) -> CoverageSummary:
        """The counts."""
        return CoverageSummary.of(self.answers)

    @strawberry.field(description="Whose assessments say what is in place, where the question names them.")
    def assessed(self) -> AssessedScope | None:
        """Whose assessments."""
        return None if self.assessments is None else AssessedScope(assessed=self.assessments)

    @strawberry.field(description="The counts of what is in place over all requirements, where the question says whose.")
    def in_place_summary(self) -> InPlaceSummary | None:
        """The counts of what is in place."""
        return None if self.assessments is None else InPlaceSummary.of(self.assessments)

    @strawberry.field(description="The requirements, in the publisher's order, of some statuses or all.")
    def requirements(
        self, info: Info, status: list[Status] | None = None, first: int = 100, after: str | None = None
    ) -> Connection[RequirementCoverage]:
        """The requirements."""
        found = [answer for answer in self.answers if status is None or answer.status in status]
        return connect(info, found, lambda answer: answer.requirement, self._node, first, after)

    def _node(self, answer: gap_engine.RequirementCoverage) -> RequirementCoverage:
        return RequirementCoverage.of(answer, self.assessments)


class Question:
    """What is had and the view that answers; each requirement is worked out once, however many fields ask for it."""

    def __init__(self, snapshot: Snapshot, given: Given, view: View) -> None:
        self.view = view
        self.holding = hold(snapshot.index, given, view)
        self._snapshot = snapshot
        self._answers: dict[str, gap_engine.RequirementCoverage] = {}

    def answer(self, requirement: str) -> gap_engine.RequirementCoverage:
        """The engine's answer for one requirement."""
        if requirement not in self._answers:
            snapshot, edition = self._snapshot, self._snapshot.edition_of.get(requirement)
            self._answers[requirement] = gap_engine.assess(snapshot.index, requirement, edition, self.holding, self.view)
        return self._answers[requirement]


def explanation(snapshot: Snapshot, gap: gap_engine.Gap) -> tuple[Label, ...]:
    """A gap's meaning in both languages, with the names of what would close it."""
    term = snapshot.terms[iris.GAP_TYPE + gap.type.value]
    return tuple(
        Label(language=label.language, text=label.text + _closers(snapshot, gap, label.language), ours=True)
        for label in term.definitions
    )


def _closers(snapshot: Snapshot, gap: gap_engine.Gap, language: str) -> str:
    if not gap.closed_by:
        return ""
    names = [_name(snapshot, identifier, language) for identifier in gap.closed_by[:NAMED_CLOSERS]]
    rest = len(gap.closed_by) - len(names)
    if language == "ja":
        return f"（{'、'.join(names)}{f'、ほか{rest}件' if rest else ''}）"
    return f" ({'; '.join(names)}{f'; {rest} more' if rest else ''})"


def _name(snapshot: Snapshot, identifier: str, language: str) -> str:
    chosen = choose(snapshot.resources[identifier].labels, [language], ())
    return identifier if chosen is None else chosen[0].text
