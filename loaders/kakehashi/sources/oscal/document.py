"""What all OSCAL documents share: which model it is, the metadata, where things stand, and how records come out of it."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeVar, Unpack

import msgspec

from kakehashi.records.located import Place
from kakehashi.records.model import Edition, Label, Literal, Record, Source
from kakehashi.records.values import Authority, Nature, Redistribution
from kakehashi.sources.files import File, bundle_sha256
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import Publisher, Work, base_of, publisher_called
from kakehashi.sources.oscal.model import Metadata, Prop, plain, told
from kakehashi.sources.spelling import slug
from kakehashi.sources.stating import More, StatementWriter
from kakehashi.sources.typed import MISSING, leave_unread, typed
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

NAME: Final = "oscal"
VERSION: Final = "1"
DEFAULT_LANGUAGE: Final = "en"
NOT_STATED: Final = "not stated"
MAX_SHOWN: Final = 80
MAX_VERSION: Final = 24

NOT_AN_OBJECT = Text("「{key}」は対象(オブジェクト)でなければなりません。", "'{key}' must be an object.")
NOT_A_LIST = Text("「{key}」は一覧(配列)でなければなりません。", "'{key}' must be a list (an array).")
EMPTY = Text("「{key}」が空です。値を書いてください。", "'{key}' is empty. Write a value.")
NO_TIME_ZONE = Text(
    "「{key}」の日時「{value}」に時差がありません。末尾に Z か +09:00 などを付けてください。",
    "The date and time of '{key}', '{value}', has no time zone. Add Z, or an offset such as +09:00, at its end.",
)
BAD_OSCAL_VERSION = Text(
    "OSCALの版「{value}」は読めません。1.x の文書に変換してください。",
    "The OSCAL version '{value}' cannot be read. Convert the document to one of 1.x.",
)
BAD_LANGUAGE = Text("言語「{value}」は言語タグ(BCP 47)ではありません。", "The language '{value}' is no language tag (BCP 47).")

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_LANGUAGE: Final = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
_OSCAL_VERSION: Final = re.compile(r"1\.[0-9]+(?:\.[0-9]+)?(?:[-+.].*)?")
_PATCH: Final = re.compile(r"([0-9]+)(?:\.[0-9]+)+")

# Who, of the roles that a document gives to parties, publishes it; else the first organisation that it names.
_PUBLISHING_ROLES: Final = ("publisher", "creator", "prepared-by", "author")

# Works of the United States Government are in the public domain there (17 U.S.C. 105), and their OSCAL files do not repeat it.
_PUBLIC_DOMAIN: Final = frozenset({"org/nist", "org/fedramp"})
_US_WORK: Final = "not stated in the file; a work of the United States Government (17 U.S.C. 105)"
_OPEN_LICENCES: Final = (
    "creativecommons.org/publicdomain/", "creativecommons.org/licenses/by/", "apache.org/licenses/license-2.0",
    "opensource.org/licenses/mit", "opensource.org/license/mit", "opensource.org/licenses/bsd", "opensource.org/license/bsd",
    "spdx.org/licenses/cc0-1.0", "spdx.org/licenses/cc-by-4.0", "spdx.org/licenses/apache-2.0", "spdx.org/licenses/mit",
)  # fmt: skip

_T = TypeVar("_T", bound=msgspec.Struct)


def short_version(version: str) -> str:
    """A version as part of an id, of bounded length."""
    text = slug(version)
    if len(text) <= MAX_VERSION:
        return text
    return f"{text[: MAX_VERSION - 9].rstrip('-.')}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@dataclass(slots=True)
class Document:
    """A document that is being read: what it is, and the reading that its records go to."""

    file: File
    reading: Reading
    model: str
    body: Mapping[str, Any]
    metadata: Metadata
    title: str
    language: str
    publisher: Publisher | None
    source: Source = field(init=False)
    _stating: StatementWriter = field(init=False)
    _added: set[tuple[type, str]] = field(default_factory=set)

    @property
    def version(self) -> str:
        """The version that the document gives itself; empty where it is left to be filled in."""
        return told(self.metadata.version)

    @property
    def titles(self) -> tuple[str, ...]:
        """The title, and the title without its patch release: 5.0.1 and 5.1.1 are the same edition, Revision 5."""
        patch = _PATCH.match(self.version)
        return (self.title, self.title.replace(patch[0], patch[1])) if patch else (self.title,)

    def begin(self, authority: Authority, identity: str, nature: Nature = Nature.REPORT) -> None:
        """Add the source. Title and version tell documents apart; a document's UUID would not, for it changes with the text."""
        rights = _rights(self.metadata)
        ours = self.publisher is not None and self.publisher.id in _PUBLIC_DOMAIN and authority is Authority.OFFICIAL
        version = f"/{short_version(self.version)}" if self.version else ""
        self.source = Source(
            id=f"source/{NAME}/{self.model}/{slug(identity)}{version}", labels=(self.label(self.title),), authority=authority,
            redistribution=_redistribution(rights, us_work=ours), rights=rights or (_US_WORK if ours else NOT_STATED),
            sha256=bundle_sha256((self.file,)), loader=NAME, loader_version=VERSION,
            publisher=self.publisher.id if self.publisher else None, version=self.version or None,
        )  # fmt: skip
        self._stating = StatementWriter(self.reading, self.source, nature)
        self.add(self.source)
        if self.publisher is not None:
            self.add(self.publisher.record(self.source.id))

    def label(self, text: str, *, ours: bool = False) -> Label:
        """A text in the language of the document."""
        return Label(language=self.language, text=text, ours=ours)

    def add(self, record: Record, place: Place | None = None) -> None:
        """Keep a record; what several places of a document give alike is kept once."""
        key = (type(record), record.id)
        if key not in self._added:
            self._added.add(key)
            self.reading.add(record, place)

    def add_work(self, work: Work, **of_edition: Any) -> None:  # noqa: ANN401 - the fields of an edition
        """Name a work and its edition, with what this document says of the edition."""
        for record in work.records(self.source.id):
            self.add(msgspec.structs.replace(record, **of_edition) if isinstance(record, Edition) else record)

    def add_named(self, work: Work) -> None:
        """Name a work that the document points at, and the one that it takes its provisions from."""
        self.add_work(work)
        base = base_of(work)
        if base is not None:
            self.add_work(base)

    def state(self, subject: str, predicate: str, target: str | Literal, place: Place, **more: Unpack[More]) -> None:
        """Keep a statement."""
        self._stating.state(subject, predicate, target, place, **more)

    def place(self, raw: object, pointer: str) -> Place:
        """Where something stands: the line of a YAML mapping, the pointer of a JSON object."""
        if isinstance(raw, Entry) and raw.line:
            return Place(self.file.name, line=raw.line)
        return Place(self.file.name, pointer=pointer)

    def typed(self, raw: object, shape: type[_T], pointer: str, near: object = None) -> _T | None:
        """The object in a shape; None, and a fault with its place, where it is not of it. `near` is the mapping around it."""
        if isinstance(near, Entry) and not isinstance(raw, dict):
            self.reading.fault(self.place(near, pointer), NOT_AN_OBJECT(key=pointer))
            return None
        found = typed(raw, shape, self.file.name, pointer, self.reading)
        if found is not None and not raw.keys() <= _keys(shape):  # type: ignore[attr-defined]
            leave_unread(raw, shape, self.place(raw, pointer), self.reading)  # type: ignore[arg-type]
        return found

    def each(self, found: object, shape: type[_T], pointer: str, near: object) -> Iterator[tuple[_T, Any, str]]:
        """The objects of a list that are of a shape, each with itself as it was read and its pointer; faults for the others."""
        if not isinstance(found, list):
            self.reading.fault(self.place(near, pointer), NOT_A_LIST(key=pointer.rpartition("/")[2]))
            return
        for number, raw in enumerate(found):
            here = f"{pointer}/{number}"
            one = self.typed(raw, shape, here, near)
            if one is not None:
                yield one, raw, here


