"""The sections of standards that OpenCRE links to: a section has no id there, only a name, a section and a sectionID.

Standards that other sources list are only referred to. Of all others OpenCRE is the only source here, and what it says of their
sections is kept; a standard that nobody registered has sections, and nothing more is claimed of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Literal, Resource, Source
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import Work, unknown_work, work_called
from kakehashi.sources.opencre.common import LANGUAGE, NAME
from kakehashi.sources.stating import StatementWriter

_REFERRED: Final = frozenset({"nist-sp-800-53", "iso-27001"})
"""Frameworks whose provisions other sources list."""

_KINDS: Final[Mapping[str, str]] = {
    "owasp-asvs": "requirement", "nist-sp-800-63b": "requirement", "owasp-proactive-controls": "control", "nist-ssdf": "control",
    "owasp-samm": "control", "csa-ccm": "control", "cwe": "weakness", "owasp-cheat-sheets": "document", "owasp-wstg": "method",
    "owasp-top-10": "risk", "owasp-api-top-10": "risk", "owasp-llm-top-10": "risk",
}  # fmt: skip
_UNKNOWN_KIND: Final = "section"
_PROVISIONS: Final = frozenset({"requirement", "control", "heading"})

_HEADINGS: Final[Mapping[str, re.Pattern[str]]] = {"csa-ccm": re.compile(r"[^0-9]+")}
"""Sections that are headings: the domains of the Cloud Controls Matrix have letters and no number."""

_SEVERAL: Final[Mapping[str, str]] = {"owasp-wstg": "; "}
"""What stands between sections where one link names several."""

_NUMBERED_TITLE: Final[Mapping[str, re.Pattern[str]]] = {
    "nist-sp-800-53": re.compile(r"(?P<number>[A-Z]{2}-[0-9]+(?: ?\([0-9]+\))?)(?: (?P<title>.+))?")
}
"""Standards whose section holds the number and the title together."""

_PREFIX: Final[Mapping[str, str]] = {"iso-27001": "A."}
"""What OpenCRE leaves away: of ISO/IEC 27001:2022 it lists the controls of Annex A, and writes 8.26 for A.8.26."""

_LOST_ZEROS: Final[Mapping[tuple[str, str, str], str]] = {
    ("iso-27001", "5.1", "Acceptable use of information and other associated assets"): "5.10",
    ("iso-27001", "5.2", "Addressing information security within supplier agreements"): "5.20",
    ("iso-27001", "5.3", "ICT readiness for business continuity"): "5.30",
    ("iso-27001", "7.1", "Storage media"): "7.10",
    ("iso-27001", "8.1", "Information deletion"): "8.10",
    ("iso-27001", "8.3", "Outsourced development"): "8.30",
}
"""Numbers that lost their last zero on the way through a spreadsheet; the title tells which control is meant."""

MAX_DIGITS: Final = 18
_DIGITS: Final = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section as a link names it; `notations` are several where one link names several sections."""

    work: Work
    notations: tuple[str, ...]
    title: str | None
    hyperlink: str | None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of what is named: the sections, or the edition itself where no section is."""
        return tuple(self.work.provision(notation) for notation in self.notations) or (self.work.edition,)


def section_of(standard: str, section: str | None, section_id: str | None, hyperlink: str | None) -> Section:
    """The section that a name, a section and a sectionID stand for; the section holds the number where there is no sectionID."""
    work = work_called(NAME, standard) or unknown_work(standard, NAME, standard, spelling="caseless")
    return section_in(work, section, section_id, hyperlink)


def section_in(work: Work, section: str | None, section_id: str | None, hyperlink: str | None) -> Section:
    """The same, of a work that is known already."""
    framework = work.framework
    notation, title = (section_id, section) if section_id else (section, None)
    pattern = _NUMBERED_TITLE.get(framework)
    found = pattern.fullmatch(notation) if pattern and notation and not title else None
    if found is not None:
        notation, title = found["number"], found["title"]
    notation = _LOST_ZEROS.get((framework, notation or "", title or ""), notation)
    between = _SEVERAL.get(framework)
    parts = notation.split(between) if notation and between else [notation] if notation else []
    prefix = _PREFIX.get(framework, "")
    return Section(work=work, notations=tuple(prefix + part for part in parts), title=title, hyperlink=hyperlink)


@dataclass(slots=True)
class SectionKeeper:
    """Keeps what links say of sections, once each, and the works that they belong to."""

    reading: Reading
    source: Source
    stating: StatementWriter
    works: dict[str, Work] = field(default_factory=dict)
    _described: dict[str, dict[str, Resource]] = field(default_factory=dict)
    _said: set[tuple[str, str, str]] = field(default_factory=set)

    def keep(self, section: Section, place: Place) -> None:
        """Keep the title and the address of a section, and the section itself where no other source lists it."""
        self.works.setdefault(section.work.edition, section.work)
        for notation, identifier in zip(section.notations, section.ids, strict=False):
            title = section.title if len(section.notations) == 1 else None
            stands_as = self._describe(section.work, notation, identifier, title)
            if title and title != stands_as:
                self._say(identifier, "name", Literal(text=title, language=LANGUAGE), place)
            if section.hyperlink:
                self._say(identifier, "url", Literal(text=section.hyperlink), place)

    def name(self, identifier: str, name: str, place: Place) -> None:
        """Keep the name by which a link calls what no file defines."""
        self._say(identifier, "name", Literal(text=name, language=LANGUAGE), place)

    def write(self) -> None:
        """The works, each with the provisions that are described, and the sections themselves."""
        declared: set[tuple[type, str]] = set()
        for edition, work in self.works.items():
            sections = self._described.get(edition, {}).values()
            provisions = sorted((one for one in sections if one.kind in _PROVISIONS), key=_in_order)
            for record in work.records(self.source.id, provisions=tuple(one.id for one in provisions)):
                if (type(record), record.id) not in declared:
                    declared.add((type(record), record.id))
                    self.reading.add(record)
            for section in sections:
                self.reading.add(section)

    def _describe(self, work: Work, notation: str, identifier: str, title: str | None) -> str | None:
        """The label under which the section stands here: the first title it is given; None for one that is only referred to."""
        if work.framework in _REFERRED:
            return None
        sections = self._described.setdefault(work.edition, {})
        known = sections.get(identifier)
        if known is None or (title and known.labels[0].text == known.notation):
            label = Label(language=LANGUAGE, text=title or notation)
            known = sections[identifier] = Resource(
                id=identifier, kind=_kind(work.framework, notation), source=self.source.id, notation=notation, labels=(label,)
            )
        return known.labels[0].text

    def _say(self, identifier: str, predicate: str, value: Literal, place: Place) -> None:
        if (identifier, predicate, value.text) not in self._said:
            self._said.add((identifier, predicate, value.text))
            self.stating.state(identifier, predicate, value, place)


def _kind(framework: str, notation: str) -> str:
    heading = _HEADINGS.get(framework)
    return "heading" if heading and heading.fullmatch(notation) else _KINDS.get(framework, _UNKNOWN_KIND)


def _in_order(section: Resource) -> list[tuple[bool, int, str]]:
    """Numbers in order of their size, and before letters."""
    parts = [part for part in _DIGITS.split(section.notation or "") if part]
    return [(False, int(part[:MAX_DIGITS]), part) if part.isdigit() and part.isascii() else (True, 0, part) for part in parts]
