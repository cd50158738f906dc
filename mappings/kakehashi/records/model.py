"""Resources, statements, editions, mapping sets and sources: frozen, and told apart by id and source.

Several sources may describe one resource, framework or edition; each record then says what its own source says, and the
snapshot joins them (`snapshot.merging`).
"""

from datetime import date
from typing import TypeAlias

from msgspec import Struct

from kakehashi.records.values import (
    AssessmentStatus,
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


class Label(Struct, frozen=True, kw_only=True, order=True, omit_defaults=True, gc=False):
    """A name or a text in one language (BCP 47); `ours` where the wording is ours and not the source's."""

    language: str
    text: str
    ours: bool = False


class Resource(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="resource"):
    """Anything with an id, a kind and a name.

    `parent` is the provision that a provision stands under; what that means its framework declares. `texts` is the
    publisher's own wording, kept for reading and searching here and sent out only where the source allows it.
    """

    id: str
    kind: str
    source: str
    labels: tuple[Label, ...] = ()
    notation: str | None = None
    parent: str | None = None
    lifecycle: Lifecycle | None = None
    texts: tuple[Label, ...] = ()


class Literal(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A value that is no resource; `datatype` is the local name of an XML Schema type."""

    text: str
    datatype: str = "string"
    language: str | None = None


class MappingDetail(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a mapping says beyond subject, predicate and object (SSSOM's slots, and NIST IR 8477's rationale).

    `verbatim` is the publisher's word for the relation; the statement's predicate is how that word is read. `strength` is text
    as published, for publishers share no scale. `group` names the n:m mapping that the statement is one pair of.
    """

    mapping_set: str
    verbatim: str
    justification: str
    status: MappingStatus
    rationale: tuple[Label, ...] = ()
    rationale_kind: RationaleKind | None = None
    strength: str | None = None
    confidence: int | None = None
    """Integer thousandths."""
    group: str | None = None


class Statement(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="statement"):
    """One sourced statement: a subject, a predicate, and an object or a value (exactly one of the two)."""

    id: str
    subject: str
    predicate: str
    source: str
    certainty: Certainty
    authority: Authority
    nature: Nature
    object: str | None = None
    value: Literal | None = None
    section: str | None = None
    confidence: str | None = None
    note: str | None = None
    checked_on: date | None = None
    mapping: MappingDetail | None = None


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="group"):
    """An n:m mapping as published: the union of the subjects in a relation to the union of the objects.

    Its pairs are statements of their own, each with what the group lets follow for that pair alone (often nothing).
    """

    id: str
    source: str
    authority: Authority
    certainty: Certainty
    subjects: tuple[str, ...]
    predicate: str
    objects: tuple[str, ...]
    mapping: MappingDetail


class MappingSet(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="mapping-set"):
    """What is known of a mapping set as a whole; its id is that of a resource.

    `rows` counts the publisher's rows, whether or not they are kept as statements: the rows of a mechanical reverse are not.
    """

    id: str
    source: str
    stated_as: StatedAs
    rows: int
    origin: Origin = Origin.ORIGINAL
    derived_from: tuple[str, ...] = ()
    subject_edition: str | None = None
    object_edition: str | None = None


class SetReading(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="set-reading"):
    """A person's registration of how a mapping set (`id`) uses a word, with the reason in Japanese and English."""

    id: str
    source: str
    intersects: Intersects
    reasons: tuple[Label, ...]
    registered_by: str
    registered_on: date


class Framework(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="framework"):
    """What the link from a provision of a work to its parent means, and why that is held."""

    id: str
    source: str
    parent_link: ParentLink
    reasons: tuple[Label, ...]


class Edition(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="edition"):
    """One publication of a framework, with its provisions in the publisher's order.

    A baseline or overlay takes up provisions of other editions (OSCAL's profile import): those of `selected`, those of
    `selected_with_parts` with all that stands under them, and all of `selects_all_of`, less the `excluded`. Each is sorted.
    """

    id: str
    framework: str
    source: str
    version: str | None = None
    issued: date | None = None
    """Null where only the month or the year is known."""
    replaces: str | None = None
    provisions: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    selected_with_parts: tuple[str, ...] = ()
    selects_all_of: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


class Assessment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="assessment"):
    """What a reviewer found of one provision in one organisation on one day. Private sources alone hold any.

    `scope` is the part of the organisation that it is about, None the organisation as a whole. `control` is the product or
    capability by which it is done. What does not apply has a justification. The references are to the public release: what is
    no longer there stays as it was said.
    """

    id: str
    source: str
    organisation: str
    edition: str
    provision: str
    status: AssessmentStatus
    reviewer: str
    assessed_on: date
    scope: str | None = None
    justification: str | None = None
    control: str | None = None
    evidence: str | None = None
    remark: str | None = None

    @property
    def subject(self) -> tuple[str, str | None, str]:
        """What it is about: the organisation, the scope and the provision."""
        return (self.organisation, self.scope, self.provision)


class Matrix(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="matrix"):
    """A table: a cell holds each resource of `cell_kind` that the two predicates tie to its row and its column."""

    id: str
    source: str
    cell_kind: str
    row_predicate: str
    column_predicate: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="source"):
    """A published file, or a set of our own, as it was loaded."""

    id: str
    labels: tuple[Label, ...]
    authority: Authority
    redistribution: Redistribution
    rights: str
    sha256: str
    loader: str
    loader_version: str
    publisher: str | None = None
    version: str | None = None


class Term(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="term"):
    """A word of the vocabulary with its names and definitions; `core_class` where it is a kind."""

    iri: str
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...]
    core_class: str | None = None


Record: TypeAlias = Source | Resource | Framework | Edition | Matrix | MappingSet | SetReading | Group | Statement | Assessment


class Records(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Records of a public release by type. There is no room in it for assessments (docs/decisions/0014)."""

    sources: tuple[Source, ...] = ()
    resources: tuple[Resource, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    editions: tuple[Edition, ...] = ()
    matrices: tuple[Matrix, ...] = ()
    mapping_sets: tuple[MappingSet, ...] = ()
    set_readings: tuple[SetReading, ...] = ()
    groups: tuple[Group, ...] = ()
    statements: tuple[Statement, ...] = ()
    terms: tuple[Term, ...] = ()
