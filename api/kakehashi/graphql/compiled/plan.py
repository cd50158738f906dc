"""A compiled operation, and what its code calls while it runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from graphql.execution.values import VariableValues

from kakehashi.graphql.compiled.errors import AbandonedError
from kakehashi.graphql.compiled.pieces import ROOM_OF_A_STORE, Pieces, Store, pieces_of
from kakehashi.graphql.connections import Connection
from kakehashi.graphql.context import Context
from kakehashi.snapshot.model import Snapshot

MOST_OF_A_KEY: Final = ROOM_OF_A_STORE
"""Pieces of selections whose variables are longer than this, in characters, are made each time."""
LISTS: Final = (list, tuple)

Arguments = Callable[[VariableValues], dict[str, Any]]


class ReleaseContext:
    """What a field that only the release decides may look at."""

    __slots__ = ("snapshot", "wishes")

    def __init__(self, context: Context) -> None:
        self.snapshot: Snapshot = context.snapshot
        self.wishes = context.wishes


class Run:
    """One execution of a plan. It is what resolvers get as `info`, so they can ask it for the context and nothing else."""

    __slots__ = ("arguments", "at_hand", "context", "of_release", "stores")

    def __init__(
        self,
        context: Context | ReleaseContext,
        arguments: Sequence[dict[str, Any]],
        stores: Sequence[Store],
        *,
        at_hand: bool = False,
    ) -> None:
        self.context = context
        self.at_hand = at_hand
        self.arguments = arguments
        self.stores = stores
        self.of_release = self if isinstance(context, ReleaseContext) else Run(ReleaseContext(context), arguments, ())


Write = Callable[[Any, Run], object]
"""Turns a value into what orjson writes: the code of one selection."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a plan whose pieces are kept: what is selected there, and which variables it takes."""

    selected: str
    variables: tuple[str, ...]

    def store(self, pieces: Pieces, wishes: tuple[str, ...], values: Mapping[str, Any]) -> Store:
        """Its pieces for a reader."""
        taken = repr([(name, values[name]) for name in self.variables if name in values]) if self.variables else ""
        return pieces.store((self.selected, wishes, taken)) if len(taken) <= MOST_OF_A_KEY else Store(pieces)


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation as Python code. It knows the schema and nothing of a release, so it outlives the release's exchange."""

    write: Write
    arguments: tuple[Arguments, ...]
    sites: tuple[Site, ...]
    quick: bool = False
    """Whether it takes next to no time where its pieces are at hand."""

    def run(self, context: Context, variables: VariableValues, *, at_hand: bool = False) -> object:
        """The `data` of the answer, for orjson; any exception means that graphql-core has to answer.

        With `at_hand` no piece is made: one that is missing is an exception too.
        """
        arguments = [make(variables) for make in self.arguments]
        stores = self._stores(context, variables.coerced) if self.sites else ()
        return self.write(None, Run(context, arguments, stores, at_hand=at_hand))

    def _stores(self, context: Context, values: Mapping[str, Any]) -> list[Store]:
        pieces = pieces_of(context.snapshot)
        return [site.store(pieces, context.wishes, values) for site in self.sites]


def piece(store: Store, node: Any, write: Write, run: Run) -> orjson.Fragment:  # noqa: ANN401 - a node of any type
    """The JSON of a node that the release alone decides."""
    key = node.record.id
    found = store.found.get(key)
    return orjson.Fragment(_made(store, key, node, write, run) if found is None else found)


def page(store: Store, connection: Connection[Any], write: Write, run: Run) -> orjson.Fragment:
    """The JSON of a connection's nodes; no node is made of which the JSON is known."""
    listed = connection.page
    keys = [record if record.__class__ is str else record.id for record in listed.found]
    try:
        found = list(map(store.found.__getitem__, keys))
    except KeyError:
        found = [
            store.found.get(key) or _made(store, key, listed.node(record), write, run)
            for key, record in zip(keys, listed.found, strict=True)
        ]
    return orjson.Fragment(b"[" + b",".join(found) + b"]")


def _made(store: Store, key: str, node: Any, write: Write, run: Run) -> bytes:  # noqa: ANN401 - a node of any type
    if run.at_hand:
        raise AbandonedError("a piece is not at hand")
    if node.record.id != key:
        raise AbandonedError(f"{key} is not the id of the node that it lists")
    return store.put(key, orjson.dumps(write(node, run.of_release)))


def listed(value: Any) -> Any:  # noqa: ANN401 - whatever a resolver gives
    """A list's value."""
    if value.__class__ in LISTS:
        return value
    raise AbandonedError("not a list")


def abandon(*_: object) -> Any:  # noqa: ANN401 - it gives nothing
    """Called where there is a null, or a value of another type, that may not be."""
    raise AbandonedError("null or another type")
