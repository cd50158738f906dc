"""A folder of CREs: each file is one common requirement with its links to other CREs and to sections of standards.

`Contains` is meant to give the hierarchy, but the export of 2023 writes it at both ends of a link, so that a file says neither
which of the two holds the other nor that either does. Direction is believed only where no pair of the folder claims both.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, MappingSet, Resource, Source
from kakehashi.records.values import StatedAs
from kakehashi.sources.entries import NOT_A_LIST, NOT_A_MAPPING, text_of, texts_of
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Bundle, Reading
from kakehashi.sources.opencre.common import BAD_CRE, CRE_ID, LANGUAGE, MAX_SHOWN, NAME, begin, cre_work, set_resource, titled
from kakehashi.sources.opencre.sections import Section, SectionKeeper, section_of
from kakehashi.sources.rows import UNSPECIFIED, MappingRow, RowWriter
from kakehashi.sources.spelling import slug
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

_BEGINNING: Final = re.compile(rb"^doctype:[ \t]*['\"]?CRE\b", re.MULTILINE)
_BEGINNING_BYTES: Final = 8192

CONTAINS: Final = "Contains"
PART_OF: Final = "Is Part Of"
_PREDICATES: Final = {
    "Linked To": "linked-to",
    "Automatically linked to": "linked-to",
    "Related": "related-control",
    CONTAINS: "has-part",
    PART_OF: "part-of",
}
"""How OpenCRE's words are read; the hierarchy becomes the parent of a CRE, and statements only where there are several."""
_UNDIRECTED: Final = "linked-to"
"""How the words of the hierarchy are read where the direction is not told."""

NAMELESS: Final = frozenset({".yaml", ".yml"})
"""What the export calls a CRE without an id, for it names files after ids."""

TITLE: Final = titled("OpenCRE 共通要求事項", "OpenCRE common requirements")

_CRE: Final = "CRE"
_STANDARDS: Final = frozenset({"Standard", "Tool", "Code"})

_CRE_KEYS: Final = frozenset({"doctype", "id", "name", "links", "tags"})
_LINK_KEYS: Final = frozenset({"ltype", "document"})
_DOCUMENT_KEYS: Final = frozenset({"doctype", "id", "name", "section", "sectionID", "hyperlink", "tags"})

UNKNOWN_LINK = Text("ltype「{word}」は使えません。使えるのは {known} です。", "'{word}' is no ltype. Known ones: {known}.")
UNKNOWN_DOCUMENT = Text(
    "doctype「{word}」は使えません。使えるのは {known} です。", "'{word}' is no doctype of a link. Known ones: {known}."
)
NOT_A_CRE = Text("CREのフォルダの中でdoctypeがCREではありません。", "In a folder of CREs, the doctype is not CRE.")
NO_DOCUMENT = Text("リンクにdocumentがありません。", "The link has no document.")
NO_TARGET = Text("リンク先のCREに番号も名前もありません。", "The CRE that is linked to has neither an id nor a name.")
TWICE = Text(
    "CRE「{id}」は{other}にもあります。一方を除いてください。", "The CRE '{id}' is in {other} too. Take one of them away."
)
CYCLE = Text("CRE「{id}」は自分自身の上位にあります。", "The CRE '{id}' stands above itself.")
NO_ID = Text(
    "番号のないCRE。何からも参照できないため取り込まない。",
    "A CRE without an id; nothing can refer to it, so it is left.",
)
OTHER_NAME = Text(
    "リンクに書かれたCREの名前が、そのCRE自身の名前と違う。番号に従った。",
    "The link calls the CRE otherwise than the CRE calls itself; the id was followed.",
)
TAG = Text(
    "タグ。関連するCREの名前の繰り返しであり、リンクとして別に取り込んだ。",
    "A tag; it repeats the name of a CRE that is linked to.",
)
OTHER_FIELDS = Text("この版の読み込みが扱わない項目。", "A field that this reader does not take up.")


@dataclass(frozen=True, slots=True)
class _Link:
    """A link of a CRE: the publisher's word, and the CRE or the section that it points to."""

    place: Place
    word: str
    target: str
    name: str | None = None
    section: Section | None = None


@dataclass(slots=True)
class _Cre:
    id: str
    notation: str
    name: str
    place: Place
    links: list[_Link]


