"""The folders in which a release is asked in SPARQL, made on first use: one of the open sources, and one of all.

KAKEHASHI_HOME/
  sparql/{release}-{open|all}/   a store with the release's graphs and, as its default graph, their union

It is made through the port, so a release that lies on a SPARQL server is asked here as well, under the same limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kakehashi.records.model import Source
from kakehashi.records.values import Redistribution
from kakehashi.snapshot.home import Home
from kakehashi.store.port import Release, Repository
from kakehashi.store.unions import forget_unions, write_union


@dataclass(frozen=True, slots=True)
class Queryable:
    """Where a release is asked, and the names of the graphs that it has there."""

    folder: Path
    graphs: tuple[str, ...]


def everything(home: Home, release: Release) -> Queryable:
    """All graphs of a release."""
    return Queryable(home.root / "sparql" / f"{release.id}-all", tuple(graph.name for graph in release.graphs))


def open_only(home: Home, release: Release, sources: Mapping[str, Source]) -> Queryable:
    """The graphs of a release that anybody may have: of open sources, and of the vocabulary."""
    shut = {source.id for source in sources.values() if source.redistribution is not Redistribution.OPEN}
    graphs = tuple(graph.name for graph in release.graphs if graph.source not in shut)
    return Queryable(home.root / "sparql" / f"{release.id}-open", graphs)


def make(queryable: Queryable, repository: Repository, release: Release) -> None:
    """Make the folder if it is not there, and remove those of releases before the one that was served before."""
    if queryable.folder.is_dir():
        return
    store = repository.open(release.id)
    try:
        write_union(store, queryable.graphs, queryable.folder)
    finally:
        store.close()
    current = repository.current()
    former = {one.former for one in repository.releases() if one.id == current}
    kept = {release.id, current, *former}
    forget_unions(queryable.folder.parent, lambda name: name.rpartition("-")[0] in kept)
