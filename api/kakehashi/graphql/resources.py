"""Resources, their statements, and where those come from."""

# ruff: noqa: A002, PLR0913, PLR0917 - the names and numbers of arguments are the schema's

from datetime import date, datetime
from functools import partial
from typing import Annotated, Protocol, Self

import strawberry

from kakehashi.crosswalk.standing import Standing
from kakehashi.graphql import filters
from kakehashi.graphql.conditions import sieve_of
from kakehashi.graphql.connections import MANY, Connection
from kakehashi.graphql.context import Info
from kakehashi.graphql.deprecations import superseded
from kakehashi.graphql.enums import Direction
from kakehashi.graphql.filters import ResourceFilter, StatementFilter
from kakehashi.graphql.languages import choose
from kakehashi.graphql.listings import READING_ORDER, Listing, statement_page
from kakehashi.graphql.ordering import ResourceOrder, StatementOrder
from kakehashi.graphql.orders import placed
from kakehashi.records import model
from kakehashi.records.values import (
    Authority,
    Certainty,
    Intersects,
    Lifecycle,
    MappingStatus,
    Nature,
    Origin,
    ParentLink,
    RationaleKind,
    Redistribution,
    StatedAs,
)
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.text import LANGUAGES, Text

Languages = Annotated[
    list[str] | None,
    strawberry.argument(
        description="Wanted languages, best first, as BCP 47 ranges: `ja-JP` finds ja, `*` is content with any. Else the "
        "request's Accept-Language, else ja, then en; `language` says which it came to be."
    ),
]


@strawberry.type(description="A text in one language, with the language that it really is in.")
class LocalizedText:
    """A text, its language, and how it came to be the one."""

    value: str = strawberry.field(description="The text.")
    language: str = strawberry.field(
        description="The language of the text (BCP 47): mostly ja or en, und where its source does not say."
    )
    is_fallback: bool = strawberry.field(description="Whether none of the wanted languages was to be had.")
    ours: bool = strawberry.field(description="Whether the wording is ours and not the source's.")

    @classmethod
    def of(cls, labels: tuple[model.Label, ...], wanted: list[str] | None, info: Info) -> Self | None:
        """The best of some labels for a reader."""
        chosen = choose(labels, wanted, info.context.wishes)
        if chosen is None:
            return None
        label, is_fallback = chosen
        return cls(value=label.text, language=label.language, is_fallback=is_fallback, ours=label.ours)

    @classmethod
    def of_text(cls, text: Text, wanted: list[str] | None, info: Info) -> Self:
        """A message of ours for a reader."""
        labels = tuple(model.Label(language=language, text=text.in_language(language), ours=True) for language in LANGUAGES)
        label, is_fallback = choose(labels, wanted, info.context.wishes) or (labels[0], True)
        return cls(value=label.text, language=label.language, is_fallback=is_fallback, ours=True)


@strawberry.type(name="Literal", description="A value that is no resource.")
class LiteralValue:
    """A literal."""

    text: str = strawberry.field(description="The value as text.")
    datatype: str = strawberry.field(description="The IRI of its datatype.")
    language: str | None = strawberry.field(description="Its language, where it is text in one.")

    @classmethod
    def of(cls, literal: model.Literal) -> Self:
        """The literal of a record."""
        datatype = iris.LANG_STRING if literal.language else iris.XSD + literal.datatype
        return cls(text=literal.text, datatype=datatype, language=literal.language)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


@strawberry.interface(
    description="Whatever has an id of its own in the whole graph (Relay's Node). Ids of statements, n:m mappings and sources "
    "begin with `statement/`, `group/` and `source/`; all others are those of resources."
)
class Node:
    """The field that every node has."""

    record: strawberry.Private[_Identified]

    @strawberry.field(
        description="The id, the same in every release that holds it. Of a resource it follows `{base}/id/` in the IRI."
    )
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(self.record.id)


