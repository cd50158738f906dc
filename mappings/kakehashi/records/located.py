"""Where a record was read, and what is wrong with a source: all faults at once, each with its place."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from kakehashi.records.model import Record
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file; line 0 is the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where, and what to do."""

    place: Place
    text: Text


@dataclass(frozen=True, slots=True)
class Located(Generic[R_co]):
    """A record with the place that it was read from."""

    record: R_co
    place: Place


class InvalidSourceError(KakehashiError):
    """A source cannot be taken as it is; `faults` lists everything that is wrong with it, in the order of the files."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.place))
        super().__init__(
            ErrorCode.INVALID_SOURCE,
            Text(
                "データに{count}件の誤りがあります。リリースは変更されていません。",
                "The data has {count} fault(s). The release was left as it was.",
            )(count=len(faults)),
        )
