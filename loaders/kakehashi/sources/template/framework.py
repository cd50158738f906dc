"""The `framework` sheet: one row a provision, in the order of the publication."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from kakehashi.records.canonical import plain
from kakehashi.records.located import Place
from kakehashi.records.model import Label, Resource
from kakehashi.records.values import Lifecycle
from kakehashi.sources.format import Reading
from kakehashi.sources.spelling import folded
from kakehashi.sources.tables import Row, Table, rows_below
from kakehashi.sources.template.about import About
from kakehashi.sources.template.sheets import header_of
from kakehashi.vocabulary.text import LANGUAGES, Text

KINDS: Final[Mapping[str, str]] = {
    "heading": "heading", "見出し": "heading", "requirement": "requirement", "要求事項": "requirement", "control": "control",
    "管理策": "control", "control-enhancement": "control-enhancement", "管理策の拡張": "control-enhancement",
    "provision-part": "provision-part", "条項の一部": "provision-part",
}  # fmt: skip
LIFECYCLES: Final[Mapping[str, Lifecycle | None]] = {
    "": None, "withdrawn": Lifecycle.WITHDRAWN, "廃止": Lifecycle.WITHDRAWN, "deprecated": Lifecycle.DEPRECATED,
    "非推奨": Lifecycle.DEPRECATED, "revoked": Lifecycle.REVOKED, "取消": Lifecycle.REVOKED,
}  # fmt: skip

NO_NOTATION = Text("notation(番号)が空です。", "The notation is missing.")
REPEATED = Text(
    "番号「{notation}」は{line}行目にもあります。5.10が5.1になっていないか確かめてください。",
    "The notation '{notation}' stands in line {line} too. Check that it is no 5.10 that became 5.1.",
)
BAD_KIND = Text("種別「{word}」は使えません。使えるのは {known} です。", "'{word}' is no kind. Known kinds: {known}.")
BAD_STATUS = Text("状態「{word}」は使えません。使えるのは {known} です。", "'{word}' is no status. Known: {known}.")
NO_PARENT = Text("親「{parent}」がこの表にありません。", "The parent '{parent}' is not in this table.")
CIRCLE = Text("親をたどると「{notation}」に戻ります。", "Following the parents leads back to '{notation}'.")


@dataclass(slots=True)
class FrameworkReader:
    """Reads provisions; `provisions` are their ids, with the place of each."""

    reading: Reading
    about: About
    provisions: dict[str, Place] = field(default_factory=dict)
    _found: list[tuple[Resource, Row]] = field(default_factory=list)
    _parents: dict[str, str] = field(default_factory=dict)

    def read(self, table: Table) -> None:
        """Keep the provisions."""
        found = header_of("framework", table, self.reading)
        if found is None:
            return
        for row in rows_below(table, *found):
            self._row(row)
        for resource, row in self._found:
            self._parent(resource, row)
        self._circles()

    def _row(self, row: Row) -> None:
        self.reading.count("provisions")
        notation = row.notation("notation", self.reading)
        kind, lifecycle = self._words(row)
        if not notation:
            if notation is not None:
                self.reading.fault(row.place, NO_NOTATION)
            return
        identifier = self.about.own.provision(plain(notation))
        if identifier in self.provisions:
            self.reading.fault(row.place, REPEATED(notation=notation[:80], line=self.provisions[identifier].line))
            return
        self.provisions[identifier] = row.place
        resource = Resource(
            id=identifier, kind=kind, source=self.about.source.id, notation=notation, lifecycle=lifecycle,
            labels=_labels(row, "name") or (Label(language=self.about.language, text=notation),), texts=_labels(row, "text"),
        )  # fmt: skip
        self._found.append((resource, row))

    def _words(self, row: Row) -> tuple[str, Lifecycle | None]:
        kind, status = folded(row.text("kind")), folded(row.text("status"))
        if kind not in KINDS:
            self.reading.fault(row.place, BAD_KIND(word=kind[:80], known=", ".join(KINDS)))
        if status not in LIFECYCLES:
            self.reading.fault(row.place, BAD_STATUS(word=status[:80], known=", ".join(filter(None, LIFECYCLES))))
        return KINDS.get(kind, "heading"), LIFECYCLES.get(status)

    def _parent(self, resource: Resource, row: Row) -> None:
        notation = row.notation("parent", self.reading)
        if notation:
            parent = self.about.own.provision(plain(notation))
            if parent not in self.provisions:
                self.reading.fault(row.place, NO_PARENT(parent=notation[:80]))
            self._parents[resource.id] = parent
            resource = replace(resource, parent=parent)
        self.reading.add(resource, row.place)

    def _circles(self) -> None:
        """Each provision is walked up from once: what was reached before is known to end."""
        done: set[str] = set()
        for start in self._parents:
            walked: dict[str, None] = {}
            one: str | None = start
            while one is not None and one not in done and one not in walked:
                walked[one] = None
                one = self._parents.get(one)
            if one in walked and one in self.provisions:
                self.reading.fault(self.provisions[one], CIRCLE(notation=one.rpartition("/")[2]))
            done.update(walked)


def _labels(row: Row, column: str) -> tuple[Label, ...]:
    texts = [(language, row.text(f"{column}_{language}")) for language in LANGUAGES]
    return tuple(Label(language=language, text=text) for language, text in texts if text)