@strawberry.interface(
    description="Anything that the graph names: it has an id, an IRI, a kind, and a name in Japanese and English."
)
class Resource(Node):
    """The fields that every resource has."""

    record: strawberry.Private[model.Resource]

    @strawberry.field(description="The IRI.")
    def iri(self, info: Info) -> str:
        """The IRI under the release's base."""
        return info.context.snapshot.ids.iri(self.record.id)

    @strawberry.field(description="The kind, a word of the vocabulary.")
    def kind(self) -> str:
        """The kind."""
        return self.record.kind

    @strawberry.field(description="The name of the kind.")
    def kind_label(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The kind's name."""
        return _term_label(info, iris.KIND + self.record.kind, lang)

    @strawberry.field(description="The number or code that the publisher gives it, as printed.")
    def notation(self) -> str | None:
        """The notation."""
        return self.record.notation

    @strawberry.field(description="The name.")
    def pref_label(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The name."""
        return LocalizedText.of(self.record.labels, lang, info)

    @strawberry.field(description="The most authoritative source that names it.")
    def source(self, info: Info) -> "Source":
        """The source."""
        return Source(record=info.context.snapshot.sources[self.record.source])

    @strawberry.field(
        description="All sources that describe it, the most authoritative first; none where it is only referred to."
    )
    def sources(self, info: Info) -> list["Source"]:
        """The sources."""
        snapshot = info.context.snapshot
        return [Source(record=snapshot.sources[one.source]) for one in snapshot.described.get(self.record.id, ())]

    @strawberry.field(description="The provision that it stands under; what that means its framework declares.")
    def parent(self, info: Info) -> "Resource | None":
        """The parent."""
        identifier = self.record.parent
        return None if identifier is None else resource_node(info.context.snapshot, identifier)

    @strawberry.field(description="Why it is no longer in use; null where it is.")
    def lifecycle(self) -> Lifecycle | None:
        """The lifecycle."""
        return self.record.lifecycle

    @strawberry.field(description="The publisher's own text, where a source of it may be passed on; null where none may.")
    def text(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The text of the most authoritative source that may be passed on."""
        return LocalizedText.of(info.context.snapshot.free_texts(self.record.id), lang, info)

    @strawberry.field(description="What is stated of it, ordered by predicate.")
    def statements(
        self,
        info: Info,
        direction: Direction = Direction.OUT,
        predicate: Annotated[str | None, superseded("filter: {predicate: {eq: ...}}")] = None,
        filter: StatementFilter | None = None,
        order_by: list[StatementOrder] | None = None,
        first: int = 100,
        after: str | None = None,
    ) -> Connection["Statement"]:
        """The statements in one direction, of one predicate or all."""
        snapshot = info.context.snapshot
        by_end = snapshot.outgoing if direction is Direction.OUT else snapshot.incoming
        holds = sieve_of(filter, filters.of_statements(snapshot))
        found = [s for s in by_end.get(self.record.id, ()) if predicate in (None, s.predicate) and holds(s)]
        return statement_page(info, found, order_by, Statement.of, (first, after), READING_ORDER)


@strawberry.type(name="Entity", description="A resource that is neither a framework nor an edition.")
class Entity(Resource):
    """Any resource without fields of its own."""


@strawberry.type(description="A work, such as a guideline, a standard or a law, whatever its editions.")
class Framework(Resource):
    """A work."""

    @strawberry.field(description="What the link from a provision to its parent means; null where nothing declares it.")
    def parent_link(self, info: Info) -> ParentLink | None:
        """The meaning of the parent link."""
        structure = info.context.snapshot.framework_structures.get(self.record.id)
        return None if structure is None else structure.parent_link

    @strawberry.field(description="Why the parent link is held to mean that.")
    def parent_link_reason(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The reason."""
        structure = info.context.snapshot.framework_structures.get(self.record.id)
        return None if structure is None else LocalizedText.of(structure.reasons, lang, info)

    @strawberry.field(description="The editions of it that are known, by id.")
    def editions(
        self,
        info: Info,
        filter: ResourceFilter | None = None,
        order_by: list[ResourceOrder] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection["Edition"]:
        """Its editions."""
        snapshot = info.context.snapshot
        found = [edition.id for edition in snapshot.editions.values() if edition.framework == self.record.id]
        listing = Listing("editions", found, filter, order_by)
        return listing.page(info, lambda one: edition_node(snapshot, one), first, after)


@strawberry.type(description="One publication of a framework. Provisions belong to an edition, and never change.")
class Edition(Resource):
    """An edition."""

    edition: strawberry.Private[model.Edition]

    @strawberry.field(description="The work that this is an edition of.")
    def framework(self, info: Info) -> Framework:
        """Its work."""
        return Framework(record=info.context.snapshot.resources[self.edition.framework])

    @strawberry.field(description="The publisher's name of the edition.")
    def version(self) -> str | None:
        """The version."""
        return self.edition.version

    @strawberry.field(description="The day of publication; null where only month or year is known (see the statement `date`).")
    def issued(self) -> date | None:
        """The day of publication."""
        return self.edition.issued

    @strawberry.field(description="The edition that this one replaces.")
    def replaces(self, info: Info) -> "Edition | None":
        """The edition before."""
        return edition_or_none(info.context.snapshot, self.edition.replaces)

    @strawberry.field(description="The edition that replaces this one.")
    def replaced_by(self, info: Info) -> "Edition | None":
        """The edition after."""
        return edition_or_none(info.context.snapshot, info.context.snapshot.replaced_by.get(self.edition.id))

    @strawberry.field(
        description="The provisions of other editions that it takes up, as a baseline does, by id unless said. Up to 2,000 a "
        "page."
    )
    def selects(
        self,
        info: Info,
        filter: ResourceFilter | None = None,
        order_by: list[ResourceOrder] | None = None,
        first: int = 100,
        after: str | None = None,
    ) -> Connection[Resource]:
        """What it selects."""
        listing = Listing("selects", self.edition.selected, filter, order_by, limit=MANY)
        return listing.page(info, partial(resource_node, info.context.snapshot), first, after)

    @strawberry.field(description="Its provisions, in the publisher's order unless said. Up to 2,000 a page.")
    def provisions(
        self,
        info: Info,
        filter: ResourceFilter | None = None,
        order_by: list[ResourceOrder] | None = None,
        first: int = 100,
        after: str | None = None,
    ) -> Connection[Resource]:
        """Its provisions."""
        order = placed("provisions", self.edition.provisions, str)
        listing = Listing("provisions", self.edition.provisions, filter, order_by, order, MANY)
        return listing.page(info, partial(resource_node, info.context.snapshot), first, after)


@strawberry.type(description="A published file, or a set of our own, as it was loaded.")
class Source(Node):
    """A source."""

    record: strawberry.Private[model.Source]

    @strawberry.field(description="The title of the source.")
    def title(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The title."""
        return LocalizedText.of(self.record.labels, lang, info)

    @strawberry.field(description="Who published it, where it is not our own.")
    def publisher(self, info: Info) -> Resource | None:
        """The publisher."""
        identifier = self.record.publisher
        return None if identifier is None else resource_node(info.context.snapshot, identifier)

    @strawberry.field(description="On whose word its statements stand, unless one says otherwise.")
    def authority(self) -> Authority:
        """Its authority."""
        return self.record.authority

    @strawberry.field(description="Its licence or rights.")
    def rights(self) -> str:
        """Its rights."""
        return self.record.rights

    @strawberry.field(description="What of it may leave in an export.")
    def redistribution(self) -> Redistribution:
        """Its redistribution."""
        return self.record.redistribution

    @strawberry.field(description="The sha256 of its content.")
    def sha256(self) -> str:
        """The checksum."""
        return self.record.sha256

    @strawberry.field(description="What read it, with its version.")
    def loader(self) -> str:
        """The loader."""
        return f"{self.record.loader} {self.record.loader_version}"


@strawberry.type(description="One sourced statement about a resource.")
class Statement(Node):
    """A statement."""

    record: strawberry.Private[model.Statement]

    @classmethod
    def of(cls, record: model.Statement) -> Self:
        """The statement of a record."""
        return cls(record=record)

    @strawberry.field(description="What the statement is about.")
    def subject(self, info: Info) -> Resource:
        """The subject."""
        return resource_node(info.context.snapshot, self.record.subject)

    @strawberry.field(description="The predicate, a word of the vocabulary.")
    def predicate(self) -> str:
        """The predicate."""
        return self.record.predicate

    @strawberry.field(description="The name of the predicate.")
    def predicate_label(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The predicate's name."""
        return _term_label(info, iris.PREDICATE + self.record.predicate, lang)

    @strawberry.field(description="The object, where it is a resource.")
    def object(self, info: Info) -> Resource | None:
        """The object."""
        identifier = self.record.object
        return None if identifier is None else resource_node(info.context.snapshot, identifier)

    @strawberry.field(description="The object, where it is a value.")
    def value(self) -> LiteralValue | None:
        """The value."""
        return None if self.record.value is None else LiteralValue.of(self.record.value)

    @strawberry.field(description="The section of the source that states it.")
    def section(self) -> str | None:
        """The section."""
        return self.record.section

    @strawberry.field(description="How sure it is.")
    def certainty(self) -> Certainty:
        """The certainty."""
        return self.record.certainty

    @strawberry.field(description="Whether it is our own reading and not stated as such.")
    def inferred(self) -> bool:
        """Whether it is inferred."""
        return self.record.certainty.value == "inferred"

    @strawberry.field(description="How confident the reading is, in words, where the source of the reading says.")
    def confidence(self) -> str | None:
        """The confidence."""
        return self.record.confidence

    @strawberry.field(description="A remark on the statement.")
    def note(self) -> str | None:
        """The note."""
        return self.record.note

    @strawberry.field(description="What it says as a mapping; null where it is none.")
    def mapping(self) -> "MappingDetail | None":
        """The mapping's detail."""
        return None if self.record.mapping is None else MappingDetail(detail=self.record.mapping)

    @strawberry.field(description="Whether it counts in the algebra, and if not, why.")
    def standing(self, info: Info) -> Standing:
        """Its standing."""
        return info.context.snapshot.standing(self.record)

    @strawberry.field(description="When it was last checked against another source.")
    def checked_on(self) -> date | None:
        """The day of the check."""
        return self.record.checked_on

    @strawberry.field(description="On whose word it stands.")
    def authority(self) -> Authority:
        """The authority."""
        return self.record.authority

    @strawberry.field(description="Whether it is a claim, a report, or our own.")
    def nature(self) -> Nature:
        """The nature."""
        return self.record.nature

    @strawberry.field(description="Where it comes from.")
    def source(self, info: Info) -> Source:
        """The source."""
        return Source(record=info.context.snapshot.sources[self.record.source])


@strawberry.type(description="What a mapping says beyond its two ends, as it was published.")
class MappingDetail:
    """A mapping's detail."""

    detail: strawberry.Private[model.MappingDetail]

    @strawberry.field(description="The mapping set that it was published in.")
    def mapping_set(self, info: Info) -> Resource:
        """The mapping set."""
        return resource_node(info.context.snapshot, self.detail.mapping_set)

    @strawberry.field(description="The publisher's own word for the relation; the statement's predicate is how it is read.")
    def verbatim(self) -> str:
        """The word."""
        return self.detail.verbatim

    @strawberry.field(description="The reason that its author gives.")
    def rationale(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The reason."""
        return LocalizedText.of(self.detail.rationale, lang, info)

    @strawberry.field(description="On what the relation rests, where the author says.")
    def rationale_kind(self) -> RationaleKind | None:
        """The kind of rationale."""
        return self.detail.rationale_kind

    @strawberry.field(description="The strength on the publisher's own scale, as published.")
    def strength(self) -> str | None:
        """The strength."""
        return self.detail.strength

    @strawberry.field(description="The author's confidence in integer thousandths.")
    def confidence(self) -> int | None:
        """The confidence."""
        return self.detail.confidence

    @strawberry.field(description="How it was arrived at, a SEMAPV term.")
    def justification(self) -> str:
        """The justification."""
        return self.detail.justification

    @strawberry.field(description="How far it has been reviewed.")
    def status(self) -> MappingStatus:
        """The status."""
        return self.detail.status

    @strawberry.field(description="The n:m mapping of which it is one pair; null where it is a mapping of its own.")
    def group(self, info: Info) -> "MappingGroup | None":
        """The group."""
        group = info.context.snapshot.groups.get(self.detail.group or "")
        return None if group is None else MappingGroup(record=group)


@strawberry.type(description="An n:m mapping: the union of its subjects against the union of its objects.")
class MappingGroup(Node):
    """A group."""

    record: strawberry.Private[model.Group]

    @strawberry.field(description="The publisher's word for the relation of the unions.")
    def verbatim(self) -> str:
        """The word."""
        return self.record.mapping.verbatim

    @strawberry.field(description="How that word is read: a predicate of the vocabulary.")
    def predicate(self) -> str:
        """The predicate."""
        return self.record.predicate

    @strawberry.field(description="On whose word it stands.")
    def authority(self) -> Authority:
        """The authority."""
        return self.record.authority

    @strawberry.field(description="Where it comes from.")
    def source(self, info: Info) -> Source:
        """The source."""
        return Source(record=info.context.snapshot.sources[self.record.source])

    @strawberry.field(description="What it says as a mapping.")
    def mapping(self) -> MappingDetail:
        """The mapping's detail."""
        return MappingDetail(detail=self.record.mapping)

    @strawberry.field(description="Its subjects, by id.")
    def subjects(self, info: Info) -> list[Resource]:
        """The subjects."""
        return [resource_node(info.context.snapshot, one) for one in self.record.subjects]

    @strawberry.field(description="Its objects, by id.")
    def objects(self, info: Info) -> list[Resource]:
        """The objects."""
        return [resource_node(info.context.snapshot, one) for one in self.record.objects]


@strawberry.type(description="A batch of mappings that was published together.")
class MappingSet(Resource):
    """A mapping set."""

    structure: strawberry.Private[model.MappingSet]

    @strawberry.field(description="The edition of the subjects, where the set has one.")
    def subject_edition(self, info: Info) -> Edition | None:
        """The subject edition."""
        return edition_or_none(info.context.snapshot, self.structure.subject_edition)

    @strawberry.field(description="The edition of the objects, where the set has one.")
    def object_edition(self, info: Info) -> Edition | None:
        """The object edition."""
        return edition_or_none(info.context.snapshot, self.structure.object_edition)

    @strawberry.field(description="Which way round its publisher states its rows.")
    def stated_as(self) -> StatedAs:
        """The way of stating."""
        return self.structure.stated_as

    @strawberry.field(description="How many rows the published table has.")
    def rows(self) -> int:
        """The rows."""
        return self.structure.rows

    @strawberry.field(description="How it came to be, as its publisher says or as is found by comparing it with the others.")
    def origin(self, info: Info) -> Origin:
        """The origin."""
        found = info.context.snapshot.world.not_evidence.get(self.record.id)
        return self.structure.origin if found is None else Origin(found.value)

    @strawberry.field(description="How its word `intersects with` is read: strictly only where a person registered it so.")
    def intersects(self, info: Info) -> Intersects:
        """The reading."""
        strict = self.record.id in info.context.snapshot.world.strict
        return Intersects.STRICT if strict else Intersects.OVERLAPS


@strawberry.type(description="How many resources there are of a kind.")
class KindCount:
    """A count."""

    kind: str = strawberry.field(description="The kind.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="The validated whole that is served.")
class Release:
    """A release."""

    snapshot: strawberry.Private[Snapshot]

    @strawberry.field(description="The id: a hash of the content, so the same input gives the same id.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(self.snapshot.release.id)

    @strawberry.field(description="When it was built.")
    def built_at(self) -> datetime:
        """The time of the build."""
        return self.snapshot.release.built_at

    @strawberry.field(description="The sources that it is made of.")
    def sources(self) -> list[Source]:
        """Its sources."""
        return [Source(record=record) for record in self.snapshot.records.sources]

    @strawberry.field(description="How many resources of each kind it holds.")
    def counts(self) -> list[KindCount]:
        """Its counts."""
        return [KindCount(kind=kind, count=count) for kind, count in self.snapshot.counts]


def resource_node(snapshot: Snapshot, identifier: str) -> Resource:
    """The node of a resource that is known to exist, of the type that fits it."""
    record = snapshot.resources[identifier]
    if identifier in snapshot.editions:
        return Edition(record=record, edition=snapshot.editions[identifier])
    if snapshot.classes[identifier] == "Framework":
        return Framework(record=record)
    if identifier in snapshot.mapping_sets:
        return MappingSet(record=record, structure=snapshot.mapping_sets[identifier])
    return Entity(record=record)


def node_of(snapshot: Snapshot, identifier: str) -> Node | None:
    """The node of an id of any sort; None where there is none."""
    if identifier in snapshot.resources:
        return resource_node(snapshot, identifier)
    if identifier in snapshot.statements:
        return Statement(record=snapshot.statements[identifier])
    if identifier in snapshot.groups:
        return MappingGroup(record=snapshot.groups[identifier])
    return Source(record=snapshot.sources[identifier]) if identifier in snapshot.sources else None


def edition_node(snapshot: Snapshot, identifier: str) -> Edition:
    """The node of an edition that is known to exist."""
    return Edition(record=snapshot.resources[identifier], edition=snapshot.editions[identifier])


def framework_node(snapshot: Snapshot, identifier: str) -> Framework:
    """The node of a work that is known to exist."""
    return Framework(record=snapshot.resources[identifier])


def mapping_set_node(snapshot: Snapshot, identifier: str) -> MappingSet:
    """The node of a mapping set that is known to exist."""
    return MappingSet(record=snapshot.resources[identifier], structure=snapshot.mapping_sets[identifier])


def edition_or_none(snapshot: Snapshot, identifier: str | None) -> Edition | None:
    """The node of an edition, where there is one."""
    return None if identifier is None or identifier not in snapshot.editions else edition_node(snapshot, identifier)


def _term_label(info: Info, iri: str, lang: list[str] | None) -> LocalizedText | None:
    term = info.context.snapshot.terms.get(iri)
    return None if term is None else LocalizedText.of(term.labels, lang, info)
