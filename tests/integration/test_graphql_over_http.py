"""GraphQL over HTTP to the letter: npm's own audit, and the same cases in Python, which need no node."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.programs import requires_program
from tests.support.server import Client

AUDIT = Path(__file__).parents[1] / "support" / "graphql_http"
JSON = "application/json"
NEWER = "application/graphql-response+json"
PLAIN = "{ __typename }"
WITH_VARIABLE = "query Type($name: String!) { __type(name: $name) { name } }"
NOT_OBJECTS: list[Any] = ["string", 0, False, ["array"]]
NOT_STRINGS: list[Any] = [{"obj": "ect"}, 0, False, ["array"]]


def post(client: Client, body: object, accept: str | None = None, content_type: str | None = JSON) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": content_type or "", **({"accept": accept} if accept else {})}
    return client.send("/graphql", method="POST", body=content, headers=headers)


def get(client: Client, accept: str | None = None, **parameters: str) -> Any:
    return client.send(f"/graphql?{urlencode(parameters)}", headers={"accept": accept} if accept else {})


def test_the_audit_of_graphql_http_has_nothing_to_say(client: Client, tmp_path: Path) -> None:
    """61 cases of the reference implementation's audit: all ok, with no warning and no error."""
    node, npm = requires_program("node"), requires_program("npm")
    folder = Path(shutil.copytree(AUDIT, tmp_path / "audit"))
    subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True, capture_output=True)
    environment = {"PATH": os.environ["PATH"], "BASE": client.base}
    told = subprocess.run([node, "audit.mjs"], cwd=folder, check=True, capture_output=True, env=environment)
    assert json.loads(told.stdout) == {"counts": {"ok": 61}, "others": []}


@pytest.mark.parametrize(("accept", "answered"), [(NEWER, NEWER), (JSON, JSON), ("*/*", JSON), (None, JSON)])
def test_the_media_type_is_the_one_that_is_accepted(client: Client, accept: str | None, answered: str) -> None:
    reply = post(client, {"query": PLAIN}, accept)
    assert (reply.status, reply.headers["content-type"]) == (200, f"{answered}; charset=utf-8")
    assert reply.body.decode("utf-8")


@pytest.mark.parametrize("accept", [JSON, NEWER])
@pytest.mark.parametrize(
    "body",
    [
        {"query": PLAIN},
        {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'},
        {"query": "query Query { __typename }", "operationName": "Query"},
        {"query": PLAIN, "variables": None}, {"query": PLAIN, "operationName": None}, {"query": PLAIN, "extensions": None},
        {"query": WITH_VARIABLE, "variables": {"name": "sometype"}},
        {"query": PLAIN, "extensions": {"some": "value"}},
    ],
)  # fmt: skip
def test_what_is_right_is_answered(client: Client, body: dict[str, Any], accept: str) -> None:
    for content_type in (JSON, "application/json; charset=utf-8"):
        reply = post(client, body, accept, content_type)
        assert (reply.status, "errors" in reply.json()) == (200, False), reply.body


@pytest.mark.parametrize("accept", [None, JSON, NEWER])
def test_gets_ask_in_their_address(client: Client, accept: str | None) -> None:
    assert get(client, accept, query=PLAIN).json()["data"] == {"__typename": "Query"}
    reply = get(client, accept, query=WITH_VARIABLE, variables='{"name": "sometype"}')
    assert (reply.status, reply.json()["data"]) == (200, {"__type": None})


def test_no_get_changes_anything(client: Client) -> None:
    assert 400 <= get(client, NEWER, query="mutation { __typename }").status < 500


@pytest.mark.parametrize(
    "body",
    [
        b"", b'{ "not a JSON', {"notquery": PLAIN}, {"qeury": PLAIN},
        *({"query": one} for one in NOT_STRINGS),
        *({"query": PLAIN, "operationName": one} for one in NOT_STRINGS),
        *({"query": PLAIN, "variables": one} for one in NOT_OBJECTS),
        *({"query": PLAIN, "extensions": one} for one in NOT_OBJECTS),
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", [None, JSON, NEWER])
def test_what_cannot_be_read_is_400(client: Client, body: object, accept: str | None) -> None:
    assert post(client, body, accept).status == 400


def test_a_body_without_a_type_is_refused(client: Client) -> None:
    assert post(client, {"query": PLAIN}, content_type=None).status == 415


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{"},
        {"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"},
        {"query": WITH_VARIABLE, "variables": {"name": None}},
        {"query": "{ nope }"},
        {"query": "query A { __typename } query B { __typename }"},
    ],
)
def test_what_is_wrong_is_200_for_those_who_know_no_better_and_400_for_others(client: Client, body: dict[str, Any]) -> None:
    older, newer = post(client, body, JSON), post(client, body, NEWER)
    assert (older.status, newer.status) == (200, 400)
    for reply in (older, newer):
        assert reply.json()["errors"]
        assert "data" not in reply.json()


def test_requests_do_not_come_in_batches(client: Client) -> None:
    error = post(client, [{"query": PLAIN}, {"query": PLAIN}]).json()["errors"][0]
    assert "batch" in error["extensions"]["messages"]["en"]
    assert "まとめて" in error["extensions"]["messages"]["ja"]
