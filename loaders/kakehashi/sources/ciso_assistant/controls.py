"""Reference controls and threats: what nodes of frameworks point to, listed in libraries of their own or beside a framework."""

from collections.abc import Iterable
from typing import Final

from kakehashi.records.model import Label, Resource
from kakehashi.sources.ciso_assistant.shelf import Shelf
from kakehashi.sources.ciso_assistant.urns import member_in
from kakehashi.sources.naming import Work
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

COLLECTIONS: Final = (("reference_controls", "function", "reference-control"), ("threats", "threat", "threat"))
"""The key of an object, the type in the urns of its entries, and the kind that these are of."""

_TEXTS: Final = ("description", "annotation", "typical_evidence")
_CLASSES: Final = ("category", "csf_function")
_KEYS: Final = frozenset({"urn", "ref_id", "name", "translations", *_TEXTS, *_CLASSES})

TWICE = Text("「{id}」が二度定義されています。", "'{id}' is defined twice.")
CLASSES = Text(
    "CISO Assistantが自らの参照管理策に付けた区分(categoryとcsf_function)。",
    "The classes that CISO Assistant puts its own reference controls in (category and csf_function).",
)


def collections_of(shelf: Shelf, objects: Entry) -> list[Work]:
    """The works that the collections of a library belong to, by the urns of their entries."""
    found: dict[str, Work] = {}
    for key, urn_type, _ in COLLECTIONS:
        listed = objects.get(key)
        for entry in listed if isinstance(listed, list) else ():
            member = member_in(str(entry.get("urn")), urn_type) if isinstance(entry, Entry) else None
            if member is not None:
                work = shelf.names.collection(urn_type, member[0])
                found[work.edition] = work
    return list(found.values())


def read_collection(shelf: Shelf, objects: Entry, key: str, urn_type: str, kind: str) -> None:
    """The entries of one key, each in the edition that its urn names."""
    editions: dict[str, dict[str, None]] = {}
    for entry in shelf.entries(objects, key):
        shelf.reading.count(key.replace("_", " "))
        _read_one(shelf, entry, urn_type, kind, editions)
    for namespace, ids in editions.items():
        work = shelf.names.collection(urn_type, namespace)
        shelf.declare(work, tuple(ids) if kind == "reference-control" else ())


def _read_one(shelf: Shelf, entry: Entry, urn_type: str, kind: str, editions: dict[str, dict[str, None]]) -> None:
    place = shelf.place(entry)
    urn = shelf.text(entry, "urn", required=True)
    member = member_in(urn, urn_type) if urn else None
    if member is None:
        if urn:
            shelf.bad_urn(place, urn, urn_type)
        return
    identifier = shelf.names.collection(urn_type, member[0]).provision(member[1])
    ids = editions.setdefault(member[0], {})
    if identifier in ids:
        shelf.reading.fault(place, TWICE(id=identifier))
        return
    ids[identifier] = None
    shelf.reading.add(_resource(shelf, entry, identifier, kind, member[1]), place)
    classes = sum(1 for key in _CLASSES if entry.get(key))
    if classes:
        shelf.reading.leave(CLASSES, place, classes)
    shelf.leave_others(entry, _KEYS)


def _resource(shelf: Shelf, entry: Entry, identifier: str, kind: str, tail: str) -> Resource:
    translations = shelf.translations(entry)
    notation = shelf.text(entry, "ref_id")
    names = shelf.labels(entry, "name", translations)
    texts: Iterable[Label] = (label for key in _TEXTS for label in shelf.labels(entry, key, translations))
    return Resource(
        id=identifier, kind=kind, source=shelf.source.id, notation=notation, texts=tuple(texts),
        labels=names or (Label(language=shelf.language, text=notation or tail),),
    )  # fmt: skip
