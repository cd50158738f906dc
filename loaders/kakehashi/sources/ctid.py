"""CTID's Mappings Explorer: what a control or a product's capability does against ATT&CK techniques, row by row.

A technique is MITRE's and a control is its standard's: both are only referred to, and their names as CTID prints them stand in
the note of each statement, so that a reference that nothing resolves can still be read. A product's capabilities are CTID's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Literal, MappingDetail, MappingSet, Resource, Source
from kakehashi.records.values import Authority, MappingStatus, Redistribution, StatedAs
from kakehashi.sources.files import File, UnreadableError, bundle_sha256, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Publisher, Work, edition_called, is_publisher_of, publisher_called, unknown_work, work_called
from kakehashi.sources.spelling import escaped, slug
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.typed import leave_unread, typed
from kakehashi.vocabulary.iris import SEMAPV
from kakehashi.vocabulary.text import LANGUAGES, Text

NAME: Final = "ctid"
VERSION: Final = "2"
LANGUAGE: Final = "en"
DOMAINS: Final = ("enterprise", "mobile", "ics")
RIGHTS: Final = "Apache-2.0 as the publisher's repository states; not stated in the file"

MITIGATES: Final = "mitigates"
SCORES: Final = ("technique_scores", "technique_score")
SCORE_PREDICATES: Final = {
    "protect": "protects-against",
    "detect": "detects-technique",
    "respond": "responds-to-technique",
}
SCORE_VALUES: Final = ("minimal", "partial", "significant")
STATUSES: Final = {
    "complete": MappingStatus.PUBLISHED,
    "in_progress": MappingStatus.DRAFT,
}
NON_MAPPABLE: Final = "non_mappable"
UNKNOWN_VERSION: Final = "[UNKNOWN_VERSION]"

NOTHING_MAPS = Text(
    "「{status}」の行。公表者が対応するものはないとした手法であり、関係を作らない。",
    "A row with the status '{status}': the publisher says that nothing maps to the technique, so it makes no relation.",
)
NO_END = Text(
    "{key} のない行。片方の端しかないので関係を作らない。", "A row without {key}: it has one end only, so it makes no relation."
)
UNUSED_GROUP = Text("どの行も使っていない分類。", "A capability group that no row uses.")
OTHER_NAME = Text(
    "機能の別の名称。最初に書かれた名称だけを用いる。", "Another name for a capability; only the first that is written is used."
)
CONTACT = Text("連絡先と作成者。発行者だけを記録する。", "Contacts and authors; only the publisher is kept.")
BAD_WORD = Text(
    "{key} の「{word}」は知られていない語です。使えるのは {known} です。公表元の語かどうか確かめてください。",
    "'{word}' is no known word for {key}; known are {known}. Check that the publisher uses it.",
)
MISSING_WORD = Text(
    "{key} がありません。評価の行には {known} のいずれかが必要です。",
    "{key} is missing: a row with a score needs one of {known}.",
)
BAD_DATE = Text(
    "{key} の「{value}」は日付ではありません。MM/DD/YYYY の形で書いてください。",
    "'{value}' is no date for {key}. Write it as MM/DD/YYYY.",
)
OTHER_WORK = Text(
    "この行は {key} を「{value}」としていますが、ファイルは「{wanted}」の対応表です。行を分けてください。",
    "This row says '{value}' for {key}, but the file maps '{wanted}'. Move the row to a file of its own.",
)

Named = Annotated[str, Meta(pattern=r"\S")]

_US_DATE: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class Metadata(Struct, frozen=True, kw_only=True):
    """What a file says of all its rows."""

    attack_version: Named
    technology_domain: str
    mapping_framework: Named
    mapping_framework_version: Named
    mapping_types: dict[str, Any]
    capability_groups: dict[str, str]
    mapping_version: str = ""
    creation_date: str | None = None
    last_update: str | None = None
    author: str | None = None
    contact: str | None = None
    organization: str | None = None


class Row(Struct, frozen=True, kw_only=True):
    """One mapping object."""

    attack_object_id: str | None
    capability_id: str | None
    mapping_type: str | None
    capability_group: str | None
    attack_object_name: str | None = None
    capability_description: str | None = None
    attack_version: str | None = None
    mapping_framework: str | None = None
    mapping_framework_version: str | None = None
    technology_domain: str | None = None
    comments: str | None = None
    references: list[str] | None = None
    status: str | None = None
    score_category: str | None = None
    score_value: str | None = None
    related_score: str | None = None
    author: str | None = None
    author_contact: str | None = None
    author_organization: str | None = None


class Document(Struct, frozen=True, kw_only=True):
    """A whole file; its rows are read one by one, so that each wrong one is told."""

    metadata: Metadata
    mapping_objects: list[Any]


def recognises(file: File) -> bool:
    """A JSON file with mapping objects, or with metadata that name a framework and a version of ATT&CK."""
    if file.suffix != ".json":
        return False
    try:
        document = mapping_or_empty(file.document)
    except UnreadableError:
        return False
    metadata = mapping_or_empty(document.get("metadata"))
    return "mapping_objects" in document or {"mapping_framework", "attack_version"} <= metadata.keys()


def read(bundle: Bundle) -> Reading:
    """The mapping set of a file, with the capabilities that it defines."""
    (file,) = bundle
    reading = Reading()
    document = typed(file.document, Document, file.name, "", reading)
    if document is not None:
        _check_metadata(document.metadata, file.name, reading)
        leave_unread(file.document["metadata"], Metadata, Place(file.name, pointer="/metadata"), reading)
        leave_unread(file.document, Document, Place(file.name), reading)
        about = _About(document.metadata, bundle_sha256(bundle))
        _Rows(about, file.name, reading).read(document)
    return reading


def iso_date(text: str) -> date | None:
    """A date as CTID writes it (MM/DD/YYYY); None where it is none."""
    found = _US_DATE.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def _check_metadata(metadata: Metadata, file: str, reading: Reading) -> None:
    """A fault for each date and word that cannot be used."""
    for key in ("creation_date", "last_update"):
        value = getattr(metadata, key)
        if value and iso_date(value) is None:
            reading.fault(Place(file, pointer=f"/metadata/{key}"), BAD_DATE(key=key, value=value[:40]))
    version = metadata.mapping_framework_version
    if "/" in version and iso_date(version) is None:
        place = Place(file, pointer="/metadata/mapping_framework_version")
        reading.fault(place, BAD_DATE(key="mapping_framework_version", value=version[:40]))
    if metadata.technology_domain not in DOMAINS:
        place = Place(file, pointer="/metadata/technology_domain")
        reading.fault(place, _bad_word("technology_domain", metadata.technology_domain, DOMAINS))


def _bad_word(key: str, word: str, known: tuple[str, ...]) -> Text:
    return BAD_WORD(key=key, word=word[:40], known=", ".join(known))


@dataclass(frozen=True)
class _About:
    """The names that follow from the metadata."""

    metadata: Metadata
    sha256: str

    @cached_property
    def framework_version(self) -> str:
        """The version of what is mapped; a date of access in ISO 8601."""
        version = self.metadata.mapping_framework_version
        day = iso_date(version)
        return day.isoformat() if day else version

    @cached_property
    def attack(self) -> Work:
        """The edition of ATT&CK; all its domains are one edition, for no two share an id."""
        version = self.metadata.attack_version
        return edition_called(NAME, "ATT&CK", version) or unknown_work("mitre-attack", version, f"ATT&CK {version}")

    @cached_property
    def catalogue(self) -> Work | None:
        """The edition whose controls are mapped; None where the file maps the capabilities of a product."""
        framework, version = self.metadata.mapping_framework, self.framework_version
        known = work_called(NAME, f"{framework} {version}")
        if known is None and MITIGATES in self.metadata.mapping_types:
            return unknown_work(framework, version, f"{framework} {version}", version=version)
        return known

    @cached_property
    def product(self) -> str:
        """The first part of the ids of a product's capabilities: they outlive the editions of their mapping."""
        return "ctid-" + slug(self.metadata.mapping_framework)

    @cached_property
    def identity(self) -> str:
        """What tells this mapping set from others; a corrected file has the same."""
        metadata = self.metadata
        what = slug(f"{metadata.mapping_framework}-attack-{metadata.technology_domain}")
        return f"{what}/{slug(f'{self.framework_version}-attack-{metadata.attack_version}')}"

    @cached_property
    def title(self) -> str:
        """The file has none: its own words for what it maps to what."""
        metadata = self.metadata
        mapped = f"{metadata.mapping_framework} {self.framework_version}"
        return f"{mapped} – ATT&CK {metadata.attack_version} {metadata.technology_domain}"

    @cached_property
    def publisher(self) -> Publisher:
        return publisher_called((self.metadata.organization or "").strip() or "CTID")

    @cached_property
    def source(self) -> Source:
        """CTID publishes neither ATT&CK, which is MITRE's, nor what it maps: it is a third party."""
        ours = self.publisher.id == publisher_called("CTID").id
        official = is_publisher_of(self.publisher, self.attack, self.catalogue)
        return Source(
            id=f"source/{NAME}/{self.identity}",
            labels=tuple(Label(language=one, text=self.title, ours=True) for one in LANGUAGES),
            authority=Authority.OFFICIAL if official else Authority.THIRD_PARTY,
            redistribution=Redistribution.OPEN if ours else Redistribution.LOCAL_ONLY, rights=RIGHTS if ours else "not stated",
            sha256=self.sha256, loader=NAME, loader_version=VERSION, publisher=self.publisher.id,
            version=self.metadata.mapping_version or self.framework_version,
        )  # fmt: skip


