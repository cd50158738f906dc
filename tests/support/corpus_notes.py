"""What the notes beside the corpus (SOURCE.md) say of where each of its files came from."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.corpus import corpus

Origin = tuple[str, str, str]
"""Repository, the first twelve digits of the commit, and the path."""


def place_of(url: str) -> Origin:
    """The origin that a raw address of a repository host names."""
    _, _, _, owner, name, commit, path = url.split("/", 6)
    return f"{owner}/{name}", commit[:12], path


def noted_files() -> dict[Origin, tuple[Path, bool]]:
    """The file of the corpus by its origin, and whether it is as it was published."""
    return {origin: (here, whole) for notes in sorted(corpus().glob("*/SOURCE.md")) for origin, here, whole in _noted(notes)}


def _noted(notes: Path) -> Iterator[tuple[Origin, Path, bool]]:
    for line in notes.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and re.fullmatch(r"[0-9a-f]{12}", cells[2]):
            name, repository, commit, path, how = cells
            for here in sorted(notes.parent.glob(name.partition(" (")[0])):
                yield (repository, commit, path.replace("*.yaml", here.name)), here, "TRIMMED" not in how
