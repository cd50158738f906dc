"""Coverage once more, slowly: plain loops straight from the definitions, sharing nothing with the engine but its records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kakehashi.crosswalk.algebra import COMPOSITION
from kakehashi.crosswalk.given import Certificate, Given, View
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority

Possibilities = frozenset[str]

BITS = {"EQ": 1, "PP": 2, "PPi": 4, "PO": 8, "DR": 16}
EVERY: Possibilities = frozenset(BITS)
READ: dict[str, Possibilities] = {
    "satisfies": frozenset({"EQ", "PPi"}),
    "satisfies-in-part": frozenset({"PP", "PO"}),
    "lists-the-control": frozenset({"EQ", "PP", "PPi", "PO"}),
    "requires-consideration": frozenset({"EQ", "PPi"}),
    "equal": frozenset({"EQ"}),
    "subset-of": frozenset({"PP"}),
    "superset-of": frozenset({"PPi"}),
    "intersects-with": frozenset({"EQ", "PP", "PPi", "PO"}),
    "no-relationship": frozenset({"DR"}),
    "exact-match": frozenset({"EQ"}),
    "broad-match": frozenset({"EQ", "PP"}),
    "narrow-match": frozenset({"EQ", "PPi"}),
    "close-match": EVERY,
    "related-match": EVERY,
}
RULES = {"accepts-any-of": "full", "satisfied-by": "full", "recommends-certification": "partial"}
BRINGS = ("has-capability", "offers-term")
SAME = ("refers-to", "certifies-to")
BEST_FIRST = ("full", "partial", "possible", "excluded")


def seen_from(row: Statement, end: str) -> Possibilities:
    turned = {"PP": "PPi", "PPi": "PP"}
    reading = READ[row.predicate]
    return reading if row.subject == end else frozenset(turned.get(one, one) for one in reading)


def believed(rows: Sequence[Statement], classes: Mapping[str, str]) -> set[str]:
    """The ids of the relating statements that are accepted, over the whole release, whatever a view sees."""
    relating = [row for row in rows if row.predicate in READ and _relates(row, classes)]
    found: set[str] = set()
    for pair in {frozenset({row.subject, str(row.object)}) for row in relating}:
        found |= _believed_of([row for row in relating if {row.subject, row.object} == pair], min(pair))
    return found


def _relates(row: Statement, classes: Mapping[str, str]) -> bool:
    return "Requirement" in {classes[row.subject], classes[str(row.object)]} <= {"Requirement", "Product", "Capability"}


def _believed_of(rows: list[Statement], end: str) -> set[str]:
    kept: list[Statement] = []
    for authority in Authority:
        level = [row for row in rows if row.authority is authority]
        contradictions: list[set[str]] = []
        for size in range(1, len(level) + 1):
            for some in combinations(level, size):
                chosen = {row.id for row in some}
                if not together([*kept, *some], end) and not any(smaller <= chosen for smaller in contradictions):
                    contradictions.append(chosen)
        kept += [row for row in level if not any(row.id in one for one in contradictions)]
    return {row.id for row in kept}


def together(rows: Sequence[Statement], end: str) -> Possibilities:
    return EVERY.intersection(*(seen_from(row, end) for row in rows))


def chained(rows: Sequence[Statement], start: str, hops: int) -> dict[str, Possibilities]:
    """What all chains of at most so many rows leave possible of every end that some chain reaches."""
    found: dict[str, Possibilities] = {}
    reached: list[tuple[str, Possibilities]] = [(start, frozenset({"EQ"}))]
    for _ in range(hops):
        reached = [
            (other, composed(known, seen_from(row, end)))
            for end, known in reached
            for row in rows
            if end in (row.subject, row.object) and (other := str(row.object) if row.subject == end else row.subject) != start
        ]
        for end, known in reached:
            found[end] = found.get(end, EVERY) & known
    return found


def composed(first: Possibilities, second: Possibilities) -> Possibilities:
    names = {bit: name for name, bit in BITS.items()}
    leaves = [COMPOSITION[BITS[one], BITS[two]] for one in first for two in second]
    return frozenset(name for bit, name in names.items() if any(bit & left for left in leaves))


@dataclass(frozen=True, slots=True)
class PlainCoverage:
    """What someone has, asked of a release in a view."""

    rows: Sequence[Statement]
    classes: Mapping[str, str]
    some: Given
    view: View

    def of(self, requirement: str, edition: str, accepted: Collection[str]) -> tuple[str, dict[str, str]]:
        """The requirement's status, and that of each thing or scheme that something is recorded of."""
        seen = [row for row in self.rows if row.authority in self.view.authorities]
        things = _held(seen, self.some.things)
        statuses: dict[str, str] = {}
        believed_rows = [row for row in seen if row.id in accepted]
        for thing in things:
            reached = chained(believed_rows, thing, self.view.hops)
            if requirement in reached:
                statuses[thing] = _status(reached[requirement])
        for one in self.some.certificates:
            rules = [row for row in seen if row.predicate in RULES and row.subject == requirement]
            counts = {RULES[rule.predicate] for rule in rules if self._is_of(seen, one.scheme, str(rule.object))}
            if counts and _in_force(one, self.view) and _in_scope(one, requirement, edition):
                statuses[one.scheme] = "full" if "full" in counts else "partial"
        return _overall(list(statuses.values()), len(things) + len(self.some.certificates)), statuses

    def _is_of(self, seen: Sequence[Statement], scheme: str, named: str) -> bool:
        """Whether a certificate of a scheme is one of the scheme that a rule names: itself, or one listing away."""
        listings = [row for row in seen if row.predicate in SAME and self.classes[row.subject] == "CertificationScheme"]
        return scheme == named or any({row.subject, row.object} == {scheme, named} for row in listings)


def _held(seen: Sequence[Statement], things: Collection[str]) -> set[str]:
    held = set(things)
    while True:
        more = {str(row.object) for row in seen if row.predicate in BRINGS and row.subject in held} - held
        if not more:
            return held
        held |= more


def _status(possible: Possibilities) -> str:
    if possible <= {"EQ", "PPi"}:
        return "full"
    if "DR" not in possible:
        return "partial"
    return "excluded" if possible == {"DR"} else "possible"


def _in_force(certificate: Certificate, view: View) -> bool:
    begun = certificate.valid_from is None or certificate.valid_from <= view.as_of
    ended = certificate.valid_to is not None and certificate.valid_to < view.as_of
    return begun and not ended


def _in_scope(certificate: Certificate, requirement: str, edition: str) -> bool:
    return not certificate.scope or requirement in certificate.scope or edition in certificate.scope


def _overall(statuses: Sequence[str], given: int) -> str:
    best = min(statuses, key=BEST_FIRST.index, default="unknown")
    if best == "excluded":
        return "excluded" if len(statuses) == given else "unknown"
    return best
