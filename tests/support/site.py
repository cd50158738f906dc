"""A small web site on loopback, in a thread, whose pages behave as badly as a test wants; it remembers what was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Page = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class Site:
    """`pages` by path; `asked` holds path and headers (lower case) of every request, in order."""

    base: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def count(self, path: str) -> int:
        return [one for one, _ in self.asked].count(path)

    def headers(self, number: int = -1) -> dict[str, str]:
        return self.asked[number][1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no fault of a test."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.server.site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        page = self.server.site.pages.get(self.path)
        if page is None:
            answer(self, 404, b"none")
        else:
            page(self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def site(host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    server = _Server((host, port), _Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.site = Site(f"{'https' if tls else 'http'}://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def begin(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    """Status and headers; underscores in names stand for hyphens."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    begin(handler, status, Content_Length=str(len(body)), **headers)
    handler.wfile.write(body)


def file(content: bytes, etag: str = "", modified: str = "") -> Page:
    """A well-behaved file: 304 to who has it, and what is missing to who has the beginning."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        asked, validator = handler.headers, etag or modified
        headers = ({"ETag": etag} if etag else {}) | ({"Last_Modified": modified} if modified else {})
        if validator and validator in {asked.get("If-None-Match"), asked.get("If-Modified-Since")}:
            begin(handler, 304, **headers)
        elif asked.get("Range") and asked.get("If-Range") == validator:
            start = int(asked["Range"].removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                answer(handler, 416, b"", Content_Range=f"bytes */{len(content)}")
            else:
                answer(handler, 206, content[start:], Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}", **headers)
        else:
            answer(handler, 200, content, **headers)

    return page


def cut(content: bytes, size: int, **headers: str) -> Page:
    """Promises the whole content, sends the beginning, and hangs up."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, Content_Length=str(len(content)), **headers)
        handler.wfile.write(content[:size])
        handler.close_connection = True

    return page


def chunked(handler: BaseHTTPRequestHandler, pieces: int, size: int, status: int = 200, **headers: str) -> None:
    """So many pieces of so many bytes, without a length."""
    begin(handler, status, Transfer_Encoding="chunked", **headers)
    for _ in range(pieces):
        handler.wfile.write(f"{size:x}\r\n".encode() + b"x" * size + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def redirect(location: str, status: int = 302) -> Page:
    return lambda handler: answer(handler, status, b"", Location=location)


def in_turn(*pages: Page) -> Page:
    """Another page each time, the last one for ever."""
    left = list(pages)

    def page(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return page
