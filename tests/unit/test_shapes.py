"""The shapes compiled to SPARQL find what pySHACL finds: the same planted faults, and nothing in what is sound."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import pytest
from rdflib import Graph

from kakehashi.pipeline.shapes import FEW, blocks, breaches
from kakehashi.store.port import Row
from kakehashi.vocabulary.rdf import Iri
from tests.support.planting import changed, parsed
from tests.support.shape_faults import SHAPE_FAULTS

GRAPH = "https://example.org/graph"


class Asked:
    """A store of one graph, or of many copies of it under other names."""

    def __init__(self, graph: Graph, copies: int = 1) -> None:
        self.names = [f"{GRAPH}/{number}" for number in range(copies)]
        self._store = ox.Store()
        content = graph.serialize(format="nt", encoding="utf-8")
        for name in self.names:
            self._store.load(content, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))

    def __call__(self, query: str, graphs: Iterable[str] | None = None) -> Iterator[Row]:
        named: list[ox.NamedNode | ox.BlankNode] | None = None if graphs is None else [ox.NamedNode(name) for name in graphs]
        solutions = self._store.query(query, named_graphs=named)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: None if solution[name] is None else Iri(getattr(solution[name], "value", "")) for name in names}


def messages(asked: Asked) -> set[str]:
    return {message.en for message, _ in breaches(asked, asked.names)}


def test_the_sample_breaks_nothing() -> None:
    assert messages(Asked(parsed("sample.ttl"))) == set()


@pytest.mark.parametrize(("message", "update"), SHAPE_FAULTS)
def test_a_planted_fault_is_found(message: str, update: str) -> None:
    found = messages(Asked(changed(("sample.ttl",), update)))
    assert any(message in one for one in found), found


@pytest.mark.parametrize(("message", "update"), SHAPE_FAULTS[::9])
def test_a_planted_fault_is_found_among_many_graphs(message: str, update: str) -> None:
    found = messages(Asked(changed(("sample.ttl",), update), FEW + 1))
    assert any(message in one for one in found), found


def test_faults_of_graphs_that_are_not_new_are_not_told() -> None:
    message, update = SHAPE_FAULTS[0]
    asked = Asked(changed(("sample.ttl",), update), 2)
    rows = [row for found, row in breaches(asked, asked.names[:1]) if message in found.en]
    assert {row["g"].value for row in rows if row["g"]} == {asked.names[0]}


def test_what_is_one_source_for_another_is_not_missed() -> None:
    """A resource may be classified in one graph and described in another."""
    split = Asked(parsed("sample.ttl"))
    edition = "<https://w3id.org/kakehashi/id/sample-framework/1>"
    scheme = "<http://purl.org/dc/terms/isVersionOf>"
    split._store.update(
        f"DELETE {{ GRAPH ?g {{ {edition} {scheme} ?work }} }} INSERT {{ GRAPH <{GRAPH}/other> {{ {edition} {scheme} ?work }} }} "
        f"WHERE {{ GRAPH ?g {{ {edition} {scheme} ?work }} }}"
    )
    assert messages(split) == set()


def test_every_shape_is_compiled() -> None:
    assert len({check.message.en for block in blocks() for check in block.checks}) > 60
    for block in blocks():
        for check in block.checks:
            assert check.message.ja
            assert check.message.en
