"""The ontology's files: both languages everywhere, complete lists, and shapes and lint queries that do find faults."""

import json
import re
from functools import cache
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic, to_canonical_graph

from kakehashi.vocabulary.files import TERM_FILES, folder, graph, lint_queries
from kakehashi.vocabulary.iris import CERTAINTY, COVERAGE_STATUS, GAP_TYPE, KIND, KK, PREDICATE

OWN = Namespace(KK)
SH = Namespace("http://www.w3.org/ns/shacl#")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")

PREFIXES = "\n".join(
    f"PREFIX {name}: <{iri}>"
    for name, iri in {
        "": "https://w3id.org/kakehashi/id/",
        "kk": KK,
        "kind": KIND,
        "predicate": PREDICATE,
        "certainty": CERTAINTY,
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


@cache
def _parsed(*names: str) -> Graph:
    return graph(*names)


def changed(names: tuple[str, ...], update: str) -> Graph:
    """A copy of the named files with a SPARQL update applied, which must change something."""
    copy = Graph()
    copy += _parsed(*names)
    copy.update(f"{PREFIXES}\n{update}")
    assert set(copy) != set(_parsed(*names)), "the planted fault changed nothing"
    return copy


# ---- Terms


def test_every_term_is_named_and_defined_in_both_languages() -> None:
    terms = _parsed(*TERM_FILES)
    named = {one for name in (RDFS.label, SKOS.prefLabel) for one in terms.subjects(name)}
    assert len(named) > 400
    for term in named:
        for texts in (RDFS.label, SKOS.prefLabel), (SKOS.definition,):
            languages = sorted(str(o.language) for p in texts for o in terms.objects(term, p) if isinstance(o, Literal))
            assert languages == ["en", "ja"], term


def test_definitions_are_in_the_language_that_they_claim() -> None:
    for text in _parsed(*TERM_FILES).objects(None, SKOS.definition):
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
        (
            GAP_TYPE,
            "disputed certificate-not-in-force partial-only candidates-only asserted-none "
            "vendor-word-only draft-only outside-view not-given nothing-recorded",
        ),
    ],
)
def test_lists_hold_their_words(list_iri: str, words: str) -> None:
    terms = _parsed(*TERM_FILES)
    for word in words.split():
        assert (URIRef(list_iri + word), SKOS.notation, Literal(word)) in terms


@pytest.mark.parametrize(("list_iri", "count"), [(KIND, 99), (PREDICATE, 199)])
def test_lists_are_as_long_as_the_model_says(list_iri: str, count: int) -> None:
    scheme = URIRef(list_iri.rstrip("/"))
    assert len(set(_parsed(*TERM_FILES).subjects(SKOS.inScheme, scheme))) == count


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
    assert list(_parsed(*TERM_FILES).objects(URIRef(KIND + kind), OWN.kindOf)) == [OWN[core_class]]


def test_value_lists_and_shapes_agree() -> None:
    shapes, values = _parsed("shapes.ttl"), _parsed("values.ttl")
    listed = [value for one in shapes.objects(None, SH["in"]) for value in shapes.items(one)]
    allowed = {value for value in listed if isinstance(value, URIRef)}
    stored = {scheme for value in allowed for scheme in values.objects(value, SKOS.inScheme)}
    assert len(stored) == 7
    assert allowed == {value for scheme in stored for value in values.subjects(SKOS.inScheme, scheme)}


# ---- Lint


@pytest.mark.parametrize("rule", sorted(lint_queries()))
def test_lint_finds_nothing(rule: str) -> None:
    assert _parsed(*TERM_FILES, "shapes.ttl").query(lint_queries()[rule]).bindings == []


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
    conforms, results, _ = pyshacl.validate(data + _parsed("core.ttl"), shacl_graph=_parsed("shapes.ttl"))
    assert isinstance(results, Graph)
    messages = (one for one in results.objects(None, SH.resultMessage) if isinstance(one, Literal))
    return bool(conforms), {str(one) for one in messages if one.language == "en"}


def test_shapes_accept_the_sample() -> None:
    assert report(_parsed("sample.ttl")) == (True, set())


