"""Terms and triples, and the Turtle parser: what every part that speaks of RDF shares."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from kakehashi.vocabulary.iris import LANG_STRING, XSD_STRING


class Iri(NamedTuple):
    """An IRI as a term of a triple."""

    value: str


class Lit(NamedTuple):
    """A literal as a term of a triple; a language makes it an rdf:langString."""

    value: str
    datatype: str = XSD_STRING
    language: str | None = None


class Blank(NamedTuple):
    """A node without a name; its label means nothing outside its file."""

    value: str


Term = Iri | Lit
Triple = tuple[Iri, Iri, Term]
FileTriple = tuple[Iri | Blank, Iri, Iri | Blank | Lit]
"""A triple of a file, where nodes without names may stand; none is ever stored."""

TURTLE: Final = "text/turtle"


class RdfSyntaxError(ValueError):
    """A file is not the RDF that it says it is; `line` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def parse_turtle(content: bytes, base: str) -> Iterator[FileTriple]:
    """The triples of a Turtle file; RdfSyntaxError, possibly after some of them, where it is malformed."""
    import pyoxigraph as ox  # noqa: PLC0415 - a served instance never parses RDF

    try:
        for triple in ox.parse(input=content, format=ox.RdfFormat.TURTLE, base_iri=base):
            subject, target = _node(triple.subject), _node(triple.object)
            if isinstance(subject, Lit):
                raise RdfSyntaxError(0, str(triple.subject))
            yield subject, Iri(triple.predicate.value), target
    except SyntaxError as error:
        raise RdfSyntaxError(error.lineno or 0, error.msg) from error


def _node(term: object) -> Iri | Blank | Lit:
    import pyoxigraph as ox  # noqa: PLC0415 - see `parse_turtle`

    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.BlankNode():
            return Blank(term.value)
        case ox.Literal():
            datatype = term.datatype.value
            return Lit(term.value, datatype, term.language if datatype == LANG_STRING else None)
    raise RdfSyntaxError(0, f"a triple inside a triple: {term}")
