"""How a server ends: in order at a signal, within a limit, at once at a second one; and what becomes of killed workers."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.processes import ServeProcess, alive, until

BODY = b'{"query": "{ release { id } }"}'
HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)


@contextmanager
def begun(server: ServeProcess) -> Iterator[socket.socket]:
    """A request that runs: half of it is sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(HEAD + BODY[:10])
        time.sleep(0.2)
        yield connection


def finished(connection: socket.socket) -> bytes:
    connection.sendall(BODY[10:])
    return connection.recv(65536)


def served(home: Path, folder: Path, *options: str, drain: float = 1.0, stop: int = 20) -> ServeProcess:
    settings = {"KAKEHASHI_DRAIN_SECONDS": str(drain), "KAKEHASHI_STOP_SECONDS": str(stop)}
    return ServeProcess(home, folder / "log", options, settings)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sigterm_drains_and_finishes_what_runs(default_home: Path, tmp_path: Path, workers: str) -> None:
    with served(default_home, tmp_path, "--workers", workers, drain=4) as server, begun(server) as connection:
        server.signal(signal.SIGTERM)
        until(lambda: server.status("/readyz") == 503, "503")
        assert server.client.ask("{ release { id } }")["release"]["id"]  # what is sent all the same is answered
        until(lambda: server.status("/readyz") == 0, "a closed door")
        assert server.process is not None
        assert server.process.poll() is None, "it did not wait for the request that runs"
        assert finished(connection).startswith(b"HTTP/1.1 200 OK")
        assert server.ended() == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_does_not_finish_is_cut_off_at_the_limit(default_home: Path, tmp_path: Path, workers: str) -> None:
    with served(default_home, tmp_path, "--workers", workers, drain=0, stop=1) as server, begun(server):
        server.signal(signal.SIGTERM)
        assert server.ended() == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_signal_ends_it_at_once(default_home: Path, tmp_path: Path, workers: str) -> None:
    with served(default_home, tmp_path, "--workers", workers, drain=300, stop=3600) as server, begun(server):
        children = server.workers()
        server.signal(signal.SIGTERM)
        until(lambda: server.status("/readyz") == 503, "503")
        server.signal(signal.SIGTERM)
        assert server.ended() in {0, 128 + signal.SIGTERM}
        assert not [child for child in children if alive(child)]


def test_an_interrupt_at_the_terminal_does_not_wait_for_a_balancer(default_home: Path, tmp_path: Path) -> None:
    with served(default_home, tmp_path, drain=300) as server:
        server.signal(signal.SIGINT)
        assert server.ended() == 0


def test_a_killed_worker_is_started_anew_while_the_other_answers(default_home: Path, tmp_path: Path) -> None:
    with served(default_home, tmp_path, "--workers", "2") as server:
        until(lambda: len([line for line in server.lines() if "is served" in line["event"]]) == 2, "two warm workers")
        killed, other = server.workers()
        os.kill(killed, signal.SIGKILL)
        for _ in range(50):
            assert server.client.ask("{ release { id } }")["release"]["id"]
            time.sleep(0.02)
        until(lambda: len(set(server.workers()) - {killed}) == 2, "a new worker")
        assert other in server.workers()
        until(lambda: len([line for line in server.lines() if "is served" in line["event"]]) == 3, "a third warm worker")
        server.signal(signal.SIGTERM)
        assert server.ended() == 0


def test_workers_do_not_outlive_their_parent(default_home: Path, tmp_path: Path) -> None:
    with served(default_home, tmp_path, "--workers", "2", drain=0) as server:
        children = server.workers()
        server.signal(signal.SIGKILL)
        server.ended()
        until(lambda: not [child for child in children if alive(child)], "the end of the workers")
