"""API keys: made, recognised, expired and revoked, by the command line and by a server that runs meanwhile."""

import json
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kakehashi.http import keys as module
from kakehashi.http.access import Access
from kakehashi.http.keys import ApiKey, KeyBook, KeyRefusedError, with_checksum
from kakehashi.http.scopes import SCOPES
from kakehashi.vocabulary.text import KakehashiError
from tests.integration.test_cli import kakehashi
from tests.support.server import Client, Reply, serving


@pytest.fixture
def book(tmp_path: Path) -> KeyBook:
    return KeyBook(tmp_path / "keys")


@pytest.fixture
def client(default_home: Path, book: KeyBook) -> Iterator[Client]:
    with serving(default_home, access=Access(book)) as found:
        yield found


def ask(client: Client, text: str, path: str = "/readyz") -> Reply:
    return client.send(path, headers={"authorization": f"Bearer {text}"})


def made(
    book: KeyBook, scopes: Sequence[str] = ("read",), organisations: Sequence[str] = (), days: int = 1
) -> tuple[ApiKey, str]:
    return book.create("test", scopes, organisations, days)


def changed(book: KeyBook, **fields: Any) -> None:
    """Change all keys of the file, as another process would."""
    found = [replace(key, **fields) for key in book.keys().values()]
    other = book.file.with_name("other")
    other.write_bytes(msgspec.json.encode(found))
    other.replace(book.file)


def said(reply: Reply) -> str:
    assert reply.status == 401
    assert 'error="invalid_token"' in reply.headers["www-authenticate"]
    return str(reply.json()["messages"]["en"])


def test_a_key_is_recognised_and_only_its_digest_is_kept(client: Client, book: KeyBook) -> None:
    key, text = made(book, ["imports:write"], ["甲  市"])
    assert ask(client, text).status == 200
    assert book.caller(text).scopes == {"imports:write"}
    assert book.caller(text).organisations == {"甲 市"}
    kept = b"".join(file.read_bytes() for file in book.folder.rglob("*") if file.is_file())
    secret = text.split("_")[2]
    assert key.id.encode() in kept
    assert secret.encode() not in kept
    assert secret[:12].encode() not in kept
    assert secret not in repr(key)


def test_keys_look_alike_and_no_two_are(book: KeyBook) -> None:
    texts = {made(book)[1] for _ in range(50)}
    assert len(texts) == 50
    assert all(text.startswith("kk_") and len(text) == 3 + 8 + 1 + 43 + 6 and text.replace("_", "").isalnum() for text in texts)


def test_what_is_no_key_of_ours_does_not_hold(client: Client, book: KeyBook) -> None:
    _, text = made(book)
    whole = text[:-6]
    other = "0" if text[20] != "0" else "1"
    broken = [
        text[:-1],
        text + "0",
        text[:20] + other + text[21:],
        text.swapcase(),
        "kk_",
        "kk_../../x",
        whole,
        text.replace("_", "-", 2)[3:],
    ]
    for one in broken[:-1]:
        assert "no whole API key" in said(ask(client, f"kk_{one.removeprefix('kk_')}")), one
    for guessed in (with_checksum(whole[:20] + other + whole[21:]), with_checksum("kk_00000000_" + "0" * 43)):
        assert "not known" in said(ask(client, guessed))
    assert ask(client, text).status == 200


def test_a_running_server_takes_up_what_another_process_changes(client: Client, book: KeyBook) -> None:
    elsewhere = KeyBook(book.folder)
    for _ in range(20):
        key, text = made(elsewhere)
        assert ask(client, text).status == 200
        elsewhere.revoke(key.id)
        assert "was revoked" in said(ask(client, text))
    (revoked,) = {one.revoked is not None for one in elsewhere.keys().values()}
    assert revoked


def test_an_expired_key_holds_no_longer(client: Client, book: KeyBook) -> None:
    _, text = made(book)
    changed(book, expires=datetime.now(UTC) + timedelta(hours=1))
    assert ask(client, text).status == 200
    changed(book, expires=datetime.now(UTC) - timedelta(seconds=1))
    assert "has expired" in said(ask(client, text))


@pytest.mark.parametrize("content", [b"", b"{", b"[{}]", b'{"a": 1}', b'[{"id": 5}]'])
def test_where_the_file_is_broken_no_key_holds(client: Client, book: KeyBook, content: bytes) -> None:
    _, text = made(book)
    assert ask(client, text).status == 200
    book.file.write_bytes(content)
    reply = ask(client, text)
    assert (reply.status, reply.headers["retry-after"]) == (503, "10")
    assert str(book.folder).encode() not in reply.body
    assert client.send("/readyz").status == 200, "who sends none is not held up"
    with pytest.raises(KakehashiError, match="cannot be read"):
        made(book)
    assert book.file.read_bytes() == content, "a broken file is not written over"


