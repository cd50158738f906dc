"""The requirements of a file, alike whichever schema they are in, and what is said of each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from kakehashi.records.located import Place
from kakehashi.sources.format import Reading
from kakehashi.sources.prowler.edition import About, numbered
from kakehashi.sources.prowler.schema import AnyRequirement, Document, ProviderRequirement, Requirement
from kakehashi.sources.typed import leave_unread, typed
from kakehashi.vocabulary.text import Text

HEADINGS: Final = ("Section", "SubSection", "SubGroup", "Category")
GROUPS: Final = ("Profile", "ImplementationGroups")
MAX_SHOWN: Final = 80

LEFT_HEADING = Text("規格の番号の付いていない見出し({key})。", "A heading without a number of the standard ({key}).")
NESTED = Text("文字列として書けない値({key})。", "A value that is no text ({key}).")
NO_CHECK_NAME = Text("名前の無い検査。", "A check without a name.")
OTHER_CONFIG = Text(
    "挙げられていない検査の設定条件、又は値の書けない設定条件。",
    "A condition on the configuration of a check that is not listed, or whose value is no text.",
)
TWICE = Text("「{id}」が二度書かれています。一つにしてください。", "'{id}' is written twice. Keep one.")
SAME_NUMBER = Text(
    "「{id}」と「{other}」は規格の同じ番号になります。識別子を確かめてください。",
    "'{id}' and '{other}' are the same number of the standard. Check the ids.",
)
NO_PROVIDER = Text(
    "検査がどのプロバイダーのものか分かりません。provider か、プロバイダー別の checks を書いてください。",
    "It is not said whose the checks are. Give a provider, or the checks by provider.",
)

_NUMBERED: Final = re.compile(r"(?P<number>(?:[A-Z]\.)?[0-9]+(?:\.[0-9]+)*)\.?\s+(?P<name>\S.*)", re.DOTALL)

Check = tuple[str, str]
"""A provider, in lower case, and the name of one of its checks."""


@dataclass(frozen=True)
class Item:
    """One requirement: where it stands, its number in the standard and the id that follows, its checks as they are listed."""

    raw: AnyRequirement
    place: Place
    notation: str
    known: bool
    end: str
    checks: tuple[Check, ...]
    attributes: tuple[dict[str, Any], ...]

    @property
    def name(self) -> str:
        """Its name; empty where it has none."""
        return (self.raw.name or "").strip()

    @property
    def description(self) -> str:
        """Its description; empty where it has none."""
        return self.raw.description.strip()

    @property
    def title(self) -> str:
        """The id and the name as Prowler prints them, so that a reference that nothing resolves can still be read."""
        return f"{self.raw.id} {self.name}".strip()

    def places(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Its attributes with the place of each."""
        key = "attributes" if isinstance(self.raw, Requirement) else "Attributes"
        for index, attribute in enumerate(self.attributes):
            yield Place(self.place.file, pointer=f"{self.place.pointer}/{key}/{index}"), attribute


def items(about: About, file: str, reading: Reading) -> Iterator[Item]:
    """The requirements of a document; a fault for each that is none, and where two have one number."""
    key = "requirements" if isinstance(about.document, Document) else "Requirements"
    seen: dict[str, str] = {}
    for index, value in enumerate(about.document.requirements):
        place = Place(file, pointer=f"/{key}/{index}")
        raw = _requirement(about, value, place, reading)
        if raw is None:
            continue
        notation, known = numbered(about.work, raw.id.strip(), raw.name or "")
        end = about.work.provision(notation)
        if end in seen:
            same = SAME_NUMBER(id=raw.id[:MAX_SHOWN], other=seen[end][:MAX_SHOWN])
            reading.fault(place, TWICE(id=raw.id[:MAX_SHOWN]) if seen[end] == raw.id else same)
        seen.setdefault(end, raw.id)
        attributes = (raw.attributes,) if isinstance(raw.attributes, dict) else tuple(raw.attributes)
        yield Item(raw, place, notation, known, end, tuple(_checks(about, raw, place, reading)), attributes)


