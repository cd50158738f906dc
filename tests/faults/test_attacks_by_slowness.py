"""Clients that are slow on purpose, over raw sockets: each is let go of, and others are answered meanwhile."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kakehashi.http import protection, server
from kakehashi.http.app import create_app
from kakehashi.http.offered import Offered
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import repository_of
from tests.support.assessing import home_at
from tests.support.importing import office
from tests.support.server import Client, served

REST = b"Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 100\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
LET_GO_WITHIN = 20.0


class Hurried(server.ImpatientProtocol):
    """The protocol with shorter limits, and for writing with a small buffer."""

    head_seconds = 0.5
    read_seconds = 0.5


@pytest.fixture
def hurried(default_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(protection, "BODY_SECONDS", 0.5)
    app = create_app(Home(default_home), repository_of(Home(default_home)), Offered(mcp_hosts=()))
    with served(app, http=Hurried) as client:
        yield client


def connected(client: Client) -> socket.socket:
    address = urlsplit(client.base)
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), timeout=LET_GO_WITHIN)


def dribbled(connection: socket.socket, content: bytes) -> bytes:
    """What comes back while a content is sent byte by byte until the server has had enough."""
    connection.settimeout(0.1)
    came, deadline = b"", time.monotonic() + LET_GO_WITHIN
    for byte in content + bytes(10_000):
        assert time.monotonic() < deadline, "the server waits and waits"
        try:
            connection.sendall(bytes([byte]))
            received = connection.recv(4096)
        except TimeoutError:
            continue
        except OSError:
            return came
        if not received:
            return came
        came += received
    raise AssertionError("the server takes whatever comes")


def receive_ok(connection: socket.socket) -> None:
    came = b""
    while not came.endswith(b'{"status":"ok"}'):
        received = connection.recv(4096)
        assert received, came
        came += received


def is_let_go(connection: socket.socket) -> bool:
    """Whether the server closes a connection on which nothing is sent."""
    try:
        return connection.recv(4096) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def test_a_head_that_comes_byte_by_byte_is_not_waited_for(hurried: Client) -> None:
    with closing(connected(hurried)) as slow:
        assert dribbled(slow, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ") == b""
    assert hurried.send("/healthz").status == 200


def test_who_says_nothing_is_let_go(hurried: Client) -> None:
    with closing(connected(hurried)) as silent:
        assert is_let_go(silent)


def test_the_second_request_of_a_connection_is_not_waited_for_either(hurried: Client) -> None:
    with closing(connected(hurried)) as slow:
        slow.sendall(GET)
        receive_ok(slow)
        assert dribbled(slow, GET[:-1].replace(b"Host", b"X-A")) == b""


def test_two_requests_at_a_leisurely_pace_are_answered(hurried: Client) -> None:
    with closing(connected(hurried)) as connection:
        for _ in range(2):
            connection.sendall(GET)
            receive_ok(connection)
            time.sleep(0.8)


@pytest.mark.parametrize("path", ["/graphql", "/v1/coverage", "/mcp"])
def test_a_body_that_comes_byte_by_byte_is_answered_408(hurried: Client, path: str) -> None:
    with closing(connected(hurried)) as slow:
        slow.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n".encode() + REST)
        came = dribbled(slow, b'{"query": "')
    assert came.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in came.lower()
    told = json.loads(came.partition(b"\r\n\r\n")[2])
    assert set((told["errors"][0]["extensions"] if path == "/graphql" else told)["messages"]) == {"ja", "en"}


def test_a_large_file_that_keeps_coming_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than any body that stands still; and once it comes too slowly, it is let go of and nothing of it stays."""
    monkeypatch.setattr(protection, "BODY_SECONDS", 0.5)
    monkeypatch.setattr(protection, "BODY_BYTES_A_SECOND", 100_000)
    with office(home_at(tmp_path)) as here:
        sender = here.sender("imports:write")

        def sent(pieces: int, wait: float) -> bytes:
            with closing(connected(here.client)) as slow:
                head = f"POST /imports?filename=a.xlsx&dryRun=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sender.key}\r\n"
                slow.sendall(f"{head}Content-Length: {pieces * 50_000}\r\n\r\n".encode())
                for _ in range(pieces):
                    time.sleep(wait)
                    slow.sendall(bytes(50_000))
                return slow.recv(4096)

        assert sent(20, 0.1).startswith(b"HTTP/1.1 202 ")
        assert len(here.journal.entries()) == 1
        with suppress(OSError):
            assert sent(2, 2.0).startswith(b"HTTP/1.1 408 ")
        assert len(here.journal.entries()) == 1


def test_hundreds_that_wait_keep_nobody_out(hurried: Client) -> None:
    silent = [connected(hurried) for _ in range(300)]
    try:
        assert hurried.ask("{ release { id } }")
        assert all(is_let_go(one) for one in silent)
    finally:
        for one in silent:
            one.close()


def test_who_does_not_fetch_an_answer_is_let_go() -> None:
    ended: list[str] = []

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            gone = asyncio.create_task(is_gone(receive))
            while not gone.done():
                await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
        finally:
            ended.append(scope["path"])

    async def is_gone(receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    with served(endless, http=Hurried, lifespan="off") as client:
        with closing(connected(client)) as greedy:
            greedy.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            deadline = time.monotonic() + LET_GO_WITHIN
            while not ended and time.monotonic() < deadline:
                time.sleep(0.05)
        assert ended == ["/large"]
