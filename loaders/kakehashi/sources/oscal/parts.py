"""The parts of a control or group: its text, its lettered items, and what a baseline adds to it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from kakehashi.records.located import Place
from kakehashi.records.model import Resource
from kakehashi.sources.naming import Work
from kakehashi.sources.oscal.document import Document
from kakehashi.sources.oscal.model import Part, Prop, plain, told
from kakehashi.sources.oscal.prose import Prose
from kakehashi.vocabulary.text import Text

OTHER_PARTS = Text(
    "評価の目的・方法・手順など、条項の本文と解説でない部分は記録にしません。",
    "Parts other than a provision's text and guidance (objectives, methods and procedures of assessment) make no record.",
)
ADDED_TEXT = Text(
    "ベースラインが管理策に加える属性・リンク・解説は記録にしません。加えることそのものは記録にします。",
    "Properties, links and guidance that a baseline adds to controls make no record; that it adds to them does.",
)
PROPERTIES = Text(
    "名称・状態以外の属性(並べ替えの鍵、評価の方法など)は記録にしません。",
    "Properties other than labels and states (sort keys, methods of assessment) make no record.",
)
PART_LINKS = Text("本文の部分に付いたリンクは記録にしません。", "Links of parts of a text make no record.")
TWICE = Text("「{id}」が二度定義されています。", "'{id}' is defined twice.")

MAX_NOTATION: Final = 100
ITEM: Final = "item"
_Role: TypeAlias = Literal["top", "statement", "guidance", "added"]
_READ: Final[Mapping[str, _Role]] = {"statement": "statement", "guidance": "guidance", "overview": "guidance"}


@dataclass(slots=True)
class Draft:
    """A provision whose text is still being put together."""

    id: str
    kind: str
    notation: str
    parent: str | None
    place: Place
    name: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PartsRead:
    """What the parts of one control come to: its text, its items, and what the baseline adds, in the order of the file."""

    statement: list[str] = field(default_factory=list)
    guidance: list[str] = field(default_factory=list)
    items: list[Draft] = field(default_factory=list)
    added: dict[str, Draft] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The statement and, after a blank line, the guidance."""
        return "\n\n".join("\n".join(lines) for lines in (self.statement, self.guidance) if lines)


@dataclass(frozen=True, slots=True)
class Host:
    """The control or group that parts belong to."""

    id: str
    notation: str
    raw: Any
    pointer: str


