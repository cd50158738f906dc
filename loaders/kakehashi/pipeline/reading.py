"""Reads bundles of files into checked, canonical sources: each whole, or refused with all that is wrong with it."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kakehashi.pipeline.check import NO_SOURCE, Checked, faults_of
from kakehashi.pipeline.formats import sorted_by_format
from kakehashi.pipeline.words import Words
from kakehashi.records.canonical import canonical_record
from kakehashi.records.identity import content_digest
from kakehashi.records.located import Fault, Place
from kakehashi.records.model import Record, Source
from kakehashi.records.values import Redistribution
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import MAX_FAULTS, Bundle, Format, Reading, StoppedError
from kakehashi.sources.workbooks import claims_to_be_workbook, workbook
from kakehashi.vocabulary.text import Text

UNRECOGNISED = Text(
    "どの形式とも認識できません。読み込める形式は「kakehashi formats」で確かめられます。",
    "This is no known format. 'kakehashi formats' lists those that can be read.",
)
TOO_DEEP = Text("入れ子が深すぎて読めません。", "It is nested too deep to be read.")

OURS = Text(
    "このファイルの読み込み中に、当方のプログラムの誤り({kind})が起きました。ファイルとともにお知らせください。",
    "Reading this file met a mistake of ours ({kind}). Please report it with the file.",
)

logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSource:
    """What was read out of a bundle. With faults it has no digest, and none of its records is ever stored."""

    files: tuple[str, ...]
    format: Format
    reading: Reading
    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    digest: str = ""

    @property
    def source(self) -> Source | None:
        """The source; None where the bundle did not get so far."""
        return self.reading.source

    @property
    def id(self) -> str:
        """The id of the source; the name of its first file where there is none."""
        return self.source.id if self.source is not None else self.files[0]

    @property
    def private(self) -> bool:
        """Whether it belongs into the private releases."""
        return self.source is not None and self.source.redistribution is Redistribution.PRIVATE

    @property
    def checked(self) -> Checked:
        """What the checks over several sources look at."""
        return Checked(self.records, self.reading.places, Place(self.files[0]), self.reading.own)


def read_sources(files: Iterable[File], words: Words) -> tuple[Iterator[ReadSource], list[Fault]]:
    """The sources, read one after the other as they are asked for, and a fault for each file that no format recognises."""
    bundles, strangers = sorted_by_format(files)
    return (read_bundle(one, bundle, words) for one, bundle in bundles), [_strange(file) for file in strangers]


def _strange(file: File) -> Fault:
    """Why no format recognises a file: it cannot be read at all, or it is of none."""
    try:
        _ = workbook(file) if claims_to_be_workbook(file) else file.document
    except UnreadableError as error:
        place = error.fault.place
        return Fault(place if place.file == file.name else Place(file.name), error.fault.text)
    finally:
        file.forget()
    return Fault(Place(file.name), UNRECOGNISED)


def read_bundle(source_format: Format, bundle: Bundle, words: Words) -> ReadSource:
    """One source out of its files."""
    reading = _read(source_format, bundle)
    names = tuple(file.name for file in bundle)
    records = tuple(canonical_record(record) for record in reading.records)
    if reading.source is None and not reading.faults:
        reading.fault(Place(names[0]), NO_SOURCE)
    checked = Checked(records, reading.places, Place(names[0]), reading.own)
    faults = (*reading.faults, *faults_of(checked, words))[:MAX_FAULTS]
    for file in bundle:
        file.forget()
    return ReadSource(
        files=names, format=source_format, reading=reading, records=records, faults=faults,
        digest="" if faults else content_digest(records),
    )  # fmt: skip


def _read(source_format: Format, bundle: Bundle) -> Reading:
    try:
        return source_format.read(bundle)
    except UnreadableError as error:
        return Reading(faults=[error.fault])
    except StoppedError as stopped:
        end = Fault(stopped.place or Place(bundle[0].name), stopped.text)
        said = stopped.reading.source  # whether it is private is known, however much is wrong with the rest
        faults = [end, *stopped.reading.faults]
        return Reading(records=[] if said is None else [said], faults=faults, found=stopped.reading.found)
    except RecursionError:
        return Reading(faults=[Fault(Place(bundle[0].name), TOO_DEEP)])
    except Exception as error:
        logger.exception("%s could not be read", bundle[0].name)
        return Reading(faults=[Fault(Place(bundle[0].name), OURS(kind=type(error).__name__))])
