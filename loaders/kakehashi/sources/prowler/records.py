"""A document as records: its requirements, its checks, and that a check belongs to a requirement."""

from collections.abc import Iterable
from typing import Final, TypedDict, Unpack

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Literal, Resource
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import publisher_called
from kakehashi.sources.prowler.edition import NAME, OTHER_WORDING, THREATS, About
from kakehashi.sources.prowler.items import Check, Item, Words, conditions, items
from kakehashi.sources.prowler.threats import ThreatWriter
from kakehashi.sources.spelling import escaped, slug
from kakehashi.sources.stating import StatementWriter
from kakehashi.vocabulary.text import Text

DISPLAY: Final = ("description", "icon", "outputs", "attributes_metadata")
OF_TECHNIQUES: Final = ("description", "tactics", "sub_techniques", "platforms", "technique_url")

OTHER_HEADING = Text(
    "同じ番号の見出しの別の名称。最初に書かれた名称だけを用いる。",
    "Another name for a heading of the same number; only the first that is written is used.",
)
SHOWN_ONLY = Text("表示のための記載({key})。", "What is only for display ({key}).")
REPEATED = Text(
    "同じ要求事項に二度挙げられた検査。一度だけ記録する。",
    "A check that one requirement lists twice; it is kept once.",
)
ONLY_REFERRED = Text(
    "この版の文言ではない要求事項の説明。番号で参照し、文言は検査との結び付きに注として残す。",
    "What is said of a requirement in other words than the edition's: it is referred to by number, "
    "and the words are noted at each check.",
)
OTHER_NUMBER = Text(
    "規格の番号として読めない識別子の要求事項。推測せず、書かれたままで参照する。",
    "A requirement whose id is no number of the standard; it is referred to as written, and not guessed.",
)
TECHNIQUE_TEXT = Text(
    "攻撃手法そのものの説明({key})。MITREが公表するものを用いる。",
    "What is said of a technique itself ({key}); MITRE's own words are used.",
)


class Placed(TypedDict, total=False):
    """Where a provision stands, and its number."""

    notation: str
    parent: str | None


class Writer:
    """Turns one document into records."""

    def __init__(self, about: About, file: str, reading: Reading) -> None:
        self.about, self.file, self.reading = about, file, reading
        self.work, self.source = about.work, about.source
        self.state = StatementWriter(reading, self.source).state
        self.threats = self.work.framework in THREATS
        self.headings: dict[str, str] = {}
        self.provisions: list[str] = []

    def write(self) -> None:
        """Add all records."""
        found = list(items(self.about, self.file, self.reading))
        self.reading.add(self.source)
        self.reading.add(publisher_called("Prowler").record(self.source.id))
        for item in found:
            self._count(item)
            (self._refer if self._is_referred(item) else self._describe)(item)
        for record in self.work.records(self.source.id, tuple(self.provisions)):
            self.reading.add(record)
        self._describe_checks(found)
        if self.threats:
            ThreatWriter(self.about, self.reading, self.state, check_id).write(found)
        else:
            self._list(found)
        self._leave_display()

    def _is_referred(self, item: Item) -> bool:
        """Whether another publisher's file describes the requirement, so that it is only referred to."""
        return self.threats or self.work.edition in OTHER_WORDING or not item.known

    def _count(self, item: Item) -> None:
        self.reading.count("requirements")
        self.reading.count("requirement-check links", len(item.checks))
        if not item.checks:
            self.reading.count("requirements without checks")
        repeats = len(item.checks) - len(set(item.checks))
        if repeats:
            self.reading.leave(REPEATED, item.place, repeats)

    def _refer(self, item: Item) -> None:
        """Count what is not kept of a requirement that is only referred to."""
        if not self.threats:
            self.reading.leave(ONLY_REFERRED if item.known else OTHER_NUMBER, item.place)
            return
        for key in OF_TECHNIQUES:
            if getattr(item.raw, key):
                self.reading.leave(TECHNIQUE_TEXT(key=key), item.place)

    def _describe(self, item: Item) -> None:
        """A requirement as Prowler gives it, under its headings."""
        words = Words(item, self.reading)
        parent = None
        for number, name in words.headings():
            parent = self._heading(number, name, parent, item.place)
        self.reading.add(
            Resource(
                id=item.end, kind="requirement", source=self.source.id, labels=self._labels(words.label),
                notation=item.notation, parent=parent, texts=self._labels(words.text()),
            )
        )  # fmt: skip
        self.provisions.append(item.end)
        for key, group in dict.fromkeys(words.groups()):
            self.state(item.end, "in-implementation-group", Literal(text=group), section=key)

    def _heading(self, number: str, name: str, parent: str | None, place: Place) -> str:
        """The id of a heading, which is described where it is met first."""
        identifier = self.work.provision(number)
        if identifier not in self.headings:
            self.headings[identifier] = name
            self.reading.count("headings")
            self.provisions.append(identifier)
            self._named(identifier, "heading", name, notation=number, parent=parent)
        elif self.headings[identifier] != name:
            self.reading.leave(OTHER_HEADING, place)
        return identifier

    def _describe_checks(self, found: Iterable[Item]) -> None:
        checks = dict.fromkeys(check for item in found for check in item.checks)
        self.reading.count("checks", len(checks))
        for check in checks:
            self._named(check_id(check), "check", check[1], notation=check[1])

    def _list(self, found: Iterable[Item]) -> None:
        """Which check belongs to which requirement: that it satisfies it is not said."""
        for item in found:
            needed = conditions(item, self.about.provider, self.reading)
            wording = [f"{item.title}: {item.description}".strip(": ")] if self._is_referred(item) else []
            for check in dict.fromkeys(item.checks):
                note = "\n".join([*wording, *needed.get(check, ())])
                self.state(check_id(check), "lists-the-control", item.end, note=note or None)

    def _leave_display(self) -> None:
        for key in DISPLAY:
            if getattr(self.about.document, key, None):
                self.reading.leave(SHOWN_ONLY(key=key), Place(self.file))

    def _labels(self, text: str) -> tuple[Label, ...]:
        return (Label(language=self.about.language, text=text),) if text else ()

    def _named(self, identifier: str, kind: str, name: str, **placed: Unpack[Placed]) -> None:
        self.reading.add(Resource(id=identifier, kind=kind, labels=self._labels(name), source=self.source.id, **placed))


def check_id(check: Check) -> str:
    """The id of a check: the same in every file of its provider."""
    provider, name = check
    return f"{NAME}-check/{slug(provider)}/{escaped(name)}"
