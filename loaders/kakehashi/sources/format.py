"""What every source module offers: how it knows its files, which of them it reads together, and what it reads out of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NoReturn, TypeVar

from kakehashi.records.located import Fault, Place
from kakehashi.records.model import Record, Source
from kakehashi.sources.files import File
from kakehashi.vocabulary.text import Text

Bundle = tuple[File, ...]
"""The files that are read together, in the order of their names: most often one."""

MAX_PLACES: Final = 5
MAX_RECORDS: Final = 1_000_000
MAX_FAULTS: Final = 1_000
MAX_REASONS: Final = 1_000
TOO_MANY_RECORDS = Text(
    "{limit}件を超える記録になります。ファイルを分けてください。",
    "This makes more than {limit} records. Split the file.",
)
TOO_MANY_FAULTS = Text(
    "誤りが{limit}件以上あるため、ここで読むのをやめました。",
    "There are {limit} faults or more, so that reading stopped here.",
)
OTHER_REASONS = Text("そのほか(種類が多すぎるため一つにまとめました)。", "Others, of too many sorts to list each.")
BAD_VALUE = Text(
    "{key}の値「{value}」は使えません。使えるのは {known} です。",
    "'{value}' is no value for {key}. Known values: {known}.",
)

_E = TypeVar("_E", bound=StrEnum)


class StoppedError(Exception):
    """There is no use in reading on, for there is too much of something: `text` says of what."""

    def __init__(self, reading: "Reading", place: Place | None, text: Text) -> None:
        super().__init__(text.en)
        self.reading, self.place, self.text = reading, place, text


@dataclass(slots=True)
class LeftOut:
    """Something that a file holds and that makes no record, with how often and the first places."""

    count: int = 0
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What was read so far: records, what is wrong, how much of what the file holds, and what of it makes no record.

    A reading with faults is refused whole. What is merely not kept (a row that states nothing, say) is left out with its reason.
    Records, faults and reasons are bounded, however much a file makes of itself: StoppedError ends the reading of what goes
    beyond. `places` are by the position of a record. `own` data is held to our rules: names in both languages, and no reference
    to what is not there.
    """

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    left_out: dict[Text, LeftOut] = field(default_factory=dict)
    own: bool = False

    def add(self, record: Record, place: Place | None = None) -> None:
        """Keep a record; its place, where it is worth telling more than the file's name."""
        if len(self.records) >= MAX_RECORDS:
            self._stop(place, TOO_MANY_RECORDS(limit=MAX_RECORDS))
        if place is not None:
            self.places[len(self.records)] = place
        self.records.append(record)

    def fault(self, place: Place, text: Text) -> None:
        """Keep a fault and go on."""
        self.refuse(Fault(place, text))

    def refuse(self, fault: Fault) -> None:
        """Keep a fault that was found elsewhere, and go on."""
        self.faults.append(fault)
        if len(self.faults) >= MAX_FAULTS:
            self._stop(fault.place, TOO_MANY_FAULTS(limit=MAX_FAULTS))

    def _stop(self, place: Place | None, text: Text) -> NoReturn:
        raise StoppedError(self, place, text)

    def count(self, what: str, number: int = 1) -> None:
        """Count what the file holds, in the format's own words ("controls", "mapping rows")."""
        self.found[what] = self.found.get(what, 0) + number

    def leave(self, why: Text, place: Place, number: int = 1) -> None:
        """Count what makes no record, and why."""
        if len(self.left_out) >= MAX_REASONS and why not in self.left_out:
            why = OTHER_REASONS
        left = self.left_out.setdefault(why, LeftOut())
        left.count += number
        if len(left.places) < MAX_PLACES:
            left.places.append(place)

    @property
    def source(self) -> Source | None:
        """The source that was read; None where the file did not get so far."""
        return next((record for record in self.records if isinstance(record, Source)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One published format. `version` changes whenever the same file would be read otherwise.

    `recognises` looks at a file alone, and never raises; `together` gives the same key to files that make up one source. Without
    it each file is a source, whatever it is called.
    """

    name: str
    version: str
    title: Text
    recognises: Callable[[File], bool]
    read: Callable[[Bundle], Reading]
    together: Callable[[File], str] | None = None

    def bundles(self, files: Iterable[File]) -> Iterator[Bundle]:
        """The files sorted into what is read together."""
        in_order = sorted(files, key=lambda file: file.name)
        if self.together is None:
            yield from ((file,) for file in in_order)
            return
        found: dict[str, list[File]] = {}
        for file in in_order:
            found.setdefault(self.together(file), []).append(file)
        yield from (tuple(bundle) for bundle in found.values())


def choice(values: type[_E], key: str, word: object, place: Place, reading: Reading) -> _E | None:
    """The member of a value list; a fault that names the members where the word is none of them."""
    try:
        return values(str(word))
    except ValueError:
        reading.fault(place, BAD_VALUE(key=key, value=str(word)[:80], known=", ".join(values)))
        return None
