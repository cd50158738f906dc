"""What of a source may leave this place, by its `redistribution` (docs/decisions/0006-what-leaves.md).

Everything that hands records out in bulk asks here: the export of the graph, and the RDF that an id resolves to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from kakehashi.records.model import Assessment, Group, Label, Literal, MappingDetail, Record, Resource, Source, Statement
from kakehashi.records.values import Redistribution

_WORD: Final = re.compile(r"[!-~§]{1,40}")
"""One word or number without a space, as publishers number sections and name relations: nobody's sentence."""


def leaving(records: Iterable[Record], redistribution: Redistribution) -> Iterator[Record]:
    """What leaves of the records of one source; the rest is left out, or left without what is the publisher's."""
    for record in records:
        left = left_of(record, redistribution)
        if left is not None:
            yield left


def left_of(record: Record, redistribution: Redistribution) -> Record | None:
    """What leaves of one record; None where nothing does."""
    if redistribution is Redistribution.PRIVATE or isinstance(record, Assessment):
        return None
    if redistribution is Redistribution.OPEN or isinstance(record, Source):
        return record
    return _cited(record) if redistribution is Redistribution.CITATION_ONLY else _named(record)


def leaving_of_many(records: Iterable[Record], sources: Mapping[str, Source]) -> Iterator[Record]:
    """What leaves of records of several sources; of a source that nobody describes, as little as of a local one."""
    for record in records:
        source = record if isinstance(record, Source) else sources.get(record.source)
        left = left_of(record, Redistribution.LOCAL_ONLY if source is None else source.redistribution)
        if left is not None:
            yield left


def _named(record: Record) -> Record | None:
    """Of a local-only source: that there is such a thing, of what kind, and what we call it."""
    if not isinstance(record, Resource):
        return None
    return Resource(id=record.id, kind=record.kind, source=record.source, labels=_ours(record.labels))


def _cited(record: Record) -> Record | None:
    """Of a source that may be cited: structure and bare statements, in our words or in none."""
    match record:
        case Resource():
            return replace(record, labels=_ours(record.labels), texts=())
        case Statement():
            return _bare(record)
        case Group():
            return replace(record, mapping=_bare_detail(record.mapping))
    return record


def _bare(statement: Statement) -> Statement | None:
    if statement.object is None and not _is_fact(statement.value):
        return None
    detail = None if statement.mapping is None else _bare_detail(statement.mapping)
    return replace(statement, section=_word(statement.section), note=None, confidence=None, mapping=detail)


def _bare_detail(detail: MappingDetail) -> MappingDetail:
    return replace(detail, verbatim=_word(detail.verbatim) or "", rationale=_ours(detail.rationale), strength=None)


def _is_fact(value: Literal | None) -> bool:
    """A number, a date or an address, which nobody words."""
    return value is not None and value.language is None and value.datatype != "string"


def _word(text: str | None) -> str | None:
    return text if text is not None and _WORD.fullmatch(text) else None


def _ours(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    return tuple(label for label in labels if label.ours)
