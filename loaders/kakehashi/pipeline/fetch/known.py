"""Fetches all files of a known source, named as if they lay in a folder that is called like it."""

from dataclasses import replace
from pathlib import Path

from kakehashi.pipeline.fetch.download import Fetched, Report, fetch
from kakehashi.pipeline.fetch.limits import DEFAULT, Limits
from kakehashi.pipeline.registry import KnownSource
from kakehashi.sources.files import File


def fetch_known(
    source: KnownSource, cache: Path, limits: Limits = DEFAULT, *, allow_private: bool = False, report: Report = lambda _: None
) -> tuple[Fetched, ...]:
    """The files of a source; the limits hold for each. Those whose checksum is known are fetched once and for all."""
    return tuple(
        _inside(source.id, fetch(file.url, cache, limits, sha256=file.sha256, allow_private=allow_private, report=report))
        for file in source.files
    )


def _inside(folder: str, fetched: Fetched) -> Fetched:
    return replace(fetched, file=File(f"{folder}/{fetched.file.name}", fetched.file.content))
