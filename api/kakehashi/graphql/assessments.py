"""Assessments, and what they show to be in place, as GraphQL types. They come through the context's door to private rows only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import strawberry

from kakehashi.crosswalk import coverage as engine
from kakehashi.crosswalk import in_place as in_place_engine
from kakehashi.crosswalk.algebra import EQ
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.given import Holding, View
from kakehashi.crosswalk.joint import JointCoverage
from kakehashi.graphql import explanations
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Context, Info
from kakehashi.graphql.listings import BY_ID
from kakehashi.graphql.orders import placed
from kakehashi.graphql.proofs import Proof, RelationSet
from kakehashi.graphql.resources import Languages, LocalizedText, MappingGroup, Resource, Source, resource_node
from kakehashi.records import model
from kakehashi.records.canonical import plain
from kakehashi.records.values import AssessmentStatus
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

UNKNOWN_ORGANISATION = Text("組織「{organisation}」についての評価はありません。", "There is no assessment of '{organisation}'.")
UNKNOWN_SCOPE = Text(
    "組織「{organisation}」の範囲「{scope}」についての評価はありません。",
    "There is no assessment of the scope '{scope}' of '{organisation}'.",
)


@strawberry.input(
    description="Whose assessments say what is in place. Only an organisation that the asker may see can be named: any other is "
    "not there."
)
class AssessedInput:
    """An organisation, or a scope of it."""

    organisation: strawberry.ID = strawberry.field(description="The organisation, as its assessments name it.")
    scope: str | None = strawberry.field(
        default=None, description="The scope, as its assessments name it; without one, those of the organisation as a whole."
    )


@dataclass(frozen=True, slots=True)
class Assessed:
    """What holds of one scope of an organisation in a view: the answers, and what they rest on."""

    organisation: str
    scope: str | None
    stated: tuple[model.Assessment, ...]
    """All that is stated of it on any day."""
    current: Mapping[str, model.Assessment]
    answers: Mapping[str, in_place_engine.InPlace]
    given: frozenset[str]

    @classmethod
    def of(
        cls, asked: AssessedInput | None, context: Context, requirements: Sequence[str], holding: Holding, view: View
    ) -> Self | None:
        """What is asked for; None where nothing is. An error where there is nothing of it, or nothing that may be seen."""
        if asked is None:
            return None
        stated = context.private.of(asked.organisation, asked.scope)
        if not stated:
            raise _unknown(asked)
        current = in_place_engine.latest(stated, view.as_of)
        answers = in_place_engine.in_place(context.snapshot.index, requirements, current, view)
        return cls(
            organisation=plain(asked.organisation), scope=plain(asked.scope or "") or None, stated=stated, current=current,
            answers=answers, given=frozenset(holding.things),
        )  # fmt: skip

    def node(self, requirement: str) -> "InPlace":
        """The answer for a requirement."""
        return InPlace(answer=self.answers[requirement], assessed=self)

    def assessment(self, record: model.Assessment) -> "Assessment":
        """An assessment beside what was given."""
        return Assessment(record=record, given=self.given)


def _unknown(asked: AssessedInput) -> KakehashiError:
    """The same whether it is not there or may not be seen: so nobody learns which."""
    text = UNKNOWN_ORGANISATION(organisation=asked.organisation[:80])
    if asked.scope:
        text = UNKNOWN_SCOPE(organisation=asked.organisation[:80], scope=asked.scope[:80])
    return KakehashiError(ErrorCode.NOT_FOUND, text)


@strawberry.type(description="What a reviewer found of one provision in one organisation on one day.")
class Assessment:
    """An assessment."""

    record: strawberry.Private[model.Assessment]
    given: strawberry.Private[frozenset[str]]

    @strawberry.field(description="The id of the assessment.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(self.record.id)

    @strawberry.field(description="The organisation that was assessed.")
    def organisation(self) -> str:
        """The organisation."""
        return self.record.organisation

    @strawberry.field(description="The part of it that was assessed; null for the organisation as a whole.")
    def scope(self) -> str | None:
        """The scope."""
        return self.record.scope

    @strawberry.field(description="The id of the edition under which it was assessed.")
    def edition_id(self) -> strawberry.ID:
        """The edition's id."""
        return strawberry.ID(self.record.edition)

    @strawberry.field(description="The id of the provision that was assessed.")
    def provision_id(self) -> strawberry.ID:
        """The provision's id."""
        return strawberry.ID(self.record.provision)

    @strawberry.field(description="The provision; null where the release no longer has it.")
    def provision(self, info: Info) -> Resource | None:
        """The provision."""
        snapshot = info.context.snapshot
        return resource_node(snapshot, self.record.provision) if self.record.provision in snapshot.edition_of else None

    @strawberry.field(description="What was found.")
    def status(self) -> AssessmentStatus:
        """The finding."""
        return self.record.status

    @strawberry.field(description="Whether the provision applies.")
    def applicable(self) -> bool:
        """Whether it applies."""
        return self.record.status is not AssessmentStatus.NOT_APPLICABLE

    @strawberry.field(description="Why it applies or does not; never null where it does not.")
    def justification(self) -> str | None:
        """The justification."""
        return self.record.justification

    @strawberry.field(description="The id of the product or capability by which it is done.")
    def control_id(self) -> strawberry.ID | None:
        """The control's id."""
        return None if self.record.control is None else strawberry.ID(self.record.control)

    @strawberry.field(
        description="The product or capability by which it is done; null where none is named, or the release no longer has it."
    )
    def control(self, info: Info) -> Resource | None:
        """The control."""
        snapshot, control = info.context.snapshot, self.record.control
        return resource_node(snapshot, control) if control is not None and control in snapshot.resources else None

    @strawberry.field(
        description="Whether that product or capability is among what is given: false shows what is said to be in use and is not "
        "had. Null where none is named."
    )
    def control_given(self) -> bool | None:
        """Whether it is had."""
        return None if self.record.control is None else self.record.control in self.given

    @strawberry.field(description="Where that is found which bears it out: an address or words.")
    def evidence(self) -> str | None:
        """The evidence."""
        return self.record.evidence

    @strawberry.field(description="Who made it.")
    def reviewer(self) -> str:
        """The reviewer."""
        return self.record.reviewer

    @strawberry.field(description="The day on which it was made; it counts from then until the next one.")
    def date(self) -> date:
        """The day."""
        return self.record.assessed_on

    @strawberry.field(description="What the reviewer says besides.")
    def remark(self) -> str | None:
        """The remark."""
        return self.record.remark

    @strawberry.field(description="The private source that it stands in.")
    def source(self, info: Info) -> Source:
        """The source."""
        record = next(source for source in info.context.private.sources if source.id == self.record.source)
        return Source(record=record)


