"""SPARQL over HTTP and on the terminal: the protocol, what it refuses, and that nothing runs away."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.query import Result

from kakehashi.http.sparql import SparqlOptions
from kakehashi.pipeline.build import build as make_release
from kakehashi.pipeline.making import Maker
from kakehashi.snapshot.home import Home
from kakehashi.store.questions import Limits, Message, Question, receive, send
from kakehashi.store.remote.endpoint import endpoint
from kakehashi.store.remote.repository import connect
from kakehashi.vocabulary.iris import DEFAULT_BASE
from tests.integration.test_cli import kakehashi
from tests.support import small_catalogue, three_sources
from tests.support.making import build, snapshot_of
from tests.support.server import Client, Reply, serving
from tests.support.small_catalogue import write as small
from tests.support.sparql_servers import oxigraph_server

LIMITS = Limits(seconds=20, rows=500, bytes=200_000, memory=2**28)
PRODUCTS = "SELECT ?id { ?x kk:kind kind:product ; dcterms:identifier ?id } ORDER BY ?id"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT ?a { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c"
ABOUT = "CONSTRUCT { ?x skos:prefLabel ?name } { ?x kk:kind kind:product ; skos:prefLabel ?name }"
QUERY_TYPE = {"content-type": "application/sparql-query"}
FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}
JSON_TYPE = "application/sparql-results+json"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an open, a cited and a local source."""
    root = tmp_path_factory.mktemp("asked")
    build(root / "home", three_sources.write(root / "catalogues"))
    return root / "home"


@pytest.fixture(scope="module")
def asked(three: Path) -> Iterator[Client]:
    """A server of its open sources, as anybody may have it."""
    with serving(three, SparqlOptions(limits=LIMITS)) as found:
        yield found


@pytest.fixture(scope="module")
def house(three: Path) -> Iterator[Client]:
    """A server of all its sources, for use in the house, that gives up soon."""
    limits = Limits(seconds=1.5, rows=500, bytes=200_000, memory=2**28)
    with serving(three, SparqlOptions(everything=True, workers=1, waiting=1, limits=limits)) as found:
        yield found


def get(client: Client, query: str, accept: str | None = None, **parameters: str) -> Reply:
    headers = {"accept": accept} if accept else {}
    return client.send("/sparql?" + urlencode({"query": query, **parameters}), headers=headers)


def post(client: Client, query: str, headers: dict[str, str] | None = None, path: str = "/sparql") -> Reply:
    return client.send(path, method="POST", body=query.encode(), headers=QUERY_TYPE | (headers or {}))


def values(reply: Reply, name: str) -> list[str]:
    assert reply.status == 200, reply.body
    return [row[name]["value"] for row in reply.json()["results"]["bindings"]]


def problem(reply: Reply) -> str:
    """The message; both languages are there."""
    assert reply.headers["content-type"] == "application/problem+json"
    error = reply.json()
    messages = error["messages"]
    assert messages["ja"] != messages["en"]
    assert error["code"]
    assert error["detail"] in messages.values()
    return str(messages["en"])


