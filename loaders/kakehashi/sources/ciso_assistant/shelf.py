"""A library while it is read: its reading and source, its language, and checked access to what its entries hold."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.structs import replace

from kakehashi.records.located import Place
from kakehashi.records.model import Edition, Label, Source
from kakehashi.sources.ciso_assistant.urns import Names
from kakehashi.sources.entries import MISSING_KEY, NOT_A_LIST, NOT_A_MAPPING, text_of
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import Publisher, Work, base_of
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}")
MAX_SHOWN: Final = 120

Translations = tuple[tuple[str, Entry], ...]
"""The entries of a `translations` key, each with its language."""

BAD_LANGUAGE = Text(
    "「{language}」は言語タグではありません。jaやpt-BRのように書いてください。",
    "'{language}' is no language tag. Write it like ja or pt-BR.",
)
BAD_URN = Text(
    "「{urn}」は{kind}のurnではありません。urn:…:risk:{kind}:…の形で書いてください。",
    "'{urn}' is no urn of the type {kind}. Write it as urn:…:risk:{kind}:….",
)
OTHER_FIELDS = Text("この版の読み込みが扱わない項目。", "A field that this reader does not take up.")
SAME_LANGUAGE = Text(
    "ライブラリ自身の言語での翻訳。元の文を採った。",
    "A translation into the language of the library itself; the text that it translates is kept.",
)


@dataclass(slots=True)
class Shelf:
    """One library: where it is read to, and what it says of itself."""

    file: str
    reading: Reading
    source: Source
    language: str = "und"
    version: str | None = None
    publisher: Publisher | None = None
    names: Names = field(default_factory=Names)
    _declared: set[tuple[type, str]] = field(default_factory=set)

    def place(self, entry: Entry) -> Place:
        """Where an entry begins."""
        return Place(self.file, entry.line)

    def text(self, entry: Entry, key: str, *, required: bool = False) -> str | None:
        """The value of a key without outer whitespace; None where it is absent or blank."""
        value = entry.get(key)
        if value is None and not required:
            return None
        if type(value) is not str:  # the common case first: a library asks this a hundred thousand times
            value = text_of(entry, key, self.place(entry), self.reading, required=required)
        text = value.strip() if value else ""
        if not text and required and value is not None:
            self.reading.fault(self.place(entry), MISSING_KEY(key=key))
        return text or None

    def entries(self, holder: Entry, key: str) -> Iterator[Entry]:
        """The mappings listed under a key; a fault for what is no list or no mapping."""
        listed = holder.get(key)
        if listed is None:
            return
        if not isinstance(listed, list):
            self.reading.fault(self.place(holder), NOT_A_LIST)
            return
        line = holder.line
        for item in listed:
            if isinstance(item, Entry):
                line = item.line
                yield item
            else:
                self.reading.fault(Place(self.file, line), NOT_A_MAPPING)

    def texts(self, entry: Entry, key: str) -> list[str]:
        """The texts listed under a key, or the one text that stands there in place of a list."""
        value = entry.get(key)
        if not isinstance(value, list):
            found = self.text(entry, key)
            return [found] if found else []
        if not all(isinstance(item, str | int) for item in value):
            self.reading.fault(self.place(entry), NOT_A_LIST)
            return []
        return [text for text in (str(item).strip() for item in value) if text]

    def bad_urn(self, place: Place, urn: Any, kind: str) -> None:  # noqa: ANN401 - whatever stands in its place
        """Keep the fault of a text that is no urn of a type."""
        self.reading.fault(place, BAD_URN(urn=str(urn)[:MAX_SHOWN], kind=kind))

    def translations(self, entry: Entry) -> Translations:
        """The translations of an entry, by language; asked for once an entry, for faults are kept on the way."""
        held = entry.get("translations")
        if held is None:
            return ()
        if not isinstance(held, Entry):
            self.reading.fault(self.place(entry), NOT_A_MAPPING)
            return ()
        return tuple((language, found) for language, found in held.items() if self._is_translation(language, found, held))

    def _is_translation(self, language: str, translated: object, held: Entry) -> bool:
        if not isinstance(translated, Entry):
            self.reading.fault(self.place(held), NOT_A_MAPPING)
        elif not is_language(language):
            self.reading.fault(self.place(translated), BAD_LANGUAGE(language=language[:MAX_SHOWN]))
        elif language == self.language:
            self.reading.leave(SAME_LANGUAGE, self.place(translated))
        else:
            return True
        return False

    def labels(self, entry: Entry, key: str, translations: Translations = ()) -> tuple[Label, ...]:
        """The texts under a key in every language, the library's own first."""
        found = [Label(language=self.language, text=text) for text in self.texts(entry, key)]
        for language, translated in translations:
            if key in translated:
                found += [Label(language=language, text=text) for text in self.texts(translated, key)]
        return tuple(found)

    def leave_others(self, entry: Entry, known: Collection[str]) -> None:
        """Count the fields that are none of the known ones."""
        others = sum(1 for key in entry if key not in known)
        if others:
            self.reading.leave(OTHER_FIELDS, self.place(entry), others)

    def declare(self, work: Work, provisions: tuple[str, ...] = (), selected: tuple[str, ...] = ()) -> None:
        """Keep the records of a work and its edition, and of the edition that it selects from; what was kept before stays."""
        for record in work.records(self.source.id, provisions):
            if (type(record), record.id) not in self._declared:
                self._declared.add((type(record), record.id))
                self.reading.add(replace(record, selected=selected) if isinstance(record, Edition) else record)
        base = base_of(work)
        if base is not None:
            self.declare(base)


def is_language(text: str) -> bool:
    """Whether a text is a language tag (BCP 47), by its form."""
    return _LANGUAGE.fullmatch(text) is not None
