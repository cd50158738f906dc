"""A server that answers as it is told, one request after the other: what clients make of bad days."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Told:
    """An answer; status 0 breaks the connection off."""

    status: int
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Flaky:
    """The server's address, and what it was asked."""

    base: str
    asked: list[tuple[str, str, dict[str, str], bytes]]


@contextmanager
def flaky(*answers: Told) -> Iterator[Flaky]:
    """A server of these answers; the last goes on for ever."""
    waiting, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            told = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if not told.status:
                self.close_connection = True
                return
            self.send_response(told.status)
            for name, value in ({"Content-Length": str(len(told.body))} | told.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body)

        do_GET = do_POST = _answer  # noqa: N815 - the names that the library calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Flaky(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
