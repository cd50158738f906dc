"""OSCAL profiles: an edition that takes up provisions of others, sets parameters and adds to what it takes."""

from dataclasses import dataclass, field
from typing import Any, Final

from kakehashi.records.values import Authority
from kakehashi.sources.naming import Work, is_publisher_of
from kakehashi.sources.oscal.document import EMPTY, MAX_SHOWN, Document
from kakehashi.sources.oscal.model import Addition, Alteration, Choice, Import, Parameter, Profile, plain
from kakehashi.sources.oscal.parameters import state_set
from kakehashi.sources.oscal.parts import ADDED_TEXT, TWICE, Host, PartReader, resource_of
from kakehashi.sources.oscal.prose import Prose
from kakehashi.sources.oscal.references import References, provision_of, work_titled
from kakehashi.vocabulary.text import Text

NO_CHOICE = Text(
    "include-all か include-controls のどちらか一つで、取り込む管理策を示してください。",
    "Say by include-all or by include-controls, and by one of them only, which controls are taken.",
)
NOT_RESOLVABLE = Text(
    "型(matching)による選択と、下位の管理策ごとの除外は、元のカタログなしには解けません。解決済みのカタログ"
    "(resolved profile catalog)を読み込んでください。",
    "A choice by pattern (matching), or an exclusion with child controls, cannot be resolved without the catalogue. "
    "Load the resolved profile catalogue instead.",
)
TORN = Text(
    "{ids} を除外する取込みと、取り込む取込みとがあります。解決済みのカタログ(resolved profile catalog)を読み込んでください。",
    "One import leaves out {ids} and another takes it. Load the resolved profile catalogue instead.",
)
MERGE = Text(
    "取り込んだ管理策の並べ方(merge)は記録にしません。", "How the imported controls are arranged (merge) makes no record."
)

_ALTERS: Final = "alters"


