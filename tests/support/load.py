"""Full load by several connections that stay open, with every answer looked at."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.numbered import QUESTION, told

CONNECTIONS: Final = 4


@dataclass
class Load:
    """What came back: how often each release with its number, and whatever was wrong."""

    seen: dict[tuple[str, int], int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def answers(self) -> int:
        return sum(self.seen.values())

    def has_seen(self, release: tuple[str, int]) -> bool:
        return release in self.seen


@contextmanager
def loading(port: int, connections: int = CONNECTIONS) -> Iterator[Load]:
    """Ask without a pause while the block runs."""
    load = Load()
    threads = [threading.Thread(target=_ask, args=(port, load), daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.over.set()
        for thread in threads:
            thread.join(timeout=60)


def _ask(port: int, load: Load) -> None:
    body, connection = json.dumps({"query": QUESTION}), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not load.over.is_set():
        try:
            connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            _look(load, answer.status, answer.getheader("Kakehashi-Release", ""), json.loads(answer.read()))
        except (OSError, http.client.HTTPException, AssertionError, KeyError, ValueError) as error:
            load.wrong.append(repr(error))
            connection.close()
    connection.close()


def _look(load: Load, status: int, header: str, answer: dict[str, Any]) -> None:
    assert status == 200, answer
    assert "errors" not in answer, answer
    found = told(answer["data"])
    assert found[0] == header, (found, header)
    load.seen[found] = load.seen.get(found, 0) + 1
