"""OSCAL catalogues: groups are headings, controls are provisions, lettered items are their parts.

A catalogue that was resolved from a profile is no edition of its own provisions: it describes those of the edition that it was
made from, and says which of them the baseline takes. It can say more than the profile did: a resolver keeps the control around an
enhancement (NIST's privacy baseline takes 96 provisions, and 102 once resolved), and nothing in the file tells the two apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from kakehashi.records.located import Place
from kakehashi.records.model import Resource
from kakehashi.records.values import Authority, Lifecycle, ParentLink
from kakehashi.sources.naming import Work, base_of, is_publisher_of
from kakehashi.sources.oscal.document import EMPTY, MAX_SHOWN, Document
from kakehashi.sources.oscal.model import Catalog, Control, ControlGroup, Link, plain, told
from kakehashi.sources.oscal.parameters import Settings, defined, state_defined
from kakehashi.sources.oscal.parts import TWICE, Host, PartReader, label_of, resource_of
from kakehashi.sources.oscal.prose import Prose
from kakehashi.sources.oscal.references import References, provision_of, work_titled
from kakehashi.vocabulary.text import Text

NO_GROUP_ID = Text(
    "idのないグループは見出しにできません。中の管理策はその上に付けます。",
    "A group without an id cannot be a heading; its controls stand under what is above it.",
)
OTHER_LINKS = Text(
    "参考文献などへのリンク(管理策どうしの関係でないもの)は記録にしません。",
    "Links to references and the like (not from control to control) make no record.",
)

_LINKS: Final = {
    "incorporated-into": "incorporated-into", "moved-to": "moved-to", "related": "related-control", "required": "needs-control",
}  # fmt: skip
_LIFECYCLES: Final = {"withdrawn": Lifecycle.WITHDRAWN, "deprecated": Lifecycle.DEPRECATED}


@dataclass(frozen=True, slots=True)
class _Found:
    """A group or control with its place in the tree."""

    node: ControlGroup | Control
    raw: Any
    pointer: str
    id: str
    parent: str | None
    kind: str
    params: list[Settings]


@dataclass(slots=True)
class _Reader:
    """Reads one catalogue. `listed` are its provisions in order, `taken` the controls, `added` what a baseline adds to them."""

    document: Document
    work: Work
    base: Work | None
    prose: Prose = field(default_factory=Prose)
    listed: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    @property
    def _home(self) -> Work:
        """The work that the provisions belong to."""
        return self.base or self.work

    def read(self, catalog: Catalog) -> None:
        """Everything in the catalogue, in the order of the file."""
        pointer = f"/{self.document.model}"
        general = list(defined(self.document, catalog.params, pointer, self.document.body, self.prose))
        found = list(self._walk(catalog, pointer))
        parts = PartReader(self.document, self.prose, self.work, baseline=self.base is not None)
        state_defined(self.document, general, self.work.edition, self.work.edition, self.prose)
        for one in found:
            self._keep(one, parts)
        if self.base is None:
            self.document.add_work(self.work, provisions=tuple(self.listed))
            return
        self.document.add_work(self.base)
        self.document.add_work(self.work, selected=tuple(sorted(self.taken)), provisions=tuple(self.added))

    def _walk(self, catalog: Catalog, pointer: str) -> Iterator[_Found]:
        """Groups and controls from the top, each before what stands under it. No recursion: files nest as deep as they like."""
        waiting = list(_below(catalog, self.document.body, pointer, None))
        while waiting:
            shape, raw, here, near, parent, nested = waiting.pop()
            node = self.document.typed(raw, shape, here, near)
            if node is None:
                continue
            found = self._placed(node, raw, here, parent, nested=nested)
            if found is not None:
                yield found
            waiting += _below(node, raw, here, found.id if found is not None else parent)

    def _placed(
        self, node: ControlGroup | Control, raw: object, pointer: str, parent: str | None, *, nested: bool
    ) -> _Found | None:
        """The node with its id; None where it has none, or one that another has already."""
        place = self.document.place(raw, pointer)
        is_control = isinstance(node, Control)
        self.document.reading.count(("nested controls" if nested else "controls") if is_control else "groups")
        identifier = plain(node.id)
        if not identifier:
            if is_control:
                self.document.reading.fault(place, EMPTY(key="id"))
            else:
                self.document.reading.leave(NO_GROUP_ID, place)
            return None
        provision = self._home.provision(identifier)
        if not self._is_new(provision, identifier, place):
            return None
        params = list(defined(self.document, node.params, pointer, raw, self.prose))
        return _Found(node, raw, pointer, provision, parent, self._kind(is_control=is_control, nested=nested), params)

    def _kind(self, *, is_control: bool, nested: bool) -> str:
        """A nested control enhances where the framework says that it lies outside; else it is a control under a control."""
        if not is_control:
            return "heading"
        return "control-enhancement" if nested and self._home.parent_link is ParentLink.EXTENSION else "control"

    def _keep(self, found: _Found, parts: PartReader) -> None:
        node, document = found.node, self.document
        notation = label_of(node.props) or plain(node.id)
        read = parts.read(node.parts, Host(found.id, notation, found.raw, found.pointer))
        document.add(self._resource(found, notation, read.text), document.place(found.raw, found.pointer))
        self.listed.append(found.id)
        if isinstance(node, Control):
            self.taken.append(found.id)
        for draft in (*read.items, *read.added.values()):
            if self._is_new(draft.id, draft.notation, draft.place):
                self.listed.append(draft.id)
                document.add(resource_of(draft, document), draft.place)
        document.reading.count("provision parts", len(read.items))
        self.added += read.added
        state_defined(document, found.params, found.id, self.work.edition if self.base else found.id, self.prose)
        parts.count_left(node.props, 0, found.raw, found.pointer)
        for number, link in enumerate(node.links):
            self._link(link, found, f"{found.pointer}/links/{number}")

    def _resource(self, found: _Found, notation: str, text: str) -> Resource:
        status = next((plain(prop.value).lower() for prop in found.node.props if prop.name == "status"), "")
        lifecycle = _LIFECYCLES.get(status)
        if lifecycle is not None:
            self.document.reading.count(status)
        return Resource(
            id=found.id, kind=found.kind, source=self.document.source.id, notation=notation, parent=found.parent,
            labels=(self.document.label(told(found.node.title) or notation),), lifecycle=lifecycle,
            texts=(self.document.label(text),) if text else (),
        )  # fmt: skip

    def _is_new(self, provision: str, name: str, place: Place) -> bool:
        if provision in self._known:
            self.document.reading.fault(place, TWICE(id=name[:MAX_SHOWN]))
            return False
        self._known.add(provision)
        return True

    def _link(self, link: Link, found: _Found, pointer: str) -> None:
        rel, href = plain(link.rel).lower(), plain(link.href)
        place = self.document.place(found.raw, pointer)
        self.document.reading.count(f"links: {rel}" if rel in _LINKS or rel == "reference" else "links: other")
        if rel not in _LINKS or not href.startswith("#") or len(href) == 1:
            self.document.reading.leave(OTHER_LINKS, place)
            return
        self.document.state(found.id, _LINKS[rel], provision_of(self._home, href[1:]), place)


def _below(node: Catalog | ControlGroup | Control, raw: object, pointer: str, parent: str | None) -> Iterator[tuple[Any, ...]]:
    """What stands under a node, from the last to the first: what is taken from the end of a list then comes in order."""
    lists: list[tuple[str, type[Control | ControlGroup], list[Any]]] = [("controls", Control, node.controls)]
    if not isinstance(node, Control):
        lists.append(("groups", ControlGroup, node.groups))
    for key, shape, below in reversed(lists):
        for number in range(len(below) - 1, -1, -1):
            yield shape, below[number], f"{pointer}/{key}/{number}", raw, parent, isinstance(node, Control)


def read_catalogue(document: Document) -> None:
    """Read a catalogue."""
    catalog = document.typed(document.body, Catalog, f"/{document.model}")
    work = work_titled(document)
    base = base_of(work)
    official = document.publisher is not None and is_publisher_of(document.publisher, work, base)
    document.begin(Authority.OFFICIAL if official else Authority.THIRD_PARTY, document.title)
    References(document)
    if catalog is not None:
        _Reader(document, work, base).read(catalog)
