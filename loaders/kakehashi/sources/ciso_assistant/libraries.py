"""The wrapper of a CISO Assistant library: what it is, who provides it, on what terms, and which objects it holds."""

import re
from collections.abc import Iterable
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Source
from kakehashi.records.values import Authority, Redistribution
from kakehashi.sources.ciso_assistant.controls import COLLECTIONS, collections_of, read_collection
from kakehashi.sources.ciso_assistant.mapping_sets import SetInHand, read_sets, sets_of
from kakehashi.sources.ciso_assistant.nodes import framework_work, read_framework
from kakehashi.sources.ciso_assistant.shelf import BAD_LANGUAGE, MAX_SHOWN, Shelf, is_language
from kakehashi.sources.ciso_assistant.urns import name_in
from kakehashi.sources.entries import NOT_A_MAPPING
from kakehashi.sources.files import File, UnreadableError, bundle_sha256, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Work, is_publisher_of, publisher_called
from kakehashi.sources.spelling import slug
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

NAME: Final = "ciso-assistant"
VERSION: Final = "1"

_OBJECTS: Final = frozenset({
    "framework", "requirement_mapping_set", "requirement_mapping_sets", *(key for key, _, _ in COLLECTIONS),
})  # fmt: skip
_WRAPPER: Final = frozenset({"provider", "packager", "locale", "ref_id", "publication_date", "copyright", "dependencies"})
_LIBRARY_KEYS: Final = frozenset({"urn", "locale", "name", "translations", "copyright", "version", "provider", "objects"})
_LEFT_KEYS: Final = frozenset({"ref_id", "description", "publication_date", "packager", "convert_library_version"})
_BEGINNING: Final = re.compile(rb"^urn:[ \t]*['\"]?urn:[^:\s]*:risk:library:", re.MULTILINE)
_BEGINNING_BYTES: Final = 8192

_TERMS: Final = (
    (re.compile(r"\b(nc|nd|sa)\b|all rights reserved", re.IGNORECASE), Redistribution.LOCAL_ONLY),
    (re.compile(r"\bcc0\b|public domain|public information and may be distributed", re.IGNORECASE), Redistribution.OPEN),
    (re.compile(r"\bcc[ -]by\b|\bapache\b|\bmit licen[cs]e\b|\bbsd\b", re.IGNORECASE), Redistribution.OPEN),
    # what agencies of the United States write is in the public domain
    (re.compile(r"\A(nist|fedramp)\b", re.IGNORECASE), Redistribution.OPEN),
    (re.compile(r"\A(© *)?intuitem\b", re.IGNORECASE), Redistribution.CITATION_ONLY),
)
"""What a copyright text lets leave, the first that matches; a text that names a holder and no terms lets nothing leave."""

NO_OBJECTS = Text("ライブラリにobjectsがありません。", "The library has no objects.")
DEPENDENCY = Text(
    "先に読み込むべき別のライブラリの名。対応付けの行が自ら両端を示すので要らない。",
    "The name of a library that CISO Assistant loads first; rows name their ends themselves, so it is not needed.",
)
OTHER_OBJECT = Text(
    "枠組み、参照管理策、脅威、対応付け集のいずれでもないもの。",
    "An object that is no framework, reference control, threat or mapping set.",
)
WRAPPER = Text(
    "ライブラリの梱包の情報(説明、公開日、梱包者など)。出典には題名、版、提供者、権利表示を採る。",
    "How the library is wrapped (description, date, packager); its title, version, provider and rights are kept with the source.",
)


def recognises(file: File) -> bool:
    """Whether it is a library: by its urn or by what it holds; where the YAML is broken, by how it begins."""
    if file.suffix not in {".yaml", ".yml"}:
        return False
    try:
        library = mapping_or_empty(file.document)
    except UnreadableError:
        return _BEGINNING.search(file.content[:_BEGINNING_BYTES]) is not None
    urn, objects = library.get("urn"), library.get("objects")
    if isinstance(urn, str) and name_in(urn, "library"):
        return True
    return isinstance(objects, dict) and not _OBJECTS.isdisjoint(objects) and not _WRAPPER.isdisjoint(library)


def read(bundle: Bundle) -> Reading:
    """One library."""
    reading = Reading()
    file = bundle[0]
    document = file.document
    if not isinstance(document, Entry):
        reading.fault(Place(file.name, 1), NOT_A_MAPPING)
        return reading
    shelf = _open(file, document, reading)
    objects = document.get("objects")
    if not isinstance(objects, Entry):
        reading.fault(shelf.place(document), NO_OBJECTS)
        return reading
    _read_objects(shelf, document, objects)
    _leave_rest(shelf, document, objects)
    return reading


