"""Makes a release out of sources: write what is new, validate, describe, switch. All or nothing.

Killed at any moment, the former release is served.
"""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

from kakehashi.pipeline.reading import ReadSource
from kakehashi.pipeline.shapes import breaches
from kakehashi.pipeline.words import Words, words_of
from kakehashi.records.identity import release_id
from kakehashi.records.located import Fault, InvalidSourceError, Place
from kakehashi.records.model import Source
from kakehashi.records.values import Redistribution
from kakehashi.snapshot.home import Home, Stored
from kakehashi.snapshot.repository import private_repository_of
from kakehashi.snapshot.saved import VOCABULARY
from kakehashi.store.codec import Encoder
from kakehashi.store.port import Draft, GraphEntry, Release, Repository, Row
from kakehashi.store.terms import decode_terms, ntriples, vocabulary_triples
from kakehashi.vocabulary.files import terms_sha256
from kakehashi.vocabulary.iris import IdSpace, private_base
from kakehashi.vocabulary.rdf import Triple
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

BUSY = Text(
    "別の処理が {home} を使っています。終わるのを待ってやり直してください。",
    "Another load or build is using {home}. Wait for it and try again.",
)

VIOLATION = Text("{message}(対象: {focus}、値: {value})", "{message} (focus: {focus}, value: {value})")

LINES_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Maker:
    """What every step of making a release needs; `private` makes the private releases beside, and is None in that one itself."""

    home: Home
    repository: Repository
    ids: IdSpace
    vocabulary: tuple[Triple, ...]
    words: Words
    private: "Maker | None" = None

    @classmethod
    def of(cls, home: Home, repository: Repository, base: str, private: Repository | None = None) -> "Maker":
        """A maker over the packaged vocabulary; unless it is said otherwise, private releases lie in the home."""
        vocabulary = tuple(vocabulary_triples())
        words, beside = words_of(vocabulary), private or private_repository_of(home)
        maker = cls(home.private, beside, IdSpace(base, private_base(base)), vocabulary, words)
        return cls(home, repository, IdSpace(base), vocabulary, words, maker)

    def admits(self, source: Source) -> bool:
        """Whether a source belongs into these releases: private ones into the private, all others into the public."""
        return (source.redistribution is Redistribution.PRIVATE) == self.is_private

    @property
    def is_private(self) -> bool:
        """Whether it makes the private releases."""
        return self.private is None

    def former(self) -> Release | None:
        """The served release."""
        current = self.repository.current()
        return next((release for release in self.repository.releases() if release.id == current), None)


