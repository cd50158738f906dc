"""The snapshot that answers: loaded at start, exchanged when the pointer of the home moves to another release."""

import logging
import threading
from typing import Final

from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.saved import load

logger: Final = logging.getLogger(__name__)


class Serving:
    """Gives each request one whole snapshot; a request that began on the former one finishes on it."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._stamp: int | None = None
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot | None:
        """The served release's snapshot; None where no release was ever built."""
        stamp = self._pointer_stamp()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._exchange(stamp)
        return self._snapshot

    def _pointer_stamp(self) -> int | None:
        try:
            return self._home.pointer.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def _exchange(self, stamp: int | None) -> None:
        """Load what the pointer names; where that fails, go on with the former release and say so in the log."""
        try:
            release_id = self._home.current()
            if release_id is not None and (self._snapshot is None or self._snapshot.manifest.id != release_id):
                self._snapshot = load(self._home.snapshot(release_id))
        except (OSError, ValueError):
            logger.exception("the release that the pointer names cannot be loaded; the former one is served on")
        self._stamp = stamp
