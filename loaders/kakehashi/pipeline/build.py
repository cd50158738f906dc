"""Builds a release: read, check, validate, store, compile, switch. Killed at any moment, the former release is served."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources.abc import Traversable
from itertools import groupby
from pathlib import Path
from typing import Final

import orjson
from rdflib import Literal, URIRef

from kakehashi.pipeline.check import faults
from kakehashi.pipeline.inputs import read_all
from kakehashi.pipeline.validate import violations
from kakehashi.pipeline.words import Words, vocabulary_words
from kakehashi.records.identity import release_id
from kakehashi.records.located import InvalidSourceError, Located
from kakehashi.records.model import Edition, Framework, Matrix, Record, Records, Resource, Source, Statement
from kakehashi.snapshot.compiled import read_records
from kakehashi.snapshot.home import Home, sync_folder
from kakehashi.snapshot.model import Manifest, Snapshot
from kakehashi.snapshot.saved import load, save
from kakehashi.store.codec import Encoder
from kakehashi.store.embedded import EmbeddedStore
from kakehashi.store.port import Iri, Lit, Triple
from kakehashi.vocabulary.files import TERM_FILES, graph, terms_sha256
from kakehashi.vocabulary.iris import LANG_STRING, XSD_STRING, IdSpace
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

READING: Final = Text("データを読んでいます", "Reading the data")
CHECKING: Final = Text("検査しています", "Checking it")
VALIDATING: Final = Text("SHACLで検証しています", "Validating with SHACL")
STORING: Final = Text("格納しています", "Storing")
COMPILING: Final = Text("スナップショットを作っています", "Compiling the snapshot")
STEPS: Final = (READING, CHECKING, VALIDATING, STORING, COMPILING)

BUSY = Text(
    "別のビルドが {home} を使っています。終わるのを待ってやり直してください。",
    "Another build is using {home}. Wait for it and try again.",
)
LOST = Text(
    "格納した内容が読み込んだ内容と一致しません({what})。リリースは変更されていません。",
    "What was stored is not what was read ({what}). The release was left as it was.",
)

Report = Callable[[Text], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did; `fresh` is false where the very same release was there already."""

    manifest: Manifest
    fresh: bool
    counts: Mapping[str, int]


def build(home: Home, inputs: Iterable[Traversable], base: str, report: Report = lambda _: None) -> Built:
    """Build a release of the inputs and serve it.

    Raises InvalidSourceError with every fault, or KakehashiError(BUSY); in both cases the former release stays.
    """
    with _locked(home):
        return _prepare(home, inputs, base, report).run()


def check_sources(inputs: Iterable[Traversable], base: str) -> int:
    """Check inputs as a build would, and write nothing; how many records they hold. Raises InvalidSourceError."""
    prepared = _prepare(Home(Path()), inputs, base, lambda _: None)
    prepared.validate()
    return len(prepared.located)


def _prepare(home: Home, inputs: Iterable[Traversable], base: str, report: Report) -> "_Build":
    report(READING)
    reading = read_all(inputs)
    report(CHECKING)
    words = vocabulary_words()
    found = reading.faults + faults(reading.records, words)
    if found:
        raise InvalidSourceError(found)
    return _Build(home, IdSpace(base), words, reading.records, report)


