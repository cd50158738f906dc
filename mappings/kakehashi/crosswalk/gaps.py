"""What is left of a requirement, and why: typed gaps, the primary one first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kakehashi.crosswalk.coverage import (
    PROVED_LEVEL,
    ControlCoverage,
    Status,
    by_certificate,
    by_things,
    covered_by,
    overall,
)
from kakehashi.crosswalk.given import Certificate, Holding, View
from kakehashi.crosswalk.index import Index
from kakehashi.records.values import Authority


class GapType(StrEnum):
    """Why a requirement is not fully met, in the order of precedence: the first that holds is the primary one."""

    DISPUTED = "disputed"
    CERTIFICATE_NOT_IN_FORCE = "certificate-not-in-force"
    PARTIAL_ONLY = "partial-only"
    CANDIDATES_ONLY = "candidates-only"
    ASSERTED_NONE = "asserted-none"
    NOT_GIVEN = "not-given"
    VENDOR_WORD_ONLY = "vendor-word-only"
    DRAFT_ONLY = "draft-only"
    OUTSIDE_VIEW = "outside-view"
    NOTHING_RECORDED = "nothing-recorded"


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason, and the things that would close it (empty where none is known)."""

    type: GapType
    closed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementCoverage:
    """One requirement's answer: its status, what it rests on, and what is left. A requirement that is FULL has no gap."""

    requirement: str
    status: Status
    covered: tuple[ControlCoverage, ...]
    gaps: tuple[Gap, ...]

    @property
    def satisfied_by(self) -> tuple[ControlCoverage, ...]:
        """What meets the requirement fully or partly, best first."""
        return tuple(coverage for coverage in self.covered if PROVED_LEVEL[coverage.status])


_WIDER: Final = (
    (GapType.VENDOR_WORD_ONLY, Authority.VENDOR),
    (GapType.DRAFT_ONLY, Authority.INFERRED),
)
_ALL_AUTHORITIES: Final = frozenset(Authority)


def assess(index: Index, requirement: str, edition: str | None, holding: Holding, view: View) -> RequirementCoverage:
    """The answer for one requirement."""
    covered = covered_by(index, requirement, edition, holding, view)
    status = overall(covered, len(holding))
    gaps: tuple[Gap, ...] = ()
    if status is not Status.FULL:
        case = _Case(index, requirement, edition, holding, view, status, covered)
        found = {gap.type: gap for gap in case.gaps()}
        gaps = tuple(found[kind] for kind in GapType if kind in found)
    return RequirementCoverage(requirement=requirement, status=status, covered=covered, gaps=gaps)


@dataclass(frozen=True, slots=True)
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

    def _of_the_given(self) -> Iterator[Gap]:
        level = PROVED_LEVEL[self.status]
        disputed = self.index.engine.disputes(self.view.authorities, self.view.hops).get(self.requirement, ())
        if disputed:
            yield Gap(GapType.DISPUTED, disputed)
        certificates = self.holding.certificates if self.requirement in self.index.rules else ()
        lapsed = [certificate.scheme for certificate in certificates if self._would_count(certificate, level)]
        if lapsed:
            yield Gap(GapType.CERTIFICATE_NOT_IN_FORCE, tuple(sorted(set(lapsed))))
        if self.status is Status.PARTIAL:
            yield Gap(GapType.PARTIAL_ONLY, self._raising(self.view, level))

    def _of_the_recorded(self) -> Iterator[Gap]:
        level = PROVED_LEVEL[self.status]
        potential = self._recorded(self.view)
        best = max((PROVED_LEVEL[coverage.status] for coverage in potential), default=0)
        if best > level:
            yield Gap(GapType.NOT_GIVEN, self._raising(self.view, level))
        yield from self._outside(max(best, level))
        if not best and any(coverage.status is Status.POSSIBLE for coverage in potential):
            yield Gap(GapType.CANDIDATES_ONLY, _controls(potential, Status.POSSIBLE))
        if potential and all(coverage.status is Status.EXCLUDED for coverage in potential):
            yield Gap(GapType.ASSERTED_NONE)

    def _outside(self, level: int) -> Iterator[Gap]:
        """What authorities that the view leaves out would add to all that it holds."""
        seen = self.view.authorities
        for kind, authority in _WIDER:
            if authority not in seen:
                seen |= {authority}
                raising = self._raising(replace(self.view, authorities=seen), level)
                if raising:
                    yield Gap(kind, raising)
                    level = self._level(replace(self.view, authorities=seen), level)
        if seen != _ALL_AUTHORITIES:
            raising = self._raising(replace(self.view, authorities=_ALL_AUTHORITIES), level)
            if raising:
                yield Gap(GapType.OUTSIDE_VIEW, raising)

    def _level(self, view: View, level: int) -> int:
        return max((PROVED_LEVEL[coverage.status] for coverage in self._recorded(view)), default=level)

    def _raising(self, view: View, level: int) -> tuple[str, ...]:
        """The controls and schemes that, in a view, would prove more than a level."""
        recorded = self._recorded(view)
        return tuple(coverage.control for coverage in recorded if PROVED_LEVEL[coverage.status] > level)

    def _recorded(self, view: View) -> tuple[ControlCoverage, ...]:
        """What everything that is recorded for the requirement would do, were it given."""
        schemes = sorted({rule.scheme for rule in self.index.rules.get(self.requirement, ())})
        certified = (self._certified(scheme, view) for scheme in schemes)
        found = [*by_things(self.index, self.requirement, view), *_present(certified)]
        return tuple(sorted(found, key=lambda coverage: coverage.sort_key))

    def _certified(self, scheme: str, view: View) -> ControlCoverage | None:
        return by_certificate(self.index, self.requirement, self.edition, Certificate(scheme=scheme), view)

    def _would_count(self, certificate: Certificate, level: int) -> bool:
        """Whether a certificate counts for nothing only because of its dates or its scope."""
        if certificate.in_force(self.view.as_of) and certificate.extends_to(self.requirement, self.edition):
            return False
        coverage = self._certified(certificate.scheme, self.view)
        return coverage is not None and PROVED_LEVEL[coverage.status] > level


def _present(coverages: Iterable[ControlCoverage | None]) -> list[ControlCoverage]:
    return [coverage for coverage in coverages if coverage is not None]


def _controls(coverages: Iterable[ControlCoverage], status: Status) -> tuple[str, ...]:
    return tuple(coverage.control for coverage in coverages if coverage.status is status)
