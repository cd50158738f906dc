"""A framework of a CISO Assistant library: its flat list of nodes as provisions that stand under one another.

The id of a node follows from the tail of its urn, for that is all that mapping sets know; its `ref_id` is the printed notation.
A tail such as `node2` was generated, and may name another node in another version of the library.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Literal, Resource
from kakehashi.records.values import Lifecycle
from kakehashi.sources.ciso_assistant.shelf import Shelf, Translations
from kakehashi.sources.ciso_assistant.urns import member_in, name_in
from kakehashi.sources.entries import MISSING_KEY, NOT_A_MAPPING
from kakehashi.sources.naming import Work, base_of, work_called
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

_CONTROLS: Final = frozenset({"nist-sp-800-53", "scf", "adobe-ccf", "mcsb", "cis-controls"})
"""Frameworks whose assessable nodes say what is done; the assessable nodes of all others oblige."""

_ALSO_CONTROLS: Final[Mapping[str, re.Pattern[str]]] = {"iso-27001": re.compile(r"a\..+")}
"""Of other frameworks, the provisions that are controls: those of Annex A, beside the clauses that oblige."""

_ALSO_REQUIREMENTS: Final[Mapping[str, re.Pattern[str]]] = {"soc-2": re.compile(r"[a-z]+[0-9]+\.[1-9][0-9]*")}
"""Nodes that are not assessable here and oblige all the same: the criteria, assessed by their points of focus."""

_ENHANCEMENTS: Final[Mapping[str, re.Pattern[str]]] = {"nist-sp-800-53": re.compile(r".+\..+")}

_LIFECYCLES: Final = {
    "[withdrawn:": Lifecycle.WITHDRAWN,
    "withdrawn:": Lifecycle.WITHDRAWN,
    "[deprecated": Lifecycle.DEPRECATED,
}
"""How the text of a provision begins that is no longer in use."""

_TEXTS: Final = ("description", "annotation", "typical_evidence")
_NODE_KEYS: Final = frozenset({
    "urn", "ref_id", "name", "depth", "parent_urn", "assessable", "implementation_groups", "reference_controls", "threats",
    "questions", "translations", *_TEXTS,
})  # fmt: skip
_FRAMEWORK_KEYS: Final = frozenset({
    "urn", "ref_id", "name", "description", "translations", "requirement_nodes", "implementation_groups_definition",
    "min_score", "max_score", "scores_definition",
})  # fmt: skip
_SCORES: Final = ("min_score", "max_score", "scores_definition")

NOT_BOOLEAN = Text("assessableはtrueかfalseでなければなりません。", "The value of assessable must be true or false.")
TWICE = Text("urn「{urn}」の節が二度あります。", "There are two nodes with the urn '{urn}'.")
SAME_ID = Text(
    "urn「{urn}」と「{other}」は同じ条項({id})を指します。一方を直してください。",
    "The urns '{urn}' and '{other}' name one provision ({id}). Correct one of them.",
)
NO_PARENT = Text(
    "親「{parent}」の節がありません。parent_urnを直してください。", "There is no node '{parent}'. Correct the parent_urn."
)
CYCLE = Text(
    "「{urn}」は自分自身の上位にあります。parent_urnを直してください。", "'{urn}' stands above itself. Correct the parent_urn."
)
NO_FAMILY = Text(
    "見出し「{urn}」の下に{number}個のファミリーの管理策があり、どのファミリーの見出しか定まりません。",
    "Below the heading '{urn}' there are controls of {number} families; it must be those of one.",
)
SCORES = Text(
    "CISO Assistantでの採点の段階。枠組みの条項ではない。", "The marks that CISO Assistant gives; no provision of the framework."
)
DESCRIPTION = Text("枠組み全体の説明。条項ではない。", "The description of the framework as a whole; no provision.")
CHOICES = Text("質問に用意された答えの選択肢。", "The answers that a question offers.")


@dataclass(slots=True)
class _Node:
    """A node of the list: its urn, the id that it stands for, whether it is assessable, and the urn of its parent."""

    entry: Entry
    place: Place
    urn: str
    id: str
    assessable: bool
    parent: str | None

    @property
    def token(self) -> str:
        """The last part of its id."""
        return self.id.rpartition("/")[2]


@dataclass(slots=True)
class _Reader:
    shelf: Shelf
    work: Work
    base: Work | None
    """The work that it selects from, where it is a baseline: its nodes are provisions of that one."""
    stating: StatementWriter
    nodes: dict[str, _Node] = field(default_factory=dict)


def framework_work(shelf: Shelf, framework: Entry) -> Work | None:
    """The work of a framework; one that is not registered is called what the library calls it."""
    urn = shelf.text(framework, "urn", required=True)
    name = name_in(urn, "framework") if urn else None
    if name is None:
        if urn:
            shelf.bad_urn(shelf.place(framework), urn, "framework")
        return None
    work = shelf.names.framework(name)
    labels = shelf.labels(framework, "name")
    if labels and work_called("ciso", name) is None:
        work = shelf.names.works[name] = replace(work, labels=labels, framework_labels=labels)
    return work


def read_framework(shelf: Shelf, framework: Entry, work: Work) -> None:
    """The nodes of a framework as provisions of its edition, or of the edition that it selects from."""
    reader = _Reader(shelf, work, base_of(work), StatementWriter(shelf.reading, shelf.source))
    _identify(reader, framework)
    _check_parents(reader)
    if reader.base is not None:
        _name_headings(reader)
    _check_ids(reader)
    _write_edition(reader)
    for node in reader.nodes.values():
        _write_node(reader, node)
    _write_groups(reader, framework)
    _leave_rest(shelf, framework)


def _identify(reader: _Reader, framework: Entry) -> None:
    shelf = reader.shelf
    if "requirement_nodes" not in framework:
        shelf.reading.fault(shelf.place(framework), MISSING_KEY(key="requirement_nodes"))
    for entry in shelf.entries(framework, "requirement_nodes"):
        shelf.reading.count("requirement nodes")
        node = _node(reader, entry, shelf.place(entry))
        if node is None:
            continue
        if node.urn in reader.nodes:
            shelf.reading.fault(node.place, TWICE(urn=node.urn))
        reader.nodes[node.urn] = node


def _node(reader: _Reader, entry: Entry, place: Place) -> _Node | None:
    shelf = reader.shelf
    urn = shelf.text(entry, "urn", required=True)
    member = member_in(urn, "req_node") if urn else None
    assessable = entry.get("assessable")
    if urn and member is None:
        shelf.bad_urn(place, urn, "req_node")
    if not isinstance(assessable, bool):
        shelf.reading.fault(place, NOT_BOOLEAN)
    if urn is None or member is None:
        return None
    parent = shelf.text(entry, "parent_urn")
    node_id = reader.work.provision(member[1])
    return _Node(entry, place, urn.casefold(), node_id, assessable is True, parent.casefold() if parent else None)


def _check_parents(reader: _Reader) -> None:
    """Every parent is a node of the list, and no node stands above itself; each node is passed once."""
    done: set[str] = set()
    for start in reader.nodes:
        path: dict[str, None] = {}
        urn: str | None = start
        while urn is not None and urn not in done and urn not in path:
            path[urn] = None
            urn = _parent(reader, urn)
        if urn in path:
            reader.shelf.reading.fault(reader.nodes[urn].place, CYCLE(urn=urn))
        done.update(path)


def _parent(reader: _Reader, urn: str) -> str | None:
    node = reader.nodes[urn]
    if node.parent is None or node.parent in reader.nodes:
        return node.parent
    reader.shelf.reading.fault(node.place, NO_PARENT(parent=node.parent[:200]))
    return None


def _name_headings(reader: _Reader) -> None:
    """The headings of a baseline are the families of the controls under them: a family is the letters of its controls."""
    families: dict[str, set[str]] = {node.urn: set() for node in reader.nodes.values() if not node.assessable}
    for node in reader.nodes.values():
        if node.assessable and node.parent in families:
            families[node.parent].add(node.token.partition("-")[0])
    for urn, found in families.items():
        node = reader.nodes[urn]
        if len(found) == 1:
            node.id = reader.work.provision(found.pop())
        else:
            reader.shelf.reading.fault(node.place, NO_FAMILY(urn=urn, number=len(found)))


def _check_ids(reader: _Reader) -> None:
    found: dict[str, str] = {}
    for node in reader.nodes.values():
        other = found.setdefault(node.id, node.urn)
        if other != node.urn:
            reader.shelf.reading.fault(node.place, SAME_ID(urn=node.urn, other=other, id=node.id))


def _write_edition(reader: _Reader) -> None:
    ids = tuple(node.id for node in reader.nodes.values())
    if reader.base is None:
        reader.shelf.declare(reader.work, provisions=ids)
    else:
        reader.shelf.declare(reader.work, selected=tuple(sorted(ids)))


def _write_node(reader: _Reader, node: _Node) -> None:
    shelf, entry = reader.shelf, node.entry
    translations = shelf.translations(entry)
    notation = shelf.text(entry, "ref_id")
    described = shelf.labels(entry, "description", translations)
    lifecycle = _lifecycle(described)
    parent = reader.nodes.get(node.parent or "")
    resource = Resource(
        id=node.id, kind=_kind(reader.base or reader.work, node, lifecycle), source=shelf.source.id, notation=notation,
        parent=parent.id if parent else None,
        labels=_labels(shelf, entry, notation, described, translations), lifecycle=lifecycle,
        texts=tuple(dict.fromkeys((*described, *_further_texts(shelf, entry, translations)))),
    )  # fmt: skip
    shelf.reading.add(resource, node.place)
    shelf.reading.count("assessable nodes" if node.assessable else "nodes that are not assessable")
    _write_links(reader, node)
    shelf.leave_others(entry, _NODE_KEYS)


def _kind(work: Work, node: _Node, lifecycle: Lifecycle | None) -> str:
    """What a node is; one that is out of use is what it was, though the library no longer assesses it."""
    if not node.assessable and lifecycle is None:
        return "requirement" if _is(_ALSO_REQUIREMENTS, work, node) else "heading"
    if _is(_ENHANCEMENTS, work, node):
        return "control-enhancement"
    return "control" if work.framework in _CONTROLS or _is(_ALSO_CONTROLS, work, node) else "requirement"


def _is(table: Mapping[str, re.Pattern[str]], work: Work, node: _Node) -> bool:
    pattern = table.get(work.framework)
    return pattern is not None and pattern.fullmatch(node.token) is not None


def _lifecycle(described: Sequence[Label]) -> Lifecycle | None:
    start = described[0].text[:12].lower() if described else ""
    return next((found for word, found in _LIFECYCLES.items() if start.startswith(word)), None)


def _labels(
    shelf: Shelf, entry: Entry, notation: str | None, described: Sequence[Label], translations: Translations
) -> tuple[Label, ...]:
    """Its names; without one in the library's language its notation stands for it, else the first line of what it says."""
    names = shelf.labels(entry, "name", translations)
    if any(label.language == shelf.language for label in names):
        return names
    first = next((label.text.splitlines()[0] for label in described if label.language == shelf.language), None)
    text = notation or first or str(entry["urn"]).rpartition(":")[2]
    return (Label(language=shelf.language, text=text), *names)


