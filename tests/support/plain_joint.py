"""Joint coverage once more, by plain loops from the definition (docs/decisions/0012): of the engine only records."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from kakehashi.crosswalk.given import View
from kakehashi.records.model import Group, Statement
from kakehashi.records.values import Authority, RationaleKind
from tests.support.joint_worlds import REQUIREMENTS, REVERSE, Release
from tests.support.plain_coverage import EVERY, READ, Possibilities, chained
from tests.support.small_worlds import statement

FULL = frozenset({"EQ", "PPi"})
INSIDE = frozenset({"EQ", "PP"})


@dataclass(frozen=True, eq=False)
class PlainJoint:
    """A release in a view, with the ids of the rows that are believed and of those that were set aside."""

    release: Release
    view: View
    accepted: Collection[str]
    refused: Collection[str]

    def full(self, requirement: str, things: Collection[str], hops: int) -> bool:
        """Whether things meet a provision fully, one alone or several together."""
        return self.alone(requirement, things, hops) or bool(self.jointly(requirement, things, hops))

    def alone(self, requirement: str, things: Collection[str], hops: int) -> bool:
        return any(self._known(thing, hops, self.view.authorities).get(requirement, EVERY) <= FULL for thing in things)

    def jointly(self, requirement: str, things: Collection[str], hops: int) -> list[str]:
        """The covers whose parts are all met with one hop less, by the id of the group or, of a partition, of the parent."""
        covers = self.covers(requirement) if hops > 1 else ()
        return [name for name, parts in covers if all(self.full(part, things, hops - 1) for part in parts)]

    def covers(self, requirement: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The unions that a provision is stated to lie inside and that count."""
        for group in self.release.groups:
            for inside, whole in self._sides(group):
                if (
                    requirement in inside
                    and requirement not in whole
                    and len(whole) > 1
                    and not self._apart(requirement, whole, group)
                ):
                    yield group.id, whole
        children = self.release.wholes.get(requirement, ())
        links = {link.statement: link for link in self.release.links}
        seen = all(child in links and links[child].authority in self.view.authorities for child in children)
        if children and seen and not set(children) & set(self.refused):
            yield requirement, tuple(children)

    def _sides(self, group: Group) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        reading: Possibilities = READ[group.predicate]
        if group.mapping.rationale_kind is RationaleKind.SYNTACTIC and reading != {"EQ"}:
            return
        if group.mapping.mapping_set == REVERSE or group.authority not in self.view.authorities:
            return
        if not {*group.subjects, *group.objects} <= {*REQUIREMENTS}:
            return
        pairs = [one.id for one in self.release.statements if one.mapping is not None and one.mapping.group == group.id]
        if set(pairs) & set(self.refused):
            return
        if reading <= INSIDE:
            yield group.subjects, group.objects
        if reading <= FULL:
            yield group.objects, group.subjects

    def _apart(self, requirement: str, whole: tuple[str, ...], group: Group) -> bool:
        """Whether rows that are no weaker than the group say that it shares nothing with any part."""
        strongest = tuple(Authority)
        no_weaker = frozenset(strongest[: strongest.index(group.authority) + 1])
        known = self._known(requirement, self.view.hops, no_weaker)
        return all(known.get(part, EVERY) == {"DR"} for part in whole)

    def _known(self, start: str, hops: int, authorities: frozenset[Authority]) -> dict[str, Possibilities]:
        return _chained(self, start, hops, authorities)


@cache
def _chained(asked: PlainJoint, start: str, hops: int, authorities: frozenset[Authority]) -> dict[str, Possibilities]:
    links = [statement(one.statement, one.subject, "broad-match", one.object, one.authority) for one in asked.release.links]
    rows = [one for one in (*asked.release.statements, *links) if one.id in asked.accepted and one.authority in authorities]
    return chained([_read(one) for one in rows], start, hops)


def _read(row: Statement) -> Statement:
    """A judgement by wording alone, other than equal, says nothing."""
    if row.mapping is None or row.mapping.rationale_kind is not RationaleKind.SYNTACTIC or READ[row.predicate] == {"EQ"}:
        return row
    return statement(row.id, row.subject, "related-match", str(row.object), row.authority)
