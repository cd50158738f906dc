"""The body of an answer: measured while it comes, unpacked where a server packs it unasked, and never more than allowed."""

import zlib
from collections.abc import Iterator
from typing import Final

from kakehashi.pipeline.fetch.failures import BAD_GZIP, ENCODING, NO_LENGTH, TOO_LARGE, FetchError, shown
from kakehashi.pipeline.fetch.headers import chunked, encoding, promised
from kakehashi.pipeline.fetch.wire import Answer

_PIECE: Final = 1024 * 1024


def check_length(answer: Answer, limit: int, *, checksum: bool) -> None:
    """Refuse a body that is too large by its own word, or whose end could not be told from a cut."""
    check_size(answer, promised(answer) or 0, limit)
    if promised(answer) is None and not chunked(answer) and not checksum:
        raise FetchError(NO_LENGTH(url=shown(answer.url)))


def check_size(answer: Answer, size: int, limit: int) -> None:
    """Refuse what is larger than the limit."""
    if size > limit:
        raise FetchError(TOO_LARGE(url=shown(answer.url), limit=limit))


def content(answer: Answer, limit: int, already: int = 0) -> Iterator[bytes]:
    """The bytes of the file, refused as soon as there are more than the limit, packed or unpacked."""
    packed = _measured(answer, answer.chunks, limit, already)
    if not encoding(answer):
        return packed
    if encoding(answer) not in {"gzip", "x-gzip"}:
        raise FetchError(ENCODING(url=shown(answer.url), encoding=encoding(answer)[:40]))
    return _measured(answer, _unpacked(answer, packed), limit, already)


def _measured(answer: Answer, chunks: Iterator[bytes], limit: int, size: int) -> Iterator[bytes]:
    for chunk in chunks:
        size += len(chunk)
        check_size(answer, size, limit)
        yield chunk


def _unpacked(answer: Answer, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The unpacked bytes in pieces of bounded size, however far a chunk expands."""
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for chunk in chunks:
            piece = decoder.decompress(chunk, _PIECE)
            while piece:
                yield piece
                piece = decoder.decompress(decoder.unconsumed_tail, _PIECE)
    except zlib.error as error:
        raise FetchError(BAD_GZIP(url=shown(answer.url))) from error
    if not decoder.eof or decoder.unused_data:
        raise FetchError(BAD_GZIP(url=shown(answer.url)))
