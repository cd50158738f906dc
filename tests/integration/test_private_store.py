"""Private releases on a SPARQL server: beside the public ones, under names of their own, and neither prunes the other."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kakehashi.pipeline.build import build
from kakehashi.pipeline.load import load, prune, unload
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.private import load_private
from kakehashi.snapshot.saved import load_current
from kakehashi.store.remote.endpoint import endpoint
from kakehashi.store.remote.repository import RemoteRepository, connect
from kakehashi.vocabulary.iris import private_base
from tests.support.assessing import BOARD, SOURCE_ID, row, write_catalogue, write_workbook
from tests.support.remote_releases import fresh_base
from tests.support.sparql_servers import SparqlServer, oxigraph_server, virtuoso_server

Repositories = tuple[str, RemoteRepository, RemoteRepository]


@pytest.fixture(scope="module", params=[oxigraph_server, virtuoso_server])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    make: Callable[[Path], SparqlServer] = request.param
    with make(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def repositories(server: SparqlServer) -> Iterator[Repositories]:
    base = fresh_base()
    with (
        closing(connect(endpoint(server.url), base)) as public,
        closing(connect(endpoint(server.url), private_base(base))) as private,
    ):
        yield base, public, private


def maker_of(repositories: Repositories, folder: Path) -> Maker:
    base, public, private = repositories
    return Maker.of(Home(folder), public, base, private)


def beside(maker: Maker) -> Maker:
    assert maker.private is not None
    return maker.private


def test_private_releases_stand_beside_the_public_ones(repositories: Repositories, tmp_path: Path) -> None:
    base, public, private = repositories
    maker = maker_of(repositories, tmp_path / "home")
    build(maker, [write_catalogue(tmp_path / "catalogue")])
    before = public.releases()
    holdings = public.holdings.all()
    assert not load(maker, [write_workbook(tmp_path / "board.xlsx", row(), row(provision="1.2", status="not"))]).refused
    assert public.releases() == before
    assert public.holdings.all() == holdings
    assert all(term.value.startswith(f"{base}/private/graph/") for term in private.holdings.all())
    elsewhere = maker_of(repositories, tmp_path / "another-machine")
    found = load_private(beside(elsewhere).home, private)
    assert {one.provision: one.status.value for one in found.of(BOARD)} == {"rule-1": "in-place", "rule-2": "not-in-place"}
    assert [source.id for source in found.sources] == [SOURCE_ID]


def test_neither_prunes_the_other(repositories: Repositories, tmp_path: Path) -> None:
    _, public, private = repositories
    maker = maker_of(repositories, tmp_path / "home")
    for name in ("One", "Two"):
        build(maker, [write_catalogue(tmp_path / "catalogue", name)])
        load(maker, [write_workbook(tmp_path / "board.xlsx", row(remark=name))])
    assert (len(public.releases()), len(private.releases())) == (2, 2)
    prune(maker, 1)
    assert (len(public.releases()), len(private.releases())) == (1, 2)
    prune(beside(maker), 1)
    assert (len(public.releases()), len(private.releases())) == (1, 1)
    elsewhere = maker_of(repositories, tmp_path / "another-machine")
    assert load_current(elsewhere.home, public).resources["tool"].labels[0].text == "Two"
    assert [one.remark for one in load_private(beside(elsewhere).home, private).of(BOARD)] == ["Two"]
    unload(maker, [SOURCE_ID])
    assert load_private(beside(elsewhere).home, private).assessments == ()
    assert load_current(elsewhere.home, public).terms
