"""The published files that conformance tests read; they are never part of the project."""

import os
from pathlib import Path
from typing import Final

import pytest

from kakehashi.sources.files import File
from kakehashi.sources.format import Format, Reading

ROOT: Final = Path(os.environ.get("KAKEHASHI_CORPUS") or Path(__file__).parents[2].parent / "shared" / "corpus")


def corpus(path: str = "") -> Path:
    """A file or folder of the corpus; without a corpus the test is skipped."""
    if not ROOT.is_dir():
        pytest.skip(f"there is no corpus at {ROOT}; set KAKEHASHI_CORPUS")
    return ROOT / path


def files(path: str = "") -> list[File]:
    """The file, or all files below the folder, named relative to the corpus."""
    place = corpus(path)
    found = [place] if place.is_file() else sorted(one for one in place.rglob("*") if one.is_file())
    return [File(one.relative_to(ROOT).as_posix(), one.read_bytes()) for one in found]


def read(source: Format, path: str) -> Reading:
    """What a format reads out of a file, or out of all files of a folder that make up one source."""
    (bundle,) = source.bundles(file for file in files(path) if source.recognises(file))
    return source.read(bundle)
