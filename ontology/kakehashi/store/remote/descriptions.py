"""What releases say of themselves: one graph each, written last, and finished only when all of its text is there."""

import hashlib
from collections import defaultdict
from typing import Final

import msgspec

from kakehashi.store.port import Release
from kakehashi.store.remote.binding import serialised
from kakehashi.store.remote.graphs import Graphs
from kakehashi.store.remote.marks import Marks
from kakehashi.store.remote.messages import UNKNOWN_DESCRIPTION
from kakehashi.vocabulary.iris import STORE, Books
from kakehashi.vocabulary.rdf import Iri, Lit
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

PART: Final = 8_000
"""Characters of one literal: servers differ in how long a literal may be, and none is troubled by this."""
_PART: Final = Iri(STORE + "part")


class Descriptions:
    """The descriptions of the releases on one server; `listed` are the graphs that hold them."""

    def __init__(self, graphs: Graphs, listed: Marks, books: Books) -> None:
        self._graphs = graphs
        self._listed = listed
        self._books = books

    def write(self, release: Release) -> None:
        """Describe a release. What a killed process wrote of it is in nobody's way: its parts are told apart by their digest."""
        graph = self._books.release(release.id)
        self._listed.add(Iri(graph))
        node, predicate = serialised(Iri(graph)), serialised(_PART)
        parts = (f"{node} {predicate} {serialised(Lit(part))} .\n" for part in _parts(release))
        self._graphs.write(graph, (part.encode() for part in parts))

    def read(self, release_id: str) -> Release | None:
        """The description of a release; None where there is none, or only a part of one."""
        graph = self._books.release(release_id)
        parts = [term.value for _, _, term in self._graphs.pages(graph, _PART)]
        found = [_decoded(release_id, text) for text in _whole(parts)]
        return max(found, key=lambda release: release.built_at, default=None)

    def all(self) -> list[Release]:
        """All finished releases, oldest first."""
        found = (self.read(release_id) for release_id in self.ids())
        return sorted((one for one in found if one is not None), key=lambda release: (release.built_at, release.id))

    def ids(self) -> set[str]:
        """The ids of all releases, finished or not."""
        return {self._books.release_id(graph.value) for graph in self._listed.all()}

    def forget(self, release_id: str) -> None:
        """Remove a description."""
        graph = self._books.release(release_id)
        self._graphs.empty(graph)
        self._listed.remove(Iri(graph))


def _parts(release: Release) -> list[str]:
    text = msgspec.json.encode(release).decode()
    digest = hashlib.sha256(text.encode()).hexdigest()
    pieces = [text[start : start + PART] for start in range(0, len(text), PART)]
    return [f"{digest} {place} {len(pieces)} {piece}" for place, piece in enumerate(pieces)]


def _whole(parts: list[str]) -> list[str]:
    """The texts of which every part is there."""
    pieces: dict[str, dict[int, str]] = defaultdict(dict)
    for part in parts:
        digest, place, _, piece = part.split(" ", 3)
        pieces[digest][int(place)] = piece
    texts = {digest: "".join(piece for _, piece in sorted(found.items())) for digest, found in pieces.items()}
    return [text for digest, text in texts.items() if hashlib.sha256(text.encode()).hexdigest() == digest]


def _decoded(release_id: str, text: str) -> Release:
    try:
        return msgspec.json.decode(text, type=Release)
    except msgspec.DecodeError as error:
        raise KakehashiError(ErrorCode.STORE_FAILED, UNKNOWN_DESCRIPTION(id=release_id)) from error
