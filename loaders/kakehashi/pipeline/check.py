"""What must hold of records, whatever file they come from; every fault is reported with its place."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from kakehashi.pipeline.words import Words
from kakehashi.records.located import Fault, Place
from kakehashi.records.model import (
    Assessment,
    Edition,
    Framework,
    Group,
    Label,
    Literal,
    MappingDetail,
    MappingSet,
    Matrix,
    Record,
    Resource,
    SetReading,
    Source,
    Statement,
)
from kakehashi.records.values import AssessmentStatus, Redistribution
from kakehashi.vocabulary.text import LANGUAGES, Text

MAX_ID_LENGTH: Final = 200
MAX_TEXT: Final = 200_000

# One regular expression for all that is written into an IRI, so that an id is never more than one path below the base.
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(?:/[A-Za-z0-9][A-Za-z0-9._~()-]*)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
_JUSTIFICATION: Final = re.compile(r"https://w3id\.org/semapv/vocab/[A-Za-z]+")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_VALUES: Final = {
    "string": re.compile(r".*", re.DOTALL),
    "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    "date": re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"),
}
# What XML 1.0 cannot carry, and with it no SPARQL result in XML.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

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
NO_NAME = Text("「{id}」に名称がありません。", "'{id}' has no name.")
TWO_NAMES = Text("「{id}」に{language}の名称が二つあります。", "'{id}' has two names in '{language}'.")
BAD_LANGUAGE = Text("「{language}」は言語タグ(BCP 47)ではありません。", "'{language}' is no language tag (BCP 47).")
BAD_LITERAL = Text("「{value}」は{datatype}の値ではありません。", "'{value}' is no value of {datatype}.")
BAD_DETAIL = Text("対応付けの{key}「{value}」は使えません。", "'{value}' is no {key} of a mapping.")
UNFIT_TEXT = Text(
    "「{id}」の文字列に、使えない制御文字か不完全な文字があります。",
    "A text of '{id}' holds a control character, or half a character, that cannot be stored.",
)
LONG_TEXT = Text("「{id}」の文字列が{limit}文字を超えています。", "A text of '{id}' is longer than {limit} characters.")
SECOND_EDITION = Text(
    "「{id}」は {place} で別の版の条項とされています。条項は一つの版に属します。",
    "'{id}' is a provision of another edition at {place}. A provision belongs to one edition.",
)
OF_ITSELF = Text(
    "「{id}」を版と枠組みの両方のIDにはできません。別のIDを付けてください。",
    "'{id}' cannot be the id of both an edition and its framework. Give one of them another.",
)
NO_SOURCE = Text("読み取った内容に出典がありません。", "What was read names no source.")
PUBLIC_IN_PRIVATE = Text(
    "非公開(private)の出典に置けるのは評価だけです。redistributionをlocal-onlyなどにしてください。",
    "A private source holds assessments only. Choose another redistribution, such as local-only.",
)
PRIVATE_IN_PUBLIC = Text("評価は非公開(private)の出典にしか置けません。", "Assessments are held by private sources only.")
NO_JUSTIFICATION = Text(
    "適用しない条項には、列「justification」(理由)に理由を書いてください。",
    "A provision that does not apply needs its reason in the column 'justification'.",
)
CONTRADICTS = Text(
    "{place} が、同じ組織・範囲・条項・日について別のことを述べています。どちらかを取り除いてください。",
    "{place} states something else of the same organisation, scope, provision and day. Take one of them out.",
)
BAD_SHA = Text("出典のチェックサムが正しくありません。", "The checksum of the source is malformed.")


@dataclass(frozen=True, slots=True)
class Checked:
    """The records of one source with the places that are known of them by position, for checking."""

    records: Sequence[Record]
    places: Mapping[int, Place]
    default: Place
    own: bool

    def placed(self) -> Iterator[tuple[Record, Place]]:
        """Each record with where it was read."""
        for position, record in enumerate(self.records):
            yield record, self.places.get(position, self.default)


def faults_of(checked: Checked, words: Words) -> list[Fault]:
    """Everything that is wrong with the records of one source on their own."""
    found: list[Fault] = []
    seen: dict[tuple[type, str], Place] = {}
    for record, place in checked.placed():
        key = (type(record), record.id)
        if key in seen:
            text = REPEATED if isinstance(record, Statement) else DUPLICATE_ID
            found.append(Fault(place, text(id=record.id[:MAX_ID_LENGTH], place=seen[key])))
        seen[key] = place
        found += [Fault(place, text) for text in _of_record(record, words, own=checked.own)]
    return [*found, *_of_another_room(checked)]


def _of_another_room(checked: Checked) -> Iterator[Fault]:
    """Private sources hold assessments and nothing else, and nothing else holds any: so no release can hold both."""
    private = any(isinstance(one, Source) and one.redistribution is Redistribution.PRIVATE for one in checked.records)
    for record, place in checked.placed():
        if not isinstance(record, Source) and isinstance(record, Assessment) != private:
            yield Fault(place, PUBLIC_IN_PRIVATE if private else PRIVATE_IN_PUBLIC)
            return


def _of_record(record: Record, words: Words, *, own: bool) -> Iterator[Text]:
    yield from _ids(record)
    match record:
        case Statement():
            yield from _statement(record, words)
        case Resource():
            yield from _resource(record, words, own=own)
        case Source():
            yield from _texts(record.id, (record.rights, record.version), record.labels)
            if not _SHA256.fullmatch(record.sha256):
                yield BAD_SHA
        case Group():
            yield from _detail(record.id, record.mapping)
        case Framework() | SetReading():
            yield from _texts(record.id, (), record.reasons)
            yield from _both_languages(record.id, record.reasons)
        case Matrix():
            if record.cell_kind not in words.core_classes:
                yield UNKNOWN_KIND(word=record.cell_kind)
            for predicate in (record.row_predicate, record.column_predicate):
                if predicate not in words.value_types:
                    yield UNKNOWN_PREDICATE(word=predicate)
        case Edition():
            yield from _edition(record)
        case Assessment():
            yield from _assessment(record)


def _ids(record: Record) -> Iterator[Text]:
    for identifier in (record.id, *_named_by(record)):
        if len(identifier) > MAX_ID_LENGTH or not _ID.fullmatch(identifier):
            yield BAD_ID(id=identifier[:MAX_ID_LENGTH])


def _resource(record: Resource, words: Words, *, own: bool) -> Iterator[Text]:
    if record.kind not in words.core_classes:
        yield UNKNOWN_KIND(word=record.kind)
    if not any(label.text.strip() for label in record.labels):
        yield NO_NAME(id=record.id)
    if own:
        yield from _both_languages(record.id, record.labels)
    languages = [label.language for label in record.labels]
    if len(languages) > 1 and len(set(languages)) < len(languages):
        yield TWO_NAMES(id=record.id, language=next(one for one in languages if languages.count(one) > 1))
    yield from _texts(record.id, (record.notation,), (*record.labels, *record.texts))


def _both_languages(identifier: str, labels: tuple[Label, ...]) -> Iterator[Text]:
    for language in LANGUAGES:
        if not any(label.language == language and label.text.strip() for label in labels):
            yield NO_LABEL(id=identifier, language=language)


def _statement(record: Statement, words: Words) -> Iterator[Text]:
    wanted = words.value_types.get(record.predicate)
    found = "resource" if record.object is not None else "literal"
    if wanted is None:
        yield UNKNOWN_PREDICATE(word=record.predicate[:MAX_ID_LENGTH])
    elif wanted not in (found, "either") or (record.object is None) == (record.value is None):
        yield WRONG_VALUE(word=record.predicate, wanted=wanted)
    if record.value is not None:
        yield from _literal(record.id, record.value)
    if record.mapping is not None:
        yield from _detail(record.id, record.mapping)
    if record.section is not None or record.note is not None or record.confidence is not None:
        yield from _texts(record.id, (record.section, record.note, record.confidence), ())


def _literal(identifier: str, value: Literal) -> Iterator[Text]:
    pattern = _VALUES.get(value.datatype)
    if pattern is None or not pattern.fullmatch(value.text):
        yield BAD_LITERAL(value=value.text[:MAX_ID_LENGTH], datatype=value.datatype)
    if value.language is not None and not _LANGUAGE.fullmatch(value.language):
        yield BAD_LANGUAGE(language=value.language)
    yield from _texts(identifier, (value.text,), ())


def _detail(identifier: str, detail: MappingDetail) -> Iterator[Text]:
    if not _JUSTIFICATION.fullmatch(detail.justification):
        yield BAD_DETAIL(key="justification", value=detail.justification[:MAX_ID_LENGTH])
    if detail.confidence is not None and not 0 <= detail.confidence <= 1000:
        yield BAD_DETAIL(key="confidence", value=detail.confidence)
    if not detail.verbatim:
        yield BAD_DETAIL(key="verbatim", value="")
    yield from _texts(identifier, (detail.verbatim, detail.strength), detail.rationale)


def _edition(record: Edition) -> Iterator[Text]:
    yield from _texts(record.id, (record.version,), ())
    if record.id == record.framework:
        yield OF_ITSELF(id=record.id)


def _assessment(record: Assessment) -> Iterator[Text]:
    """Its references are looked up in the public release, and are ids of it or faults by then (`pipeline.assessing`)."""
    said = (record.organisation, record.scope, record.reviewer, record.justification, record.evidence, record.remark)
    yield from _texts(record.id, said, ())
    if record.status is AssessmentStatus.NOT_APPLICABLE and not record.justification:
        yield NO_JUSTIFICATION


def _texts(identifier: str, plain: Iterable[str | None], labels: tuple[Label, ...]) -> Iterator[Text]:
    for text in (*plain, *(label.text for label in labels)):
        if text is not None:
            if len(text) > MAX_TEXT:
                yield LONG_TEXT(id=identifier, limit=MAX_TEXT)
            if not text.isprintable() and _UNFIT.search(text):
                yield UNFIT_TEXT(id=identifier)
    for label in labels:
        if not _LANGUAGE.fullmatch(label.language):
            yield BAD_LANGUAGE(language=label.language)


def faults_together(sources: Iterable[Checked]) -> Iterator[Fault]:
    """What is wrong with sources as a whole: references of our own data to nothing, and provisions of two editions."""
    whole = list(sources)
    known = {record.id for one in whole for record in one.records if isinstance(record, Resource | Source | Group)}
    for one in whole:
        if one.own:
            for record, place in one.placed():
                names = (*_of_itself(record), *_named_by(record))
                yield from (Fault(place, DANGLING(id=name)) for name in names if name not in known)
    yield from _second_editions(whole)
    yield from _contradictions(whole)


def _second_editions(sources: list[Checked]) -> Iterator[Fault]:
    homes: dict[str, tuple[str, Place]] = {}
    for one in sources:
        for record, place in one.placed():
            if not isinstance(record, Edition):
                continue
            listed: set[str] = set()
            for provision in record.provisions:
                home, first = homes.setdefault(provision, (record.id, place))
                if home != record.id or provision in listed:
                    yield Fault(place, SECOND_EDITION(id=provision, place=first))
                listed.add(provision)


def _contradictions(sources: list[Checked]) -> Iterator[Fault]:
    """Assessments of one subject and day that differ in what they state, whoever states it."""
    first: dict[object, tuple[Assessment, Place]] = {}
    for one in sources:
        for record, place in one.placed():
            if isinstance(record, Assessment):
                known, where = first.setdefault((record.subject, record.assessed_on), (record, place))
                if _stated(known) != _stated(record):
                    yield Fault(place, CONTRADICTS(place=where))


def _stated(one: Assessment) -> Assessment:
    return replace(one, id="", source="", edition="")


def _of_itself(record: Record) -> tuple[str, ...]:
    """The id of the resource that a record of structure describes. A set may be registered before it is loaded."""
    return (record.id,) if isinstance(record, Framework | Edition | Matrix | MappingSet) else ()


def _named_by(record: Record) -> tuple[str, ...]:
    """The ids that a record names and does not define."""
    found: tuple[str | None, ...] = ()
    match record:
        case Statement():
            found = (record.subject, record.object, *(() if record.mapping is None else _named_by_detail(record.mapping)))
        case Resource():
            found = (record.parent,)
        case Edition():
            selections = (*record.selected, *record.selected_with_parts, *record.selects_all_of, *record.excluded)
            found = (record.framework, record.replaces, *record.provisions, *selections)
        case Group():
            found = (*record.subjects, *record.objects, record.mapping.mapping_set)
        case MappingSet():
            found = (*record.derived_from, record.subject_edition, record.object_edition)
        case Matrix():
            found = (*record.rows, *record.columns)
        case Source():
            found = (record.publisher,)
    return tuple(one for one in found if one is not None)


def _named_by_detail(detail: MappingDetail) -> tuple[str, ...]:
    return (detail.mapping_set,) if detail.group is None else (detail.mapping_set, detail.group)