def test_every_constraint_says_in_both_languages_what_is_wrong() -> None:
    shapes = _parsed("shapes.ttl")
    named = list(shapes.subjects(RDF.type, SH.NodeShape))
    constraints = [constraint for shape in named for constraint in shapes.objects(shape, SH.property)]
    logical = [shape for way in (SH["or"], SH.xone) for shape in shapes.subjects(way)]
    assert len(constraints) > 40
    for constraint in constraints + logical:
        languages = sorted(str(o.language) for o in shapes.objects(constraint, SH.message) if isinstance(o, Literal))
        assert languages == ["en", "ja"]


ID = "https://w3id.org/kakehashi/id/"
FACT = f"<{ID}statement/sample-fact>"
MAPPING = f"<{ID}statement/sample-mapping>"
CLAUSE = f"<{ID}sample-framework/1/1.1>"
EDITION = f"<{ID}sample-framework/1>"
SOURCE = f"<{ID}source/sample>"
ROW = f"<{ID}sample-matrix/row/1>"


def without(node: str, path: str) -> str:
    return f"DELETE WHERE {{ {node} {path} ?value }}"


def more(node: str, path: str, value: str) -> str:
    return f"INSERT DATA {{ {node} {path} {value} }}"


def instead(node: str, path: str, value: str) -> str:
    return f"DELETE {{ {node} {path} ?value }} INSERT {{ {node} {path} {value} }} WHERE {{ {node} {path} ?value }}"


