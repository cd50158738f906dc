"""Relations and proofs as GraphQL types."""

from collections.abc import Mapping

import strawberry

from kakehashi.crosswalk import proofs
from kakehashi.crosswalk.algebra import ALL, bases, is_determined
from kakehashi.crosswalk.chains import Step
from kakehashi.crosswalk.index import Rule
from kakehashi.graphql import explanations
from kakehashi.graphql.context import Info
from kakehashi.graphql.enums import BASE_RELATIONS, BaseRelation, ProofRule
from kakehashi.graphql.resources import Languages, LocalizedText, Resource, Statement, resource_node
from kakehashi.records import model
from kakehashi.records.values import Authority, RationaleKind


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

    @strawberry.field(description="The same in words, read from the first of the two to the second.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(explanations.of_relation(self.bits), lang, info)


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

    proof: strawberry.Private[proofs.Proof]

    @strawberry.field(description="By what the conclusion is drawn.")
    def rule(self) -> ProofRule:
        """The rule."""
        rule = self.proof.rule
        return ProofRule.CHAIN if rule is None else ProofRule(rule.rule.value)

    @strawberry.field(description="What the chains leave possible between their ends, read from the first to the last.")
    def conclusion(self) -> RelationSet | None:
        """The conclusion."""
        bits = self.proof.conclusion
        return None if bits is None else RelationSet(bits=bits)

    @strawberry.field(description="The authority of the weakest statement that the proof rests on.")
    def authority(self) -> Authority:
        """The authority."""
        return self.proof.authority

    @strawberry.field(description="The chains, at most four; each a list of steps from one end to the other.")
    def chains(self, info: Info) -> list[list[ProofStep]]:
        """The chains."""
        statements, rule = info.context.snapshot.statements, self.proof.rule
        if rule is not None:
            return [[_rule_step(rule, statements[rule.statement])]]
        return [[row_step(step, statements) for step in chain.steps] for chain in self.proof.chains]

    @strawberry.field(description="The best chain's confidence in integer thousandths; null where a row states none.")
    def confidence(self) -> int | None:
        """The confidence."""
        return max((one for chain in self.proof.chains if (one := chain.confidence) is not None), default=None)

    @strawberry.field(
        description="The statements by which what was given is, or has, the control: a product's capability, a listing's scheme."
    )
    def links(self, info: Info) -> list[Statement]:
        """The links from what was given."""
        return [Statement(record=info.context.snapshot.statements[link.statement]) for link in self.proof.links]

    @strawberry.field(
        description="For a candidate: the one statement that would decide it, and in which direction. Nobody makes it."
    )
    def missing(self) -> ProofStep | None:
        """What is missing."""
        wanted = self.proof.missing
        if wanted is None:
            return None
        return ProofStep(subject_id=wanted.start, object_id=wanted.end, bits=wanted.relations, record=None)


def row_step(step: Step, statements: Mapping[str, model.Statement]) -> ProofStep:
    """A step of a chain; a row that states the converse is read the other way round."""
    record = None if step.row.parent_link else statements[step.row.statement]
    return ProofStep(
        subject_id=step.start, object_id=step.end, bits=step.relations, record=record, of_parent=step.row.parent_link
    )


def _rule_step(rule: Rule, record: model.Statement) -> ProofStep:
    return ProofStep(subject_id=rule.requirement, object_id=rule.scheme, bits=ALL, record=record)
