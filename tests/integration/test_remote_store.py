"""The store behind a real server keeps the promises of the port: Oxigraph, Virtuoso, and a Virtuoso that cuts at 100 rows."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kakehashi.store.port import GraphEntry, Release, Repository
from kakehashi.store.remote import graphs
from kakehashi.store.remote.endpoint import Endpoint, Patience, endpoint
from kakehashi.store.remote.repository import RemoteRepository, connect
from kakehashi.vocabulary.iris import LANG_STRING, XSD_DATE, XSD_INTEGER
from kakehashi.vocabulary.rdf import Iri, Lit, Term, Triple
from kakehashi.vocabulary.text import ErrorCode, KakehashiError
from tests.support.remote_releases import Content, assert_whole, chunks, fresh_base, lines_of, load, many
from tests.support.sparql_servers import SparqlServer, oxigraph_server, virtuoso_server

PATIENCE = Patience(connect=5, answer=60, attempts=4, pause=0.05, claim=20)
P = Iri("https://example.org/p")

MAKERS: dict[str, Callable[[Path], SparqlServer]] = {
    "oxigraph": oxigraph_server,
    "virtuoso": virtuoso_server,
    "virtuoso-100-rows": partial(virtuoso_server, rows=100),
}


@pytest.fixture(scope="module", params=MAKERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    with MAKERS[request.param](tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def base() -> str:
    return fresh_base()


Connect = Callable[[str], RemoteRepository]


@pytest.fixture
def connected(server: SparqlServer) -> Iterator[Connect]:
    """Makes repositories of the server that are closed when the test is over."""
    with ExitStack() as stack:
        yield lambda base: stack.enter_context(closing(connect(patient(server), base)))


@pytest.fixture
def repository(connected: Connect, base: str) -> RemoteRepository:
    return connected(base)


def patient(server: SparqlServer) -> Endpoint:
    return replace(endpoint(server.url), patience=PATIENCE)


def written(repository: Repository, base: str, triples: list[Triple]) -> list[Triple]:
    """What comes back of triples that are written as a release of one graph."""
    release = load(repository, Content(base, {"one": triples}))
    store = repository.open(release.id)
    assert store.count(release.graphs[0].name) == len(triples)
    return list(store.triples(release.graphs[0].name))


AWKWARD = (
    "個人情報の「保護」", "a\"b'c\"\"\"d'''", "a\nb\r\nc\td", "\\n \\u0041 \\\\", "", "  a  ", "規" * 3_000,
    "<html><p about='x'>&amp;</p>",
    "𠮷野家😀\U0010ffff", "a\u00a0b\u3000c\u2028d\u2029e\ufeff\u200b", "か\u3099", "が", "$graph ?x {0} %s", "01", "1", "true",
    "2026-01-01", "https://example.org/a", "規" * 200_000, *(f"a{chr(code)}b" for code in (*range(32), *range(0x7F, 0xA0))),
)  # fmt: skip
IRIS = (
    "https://example.org/%E5%80%8B%20a", "https://example.org/個人", "https://example.org/a%2Fb#c", "urn:x:y",
    "https://example.org/a(b)~c'd!*+,;=:@", "https://example.org/?a=b&c=d", "https://example.org/" + "a" * 1_700,
)  # fmt: skip
NUMBERS = ("0", "1", "-1", "2147483647", "2147483648", "-9000000000000")


def awkward_terms() -> list[Term]:
    texts = [Lit(text) for text in AWKWARD]
    spoken = [Lit(text, LANG_STRING, language) for text in ("言葉", "a") for language in ("ja", "en", "ja-latn")]
    dates = [Lit(text, XSD_DATE) for text in ("2026-02-28", "0001-01-01", "9999-12-31")]
    return [*texts, *spoken, *dates, *(Lit(text, XSD_INTEGER) for text in NUMBERS), *map(Iri, IRIS)]


def test_awkward_terms_come_back_as_they_were(repository: RemoteRepository, base: str) -> None:
    subjects = [Iri("https://example.org/s"), *map(Iri, IRIS)]
    triples = [(subjects[0], P, term) for term in awkward_terms()] + [(one, one, one) for one in subjects]
    assert set(written(repository, base, triples)) == set(triples)


def test_control_characters_need_no_escapes(repository: RemoteRepository, base: str) -> None:
    """The encoder of records writes them as they are."""
    texts = [f"a{chr(code)}b" for code in (*range(1, 10), *range(14, 32), *range(0x7F, 0xA0))]
    lines = [f'<https://example.org/s> <{P.value}> "{text}" .\n'.encode() for text in texts]
    graph = f"{base}/graph/source/raw"
    repository.graphs.write(graph, lines)
    assert {target.value for _, _, target in repository.graphs.read(graph, len(lines))} == set(texts)


def test_any_text_comes_back_as_it_was(repository: RemoteRepository, base: str) -> None:
    spread = random.Random(20260101)
    points = [code for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    texts = {"".join(map(chr, spread.choices(points, k=spread.randrange(40)))) for _ in range(2_000)}
    triples: list[Triple] = [(Iri("https://example.org/s"), P, Lit(text)) for text in sorted(texts)]
    assert set(written(repository, base, triples)) == set(triples)


def test_a_graph_larger_than_any_answer_is_read_whole(repository: RemoteRepository, base: str) -> None:
    triples = many(30_000) + [(Iri(f"https://example.org/one/{i}"), P, Iri("https://example.org/o")) for i in range(12_000)]
    found = written(repository, base, triples)
    assert len(found) == len(triples)
    assert set(found) == set(triples)


def test_a_graph_of_many_predicates_is_read_whole(repository: RemoteRepository, base: str) -> None:
    node = Iri("https://example.org/s")
    triples: list[Triple] = [(node, Iri(f"https://example.org/p/{i}"), Lit(str(i), XSD_INTEGER)) for i in range(250)]
    assert set(written(repository, base, triples)) == set(triples)


def test_releases_are_listed_opened_and_switched(repository: Repository, base: str) -> None:
    assert repository.current() is None
    assert repository.releases() == []
    first = load(repository, Content(base, {"a": many(50)}))
    second = load(repository, Content(base, {"a": many(50), "b": many(70, "b")}, former=first.id, age=1))
    assert repository.releases() == [first, second]
    assert_whole(repository, second)
    repository.switch(first.id, second.id)
    assert_whole(repository, first)
    repository.switch(first.id, first.id)
    assert repository.current() == first.id


def test_what_is_not_switched_to_is_not_served(repository: Repository, base: str) -> None:
    first = load(repository, Content(base, {"a": many(50)}))
    content = Content(base, {"b": many(70, "b")}, former=first.id, age=1)
    draft = repository.begin(first)
    draft.add(content.entry("b"), chunks(content.lines("b")))
    assert repository.releases() == [first]
    draft.commit(content.release)
    assert repository.releases() == [first, content.release]
    assert repository.current() == first.id


def test_a_release_that_is_not_finished_can_be_neither_opened_nor_served(repository: Repository, base: str) -> None:
    first = load(repository, Content(base, {"a": many(50)}))
    acts: tuple[Callable[[], object], ...] = (lambda: repository.open("x"), lambda: repository.switch("x", first.id))
    for act in acts:
        with pytest.raises(KakehashiError) as caught:
            act()
        assert caught.value.code is ErrorCode.NOT_FOUND
    assert_whole(repository, first)


def test_a_long_description_comes_back(repository: RemoteRepository, base: str) -> None:
    graphs = tuple(GraphEntry(name=f"{base}/graph/{i}", source=f"出典/{i}", digest="d" * 64, triples=0) for i in range(3_000))
    content = Content(base, {}, age=1)
    release = Release(id="long", built_at=content.release.built_at, base=base, version="1", graphs=graphs)
    repository.descriptions.write(release)
    assert repository.releases() == [release]


def test_writing_again_changes_nothing(repository: Repository, base: str) -> None:
    content = Content(base, {"a": many(3_000)})
    first = load(repository, content)

    def never(_: int) -> None:
        pytest.fail("a graph that is there whole was written again")

    again = load(repository, replace(content, age=5), never)
    assert again.id == first.id
    assert repository.releases() == [first], "the first description stays"


def test_a_graph_that_was_cut_off_is_written_anew(repository: RemoteRepository, base: str) -> None:
    content = Content(base, {"a": many(5_000)})
    repository.graphs.write(content.entry("a").name, [b"".join(content.lines("a")[:3_000])])
    assert_whole(repository, load(repository, content))


def test_a_graph_with_too_much_in_it_is_written_anew(repository: RemoteRepository, base: str) -> None:
    content = Content(base, {"a": many(50)})
    repository.graphs.write(content.entry("a").name, [b"".join(lines_of(many(90, "other")))])
    release = load(repository, content)
    assert set(repository.open(release.id).triples(release.graphs[0].name)) == set(content.sources["a"])


def test_fewer_triples_than_announced_are_refused(repository: Repository, base: str) -> None:
    first = load(repository, Content(base, {"a": many(50)}))
    content = Content(base, {"b": many(70, "b")})
    draft = repository.begin(first)
    draft.add(content.entry("b"), chunks(lines_of(content.sources["b"][:-1])))
    with pytest.raises(KakehashiError) as caught:
        draft.settle()
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert "69" in caught.value.text.ja
    assert "69" in caught.value.text.en
    with pytest.raises(KakehashiError):
        draft.commit(content.release)
    draft.abandon()
    assert_whole(repository, first)


def test_what_is_no_triple_is_refused_with_the_servers_words(repository: Repository, base: str) -> None:
    draft = repository.begin(None)

    def written() -> None:
        draft.add(Content(base, {"a": many(5)}).entry("a"), [b"this is not a triple\n"])  # refused here, if the answer is quick
        draft.settle()

    with pytest.raises(KakehashiError) as caught:
        written()
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert "<html" not in caught.value.text.en.lower()


def test_an_iri_that_a_server_would_cut_is_refused(repository: Repository, base: str) -> None:
    long = Iri("https://example.org/" + "a" * 1_800)
    for triple in ((long, P, P), (P, long, P), (P, P, long)):
        content = Content(base, {"a": [triple]})
        with pytest.raises(KakehashiError) as caught:
            repository.begin(None).add(content.entry("a"), content.lines("a"))
        assert caught.value.code is ErrorCode.INVALID_SOURCE


def test_an_abandoned_draft_leaves_nothing_of_its_own(repository: RemoteRepository, base: str) -> None:
    first = load(repository, Content(base, {"a": many(50)}))
    content = Content(base, {"a": many(50), "b": many(70, "b")})
    draft = repository.begin(first)
    for name in content.sources:
        draft.add(content.entry(name), chunks(content.lines(name)))
    draft.settle()
    draft.abandon()
    assert repository.graphs.count(content.entry("b").name) == 0
    assert_whole(repository, first)


def test_of_two_loads_at_a_time_the_second_is_told(connected: Connect, base: str) -> None:
    one, other = connected(base), connected(base)
    first = load(one, Content(base, {"a": many(50)}))
    second, third = (Content(base, {"a": many(50), name: many(70, name)}, first.id) for name in "bc")
    for repository, content in ((one, second), (other, third)):
        draft = repository.begin(first)
        for name in content.sources:
            draft.add(content.entry(name), chunks(content.lines(name)))
        draft.commit(content.release)
    one.switch(second.release.id, first.id)
    with pytest.raises(KakehashiError) as caught:
        other.switch(third.release.id, first.id)
    assert caught.value.code is ErrorCode.BUSY
    assert second.release.id in caught.value.text.ja
    assert_whole(other, second.release)


def race(repositories: list[RemoteRepository], wanted: list[str], former: str | None) -> dict[str, str]:
    """What each repository is answered when all of them switch in the same moment, each to another release."""
    together = threading.Barrier(len(wanted))
    answers: dict[str, str] = {}

    def switch(repository: Repository, release_id: str) -> None:
        together.wait()
        try:
            repository.switch(release_id, former)
            answers[release_id] = "served"
        except KakehashiError as error:
            answers[release_id] = error.code.value

    threads = [threading.Thread(target=switch, args=pair) for pair in zip(repositories, wanted, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_switches_in_the_same_moment_exactly_one_succeeds(connected: Connect, base: str) -> None:
    repositories = [connected(base) for _ in range(4)]
    contents = [Content(base, {"a": many(10, str(number))}) for number in range(5)]
    for content in contents:
        draft = repositories[0].begin(None)
        draft.add(content.entry("a"), content.lines("a"))
        draft.commit(content.release)
    served = None
    for _ in range(4):
        wanted = [content.release.id for content in contents if content.release.id != served][:4]
        answers = race(repositories, wanted, served)
        assert sorted(answers.values()) == ["BUSY", "BUSY", "BUSY", "served"]
        served = repositories[0].current()
        assert served is not None
        assert answers[served] == "served"


def test_readers_see_one_release_or_the_other(connected: Connect, base: str) -> None:
    repository, reader = connected(base), connected(base)
    ids = [load(repository, Content(base, {"a": many(10, name)})).id for name in "ab"]
    seen: set[str | None] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(reader.current())

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(20):
        repository.switch(ids[number % 2], ids[1 - number % 2])
    done.set()
    thread.join()
    assert seen == set(ids)


def test_prune_keeps_what_is_served_or_asked_for(repository: RemoteRepository, base: str) -> None:
    contents = [Content(base, {"shared": many(20), name: many(30, name)}, age=age) for age, name in enumerate("abcd")]
    releases = [load(repository, content) for content in contents]
    assert repository.prune(frozenset({releases[1].id})) == 2
    assert repository.releases() == [releases[1], releases[3]]
    assert_whole(repository, releases[3])
    for age, name in enumerate("abcd"):
        assert repository.graphs.count(contents[age].entry(name).name) == (30 if name in "bd" else 0)
    assert repository.prune(frozenset()) == 1
    assert_whole(repository, releases[3])
    assert repository.prune(frozenset()) == 0


def test_a_large_graph_is_dropped_in_steps(repository: RemoteRepository, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "DROPPED", 300)
    release = load(repository, Content(base, {"a": many(1_000)}))
    repository.graphs.empty(release.graphs[0].name)
    assert repository.graphs.count(release.graphs[0].name) == 0


def test_prune_collects_what_a_killed_load_left(repository: RemoteRepository, base: str) -> None:
    first = load(repository, Content(base, {"a": many(50)}))
    content = Content(base, {"b": many(70, "b")})
    draft = repository.begin(first)
    draft.add(content.entry("b"), content.lines("b"))
    draft.settle()
    assert repository.prune(frozenset()) == 1
    assert repository.graphs.count(content.entry("b").name) == 0
    assert_whole(repository, first)


def test_foreign_graphs_are_never_touched(repository: RemoteRepository, connected: Connect, base: str) -> None:
    foreign = [f"{base}/graph/source/foreign/1", f"{base}-more/graph/source/a/1", "https://example.com/foreign"]
    neighbour = connected(f"{base}2")
    theirs = load(neighbour, Content(f"{base}2", {"a": many(40)}))
    for graph in foreign:
        repository.graphs.write(graph, lines_of(many(15)))
    for name in "abc":
        served = load(repository, Content(base, {"a": many(50, name)}))
    assert repository.prune(frozenset()) == 2
    assert [repository.graphs.count(graph) for graph in foreign] == [15, 15, 15]
    assert_whole(neighbour, theirs)
    assert_whole(repository, served)


def test_a_graph_of_another_release_is_not_read(repository: RemoteRepository, base: str) -> None:
    first = load(repository, Content(base, {"a": many(50)}))
    load(repository, Content(base, {"b": many(70, "b")}))
    store = repository.open(first.id)
    other = Content(base, {"b": many(70, "b")}).entry("b").name
    assert store.count(other) == 0
    assert list(store.triples(other)) == []


def test_a_loss_on_the_server_is_noticed(repository: RemoteRepository, base: str) -> None:
    content = Content(base, {"a": many(50)})
    release = load(repository, content)
    graph = release.graphs[0].name
    repository.graphs.empty(graph)
    repository.graphs.write(graph, content.lines("a")[:-1])
    with pytest.raises(KakehashiError) as caught:
        list(repository.open(release.id).triples(graph))
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert "49" in caught.value.text.ja


@pytest.mark.parametrize(("user", "password"), [("dba", "geheim"), (None, None)])
def test_a_wrong_password_is_said_so_and_not_shown(tmp_path: Path, user: str | None, password: str | None) -> None:
    content = Content(fresh_base(), {"a": many(5)})
    with virtuoso_server(tmp_path / "server") as server:
        wrong = replace(endpoint(server.url), user=user, password=password, patience=PATIENCE)
        with closing(connect(wrong, content.base)) as repository:
            assert repository.current() is None
            with pytest.raises(KakehashiError) as caught:
                load(repository, content)
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert "401" in caught.value.text.ja
    assert "geheim" not in f"{caught.value!r}{caught.value.text}{wrong!r}"


@pytest.mark.parametrize("make", [oxigraph_server, virtuoso_server])
def test_releases_survive_a_restart_and_a_kill(tmp_path: Path, make: Callable[[Path], SparqlServer]) -> None:
    base = fresh_base()
    with make(tmp_path / "server") as server, closing(connect(patient(server), base)) as repository:
        release = load(repository, Content(base, {"a": many(5_000)}))
        for end in (server.stop, server.kill):
            end()
            server.start()
            assert_whole(repository, release)


def test_a_draft_is_asked_about_its_own_graphs_only(repository: RemoteRepository, base: str) -> None:
    first = load(repository, Content(base, {"a": many(50)}))
    load(repository, Content(base, {"foreign": many(40, "foreign")}))
    content = Content(base, {"b": many(70, "b")})
    draft = repository.begin(first)
    draft.add(content.entry("b"), content.lines("b"))
    draft.settle()
    query = "SELECT ?g (COUNT(*) AS ?n) ?nothing WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ?nothing"
    new = content.entry("b").name
    assert list(draft.ask(query, [new])) == [{"g": Iri(new), "n": Lit("70", XSD_INTEGER), "nothing": None}]
    assert {row["n"] for row in draft.ask(query)} == {Lit("50", XSD_INTEGER), Lit("70", XSD_INTEGER)}
    assert list(draft.ask(query, [f"{base}/graph/elsewhere"])) == []
    draft.abandon()