def _open(file: File, document: Entry, reading: Reading) -> Shelf:
    """The shelf for a library, and its source; what its objects are decides its authority later."""
    unnamed = Source(
        id="source", labels=(), authority=Authority.THIRD_PARTY, redistribution=Redistribution.LOCAL_ONLY, rights="",
        sha256=bundle_sha256((file,)), loader=NAME, loader_version=VERSION,
    )  # fmt: skip
    shelf = Shelf(file.name, reading, unnamed)
    provider = shelf.text(document, "provider")
    shelf.publisher = publisher_called(provider) if provider else None
    shelf.version = shelf.text(document, "version")
    shelf.language = shelf.text(document, "locale", required=True) or shelf.language
    if not is_language(shelf.language):
        reading.fault(shelf.place(document), BAD_LANGUAGE(language=shelf.language[:MAX_SHOWN]))
    return shelf


def _source(shelf: Shelf, document: Entry, authority: Authority) -> Source:
    urn = shelf.text(document, "urn", required=True)
    name = name_in(urn, "library") if urn else None
    if urn and name is None:
        shelf.bad_urn(shelf.place(document), urn, "library")
    rights = shelf.text(document, "copyright")
    titles = shelf.labels(document, "name", shelf.translations(document))
    return Source(
        id="/".join(("source", NAME, slug(name or "x"), *([slug(shelf.version)] if shelf.version else []))),
        labels=titles or (Label(language=shelf.language, text=name or "x"),),
        authority=authority, redistribution=_redistribution(rights or ""), rights=rights or "not stated",
        sha256=shelf.source.sha256, loader=NAME, loader_version=VERSION,
        publisher=shelf.publisher.id if shelf.publisher else None, version=shelf.version,
    )  # fmt: skip


def _redistribution(rights: str) -> Redistribution:
    return next((found for pattern, found in _TERMS if pattern.search(rights)), Redistribution.LOCAL_ONLY)


def _read_objects(shelf: Shelf, document: Entry, objects: Entry) -> None:
    framework = objects.get("framework")
    if framework is not None and not isinstance(framework, Entry):
        shelf.reading.fault(shelf.place(objects), NOT_A_MAPPING)
    work = framework_work(shelf, framework) if isinstance(framework, Entry) else None
    sets = sets_of(shelf, objects)
    shelf.source = _source(shelf, document, _authority(shelf, objects, work, sets))
    shelf.reading.add(shelf.source)
    if shelf.publisher is not None:
        shelf.reading.add(shelf.publisher.record(shelf.source.id))
    for key, urn_type, kind in COLLECTIONS:
        read_collection(shelf, objects, key, urn_type, kind)
    if work is not None and isinstance(framework, Entry):
        read_framework(shelf, framework, work)
    read_sets(shelf, sets)
    for met in shelf.names.works.values():
        shelf.declare(met)


def _authority(shelf: Shelf, objects: Entry, framework: Work | None, sets: Iterable[SetInHand]) -> Authority:
    """Official where the provider publishes an end of every mapping set, or else the collections.

    A framework is retold here by a packager, whoever published it: the publisher's own file has the better word for its names.
    """
    publisher = shelf.publisher
    if publisher is None or framework is not None:
        return Authority.THIRD_PARTY
    ends: list[tuple[Work, ...]] = [(held.source, held.target) for held in sets]
    groups = ends or [(work,) for work in collections_of(shelf, objects)]
    official = bool(groups) and all(is_publisher_of(publisher, *works) for works in groups)
    return Authority.OFFICIAL if official else Authority.THIRD_PARTY


def _leave_rest(shelf: Shelf, document: Entry, objects: Entry) -> None:
    place = shelf.place(document)
    dependencies = shelf.texts(document, "dependencies")
    if dependencies:
        shelf.reading.leave(DEPENDENCY, place, len(dependencies))
    others = sum(1 for key in objects if key not in _OBJECTS)
    if others:
        shelf.reading.leave(OTHER_OBJECT, shelf.place(objects), others)
    wrapper = sum(1 for key in _LEFT_KEYS if document.get(key) is not None)
    if wrapper:
        shelf.reading.leave(WRAPPER, place, wrapper)
    shelf.leave_others(document, _LIBRARY_KEYS | _LEFT_KEYS | {"dependencies"})


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("CISO Assistantライブラリ(YAML)", "CISO Assistant library (YAML)"),
    recognises=recognises,
    read=read,
)