@strawberry.type(description="A provision that is in place, and what it does for a requirement.")
class ProvisionInPlace:
    """What a provision in place does for a requirement; no coverage where it is the requirement itself."""

    provision_id: strawberry.Private[str]
    coverage: strawberry.Private[engine.ControlCoverage | None]
    assessed: strawberry.Private[Assessed]

    @strawberry.field(description="The provision.")
    def provision(self, info: Info) -> Resource:
        """The provision."""
        return resource_node(info.context.snapshot, self.provision_id)

    @strawberry.field(description="The assessment that found it to be in place.")
    def assessment(self) -> Assessment:
        """The assessment."""
        return self.assessed.assessment(self.assessed.current[self.provision_id])

    @strawberry.field(description="How far it meets the requirement.")
    def status(self) -> Status:
        """The status."""
        return Status.FULL if self.coverage is None else self.coverage.status

    @strawberry.field(description="What it does for the requirement, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(
            explanations.ITSELF if self.coverage is None else explanations.of_control(info.context.snapshot, self.coverage),
            lang,
            info,
        )

    @strawberry.field(description="What is known of its relation to the requirement; equal where it is the requirement itself.")
    def relation(self) -> RelationSet:
        """The relation."""
        bits = None if self.coverage is None else self.coverage.relations
        return RelationSet(bits=EQ if bits is None else bits)

    @strawberry.field(description="Why it does; null where it is the requirement itself.")
    def proof(self) -> Proof | None:
        """The proof."""
        return None if self.coverage is None else Proof(proof=self.coverage.proof)


@strawberry.type(
    description="A requirement that is in place since it lies inside the union of some parts, and each part is fully in place."
)
class JointlyInPlace:
    """What several provisions in place do."""

    joint: strawberry.Private[JointCoverage]
    assessed: strawberry.Private[Assessed]

    @strawberry.field(
        description="The n:m mapping that says so; null where the parts are the children in use of the requirement, and its "
        "framework declares that the children together are the whole."
    )
    def group(self, info: Info) -> MappingGroup | None:
        """The group."""
        group = self.joint.cover.group
        return None if group is None else MappingGroup(record=info.context.snapshot.groups[group])

    @strawberry.field(description="The parts.")
    def parts(self) -> list["PartInPlace"]:
        """The parts."""
        return [PartInPlace(met=part, assessed=self.assessed) for part in self.joint.parts]


@strawberry.type(description="A part of a requirement, in place by one provision or by several together: one of the two is null.")
class PartInPlace:
    """A part."""

    met: strawberry.Private[engine.ControlCoverage | JointCoverage]
    assessed: strawberry.Private[Assessed]

    @strawberry.field(description="The part.")
    def part(self, info: Info) -> Resource:
        """The part."""
        return resource_node(info.context.snapshot, self.met.requirement)

    @strawberry.field(description="The best of what meets it alone: the part itself, where it is in place.")
    def by(self) -> ProvisionInPlace | None:
        """What meets it alone."""
        if isinstance(self.met, JointCoverage):
            return None
        coverage = None if self.met.control == self.met.requirement else self.met
        return ProvisionInPlace(provision_id=self.met.control, coverage=coverage, assessed=self.assessed)

    @strawberry.field(description="What meets it together.")
    def jointly(self) -> JointlyInPlace | None:
        """What meets it together."""
        return JointlyInPlace(joint=self.met, assessed=self.assessed) if isinstance(self.met, JointCoverage) else None


