"""The server as a client meets it."""

from graphql import get_introspection_query

from tests.support.server import Client


def test_it_is_ready_and_names_the_release(client: Client) -> None:
    ready = client.send("/readyz")
    assert ready.status == 200
    assert ready.json()["release"] == client.ask("{ release { id } }")["release"]["id"]


def test_the_console_can_read_the_schema(client: Client) -> None:
    names = {one["name"] for one in client.ask(get_introspection_query())["__schema"]["types"]}
    assert {"CoverageReport", "RequirementCoverage", "ResourceConnection", "Proof"} <= names
