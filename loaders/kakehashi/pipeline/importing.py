"""Builds what people sent in: one job at a time, oldest first, each with the effect of being built once (docs/decisions/0019).

A release's id is the hash of its content, so a job that was cut off is simply built again. One that was cut off between the
switch and its last line in the journal is known by the outcome that it prepared: the release that it names is served, or one made
from that.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec
from msgspec.structs import replace

from kakehashi.pipeline.load import Terms, load
from kakehashi.pipeline.making import Maker
from kakehashi.pipeline.reading import ReadSource
from kakehashi.pipeline.report import LoadReport, refused_file
from kakehashi.records.located import InvalidSourceError
from kakehashi.records.model import Assessment
from kakehashi.snapshot.diff import change_of, diff
from kakehashi.snapshot.difference import Changed, Difference
from kakehashi.snapshot.journal import Entry, Job, Journal, Outcome, State, Told, now
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import load_private
from kakehashi.snapshot.saved import load_current
from kakehashi.sources.files import File
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MOST_ATTEMPTS: Final = 20
"""After so many that were cut off, it is the job that ends the process, and the others are waiting."""
LATER: Final = frozenset({ErrorCode.BUSY, ErrorCode.STORE_FAILED})
"""What may be otherwise in a while: another process makes a release, a disk is full, a store cannot be reached."""

NOT_PRIVATE = Text(
    "非公開の出典ではありません。private=trueで送られたものは公開しないため、取り込みません。",
    "This is no private source. What is sent with private=true is never published, so that it is not taken.",
)
IS_PRIVATE = Text(
    "非公開の出典です。private=trueを付けて送ってください。", "This is a private source. Send it with private=true."
)
NOT_YOURS = Text(
    "キーに含まれない組織の評価を持つか、同じIDの出典がそうした評価を持つため、取り込めません。",
    "It holds assessments of an organisation that your key does not name, or the source of the same id does. It is not taken.",
)
MOVED = Text(
    "確かめたときから配信内容が変わりました。もう一度dryRun=trueで確かめるか、If-Match: * で確定してください。",
    "What is served has changed since it was looked at. Try a dry run again, or commit with If-Match: *.",
)
GIVEN_UP = Text(
    "作成が{count}回中断されたため、打ち切りました。ファイルを分けて送り直してください。",
    "Building it was cut off {count} times, and is given up. Send it again in smaller files.",
)
OURS = Text(
    "当方のプログラムの誤り({kind})が起きました。取り込みのIDとともにお知らせください。",
    "This met a mistake of ours ({kind}). Please report it with the import's id.",
)

logger: Final = logging.getLogger(__name__)


class LaterError(Exception):
    """A job cannot be built now, and waits on; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Importer:
    """Builds the jobs of a journal; `kept` is how many finished ones are remembered."""

    maker: Maker
    journal: Journal
    kept: int

    def turn(self) -> Job | None:
        """Build the oldest job that waits; None where none does, or another process is at it. LaterError where it must wait."""
        with self.journal.building() as free:
            entry = next(iter(self.journal.waiting()), None) if free else None
            if entry is None:
                return None
            self.journal.finish(entry.job, self._outcome(entry))
            self.journal.sweep(self.kept)
            return entry.job

    def _outcome(self, entry: Entry) -> Outcome:
        job, count = entry.job, entry.attempts + 1
        self.maker.repository.current()  # a store that cannot be reached is no fault of the job
        if entry.prepared is not None and self._is_served(entry.prepared):
            return entry.prepared
        if count > MOST_ATTEMPTS:
            return _failed(ErrorCode.INVALID_SOURCE, GIVEN_UP(count=entry.attempts))
        self.journal.count(job, count)
        try:
            return _Import(self.maker, self.journal, job).outcome()
        except KakehashiError as error:
            if error.code not in LATER:
                return _refused(error)
            if error.code is ErrorCode.BUSY:
                self.journal.count(job, entry.attempts)  # it did not so much as begin
            raise LaterError(error.text) from error
        except OSError as error:
            raise LaterError(Text(error.strerror or "", error.strerror or "")) from error
        except Exception as error:
            logger.exception("the import %s could not be built", job.id)
            return _failed(ErrorCode.INVALID_SOURCE, OURS(kind=type(error).__name__))

    def _is_served(self, prepared: Outcome) -> bool:
        """Whether the release that a job was about to be is served, or one that was made from it."""
        if prepared.private is None or self.maker.private is None:
            return prepared.after in set(_line(self.maker.repository))
        return prepared.private in set(_line(self.maker.private.repository))


