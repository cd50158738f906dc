"""The graph of a release as a file: what may leave of each source, the vocabulary, and what the release says of itself."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kakehashi.records.leaving import leaving
from kakehashi.records.model import Record
from kakehashi.records.values import Redistribution
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.saved import VOCABULARY
from kakehashi.store.codec import Encoder
from kakehashi.store.dumping import DumpFormat, dumped
from kakehashi.store.port import GraphEntry, Repository
from kakehashi.store.terms import ntriples
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.iris import DCAT, DCTERMS, KK, PROV, TYPE
from kakehashi.vocabulary.rdf import Iri, Lit, Triple
from kakehashi.vocabulary.text import LANGUAGES, Text

TITLE: Final = Text("架け橋のリリース {id}", "Kakehashi release {id}")

Lines = Callable[[], list[str]]


def exported(snapshot: Snapshot, repository: Repository, wanted: DumpFormat, *, everything: bool = False) -> Iterator[bytes]:
    """The graphs of a release in pieces; the same release gives the same bytes. `everything` is for use in the house alone."""
    return dumped(named_graphs(snapshot, repository, everything=everything), wanted)


def named_graphs(snapshot: Snapshot, repository: Repository, *, everything: bool = False) -> Iterator[tuple[str, list[str]]]:
    """The graphs by IRI, the lines of each sorted."""
    graphs = _Graphs(snapshot, repository, everything=everything)
    for name, lines in sorted(graphs.all().items()):
        yield name, sorted(lines())


def core_classes(snapshot: Snapshot) -> Mapping[str, str]:
    """The core class of each kind, as the release's vocabulary has it."""
    return {term.iri.removeprefix(iris.KIND): term.core_class for term in snapshot.records.terms if term.core_class}


class _Graphs:
    """The graphs of an export, each with what makes its lines when its turn comes."""

    def __init__(self, snapshot: Snapshot, repository: Repository, *, everything: bool) -> None:
        self._snapshot = snapshot
        self._repository = repository
        self._everything = everything
        self._encoder = Encoder(snapshot.ids, core_classes(snapshot))
        self._records = _by_source(snapshot)

    def all(self) -> Mapping[str, Lines]:
        found = {self._name(graph): self._lines(graph) for graph in self._snapshot.release.graphs}
        return {**found, self._release: lambda: ntriples(self._description())}

    @property
    def _release(self) -> str:
        return self._snapshot.ids.graph(f"release/{self._snapshot.release.id}")

    def _redistribution(self, graph: GraphEntry) -> Redistribution:
        if self._everything or graph.source == VOCABULARY:
            return Redistribution.OPEN
        return self._snapshot.sources[graph.source].redistribution

    def _name(self, graph: GraphEntry) -> str:
        """A graph that leaves in part is another graph, and has a name of its own."""
        redistribution = self._redistribution(graph)
        return graph.name if redistribution is Redistribution.OPEN else f"{graph.name}/{redistribution}"

    def _lines(self, graph: GraphEntry) -> Lines:
        if graph.source == VOCABULARY:
            return lambda: self._vocabulary(graph)
        return lambda: self._encoder.graph(leaving(self._records[graph.source], self._redistribution(graph)))

    def _vocabulary(self, graph: GraphEntry) -> list[str]:
        store = self._repository.open(self._snapshot.release.id)
        try:
            return ntriples(store.triples(graph.name))
        finally:
            store.close()

    def _description(self) -> Iterator[Triple]:
        """The release, its graphs, and on what terms each source is here."""
        release, identifier = Iri(self._release), self._snapshot.release.id
        yield release, Iri(TYPE), Iri(DCAT + "Catalog")
        yield release, Iri(DCTERMS + "identifier"), Lit(identifier)
        for language in LANGUAGES:
            title = TITLE(id=identifier).in_language(language)
            yield release, Iri(DCTERMS + "title"), Lit(title, iris.LANG_STRING, language)
        for graph in self._snapshot.release.graphs:
            yield release, Iri(DCAT + "dataset"), Iri(self._name(graph))
            yield from self._described(graph)

    def _described(self, graph: GraphEntry) -> Iterator[Triple]:
        node = Iri(self._name(graph))
        yield node, Iri(TYPE), Iri(DCAT + "Dataset")
        if node.value != graph.name:
            yield node, Iri(PROV + "wasDerivedFrom"), Iri(graph.name)
        if graph.source == VOCABULARY:
            return
        source = self._snapshot.sources[graph.source]
        term = Iri(self._snapshot.ids.iri(source.id))
        yield node, Iri(DCTERMS + "source"), term
        yield term, Iri(DCTERMS + "rights"), Lit(source.rights)
        yield term, Iri(KK + "redistribution"), Iri(iris.REDISTRIBUTION + source.redistribution)


def _by_source(snapshot: Snapshot) -> Mapping[str, list[Record]]:
    records = snapshot.records
    found: dict[str, list[Record]] = defaultdict(list)
    for source in records.sources:
        found[source.id].append(source)
    for some in (
        records.resources, records.frameworks, records.editions, records.matrices, records.mapping_sets,
        records.set_readings, records.groups, records.statements,
    ):  # fmt: skip
        for record in some:
            found[record.source].append(record)
    return found