def _further_texts(shelf: Shelf, entry: Entry, translations: Translations) -> Iterator[Label]:
    for key in _TEXTS[1:]:
        yield from shelf.labels(entry, key, translations)
    for question in _questions(shelf, entry):
        yield from shelf.labels(question, "text", shelf.translations(question))
        shelf.reading.count("questions")
        choices = question.get("choices")
        if isinstance(choices, list) and choices:
            shelf.reading.leave(CHOICES, shelf.place(question), len(choices))


def _questions(shelf: Shelf, entry: Entry) -> Iterator[Entry]:
    """The questions of a node, by urn or in a list."""
    held = entry.get("questions")
    if held is None:
        return
    for question in held.values() if isinstance(held, Entry) else held if isinstance(held, list) else (held,):
        if isinstance(question, Entry):
            yield question
        else:
            shelf.reading.fault(shelf.place(entry), NOT_A_MAPPING)


def _write_links(reader: _Reader, node: _Node) -> None:
    shelf = reader.shelf
    for group in shelf.texts(node.entry, "implementation_groups"):
        reader.stating.state(node.id, "in-implementation-group", Literal(text=group), node.place)
        shelf.reading.count("memberships of implementation groups")
    for key, kind, predicate in _LINKS:
        for urn in shelf.texts(node.entry, key):
            member = member_in(urn, kind)
            if member is None:
                shelf.bad_urn(node.place, urn, kind)
                continue
            reader.stating.state(node.id, predicate, shelf.names.collection(kind, member[0]).provision(member[1]), node.place)
            shelf.reading.count(f"links to {key.replace('_', ' ')}")


_LINKS: Final = (("reference_controls", "function", "suggests-control"), ("threats", "threat", "addresses-threat"))


def _write_groups(reader: _Reader, framework: Entry) -> None:
    """What the letters of the implementation groups mean, as the library defines them for the edition."""
    shelf = reader.shelf
    for group in shelf.entries(framework, "implementation_groups_definition"):
        words = shelf.text(group, "ref_id", required=True), shelf.text(group, "name"), shelf.text(group, "description")
        shelf.reading.count("implementation groups")
        if words[0]:
            value = Literal(text=": ".join(word for word in words if word), language=shelf.language)
            reader.stating.state(reader.work.edition, "definition", value, shelf.place(group))


def _leave_rest(shelf: Shelf, framework: Entry) -> None:
    place = shelf.place(framework)
    _leave(shelf, SCORES, place, (key for key in _SCORES if framework.get(key) is not None))
    _leave(shelf, DESCRIPTION, place, (key for key in ("description",) if framework.get(key)))
    shelf.leave_others(framework, _FRAMEWORK_KEYS)


def _leave(shelf: Shelf, why: Text, place: Place, keys: Iterable[str]) -> None:
    number = sum(1 for _ in keys)
    if number:
        shelf.reading.leave(why, place, number)
