"""Puts terms into the `$names` of a query. The SPARQL protocol has no parameters, so what is put in is escaped here."""

import re
from typing import Final

from kakehashi.vocabulary.iris import XSD_STRING
from kakehashi.vocabulary.rdf import Iri, Lit

_NAME: Final = re.compile(r"\$([a-z]+)")
_NOT_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ESCAPES: Final = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
)

Value = Iri | Lit | int


def bind(text: str, **terms: Value) -> str:
    """The query with each `$name` replaced; ValueError where one is left open or has no place."""
    names = set(_NAME.findall(text))
    if names != terms.keys():
        raise ValueError(f"the query has {sorted(names)}, bound were {sorted(terms)}")
    written = {name: serialised(term) for name, term in terms.items()}
    return _NAME.sub(lambda found: written[found[1]], text)


def serialised(term: Value) -> str:
    """A term as SPARQL and N-Triples write it; ValueError where it holds what such a term may not."""
    if isinstance(term, Iri):
        return _bracketed(term.value)
    if isinstance(term, int):
        return str(int(term))
    quoted = f'"{term.value.translate(_ESCAPES)}"'
    if term.language is not None:
        if not _LANGUAGE.fullmatch(term.language):
            raise ValueError(f"no language tag: {term.language!r}")
        return f"{quoted}@{term.language}"
    return quoted if term.datatype == XSD_STRING else f"{quoted}^^{_bracketed(term.datatype)}"


def _bracketed(iri: str) -> str:
    if _NOT_IN_IRI.search(iri):
        raise ValueError(f"no IRI: {iri!r}")
    return f"<{iri}>"
