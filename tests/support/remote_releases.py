"""Small releases for the tests of the store behind a server: graphs of ground triples, loaded as the pipeline loads them."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from kakehashi.store.port import GraphEntry, Release, Repository
from kakehashi.store.remote.binding import serialised
from kakehashi.vocabulary.iris import LANG_STRING, XSD_DATE, XSD_INTEGER, IdSpace
from kakehashi.vocabulary.rdf import Iri, Lit, Triple

EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
LINES_AT_ONCE: Final = 700

Lines = list[bytes]


def fresh_base() -> str:
    """A base that no other test uses: one server serves them all."""
    return f"https://example.org/{uuid.uuid4().hex}"


def lines_of(triples: Iterable[Triple]) -> Lines:
    return [(" ".join(map(serialised, triple)) + " .\n").encode() for triple in triples]


def many(count: int, name: str = "x") -> list[Triple]:
    """Triples of several predicates, with every kind of term that is stored."""
    kinds: tuple[Callable[[int], Iri | Lit], ...] = (
        lambda i: Lit(f"第{i}条", LANG_STRING, "ja"),
        lambda i: Lit(f"sheet 1, row {i}"),
        lambda i: Lit(str(i), XSD_INTEGER),
        lambda i: Lit(f"2026-01-{i % 28 + 1:02}", XSD_DATE),
        lambda i: Iri(f"https://example.org/{name}/{i % 97}"),
    )
    return [
        (Iri(f"https://example.org/{name}/{i // 5}"), Iri(f"https://example.org/p/{i % 5}"), kinds[i % 5](i))
        for i in range(count)
    ]


@dataclass(frozen=True)
class Content:
    """What a release is to hold, by the names of its sources."""

    base: str
    sources: dict[str, list[Triple]]
    former: str | None = None
    age: int = 0
    _lines: dict[str, Lines] = field(default_factory=dict, compare=False, repr=False)

    def lines(self, name: str) -> Lines:
        if name not in self._lines:
            self._lines[name] = lines_of(self.sources[name])
        return self._lines[name]

    def entry(self, name: str) -> GraphEntry:
        lines = self.lines(name)
        digest = sha256(b"".join(lines)).hexdigest()
        graph = IdSpace(self.base).graph(f"source/{name}/{digest[:16]}-test-1")
        return GraphEntry(name=graph, source=f"source/{name}", digest=digest, triples=len(lines))

    @property
    def release(self) -> Release:
        graphs = tuple(sorted(map(self.entry, self.sources)))
        identity = sha256("".join(graph.name for graph in graphs).encode()).hexdigest()[:16]
        built_at = EPOCH + timedelta(days=self.age)
        return Release(id=identity, built_at=built_at, base=self.base, version="1", graphs=graphs, former=self.former)


Interruption = Callable[[int], None]


def chunks(lines: Lines, interrupt: Interruption = lambda _: None) -> Iterator[bytes]:
    """The lines in chunks; `interrupt` is called before each."""
    for start in range(0, len(lines), LINES_AT_ONCE):
        interrupt(start)
        yield b"".join(lines[start : start + LINES_AT_ONCE])


def load(repository: Repository, content: Content, interrupt: Interruption = lambda _: None) -> Release:
    """Make a release and serve it, or leave everything as it was: what the pipeline does."""
    former = next((one for one in repository.releases() if one.id == repository.current()), None)
    draft = repository.begin(former)
    release = content.release
    try:
        for name in content.sources:
            draft.add(content.entry(name), chunks(content.lines(name), interrupt))
        draft.commit(release)
        repository.switch(release.id, None if former is None else former.id)
    except BaseException:
        draft.abandon()
        raise
    return release


def assert_whole(repository: Repository, served: Release) -> None:
    """That release is served, and whatever can be opened is there to the last triple."""
    assert repository.current() == served.id
    releases = repository.releases()
    assert served.id in {one.id for one in releases}
    for release in releases:
        store = repository.open(release.id)
        for graph in release.graphs:
            assert store.count(graph.name) == graph.triples
            assert sum(1 for _ in store.triples(graph.name)) == graph.triples
