"""MITRE ATT&CK as STIX bundles, 2.0 (mitre/cti) and 2.1 (attack-stix-data): techniques, tactics, and mitigations.

An object's key is its external id; deprecated mitigations share theirs with techniques, and so stand under ids of their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from msgspec import Struct

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Literal, MappingDetail, MappingSet, Resource, Source
from kakehashi.records.values import Authority, Lifecycle, MappingStatus, Redistribution, StatedAs
from kakehashi.sources.files import File, UnreadableError, bundle_sha256, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Publisher, edition_called, publisher_called, unknown_work
from kakehashi.sources.spelling import escaped, slug
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.typed import leave_unread, typed
from kakehashi.vocabulary.iris import SEMAPV
from kakehashi.vocabulary.text import Text

_B = TypeVar("_B", bound="Bookkeeping")

NAME: Final = "attack-stix"
VERSION: Final = "1"
LANGUAGE: Final = "en"
MITRE_IDENTITY: Final = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
KNOWN_SOURCES: Final = frozenset({"mitre-attack", "mitre-mobile-attack", "mitre-ics-attack"})
KILL_CHAINS: Final = {
    "enterprise-attack": "mitre-attack",
    "mobile-attack": "mitre-mobile-attack",
    "ics-attack": "mitre-ics-attack",
}
"""The name of the kill chain of each domain; tactics of two domains can share a short name."""

RELEASES: Final = (
    ("10.0", date(2021, 10, 21)), ("10.1", date(2021, 11, 10)), ("11.0", date(2022, 4, 25)), ("11.1", date(2022, 5, 11)),
    ("11.2", date(2022, 5, 24)), ("11.3", date(2022, 7, 7)), ("12.0", date(2022, 10, 25)), ("12.1", date(2022, 11, 8)),
    ("13.0", date(2023, 4, 25)), ("13.1", date(2023, 5, 9)), ("14.0", date(2023, 10, 31)), ("14.1", date(2023, 11, 14)),
    ("15.0", date(2024, 4, 23)), ("15.1", date(2024, 5, 2)), ("16.0", date(2024, 10, 31)), ("16.1", date(2024, 11, 12)),
)  # fmt: skip
"""The days of release by attack-stix-data's index: a bundle without a collection object was released on the first that is not
before its latest change. Later bundles bring the object."""

NO_ATTACK = Text(
    "MITRE ATT&CK の攻撃手法(mitre-attack の external_id を持つ attack-pattern)がありません。ほかのSTIXの内容は読み込みません。",
    "There is no technique of MITRE ATT&CK (an attack-pattern with an external_id of mitre-attack). "
    "Other STIX content is not read.",
)
NO_VERSION = Text(
    "ATT&CKのどの版か分かりません。x-mitre-collection が無く、更新日時からも決まりません。"
    "公表されたままのファイルを使ってください。",
    "The edition of ATT&CK cannot be told: there is no x-mitre-collection, and the dates of change do not settle it. "
    "Use the file as published.",
)
NOT_AN_OBJECT = Text("STIXのオブジェクト(type と id を持つもの)ではありません。", "This is no STIX object with a type and an id.")
TWICE = Text("「{id}」が二度書かれています。一つにしてください。", "'{id}' is written twice. Keep one.")
TWO_PARENTS = Text(
    "下位の手法 {id} の上位が二つあります。一つにしてください。", "The sub-technique {id} has two parents. Keep one."
)
DEEP = Text(
    "{id} は下位の手法であり、同時に他の手法の上位でもあります。どちらか一つにしてください。",
    "{id} is a sub-technique, and the parent of another. It can be one of the two only.",
)
NO_ID = Text("ATT&CKの external_id の無いオブジェクト({type})。", "An object without an external_id of ATT&CK ({type}).")
OTHER_TYPE = Text("読み込まない種類のオブジェクト({type})。", "An object of a type that is not read ({type}).")
OTHER_RELATION = Text("読み込まない種類の関係({type})。", "A relationship of a type that is not read ({type}).")
DROPPED_RELATION = Text("公表者が取り消した関係({type})。", "A relationship that its publisher withdrew ({type}).")
OTHER_REFERENCE = Text("ATT&CK以外への参照(CAPECや文献)。", "A reference to something other than ATT&CK (CAPEC, a citation).")
BOOKKEEPING = Text(
    "各オブジェクトの作成、更新、版及び作成者の記録。", "When, by whom and in which version each object was written."
)


class Reference(Struct, frozen=True):
    """An external reference."""

    source_name: str
    external_id: str | None = None
    url: str | None = None
    description: str | None = None


class Phase(Struct, frozen=True):
    """A phase of a kill chain."""

    kill_chain_name: str
    phase_name: str


class Bookkeeping(Struct, frozen=True, kw_only=True):
    """What every object has: its identity, and its history, of which only withdrawal is kept."""

    type: str
    id: str
    created: str | None = None
    modified: str | None = None
    created_by_ref: str | None = None
    object_marking_refs: tuple[str, ...] = ()
    spec_version: str | None = None
    revoked: bool | None = None
    x_mitre_deprecated: bool | None = None
    x_mitre_version: str | None = None
    x_mitre_modified_by_ref: str | None = None
    x_mitre_attack_spec_version: str | None = None
    x_mitre_domains: tuple[str, ...] = ()

    @property
    def lifecycle(self) -> Lifecycle | None:
        """What became of it."""
        if self.revoked:
            return Lifecycle.REVOKED
        return Lifecycle.DEPRECATED if self.x_mitre_deprecated else None


class Described(Bookkeeping, frozen=True, kw_only=True):
    """A technique, a mitigation, a tactic, a matrix or a collection."""

    name: str = ""
    description: str | None = None
    external_references: tuple[Reference, ...] = ()
    kill_chain_phases: tuple[Phase, ...] = ()
    x_mitre_platforms: tuple[str, ...] = ()
    x_mitre_detection: str | None = None
    x_mitre_is_subtechnique: bool | None = None
    x_mitre_shortname: str | None = None
    tactic_refs: tuple[str, ...] = ()
    x_mitre_contents: tuple[Any, ...] = ()

    @property
    def external_id(self) -> str:
        """Its id in ATT&CK; empty where it has none."""
        found = (one.external_id for one in self.external_references if one.source_name in KNOWN_SOURCES)
        return next((one.strip() for one in found if one and one.strip()), "")


class Relationship(Bookkeeping, frozen=True, kw_only=True):
    """A relationship of two objects."""

    relationship_type: str
    source_ref: str
    target_ref: str
    description: str | None = None
    external_references: tuple[Reference, ...] = ()


class Marking(Bookkeeping, frozen=True, kw_only=True):
    """A marking; a statement is a copyright line."""

    definition_type: str = ""
    definition: dict[str, Any] = {}
    name: str | None = None


class Maker(Bookkeeping, frozen=True, kw_only=True):
    """Who made the objects."""

    name: str
    identity_class: str | None = None
    sectors: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


TECHNIQUE: Final = "attack-pattern"
MITIGATION: Final = "course-of-action"
TACTIC: Final = "x-mitre-tactic"
MATRIX: Final = "x-mitre-matrix"
COLLECTION: Final = "x-mitre-collection"
MARKING: Final = "marking-definition"

KINDS: Final = {TECHNIQUE: "technique", MITIGATION: "mitigation", TACTIC: "tactic"}
MITIGATES: Final = "mitigates"
SUBTECHNIQUE_OF: Final = "subtechnique-of"
REVOKED_BY: Final = "revoked-by"
RELATIONS: Final = frozenset(
    {
        (MITIGATION, MITIGATES, TECHNIQUE),
        (TECHNIQUE, SUBTECHNIQUE_OF, TECHNIQUE),
        *((name, REVOKED_BY, name) for name in KINDS),
    }
)
TYPES: Final[Mapping[str, type[Bookkeeping]]] = {
    **dict.fromkeys((TECHNIQUE, MITIGATION, TACTIC, MATRIX, COLLECTION), Described),
    "relationship": Relationship, MARKING: Marking, "identity": Maker,
}  # fmt: skip


def recognises(file: File) -> bool:
    """A JSON file that is a STIX bundle, of whatever content: what is no ATT&CK is refused with the reason."""
    if file.suffix != ".json":
        return False
    try:
        document = mapping_or_empty(file.document)
    except UnreadableError:
        return False
    return document.get("type") == "bundle" and ("objects" in document or str(document.get("id")).startswith("bundle--"))


class Document(Struct, frozen=True):
    """A bundle; its objects are read one by one, so that each wrong one is told."""

    objects: list[Any]
    type: str
    id: str = ""
    spec_version: str = ""


def read(bundle: Bundle) -> Reading:
    """The edition that a bundle holds: its threats, its mitigations, and what is related to what."""
    (file,) = bundle
    reading = Reading()
    document = typed(file.document, Document, file.name, "", reading)
    if document is None:
        return reading
    objects = Objects(file.name, reading)
    objects.sort(document.objects)
    if not any(one.external_id for _, one in objects.of(TECHNIQUE, Described)):
        reading.fault(Place(file.name, pointer="/objects"), NO_ATTACK)
        return reading
    version = _version(objects)
    if version is None:
        reading.fault(Place(file.name, pointer="/objects"), NO_VERSION)
        return reading
    _Writer(objects, version, bundle_sha256(bundle)).write()
    return reading


@dataclass
class Objects:
    """The objects of a bundle by type, each with its place in it."""

    file: str
    reading: Reading
    by_type: dict[str, list[tuple[int, Bookkeeping]]] = field(default_factory=lambda: defaultdict(list))
    last_change: str = ""

    def sort(self, values: Iterable[Any]) -> None:
        """Read every object of a type that is known; tell those that are no objects, and those that are there twice."""
        seen: set[str] = set()
        for index, value in enumerate(values):
            name = mapping_or_empty(value).get("type")
            kind = TYPES.get(name, Bookkeeping) if isinstance(name, str) else Bookkeeping
            known = typed(value, kind, self.file, f"/objects/{index}", self.reading)
            if known is None:
                continue
            if known.id in seen:
                self.reading.fault(self.place(index), TWICE(id=known.id[:80]))
                continue
            seen.add(known.id)
            self._keep(index, value, known)
        if seen:
            self.reading.leave(BOOKKEEPING, Place(self.file, pointer="/objects"), len(seen))

    def _keep(self, index: int, value: Mapping[str, Any], known: Bookkeeping) -> None:
        self.reading.count(known.type)
        if known.type not in TYPES:
            self.reading.leave(OTHER_TYPE(type=known.type[:60]), self.place(index))
            return
        leave_unread(value, type(known), self.place(index), self.reading)
        self.last_change = max(self.last_change, known.modified or "")
        self.by_type[known.type].append((index, known))

    def of(self, name: str, kind: type[_B]) -> list[tuple[int, _B]]:
        """The objects of a type with their places, in the order of the bundle."""
        return [(index, one) for index, one in self.by_type.get(name, ()) if isinstance(one, kind)]

    def place(self, index: int) -> Place:
        """Where an object stands."""
        return Place(self.file, pointer=f"/objects/{index}")


def _version(objects: Objects) -> str | None:
    """The version of the collection; without one, that of the first release that is not before the latest change."""
    stated = {one.x_mitre_version for _, one in objects.of(COLLECTION, Described)}
    if stated:
        (version,) = stated if len(stated) == 1 else (None,)
        return version or None
    try:
        changed = date.fromisoformat(objects.last_change[:10])
    except ValueError:
        return None
    later = [version for version, day in RELEASES if day >= changed]
    return later[0] if 0 < len(later) < len(RELEASES) else None


class _Writer:
    """Turns the objects of one bundle into records."""

    def __init__(self, objects: Objects, version: str, sha256: str) -> None:
        self.objects, self.reading = objects, objects.reading
        self.work = edition_called(NAME, "ATT&CK", version) or unknown_work("mitre-attack", version, f"ATT&CK {version}")
        self.ids = dict(self._identified())
        self.publisher = self._maker()
        self.source = self._source(version, sha256)
        self.state = StatementWriter(self.reading, self.source).state
        self.mapping_set = f"mapping-set/{self.domain}-mitigates/{slug(version)}"

    def _identified(self) -> Iterable[tuple[str, str]]:
        """The id of each object that has one in ATT&CK, by its id in STIX; no two objects share one."""
        found: set[str] = set()
        for name in KINDS:
            for index, one in self.objects.of(name, Described):
                if not one.external_id:
                    self.reading.leave(NO_ID(type=name), self.objects.place(index))
                    continue
                identifier = self._identifier(name, one.external_id)
                if identifier in found:
                    self.reading.fault(self.objects.place(index), TWICE(id=one.external_id[:80]))
                found.add(identifier)
                yield one.id, identifier

    def _identifier(self, name: str, external_id: str) -> str:
        """A mitigation of before 2019 has the number of the technique that it was written for: it is named apart."""
        identifier = self.work.provision(external_id)
        edition, _, last = identifier.rpartition("/")
        return f"{edition}/coa-{last}" if name == MITIGATION and not last.startswith("M") else identifier

    def _end(self, reference: str) -> str:
        """The id of an object; one that the bundle does not hold is referred to by its id in STIX."""
        return self.ids.get(reference) or f"{self.work.edition}/{escaped(reference)}"

    def _maker(self) -> Publisher | None:
        """Who wrote the techniques; None where that is not one known identity."""
        makers = {one.created_by_ref for _, one in self.objects.of(TECHNIQUE, Described)}
        if makers == {MITRE_IDENTITY}:
            return publisher_called("MITRE")
        names = {one.name.strip() for _, one in self.objects.of("identity", Maker) if one.id in makers}
        return publisher_called(min(names)) if len(names) == len(makers) == 1 and all(names) else None

    def _source(self, version: str, sha256: str) -> Source:
        """MITRE publishes both ends of every relation in ATT&CK; its terms let it be passed on with the copyright line."""
        official = self.publisher is not None and self.publisher.id == self.work.publisher
        named = (one.name.strip() for kind in (COLLECTION, MATRIX) for _, one in self.objects.of(kind, Described))
        title = f"{next(filter(None, named), 'ATT&CK')} {version}"
        return Source(
            id=f"source/{NAME}/{self.domain}/{slug(version)}", labels=(Label(language=LANGUAGE, text=title),),
            authority=Authority.OFFICIAL if official else Authority.THIRD_PARTY,
            redistribution=Redistribution.OPEN if official else Redistribution.LOCAL_ONLY, rights=self._rights(),
            sha256=sha256, loader=NAME, loader_version=VERSION,
            publisher=self.publisher.id if self.publisher else None, version=version,
        )  # fmt: skip

    @property
    def domain(self) -> str:
        """The domain that all techniques share; an enterprise bundle also holds some that are in others besides."""
        domains = [set(one.x_mitre_domains) for _, one in self.objects.of(TECHNIQUE, Described) if one.x_mitre_domains]
        return slug("-".join(sorted(set.intersection(*domains))) or "attack") if domains else "attack"

    def _rights(self) -> str:
        """The copyright lines that the bundle carries."""
        said = (one.definition.get("statement") for _, one in self.objects.of(MARKING, Marking))
        return "\n".join(dict.fromkeys(line for line in said if isinstance(line, str) and line)) or "not stated"

    def write(self) -> None:
        """Add all records."""
        self._frame()
        relations = list(self._relationships())
        parents = self._parents(relations)
        for name, kind in KINDS.items():
            for _, one in self.objects.of(name, Described):
                if one.id in self.ids:
                    self._describe(one, kind, parents.get(one.id))
        self._order()
        self._serve_tactics()
        for _, relation in relations:
            self._relate(relation)

    def _frame(self) -> None:
        """The source, the edition with its mitigations, and the set of what mitigates what."""
        add, source = self.reading.add, self.source
        add(source)
        if self.publisher is not None:
            add(self.publisher.record(source.id))
        mitigations = {self.ids[one.id] for _, one in self.objects.of(MITIGATION, Described) if one.id in self.ids}
        for record in self.work.records(source.id, tuple(sorted(mitigations))):
            add(record)
        rows = sum(one.relationship_type == MITIGATES for _, one in self.objects.of("relationship", Relationship))
        add(Resource(id=self.mapping_set, kind="mapping-set", labels=source.labels, source=source.id))
        add(
            MappingSet(
                id=self.mapping_set, source=source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=rows,
                subject_edition=self.work.edition, object_edition=self.work.edition,
            )
        )  # fmt: skip

    def _relationships(self) -> Iterable[tuple[int, Relationship]]:
        """The relationships that make records; others are counted with the reason."""
        for index, one in self.objects.of("relationship", Relationship):
            self.reading.count(f"relationship {one.relationship_type}")
            ends = one.source_ref.partition("--")[0], one.target_ref.partition("--")[0]
            if one.external_references:
                self.reading.leave(OTHER_REFERENCE, self.objects.place(index), len(one.external_references))
            if (ends[0], one.relationship_type, ends[1]) not in RELATIONS:
                name = f"{ends[0]} {one.relationship_type} {ends[1]}"
                self.reading.leave(OTHER_RELATION(type=name[:100]), self.objects.place(index))
            elif one.lifecycle is not None:
                self.reading.leave(DROPPED_RELATION(type=one.relationship_type), self.objects.place(index))
            else:
                yield index, one

    def _parents(self, relations: Sequence[tuple[int, Relationship]]) -> dict[str, str]:
        """The technique that each sub-technique stands under; ATT&CK has one level of them, so nothing can go round."""
        below = [(index, one) for index, one in relations if one.relationship_type == SUBTECHNIQUE_OF]
        children = {one.source_ref for _, one in below}
        found: dict[str, str] = {}
        for index, one in below:
            if one.source_ref in found:
                self.reading.fault(self.objects.place(index), TWO_PARENTS(id=one.source_ref[:80]))
            if one.target_ref in children:
                self.reading.fault(self.objects.place(index), DEEP(id=one.target_ref[:80]))
            found[one.source_ref] = self._end(one.target_ref)
        return found

    def _describe(self, one: Described, kind: str, parent: str | None) -> None:
        """A technique, tactic or mitigation, and the platforms that it is about."""
        identifier = self.ids[one.id]
        if one.x_mitre_is_subtechnique:
            self.reading.count("sub-techniques")
        others = len(one.external_references) - 1
        if others:
            self.reading.leave(OTHER_REFERENCE, Place(self.objects.file, pointer="/objects"), others)
        self.reading.add(
            Resource(
                id=identifier, kind=kind, source=self.source.id, labels=_labels(one.name.strip() or one.external_id),
                notation=one.external_id, parent=parent, lifecycle=one.lifecycle, texts=_labels(_text(one)),
            )
        )  # fmt: skip
        for platform in dict.fromkeys(one.x_mitre_platforms):
            self.state(identifier, "in-platform", Literal(text=platform))

    def _order(self) -> None:
        """The place of each tactic in its matrix."""
        for _, matrix in self.objects.of(MATRIX, Described):
            for position, reference in enumerate(matrix.tactic_refs, start=1):
                place = Literal(text=str(position), datatype="integer")
                self.state(self._end(reference), "order", place, section=matrix.name.strip() or matrix.external_id or None)

    def _serve_tactics(self) -> None:
        """What each technique is used for: a phase is a tactic's short name within the kill chain of its domain."""
        tactics = {
            (KILL_CHAINS.get(domain, domain), one.x_mitre_shortname): self.ids[one.id]
            for _, one in self.objects.of(TACTIC, Described)
            if one.id in self.ids
            for domain in one.x_mitre_domains or KILL_CHAINS
        }
        for _, one in self.objects.of(TECHNIQUE, Described):
            for phase in dict.fromkeys(one.kill_chain_phases) if one.id in self.ids else ():
                tactic = tactics.get((phase.kill_chain_name, phase.phase_name))
                self.state(self.ids[one.id], "in-tactic", tactic or f"{self.work.edition}/{escaped(phase.phase_name)}")

    def _relate(self, one: Relationship) -> None:
        subject, target = self._end(one.source_ref), self._end(one.target_ref)
        if one.relationship_type == REVOKED_BY:
            self.state(subject, REVOKED_BY, target)
        elif one.relationship_type == MITIGATES:
            detail = MappingDetail(
                mapping_set=self.mapping_set, verbatim=MITIGATES, justification=SEMAPV + "UnspecifiedMatching",
                status=MappingStatus.PUBLISHED, rationale=_labels(one.description or ""),
            )  # fmt: skip
            self.state(subject, MITIGATES, target, mapping=detail)


def _labels(text: str) -> tuple[Label, ...]:
    return (Label(language=LANGUAGE, text=text.strip()),) if text.strip() else ()


def _text(one: Described) -> str:
    """What the publisher says of it, in one text."""
    return "\n\n".join(text.strip() for text in (one.description, one.x_mitre_detection) if text and text.strip())


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("MITRE ATT&CK(STIX 2.0・2.1)", "MITRE ATT&CK (STIX 2.0 and 2.1)"),
    recognises=recognises,
    read=read,
)
