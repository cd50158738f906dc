"""A server that stands before a real one on loopback, hands everything on, and fails where a test tells it to."""

import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from kakehashi.store.remote.endpoint import Endpoint

HANDED_ON = {"authorization", "accept", "content-type"}
HANDED_BACK = {"www-authenticate", "content-type", "x-sql-state"}


@dataclass(frozen=True)
class Answer:
    """What the real server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[[], Answer]
Fault = Callable[["Handler", Ask], None]


class Handler(BaseHTTPRequestHandler):
    """One request: the first fault that is meant for it answers, or else the real server."""

    protocol_version = "HTTP/1.1"
    proxy: "FaultyProxy"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name: value for name, value in self.headers.items() if name.lower() in HANDED_ON}
        fault = self.proxy.fault_for(f"{self.path} {body.decode('utf-8', 'replace')}")
        fault(self, lambda: self.proxy.ask(self.path, body, headers))

    def answer(self, answer: Answer, sent: bytes | None = None) -> None:
        """Send it; of the body perhaps other bytes than are announced."""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body if sent is None else sent)

    def hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def hand_on(handler: Handler, ask: Ask) -> None:
    handler.answer(ask())


def unavailable(handler: Handler, _: Ask) -> None:
    handler.answer(Answer(503, {"retry-after": "0"}, b"busy"))


def giving_way(handler: Handler, _: Ask) -> None:
    """What Virtuoso says of two writers that bring the same new language at once."""
    handler.answer(Answer(500, {}, b"Error 23000 SR197: Non unique primary key on DB.DBA.RDF_LANGUAGE."))


def no_answer(handler: Handler, _: Ask) -> None:
    """The connection ends before the request was done."""
    handler.hang_up()


def done_but_unheard(handler: Handler, ask: Ask) -> None:
    """The request is done, and the connection ends before the answer."""
    ask()
    handler.hang_up()


def slow(handler: Handler, ask: Ask) -> None:
    """Longer than anyone waits."""
    time.sleep(handler.proxy.too_long)
    handler.answer(ask())


def dribbling(handler: Handler, ask: Ask) -> None:
    """Always something, never all: no single pause is too long."""
    answer = ask()
    handler.answer(Answer(200, answer.headers, answer.body + b" " * 100), answer.body[:1])
    for _ in range(40):
        handler.wfile.write(b" ")
        time.sleep(handler.proxy.too_long / 20)
    handler.hang_up()


def cut_in_the_middle(handler: Handler, ask: Ask) -> None:
    answer = ask()
    handler.answer(answer, answer.body[: len(answer.body) // 2])
    handler.hang_up()


def half_as_whole(handler: Handler, ask: Ask) -> None:
    """Half of the bytes, announced as all: only the syntax shows it."""
    answer = ask()
    handler.answer(Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2]))


def other_words(handler: Handler, _: Ask) -> None:
    """A page of something in between, with success."""
    handler.answer(Answer(200, {"content-type": "text/html"}, b"<html><body>Please log in</body></html>"))


def partial_by_time(handler: Handler, ask: Ask) -> None:
    """Virtuoso's own time limit: success, and some rows."""
    answer = ask()
    handler.answer(Answer(200, answer.headers | {"x-sql-state": "S1TAT"}, answer.body))


def few_lines(handler: Handler, ask: Ask) -> None:
    """The first lines only, as whole answers."""
    answer = ask()
    handler.answer(Answer(answer.status, answer.headers, b"".join(answer.body.splitlines(keepends=True)[:7])))


def nothing(handler: Handler, ask: Ask) -> None:
    handler.answer(Answer(200, ask().headers, b""))


def asking_for_basic(user: str, password: str, seen: list[str | None]) -> Fault:
    """Answers only who answers a Basic challenge; keeps what was sent."""
    wanted = "Basic " + b64encode(f"{user}:{password}".encode()).decode()

    def answer(handler: Handler, ask: Ask) -> None:
        seen.append(handler.headers.get("authorization"))
        if seen[-1] == wanted:
            handler.answer(ask())
        else:
            handler.answer(Answer(401, {"www-authenticate": 'Basic realm="x"'}, b"who is there?"))

    return answer


@dataclass
class FaultyProxy:
    """The server; faults are taken in the order of their adding, each for the requests in which its word occurs."""

    target: str
    too_long: float
    faults: list[tuple[str, Fault, int]] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def add(self, word: str, fault: Fault, times: int = 1) -> None:
        with self._lock:
            self.faults.append((word, fault, times))

    def fault_for(self, request: str) -> Fault:
        with self._lock:
            for place, (word, fault, times) in enumerate(self.faults):
                if word in request:
                    self.faults[place : place + 1] = [(word, fault, times - 1)] if times > 1 else []
                    return fault
        return hand_on

    def ask(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection(self.target, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            kept = {name: value for name, value in response.getheaders() if name.lower() in HANDED_BACK}
            return Answer(response.status, kept, response.read())
        finally:
            connection.close()

    def before(self, endpoint: Endpoint) -> Endpoint:
        """The same endpoint, seen through the proxy."""
        query, update, graphs = (
            f"http://127.0.0.1:{self.port}{urlsplit(address).path}"
            for address in (endpoint.query, endpoint.update, endpoint.graphs)
        )
        return replace(endpoint, query=query, update=update, graphs=graphs)


@contextmanager
def faulty_proxy(url: str, too_long: float) -> Iterator[FaultyProxy]:
    """A proxy in a thread of its own, before the server at a URL."""
    proxy = FaultyProxy(urlsplit(url).netloc.rpartition("@")[2], too_long)
    handler = type("ItsHandler", (Handler,), {"proxy": proxy})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients hang up on slow answers
    proxy.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
