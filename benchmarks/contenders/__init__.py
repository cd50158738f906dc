"""What the loading benchmark compares: each module is one contender, run in a process of its own by `__main__`."""

from pathlib import Path

Facts = dict[str, int | float | str]
"""What a contender tells besides what it took: counts, by which one sees that all did the same work."""


def files_below(folder: Path) -> list[Path]:
    """The files that `kakehashi load` reads of a folder: all but the hidden ones."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