@dataclass(frozen=True, slots=True)
class _Above:
    """What is known of a part from where it stands: its role, the item around it, the id of the statement around it."""

    role: _Role
    owner: Draft | None = None
    stem: str = ""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A part that has not been read yet."""

    raw: Any
    pointer: str
    near: Any
    above: _Above


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads the parts of the controls of one work. `baseline` is set where the document is a baseline of the work."""

    document: Document
    prose: Prose
    work: Work
    baseline: bool

    def read(self, parts: list[Any], host: Host, *, added: bool = False) -> PartsRead:
        """The parts of a control; with `added`, those that a profile adds to it."""
        found = PartsRead()
        waiting = list(_waiting(parts, f"{host.pointer}/parts", host.raw, _Above("added" if added else "top")))
        while waiting:
            one = waiting.pop()
            part = self.document.typed(one.raw, Part, one.pointer, one.near)
            if part is not None:
                waiting += self._part(part, one, found, host)
        return found

    def _part(self, part: Part, one: _Waiting, found: PartsRead, host: Host) -> Iterable[_Waiting]:
        name, role, owner = plain(part.name), one.above.role, one.above.owner
        above = one.above
        if name == ITEM and (role in {"top", "statement"} or (role == "added" and part.id)):
            above = self._item(part, one, found, host)
        elif role == "top" and name in _READ:
            above = _Above(_READ[name], stem=plain(part.id))
            self._line(part, found.statement if name == "statement" else found.guidance)
        elif role == "guidance":
            self._line(part, found.guidance)
        elif role == "added" and name in {ITEM, "guidance"} and owner is not None:
            self._line(part, owner.lines)
        else:
            why = ADDED_TEXT if role == "added" else OTHER_PARTS
            self.document.reading.leave(why, self.document.place(one.raw, one.pointer), _size(one.raw))
            return ()
        self.count_left(part.props, len(part.links), one.raw, one.pointer)
        return _waiting(part.parts, f"{one.pointer}/parts", one.raw, above)

    def _item(self, part: Part, one: _Waiting, found: PartsRead, host: Host) -> _Above:
        """An item: a part of the provision's own text, or a provision that the baseline adds."""
        identifier, owner = plain(part.id), one.above.owner
        if self._is_added(identifier, one.above):
            return _Above("added", self._added(part, identifier, one, found, host))
        self._line(part, found.statement)
        if not identifier:
            return _Above("statement", owner, one.above.stem)
        draft = Draft(
            id=self.work.provision(identifier), kind="provision-part",
            notation=_notation(owner.notation if owner is not None else host.notation, label_of(part.props), identifier),
            parent=owner.id if owner is not None else host.id, place=self.document.place(one.raw, one.pointer),
        )  # fmt: skip
        if prose := self.prose.text(part.prose):
            draft.lines.append(prose)
        found.items.append(draft)
        return _Above("statement", draft, one.above.stem)

    def _is_added(self, identifier: str, above: _Above) -> bool:
        """In a baseline, an item is of the base's own text only where its id goes on from that of the statement."""
        if not identifier:
            return False
        return above.role == "added" or (self.baseline and not (above.stem and identifier.startswith(f"{above.stem}.")))

    def _added(self, part: Part, identifier: str, one: _Waiting, found: PartsRead, host: Host) -> Draft:
        """What a baseline adds. FedRAMP itself gives one id to two requirements: they are one provision with both texts."""
        added, owner = self.work.added(identifier), one.above.owner
        if added in found.added:
            self.document.reading.count("repeated ids of added parts")
        else:
            found.added[added] = Draft(
                id=added, kind="requirement" if told(part.prose) else "heading", notation=identifier, name=told(part.title),
                parent=owner.id if owner is not None else host.id, place=self.document.place(one.raw, one.pointer),
            )  # fmt: skip
        self._line(part, found.added[added].lines)
        return found.added[added]

    def count_left(self, props: list[Prop], links: int, raw: object, pointer: str) -> None:
        """Count the properties and links that make no record."""
        left = sum(prop.name not in {"label", "status"} for prop in props)
        if left:
            self.document.reading.leave(PROPERTIES, self.document.place(raw, pointer), left)
        if links:
            self.document.reading.leave(PART_LINKS, self.document.place(raw, pointer), links)

    def _line(self, part: Part, lines: list[str]) -> None:
        prose = self.prose.text(part.prose)
        if prose:
            lines.append(f"{label_of(part.props)} {prose}".strip())


def resource_of(draft: Draft, document: Document) -> Resource:
    """A draft as a resource; what has no name is called by its notation."""
    text = "\n".join(draft.lines)
    return Resource(
        id=draft.id, kind=draft.kind, source=document.source.id, labels=(document.label(draft.name or draft.notation),),
        notation=draft.notation, parent=draft.parent, texts=(document.label(text),) if text else (),
    )  # fmt: skip


def label_of(props: list[Prop]) -> str:
    """The label as printed. One without a class goes before those for other uses (zero-padded for sorting, say)."""
    labels = [prop for prop in props if prop.name == "label"]
    return next((plain(prop.value) for prop in sorted(labels, key=lambda prop: prop.class_ is not None)), "")


def _notation(above: str, label: str, identifier: str) -> str:
    """AC-2 and a. are AC-2a.; without a label, or where that grows beyond what anyone prints, the id."""
    return f"{above}{label}" if label and len(above) + len(label) <= MAX_NOTATION else identifier


def _waiting(parts: list[Any], pointer: str, near: object, above: _Above) -> Iterator[_Waiting]:
    """Parts from the last to the first: what is taken from the end of a list then comes in the order of the file."""
    for number in range(len(parts) - 1, -1, -1):
        yield _Waiting(parts[number], f"{pointer}/{number}", near, above)


def _size(raw: object) -> int:
    """How many parts there are in a part, with itself."""
    count, waiting = 0, [raw]
    while waiting:
        one = waiting.pop()
        count += 1
        below = one.get("parts") if isinstance(one, dict) else None
        if isinstance(below, list):
            waiting += below
    return count
