"""Circles in directed links: proper subsets that lead back to where they began, and sets that are derived from themselves."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from kakehashi.crosswalk.algebra import PP, PPI
from kakehashi.crosswalk.findings.kinds import Finding, FindingKind, only, told
from kakehashi.crosswalk.findings.published import Published
from kakehashi.vocabulary.text import Text

MAX_CIRCLES: Final = 100
"""So many circles of one tangle are named; whoever mends those sees the next."""

Links = Mapping[str, Collection[str]]
Circle = tuple[str, ...]

INCLUSION = Text(
    "次のそれぞれが次のものの真部分集合とされ、初めに戻ります: {circle}(対応付け集: {sets})。",
    "Each is stated to be a proper subset of the next, back to the first: {circle} (mapping sets: {sets}).",
)
DERIVATION = Text(
    "次のそれぞれが次のものから作られたとされ、初めに戻ります: {circle}。",
    "Each is stated to be derived from the next, back to the first: {circle}.",
)


def circles(links: Links) -> Iterator[Circle]:
    """Shortest circles that together pass every link that lies on any, each from its smallest end."""
    passed: set[tuple[str, str]] = set()
    for tangle in _tangles(links):
        count = 0
        for start in sorted(tangle):
            for end in sorted(tangle & set(links[start])):
                if (start, end) in passed or count == MAX_CIRCLES:
                    continue
                circle = (start,) if start == end else (start, *_way(links, tangle, end, start)[:-1])
                passed.update(zip(circle, (*circle[1:], circle[0]), strict=True))
                count += 1
                yield _from_smallest(circle)


def _tangles(links: Links) -> Iterator[frozenset[str]]:
    """The largest sets of ends of which each can be reached from each, by their smallest end."""
    ends = sorted({*links, *(end for others in links.values() for end in others)})
    place = {end: number for number, end in enumerate(ends)}
    pairs = np.array([(place[a], place[b]) for a, others in links.items() for b in others], np.int64).reshape(-1, 2)
    matrix = csr_array((np.ones(len(pairs), np.bool_), (pairs[:, 0], pairs[:, 1])), shape=(len(ends),) * 2)
    found: dict[int, list[str]] = defaultdict(list)
    for end, label in zip(ends, connected_components(matrix, connection="strong")[1].tolist() if ends else [], strict=True):
        found[label].append(end)
    for tangle in sorted(found.values()):
        if len(tangle) > 1 or tangle[0] in links.get(tangle[0], ()):
            yield frozenset(tangle)


def _way(links: Links, tangle: Collection[str], start: str, end: str) -> Circle:
    """The shortest way from one end to another within a tangle, both included; of several the first by ids."""
    before = {start: start}
    waiting = deque([start])
    while end not in before:
        here = waiting.popleft()
        for other in sorted(links.get(here, ())):
            if other in tangle and other not in before:
                before[other] = here
                waiting.append(other)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))


def _from_smallest(circle: Circle) -> Circle:
    first = circle.index(min(circle))
    return (*circle[first:], *circle[:first])


def circular_inclusions(published: Published) -> Iterator[Finding]:
    """Circles of proper subsets, of whatever length: the rows that count, accepted or not."""
    inside: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in published.engine.rows:
        if row.relations in {PP, PPI}:
            lower, upper = (row.subject, row.object) if row.relations == PP else (row.object, row.subject)
            inside[lower][upper].append(row.statement)
    for circle in circles(inside):
        links = zip(circle, (*circle[1:], circle[0]), strict=True)
        statements = tuple(sorted(one for a, b in links for one in inside[a][b]))
        sets = published.sets_of(statements)
        text = told(INCLUSION, circle=" ⊂ ".join((*circle, circle[0])), sets=", ".join(sets) or "-")
        yield Finding(
            kind=FindingKind.CIRCULAR_INCLUSION, mapping_set=only(sets), mapping_sets=sets, statements=statements, ends=circle,
            explanation=text,
        )  # fmt: skip


def circular_derivations(published: Published) -> Iterator[Finding]:
    """Circles of mapping sets by what each is derived from."""
    for circle in circles({one.id: one.derived_from for one in published.mapping_sets.values()}):
        text = told(DERIVATION, circle=" ← ".join((*circle, circle[0])))
        yield Finding(
            kind=FindingKind.CIRCULAR_DERIVATION, mapping_set=only(circle), mapping_sets=tuple(sorted(circle)), ends=circle,
            explanation=text,
        )  # fmt: skip