@dataclass(slots=True)
class _Reader:
    reading: Reading
    cres: dict[str, _Cre] = field(default_factory=dict)
    directed: bool = False
    parents: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Writer:
    """What a folder is written with, once it is read."""

    source: Source
    rows: RowWriter
    keeper: SectionKeeper
    counts: Counter[str] = field(default_factory=Counter)
    """The rows of each mapping set, by the edition of its objects."""


def begins_as_cre(file: File) -> bool:
    """Whether a file that cannot be parsed says near its beginning that it is a CRE."""
    return _BEGINNING.search(file.content[:_BEGINNING_BYTES]) is not None


def read_cres(bundle: Bundle) -> Reading:
    """All CREs of a folder, as one source."""
    reader = _Reader(Reading())
    for file in bundle:
        _read_file(reader, file)
    reader.directed = _is_directed(reader)
    if reader.directed:
        _find_parents(reader)
    if not reader.reading.faults:
        _write(reader, begin(reader.reading, bundle, "common-requirements", TITLE))
    return reader.reading


def _read_file(reader: _Reader, file: File) -> None:
    reading = reader.reading
    if file.base in NAMELESS:
        reading.leave(NO_ID, Place(file.name))
        return
    try:
        document = file.document
    except UnreadableError as error:
        reading.fault(error.fault.place, error.fault.text)
        return
    if not isinstance(document, Entry) or document.get("doctype") != _CRE:
        reading.fault(Place(file.name, 1), NOT_A_CRE)
        return
    place = Place(file.name, document.line)
    notation = _cre_id(reading, document, place, required=True)
    name = text_of(document, "name", place, reading)
    links = list(_links(reading, document, file.name))
    _leave_rest(reading, document, place, _CRE_KEYS)
    if notation is None or name is None:
        return
    cre = _Cre(cre_work().provision(notation), notation, name, place, links)
    other = reader.cres.setdefault(cre.id, cre)
    if other is not cre:
        reading.fault(place, TWICE(id=notation, other=other.place.file))


def _cre_id(reading: Reading, entry: Entry, place: Place, *, required: bool) -> str | None:
    found = text_of(entry, "id", place, reading, required=required)
    if found is not None and not CRE_ID.fullmatch(found):
        reading.fault(place, BAD_CRE(value=found[:MAX_SHOWN]))
        return None
    return found


def _leave_rest(reading: Reading, entry: Entry, place: Place, known: frozenset[str]) -> None:
    tags = texts_of(entry, "tags", place, reading)
    if tags:
        reading.leave(TAG, place, len(tags))
    others = sum(1 for key in entry if key not in known)
    if others:
        reading.leave(OTHER_FIELDS, place, others)


def _links(reading: Reading, document: Entry, file: str) -> Iterator[_Link]:
    listed = document.get("links")
    if listed is not None and not isinstance(listed, list):
        reading.fault(Place(file, document.line), NOT_A_LIST)
        return
    for entry in listed or ():
        if not isinstance(entry, Entry):
            reading.fault(Place(file, document.line), NOT_A_MAPPING)
            continue
        place = Place(file, entry.line)
        word = text_of(entry, "ltype", place, reading)
        target = entry.get("document")
        if not isinstance(target, Entry):
            reading.fault(place, NO_DOCUMENT)
        elif word is not None and word not in _PREDICATES:
            reading.fault(place, UNKNOWN_LINK(word=word[:MAX_SHOWN], known=", ".join(_PREDICATES)))
        elif word is not None:
            _leave_rest(reading, entry, place, _LINK_KEYS | {"tags"})
            yield from _link(reading, word, target, Place(file, target.line))


def _link(reading: Reading, word: str, target: Entry, place: Place) -> Iterator[_Link]:
    doctype = text_of(target, "doctype", place, reading)
    name = text_of(target, "name", place, reading, required=doctype != _CRE)
    _leave_rest(reading, target, place, _DOCUMENT_KEYS)
    if doctype == _CRE:
        notation = _cre_id(reading, target, place, required=False)
        if notation is None and name is None:
            reading.fault(place, NO_TARGET)
        else:
            yield _Link(place, word, cre_work().provision(notation or slug(name or "")), name)
    elif doctype in _STANDARDS and name is not None:
        held = [text_of(target, key, place, reading, required=False) for key in ("section", "sectionID", "hyperlink")]
        section = section_of(name, *held)
        yield _Link(place, word, section.ids[0], name, section)
    elif doctype is not None and name is not None:
        known = ", ".join(sorted((_CRE, *_STANDARDS)))
        reading.fault(place, UNKNOWN_DOCUMENT(word=doctype[:MAX_SHOWN], known=known))


