"""`kakehashi serve` as a process of its own, to be signalled and killed."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.support.server import Client
from tests.support.sparql_servers import free_port

RUN = [sys.executable, "-c", "from kakehashi.cli.main import main; main()"]
READY_WITHIN = 60.0
STOPS_WITHIN = 60.0


def until(true: Callable[[], bool], what: str, seconds: float = READY_WITHIN) -> None:
    """Wait until something is so; fail where it does not come to be."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what} did not come to be within {seconds} s"
        time.sleep(0.05)


def status_of(client: Client, path: str) -> int:
    """The status of an answer; 0 where nobody answers."""
    try:
        return client.send(path).status
    except (urllib.error.URLError, ConnectionError):
        return 0


@dataclass
class ServeProcess:
    """One `kakehashi serve`; what it writes goes to a file."""

    home: Path
    log: Path
    options: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.port}")

    def start(self, *, ready: bool = True) -> Self:
        # The load of a test comes from one address, and would soon be refused.
        environment = {**os.environ, "KAKEHASHI_RATE_LIMIT": "0", **self.settings, "KAKEHASHI_HOME": str(self.home)}
        command = [*RUN, "serve", "--port", str(self.port), *self.options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        if ready:
            until(self.is_ready, f"readiness ({self.log.read_text('utf-8')})")
        return self

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text("utf-8")
        return self.status("/readyz") == 200

    def status(self, path: str) -> int:
        """The status of an answer; 0 where there is none."""
        return status_of(self.client, path)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self) -> int:
        """Wait for its end; its exit code."""
        assert self.process is not None
        return self.process.wait(timeout=STOPS_WITHIN)

    def workers(self) -> list[int]:
        """The processes that serve: its children, less the library's own helper."""
        assert self.process is not None
        listed = subprocess.run(
            ["ps", "-ww", "--ppid", str(self.process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=False
        )
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]

    def lines(self, event: str | None = None) -> list[dict[str, Any]]:
        """The JSON lines of its log so far, or those of one event."""
        found = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]
        return [line for line in found if event in (None, line["event"])]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            children = self.workers()
            self.process.kill()
            self.process.wait(timeout=STOPS_WITHIN)
            for child in children:
                _kill(child)


def alive(pid: int) -> bool:
    """Whether a process runs, and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _kill(pid: int) -> None:
    if alive(pid):
        os.kill(pid, signal.SIGKILL)
