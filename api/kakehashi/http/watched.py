"""What surrounds every request: its id, its line in the log, what is counted and traced of it, and a last net for failures."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kakehashi.graphql.languages import accepted_languages
from kakehashi.graphql.observed import Observed, observing
from kakehashi.http.answered import Answered
from kakehashi.http.problems import unexpected

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import Span

    from kakehashi.http.metrics import Metrics
    from kakehashi.http.traces import Traces

logger: Final = logging.getLogger(__name__)

REQUEST_ID: Final = "X-Request-Id"
RELEASE: Final = "Kakehashi-Release"
"""The header that says which release an answer comes from."""
NO_ROUTE: Final = "(none)"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "_OTHER"
"""What the conventions call a method that nobody knows; clients must not choose labels."""
_SANE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True, slots=True)
class Watching:
    """Who is told of requests: the log, the metrics, the traces, as far as they are turned on."""

    line: Callable[..., None] | None = None
    metrics: "Metrics | None" = None
    traces: "Traces | None" = None


class Watched:
    """The application inside this."""

    def __init__(self, app: ASGIApp, watching: Watching) -> None:
        self._app = app
        self._watching = watching

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(scope, send, self._watching)
        with observing(seen.record):
            try:
                await self._app(scope, receive, seen.send)
            except Exception:
                logger.exception("a request failed", extra={"request_id": seen.record.request_id})
                await seen.fail(receive)
            finally:
                seen.end()


class _Seen:
    """One request as it goes by."""

    def __init__(self, scope: Scope, send: Send, watching: Watching) -> None:
        self._scope, self._send, self._watching = scope, send, watching
        self._headers = Headers(scope=scope)
        self._began, self._began_at = time.perf_counter(), time.time_ns()
        self._status, self._bytes = 0, 0
        self.record = Observed(_request_id(self._headers.get(REQUEST_ID)))
        self._method = scope["method"] if scope["method"] in METHODS else OTHER
        self._span = self._begin()

    def _begin(self) -> "Span | None":
        if self._watching.metrics is not None:
            self._watching.metrics.begin()
        traces = self._watching.traces
        return None if traces is None else traces.begin(self._method, self._headers, self._began_at)

    async def send(self, message: Message) -> None:
        """Pass a message on, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self.record.request_id
            if self.record.release is not None:
                headers[RELEASE] = self.record.release
        elif message["type"] == "http.response.body":
            self._bytes += len(message.get("body", b""))
        await self._send(message)

    async def fail(self, receive: Receive) -> None:
        """Say that something unexpected went wrong, and nothing of what; an answer that has begun is cut off instead."""
        if self._status:
            raise _CutOffError
        languages = accepted_languages(self._headers.get("accept-language"))
        await unexpected(self.record.request_id, languages)(self._scope, receive, self.send)

    def end(self) -> None:
        """Tell the log, the metrics and the traces. A request whose client left before any answer has status 499, as at nginx."""
        answered = Answered(
            route=_route(self._scope), method=self._method, scheme=self._scope["scheme"],
            status=self._status or 499, seconds=time.perf_counter() - self._began, bytes=self._bytes, record=self.record,
        )  # fmt: skip
        watching = self._watching
        if watching.metrics is not None:
            watching.metrics.end(answered)
        if watching.traces is not None and self._span is not None:
            watching.traces.end(self._span, answered)
        if watching.line is not None:
            watching.line(answered.status, **self._told(answered))

    def _told(self, answered: Answered) -> dict[str, Any]:
        record, operation = self.record, self.record.operation
        caller = getattr(self._scope.get("state", {}).get("caller"), "id", None)
        told = {
            "route": answered.route, "method": answered.method, "duration_ms": round(answered.seconds * 1000, 2),
            "bytes": answered.bytes, "request_id": record.request_id, "release": record.release,
            "caller": record.caller or caller, "cost": record.cost,
            "trace_id": None if self._span is None else f"{self._span.get_span_context().trace_id:032x}",
        }  # fmt: skip
        if operation is not None:
            told |= {"operation": operation.name, "document": operation.document, "plan": operation.plan}
        return {name: value for name, value in told.items() if value is not None}


def _route(scope: Scope) -> str:
    """The template of the path. FastAPI notes the route of its own kind alone; the others are told by what they lead to."""
    route, endpoint = scope.get("route"), scope.get("endpoint")
    if route is None and endpoint is not None:
        route = next((one for one in scope["app"].routes if _leads_to(one) is endpoint), None)
    return getattr(route, "path", NO_ROUTE)


def _leads_to(route: object) -> object:
    return getattr(route, "endpoint", getattr(route, "app", None))


class _CutOffError(Exception):
    """An answer that had begun could not be finished; the server closes the connection."""


def _request_id(given: str | None) -> str:
    """The client's own id where it is a plain one, so that nothing foreign gets into logs and headers."""
    return given if given is not None and _SANE_ID.fullmatch(given) else uuid4().hex
