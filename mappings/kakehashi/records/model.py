"""Resources, statements, editions, matrices and sources: frozen, and told apart by id."""

from dataclasses import dataclass, field
from datetime import date

from kakehashi.records.values import (
    Authority,
    Certainty,
    MappingStatus,
    Nature,
    ParentLink,
    RationaleKind,
    Redistribution,
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Label:
    """A name in one language; `ours` where the wording is ours and not the source's."""

    language: str
    text: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Anything with an id, a kind and a name in Japanese and English."""

    id: str
    kind: str
    labels: tuple[Label, ...]
    source: str
    notation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value that is no resource; `datatype` is the local name of an XML Schema type."""

    text: str
    datatype: str = "string"
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingDetail:
    """What a mapping record says beyond subject, predicate and object (SSSOM's slots, and NIST IR 8477's rationale)."""

    mapping_set: str
    verbatim: str
    justification: str
    status: MappingStatus
    rationale: tuple[Label, ...] = ()
    rationale_kind: RationaleKind | None = None
    strength: int | None = None
    confidence: int | None = None
    """Integer thousandths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """What a work says of its own structure: what its parent links mean."""

    id: str
    source: str
    parent_link: ParentLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One publication of a framework, with its provisions in the publisher's order."""

    id: str
    framework: str
    source: str
    version: str | None = None
    issued: date | None = None
    """Null where only the month or the year is known."""
    replaces: str | None = None
    provisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A table: a cell holds each resource of `cell_kind` that the two predicates tie to its row and its column."""

    id: str
    source: str
    cell_kind: str
    row_predicate: str
    column_predicate: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the vocabulary with its names and definitions; `core_class` where it is a kind."""

    iri: str
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...]
    core_class: str | None = None


Record = Source | Resource | Framework | Edition | Matrix | Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Records by type, each tuple in the order of its source."""

    sources: tuple[Source, ...] = ()
    resources: tuple[Resource, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    editions: tuple[Edition, ...] = ()
    matrices: tuple[Matrix, ...] = ()
    statements: tuple[Statement, ...] = ()
    terms: tuple[Term, ...] = field(default=())
