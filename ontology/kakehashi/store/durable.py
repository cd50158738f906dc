"""Files that survive a power cut: written beside and renamed, so that nobody reads a half."""

import os
from pathlib import Path


def write_whole(file: Path, content: bytes, *, lasting: bool = True, mode: int = 0o666) -> None:
    """Write a file that is there whole or not at all; one that can be made again need not survive a power cut.

    `mode` is who may read it, as far as the process's mask allows.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as opened:
        opened.write(content)
        if lasting:
            opened.flush()
            os.fsync(opened.fileno())
    fresh.replace(file)
    if lasting:
        sync_folder(file.parent)


def sync_files(folder: Path) -> None:
    """Make all that a folder holds survive a power cut."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
