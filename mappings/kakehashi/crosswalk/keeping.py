"""Results that are kept: each is worked out once, however many threads ask at the same time."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import RLock
from typing import Generic, TypeVar

_R = TypeVar("_R")


class Kept(Generic[_R]):
    """A function of hashable arguments whose last results are kept; who asks while one is worked out waits for it."""

    def __init__(self, function: Callable[..., _R], most: int) -> None:
        self._found = lru_cache(maxsize=most)(function)
        self._lock = RLock()

    def __call__(self, *arguments: Hashable) -> _R:
        """The result, kept or new."""
        with self._lock:
            return self._found(*arguments)

    def forget(self) -> None:
        """Let go of all results."""
        self._found.cache_clear()
