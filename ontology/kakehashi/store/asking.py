"""The process that answers SPARQL: one store, opened for reading; one question at a time, over standard input and output.

pyoxigraph can neither stop a query nor bound its memory, so whoever asks kills this process, and the system bounds it.
Run as `python -m kakehashi.store.asking FOLDER`; the protocol is that of `store.questions`.
"""

import resource
import select
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, cast

import msgspec
import pyoxigraph as ox

from kakehashi.store.offline import federated, give_up_network
from kakehashi.store.questions import Failure, Format, Limits, Message, Question, Why, receive, send
from kakehashi.store.solutions import written
from kakehashi.vocabulary.iris import PREFIXES

IDLE_SECONDS: Final = 120.0
"""For how long a process waits for a question before it goes."""
GRACE_SECONDS: Final = 2.0
"""How much longer than the asker's limit a process lives on its own: for an asker that was killed."""
PIECE_BYTES: Final = 64 * 1024

_TRUTHS: Final = {
    Format.JSON: ox.QueryResultsFormat.JSON, Format.XML: ox.QueryResultsFormat.XML,
    Format.CSV: ox.QueryResultsFormat.CSV, Format.TSV: ox.QueryResultsFormat.TSV,
}  # fmt: skip
_GRAPHS: Final = {
    Format.TURTLE: ox.RdfFormat.TURTLE, Format.NTRIPLES: ox.RdfFormat.N_TRIPLES, Format.JSONLD: ox.RdfFormat.JSON_LD,
}  # fmt: skip


_Named = ox.NamedNode | ox.BlankNode
_Default = _Named | ox.DefaultGraph


class _UnansweredError(Exception):
    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why)
        self.failure = Failure(why, detail)


class _Output:
    """Sends what is written in pieces, and refuses to send more than the limit."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit
        self._waiting = bytearray()

    def write(self, content: bytes) -> int:
        self._left -= len(content)
        if self._left < 0:
            raise _UnansweredError(Why.TOO_LARGE)
        self._waiting += content
        if len(self._waiting) >= PIECE_BYTES:
            self.flush()
        return len(content)

    def flush(self) -> None:
        if self._waiting:
            send(self._stream, Message.PIECE, bytes(self._waiting))
            self._waiting.clear()


def main() -> None:
    """Answer until nobody asks any more."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    give_up_network()
    store = ox.Store.read_only(sys.argv[1])
    base = _address_space()
    send(answers, Message.READY)
    with suppress(EOFError):
        while _asked(questions):
            _, content = receive(questions)
            question = msgspec.json.decode(content, type=Question)
            send(answers, Message.TAKEN)
            _bound(base, question.limits)
            _answer(store, question, answers)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _asked(questions: IO[bytes]) -> bool:
    """Wait for a question; False where none came for long."""
    return bool(select.select([questions], [], [], IDLE_SECONDS)[0])


def _bound(base: int | None, limits: Limits) -> None:
    """Have the system refuse more memory, and end this process should nobody else do it in time."""
    if base is not None:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = base + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + GRACE_SECONDS)


def _address_space() -> int | None:
    """How many bytes of address space this process has; None where the system does not say, and bounds it by other measures."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return None
    return pages * resource.getpagesize()


def _answer(store: ox.Store, question: Question, answers: IO[bytes]) -> None:
    try:
        for kind, content in _messages(store, question, answers):
            send(answers, kind, content)
    except _UnansweredError as unanswered:
        send(answers, Message.FAILURE, msgspec.json.encode(unanswered.failure))
    except SyntaxError as error:
        send(answers, Message.FAILURE, msgspec.json.encode(Failure(Why.MALFORMED, _brief(error.msg))))
    except MemoryError:
        send(answers, Message.FAILURE, msgspec.json.encode(Failure(Why.TOO_MUCH_MEMORY)))
    except Exception as error:  # noqa: BLE001 - whatever the engine says, the asker is told
        send(answers, Message.FAILURE, msgspec.json.encode(Failure(Why.FAILED, _brief(str(error)))))


def _messages(store: ox.Store, question: Question, answers: IO[bytes]) -> Iterator[tuple[Message, bytes]]:
    if federated(question.query):
        raise _UnansweredError(Why.FEDERATED)
    default, named = _dataset(question)
    results = store.query(question.query, prefixes=PREFIXES, default_graph=default, named_graphs=named)
    wanted = _chosen(results, question)
    yield Message.HEADER, msgspec.json.encode(wanted)
    output = _Output(answers, question.limits.bytes)
    if isinstance(results, ox.QueryBoolean):
        output.write(results.serialize(format=_TRUTHS[wanted]) or b"")
    elif isinstance(results, ox.QueryTriples):
        triples = _counted(results, question.limits.rows)
        ox.serialize(triples, cast("IO[bytes]", output), format=_GRAPHS[wanted], prefixes=PREFIXES)
    else:
        for _, piece in _counted_rows(written(results, wanted), question.limits.rows):
            output.write(piece)
    output.flush()
    yield Message.END, b""


def _dataset(question: Question) -> tuple[list[_Default] | None, list[_Named] | None]:
    """The graphs that the asker names; with some named, what is not named is not there (SPARQL 1.1 Protocol, 2.1.4)."""
    if question.default_graphs is None and question.named_graphs is None:
        return None, None
    default = [ox.NamedNode(name) for name in question.default_graphs or ()]
    return [*default], [ox.NamedNode(name) for name in question.named_graphs or ()]


def _chosen(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, question: Question) -> Format:
    graph = isinstance(results, ox.QueryTriples)
    wanted = question.graph if graph else question.solutions
    if wanted is None:
        raise _UnansweredError(Why.NOT_ROWS if graph else Why.NOT_A_GRAPH)
    return wanted


def _counted(triples: Iterable[ox.Triple], limit: int) -> Iterator[ox.Triple]:
    for number, triple in enumerate(triples, start=1):
        if number > limit:
            raise _UnansweredError(Why.TOO_MANY_ROWS)
        yield triple


def _counted_rows(pieces: Iterable[tuple[int, bytes]], limit: int) -> Iterator[tuple[int, bytes]]:
    for rows, piece in pieces:
        limit -= rows
        if limit < 0:
            raise _UnansweredError(Why.TOO_MANY_ROWS)
        yield rows, piece


def _brief(text: str) -> str:
    """The engine's words; its list of what it would rather have read can be pages long."""
    return (text.partition("expected one of")[0].strip(" :") or text)[:300]


if __name__ == "__main__":
    main()
