"""Two replicas over one SPARQL server, with homes of their own, that share the folders of the keys and of the imports."""

import time
from contextlib import ExitStack, closing
from pathlib import Path

from kakehashi.http.access import Access
from kakehashi.http.keys import KeyBook
from kakehashi.http.receiving import ImportOptions
from kakehashi.pipeline.build import build
from kakehashi.pipeline.importing import Importer
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.journal import Journal
from kakehashi.snapshot.repository import private_repository_of, repository_of
from kakehashi.store.remote.endpoint import Endpoint, endpoint
from tests.support.assessing import BOARD, write_catalogue
from tests.support.importing import Sender, assessments, catalogue
from tests.support.remote_releases import fresh_base
from tests.support.server import Client, serving
from tests.support.sparql_servers import oxigraph_server


def maker(folder: Path, server: Endpoint, base: str) -> Maker:
    home = Home(folder)
    return Maker.of(home, repository_of(home, server, base), base, private_repository_of(home, server, base))


def release(client: Client, wanted: str) -> str:
    """The release that a replica serves, once it has looked again."""
    deadline = time.monotonic() + 30
    while (found := client.ask("{ release { id } }")["release"]["id"]) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    return str(found)


def test_what_one_replica_accepts_another_builds_and_all_serve(tmp_path: Path) -> None:
    base = fresh_base()
    journal, book = Journal(tmp_path / "shared" / "imports"), KeyBook(tmp_path / "shared" / "keys")
    with oxigraph_server(tmp_path / "server") as running, ExitStack() as stack:
        server = endpoint(running.url)
        makers = [maker(tmp_path / name, server, base) for name in ("one", "two", "builder")]
        for one in makers:
            for each in (one, one.private):
                assert each is not None
                stack.enter_context(closing(each.repository))
        before = build(makers[2], [write_catalogue(tmp_path / "catalogue")]).release.id
        clients = []
        for one in makers[:2]:
            assert one.private is not None
            access = Access(KeyBook(book.folder), private=one.private.repository, imports=ImportOptions(Journal(journal.folder)))
            clients.append(stack.enter_context(serving(one.home.root, access=access, repository=one.repository)))
        _, key = book.create("sender", ["imports:write", "imports:private", "private:read"], [BOARD], 1)
        first, second = (Sender(client, key) for client in clients)
        importer = Importer(makers[2], journal, 10)

        tried = first.send("a.xlsx", catalogue(), "dryRun=true").json()["id"]
        assert importer.turn() is not None
        found = second.state(f"/imports/{tried}")
        assert (found["state"], found["releaseBefore"]) == ("done", before), "any replica tells how far it is"
        assert release(clients[0], before) == before
        location = second.post(f"/imports/{tried}/commit").headers["location"]
        assert importer.turn() is not None
        done = first.state(location)
        assert (done["state"], done["releaseAfter"]) == ("done", found["releaseAfter"])
        assert {release(client, done["releaseAfter"]) for client in clients} == {done["releaseAfter"]}

        private = first.send("b.xlsx", assessments(), "private=true").headers["location"]
        assert importer.turn() is not None
        assert second.state(private)["state"] == "done"
        assert {release(client, done["releaseAfter"]) for client in clients} == {done["releaseAfter"]}
