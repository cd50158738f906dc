"""What is asked and answered, as `python -m kakehashi.http.rest.client_classes` prints it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from kakehashi.client.base import Answer, Input, Listing, Page, PageInfo, Question


class AnswerView(Answer, frozen=True, kw_only=True):
    """What an answer was given under: whose statements count, how long chains may be, and the day."""

    as_of: date
    authorities: tuple[str, ...]
    max_hops: int


class CloseGapsAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    close_gaps: GapClosing


class ClosingStep(Answer, frozen=True, kw_only=True):
    """One addition, and what it raises beside those before it."""

    addition: Resource
    certificate: bool
    cost: int
    newly_full: int
    newly_partial: int


class ControlCoverage(Answer, frozen=True, kw_only=True):
    """What one control does for one requirement."""

    control: Resource
    status: str
    relation: RelationSet | None
    plans: tuple[Resource, ...]
    proof: Proof | None = None


class ControlCoverageConnection(Answer, frozen=True, kw_only=True):
    """A page of a list."""

    total_count: int
    nodes: tuple[ControlCoverage, ...]


class CoverageAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    coverage: CoverageReport


class CoverageReport(Answer, frozen=True, kw_only=True):
    """How far an edition is met by what is given."""

    edition: Edition
    as_of: date
    notices: tuple[Notice, ...]
    summary: CoverageSummary
    requirements: Page[RequirementCoverage]


class CoverageSummary(Answer, frozen=True, kw_only=True):
    """Requirements counted by status."""

    assessable: int
    full: int
    partial: int
    possible: int
    excluded: int
    unknown: int
    full_ratio: float | None
    covered_ratio: float | None


class Crosswalk(Answer, frozen=True, kw_only=True):
    """All that follows between two editions, and what has no counterpart on either side."""

    source: Edition
    target: Edition
    view: AnswerView
    summary: CrosswalkSummary
    nothing_found: NothingFound | None
    rows: Page[CrosswalkRow]


class CrosswalkAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    crosswalk: Crosswalk


class CrosswalkDisputed(Answer, frozen=True, kw_only=True):
    """All that follows between two editions, and what has no counterpart on either side."""

    view: AnswerView
    disputed: Page[DisputedPair]


class CrosswalkDisputedAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    crosswalk: CrosswalkDisputed


class CrosswalkRow(Answer, frozen=True, kw_only=True):
    """One pair of provisions that a chain of statements links."""

    source: Resource
    target: Resource
    relation: RelationSet
    candidate: bool
    score: float | None
    proof: Proof | None = None


class CrosswalkShared(Answer, frozen=True, kw_only=True):
    """All that follows between two editions, and what has no counterpart on either side."""

    view: AnswerView
    shared: Page[Resource]


class CrosswalkSharedAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    crosswalk: CrosswalkShared


class CrosswalkSummary(Answer, frozen=True, kw_only=True):
    """The rows of a crosswalk counted."""

    certain: int
    candidates: int
    disputed: int
    shared: int
    unmapped_source: int
    unmapped_target: int


class CrosswalkUnmappedSource(Answer, frozen=True, kw_only=True):
    """All that follows between two editions, and what has no counterpart on either side."""

    view: AnswerView
    unmapped_source: Page[Resource]


class CrosswalkUnmappedSourceAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    crosswalk: CrosswalkUnmappedSource


class CrosswalkUnmappedTarget(Answer, frozen=True, kw_only=True):
    """All that follows between two editions, and what has no counterpart on either side."""

    view: AnswerView
    unmapped_target: Page[Resource]


class CrosswalkUnmappedTargetAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    crosswalk: CrosswalkUnmappedTarget


class DisputedPair(Answer, frozen=True, kw_only=True):
    """Two provisions of which published statements contradict each other."""

    source: Resource
    target: Resource


class Edition(Answer, frozen=True, kw_only=True):
    """One publication of a framework."""

    id: str
    iri: str
    kind: str
    notation: str | None
    pref_label: LocalizedText | None
    version: str | None
    issued: date | None
    lifecycle: str | None
    framework: Resource
    replaces: Resource | None
    replaced_by: Resource | None


class EditionProvisions(Answer, frozen=True, kw_only=True):
    """One publication of a framework."""

    id: str
    iri: str
    kind: str
    notation: str | None
    pref_label: LocalizedText | None
    version: str | None
    issued: date | None
    lifecycle: str | None
    framework: Resource
    replaces: Resource | None
    replaced_by: Resource | None
    provisions: Page[Resource]


class EditionsAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    editions: Page[Edition]


class Evidence(Answer, frozen=True, kw_only=True):
    """One sourced statement about a resource."""

    id: str
    predicate: str
    section: str | None
    certainty: str
    authority: str
    checked_on: date | None
    source: SourceTitle


class Framework(Answer, frozen=True, kw_only=True):
    """A work, such as a guideline, a standard or a law, whatever its editions."""

    id: str
    iri: str
    kind: str
    notation: str | None
    pref_label: LocalizedText | None
    parent_link: str | None
    parent_link_reason: LocalizedText | None


class FrameworksAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    frameworks: Page[Framework]


class Gap(Answer, frozen=True, kw_only=True):
    """One reason why a requirement is not fully met."""

    type: str
    explanation: LocalizedText
    about: tuple[Resource, ...]
    closed_by: tuple[Resource, ...]
    closed_together_by: tuple[Resource, ...]


class GapClosing(Answer, frozen=True, kw_only=True):
    """The additions within a budget that make the most requirements newly FULL, then newly PARTIAL, with the fewest additions, at the lowest cost, first by id."""

    edition: Edition
    as_of: date
    budget: int
    spent: int
    newly_full: int
    newly_partial: int
    steps: tuple[ClosingStep, ...]
    exact: bool
    unproved: tuple[str, ...]
    at_most_full: int
    at_most_partial: int
    further: ClosingStep | None
    candidates: int
    before: ReportSummary
    after: ReportSummary
    raised: Page[RaisedRequirement]


class GapReason(Answer, frozen=True, kw_only=True):
    """One reason why a requirement is not fully met."""

    type: str


class GapReport(Answer, frozen=True, kw_only=True):
    """How far an edition is met by what is given."""

    edition: Edition
    as_of: date
    notices: tuple[Notice, ...]
    summary: CoverageSummary
    requirements: Page[RequirementGaps]


class GapsAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    gaps: GapReport


class JointCoverage(Answer, frozen=True, kw_only=True):
    """A requirement that is fully met by several things together: it lies inside the union of some parts, and each part is fully met."""

    explanation: LocalizedText
    authority: str
    controls: tuple[Resource, ...]


class KindCount(Answer, frozen=True, kw_only=True):
    """How many resources there are of a kind."""

    kind: str
    count: int


class Literal(Answer, frozen=True, kw_only=True):
    """A value that is no resource."""

    text: str
    datatype: str
    language: str | None


class LocalizedText(Answer, frozen=True, kw_only=True):
    """A text in one language, with the language that it really is in."""

    value: str
    language: str
    is_fallback: bool
    ours: bool


class MappingDetail(Answer, frozen=True, kw_only=True):
    """What a mapping says beyond its two ends, as it was published."""

    mapping_set: Resource
    verbatim: str
    rationale: LocalizedText | None
    rationale_kind: str | None
    strength: str | None
    confidence: int | None
    justification: str
    status: str


class MappingSet(Answer, frozen=True, kw_only=True):
    """A batch of mappings that was published together."""

    id: str
    iri: str
    kind: str
    notation: str | None
    pref_label: LocalizedText | None
    subject_edition: Resource | None
    object_edition: Resource | None
    stated_as: str
    rows: int
    origin: str
    intersects: str
    source: SourceTitle


class MappingSetsAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    mapping_sets: Page[MappingSet]


class NothingFound(Answer, frozen=True, kw_only=True):
    """Why nothing is found."""

    reason: str
    hops: int | None
    explanation: LocalizedText


class Notice(Answer, frozen=True, kw_only=True):
    """Something to know of a report: of its edition, its day, or what was given."""

    type: str
    explanation: LocalizedText
    about: tuple[Resource, ...]
    since: date | None


class PairRelation(Answer, frozen=True, kw_only=True):
    """All that follows for one pair."""

    source: Resource
    target: Resource
    relation: RelationSet
    candidate: bool
    disputed: bool
    proof: Proof | None
    nothing_found: NothingFound | None
    view: AnswerView


class Proof(Answer, frozen=True, kw_only=True):
    """Why an answer holds."""

    rule: str
    authority: str
    conclusion: RelationSet | None
    confidence: int | None
    chains: tuple[tuple[ProofStep, ...], ...]
    links: tuple[Statement, ...]
    missing: ProofStep | None


class ProofStep(Answer, frozen=True, kw_only=True):
    """One step of a proof: how a statement's word is read, between its subject and its object."""

    subject: Resource
    relation: RelationSet
    object: Resource
    parent_link: bool
    verbatim: str | None
    strength: str | None
    confidence: int | None
    rationale: Rationale | None
    mapping_set: Resource | None
    statement: Evidence | None


class ProvisionsAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    edition: EditionProvisions


class RaisedRequirement(Answer, frozen=True, kw_only=True):
    """A requirement that is raised."""

    requirement: Resource
    status: str


class Rationale(Answer, frozen=True, kw_only=True):
    """Why a row's author holds that the relation is as stated."""

    kind: str | None
    text: LocalizedText | None


class RelationAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    relation: PairRelation


class RelationSet(Answer, frozen=True, kw_only=True):
    """What is known of the relation of two sets: the base relations that are still possible."""

    relations: tuple[str, ...]
    determined: bool


class Release(Answer, frozen=True, kw_only=True):
    """The validated whole that is served."""

    id: str
    built_at: datetime
    counts: tuple[KindCount, ...]
    sources: tuple[Source, ...]


class ReleaseAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: Release


class ReleaseId(Answer, frozen=True, kw_only=True):
    """The validated whole that is served."""

    id: str


class ReportSummary(Answer, frozen=True, kw_only=True):
    """How far an edition is met by what is given."""

    summary: CoverageSummary


class RequirementCoverage(Answer, frozen=True, kw_only=True):
    """How far one requirement is met, by what, and what is left."""

    requirement: Resource
    status: str
    satisfied_by: ControlCoverageConnection
    jointly: tuple[JointCoverage, ...]
    gaps: tuple[GapReason, ...]


