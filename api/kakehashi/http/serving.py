"""What answers: one whole release, exchanged behind the requests' backs when another is switched to.

A thread looks at the pointer, loads what it names, makes it warm, and puts it in the place of the former one by one assignment. A
request takes the snapshot once and keeps it; the former one goes with the last request that holds it (docs/decisions/0024).
"""

import gc
import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from starlette.requests import Request

from kakehashi.graphql.observed import observed
from kakehashi.http.callers import ANONYMOUS, Caller
from kakehashi.http.own_requests import is_own
from kakehashi.http.scopes import PRIVATE_READ
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING, Private, load_private
from kakehashi.snapshot.saved import load_current
from kakehashi.snapshot.warming import warm
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import KakehashiError

logger: Final = logging.getLogger(__name__)

LOOK_EVERY: Final = 0.2
"""How many seconds pass between two looks at the pointer, unless asking costs more."""
AFTER_FAILURES: Final = 5.0
"""The same, at most, while loading fails."""

NARROWED: Final = 64
"""For how many sets of organisations the rows that they see are kept at hand."""

_T = TypeVar("_T")
Heard = Callable[[Snapshot, float], None]
"""Called with each snapshot that is served from now on, and the seconds that loading it took."""


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
        self._failure: str | None = None
        self.loaded: _T | None = None

    @property
    def failing(self) -> bool:
        """Whether the last attempt to load failed."""
        return self._failure is not None

    def get(self) -> _T | None:
        """What the pointer names, loaded now if it is not yet; None where no release was ever made."""
        if time.monotonic() - self._asked_at >= self._repository.reuse_seconds:
            with self._lock:
                if time.monotonic() - self._asked_at >= self._repository.reuse_seconds:
                    self._exchange()
                    self._asked_at = time.monotonic()
        return self.loaded

    def _exchange(self) -> None:
        """Load what the pointer names; where that fails, go on with the former release and say so in the log."""
        try:
            current = self._repository.current()
            if current is None and not self._lasting:
                self.loaded = self._served = None
            elif current not in (None, self._served):
                self.loaded = self._load()
                self._served = current
            self._failure = None
        except KakehashiError as error:
            self._go_on(error.text.en)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a release, the former one is served on
            self._go_on(f"{type(error).__name__}: {error}")

    def _go_on(self, problem: str) -> None:
        if problem != self._failure:  # once, not at every look
            logger.error("the served release cannot be loaded; what was served before is served on: %s", problem)
        self._failure = problem


def _settle() -> None:
    """Collect what the former release left, and keep what is loaded out of later collections.

    It lives as long as it is served, and to look through it for cycles stops every request for some 100 ms.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class Serving:
    """Gives each request one whole snapshot; a request that began on the former one finishes on it."""

    def __init__(self, home: Home, repository: Repository, heard: Heard = lambda *_: None) -> None:
        self._home, self._repository = home, repository
        self._heard = heard
        self._served = _Served(repository, self._load, lasting=True)
        self._told: Snapshot | None = None
        self._took = 0.0
        self._ended = threading.Event()
        self._watcher: threading.Thread | None = None
        self.before_exchange: list[Callable[[Snapshot], None]] = []
        """What makes other things ready for a release that is about to take the place of one that is served."""

    def snapshot(self) -> Snapshot | None:
        """The served release's snapshot; None while there is none to answer from. A request asks once."""
        found = self._served.loaded
        if found is not None:
            observed().release = found.release.id
        return found

    def begin(self, *, patient: bool = False) -> None:
        """Load what is served and watch the pointer from now on; who is `patient` waits until there is something, or the end."""
        self._look()
        while patient and self._served.loaded is None and not self._ended.wait(LOOK_EVERY):
            self._look()
        self._watcher = threading.Thread(target=self._watch, name="release-watcher", daemon=True)
        self._watcher.start()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _watch(self) -> None:
        wait = LOOK_EVERY
        while not self._ended.wait(wait):
            self._look()
            wait = min(2 * wait, AFTER_FAILURES) if self._served.failing else LOOK_EVERY

    def _look(self) -> None:
        found = self._served.get()
        if found is not None and found is not self._told:
            self._told = found
            self._heard(found, self._took)
            _settle()

    def _load(self) -> Snapshot:
        began = time.monotonic()
        snapshot = load_current(self._home, self._repository)
        warm(snapshot)
        self._took = time.monotonic() - began
        if self._served.loaded is not None:
            for prepare in self.before_exchange:
                prepare(snapshot)
        return snapshot


class ServingPrivate:
    """Gives whoever asks the private rows that they may see; `home` is the private one.

    What was unloaded must be gone with the next request, so that each looks at the pointer itself.
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
