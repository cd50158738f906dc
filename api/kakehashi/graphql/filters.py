"""The filters of lists, and what each of their fields looks at: tables, held against records by `conditions`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Final, Optional, TypeVar

import strawberry

from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.gaps import GapType
from kakehashi.crosswalk.gaps import RequirementCoverage as Coverage
from kakehashi.crosswalk.outline import Outline
from kakehashi.crosswalk.pairs import PairAnswer
from kakehashi.graphql.conditions import Choice, IdCondition, Table, Test, TextCondition, Truth, Within
from kakehashi.graphql.enums import BaseRelation
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty, Lifecycle
from kakehashi.snapshot.model import Snapshot

ValueType = TypeVar("ValueType")

BOTH: Final = "All of these hold too."
EITHER: Final = "One of these holds; of none, nothing does."
NEITHER: Final = "This does not hold."


@strawberry.input(description="Which resources: those of which everything that is said here holds.")
class ResourceFilter:
    """A filter of resources of any type."""

    id: IdCondition | None = strawberry.field(default=None, description="The id.")
    notation: TextCondition | None = strawberry.field(default=None, description="The publisher's number or code.")
    kind: IdCondition | None = strawberry.field(default=None, description="The kind, a word of the vocabulary.")
    pref_label: TextCondition | None = strawberry.field(default=None, description="A name, in any language.")
    lifecycle: Choice[Lifecycle] | None = strawberry.field(default=None, description="Why it is no longer in use.")
    framework: IdCondition | None = strawberry.field(
        default=None, description="The work that a provision or an edition is of; a work itself is of none."
    )
    edition: IdCondition | None = strawberry.field(
        default=None, description="The edition that a provision belongs to, or one of the two that a mapping set is about."
    )
    source: IdCondition | None = strawberry.field(default=None, description="A source that describes it.")
    authority: Choice[Authority] | None = strawberry.field(
        default=None, description="The authority of the most authoritative source that names it."
    )
    and_: list["ResourceFilter"] | None = strawberry.field(default=None, name="and", description=BOTH)
    or_: list["ResourceFilter"] | None = strawberry.field(default=None, name="or", description=EITHER)
    not_: Optional["ResourceFilter"] = strawberry.field(default=None, name="not", description=NEITHER)


@strawberry.input(description="Which statements: those of which everything that is said here holds.")
class StatementFilter:
    """A filter of statements."""

    id: IdCondition | None = strawberry.field(default=None, description="The id.")
    predicate: IdCondition | None = strawberry.field(default=None, description="The predicate.")
    subject: ResourceFilter | None = strawberry.field(default=None, description="The subject.")
    object: ResourceFilter | None = strawberry.field(default=None, description="The object, where it is a resource.")
    value: TextCondition | None = strawberry.field(default=None, description="The object, where it is a value, as text.")
    source: IdCondition | None = strawberry.field(default=None, description="The source.")
    authority: Choice[Authority] | None = strawberry.field(default=None, description="On whose word it stands.")
    certainty: Choice[Certainty] | None = strawberry.field(default=None, description="How sure it is.")
    mapping_set: IdCondition | None = strawberry.field(default=None, description="The mapping set that it was published in.")
    and_: list["StatementFilter"] | None = strawberry.field(default=None, name="and", description=BOTH)
    or_: list["StatementFilter"] | None = strawberry.field(default=None, name="or", description=EITHER)
    not_: Optional["StatementFilter"] = strawberry.field(default=None, name="not", description=NEITHER)


@strawberry.input(description="Which requirements of a report: those of which everything that is said here holds.")
class RequirementFilter:
    """A filter of a report's requirements."""

    status: Choice[Status] | None = strawberry.field(default=None, description="How far it is met.")
    gap: Choice[GapType] | None = strawberry.field(default=None, description="The type of one of its gaps.")
    primary_gap: Choice[GapType] | None = strawberry.field(default=None, description="The type of its primary gap.")
    control: IdCondition | None = strawberry.field(
        default=None, description="Something that meets it wholly or in part, alone or with others."
    )
    requirement: ResourceFilter | None = strawberry.field(default=None, description="The requirement itself.")
    and_: list["RequirementFilter"] | None = strawberry.field(default=None, name="and", description=BOTH)
    or_: list["RequirementFilter"] | None = strawberry.field(default=None, name="or", description=EITHER)
    not_: Optional["RequirementFilter"] = strawberry.field(default=None, name="not", description=NEITHER)


