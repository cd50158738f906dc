"""What answers: loaded when it is first asked for, exchanged when another release is switched to."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from starlette.requests import Request

from kakehashi.http.callers import ANONYMOUS, Caller
from kakehashi.http.own_requests import is_own
from kakehashi.http.scopes import PRIVATE_READ
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING, Private, load_private
from kakehashi.snapshot.saved import load_current
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

logger: Final = logging.getLogger(__name__)

NARROWED: Final = 64
"""For how many sets of organisations the rows that they see are kept at hand."""

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
        except KakehashiError as error:
            if error.code is not ErrorCode.NO_RELEASE:
                self._go_on(error)
        except (OSError, ValueError) as error:
            self._go_on(error)

    def _go_on(self, error: Exception) -> None:
        logger.error("the served release cannot be loaded; the former one is served on", exc_info=error)


class Serving:
    """Gives each request one whole snapshot; a request that began on the former one finishes on it."""

    def __init__(self, home: Home, repository: Repository) -> None:
        self._served = _Served(repository, lambda: load_current(home, repository), lasting=True)

    def snapshot(self) -> Snapshot | None:
        """The served release's snapshot; None where no release was ever made."""
        return self._served.get()


class ServingPrivate:
    """Gives whoever asks the private rows that they may see; `home` is the private one.

    `owned` says whether this machine's own user sees all rows without a credential.
    """

    def __init__(self, home: Home, repository: Repository, *, owned: bool) -> None:
        self._served = _Served(repository, lambda: load_private(home, repository), lasting=False)
        self._owned = owned
        self._narrowed: tuple[Private, dict[frozenset[str], Private]] = (NOTHING, {})

    def seen_by(self, request: Request) -> Private | None:
        """What whoever sends a request may see; None where no private row is so much as loaded for them."""
        caller: Caller = getattr(request.state, "caller", ANONYMOUS)
        if PRIVATE_READ in caller.scopes:
            return self._of(caller.organisations)
        if not self._owned:
            return None
        return self._all() if caller.id == ANONYMOUS.id and is_own(request) else NOTHING

    def _all(self) -> Private:
        return self._served.get() or NOTHING

    def _of(self, organisations: frozenset[str]) -> Private:
        """The rows of some organisations, narrowed once for as long as the same ones are served."""
        whole = self._all()
        if self._narrowed[0] is not whole or len(self._narrowed[1]) >= NARROWED:
            self._narrowed = (whole, {})
        found = self._narrowed[1]
        if organisations not in found:
            found[organisations] = whole.seen_by(organisations)
        return found[organisations]
