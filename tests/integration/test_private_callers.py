"""Private rows over HTTP: whoever has the scope sees those of their own organisations, and nobody else learns anything."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest

from kakehashi.http import serving as module
from kakehashi.http.access import Access
from kakehashi.http.keys import KeyBook
from kakehashi.http.sparql import SparqlOptions
from kakehashi.pipeline.load import load, unload
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.private import Private, load_private
from kakehashi.snapshot.repository import private_repository_of
from kakehashi.store.port import Repository
from tests.integration.test_privacy import COVERAGE, PATHS, QUERIES, SPARQL
from tests.support.assessing import BOARD, SOURCE_ID, home_at, row, write_workbook
from tests.support.making import maker_at
from tests.support.server import Client, Reply, serving

OTHER = "隣町教育委員会"
ASSESSED = """
query($edition: ID!, $organisation: ID!) {
  coverage(edition: $edition, given: {everything: true}, view: {asOf: "2026-06-01"}, assessed: {organisation: $organisation}) {
    assessed { organisation } inPlaceSummary { assessable full }
    requirements { nodes { requirement { id } inPlace { status assessment { id remark reviewer } } } }
  }
}"""


def book(folder: Path, organisation: str, identifier: str, *provisions: str) -> Path:
    rows = [row(organisation=organisation, provision=one, remark=f"{organisation} の備考") for one in provisions]
    return write_workbook(
        folder / f"{identifier}.xlsx", *rows, source=[["id", identifier], ["title_ja", f"{organisation}の評価"]]
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = home_at(tmp_path)
    load(maker_at(place), [book(tmp_path, BOARD, "secret-board", "1.1", "1.2"), book(tmp_path, OTHER, "other-board", "1.10")])
    return place


@pytest.fixture
def keys(home: Path) -> Mapping[str, str]:
    """Keys by what they may see."""
    found, kinds = KeyBook(home / "keys"), {
        "board": (["private:read"], [BOARD]), "other": (["private:read"], [OTHER]), "both": (["private:read"], [BOARD, OTHER]),
        "none": (["private:read"], []), "nobody's": (["private:read"], ["どこにもない市"]), "no scope": (["read"], [BOARD]),
        "sender": (["imports:write", "imports:private"], [BOARD]), "admin": (["admin"], [BOARD]),
    }  # fmt: skip
    return {name: found.create(name, scopes, organisations, 1)[1] for name, (scopes, organisations) in kinds.items()}


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    with serving(home, SparqlOptions(everything=True), access=access(home), mcp_hosts=()) as found:
        yield found


def access(home: Path) -> Access:
    return Access(KeyBook(home / "keys"), private=private_repository_of(Home(home)))


def headers(key: str | None) -> dict[str, str]:
    return {} if key is None else {"authorization": f"Bearer {key}"}


def graphql(client: Client, key: str | None, query: str, **variables: object) -> Reply:
    body = json.dumps({"query": query, "variables": variables}).encode()
    return client.send("/graphql", method="POST", body=body, headers={"content-type": "application/json"} | headers(key))


TOLD: Mapping[str, Mapping[str, object]] = {
    "search": {"text": BOARD}, "resource": {"id": "rule-1"},
    "coverage": {"edition": "rules/2026", "given": {"everything": True}, "asOf": "2026-06-01"},
    "gaps": {"edition": "rules/2026"}, "crosswalk": {"source": "rules/2026", "target": "laws/1"}, "threats": {},
}  # fmt: skip


def tool(client: Client, key: str | None, name: str, **arguments: object) -> Reply:
    """What an assistant is told that sends a key."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    sent = {"content-type": "application/json", "accept": "application/json, text/event-stream"} | headers(key)
    return client.send("/mcp", method="POST", body=json.dumps(call).encode(), headers=sent)


def told(client: Client, key: str | None, organisation: str) -> Reply:
    """The same question by an assistant."""
    given = {"everything": True}
    return tool(client, key, "coverage", edition="rules/2026", given=given, assessed={"organisation": organisation})


def assessed(client: Client, key: str | None, organisation: str) -> Reply:
    return graphql(client, key, ASSESSED, edition="rules/2026", organisation=organisation)


@pytest.mark.parametrize(
    ("key", "seen"), [("board", {BOARD}), ("other", {OTHER}), ("both", {BOARD, OTHER}), ("none", set()), ("nobody's", set())]
)
def test_whoever_has_the_scope_sees_their_own_organisations(
    client: Client, keys: Mapping[str, str], key: str, seen: set[str]
) -> None:
    for organisation in (BOARD, OTHER):
        by_tool = told(client, keys[key], organisation)
        assert (b"NOT_FOUND" not in by_tool.body) == (organisation in seen)
        reply = assessed(client, keys[key], organisation)
        assert reply.headers["cache-control"] == "private, no-store"
        assert ("errors" not in reply.json()) == (organisation in seen)
        assert (f"{organisation} の備考".encode() in reply.body) == (organisation in seen)


