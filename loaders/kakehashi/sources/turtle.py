"""A Turtle file as plain triples: IRIs and nodes without names are text (the latter begin with `_:`), literals are `Words`."""

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from kakehashi.records.located import Fault, Place
from kakehashi.sources.files import File, UnreadableError
from kakehashi.vocabulary.rdf import Blank, Iri, Lit, RdfSyntaxError, parse_turtle
from kakehashi.vocabulary.text import Text

BAD_TURTLE = Text(
    "Turtleとして読めません: {problem}。このファイルからは何も読み込みません。行を直してください。",
    "This is not Turtle: {problem}. Nothing of this file is loaded; mend the line.",
)

MANY_TRIPLES = Text(
    "トリプルが上限の{limit}個か、その語の長さの合計が上限の{length}文字を超えています。ファイルを分けてください。",
    "There are more than {limit} triples, or their terms are longer than {length} characters together. Split the file.",
)

MAX_TRIPLES: Final = 500_000
MAX_LENGTH: Final = 128 * 1024 * 1024
"""A prefix of a few letters can stand for an IRI of any length, again and again."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Words(NamedTuple):
    """A literal, with its language where it has one."""

    text: str
    language: str | None = None


Node: TypeAlias = str | Words
Triple: TypeAlias = tuple[str, str, Node]


def triples(file: File, base: str) -> Iterator[Triple]:
    """The triples of a file, relative IRIs resolved against a base; UnreadableError names the line of the first mistake."""
    length = 0
    try:
        for count, (subject, predicate, target) in enumerate(parse_turtle(file.content.removeprefix(_BYTE_ORDER_MARK), base)):
            length += len(subject.value) + len(predicate.value) + len(target.value)
            if count >= MAX_TRIPLES or length > MAX_LENGTH:
                raise UnreadableError(Fault(Place(file.name), MANY_TRIPLES(limit=MAX_TRIPLES, length=MAX_LENGTH)))
            node = Words(target.value, target.language) if isinstance(target, Lit) else _name(target)
            yield _name(subject), predicate.value, node
    except RdfSyntaxError as error:
        problem = str(error).removeprefix("Parser error ")[:200]
        raise UnreadableError(Fault(Place(file.name, error.line), BAD_TURTLE(problem=problem))) from error


def _name(term: Iri | Blank) -> str:
    return term.value if isinstance(term, Iri) else f"_:{term.value}"
