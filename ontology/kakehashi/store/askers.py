"""A few processes that answer SPARQL (`store.asking`): how they are started, asked, stopped in time, and let go.

An answer is taken in whole, into memory and then onto disk, before any of it is passed on: so every refusal is said as one, and
a slow reader keeps no process busy.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Self

import msgspec

from kakehashi.store.questions import Failure, Format, Limits, Message, Question, UnansweredError, Why, receive, send

STARTS_WITHIN: Final = 30.0
IN_MEMORY: Final = 256 * 1024
"""How many bytes of an answer are kept in memory; more go to disk."""
READ_BYTES: Final = 64 * 1024

_WORKER: Final = ("-P", "-m", "kakehashi.store.asking")  # -P: no module comes from the folder that happens to be the current one


class Answer:
    """What a question was answered with, to be read once and then closed."""

    def __init__(self, written_in: Format, content: IO[bytes], on_close: Callable[[], None]) -> None:
        self.written_in = written_in
        self.size = content.tell()
        self._content = content
        self._on_close = on_close
        content.seek(0)

    def pieces(self) -> Iterator[bytes]:
        """The bytes of it, in pieces."""
        while piece := self._content.read(READ_BYTES):
            yield piece

    def close(self) -> None:
        """Let go of its bytes, and make room for another question."""
        if not self._content.closed:
            self._content.close()
            self._on_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _GoneError(UnansweredError):
    """The process had left before it was asked: it had waited long enough, or somebody ended it."""


class _Asker:
    """One process with one store, and this end of the two pipes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stopped = False
        # One arena for memory: each further one reserves address space, which is what the limit counts.
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, *_WORKER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "MALLOC_ARENA_MAX": "1"}, start_new_session=True,
        )  # fmt: skip
        with self._within(STARTS_WITHIN):
            try:
                receive(self._answers)
            except EOFError as error:
                self.close()
                raise UnansweredError(Failure(Why.FAILED, str(folder)), Limits()) from error

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return not self._stopped and self._process.poll() is None

    @property
    def _answers(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        return self._process.stdout

    def ask(self, question: Question, into: IO[bytes]) -> Format:
        """Ask, and take in the answer; UnansweredError where there is none."""
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        taken = False
        with self._within(question.limits.seconds):
            try:
                send(self._process.stdin, Message.QUESTION, msgspec.json.encode(question))
                taken = receive(self._answers)[0] is Message.TAKEN
                return self._take_in(into, question.limits)
            except (EOFError, BrokenPipeError) as error:
                raise self._ended(question.limits, taken=taken) from error
            except OSError as error:  # there is no room for the answer, of which more would come
                self.stop()
                raise UnansweredError(Failure(Why.FAILED, str(error.strerror)), question.limits) from error

    def _take_in(self, into: IO[bytes], limits: Limits) -> Format:
        written_in = Format.JSON
        while True:
            kind, content = receive(self._answers)
            if kind is Message.FAILURE:
                raise UnansweredError(msgspec.json.decode(content, type=Failure), limits)
            if kind is Message.END:
                return written_in
            if kind is Message.HEADER:
                written_in = msgspec.json.decode(content, type=Format)
            else:
                into.write(content)

    def _ended(self, limits: Limits, *, taken: bool) -> UnansweredError:
        """Why the process is no more."""
        code = self._process.wait(STARTS_WITHIN)
        if self._stopped or code == -signal.SIGALRM:
            return UnansweredError(Failure(Why.TOO_SLOW), limits)
        if not taken:
            return _GoneError(Failure(Why.CRASHED, str(code)), limits)
        if code in (-signal.SIGABRT, -signal.SIGKILL):  # by its own allocator, by the system
            return UnansweredError(Failure(Why.TOO_MUCH_MEMORY), limits)
        return UnansweredError(Failure(Why.CRASHED, str(code)), limits)

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self.stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def stop(self) -> None:
        """End it, whatever it does."""
        self._stopped = True
        self._process.kill()

    def close(self) -> None:
        """End it, and wait until it is gone."""
        self.stop()
        self._process.wait(STARTS_WITHIN)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class Askers:
    """At most so many processes at a time, all for one store, and at most so many questions that wait for one.

    A question that is answered keeps its place until its answer is closed.
    """

    def __init__(self, workers: int = 2, waiting: int = 8) -> None:
        self._places = threading.BoundedSemaphore(workers + waiting)
        self._free = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._idle: list[_Asker] = []
        self._busy: set[_Asker] = set()
        self._closed = False

    def ask(self, folder: Path, question: Question) -> Answer:
        """Have a question answered of the store in a folder. UnansweredError where it is not."""
        if not self._places.acquire(blocking=False):
            raise UnansweredError(Failure(Why.BUSY), question.limits)
        content: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
        try:
            return Answer(self._queued(folder, question, content), content, self._places.release)
        except BaseException:
            content.close()
            self._places.release()
            raise

    def close(self) -> None:
        """End all processes, those too that are at work."""
        with self._lock:
            self._closed = True
            gone = [*self._idle, *self._busy]
            self._idle.clear()
        for asker in gone:
            asker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _queued(self, folder: Path, question: Question, into: IO[bytes]) -> Format:
        if not self._free.acquire(timeout=question.limits.seconds):
            raise UnansweredError(Failure(Why.BUSY), question.limits)
        try:
            idle = self._idle_one(folder)
            if idle is not None:
                with suppress(_GoneError):
                    return self._asked(idle, question, into)
            return self._asked(_Asker(folder), question, into)
        finally:
            self._free.release()

    def _idle_one(self, folder: Path) -> _Asker | None:
        """A process that waits for a question of this store; those of another store are let go."""
        with self._lock:
            self._folder = folder
            found = [asker for asker in self._idle if asker.folder == folder and asker.alive]
            gone = [asker for asker in self._idle if asker not in found]
            self._idle = found[:-1]
        for asker in gone:
            asker.close()
        return found[-1] if found else None

    def _asked(self, asker: _Asker, question: Question, into: IO[bytes]) -> Format:
        with self._lock:
            self._busy.add(asker)
            if self._closed:
                asker.stop()
        try:
            return asker.ask(question, into)
        finally:
            self._put_back(asker)

    def _put_back(self, asker: _Asker) -> None:
        with self._lock:
            self._busy.discard(asker)
            keep = asker.alive and asker.folder == self._folder and not self._closed
            if keep:
                self._idle.append(asker)
        if not keep:
            asker.close()
