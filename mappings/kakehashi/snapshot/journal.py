"""What people send in, kept until it is built (docs/decisions/0019).

A part of the home like the releases: servers write to it and read it, the process that builds reads it and writes outcomes.
Neither knows of the other.

{folder}/                 KAKEHASHI_HOME/imports, or a folder that replicas share; its owner alone may enter
  receiving/{random}/     what is still coming in, and nobody waits for
  jobs/{id}/              what was accepted: all of it is there, or the folder is not
    accepted.json         who sent what, and how it is to be built; never changed
    files/{number}        its bytes, until they are built or refused
    attempt.json          how often building it began
    prepared.json         the outcome that holds once its release is served
    outcome.json          the outcome
  lock                    held by whoever builds
"""

import fcntl
import hashlib
import logging
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kakehashi.snapshot.difference import Difference
from kakehashi.store.durable import sync_files, sync_folder, write_whole

CLOSED: Final = 0o700
STALE_SECONDS: Final = 6 * 3600.0
"""After so long what is still coming in was left behind by a server that was killed."""

logger: Final = logging.getLogger(__name__)

_S = TypeVar("_S", bound=Struct)


class State(StrEnum):
    """How far an import is: accepted; being built, or to be built again; and how it ended."""

    RECEIVED = "received"
    BUILDING = "building"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class SentFile(Struct, frozen=True, kw_only=True):
    """A file as it was sent; the name is what people are told, and no path of anything."""

    name: str
    size: int
    sha256: str


class Job(Struct, frozen=True, kw_only=True):
    """What was accepted.

    `organisations` are those whose private rows the sender may write. `expected` is the release that it must be built upon, and
    `seen` stands for the private rows that the sender saw of it; None where any will do. `of` is the dry run that it commits.
    """

    id: str
    caller: str
    organisations: tuple[str, ...]
    files: tuple[SentFile, ...]
    private: bool
    dry_run: bool
    received: datetime
    expected: str | None = None
    seen: str | None = None
    of: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same for what asks for the same."""
        return hashlib.sha256(msgspec.json.encode(replace(self, id="", received=datetime.min, organisations=()))).hexdigest()


class Told(Struct, frozen=True, kw_only=True):
    """A message in both languages, with its code."""

    code: str
    ja: str
    en: str


class Outcome(Struct, frozen=True, kw_only=True):
    """How it ended: the public release before and after, the load's report, and for a dry run what it would change.

    `seen` stands for the private rows that the sender saw before; `private` is the private release after, and is told to nobody.
    """

    state: State
    finished: datetime
    before: str | None = None
    after: str | None = None
    report: dict[str, Any] | None = None
    difference: Difference | None = None
    error: Told | None = None
    seen: str | None = None
    private: str | None = None


class _Attempt(Struct, frozen=True, kw_only=True):
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A job with what became of it so far."""

    job: Job
    attempts: int = 0
    prepared: Outcome | None = None
    outcome: Outcome | None = None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.outcome is not None:
            return self.outcome.state
        return State.BUILDING if self.attempts else State.RECEIVED


@dataclass(frozen=True, slots=True)
class Receiving:
    """What is coming in: a folder of its own, which becomes the job's when all is there."""

    folder: Path

    def file(self, number: int) -> Path:
        """Where the bytes of a file go."""
        return self.folder / "files" / str(number)


