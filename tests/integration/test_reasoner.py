"""HermiT over the core ontology: it is consistent, and what contradicts it is found."""

import pytest
from rdflib import Graph

from kakehashi.vocabulary.files import graph
from kakehashi.vocabulary.reasoner import JavaMissingError, inconsistencies
from kakehashi.vocabulary.text import ErrorCode
from tests.support.programs import requires_program

PREFIXES = """
@prefix : <https://example.org/> .
@prefix kk: <https://w3id.org/kakehashi/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@pytest.fixture(scope="module")
def java() -> str:
    return requires_program("java")


def world(planted: str = "") -> Graph:
    """The core ontology and the sample, with a planted fault."""
    together = graph("core.ttl", "sample.ttl")
    return together.parse(data=PREFIXES + planted, format="turtle")


@pytest.mark.usefixtures("java")
def test_core_and_sample_are_sound() -> None:
    verdict = inconsistencies(world())
    assert verdict.sound
    assert verdict.consistent
    assert verdict.unsatisfiable == ()


@pytest.mark.usefixtures("java")
@pytest.mark.parametrize(
    ("planted", "named"),
    [
        (":both a kk:Product , kk:Threat .", "https://example.org/both"),
        (":clause a kk:Requirement . :clause a kk:Capability .", "https://example.org/clause"),
        (":m kk:mappingSet :product . :product a kk:Product .", "https://example.org/product"),
    ],
    ids=["a product and a threat", "a requirement and a capability", "a range that makes a product a mapping set"],
)
def test_contradictory_individual_is_found_and_named(planted: str, named: str) -> None:
    verdict = inconsistencies(world(planted))
    assert not verdict.consistent
    assert not verdict.sound
    assert named in verdict.explanation.ja
    assert named in verdict.explanation.en


@pytest.mark.usefixtures("java")
def test_contradiction_beyond_declared_types_is_found_too() -> None:
    verdict = inconsistencies(
        world(":uses a owl:FunctionalProperty , owl:DatatypeProperty . :x :uses 1 , 2 ."),
    )
    assert not verdict.consistent
    assert "alone do not explain it" in verdict.explanation.en


@pytest.mark.usefixtures("java")
def test_unsatisfiable_class_is_found_though_nothing_is_inconsistent() -> None:
    verdict = inconsistencies(world(":Impossible a owl:Class ; rdfs:subClassOf kk:Product , kk:Threat ."))
    assert verdict.consistent
    assert not verdict.sound
    assert verdict.unsatisfiable == ("https://example.org/Impossible",)
    assert "https://example.org/Impossible" in verdict.explanation.ja


@pytest.mark.usefixtures("java")
def test_requirement_may_be_a_control() -> None:
    assert inconsistencies(world(":clause a kk:Requirement , kk:Control .")).sound


def test_missing_java_is_said_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(JavaMissingError) as caught:
        inconsistencies(Graph())
    assert caught.value.code is ErrorCode.MISSING_PROGRAM
    assert "Java" in caught.value.text.ja
    assert "Java" in caught.value.text.en
