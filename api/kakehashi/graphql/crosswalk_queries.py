"""The questions on what follows between two editions or two provisions: the root's fields, in a type of their own."""

# ruff: noqa: PLR0913, PLR0917 - the names and numbers of arguments are the schema's

from typing import Annotated

import strawberry

from kakehashi.crosswalk import pairs
from kakehashi.crosswalk.disagreements import Disagreement as PairDisagreement
from kakehashi.crosswalk.disagreements import disagreements
from kakehashi.crosswalk.findings.kinds import FindingKind, FindingSeverity
from kakehashi.graphql.connections import MANY, Connection, Paging, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.crosswalk import Crosswalk, CrosswalkInclude, Disagreement, PairRelation, as_printed, ends_of
from kakehashi.graphql.deprecations import superseded
from kakehashi.graphql.findings import FindingHops, MappingFinding, mapping_findings
from kakehashi.graphql.inputs import MaxHops, ViewInput, two_editions, two_ends, view_of
from kakehashi.graphql.orders import Order
from kakehashi.snapshot.findings import DEFAULT_HOPS


@strawberry.type(description="The questions on what follows between two editions or two provisions.")
class CrosswalkQueries:
    """The fields of the root that are on crosswalks."""

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
        first: Annotated[int | None, superseded("rows(first: ...)")] = None,
        after: Annotated[str | None, superseded("rows(after: ...)")] = None,
    ) -> Crosswalk:
        """The crosswalk of two editions."""
        paging = Paging(first, after, MANY)
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
        order: Order[PairDisagreement] = as_printed("disagreements", snapshot, (source, target), ends_of)
        return connect(info, found, order, Disagreement.of, first, after)

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
