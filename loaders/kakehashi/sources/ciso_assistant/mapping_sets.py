"""The mapping sets of a CISO Assistant library: rows as statements, and mechanical reverses found out and not loaded twice."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, MappingSet, Resource
from kakehashi.records.values import Origin, RationaleKind, StatedAs
from kakehashi.sources.ciso_assistant.shelf import MAX_SHOWN, Shelf
from kakehashi.sources.ciso_assistant.urns import name_in
from kakehashi.sources.entries import MISSING_KEY
from kakehashi.sources.naming import Work
from kakehashi.sources.rows import UNSPECIFIED, MappingRow, RowWriter
from kakehashi.sources.spelling import slug
from kakehashi.sources.wording import converse_of, predicate_of, rationale_of
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

URN_TYPES: Final = ("req_mapping_set", "requirement_mapping_set")

_SET_KEYS: Final = frozenset({
    "urn", "ref_id", "name", "description", "translations", "source_framework_urn", "target_framework_urn",
    "requirement_mappings",
})  # fmt: skip
_ROW_KEYS: Final = frozenset({
    "source_requirement_urn", "target_requirement_urn", "relationship", "rationale", "strength_of_relationship", "annotation",
})  # fmt: skip

UNKNOWN_WORD = Text(
    "関係「{word}」は使えません。使えるのは equal, subset, superset, intersect, not_related です。",
    "'{word}' is no relationship. Known ones: equal, subset, superset, intersect, not_related.",
)
TWICE = Text("対応付け集「{urn}」が二度あります。", "There are two mapping sets with the urn '{urn}'.")
REVERSE_ROW = Text(
    "同じファイルの別の対応付け集の行を逆向きにしただけの行。新しい根拠にはならない。",
    "A row that only turns round a row of another mapping set of the file; it is no new evidence.",
)

_Row = tuple[str, str, str]
"""Subject, predicate and object."""


@dataclass(slots=True)
class SetInHand:
    """A mapping set before its rows are read: its entry, its id and the works of its ends."""

    entry: Entry
    place: Place
    id: str
    source: Work
    target: Work


@dataclass(slots=True)
class _Table:
    """The rows of a mapping set that could be read, each with its entry."""

    rows: list[_Row] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def content(self) -> frozenset[tuple[_Row, int]]:
        """The rows as a multiset."""
        return frozenset(Counter(self.rows).items())

    @property
    def converse(self) -> frozenset[tuple[_Row, int]]:
        """The same rows the other way round."""
        return frozenset(Counter((target, converse_of(word), subject) for subject, word, target in self.rows).items())


def sets_of(shelf: Shelf, objects: Entry) -> list[SetInHand]:
    """The mapping sets of a library: one under `requirement_mapping_set`, or a list under `requirement_mapping_sets`."""
    one = objects.get("requirement_mapping_set")
    held = [one] if isinstance(one, Entry) else list(shelf.entries(objects, "requirement_mapping_set"))
    held += shelf.entries(objects, "requirement_mapping_sets")
    found: dict[str, SetInHand] = {}
    for entry in held:
        opened = _open(shelf, entry)
        if opened is not None and found.setdefault(opened.id, opened) is not opened:
            shelf.reading.fault(opened.place, TWICE(urn=str(entry["urn"])[:MAX_SHOWN]))
    return list(found.values())


def _open(shelf: Shelf, entry: Entry) -> SetInHand | None:
    named = _named(shelf, entry, "urn", *URN_TYPES)
    ends = [_named(shelf, entry, f"{end}_framework_urn", "framework") for end in ("source", "target")]
    if "requirement_mappings" not in entry:
        shelf.reading.fault(shelf.place(entry), MISSING_KEY(key="requirement_mappings"))
    if named is None or ends[0] is None or ends[1] is None:
        return None
    identifier = "/".join(("mapping-set", slug(f"ciso-{named}"), *([slug(shelf.version)] if shelf.version else [])))
    works = shelf.names.framework(ends[0]), shelf.names.framework(ends[1])
    return SetInHand(entry, shelf.place(entry), identifier, *works)


def _named(shelf: Shelf, entry: Entry, key: str, *urn_types: str) -> str | None:
    urn = shelf.text(entry, key, required=True)
    name = name_in(urn, *urn_types) if urn else None
    if urn and name is None:
        shelf.bad_urn(shelf.place(entry), urn, urn_types[0])
    return name


def read_sets(shelf: Shelf, sets: Iterable[SetInHand]) -> None:
    """Every set as a resource with its record; the rows of each that is not the exact reverse of an earlier one."""
    earlier: dict[frozenset[tuple[_Row, int]], str] = {}
    writer = RowWriter(shelf.reading, shelf.source, "", UNSPECIFIED)
    for held in sets:
        table = _table(shelf, held)
        reversed_from = earlier.get(table.converse) if table.rows else None
        earlier.setdefault(table.content, held.id)
        _write_set(shelf, held, len(table.rows), reversed_from)
        if reversed_from is not None:
            shelf.reading.leave(REVERSE_ROW, held.place, len(table.rows))
            continue
        writer.mapping_set = held.id
        for row, entry in zip(table.rows, table.entries, strict=True):
            _write_row(shelf, writer, row, entry)


def _table(shelf: Shelf, held: SetInHand) -> _Table:
    table = _Table()
    words: dict[str, str | None] = {}
    for entry in shelf.entries(held.entry, "requirement_mappings"):
        row = _row(shelf, entry, words)
        if row is not None:
            table.rows.append(row)
            table.entries.append(entry)
    shelf.reading.count("mapping rows", len(table.rows))
    return table


def _row(shelf: Shelf, entry: Entry, words: dict[str, str | None]) -> _Row | None:
    ends = _end(shelf, entry, "source_requirement_urn"), _end(shelf, entry, "target_requirement_urn")
    word = shelf.text(entry, "relationship", required=True)
    if word is None:
        return None
    if word not in words:
        words[word] = predicate_of(word)
    predicate = words[word]
    if predicate is None:
        shelf.reading.fault(shelf.place(entry), UNKNOWN_WORD(word=word[:MAX_SHOWN]))
    return (ends[0], predicate, ends[1]) if predicate and ends[0] and ends[1] else None


def _end(shelf: Shelf, entry: Entry, key: str) -> str | None:
    urn = shelf.text(entry, key, required=True)
    found = shelf.names.node(urn) if urn else None
    if urn and found is None:
        shelf.bad_urn(shelf.place(entry), urn, "req_node")
    return found


def _write_set(shelf: Shelf, held: SetInHand, rows: int, reversed_from: str | None) -> None:
    entry = held.entry
    translations = shelf.translations(entry)
    notation = shelf.text(entry, "ref_id")
    name = notation or held.id.split("/")[1]
    shelf.reading.count("mapping sets")
    shelf.reading.add(Resource(
        id=held.id, kind="mapping-set", source=shelf.source.id, notation=notation,
        labels=shelf.labels(entry, "name", translations) or (Label(language=shelf.language, text=name),),
        texts=shelf.labels(entry, "description", translations),
    ), held.place)  # fmt: skip
    shelf.reading.add(MappingSet(
        id=held.id, source=shelf.source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=rows,
        origin=Origin.REVERSE if reversed_from else Origin.ORIGINAL, derived_from=(reversed_from,) if reversed_from else (),
        subject_edition=_edition_of_ends(held.source), object_edition=_edition_of_ends(held.target),
    ))  # fmt: skip
    shelf.leave_others(entry, _SET_KEYS)


def _edition_of_ends(work: Work) -> str:
    """The edition whose provisions the ends are: of a baseline, the one that it selects from."""
    return work.takes_from or work.edition


def _write_row(shelf: Shelf, writer: RowWriter, row: _Row, entry: Entry) -> None:
    subject, predicate, target = row
    kind, rationale = _rationale(shelf, entry)
    published = MappingRow(
        subjects=(subject,), predicate=predicate, objects=(target,), verbatim=str(entry["relationship"]).strip(),
        rationale=rationale, rationale_kind=kind, strength=shelf.text(entry, "strength_of_relationship"),
    )  # fmt: skip
    writer.write(published, shelf.place(entry))
    if len(entry) > 3:
        shelf.leave_others(entry, _ROW_KEYS)


def _rationale(shelf: Shelf, entry: Entry) -> tuple[RationaleKind | None, list[Label]]:
    """The kind of a rationale that is one of the three words, and all else that a row says of its ground."""
    word = shelf.text(entry, "rationale")
    kind = rationale_of(word) if word else None
    texts = [None if kind else word, shelf.text(entry, "annotation")]
    return kind, [Label(language=shelf.language, text=text) for text in texts if text]