@pytest.mark.parametrize("key", [None, "no scope", "sender", "admin"])
def test_nobody_else_learns_whether_there_is_anything(client: Client, keys: Mapping[str, str], key: str | None) -> None:
    sent = None if key is None else keys[key]
    for ask, organisation in product((assessed, told), (BOARD, OTHER)):
        there, not_there = ask(client, sent, organisation), ask(client, sent, "どこか")
        assert there.status == not_there.status
        assert there.body.replace(organisation.encode(), "どこか".encode()) == not_there.body
        assert b"NOT_FOUND" in there.body
        names = ("content-type", "vary", "cache-control", "etag", "x-cost")
        assert [there.headers.get(name) for name in names] == [not_there.headers.get(name) for name in names]


def everything(client: Client, key: str | None) -> Mapping[str, Reply]:
    """All that can be asked, but the assessments themselves."""
    found = {query: client.send(f"/graphql?query={quote(query)}", headers=headers(key)) for query in QUERIES}
    found |= {query: client.send(f"/sparql?query={quote(query)}", headers=headers(key)) for query in SPARQL}
    found |= {
        path: client.send(path, headers=headers(key)) for path in (*PATHS, f"/id/{SOURCE_ID}", "/exports/threats.navigator.json")
    }
    found["coverage"] = graphql(client, key, COVERAGE, edition="rules/2026")
    found |= {name: tool(client, key, name, **given) for name, given in TOLD.items()}
    return found


def test_all_that_is_public_is_the_same_for_everybody(
    client: Client, home: Path, keys: Mapping[str, str], tmp_path: Path
) -> None:
    """With private rows and without, with a key that sees them and without: the same bytes, statuses and ETags.

    Who sends a key is given no ETag where the answer might have held private rows, whether it does or not.
    """

    def seen(key: str | None) -> Mapping[str, object]:
        return {
            name: (reply.status, reply.body, reply.headers["content-type"], reply.headers.get("etag", etags.get(name)))
            for name, reply in everything(client, key).items()
        }

    etags = {name: reply.headers.get("etag") for name, reply in everything(client, None).items()}
    before = seen(None)
    assert {key: seen(keys[key]) == before for key in keys} == dict.fromkeys(keys, True)
    unload(maker_at(home), [SOURCE_ID])
    assert seen(None) == before
    load(maker_at(home), [book(tmp_path, BOARD, "secret-board", "1.1", "1.2", "1.10")])
    assert {key: seen(keys[key]) == before for key in keys} == dict.fromkeys(keys, True)


def test_who_sees_one_organisation_learns_nothing_of_another(
    client: Client, home: Path, keys: Mapping[str, str], tmp_path: Path
) -> None:
    own, others = assessed(client, keys["board"], BOARD), assessed(client, keys["board"], OTHER)
    load(maker_at(home), [book(tmp_path, OTHER, "other-board", "1.1", "1.2", "1.10")])
    assert assessed(client, keys["board"], BOARD).body == own.body
    unload(maker_at(home), ["source/assessments/other-board"])
    assert assessed(client, keys["board"], BOARD).body == own.body
    assert assessed(client, keys["board"], OTHER).body == others.body
    assert b'"errors"' in others.body


def test_without_the_scope_no_private_row_is_so_much_as_read(
    client: Client, keys: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Home] = []

    def noted(home: Home, repository: Repository) -> Private:
        read.append(home)
        return load_private(home, repository)

    monkeypatch.setattr(module, "load_private", noted)
    for key in (None, "no scope", "sender", "admin"):
        sent = None if key is None else keys[key]
        assessed(client, sent, BOARD)
        told(client, sent, BOARD)
        everything(client, sent)
    assert read == []
    assessed(client, keys["board"], BOARD)
    assert len(read) == 1


def test_answers_for_nobody_may_be_kept_and_are_told_apart(client: Client, keys: Mapping[str, str]) -> None:
    anybody = graphql(client, None, "{ release { id } }")
    assert "no-store" not in anybody.headers.get("cache-control", "")
    assert "Authorization" in anybody.headers["vary"], "so that no browser's cache answers one with what another got"
    assert graphql(client, keys["board"], "{ release { id } }").headers["cache-control"] == "private, no-store"


def test_a_revoked_key_sees_nothing_from_then_on(client: Client, home: Path, keys: Mapping[str, str]) -> None:
    assert "errors" not in assessed(client, keys["board"], BOARD).json()
    KeyBook(home / "keys").revoke(keys["board"].split("_")[1])
    assert assessed(client, keys["board"], BOARD).status == 401


def test_the_owners_server_shows_all_to_its_own_user_and_to_keys_what_is_theirs(home: Path, keys: Mapping[str, str]) -> None:
    with serving(home, private=True) as client:
        assert "errors" not in assessed(client, None, BOARD).json()
        assert "errors" not in assessed(client, None, OTHER).json()
        assert "errors" in assessed(client, keys["board"], OTHER).json()
        assert "errors" in assessed(client, keys["no scope"], BOARD).json()
        assert (
            client.send("/graphql?query={release{id}}", headers={"host": "evil.example"}).headers["cache-control"]
            == "private, no-store"
        )
