"""How a serving process ends: SIGTERM drains it, SIGINT ends it in order, a second signal ends it at once."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

ENDED_AT_ONCE: Final = 128
"""What a shell adds to the number of the signal that a process died of."""


class Stopping:
    """Whether this process is about to end, and the handlers of the signals that say so.

    While it drains, /readyz says 503 so that nothing new is sent here, and what is sent all the same is still answered.
    """

    def __init__(self, drain_seconds: float = 0.0) -> None:
        self._drain_seconds = drain_seconds
        self.begun = False
        self.on_begin: list[Callable[[], None]] = []

    def listen(self) -> None:
        """Take the signals over from the server, which gets them when the draining is over.

        A worker of several ends when its parent says so, or is gone. Signals reach the main thread alone.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        parent = multiprocessing.parent_process()
        self._take(signal.SIGTERM, loop, self._drain_seconds)
        if parent is None:
            self._take(signal.SIGINT, loop, 0.0)
        else:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to parent and workers alike
            threading.Thread(target=_end_with, args=(parent,), name="parent-watcher", daemon=True).start()

    def _take(self, number: signal.Signals, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        server = signal.getsignal(number)

        def handle(received: int, frame: FrameType | None) -> None:
            if self.begun:
                os._exit(ENDED_AT_ONCE + received)
            self.begun = True
            for hear in self.on_begin:
                hear()
            if callable(server):
                loop.call_soon_threadsafe(loop.call_later, seconds, server, received, frame)

        signal.signal(number, handle)


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    """Drain when the parent is gone without a word: nobody else would ever end this process."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