@dataclass
class _Rows:
    """Reads the rows of one file."""

    about: _About
    file: str
    reading: Reading
    names: dict[str, str] = field(default_factory=dict)
    groups: dict[tuple[str, str], None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.source = self.about.source
        self.state = StatementWriter(self.reading, self.source).state
        self.mapping_set = f"mapping-set/{NAME}-{self.about.identity}"
        self.product_end = self.about.catalogue is None

    def read(self, document: Document) -> None:
        self._frame(document)
        for index, value in enumerate(document.mapping_objects):
            pointer = f"/mapping_objects/{index}"
            row = typed(value, Row, self.file, pointer, self.reading)
            if row is not None:
                leave_unread(value, Row, Place(self.file, pointer=pointer), self.reading)
                self._row(row, pointer)
        if self.product_end:
            self._capabilities(document.metadata.capability_groups)

    def _frame(self, document: Document) -> None:
        """The source, the editions, and the mapping set with its dates."""
        add, about, source = self.reading.add, self.about, self.source
        add(source)
        add(about.publisher.record(source.id))
        for work in (about.attack, about.catalogue):
            for record in work.records(source.id) if work else ():
                add(record)
        add(Resource(id=self.mapping_set, kind="mapping-set", labels=source.labels, source=source.id))
        rows = len(document.mapping_objects)
        add(
            MappingSet(
                id=self.mapping_set, source=source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=rows,
                subject_edition=about.catalogue.edition if about.catalogue else None, object_edition=about.attack.edition,
            )
        )  # fmt: skip
        for key in ("creation_date", "last_update"):
            day = iso_date(getattr(document.metadata, key) or "")
            if day is not None:
                self.state(self.mapping_set, "date", Literal(text=day.isoformat(), datatype="date"), section=key)
        if document.metadata.contact or document.metadata.author:
            self.reading.leave(CONTACT, Place(self.file, pointer="/metadata"))
        self.reading.count("mapping objects", rows)

    def _row(self, row: Row, pointer: str) -> None:
        place = Place(self.file, pointer=pointer)
        why = _why_no_relation(row)
        if why is not None:
            self.reading.leave(why, place)
            return
        read = self._relation(row, place)
        if read is not None and self._fits(row, place):
            self._relate(row, *read)

    def _fits(self, row: Row, place: Place) -> bool:
        """Whether a row speaks of what the file maps; a fault where it names another work."""
        wanted = self.about.metadata
        known = len(self.reading.faults)
        for key in ("mapping_framework", "mapping_framework_version"):
            value, same = getattr(row, key), getattr(wanted, key)
            if value is not None and value != same:
                self.reading.fault(_at(place, key), OTHER_WORK(key=key, value=value[:40], wanted=same[:40]))
        if row.author or row.author_contact or row.author_organization:
            self.reading.leave(CONTACT, place)
        return len(self.reading.faults) == known

    def _relation(self, row: Row, place: Place) -> tuple[str, str, MappingStatus] | None:
        """The predicate of a row, the publisher's word for it, and how far the row has come; a fault for an unknown word."""
        known = len(self.reading.faults)
        self._check(place, "status", row.status or None, (*STATUSES, NON_MAPPABLE))
        word = row.mapping_type if row.mapping_type == MITIGATES else self._score(row, place)
        if word is None or len(self.reading.faults) > known:
            return None
        return SCORE_PREDICATES.get(word, word), word, STATUSES[row.status or "complete"]

    def _score(self, row: Row, place: Place) -> str | None:
        """The category of a row with a score; a fault for each word that is missing or unknown."""
        if row.mapping_type not in SCORES:
            self._check(place, "mapping_type", row.mapping_type or "", (MITIGATES, *SCORES))
            return None
        self._check(place, "score_value", row.score_value, SCORE_VALUES)
        self._check(place, "score_category", row.score_category or None, tuple(SCORE_PREDICATES))
        if not row.score_category:
            self.reading.fault(place, MISSING_WORD(key="score_category", known=", ".join(SCORE_PREDICATES)))
        return row.score_category

    def _check(self, place: Place, key: str, word: str | None, known: tuple[str, ...]) -> None:
        if word is not None and word not in known:
            self.reading.fault(_at(place, key), _bad_word(key, word, known))

    def _relate(self, row: Row, predicate: str, word: str, status: MappingStatus) -> None:
        technique = self._attack(row).provision(row.attack_object_id or "")
        detail = MappingDetail(
            mapping_set=self.mapping_set, verbatim=word, justification=SEMAPV + "UnspecifiedMatching", status=status,
            rationale=_labels(row.comments), strength=row.score_value if word != MITIGATES else None,
        )  # fmt: skip
        self.state(self._capability(row), predicate, technique, note=self._note(row), mapping=detail)
        if row.related_score:
            section = f"{row.capability_id} {word}"
            self.state(technique, "related-score", self.about.attack.provision(row.related_score), section=section)

    def _attack(self, row: Row) -> Work:
        """The edition that a row speaks of: its own, where it names one that is no placeholder."""
        version = row.attack_version
        if not version or version in {UNKNOWN_VERSION, self.about.metadata.attack_version}:
            return self.about.attack
        return edition_called(NAME, "ATT&CK", version) or self.about.attack

    def _capability(self, row: Row) -> str:
        """The id of the end that is no technique; a product's capability is kept to be described once."""
        identifier = row.capability_id or ""
        if self.about.catalogue is not None:
            return self.about.catalogue.provision(identifier)
        name = (row.capability_description or "").strip() or identifier
        if self.names.setdefault(identifier, name) != name:
            self.reading.leave(OTHER_NAME, Place(self.file))
        if row.capability_group and row.capability_group.strip():
            self.groups[row.capability_group, identifier] = None
        return f"{self.about.product}/{escaped(identifier)}"

    def _note(self, row: Row) -> str:
        """The ends as printed, where the file does not define them; then the references of the row."""
        control = f"{row.capability_id} {row.capability_description or ''}".strip() + " – " if not self.product_end else ""
        unsure = f" (attack_version: {row.attack_version})" if row.attack_version else ""
        first = f"{control}{row.attack_object_id} {row.attack_object_name or ''}".strip() + unsure
        return "\n".join([first, *(reference.strip() for reference in row.references or ())])

    def _capabilities(self, groups: Mapping[str, str]) -> None:
        """The product of each group, and the capabilities with which each comes."""
        product, used = self.about.product, {group for group, _ in self.groups}
        for identifier, name in self.names.items():
            self._describe(f"{product}/{escaped(identifier)}", "product-capability", name, identifier)
        for group in sorted(used):
            name = groups.get(group, "").strip()
            self._describe(f"{product}/group/{escaped(group)}", "product", name or group, group)
        for group, identifier in self.groups:
            self.state(f"{product}/group/{escaped(group)}", "has-capability", f"{product}/{escaped(identifier)}")
        unused = [group for group in groups if group not in used]
        if unused:
            self.reading.leave(UNUSED_GROUP, Place(self.file, pointer="/metadata/capability_groups"), len(unused))
        self.reading.count("capabilities", len(self.names))
        self.reading.count("capability groups", len(used))

    def _describe(self, identifier: str, kind: str, name: str, notation: str) -> None:
        labels = (Label(language=LANGUAGE, text=name),)
        self.reading.add(Resource(id=identifier, kind=kind, labels=labels, notation=notation, source=self.source.id))


def _at(place: Place, key: str) -> Place:
    return Place(place.file, pointer=f"{place.pointer}/{key}")


def _why_no_relation(row: Row) -> Text | None:
    """Why a row relates nothing; None where it relates its two ends."""
    if row.status == NON_MAPPABLE:
        return NOTHING_MAPS(status=NON_MAPPABLE)
    missing = next((key for key in ("capability_id", "attack_object_id") if not (getattr(row, key) or "").strip()), None)
    return NO_END(key=missing) if missing else None


def _labels(text: str | None) -> tuple[Label, ...]:
    return (Label(language=LANGUAGE, text=text.strip()),) if text and text.strip() else ()


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("CTID Mappings Explorer の対応表(JSON)", "CTID Mappings Explorer mapping (JSON)"),
    recognises=recognises,
    read=read,
)
