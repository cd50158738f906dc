"""`build`: a release of just the named inputs; any fault at all refuses the whole of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from kakehashi.pipeline.check import faults_together
from kakehashi.pipeline.inputs import gathered
from kakehashi.pipeline.making import Maker, making
from kakehashi.pipeline.reading import ReadSource, read_sources
from kakehashi.pipeline.validate import violations
from kakehashi.records.located import Fault, InvalidSourceError, Place
from kakehashi.snapshot.merging import merged
from kakehashi.sources.files import File
from kakehashi.store.codec import Encoder
from kakehashi.store.port import Release
from kakehashi.vocabulary.text import Text

READING: Final = Text("データを読んでいます", "Reading the data")
STORING: Final = Text("格納し、検証しています", "Storing and validating")
STEPS: Final = (READING, STORING)

SAME_SOURCE = Text(
    "出典「{id}」が {other} からも、別の内容で読み込まれています。一方だけを読み込んでください。",
    "The source '{id}' is read from {other} as well, with other content. Load one of the two.",
)

PRIVATE = Text(
    "「{id}」は非公開の出典です。リリースを作った後に「kakehashi load」で読み込んでください。",
    "'{id}' is a private source. Load it with 'kakehashi load' once there is a release.",
)

Report = Callable[[Text], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did; `fresh` is false where the very same release was there already."""

    release: Release
    fresh: bool
    counts: Mapping[str, int]


def build(maker: Maker, inputs: Iterable[Traversable | File], report: Report = lambda _: None) -> Built:
    """Build a release of the inputs and serve it.

    Raises InvalidSourceError with every fault, or KakehashiError(BUSY); in both cases the former release stays.
    """
    with making(maker) as one:
        report(READING)
        sources = read_all(inputs, maker)
        report(STORING)
        for source in sources:
            one.add(source)
        release, fresh = one.finish(_places(sources))
        return Built(release=release, fresh=fresh, counts=_counts(sources))


def read_all(inputs: Iterable[Traversable | File], maker: Maker) -> list[ReadSource]:
    """All sources of the inputs; InvalidSourceError with every fault of every one of them."""
    files, faults = gathered(inputs)
    readings, strangers = read_sources(files, maker.words)
    sources = list(readings)
    found = [*faults, *strangers, *(fault for one in sources for fault in one.faults), *_twice(sources)]
    found += [Fault(Place(one.files[0]), PRIVATE(id=one.id)) for one in sources if one.private]
    found += faults_together(one.checked for one in sources)
    if found:
        raise InvalidSourceError(found)
    return sources


def validate(sources: Iterable[ReadSource], maker: Maker) -> None:
    """Hold sources against the shapes with pySHACL: slow, and the measure for the compiled shapes that a build uses.

    It knows no graphs, so that what several sources say of one thing is joined first.
    """
    encoder = Encoder(maker.ids, maker.words.core_classes)
    read = list(sources)
    joined = list(merged(record for one in read for record in one.records))
    found = violations(encoder.graph(joined), maker.ids, _places(read))
    if found:
        raise InvalidSourceError(found)


def _places(sources: Iterable[ReadSource]) -> Mapping[str, Place]:
    """Where each record was read, by its id."""
    return {record.id: place for one in sources for record, place in one.checked.placed()}


def _twice(sources: list[ReadSource]) -> Iterable[Fault]:
    first: dict[str, ReadSource] = {}
    for one in sources:
        known = first.setdefault(one.id, one)
        if known is not one:
            yield Fault(Place(one.files[0]), SAME_SOURCE(id=one.id, other=known.files[0]))


def _counts(sources: Iterable[ReadSource]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for one in sources:
        for record in one.records:
            name = type(record).__name__.lower()
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))
