"""The graph as a file: what leaves, the same bytes each time, and read back by two libraries."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset

from kakehashi.exports.graph import exported, named_graphs
from kakehashi.records.values import Redistribution
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.repository import repository_of
from kakehashi.store.dumping import DumpFormat, dumped
from kakehashi.vocabulary.iris import KK
from tests.integration.test_cli import kakehashi
from tests.support import small_catalogue, three_sources
from tests.support.making import build, snapshot_of
from tests.support.server import Client, serving

FORMATS = {
    DumpFormat.NQUADS: ("nq", "application/n-quads", ox.RdfFormat.N_QUADS),
    DumpFormat.TRIG: ("trig", "application/trig", ox.RdfFormat.TRIG),
    DumpFormat.JSONLD: ("jsonld", "application/ld+json", ox.RdfFormat.JSON_LD),
}
RDFLIB = {DumpFormat.NQUADS: "nquads", DumpFormat.TRIG: "trig", DumpFormat.JSONLD: "json-ld"}


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an open, a cited and a local source."""
    root = tmp_path_factory.mktemp("three")
    build(root / "home", three_sources.write(root / "catalogues"))
    return root / "home"


def dump(home: Path, wanted: DumpFormat, *, everything: bool = False) -> bytes:
    return b"".join(exported(snapshot_of(home), repository_of(Home(home)), wanted, everything=everything))


def quads(content: bytes, wanted: DumpFormat) -> set[str]:
    return {str(quad) for quad in ox.parse(input=content, format=FORMATS[wanted][2])}


def rdflib_quads(content: bytes, wanted: DumpFormat) -> set[str]:
    read = Dataset()
    read.parse(data=content, format=RDFLIB[wanted])
    return quads(read.serialize(format="nquads", encoding="utf-8"), DumpFormat.NQUADS)


@pytest.mark.parametrize("wanted", DumpFormat)
def test_two_libraries_read_the_same_quads_out_of_every_format(three: Path, wanted: DumpFormat) -> None:
    written = {
        f"{line.removesuffix(' .')} <{name}>"
        for name, lines in named_graphs(snapshot_of(three), repository_of(Home(three)))
        for line in lines
    }
    asserted = quads("".join(f"{line} .\n" for line in written).encode(), DumpFormat.NQUADS)
    content = dump(three, wanted)
    assert quads(content, wanted) == asserted
    assert rdflib_quads(content, wanted) == asserted


def test_an_open_source_leaves_whole(three: Path) -> None:
    snapshot, repository = snapshot_of(three), repository_of(Home(three))
    (graph,) = (one for one in snapshot.release.graphs if one.source == "source/free")
    found = dict(named_graphs(snapshot, repository))[graph.name]
    store = repository.open(snapshot.release.id)
    assert len(found) == graph.triples == len(list(store.triples(graph.name)))
    for sentence in three_sources.planted("free"):
        assert any(sentence in line for line in found), sentence


@pytest.mark.parametrize("key", ["cited", "local"])
@pytest.mark.parametrize("wanted", DumpFormat)
def test_no_planted_sentence_of_another_leaves(three: Path, wanted: DumpFormat, key: str) -> None:
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), dump(three, wanted).decode())
    assert not [sentence for sentence in three_sources.planted(key) if sentence in text]
    assert f"Title of the source {key}" in text
    assert f"Our own words for the first of {key}" in text
    assert f"Terms of {key}" in text
    assert ("4.6b" in text, "satisfies" in text) == (True, True)


def test_what_leaves_in_part_is_a_graph_of_another_name(three: Path) -> None:
    snapshot = snapshot_of(three)
    graphs = dict(named_graphs(snapshot, repository_of(Home(three))))
    names = {graph.source: graph.name for graph in snapshot.release.graphs}
    assert set(graphs) == {
        names["source/free"], names["vocabulary"], f"{names['source/cited']}/citation-only",
        f"{names['source/local']}/local-only", snapshot.ids.graph(f"release/{snapshot.release.id}"),
    }  # fmt: skip
    assert not [line for line in graphs[f"{names['source/local']}/local-only"] if f"<{KK}subject>" in line]
    assert len([line for line in graphs[f"{names['source/cited']}/citation-only"] if f"<{KK}subject>" in line]) == 3


def test_everything_is_all_of_it(three: Path) -> None:
    text = dump(three, DumpFormat.NQUADS, everything=True).decode()
    for key in three_sources.KEYS:
        assert not [sentence for sentence in three_sources.planted(key) if sentence not in text]


@pytest.mark.parametrize("wanted", DumpFormat)
def test_the_same_release_gives_the_same_bytes(three: Path, tmp_path: Path, wanted: DumpFormat) -> None:
    build(tmp_path / "home", three_sources.write(tmp_path / "catalogues"))
    assert dump(three, wanted) == dump(tmp_path / "home", wanted)


def test_graphs_and_lines_come_in_order(three: Path) -> None:
    lines = dump(three, DumpFormat.NQUADS).decode().splitlines()
    keys = [(line.rsplit(" ", 2)[1], line.rsplit(" ", 2)[0]) for line in lines]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))


def words(snapshot: Snapshot, kept: Iterable[Redistribution]) -> set[str]:
    """The publishers' names and texts in sources of some redistribution."""
    terms = {source.id for source in snapshot.records.sources if source.redistribution in kept}
    return {
        label.text
        for resource in snapshot.records.resources
        if resource.source in terms
        for label in (*resource.labels, *resource.texts)
        if not label.ours
    }


