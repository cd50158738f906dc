"""SPARQL questions and what becomes of them, as they pass between a process that asks and one that answers.

A message is a letter, the length of what follows, and what follows: a question in JSON one way; that it was taken, the header of
the answer, its bytes in pieces, and its end, or a failure, the other way.
"""

import struct
from collections.abc import Mapping
from enum import StrEnum
from typing import IO, Final

from msgspec import Struct

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text


class Format(StrEnum):
    """What an answer can be written in, by the name that the command line gives it."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"


MEDIA_TYPES: Final[Mapping[Format, str]] = {
    Format.JSON: "application/sparql-results+json", Format.XML: "application/sparql-results+xml",
    Format.CSV: "text/csv", Format.TSV: "text/tab-separated-values",
    Format.TURTLE: "text/turtle", Format.NTRIPLES: "application/n-triples", Format.JSONLD: "application/ld+json",
}  # fmt: skip
SOLUTIONS: Final = (Format.JSON, Format.XML, Format.CSV, Format.TSV)
"""What rows (SELECT) and truths (ASK) are written in."""
GRAPHS: Final = (Format.TURTLE, Format.NTRIPLES, Format.JSONLD)
"""What graphs (CONSTRUCT, DESCRIBE) are written in."""


class Limits(Struct, frozen=True, kw_only=True):
    """How much one question may take. Where it would take more it is refused whole; nothing is cut."""

    seconds: float = 10.0
    rows: int = 100_000
    """Rows of a SELECT, triples of a graph."""
    bytes: int = 32 * 2**20
    memory: int = 2**30
    """Bytes that a worker may take beyond what it has when it starts."""


class Question(Struct, frozen=True, kw_only=True):
    """A query with what its answer may be written in: None where the client takes no rows, or no graph.

    Without graphs of its own it is asked of the store's default graph and of all named ones.
    """

    query: str
    solutions: Format | None = Format.JSON
    graph: Format | None = Format.TURTLE
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    limits: Limits = Limits()


class Why(StrEnum):
    """Why a question has no answer."""

    MALFORMED = "malformed"
    FEDERATED = "federated"
    NOT_A_GRAPH = "not-a-graph"
    NOT_ROWS = "not-rows"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    TOO_MUCH_MEMORY = "too-much-memory"
    CRASHED = "crashed"
    FAILED = "failed"
    BUSY = "busy"


class Failure(Struct, frozen=True):
    """Why a question has no answer, and what more is known of it."""

    why: Why
    detail: str = ""


_TEXTS: Final[Mapping[Why, Text]] = {
    Why.MALFORMED: Text("SPARQL 1.1の問い合わせとして読めません: {detail}", "This is no SPARQL 1.1 query: {detail}"),
    Why.FEDERATED: Text(
        "SERVICEは使えません。このサーバーは他のサーバーに問い合わせません。",
        "SERVICE is refused: this server asks no other server.",
    ),
    Why.NOT_A_GRAPH: Text(
        "この問い合わせの答えは行か真偽です。json、xml、csv、tsvのいずれかを指定してください。",
        "This query is answered by rows or a truth value. Ask for json, xml, csv or tsv.",
    ),
    Why.NOT_ROWS: Text(
        "この問い合わせの答えはグラフです。turtle、ntriples、jsonldのいずれかを指定してください。",
        "This query is answered by a graph. Ask for turtle, ntriples or jsonld.",
    ),
    Why.TOO_MANY_ROWS: Text(
        "答えが上限の{rows}行を超えます。LIMITを付けるか、条件を絞ってください。",
        "The answer has more than {rows} rows, the limit. Add a LIMIT, or ask for less.",
    ),
    Why.TOO_LARGE: Text(
        "答えが上限の{bytes}バイトを超えます。LIMITを付けるか、条件を絞ってください。",
        "The answer has more than {bytes} bytes, the limit. Add a LIMIT, or ask for less.",
    ),
    Why.TOO_SLOW: Text(
        "時間の上限({seconds:g}秒)を超えたため、問い合わせを打ち切りました。条件を絞ってください。",
        "The query was stopped at the time limit of {seconds:g} seconds. Ask for less.",
    ),
    Why.TOO_MUCH_MEMORY: Text(
        "メモリの上限({memory}バイト)を超えたため、問い合わせを打ち切りました。条件を絞ってください。",
        "The query was stopped at the memory limit of {memory} bytes. Ask for less.",
    ),
    Why.CRASHED: Text(
        "問い合わせに答えるプロセスが異常終了しました(終了コード{detail})。入れ子が深すぎないか確かめてください。",
        "The process that was to answer the query ended (exit code {detail}). See whether the query is nested too deeply.",
    ),
    Why.FAILED: Text("問い合わせに答えられませんでした: {detail}", "The query could not be answered: {detail}"),
    Why.BUSY: Text(
        "他の問い合わせに答えているところです。少し待ってやり直してください。",
        "Other queries are being answered. Wait a little and try again.",
    ),
}
_CODES: Final = {Why.BUSY: ErrorCode.BUSY, Why.FAILED: ErrorCode.STORE_FAILED, Why.CRASHED: ErrorCode.STORE_FAILED}


class UnansweredError(KakehashiError):
    """A question has no answer, in words for its asker."""

    def __init__(self, failure: Failure, limits: Limits) -> None:
        values = {name: getattr(limits, name) for name in limits.__struct_fields__}
        text = _TEXTS[failure.why](detail=failure.detail, **values)
        super().__init__(_CODES.get(failure.why, ErrorCode.BAD_USER_INPUT), text)
        self.why = failure.why


class Message(StrEnum):
    """What a message is; one ASCII letter each."""

    READY = "R"
    QUESTION = "Q"
    TAKEN = "T"
    """The question was read: what happens from here on is of its doing."""
    HEADER = "H"
    PIECE = "P"
    END = "E"
    FAILURE = "F"


_HEAD: Final = struct.Struct("!cI")


def send(stream: IO[bytes], kind: Message, content: bytes = b"") -> None:
    """Write a message."""
    stream.write(_HEAD.pack(kind.encode("ascii"), len(content)))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Message, bytes]:
    """Read a message; EOFError where the other side is gone."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    letter, length = _HEAD.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return Message(letter.decode("ascii")), content
