"""The server as a client meets it."""

from tests.support.server import Client


def test_it_is_ready_and_names_the_release(client: Client) -> None:
    ready = client.send("/readyz")
    assert ready.status == 200
    assert ready.json()["release"] == client.ask("{ release { id } }")["release"]["id"]
