"""The store embedded in this process: pyoxigraph on disk (RocksDB), no server to start.

KAKEHASHI_HOME/
  current              one line: the id of the served release; replaced atomically
  releases/{id}/       store/  release.json; never changed after its rename into place
  building/            what is not finished; swept by the next draft

A draft begins as a backup of the former release's store, whose files are hard links: it costs what is new, not what is kept.
"""

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final, Self

import msgspec
import pyoxigraph as ox

from kakehashi.store.durable import sync_files, sync_folder, write_whole
from kakehashi.store.named import query
from kakehashi.store.port import GraphEntry, Release, Row
from kakehashi.vocabulary.iris import LANG_STRING
from kakehashi.vocabulary.rdf import Iri, Lit, Term, Triple
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MOVED = Text(
    "別の処理が先に配信対象を {found} に切り替えました。もう一度実行してください。",
    "Another load switched the served release to {found} first. Run it again.",
)
LOST = Text(
    "格納した内容が読み込んだ内容と一致しません({graph}: {found}/{wanted})。リリースは変更されていません。",
    "What was stored is not what was read ({graph}: {found} of {wanted}). The release was left as it was.",
)
FAILED = Text(
    "格納できませんでした: {problem}。リリースは変更されていません。",
    "Storing failed: {problem}. The release was left as it was.",
)
NO_SUCH_RELEASE = Text("リリース {id} はありません。", "There is no release {id}.")

DESCRIPTION: Final = "release.json"
PIECE_BYTES: Final = 24 * 1024 * 1024
"""How much the store is given at once: in much smaller pieces it is slower, and larger ones take more memory."""
WRITERS: Final = 2


class EmbeddedStore:
    """One folder on disk. A second process may open it for reading while it is served."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def read_only(cls, folder: Path) -> Self:
        """A finished store, for reading."""
        return cls(ox.Store.read_only(str(folder)))

    def count(self, graph: str) -> int:
        """How many triples a graph has; 0 where there is none."""
        return _count(self._store, graph)

    def triples(self, graph: str) -> Iterator[Triple]:
        """All triples of a graph."""
        for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            yield _iri(quad.subject), _iri(quad.predicate), _term(quad.object)

    def close(self) -> None:
        """Drop the handle: RocksDB lets go of its lock with the last reference."""
        del self._store


class EmbeddedDraft:
    """A store in a folder of its own, which takes its place in one rename.

    Graphs are gathered into pieces of a good size and written by threads of their own: the store works outside the interpreter's
    lock, so that the caller goes on reading meanwhile.
    """

    def __init__(self, work: Path, repository: "EmbeddedRepository", store: ox.Store) -> None:
        self.work, self.store = work, store
        self._repository = repository
        self._held = {graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)}
        self._wanted: dict[str, int] = {}
        self._piece: list[bytes] = []
        self._pool = ThreadPoolExecutor(max_workers=WRITERS, thread_name_prefix="store-writer")
        self._slots = BoundedSemaphore(WRITERS + 1)
        self._writing: list[Future[None]] = []

    def add(self, graph: GraphEntry, ntriples: Iterable[bytes]) -> None:
        """Take in a graph; one that is there already (with the former release's files) is left as it is."""
        if graph.name in self._held or graph.name in self._wanted:
            return
        self._wanted[graph.name] = graph.triples
        end = f" <{graph.name}> .\n".encode()
        for chunk in ntriples:
            self._piece.append(chunk.replace(b" .\n", end))
            if sum(map(len, self._piece)) >= PIECE_BYTES:
                self._write()

    def _write(self) -> None:
        piece, self._piece = b"".join(self._piece), []
        self._slots.acquire()
        self._writing.append(self._pool.submit(self._load, piece))

    def _load(self, piece: bytes) -> None:
        try:
            # What is written was checked as records; a second check of each IRI doubles the time.
            self.store.bulk_load(input=piece, format=ox.RdfFormat.N_QUADS, lenient=True)
        finally:
            self._slots.release()

    def settle(self) -> None:
        """Wait until all is written, and see that all of it is there."""
        if self._piece:
            self._write()
        try:
            for writing in self._writing:
                writing.result()
        except (OSError, SyntaxError, RuntimeError, ValueError) as error:
            raise KakehashiError(ErrorCode.STORE_FAILED, FAILED(problem=error)) from error
        self._writing.clear()
        counted = self._pool.map(lambda name: _count(self.store, name), self._wanted)
        for (name, wanted), found in zip(self._wanted.items(), counted, strict=True):
            if found != wanted:
                raise KakehashiError(ErrorCode.STORE_FAILED, LOST(graph=name, found=found, wanted=wanted))
        self._held |= self._wanted.keys()
        self._wanted.clear()

    def drop(self, graph: str) -> None:
        """Take a settled graph out again."""
        self._held.remove(graph)
        self.store.remove_graph(ox.NamedNode(graph))

    def ask(self, query: str, graphs: Iterable[str] | None = None) -> Iterator[Row]:
        """The rows of a query over some named graphs of the draft, or over all of them."""
        named: list[ox.NamedNode | ox.BlankNode] | None = None if graphs is None else [ox.NamedNode(graph) for graph in graphs]
        solutions = _solutions(self.store.query(query, named_graphs=named))
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: None if solution[name] is None else _term(solution[name]) for name in names}

    def commit(self, release: Release) -> None:
        """Drop what the release does not list, flush, describe, sync, and rename into place."""
        self.settle()
        try:
            for graph in self._held - {graph.name for graph in release.graphs}:
                self.drop(graph)
            self.store.flush()
            self._close()
            (self.work / DESCRIPTION).write_bytes(msgspec.json.format(msgspec.json.encode(release)))
            sync_files(self.work)
            place = self._repository.folder(release.id)
            place.parent.mkdir(exist_ok=True)
            self.work.rename(place)
            sync_folder(place.parent)
        except OSError as error:
            raise KakehashiError(ErrorCode.STORE_FAILED, FAILED(problem=error)) from error

    def abandon(self) -> None:
        """Remove the folder."""
        self._piece.clear()
        self._close()
        shutil.rmtree(self.work, ignore_errors=True)

    def _close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._writing.clear()
        if hasattr(self, "store"):
            del self.store


