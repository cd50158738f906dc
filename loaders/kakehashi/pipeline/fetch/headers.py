"""What the headers of an answer say, read with the distrust that they deserve."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from kakehashi.pipeline.fetch.cache import Begun, Head
from kakehashi.pipeline.fetch.wire import Answer

_NUMBER: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_LONGEST_VALIDATOR: Final = 1000
_CONTENT_RANGE: Final = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})", re.ASCII)


def head_of(answer: Answer) -> Head:
    """What an answer says of the bytes that follow."""
    etag, modified = _validator(answer, "etag"), _validator(answer, "last-modified")
    return Head(url=str(answer.url), etag=etag or None, last_modified=modified or None, if_range=_if_range(answer))


def promised(answer: Answer) -> int | None:
    """The length that the server names; what comes is measured all the same."""
    return _number(answer.headers.get("content-length", ""))


def chunked(answer: Answer) -> bool:
    """Whether the body marks its own end."""
    return "chunked" in answer.headers.get("transfer-encoding", "").lower()


def encoding(answer: Answer) -> str:
    """How the body is packed; empty where it is not."""
    named = str(answer.headers.get("content-encoding", "")).strip().lower()
    return "" if named == "identity" else named


def continues(answer: Answer, begun: Begun) -> int | None:
    """The size of the whole file, where a partial answer is just what was missing of the very same version; else None."""
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
    if found is None or encoding(answer) or (_validator(answer, "etag") or begun.head.etag) != begun.head.etag:
        return None
    first, last, size = (int(number) for number in found.groups())
    return size if first == begun.size and last == size - 1 else None


def retry_after(answer: Answer) -> float | None:
    """In how many seconds the server wants to be asked again, if it says so: it may name a number or a date."""
    text = answer.headers.get("retry-after", "").strip()
    seconds, date = _number(text), _date(text)
    if seconds is None and date is not None:
        return max(0.0, (date - datetime.now(UTC)).total_seconds())
    return seconds


def _if_range(answer: Answer) -> str | None:
    """What a continued download may be asked by: a strong validator of bytes that were not packed (RFC 9110, 8.8 and 13.1.5)."""
    etag, last_modified = _validator(answer, "etag"), _validator(answer, "last-modified")
    if encoding(answer) or etag.startswith("W/"):
        return None
    modified, now = _date(last_modified), _date(answer.headers.get("date", ""))
    # A file that was changed in this very second may be changed once more in it, under the same date.
    strong = modified and now and now - modified >= timedelta(seconds=1)
    return etag or (last_modified if strong else None)


def _validator(answer: Answer, name: str) -> str:
    """A validator that can be sent back; empty where there is none, or one of other characters than headers may have."""
    text = str(answer.headers.get(name, ""))
    return text if text.isascii() and text.isprintable() and len(text) <= _LONGEST_VALIDATOR else ""


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