@strawberry.input(description="What may still hold of a pair, of the five base relations; all that is said must be so.")
class RelationCondition:
    """A condition on a relation set."""

    eq: list[BaseRelation] | None = strawberry.field(default=None, description="Just these are possible.")
    within: list[BaseRelation] | None = strawberry.field(default=None, description="None but these is possible.")
    includes: BaseRelation | None = strawberry.field(default=None, description="This one is possible.")

    def tests(self) -> Iterable[Test]:
        """The tests."""
        if self.eq is not None:
            exactly = _bits(self.eq)
            yield lambda bits: bits == exactly
        if self.within is not None:
            beyond = ~_bits(self.within)
            yield lambda bits: not bits & beyond
        if self.includes is not None:
            one = self.includes.value
            yield lambda bits: bool(bits & one)

    def size(self) -> int:
        """The values."""
        return len(self.eq or ()) + len(self.within or ()) + 1


@strawberry.input(description="Which rows of a crosswalk: those of which everything that is said here holds.")
class CrosswalkRowFilter:
    """A filter of a crosswalk's rows."""

    candidate: Truth | None = strawberry.field(default=None, description="Whether it is a candidate.")
    relation: RelationCondition | None = strawberry.field(default=None, description="What is known of the relation.")
    source: ResourceFilter | None = strawberry.field(default=None, description="The provision of the source edition.")
    target: ResourceFilter | None = strawberry.field(default=None, description="The provision of the target edition.")
    and_: list["CrosswalkRowFilter"] | None = strawberry.field(default=None, name="and", description=BOTH)
    or_: list["CrosswalkRowFilter"] | None = strawberry.field(default=None, name="or", description=EITHER)
    not_: Optional["CrosswalkRowFilter"] = strawberry.field(default=None, name="not", description=NEITHER)


def of_resources(snapshot: Snapshot) -> Table:
    """What a filter of resources looks at, by their ids."""
    resources, sources, described = snapshot.resources, snapshot.sources, snapshot.described
    return {
        "id": lambda one: (one,),
        "notation": lambda one: _some(resources[one].notation),
        "kind": lambda one: (resources[one].kind,),
        "pref_label": lambda one: (label.text for label in resources[one].labels),
        "lifecycle": lambda one: _some(resources[one].lifecycle),
        "framework": lambda one: _frameworks(snapshot, one),
        "edition": lambda one: _editions(snapshot, one),
        "source": lambda one: (found.source for found in described.get(one, ())),
        "authority": lambda one: (sources[resources[one].source].authority,),
    }


def of_statements(snapshot: Snapshot) -> Table:
    """What a filter of statements looks at."""
    resources = of_resources(snapshot)
    fields: Mapping[str, Callable[[Statement], Iterable[object]]] = {
        "id": lambda one: (one.id,),
        "predicate": lambda one: (one.predicate,),
        "value": lambda one: () if one.value is None else (one.value.text,),
        "source": lambda one: (one.source,),
        "authority": lambda one: (one.authority,),
        "certainty": lambda one: (one.certainty,),
        "mapping_set": lambda one: () if one.mapping is None else (one.mapping.mapping_set,),
    }
    return {
        **fields,
        "subject": Within(lambda one: (one.subject,), resources),
        "object": Within(lambda one: _some(one.object), resources),
    }


def of_requirements(snapshot: Snapshot, answer: Callable[[str], Coverage]) -> Table:
    """What a filter of a report's requirements looks at; what takes working out is worked out where it is looked at."""
    fields: Mapping[str, Callable[[Outline], Iterable[object]]] = {
        "status": lambda one: (one.status,),
        "gap": lambda one: (gap.type for gap in answer(one.requirement).gaps),
        "primary_gap": lambda one: (gap.type for gap in answer(one.requirement).gaps[:1]),
        "control": lambda one: answer(one.requirement).controls,
    }
    return {**fields, "requirement": Within(lambda one: (one.requirement,), of_resources(snapshot))}


def of_rows(snapshot: Snapshot) -> Table:
    """What a filter of a crosswalk's rows looks at."""
    resources = of_resources(snapshot)
    fields: Mapping[str, Callable[[PairAnswer], Iterable[object]]] = {
        "candidate": lambda one: (one.candidate,),
        "relation": lambda one: (one.relations,),
    }
    ends = {"source": Within(lambda one: (one.source,), resources), "target": Within(lambda one: (one.target,), resources)}
    return {**fields, **ends}


def _frameworks(snapshot: Snapshot, identifier: str) -> Iterable[str]:
    edition = snapshot.editions.get(snapshot.edition_of.get(identifier, identifier))
    return () if edition is None else (edition.framework,)


def _editions(snapshot: Snapshot, identifier: str) -> Iterable[str]:
    mapping_set = snapshot.mapping_sets.get(identifier)
    if mapping_set is None:
        return _some(snapshot.edition_of.get(identifier))
    return (one for one in (mapping_set.subject_edition, mapping_set.object_edition) if one is not None)


def _some(value: ValueType | None) -> Iterable[ValueType]:
    return () if value is None else (value,)


def _bits(relations: Sequence[BaseRelation]) -> int:
    return reduce(or_, (one.value for one in relations), 0)
