"""A download that was cut goes on where it was cut, and only where it is the very same file."""

import gzip
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kakehashi.pipeline.fetch import Limits
from kakehashi.pipeline.fetch import failures as why
from kakehashi.vocabulary.text import Text
from tests.support.fetching import CONTENT, OTHER, got, names, refused, sha
from tests.support.site import Site, answer, begin, chunked, cut, file, in_turn, site

LONG_AGO = formatdate(0, usegmt=True)


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as one:
        yield one


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.mark.parametrize(("etag", "modified"), [('"one"', ""), ("", LONG_AGO)])
def test_a_cut_download_goes_on_where_it_was_cut(here: Site, cache: Path, etag: str, modified: str) -> None:
    headers = ({"ETag": etag} if etag else {}) | ({"Last_Modified": modified} if modified else {})
    here.pages["/file"] = in_turn(cut(CONTENT, 300_000, **headers), file(CONTENT, etag, modified))
    told: list[Text] = []
    found = got(f"{here.base}/file", cache, report=told.append)
    assert (found.file.content, found.etag, found.last_modified) == (CONTENT, etag or None, modified or None)
    assert here.headers()["range"] == "bytes=300000-"
    assert here.headers()["if-range"] == etag or modified
    assert f"{here.base}/file: going on at 300000 bytes" in [text.en for text in told]
    assert names(cache) == {"file"}


def test_a_server_that_ignores_ranges_is_read_from_the_beginning(here: Site, cache: Path) -> None:
    here.pages["/file"] = in_turn(
        cut(CONTENT, 300_000, ETag='"one"'), lambda handler: answer(handler, 200, CONTENT, ETag='"one"')
    )
    assert got(f"{here.base}/file", cache).file.content == CONTENT


def test_a_file_that_changed_in_between_is_read_from_the_beginning(here: Site, cache: Path) -> None:
    here.pages["/file"] = in_turn(cut(CONTENT, 300_000, ETag='"one"'), file(OTHER, '"two"'))
    found = got(f"{here.base}/file", cache)
    assert (found.file.content, found.etag) == (OTHER, '"two"')


@pytest.mark.parametrize("headers", [{"ETag": 'W/"weak"'}, {}, {"Last_Modified": formatdate(time.time() + 86_400, usegmt=True)}])
def test_without_a_strong_validator_it_is_read_from_the_beginning(here: Site, cache: Path, headers: dict[str, str]) -> None:
    here.pages["/file"] = in_turn(cut(CONTENT, 300_000, **headers), file(CONTENT))
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert "range" not in here.headers()


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Range": "bytes 300000-511999/512000", "ETag": '"two"'},
        {"Content_Range": "bytes 300001-511999/512000", "ETag": '"one"'},
        {"Content_Range": "bytes 0-511999/512000", "ETag": '"one"'},
        {"Content_Range": "bytes 300000-400000/512000", "ETag": '"one"'},
        {"Content_Range": "bytes 300000-511999/*", "ETag": '"one"'},
        {"Content_Range": "lines 1-2/3", "ETag": '"one"'},
        {"Content_Range": "bytes 300000-511999/512000", "ETag": '"one"', "Content_Encoding": "gzip"},
        {"ETag": '"one"'},
    ],
)
def test_a_part_that_is_not_what_is_missing_is_not_used(here: Site, cache: Path, headers: dict[str, str]) -> None:
    here.pages["/file"] = in_turn(
        cut(CONTENT, 300_000, ETag='"one"'),
        lambda handler: answer(handler, 206, OTHER[300_000:], **headers),
        file(CONTENT, '"one"'),
    )
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert "range" not in here.headers()


def test_a_part_that_nobody_asked_for_is_refused(here: Site, cache: Path) -> None:
    here.pages["/file"] = lambda handler: answer(handler, 206, b"x", Content_Range="bytes 5-5/6")
    refused(why.RESTART, f"{here.base}/file", cache)


def test_a_range_that_cannot_be_had_is_not_asked_for_twice(here: Site, cache: Path) -> None:
    here.pages["/file"] = in_turn(cut(CONTENT, 300_000, ETag='"one"'), file(CONTENT[:1000], '"one"'), file(CONTENT, '"two"'))
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert ["range" in headers for _, headers in here.asked] == [False, True, False]


def test_a_continued_file_that_would_be_too_large_is_refused(here: Site, cache: Path) -> None:
    limits = Limits(size=400_000, first_wait=0.01)
    page = lambda handler: chunked(handler, 1, 300_000, ETag='"one"', Connection="close")  # noqa: E731

    def cut_chunked(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, Transfer_Encoding="chunked", ETag='"one"')
        handler.wfile.write(b"493e0\r\n" + CONTENT[:300_000] + b"\r\n")
        handler.close_connection = True

    here.pages["/file"] = in_turn(cut_chunked, file(CONTENT, '"one"'), page)
    refused(why.TOO_LARGE, f"{here.base}/file", cache, limits)
    assert here.headers()["range"] == "bytes=300000-"
    assert names(cache) == set()


def test_a_rest_that_is_longer_than_it_says_is_refused(here: Site, cache: Path) -> None:
    def longer(handler: BaseHTTPRequestHandler) -> None:
        chunked(handler, 2, 100_000, status=206, Content_Range="bytes 300000-399999/400000", ETag='"one"')

    here.pages["/file"] = in_turn(cut(CONTENT[:400_000], 300_000, ETag='"one"'), longer)
    refused(why.TOO_LARGE, f"{here.base}/file", cache, Limits(size=400_000, first_wait=0.01))


def test_a_rest_that_is_shorter_than_it_says_is_read_from_the_beginning(here: Site, cache: Path) -> None:
    def shorter(handler: BaseHTTPRequestHandler) -> None:
        chunked(handler, 1, 100_000, status=206, Content_Range="bytes 300000-511999/512000", ETag='"one"')

    here.pages["/file"] = in_turn(cut(CONTENT, 300_000, ETag='"one"'), shorter, file(CONTENT, '"one"'))
    assert got(f"{here.base}/file", cache).file.content == CONTENT


def test_what_came_packed_is_read_from_the_beginning(here: Site, cache: Path) -> None:
    packed = gzip.compress(CONTENT * 3, compresslevel=0)
    here.pages["/file"] = in_turn(cut(packed, 300_000, ETag='"one"', Content_Encoding="gzip"), file(CONTENT, '"one"'))
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert "range" not in here.headers()


def test_a_beginning_that_does_not_belong_to_the_rest_is_noticed_by_the_checksum(here: Site, cache: Path) -> None:
    here.pages["/file"] = in_turn(cut(OTHER, 300_000, ETag='"one"'), file(CONTENT, '"one"'))
    assert got(f"{here.base}/file", cache, sha256=sha(CONTENT)).file.content == CONTENT
    assert here.count("/file") == 3
