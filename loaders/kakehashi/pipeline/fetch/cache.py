"""What was fetched before, one file an address, and what of an address has come so far.

    {key}         one line of JSON about the bytes that follow it; replaced in one rename
    {key}.part    the same of a download that is not finished
    {key}.lock    held by the process that fetches the address

The owner alone reads any of it, since what comes may turn out to be private (docs/decisions/0014). The key is the hash of the
address, so no name that a server or a user chose is ever a path. Killed at any moment, `{key}` is the
former file or the new one, and `{key}.part` is the beginning of a file.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kakehashi.pipeline.fetch.limits import Clock
from kakehashi.store.durable import write_whole

_MAX_HEAD: Final = 256 * 1024
_POLL_SECONDS: Final = 0.05
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of fetched bytes: the address that gave them after all redirects, and by what it tells versions apart.

    `if_range` is the validator by which a download may be continued; None where it may not. `sha256` is empty while it lasts.
    """

    url: str
    etag: str | None
    last_modified: str | None
    if_range: str | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the cache, whole: its bytes have the checksum that was noted when it was fetched."""

    head: Head
    content: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """A download that was cut; `size` bytes of the file are there."""

    head: Head
    size: int


class Slot:
    """The place of one address in a cache. Use it only while it is held."""

    def __init__(self, folder: Path, url: str) -> None:
        key = hashlib.sha256(url.encode()).hexdigest()
        self._folder = folder
        self._file, self._part, self._lock = folder / key, folder / f"{key}.part", folder / f"{key}.lock"

    @contextmanager
    def held(self, clock: Clock) -> Iterator[bool]:
        """Hold the place against other processes; False where it could not be had in time. A killed process lets go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(_FOLDER_MODE)
        with self._lock.open("w") as lock:
            yield _locked(lock.fileno(), clock)

    def kept(self) -> Kept | None:
        """The file; None where there is none, or where its bytes are no longer those that were fetched."""
        with suppress(FileNotFoundError), self._file.open("rb") as opened:
            head, content = _head(opened), opened.read()
            if head is not None and head.sha256 == hashlib.sha256(content).hexdigest():
                return Kept(head, content)
        return None

    def keep(self, head: Head, content: bytes) -> Kept:
        """Take a finished file in place of the former one; the download that led to it is over."""
        for stale in self._folder.glob(f"{self._file.name}.[0-9]*"):
            stale.unlink()  # of a process that was killed while it wrote
        write_whole(self._file, _line(head) + content, mode=_FILE_MODE)
        self.drop()
        return Kept(head, content)

    def begun(self) -> Begun | None:
        """The download that was cut, if it can be continued."""
        with suppress(FileNotFoundError), self._part.open("rb") as opened:
            head = _head(opened)
            size = os.fstat(opened.fileno()).st_size - opened.tell()
            if head is not None and head.if_range and size > 0:
                return Begun(head, size)
        return None

    def begin(self, head: Head) -> BinaryIO:
        """Where the bytes of a new download go, in place of what had come before."""
        opened = self._part.open("wb")
        os.fchmod(opened.fileno(), _FILE_MODE)
        opened.write(_line(head))
        opened.flush()
        return opened

    def go_on(self) -> BinaryIO:
        """Where further bytes of the download that was cut go."""
        return self._part.open("ab")

    def received(self) -> bytes:
        """What has come so far."""
        with self._part.open("rb") as opened:
            _head(opened)
            return opened.read()

    def drop(self) -> None:
        """Forget the download."""
        self._part.unlink(missing_ok=True)


def forget(folder: Path, sha256: str) -> None:
    """Remove what was kept of any address that gave such bytes: they turned out to be private."""
    for file in folder.glob("*"):
        if not file.suffix and (kept := _head_of(file)) is not None and kept.sha256 == sha256:
            file.unlink(missing_ok=True)


def _head_of(file: Path) -> Head | None:
    with suppress(FileNotFoundError), file.open("rb") as opened:
        return _head(opened)
    return None


def _locked(descriptor: int, clock: Clock) -> bool:
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if clock.left() <= 0:
            return False
        time.sleep(_POLL_SECONDS)


def _line(head: Head) -> bytes:
    return json.dumps(asdict(head)).encode() + b"\n"


def _head(opened: BinaryIO) -> Head | None:
    """The first line; None where it was torn by a kill, or written by another version."""
    line = opened.readline(_MAX_HEAD)
    try:
        return Head(**json.loads(line)) if line.endswith(b"\n") else None
    except (ValueError, TypeError):
        return None
