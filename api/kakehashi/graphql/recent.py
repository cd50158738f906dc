"""A bounded memory of things that are dear to make."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Recent(Generic[Key, Kept]):
    """The most recently used of some things that are dear to make; safe among threads.

    Together they weigh no more than `most`: each weighs 1, unless `weigh` says otherwise.
    """

    def __init__(self, most: int, weigh: Callable[[Key, Kept], int] = lambda *_: 1) -> None:
        self._most, self._weigh, self._lock = most, weigh, Lock()
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._weight = 0

    def get(self, key: Key, make: Callable[[], Kept]) -> Kept:
        """What is kept for a key; made where nothing is. What fails to be made is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._weight += self._weigh(key, made)
            while self._weight > self._most:
                self._weight -= self._weigh(*self._kept.popitem(last=False))
        return made

    def known(self, key: Key) -> Kept | None:
        """What is kept for a key; nothing is made."""
        with self._lock:
            return self._kept.get(key)
