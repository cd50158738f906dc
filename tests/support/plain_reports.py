"""Whole coverage reports once more: dictionaries and loops over the records, for the corpus. Certificates are not given here.

What the rows say together is `plain_closure`'s; what follows for requirements, and which gaps are left, is written down here from
the words of docs/decisions/0004-gaps.md.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kakehashi.crosswalk.meanings import MEANINGS, SATISFYING_CLASSES, Brings, Certifies
from kakehashi.crosswalk.rows import Row
from kakehashi.records.model import Records
from kakehashi.records.values import Authority
from tests.support import plain_closure as plain

EVERYONE = frozenset(Authority)
NOTHING_RECORDED = "nothing-recorded"
PRECEDENCE = (
    "disputed", "partial-only", "candidates-only", "asserted-none", "not-given", "vendor-word-only", "draft-only", "outside-view",
)  # fmt: skip
LEVELS = {"full": 2, "partial": 1}
STATUSES = ("full", "partial", "possible", "excluded", "unknown")

Doing = dict[str, str]
"""What each thing does for one requirement, of those that some chain links with it."""


def status(possible: int) -> str:
    """What is left possible between a thing and a requirement, in words: 1 is equal, 4 contains, 16 nothing in common."""
    if possible in {1, 4, 5}:
        return "full"
    if possible == 16:
        return "excluded"
    return "possible" if possible & 16 else "partial"


def overall(doing: Mapping[str, str], had: int) -> str:
    """The best of several; excluded only where each thing that is had is recorded as excluded."""
    best = min(doing.values(), key=STATUSES.index, default="unknown")
    return "unknown" if best == "excluded" and len(doing) < had else best


@dataclass(frozen=True)
class Answer:
    """One requirement's: its status, the things that prove something, and all its gaps."""

    status: str
    satisfying: frozenset[str]
    gaps: frozenset[str]

    @property
    def primary(self) -> str:
        """The gap that counts."""
        return next((one for one in PRECEDENCE if one in self.gaps), NOTHING_RECORDED)


class World:
    """The rows of a release, and what they say in each view."""

    def __init__(self, records: Records, rows: Sequence[Row], hops: int) -> None:
        self.records, self.rows, self.hops = records, rows, hops
        self._known: dict[frozenset[Authority], plain.Stated] = {}
        self._seen: dict[frozenset[Authority], list[Row]] = {}
        if any(0 in others.values() for others in self.known(EVERYONE).values()):
            raise AssertionError("published rows contradict one another: which are believed is not decided here")

    def seen(self, authorities: frozenset[Authority]) -> list[Row]:
        """The rows of some authorities."""
        if authorities not in self._seen:
            self._seen[authorities] = [row for row in self.rows if row.authority in authorities]
        return self._seen[authorities]

    def known(self, authorities: frozenset[Authority]) -> plain.Stated:
        """What those rows say of each pair."""
        if authorities not in self._known:
            self._known[authorities] = plain.closure(self.seen(authorities), self.hops)
        return self._known[authorities]

    @cached_property
    def satisfying(self) -> frozenset[str]:
        """All that can be given."""
        classes = {one.iri.rpartition("/")[2]: one.core_class for one in self.records.terms}
        return frozenset(one.id for one in self.records.resources if classes.get(one.kind) in SATISFYING_CLASSES)

    def held(self, given: Collection[str], authorities: frozenset[Authority]) -> set[str]:
        """What is given, and what that brings."""
        brings: dict[str, set[str]] = defaultdict(set)
        for one in self.records.statements:
            if isinstance(MEANINGS[one.predicate], Brings) and one.authority in authorities and one.object in self.satisfying:
                brings[one.subject].add(one.object or "")
        held, more = set(given), set(given)
        while more:
            more = {other for one in more for other in brings.get(one, ())} - held
            held |= more
        return held

    @cached_property
    def certifiable(self) -> frozenset[str]:
        """The requirements for which a certificate of some scheme would count."""
        return frozenset(one.subject for one in self.records.statements if isinstance(MEANINGS[one.predicate], Certifies))

    def doing(self, requirements: Iterable[str], authorities: frozenset[Authority]) -> dict[str, Doing]:
        """What everything that can be given would do for each requirement."""
        wanted = list(requirements)
        found: dict[str, Doing] = {one: {} for one in wanted}
        for requirement, thing in plain.linked(self.seen(authorities), self.hops, wanted):
            if thing in self.satisfying:
                known = self.known(authorities).get(thing, {}).get(requirement, plain.ANYTHING)
                found[requirement][thing] = status(known)
        return found


def report(world: World, requirements: Sequence[str], given: Collection[str], view: frozenset[Authority]) -> dict[str, Answer]:
    """The answer for each requirement, certificates apart."""
    if world.certifiable.intersection(requirements):
        raise AssertionError("a certificate would count: that is not looked at here")
    held = world.held(given, view)
    recorded = {seen: world.doing(requirements, seen) for seen in (view, *_wider(view).values())}
    return {one: _answer(one, held, view, recorded) for one in requirements}


def _wider(view: frozenset[Authority]) -> dict[str, frozenset[Authority]]:
    """The views that are wider, by the gap that is named after each, in the order in which they are tried."""
    vendors = view | {Authority.VENDOR}
    wider = {"vendor-word-only": vendors, "draft-only": vendors | {Authority.INFERRED}, "outside-view": EVERYONE}
    return {gap: seen for gap, seen in wider.items() if seen != view}


def _answer(
    requirement: str, held: set[str], view: frozenset[Authority], recorded: Mapping[frozenset[Authority], Mapping[str, Doing]]
) -> Answer:
    there = recorded[view][requirement]
    ours = {thing: one for thing, one in there.items() if thing in held}
    found = overall(ours, len(held))
    level, best = LEVELS.get(found, 0), _best(there)
    gaps = set()
    if found == "partial":
        gaps.add("partial-only")
    if best > level:
        gaps.add("not-given")
    if not best and "possible" in there.values():
        gaps.add("candidates-only")
    if there and set(there.values()) == {"excluded"}:
        gaps.add("asserted-none")
    most = max(best, level)
    for gap, seen in _wider(view).items():
        if _best(recorded[seen][requirement]) > most:
            gaps.add(gap)
            most = _best(recorded[seen][requirement])
    satisfying = frozenset(thing for thing, one in ours.items() if one in LEVELS)
    return Answer(found, satisfying, frozenset() if found == "full" else frozenset(gaps or {NOTHING_RECORDED}))


def _best(doing: Doing) -> int:
    return max((LEVELS.get(one, 0) for one in doing.values()), default=0)


def status_counts(answers: Mapping[str, Answer]) -> list[int]:
    """How many requirements there are, and how many of each status."""
    counts = Counter(one.status for one in answers.values())
    return [len(answers), *(counts[one] for one in STATUSES)]


def gap_counts(answers: Mapping[str, Answer]) -> list[tuple[str, int]]:
    """How many requirements that are not fully met have which primary gap."""
    return sorted(Counter(one.primary for one in answers.values() if one.status != "full").items())