@dataclass(frozen=True, slots=True)
class Journal:
    """The imports of one folder."""

    folder: Path

    @contextmanager
    def receiving(self) -> Iterator[Receiving]:
        """Room for what is coming in; what was not accepted by the end is gone."""
        place = self.folder / "receiving" / secrets.token_hex(16)
        self._closed()
        (place / "files").mkdir(mode=CLOSED, parents=True)
        try:
            yield Receiving(place)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def accept(self, receiving: Receiving, job: Job) -> tuple[Entry, bool]:
        """Take a job in, so that no power cut loses it; where one of its id is there already, that one. Whether it is new."""
        write_whole(receiving.folder / "accepted.json", msgspec.json.encode(job), mode=0o600)
        sync_files(receiving.folder)
        sync_folder(receiving.folder / "files")
        place = self._place(job.id)
        place.parent.mkdir(mode=CLOSED, exist_ok=True)
        try:
            receiving.folder.rename(place)
        except OSError:
            found = self.entry(job.id)
            if found is None:
                raise
            return found, False
        sync_folder(place.parent)
        sync_folder(self.folder)
        return Entry(job), True

    def commit(self, dry_run: Job, job: Job) -> tuple[Entry, bool]:
        """Take in a job of just the bytes of another; whether it is new. FileNotFoundError where they are there no longer."""
        with self.receiving() as receiving:
            for number in range(len(job.files)):
                receiving.file(number).hardlink_to(self._place(dry_run.id) / "files" / str(number))
            return self.accept(receiving, job)

    def entry(self, identifier: str) -> Entry | None:
        """The job of an id; None where there is none."""
        place = self._place(identifier)
        job = _read(place / "accepted.json", Job)
        if job is None:
            return None
        attempt = _read(place / "attempt.json", _Attempt)
        prepared, outcome = (_read(place / f"{name}.json", Outcome) for name in ("prepared", "outcome"))
        return Entry(job, 0 if attempt is None else attempt.count, prepared, outcome)

    def entries(self) -> list[Entry]:
        """All jobs, oldest first."""
        found = (self.entry(place.name) for place in self.folder.glob("jobs/*"))
        return sorted((one for one in found if one is not None), key=lambda one: (one.job.received, one.job.id))

    def waiting(self) -> list[Entry]:
        """The jobs that have no outcome yet, oldest first."""
        return [one for one in self.entries() if one.outcome is None]

    @contextmanager
    def building(self) -> Iterator[bool]:
        """The right to build, held by one process at a time; whether it was free."""
        self._closed()
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def contents(self, job: Job) -> Iterator[tuple[SentFile, bytes]]:
        """The files of a job with their bytes, as they were sent."""
        for number, file in enumerate(job.files):
            yield file, (self._place(job.id) / "files" / str(number)).read_bytes()

    def count(self, job: Job, attempts: int) -> None:
        """Write down how often building a job began, before it begins."""
        self._write(job, "attempt", _Attempt(count=attempts))

    def prepare(self, job: Job, outcome: Outcome) -> None:
        """Write down the outcome that a job has as soon as its release is served."""
        self._write(job, "prepared", outcome)

    def finish(self, job: Job, outcome: Outcome) -> None:
        """Write down the outcome; bytes that nobody can ask for again are let go of."""
        self._write(job, "outcome", outcome)
        if not job.dry_run or outcome.state is not State.DONE:
            self._let_go(job.id)
        if job.of is not None and outcome.state is State.DONE:
            self._let_go(job.of)

    def sweep(self, kept: int) -> None:
        """Forget finished jobs but the newest so many, and what was left behind while it came in."""
        finished = [one for one in self.entries() if one.outcome is not None]
        for entry in finished[: max(0, len(finished) - kept)]:
            shutil.rmtree(self._place(entry.job.id), ignore_errors=True)
        for place in self.folder.glob("receiving/*"):
            with suppress(FileNotFoundError):
                if time.time() - place.stat().st_mtime > STALE_SECONDS:
                    shutil.rmtree(place, ignore_errors=True)

    def _closed(self) -> None:
        self.folder.mkdir(mode=CLOSED, parents=True, exist_ok=True)
        if self.folder.stat().st_mode & 0o077:
            self.folder.chmod(CLOSED)  # somebody may have made it, or copied it here, with another

    def _place(self, identifier: str) -> Path:
        return self.folder / "jobs" / identifier

    def _write(self, job: Job, name: str, record: Struct) -> None:
        write_whole(self._place(job.id) / f"{name}.json", msgspec.json.encode(record), mode=0o600)

    def _let_go(self, identifier: str) -> None:
        shutil.rmtree(self._place(identifier) / "files", ignore_errors=True)


def job_id(*parts: str) -> str:
    """The id that follows from some texts, so that what is sent twice has one; without any, an id that nobody has."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32] if parts else secrets.token_hex(16)


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def _read(file: Path, kind: type[_S]) -> _S | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except msgspec.DecodeError:
        logger.exception("%s is nothing that this version wrote", file.name)
        return None