class Making:
    """A release in the making: the graphs that it will list so far, and the draft that they are written to."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self.former = maker.former()
        self.graphs: dict[str, GraphEntry] = {}
        self._known = {graph.name: graph for graph in self.former.graphs} if self.former is not None else {}
        self._encoder = Encoder(maker.ids, maker.words.core_classes)
        self._draft: Draft | None = None

    def keep(self, graph: GraphEntry) -> None:
        """Take over a graph of the former release."""
        self.graphs[graph.source] = graph

    def take_back(self, source: str) -> None:
        """Leave out a source that was added, so that nothing else can rest on what it says."""
        graph = self.graphs.pop(source)
        if self._draft is not None and graph.name not in self._known:
            self._draft.settle()
            self._draft.drop(graph.name)

    def add(self, read: ReadSource) -> GraphEntry:
        """Take in a source that has no faults; one that the former release has just so is not written again."""
        source = read.source
        if source is None or read.faults or not self._maker.admits(source):
            raise ValueError(f"{read.id} was refused")
        self._maker.home.keep(read.digest, list[Stored](read.records))
        name = f"{source.id}/{read.digest[:16]}-{source.loader}-{source.loader_version}"
        return self._take(name, source.id, read.digest, lambda: self._encoder.graph(read.records))

    def _take(self, name: str, source: str, digest: str, lines: Callable[[], list[str]]) -> GraphEntry:
        iri = self._maker.ids.graph(name)
        graph = self._known.get(iri)
        if graph is None:
            triples = lines()
            graph = GraphEntry(name=iri, source=source, digest=digest, triples=len(triples))
            self._write(graph, triples)
        self.graphs[source] = graph
        return graph

    def _write(self, graph: GraphEntry, triples: list[str]) -> None:
        self._begun().add(graph, _chunks(triples))

    def _begun(self) -> Draft:
        """The draft; a private one begins empty, since the former one's files would keep what was taken out."""
        if self._draft is None:
            self._draft = self._maker.repository.begin(None if self._maker.is_private else self.former)
        return self._draft

    def finish(self, places: Mapping[str, Place] = MappingProxyType({})) -> tuple[Release, bool]:
        """Validate what is new, commit and switch; the release, and whether it is a new one. InvalidSourceError otherwise.

        `places` says by ids where records were read; a fault of any other lies in its source.
        """
        release = self.release()
        self.check(places)
        known = {one.id: one for one in self._maker.repository.releases()}.get(release.id)
        if known is not None:
            self.abandon()
        else:
            draft = self._begun()
            if self._maker.is_private:
                self._copy_kept(draft)
            draft.commit(release)
        self._maker.repository.switch(release.id, None if self.former is None else self.former.id)
        return known or release, known is None

    def _copy_kept(self, draft: Draft) -> None:
        """Write what is taken over of the former release into a draft that began empty."""
        if self.former is None:
            return
        store = self._maker.repository.open(self.former.id)
        for graph in self.graphs.values():
            if graph.name in self._known:
                draft.add(graph, _chunks(ntriples(store.triples(graph.name))))
        draft.settle()
        store.close()

    def abandon(self) -> None:
        """Take back what was written; the former release is untouched."""
        if self._draft is not None:
            self._draft.abandon()
            self._draft = None

    def check(self, places: Mapping[str, Place] = MappingProxyType({})) -> None:
        """Hold the new graphs, as the store has them, against the shapes; InvalidSourceError."""
        new = {graph.name: graph.source for graph in self.graphs.values() if graph.name not in self._known}
        draft = self._draft
        if draft is None or not new:
            return
        draft.settle()
        found = list(breaches(draft.ask, sorted(new)))
        if found:
            raise InvalidSourceError([self._fault(message, row, new, places) for message, row in found])

    def _fault(self, message: Text, row: Row, sources: Mapping[str, str], places: Mapping[str, Place]) -> Fault:
        graph, iri, value = (term.value if (term := row.get(name)) is not None else "-" for name in ("g", "this", "value"))
        focus = self._maker.ids.identifier(iri) or iri
        text = Text(
            VIOLATION.ja.format(message=message.ja, focus=focus, value=value),
            VIOLATION.en.format(message=message.en, focus=focus, value=value),
        )
        return Fault(places.get(focus) or Place(sources.get(graph, graph)), text)

    def release(self) -> Release:
        """The release as it will be, with what was taken in so far."""
        terms = list[Stored](decode_terms(self._maker.vocabulary))
        self._maker.home.keep(terms_sha256(), terms)
        name = f"{VOCABULARY}/{terms_sha256()}"
        self._take(name, VOCABULARY, terms_sha256(), lambda: ntriples(self._maker.vocabulary))
        graphs = tuple(sorted(self.graphs.values()))
        digests = [graph.digest for graph in graphs if graph.source != VOCABULARY]
        return Release(
            id=release_id(digests, terms_sha256(), self._maker.ids.base), built_at=datetime.now(UTC).replace(microsecond=0),
            base=self._maker.ids.base, version=version("kakehashi"), graphs=graphs,
            former=None if self.former is None else self.former.id,
        )  # fmt: skip


@contextmanager
def making(maker: Maker) -> Iterator[Making]:
    """A release in the making, under the home's lock; left with an error, nothing of it stays."""
    with locked(maker.home):
        one = Making(maker)
        try:
            yield one
        except BaseException:
            one.abandon()
            raise


def _chunks(lines: list[str]) -> Iterator[bytes]:
    for start in range(0, len(lines), LINES_AT_ONCE):
        yield ("\n".join(lines[start : start + LINES_AT_ONCE]) + "\n").encode()


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """One maker of releases at a time."""
    home.root.mkdir(home.mode, parents=True, exist_ok=True)
    if home.closed:
        home.root.chmod(home.mode)  # somebody may have made it, or copied it here, with another
    with home.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise KakehashiError(ErrorCode.BUSY, BUSY(home=home.root)) from error
        for stale in home.root.glob("*/*.json.*"):
            stale.unlink(missing_ok=True)
        yield
