"""What is told of a request while it is answered: for its line in the log, the metrics and the traces.

The record is in a context variable, so that whoever knows something writes it down without being handed anything. It never holds
query text, variables, tokens or ids of what is private.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from time import time_ns
from typing import Final, Literal
from uuid import uuid4

from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind

OperationType = Literal["query", "mutation", "subscription"]
_OPERATIONS: Final[dict[str | None, OperationType]] = {
    "query": "query", "mutation": "mutation", "subscription": "subscription",
}  # fmt: skip
_DEPTH: Final = {
    TokenKind.BRACE_L: 1, TokenKind.BRACE_R: -1, TokenKind.PAREN_L: 1, TokenKind.PAREN_R: -1,
}  # fmt: skip
MOST_TOKENS: Final = 2_000
"""How far a document is read for the name of its operation."""
_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,99}")
"""A name that is written down; a longer one is cut, since clients choose it."""


@dataclass(slots=True)
class Operation:
    """A GraphQL operation that was run. `document` is the sha256 of its text; times are nanoseconds of the clock."""

    type: OperationType
    name: str | None
    document: str
    began: int = field(default_factory=time_ns)
    ended: int = 0
    plan: Literal["compiled", "interpreted"] = "interpreted"


@dataclass(slots=True)
class Observed:
    """One request. What nobody said is None; `cost` is in nodes, `caller` an id and never a token."""

    request_id: str = field(default_factory=lambda: uuid4().hex)
    release: str | None = None
    caller: str | None = None
    cost: int | None = None
    operation: Operation | None = None


_CURRENT: Final[ContextVar[Observed | None]] = ContextVar("observed", default=None)


def observed() -> Observed:
    """The record of the request that is being answered; outside of one, a record that nobody reads."""
    return _CURRENT.get() or Observed()


@contextmanager
def observing(record: Observed) -> Iterator[None]:
    """Make a record that of all that is done inside."""
    token = _CURRENT.set(record)
    try:
        yield
    finally:
        _CURRENT.reset(token)


@contextmanager
def running(text: str, name: str | None) -> Iterator[None]:
    """Note the operation that is run inside, and how long it takes."""
    operation = operation_of(text, name)
    observed().operation = operation
    try:
        yield
    finally:
        operation.ended = time_ns()


def operation_of(text: str, name: str | None) -> Operation:
    """The operation of a document that a request selects: the one of that name, else the first."""
    document = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        found = next((one for one in _operations(text) if name in (None, one[1])), ("query", None))
    except GraphQLSyntaxError:
        found = ("query", None)
    kind, own = found
    short = _NAME.match(own or name or "")
    return Operation(type=kind, name=short[0] if short else None, document=document)


def _operations(text: str) -> Iterator[tuple[OperationType, str | None]]:
    """Type and name of each operation, read no further than is asked for."""
    lexer, depth, inside = Lexer(Source(text)), 0, False
    for _ in range(MOST_TOKENS):
        token = lexer.advance()
        if not inside and token.kind in (TokenKind.NAME, TokenKind.BRACE_L):
            inside = True
            kind = _OPERATIONS.get(token.value) if token.value else "query"
            if kind is not None:  # else it is a fragment
                following = lexer.lookahead()
                yield kind, following.value if token.value and following.kind is TokenKind.NAME else None
        depth += _DEPTH.get(token.kind, 0)
        inside = inside and not (depth == 0 and token.kind is TokenKind.BRACE_R)
        if token.kind is TokenKind.EOF:
            return
