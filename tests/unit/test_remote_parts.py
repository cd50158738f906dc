"""The parts of the store behind a server that need no server."""

import pytest

from kakehashi.store.remote import graphs
from kakehashi.store.remote.binding import Value, bind
from kakehashi.store.remote.endpoint import Endpoint, endpoint
from kakehashi.store.remote.graphs import pieces
from kakehashi.vocabulary.iris import LANG_STRING, XSD_INTEGER, Books
from kakehashi.vocabulary.rdf import Iri, Lit
from kakehashi.vocabulary.text import ErrorCode, KakehashiError


def addresses(found: Endpoint) -> tuple[str, str, str]:
    return found.query, found.update, found.graphs


@pytest.mark.parametrize(
    ("address", "update", "graph_store"),
    [
        ("http://127.0.0.1:7878/query", "http://127.0.0.1:7878/update", "http://127.0.0.1:7878/store"),
        ("https://example.org/a/sparql/", "https://example.org/a/sparql-auth", "https://example.org/a/sparql-graph-crud-auth"),
    ],
)
def test_the_addresses_follow_from_one(address: str, update: str, graph_store: str) -> None:
    assert addresses(endpoint(address)) == (address, update, graph_store)


def test_addresses_that_are_given_go_before() -> None:
    given = endpoint("http://h/ds/sparql", update="http://h/ds/update", graphs="http://h/ds/data")
    assert addresses(given) == ("http://h/ds/sparql", "http://h/ds/update", "http://h/ds/data")
    given = endpoint("http://h/repositories/x", update="http://u:p@h/x/statements", graphs="http://h/x/rdf-graphs")
    assert addresses(given) == ("http://h/repositories/x", "http://h/x/statements", "http://h/x/rdf-graphs")


def test_who_asks_stands_in_the_address_or_apart() -> None:
    given = endpoint("https://dba:p%40%2Fs@h:8890/sparql")
    assert (given.user, given.password) == ("dba", "p@/s")
    assert given.query == "https://h:8890/sparql"
    apart = endpoint("https://dba:wrong@h/sparql", user="me", password="secret")
    assert (apart.user, apart.password) == ("me", "secret")
    assert endpoint("https://h/sparql").user is None


def test_a_password_is_never_shown() -> None:
    assert "geheim" not in repr(endpoint("https://dba:geheim@h/sparql"))
    for address in ("ftp://dba:geheim@h/sparql", "https://dba:geheim@h:port/sparql", "https://dba:geheim@h/other", "geheim@"):
        with pytest.raises(KakehashiError) as caught:
            endpoint(address)
        assert caught.value.code is ErrorCode.BAD_USER_INPUT
        assert "geheim" not in f"{caught.value!r}{caught.value.text}"


@pytest.mark.parametrize(
    "address", ["", "sparql", "/sparql", "http:///sparql", "http://h/", "http://h/graphdb", "http://[/sparql"]
)
def test_an_address_that_says_too_little_is_refused(address: str) -> None:
    with pytest.raises(KakehashiError) as caught:
        endpoint(address)
    assert caught.value.code is ErrorCode.BAD_USER_INPUT


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Iri("https://example.org/個人"), "<https://example.org/個人>"),
        (Lit('a"b\\c\nd\re\tf\x00'), '"a\\"b\\\\c\\nd\\re\\tf\\u0000"'),
        (Lit("$b } ; DROP ALL #"), '"$b } ; DROP ALL #"'),
        (Lit("あ", LANG_STRING, "ja-latn"), '"あ"@ja-latn'),
        (Lit("1", XSD_INTEGER), f'"1"^^<{XSD_INTEGER}>'),
        (20_000, "20000"),
    ],
)
def test_a_bound_term_is_written_so_that_it_stays_a_term(value: Value, text: str) -> None:
    assert bind("SELECT $a WHERE { ?s $a $b }", a=value, b=0) == f"SELECT {text} WHERE {{ ?s {text} 0 }}"


@pytest.mark.parametrize(
    "value",
    [*(Iri(f"https://example.org/{mark}") for mark in '<>"{}|^`\\ \n\x00'), Lit("a", LANG_STRING, "ja> ;"), Lit("a", "x> ;")],
)
def test_what_could_leave_its_place_is_refused(value: Value) -> None:
    with pytest.raises(ValueError, match="no "):
        bind("$a", a=value)


@pytest.mark.parametrize("terms", [{}, {"a": 1, "b": 2}, {"b": 1}])
def test_every_place_is_bound_and_nothing_else(terms: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="bound were"):
        bind("SELECT $a", **terms)


def test_pieces_are_whole_lines_of_a_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "PIECE", 100)
    lines = [b"<s> <p> <%d> .\n" % number for number in range(200)]
    for size in (1, 7, 200):
        given = [b"".join(lines[start : start + size]) for start in range(0, len(lines), size)]
        found = list(pieces(given))
        assert b"".join(found) == b"".join(lines)
        assert all(piece.endswith(b".\n") and len(piece) < 250 for piece in found)
        assert len(found) > 10
    assert list(pieces([])) == []
    assert list(pieces([b"<s> <p> <o> ."])) == [b"<s> <p> <o> ."]


def test_long_literals_are_no_long_iris() -> None:
    line = b'<s> <p> "' + b"<" + b"a" * 5_000 + b'>" .\n'
    assert list(pieces([line])) == [line]


def test_the_books_name_their_releases() -> None:
    books = Books("https://example.org/x/")
    assert books.release("ab/ c") == "https://example.org/x/graph/release/ab%2F%20c"
    assert books.release_id(books.release("ab/ c")) == "ab/ c"
