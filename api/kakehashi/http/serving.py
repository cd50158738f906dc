"""What answers: loaded when it is first asked for, exchanged when another release is switched to."""

import gc
import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from starlette.requests import Request

from kakehashi.http.own_requests import is_own
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING, Private, load_private
from kakehashi.snapshot.saved import load_current
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

logger: Final = logging.getLogger(__name__)

_T = TypeVar("_T")


class _Served(Generic[_T]):
    """What is loaded of a repository's served release.

    `lasting` says whether it is served on where no release is there any more; else nothing is.
    """

    def __init__(self, repository: Repository, load: Callable[[], _T], *, lasting: bool) -> None:
        self._repository = repository
        self._load = load
        self._lasting = lasting
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._served: str | None = None
        self._loaded: _T | None = None

    def get(self) -> _T | None:
        """What is served; None where no release was ever made."""
        if time.monotonic() - self._asked_at >= self._repository.reuse_seconds:
            with self._lock:
                if time.monotonic() - self._asked_at >= self._repository.reuse_seconds:
                    self._exchange()
                    self._asked_at = time.monotonic()
        return self._loaded

    def _exchange(self) -> None:
        """Load what the pointer names; where that fails, go on with the former release and say so in the log."""
        try:
            current = self._repository.current()
            if current is None and not self._lasting:
                self._loaded = self._served = None
            elif current not in (None, self._served):
                self._loaded = self._load()
                self._served = current
                _settle()
        except KakehashiError as error:
            if error.code is not ErrorCode.NO_RELEASE:
                self._go_on(error)
        except (OSError, ValueError) as error:
            self._go_on(error)

    def _go_on(self, error: Exception) -> None:
        logger.error("the served release cannot be loaded; the former one is served on", exc_info=error)


def _settle() -> None:
    """Collect what the former release left, and keep what is loaded out of later collections.

    It lives as long as it is served, and to look through it for cycles stops every request for some 100 ms.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class Serving:
    """Gives each request one whole snapshot; a request that began on the former one finishes on it."""

    def __init__(self, home: Home, repository: Repository) -> None:
        self._served = _Served(repository, lambda: load_current(home, repository), lasting=True)

    def snapshot(self) -> Snapshot | None:
        """The served release's snapshot; None where no release was ever made."""
        return self._served.get()


class ServingPrivate:
    """Gives the requests of this machine's own user all private rows; `home` is the private one."""

    def __init__(self, home: Home, repository: Repository) -> None:
        self._served = _Served(repository, lambda: load_private(home, repository), lasting=False)

    def seen_by(self, request: Request) -> Private:
        """What whoever sends a request may see."""
        return (self._served.get() or NOTHING) if is_own(request) else NOTHING
