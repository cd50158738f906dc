"""What is told of a request while it is answered: for its line in the log, the metrics and the traces.

The record is in a context variable, so that whoever knows something writes it down without being handed anything. It never holds
query text, variables, tokens or ids of what is private.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import time_ns
from typing import Final, Literal
from uuid import uuid4

OperationType = Literal["query", "mutation", "subscription"]
MAX_NAME: Final = 100
"""How much of an operation's name is written down, since clients choose it."""


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
def running(kind: OperationType, name: str | None, document: str) -> Iterator[Operation]:
    """Note the operation that is run inside, and how long it takes; `document` is the sha256 of its text."""
    operation = Operation(type=kind, name=name and name[:MAX_NAME], document=document)
    observed().operation = operation
    try:
        yield operation
    finally:
        operation.ended = time_ns()
