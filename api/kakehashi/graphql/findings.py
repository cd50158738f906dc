"""The findings of the quality gates as GraphQL types."""

from collections.abc import Callable
from typing import Annotated, Self

import strawberry

from kakehashi.crosswalk.chains import Chain
from kakehashi.crosswalk.findings.inspecting import Inspection
from kakehashi.crosswalk.findings.kinds import ABOUT, Finding, FindingKind, FindingSeverity
from kakehashi.graphql.claims import ClaimAgainstMapping
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.inputs import ViewInput, view_of
from kakehashi.graphql.listings import BY_ID
from kakehashi.graphql.orders import placed
from kakehashi.graphql.proofs import ProofStep, RelationSet, row_step
from kakehashi.graphql.resources import Languages, LocalizedText, Resource, Statement, resource_node
from kakehashi.snapshot.findings import Wanted, inspection, selected

strawberry.enum(
    FindingKind,
    name="MappingFindingKind",
    description="What is wrong or doubtful in mappings. CONTRADICTION: chains of statements leave nothing possible. "
    "CIRCULAR_INCLUSION: proper subsets lead back to where they began. COVERAGE_ABOVE_RELATION: more is claimed to be covered "
    "than the relations allow. DANGLING_END, OUT_OF_USE_END, ON_HEADING: an end is defined nowhere, withdrawn, deprecated or "
    "revoked, or a heading. CIRCULAR_DERIVATION: a set is derived from itself. STRENGTH_AGAINST_RELATION: the strength, on the "
    "scale of 0 to 10, does not go with the word. SELF_MAPPING: an end is mapped to itself. ONE_DIRECTION_ONLY: of two sets that "
    "state one table both ways, one lacks a pair. COMPOSED_SET, REVERSE_SET: a set is no second opinion. "
    "CLAIM_NOT_MAPPED: a vendor claims of a capability what none of its rows in public mappings says. CLAIM_UNMAPPED: no public "
    "mapping of it is known.",
)
strawberry.enum(
    FindingSeverity,
    name="MappingFindingSeverity",
    description="How grave a finding is, gravest first. ERROR: what is stated cannot be, or names nothing. WARNING: it does not "
    "count, or hardly means what it says. NOTICE: nothing is wrong, but it is no second opinion.",
)

FindingHops = Annotated[int, strawberry.argument(description="The longest chain in which to look for contradictions, 1 to 4.")]


@strawberry.type(description="One of the chains that clash in a finding.")
class ClashingChain:
    """A chain."""

    chain: strawberry.Private[Chain]

    @strawberry.field(description="Its steps, from the first end of the finding to the second.")
    def steps(self, info: Info) -> list[ProofStep]:
        """The steps."""
        statements = info.context.snapshot.statements
        return [row_step(step, statements) for step in self.chain.steps]

    @strawberry.field(description="What the chain alone leaves possible; the chains of a finding together leave nothing.")
    def relation(self) -> RelationSet:
        """The relation."""
        return RelationSet(bits=self.chain.relations)


@strawberry.type(description="Something wrong or doubtful in the mappings of the release.")
class MappingFinding:
    """A finding."""

    finding: strawberry.Private[Finding]
    inspected: strawberry.Private[Inspection]

    @classmethod
    def of(cls, inspected: Inspection) -> Callable[[Finding], Self]:
        """What makes the type over a finding of an inspection."""
        return lambda finding: cls(finding=finding, inspected=inspected)

    @strawberry.field(description="The id: it stays as long as set, ends and statements do.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(self.finding.id)

    @strawberry.field(description="What kind of finding it is.")
    def kind(self) -> FindingKind:
        """The kind."""
        return self.finding.kind

    @strawberry.field(description="How grave it is.")
    def severity(self) -> FindingSeverity:
        """The severity."""
        return self.finding.severity

    @strawberry.field(description="The name of its kind.")
    def title(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The title."""
        return LocalizedText.of_text(ABOUT[self.finding.kind].title, lang, info)

    @strawberry.field(description="What was found, with the sets and the ends by id.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(self.finding.explanation, lang, info)

    @strawberry.field(description="What to do about it.")
    def remedy(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The remedy."""
        return LocalizedText.of_text(ABOUT[self.finding.kind].remedy, lang, info)

    @strawberry.field(description="The mapping set to mend; null where several are concerned alike, or none.")
    def mapping_set(self, info: Info) -> Resource | None:
        """The set."""
        found = self.finding.mapping_set
        return None if found is None else resource_node(info.context.snapshot, found)

    @strawberry.field(description="All mapping sets that are concerned, by id.")
    def mapping_sets(self, info: Info) -> list[Resource]:
        """The sets."""
        return _nodes(info, self.finding.mapping_sets)

    @strawberry.field(description="The ends that are concerned: two for a pair, all of a circle in its order, a set's editions.")
    def ends(self, info: Info) -> list[Resource]:
        """The ends."""
        return _nodes(info, self.finding.ends)

    @strawberry.field(description="The statements that are concerned, by id; in a contradiction those that were set aside.")
    def statements(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Statement]:
        """The statements; a parent link that was set aside is none."""
        known = info.context.snapshot.statements
        found = [known[one] for one in self.finding.statements if one in known]
        return connect(info, found, BY_ID, Statement.of, first, after)

    @strawberry.field(description="The chains that clash; empty where the finding is not about chains.")
    def chains(self) -> list[ClashingChain]:
        """The chains."""
        return [ClashingChain(chain=chain) for chain in self.inspected.chains(self.finding)]

    @strawberry.field(description="What is claimed and what is mapped; null where the finding is not about a vendor's claim.")
    def claim(self) -> ClaimAgainstMapping | None:
        """The claim."""
        return None if self.finding.claim is None else ClaimAgainstMapping(disagreement=self.finding.claim)


def mapping_findings(  # noqa: PLR0913, PLR0917 - the arguments are the schema's
    info: Info,
    mapping_set: str | None,
    kinds: list[FindingKind] | None,
    severity: FindingSeverity,
    view: ViewInput | None,
    max_hops: int,
    first: int,
    after: str | None,
) -> Connection[MappingFinding]:
    """The findings in a view that concern a set or all, of some kinds or all, at least as grave as `severity`; gravest first."""
    authorities = view_of(view, info.context, max_hops).authorities
    inspected = inspection(info.context.snapshot, max_hops)
    wanted = Wanted(sets=None if mapping_set is None else (mapping_set,), kinds=kinds, authorities=authorities)
    grave = [one for one in selected(info.context.snapshot, inspected, wanted) if one.severity.rank <= severity.rank]
    return connect(
        info, grave, placed("findings", inspected.findings, lambda one: one.id), MappingFinding.of(inspected), first, after
    )


def _nodes(info: Info, ids: tuple[str, ...]) -> list[Resource]:
    snapshot = info.context.snapshot
    return [resource_node(snapshot, one) for one in ids if one in snapshot.resources]
