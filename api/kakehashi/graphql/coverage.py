"""Coverage, gaps and proofs as GraphQL types over the crosswalk's answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Self

import strawberry

from kakehashi.crosswalk import coverage as engine
from kakehashi.crosswalk import gaps as gap_engine
from kakehashi.crosswalk.algebra import ALL, EQ, PPI, bases, is_determined
from kakehashi.crosswalk.chains import Step
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.gaps import GapType
from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.crosswalk.index import Rule
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info, choose
from kakehashi.graphql.enums import BASE_RELATIONS, BaseRelation, ProofRule
from kakehashi.graphql.resources import (
    Edition,
    Languages,
    LocalizedText,
    Release,
    Resource,
    Statement,
    edition_node,
    resource_node,
)
from kakehashi.records import model
from kakehashi.records.model import Label
from kakehashi.records.values import Authority, RationaleKind
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris

NAMED_CLOSERS: Final = 3
_AUTHORITIES: Final = tuple(Authority)


@strawberry.type(description="What is known of the relation of two sets: the base relations that are still possible.")
class RelationSet:
    """A relation set."""

    bits: strawberry.Private[int]

    @strawberry.field(description="The base relations that are possible.")
    def relations(self) -> list[BaseRelation]:
        """The possibilities."""
        return [BASE_RELATIONS[base] for base in bases(self.bits)]

    @strawberry.field(description="Whether anything is known: false where all five are possible.")
    def determined(self) -> bool:
        """Whether it says anything."""
        return is_determined(self.bits)


@strawberry.type(description="Why a row's author holds that the relation is as stated.")
class Rationale:
    """A rationale."""

    detail: strawberry.Private[model.MappingDetail]

    @strawberry.field(description="On what the relation rests.")
    def kind(self) -> RationaleKind | None:
        """The kind of rationale."""
        return self.detail.rationale_kind

    @strawberry.field(description="The reason in a sentence.")
    def text(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The reason."""
        return LocalizedText.of(self.detail.rationale, lang, info)


@strawberry.type(
    description="One step of a proof: how a statement's word is read, between its subject and its object. The relation is all "
    "five where the statement counts by a certificate rule, for certificates never enter the algebra. A parent link and a step "
    "that is missing have no statement."
)
class ProofStep:
    """A step."""

    subject_id: strawberry.Private[str]
    object_id: strawberry.Private[str]
    bits: strawberry.Private[int]
    record: strawberry.Private[model.Statement | None]
    of_parent: strawberry.Private[bool] = False

    @strawberry.field(description="The subject of the relation.")
    def subject(self, info: Info) -> Resource:
        """The subject."""
        return resource_node(info.context.snapshot, self.subject_id)

    @strawberry.field(description="How the statement's word is read.")
    def relation(self) -> RelationSet:
        """The reading."""
        return RelationSet(bits=self.bits)

    @strawberry.field(description="The object of the relation.")
    def object(self, info: Info) -> Resource:
        """The object."""
        return resource_node(info.context.snapshot, self.object_id)

    @strawberry.field(description="The statement; null for a parent link and for a step that is missing.")
    def statement(self) -> Statement | None:
        """The statement."""
        return None if self.record is None else Statement(record=self.record)

    @strawberry.field(
        description="Whether the step is a parent link, which the framework declares to be a set relation: the subject or the "
        "object is the other's parent."
    )
    def parent_link(self) -> bool:
        """Whether it is a parent link."""
        return self.of_parent

    @strawberry.field(description="The mapping set that the statement was published in, where it is a mapping.")
    def mapping_set(self, info: Info) -> Resource | None:
        """The mapping set."""
        detail = self._detail
        return None if detail is None else resource_node(info.context.snapshot, detail.mapping_set)

    @strawberry.field(description="The publisher's own word for the relation.")
    def verbatim(self) -> str | None:
        """The word."""
        if self._detail is not None:
            return self._detail.verbatim
        return None if self.record is None else self.record.predicate

    @strawberry.field(description="The reason that the row's author gives.")
    def rationale(self) -> Rationale | None:
        """The rationale."""
        return None if self._detail is None else Rationale(detail=self._detail)

    @strawberry.field(description="The strength of the relationship on the publisher's own scale.")
    def strength(self) -> str | None:
        """The strength."""
        return None if self._detail is None else self._detail.strength

    @strawberry.field(description="The author's confidence in integer thousandths.")
    def confidence(self) -> int | None:
        """The confidence."""
        return None if self._detail is None else self._detail.confidence

    @property
    def _detail(self) -> model.MappingDetail | None:
        return None if self.record is None else self.record.mapping


