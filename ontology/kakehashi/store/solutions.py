"""The rows of a SELECT, written one at a time: pyoxigraph writes only whole answers, which cannot be counted on the way.

The formats are SPARQL 1.1 Query Results JSON, XML, and CSV and TSV.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import msgspec
import pyoxigraph as ox

from kakehashi.store.questions import Format
from kakehashi.vocabulary.iris import ITS, LANG_STRING, SPARQL_RESULTS, XSD_STRING

Row = Sequence[Any]
"""A term for each variable; None where it is unbound."""


def written(solutions: ox.QuerySolutions, wanted: Format) -> Iterator[tuple[int, bytes]]:
    """The pieces of an answer, each with how many rows it holds."""
    variables = [variable.value for variable in solutions.variables]
    opening, row, closing = _WRITERS[wanted]
    yield 0, opening(variables)
    for number, solution in enumerate(solutions):
        yield 1, row(variables, tuple(solution), number)
    yield 0, closing


def _json_opening(variables: Sequence[str]) -> bytes:
    return b'{"head":{"vars":%b},"results":{"bindings":[' % msgspec.json.encode(variables)


def _json_row(variables: Sequence[str], row: Row, number: int) -> bytes:
    bound = {name: _json_term(term) for name, term in zip(variables, row, strict=True) if term is not None}
    return (b",\n" if number else b"\n") + msgspec.json.encode(bound)


def _json_term(term: object) -> dict[str, object]:
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": term.value}
        case ox.Literal():
            return {"type": "literal", "value": term.value, **_attributes(term, "xml:lang", "its:dir", "datatype")}
        case ox.Triple():
            parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
            return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    raise TypeError(term)


def _attributes(literal: ox.Literal, language: str, direction: str, datatype: str) -> dict[str, str]:
    if literal.language is not None:
        base = {direction: literal.direction.value} if literal.direction is not None else {}
        return {language: literal.language, **base}
    plain = literal.datatype.value in (XSD_STRING, LANG_STRING)
    return {} if plain else {datatype: literal.datatype.value}


def _xml_opening(variables: Sequence[str]) -> bytes:
    names = "".join(f"<variable name={quoteattr(name)}/>" for name in variables)
    return f'<?xml version="1.0"?>\n<sparql xmlns="{SPARQL_RESULTS}"><head>{names}</head><results>'.encode()


def _xml_row(variables: Sequence[str], row: Row, _: int) -> bytes:
    bound = (
        f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"
        for name, term in zip(variables, row, strict=True)
        if term is not None
    )
    return f"\n<result>{''.join(bound)}</result>".encode()


def _xml_term(term: object) -> str:
    match term:
        case ox.NamedNode():
            return f"<uri>{escape(term.value)}</uri>"
        case ox.BlankNode():
            return f"<bnode>{escape(term.value)}</bnode>"
        case ox.Literal():
            attributes = _attributes(term, "xml:lang", "its:dir", "datatype")
            if "its:dir" in attributes:
                attributes |= {"xmlns:its": ITS, "its:version": "2.0"}
            written_out = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
            return f"<literal{written_out}>{escape(term.value)}</literal>"
        case ox.Triple():
            parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
            return "<triple>" + "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts) + "</triple>"
    raise TypeError(term)


def _csv_opening(variables: Sequence[str]) -> bytes:
    return _csv_line(variables)


def _csv_row(_: Sequence[str], row: Row, __: int) -> bytes:
    return _csv_line(["" if term is None else _csv_term(term) for term in row])


def _csv_line(values: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    # One empty value would be quoted, and no value at all must be a line too.
    return (line.getvalue() if list(values) != [""] else "\r\n").encode()


def _csv_term(term: object) -> str:
    if isinstance(term, ox.Triple):
        return " ".join(map(_csv_term, term))
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _tsv_opening(variables: Sequence[str]) -> bytes:
    return ("\t".join(f"?{name}" for name in variables) + "\n").encode()


def _tsv_row(_: Sequence[str], row: Row, __: int) -> bytes:
    return ("\t".join("" if term is None else _tsv_term(term) for term in row) + "\n").encode()


def _tsv_term(term: object) -> str:
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(map(_tsv_term, term))} )>>"
    # A term as N-Triples write it holds no line end; a tab they leave as it is.
    return str(term).replace("\t", "\\t")


_Writer = tuple[Callable[[Sequence[str]], bytes], Callable[[Sequence[str], Row, int], bytes], bytes]

_WRITERS: Final[Mapping[Format, _Writer]] = {
    Format.JSON: (_json_opening, _json_row, b"\n]}}\n"),
    Format.XML: (_xml_opening, _xml_row, b"\n</results></sparql>\n"),
    Format.CSV: (_csv_opening, _csv_row, b""),
    Format.TSV: (_tsv_opening, _tsv_row, b""),
}
