"""From what was named on the command line to files in memory: bounded in number and size, never outside what was named."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path
from typing import Final

from kakehashi.records.located import Fault, Place
from kakehashi.sources.files import MAX_FILE_BYTES, TOO_LARGE, File
from kakehashi.vocabulary.text import Text, shown

MAX_FILES: Final = 50_000
MAX_BYTES: Final = 512 * 1024 * 1024

MISSING = Text("ファイルまたはフォルダがありません。", "There is no such file or folder.")
TOO_MANY = Text(
    "ファイルとフォルダが合わせて{limit}個を超えています。このフォルダからは何も読み込みません。分けて読み込んでください。",
    "There are more than {limit} files and folders. Nothing of this folder is loaded; load it in parts.",
)
TOO_MUCH = Text(
    "これまでのファイルと合わせて{limit}バイトを超えます。ここからは何も読み込みません。分けて読み込んでください。",
    "Together with what stands before it, this has more than {limit} bytes. Nothing of it is loaded; load it in parts.",
)
UNREADABLE = Text("読み取れません: {problem}。", "It cannot be read: {problem}.")
NOT_PLAIN = Text(
    "通常のファイルではありません(リンクは、指定したフォルダの外を指すものも含めてたどりません)。",
    "This is no plain file (links are not followed, wherever they lead).",
)

PACKAGED_DATA: Final = (
    "leaflet", "leaflet-frameworks", "standards-and-guidelines", "standards-and-guidelines-unverified", "microsoft-since-2020",
    "microsoft-unverified", "ctid-m365-capabilities", "ctid-excerpts",
)  # fmt: skip

# Opened so, a link is refused, and nobody waits for the other end of a pipe that took the place of a file.
_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def packaged() -> tuple[Traversable, ...]:
    """The sources of the default release: the project's own catalogues and mapping sets."""
    sets = sorted((one for one in files("kakehashi.sets").iterdir() if one.name.endswith(".tsv")), key=lambda one: one.name)
    return (*(files("kakehashi.data") / name for name in PACKAGED_DATA), *sets)


def gathered(inputs: Iterable[Traversable | File]) -> tuple[list[File], list[Fault]]:
    """All files of the inputs, a folder's with the folder's name before theirs, and what could not be read.

    What is named twice is read once. Where an input is too much as a whole, none of its files is taken.
    """
    whole = _Gathered()
    for name, one in _named(list(dict.fromkeys(inputs))):
        whole.join(_of_input(one, name, MAX_BYTES - whole.size))
    return whole.files, whole.faults


def _named(inputs: list[Traversable | File]) -> Iterator[tuple[str, Traversable | File]]:
    """Each input with its own name; all paths as they were typed where two would be called the same.

    All, since files of one folder must stay recognisable as such: they may be one source. Files that were fetched have no
    folder, and are told apart by a number before the name.
    """
    names = [shown(one.name or str(one)) for one in inputs]
    if len(set(names)) == len(names):
        yield from zip(names, inputs, strict=True)
        return
    times: Counter[str] = Counter()
    for one in inputs:
        name = shown(str(one) if isinstance(one, Path) else one.name)
        times[name] += 1
        yield name if times[name] == 1 else f"{times[name]}/{name}", one


class _TooMuchError(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(slots=True)
class _Gathered:
    """What was read so far; `room` is how many bytes more may be."""

    room: int = MAX_BYTES
    files: list[File] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    size: int = 0

    def join(self, other: "_Gathered") -> None:
        self.files += other.files
        self.faults += other.faults
        self.size += other.size

    def refuse(self, name: str, text: Text) -> None:
        self.faults.append(Fault(Place(name), text))

    def keep(self, file: File) -> None:
        if len(file.content) > MAX_FILE_BYTES:
            self.refuse(file.name, TOO_LARGE(size=len(file.content), limit=MAX_FILE_BYTES))
            return
        self.size += len(file.content)
        if self.size > self.room:
            raise _TooMuchError(TOO_MUCH(limit=MAX_BYTES))
        self.files.append(file)


def _of_input(one: Traversable | File, name: str, room: int) -> _Gathered:
    found = _Gathered(room)
    try:
        if isinstance(one, File):
            found.keep(replace(one, name=name))
        else:
            for called, file in _all_below(one, name, found):
                _take(file, called, found)
    except _TooMuchError as error:
        return _Gathered(faults=[Fault(Place(name), error.text)])
    return found


def _all_below(one: Traversable, name: str, found: _Gathered) -> list[tuple[str, Traversable]]:
    """The input itself, or the files below the folder that it is; counted before any of them is read."""
    below = list(islice(_walk(one, name, found), MAX_FILES + 1))
    if len(below) > MAX_FILES:
        raise _TooMuchError(TOO_MANY(limit=MAX_FILES))
    return [(called, file) for called, file in below if file is not None]


def _walk(one: Traversable, name: str, found: _Gathered) -> Iterator[tuple[str, Traversable | None]]:
    """The files below a folder with their names, and a None for each folder; hidden ones are passed over.

    Without recursion, however deep it is.
    """
    waiting = [(name, one)]
    while waiting:
        name, one = waiting.pop()
        if _is_folder(one):
            yield name, None
            waiting += [(f"{name}/{shown(entry.name)}", entry) for entry in _entries(one, name, found)]
            if len(waiting) > MAX_FILES:
                raise _TooMuchError(TOO_MANY(limit=MAX_FILES))
        else:
            yield name, one


def _entries(folder: Traversable, name: str, found: _Gathered) -> list[Traversable]:
    """What stands in a folder, last name first."""
    try:
        visible = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "__pycache__")))
        return sorted(islice(visible, MAX_FILES + 1), key=lambda entry: entry.name, reverse=True)
    except OSError as error:
        found.refuse(name, UNREADABLE(problem=error.strerror or error))
        return []


def _take(file: Traversable, name: str, found: _Gathered) -> None:
    try:
        content = _content_of_path(file) if isinstance(file, Path) else _content(file)
    except FileNotFoundError:
        found.refuse(name, MISSING)
    except OSError as error:
        found.refuse(name, UNREADABLE(problem=error.strerror or error))
    else:
        if isinstance(content, int):
            found.refuse(name, TOO_LARGE(size=content, limit=MAX_FILE_BYTES) if content else NOT_PLAIN)
        else:
            found.keep(File(name, content))


def _content_of_path(path: Path) -> bytes | int:
    """The bytes of a plain file; the size of one that is too large, which is not read; 0 for what is no plain file."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return 0
    with os.fdopen(os.open(path, _FLAGS), "rb") as opened:
        status = os.fstat(opened.fileno())
        if not stat.S_ISREG(status.st_mode):
            return 0
        return status.st_size if status.st_size > MAX_FILE_BYTES else opened.read(MAX_FILE_BYTES + 1)


def _content(file: Traversable) -> bytes:
    """At most one byte more than is accepted, so that a huge file is not read into memory to be refused."""
    with file.open("rb") as opened:
        return opened.read(MAX_FILE_BYTES + 1)


def _is_folder(one: Traversable) -> bool:
    try:
        return one.is_dir() and not _is_link(one)
    except OSError:  # to be met again, and told, when it is opened
        return False


def _is_link(one: Traversable) -> bool:
    try:
        return isinstance(one, Path) and one.is_symlink()
    except OSError:
        return False