class RequirementGaps(Answer, frozen=True, kw_only=True):
    """How far one requirement is met, by what, and what is left."""

    requirement: Resource
    status: str
    gaps: tuple[Gap, ...]


class Resource(Answer, frozen=True, kw_only=True):
    """Anything that the graph names: it has an id, an IRI, a kind, and a name in Japanese and English."""

    id: str
    iri: str
    kind: str
    notation: str | None
    pref_label: LocalizedText | None


class ResourceAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    resource: ResourceDetail


class ResourceDetail(Answer, frozen=True, kw_only=True):
    """Anything that the graph names: it has an id, an IRI, a kind, and a name in Japanese and English."""

    id: str
    iri: str
    kind: str
    kind_label: LocalizedText | None
    notation: str | None
    pref_label: LocalizedText | None
    text: LocalizedText | None
    lifecycle: str | None
    parent: Resource | None
    sources: tuple[Source, ...]
    outgoing: Page[Statement]
    incoming: Page[Statement]


class ResourceStatements(Answer, frozen=True, kw_only=True):
    """Anything that the graph names: it has an id, an IRI, a kind, and a name in Japanese and English."""

    id: str
    iri: str
    kind: str
    notation: str | None
    pref_label: LocalizedText | None
    statements: Page[Statement]


class ResourcesAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    resources: Page[Resource]


class SearchAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    search: SearchResult


class SearchFragment(Answer, frozen=True, kw_only=True):
    """A piece of a name or a text with the words that were searched for."""

    text: str
    html: str
    language: str
    ours: bool


class SearchHit(Answer, frozen=True, kw_only=True):
    """A resource that a search finds."""

    resource: Resource
    found_in: str
    fragments: tuple[SearchFragment, ...]


class SearchResult(Answer, frozen=True, kw_only=True):
    """What a search finds."""

    total_count: int
    page_info: PageInfo
    kinds: tuple[KindCount, ...]
    nodes: tuple[SearchHit, ...]


class Source(Answer, frozen=True, kw_only=True):
    """A published file, or a set of our own, as it was loaded."""

    id: str
    title: LocalizedText | None
    publisher: Resource | None
    authority: str
    rights: str
    redistribution: str
    sha256: str
    loader: str


class SourceTitle(Answer, frozen=True, kw_only=True):
    """A published file, or a set of our own, as it was loaded."""

    id: str
    title: LocalizedText | None