def _requirement(about: About, value: Any, place: Place, reading: Reading) -> AnyRequirement | None:  # noqa: ANN401 - anything
    raw: AnyRequirement | None
    if isinstance(about.document, Document):
        raw = typed(value, Requirement, place.file, place.pointer, reading)
    else:
        raw = typed(value, ProviderRequirement, place.file, place.pointer, reading)
    if raw is not None:
        leave_unread(value, type(raw), place, reading)
    return raw


def _checks(about: About, raw: AnyRequirement, place: Place, reading: Reading) -> Iterator[Check]:
    listed: Iterable[Check]
    if isinstance(raw.checks, dict):
        listed = ((provider, check) for provider, checks in raw.checks.items() for check in checks)
    else:
        listed = ((about.provider, check) for check in raw.checks)
    for provider, check in listed:
        if not provider.strip():
            reading.fault(place, NO_PROVIDER)
            return
        if check.strip():
            yield provider.strip().lower(), check.strip()
        else:
            reading.leave(NO_CHECK_NAME, place)


@dataclass(frozen=True)
class Words:
    """What is said of a requirement: its name, its texts, the headings above it and the groups that it is in."""

    item: Item
    reading: Reading

    @property
    def label(self) -> str:
        """The name; else the description where an attribute holds a longer one; else the number, for none is invented."""
        item = self.item
        longer = {str(one["Description"]).strip() for one in item.attributes if one.get("Description")} - {item.description}
        return item.name or (item.description if longer and item.description else item.notation)

    def text(self) -> str:
        """The description and every attribute that says more, each under its key as published."""
        item = self.item
        said = {item.raw.id, item.notation, item.name, item.description, self.label, ""}
        found = dict.fromkeys([item.description] if item.description and item.description != self.label else [])
        for key, value in ((key, value) for one in item.attributes for key, value in one.items()):
            plain = "" if key in HEADINGS or key in GROUPS else self._plain(key, value)
            if plain not in said:
                found[f"{key}: {plain}"] = None
        return "\n\n".join(found)

    def groups(self) -> Iterator[tuple[str, str]]:
        """The groups of its publisher that it is in, each with the key that says so."""
        for key, value in self._attributes(GROUPS):
            for group in value if isinstance(value, list) else [value]:
                plain = self._plain(key, group)
                if plain:
                    yield key, plain

    def headings(self) -> list[tuple[str, str]]:
        """The headings above it, outermost first: those that carry a number at the head of its own."""
        found: dict[str, str] = {}
        for key, value in self._attributes(HEADINGS):
            heading = _NUMBERED.fullmatch(value.strip()) if isinstance(value, str) else None
            if heading is not None and self.item.notation.startswith(heading["number"] + "."):
                found.setdefault(heading["number"], heading["name"])
            else:
                self.reading.leave(LEFT_HEADING(key=key), self.item.place)
        return sorted(found.items(), key=lambda one: len(one[0]))

    def _attributes(self, keys: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        return ((key, one[key]) for one in self.item.attributes for key in keys if one.get(key))

    def _plain(self, key: str, value: object) -> str:
        text = plain(value)
        if text is None:
            self.reading.leave(NESTED(key=key[:MAX_SHOWN]), self.item.place)
        return text or ""


def conditions(item: Item, provider: str, reading: Reading) -> dict[Check, list[str]]:
    """What the configuration of a check must be for the check to count for a requirement."""
    found: dict[Check, list[str]] = {}
    for one in item.raw.config_requirements or ():
        check = str(one.get("Provider") or provider).lower(), str(one.get("Check"))
        value = plain(one.get("Value"))
        if check in item.checks and value is not None:
            found.setdefault(check, []).append(f"{one.get('ConfigKey')} {one.get('Operator')} {value}")
        else:
            reading.leave(OTHER_CONFIG, item.place)
    return found


def plain(value: object) -> str | None:
    """A value as text, a list with commas; None for what is nested, and for nothing at all."""
    if isinstance(value, list):
        texts = [None if isinstance(one, list) else plain(one) for one in value]
        return None if None in texts else ", ".join(text for text in texts if text)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else None
