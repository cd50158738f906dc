"""Trusted documents: by hash, from what common tools write; and a server that answers no others."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kakehashi.graphql.documents import documents_of
from kakehashi.graphql.schema import build_schema
from kakehashi.http.options import HttpOptions
from kakehashi.http.trusted_documents import trusted_documents
from kakehashi.vocabulary.text import KakehashiError
from tests.support.server import Client, serving

RELEASE = "query Release { release { id } }"
NAMED = "query Named($id: ID!) { resource(id: $id) { id } }"
NEWER = {"accept": "application/graphql-response+json"}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apollo(*texts: str) -> dict[str, Any]:
    operations = [{"id": sha256(one), "name": "X", "type": "query", "body": one} for one in texts]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}


def by_hash(*texts: str) -> dict[str, str]:
    return {sha256(one): one for one in texts}


def written(folder: Path, content: object, name: str = "manifest.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def post(client: Client, **fields: object) -> Any:
    body = json.dumps(fields).encode()
    return client.send("/graphql", method="POST", body=body, headers={"content-type": "application/json"}).json()


def code(answer: dict[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


def persisted(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)}}


@pytest.fixture(params=[apollo, by_hash])
def manifest(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return written(tmp_path, request.param(RELEASE, NAMED))


def test_a_document_is_asked_for_by_its_hash(default_home: Path, manifest: Path) -> None:
    with serving(default_home, options=HttpOptions(trusted_documents=manifest)) as client:
        release = client.ask(RELEASE)
        assert post(client, documentId=sha256(RELEASE))["data"] == release
        assert post(client, documentId=f"sha256:{sha256(RELEASE)}")["data"] == release
        assert post(client, extensions=persisted(RELEASE))["data"] == release
        assert post(client, documentId=sha256(NAMED), variables={"id": "nope"})["data"] == {"resource": None}
        for parameters in ({"documentId": sha256(RELEASE)}, {"extensions": json.dumps(persisted(RELEASE))}):
            for accept in ("*/*", "text/html, application/json;q=0.9, */*;q=0.8"):
                reply = client.send(f"/graphql?{urlencode(parameters)}", headers={"accept": accept})
                assert (reply.headers["content-type"], reply.json()["data"]) == ("application/json; charset=utf-8", release)


def test_an_unknown_hash_is_told_apart_and_nothing_is_registered(default_home: Path, manifest: Path) -> None:
    text = "{ release { counts { kind } } }"
    with serving(default_home, options=HttpOptions(trusted_documents=manifest)) as client:
        assert code(post(client, extensions=persisted(text))) == "PERSISTED_QUERY_NOT_FOUND"
        reply = client.send(f"/graphql?documentId={sha256(text)}", headers=NEWER)
        assert (reply.status, reply.headers["cache-control"]) == (400, "no-store")
        assert "data" in post(client, query=text, extensions=persisted(text))
        assert code(post(client, extensions=persisted(text))) == "PERSISTED_QUERY_NOT_FOUND"


def test_a_hash_that_is_of_something_else_is_refused(client: Client) -> None:
    assert code(post(client, query="{ release { id } }", extensions=persisted(RELEASE))) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "extensions",
    [{"persistedQuery": 1}, {"persistedQuery": {"version": 2, "sha256Hash": "x"}}, {"persistedQuery": {"sha256Hash": 3}}],
)
def test_a_persisted_query_of_another_shape_is_refused(client: Client, extensions: dict[str, Any]) -> None:
    assert "sha256Hash" in post(client, extensions=extensions)["errors"][0]["message"]


def test_two_ids_that_differ_are_refused(client: Client) -> None:
    assert "differ" in post(client, documentId=sha256(NAMED), extensions=persisted(RELEASE))["errors"][0]["message"]


def test_a_strict_server_answers_nothing_else(default_home: Path, manifest: Path) -> None:
    with serving(default_home, options=HttpOptions(trusted_documents=manifest, trusted_only=True)) as client:
        assert "data" in post(client, documentId=sha256(RELEASE))
        assert "data" in post(client, query=RELEASE)
        assert code(post(client, query="{ release { id } }")) == "TRUSTED_DOCUMENTS_ONLY"
        assert code(post(client, query="{ __schema { types { name } } }")) == "TRUSTED_DOCUMENTS_ONLY"
        assert code(post(client, query="{ x", extensions=persisted("{ x"))) == "TRUSTED_DOCUMENTS_ONLY"
        messages = post(client, query="{ release { id } }")["errors"][0]["extensions"]["messages"]
        assert "登録済み" in messages["ja"]


def test_a_folder_holds_documents_and_manifests(tmp_path: Path) -> None:
    written(tmp_path, by_hash(RELEASE))
    written(tmp_path, NAMED, "named.graphql")
    written(tmp_path, "not read", "README.md")
    found = trusted_documents(tmp_path, documents_of(build_schema()))
    assert set(found.texts) == {sha256(RELEASE), sha256(NAMED)}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "manifest.json: it is neither"),
        ("[]", "manifest.json: it is neither"),
        ({"a": 1}, "manifest.json #1: it is neither"),
        ({"format": "apollo-persisted-query-manifest", "operations": [3]}, "manifest.json #1: it is neither"),
        ({"0" * 64: RELEASE}, f"#1 ({'0' * 16}): the id must be the sha256 of the document, {sha256(RELEASE)}"),
        (by_hash("{ nope }"), "it does not fit the schema: Cannot query field 'nope'"),
        (by_hash("{"), "it does not fit the schema: Syntax Error"),
        (by_hash("{" + " ".join(f"a{n}: release {{ id }}" for n in range(99)) + "}"), "There may be at most 60 aliases"),
    ],
)
def test_a_fault_in_a_manifest_is_told_with_its_place(tmp_path: Path, content: object, told: str) -> None:
    with pytest.raises(KakehashiError) as failure:
        trusted_documents(written(tmp_path, content), documents_of(build_schema()))
    assert told in failure.value.text.en
    assert failure.value.text.ja != failure.value.text.en
    assert str(tmp_path) not in failure.value.text.en


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(KakehashiError) as failure:
        trusted_documents(written(tmp_path, by_hash("{ nope }", RELEASE, "{ neither }")), documents_of(build_schema()))
    assert [line.split(" ")[1] for line in failure.value.text.en.splitlines()] == ["#1", "#3"]


def test_a_manifest_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KakehashiError, match=r"gone\.json: it cannot be read"):
        trusted_documents(tmp_path / "gone.json", documents_of(build_schema()))
