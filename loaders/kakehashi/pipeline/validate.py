"""SHACL: whether what would be released is well formed (pySHACL over rdflib, which is far faster than over a store)."""

from collections.abc import Iterable, Iterator, Mapping

from rdflib import RDF, SH, Graph, Literal, Node

from kakehashi.records.located import Fault, Place
from kakehashi.store.as_rdflib import rdflib_graph
from kakehashi.vocabulary.files import graph
from kakehashi.vocabulary.iris import IdSpace
from kakehashi.vocabulary.text import Text

RELEASE = Place("SHACL")
VIOLATION = Text("{message}(対象: {focus}、値: {value})", "{message} (focus: {focus}, value: {value})")


def violations(ntriples: Iterable[str], ids: IdSpace, places: Mapping[str, Place]) -> list[Fault]:
    """Every way in which triples break the ontology's shapes, at the place where the focus node's record was read."""
    from pyshacl import validate  # noqa: PLC0415 - a second to import, and only a build validates

    conforms, report, _ = validate(
        rdflib_graph(ntriples),
        shacl_graph=graph("shapes.ttl"),
        ont_graph=graph("core.ttl"),
        inference="none",
        advanced=False,
    )
    return [] if conforms else list(_faults(report, ids, places))


def _faults(report: Graph, ids: IdSpace, places: Mapping[str, Place]) -> Iterator[Fault]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = str(report.value(result, SH.focusNode))
        identifier = ids.identifier(focus) or focus
        messages = {
            literal.language: str(literal) for literal in report.objects(result, SH.resultMessage) if isinstance(literal, Literal)
        }
        english = messages.get("en") or next(iter(messages.values()), "?")
        text = Text(
            VIOLATION.ja.format(message=messages.get("ja", english), focus=identifier, value=_shown(report, result)),
            VIOLATION.en.format(message=english, focus=identifier, value=_shown(report, result)),
        )
        yield Fault(places.get(identifier, RELEASE), text)


def _shown(report: Graph, result: Node) -> str:
    value = report.value(result, SH.value)
    return "-" if value is None else str(value)
