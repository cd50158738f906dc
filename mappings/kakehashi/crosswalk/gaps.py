"""What is left of a requirement, and why: typed gaps, the primary one first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from kakehashi.crosswalk.coverage import (
    PROVED_LEVEL,
    ControlCoverage,
    Status,
    by_rule,
    by_things,
)
from kakehashi.crosswalk.given import Certificate, Given, Holding, View, hold
from kakehashi.crosswalk.index import Index, Link
from kakehashi.crosswalk.joint import JointCoverage, met, together
from kakehashi.crosswalk.other_editions import counterparts
from kakehashi.crosswalk.prospects import Prospect
from kakehashi.records.values import Authority


class GapType(StrEnum):
    """Why a requirement is not fully met, in the order of precedence: the first that holds is the primary one."""

    DISPUTED = "disputed"
    CERTIFICATE_NOT_IN_FORCE = "certificate-not-in-force"
    RETIRED = "retired"
    CUSTOMER_DUTY = "customer-duty"
    PARTIAL_ONLY = "partial-only"
    OTHER_EDITION_ONLY = "other-edition-only"
    CANDIDATES_ONLY = "candidates-only"
    ASSERTED_NONE = "asserted-none"
    HIGHER_PLAN_ONLY = "higher-plan-only"
    NOT_GIVEN = "not-given"
    VENDOR_WORD_ONLY = "vendor-word-only"
    DRAFT_ONLY = "draft-only"
    OUTSIDE_VIEW = "outside-view"
    NOTHING_RECORDED = "nothing-recorded"


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason; what would close it, the best first, where anything is known that would; and what it is about.

    Each that closes a gap raises the requirement when it is given, of a scheme a certificate without limits; `together` do so all
    together, where none would make it FULL alone. Where the gap is that the view leaves something out, they do in the view that
    takes it in.
    """

    type: GapType
    closed_by: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementCoverage:
    """One requirement's answer: its status, what it rests on, and what is left. A requirement that is FULL has no gap.

    `jointly` are the ways in which several things meet it fully together, where none does so alone. `holding` is what was had
    when it was asked.
    """

    requirement: str
    status: Status
    covered: tuple[ControlCoverage, ...]
    gaps: tuple[Gap, ...]
    jointly: tuple[JointCoverage, ...] = ()
    holding: Holding = field(repr=False, compare=False)

    @property
    def satisfied_by(self) -> tuple[ControlCoverage, ...]:
        """What meets the requirement fully or partly, best first."""
        return tuple(coverage for coverage in self.covered if PROVED_LEVEL[coverage.status])

    @property
    def controls(self) -> tuple[str, ...]:
        """All that has a part in it, best first: what meets it alone, then what does so only together."""
        jointly = (control for joint in self.jointly for control in joint.controls)
        return tuple(dict.fromkeys((*(coverage.control for coverage in self.satisfied_by), *jointly)))


_WIDER: Final = (
    (GapType.VENDOR_WORD_ONLY, frozenset({Authority.VENDOR})),
    (GapType.DRAFT_ONLY, frozenset({Authority.INFERRED})),
    (GapType.OUTSIDE_VIEW, frozenset(Authority)),
)
"""What a view may leave out, in the order in which it is taken in."""


def assess(index: Index, requirement: str, edition: str | None, holding: Holding, view: View) -> RequirementCoverage:
    """The answer for one requirement."""
    covered, jointly, status = met(index, requirement, edition, holding, view)
    gaps: tuple[Gap, ...] = ()
    if status is not Status.FULL:
        case = _Case(index, requirement, edition, holding, view, status, covered)
        found = {gap.type: gap for gap in case.gaps()}
        gaps = tuple(found[kind] for kind in GapType if kind in found)
    return RequirementCoverage(
        requirement=requirement, status=status, covered=covered, gaps=gaps, jointly=jointly, holding=holding
    )


