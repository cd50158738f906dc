"""How far a requirement is met by what someone has, by what, and on whose word."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from kakehashi.crosswalk.algebra import ALL, DR, EQ, PPI
from kakehashi.crosswalk.chains import Missing
from kakehashi.crosswalk.given import Certificate, Holding, View, scheme_path
from kakehashi.crosswalk.index import Index, Link, Rule
from kakehashi.crosswalk.meanings import CertificateRule
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.proofs import Proof
from kakehashi.crosswalk.validity import Lasting
from kakehashi.records.values import Authority


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
_PLACES: Final = {status: place for place, status in enumerate(_BEST_FIRST)}
_BEYOND_PROOF: Final = len(Authority)
"""What is proved on any word comes before what is not proved."""
_BY_RULE: Final = {CertificateRule.ACCEPTED: Status.FULL, CertificateRule.EVIDENCE: Status.PARTIAL}


@dataclass(frozen=True, kw_only=True)
class ControlCoverage:
    """What one thing does for one requirement; the proof is looked for when it is asked for.

    `relations` is what is known of the pair, read from the control to the requirement; None where a certificate counts by a
    rule, for certificates never enter the algebra. `distance` is the length of the shortest chain, 0 for a certificate. `links`
    lead from what was given to the control or the named scheme.
    """

    requirement: str
    control: str
    status: Status
    relations: int | None = None
    distance: int = 0
    rule: Rule | None = None
    links: tuple[Link, ...] = ()
    network: Network | None = field(default=None, repr=False, compare=False)

    @cached_property
    def proof(self) -> Proof:
        """Why it holds. What is possible would be decided by the control's own claim."""
        chains = self.network.chains(self.control, self.requirement) if self.network is not None else ()
        wanted = Missing(self.control, self.requirement, EQ | PPI) if self.status is Status.POSSIBLE else None
        return Proof(chains=chains, rule=self.rule, links=self.links, missing=wanted)

    @property
    def sort_key(self) -> tuple[int, int, int, str]:
        """Best first: status; then authority and confidence of what is proved, or the distance of what is not; then id."""
        place = _PLACES[self.status]
        if self.relations == ALL:
            return (place, _BEYOND_PROOF + self.distance, 0, self.control)
        confidence = max((chain.confidence or 0 for chain in self.proof.chains), default=0)
        return (place, self.proof.authority.rank, -confidence, self.control)


def status_of(relations: int) -> Status:
    """What a relation set between a thing and a requirement says of coverage."""
    if not relations & ~(EQ | PPI):
        return Status.FULL
    if relations == DR:
        return Status.EXCLUDED
    return Status.POSSIBLE if relations & DR else Status.PARTIAL


_STATUSES: Final = tuple(map(status_of, range(ALL + 1)))


def by_things(index: Index, requirement: str, view: View, among: Container[str] | None = None) -> Iterator[ControlCoverage]:
    """What each thing that can be had, or each of some, does for a requirement, as far as a chain links them."""
    network: Network = index.engine.network(view.authorities, view.hops)
    return by_chains(network, index, requirement, Lasting(index.times, view.as_of) if among is None else among)


def by_chains(network: Network, index: Index, requirement: str, among: Container[str]) -> Iterator[ControlCoverage]:
    """What each of some things does for a requirement by the chains of a network."""
    for control, distance, relations in network.towards(requirement, index.satisfying):
        if control in among:
            yield ControlCoverage(
                requirement=requirement, control=control, status=_STATUSES[relations], relations=relations, distance=distance,
                network=network,
            )  # fmt: skip


def by_had(network: Network, index: Index, requirement: str, holding: Holding) -> Iterator[ControlCoverage]:
    """What each thing that is had does for a requirement by the chains of a network, with how it is had."""
    for coverage in by_chains(network, index, requirement, among=holding.things):
        links = holding.things[coverage.control]
        yield replace(coverage, links=links) if links else coverage


def by_certificate(
    index: Index, requirement: str, edition: str | None, certificate: Certificate, view: View
) -> ControlCoverage | None:
    """What a certificate in force and in scope does for a requirement; None where no rule lets it count."""
    counts = certificate.in_force(view.as_of, index.times) and certificate.extends_to(requirement, edition)
    return by_rule(index, requirement, certificate.scheme, view) if counts and certificate.suits(index, edition) else None


def by_rule(index: Index, requirement: str, scheme: str, view: View, *, ended_too: bool = False) -> ControlCoverage | None:
    """What a certificate of a scheme does for a requirement while it is in force; None where no rule lets it count.

    A rule that names a scheme which has ended counts only where that is asked for.
    """
    found = [
        ControlCoverage(requirement=requirement, control=scheme, status=_BY_RULE[rule.rule], rule=rule, links=path)
        for rule in index.rules.get(requirement, ())
        if view.sees(rule.authority)
        and (ended_too or not index.times.ended(rule.scheme, view.as_of))
        and (path := scheme_path(index, scheme, rule.scheme, view)) is not None
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
    yield from by_had(index.engine.network(view.authorities, view.hops), index, requirement, holding)
    for certificate in holding.certificates if requirement in index.rules else ():
        found = by_certificate(index, requirement, edition, certificate, view)
        if found is not None:
            yield found
