"""Every store gives the same release: the default one, built into the embedded store and into both servers."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kakehashi.pipeline.build import build
from kakehashi.pipeline.inputs import packaged
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.store.embedded import EmbeddedRepository
from kakehashi.store.port import Release, Repository
from kakehashi.store.remote.endpoint import endpoint
from kakehashi.store.remote.repository import connect
from kakehashi.vocabulary.rdf import Triple
from tests.support.sparql_servers import SparqlServer, oxigraph_server, virtuoso_server

BASE = "https://example.org/kakehashi"


def built(repository: Repository, folder: Path) -> tuple[Release, dict[str, set[Triple]]]:
    release = build(Maker.of(Home(folder), repository, BASE), packaged()).release
    with closing(repository.open(release.id)) as store:
        return release, {graph.name: set(store.triples(graph.name)) for graph in release.graphs}


@pytest.mark.parametrize("make", [oxigraph_server, virtuoso_server])
def test_a_release_is_the_same_in_every_store(tmp_path: Path, make: Callable[[Path], SparqlServer]) -> None:
    release, graphs = built(EmbeddedRepository(tmp_path / "embedded"), tmp_path / "embedded")
    with make(tmp_path / "server") as server, closing(connect(endpoint(server.url), BASE)) as repository:
        found, found_graphs = built(repository, tmp_path / "remote")
        assert not build(Maker.of(Home(tmp_path / "remote"), repository, BASE), packaged()).fresh
    assert (found.id, found.graphs) == (release.id, release.graphs)
    assert found_graphs == graphs