@dataclass(frozen=True, slots=True)
class _Build:
    home: Home
    ids: IdSpace
    words: Words
    located: list[Located[Record]]
    report: Report

    def run(self) -> Built:
        identifier = release_id(self._records(), terms_sha256(), self.ids.base)
        folder = self.home.release(identifier)
        fresh = not folder.exists()
        if fresh:
            self.validate()
            self._assemble(identifier, folder)
        self.home.switch(identifier)
        return Built(manifest=load(self.home.snapshot(identifier)).manifest, fresh=fresh, counts=self._counts())

    def _records(self) -> list[Record]:
        return [located.record for located in self.located]

    def _encoder(self) -> Encoder:
        return Encoder(self.ids, dict(self.words.core_classes))

    def validate(self) -> None:
        """Hold what would be released against the shapes."""
        self.report(VALIDATING)
        encoder = self._encoder()
        triples = (triple for record in self._records() for triple in encoder.triples(record))
        places = {one.record.id: one.place for one in reversed(self.located)}
        found = violations(triples, self.ids, places)
        if found:
            raise InvalidSourceError(found)

    def _assemble(self, identifier: str, folder: Path) -> None:
        """Everything of the release in a folder of its own, which then takes its place in one rename."""
        work = self.home.building / identifier
        work.mkdir(parents=True)
        graphs = self._store(work / "store")
        self.report(COMPILING)
        manifest = Manifest(id=identifier, built_at=_now(), base=self.ids.base, version=version("kakehashi"))
        save(Snapshot(manifest, self._compiled(work / "store", graphs)), work / "snapshot.json")
        description = {"manifest": manifest, "graphs": [graph.value for graph in graphs], "counts": self._counts()}
        (work / "manifest.json").write_bytes(orjson.dumps(description, option=orjson.OPT_INDENT_2))
        _sync(work)
        folder.parent.mkdir(exist_ok=True)
        work.rename(folder)
        sync_folder(folder.parent)

    def _store(self, folder: Path) -> list[Iri]:
        self.report(STORING)
        store = EmbeddedStore.create(folder)
        graphs = []
        for name, triples in self._graphs():
            distinct = set(triples)
            store.write(name, distinct)
            if store.count(name) != len(distinct):
                raise KakehashiError(ErrorCode.INVALID_SOURCE, LOST(what=name.value))
            graphs.append(name)
        store.close()
        return graphs

    def _graphs(self) -> Iterator[tuple[Iri, Iterable[Triple]]]:
        """The named graphs of the release: the vocabulary, then one a source."""
        yield Iri(self.ids.graph(f"vocabulary/{terms_sha256()}")), _vocabulary_triples()
        encoder = self._encoder()
        sources = {record.id: record for record in self._records() if isinstance(record, Source)}
        ordered = sorted(self._records(), key=_source_of)
        for source_id, records in groupby(ordered, key=_source_of):
            source = sources[source_id]
            name = f"{source_id}/{source.sha256}/{source.loader}-{source.loader_version}"
            yield Iri(self.ids.graph(name)), [triple for record in records for triple in encoder.triples(record)]

    def _compiled(self, folder: Path, graphs: list[Iri]) -> Records:
        """What the store holds, once it is seen to be what was read."""
        store = EmbeddedStore.read_only(folder)
        compiled = read_records(store, graphs, self.ids)
        store.close()
        if replace(compiled, terms=()) != _sorted(self._records()):
            raise KakehashiError(ErrorCode.INVALID_SOURCE, LOST(what="records"))
        return compiled

    def _counts(self) -> Mapping[str, int]:
        names = sorted(type(record).__name__.lower() for record in self._records())
        return {name: len(list(group)) for name, group in groupby(names)}


def _source_of(record: Record) -> str:
    return record.id if isinstance(record, Source) else record.source


def _sorted(records: list[Record]) -> Records:
    ordered = sorted(records, key=lambda record: record.id)
    return Records(
        sources=tuple(record for record in ordered if isinstance(record, Source)),
        resources=tuple(record for record in ordered if isinstance(record, Resource)),
        frameworks=tuple(record for record in ordered if isinstance(record, Framework)),
        editions=tuple(record for record in ordered if isinstance(record, Edition)),
        matrices=tuple(record for record in ordered if isinstance(record, Matrix)),
        statements=tuple(record for record in ordered if isinstance(record, Statement)),
    )


def _vocabulary_triples() -> Iterator[Triple]:
    for subject, predicate, target in graph(*TERM_FILES):
        if isinstance(subject, URIRef) and isinstance(target, URIRef | Literal):
            yield Iri(str(subject)), Iri(str(predicate)), _term(target)


def _term(node: URIRef | Literal) -> Iri | Lit:
    if isinstance(node, URIRef):
        return Iri(str(node))
    if node.language:
        return Lit(str(node), LANG_STRING, node.language)
    return Lit(str(node), str(node.datatype or XSD_STRING))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _sync(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
    sync_folder(folder)


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """One build at a time; what a killed build left behind is swept."""
    home.root.mkdir(parents=True, exist_ok=True)
    with home.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise KakehashiError(ErrorCode.BUSY, BUSY(home=home.root)) from error
        shutil.rmtree(home.building, ignore_errors=True)
        for stale in home.root.glob("current.*"):
            stale.unlink()
        yield
