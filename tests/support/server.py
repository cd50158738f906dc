"""A real server on loopback, in a thread of the tests' process, and the few lines that ask it."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import uvicorn

from kakehashi.http.access import Access
from kakehashi.http.app import create_app
from kakehashi.http.offered import Offered
from kakehashi.http.options import UNLIMITED, HttpOptions
from kakehashi.http.server import server_options
from kakehashi.http.sparql import SparqlOptions
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import private_repository_of, repository_of
from kakehashi.store.port import Repository


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Client:
    """Talks HTTP to one base address."""

    base: str

    def send(self, path: str, *, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
        request = urllib.request.Request(self.base + path, data=body, headers=headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Reply(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
        except HTTPError as error:
            with error:
                return Reply(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def until_served(self, release: str) -> None:
        """Wait until that release is served: a server takes a new one up behind its requests."""
        deadline = time.monotonic() + 30
        while self.send("/readyz").headers.get("kakehashi-release") != release:
            assert time.monotonic() < deadline, f"release {release} was not taken up"
            time.sleep(0.02)

    def graphql(self, query: str, language: str | None = None, **variables: object) -> dict[str, Any]:
        """The whole answer: `data` and `errors`."""
        headers = {"content-type": "application/json"} | ({"accept-language": language} if language else {})
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = self.send("/graphql", method="POST", body=body, headers=headers).json()
        assert isinstance(answer, dict)
        return answer

    def ask(self, query: str, language: str | None = None, **variables: object) -> Any:
        """The data of an answer that has no errors."""
        answer = self.graphql(query, language, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


@contextmanager
def serving(
    home: Path,
    sparql: SparqlOptions | None = None,
    *,
    private: bool = False,
    access: Access | None = None,
    mcp_hosts: Sequence[str] | None = None,
    options: HttpOptions = UNLIMITED,
    repository: Repository | None = None,
) -> Iterator[Client]:
    """A server of a home's current release, on a free port; one for the home's owner shows private rows too."""
    rows = private_repository_of(Home(home)) if private else None
    offered = Offered(sparql=sparql, private=rows, access=access, mcp_hosts=mcp_hosts, limits=options)
    with served(create_app(Home(home), repository or repository_of(Home(home)), offered)) as client:
        yield client


@contextmanager
def served(app: Any, **more: Any) -> Iterator[Client]:
    """A server of an application, run as `kakehashi serve` runs it, on a free port."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", **(server_options() | more))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Client(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(timeout=30)
