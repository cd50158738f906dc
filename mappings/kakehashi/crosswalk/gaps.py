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
from kakehashi.crosswalk.joint import JointCoverage, lacking, together
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
    """One reason, and the things that would close it, each for itself (empty where none is known).

    `together` are things that would make the requirement FULL all together, where none would alone.
    """

    type: GapType
    closed_by: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementCoverage:
    """One requirement's answer: its status, what it rests on, and what is left. A requirement that is FULL has no gap.

    `jointly` are the ways in which several things meet it fully together, where none does so alone.
    """

    requirement: str
    status: Status
    covered: tuple[ControlCoverage, ...]
    gaps: tuple[Gap, ...]
    jointly: tuple[JointCoverage, ...] = ()

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
    (GapType.VENDOR_WORD_ONLY, Authority.VENDOR),
    (GapType.DRAFT_ONLY, Authority.INFERRED),
)
_ALL_AUTHORITIES: Final = frozenset(Authority)
_FULL: Final = PROVED_LEVEL[Status.FULL]


def assess(index: Index, requirement: str, edition: str | None, holding: Holding, view: View) -> RequirementCoverage:
    """The answer for one requirement."""
    covered = covered_by(index, requirement, edition, holding, view)
    status = overall(covered, len(holding))
    jointly = () if status is Status.FULL else together(index, requirement, holding, view)
    status = Status.FULL if jointly else status
    gaps: tuple[Gap, ...] = ()
    if status is not Status.FULL:
        case = _Case(index, requirement, edition, holding, view, status, covered)
        found = {gap.type: gap for gap in case.gaps()}
        gaps = tuple(found[kind] for kind in GapType if kind in found)
    return RequirementCoverage(requirement=requirement, status=status, covered=covered, gaps=gaps, jointly=jointly)


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
            yield self._closed(GapType.PARTIAL_ONLY, self.view, level)

    def _of_the_recorded(self) -> Iterator[Gap]:
        level = PROVED_LEVEL[self.status]
        potential = self._recorded(self.view)
        best = self._level(self.view, 0)
        if best > level:
            yield self._closed(GapType.NOT_GIVEN, self.view, level)
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
                gap = self._closed(kind, replace(self.view, authorities=seen), level)
                if gap.closed_by or gap.together:
                    yield gap
                    level = self._level(replace(self.view, authorities=seen), level)
        if seen != _ALL_AUTHORITIES:
            gap = self._closed(GapType.OUTSIDE_VIEW, replace(self.view, authorities=_ALL_AUTHORITIES), level)
            if gap.closed_by or gap.together:
                yield gap

    def _level(self, view: View, level: int) -> int:
        best = max((PROVED_LEVEL[coverage.status] for coverage in self._recorded(view)), default=level)
        return max(best, _FULL) if self._lacking(view) else best

    def _closed(self, kind: GapType, view: View, level: int) -> Gap:
        """A gap with the controls and schemes that, in a view, would prove more than a level, alone and together."""
        raising = [coverage for coverage in self._recorded(view) if PROVED_LEVEL[coverage.status] > level]
        full = level == _FULL or any(coverage.status is Status.FULL for coverage in raising)
        return Gap(kind, tuple(coverage.control for coverage in raising), () if full else self._lacking(view))

    def _lacking(self, view: View) -> tuple[str, ...]:
        return lacking(self.index, self.requirement, self.holding.things, view)

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
