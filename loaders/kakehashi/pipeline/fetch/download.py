"""Fetches a file: asks, follows redirects, waits and asks again, continues what was cut, and keeps what came whole."""

import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final

import httpx2

from kakehashi.pipeline.fetch import failures
from kakehashi.pipeline.fetch.body import check_length, check_size, content
from kakehashi.pipeline.fetch.cache import Begun, Head, Kept, Slot
from kakehashi.pipeline.fetch.failures import AgainError, FetchError, shown
from kakehashi.pipeline.fetch.guard import checked, following, resolved
from kakehashi.pipeline.fetch.headers import continues, head_of, retry_after
from kakehashi.pipeline.fetch.limits import DEFAULT, Clock, Limits
from kakehashi.pipeline.fetch.names import name_of
from kakehashi.pipeline.fetch.wire import Answer, asked
from kakehashi.sources.files import File
from kakehashi.vocabulary.text import ErrorCode, Text

Report = Callable[[Text], None]

MAX_REDIRECTS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})

ASKING: Final = Text("{url} に問い合わせています", "Asking {url}")
RECEIVING: Final = Text("{url}: {size}バイトを受信しました", "{url}: {size} bytes received")
CONTINUING: Final = Text("{url}: {size}バイトから続けます", "{url}: going on at {size} bytes")
WAITING: Final = Text("{seconds}秒後に再試行します", "Trying again in {seconds} seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file as it is published now; `url` is the address that it came from in the end, `from_cache` that it had not changed."""

    file: File
    url: str
    etag: str | None
    last_modified: str | None
    sha256: str
    from_cache: bool


def fetch(  # noqa: PLR0913 - all but two have a default that is nearly always right
    url: str,
    cache: Path,
    limits: Limits = DEFAULT,
    *,
    sha256: str | None = None,
    allow_private: bool = False,
    report: Report = lambda _: None,
) -> Fetched:
    """The file at an http or https address. Raises FetchError, and then what the cache held before is still there.

    With `sha256`, a file of any other content is refused, and one that the cache holds already is not asked for again.
    """
    address, clock = checked(url), Clock(limits.seconds)
    slot = Slot(cache, str(address))
    try:
        with slot.held(clock) as held:
            if not held:
                raise FetchError(failures.BUSY(url=shown(address)), ErrorCode.BUSY)
            expected = sha256.lower() if sha256 else None
            return _Download(address, slot, limits, clock, expected, allow_private, report).run()
    except OSError as error:  # what fails on the wire has been told as what it is
        raise FetchError(failures.CACHE(folder=cache, reason=error.strerror or error)) from error


@dataclass(frozen=True)
class _Download:
    address: httpx2.URL
    slot: Slot
    limits: Limits
    clock: Clock
    expected: str | None
    allow_private: bool
    report: Report

    def run(self) -> Fetched:
        """Try until it succeeds, or until trying further makes no sense."""
        if self.expected and self.kept:
            return self._fetched(self.kept, from_cache=True)
        attempt = 1
        while True:
            try:
                return self._attempt()
            except AgainError as again:
                self._wait(attempt, again)
            attempt += 1

    @cached_property
    def kept(self) -> Kept | None:
        """What the cache holds, where it is not known to be the wrong file."""
        kept = self.slot.kept()
        return kept if kept and self.expected in {None, kept.head.sha256} else None

    def _wait(self, attempt: int, again: AgainError) -> None:
        """Wait before the next attempt; an error instead where there is to be none. What has come so far is left as it is."""
        if not self.clock.left():
            raise FetchError(failures.TOO_SLOW(url=shown(self.address), seconds=f"{self.limits.seconds:g}")) from again
        if attempt >= self.limits.attempts:
            raise FetchError(again.text) from again
        seconds = self.limits.wait(attempt) if again.wait is None else again.wait
        if again.wait is not None and seconds > min(self.limits.longest_wait, self.clock.left()):
            raise FetchError(failures.COME_BACK(url=shown(self.address), seconds=round(seconds))) from again
        self.report(again.text)
        self.report(WAITING(seconds=f"{seconds:.1f}"))
        time.sleep(self.clock.within(seconds))

    def _attempt(self) -> Fetched:
        """Follow the redirects, each judged like the first address, to an answer that is none."""
        url = self.address
        for _ in range(MAX_REDIRECTS + 1):
            with self._asked(url) as answer:
                if answer.status not in REDIRECTS:
                    return self._taken_or_dropped(answer)
                url = following(url, answer.headers.get("location"))
        raise FetchError(failures.MANY_REDIRECTS(url=shown(self.address), limit=MAX_REDIRECTS))

    def _asked(self, url: httpx2.URL) -> AbstractContextManager[Answer]:
        self.report(ASKING(url=shown(url)))
        addresses = resolved(url, allow_private=self.allow_private)
        return asked(url, addresses, self._headers(url), self.limits, self.clock)

    def _headers(self, url: httpx2.URL) -> dict[str, str]:
        """Validators go to the address that gave them only: another one may use the same words for other bytes.

        Packed answers are not asked for, so that lengths, ranges and validators speak of the file itself.
        """
        headers = {"User-Agent": f"kakehashi/{version('kakehashi')}", "Accept": "*/*", "Accept-Encoding": "identity"}
        headers |= self._unless_changed(url)
        begun = self.slot.begun()
        if begun and begun.head.url == str(url):
            headers |= _the_rest(begun)
        return headers

    def _unless_changed(self, url: httpx2.URL) -> dict[str, str]:
        head = self.kept.head if self.kept else None
        if head is None or head.url != str(url):
            return {}
        if head.etag:
            return {"If-None-Match": head.etag}
        return {"If-Modified-Since": head.last_modified} if head.last_modified else {}

    def _taken_or_dropped(self, answer: Answer) -> Fetched:
        """What a server gave and must not be used is not continued either."""
        try:
            return self._taken(answer)
        except FetchError:
            self.slot.drop()
            raise

    def _taken(self, answer: Answer) -> Fetched:
        if answer.status == 304 and self.kept and self._unless_changed(answer.url):
            self.slot.drop()
            return self._fetched(self.kept, from_cache=True)
        if answer.status == 200:
            return self._whole(answer)
        if answer.status in {206, 416}:
            return self._rest(answer)
        text = failures.STATUS(url=shown(answer.url), status=answer.status)
        raise AgainError(text, retry_after(answer)) if answer.status in TRANSIENT else FetchError(text)

    def _whole(self, answer: Answer) -> Fetched:
        check_length(answer, self.limits.size, checksum=self.expected is not None)
        head = head_of(answer)
        with self.slot.begin(head) as part:
            self._receive(answer, part)
        return self._complete(head, self.slot.received())

    def _rest(self, answer: Answer) -> Fetched:
        """Go on where the download was cut; from the beginning where the server offers anything but what is missing."""
        begun = self.slot.begun()
        size = continues(answer, begun) if begun and answer.status == 206 else None
        if begun is None or size is None:
            raise self._from_the_beginning(failures.RESTART(url=shown(answer.url)))
        check_size(answer, size, self.limits.size)
        self.report(CONTINUING(url=shown(answer.url), size=begun.size))
        with self.slot.go_on() as part:
            self._receive(answer, part, begun.size)
        received = self.slot.received()
        if len(received) != size or self._wrong(received):
            raise self._from_the_beginning(failures.RESTART(url=shown(answer.url)))
        return self._complete(begun.head, received)

    def _from_the_beginning(self, text: Text) -> AgainError:
        self.slot.drop()
        return AgainError(text, 0)

    def _receive(self, answer: Answer, part: BinaryIO, size: int = 0) -> None:
        told = time.monotonic()
        for chunk in content(answer, self.limits.size, size):
            part.write(chunk)
            size += len(chunk)
            if time.monotonic() - told >= 1:
                told = time.monotonic()
                self.report(RECEIVING(url=shown(answer.url), size=size))

    def _wrong(self, received: bytes) -> bool:
        return self.expected not in {None, hashlib.sha256(received).hexdigest()}

    def _complete(self, head: Head, received: bytes) -> Fetched:
        found = hashlib.sha256(received).hexdigest()
        if self._wrong(received):
            raise FetchError(failures.CHECKSUM(url=shown(self.address), found=found, expected=self.expected))
        return self._fetched(self.slot.keep(replace(head, sha256=found), received), from_cache=False)

    def _fetched(self, kept: Kept, *, from_cache: bool) -> Fetched:
        head = kept.head
        if len(kept.content) > self.limits.size:
            raise FetchError(failures.TOO_LARGE(url=shown(self.address), limit=self.limits.size))
        return Fetched(
            file=File(name_of(self.address, httpx2.URL(head.url)), kept.content),
            url=head.url, etag=head.etag, last_modified=head.last_modified, sha256=head.sha256, from_cache=from_cache,
        )  # fmt: skip


def _the_rest(begun: Begun) -> dict[str, str]:
    return {"Range": f"bytes={begun.size}-", "If-Range": begun.head.if_range or ""}
