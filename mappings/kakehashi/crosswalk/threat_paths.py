"""From threats to provisions and back, through what is linked to both. A path gives candidates, and proves no coverage."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kakehashi.crosswalk.algebra import DR, is_determined
from kakehashi.crosswalk.given import Holding, View
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.proofs import Proof
from kakehashi.crosswalk.threats import Measure, Threats


@dataclass(frozen=True, kw_only=True)
class ThreatPath:
    """A threat, what a thing does about it, and how that thing relates to a provision.

    `relations` is read from the thing to the provision; None where the thing is the provision, `distance` then being 0. It says
    nothing of the provision and the threat.
    """

    provision: str
    measure: Measure
    distance: int = 0
    relations: int | None = None
    network: Network | None = field(default=None, repr=False, compare=False)

    @cached_property
    def proof(self) -> Proof | None:
        """Why the thing relates so to the provision; None where it is the provision."""
        return Proof(chains=self.network.chains(self.measure.thing, self.provision)) if self.network is not None else None

    @property
    def sort_key(self) -> tuple[int, bool, str, tuple[int, int, int, str, str], str]:
        """The shortest first, of those what is decided before what is not."""
        decided = self.relations is None or is_determined(self.relations)
        return (self.distance, not decided, self.provision, self.measure.sort_key, self.measure.threat)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatCandidate:
    """A thing that is given and works against threats that a provision's controls work against; `threats` are those."""

    thing: str
    threats: tuple[str, ...]


def provisions_for(index: Index, threats: Threats, threat: str, provisions: Sequence[str], view: View) -> tuple[ThreatPath, ...]:
    """Those of some provisions that bear on a threat: by a link of their own, or through what is linked to it."""
    measures = [one for one in threats.measures.get(threat, ()) if view.sees(one.authority)]
    wanted = frozenset(provisions)
    direct = [ThreatPath(provision=one.thing, measure=one) for one in measures if one.thing in wanted]
    return _sorted([*direct, *_onward(index, measures, provisions, view)])


def threats_for(index: Index, threats: Threats, provision: str, view: View) -> tuple[ThreatPath, ...]:
    """The threats that a provision bears on: by links of its own, or through what relates to it."""
    seen = [one for found in threats.by_thing.values() for one in found if view.sees(one.authority)]
    direct = [ThreatPath(provision=provision, measure=one) for one in seen if one.thing == provision]
    return _sorted([*direct, *_onward(index, seen, [provision], view)])


def candidates_for(index: Index, threats: Threats, provision: str, holding: Holding, view: View) -> tuple[ThreatCandidate, ...]:
    """What is given and not linked to a provision, but works against the same threats in use; those of most threats first."""
    network = index.engine.network(view.authorities, view.hops)
    shared = {path.measure.threat for path in threats_for(index, threats, provision, view)}
    found: dict[str, set[str]] = defaultdict(set)
    for threat in shared:
        for one in threats.measures[threat] if threats.threats[threat].counted else ():
            if one.thing in holding.things and view.sees(one.authority):
                found[one.thing].add(threat)
    linked = {thing for _, thing, _ in network.linked([provision], sorted(found))}
    candidates = (ThreatCandidate(thing=one, threats=tuple(sorted(found[one]))) for one in found.keys() - linked - {provision})
    return tuple(sorted(candidates, key=lambda one: (-len(one.threats), one.thing)))


def _onward(index: Index, measures: Sequence[Measure], provisions: Sequence[str], view: View) -> Iterator[ThreatPath]:
    """The paths on from some measures to some provisions, less those of which only "no relationship" is possible."""
    network = index.engine.network(view.authorities, view.hops)
    by_thing: dict[str, list[Measure]] = defaultdict(list)
    for measure in measures:
        by_thing[measure.thing].append(measure)
    for thing, provision, distance in network.linked(sorted(by_thing), provisions):
        relations = network.known(thing, provision)
        if relations != DR:
            for measure in by_thing[thing]:
                yield ThreatPath(
                    provision=provision, measure=measure, distance=distance, relations=relations, network=network
                )  # fmt: skip


def _sorted(paths: list[ThreatPath]) -> tuple[ThreatPath, ...]:
    return tuple(sorted(paths, key=lambda path: path.sort_key))
