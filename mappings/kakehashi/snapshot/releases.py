"""The kept releases, of which an earlier one is loaded where somebody asks what was known then.

Few are asked for at a time, so few are held; whoever asks for one that is just being loaded waits for that load.
"""

import threading
import time
from collections.abc import Sequence
from typing import Final, Protocol

from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.saved import load
from kakehashi.store.port import Release, Repository
from kakehashi.vocabulary.text import KakehashiError

HELD: Final = 2
LISTED_SECONDS: Final = 1.0
"""For how long a list of the kept releases may be used again, since making it reads them all."""


class Releases(Protocol):
    """The releases that can be asked; private ones are never among them."""

    def kept(self) -> Sequence[Release]:
        """All of them, the newest first."""

    def snapshot(self, release_id: str) -> Snapshot | None:
        """One of them in memory; None where it is not kept."""


class NoReleases:
    """Where only the snapshot at hand can be asked."""

    def kept(self) -> Sequence[Release]:
        """None."""
        return ()

    def snapshot(self, release_id: str) -> Snapshot | None:
        """None."""
        return None


NONE_KEPT: Final = NoReleases()


class KeptReleases:
    """The releases of a repository, with the snapshots of the few that were last loaded."""

    def __init__(self, home: Home, repository: Repository, held: int = HELD) -> None:
        self._home, self._repository, self._held = home, repository, held
        self._listing, self._loading = threading.Lock(), threading.Lock()
        self._listed_at, self._listed = float("-inf"), tuple[Release, ...]()
        self._snapshots: dict[str, Snapshot] = {}

    def kept(self) -> Sequence[Release]:
        """All releases, the newest first."""
        with self._listing:
            if time.monotonic() - self._listed_at >= max(LISTED_SECONDS, self._repository.reuse_seconds):
                self._listed = tuple(reversed(self._repository.releases()))
                self._listed_at = time.monotonic()
            return self._listed

    def snapshot(self, release_id: str) -> Snapshot | None:
        """A release in memory. One is loaded at a time: loading takes the whole machine, and two would take twice the memory."""
        release = next((one for one in self.kept() if one.id == release_id), None)
        if release is None:
            return None
        held = self._snapshots.get(release_id)
        if held is not None:
            return held
        with self._loading:
            return self._snapshots.get(release_id) or self._loaded(release)

    def _loaded(self, release: Release) -> Snapshot | None:
        found = self._load(release)
        if found is not None:
            self._snapshots[release.id] = found
            for oldest in list(self._snapshots)[: -self._held]:
                del self._snapshots[oldest]
        return found

    def _load(self, release: Release) -> Snapshot | None:
        try:
            return load(self._home, self._repository, release)
        except (KakehashiError, OSError):
            if release.id in {one.id for one in self._repository.releases()}:
                raise
            return None  # it was pruned just now
