"""Faults of the ends of mappings: ids that nothing defines or that are out of use, headings, and an end mapped to itself."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from kakehashi.crosswalk.findings.kinds import Finding, FindingKind, listed, told
from kakehashi.crosswalk.findings.published import Published, origin_of, relates
from kakehashi.records.model import Statement
from kakehashi.records.values import Lifecycle
from kakehashi.vocabulary.text import Text

HEADING: Final = "Heading"

DANGLING = Text(
    "{origin} は {end} を挙げていますが、それを定義する出典はありません(記述{count}件)。",
    "{origin} names {end}, which no source defines (statements: {count}).",
)
OUT_OF_USE = Text(
    "{origin} は {end} を挙げていますが、それは{lifecycle}(記述{count}件)。",
    "{origin} names {end}, which {lifecycle} (statements: {count}).",
)
SUCCEEDED = Text("{told}後継は {successors} です。", "{told} Its place was taken by {successors}.")
ON_HEADING = Text(
    "{origin} は見出し {end} の関係を述べていますが、見出しの集合は空かもしれません(記述{count}件)。",
    "{origin} states a relation of {end}, a heading, whose set may be empty (statements: {count}).",
)
SELF = Text("{origin} は {end} を自身に対応付けています(記述{count}件)。", "{origin} maps {end} to itself (statements: {count}).")

LIFECYCLES: Final = {
    Lifecycle.WITHDRAWN: Text("取り下げられています", "is withdrawn"),
    Lifecycle.DEPRECATED: Text("非推奨です", "is deprecated"),
    Lifecycle.REVOKED: Text("失効しています", "is revoked"),
}
_TEMPLATES: Final = {
    FindingKind.DANGLING_END: DANGLING,
    FindingKind.OUT_OF_USE_END: OUT_OF_USE,
    FindingKind.ON_HEADING: ON_HEADING,
    FindingKind.SELF_MAPPING: SELF,
}


def faults_of_ends(published: Published) -> Iterator[Finding]:
    """One finding for each set and end that cannot be one, with all the statements of the set that name it."""
    found: dict[tuple[FindingKind, str, str], list[Statement]] = defaultdict(list)
    for statement in published.mappings:
        for kind, end in _faults(statement, published):
            found[kind, origin_of(statement), end].append(statement)
    for (kind, origin, end), statements in found.items():
        yield _finding(published, kind, origin, end, statements)


def _faults(statement: Statement, published: Published) -> Iterator[tuple[FindingKind, str]]:
    world = published.world
    for end in {statement.subject, statement.object or ""}:
        if end in world.dangling:
            yield FindingKind.DANGLING_END, end
        elif end in world.out_of_use:
            yield FindingKind.OUT_OF_USE_END, end
        elif world.classes[end] == HEADING and relates(statement):
            yield FindingKind.ON_HEADING, end
    if statement.subject == statement.object:
        yield FindingKind.SELF_MAPPING, statement.subject


def _finding(published: Published, kind: FindingKind, origin: str, end: str, statements: list[Statement]) -> Finding:
    mapping_set = origin if statements[0].mapping is not None else None
    lifecycle = LIFECYCLES[published.lifecycles.get(end, Lifecycle.WITHDRAWN)]
    text = told(_TEMPLATES[kind], origin=origin, end=end, count=len(statements), lifecycle=lifecycle)
    successors = published.successors.get(end, ()) if kind is FindingKind.OUT_OF_USE_END else ()
    return Finding(
        kind=kind, mapping_set=mapping_set, mapping_sets=_one(mapping_set), statements=tuple(one.id for one in statements),
        ends=(end,), explanation=told(SUCCEEDED, told=text, successors=listed(successors)) if successors else text,
    )  # fmt: skip


def _one(mapping_set: str | None) -> tuple[str, ...]:
    return () if mapping_set is None else (mapping_set,)
