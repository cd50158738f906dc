"""How far a requirement is met by what someone has, by what, and on whose word."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kakehashi.crosswalk.algebra import DR, EQ, PPI
from kakehashi.crosswalk.chains import Chain, Missing, sufficient, together
from kakehashi.crosswalk.given import Certificate, Holding, View, scheme_path
from kakehashi.crosswalk.index import Index, Link, Rule
from kakehashi.crosswalk.meanings import CertificateRule
from kakehashi.crosswalk.proofs import Proof


class Status(StrEnum):
    """How far a requirement is met."""

    FULL = "full"
    PARTIAL = "partial"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


PROVED_LEVEL: Final[Mapping[Status, int]] = {
    Status.FULL: 2, Status.PARTIAL: 1, Status.POSSIBLE: 0, Status.EXCLUDED: 0, Status.UNKNOWN: 0,
}  # fmt: skip
_BEST_FIRST: Final = (Status.FULL, Status.PARTIAL, Status.POSSIBLE, Status.EXCLUDED, Status.UNKNOWN)
_BY_RULE: Final = {CertificateRule.ACCEPTED: Status.FULL, CertificateRule.EVIDENCE: Status.PARTIAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlCoverage:
    """What one thing does for one requirement, with what proves it.

    `relations` is what is known of the pair, read from the control to the requirement; None where a certificate counts by a
    rule, for certificates never enter the algebra. `links` lead from what was given to the control or the named scheme.
    """

    requirement: str
    control: str
    status: Status
    chains: tuple[Chain, ...] = ()
    rule: Rule | None = None
    links: tuple[Link, ...] = ()

    @property
    def proof(self) -> Proof:
        """Why it holds. What is possible would be decided by the control's own claim."""
        wanted = Missing(self.control, self.requirement, EQ | PPI) if self.status is Status.POSSIBLE else None
        return Proof(chains=self.chains, rule=self.rule, links=self.links, missing=wanted)

    @property
    def relations(self) -> int | None:
        """What the chains leave possible."""
        return self.proof.conclusion

    @property
    def authority_rank(self) -> int:
        """The rank of the weakest statement that the proof rests on."""
        return self.proof.authority.rank

    @property
    def sort_key(self) -> tuple[int, int, int, str]:
        """Best first: status, authority, confidence, id."""
        confidence = max((chain.confidence or 0 for chain in self.chains), default=0)
        return (_BEST_FIRST.index(self.status), self.authority_rank, -confidence, self.control)


def status_of(relations: int) -> Status:
    """What a relation set between a thing and a requirement says of coverage."""
    if not relations & ~(EQ | PPI):
        return Status.FULL
    if relations == DR:
        return Status.EXCLUDED
    return Status.POSSIBLE if relations & DR else Status.PARTIAL


def by_control(index: Index, requirement: str, control: str, view: View, links: tuple[Link, ...] = ()) -> ControlCoverage | None:
    """What one thing does for a requirement; None where the view holds no row between them."""
    chains = [Chain.of(control, [row]) for row in index.rows(control, requirement) if view.sees(row.authority)]
    if not chains:
        return None
    status = status_of(together(chains))
    return ControlCoverage(requirement=requirement, control=control, status=status, chains=sufficient(chains), links=links)


def by_certificate(
    index: Index, requirement: str, edition: str | None, certificate: Certificate, view: View
) -> ControlCoverage | None:
    """What a certificate in force and in scope does for a requirement; None where no rule lets it count."""
    if not (certificate.in_force(view.as_of) and certificate.extends_to(requirement, edition)):
        return None
    found = [
        ControlCoverage(requirement=requirement, control=certificate.scheme, status=_BY_RULE[rule.rule], rule=rule, links=path)
        for rule in index.rules.get(requirement, ())
        if view.sees(rule.authority) and (path := scheme_path(index, certificate.scheme, rule.scheme, view)) is not None
    ]
    return min(found, key=lambda coverage: coverage.sort_key, default=None)


def covered_by(index: Index, requirement: str, edition: str | None, holding: Holding, view: View) -> tuple[ControlCoverage, ...]:
    """All that is given and recorded for a requirement, best first; one entry a control."""
    best: dict[str, ControlCoverage] = {}
    for coverage in _all(index, requirement, edition, holding, view):
        known = best.get(coverage.control)
        if known is None or coverage.sort_key < known.sort_key:
            best[coverage.control] = coverage
    return tuple(sorted(best.values(), key=lambda coverage: coverage.sort_key))


def overall(covered: tuple[ControlCoverage, ...], given_count: int) -> Status:
    """The best of several; EXCLUDED only where something is recorded and everything that is given is excluded."""
    if covered and covered[0].status is not Status.EXCLUDED:
        return covered[0].status
    return Status.EXCLUDED if covered and len(covered) == given_count else Status.UNKNOWN


def _all(index: Index, requirement: str, edition: str | None, holding: Holding, view: View) -> Iterator[ControlCoverage]:
    for neighbour in index.neighbours.get(requirement, ()):
        if neighbour in holding.things:
            coverage = by_control(index, requirement, neighbour, view, holding.things[neighbour])
            if coverage is not None:
                yield coverage
    for certificate in holding.certificates if requirement in index.rules else ():
        coverage = by_certificate(index, requirement, edition, certificate, view)
        if coverage is not None:
            yield coverage
