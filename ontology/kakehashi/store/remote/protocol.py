"""The SPARQL 1.1 protocols, as far as all servers keep to them, and their answers read strictly."""

import re
from collections.abc import Callable
from typing import Final, TypeVar

import pyoxigraph as ox

from kakehashi.store.named import query
from kakehashi.store.remote.binding import Value, bind
from kakehashi.store.remote.transport import Call, PassingError, Transport
from kakehashi.vocabulary.iris import LANG_STRING, XSD_DECIMAL, XSD_INTEGER
from kakehashi.vocabulary.rdf import Iri, Lit, Term, Triple

N_TRIPLES: Final = "application/n-triples"
JSON: Final = "application/sparql-results+json"

OPENING: Final = b"#" + b" " * 65_534 + b"\n"
"""A comment before every piece of a graph. Virtuoso ignores the content type and guesses it from the first 65,535 bytes:
a long literal, or one with HTML in it, would make it take the piece for something else and refuse it."""

_WHOLE_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]*")

_T = TypeVar("_T")

Bound = dict[str, Term]


class Protocol:
    """Named queries and updates (`store/queries`), sent to one server."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._endpoint = transport.endpoint

    def rows(self, name: str, **terms: Value) -> list[Bound]:
        """The rows of a SELECT, in each of which every variable has a value."""
        return self._query(name, terms, JSON, _rows)

    def triples(self, name: str, **terms: Value) -> list[Triple]:
        """The triples of a CONSTRUCT."""
        return self._query(name, terms, N_TRIPLES, _triples)

    def update(self, name: str, **terms: Value) -> None:
        """Send an update."""
        call = Call(address=self._endpoint.update, form={"update": bind(query(name), **terms)})
        self._transport.send(call, lambda _: None)

    def post(self, graph: str, ntriples: bytes) -> None:
        """Add triples to a graph."""
        content = OPENING + ntriples
        call = Call(address=self._endpoint.graphs, params={"graph": graph}, content=content, content_type=N_TRIPLES)
        self._transport.send(call, lambda _: None)

    def _query(self, name: str, terms: dict[str, Value], accept: str, read: Callable[[bytes], list[_T]]) -> list[_T]:
        # As a form: Virtuoso 7.2.5 never answers a query that is sent as application/sparql-query.
        call = Call(address=self._endpoint.query, accept=accept, form={"query": bind(query(name), **terms)})
        return self._transport.send(call, read)


def _rows(body: bytes) -> list[Bound]:
    try:
        found = ox.parse_query_results(input=body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(found, ox.QuerySolutions):
            raise PassingError("a yes or no instead of rows")
        names = [variable.value for variable in found.variables]
        return [{name: read_term(solution[name]) for name in names} for solution in found]
    except (SyntaxError, ValueError) as error:
        raise PassingError(f"rows that are cut off or malformed ({error})") from error


def _triples(body: bytes) -> list[Triple]:
    try:
        found = ox.parse(input=body, format=ox.RdfFormat.N_TRIPLES)
        return [(Iri(one.subject.value), Iri(one.predicate.value), read_term(one.object)) for one in found]
    except (SyntaxError, ValueError) as error:
        raise PassingError(f"triples that are cut off or malformed ({error})") from error


def read_term(term: object) -> Term:
    """A term as it was written; ValueError where there is none, as Virtuoso shows a literal that is just being written."""
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.Literal():
            datatype = term.datatype.value
            if datatype == XSD_DECIMAL and _WHOLE_NUMBER.fullmatch(term.value):
                # Virtuoso keeps an integer beyond 32 bits as a decimal; no decimal is ever stored.
                return Lit(term.value, XSD_INTEGER)
            return Lit(term.value, datatype, term.language if datatype == LANG_STRING else None)
    raise ValueError(f"no term: {term!r}")
