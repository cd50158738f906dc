"""The schema: Kakehashi's questions."""

from typing import Annotated

import strawberry

from kakehashi.crosswalk import pairs
from kakehashi.crosswalk.coverage import covered_by
from kakehashi.crosswalk.disagreements import disagreements
from kakehashi.crosswalk.findings.kinds import FindingKind, FindingSeverity
from kakehashi.crosswalk.migration import Side, Verdict
from kakehashi.graphql.asked import Asked
from kakehashi.graphql.assessments import AssessedInput
from kakehashi.graphql.certificates import CertificateQueries
from kakehashi.graphql.changes import ChangeQueries
from kakehashi.graphql.connections import Connection, Paging, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.coverage import ControlCoverage, CoverageReport, Question
from kakehashi.graphql.crosswalk import Crosswalk, CrosswalkInclude, Disagreement, PairRelation
from kakehashi.graphql.findings import FindingHops, MappingFinding, mapping_findings
from kakehashi.graphql.gap_queries import GapQueries
from kakehashi.graphql.inputs import (
    UNKNOWN_MATRIX,
    GivenInput,
    MaxHops,
    ViewInput,
    given_of,
    provision_of,
    two_editions,
    two_ends,
    view_of,
)
from kakehashi.graphql.matrix import Matrix
from kakehashi.graphql.metering import RateLimit
from kakehashi.graphql.migration import EditionDiff, EditionQuestion, Migration, Moved, SuccessionHops, two_of_one
from kakehashi.graphql.resources import (
    Edition,
    Entity,
    Framework,
    MappingGroup,
    MappingSet,
    Release,
    Resource,
    Statement,
    edition_node,
    resource_node,
)
from kakehashi.graphql.threat_queries import ThreatQueries
from kakehashi.snapshot.findings import DEFAULT_HOPS
from kakehashi.snapshot.model import folded
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

ONE_OF_TWO = Text("idとiriのどちらか一方だけを指定してください。", "Give exactly one of id and iri.")


