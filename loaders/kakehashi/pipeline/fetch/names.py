"""What a fetched file is called: for people and for recognising its format; it is never a path."""

import re
from typing import Final
from urllib.parse import unquote

import httpx2

_UNSAFE: Final = re.compile(r"[^\w.+@() -]")
_LONGEST: Final = 120


def name_of(asked: httpx2.URL, final: httpx2.URL) -> str:
    """The last part of the address that was asked for; of the one it led to, where only that has a suffix."""
    first, last = _base(asked), _base(final)
    return last if "." not in first and "." in last else first


def _base(url: httpx2.URL) -> str:
    last = unquote(url.raw_path.decode("ascii").partition("?")[0].rpartition("/")[2], errors="replace")
    return _UNSAFE.sub("_", last)[-_LONGEST:].lstrip(". ") or "index"
