"""`/exports/graph.{nq|trig|jsonld}`: the graph of the served release as a file, as far as its sources let it leave."""

import asyncio
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from kakehashi.exports.graph import exported
from kakehashi.graphql.languages import accepted_languages
from kakehashi.http.negotiation import is_named
from kakehashi.http.problems import not_ready, problem
from kakehashi.http.serving import Serving
from kakehashi.snapshot.model import Snapshot
from kakehashi.store.dumping import DUMP_TYPES, SUFFIXES, DumpFormat
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, Text

AT_ONCE: Final = 4
"""How many downloads are made at a time; each holds one graph in memory."""
SENT_WITHIN: Final = 1800.0

UNKNOWN = Text("書き出せる形式は {known} です。", "What can be downloaded is: {known}.")
BUSY = Text(
    "他のダウンロードが続いています。少し待ってやり直してください。",
    "Other downloads are going on. Wait a little and try again.",
)


class GraphDownload:
    """The handler of /exports/graph.{suffix}."""

    def __init__(self, serving: Serving, repository: Repository) -> None:
        self._serving = serving
        self._repository = repository
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, request: Request) -> Response:
        """Answer with the whole graph, or say that the client has it."""
        languages = accepted_languages(request.headers.get("accept-language"))
        wanted = next((one for one, suffix in SUFFIXES.items() if suffix == request.path_params["suffix"]), None)
        if wanted is None:
            known = ", ".join(f"/exports/graph.{suffix}" for suffix in SUFFIXES.values())
            return problem(HTTPStatus.NOT_FOUND, UNKNOWN(known=known), languages)
        snapshot = self._serving.snapshot()
        if snapshot is None:
            return not_ready(languages)
        headers = _headers(snapshot, wanted)
        if is_named(headers["ETag"], request.headers.get("if-none-match")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if request.method == "HEAD":
            return Response(headers=headers)
        if self._places.locked():
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, languages, {"Retry-After": "30"}, ErrorCode.BUSY)
        return Download(exported(snapshot, self._repository, wanted), headers, self._places)


class Download(StreamingResponse):
    """A download that keeps a place until it is sent, or its client took too long."""

    def __init__(self, pieces: Iterator[bytes], headers: Mapping[str, str], places: asyncio.Semaphore) -> None:
        super().__init__(pieces, headers=dict(headers))
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, in one of the places."""
        async with self._places, asyncio.timeout(SENT_WITHIN):
            await super().__call__(scope, receive, send)


def _headers(snapshot: Snapshot, wanted: DumpFormat) -> dict[str, str]:
    """What a client learns of a download; the release's id stands for its content."""
    name = f"kakehashi-{snapshot.release.id}.{SUFFIXES[wanted]}"
    return {
        "Content-Type": DUMP_TYPES[wanted], "Content-Disposition": f'attachment; filename="{name}"',
        "ETag": f'"{snapshot.release.id}"', "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
