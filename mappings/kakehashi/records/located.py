"""Where something was read, and what is wrong with a source: all faults at once, each with its place."""

from dataclasses import dataclass
from functools import total_ordering

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text, shown


@total_ordering
@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, or a JSON pointer into it (RFC 6901); line 0 and no pointer are the file as a whole."""

    file: str
    line: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        return shown(f"{self.file}:{self.line}" if self.line else f"{self.file}#{self.pointer}" if self.pointer else self.file)

    def __lt__(self, other: "Place") -> bool:
        return (self.file, self.line, self.pointer) < (other.file, other.line, other.pointer)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where, and what to do."""

    place: Place
    text: Text


class InvalidSourceError(KakehashiError):
    """A source cannot be taken as it is; `faults` lists everything that is wrong with it, in the order of the files."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.place))
        super().__init__(
            ErrorCode.INVALID_SOURCE,
            Text(
                "データに{count}件の誤りがあります。リリースは変更されていません。",
                "Faults in the data: {count}. The release was left as it was.",
            )(count=len(faults)),
        )