@strawberry.type(
    description="Why an answer holds. Each chain alone allows what its steps compose to; the conclusion is what all chains "
    "allow together. A certificate counts by its rule, and has no conclusion in the algebra."
)
class Proof:
    """A proof."""

    coverage: strawberry.Private[engine.ControlCoverage]

    @strawberry.field(description="By what the conclusion is drawn.")
    def rule(self) -> ProofRule:
        """The rule."""
        rule = self.coverage.rule
        return ProofRule.CHAIN if rule is None else ProofRule(rule.rule.value)

    @strawberry.field(description="What the chains leave possible between the control and the requirement.")
    def conclusion(self) -> RelationSet | None:
        """The conclusion."""
        bits = self.coverage.relations
        return None if bits is None else RelationSet(bits=bits)

    @strawberry.field(description="The authority of the weakest statement that the proof rests on.")
    def authority(self) -> Authority:
        """The authority."""
        return _AUTHORITIES[self.coverage.authority_rank]

    @strawberry.field(description="The chains, at most four; each a list of steps from the control to the requirement.")
    def chains(self, info: Info) -> list[list[ProofStep]]:
        """The chains."""
        statements = info.context.snapshot.statements
        rule = self.coverage.rule
        if rule is not None:
            return [[_rule_step(rule, statements[rule.statement])]]
        return [[_row_step(step, statements) for step in chain.steps] for chain in self.coverage.chains]

    @strawberry.field(
        description="The statements by which what was given is, or has, the control: a product's capability, a listing's scheme."
    )
    def links(self, info: Info) -> list[Statement]:
        """The links from what was given."""
        return [Statement(record=info.context.snapshot.statements[link.statement]) for link in self.coverage.links]

    @strawberry.field(description="The proofs of the parts, where a whole is proved by its parts.")
    def parts(self) -> list["Proof"]:
        """No framework of this release declares parts, so there are none."""
        return []

    @strawberry.field(description="For a candidate: the one statement that would decide it.")
    def missing(self) -> ProofStep | None:
        """What is missing."""
        if self.coverage.status is not Status.POSSIBLE:
            return None
        wanted = EQ | PPI
        return ProofStep(subject_id=self.coverage.control, object_id=self.coverage.requirement, bits=wanted, record=None)


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
        return Proof(coverage=self.answer)


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

    @classmethod
    def of(cls, answer: gap_engine.RequirementCoverage) -> Self:
        """The type over an answer."""
        return cls(answer=answer)

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

    @strawberry.field(description="The requirements, in the publisher's order, of some statuses or all.")
    def requirements(
        self, info: Info, status: list[Status] | None = None, first: int = 100, after: str | None = None
    ) -> Connection[RequirementCoverage]:
        """The requirements."""
        found = [answer for answer in self.answers if status is None or answer.status in status]
        return connect(info, found, lambda answer: answer.requirement, RequirementCoverage.of, first, after)


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


def _row_step(step: Step, statements: Mapping[str, model.Statement]) -> ProofStep:
    """A step of a chain; a row that states the converse is read the other way round."""
    record = None if step.row.parent_link else statements[step.row.statement]
    return ProofStep(
        subject_id=step.start, object_id=step.end, bits=step.relations, record=record, of_parent=step.row.parent_link
    )


def _rule_step(rule: Rule, record: model.Statement) -> ProofStep:
    return ProofStep(subject_id=rule.requirement, object_id=rule.scheme, bits=ALL, record=record)
