"""Every IRI of the graph resolves: as a page, as Turtle, as JSON-LD; and GraphiQL comes from our own files."""

import re
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from kakehashi.vocabulary.iris import DEFAULT_BASE, KK, SKOS
from tests.support.server import Client, serving

IDS = ("cs-gold-mark", "leaflet-legal-considerations/2020-01", "guideline", "matrix/security-models", "source/leaflet-2020-01")


@pytest.mark.parametrize("identifier", IDS)
def test_turtle_and_json_ld_say_the_same(client: Client, identifier: str) -> None:
    turtle = client.send(f"/id/{identifier}", headers={"accept": "text/turtle"})
    json_ld = client.send(f"/id/{identifier}", headers={"accept": "application/ld+json"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    first, second = Graph().parse(data=turtle.body, format="turtle"), Graph().parse(data=json_ld.body, format="json-ld")
    assert isomorphic(first, second)
    assert (URIRef(f"{DEFAULT_BASE}/id/{identifier}"), None, None) in first


@pytest.mark.parametrize(
    ("identifier", "name", "leaves"),
    [("leaflet-legal-considerations", "Legal considerations", True), ("cs-gold-mark", "CSゴールドマーク", False)],
)
def test_turtle_holds_our_names_but_none_of_a_source_that_may_only_be_cited(
    client: Client, identifier: str, name: str, leaves: bool
) -> None:
    graph = Graph().parse(data=client.send(f"/id/{identifier}?format=turtle").body, format="turtle")
    names = graph.objects(URIRef(f"{DEFAULT_BASE}/id/{identifier}"), URIRef(SKOS + "prefLabel"))
    assert any(name in str(label) for label in names) is leaves


def test_turtle_holds_statements(client: Client) -> None:
    graph = Graph().parse(data=client.send("/id/cs-gold-mark?format=turtle").body, format="turtle")
    node = URIRef(f"{DEFAULT_BASE}/id/cs-gold-mark")
    statement = next(graph.subjects(URIRef(KK + "subject"), node))
    found = client.send(str(statement).removeprefix(DEFAULT_BASE), headers={"accept": "text/turtle"})
    assert found.status == 200


@pytest.mark.parametrize(("language", "name"), [("ja", "CSゴールドマーク"), ("en", "CS Gold Mark")])
def test_a_page_comes_in_the_readers_language(client: Client, language: str, name: str) -> None:
    page = client.send("/id/cs-gold-mark", headers={"accept": "text/html", "accept-language": language})
    text = page.body.decode()
    assert f'<html lang="{language}">' in text
    assert f"<h1>{name}" in text
    assert "Accept-Language" in page.headers["vary"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in text


def test_every_link_of_a_page_resolves(client: Client) -> None:
    text = client.send("/id/procurement-criteria", headers={"accept": "text/html"}).body.decode()
    links = set(re.findall(r'href="(/[^"]+)"', text))
    assert len(links) > 5
    for link in links:
        assert client.send(link, headers={"accept": "text/html,*/*;q=0.8"}).status == 200, link


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/id/nope", {}, 404),
        ("/id/../../etc/passwd", {}, 404),
        ("/id/ms", {"accept": "image/png"}, 406),
        ("/id/ms?format=exe", {}, 400),
        ("/static/../app.py", {}, 404),
    ],
)
def test_what_is_not_there_is_said_so(client: Client, path: str, headers: dict[str, str], status: int) -> None:
    assert client.send(path, headers=headers).status == status


def test_graphiql_asks_nobody_else(client: Client) -> None:
    page = client.send("/graphql", headers={"accept": "text/html"})
    assets = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page.body.decode())
    assert assets
    for asset in assets:
        assert asset.startswith("/static/graphiql/")
        assert client.send(asset).status == 200
    assert "connect-src 'self'" in page.headers["content-security-policy"]


def test_without_a_release_it_lives_and_is_not_ready(tmp_path: Path) -> None:
    with serving(tmp_path / "empty") as client:
        assert client.send("/healthz").status == 200
        assert client.send("/readyz").status == 503
        assert client.send("/id/ms").status == 503
        answer = client.graphql("{ release { id } }")
        assert answer["errors"][0]["extensions"]["code"] == "NO_RELEASE"
