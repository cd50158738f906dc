"""The same files through the embedded store, Oxigraph's server and Virtuoso: the same release, and the same answers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.schema import build_schema
from kakehashi.pipeline.inputs import packaged
from kakehashi.pipeline.load import load
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current
from kakehashi.store.port import Repository
from kakehashi.store.remote.endpoint import endpoint
from kakehashi.vocabulary.iris import DEFAULT_BASE
from tests.support.corpus import corpus
from tests.support.making import maker_at, snapshot_of
from tests.support.sparql_servers import oxigraph_server, virtuoso_server

WHOLE = "KAKEHASHI_WHOLE"
SOME = (
    "ciso-assistant/frameworks/nist-csf-2.0.yaml",
    "ciso-assistant/frameworks/iso27001-2022.yaml",
    "ciso-assistant/mappings/mapping-nist-csf-2.0-to-iso27001-2022.yaml",
    "ciso-assistant/mappings/mapping-nist-csf-2.0-and-scf-2025.2.2.yaml",
    "oscal-nist-800-53/rev5.1.1/NIST_SP-800-53_rev5_LOW-baseline_profile.json",
    "oscal-mapping-collections",
    "sssom",
)
SERVERS = {"oxigraph": oxigraph_server, "virtuoso": virtuoso_server}

QUESTIONS = (
    "{ release { id counts { kind count } sources { id sha256 redistribution } } }",
    """{ crosswalk(source: "nist-csf/2.0", target: "iso-27001/2022", view: {minAuthority: THIRD_PARTY}) {
        summary { certain candidates disputed unmappedSource unmappedTarget }
        rows { nodes { source { id } target { id } relation { relations }
            proof { chains { statement { id } verbatim } } } } } }""",
    """{ coverage(edition: "nist-sp-800-53b/low", given: {everything: true}) {
        summary { assessable full partial possible unknown }
        requirements(first: 40) { nodes { requirement { id prefLabel { value language } } status gaps { type } } } } }""",
    """{ mappingSets(first: 60) { nodes { id rows origin statedAs subjectEdition { id } objectEdition { id } } } }""",
    """{ resource(id: "iso-27001/2022/a.5.1") { kind notation parent { id } sources { id }
        fr: prefLabel(lang: ["fr"]) { value language }
        statements(direction: IN) { nodes { id standing mapping { verbatim } } } } }""",
)


def inputs() -> list[Path]:
    """A part of the corpus that has every kind of record; all of it, which takes minutes, where KAKEHASHI_WHOLE=1."""
    if os.environ.get(WHOLE) == "1":
        return [corpus()]
    return [corpus(path) for path in SOME]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root = tmp_path_factory.mktemp("embedded")
    load(maker_at(root), [*packaged(), *inputs()])
    return snapshot_of(root)


@pytest.fixture(scope="module", params=SERVERS)
def remote(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    folder = tmp_path_factory.mktemp(request.param)
    with SERVERS[request.param](folder / "server") as server:
        home = Home(folder / "loader")
        repository = repository_of(home, endpoint(server.url))
        load(Maker.of(home, repository, DEFAULT_BASE), [*packaged(), *inputs()])
        yield repository
        repository.close()


def answers(snapshot: Snapshot) -> list[object]:
    schema = build_schema()
    return [execute(schema, Context(snapshot, ("en",)), Request(question)).body for question in QUESTIONS]


@pytest.mark.timeout(1500)
def test_the_release_is_the_same_and_so_are_the_answers(embedded: Snapshot, remote: Repository, tmp_path: Path) -> None:
    served = load_current(Home(tmp_path / "replica"), remote)
    assert served.release.id == embedded.release.id
    assert served.release.graphs == embedded.release.graphs
    assert served.records == embedded.records
    asked = answers(embedded)
    assert all("errors" not in answer for answer in asked if isinstance(answer, dict)), asked
    # when a release was made is outside its identity, and no question asks for it
    assert answers(served) == asked
