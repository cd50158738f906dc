"""Records in the one form that is stored: what has no order sorted, nothing twice, language tags in lower case."""

import unicodedata
from typing import Final, TypeVar

from msgspec.structs import replace

from kakehashi.records.model import (
    Edition,
    Framework,
    Group,
    Label,
    Literal,
    MappingDetail,
    MappingSet,
    Record,
    Resource,
    SetReading,
    Source,
    Statement,
)

_R = TypeVar("_R", bound=Record | MappingDetail)

_LABELS: Final[dict[type, tuple[str, ...]]] = {
    Resource: ("labels", "texts"), Source: ("labels",), Framework: ("reasons",), SetReading: ("reasons",),
    MappingDetail: ("rationale",),
}  # fmt: skip
_SETS: Final[dict[type, tuple[str, ...]]] = {
    Edition: ("selected", "selected_with_parts", "selects_all_of", "excluded"), Group: ("subjects", "objects"),
    MappingSet: ("derived_from",),
}  # fmt: skip


def canonical_record(record: Record) -> Record:
    """The record in canonical form; one that is canonical already is given back as it is."""
    if isinstance(record, Statement):
        return _statement(record)
    if isinstance(record, Group):
        record = _changed(record, {"mapping": _tidy(record.mapping)})
    return _tidy(record)


def plain(text: str) -> str:
    """A name or a number as it is compared: width does not matter, and spaces do not repeat."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _statement(record: Statement) -> Statement:
    changes: dict[str, object] = {}
    if record.mapping is not None and record.mapping.rationale:
        changes["mapping"] = _tidy(record.mapping)
    if record.value is not None and record.value.language is not None:
        changes["value"] = Literal(text=record.value.text, language=record.value.language.lower())
    return _changed(record, changes) if changes else record


def _tidy(record: _R) -> _R:
    changes: dict[str, object] = {name: _labels(getattr(record, name)) for name in _LABELS.get(type(record), ())}
    changes |= {name: _sorted_set(getattr(record, name)) for name in _SETS.get(type(record), ())}
    return _changed(record, changes)


def _changed(record: _R, changes: dict[str, object]) -> _R:
    real = {name: value for name, value in changes.items() if value is not getattr(record, name)}
    return replace(record, **real) if real else record


def _labels(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    if not labels or (len(labels) == 1 and labels[0].language.islower()):
        return labels
    return tuple(sorted({Label(language=one.language.lower(), text=one.text, ours=one.ours) for one in labels}))


def _sorted_set(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(ids))) if ids else ids
