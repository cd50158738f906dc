"""Statements of one source: each with an id that follows from what it says, and repeats told apart."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from kakehashi.records.identity import statement_id
from kakehashi.records.located import Place
from kakehashi.records.model import Literal, MappingDetail, Source, Statement
from kakehashi.records.values import Certainty, Nature
from kakehashi.sources.format import Reading


class More(TypedDict, total=False):
    """What a statement may say beside its ends."""

    section: str | None
    note: str | None
    mapping: MappingDetail | None


@dataclass(slots=True)
class StatementWriter:
    """Adds what a source prints to a reading; a statement that it makes again keeps an id of its own."""

    reading: Reading
    source: Source
    nature: Nature = Nature.REPORT
    _made: Counter[tuple[str, str, str, str | None]] = field(default_factory=Counter)

    def state(
        self, subject: str, predicate: str, target: str | Literal, place: Place | None = None, **more: Unpack[More]
    ) -> None:
        """Keep a statement about a resource: of another, by its id, or of a value."""
        value = target if isinstance(target, Literal) else None
        section = more.get("section")
        key = (subject, predicate, target if isinstance(target, str) else target.text, section)
        occurrence = self._made[key]
        self._made[key] += 1
        self.reading.add(
            Statement(
                id=statement_id(self.source.id, subject, predicate, target, section, occurrence), subject=subject,
                predicate=predicate, object=target if isinstance(target, str) else None, value=value, source=self.source.id,
                certainty=Certainty.PRINTED, authority=self.source.authority, nature=self.nature, **more,
            ),
            place,
        )  # fmt: skip