@strawberry.type(
    description="How far a requirement is in place, as an organisation's assessments say. What is available is another matter: "
    "`status` of the requirement's coverage says that."
)
class InPlace:
    """What is in place of a requirement."""

    answer: strawberry.Private[in_place_engine.InPlace]
    assessed: strawberry.Private[Assessed]

    @strawberry.field(
        description="How far it is in place. What was not assessed is UNKNOWN unless another provision in place meets it; null "
        "where it was found not to apply."
    )
    def status(self) -> Status | None:
        """The status."""
        return self.answer.status

    @strawberry.field(description="How far it is in place, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(explanations.of_in_place(self.answer), lang, info)

    @strawberry.field(description="What was found of the requirement itself; null where it was not assessed by that day.")
    def assessment(self) -> Assessment | None:
        """The assessment."""
        record = self.answer.assessment
        return None if record is None else self.assessed.assessment(record)

    @strawberry.field(
        description="Whether the provisions in place prove all of it, and yet it was itself found to be planned or not in place: "
        "an assessment or a mapping is wrong, and somebody should look."
    )
    def contradicted(self) -> bool:
        """Whether it is contradicted."""
        return self.answer.contradicted

    @strawberry.field(
        description="The provisions in place that meet it wholly or in part: the requirement itself first, then others of any "
        "edition through mappings, best first."
    )
    def by(self, info: Info, first: int = 5, after: str | None = None) -> Connection[ProvisionInPlace]:
        """What meets it."""
        itself = [(self.answer.requirement, None)] if self.answer.itself else []
        found = [*itself, *((one.control, one) for one in self.answer.satisfied_by)]
        return connect(info, found, placed("by", found, lambda one: one[0]), self._by, first, after)

    @strawberry.field(
        description="The ways in which several provisions in place meet it fully together, best first; told where no other does "
        "so alone."
    )
    def jointly(self) -> list[JointlyInPlace]:
        """What several do together."""
        return [JointlyInPlace(joint=joint, assessed=self.assessed) for joint in self.answer.jointly]

    def _by(self, found: tuple[str, engine.ControlCoverage | None]) -> ProvisionInPlace:
        return ProvisionInPlace(provision_id=found[0], coverage=found[1], assessed=self.assessed)


@strawberry.type(
    description="Requirements counted by how far they are in place. Those that do not apply are counted apart: `assessable` is "
    "the rest, and the denominator of the ratios, which are null where it is 0."
)
class InPlaceSummary:
    """The counts."""

    assessable: int = strawberry.field(description="How many requirements apply, or were not assessed.")
    full: int = strawberry.field(description="How many are FULL.")
    partial: int = strawberry.field(description="How many are PARTIAL.")
    possible: int = strawberry.field(description="How many are POSSIBLE.")
    excluded: int = strawberry.field(description="How many are EXCLUDED.")
    unknown: int = strawberry.field(description="How many are UNKNOWN.")
    not_applicable: int = strawberry.field(description="How many were found not to apply.")
    contradicted: int = strawberry.field(description="How many are contradicted; they are among the FULL.")
    full_ratio: float | None = strawberry.field(description="FULL by assessable.")
    covered_ratio: float | None = strawberry.field(description="FULL and PARTIAL by assessable.")

    @classmethod
    def of(cls, assessed: Assessed) -> Self:
        """The counts of some answers."""
        answers = assessed.answers.values()
        counts = Counter(answer.status for answer in answers if answer.applicable)
        assessable = counts.total()
        return cls(
            assessable=assessable,
            **{status.value: counts[status] for status in Status},
            not_applicable=len(answers) - assessable,
            contradicted=sum(answer.contradicted for answer in answers),
            full_ratio=counts[Status.FULL] / assessable if assessable else None,
            covered_ratio=(counts[Status.FULL] + counts[Status.PARTIAL]) / assessable if assessable else None,
        )


@strawberry.type(description="Whose assessments say what is in place.")
class AssessedScope:
    """An organisation, or a scope of it."""

    assessed: strawberry.Private[Assessed]

    @strawberry.field(description="The organisation.")
    def organisation(self) -> str:
        """The organisation."""
        return self.assessed.organisation

    @strawberry.field(description="The scope; null for the organisation as a whole.")
    def scope(self) -> str | None:
        """The scope."""
        return self.assessed.scope

    @strawberry.field(description="How many provisions were assessed by that day, of whatever edition.")
    def assessed_count(self) -> int:
        """The count."""
        return len(self.assessed.current)

    @strawberry.field(
        description="The assessments, of any day, of provisions that the release no longer has: they are kept, and count for "
        "nothing until it has them again."
    )
    def unresolved(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Assessment]:
        """What refers to nothing."""
        known = info.context.snapshot.edition_of
        found = [one for one in self.assessed.stated if one.provision not in known]
        return connect(info, found, BY_ID, self.assessed.assessment, first, after)
