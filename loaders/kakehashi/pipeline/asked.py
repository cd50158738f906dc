"""What somebody asks to load, as files: a path, an address that is fetched, or a known source's addresses."""

from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from pathlib import Path

from kakehashi.pipeline.fetch import fetch, fetch_known
from kakehashi.pipeline.registry import KnownSource, resolve
from kakehashi.sources.files import File
from kakehashi.vocabulary.text import Text


def fetched(
    arguments: Iterable[str], cache: Path, *, allow_private: bool = False, report: Callable[[Text], None] = lambda _: None
) -> list[Traversable | File]:
    """The inputs of a load; FetchError, or NOT_FOUND with near names, where one cannot be had."""
    found: list[Traversable | File] = []
    for argument in arguments:
        match resolve(argument):
            case KnownSource() as known:
                found += [one.file for one in fetch_known(known, cache, allow_private=allow_private, report=report)]
            case Path() as path:
                found.append(path)
            case url:
                found.append(fetch(url, cache, allow_private=allow_private, report=report).file)
    return found
