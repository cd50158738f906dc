"""A time limit that ends what is running, wherever it is: an exception raised in its thread from another.

Python has one way to do that, `PyThreadState_SetAsyncExc`. It takes effect between two steps of Python, so never while a lock of
`with` is half taken and never within a solver or a matrix product; those have limits of their own (`crosswalk.closing`). What
unwinds keeps nothing half-made: a cache of functools stores a value after the function returned.
"""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from kakehashi.graphql.context import TOO_SLOW
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

LOOK_SECONDS: Final = 0.2
AGAIN_SECONDS: Final = 1.0
"""After how long the exception is raised again where it was swallowed, as one in a finaliser is."""

_P = ParamSpec("_P")
_R = TypeVar("_R")


class _Ended(BaseException):
    """The time is over. It is no Exception, so that whoever handles errors on the way lets it pass."""


class TimeLimit:
    """Runs functions in the calling thread, each for so many seconds and no longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: set[_Running] = set()
        self._any = threading.Event()
        self._starting = threading.Lock()
        self._watcher: threading.Thread | None = None

    def run(self, function: Callable[_P, _R], /, *arguments: _P.args, **named: _P.kwargs) -> _R:
        """What the function returns; an error that says so where it took too long."""
        running = _Running(time.monotonic() + self._seconds)
        try:
            try:
                self._watch(running)
                return function(*arguments, **named)
            finally:
                self._leave(running)
        except _Ended:
            # It may have come while leaving; it does not come twice within a second.
            self._leave(running)
            raise KakehashiError(ErrorCode.TOO_SLOW, TOO_SLOW) from None

    def _watch(self, running: "_Running") -> None:
        if self._watcher is None:
            with self._starting:
                if self._watcher is None:
                    self._watcher = threading.Thread(target=self._look, name="time-limit", daemon=True)
                    self._watcher.start()
        self._running.add(running)
        self._any.set()

    def _leave(self, running: "_Running") -> None:
        running.leave()
        self._running.discard(running)

    def _look(self) -> None:
        while True:
            self._any.wait()
            self._any.clear()
            while self._running:
                time.sleep(LOOK_SECONDS)
                for running in tuple(self._running):
                    running.end_if_late()


class _Running:
    """A function that runs in a thread, until it leaves; the lock stands between leaving and being ended."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._left = False

    def end_if_late(self) -> None:
        with self._lock:
            if not self._left and time.monotonic() > self._until:
                _raise_in(self._thread, _Ended)
                self._until = time.monotonic() + AGAIN_SECONDS

    def leave(self) -> None:
        """From now on nothing is raised in this thread, nor is what was raised and has not arrived."""
        with self._lock:
            self._left = True
            _raise_in(self._thread, None)


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    raised = ctypes.py_object(kind) if kind is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
