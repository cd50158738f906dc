"""The folder that holds releases, and the pointer that says which one is served.

KAKEHASHI_HOME/
  current              one line: the id of the served release; replaced atomically
  lock                 held by a build
  releases/{id}/       store/  manifest.json  snapshot.json; never changed after its rename into place
  building/            what a build has not finished; swept by the next build
"""

import os
from dataclasses import dataclass
from pathlib import Path

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

NO_RELEASE = Text(
    "{home} にリリースがありません。先に「kakehashi build」を実行してください。",
    "There is no release in {home}. Run 'kakehashi build' first.",
)


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below one KAKEHASHI_HOME."""

    root: Path

    @property
    def pointer(self) -> Path:
        """The file that names the served release."""
        return self.root / "current"

    @property
    def lock(self) -> Path:
        """The file that a build locks."""
        return self.root / "lock"

    @property
    def building(self) -> Path:
        """Where a build works."""
        return self.root / "building"

    def release(self, release_id: str) -> Path:
        """The folder of one release."""
        return self.root / "releases" / release_id

    def snapshot(self, release_id: str) -> Path:
        """The saved snapshot of one release."""
        return self.release(release_id) / "snapshot.json"

    def current(self) -> str | None:
        """The id of the served release; None where none was ever finished."""
        try:
            return self.pointer.read_text("ascii").strip() or None
        except FileNotFoundError:
            return None

    def require_current(self) -> str:
        """The id of the served release; an error that says what to do where there is none."""
        release_id = self.current()
        if release_id is None:
            raise KakehashiError(ErrorCode.NO_RELEASE, NO_RELEASE(home=self.root))
        return release_id

    def switch(self, release_id: str) -> None:
        """Serve another finished release, in one atomic step."""
        fresh = self.root / f"current.{os.getpid()}"
        with fresh.open("w", encoding="ascii") as file:
            file.write(release_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.pointer)
        sync_folder(self.root)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