@dataclass(slots=True)
class _Reader:
    """Reads one profile; `owners` says from which work each id was imported."""

    document: Document
    work: Work
    references: References
    selected: set[str] = field(default_factory=set)
    selected_with_parts: set[str] = field(default_factory=set)
    selects_all_of: set[str] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)
    owners: dict[str, Work] = field(default_factory=dict)
    imported: list[Work] = field(default_factory=list)
    added: dict[str, None] = field(default_factory=dict)

    def read(self, profile: Profile) -> None:
        """Imports, settings and alterations."""
        document, pointer = self.document, f"/{self.document.model}"
        if not profile.imports:
            document.reading.fault(document.place(document.body, f"{pointer}/imports"), EMPTY(key="imports"))
        for one, raw, here in document.each(profile.imports, Import, f"{pointer}/imports", document.body):
            self._import(one, raw, here)
        if profile.merge is not None:
            document.reading.leave(MERGE, document.place(document.body, f"{pointer}/merge"))
        self._check()
        self._modify(profile, f"{pointer}/modify")
        document.add_work(
            self.work, provisions=tuple(self.added), selected=tuple(sorted(self.selected)),
            selected_with_parts=tuple(sorted(self.selected_with_parts)), selects_all_of=tuple(sorted(self.selects_all_of)),
            excluded=tuple(sorted(self.excluded)),
        )  # fmt: skip
        for work in self.imported:
            document.add_named(work)

    def _import(self, one: Import, raw: Any, pointer: str) -> None:  # noqa: ANN401 - the object as it was read
        self.document.reading.count("imports")
        work = self.references.work(plain(one.href), raw, pointer)
        takes_all = "include-all" in raw
        if takes_all == ("include-controls" in raw):
            self.document.reading.fault(self.document.place(raw, pointer), NO_CHOICE)
        if work is None:
            return
        self.imported.append(work)
        if takes_all:
            self.selects_all_of.add(work.edition)
        excluded: set[str] = set()
        for number, choice in enumerate(one.exclude_controls):
            excluded |= self._chosen(choice, work, raw, f"{pointer}/exclude-controls/{number}", excludes=True)
        for number, choice in enumerate(one.include_controls):
            into = self.selected_with_parts if _with_children(choice) else self.selected
            into |= self._chosen(choice, work, raw, f"{pointer}/include-controls/{number}", excludes=False) - excluded
        self.excluded |= excluded

    def _chosen(self, choice: Choice, work: Work, raw: object, pointer: str, *, excludes: bool) -> set[str]:
        """The provisions that a choice names; a fault where only the catalogue itself could tell which they are."""
        reading, place = self.document.reading, self.document.place(raw, pointer)
        if choice.matching or (excludes and _with_children(choice)):
            reading.fault(place, NOT_RESOLVABLE)
        ids = [plain(one) for one in choice.with_ids]
        if not all(ids):
            reading.fault(place, EMPTY(key="with-ids"))
        self.owners.update(dict.fromkeys(ids, work))
        reading.count("excluded ids" if excludes else "included ids", len(ids))
        return {work.provision(one) for one in ids if one}

    def _check(self) -> None:
        """What one import leaves out and another takes is taken in OSCAL; an edition that leaves it out could not say so."""
        torn = self.excluded & (self.selected | self.selected_with_parts)
        if torn:
            place = self.document.place(self.document.body, f"/{self.document.model}/imports")
            self.document.reading.fault(place, TORN(ids=", ".join(sorted(torn))[:MAX_SHOWN]))

    def _modify(self, profile: Profile, pointer: str) -> None:
        around = self.document.body.get("modify")
        settings = self.document.each(profile.modify.set_parameters, Parameter, f"{pointer}/set-parameters", around)
        state_set(self.document, settings, self.work.edition)
        parts = PartReader(self.document, Prose(), self.work, baseline=True)
        for one, raw, here in self.document.each(profile.modify.alters, Alteration, f"{pointer}/alters", around):
            self._alter(one, raw, here, parts)

    def _alter(self, one: Alteration, raw: object, pointer: str, parts: PartReader) -> None:
        document, identifier = self.document, plain(one.control_id)
        document.reading.count("alters")
        work = self.owners.get(identifier) or (self.imported[0] if self.imported else None)
        if not identifier:
            document.reading.fault(document.place(raw, pointer), EMPTY(key="control-id"))
        if not identifier or work is None:  # an import that names nothing is a fault already
            return
        provision = provision_of(work, identifier)
        document.state(self.work.edition, _ALTERS, provision, document.place(raw, pointer))
        for addition, of, here in document.each(one.adds, Addition, f"{pointer}/adds", raw):
            self._add(addition, of, here, provision, parts)

    def _add(self, addition: Addition, raw: object, pointer: str, provision: str, parts: PartReader) -> None:
        document, place = self.document, self.document.place(raw, pointer)
        left = len(addition.props) + len(addition.links) + len(addition.params)
        if left:
            document.reading.leave(ADDED_TEXT, place, left)
        read = parts.read(addition.parts, Host(provision, "", raw, pointer), added=True)
        document.reading.count("added parts", len(read.added))
        for draft in read.added.values():
            if draft.id in self.added:
                document.reading.fault(draft.place, TWICE(id=draft.notation[:MAX_SHOWN]))
            self.added[draft.id] = None
            document.add(resource_of(draft, document), draft.place)


def _with_children(choice: Choice) -> bool:
    return plain(choice.with_child_controls).lower() in {"yes", "true"}


def read_profile(document: Document) -> None:
    """Read a profile."""
    profile = document.typed(document.body, Profile, f"/{document.model}")
    work = work_titled(document)
    official = document.publisher is not None and is_publisher_of(document.publisher, work)
    document.begin(Authority.OFFICIAL if official else Authority.THIRD_PARTY, document.title)
    references = References(document)
    if profile is not None:
        _Reader(document, work, references).read(profile)