def _contained(cre: _Cre, link: _Link) -> tuple[str, str] | None:
    """The CRE that contains and the one that is contained, as a link has it; None for a link of another word."""
    if link.section is not None or link.word not in {CONTAINS, PART_OF}:
        return None
    return (cre.id, link.target) if link.word == CONTAINS else (link.target, cre.id)


def _is_directed(reader: _Reader) -> bool:
    """Whether no pair of CREs claims each to contain the other."""
    pairs = {_contained(cre, link) for cre in reader.cres.values() for link in cre.links} - {None}
    return not any(pair is not None and (pair[1], pair[0]) in pairs for pair in pairs)


def _find_parents(reader: _Reader) -> None:
    """The first CRE that contains one is its parent; no CRE may stand above itself."""
    for cre in reader.cres.values():
        for link in cre.links:
            pair = _contained(cre, link)
            if pair is not None and pair[0] in reader.cres and pair[1] in reader.cres:
                reader.parents.setdefault(pair[1], pair[0])
    done: set[str] = set()
    for start in reader.parents:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = reader.parents.get(at)
        if at in path:
            cre = reader.cres[at]
            reader.reading.fault(cre.place, CYCLE(id=cre.notation))
        done.update(path)


def _write(reader: _Reader, source: Source) -> None:
    reading = reader.reading
    keeper = SectionKeeper(reading, source, StatementWriter(reading, source))
    writer = _Writer(source, RowWriter(reading, source, "", UNSPECIFIED), keeper)
    for cre in reader.cres.values():
        reading.add(_resource(reader, source, cre), cre.place)
        for link in cre.links:
            reading.count(f"links: {link.word}")
            _write_link(reader, writer, cre, link)
    reading.count("CREs", len(reader.cres))
    _write_sets(reader, writer)
    keeper.write()
    for record in cre_work().records(source.id, provisions=tuple(sorted(reader.cres))):
        reading.add(record)


def _resource(reader: _Reader, source: Source, cre: _Cre) -> Resource:
    return Resource(
        id=cre.id, kind="common-requirement", source=source.id, notation=cre.notation, parent=reader.parents.get(cre.id),
        labels=(Label(language=LANGUAGE, text=cre.name),),
    )  # fmt: skip


def _write_link(reader: _Reader, writer: _Writer, cre: _Cre, link: _Link) -> None:
    edition = link.section.work.edition if link.section else cre_work().edition
    writer.counts[edition] += 1
    if link.section is not None:
        writer.keeper.keep(link.section, link.place)
    else:
        _check_name(reader, link, writer.keeper)
    pair = _contained(cre, link)
    if reader.directed and pair is not None and reader.parents.get(pair[1]) == pair[0]:
        return
    predicate = _UNDIRECTED if pair is not None and not reader.directed else _PREDICATES[link.word]
    ends = link.section.ids if link.section else (link.target,)
    writer.rows.mapping_set = _set_id(edition)
    writer.rows.write(MappingRow(subjects=(cre.id,), predicate=predicate, objects=ends, verbatim=link.word), link.place)


def _check_name(reader: _Reader, link: _Link, keeper: SectionKeeper) -> None:
    """The name that a link gives a CRE: all that is known of one that is not there, and suspect where it is another."""
    known = reader.cres.get(link.target)
    if known is None and link.name:
        keeper.name(link.target, link.name, link.place)
    elif known is not None and link.name and link.name != known.name:
        reader.reading.leave(OTHER_NAME, link.place)


def _set_id(edition: str) -> str:
    return f"mapping-set/{NAME}-{slug(edition)}"


def _write_sets(reader: _Reader, writer: _Writer) -> None:
    mine = cre_work()
    for edition, number in writer.counts.items():
        work = writer.keeper.works.get(edition, mine)
        standard = next(label.text for label in work.labels if label.language == LANGUAGE)
        reader.reading.add(set_resource(writer.source, _set_id(edition), standard))
        reader.reading.add(MappingSet(
            id=_set_id(edition), source=writer.source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=number,
            subject_edition=mine.edition, object_edition=edition,
        ))  # fmt: skip