@cache
def _keys(shape: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(shape.__struct_encode_fields__)


def open_document(file: File, reading: Reading, model: str, body: Mapping[str, Any]) -> Document | None:
    """The document, where its metadata are fit to say what it is; else None and faults."""
    pointer = f"/{model}/metadata"
    raw = body.get("metadata")
    if raw is None:
        place = Place(file.name, line=body.line) if isinstance(body, Entry) else Place(file.name, pointer=f"/{model}")
        reading.fault(place, MISSING(first="metadata"))
        return None
    metadata = typed(raw, Metadata, file.name, pointer, reading)
    if metadata is None:
        return None
    language = told(metadata.language or value_of(metadata.props, "language")).lower() or DEFAULT_LANGUAGE
    document = Document(file, reading, model, body, metadata, told(metadata.title), language, _publisher(metadata))
    place = document.place(raw, pointer)
    leave_unread(raw, Metadata, place, reading)
    faults = list(_faults(metadata, language))
    for text in faults:
        reading.fault(place, text)
    return None if faults else document


def _faults(metadata: Metadata, language: str) -> Iterator[Text]:
    if not told(metadata.title):
        yield EMPTY(key="title")
    version = plain(metadata.oscal_version)
    if not _OSCAL_VERSION.fullmatch(version):
        yield BAD_OSCAL_VERSION(value=version[:MAX_SHOWN])
    if not _LANGUAGE.fullmatch(language):
        yield BAD_LANGUAGE(value=language[:MAX_SHOWN])
    times = [("published", metadata.published), ("last-modified", metadata.last_modified)]
    for revision in metadata.revisions:
        times += [("revisions.published", revision.published), ("revisions.last-modified", revision.last_modified)]
    for key, value in times:
        if value is not None and not _TIME.fullmatch(plain(value)):
            yield NO_TIME_ZONE(key=key, value=plain(value)[:MAX_SHOWN])


def value_of(props: Iterable[Prop], name: str) -> str:
    """The value of the first property of a name; empty where there is none."""
    return next((told(prop.value) for prop in props if prop.name == name), "")


def _publisher(metadata: Metadata) -> Publisher | None:
    organisations = {plain(one.uuid): told(one.name) for one in metadata.parties if plain(one.type) == "organization"}
    by_role = {plain(one.role_id): [plain(uuid) for uuid in one.party_uuids] for one in reversed(metadata.responsible_parties)}
    named = [uuid for role in _PUBLISHING_ROLES for uuid in by_role.get(role, ())]
    name = next((organisations[uuid] for uuid in (*named, *organisations) if organisations.get(uuid)), None)
    return publisher_called(name) if name else None


def _rights(metadata: Metadata) -> str:
    """What the file says of its licence; empty where it says nothing."""
    for link in metadata.links:
        if plain(link.rel).lower() in {"license", "licence"}:
            return plain(link.href) or plain(link.text)
    stated = next((value for name in ("license", "licence", "copyright") if (value := value_of(metadata.props, name))), "")
    remarks = told(metadata.remarks)
    return stated or (remarks if "copyright" in remarks.lower() or "licen" in remarks.lower() else "")


def _redistribution(rights: str, *, us_work: bool) -> Redistribution:
    if any(licence in rights.lower() for licence in _OPEN_LICENCES) or (us_work and not rights):
        return Redistribution.OPEN
    return Redistribution.LOCAL_ONLY
