"""Threat links as GraphQL types: what a thing does about a threat, and the way on to provisions."""

from typing import Final

import strawberry

from kakehashi.crosswalk import threat_paths as path_engine
from kakehashi.crosswalk import threats as engine
from kakehashi.crosswalk.threats import Category
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.orders import Key, Order, by_text
from kakehashi.graphql.proofs import Proof, RelationSet
from kakehashi.graphql.resources import Resource, Statement, resource_node
from kakehashi.records.values import Authority

strawberry.enum(
    Category,
    name="ThreatCategory",
    description="What a publisher says that a thing does about a threat: PROTECT, DETECT and RESPOND are the words of CTID's "
    "scores; MITIGATE is what a control does if it is carried out; UNSPECIFIED ties the two without saying how.",
)


@strawberry.type(
    description="One threat link: what a thing does about a threat, and on whose word. It is never coverage of a requirement."
)
class ThreatMeasure:
    """A measure."""

    measure: strawberry.Private[engine.Measure]

    @strawberry.field(description="What it does.")
    def category(self) -> Category:
        """The category."""
        return self.measure.category

    @strawberry.field(description="The score in the publisher's own word; null where it gives none.")
    def score(self) -> str | None:
        """The score."""
        return self.measure.score

    @strawberry.field(description="The thing that does it: a capability, a product, a control or a mitigation.")
    def control(self, info: Info) -> Resource:
        """The thing."""
        return resource_node(info.context.snapshot, self.measure.thing)

    @strawberry.field(description="The statement that says so, with its source, rationale and note.")
    def statement(self, info: Info) -> Statement:
        """The statement."""
        return Statement(record=info.context.snapshot.statements[self.measure.statement])

    @strawberry.field(description="On whose word it stands.")
    def authority(self) -> Authority:
        """The authority."""
        return self.measure.authority

    @strawberry.field(description="The mapping set that it was published in; null where it is of none.")
    def mapping_set(self, info: Info) -> Resource | None:
        """The mapping set."""
        identifier = self.measure.mapping_set
        return None if identifier is None else resource_node(info.context.snapshot, identifier)

    @strawberry.field(description="The statements that lead from what was given to the control; none where it was given itself.")
    def had_by(self, info: Info) -> list[Statement]:
        """How the control is had."""
        return [Statement(record=info.context.snapshot.statements[link.statement]) for link in self.measure.links]


@strawberry.type(
    description="A threat, what a control does about it, and how that control relates to a provision. It makes the provision and "
    "the threat candidates for each other, and proves no coverage."
)
class ThreatPath:
    """A path."""

    path: strawberry.Private[path_engine.ThreatPath]

    @strawberry.field(description="The threat.")
    def threat(self, info: Info) -> Resource:
        """The threat."""
        return resource_node(info.context.snapshot, self.path.measure.threat)

    @strawberry.field(description="What the control does about the threat.")
    def measure(self) -> ThreatMeasure:
        """The measure."""
        return ThreatMeasure(measure=self.path.measure)

    @strawberry.field(description="The provision.")
    def provision(self, info: Info) -> Resource:
        """The provision."""
        return resource_node(info.context.snapshot, self.path.provision)

    @strawberry.field(description="How many statements lead from the control to the provision; 0 where they are the same.")
    def hops(self) -> int:
        """The length."""
        return self.path.distance

    @strawberry.field(description="What is known of control and provision, read that way; null where they are the same.")
    def relation(self) -> RelationSet | None:
        """The relation."""
        return None if self.path.relations is None else RelationSet(bits=self.path.relations)

    @strawberry.field(description="Why control and provision relate so; null where they are the same.")
    def proof(self) -> Proof | None:
        """The proof."""
        return None if self.path.proof is None else Proof(proof=self.path.proof)


@strawberry.type(
    description="A thing that is given, not linked to a provision, but working against the same threats: a candidate."
)
class ThreatCandidate:
    """A candidate."""

    candidate: strawberry.Private[path_engine.ThreatCandidate]

    @strawberry.field(description="The thing.")
    def control(self, info: Info) -> Resource:
        """The thing."""
        return resource_node(info.context.snapshot, self.candidate.thing)

    @strawberry.field(description="How many threats the two have in common.")
    def shared(self) -> int:
        """The count."""
        return len(self.candidate.threats)

    @strawberry.field(description="The threats that the two have in common, by id.")
    def threats(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Resource]:
        """The threats."""
        snapshot = info.context.snapshot
        return connect(info, self.candidate.threats, by_text("threats"), lambda one: resource_node(snapshot, one), first, after)


def _nearest(path: path_engine.ThreatPath) -> Key:
    distance, undecided, provision, measure, threat = path.sort_key
    return (distance, undecided, provision, *measure, threat)


BEST_SCORE_FIRST: Final[Order[engine.Measure]] = Order("best score first", lambda one: (*one.sort_key, one.threat))
NEAREST_FIRST: Final[Order[path_engine.ThreatPath]] = Order("nearest first", _nearest)
MOST_SHARED_FIRST: Final[Order[path_engine.ThreatCandidate]] = Order(
    "most shared first", lambda one: (-len(one.threats), one.thing)
)
