"""Coverage, gaps and proofs as GraphQL types over the crosswalk's answers."""

# ruff: noqa: A002, PLR0913, PLR0917 - the names and numbers of arguments are the schema's

from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import Enum
from functools import partial
from typing import Annotated, Final, Self

import strawberry

from kakehashi.crosswalk import coverage as engine
from kakehashi.crosswalk import gaps as gap_engine
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.gaps import GapType
from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.crosswalk.joint import JointCoverage as Joint
from kakehashi.crosswalk.notices import Reported
from kakehashi.crosswalk.outline import Outline, outline
from kakehashi.crosswalk.plans import Plans
from kakehashi.graphql import explanations, filters, ordering
from kakehashi.graphql.assessments import Assessed, AssessedScope, InPlace, InPlaceSummary
from kakehashi.graphql.conditions import sieve_of
from kakehashi.graphql.connections import MANY, Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.deprecations import superseded
from kakehashi.graphql.filters import RequirementFilter
from kakehashi.graphql.notices import Notice
from kakehashi.graphql.ordering import OrderBy, SortValue, arranged, ordered
from kakehashi.graphql.orders import Order, Value, placed
from kakehashi.graphql.proofs import Proof, RelationSet
from kakehashi.graphql.recent import Recent
from kakehashi.graphql.resources import (
    Edition,
    Languages,
    LocalizedText,
    MappingGroup,
    Release,
    Resource,
    edition_node,
    resource_node,
)
from kakehashi.graphql.wording import told, worded
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.text import Text

KEPT_QUESTIONS: Final = 6
"""A report on a thousand requirements with all its proofs takes about 15 MB."""

BY_GROUP = Text(
    "この要求事項は、公表された対応付けによれば{count}件の条項を合わせた範囲に収まり、そのすべてが満たされています。",
    "By a published mapping it lies inside {count} provisions taken together, and each of them is met.",
)
BY_PARTITION = Text(
    "この要求事項は子の条項{count}件に過不足なく分かれ、そのすべてが満たされています。",
    "Its children, {count} of them, are the whole of it, and each of them is met.",
)


BEST_FIRST: Final[Order[engine.ControlCoverage]] = Order("best first", lambda one: one.sort_key)


@strawberry.enum(
    description="What the requirements of a report can be ordered by. PROVISION: as its publisher prints them. STATUS: "
    "how far they are met, the best first."
)
class RequirementOrderField(Enum):
    """What requirements are ordered by."""

    PROVISION = "provision"
    STATUS = "status"
    ID = "id"
    NOTATION = "notation"
    PREF_LABEL = "pref_label"


@strawberry.input(description="One thing to order requirements by.")
class RequirementOrder(OrderBy[RequirementOrderField]):
    """A field of an order of requirements."""


