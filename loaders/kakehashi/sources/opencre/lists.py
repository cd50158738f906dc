"""OpenCRE's lists: the entries of an OWASP Top 10, each with the CREs that it is linked to, and rules of its importer."""

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Final

from kakehashi.records.located import Place
from kakehashi.records.model import MappingSet
from kakehashi.records.values import StatedAs
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import Work, unknown_work, work_called
from kakehashi.sources.opencre.common import (
    BAD_CRE,
    CRE_ID,
    LANGUAGE,
    MAX_SHOWN,
    NAME,
    begin,
    cre_work,
    set_resource,
    titled,
)
from kakehashi.sources.opencre.sections import SectionKeeper, section_in
from kakehashi.sources.rows import UNSPECIFIED, MappingRow, RowWriter
from kakehashi.sources.spelling import slug
from kakehashi.sources.stating import StatementWriter
from kakehashi.vocabulary.text import Text

RULES_TITLE: Final = titled("OpenCRE CWEの補完規則", "OpenCRE CWE fallback mappings")
VERBATIM: Final = "cre_ids"
"""The publisher's only word for the link is the key that the CREs stand under."""

_LINKS, _RULES = "cre_ids", "cre_id"
_SNIFF: Final = re.compile(rb'\A[\xef\xbb\xbf\s]*\[\s*\{[^\[\]{}]*"(cre_ids?|section_id|keywords)"\s*:')
_SNIFF_BYTES: Final = 2048

NOT_AN_OBJECT = Text("項目は{{}}で囲んだ対象でなければなりません。", "An entry must be an object in braces.")
NOT_TEXT = Text("{key}は空でない文字列でなければなりません。", "The value of {key} must be a text that is not empty.")
NOT_A_LIST = Text("{key}は文字列の一覧でなければなりません。", "The value of {key} must be a list of texts.")
TWICE = Text("section_id「{value}」が二度あります。", "The section_id '{value}' occurs twice.")
RULE = Text(
    "CWEの題名の語からCREを推すOpenCREの取込みの規則。どのCWEをどのCREに結ぶかは述べていない。",
    "A rule of OpenCRE's importer, which guesses a CRE from words in the title of a CWE; it links no CWE to any CRE.",
)


def is_list(file: File) -> bool:
    """Whether it is a JSON list that has an entry with CREs; where the JSON is broken, by how it begins."""
    if file.suffix != ".json":
        return False
    try:
        document = file.document
    except UnreadableError:
        return _SNIFF.search(file.content[:_SNIFF_BYTES]) is not None
    return isinstance(document, list) and any(isinstance(entry, dict) and _sort(entry) for entry in document)


def _sort(entry: dict[str, Any]) -> str | None:
    """What sort of list an entry belongs to: of links, or of rules."""
    if _LINKS in entry or {"section_id", "section", "hyperlink"} <= entry.keys():
        return _LINKS
    return _RULES if _RULES in entry and "keywords" in entry else None


def read_list(file: File) -> Reading:
    """A list of links or of rules."""
    reading = Reading()
    entries: list[dict[str, Any]] = []
    for number, entry in enumerate(file.document):
        if isinstance(entry, dict):
            entries.append(entry)
        else:
            reading.fault(Place(file.name, pointer=f"/{number}"), NOT_AN_OBJECT)
    if reading.faults:
        return reading
    if any(_sort(entry) == _LINKS for entry in entries):
        _read_links(reading, file, entries)
    else:
        _read_rules(reading, file, entries)
    return reading


def _read_rules(reading: Reading, file: File, entries: list[dict[str, Any]]) -> None:
    begin(reading, (file,), "cwe-fallback-mappings", RULES_TITLE)
    for number, entry in enumerate(entries):
        place = Place(file.name, pointer=f"/{number}")
        _check_cre(reading, entry.get(_RULES), Place(file.name, pointer=f"/{number}/{_RULES}"))
        _texts(reading, entry, "keywords", place)
        reading.leave(RULE, place)
    reading.count("rules", len(entries))


@dataclass(slots=True)
class _Links:
    """A list of links while it is read."""

    reading: Reading
    work: Work
    keeper: SectionKeeper
    writer: RowWriter
    seen: set[str] = field(default_factory=set)


def _read_links(reading: Reading, file: File, entries: list[dict[str, Any]]) -> None:
    work = _work(entries)
    title = next(label.text for label in work.labels if label.language == LANGUAGE)
    source = begin(reading, (file,), work.edition.replace("/", "-"), work.labels)
    identifier = f"mapping-set/{NAME}-list-{slug(work.edition)}"
    keeper = SectionKeeper(reading, source, StatementWriter(reading, source), {work.edition: work})
    links = _Links(reading, work, keeper, RowWriter(reading, source, identifier, UNSPECIFIED))
    for number, entry in enumerate(entries):
        _read_entry(links, entry, Place(file.name, pointer=f"/{number}"))
    reading.count("entries", len(entries))
    reading.count("CRE references", links.writer.rows)
    reading.add(set_resource(source, identifier, title))
    reading.add(MappingSet(
        id=identifier, source=source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=links.writer.rows,
        subject_edition=work.edition, object_edition=cre_work().edition,
    ))  # fmt: skip
    keeper.write()
    for record in cre_work().records(source.id):
        reading.add(record)


def _read_entry(links: _Links, entry: dict[str, Any], place: Place) -> None:
    reading = links.reading
    notation, title, hyperlink = (_text(reading, entry, key, place) for key in ("section_id", "section", "hyperlink"))
    cres = _texts(reading, entry, _LINKS, place)
    if notation is None:
        return
    if notation in links.seen:
        reading.fault(place, TWICE(value=notation[:MAX_SHOWN]))
    links.seen.add(notation)
    section = section_in(links.work, title, notation, hyperlink)
    links.keeper.keep(section, place)
    for number, cre in enumerate(cres):
        where = Place(place.file, pointer=f"{place.pointer}/{_LINKS}/{number}")
        if _check_cre(reading, cre, where):
            target = cre_work().provision(cre)
            row = MappingRow(subjects=section.ids, predicate="linked-to", objects=(target,), verbatim=VERBATIM)
            links.writer.write(row, where)


def _work(entries: list[dict[str, Any]]) -> Work:
    """The work whose entries a list holds. Nothing in it names the work; its entries all lie below one address, which does."""
    links = [link for link in (entry.get("hyperlink") for entry in entries) if isinstance(link, str)]
    address = _common_folder(links)
    return work_called(NAME, address) or unknown_work(address, NAME, address, spelling="caseless")


def _common_folder(addresses: list[str]) -> str:
    first, last = min(addresses, default=""), max(addresses, default="")
    common = "".join(left for left, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return common.rpartition("/")[0] + "/"


def _text(reading: Reading, entry: dict[str, Any], key: str, place: Place) -> str | None:
    value = entry.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()
    reading.fault(Place(place.file, pointer=f"{place.pointer}/{key}"), NOT_TEXT(key=key))
    return None


def _texts(reading: Reading, entry: dict[str, Any], key: str, place: Place) -> list[str]:
    value = entry.get(key)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    reading.fault(Place(place.file, pointer=f"{place.pointer}/{key}"), NOT_A_LIST(key=key))
    return []


def _check_cre(reading: Reading, value: object, place: Place) -> bool:
    if isinstance(value, str) and CRE_ID.fullmatch(value):
        return True
    reading.fault(place, BAD_CRE(value=str(value)[:MAX_SHOWN]))
    return False
