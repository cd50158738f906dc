"""Fetching from servers that lie about sizes, dawdle, fail for a while, or hang up in the middle."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kakehashi.pipeline.fetch import Fetched, Limits, fetch_known
from kakehashi.pipeline.fetch import failures as why
from kakehashi.pipeline.registry import KnownFile, KnownSource, Url
from kakehashi.records.values import Certainty, Redistribution
from kakehashi.vocabulary.text import Text
from tests.support.fetching import CONTENT, OTHER, QUICK, got, names, refused, sha
from tests.support.site import Site, answer, begin, chunked, file, in_turn, site

LONG_AGO = formatdate(0, usegmt=True)


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as one:
        yield one


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


# What is fetched and what is kept


def test_a_file_is_fetched_and_told_about(here: Site, cache: Path) -> None:
    here.pages["/data/catalogue.json?v=1"] = file(CONTENT, '"one"', LONG_AGO)
    told: list[Text] = []
    found = got(f"{here.base}/data/catalogue.json?v=1#part", cache, report=told.append)
    assert found == Fetched(
        file=found.file, url=f"{here.base}/data/catalogue.json?v=1", etag='"one"', last_modified=LONG_AGO, sha256=sha(CONTENT),
        from_cache=False,
    )  # fmt: skip
    assert (found.file.name, found.file.content) == ("catalogue.json", CONTENT)
    assert told == [Text(f"{here.base}/data/catalogue.json に問い合わせています", f"Asking {here.base}/data/catalogue.json")]


@pytest.mark.parametrize(("etag", "modified"), [('"one"', ""), ('W/"weak"', ""), ("", LONG_AGO)])
def test_what_has_not_changed_is_not_sent_again(here: Site, cache: Path, etag: str, modified: str) -> None:
    here.pages["/file.json"] = file(CONTENT, etag, modified)
    first = got(f"{here.base}/file.json", cache)
    again = got(f"{here.base}/file.json", cache)
    assert (first.from_cache, again.from_cache) == (False, True)
    assert again.file.content == CONTENT
    assert here.headers().get("if-none-match", "") == etag
    assert here.headers().get("if-modified-since", "") == modified


def test_what_has_changed_takes_the_place_of_what_was(here: Site, cache: Path) -> None:
    here.pages["/file.json"] = file(CONTENT, '"one"')
    got(f"{here.base}/file.json", cache)
    here.pages["/file.json"] = file(OTHER, '"two"')
    assert got(f"{here.base}/file.json", cache).file.content == OTHER
    assert got(f"{here.base}/file.json", cache).from_cache


@pytest.mark.parametrize("etag", ['"caf\xe9"', '"\u0085"', '"' + "x" * 5000 + '"', '"a\tb"'])
def test_a_validator_that_cannot_be_sent_back_is_none(here: Site, cache: Path, etag: str) -> None:
    here.pages["/file.json"] = file(CONTENT, etag)
    assert got(f"{here.base}/file.json", cache).etag is None
    assert not got(f"{here.base}/file.json", cache).from_cache
    assert "if-none-match" not in here.headers()


def test_a_cache_that_was_damaged_is_not_believed(here: Site, cache: Path) -> None:
    here.pages["/file.json"] = file(CONTENT, '"one"')
    got(f"{here.base}/file.json", cache)
    (kept,) = [path for path in cache.iterdir() if not path.suffix]
    for damaged in (kept.read_bytes()[:-1] + b"x", kept.read_bytes()[:100], b"", b"[]\n", b'{"url": 1}\n', b"\xff\n"):
        kept.write_bytes(damaged)
        found = got(f"{here.base}/file.json", cache)
        assert (found.from_cache, found.file.content) == (False, CONTENT)
        assert "if-none-match" not in here.headers()


def test_a_partial_file_that_was_damaged_is_not_continued(here: Site, cache: Path) -> None:
    here.pages["/file.json"] = file(CONTENT, '"one"')
    got(f"{here.base}/file.json", cache)
    (kept,) = [path for path in cache.iterdir() if not path.suffix]
    for damaged in (b"", b'{"url": "x', b"{}\n123", b"\xff\xfe\n123"):
        kept.with_suffix(".part").write_bytes(damaged)
        kept.unlink(missing_ok=True)
        assert got(f"{here.base}/file.json", cache).file.content == CONTENT
        assert "range" not in here.headers()


def test_an_unusable_cache_is_told(here: Site, tmp_path: Path) -> None:
    here.pages["/file.json"] = file(CONTENT)
    (tmp_path / "occupied").write_bytes(b"")
    refused(why.CACHE, f"{here.base}/file.json", tmp_path / "occupied")


def test_a_proxy_of_the_environment_is_not_asked(here: Site, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    here.pages["/file.json"] = file(CONTENT)
    assert got(f"{here.base}/file.json", cache).file.content == CONTENT


def test_a_known_source_is_fetched_whole_and_once(here: Site, cache: Path) -> None:
    here.pages |= {"/a.json": file(CONTENT), "/b.json": file(OTHER)}
    files = (KnownFile(Url(f"{here.base}/a.json"), sha(CONTENT)), KnownFile(Url(f"{here.base}/b.json"), sha(OTHER)))
    source = KnownSource(
        id="both", title=Text("両方", "Both"), publisher="us", files=files, format="oscal", edition="1", licence="CC0-1.0",
        redistribution=Redistribution.OPEN, certainty=Certainty.VERIFIED, note=Text("注", "note"),
    )  # fmt: skip
    for _ in range(2):
        found = fetch_known(source, cache, QUICK, allow_private=True)
        assert [one.file.name for one in found] == ["both/a.json", "both/b.json"]
        assert [one.file.content for one in found] == [CONTENT, OTHER]
    assert len(here.asked) == 2


# How much


def test_a_file_that_says_it_is_too_large_is_not_read(here: Site, cache: Path) -> None:
    here.pages["/file"] = lambda handler: begin(handler, 200, Content_Length="10000000000000")
    started = time.monotonic()
    refused(why.TOO_LARGE, f"{here.base}/file", cache)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("lie", [{}, {"Content_Length": "10"}])
def test_a_file_that_says_it_is_small_is_measured(here: Site, cache: Path, lie: dict[str, str]) -> None:
    here.pages["/file"] = lambda handler: chunked(handler, 1000, 100_000, 200, **lie)
    refused(why.TOO_LARGE, f"{here.base}/file", cache, Limits(size=1_000_000))
    assert here.count("/file") == 1
    assert names(cache) == set()


def test_a_file_of_just_the_limit_is_taken_and_one_byte_more_is_not(here: Site, cache: Path) -> None:
    here.pages["/file"] = lambda handler: chunked(handler, 1, 1000)
    assert len(got(f"{here.base}/file", cache, Limits(size=1000)).file.content) == 1000
    refused(why.TOO_LARGE, f"{here.base}/file", cache, Limits(size=999))


def test_what_the_cache_holds_is_held_to_the_limit_too(here: Site, cache: Path) -> None:
    here.pages["/file"] = file(CONTENT, '"one"')
    got(f"{here.base}/file", cache)
    refused(why.TOO_LARGE, f"{here.base}/file", cache, Limits(size=1000))


def test_a_gzip_bomb_is_refused_while_it_expands(here: Site, cache: Path) -> None:
    bomb = gzip.compress(bytes(200_000_000))
    assert len(bomb) < 1_000_000
    here.pages["/file"] = lambda handler: answer(handler, 200, bomb, Content_Encoding="gzip")
    refused(why.TOO_LARGE, f"{here.base}/file", cache, Limits(size=1_000_000))
    assert names(cache) == set()


def test_what_is_packed_unasked_is_unpacked(here: Site, cache: Path) -> None:
    here.pages["/file"] = lambda handler: answer(handler, 200, gzip.compress(CONTENT), Content_Encoding="GZip", ETag='"one"')
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert here.headers()["accept-encoding"] == "identity"


@pytest.mark.parametrize("broken", [gzip.compress(CONTENT)[:-20], b"no gzip", gzip.compress(CONTENT) + b"more", b""])
def test_broken_gzip_is_refused(here: Site, cache: Path, broken: bytes) -> None:
    here.pages["/file"] = lambda handler: answer(handler, 200, broken, Content_Encoding="gzip")
    refused(why.BAD_GZIP, f"{here.base}/file", cache)
    assert names(cache) == set()


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_other_encodings_are_refused(here: Site, cache: Path, encoding: str) -> None:
    here.pages["/file"] = lambda handler: answer(handler, 200, b"x", Content_Encoding=encoding)
    refused(why.ENCODING, f"{here.base}/file", cache)


def test_a_body_without_an_end_needs_a_checksum(here: Site, cache: Path) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, Connection="close")
        handler.wfile.write(CONTENT)

    here.pages["/file"] = endless
    refused(why.NO_LENGTH, f"{here.base}/file", cache)
    assert got(f"{here.base}/file", cache, sha256=sha(CONTENT)).file.content == CONTENT


# How long


def drip(handler: BaseHTTPRequestHandler, first: bytes) -> None:
    handler.wfile.write(first)
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-", b""],
    ids=["body", "headers", "status"],
)
def test_no_drip_outlasts_the_time_limit(here: Site, cache: Path, first: bytes) -> None:
    here.pages["/file"] = lambda handler: drip(handler, first)
    started = time.monotonic()
    refused(why.TOO_SLOW, f"{here.base}/file", cache, Limits(seconds=0.7, read_seconds=0.5))
    assert 0.6 < time.monotonic() - started < 3


def test_silence_ends_an_attempt(here: Site, cache: Path) -> None:
    here.pages["/file"] = in_turn(lambda _: time.sleep(1), file(CONTENT))
    assert got(f"{here.base}/file", cache, Limits(read_seconds=0.2, first_wait=0.01)).file.content == CONTENT
    assert here.count("/file") == 2


def test_no_wait_outlasts_the_time_limit(here: Site, cache: Path) -> None:
    here.pages["/file"] = lambda handler: answer(handler, 503, b"")
    started = time.monotonic()
    refused(why.TOO_SLOW, f"{here.base}/file", cache, Limits(seconds=0.3, first_wait=60))
    assert time.monotonic() - started < 2


def test_what_came_before_the_time_was_over_is_continued(here: Site, cache: Path) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, Content_Length=str(len(CONTENT)), ETag='"one"')
        handler.wfile.write(CONTENT[:100_000])
        time.sleep(2)

    here.pages["/file"] = in_turn(half, file(CONTENT, '"one"'))
    refused(why.TOO_SLOW, f"{here.base}/file", cache, Limits(seconds=0.5))
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert here.headers()["range"] == "bytes=100000-"


# Again


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_failure_that_passes_is_waited_for(here: Site, cache: Path, status: int) -> None:
    here.pages["/file"] = in_turn(lambda handler: answer(handler, status, b""), file(CONTENT))
    assert got(f"{here.base}/file", cache).file.content == CONTENT


def test_a_failure_that_stays_is_told_after_the_last_attempt(here: Site, cache: Path) -> None:
    here.pages["/file"] = lambda handler: answer(handler, 503, b"")
    refused(why.STATUS, f"{here.base}/file", cache)
    assert here.count("/file") == QUICK.attempts


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 300, 304, 204, 501])
def test_an_answer_that_will_not_change_is_told_at_once(here: Site, cache: Path, status: int) -> None:
    here.pages["/file"] = lambda handler: begin(handler, status, Content_Length="0")
    refused(why.STATUS, f"{here.base}/file", cache)
    assert here.count("/file") == 1


@pytest.mark.parametrize("later", [lambda: "1", lambda: formatdate(time.time() + 2, usegmt=True)])
def test_the_wait_that_a_server_asks_for_is_kept(here: Site, cache: Path, later: Callable[[], str]) -> None:
    here.pages["/file"] = in_turn(lambda handler: answer(handler, 503, b"", Retry_After=later()), file(CONTENT))
    started = time.monotonic()
    assert got(f"{here.base}/file", cache).file.content == CONTENT
    assert 0.9 < time.monotonic() - started < 5


@pytest.mark.parametrize("later", ["3600", formatdate(time.time() + 86400, usegmt=True), "9" * 14])
def test_a_wait_that_is_too_long_is_told_instead(here: Site, cache: Path, later: str) -> None:
    here.pages["/file"] = lambda handler: answer(handler, 429, b"", Retry_After=later)
    started = time.monotonic()
    refused(why.COME_BACK, f"{here.base}/file", cache)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("later", ["-5", "soon", "9" * 5000, LONG_AGO, "Thu, 99 Foo 0000 00:00:00 GMT", "١"])
def test_a_wait_that_makes_no_sense_is_passed_over(here: Site, cache: Path, later: str) -> None:
    page = lambda handler: answer(handler, 503, b"", Retry_After=later.encode().decode("latin-1"))  # noqa: E731
    here.pages["/file"] = in_turn(page, file(CONTENT))
    assert got(f"{here.base}/file", cache).file.content == CONTENT


def test_a_refused_connection_is_tried_again_and_told(cache: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/file"
    told: list[Text] = []
    refused(why.CUT, url, cache, report=told.append)
    assert [text.en for text in told].count(f"Asking {url}") == QUICK.attempts


def test_what_is_no_http_is_told(here: Site, cache: Path) -> None:
    here.pages["/file"] = lambda handler: handler.wfile.write(b"220 ftp ready\r\n")
    refused(why.CUT, f"{here.base}/file", cache, Limits(read_seconds=0.2, first_wait=0.01))


def test_headers_without_end_are_refused(here: Site, cache: Path) -> None:
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            handler.wfile.write(f"X-{number}: {'x' * 100}\r\n".encode())

    here.pages["/file"] = flood
    refused(why.CUT, f"{here.base}/file", cache)


# The checksum


def test_a_file_with_another_checksum_is_refused_and_not_kept(here: Site, cache: Path) -> None:
    here.pages["/file"] = file(CONTENT, '"one"')
    refused(why.CHECKSUM, f"{here.base}/file", cache, sha256=sha(OTHER))
    assert names(cache) == set()
    assert here.count("/file") == 1


def test_what_the_cache_holds_is_no_excuse_for_another_checksum(here: Site, cache: Path) -> None:
    here.pages["/file"] = file(CONTENT, '"one"')
    got(f"{here.base}/file", cache)
    refused(why.CHECKSUM, f"{here.base}/file", cache, sha256=sha(OTHER))
    assert "if-none-match" not in here.headers()
    here.pages["/file"] = file(OTHER, '"two"')
    assert got(f"{here.base}/file", cache, sha256=sha(OTHER).upper()).file.content == OTHER


def test_what_the_cache_holds_under_its_checksum_is_not_asked_for(here: Site, cache: Path) -> None:
    here.pages["/file"] = file(CONTENT)
    first = got(f"{here.base}/file", cache, sha256=sha(CONTENT))
    again = got(f"{here.base}/file", cache, sha256=sha(CONTENT))
    assert (first.from_cache, again.from_cache, len(here.asked)) == (False, True, 1)
