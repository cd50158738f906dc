"""What tests of fetching share: quick limits, a file, and the reason for which a fetch must fail."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from kakehashi.pipeline.fetch import Fetched, FetchError, Limits, fetch
from kakehashi.vocabulary.text import Text

QUICK = Limits(seconds=20, connect_seconds=2, read_seconds=2, first_wait=0.01, longest_wait=2)
CONTENT = bytes(range(256)) * 2000
OTHER = CONTENT[::-1]


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def got(url: str, cache: Path, limits: Limits = QUICK, **options: Any) -> Fetched:
    return fetch(url, cache, limits, allow_private=True, **options)


def refused(
    reason: Text, url: str, cache: Path, limits: Limits = QUICK, *, allow_private: bool = True, **options: Any
) -> FetchError:
    """The error of a fetch, which must be for this reason, in both languages."""
    with pytest.raises(FetchError) as caught:
        fetch(url, cache, limits, allow_private=allow_private, **options)
    for language in ("ja", "en"):
        pieces = reason.in_language(language).replace("}", "{").split("{")[::2]
        assert all(piece in caught.value.text.in_language(language) for piece in pieces), caught.value.text
    return caught.value


def names(cache: Path) -> set[str]:
    """What a cache holds besides locks, by suffix."""
    return {path.suffix or "file" for path in cache.iterdir() if path.suffix != ".lock"}
