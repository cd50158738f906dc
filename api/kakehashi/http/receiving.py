"""Files as they come in: from a form or a bare body to disk piece by piece, no further than the limits."""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from kakehashi.snapshot.journal import Journal, Receiving, SentFile
from kakehashi.vocabulary.text import ErrorCode, Text, shown

MOST_FILES: Final = 100
MOST_FIELDS: Final = 10
LONGEST_NAME: Final = 200
RECEIVED_WITHIN: Final = 600.0
PIECE_BYTES: Final = 256 * 1024

TOO_LARGE = Text("送れるのは合わせて{limit}バイトまでです。", "At most {limit} bytes can be sent in all.")
TOO_SLOW = Text("{limit}秒以内に送り終えてください。", "Send it within {limit} seconds.")
ENCODED = Text("Content-Encodingを付けずに送ってください。", "Send it without a Content-Encoding.")
BAD_FORM = Text("multipart/form-dataとして読めません。", "The body is not multipart/form-data.")
NO_FILE = Text(
    "ファイルがありません。multipartの「file」、または本文とfilenameで送ってください。",
    "There is no file. Send it as 'file' of a form, or as the body with a filename.",
)
BAD_NAME = Text(
    "ファイル名は、先頭が点でない1~{limit}文字にしてください。",
    "A file name has 1 to {limit} characters, the first of which is no dot.",
)
STORAGE = Text(
    "サーバーに保存できませんでした。何も受け付けていません。", "It could not be stored on the server. Nothing was accepted."
)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Where imports are kept, and how large one may be."""

    journal: Journal
    max_bytes: int = 64 * 1024 * 1024


class NotReceivedError(Exception):
    """What was sent is refused before it is accepted."""

    def __init__(self, status: HTTPStatus, text: Text, code: ErrorCode = ErrorCode.BAD_USER_INPUT) -> None:
        super().__init__(text.en)
        self.status, self.text, self.code = status, text, code


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in: the files, and the fields of the form or the query."""

    files: tuple[SentFile, ...]
    fields: Mapping[str, str]


async def received(request: Request, place: Receiving, limit: int) -> Sent:
    """Take in what a request sends, to the place; NotReceivedError where it is refused."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotReceivedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, ENCODED)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limit:
        raise _too_large(limit)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    take = _form if media_type == "multipart/form-data" else _body
    try:
        async with asyncio.timeout(RECEIVED_WITHIN):
            return await take(request, place, limit)
    except TimeoutError as error:
        raise NotReceivedError(HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW(limit=int(RECEIVED_WITHIN))) from error


async def _body(request: Request, place: Receiving, limit: int) -> Sent:
    """One file, the body, whose name is in the query."""
    name = told_name(request.query_params.get("filename"))
    written = _Written(place.file(0))
    async for piece in _bounded(request, limit):
        await run_in_threadpool(written.add, piece)
    if not written.size:
        raise NotReceivedError(HTTPStatus.BAD_REQUEST, NO_FILE)
    return Sent((written.named(name),), dict(request.query_params))


async def _form(request: Request, place: Receiving, limit: int) -> Sent:
    """The files of a form. The library spools them beside; here they are written to where they stay."""
    stream = _bounded(request, limit)
    parser = MultiPartParser(request.headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise NotReceivedError(HTTPStatus.BAD_REQUEST, BAD_FORM) from error
    try:
        uploads = [one for _, one in form.multi_items() if isinstance(one, UploadFile) and one.size]
        files = [await _kept(one, place.file(number)) for number, one in enumerate(uploads)]
        if not files:
            raise NotReceivedError(HTTPStatus.BAD_REQUEST, NO_FILE)
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        return Sent(tuple(files), dict(request.query_params) | fields)
    finally:
        await form.close()


async def _kept(upload: UploadFile, file: Path) -> SentFile:
    name, written = told_name(upload.filename), _Written(file)
    while piece := await upload.read(PIECE_BYTES):
        await run_in_threadpool(written.add, piece)
    return written.named(name)


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        yield piece


def _too_large(limit: int) -> NotReceivedError:
    return NotReceivedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE(limit=limit))


@dataclass(slots=True)
class _Written:
    """A file that grows, with its size and checksum."""

    file: Path
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, piece: bytes) -> None:
        with self.file.open("ab") as opened:
            opened.write(piece)
        self.size += len(piece)
        self.digest.update(piece)

    def named(self, name: str) -> SentFile:
        return SentFile(name=name, size=self.size, sha256=self.digest.hexdigest())


def told_name(name: str | None) -> str:
    """What people are told a file is called: the last part of what was sent. No file of ours is ever called so."""
    last = shown(re.split(r"[/\\]", name or "")[-1].strip())
    if not 0 < len(last) <= LONGEST_NAME or last.startswith("."):
        raise NotReceivedError(HTTPStatus.BAD_REQUEST, BAD_NAME(limit=LONGEST_NAME))
    return last
