"""Edition migration once more, slowly: every walk, plain loops, and nothing of the engine but the algebra's two tables."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kakehashi.crosswalk.rows import Row
from tests.support.plain_closure import ANYTHING, COMPOSED, TURNED, by_end, walks_along

EQUAL, PART, WHOLE, APART = 1, 2, 4, 16
Counterparts = dict[str, dict[str, int]]
"""For each old provision, the new ones that it has to do with, and what is left possible, read from old to new."""


@dataclass(frozen=True)
class Editions:
    """Two editions as lists of provisions, and the provisions of third editions of the same framework."""

    old: Sequence[str]
    new: Sequence[str]
    third: Collection[str] = ()

    @cached_property
    def of_old(self) -> frozenset[str]:
        """The old one's, to look up."""
        return frozenset(self.old)

    @cached_property
    def of_new(self) -> frozenset[str]:
        """The new one's, to look up."""
        return frozenset(self.new)


def counterparts(rows: Sequence[Row], editions: Editions, hops: int) -> Counterparts:
    """The pairs of which an overlap is proved, those that rows from edition to edition link, and what both editions hold."""
    found: Counterparts = {}
    ways = by_end(rows)
    for old in editions.old:
        known: dict[str, int] = {}
        linked = set()
        for end, relations, walked in walks_along(ways, old, hops):
            if end in editions.of_new and end != old:
                known[end] = known.get(end, ANYTHING) & relations
                if _from_edition_to_edition(old, end, walked, editions):
                    linked.add(end)
        kept = {new: left for new, left in known.items() if not left & APART or (new in linked and left != APART)}
        if old in editions.of_new:
            kept[old] = EQUAL
        found[old] = kept
    return found


def _from_edition_to_edition(old: str, new: str, walked: Sequence[Row], editions: Editions) -> bool:
    ends = [old]
    for row in walked:
        ends.append(row.object if row.subject == ends[-1] else row.subject)
    if len(ends) == 2 and (new in editions.of_old or old in editions.of_new):
        return False
    both = editions.of_old, editions.of_new
    return all(end in editions.third and not any(end in edition for edition in both) for end in ends[1:-1])


def follows(row: Row, subject: str, moves: str, between: int) -> int:
    """What a row says with one end replaced; `between` is read from the old end to the new one."""
    stated = row.relations if row.subject == subject else TURNED[row.relations]
    return COMPOSED[stated][between] if moves == "object" else COMPOSED[TURNED[between]][stated]


def verdict(stated: int, found: Iterable[int]) -> str:
    """What is left of a row that states one set, where these follow."""
    results = list(found)
    if not results:
        return "lost"
    if any(one != ANYTHING and one | stated == stated for one in results):
        return "certain"
    return "changed" if any(one != ANYTHING for one in results) else "undecided"


def fates(
    found: Counterparts, editions: Editions, place: Mapping[str, tuple[object, object]], tables: Collection[Collection[str]] = ()
) -> Counter[str]:
    """How many old provisions became what, and how many new ones come from none; nothing is out of use here.

    `tables` are the ends of the rows of each table between the two editions.
    """
    heirs = {
        old: {new: left for new, left in news.items() if old == new or not (old in editions.of_new or new in editions.of_old)}
        for old, news in found.items()
    }
    counts = Counter(
        _fate(old, heirs, place) if heirs[old] else "withdrawn" if _left_out(old, editions.old, tables) else "only-in-old"
        for old in editions.old
    )
    taken = {new for news in heirs.values() for new in news}
    counts += Counter(
        "new" if _left_out(new, editions.new, tables) else "only-in-new" for new in editions.new if new not in taken
    )  # fmt: skip
    return counts


def _left_out(one: str, edition: Sequence[str], tables: Collection[Collection[str]]) -> bool:
    """Whether some table lists half of an edition, and none lists this provision of it."""
    shares = [sum(other in table for other in edition) / len(edition) for table in tables]
    return any(share >= 0.5 for share in shares) and all(one not in table for table in tables)


def _fate(old: str, heirs: Counterparts, place: Mapping[str, tuple[object, object]]) -> str:
    mine = heirs[old]
    equal = [new for new, left in mine.items() if left == EQUAL]
    inside = [new for new, left in mine.items() if left | EQUAL | PART == EQUAL | PART]
    contains = [new for new, left in mine.items() if left | EQUAL | WHOLE == EQUAL | WHOLE]
    others = [news for other, news in heirs.items() if other != old]
    if old in mine:
        return "shared"
    if equal:
        twins = any(news.get(equal[0]) == EQUAL for news in others)
        one_to_one = "merged" if twins else "same" if place[old] == place[equal[0]] else "moved"
        return one_to_one if len(equal) == 1 else "split"
    if inside:
        shared = any(new in news and news[new] | EQUAL | PART == EQUAL | PART for new in inside for news in others)
        return "merged" if shared else "changed"
    several = sum(not left & APART for left in mine.values()) > 1
    return ("split" if several else "changed") if contains else "related"