class Statement(Answer, frozen=True, kw_only=True):
    """One sourced statement about a resource."""

    id: str
    subject: Resource
    predicate: str
    predicate_label: LocalizedText | None
    object: Resource | None
    value: Literal | None
    section: str | None
    certainty: str
    authority: str
    nature: str
    inferred: bool
    note: str | None
    checked_on: date | None
    standing: str
    mapping: MappingDetail | None
    source: SourceTitle


class StatementsAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    resource: ResourceStatements


class ThreatExposure(Answer, frozen=True, kw_only=True):
    """What is done about one threat by what is given, and what is not."""

    threat: Resource
    lifecycle: str | None
    counted: bool
    tactics: tuple[Resource, ...]
    open: bool
    open_categories: tuple[str, ...]
    measures: tuple[ThreatMeasure, ...]


class ThreatMeasure(Answer, frozen=True, kw_only=True):
    """One threat link: what a thing does about a threat, and on whose word."""

    category: str
    score: str | None
    control: Resource
    authority: str
    statement: Statement | None = None


class ThreatReport(Answer, frozen=True, kw_only=True):
    """What is given against threats."""

    as_of: date
    unlinked: tuple[Resource, ...]
    summary: ThreatSummary
    rows: Page[ThreatExposure]


class ThreatSummary(Answer, frozen=True, kw_only=True):
    """Threats counted."""

    threats: int
    parts: int
    protected: int
    detected: int
    responded: int
    otherwise: int
    addressed: int
    open: int
    addressed_ratio: float | None
    out_of_use: int
    undefined: int


class ThreatsAnswer(Answer, frozen=True, kw_only=True):
    """The questions that can be asked."""

    release: ReleaseId
    threats: ThreatReport


class AddedInput(Input, frozen=True, kw_only=True):
    """What is added to what is given, to see what would be different."""

    products: tuple[str, ...] | None = None
    plans: tuple[str, ...] | None = None
    controls: tuple[str, ...] | None = None
    certificates: tuple[CertificateInput, ...] | None = None


class CertificateInput(Input, frozen=True, kw_only=True):
    """An issued certificate that someone holds."""

    scheme: str
    product: str | None = None
    holder: str | None = None
    edition: str | None = None
    scope: tuple[str, ...] | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class CostInput(Input, frozen=True, kw_only=True):
    """What adding something costs, in a whole number of any one unit."""

    id: str
    cost: int


class GivenInput(Input, frozen=True, kw_only=True):
    """What an organisation has."""

    products: tuple[str, ...] | None = None
    plans: tuple[str, ...] | None = None
    controls: tuple[str, ...] | None = None
    certificates: tuple[CertificateInput, ...] | None = None
    everything: bool | None = None
    add: AddedInput | None = None
    remove: tuple[str, ...] | None = None


class ViewInput(Input, frozen=True, kw_only=True):
    """On whose word, and at what date, to answer."""

    min_authority: str | None = None
    authorities: tuple[str, ...] | None = None
    as_of: date | None = None


class ReleaseQuestion(Question[ReleaseAnswer], frozen=True, kw_only=True):
    """The release that is served, and the sources that it is made of."""

    path: ClassVar[str] = "/v1/releases/current"
    answered: ClassVar[type[ReleaseAnswer]] = ReleaseAnswer


class ResourcesQuestion(Listing[ResourcesAnswer, Resource], frozen=True, kw_only=True):
    """Resources by id, of some kinds or all."""

    path: ClassVar[str] = "/v1/resources"
    answered: ClassVar[type[ResourcesAnswer]] = ResourcesAnswer
    pages: ClassVar[tuple[str, ...]] = ("resources",)
    kind: tuple[str, ...] | None = None
    first: int = 20
    after: str | None = None


class ResourceQuestion(Question[ResourceAnswer], frozen=True, kw_only=True):
    """A resource, with what is stated of it and with it as the object."""

    path: ClassVar[str] = "/v1/resources/{id}"
    answered: ClassVar[type[ResourceAnswer]] = ResourceAnswer
    id: str
    first: int = 20


