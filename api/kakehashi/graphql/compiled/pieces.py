"""Pieces of JSON that the release alone decides: kept with its snapshot, dropped with it, and bounded in memory."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from kakehashi.snapshot.model import Snapshot

MOST_BYTES: Final = 64 * 1024 * 1024
"""What all pieces of a release may take, the room that Python needs around each included."""
ROOM_OF_A_PIECE: Final = 160
ROOM_OF_A_STORE: Final = 1024

StoreKey = tuple[str, tuple[str, ...], str]
"""What is selected, the reader's languages, and the variables that it takes."""


class Store:
    """The pieces of one selection, by the id of the record."""

    __slots__ = ("_owner", "found", "is_kept", "room")

    def __init__(self, owner: "Pieces") -> None:
        self.found: dict[str, bytes] = {}
        self.room = ROOM_OF_A_STORE
        self.is_kept = True
        self._owner = owner

    def put(self, key: str, piece: bytes) -> bytes:
        """Keep a piece, and give it back."""
        self.found[key] = piece
        self._owner.grew(self, len(piece) + ROOM_OF_A_PIECE)
        return piece


class Pieces:
    """The stores of one release; those that were not used for longest go where there is no more room."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._lock = most, Lock()
        self._stores: OrderedDict[StoreKey, Store] = OrderedDict()
        self.room = 0

    def store(self, key: StoreKey) -> Store:
        """The store of a key."""
        with self._lock:
            found = self._stores.get(key)
            if found is None:
                found = self._stores[key] = Store(self)
                found.room += sum(map(len, (key[0], key[2])))
                self.room += found.room
                self._shrink()
            else:
                self._stores.move_to_end(key)
            return found

    def grew(self, store: Store, room: int) -> None:
        """Account for what a store took; one that was dropped lives on only for the request that holds it."""
        with self._lock:
            store.room += room
            if store.is_kept:
                self.room += room
                self._shrink()

    def _shrink(self) -> None:
        while self.room > self._most:
            _, dropped = self._stores.popitem(last=False)
            dropped.is_kept = False
            self.room -= dropped.room


def pieces_of(snapshot: Snapshot) -> Pieces:
    """The pieces of a release."""
    found: Pieces = snapshot.kept.get("pieces") or snapshot.kept.setdefault("pieces", Pieces())
    return found