def test_of_the_default_release_only_open_words_leave(default_home: Path, snapshot: Snapshot) -> None:
    kept = words(snapshot, [Redistribution.CITATION_ONLY, Redistribution.LOCAL_ONLY])
    own = {label.text for one in snapshot.records.resources for label in one.labels if label.ours}
    facts = {one.id for one in snapshot.records.resources} | {one.notation for one in snapshot.records.resources}
    titles = {label.text for source in snapshot.records.sources for label in source.labels}
    terms = {label.text for term in snapshot.records.terms for label in (*term.labels, *term.definitions)}
    secret = kept - words(snapshot, [Redistribution.OPEN]) - own - facts - titles - terms
    assert len(secret) > 300
    literals = {
        quad.object.value
        for quad in ox.parse(input=dump(default_home, DumpFormat.NQUADS), format=ox.RdfFormat.N_QUADS)
        if isinstance(quad.object, ox.Literal)
    }
    assert not literals & secret


def test_an_id_resolves_to_what_may_leave(three: Path) -> None:
    with serving(three) as client:
        for key in ("cited", "local"):
            for identifier in (f"{key}/2026/1", f"{key}/2026/2", f"tool-{key}", f"source/{key}", key):
                for form in ("turtle", "jsonld"):
                    found = client.send(f"/id/{identifier}?format={form}")
                    assert found.status == 200
                    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), found.body.decode())
                    assert not [sentence for sentence in three_sources.planted(key) if sentence in text]
        assert "Tool of free" in client.send("/id/tool-free?format=turtle").body.decode()


def test_a_statement_of_a_local_source_does_not_leave(three: Path) -> None:
    statements = {one.source: one.id for one in snapshot_of(three).records.statements if one.object}
    with serving(three) as client:
        refused = client.send(f"/id/{statements['source/local']}?format=turtle", headers={"accept-language": "ja"})
        assert refused.status == 403
        assert "再配布" in refused.json()["detail"]
        assert client.send(f"/id/{statements['source/cited']}?format=turtle").status == 200


@pytest.mark.parametrize("wanted", DumpFormat)
def test_a_download_is_the_export_and_is_known_by_its_release(three: Path, wanted: DumpFormat) -> None:
    suffix, media_type, _ = FORMATS[wanted]
    release = snapshot_of(three).release.id
    with serving(three) as client:
        path = f"/exports/graph.{suffix}"
        found = client.send(path)
        assert (found.status, found.headers["content-type"]) == (200, media_type)
        assert found.body == dump(three, wanted)
        assert found.headers["etag"] == f'"{release}"'
        assert found.headers["content-disposition"] == f'attachment; filename="kakehashi-{release}.{suffix}"'
        for condition in (f'"{release}"', f'"other", W/"{release}"', "*"):
            unchanged = client.send(path, headers={"if-none-match": condition})
            assert (unchanged.status, unchanged.body) == (304, b"")
        assert client.send(path, headers={"if-none-match": '"other"'}).status == 200
        assert client.send(path, method="HEAD").body == b""


def test_another_format_is_not_there(client: Client) -> None:
    refused = client.send("/exports/graph.exe", headers={"accept-language": "ja"})
    assert refused.status == 404
    assert "/exports/graph.trig" in refused.json()["detail"]


def test_a_reader_who_leaves_stops_the_writer() -> None:
    done: list[int] = []

    def graphs() -> Iterable[tuple[str, list[str]]]:
        for number in range(10_000):
            done.append(number)
            yield f"http://e.org/{number}", [f'<http://e.org/s> <http://e.org/p> "{"x" * 1000}" .'] * 100

    for wanted in DumpFormat:
        done.clear()
        pieces = dumped(graphs(), wanted)
        assert next(iter(pieces))
        pieces.close()  # type: ignore[attr-defined]
        assert len(done) < 100


def test_what_fails_on_the_way_is_told_to_the_reader() -> None:
    def graphs() -> Iterable[tuple[str, list[str]]]:
        yield "http://e.org/g", ['<http://e.org/s> <http://e.org/p> "1" .']
        raise OSError("the store is gone")

    for wanted in DumpFormat:
        with pytest.raises(OSError, match="the store is gone"):
            list(dumped(graphs(), wanted))


def test_the_command_line_writes_files_and_packs_them_the_same_way_each_time(three: Path, tmp_path: Path) -> None:
    plain, packed, again = tmp_path / "g.nq", tmp_path / "g.nq.gz", tmp_path / "again.gz"
    for file in (plain, packed, again):
        assert kakehashi("export-graph", "nquads", "-o", str(file), home=three).returncode == 0
    assert plain.read_bytes() == dump(three, DumpFormat.NQUADS) == gzip.decompress(packed.read_bytes())
    assert packed.read_bytes() == again.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["again.gz", "g.nq", "g.nq.gz"]


def test_the_command_line_warns_where_everything_leaves(three: Path, tmp_path: Path) -> None:
    for locale, word in (("C.UTF-8", "Keep it in the house"), ("ja_JP.UTF-8", "外部に渡さないで")):
        done = kakehashi("export-graph", "trig", "--everything", home=three, locale=locale)
        assert word in done.stderr
        assert "Tool of local" in done.stdout
    assert kakehashi("export-graph", "nquads", "-o", str(tmp_path / "no" / "f"), home=three).returncode == 1
    assert kakehashi("export-graph", "nquads", home=tmp_path / "empty").returncode == 1


def test_another_release_is_another_download(tmp_path: Path) -> None:
    build(tmp_path / "home", [small_catalogue.write(tmp_path / "c")])
    with serving(tmp_path / "home") as client:
        first = client.send("/exports/graph.nq")
        another = build(tmp_path / "home", [small_catalogue.write(tmp_path / "c", "Another tool")])
        client.until_served(another.release.id)
        second = client.send("/exports/graph.nq", headers={"if-none-match": first.headers["etag"]})
    assert second.status == 200
    assert b"Another tool" in second.body
    assert b"Another tool" not in first.body
