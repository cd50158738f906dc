"""A home that takes imports, clients with keys of their own, and what builds."""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kakehashi.http.access import Access
from kakehashi.http.keys import KeyBook
from kakehashi.http.receiving import ImportOptions
from kakehashi.pipeline.importing import Importer
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.journal import Journal
from kakehashi.snapshot.repository import private_repository_of, repository_of
from tests.support.assessing import BOARD, HEADER, row
from tests.support.making import maker_at
from tests.support.server import Client, Reply, serving
from tests.support.workbooks import Cell, workbook

Parts = Sequence[tuple[str, bytes]]


@cache
def catalogue(identifier: str = "sent", name: str = "条", redistribution: str = "open") -> bytes:
    """A workbook of the template with one rule; another `name` of the rule makes another release."""
    source: list[list[Cell]] = [
        ["key", "value"],
        ["id", identifier],
        ["title_en", f"Rules {identifier}"],
        ["redistribution", redistribution],
    ]
    rules: list[list[Cell]] = [
        ["notation", "parent", "kind", "name_ja"],
        ["1", None, "heading", "章"],
        ["1.1", "1", "requirement", name],
    ]
    return workbook({"source": source, "framework": rules}).content


@cache
def assessments(organisation: str = BOARD, identifier: str = "secret-board", remark: str = "備考", **cells: Cell) -> bytes:
    """A workbook of assessments, which is private."""
    source = [["id", identifier], ["title_ja", f"{organisation}の評価"]]
    one = row(organisation=organisation, remark=remark, **cells)
    return workbook({"source": [["key", "value"], *source], "assessments": [HEADER, one]}).content


def multipart(files: Parts, fields: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """A form, and its Content-Type."""
    boundary = uuid.uuid4().hex
    lines = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files:
        head = f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        lines += [head.encode(), content, b"\r\n"]
    return b"".join([*lines, f"--{boundary}--\r\n".encode()]), {"content-type": f"multipart/form-data; boundary={boundary}"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody with a key."""

    client: Client
    key: str | None = None
    language: str = "en"

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        own = {"accept-language": self.language} | ({} if self.key is None else {"authorization": f"Bearer {self.key}"})
        return own | dict(more)

    def get(self, path: str = "/imports") -> Reply:
        return self.client.send(path, headers=self._headers({}))

    def post(self, path: str, body: bytes = b"", **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.send(path, method="POST", body=body, headers=self._headers(named))

    def send(self, name: str, content: bytes, query: str = "", **headers: str) -> Reply:
        """Send one file as the body."""
        return self.post(f"/imports?filename={name}&{query}", content, **({"content_type": "application/octet-stream"} | headers))

    def form(self, files: Parts, fields: Mapping[str, str] | None = None, **headers: str) -> Reply:
        """Send a form."""
        body, own = multipart(files, fields or {})
        return self.post("/imports", body, **(own | headers))

    def state(self, location: str) -> Any:
        reply = self.get(location)
        assert reply.status == 200, reply.body
        return reply.json()


@dataclass(frozen=True, slots=True)
class Office:
    """A running server of a home, and the journal behind it."""

    home: Path
    client: Client
    book: KeyBook
    journal: Journal

    def sender(self, *scopes: str, organisations: Sequence[str] = (), language: str = "en") -> Sender:
        _, key = self.book.create("sender", scopes, organisations, 1)
        return Sender(self.client, key, language)

    def importer(self, kept: int = 100) -> Importer:
        return Importer(maker_at(self.home), self.journal, kept)

    def build(self) -> int:
        """Build all that waits, and see it served; how many jobs that was."""
        count = 0
        while self.importer().turn() is not None:
            count += 1
        current = repository_of(Home(self.home)).current()
        if current is not None:
            await_served(self.client, current)
        return count

    def built(self, sender: Sender, reply: Reply) -> Any:
        """What became of what was sent."""
        assert reply.status in {200, 202}, reply.body
        self.build()
        return sender.state(reply.headers["location"])


@contextmanager
def office(home: Path, max_bytes: int = 4 * 1024 * 1024) -> Iterator[Office]:
    book, journal = KeyBook(home / "keys"), Journal(home / "imports")
    access = Access(book, private=private_repository_of(Home(home)), imports=ImportOptions(journal, max_bytes))
    with serving(home, access=access) as client:
        yield Office(home, client, book, journal)


def await_served(client: Client, release: str, seconds: float = 60) -> None:
    """Wait until a server has taken up a release: it looks for a new one a few times a second."""
    deadline = time.monotonic() + seconds
    while (found := client.ask("{ release { id } }")["release"]["id"]) != release:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def waited(sender: Sender, location: str, seconds: float = 60) -> Any:
    """What became of an import that another process builds."""
    deadline = time.monotonic() + seconds
    while (found := sender.state(location))["state"] in {"received", "building"}:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found