@dataclass(frozen=True)
class _Case:
    """A requirement that is not fully met."""

    index: Index
    requirement: str
    edition: str | None
    holding: Holding
    view: View
    status: Status
    covered: tuple[ControlCoverage, ...]

    def gaps(self) -> Iterator[Gap]:
        """All types that hold; only where none does is nothing recorded."""
        found = [*self._of_the_given(), *self._of_the_recorded()]
        yield from found or [Gap(GapType.NOTHING_RECORDED)]

    @property
    def _level(self) -> int:
        return PROVED_LEVEL[self.status]

    @cached_property
    def _prospect(self) -> Prospect:
        """What everything that is recorded in the view would do, were it given."""
        return self._within(self.view.authorities)

    @cached_property
    def _raising(self) -> tuple[str, ...]:
        """The controls and schemes that alone, in the view, would prove more than what is had."""
        return self._prospect.above(self._level)

    def _within(self, authorities: frozenset[Authority]) -> Prospect:
        view = replace(self.view, authorities=authorities)
        return Prospect(self.index, self.requirement, view, self.holding.things)

    def _of_the_given(self) -> Iterator[Gap]:
        disputed = self.index.engine.disputes(self.view.authorities, self.view.hops).get(self.requirement, ())
        if disputed:
            yield Gap(GapType.DISPUTED, about=disputed)
        if self.requirement in self.index.rules:
            yield from self._of_certificates()
        if self.holding.lost:
            yield from self._of_the_lost()
        if self.status is Status.PARTIAL:
            yield from self._of_the_part()
        yield from self._of_other_editions()

    def _of_certificates(self) -> Iterator[Gap]:
        """Certificates that would raise the requirement, were they in force and in scope."""
        idle = [one for one in self.holding.certificates if self._counts_no_more(one)]
        lapsed = [one.edition for one in idle if one.edition and self.index.times.lapsed(one.edition, self.view.as_of)]
        ended = {
            scheme for one in idle for scheme in self._schemes(one.scheme) if self.index.times.ended(scheme, self.view.as_of)
        }
        if idle:
            closers = {one.scheme for one in idle if ended.isdisjoint(self._schemes(one.scheme))}
            yield Gap(GapType.CERTIFICATE_NOT_IN_FORCE, tuple(sorted(closers)), tuple(sorted({*lapsed, *ended})))

    def _schemes(self, scheme: str) -> tuple[str, ...]:
        """A scheme, and the one that the rule names by which a certificate of it would count."""
        lasting = by_rule(self.index, self.requirement, scheme, self.view)
        found = lasting or by_rule(self.index, self.requirement, scheme, self.view, ended_too=True)
        return (scheme,) if found is None or found.rule is None else (scheme, found.rule.scheme)

    def _counts_no_more(self, certificate: Certificate) -> bool:
        if not self._would_raise(certificate):
            return False
        counts = certificate.in_force(self.view.as_of, self.index.times)
        counts &= by_rule(self.index, self.requirement, certificate.scheme, self.view) is not None
        return not (counts and certificate.extends_to(self.requirement, self.edition))

    def _would_raise(self, certificate: Certificate) -> bool:
        coverage = by_rule(self.index, self.requirement, certificate.scheme, self.view, ended_too=True)
        return coverage is not None and PROVED_LEVEL[coverage.status] > self._level

    def _of_the_lost(self) -> Iterator[Gap]:
        """What was given and has ended, or came by what has ended, and would raise the requirement."""
        lost = self.holding.lost
        alone = _above(by_things(self.index, self.requirement, self.view, lost), self._level)
        jointly = together(self.index, self.requirement, self._having(lost), self.view)
        raising = {*alone, *(one for joint in jointly for one in joint.controls if one in lost)}
        ways = {one for thing in raising for one in (thing, *(link.source for link in lost[thing]))}
        ended = tuple(sorted(ways.intersection(self.holding.ended)))
        if ended:
            yield Gap(GapType.RETIRED, self._replacing(ended), ended)

    def _replacing(self, ended: Iterable[str]) -> tuple[str, ...]:
        """What is used today in place of something, and would raise the requirement."""
        found, waiting = set[str](), list(ended)
        while waiting:
            fresh = self._following(waiting.pop()) - found
            found |= fresh
            waiting += fresh
        lasting = (one for one in found if not self.index.times.ended(one, self.view.as_of))
        return tuple(sorted(one for one in lasting if self._raises(one)))

    def _following(self, thing: str) -> set[str]:
        renamed = (link for link in self.index.brings.get(thing, ()) if link.renames)
        links = (*self.index.successors.get(thing, ()), *renamed)
        return {link.target for link in links if self.view.sees(link.authority)}

    def _raises(self, thing: str) -> bool:
        """Whether more of the requirement would be met with a thing besides."""
        brought = hold(self.index, Given(things=frozenset({thing})), self.view).things
        return any(one in brought for one in self._raising) or bool(
            together(self.index, self.requirement, self._having(brought), self.view)
        )

    def _having(self, more: Mapping[str, tuple[Link, ...]]) -> Holding:
        return replace(self.holding, things={**more, **self.holding.things})

    def _of_the_part(self) -> Iterator[Gap]:
        """Part is met; where certificates alone prove it, it is the provider's part."""
        proved = [coverage for coverage in self.covered if PROVED_LEVEL[coverage.status]]
        if all(coverage.rule is not None for coverage in proved):
            own = tuple(one for one in self._raising if one in self.index.satisfying)
            yield Gap(GapType.CUSTOMER_DUTY, own, tuple(sorted(coverage.control for coverage in proved)))
        yield Gap(GapType.PARTIAL_ONLY, self._raising, together=self._prospect.joined_above(self._level))

    def _of_other_editions(self) -> Iterator[Gap]:
        """What is had does more for another edition; where nothing recorded raises this one, what is recorded does."""
        idle = [] if self.requirement not in self.index.rules else self._of_another_edition()
        elsewhere = [one for one, edition in counterparts(self.index, self.requirement, self.view) if self._is_more(one, edition)]
        if idle or elsewhere:
            schemes = tuple(sorted({one.scheme for one in idle}))
            editions = sorted({one.edition for one in idle if one.edition})
            yield Gap(GapType.OTHER_EDITION_ONLY, schemes, (*editions, *elsewhere))

    def _of_another_edition(self) -> list[Certificate]:
        """Certificates that would raise the requirement, had they been issued against its edition."""
        return [
            one
            for one in self.holding.certificates
            if not one.suits(self.index, self.edition) and not self._counts_no_more(one) and self._would_raise(one)
        ]

    def _is_more(self, provision: str, edition: str) -> bool:
        if self._raising or self._prospect.joined_above(self._level):
            return PROVED_LEVEL[met(self.index, provision, edition, self.holding, self.view)[2]] > self._level
        return Prospect(self.index, provision, self.view, self.holding.things).best > self._level

    def _of_the_recorded(self) -> Iterator[Gap]:
        recorded, joined = self._prospect.recorded, self._prospect.joined_above(self._level)
        if self._raising or joined:
            yield Gap(GapType.NOT_GIVEN, self._raising, together=joined)
        higher = self.holding.plans.upgrades(self.holding.things.keys(), self._raises) if self._raising or joined else ()
        if higher:
            yield Gap(GapType.HIGHER_PLAN_ONLY, higher)
        yield from self._outside(max(self._prospect.best, self._level))
        if not self._prospect.best and any(coverage.status is Status.POSSIBLE for coverage in recorded):
            yield Gap(GapType.CANDIDATES_ONLY, about=_controls(recorded, Status.POSSIBLE))
        if recorded and all(coverage.status is Status.EXCLUDED for coverage in recorded):
            yield Gap(GapType.ASSERTED_NONE)

    def _outside(self, level: int) -> Iterator[Gap]:
        """What authorities that the view leaves out would add to all that it holds."""
        seen = self.view.authorities
        for kind, authorities in _WIDER:
            if not authorities <= seen:
                seen |= authorities
                wider = self._within(seen)
                alone, joined = wider.above(level), wider.joined_above(level)
                if alone or joined:
                    yield Gap(kind, alone, together=joined)
                    level = max(level, wider.best)


def _above(coverages: Iterable[ControlCoverage], level: int) -> tuple[str, ...]:
    return tuple(coverage.control for coverage in coverages if PROVED_LEVEL[coverage.status] > level)


def _controls(coverages: Iterable[ControlCoverage], status: Status) -> tuple[str, ...]:
    return tuple(coverage.control for coverage in coverages if coverage.status is status)
