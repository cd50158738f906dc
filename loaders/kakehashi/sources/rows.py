"""The rows of one mapping set as records: a statement for each pair, and a group where a row joins several on a side."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from msgspec.structs import replace

from kakehashi.records.located import Place
from kakehashi.records.model import Group, Label, MappingDetail, MappingSet, Record, Resource, Source
from kakehashi.records.values import Certainty, MappingStatus, RationaleKind, StatedAs
from kakehashi.sources.format import Reading
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.wording import of_pair
from kakehashi.vocabulary.iris import SEMAPV
from kakehashi.vocabulary.text import Text

MANUAL: Final = SEMAPV + "ManualMappingCuration"
UNSPECIFIED: Final = SEMAPV + "UnspecifiedMatching"

MAX_PAIRS: Final = 10_000

TOO_WIDE = Text(
    "一行の対応が{pairs}組になり、上限の{limit}組を超えます。行を分けてください。",
    "One row stands for {pairs} pairs, more than the limit of {limit}. Split the row.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """One row as published: the union of its subjects in a relation to the union of its objects."""

    subjects: Sequence[str]
    predicate: str
    objects: Sequence[str]
    verbatim: str
    rationale: Sequence[Label] = ()
    rationale_kind: RationaleKind | None = None
    strength: str | None = None
    confidence: int | None = None


@dataclass(slots=True)
class RowWriter:
    """Writes rows to a reading; counts repeats, so that ids stay unique."""

    reading: Reading
    source: Source
    mapping_set: str
    justification: str = MANUAL
    status: MappingStatus = MappingStatus.PUBLISHED
    rows: int = 0
    _stating: StatementWriter = field(init=False)
    _groups: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._stating = StatementWriter(self.reading, self.source)

    def write(self, row: MappingRow, place: Place) -> None:
        """Keep a row, with its group and its pairs."""
        ends = tuple(dict.fromkeys(row.subjects)), tuple(dict.fromkeys(row.objects))
        pairs = len(ends[0]) * len(ends[1])
        if pairs > MAX_PAIRS:
            self.reading.fault(place, TOO_WIDE(pairs=pairs, limit=MAX_PAIRS))
            return
        self.rows += 1
        detail = MappingDetail(
            mapping_set=self.mapping_set, verbatim=row.verbatim, justification=self.justification, status=self.status,
            rationale=tuple(row.rationale), rationale_kind=row.rationale_kind, strength=row.strength, confidence=row.confidence,
        )  # fmt: skip
        if pairs > 1:
            detail = replace(detail, group=self._group(ends, row.predicate, detail, place))
        predicate = of_pair(row.predicate, len(ends[0]), len(ends[1]))
        for subject, target in product(*ends):
            self._stating.state(subject, predicate, target, place, mapping=detail)

    def records(self, labels: tuple[Label, ...], stated_as: StatedAs, subject: str, target: str) -> Iterator[Record]:
        """What is to be told of the set as a whole, once its rows are written: its name, and the editions of its two sides."""
        yield Resource(id=self.mapping_set, kind="mapping-set", labels=labels, source=self.source.id)
        yield MappingSet(
            id=self.mapping_set, source=self.source.id, stated_as=stated_as, rows=self.rows, subject_edition=subject,
            object_edition=target,
        )  # fmt: skip

    def _group(self, ends: tuple[tuple[str, ...], tuple[str, ...]], predicate: str, detail: MappingDetail, place: Place) -> str:
        content = json.dumps([self.source.id, self.mapping_set, detail.verbatim, *ends])
        key = hashlib.sha256(f"{content}{self._groups[content] or ''}".encode()).hexdigest()[:16]
        self._groups[content] += 1
        group = Group(
            id=f"group/{key}", source=self.source.id, authority=self.source.authority, certainty=Certainty.PRINTED,
            subjects=ends[0], predicate=predicate, objects=ends[1], mapping=detail,
        )  # fmt: skip
        self.reading.add(group, place)
        return group.id
