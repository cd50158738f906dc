"""`load`, `unload` and `rollback`: change the served release by whole sources, each loaded or refused on its own."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Final

from msgspec.structs import replace

from kakehashi.pipeline.assessing import looked_up
from kakehashi.pipeline.build import SAME_SOURCE
from kakehashi.pipeline.check import Checked, faults_together
from kakehashi.pipeline.fetch.cache import forget
from kakehashi.pipeline.inputs import gathered
from kakehashi.pipeline.making import Maker, Making, locked, making
from kakehashi.pipeline.reading import ReadSource, read_sources
from kakehashi.pipeline.report import LoadReport, Outcome, SourceReport, refused_file, source_report, standings
from kakehashi.records.identity import content_digest
from kakehashi.records.located import Fault, InvalidSourceError, Place
from kakehashi.records.model import Source, Term
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.saved import VOCABULARY, load_current, stored
from kakehashi.snapshot.saved import load as load_snapshot
from kakehashi.sources.files import File
from kakehashi.store.port import GraphEntry, Release
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

NOT_LOADED = Text("出典「{id}」は読み込まれていません。", "The source '{id}' is not loaded.")
NO_FORMER = Text("戻るべき前のリリースがありません。", "There is no former release to go back to.")

Progress = Callable[[int, str], None]
"""Told how many files were read, and the name of the file that is read next."""


def _no_progress(_: int, __: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a load is held to by whoever asks for it, beyond what every load is.

    `refusal` says why a sound source is not taken, None where it is. `prepared` is told the report and the snapshot just before
    they are served, and stops the load by an error. A `dry` run checks everything and serves nothing.
    """

    refusal: Callable[[ReadSource], Text | None] = lambda _: None
    prepared: Callable[[LoadReport, Snapshot], None] = lambda _, __: None
    dry: bool = False


FREE: Final = Terms()
"""The terms of whoever owns the home."""


def load(
    maker: Maker, inputs: Iterable[Traversable | File], progress: Progress = _no_progress, terms: Terms = FREE
) -> LoadReport:
    """Add the sources of the inputs to the served release, and serve the result.

    A file that is wrong is refused whole and reported; the others are loaded. Where nothing can be loaded the release stays.
    Private sources become a private release, once the public one is there that they refer to.
    """
    with making(maker) as one, _no_collector():
        run = _Load(maker, one, terms)
        run.keep_former()
        run.read(inputs, progress)
        report = run.finish()
        return report if maker.private is None or not run.private else _with_private(report, run, maker, maker.private)


def _with_private(report: LoadReport, public_run: "_Load", public: Maker, maker: Maker) -> LoadReport:
    """Load private sources beside the public release; the report of both."""
    snapshot = None if report.release is None else load_current(public.home, public.repository)
    with making(maker) as one:
        run = _Load(maker, one, public_run.terms)
        run.keep_former()
        for read in public_run.private:
            run.take(looked_up(read, snapshot))
        found = run.finish()
    return replace(report, private=found.release, sources=(*report.sources, *found.sources))


