"""What the attack tests have in common: what no answer may hold, and how much memory the process has."""

import resource
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.server import Client, Reply

# Signs of what is inside: traces, paths, modules, and the words of databases.
INSIDE = (
    "Traceback", 'File "', "site-packages", ".py", "kakehashi.graphql", "graphql.execution", "object at 0x", "pyoxigraph",
    "rdflib", "sqlite", "RecursionError", "KeyError", "TypeError", "AttributeError", "UnicodeEncodeError", "/home/", "/root/",
    "/usr/", str(Path.cwd()),
)  # fmt: skip
OURS = {
    "BAD_USER_INPUT", "NOT_FOUND", "TOO_COMPLEX", "TOO_SLOW", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "NO_RELEASE",
    "PERSISTED_QUERY_NOT_FOUND",
}  # fmt: skip


def leaks(reply: Reply, sent: Iterable[str] = ()) -> list[str]:
    """What of the inside an answer shows that was not sent to it."""
    text = reply.body.decode("utf-8", "replace") + str(reply.headers)
    for one in sent:
        text = text.replace(one, "")
    return [one for one in INSIDE if one in text and not any(one in other for other in sent)]


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of an answer's errors."""
    return {one["extensions"]["code"] for one in answer.get("errors", [])}


def is_well(client: Client) -> bool:
    """Whether a server answers a question as it should."""
    return bool(client.ask("{ release { id } }")["release"]["id"]) and client.send("/healthz").status == 200


def resident_bytes() -> int:
    """The memory of this process, which is the server's too."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()
