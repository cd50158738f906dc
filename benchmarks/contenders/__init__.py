"""What the loading benchmark compares: each module is one contender, run in a process of its own by `__main__`."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")

Facts = dict[str, int | float | str]
"""What a contender tells besides what it took: counts, by which one sees that all did the same work."""


def files_below(folder: Path) -> list[Path]:
    """The files that `kakehashi load` reads of a folder: all but the hidden ones."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


class Stopwatch:
    """Times of several pieces of work that are done in turn, again and again."""

    def __init__(self) -> None:
        self._times: dict[str, list[float]] = defaultdict(list)

    def time(self, name: str, work: Callable[[], _T]) -> _T:
        """Do the work, and note how long it took."""
        began = time.perf_counter()
        result = work()
        self._times[name].append(time.perf_counter() - began)
        return result

    def medians(self) -> dict[str, float]:
        """The median of each, in seconds."""
        return {name: statistics.median(times) for name, times in self._times.items()}