@dataclass(frozen=True, slots=True)
class EmbeddedRepository:
    """Releases as folders below one KAKEHASHI_HOME."""

    root: Path
    reuse_seconds: float = 0.0

    @property
    def pointer(self) -> Path:
        """The file that names the served release."""
        return self.root / "current"

    def folder(self, release_id: str) -> Path:
        """The folder of one release."""
        return self.root / "releases" / release_id

    def current(self) -> str | None:
        """The id of the served release; None where none was ever finished."""
        try:
            return self.pointer.read_text("ascii").strip() or None
        except FileNotFoundError:
            return None

    def releases(self) -> list[Release]:
        """All finished releases, oldest first."""
        found = [msgspec.json.decode(file.read_bytes(), type=Release) for file in self.root.glob(f"releases/*/{DESCRIPTION}")]
        return sorted(found, key=lambda release: (release.built_at, release.id))

    def open(self, release_id: str) -> EmbeddedStore:
        """The graphs of a finished release."""
        folder = self.folder(release_id)
        if not folder.is_dir():
            raise KakehashiError(ErrorCode.NOT_FOUND, NO_SUCH_RELEASE(id=release_id[:80]))
        return EmbeddedStore.read_only(folder / "store")

    def begin(self, former: Release | None) -> EmbeddedDraft:
        """The former release's store by hard links, or an empty one; what a killed draft left is swept."""
        work = self.root / "building"
        shutil.rmtree(work, ignore_errors=True)
        try:
            work.mkdir(parents=True)
            if former is not None:
                ox.Store.read_only(str(self.folder(former.id) / "store")).backup(str(work / "store"))
            return EmbeddedDraft(work, self, ox.Store(str(work / "store")))
        except OSError as error:
            raise KakehashiError(ErrorCode.STORE_FAILED, FAILED(problem=error)) from error

    def switch(self, release_id: str, expected: str | None) -> None:
        """Serve another finished release, in one atomic step. Only one process at a time holds the home's lock and comes here."""
        found = self.current()
        if found != expected:
            raise KakehashiError(ErrorCode.BUSY, MOVED(found=found))
        write_whole(self.pointer, f"{release_id}\n".encode("ascii"))

    def prune(self, keep: frozenset[str]) -> int:
        """Remove the folders of releases other than those, and count the graphs that no kept one names; never the served one."""
        releases = self.releases()
        kept = keep | {self.current()}
        names = {graph.name for release in releases if release.id in kept for graph in release.graphs}
        gone = {graph.name for release in releases if release.id not in kept for graph in release.graphs} - names
        for release in releases:
            if release.id not in kept:
                shutil.rmtree(self.folder(release.id))
        return len(gone)

    def close(self) -> None:
        """Nothing is held."""


def _count(store: ox.Store, graph: str) -> int:
    (row,) = _solutions(store.query(query("count"), default_graph=[ox.NamedNode(graph)]))
    return int(getattr(row["n"], "value", 0))


def _solutions(results: object) -> ox.QuerySolutions:
    if not isinstance(results, ox.QuerySolutions):
        raise TypeError(results)
    return results


def _iri(term: object) -> Iri:
    if not isinstance(term, ox.NamedNode):
        raise TypeError(term)
    return Iri(term.value)


def _term(term: object) -> Term:
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.Literal():
            datatype = term.datatype.value
            return Lit(term.value, datatype, term.language if datatype == LANG_STRING else None)
    raise TypeError(term)
