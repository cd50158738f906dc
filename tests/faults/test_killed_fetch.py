"""`kill -9` at any moment of a fetch leaves a cache that can be used; two processes do not fetch the same file twice."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kakehashi.pipeline.fetch import Limits
from kakehashi.pipeline.fetch import failures as why
from kakehashi.vocabulary.text import ErrorCode
from tests.support.fetching import CONTENT, OTHER, got, names, refused, sha
from tests.support.site import Site, begin, file, in_turn, site


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as one:
        yield one


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


FETCH = """
import os, signal, sys
from pathlib import Path
from kakehashi.pipeline.fetch import cache, fetch
from kakehashi.pipeline.fetch.limits import Limits
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
moment = sys.argv[3]
if moment == "write":
    cache.write_whole = die
elif moment == "rename":
    Path.replace = die
elif moment == "drop":
    cache.Slot.drop = die
print("begin", flush=True)
found = fetch(sys.argv[1], Path(sys.argv[2]), Limits(seconds=60), allow_private=True)
print(found.sha256, found.from_cache, flush=True)
"""


def fetching(url: str, cache: Path, moment: str = "") -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", FETCH, url, str(cache), moment], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def stuck(content: bytes, size: int, etag: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def page(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, Content_Length=str(len(content)), ETag=etag)
        handler.wfile.write(content[:size])
        time.sleep(20)

    return page


def test_killed_in_the_middle_the_download_goes_on(here: Site, cache: Path) -> None:
    here.pages["/file"] = file(OTHER, '"former"')
    got(f"{here.base}/file", cache)
    here.pages["/file"] = in_turn(stuck(CONTENT, 300_000, '"one"'), file(CONTENT, '"one"'))
    process = fetching(f"{here.base}/file", cache)
    deadline = time.monotonic() + 20
    while not any(path.stat().st_size > 250_000 for path in cache.glob("*.part")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.communicate(timeout=20)
    found = got(f"{here.base}/file", cache)
    assert (found.file.content, found.etag) == (CONTENT, '"one"')
    assert int(here.headers()["range"].removeprefix("bytes=").rstrip("-")) > 250_000
    assert here.headers()["if-none-match"] == '"former"'
    assert names(cache) == {"file"}


@pytest.mark.parametrize(("moment", "kept"), [("write", OTHER), ("rename", OTHER), ("drop", CONTENT)])
def test_killed_while_it_is_kept_the_cache_holds_one_or_the_other(here: Site, cache: Path, moment: str, kept: bytes) -> None:
    here.pages["/file"] = file(OTHER, '"former"')
    got(f"{here.base}/file", cache)
    here.pages["/file"] = file(CONTENT, '"one"')
    process = fetching(f"{here.base}/file", cache, moment)
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGKILL
    spare = cache.with_name("copy")
    shutil.copytree(cache, spare)
    unasked = len(here.asked)
    assert got(f"{here.base}/file", spare, sha256=sha(kept)).from_cache
    assert len(here.asked) == unasked
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    here.pages["/file"] = file(OTHER, '"third"')
    assert got(f"{here.base}/file", cache).file.content == OTHER
    assert names(cache) == {"file"}


def test_killed_at_any_time_the_next_fetch_is_right(here: Site, cache: Path) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        start = int(handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        part = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        headers = {"Content_Range": part} if start else {}
        begin(handler, 206 if start else 200, Content_Length=str(len(CONTENT) - start), ETag='"one"', **headers)
        for first in range(start, len(CONTENT), 20_000):
            handler.wfile.write(CONTENT[first : first + 20_000])
            time.sleep(0.01)

    here.pages["/file"] = slow
    for number in range(int(os.environ.get("KAKEHASHI_KILLS", "6"))):
        process = fetching(f"{here.base}/file", cache)
        time.sleep(0.05 + 0.06 * (number % 6))
        process.kill()
        process.communicate(timeout=20)
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert names(cache) == {"file"}


def test_two_processes_fetch_a_file_once(here: Site, cache: Path) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)
        file(CONTENT, '"one"')(handler)

    here.pages["/file"] = slow
    processes = [fetching(f"{here.base}/file", cache) for _ in range(2)]
    lines = sorted(process.communicate(timeout=30)[0].strip() for process in processes)
    assert lines == [f"{sha(CONTENT)} False", f"{sha(CONTENT)} True"]
    assert ["if-none-match" in headers for _, headers in here.asked] == [False, True]


def test_waiting_for_another_process_ends_with_the_time(here: Site, cache: Path) -> None:
    here.pages["/file"] = stuck(CONTENT, 10, '"one"')
    process = fetching(f"{here.base}/file", cache)
    deadline = time.monotonic() + 20
    while not here.asked:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    error = refused(why.BUSY, f"{here.base}/file", cache, Limits(seconds=0.3))
    assert error.code == ErrorCode.BUSY
    process.kill()
    process.communicate(timeout=20)
