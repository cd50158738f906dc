"""What is sent to do harm, or by mistake: bounded, refused with the right status, and nothing half is kept."""

import gzip
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from kakehashi.http import imports as module
from kakehashi.http import receiving
from kakehashi.pipeline import importing
from tests.support import bombs
from tests.support.assessing import home_at
from tests.support.importing import Office, Sender, catalogue, office
from tests.support.making import snapshot_of

LIMIT = 200_000


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(home_at(tmp_path), LIMIT) as found:
        yield found


@pytest.fixture
def writer(here: Office) -> Sender:
    return here.sender("imports:write")


def nothing_is_kept(here: Office) -> bool:
    return here.journal.entries() == [] and not list((here.journal.folder / "receiving").glob("*"))


NAMES = {
    "../../../../etc/passwd.xlsx": "passwd.xlsx", "..\\..\\evil.xlsx": "evil.xlsx", "/etc/cron.d/x.xlsx": "x.xlsx",
    "C:\\Users\\x.xlsx": "x.xlsx", "a\x00b.xlsx": "a\\x00b.xlsx", "a\r\nSet-Cookie: x.xlsx": "a\\r\\nSet-Cookie: x.xlsx",
    "a\x1b[31m.xlsx": "a\\x1b[31m.xlsx", "\u202exslx.exe": "\\u202exslx.exe", "評価.xlsx": "評価.xlsx",
    "[bold]x[/].xlsx": "].xlsx",
    "<script>alert(1)<b>.xlsx": "<script>alert(1)<b>.xlsx", "a'; DROP TABLE x;--.xlsx": "a'; DROP TABLE x;--.xlsx",
    "%2e%2e%2fx.xlsx": "%2e%2e%2fx.xlsx",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_only_what_people_are_told(here: Office, writer: Sender, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.rglob("*") if not {"imports", "used"} & set(path.parts)}
    reply = writer.send(quote(name, safe=""), catalogue(), "dryRun=true")
    assert reply.status == 202
    assert [file["name"] for file in reply.json()["files"]] == [NAMES[name]]
    assert "set-cookie" not in reply.headers
    (place,) = (here.journal.folder / "jobs").iterdir()
    assert {file.name for file in place.rglob("*")} == {"accepted.json", "files", "0"}
    assert {path for path in tmp_path.rglob("*") if not {"imports", "used"} & set(path.parts)} == before
    here.built(writer, reply)


@pytest.mark.parametrize("name", ["", ".", "..", "/", "a/", ".hidden.xlsx", "a/.x", " ", "x" * 201])
def test_what_is_no_file_name(here: Office, writer: Sender, name: str) -> None:
    assert writer.send(quote(name, safe=""), catalogue()).status == 400
    assert nothing_is_kept(here)


def test_what_is_too_large_is_refused_however_it_is_told(here: Office, writer: Sender) -> None:
    large = b"x" * (LIMIT + 1)
    for reply in (writer.send("a.xlsx", large), writer.form([("a.xlsx", large)]), writer.form([("a.xlsx", large[:-2000])] * 2)):
        assert reply.status == 413
        assert f"{LIMIT} bytes" in reply.json()["detail"]
    assert nothing_is_kept(here)
    assert writer.send("a.xlsx", large[:-1]).status == 202


def chunked(here: Office, writer: Sender, pieces: Iterator[bytes]) -> bytes:
    """Send pieces without saying how many there will be; the answer, as far as it came."""
    address = urlsplit(here.client.base)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        head = f"POST /imports?filename=a.xlsx HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {writer.key}\r\n"
        line.sendall(f"{head}transfer-encoding: chunked\r\n\r\n".encode())
        try:
            for piece in pieces:
                line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        except OSError:
            pass  # the server has heard enough
        return line.recv(100)


def test_a_body_without_end_is_read_no_further_than_the_limit(here: Office, writer: Sender) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            sent.append(1)
            yield b"x" * 10_000

    chunked(here, writer, endless())
    assert len(sent) < 10_000
    assert nothing_is_kept(here)


def test_a_body_that_takes_for_ever_is_given_up(here: Office, writer: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "RECEIVED_WITHIN", 0.3)

    def slow() -> Iterator[bytes]:
        yield b"x"
        time.sleep(0.6)

    assert b" 408 " in chunked(here, writer, slow())
    assert nothing_is_kept(here)


def test_a_client_that_goes_away_leaves_nothing(here: Office, writer: Sender) -> None:
    address = urlsplit(here.client.base)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        head = f"POST /imports?filename=a.xlsx HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {writer.key}\r\n"
        line.sendall(f"{head}content-length: 5000\r\n\r\n".encode() + b"x" * 1000)
        time.sleep(0.2)
    deadline = time.monotonic() + 30
    while not nothing_is_kept(here):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def part(disposition: str, content: bytes = b"a") -> bytes:
    return f"--x\r\ncontent-disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


BOUNDARY, END = "multipart/form-data; boundary=x", b"--x--\r\n"
FORMS: dict[str, tuple[bytes, str]] = {
    "no boundary": (b"x", "multipart/form-data"),
    "an empty boundary": (b"x", "multipart/form-data; boundary="),
    "no form": (b"no form at all", BOUNDARY),
    "an end without a beginning": (END, BOUNDARY),
    "no file": (part('name="dryRun"', b"true") + END, BOUNDARY),
    "a part without a name": (part('filename="a.xlsx"') + END, BOUNDARY),
    "many fields": (part('name="a"') * 50 + END, BOUNDARY),
    "many files": (part('name="file"; filename="a"') * 101 + END, BOUNDARY),
    "a long field": (part('name="a"', b"a" * 150_000) + END, BOUNDARY),
    "an empty file": (part('name="file"; filename="a.xlsx"', b"") + END, BOUNDARY),
    "a hidden file": (part('name="file"; filename=".a"') + END, BOUNDARY),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_that_are_none(here: Office, writer: Sender, name: str) -> None:
    body, media_type = FORMS[name]
    assert writer.post("/imports", body, content_type=media_type).status == 400
    assert nothing_is_kept(here)


def test_other_mistakes(here: Office, writer: Sender) -> None:
    assert writer.send("a.xlsx", b"").status == 400
    assert writer.post("/imports", catalogue(), content_type="text/plain").status == 400, "no name"
    assert writer.send("a.xlsx", gzip.compress(catalogue()), content_encoding="gzip").status == 415
    for flag in ("private=yes", "private=", "dryRun=1", "dryRun=TRUE"):
        assert writer.send("a.xlsx", catalogue(), flag).status == 400
    assert nothing_is_kept(here)


@pytest.mark.parametrize("make", [bombs.lying, bombs.far_sheets, bombs.many_members, bombs.merged_cells])
def test_bombs_are_met_by_the_same_guards_as_ever(here: Office, writer: Sender, make: object) -> None:
    assert callable(make)
    content, former = make(), snapshot_of(here.home).release.id
    with office(here.home, 64 * 1024 * 1024) as larger:
        sender = Sender(larger.client, writer.key)
        found = larger.built(sender, sender.send("bomb.xlsx", content))
    assert found["state"] == "refused", found
    assert found["report"]["sources"][0]["faults"][0]["ja"]
    assert snapshot_of(here.home).release.id == former


def test_when_too_many_wait_the_next_is_sent_away(here: Office, writer: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    assert [writer.send("a.xlsx", catalogue()).status for _ in range(3)] == [202, 202, 503]
    here.build()
    assert writer.send("a.xlsx", catalogue()).status == 202


def test_nothing_of_the_machine_is_told(here: Office, writer: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError(f"secret {here.home}")

    monkeypatch.setattr(importing, "load", broken)
    reply = writer.send("a.xlsx", catalogue())
    found = here.built(writer, reply)
    assert (found["state"], found["error"]["message"][:14]) == ("failed", "This met a mis")
    assert str(here.home) not in str(found)
    assert "Traceback" not in str(found)