@contextmanager
def _no_collector() -> Iterator[None]:
    """Records hold no cycles: looking for some among millions of objects takes a tenth of the time and finds nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(slots=True)
class _Load:
    """One load: which graph each new source became, and which sources were refused."""

    maker: Maker
    making: Making
    terms: Terms
    accepted: dict[str, ReadSource] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    before: dict[str, GraphEntry] = field(default_factory=dict)
    former: Mapping[str, Checked] = field(default_factory=dict)
    """What the sources of the former release say; none where nothing is taken in."""
    refused: list[tuple[ReadSource, tuple[Fault, ...]]] = field(default_factory=list)
    duplicates: list[ReadSource] = field(default_factory=list)
    strangers: list[Fault] = field(default_factory=list)
    private: list[ReadSource] = field(default_factory=list)
    """What was read and belongs into the other releases."""

    def keep_former(self) -> None:
        former = self.making.former
        self.before = {} if former is None else {graph.source: graph for graph in former.graphs if graph.source != VOCABULARY}
        for graph in self.before.values():
            self.making.keep(graph)

    def read(self, inputs: Iterable[Traversable | File], progress: Progress) -> None:
        files, self.strangers = gathered(inputs)
        sources, strangers = read_sources(files, self.maker.words)
        self.strangers += strangers
        done = 0
        for read in sources:
            done += len(read.files)
            progress(done, read.files[-1])
            refusal = None if read.faults else self.terms.refusal(read)
            if refusal is not None:
                self.refused.append((read, (Fault(Place(read.files[0]), refusal),)))
            elif read.private:
                self._set_aside(read)
            else:
                self.take(read)

    def _set_aside(self, read: ReadSource) -> None:
        """Keep a private source for its own release, and no copy of it in the cache, where it was fetched."""
        self.private.append(read)
        if read.source is not None:
            forget(self.maker.home.cache, read.source.sha256)

    def take(self, read: ReadSource) -> None:
        """Accept a source, or refuse it."""
        known = self.accepted.get(read.id)
        if read.faults:
            self.refused.append((read, ()))
        elif known is not None and _says_the_same(known, read):
            self.duplicates.append(read)
        elif known is not None:
            fault = Fault(Place(read.files[0]), SAME_SOURCE(id=read.id, other=known.files[0]))
            self.refused.append((read, (fault,)))
        else:
            graph = self.making.add(read)
            self.accepted[read.id] = read
            self.outcomes[read.id] = _outcome(self.before.get(read.id), graph)

    def finish(self) -> LoadReport:
        """Serve what was accepted; a source that breaks a shape of the ontology is refused then, and the rest served."""
        while True:
            try:
                return self._finished()
            except InvalidSourceError as error:
                blamed = self._blamed_for(error)
                if not blamed:
                    raise
                for identifier, faults in blamed.items():
                    self._refuse(identifier, faults)

    def _blamed_for(self, error: InvalidSourceError) -> dict[str, list[Fault]]:
        """The accepted sources that broke a shape, whose faults name them and no file."""
        found: dict[str, list[Fault]] = {}
        for fault in error.faults:
            read = self.accepted.get(fault.place.file)
            if read is not None:
                found.setdefault(read.id, []).append(Fault(Place(read.files[0]), fault.text))
        return found

    def _finished(self) -> LoadReport:
        """Report what was read while the store still writes it; then wait for the store."""
        self._refuse_clashing()
        former = None if self.making.former is None else self.making.former.id
        if not self.accepted:
            self.making.abandon()
            return LoadReport(release=former, former=former, fresh=False, sources=tuple(self._reports(None)))
        at_hand = {identifier: read.records for identifier, read in self.accepted.items()}
        snapshot = load_snapshot(self.maker.home, self.maker.repository, self.making.release(), at_hand)
        report = LoadReport(
            release=snapshot.release.id, former=former, fresh=True, sources=tuple(self._reports(snapshot)),
            standings=standings(snapshot), dangling=len(snapshot.dangling),
        )  # fmt: skip
        self.terms.prepared(report, snapshot)
        if self.terms.dry:
            self.making.check()
            self.making.abandon()
            return replace(report, fresh=report.release != former)
        _, fresh = self.making.finish()
        return replace(report, fresh=fresh)

    def _refuse_clashing(self) -> None:
        """Refuse what is right alone and wrong beside the others, until the rest fits together."""
        self.former = former = self._former_sources()
        kept = [one for source, one in former.items() if source not in self.accepted]
        while self.accepted:
            blamed = _blamed([*kept, *(read.checked for read in self.accepted.values())], self.accepted)
            if not blamed:
                return
            for identifier, faults in blamed.items():
                self._refuse(identifier, faults)
                if identifier in former:
                    kept.append(former[identifier])

    def _refuse(self, identifier: str, faults: list[Fault]) -> None:
        """Take an accepted source out again; what the former release has of it stays."""
        self.refused.append((self.accepted.pop(identifier), tuple(faults)))
        self.making.take_back(identifier)
        if identifier in self.before:
            self.making.keep(self.before[identifier])

    def _former_sources(self) -> dict[str, Checked]:
        release = self.making.former
        return {} if release is None or not self.accepted else _sources_of(self.maker, release)

    def _reports(self, snapshot: Snapshot | None) -> Iterator[SourceReport]:
        for identifier, read in self.accepted.items():
            outcome = self.outcomes[identifier]
            before = self.former[identifier].records if outcome is Outcome.REPLACED else ()
            yield source_report(read, outcome, snapshot, before=before)
        for read in self.duplicates:
            yield source_report(read, Outcome.DUPLICATE, None)
        for read, faults in self.refused:
            yield source_report(read, Outcome.REFUSED, None, faults)
        yield from map(refused_file, self.strangers)


def _says_the_same(one: ReadSource, other: ReadSource) -> bool:
    """Whether two files are one document, in two notations or at two places: all but the checksum is the same."""
    if one.digest == other.digest:
        return True
    return len(one.records) == len(other.records) and _content(one) == _content(other)


def _content(read: ReadSource) -> str:
    return content_digest(replace(one, sha256="") if isinstance(one, Source) else one for one in read.records)


def _outcome(before: GraphEntry | None, graph: GraphEntry) -> Outcome:
    if before is None:
        return Outcome.LOADED
    return Outcome.UNCHANGED if before.name == graph.name else Outcome.REPLACED


def _blamed(everything: list[Checked], accepted: dict[str, ReadSource]) -> dict[str, list[Fault]]:
    """The new sources that faults between sources lie in."""
    owners = {read.files[0]: identifier for identifier, read in accepted.items()}
    owners |= {name: identifier for identifier, read in accepted.items() for name in read.files}
    owners |= {place.file: identifier for identifier, read in accepted.items() for place in read.reading.places.values()}
    found: dict[str, list[Fault]] = {}
    for fault in faults_together(everything):
        owner = owners.get(fault.place.file)
        if owner is not None:
            found.setdefault(owner, []).append(fault)
    return found


def _sources_of(maker: Maker, release: Release) -> dict[str, Checked]:
    """What the sources of a release say, for checks beside others. Our own data is known by the wording of its title."""
    found = {}
    for source, records in stored(maker.home, maker.repository, release).items():
        said = [record for record in records if not isinstance(record, Term)]
        titles = [label for record in said if isinstance(record, Source) for label in record.labels]
        if source != VOCABULARY:
            found[source] = Checked(said, {}, Place(source), own=all(label.ours for label in titles))
    return found


@dataclass(frozen=True, slots=True)
class Unloaded:
    """The releases that are served after sources were taken out of them; None where none was taken out of that one."""

    public: Release | None
    private: Release | None


def unload(maker: Maker, sources: Iterable[str]) -> Unloaded:
    """Take whole sources out of the served releases.

    KakehashiError where one is not loaded; InvalidSourceError where our own data names what only it defines.
    """
    gone, public = set(sources), _loaded(maker)
    private = {} if maker.private is None else _loaded(maker.private)
    for identifier in sorted(gone - public.keys() - private.keys()):
        raise KakehashiError(ErrorCode.NOT_FOUND, NOT_LOADED(id=identifier[:80]))
    public_gone, private_gone = gone & public.keys(), gone & private.keys()
    return Unloaded(
        _unloaded(maker, public_gone) if public_gone else None,
        _unloaded(maker.private, private_gone) if maker.private is not None and private_gone else None,
    )


def _loaded(maker: Maker) -> Mapping[str, GraphEntry]:
    former = maker.former()
    return {} if former is None else {graph.source: graph for graph in former.graphs if graph.source != VOCABULARY}


def _unloaded(maker: Maker, gone: set[str]) -> Release:
    with making(maker) as one:
        loaded = _loaded(maker)
        left = _sources_of(maker, one.former) if one.former is not None else {}
        faults = list(faults_together(checked for source, checked in left.items() if source not in gone))
        if faults:
            raise InvalidSourceError(faults)
        for source in loaded.keys() - gone:
            one.keep(loaded[source])
        release, _ = one.finish()
        return release


def rollback(maker: Maker, release_id: str | None = None) -> Release:
    """Serve a former release again: the one before the served one, or a named one."""
    with locked(maker.home):
        releases = {release.id: release for release in maker.repository.releases()}
        current = maker.repository.current()
        wanted = release_id or (releases[current].former if current in releases else None)
        if wanted is None or wanted not in releases:
            raise KakehashiError(ErrorCode.NOT_FOUND, NO_FORMER)
        maker.repository.switch(wanted, current)
        return releases[wanted]


def prune(maker: Maker, count: int) -> int:
    """Keep so many releases, the served one and the newest of the others; how many graphs went."""
    with locked(maker.home):
        served = maker.repository.current()
        others = [release.id for release in reversed(maker.repository.releases()) if release.id != served]
        gone = maker.repository.prune(frozenset(others[: count - 1]))
        left = {graph.digest for release in maker.repository.releases() for graph in release.graphs}
        maker.home.forget(frozenset(left))
        return gone
