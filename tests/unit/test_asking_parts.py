"""The parts of the process that answers SPARQL: what it refuses to ask of others, and how it writes rows."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kakehashi.store.offline import federated
from kakehashi.store.questions import SOLUTIONS, Format
from kakehashi.store.solutions import written

CLAUSES = (
    "SELECT * { SERVICE <http://e.org/> { ?s ?p ?o } }",
    "SELECT * { service<http://e.org/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://e.org/> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE\n#a { comment\n silent # and } another\r\n\t?where {} }",
    "PREFIX e: <http://e.org/> SELECT * { SERVICE e:a {} }",
    "PREFIX : <http://e.org/> SELECT * { SERVICE:a{} }",
    "PREFIX : <http://e.org/> SELECT * { SERVICE:a\\#b{} }",
    "PREFIX : <http://e.org/> SELECT * { SERVICE :a#{\n{} }",
    "SELECT * { \\u0053ERVICE <http://e.org/> {} }",
    "SELECT * { SERVICE \\U0000003chttp://e.org/> {} }",
    "SELECT * { SERVICE \\u003Chttp://e.org/\\u003e \\u007B } }",
    "SELECT * { VALUES ?x { <http://e.org/> } SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { FILTER(?a <?b) SERVICE $x { ?s ?p '>' } }",
    "SELECT * { ?s ?p 'it\\'s SERVICE <http://e.org/> {' }",
)
HARMLESS = (
    "SELECT * { ?service ?p ?o }",
    "SELECT * { ?s ?p 'customer service' }",
    "SELECT * { ?s <http://e.org/service> ?o . { ?o ?q ?r } }",
    "PREFIX service: <http://e.org/> SELECT * { service:a ?p ?o }",
    "# the service\nSELECT * { ?s ?p ?o }",
    "SELECT ?service { ?service ?p ?o }",
    "SELECT * { ?s ?p 'service' . { ?s ?p ?o } }",
)


@pytest.mark.parametrize("query", CLAUSES)
def test_a_clause_that_asks_another_server_is_found(query: str) -> None:
    assert federated(query)


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_alone_is_harmless(query: str) -> None:
    assert not federated(query)


@pytest.mark.parametrize("query", ["service" + "#" * 60_000, "service#" * 8_000, "service " * 8_000, "service<" * 8_000])
@pytest.mark.timeout(20)
def test_the_search_is_not_slow_where_it_is_teased(query: str) -> None:
    assert not federated(query)


@pytest.fixture
def address() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


ASKS = """
import sys
import pyoxigraph as ox
from kakehashi.store.offline import give_up_network
if sys.argv[2] == "cut off":
    assert give_up_network()
for form in ("SERVICE", "SERVICE SILENT"):
    try:
        list(ox.Store().query(f"SELECT * {{ {form} <{sys.argv[1]}/> {{ ?s ?p ?o }} }}"))
    except OSError as error:
        print(type(error).__name__)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have the first wall alone")
def test_a_process_that_gave_up_the_network_reaches_nobody(address: tuple[str, list[str]]) -> None:
    """Even a SERVICE that was not found reaches nobody; and without that wall it would."""
    where, asked = address
    for wall, hits in (("cut off", 0), ("open", 2)):
        subprocess.run([sys.executable, "-c", ASKS, where, wall], check=True, timeout=30, capture_output=True)
        assert len(asked) == hits


ROWS = """
SELECT * {
  VALUES (?a ?b) {
    (<http://e.org/?x=1&y=<2>> "tab\\t quote\\" back\\\\ line\\n return\\r comma, <tag> & ü 日本"@ja)
    (UNDEF "") (1 1.50) (true "2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date>) (UNDEF UNDEF)
    ("x"^^<http://e.org/t> "a"@en-gb)
  }
}
""".replace("y=<2>", "y=2")
OTHERS = (
    "SELECT (BNODE() AS ?b) (TRIPLE(<a:s>, <a:p>, 'o') AS ?t) (STRLANGDIR('a', 'ar', 'rtl') AS ?d) {}",
    "SELECT ?x { FILTER(false) }",
    "SELECT ?one { VALUES ?one { UNDEF 'y' } }",
    "SELECT * {}",
)


def plain(found: ox.QuerySolutions) -> list[list[str]]:
    names = [variable.value for variable in found.variables]
    return [names, *([_plain(row[name]) for name in names] for row in found)]


def _plain(term: object) -> str:
    return "_:b" if isinstance(term, ox.BlankNode) else str(term)


@pytest.mark.parametrize("query", [ROWS, *OTHERS])
@pytest.mark.parametrize("wanted", [Format.JSON, Format.XML, Format.TSV])
def test_rows_are_read_back_as_they_were(query: str, wanted: Format) -> None:
    into = {
        Format.JSON: ox.QueryResultsFormat.JSON, Format.XML: ox.QueryResultsFormat.XML, Format.TSV: ox.QueryResultsFormat.TSV
    }[wanted]  # fmt: skip
    store = ox.Store()
    pieces = list(written(store.query(query), wanted))  # type: ignore[arg-type]
    content = b"".join(piece for _, piece in pieces)
    asserted = plain(store.query(query))  # type: ignore[arg-type]
    if wanted is Format.TSV and asserted[0] in ([], ["one"]):
        assert content.count(b"\n") == len(asserted)  # pyoxigraph does not read back what it writes itself here
        return
    assert sum(rows for rows, _ in pieces) == len(asserted) - 1
    assert plain(ox.parse_query_results(content, format=into)) == asserted  # type: ignore[arg-type]


@pytest.mark.parametrize("query", [ROWS, OTHERS[0].replace("BNODE() AS ?b", "1 AS ?b"), *OTHERS[1:3]])
def test_rows_in_csv_are_those_that_the_library_writes(query: str) -> None:
    store = ox.Store()
    ours = b"".join(piece for _, piece in written(store.query(query), Format.CSV))  # type: ignore[arg-type]
    theirs = store.query(query).serialize(format=ox.QueryResultsFormat.CSV)  # type: ignore[arg-type]
    assert ours == theirs


def test_every_format_of_rows_is_written() -> None:
    for wanted in SOLUTIONS:
        found = ox.Store().query("SELECT ?x { VALUES ?x { 1 } }")
        assert b"".join(piece for _, piece in written(found, wanted))  # type: ignore[arg-type]
