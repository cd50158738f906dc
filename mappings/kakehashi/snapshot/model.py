"""The snapshot: the records of one release with the look-ups that every answer needs. Immutable once built."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from kakehashi.crosswalk.index import Index, build_index
from kakehashi.records.model import Edition, Framework, Matrix, Records, Resource, Source, Statement, Term
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.iris import IdSpace

_R = TypeVar("_R", Resource, Statement, Framework, Edition, Matrix, Source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release says of itself. `built_at` is outside its identity."""

    id: str
    built_at: datetime
    base: str
    version: str


class Snapshot:
    """One release in memory. All look-ups are built on first use and kept; nothing in it ever changes."""

    def __init__(self, manifest: Manifest, records: Records) -> None:
        self.manifest = manifest
        self.records = records
        self.ids = IdSpace(manifest.base)

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by id, in the order of ids."""
        return _by_id(self.records.resources)

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """Statements by id."""
        return _by_id(self.records.statements)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Sources by id."""
        return _by_id(self.records.sources)

    @cached_property
    def editions(self) -> Mapping[str, Edition]:
        """Editions by id."""
        return _by_id(self.records.editions)

    @cached_property
    def matrices(self) -> Mapping[str, Matrix]:
        """Matrices by id."""
        return _by_id(self.records.matrices)

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Statement, ...]]:
        """Statements by the id of their subject."""
        return _grouped(self.records.statements, lambda statement: statement.subject)

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Statement, ...]]:
        """Statements by the id of their object."""
        return _grouped((s for s in self.records.statements if s.object), lambda statement: statement.object or "")

    @cached_property
    def classes(self) -> Mapping[str, str]:
        """The core class of each resource, by id."""
        of_kind = {term.iri.removeprefix(iris.KIND): term.core_class for term in self.records.terms if term.core_class}
        return {resource.id: of_kind.get(resource.kind, "Resource") for resource in self.records.resources}

    @cached_property
    def frameworks(self) -> tuple[str, ...]:
        """The ids of all works, in order; a work of which no edition is known is one too."""
        return tuple(identifier for identifier, core_class in self.classes.items() if core_class == "Framework")

    @cached_property
    def edition_of(self) -> Mapping[str, str]:
        """The edition that each provision belongs to."""
        return {provision: edition.id for edition in self.records.editions for provision in edition.provisions}

    @cached_property
    def replaced_by(self) -> Mapping[str, str]:
        """The edition that replaces each replaced edition."""
        return {edition.replaces: edition.id for edition in self.records.editions if edition.replaces}

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """The vocabulary's terms by IRI."""
        return {term.iri: term for term in self.records.terms}

    @cached_property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many resources there are of each kind."""
        return tuple(sorted(Counter(resource.kind for resource in self.records.resources).items()))

    @cached_property
    def index(self) -> Index:
        """What bears on coverage."""
        return build_index(self.records.statements, self.classes)

    @cached_property
    def haystacks(self) -> Mapping[str, str]:
        """What a text search looks through: id, notation and names of each resource, folded."""
        return {
            resource.id: folded("\n".join([resource.id, resource.notation or "", *(label.text for label in resource.labels)]))
            for resource in self.records.resources
        }


def folded(text: str) -> str:
    """Text for searching: compatibility forms, width and case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def _by_id(records: Iterable[_R]) -> Mapping[str, _R]:
    return {record.id: record for record in records}


def _grouped(statements: Iterable[Statement], key: Callable[[Statement], str]) -> Mapping[str, tuple[Statement, ...]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[key(statement)].append(statement)
    return {end: tuple(sorted(group, key=_reading_order)) for end, group in found.items()}


def _reading_order(statement: Statement) -> tuple[str, str, str, str]:
    target = statement.object or (statement.value.text if statement.value else "")
    return (statement.predicate, statement.subject, target, statement.id)
