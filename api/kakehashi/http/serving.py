"""The snapshot that answers: loaded at start, exchanged when another release is switched to."""

import logging
import threading
import time
from typing import Final

from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.saved import load_current
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

logger: Final = logging.getLogger(__name__)


class Serving:
    """Gives each request one whole snapshot; a request that began on the former one finishes on it."""

    def __init__(self, home: Home, repository: Repository) -> None:
        self._home = home
        self._repository = repository
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._served: str | None = None
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot | None:
        """The served release's snapshot; None where no release was ever made."""
        if time.monotonic() - self._asked_at >= self._repository.reuse_seconds:
            with self._lock:
                if time.monotonic() - self._asked_at >= self._repository.reuse_seconds:
                    self._exchange()
                    self._asked_at = time.monotonic()
        return self._snapshot

    def _exchange(self) -> None:
        """Load what the pointer names; where that fails, go on with the former release and say so in the log."""
        try:
            current = self._repository.current()
            if current not in (None, self._served):
                self._snapshot = load_current(self._home, self._repository)
                self._served = current
        except KakehashiError as error:
            if error.code is not ErrorCode.NO_RELEASE:
                self._go_on(error)
        except (OSError, ValueError) as error:
            self._go_on(error)

    def _go_on(self, error: Exception) -> None:
        logger.error("the served release cannot be loaded; the former one is served on", exc_info=error)
