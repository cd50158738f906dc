"""How much may be fetched, for how long, and how often it is tried."""

import time
from dataclasses import dataclass
from secrets import SystemRandom
from typing import Final

from kakehashi.sources.files import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one fetch; `seconds` holds for all of it: every attempt, every redirect and every wait between them.

    Only the look-up of a name is bounded by the system's own resolver instead.
    """

    size: int = MAX_FILE_BYTES
    seconds: float = 300
    connect_seconds: float = 10
    read_seconds: float = 30
    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 60

    def wait(self, attempt: int) -> float:
        """How long to wait after a failed attempt: doubled each time, and spread so that many clients do not come at once."""
        longest = min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))
        return SystemRandom().uniform(longest / 2, longest)


DEFAULT: Final = Limits()


class Clock:
    """What is left of the time for one fetch."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left; 0 once the time is over."""
        return max(0.0, self._end - time.monotonic())

    def within(self, seconds: float | None) -> float:
        """The seconds asked for, but no more than are left."""
        return self.left() if seconds is None else min(seconds, self.left())
