"""From what was named on the command line to files in memory: bounded in number and size, never outside what was named."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from kakehashi.records.located import Fault, Place
from kakehashi.sources.files import MAX_FILE_BYTES, TOO_LARGE, File
from kakehashi.vocabulary.text import Text

MAX_FILES: Final = 50_000

MISSING = Text("ファイルまたはフォルダがありません。", "There is no such file or folder.")
TOO_MANY = Text("ファイルが{limit}個を超えています。", "There are more than {limit} files.")
UNREADABLE = Text("読み取れません: {problem}。", "It cannot be read: {problem}.")
NOT_PLAIN = Text(
    "通常のファイルではありません(リンクは、指定したフォルダの外を指すものも含めてたどりません)。",
    "This is no plain file (links are not followed, wherever they lead).",
)

PACKAGED_DATA: Final = ("leaflet", "leaflet-frameworks")


def packaged() -> tuple[Traversable, ...]:
    """The sources of the default release: the project's own catalogues and mapping sets."""
    sets = sorted((one for one in files("kakehashi.sets").iterdir() if one.name.endswith(".tsv")), key=lambda one: one.name)
    return (*(files("kakehashi.data") / name for name in PACKAGED_DATA), *sets)


def gathered(inputs: Iterable[Traversable | File]) -> tuple[list[File], list[Fault]]:
    """All files of the inputs, a folder's with the folder's name before theirs, and what could not be read."""
    found: list[File] = []
    faults: list[Fault] = []
    for one in inputs:
        if isinstance(one, File):
            found.append(one)
        elif not (one.is_file() or one.is_dir()):
            faults.append(Fault(Place(one.name), MISSING))
        else:
            for name, file in _walk(one, one.name or str(one)):
                if len(found) >= MAX_FILES:
                    return found, [*faults, Fault(Place(one.name), TOO_MANY(limit=MAX_FILES))]
                _take(file, name, found, faults)
    return found, faults


def _walk(one: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    """The files below a folder with their names; hidden ones are passed over. Without recursion, however deep it is."""
    waiting = [(name, one)]
    while waiting:
        name, one = waiting.pop()
        if one.is_dir() and not _is_link(one):
            inside = sorted(one.iterdir(), key=lambda entry: entry.name, reverse=True)
            waiting += [(f"{name}/{entry.name}", entry) for entry in inside if not entry.name.startswith((".", "__pycache__"))]
        else:
            yield name, one


def _take(file: Traversable, name: str, found: list[File], faults: list[Fault]) -> None:
    if isinstance(file, Path) and (file.is_symlink() or not file.is_file()):
        faults.append(Fault(Place(name), NOT_PLAIN))
        return
    try:
        content = _content(file)
    except OSError as error:
        faults.append(Fault(Place(name), UNREADABLE(problem=error.strerror or error)))
        return
    if len(content) > MAX_FILE_BYTES:
        size = file.stat().st_size if isinstance(file, Path) else len(content)
        faults.append(Fault(Place(name), TOO_LARGE(size=size, limit=MAX_FILE_BYTES)))
    else:
        found.append(File(name, content))


def _content(file: Traversable) -> bytes:
    """At most one byte more than is accepted, so that a huge file is not read into memory to be refused."""
    with file.open("rb") as opened:
        return opened.read(MAX_FILE_BYTES + 1)


def _is_link(one: Traversable) -> bool:
    return isinstance(one, Path) and one.is_symlink()
