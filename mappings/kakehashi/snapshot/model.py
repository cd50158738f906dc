"""The snapshot: the records of one release with the look-ups that every answer needs. Immutable once built."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar

from kakehashi.crosswalk.algebra import EQ, PP
from kakehashi.crosswalk.candidates import Corpus, corpus_of
from kakehashi.crosswalk.evidence import not_evidence
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.meanings import REQUIREMENT_CLASSES
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.standing import Standing, World, standing_of
from kakehashi.records.model import (
    Edition,
    Framework,
    Group,
    Label,
    MappingSet,
    Matrix,
    Records,
    Resource,
    SetReading,
    Source,
    Statement,
    Term,
)
from kakehashi.records.values import Intersects, ParentLink, Redistribution
from kakehashi.snapshot.merging import DANGLING, dangling, grouped, one_edition, one_resource, ranking
from kakehashi.snapshot.search import Searched, SearchIndex
from kakehashi.store.port import Release
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.iris import IdSpace

_R = TypeVar("_R", Statement, Matrix, Source, Group, SetReading)

SET_RELATIONS: Final = frozenset({ParentLink.PART, ParentLink.PARTITION})
"""The parent links by which a child is equal to its parent or inside it."""
PLAIN_CLASS: Final = "Resource"
PART: Final = "provision-part"


class Snapshot:
    """One release in memory. All look-ups are built on first use and kept; nothing in it ever changes.

    `records` are what the sources say, each on its own; the look-ups join what several say of one thing.
    """

    def __init__(self, release: Release, records: Records) -> None:
        self.release = release
        self.records = records
        self.ids = IdSpace(release.base)
        self.kept: dict[str, Any] = {}
        """What those who answer from it keep of their work, by name; it goes when the snapshot goes."""

    @cached_property
    def described(self) -> Mapping[str, tuple[Resource, ...]]:
        """What each source says of a resource, by id, strongest source first."""
        return grouped(self.records.resources, self._rank)

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by id, in the order of ids; what is referred to and defined nowhere is one of kind `dangling-reference`."""
        defined = {identifier: one_resource(found) for identifier, found in self.described.items()}
        missing = dangling(defined, self.records.statements, self._references())
        return {identifier: defined.get(identifier) or missing[identifier] for identifier in sorted(defined | missing)}

    @cached_property
    def dangling(self) -> frozenset[str]:
        """The ids that something refers to and nothing defines."""
        return frozenset(one.id for one in self.resources.values() if one.kind == DANGLING)

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """Statements by id."""
        return _by_id(self.records.statements)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Sources by id."""
        return _by_id(self.records.sources)

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Groups of n:m mappings by id."""
        return _by_id(self.records.groups)

    @cached_property
    def editions(self) -> Mapping[str, Edition]:
        """Editions by id, with what they select spelled out."""
        found = grouped(self.records.editions, self._rank)
        parts: dict[str, list[str]] = defaultdict(list)
        for resource in self.records.resources:
            if resource.parent is not None:
                parts[resource.parent].append(resource.id)
        return {identifier: one_edition(described, found, parts) for identifier, described in found.items()}

    @cached_property
    def framework_structures(self) -> Mapping[str, Framework]:
        """What the parent links of each framework mean, by its id."""
        return {identifier: found[0] for identifier, found in grouped(self.records.frameworks, self._rank).items()}

    @cached_property
    def mapping_sets(self) -> Mapping[str, MappingSet]:
        """Mapping sets by id."""
        return {identifier: found[0] for identifier, found in grouped(self.records.mapping_sets, self._rank).items()}

    @cached_property
    def set_readings(self) -> Mapping[str, SetReading]:
        """What people registered of mapping sets, by the set's id."""
        return _by_id(self.records.set_readings)

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
        return {resource.id: of_kind.get(resource.kind, PLAIN_CLASS) for resource in self.resources.values()}

    @cached_property
    def frameworks(self) -> tuple[str, ...]:
        """The ids of all works, in order; a work of which no edition is known is one too."""
        return tuple(identifier for identifier, core_class in self.classes.items() if core_class == "Framework")

    @cached_property
    def edition_of(self) -> Mapping[str, str]:
        """The edition that each provision belongs to; an edition that merely selects it is not meant."""
        return {provision: edition.id for edition in self.editions.values() for provision in edition.provisions}

    @cached_property
    def replaced_by(self) -> Mapping[str, str]:
        """The edition that replaces each replaced edition."""
        return {edition.replaces: edition.id for edition in self.editions.values() if edition.replaces}

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """The vocabulary's terms by IRI."""
        return {term.iri: term for term in self.records.terms}

    @cached_property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many resources there are of each kind."""
        return tuple(sorted(Counter(resource.kind for resource in self.resources.values()).items()))

    @cached_property
    def world(self) -> World:
        """What the algebra has to know of ends and of mapping sets."""
        return World(
            classes=self.classes,
            out_of_use=frozenset(one.id for one in self.resources.values() if one.lifecycle is not None),
            dangling=self.dangling,
            not_evidence=not_evidence(self.mapping_sets, self.records.statements),
            strict=frozenset(one.id for one in self.set_readings.values() if one.intersects is Intersects.STRICT),
            editions=self.editions,
        )

    def standing(self, statement: Statement) -> Standing:
        """How a statement stands to the algebra."""
        return standing_of(statement, self.world)

    @cached_property
    def index(self) -> Index:
        """What bears on coverage."""
        links = tuple(self._parent_rows())
        return build_index(self.records.statements, self.world, links, self.records.groups, self._wholes())

    @cached_property
    def corpus(self) -> Corpus:
        """The wordings of provisions, and where they stand: what candidates are estimated from."""
        return corpus_of(self.resources.values(), self.edition_of)

    def _parent_rows(self) -> Iterator[Row]:
        """The parent links that are set relations, between ends that can be such."""
        for identifier in self.edition_of:
            parent = self.resources[identifier].parent
            ends = {identifier, parent or identifier}
            if parent is None or len(ends) < 2 or not self._is_inside(identifier) or ends & self.world.out_of_use:
                continue
            if not {self.classes[end] for end in ends} <= REQUIREMENT_CLASSES:
                continue
            source = next(one.source for one in self.described[identifier] if one.parent == parent)
            yield Row(
                statement=identifier, subject=identifier, object=parent, relations=EQ | PP,
                authority=self.sources[source].authority, parent_link=True, origin=source,
            )  # fmt: skip

    def _is_inside(self, provision: str) -> bool:
        """Whether a provision lies inside its parent: its framework says so, or it is a lettered part of its parent's text."""
        return self._parent_link(provision) in SET_RELATIONS or self.resources[provision].kind == PART

    def _parent_link(self, provision: str) -> ParentLink | None:
        structure = self.framework_structures.get(self.editions[self.edition_of[provision]].framework)
        return None if structure is None else structure.parent_link

    def _wholes(self) -> Mapping[str, Sequence[str]]:
        """The children in use of each parent that its framework declares to be the whole of them, in the publisher's order."""
        found: dict[str, list[str]] = defaultdict(list)
        for identifier, edition in self.edition_of.items():
            parent = self.resources[identifier].parent
            if parent is None or self.edition_of.get(parent) != edition or identifier in self.world.out_of_use:
                continue
            if self._parent_link(identifier) is ParentLink.PARTITION:
                found[parent].append(identifier)
        return found

    @cached_property
    def words(self) -> SearchIndex:
        """What a search finds: names, numbers, and the texts that may be passed on."""
        return SearchIndex(Searched(one, self.free_texts(one.id)) for one in self.resources.values())

    def free_texts(self, identifier: str) -> tuple[Label, ...]:
        """The text of a resource's most authoritative source that may be passed on; none where none may."""
        described = self.described.get(identifier, ())
        free = (one.texts for one in described if self.sources[one.source].redistribution is Redistribution.OPEN and one.texts)
        return next(free, ())

    def requirements(self, edition_id: str) -> tuple[str, ...]:
        """What an edition asks for: its own provisions and those that it selects, each in its edition's order.

        Headings, what is out of use, and the lettered parts of a provision's own text are not counted.
        """
        edition = self.editions[edition_id]
        selected = sorted(edition.selected, key=lambda one: self.positions.get(one, ("", 0)))
        found = dict.fromkeys((*edition.provisions, *selected))
        return tuple(one for one in found if self._is_counted(one))

    def _is_counted(self, provision: str) -> bool:
        in_use = provision not in self.world.out_of_use and self.classes[provision] != "Heading"
        return in_use and self.resources[provision].kind != PART

    @cached_property
    def positions(self) -> Mapping[str, tuple[str, int]]:
        """The edition of each provision, and its place there."""
        return {
            provision: (edition.id, place)
            for edition in self.editions.values()
            for place, provision in enumerate(edition.provisions)
        }

    @cached_property
    def _rank(self) -> Callable[[str], tuple[int, str]]:
        return ranking(self.records.sources)

    def _references(self) -> Iterator[tuple[str, str]]:
        """What records other than statements refer to, with the source that does."""
        for resource in self.records.resources:
            if resource.parent is not None:
                yield resource.parent, resource.source
        for edition in self.records.editions:
            for identifier in (edition.framework, *edition.provisions, *edition.selected, *edition.selected_with_parts):
                yield identifier, edition.source
            if edition.replaces is not None:
                yield edition.replaces, edition.source
        for group in self.records.groups:
            for identifier in (*group.subjects, *group.objects):
                yield identifier, group.source


def _by_id(records: Iterable[_R]) -> Mapping[str, _R]:
    return {record.id: record for record in records}


def _grouped(statements: Iterable[Statement], key: Callable[[Statement], str]) -> Mapping[str, tuple[Statement, ...]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[key(statement)].append(statement)
    return {end: tuple(sorted(group, key=reading_order)) for end, group in found.items()}


def reading_order(statement: Statement) -> tuple[str, str, str, str]:
    """In which order the statements of a resource are read: by predicate, then by their ends."""
    target = statement.object or (statement.value.text if statement.value else "")
    return (statement.predicate, statement.subject, target, statement.id)
