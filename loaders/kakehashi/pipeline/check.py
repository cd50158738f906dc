"""What must hold between records, whatever file they come from; every fault is reported with its place."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kakehashi.pipeline.words import Words
from kakehashi.records.located import Fault, Located, Place
from kakehashi.records.model import Edition, Framework, Matrix, Record, Resource, Source, Statement
from kakehashi.vocabulary.text import LANGUAGES, Text

ID_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(/[A-Za-z0-9][A-Za-z0-9._~()-]*)*")
MAX_ID_LENGTH: Final = 200

BAD_ID = Text(
    "ID「{id}」は使えません。ASCIIの英数字と . _ ~ ( ) - を用い、区切りは / とします。",
    "'{id}' is no valid id. Use ASCII letters and digits and . _ ~ ( ) - with / as the separator.",
)
DUPLICATE_ID = Text("ID「{id}」は {place} で既に定義されています。", "The id '{id}' is already defined at {place}.")
REPEATED = Text("同じ記述が {place} に既にあります。", "The same statement already stands at {place}.")
DANGLING = Text("ID「{id}」の実体がどこにもありません。", "There is no entity with the id '{id}'.")
UNKNOWN_KIND = Text("種別「{word}」は語彙にありません。", "The kind '{word}' is not in the vocabulary.")
UNKNOWN_PREDICATE = Text("述語「{word}」は語彙にありません。", "The predicate '{word}' is not in the vocabulary.")
WRONG_VALUE = Text(
    "述語「{word}」の目的語は{wanted}でなければなりません。", "The object of the predicate '{word}' must be a {wanted}."
)
NO_LABEL = Text("「{id}」に{language}の名称がありません。", "'{id}' has no name in '{language}'.")
SECOND_EDITION = Text(
    "「{id}」は {place} で別の版の条項とされています。条項は一つの版に属します。",
    "'{id}' is a provision of another edition at {place}. A provision belongs to one edition.",
)


@dataclass(frozen=True, slots=True)
class _Reference:
    identifier: str
    place: Place


def faults(records: list[Located[Record]], words: Words) -> list[Fault]:
    """Everything that is wrong with the records as a whole."""
    checks: tuple[Callable[[], Iterable[Fault]], ...] = (
        lambda: _ids(records),
        lambda: _labels(records),
        lambda: _words(records, words),
        lambda: _references(records),
        lambda: _editions(records),
    )
    return [fault for check in checks for fault in check()]


def _ids(records: list[Located[Record]]) -> Iterator[Fault]:
    seen: dict[str, Place] = {}
    for located in records:
        record = located.record
        if isinstance(record, Framework | Edition | Matrix):
            continue
        if not ID_PATTERN.fullmatch(record.id) or len(record.id) > MAX_ID_LENGTH:
            yield Fault(located.place, BAD_ID(id=record.id))
        if record.id in seen:
            text = REPEATED if isinstance(record, Statement) else DUPLICATE_ID
            yield Fault(located.place, text(id=record.id, place=seen[record.id]))
        seen.setdefault(record.id, located.place)


def _labels(records: list[Located[Record]]) -> Iterator[Fault]:
    for located in records:
        record = located.record
        if isinstance(record, Resource):
            for language in LANGUAGES:
                if not any(label.language == language and label.text.strip() for label in record.labels):
                    yield Fault(located.place, NO_LABEL(id=record.id, language=language))


def _words(records: list[Located[Record]], words: Words) -> Iterator[Fault]:
    for located in records:
        match located.record:
            case Resource(kind=kind) if kind not in words.core_classes:
                yield Fault(located.place, UNKNOWN_KIND(word=kind))
            case Statement() as statement:
                yield from _predicate(statement, located.place, words)
            case Matrix() as matrix:
                if matrix.cell_kind not in words.core_classes:
                    yield Fault(located.place, UNKNOWN_KIND(word=matrix.cell_kind))
                for predicate in (matrix.row_predicate, matrix.column_predicate):
                    if predicate not in words.value_types:
                        yield Fault(located.place, UNKNOWN_PREDICATE(word=predicate))


def _predicate(statement: Statement, place: Place, words: Words) -> Iterator[Fault]:
    wanted = words.value_types.get(statement.predicate)
    found = "resource" if statement.object is not None else "literal"
    if wanted is None:
        yield Fault(place, UNKNOWN_PREDICATE(word=statement.predicate))
    elif wanted not in (found, "either"):
        yield Fault(place, WRONG_VALUE(word=statement.predicate, wanted=wanted))


def _references(records: list[Located[Record]]) -> Iterator[Fault]:
    known = {located.record.id for located in records if isinstance(located.record, Resource | Source)}
    for located in records:
        for reference in _named_by(located):
            if reference.identifier not in known:
                yield Fault(reference.place, DANGLING(id=reference.identifier))


def _named_by(located: Located[Record]) -> Iterator[_Reference]:
    for identifier in _ids_named_by(located.record):
        yield _Reference(identifier, located.place)


def _ids_named_by(record: Record) -> Iterator[str]:
    """The ids that a record names and does not define."""
    match record:
        case Statement(subject=subject, object=target, mapping=mapping):
            yield subject
            yield from (one for one in (target, mapping.mapping_set if mapping else None) if one is not None)
        case Framework(id=identifier):
            yield identifier
        case Edition(id=identifier, framework=framework, replaces=replaces, provisions=provisions):
            yield from (identifier, framework, *provisions)
            yield from (one for one in (replaces,) if one is not None)
        case Matrix(id=identifier, rows=rows, columns=columns):
            yield from (identifier, *rows, *columns)
        case Source(publisher=publisher) if publisher is not None:
            yield publisher


def _editions(records: list[Located[Record]]) -> Iterator[Fault]:
    homes: dict[str, list[Place]] = defaultdict(list)
    for located in records:
        if isinstance(located.record, Edition):
            for provision in located.record.provisions:
                if homes[provision]:
                    yield Fault(located.place, SECOND_EDITION(id=provision, place=homes[provision][0]))
                homes[provision].append(located.place)
