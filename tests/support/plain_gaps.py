"""Gaps once more, slowly: each type straight from docs/decisions/0013, sharing nothing with the engine but its records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kakehashi.crosswalk.given import Certificate, Given, View
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority
from tests.support.plain_coverage import RULES, SAME, _overall, _status, chained, together

Gaps = dict[str, tuple[set[str], set[str]]]
"""By type what closes it, and what it is about."""

LEVEL = {"full": 2, "partial": 1}
BRINGS = ("has-capability", "offers-term", "plan-includes", "renamed-to")
SUCCEEDS = ("superseded-by", "continued-as")
READ = ("printed", "verified", "secondary")
SATISFYING = ("Product", "Capability")
PRECEDENCE = (
    "disputed", "certificate-not-in-force", "retired", "customer-duty", "partial-only", "other-edition-only", "candidates-only",
    "asserted-none", "higher-plan-only", "not-given", "vendor-word-only", "draft-only", "outside-view", "nothing-recorded",
)  # fmt: skip

WIDER = {
    "vendor-word-only": frozenset({Authority.VENDOR}), "draft-only": frozenset({Authority.INFERRED}),
    "outside-view": frozenset(Authority),
}  # fmt: skip
SCHEMES = ("CertificationScheme", "Framework")


@dataclass(frozen=True)
class PlainGaps:
    """What someone has, asked of a release in a view; two editions of one framework have the provisions of `editions`."""

    rows: Sequence[Statement]
    classes: Mapping[str, str]
    editions: Mapping[str, str]
    some: Given
    view: View
    accepted: Collection[str]

    def of(self, asked: str) -> tuple[str, Gaps]:
        """The requirement's status and its gaps."""
        status = self.status(asked)
        return status, {} if status == "full" else self._gaps(asked, LEVEL.get(status, 0), status)

    def status(self, asked: str) -> str:
        things, certificates = self.held(self.some.things), self.some.certificates
        found = {one: known for one, known in self.by_things(asked).items() if one in things}
        for one in certificates:
            if self._fault(one, asked) is None and (known := self.by_scheme(asked, one.scheme)):
                found[one.scheme] = min(known, found.get(one.scheme, known), key=("full", "partial").index)
        return _overall(list(found.values()), len(things) + len(certificates))

    def _gaps(self, asked: str, level: int, status: str) -> Gaps:
        recorded = self.recorded(asked)
        raising = {one for one, known in recorded.items() if LEVEL.get(known, 0) > level}
        gaps: Gaps = {
            "certificate-not-in-force": self._idle(asked, level),
            "retired": self._retired(asked, level, raising),
            "other-edition-only": self._elsewhere(asked, level, raising),
            "higher-plan-only": (self._upgrades(raising), set()),
            "not-given": (raising, set()),
            "candidates-only": (set(), set()),
        }
        gaps = {kind: told for kind, told in gaps.items() if told != (set(), set())}
        if status == "partial":
            gaps["partial-only"] = (raising, set())
            sound = [one.scheme for one in self.some.certificates if self._fault(one, asked) is None]
            proved = {one for one in sound if self.by_scheme(asked, one)}
            if not any(LEVEL.get(known, 0) for one, known in self.by_things(asked).items() if one in self.held(self.some.things)):
                gaps["customer-duty"] = ({one for one in raising if self.classes[one] in SATISFYING}, proved)
        if not any(map(LEVEL.get, recorded.values())) and "possible" in recorded.values():
            gaps["candidates-only"] = (set(), {one for one, known in recorded.items() if known == "possible"})
        if recorded and set(recorded.values()) == {"excluded"}:
            gaps["asserted-none"] = (set(), set())
        best = max((LEVEL.get(known, 0) for known in recorded.values()), default=0)
        gaps |= self._outside(asked, max(best, level))
        return gaps

    def _outside(self, asked: str, level: int) -> Gaps:
        seen = self.view.authorities
        found: Gaps = {}
        for kind, more in WIDER.items():
            if not more <= seen:
                seen |= more
                wider = replace(self, view=replace(self.view, authorities=seen)).recorded(asked)
                raising = {one for one, known in wider.items() if LEVEL.get(known, 0) > level}
                if raising:
                    found[kind] = (raising, set())
                    level = max(LEVEL.get(known, 0) for known in wider.values())
        return found

    def _idle(self, asked: str, level: int) -> tuple[set[str], set[str]]:
        """Certificates that lapsed or do not extend so far; a scheme that has ended issues no other."""
        idle = [one for one in self._raising_certificates(asked, level) if self._fault(one, asked) == "idle"]
        lapsed = {one.edition for one in idle if one.edition and self._is_over("certificates-lapse-on", one.edition)}
        ended = {one.scheme for one in idle if self.ended(one.scheme)}
        return {one.scheme for one in idle} - ended, lapsed | ended

    def _raising_certificates(self, asked: str, level: int) -> list[Certificate]:
        return [one for one in self.some.certificates if LEVEL.get(self.by_scheme(asked, one.scheme) or "", 0) > level]

    def _fault(self, one: Certificate, asked: str) -> str | None:
        """Why a certificate counts for nothing: out of force or scope, or of another edition than the one asked about."""
        over = one.valid_to is not None and one.valid_to < self.view.as_of
        lapsed = one.edition is not None and self._is_over("certificates-lapse-on", one.edition)
        outside = one.scope and asked not in one.scope and self.editions[asked] not in one.scope
        if over or lapsed or outside or self.ended(one.scheme):
            return "idle"
        return "other edition" if one.edition not in (None, self.editions[asked]) else None

    def _retired(self, asked: str, level: int, raising: set[str]) -> tuple[set[str], set[str]]:
        """Things that would be had, had nothing ended, and would raise: what ended on the ways to them, and what replaces it."""
        lost = self.held(self.some.things, ends=False) - self.held(self.some.things)
        known = self.by_things(asked, ended_too=True)
        useful = {one for one in lost & known.keys() if LEVEL.get(known[one], 0) > level}
        guilty = {one for thing in useful for one in self._way(thing) if self.ended(one)}
        links = [row for row in self.seen() if row.predicate in SUCCEEDS and row.subject in guilty and row.object]
        return {str(row.object) for row in links if self.held({str(row.object)}) & raising}, guilty

    def _way(self, thing: str) -> set[str]:
        """What lies on the shortest way to a thing from what was given, the first by id where there are several."""
        ways: dict[str, tuple[str, ...]] = {one: (one,) for one in sorted(self.some.things)}
        front = list(ways)
        while front:
            one = front.pop(0)
            links = [row for row in self.seen() if row.predicate in BRINGS and row.subject == one and self._having(row)]
            for row in sorted(links, key=lambda row: (row.object, row.id)):
                if row.object not in ways:
                    ways[str(row.object)] = (*ways[one], str(row.object))
                    front.append(str(row.object))
        return set(ways[thing])

    def _elsewhere(self, asked: str, level: int, raising: set[str]) -> tuple[set[str], set[str]]:
        """Certificates of another edition that would raise, and provisions of another edition of which more is met.

        Of what is had; where nothing recorded raises the one asked about, of what is recorded.
        """
        other = [one for one in self._raising_certificates(asked, level) if self._fault(one, asked) == "other edition"]
        believed = [row for row in self.seen() if row.id in self.accepted]
        provisions = set()
        for provision, edition in self.editions.items():
            between = [row for row in believed if {row.subject, row.object} == {asked, provision}]
            if edition != self.editions[asked] and between and together(between, asked) != {"DR"}:
                met = [self.status(provision)] if raising else list(self.recorded(provision).values())
                provisions |= {provision} if any(LEVEL.get(one, 0) > level for one in met) else set()
        return {one.scheme for one in other}, provisions | {one.edition for one in other if one.edition}

    def _upgrades(self, raising: set[str]) -> set[str]:
        """From each plan that is had the lowest above it that bring what would raise; one step only from what another brings."""
        plans = {row.subject for row in self.rows if row.predicate == "plan-includes" and self._having(row)}
        held = self.held(self.some.things)

        def above(one: str) -> set[str]:
            return {plan for plan in plans if one in self.held({plan}) and plan not in self.held({one}) | {one}}

        def lowest(some: set[str]) -> set[str]:
            return {plan for plan in some if not some & {one for one in plans if plan in above(one)}}

        found: set[str] = set()
        for plan in plans & held:
            higher = lowest(above(plan)) if above(plan) & held else above(plan)
            found |= lowest({one for one in higher - held if (self.held({one}) | {one}) & raising})
        return found

    def recorded(self, asked: str) -> dict[str, str]:
        """What each thing, and a certificate without limits of each scheme that a rule names, would do."""
        schemes = {one: known for one in self.named(asked) if not self.ended(one) and (known := self.by_scheme(asked, one))}
        return self.by_things(asked) | schemes

    def named(self, asked: str) -> set[str]:
        return {str(row.object) for row in self.rows if row.predicate in RULES and row.subject == asked and self._is_rule(row)}

    def by_scheme(self, asked: str, scheme: str) -> str | None:
        """What a certificate of a scheme does while it is in force, by the best rule that names it or what it is listed with."""
        same = {scheme}
        for row in self.seen():
            if row.predicate in SAME and self._is_listing(row) and scheme in (row.subject, row.object):
                same |= {row.subject, str(row.object)}
        rules = [row for row in self.seen() if row.predicate in RULES and row.subject == asked and row.object in same]
        return min((RULES[row.predicate] for row in rules if self._is_rule(row)), key=("full", "partial").index, default=None)

    def by_things(self, asked: str, *, ended_too: bool = False) -> dict[str, str]:
        believed = [row for row in self.seen() if row.id in self.accepted]
        reached = {one: chained(believed, one, self.view.hops) for one, kind in self.classes.items() if kind in SATISFYING}
        found = {one: _status(known[asked]) for one, known in reached.items() if asked in known}
        return {one: known for one, known in found.items() if ended_too or not self.ended(one)}

    def seen(self) -> list[Statement]:
        return [row for row in self.rows if row.authority in self.view.authorities]

    def held(self, things: Collection[str], *, ends: bool = True) -> set[str]:
        """All that is had with some things; what has ended is not, and brings nothing but itself under a later name."""
        found = set(things)
        while True:
            links = [row for row in self.seen() if row.predicate in BRINGS and row.subject in found and self._having(row)]
            lasting = [row for row in links if not ends or row.predicate == "renamed-to" or not self.ended(row.subject)]
            more = {str(row.object) for row in lasting} - found
            if not more:
                return {one for one in found if not (ends and self.ended(one))}
            found |= more

    def ended(self, thing: str) -> bool:
        return self._is_over("valid-to", thing)

    def _is_over(self, predicate: str, subject: str) -> bool:
        """Whether the last of all its days that somebody read lies before the day of the question; on anybody's word."""
        told = [row for row in self.rows if row.predicate == predicate and row.subject == subject and row.certainty in READ]
        days = [day for row in told if row.value and (day := _last_day(row.value.text)) is not None]
        return bool(days) and max(days) < self.view.as_of

    def _having(self, row: Statement) -> bool:
        return {self.classes[row.subject], self.classes[str(row.object)]} <= set(SATISFYING)

    def _is_rule(self, row: Statement) -> bool:
        return self.classes[row.subject] == "Requirement" and self.classes[str(row.object)] in SCHEMES

    def _is_listing(self, row: Statement) -> bool:
        return self.classes[row.subject] == "CertificationScheme" and self.classes[str(row.object)] in SCHEMES


def _last_day(text: str) -> date | None:
    """The last day that a day, a month or a year may mean."""
    parts = text.split("-")
    if not all(part.isdecimal() for part in parts):
        return None
    year, *rest = map(int, parts)
    if len(rest) == 2:
        return date(year, *rest)
    return (date(year, rest[0] % 12 + 1, 1).replace(year=year + rest[0] // 12) if rest else date(year + 1, 1, 1)) - timedelta(1)
