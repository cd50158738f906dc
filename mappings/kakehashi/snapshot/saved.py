"""A release as a snapshot: its records from the home, where they are kept, else out of the store.

So a process that serves holds nothing that it cannot make again, and readers scale by adding processes.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeVar

import msgspec

from kakehashi.records.model import (
    Edition,
    Framework,
    Group,
    MappingSet,
    Matrix,
    Records,
    Resource,
    SetReading,
    Source,
    Statement,
    Term,
)
from kakehashi.snapshot.home import Home, Stored
from kakehashi.snapshot.model import Snapshot
from kakehashi.store.codec import decode
from kakehashi.store.port import GraphEntry, Release, Repository, Store
from kakehashi.store.terms import decode_terms
from kakehashi.vocabulary.iris import IdSpace
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

VOCABULARY: Final = "vocabulary"
"""What a release's list of graphs calls the source of the graph that holds the terms."""

NO_RELEASE = Text(
    "{home} にリリースがありません。先に「kakehashi build」を実行してください。",
    "There is no release in {home}. Run 'kakehashi build' first.",
)

OTHER_MODEL = Text(
    "{graph} は、この版のプログラムが書いたものではありません。「kakehashi build」の後、ファイルを読み込み直してください。",
    "{graph} was not written by this version of the program. Run 'kakehashi build', then load the files again.",
)

_S = TypeVar("_S", bound=Stored)


def load_current(home: Home, repository: Repository) -> Snapshot:
    """The snapshot of the served release; KakehashiError(NO_RELEASE) where none was ever made."""
    current = repository.current()
    found = [release for release in repository.releases() if release.id == current]
    if not found:
        raise KakehashiError(ErrorCode.NO_RELEASE, NO_RELEASE(home=home.root))
    return load(home, repository, found[0])


Said = Mapping[str, Sequence[Stored]]
"""What sources say, by their ids."""


def load(home: Home, repository: Repository, release: Release, at_hand: Said = MappingProxyType({})) -> Snapshot:
    """The snapshot of a release; what is at hand, the caller has read just now."""
    found = stored(home, repository, release, at_hand)
    return Snapshot(release, together(record for records in found.values() for record in records))


def stored(home: Home, repository: Repository, release: Release, at_hand: Said = MappingProxyType({})) -> Said:
    """What each source of a release says; what had to be read out of the store is kept in the home."""
    found = {graph.source: at_hand.get(graph.source) or home.records(graph.digest) for graph in release.graphs}
    missing = [graph for graph in release.graphs if found[graph.source] is None]
    if missing:
        store = repository.open(release.id)
        for graph in missing:
            found[graph.source] = read = _out_of(store, graph, IdSpace(release.base))
            home.keep(graph.digest, read)
        store.close()
    return {source: records or [] for source, records in found.items()}


def _out_of(store: Store, graph: GraphEntry, ids: IdSpace) -> list[Stored]:
    triples = store.triples(graph.name)
    try:
        if graph.source == VOCABULARY:
            return list(decode_terms(triples))
        return sorted(decode(graph.source, triples, ids), key=msgspec.json.encode)
    except (LookupError, ValueError) as error:
        raise KakehashiError(ErrorCode.STORE_FAILED, OTHER_MODEL(graph=graph.name)) from error


def together(stored: Iterable[Stored]) -> Records:
    """Records by type, each type in the order of ids and sources."""
    by_type: dict[type, list[Stored]] = {}
    for record in stored:
        by_type.setdefault(type(record), []).append(record)

    def of(kind: type[_S]) -> tuple[_S, ...]:
        found: Sequence[_S] = [record for record in by_type.get(kind, ()) if isinstance(record, kind)]
        return tuple(sorted(found, key=_order))

    return Records(
        sources=of(Source), resources=of(Resource), frameworks=of(Framework), editions=of(Edition), matrices=of(Matrix),
        mapping_sets=of(MappingSet), set_readings=of(SetReading), groups=of(Group), statements=of(Statement), terms=of(Term),
    )  # fmt: skip


def _order(record: Stored) -> tuple[str, str]:
    if isinstance(record, Term):
        return (record.iri, "")
    return (record.id, "" if isinstance(record, Source) else record.source)