SHAPE_FAULTS = [
    ("no kind (kk:kind)", without(":sample-product", "kk:kind")),
    ("has one kind", more(":sample-product", "kk:kind", "kind:product-family")),
    ("has one kind", instead(":sample-product", "kk:kind", "<https://example.org/product>")),
    ("What has a kind must be a kk:Resource", without(":sample-product", "a")),
    ("one identifier", without(":sample-product", "dcterms:identifier")),
    ("one label in Japanese", instead(":sample-product", "skos:prefLabel", '"Only English"@en')),
    ("one label in Japanese", more(":sample-product", "skos:prefLabel", '"Produkt"@de')),
    ("one label in Japanese", more(":sample-product", "skos:prefLabel", '"another"@en')),
    ("at most one notation", more(CLAUSE, "skos:notation", '"1.1.1"')),
    ("kk:ownWords is", more(":sample-vendor", "kk:ownWords", '"de"')),
    ("A resource has one source", without(":sample-product", "dcterms:source")),
    ("A resource has one source", instead(":sample-product", "dcterms:source", ":sample-vendor")),
    ("belongs to one edition", without(CLAUSE, "skos:inScheme")),
    ("belongs to one edition", instead(CLAUSE, "skos:inScheme", ":sample-framework")),
    ("A provision has one position", instead(CLAUSE, "kk:position", '"1"')),
    ("A provision has one position", instead(CLAUSE, "kk:position", "0")),
    ("at most one meaning of its parent link", instead(":sample-framework", "kk:parentLink", "kk:Framework")),
    ("typed skos:ConceptScheme", instead(EDITION, "a", "kk:FrameworkEdition")),
    ("the version of one framework", without(EDITION, "dcterms:isVersionOf")),
    ("at most one version", more(EDITION, "dcat:version", '"2"')),
    ("at most one date of issue", instead(EDITION, "dcterms:issued", '"2020-01"^^xsd:gYearMonth')),
    ("at most one date of issue", instead(EDITION, "dcterms:issued", '"2020-01"^^xsd:date')),
    ("replaces at most one other", more(EDITION, "dcterms:replaces", ":sample-framework")),
    ("An edition has one source of its structure", without(EDITION, "kk:structureSource")),
    ("one row predicate", without(":sample-matrix", "kk:rowPredicate")),
    ("one column predicate", instead(":sample-matrix", "kk:columnPredicate", '"in-column"')),
    ("one kind of cells", instead(":sample-matrix", "kk:cellKind", "predicate:in-row")),
    ("belongs to one matrix", instead(ROW, "kk:axisOf", ":sample-product")),
    ("row or column", instead(ROW, "kk:axis", '"diagonal"')),
    ("An axis member has one position", without(ROW, "kk:position")),
    ("holds one resource", instead(ROW, "kk:member", ":nobody")),
    ("typed dcat:Dataset", instead(SOURCE, "a", "kk:Source")),
    ("one title in Japanese", instead(SOURCE, "dcterms:title", '"見本"@ja')),
    ("at most one publisher", instead(SOURCE, "dcterms:publisher", '"a name"')),
    ("what its rights are", without(SOURCE, "dcterms:rights")),
    ("list of redistribution", instead(SOURCE, "kk:redistribution", "certainty:printed")),
    ("64 lower-case hexadecimal", instead(SOURCE, "kk:sha256", '"ABC"')),
    ("names one loader", without(SOURCE, "kk:loader")),
    ("one version of its loader", without(SOURCE, "kk:loaderVersion")),
    ("one subject", without(FACT, "kk:subject")),
    ("one subject", instead(FACT, "kk:subject", ":nobody")),
    ("one subject", more(FACT, "kk:subject", ":sample-vendor")),
    ("A statement has one predicate", instead(FACT, "kk:predicate", "kk:kind")),
    ("either an object or a value", without(FACT, "kk:value")),
    ("either an object or a value", more(FACT, "kk:object", ":sample-vendor")),
    ("at most one value, a literal", instead(FACT, "kk:value", ":sample-vendor")),
    ("at most one object", instead(MAPPING, "kk:object", ":nobody")),
    ("at most one section", more(FACT, "kk:section", '"2"')),
    ("list of certainty", without(FACT, "kk:certainty")),
    ("list of certainty", instead(FACT, "kk:certainty", "certainty:rumoured")),
    ("list of authorities", without(FACT, "kk:authority")),
    ("list of natures", more(FACT, "kk:nature", "<https://w3id.org/kakehashi/nature/report>")),
    ("at most one day of checking", instead(FACT, "kk:checkedOn", '"2020-01-31"')),
    ("A statement has one source", without(FACT, "dcterms:source")),
    ("A mapping has an object", without(MAPPING, "kk:object")),
    ("typed kk:Statement", instead(MAPPING, "a", "kk:Mapping")),
    ("belongs to one mapping set", instead(MAPPING, "kk:mappingSet", ":sample-product")),
    ("published word", without(MAPPING, "kk:verbatim")),
    ("at most one kind of rationale", instead(MAPPING, "kk:rationaleKind", "certainty:printed")),
    ("at most one rationale in Japanese", more(MAPPING, "kk:rationale", '"another"@en')),
    ("at most one strength", instead(MAPPING, "kk:strength", '"strong"')),
    ("integer from 0 to 1000", instead(MAPPING, "kk:confidenceThousandths", "1001")),
    ("a SEMAPV term", instead(MAPPING, "kk:justification", "kk:Mapping")),
    ("list of mapping statuses", without(MAPPING, "kk:mappingStatus")),
]


@pytest.mark.parametrize(("message", "update"), SHAPE_FAULTS)
def test_shapes_reject_a_planted_fault(message: str, update: str) -> None:
    conforms, messages = report(changed(("sample.ttl",), update))
    assert not conforms
    assert any(message in one for one in messages), messages


# ---- JSON-LD


def test_context_names_every_term_that_records_use() -> None:
    context = _context()
    named = {one["@id"] if isinstance(one, dict) else one for one in context.values()}
    core = _parsed("core.ttl")
    own = {f"kk:{str(one).removeprefix(KK)}" for one in core.subjects(RDF.type) if str(one).startswith(KK)}
    assert own <= named


def test_context_reads_a_record_as_the_sample_has_it() -> None:
    read = Graph().parse(data=json.dumps({"@context": _context(), **MAPPING_AS_JSON}), format="json-ld")
    node = URIRef("https://w3id.org/kakehashi/id/statement/sample-mapping")
    wanted = Graph()
    for triple in _parsed("sample.ttl").triples((node, None, None)):
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
    "strength": 10,
    "confidenceThousandths": 900,
    "justification": "https://w3id.org/semapv/vocab/ManualMappingCuration",
    "mappingStatus": "https://w3id.org/kakehashi/mapping-status/draft",
}