def _line(repository: Repository) -> Iterator[str]:
    """The served release, the one that it was made from, and so on."""
    former = {release.id: release.former for release in repository.releases()}
    identifier, seen = repository.current(), set[str]()
    while identifier is not None and identifier not in seen:
        yield identifier
        seen.add(identifier)
        identifier = former.get(identifier)


@dataclass(slots=True)
class _Import:
    """One job being built."""

    maker: Maker
    journal: Journal
    job: Job
    rows: dict[str, Mapping[str, Assessment]] = field(default_factory=dict)
    """The assessments that were read, by source and id."""
    difference: Difference | None = None
    seen: str | None = None

    def outcome(self) -> Outcome:
        files = [File(file.name, content) for file, content in self.journal.contents(self.job)]
        report = load(self.maker, files, terms=Terms(self._refusal, self._prepared, self.job.dry_run))
        return self._as_outcome(report)

    def _refusal(self, read: ReadSource) -> Text | None:
        """Why a sound source is not what this job may bring."""
        if read.private != self.job.private:
            return IS_PRIVATE if read.private else NOT_PRIVATE
        if not read.private:
            return None
        found = {one.id: one for one in read.records if isinstance(one, Assessment)}
        self.rows[read.id] = found
        concerned = {one.organisation for one in (*found.values(), *self._former(read.id).values())}
        return None if concerned <= set(self.job.organisations) else NOT_YOURS

    def _former(self, source: str) -> Mapping[str, Assessment]:
        """What the private release says in a source so far."""
        if self.maker.private is None:
            return {}
        whole = load_private(self.maker.private.home, self.maker.private.repository)
        return {one.id: one for one in whole.assessments if one.source == source}

    def _prepared(self, report: LoadReport, snapshot: Snapshot) -> None:
        """Stop where the ground has moved; else keep what will be told, and what a dry run would change."""
        before = self.maker.repository.current()
        self.seen = self._seen() if self.job.private else None
        moved = self.job.expected not in (None, before) or self.job.seen not in (None, self.seen)
        if moved and report.release != report.former:
            raise KakehashiError(ErrorCode.CONFLICT, MOVED)
        if self.job.dry_run:
            self.difference = self._private_difference() if self.job.private else self._difference(snapshot)
        else:
            self.journal.prepare(
                self.job, self._as_outcome(replace(report, private=report.release) if self.job.private else report)
            )

    def _seen(self) -> str:
        """A digest of the private rows in the way of this job; what others have does not show in it."""
        rows = [row for source in sorted(self.rows) for _, row in sorted(self._former(source).items())]
        return hashlib.sha256(msgspec.json.encode(rows)).hexdigest()[:32]

    def _difference(self, after: Snapshot) -> Difference | None:
        if self.maker.repository.current() is None:
            return None
        return Difference.of(diff(load_current(self.maker.home, self.maker.repository), after))

    def _private_difference(self) -> Difference:
        before = {key: row for source in self.rows for key, row in self._former(source).items()}
        after = {key: row for rows in self.rows.values() for key, row in rows.items()}
        return Difference(changes={"assessments": Changed.of(change_of(before, after))})

    def _as_outcome(self, report: LoadReport) -> Outcome:
        """The outcome of a load: refused where nothing was taken. What others do in private shows in no part of it."""
        private, public = report.private, self.maker.repository.current()
        before, after = (public, public) if self.job.private else (report.former, report.release)
        told = replace(report, private=None, release=after, former=before)
        return Outcome(
            state=State.REFUSED if len(report.refused) == len(report.sources) else State.DONE, finished=now(),
            before=before, after=after, report=msgspec.to_builtins(told), difference=self.difference,
            seen=self.seen, private=private if self.job.private else None,
        )  # fmt: skip


def _refused(error: KakehashiError) -> Outcome:
    """What cannot be loaded, with every fault."""
    faults = error.faults if isinstance(error, InvalidSourceError) else ()
    report = LoadReport(release=None, former=None, fresh=False, sources=tuple(map(refused_file, faults)))
    told = msgspec.to_builtins(report) if faults else None
    return Outcome(state=State.REFUSED, finished=now(), report=told, error=_told(error.code, error.text))


def _failed(code: ErrorCode, text: Text) -> Outcome:
    return Outcome(state=State.FAILED, finished=now(), error=_told(code, text))


def _told(code: ErrorCode, text: Text) -> Told:
    return Told(code=code, ja=text.ja, en=text.en)