@strawberry.type(description="The questions that can be asked.")
class Query(CertificateQueries, ChangeQueries, GapQueries, ThreatQueries):
    """The root of queries."""

    @strawberry.field(description="The release that answers.")
    def release(self, info: Info) -> Release:
        """The release."""
        return Release(snapshot=info.context.snapshot)

    @strawberry.field(
        description="What this query costs by its node count, and what the client has left. With `dryRun: true` the rest of the "
        "query is not run: the answer holds this field alone, and one point is charged."
    )
    def rate_limit(self, info: Info, dry_run: bool = False) -> RateLimit:
        """The rate limit."""
        return RateLimit.of(info.context.meter)

    @strawberry.field(description="The resource with an id (Relay's node); null where there is none.")
    def node(self, info: Info, id: strawberry.ID) -> Resource | None:
        """The node of an id."""
        return _resource(info, id)

    @strawberry.field(description="The resource with an id or an IRI; null where there is none.")
    def resource(self, info: Info, id: strawberry.ID | None = None, iri: str | None = None) -> Resource | None:
        """The resource."""
        if (id is None) == (iri is None):
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, ONE_OF_TWO)
        identifier = id if id is not None else info.context.snapshot.ids.identifier(iri or "")
        return None if identifier is None else _resource(info, identifier)

    @strawberry.field(description="The statement with an id; null where there is none.")
    def statement(self, info: Info, id: strawberry.ID) -> Statement | None:
        """The statement."""
        record = info.context.snapshot.statements.get(id)
        return None if record is None else Statement(record=record)

    @strawberry.field(description="An n:m mapping by its id.")
    def mapping_group(self, info: Info, id: strawberry.ID) -> MappingGroup | None:
        """The group."""
        record = info.context.snapshot.groups.get(id)
        return None if record is None else MappingGroup(record=record)

    @strawberry.field(
        description="Resources by id, of some kinds or all, whose id, notation or name in any language holds a text "
        "(width and case do not matter)."
    )
    def resources(
        self,
        info: Info,
        kind: list[str] | None = None,
        text: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Resource]:
        """The resources."""
        snapshot = info.context.snapshot
        wanted = folded(text or "")
        found = [
            record.id
            for record in snapshot.resources.values()
            if (kind is None or record.kind in kind) and wanted in snapshot.haystacks[record.id]
        ]
        return connect(info, found, str, lambda one: resource_node(snapshot, one), first, after)

    @strawberry.field(description="The works, by id; a work of which no edition is known is listed too.")
    def frameworks(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Framework]:
        """The works."""
        snapshot = info.context.snapshot
        return connect(info, snapshot.frameworks, str, lambda one: Framework(record=snapshot.resources[one]), first, after)

    @strawberry.field(description="The editions, by id: of one framework, or all.")
    def editions(
        self, info: Info, framework: strawberry.ID | None = None, first: int = 20, after: str | None = None
    ) -> Connection[Edition]:
        """The editions."""
        snapshot = info.context.snapshot
        found = [one.id for one in snapshot.editions.values() if framework in (None, one.framework)]
        return connect(info, found, str, lambda one: edition_node(snapshot, one), first, after)

    @strawberry.field(description="The mapping sets, by id: those about an edition, or all.")
    def mapping_sets(
        self, info: Info, edition: strawberry.ID | None = None, first: int = 20, after: str | None = None
    ) -> Connection[MappingSet]:
        """The mapping sets."""
        snapshot = info.context.snapshot
        found = [one for one in snapshot.mapping_sets.values() if edition in (None, one.subject_edition, one.object_edition)]
        return connect(
            info,
            found,
            lambda one: one.id,
            lambda one: MappingSet(record=snapshot.resources[one.id], structure=one),
            first,
            after,
        )

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
        return connect(
            info, found, lambda one: one.control, lambda one: ControlCoverage(answer=one, in_plans=plans), first, after
        )

    @strawberry.field(
        description="What follows between two editions from chains of published statements: rows that are certain, candidates "
        "apart from them, and what has no counterpart on either side."
    )
    def crosswalk(
        self,
        info: Info,
        source: strawberry.ID,
        target: strawberry.ID,
        view: ViewInput | None = None,
        max_hops: MaxHops = 1,
        include: list[CrosswalkInclude] | None = None,
        first: int = 100,
        after: str | None = None,
    ) -> Crosswalk:
        """The crosswalk of two editions."""
        paging = Paging(first, after)
        snapshot = info.context.snapshot
        from_source, to_target = (snapshot.requirements(one.id) for one in two_editions(source, target, snapshot))
        seen = view_of(view, info.context, max_hops)
        answer = pairs.crosswalk(snapshot.index.engine, from_source, to_target, seen)
        included = frozenset(CrosswalkInclude if include is None else include)
        return Crosswalk(
            source_id=source, target_id=target, answer=answer, seen=seen, included=included, paging=paging
        )  # fmt: skip

    @strawberry.field(description="What follows for one pair of provisions, or a provision and what can satisfy it, and why.")
    def relation(
        self,
        info: Info,
        source: strawberry.ID,
        target: strawberry.ID,
        view: ViewInput | None = None,
        max_hops: MaxHops = 1,
    ) -> PairRelation:
        """The relation of a pair."""
        ends, seen = two_ends(source, target, info.context.snapshot), view_of(view, info.context, max_hops)
        engine = info.context.snapshot.index.engine
        answer = pairs.relation(engine, *ends, seen)
        contested = pairs.disputed(engine, *ends, seen)
        return PairRelation(answer=answer, contested=contested, seen=seen)

    @strawberry.field(
        description="The pairs of two editions of which several published statements say different things, with all of them, "
        "whichever are believed. What one table leaves out it does not deny."
    )
    def disagreements(
        self,
        info: Info,
        source: strawberry.ID,
        target: strawberry.ID,
        view: ViewInput | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Disagreement]:
        """The disagreements between two editions."""
        snapshot = info.context.snapshot
        from_source, to_target = (snapshot.requirements(one.id) for one in two_editions(source, target, snapshot))
        found = list(disagreements(snapshot.index.engine, from_source, to_target, view_of(view, info.context)))
        return connect(info, found, lambda one: f"{one.source} {one.target}", Disagreement.of, first, after)

    @strawberry.field(
        description="What is left of each row of a mapping set on another edition of one of its sides: what stays certain, what "
        "needs a person, and why. `side` says which end moves where both could. Nothing of it enters the graph."
    )
    def migration(
        self,
        info: Info,
        mapping_set: strawberry.ID,
        to_edition: strawberry.ID,
        side: Side | None = None,
        view: ViewInput | None = None,
        max_hops: SuccessionHops = 2,
        verdicts: list[Verdict] | None = None,
        first: int = 100,
        after: str | None = None,
    ) -> Migration:
        """A mapping set on another edition."""
        snapshot = info.context.snapshot
        moved = Moved(snapshot, mapping_set, to_edition, side)
        asked = EditionQuestion(snapshot, moved.editions, view_of(view, info.context), max_hops)
        return Migration.of(asked, moved, verdicts, Paging(first, after))

    @strawberry.field(
        description="What became of an edition's provisions in another edition of the same framework, as far as it is published: "
        "same, moved, split, merged, changed, related, unstated, withdrawn, new, or in one of the two only."
    )
    def edition_diff(
        self,
        info: Info,
        old: Annotated[strawberry.ID, strawberry.argument(name="from", description="The edition taken as the old one.")],
        new: Annotated[strawberry.ID, strawberry.argument(name="to", description="The edition taken as the new one.")],
        view: ViewInput | None = None,
        max_hops: SuccessionHops = 2,
        first: int = 100,
        after: str | None = None,
    ) -> EditionDiff:
        """The difference of two editions."""
        snapshot = info.context.snapshot
        asked = EditionQuestion(snapshot, two_of_one(old, new, snapshot), view_of(view, info.context), max_hops)
        return EditionDiff.of(asked, Paging(first, after))

    @strawberry.field(
        description="What is wrong or doubtful in the mappings: all findings or those of one set, of some kinds or all, at least "
        "as grave as `severity`; the gravest first. Those that name a statement of an authority outside the view are left out."
    )
    def mapping_findings(
        self,
        info: Info,
        mapping_set: strawberry.ID | None = None,
        kinds: list[FindingKind] | None = None,
        severity: FindingSeverity = FindingSeverity.NOTICE,
        view: ViewInput | None = None,
        max_hops: FindingHops = DEFAULT_HOPS,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[MappingFinding]:
        """The findings of the quality gates."""
        return mapping_findings(info, mapping_set, kinds, severity, view, max_hops, first, after)

    @strawberry.field(description="A table, with the coverage of its entries by what is given.")
    def matrix(self, info: Info, id: strawberry.ID, given: GivenInput | None = None, view: ViewInput | None = None) -> Matrix:
        """A matrix."""
        matrices = info.context.snapshot.matrices
        if id not in matrices:
            raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_MATRIX(id=id[:80], known=", ".join(matrices)))
        return Matrix(record=matrices[id], question=_question(info, given, view))


def _resource(info: Info, identifier: str) -> Resource | None:
    snapshot = info.context.snapshot
    return resource_node(snapshot, identifier) if identifier in snapshot.resources else None


def _question(info: Info, given: GivenInput | None, view: ViewInput | None, hops: int = 1) -> Question:
    return Question(info.context.snapshot, given_of(given, info.context), view_of(view, info.context, hops))


def build_schema() -> strawberry.Schema:
    """The executable schema; what a document may be is kept within limits where it is read (`documents`)."""
    return strawberry.Schema(query=Query, types=[Entity, Framework, Edition, MappingSet])