def test_when_it_was_used_is_kept_to_the_hour(book: KeyBook, monkeypatch: pytest.MonkeyPatch) -> None:
    key, text = made(book)
    assert book.last_used(key.id) is None
    book.caller(text)
    used = book.last_used(key.id)
    assert used is not None
    assert timedelta(0) <= datetime.now(UTC) - used < timedelta(hours=1)
    os.utime(book.folder / "used" / key.id, (0, 0))
    book.caller(text)
    again = book.last_used(key.id)
    assert again is not None
    assert again.year == 1970, "not written at every request"
    monkeypatch.setattr(module, "USED_SECONDS", 0.0)
    book.caller(text)
    assert book.last_used(key.id) == used


def test_a_key_that_was_not_right_is_not_used(book: KeyBook) -> None:
    key, text = made(book)
    with pytest.raises(KeyRefusedError):
        book.caller(with_checksum(text[:-7] + ("0" if text[-7] != "0" else "1")))
    assert book.last_used(key.id) is None


def test_who_may_read_the_keys(book: KeyBook) -> None:
    made(book)
    assert book.folder.stat().st_mode & 0o777 == 0o700
    assert book.file.stat().st_mode & 0o777 == 0o600


def test_keys_made_at_once_are_all_there(book: KeyBook) -> None:
    threads = [threading.Thread(target=lambda: made(KeyBook(book.folder))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.keys()) == 16


def test_a_key_is_sent_in_one_way_alone(client: Client, book: KeyBook) -> None:
    _, text = made(book, ["imports:write"])
    query = "%7Brelease%7Bid%7D%7D"
    anonymous = client.send(f"/graphql?query={query}")
    for more in (f"&access_token={text}", f"&api_key={text}", f"&key={text}"):
        assert client.send(f"/imports?private=false{more}").status in {401, 404}
        assert client.send(f"/graphql?query={query}{more}").body == anonymous.body
    for header in ({"cookie": f"key={text}"}, {"x-api-key": text}):
        reply = client.send("/readyz", headers=header)
        assert "set-cookie" not in reply.headers
    twice = client.send("/readyz", headers={"authorization": f"Bearer {text}, Bearer {text}"})
    assert twice.status == 400


def test_no_key_is_ever_logged_nor_shown(client: Client, book: KeyBook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key, text = made(book)
    wrong = with_checksum("kk_" + key.id + "_" + "0" * 43)
    replies = [
        ask(client, one, path) for one in (text, wrong) for path in ("/readyz", "/nowhere", "/graphql?query={x}", "/imports")
    ]
    for one in (text, wrong):
        assert one[12:] not in caplog.text
        assert not [reply for reply in replies if one[12:].encode() in reply.body or one[12:] in str(reply.headers)]


def test_reading_can_be_for_those_with_a_key_alone(default_home: Path, book: KeyBook) -> None:
    _, reader = made(book)
    _, sender = made(book, ["imports:write"])
    with serving(default_home, access=Access(book, everybodys=frozenset())) as client:
        files = ("/exports/graph.nq", "/static/site/page.css")
        for path in ("/", "/graphql", "/v1/resources", "/id/cs-gold-mark", "/sparql", "/imports", "/openapi.json", *files):
            reply = client.send(path)
            assert reply.status == 401, path
            assert reply.headers["www-authenticate"] == 'Bearer realm="kakehashi", scope="read"'
        assert ask(client, reader, "/id/cs-gold-mark").status == 200
        refused = ask(client, sender, "/id/cs-gold-mark")
        assert refused.status == 403
        assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
        assert refused.json()["code"] == "FORBIDDEN"
        assert {client.send(path).status for path in ("/healthz", "/readyz")} == {200}


def test_every_scope_is_explained_in_both_languages() -> None:
    assert all(text.ja and text.en and text.ja != text.en for text in SCOPES.values())


def test_the_command_line_makes_lists_and_revokes(tmp_path: Path) -> None:
    made = kakehashi("keys", "create", "分析用", "--scope", "private:read", "--organisation", "甲市", home=tmp_path)
    text = made.stdout.strip()
    book = KeyBook(tmp_path / "keys")
    (key,) = book.keys().values()
    assert book.caller(text).organisations == {"甲市"}
    assert key.id in made.stderr
    assert text not in made.stderr
    listed = kakehashi("keys", "list", home=tmp_path)
    for told in (key.id, "分析用", "private:read", "甲市"):
        assert told in listed.stdout
    as_json = json.loads(kakehashi("keys", "list", "--json", home=tmp_path).stdout)
    assert [one["id"] for one in as_json] == [key.id]
    assert "digest" not in as_json[0]
    assert text[12:] not in listed.stdout + str(as_json)
    revoked = kakehashi("keys", "revoke", key.id, "--lang", "ja", home=tmp_path)
    assert "取り消しました" in revoked.stdout
    with pytest.raises(KeyRefusedError, match="revoked"):
        book.caller(text)
    assert "revoked" in kakehashi("keys", "list", home=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create", "x", "--scope", "root"), "no scope 'root'"), (("create", "  "), "needs a name"),
        (("revoke", "nobody"), "no key 'nobody'"), (("create", "x", "--days", "0"), "--days"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    answer = kakehashi("keys", *arguments, home=tmp_path)
    assert answer.returncode in {1, 2}
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not list(tmp_path.rglob("keys.json"))
