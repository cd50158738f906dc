"""What the server tells of an import."""

from datetime import datetime
from typing import Any, Final

from kakehashi.client.base import Answer

OPEN_STATES: Final = frozenset({"received", "building"})


class SentFile(Answer, frozen=True, kw_only=True):
    """A file as it was taken in."""

    name: str
    size: int
    sha256: str


class ImportJob(Answer, frozen=True, kw_only=True):
    """An import: `state` is received, building, done, refused or failed; the rest is there once it is over.

    `difference` is what a dry run would change, `error` why it was not done, `report` what was read.
    """

    id: str
    state: str
    files: tuple[SentFile, ...] = ()
    private: bool = False
    dry_run: bool = False
    commit_of: str | None = None
    received: datetime | None = None
    finished: datetime | None = None
    release_before: str | None = None
    release_after: str | None = None
    report: Any = None
    difference: Any = None
    error: Any = None

    @property
    def over(self) -> bool:
        """Whether it will not change any more."""
        return self.state not in OPEN_STATES
