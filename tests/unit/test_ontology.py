"""The ontology's files: both languages everywhere, complete lists, and shapes and lint queries that do find faults."""

import json
import re
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic, to_canonical_graph

from kakehashi.crosswalk.gaps import GapType
from kakehashi.crosswalk.notices import NoticeType
from kakehashi.vocabulary.files import TERM_FILES, folder, lint_queries
from kakehashi.vocabulary.iris import CERTAINTY, COVERAGE_STATUS, GAP_TYPE, KIND, KK, NOTICE_TYPE, PREDICATE
from tests.support.planting import changed, parsed
from tests.support.shape_faults import SHAPE_FAULTS

OWN = Namespace(KK)
SH = Namespace("http://www.w3.org/ns/shacl#")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def test_every_term_is_named_and_defined_in_both_languages() -> None:
    terms = parsed(*TERM_FILES)
    named = {one for name in (RDFS.label, SKOS.prefLabel) for one in terms.subjects(name)}
    assert len(named) > 400
    for term in named:
        for texts in (RDFS.label, SKOS.prefLabel), (SKOS.definition,):
            languages = sorted(str(o.language) for p in texts for o in terms.objects(term, p) if isinstance(o, Literal))
            assert languages == ["en", "ja"], term


def test_definitions_are_in_the_language_that_they_claim() -> None:
    for text in parsed(*TERM_FILES).objects(None, SKOS.definition):
        assert isinstance(text, Literal)
        assert bool(JAPANESE.search(text)) == (text.language == "ja"), text


@pytest.mark.parametrize(
    ("list_iri", "words"),
    [
        (
            KIND,
            "product product-capability recommendation measure compliance-offering guideline-edition comparison-cell",
        ),
        (PREDICATE, "accepts-any-of has-capability page_refs cell_zero_trust correction satisfies-in-part subset-of"),
        (CERTAINTY, "printed verified secondary unverified inferred"),
        (COVERAGE_STATUS, "full partial possible excluded unknown"),
        (GAP_TYPE, " ".join(GapType)),
        (NOTICE_TYPE, " ".join(NoticeType)),
    ],
)
def test_lists_hold_their_words(list_iri: str, words: str) -> None:
    terms = parsed(*TERM_FILES)
    for word in words.split():
        assert (URIRef(list_iri + word), SKOS.notation, Literal(word)) in terms


@pytest.mark.parametrize(
    ("kind", "core_class"),
    [
        ("product-family", "Product"),
        ("commitment", "Capability"),
        ("contract-term", "Capability"),
        ("attestation", "CertificationScheme"),
        ("risk-event-type", "Threat"),
        ("criteria", "Requirement"),
        ("law", "Framework"),
        ("guideline-edition", "FrameworkEdition"),
        ("court", "Organization"),
        ("section", "Resource"),
    ],
)
def test_kind_stands_under_its_core_class(kind: str, core_class: str) -> None:
    assert list(parsed(*TERM_FILES).objects(URIRef(KIND + kind), OWN.kindOf)) == [OWN[core_class]]


def test_value_lists_and_shapes_agree() -> None:
    shapes, values = parsed("shapes.ttl"), parsed("values.ttl")
    listed = [value for one in shapes.objects(None, SH["in"]) for value in shapes.items(one)]
    allowed = {value for value in listed if isinstance(value, URIRef)}
    stored = {scheme for value in allowed for scheme in values.objects(value, SKOS.inScheme)}
    assert len(stored) == 12
    assert allowed == {value for scheme in stored for value in values.subjects(SKOS.inScheme, scheme)}


# ---- Lint


@pytest.mark.parametrize("rule", sorted(lint_queries()))
def test_lint_finds_nothing(rule: str) -> None:
    assert parsed(*TERM_FILES, "shapes.ttl").query(lint_queries()[rule]).bindings == []


@pytest.mark.parametrize("rule", sorted(lint_queries()))
def test_lint_asks_its_question_in_both_languages(rule: str) -> None:
    english, japanese = lint_queries()[rule].splitlines()[:2]
    assert english.startswith("# en: ")
    assert japanese.startswith("# ja: ")
    assert JAPANESE.search(japanese)


LINT_FAULTS = {
    "class-without-superclass": "INSERT DATA { kk:Stray a owl:Class }",
    "concept-without-scheme": "DELETE WHERE { kind:product skos:inScheme ?scheme }",
    "duplicate-label-in-a-scheme": 'INSERT DATA { kind:product skos:prefLabel "Threat"@en }',
    "duplicate-label-of-classes-or-properties": 'INSERT DATA { kk:Control rdfs:label "要求事項"@ja }',
    "kind-without-core-class": "DELETE WHERE { kind:product kk:kindOf ?class }",
    "label-with-edge-whitespace": 'INSERT DATA { kind:product skos:prefLabel "製品\u3000"@ja }',
    "ontology-without-licence-or-title": "DELETE WHERE { ?ontology dcterms:license ?licence }",
    "predicate-without-value-type": 'INSERT DATA { predicate:satisfies kk:valueType "literal" }',
    "property-without-domain-or-range": "DELETE WHERE { kk:axis rdfs:range ?range }",
    "term-without-definition-in-both-languages": "DELETE WHERE { kind:product skos:definition ?definition }",
    "term-without-label-in-both-languages": 'INSERT DATA { kk:Control rdfs:label "another label"@en }',
    "undeclared-term": "INSERT DATA { kind:product kk:kindOf kk:Stray }",
    "unused-value": "INSERT DATA { certainty:rumoured skos:topConceptOf <https://w3id.org/kakehashi/certainty> }",
    "word-unlike-its-iri": "DELETE WHERE { kind:product skos:notation ?notation }",
}


