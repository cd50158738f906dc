"""What a load did, file by file: read, kept, left out, refused, and what dangles; for text and JSON alike."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from kakehashi.crosswalk.standing import Standing
from kakehashi.pipeline.reading import ReadSource
from kakehashi.records.located import Fault
from kakehashi.records.model import Record, Statement
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import Text

SHOWN = 5


class Outcome(StrEnum):
    """What became of a source."""

    LOADED = "loaded"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Remark(Struct, frozen=True, kw_only=True):
    """Something worth telling, in both languages, with how often and where first."""

    ja: str
    en: str
    count: int = 1
    places: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: Text, places: Iterable[object], count: int = 1) -> "Remark":
        """A remark of a text."""
        return cls(ja=text.ja, en=text.en, count=count, places=tuple(map(str, places)))

    @property
    def text(self) -> Text:
        """The remark in both languages."""
        return Text(self.ja, self.en)


class SourceReport(Struct, frozen=True, kw_only=True):
    """What was done with the files that make up one source.

    `found` counts what the files hold in the format's own words, `kept` the records made of it by type, `left_out` what makes
    no record and why; `kept_before` are the records of what it replaced. `dangling` counts ids that the source refers to and that
    nothing in the release defines.
    """

    files: tuple[str, ...]
    outcome: Outcome
    format: str | None = None
    source: str | None = None
    found: dict[str, int] = {}
    kept: dict[str, int] = {}
    kept_before: dict[str, int] = {}
    left_out: tuple[Remark, ...] = ()
    faults: tuple[Remark, ...] = ()
    dangling: int = 0
    dangling_examples: tuple[str, ...] = ()


class LoadReport(Struct, frozen=True, kw_only=True):
    """What a load did: the release that is served now (None where nothing could be loaded), and every source's part in it.

    `standings` counts the mappings of the whole release by how they stand to the algebra. `private` is the private release that
    is served now; None where no private source was named.
    """

    release: str | None
    former: str | None
    fresh: bool
    sources: tuple[SourceReport, ...]
    standings: dict[str, int] = {}
    dangling: int = 0
    private: str | None = None

    @property
    def refused(self) -> tuple[SourceReport, ...]:
        """The sources, and files of no known format, that were refused."""
        return tuple(one for one in self.sources if one.outcome is Outcome.REFUSED)


def refused_file(fault: Fault) -> SourceReport:
    """The report of a file that is no source at all."""
    return SourceReport(files=(fault.place.file,), outcome=Outcome.REFUSED, faults=(_fault(fault),))


def source_report(
    read: ReadSource, outcome: Outcome, snapshot: Snapshot | None, more: Iterable[Fault] = (), before: Iterable[Record] = ()
) -> SourceReport:
    """The report of one source; `more` are faults that show only beside other sources, `before` is what it replaced."""
    reading = read.reading
    refused = outcome is Outcome.REFUSED
    missing = [] if snapshot is None or refused else _dangling(read, snapshot)
    return SourceReport(
        files=read.files, outcome=outcome, format=read.format.name, source=None if read.source is None else read.source.id,
        found=reading.found, kept={} if refused else _counted(read.records), kept_before=_counted(before),
        left_out=tuple(Remark.of(text, left.places, left.count) for text, left in reading.left_out.items()),
        faults=tuple(_fault(fault) for fault in (*read.faults, *more)),
        dangling=len(missing), dangling_examples=tuple(missing[:SHOWN]),
    )  # fmt: skip


def _counted(records: Iterable[Record]) -> dict[str, int]:
    return dict(Counter(type(record).__name__.lower() for record in records))


def standings(snapshot: Snapshot) -> dict[str, int]:
    """The mappings of a release by how they stand to the algebra."""
    mappings = (one for one in snapshot.records.statements if one.mapping is not None)
    found = Counter(snapshot.standing(statement) for statement in mappings)
    return {standing.value: found[standing] for standing in Standing if found[standing]}


def _fault(fault: Fault) -> Remark:
    return Remark.of(fault.text, (fault.place,))


def _dangling(read: ReadSource, snapshot: Snapshot) -> list[str]:
    named = {
        end
        for record in read.records
        if isinstance(record, Statement)
        for end in (record.subject, record.object)
        if end is not None
    }
    return sorted(named & snapshot.dangling)