class StatementsQuestion(Listing[StatementsAnswer, Statement], frozen=True, kw_only=True):
    """What is stated of a resource, or with it as the object."""

    path: ClassVar[str] = "/v1/statements"
    answered: ClassVar[type[StatementsAnswer]] = StatementsAnswer
    pages: ClassVar[tuple[str, ...]] = ("resource", "statements")
    resource: str
    direction: str = "OUT"
    predicate: str | None = None
    first: int = 100
    after: str | None = None


class SearchQuestion(Listing[SearchAnswer, SearchHit], frozen=True, kw_only=True):
    """Resources that hold the words of a text, the best first, and where they hold them."""

    path: ClassVar[str] = "/v1/search"
    answered: ClassVar[type[SearchAnswer]] = SearchAnswer
    pages: ClassVar[tuple[str, ...]] = ("search",)
    text: str
    kind: tuple[str, ...] | None = None
    first: int = 20
    after: str | None = None


class FrameworksQuestion(Listing[FrameworksAnswer, Framework], frozen=True, kw_only=True):
    """The frameworks: guidelines, standards, schemes' criteria."""

    path: ClassVar[str] = "/v1/frameworks"
    answered: ClassVar[type[FrameworksAnswer]] = FrameworksAnswer
    pages: ClassVar[tuple[str, ...]] = ("frameworks",)
    first: int = 20
    after: str | None = None


class EditionsQuestion(Listing[EditionsAnswer, Edition], frozen=True, kw_only=True):
    """The editions, of one framework or all."""

    path: ClassVar[str] = "/v1/editions"
    answered: ClassVar[type[EditionsAnswer]] = EditionsAnswer
    pages: ClassVar[tuple[str, ...]] = ("editions",)
    framework: str | None = None
    first: int = 20
    after: str | None = None


class ProvisionsQuestion(Listing[ProvisionsAnswer, Resource], frozen=True, kw_only=True):
    """The provisions of an edition, in the publisher's order."""

    path: ClassVar[str] = "/v1/editions/{id}/provisions"
    answered: ClassVar[type[ProvisionsAnswer]] = ProvisionsAnswer
    pages: ClassVar[tuple[str, ...]] = ("edition", "provisions")
    id: str
    first: int = 100
    after: str | None = None


class MappingSetsQuestion(Listing[MappingSetsAnswer, MappingSet], frozen=True, kw_only=True):
    """The mapping sets, about one edition or all."""

    path: ClassVar[str] = "/v1/mapping-sets"
    answered: ClassVar[type[MappingSetsAnswer]] = MappingSetsAnswer
    pages: ClassVar[tuple[str, ...]] = ("mapping_sets",)
    edition: str | None = None
    first: int = 20
    after: str | None = None


class CrosswalkQuestion(Listing[CrosswalkAnswer, CrosswalkRow], frozen=True, kw_only=True):
    """What follows between two editions from published statements."""

    path: ClassVar[str] = "/v1/crosswalk"
    answered: ClassVar[type[CrosswalkAnswer]] = CrosswalkAnswer
    pages: ClassVar[tuple[str, ...]] = ("crosswalk", "rows")
    source: str
    target: str
    view: ViewInput | None = None
    max_hops: int = 1
    include: tuple[str, ...] | None = None
    order_by: str = "PROVISION"
    direction: str = "ASC"
    nulls: str = "LAST"
    proof: bool = False
    first: int = 100
    after: str | None = None


class CrosswalkDisputedQuestion(Listing[CrosswalkDisputedAnswer, DisputedPair], frozen=True, kw_only=True):
    """Pairs of which published statements contradict each other."""

    path: ClassVar[str] = "/v1/crosswalk/disputed"
    answered: ClassVar[type[CrosswalkDisputedAnswer]] = CrosswalkDisputedAnswer
    pages: ClassVar[tuple[str, ...]] = ("crosswalk", "disputed")
    source: str
    target: str
    view: ViewInput | None = None
    max_hops: int = 1
    first: int = 100
    after: str | None = None


class CrosswalkSharedQuestion(Listing[CrosswalkSharedAnswer, Resource], frozen=True, kw_only=True):
    """Provisions that both editions have."""

    path: ClassVar[str] = "/v1/crosswalk/shared"
    answered: ClassVar[type[CrosswalkSharedAnswer]] = CrosswalkSharedAnswer
    pages: ClassVar[tuple[str, ...]] = ("crosswalk", "shared")
    source: str
    target: str
    view: ViewInput | None = None
    max_hops: int = 1
    first: int = 100
    after: str | None = None