def workers(folder: str) -> set[int]:
    """The processes of ours that answer SPARQL of a folder with such a name."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1])
            command = entry.joinpath("cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == os.getpid() and b"kakehashi.store.asking" in command and folder.encode() in command:
            found.add(int(entry.name))
    return found


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


# Whether there is one


def test_it_is_off_until_somebody_turns_it_on(three: Path) -> None:
    with serving(three) as client:
        for language, word in (("ja", "使うには"), ("en", "turned off")):
            for reply in (
                client.send("/sparql?query=ASK%7B%7D", headers={"accept-language": language}),
                client.send("/sparql", method="POST", body=b"ASK {}", headers=QUERY_TYPE | {"accept-language": language}),
            ):
                assert reply.status == 404
                assert "serve --sparql" in problem(reply)
                assert word in reply.json()["detail"]


def test_without_a_release_it_is_not_ready(tmp_path: Path) -> None:
    with serving(tmp_path / "empty", SparqlOptions()) as empty:
        assert get(empty, "ASK {}").status == 503


# The protocol


def test_the_three_ways_of_asking_give_the_same(asked: Client) -> None:
    answers = [
        get(asked, PRODUCTS),
        post(asked, PRODUCTS),
        asked.send("/sparql", method="POST", body=urlencode({"query": PRODUCTS}).encode(), headers=FORM_TYPE),
        post(asked, PRODUCTS, {"content-type": "application/sparql-query; charset=utf-8"}),
    ]
    assert {reply.body for reply in answers} == {answers[0].body}
    assert values(answers[0], "id") == ["tool-free"]
    assert answers[0].headers["content-type"] == JSON_TYPE
    assert "Accept" in answers[0].headers["vary"]
    assert asked.send("/sparql?" + urlencode({"query": PRODUCTS}), method="HEAD").body == b""


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, JSON_TYPE),
        ("*/*", JSON_TYPE),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/turtle, text/csv;q=0.5", "text/csv; charset=utf-8"),
        ("text/*;q=0.1, application/sparql-results+xml;q=0.2", "application/sparql-results+xml"),
    ],
)
def test_rows_come_in_the_format_that_is_asked_for(asked: Client, accept: str | None, content_type: str) -> None:
    reply = get(asked, "SELECT ?name { ?x kk:kind kind:product ; skos:prefLabel ?name }", accept)
    assert (reply.status, reply.headers["content-type"]) == (200, content_type)
    short = content_type.partition(";")[0].replace("application/json", JSON_TYPE)
    read = Result.parse(io.BytesIO(reply.body), content_type=short)
    assert sorted(str(*row.values()) for row in read.bindings) == ["Tool of free", "道具free"]


@pytest.mark.parametrize(
    ("accept", "form"), [(None, "turtle"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld")]
)
def test_graphs_come_in_the_format_that_is_asked_for(asked: Client, accept: str | None, form: str) -> None:
    reply = get(asked, ABOUT, accept)
    assert reply.status == 200
    read = Graph().parse(data=reply.body, format=form)
    assert {str(name) for name in read.objects()} == {"Tool of free", "道具free"}
    assert isomorphic(read, Graph().parse(data=get(asked, ABOUT).body, format="turtle"))


def test_an_asked_truth_and_a_description(asked: Client) -> None:
    assert get(asked, "ASK { ?x kk:kind kind:product }").json()["boolean"] is True
    assert get(asked, "ASK { ?x kk:kind kind:nothing }", "text/csv").body == b"false"
    node = URIRef("https://w3id.org/kakehashi/id/tool-free")
    described = Graph().parse(data=get(asked, f"DESCRIBE <{node}>").body, format="turtle")
    assert (node, None, None) in described


def test_what_the_client_does_not_take_is_not_given(asked: Client) -> None:
    for query, accept in ((PRODUCTS, "text/turtle"), (ABOUT, "text/csv"), (PRODUCTS, "image/png"), ("ASK {}", "text/turtle")):
        refused = get(asked, query, accept)
        assert refused.status == 406
        assert problem(refused)


@pytest.mark.parametrize(
    ("send_it", "status", "says"),
    [
        (lambda c: get(c, "SELECT * {"), 400, "no SPARQL 1.1 query"),
        (lambda c: get(c, "INSERT DATA { <a:s> <a:p> <a:o> }"), 400, "no SPARQL 1.1 query"),
        (lambda c: get(c, "LOAD <http://127.0.0.1:1/>"), 400, "no SPARQL 1.1 query"),
        (lambda c: get(c, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), 403, "SERVICE"),
        (lambda c: c.send("/sparql"), 400, "exactly one"),
        (lambda c: c.send("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), 400, "exactly one"),
        (lambda c: c.send("/sparql?query=%FF"), 400, "UTF-8"),
        (lambda c: c.send("/sparql?update=CLEAR+ALL"), 403, "Updates are refused"),
        (lambda c: post(c, "CLEAR ALL", {"content-type": "application/sparql-update"}), 403, "Updates are refused"),
        (lambda c: c.send("/sparql", method="POST", body=b"update=CLEAR+ALL", headers=FORM_TYPE), 403, "Updates are refused"),
        (lambda c: c.send("/sparql", method="POST", body=b"\xff", headers=QUERY_TYPE), 400, "UTF-8"),
        (lambda c: post(c, "{}", {"content-type": "application/json"}), 415, "Content-Type"),
        (lambda c: c.send("/sparql", method="PUT", body=b"ASK {}", headers=QUERY_TYPE), 405, "Use GET or POST"),
        (lambda c: post(c, "ASK {} #" + "x" * 70_000), 413, "at most"),
        (lambda c: post(c, "ASK {} #" + "x" * 300_000), 413, "at most"),
        (lambda c: get(c, "ASK {} #" + "x" * 20_000), 414, "POST"),
        (lambda c: get(c, "ASK {}", **{"default-graph-uri": "http://e.org/none"}), 400, "no graph http://e.org/none"),
        (lambda c: get(c, "ASK {}", **{"named-graph-uri": "http://e.org/none"}), 400, "no graph http://e.org/none"),
        (lambda c: get(c, "SELECT ?a { ?a ?b ?c . ?d ?e ?f }"), 422, "500 rows"),
        (lambda c: get(c, "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }"), 422, "500 rows"),
        (lambda c: get(c, "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c))) AS ?x) { ?a ?b ?c }"), 422, "200000 bytes"),
        (lambda c: get(c, f"SELECT * {{ {'{' * 20_000}{'}' * 20_000} }}"), 414, "POST"),
        (lambda c: post(c, f"SELECT * {{ {'{' * 20_000}{'}' * 20_000} }}"), 500, "nested too deeply"),
        (lambda c: get(c, GREEDY), 422, "memory limit"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_both_languages(
    asked: Client, send_it: Callable[[Client], Reply], status: int, says: str
) -> None:
    reply = send_it(asked)
    assert (reply.status, says in problem(reply)) == (status, True), reply.body
    assert reply.headers.get("allow", "GET, HEAD, POST") == "GET, HEAD, POST"
    assert values(get(asked, PRODUCTS), "id") == ["tool-free"]


# What is asked


def test_the_default_graph_is_the_union_and_takes_no_triple_twice(house: Client) -> None:
    rows = get(house, "SELECT ?s ?p ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ?p ?o HAVING (COUNT(*) > 1)")
    assert values(rows, "n") == []
    twice = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s a skos:ConceptScheme } }"
    once = "SELECT (COUNT(*) AS ?n) { ?s a skos:ConceptScheme }"
    assert int(values(get(house, twice), "n")[0]) >= int(values(get(house, once), "n")[0]) > 0


def test_named_graphs_are_those_of_the_release(house: Client, three: Path) -> None:
    found = values(get(house, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"), "g")
    assert set(found) == {graph.name for graph in snapshot_of(three).release.graphs}


def test_only_open_sources_and_the_vocabulary_are_asked_by_strangers(asked: Client, three: Path) -> None:
    graphs = {graph.source: graph.name for graph in snapshot_of(three).release.graphs}
    found = values(get(asked, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"), "g")
    assert set(found) == {graphs["source/free"], graphs["vocabulary"]}
    text = get(asked, "SELECT DISTINCT ?o { ?s ?p ?o FILTER(isLiteral(?o) && CONTAINS(STR(?o), 'Tool of')) }").body
    assert b"Tool of free" in text
    assert b"Tool of cited" not in text
    for name in ("source/cited", "source/local"):
        hidden = graphs[name]
        assert get(asked, "ASK {}", **{"default-graph-uri": hidden}).status == 400
        assert not get(asked, f"ASK FROM <{hidden}> {{ ?s ?p ?o }}").json()["boolean"]
        assert not get(asked, f"ASK FROM NAMED <{hidden}> {{ GRAPH ?g {{ ?s ?p ?o }} }}").json()["boolean"]
        assert not get(asked, f"ASK {{ GRAPH <{hidden}> {{ ?s ?p ?o }} }}").json()["boolean"]


def test_in_the_house_all_sources_are_asked(house: Client) -> None:
    assert values(get(house, PRODUCTS), "id") == ["tool-cited", "tool-free", "tool-local"]


def test_a_request_names_the_graphs_that_it_asks(house: Client, three: Path) -> None:
    graphs = {graph.source: graph.name for graph in snapshot_of(three).release.graphs}
    one, other = graphs["source/free"], graphs["source/local"]
    assert values(get(house, PRODUCTS, **{"default-graph-uri": one}), "id") == ["tool-free"]
    assert values(get(house, PRODUCTS, **{"named-graph-uri": one}), "id") == []
    both = f"/sparql?default-graph-uri={quote(one)}&default-graph-uri={quote(other)}"
    assert values(post(house, PRODUCTS, path=both), "id") == ["tool-free", "tool-local"]
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert values(get(house, named, **{"named-graph-uri": other}), "g") == [other]
    assert values(get(house, named, **{"default-graph-uri": one}), "g") == []
    inside = f"SELECT ?id FROM <{other}> {{ ?x kk:kind kind:product ; dcterms:identifier ?id }}"
    assert values(get(house, inside), "id") == ["tool-local"]
    assert values(get(house, inside, **{"default-graph-uri": one}), "id") == ["tool-free"]


# Limits


@linux
def test_a_runaway_query_ends_and_its_process_with_it(house: Client) -> None:
    get(house, "ASK {}")
    (before,) = workers("-all")
    began = time.monotonic()
    reply = get(house, RUNAWAY)
    assert 1.5 <= time.monotonic() - began < 6
    assert reply.status == 504
    assert "time limit of 1.5 seconds" in problem(reply)
    assert eventually(lambda: before not in workers("-all"))
    assert not Path(f"/proc/{before}").exists()
    assert get(house, "ASK {}").status == 200


@linux
def test_a_process_that_died_meanwhile_is_replaced(house: Client) -> None:
    get(house, "ASK {}")
    (before,) = workers("-all")
    os.kill(before, signal.SIGKILL)
    assert get(house, "ASK {}").status == 200
    assert workers("-all") != {before}


def test_too_many_at_once_are_told_to_come_again(house: Client) -> None:
    get(house, "ASK {}")
    with ThreadPoolExecutor(6) as pool:
        running = [pool.submit(get, house, RUNAWAY) for _ in range(6)]
        replies = [one.result() for one in running]
    statuses = sorted(reply.status for reply in replies)
    assert statuses.count(503) >= 4
    assert set(statuses) <= {503, 504}
    for reply in replies:
        if reply.status == 503:
            assert int(reply.headers["retry-after"]) >= 1
            assert reply.json()["code"] == "BUSY"
    assert get(house, "ASK {}").status == 200


def test_a_reader_who_leaves_keeps_no_place(house: Client) -> None:
    host, _, port = house.base.removeprefix("http://").partition(":")
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 400"})
    for _ in range(6):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert connection.recv(20).startswith(b"HTTP/1.1 200")
    assert get(house, "ASK {}").status == 200


def test_other_requests_are_answered_while_queries_run(house: Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(get, house, RUNAWAY)
        assert house.send("/readyz").status == 200
        assert not running.done()
        assert running.result().status == 504


@linux
def test_a_process_whose_asker_is_gone_ends_by_itself(house: Client, three: Path) -> None:
    get(house, "ASK {}")
    folder = next((three / "sparql").glob("*-all"))
    command = [sys.executable, "-P", "-m", "kakehashi.store.asking", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert receive(process.stdout)[0] is Message.READY
        question = Question(query=RUNAWAY, limits=Limits(seconds=0.1))
        send(process.stdin, Message.QUESTION, json.dumps(_plain(question)).encode())
        assert process.wait(10) == -signal.SIGALRM
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as idle:
        assert idle.stdin is not None
        idle.stdin.close()
        assert idle.wait(10) == 0


def _plain(question: Question) -> dict[str, object]:
    limits = {name: getattr(question.limits, name) for name in question.limits.__struct_fields__}
    return {"query": question.query, "limits": limits}


# Another release


@linux
def test_each_answer_is_of_one_release_while_another_is_switched_to(tmp_path: Path) -> None:
    home, names = tmp_path / "home", "SELECT ?n { ?x dcterms:identifier 'tool' ; skos:prefLabel ?n FILTER(LANG(?n) = 'en') }"
    build(home, [small(tmp_path / "c", "First tool")])
    seen: list[tuple[object, ...]] = []
    done, place = threading.Event(), str(home)
    with serving(home, SparqlOptions(limits=Limits(seconds=20))) as switched:

        def ask() -> None:
            while not done.is_set():
                reply = get(switched, names)
                seen.append((reply.status, *(values(reply, "n") if reply.status == 200 else ())))

        with ThreadPoolExecutor(2) as pool:
            asking = [pool.submit(ask) for _ in range(2)]
            assert eventually(lambda: (200, "First tool") in seen)
            old = workers(place)
            build(home, [small(tmp_path / "c", "Second tool")])
            switched_in_time = eventually(lambda: (200, "Second tool") in seen)
            done.set()
            for one in asking:
                one.result()
        assert switched_in_time
        assert set(seen) <= {(200, "First tool"), (200, "Second tool"), (503,)}
        second = [place for place, one in enumerate(seen) if one == (200, "Second tool")]
        first = [place for place, one in enumerate(seen) if one == (200, "First tool")]
        assert len([place for place in first if place > second[0]]) <= 1
        assert eventually(lambda: not old & workers(place))
    assert eventually(lambda: not workers(place))


def test_what_former_releases_were_asked_in_is_removed(tmp_path: Path) -> None:
    for name in ("One", "Two", "Three"):
        build(tmp_path / "home", [small_catalogue.write(tmp_path / "c", name)])
        assert kakehashi("sparql", "ASK {}", home=tmp_path / "home").returncode == 0
    kept = sorted(place.name for place in (tmp_path / "home" / "sparql").glob("*-*"))
    release = snapshot_of(tmp_path / "home").release
    assert kept == sorted([f"{release.id}-all", f"{release.former}-all"])


# The terminal


def test_a_query_is_an_argument_a_file_or_standard_input(three: Path, tmp_path: Path) -> None:
    file = tmp_path / "products.rq"
    file.write_text(PRODUCTS, "utf-8")
    by_argument = kakehashi("sparql", PRODUCTS, "--format", "csv", home=three)
    assert by_argument.stdout.split() == ["id", "tool-cited", "tool-free", "tool-local"]
    assert kakehashi("sparql", str(file), "--format", "csv", home=three).stdout == by_argument.stdout
    assert kakehashi("sparql", "-", "--format", "csv", home=three, text=PRODUCTS).stdout == by_argument.stdout


def test_the_terminal_shows_tables_words_and_turtle(three: Path) -> None:
    assert "│ tool-local │" in kakehashi("sparql", PRODUCTS, home=three).stdout
    assert kakehashi("sparql", "ASK { ?s ?p ?o }", "--lang", "ja", home=three).stdout == "はい\n"
    assert "@prefix skos:" in kakehashi("sparql", ABOUT, home=three).stdout
    assert json.loads(kakehashi("sparql", ABOUT, "--format", "jsonld", home=three).stdout)
    assert "true" in kakehashi("sparql", "ASK { ?s ?p ?o }", "--format", "json", home=three).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("SELECT * {",), "問い合わせとして読めません"),
        (("absent.rq",), "読めません"),
        ((PRODUCTS, "--format", "exe"), "formatは"),
        ((ABOUT, "--format", "csv"), "グラフです"),
        ((PRODUCTS, "--max-rows", "2"), "上限の2行"),
        ((RUNAWAY, "--time-limit", "0.3"), "時間の上限(0.3秒)"),
        (("SELECT * { SERVICE <http://127.0.0.1:1/> {} }",), "SERVICEは使えません"),
    ],
)
def test_what_goes_wrong_is_said_without_a_traceback(three: Path, arguments: tuple[str, ...], says: str) -> None:
    done = kakehashi("sparql", *arguments, home=three, locale="ja_JP.UTF-8")
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_release_the_terminal_says_so(tmp_path: Path) -> None:
    assert "kakehashi build" in kakehashi("sparql", "ASK {}", home=tmp_path / "empty").stderr


def test_a_release_on_a_sparql_server_is_asked_and_written_out_here_too(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with oxigraph_server(tmp_path / "server") as server, closing(connect(endpoint(server.url), DEFAULT_BASE)) as repository:
        inputs = three_sources.write(tmp_path / "catalogues")
        assert make_release(Maker.of(Home(tmp_path / "home"), repository, DEFAULT_BASE), inputs).fresh
        monkeypatch.setenv("KAKEHASHI_STORE", server.url)
        there = kakehashi("sparql", PRODUCTS, "--format", "csv", home=tmp_path / "home")
        written = kakehashi("export-graph", "nquads", home=tmp_path / "home")
        monkeypatch.delenv("KAKEHASHI_STORE")
    assert there.stdout == kakehashi("sparql", PRODUCTS, "--format", "csv", home=three).stdout
    assert written.stdout == kakehashi("export-graph", "nquads", home=three).stdout