@strawberry.type(description="What one control does for one requirement.")
class ControlCoverage:
    """What a control does."""

    answer: strawberry.Private[engine.ControlCoverage]
    in_plans: strawberry.Private[Plans]

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

    @strawberry.field(description="What it does for the requirement, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(explanations.of_control(info.context.snapshot, self.answer), lang, info)

    @strawberry.field(description="What is known of the relation; null for a certificate.")
    def relation(self) -> RelationSet | None:
        """The relation."""
        bits = self.answer.relations
        return None if bits is None else RelationSet(bits=bits)

    @strawberry.field(
        description="The lowest licence plans that include the control, as far as the view sees: whoever has none of them, nor a "
        "plan above one, may own the product and not have this. Empty where no plan is recorded to include it."
    )
    def plans(self, info: Info) -> list[Resource]:
        """The plans."""
        return [resource_node(info.context.snapshot, plan) for plan in self.in_plans.including(self.answer.control)]

    @strawberry.field(description="Why it holds.")
    def proof(self) -> Proof:
        """The proof."""
        return Proof(proof=self.answer.proof)


@strawberry.type(
    description="A requirement that is fully met by several things together: it lies inside the union of some parts, and each "
    "part is fully met. The step to the parts takes one hop, so that each part is met by chains of one fewer."
)
class JointCoverage:
    """What several things do."""

    joint: strawberry.Private[Joint]
    in_plans: strawberry.Private[Plans]

    @strawberry.field(description="What it means, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        text = BY_PARTITION if self.joint.cover.group is None else BY_GROUP
        return LocalizedText.of_text(text(count=len(self.joint.parts)), lang, info)

    @strawberry.field(
        description="The n:m mapping that says so; null where the parts are the children in use of the requirement, and its "
        "framework declares that the children together are the whole."
    )
    def group(self, info: Info) -> MappingGroup | None:
        """The group."""
        group = self.joint.cover.group
        return None if group is None else MappingGroup(record=info.context.snapshot.groups[group])

    @strawberry.field(description="The authority of the weakest statement that it rests on, those of the parts among them.")
    def authority(self) -> Authority:
        """The authority."""
        return self.joint.authority

    @strawberry.field(description="The things that meet it together, by id.")
    def controls(self, info: Info) -> list[Resource]:
        """The controls."""
        return [resource_node(info.context.snapshot, control) for control in self.joint.controls]

    @strawberry.field(description="The parts: each is fully met.")
    def parts(self) -> list["MetPart"]:
        """The parts."""
        return [MetPart(met=part, in_plans=self.in_plans) for part in self.joint.parts]


@strawberry.type(description="A part of a requirement, fully met by one thing or by several together: one of the two is null.")
class MetPart:
    """A part."""

    met: strawberry.Private[engine.ControlCoverage | Joint]
    in_plans: strawberry.Private[Plans]

    @strawberry.field(description="The provision.")
    def part(self, info: Info) -> Resource:
        """The provision."""
        return resource_node(info.context.snapshot, self.met.requirement)

    @strawberry.field(description="The best of what meets it alone.")
    def satisfied_by(self) -> ControlCoverage | None:
        """What meets it alone."""
        return None if isinstance(self.met, Joint) else ControlCoverage(answer=self.met, in_plans=self.in_plans)

    @strawberry.field(description="What meets it together.")
    def jointly(self) -> JointCoverage | None:
        """What meets it together."""
        return JointCoverage(joint=self.met, in_plans=self.in_plans) if isinstance(self.met, Joint) else None


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
        snapshot, word = info.context.snapshot, iris.GAP_TYPE + self.gap.type.value
        text = told(snapshot, word, self.gap.about, self.gap.closed_by, self.gap.together)
        return worded(info, lang, self.gap.type.value, text)

    @strawberry.field(
        description="What it is about: what contradicts, what has ended, which candidates, which provisions of other editions."
    )
    def about(self, info: Info) -> list[Resource]:
        """What it is about."""
        return [resource_node(info.context.snapshot, identifier) for identifier in self.gap.about]

    @strawberry.field(
        description="What would close it or raise the status, were it given, best first; empty where nothing is known that would."
    )
    def closed_by(self, info: Info) -> list[Resource]:
        """What would close it."""
        return [resource_node(info.context.snapshot, identifier) for identifier in self.gap.closed_by]

    @strawberry.field(
        description="A few things that would make the requirement FULL all together, where nothing would alone; by id. "
        "`closeGaps` finds the best for a whole edition."
    )
    def closed_together_by(self, info: Info) -> list[Resource]:
        """What would close it together."""
        return [resource_node(info.context.snapshot, identifier) for identifier in self.gap.together]


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

    @strawberry.field(description="How far it is met and by what, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(explanations.of_requirement(info.context.snapshot, self.answer), lang, info)

    @strawberry.field(description="What meets it wholly or in part alone, best first.")
    def satisfied_by(self, info: Info, first: int = 5, after: str | None = None) -> Connection[ControlCoverage]:
        """What meets it."""
        plans = self.answer.holding.plans
        return connect(
            info, self.answer.satisfied_by, BEST_FIRST,
            lambda one: ControlCoverage(answer=one, in_plans=plans), first, after,
        )  # fmt: skip

    @strawberry.field(
        description="The ways in which several things meet it fully together, best first; told where none does so alone."
    )
    def jointly(self) -> list[JointCoverage]:
        """What several things do."""
        return [JointCoverage(joint=joint, in_plans=self.answer.holding.plans) for joint in self.answer.jointly]

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
    def of(cls, answers: Sequence[gap_engine.RequirementCoverage] | Sequence[Outline]) -> Self:
        """The counts of some answers."""
        counts = Counter(answer.status for answer in answers)
        covered = counts[Status.FULL] + counts[Status.PARTIAL]
        return cls(
            assessable=len(answers),
            **{status.value: counts[status] for status in Status},
            full_ratio=counts[Status.FULL] / len(answers) if answers else None,
            covered_ratio=covered / len(answers) if answers else None,
        )


class Question:
    """What is had and the view that answers.

    An edition's outlines are worked out at once, gaps and proofs where they are asked for; each once, however many fields ask.
    """

    def __init__(self, snapshot: Snapshot, given: Given, view: View) -> None:
        self.view = view
        self.holding = hold(snapshot.index, given, view)
        self._snapshot = snapshot
        self._answers: dict[str, gap_engine.RequirementCoverage] = {}
        self._outlines: dict[str, tuple[Outline, ...]] = {}

    def outlines(self, edition: str) -> tuple[Outline, ...]:
        """How far each requirement of an edition is met."""
        if edition not in self._outlines:
            snapshot = self._snapshot
            requirements = {one: snapshot.edition_of.get(one) for one in snapshot.requirements(edition)}
            self._outlines[edition] = outline(snapshot.index, requirements, self.holding, self.view)
        return self._outlines[edition]

    def answer(self, requirement: str) -> gap_engine.RequirementCoverage:
        """The engine's answer for one requirement."""
        if requirement not in self._answers:
            snapshot, edition = self._snapshot, self._snapshot.edition_of.get(requirement)
            self._answers[requirement] = gap_engine.assess(snapshot.index, requirement, edition, self.holding, self.view)
        return self._answers[requirement]


def question_of(snapshot: Snapshot, given: Given, view: View, edition: str | None = None) -> Question:
    """The question of what is had in a view; the last few are kept with the release, each for one edition.

    It holds nothing of who asks: what is had came with the question, and the release is anybody's.
    """
    kept: Recent[tuple[str | None, Given, View], Question] = snapshot.kept.setdefault("questions", Recent(KEPT_QUESTIONS))
    return kept.get((edition, given, view), lambda: Question(snapshot, given, view))


@strawberry.type(description="How far an edition is met by what is given.")
class CoverageReport:
    """A report."""

    edition_id: strawberry.Private[str]
    question: strawberry.Private[Question]
    reported: strawberry.Private[Reported]
    assessments: strawberry.Private[Assessed | None] = None

    @property
    def answers(self) -> tuple[gap_engine.RequirementCoverage, ...]:
        """Every requirement with its gaps and proofs."""
        return tuple(self.question.answer(one.requirement) for one in self.question.outlines(self.edition_id))

    @strawberry.field(description="The edition.")
    def edition(self, info: Info) -> Edition:
        """The edition."""
        return edition_node(info.context.snapshot, self.edition_id)

    @strawberry.field(description="The day that validity was judged at.")
    def as_of(self) -> date:
        """The day."""
        return self.question.view.as_of

    @strawberry.field(description="The release that the answer rests on.")
    def release(self, info: Info) -> Release:
        """The release."""
        return Release(snapshot=info.context.snapshot)

    @strawberry.field(
        description="What is to be known of the edition, the day and what is given, so that nothing passes in silence: editions "
        "that were superseded, products that ended, certificates and plans that count for nothing."
    )
    def notices(self) -> list[Notice]:
        """The notices."""
        return [Notice(notice=notice) for notice in self.reported.notices()]

    @strawberry.field(description="The counts over all requirements.")
    def summary(self) -> CoverageSummary:
        """The counts."""
        return CoverageSummary.of(self.question.outlines(self.edition_id))

    @strawberry.field(description="Whose assessments say what is in place, where the question names them.")
    def assessed(self) -> AssessedScope | None:
        """Whose assessments."""
        return None if self.assessments is None else AssessedScope(assessed=self.assessments)

    @strawberry.field(description="The counts of what is in place over all requirements, where the question says whose.")
    def in_place_summary(self) -> InPlaceSummary | None:
        """The counts of what is in place."""
        return None if self.assessments is None else InPlaceSummary.of(self.assessments)

    @strawberry.field(description="The requirements, in the publisher's order unless said. Up to 2,000 a page.")
    def requirements(
        self,
        info: Info,
        status: Annotated[list[Status] | None, superseded("filter: {status: {in: [...]}}")] = None,
        filter: RequirementFilter | None = None,
        order_by: list[RequirementOrder] | None = None,
        first: int = 100,
        after: str | None = None,
    ) -> Connection[RequirementCoverage]:
        """The requirements."""
        everything = self.question.outlines(self.edition_id)
        holds = sieve_of(filter, filters.of_requirements(info.context.snapshot, self.question.answer))
        found: Sequence[Outline] = [one for one in everything if (status is None or one.status in status) and holds(one)]
        order = placed("requirements", everything, _requirement)
        if order_by:
            order = _requirement_order(info, order_by, everything)
            found = arranged(found, order)
        return connect(info, found, order, self._node, first, after, MANY)

    def _node(self, outline: Outline) -> RequirementCoverage:
        return RequirementCoverage.of(self.question.answer(outline.requirement), self.assessments)


def _of_requirement(value: SortValue, outline: Outline) -> Value:
    return value(outline.requirement)


def _requirement(outline: Outline) -> str:
    return outline.requirement


def _requirement_order(info: Info, order_by: Sequence[RequirementOrder], everything: Sequence[Outline]) -> Order[Outline]:
    """What can be asked of the requirements as resources, and how far each is met, the best first."""
    wishes, statuses = info.context.wishes, list(Status)
    places = {one.requirement: place for place, one in enumerate(everything)}
    of_resource = ordering.of_resources(info.context.snapshot, wishes)
    fields: dict[str, SortValue] = {name: partial(_of_requirement, value) for name, value in of_resource.items()}
    fields |= {"status": lambda one: statuses.index(one.status), "provision": lambda one: places[one.requirement]}
    return ordered("requirements", order_by, fields, _requirement, " ".join(wishes))