class CrosswalkUnmappedSourceQuestion(Listing[CrosswalkUnmappedSourceAnswer, Resource], frozen=True, kw_only=True):
    """Source provisions that no chain links with the target."""

    path: ClassVar[str] = "/v1/crosswalk/unmapped-source"
    answered: ClassVar[type[CrosswalkUnmappedSourceAnswer]] = CrosswalkUnmappedSourceAnswer
    pages: ClassVar[tuple[str, ...]] = ("crosswalk", "unmapped_source")
    source: str
    target: str
    view: ViewInput | None = None
    max_hops: int = 1
    first: int = 100
    after: str | None = None


class CrosswalkUnmappedTargetQuestion(Listing[CrosswalkUnmappedTargetAnswer, Resource], frozen=True, kw_only=True):
    """Target provisions that no chain links with the source."""

    path: ClassVar[str] = "/v1/crosswalk/unmapped-target"
    answered: ClassVar[type[CrosswalkUnmappedTargetAnswer]] = CrosswalkUnmappedTargetAnswer
    pages: ClassVar[tuple[str, ...]] = ("crosswalk", "unmapped_target")
    source: str
    target: str
    view: ViewInput | None = None
    max_hops: int = 1
    first: int = 100
    after: str | None = None


class RelationQuestion(Question[RelationAnswer], frozen=True, kw_only=True):
    """What follows for one pair, and why."""

    path: ClassVar[str] = "/v1/relation"
    answered: ClassVar[type[RelationAnswer]] = RelationAnswer
    source: str
    target: str
    view: ViewInput | None = None
    max_hops: int = 1


class CoverageQuestion(Listing[CoverageAnswer, RequirementCoverage], frozen=True, kw_only=True):
    """How far an edition's requirements are met by what is given."""

    path: ClassVar[str] = "/v1/coverage"
    posted: ClassVar[bool] = True
    answered: ClassVar[type[CoverageAnswer]] = CoverageAnswer
    pages: ClassVar[tuple[str, ...]] = ("coverage", "requirements")
    edition: str
    given: GivenInput | None = None
    view: ViewInput | None = None
    max_hops: int = 1
    status: tuple[str, ...] | None = None
    proof: bool = False
    first: int = 100
    after: str | None = None


class GapsQuestion(Listing[GapsAnswer, RequirementGaps], frozen=True, kw_only=True):
    """What is left, why, and what would close it."""

    path: ClassVar[str] = "/v1/gaps"
    posted: ClassVar[bool] = True
    answered: ClassVar[type[GapsAnswer]] = GapsAnswer
    pages: ClassVar[tuple[str, ...]] = ("gaps", "requirements")
    edition: str
    given: GivenInput | None = None
    view: ViewInput | None = None
    max_hops: int = 1
    status: tuple[str, ...] | None = ("PARTIAL", "POSSIBLE", "EXCLUDED", "UNKNOWN")
    first: int = 100
    after: str | None = None


class CloseGapsQuestion(Listing[CloseGapsAnswer, RaisedRequirement], frozen=True, kw_only=True):
    """The additions that close most gaps within a budget."""

    path: ClassVar[str] = "/v1/close-gaps"
    posted: ClassVar[bool] = True
    answered: ClassVar[type[CloseGapsAnswer]] = CloseGapsAnswer
    pages: ClassVar[tuple[str, ...]] = ("close_gaps", "raised")
    edition: str
    given: GivenInput | None = None
    budget: int = 5
    costs: tuple[CostInput, ...] | None = None
    view: ViewInput | None = None
    max_hops: int = 1
    first: int = 100
    after: str | None = None


class ThreatsQuestion(Listing[ThreatsAnswer, ThreatExposure], frozen=True, kw_only=True):
    """What the given does against threats, and what stays open."""

    path: ClassVar[str] = "/v1/threats"
    posted: ClassVar[bool] = True
    answered: ClassVar[type[ThreatsAnswer]] = ThreatsAnswer
    pages: ClassVar[tuple[str, ...]] = ("threats", "rows")
    given: GivenInput | None = None
    view: ViewInput | None = None
    edition: str | None = None
    tactic: str | None = None
    source: str | None = None
    open: bool | None = None
    proof: bool = False
    first: int = 100
    after: str | None = None