@pytest.mark.parametrize("rule", sorted(lint_queries()))
def test_lint_finds_a_planted_fault(rule: str) -> None:
    planted = changed((*TERM_FILES, "shapes.ttl"), LINT_FAULTS[rule])
    assert planted.query(lint_queries()[rule]).bindings


# ---- Shapes


def report(data: Graph) -> tuple[bool, set[str]]:
    """Whether records conform, and the English messages of what does not."""
    conforms, results, _ = pyshacl.validate(data + parsed("core.ttl"), shacl_graph=parsed("shapes.ttl"))
    assert isinstance(results, Graph)
    messages = (one for one in results.objects(None, SH.resultMessage) if isinstance(one, Literal))
    return bool(conforms), {str(one) for one in messages if one.language == "en"}


def test_shapes_accept_the_sample() -> None:
    assert report(parsed("sample.ttl")) == (True, set())


def test_every_constraint_says_in_both_languages_what_is_wrong() -> None:
    shapes = parsed("shapes.ttl")
    named = list(shapes.subjects(RDF.type, SH.NodeShape))
    constraints = [constraint for shape in named for constraint in shapes.objects(shape, SH.property)]
    logical = [shape for way in (SH["or"], SH.xone) for shape in shapes.subjects(way)]
    assert len(constraints) > 40
    for constraint in constraints + logical:
        languages = sorted(str(o.language) for o in shapes.objects(constraint, SH.message) if isinstance(o, Literal))
        assert languages == ["en", "ja"]


@pytest.mark.parametrize(("message", "update"), SHAPE_FAULTS)
def test_shapes_reject_a_planted_fault(message: str, update: str) -> None:
    conforms, messages = report(changed(("sample.ttl",), update))
    assert not conforms
    assert any(message in one for one in messages), messages


# ---- JSON-LD


def test_context_names_every_term_that_records_use() -> None:
    context = _context()
    named = {one["@id"] if isinstance(one, dict) else one for one in context.values()}
    core = parsed("core.ttl")
    own = {f"kk:{str(one).removeprefix(KK)}" for one in core.subjects(RDF.type) if str(one).startswith(KK)}
    assert own <= named


def test_context_reads_a_record_as_the_sample_has_it() -> None:
    read = Graph().parse(data=json.dumps({"@context": _context(), **MAPPING_AS_JSON}), format="json-ld")
    node = URIRef("https://w3id.org/kakehashi/id/statement/sample-mapping")
    wanted = Graph()
    for triple in parsed("sample.ttl").triples((node, None, None)):
        wanted.add(triple)
    assert isomorphic(read, wanted), set(to_canonical_graph(read)) ^ set(to_canonical_graph(wanted))


def test_context_makes_dates_of_dates() -> None:
    record = {"@context": _context(), "id": "https://example.org/e", "issued": "2020-01-31", "checkedOn": "2020-01-31"}
    values = list(Graph().parse(data=json.dumps(record), format="json-ld").objects())
    assert values == [Literal("2020-01-31", datatype=XSD.date)] * 2


def _context() -> dict[str, Any]:
    context: dict[str, Any] = json.loads((folder() / "context.jsonld").read_text("utf-8"))["@context"]
    return context


MAPPING_AS_JSON = {
    "id": "https://w3id.org/kakehashi/id/statement/sample-mapping",
    "type": ["Mapping", "Statement"],
    "subject": "https://w3id.org/kakehashi/id/sample-capability",
    "predicate": PREDICATE + "satisfies",
    "object": "https://w3id.org/kakehashi/id/sample-framework/1/1.1",
    "certainty": CERTAINTY + "inferred",
    "authority": "https://w3id.org/kakehashi/authority/inferred",
    "nature": "https://w3id.org/kakehashi/nature/curation",
    "confidence": "high",
    "note": "見本",
    "source": "https://w3id.org/kakehashi/id/source/sample",
    "mappingSet": "https://w3id.org/kakehashi/id/sample-mapping-set",
    "verbatim": "satisfies",
    "rationaleKind": "https://w3id.org/kakehashi/rationale-kind/functional",
    "rationale": {"ja": "文書を暗号化する。", "en": "It encrypts documents."},
    "strength": "10",
    "inGroup": "https://w3id.org/kakehashi/id/group/sample",
    "ownWords": ["ja", "en"],
    "confidenceThousandths": 900,
    "justification": "https://w3id.org/semapv/vocab/ManualMappingCuration",
    "mappingStatus": "https://w3id.org/kakehashi/mapping-status/draft",
}
