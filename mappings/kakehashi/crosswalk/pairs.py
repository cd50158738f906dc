"""The crosswalk of two editions: what follows for each pair of their provisions, and what has no counterpart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kakehashi.crosswalk.algebra import is_determined
from kakehashi.crosswalk.chains import missing
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.network import Engine, Network
from kakehashi.crosswalk.proofs import Proof
from kakehashi.crosswalk.rows import Pair
from kakehashi.records.values import Authority


class PairAnswer(NamedTuple):
    """What follows for one pair, read from source to target; the proof is looked for when it is asked for."""

    source: str
    target: str
    relations: int
    network: Network

    @property
    def candidate(self) -> bool:
        """Whether the pair is linked, and yet nothing is decided about it."""
        return not is_determined(self.relations)

    @property
    def proof(self) -> Proof | None:
        """Why it follows; for a candidate the best of the shortest chains, and what is missing. None where no chain is."""
        chains = self.network.chains(self.source, self.target)
        return Proof(chains=chains, missing=missing(chains[0]) if self.candidate else None) if chains else None


class Reason(StrEnum):
    """Why nothing is found between two ends or two editions."""

    BEYOND_HOPS = "beyond-hops"
    OUTSIDE_VIEW = "outside-view"
    SET_ASIDE = "set-aside"
    NO_CHAIN = "no-chain"
    NO_PROVISIONS = "no-provisions"


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Why nothing is found; `hops` is the length of the shortest chain that there would be, None where there is none."""

    reason: Reason
    hops: int | None = None


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Rows in the order of the source's provisions, then the target's; disputed pairs; provisions without a row.

    An edition may take up provisions of another (a baseline does): those that both have are `shared`, and need no row.
    `emptiness` says why there is neither.
    """

    rows: tuple[PairAnswer, ...]
    disputed: tuple[Pair, ...]
    shared: tuple[str, ...]
    unmapped_source: tuple[str, ...]
    unmapped_target: tuple[str, ...]
    emptiness: Emptiness | None


def crosswalk(engine: Engine, source: Sequence[str], target: Sequence[str], view: View) -> Crosswalk:
    """All that follows between two lists of provisions from chains of at most as many rows as the view asks for."""
    network = engine.network(view.authorities, view.hops)
    rows = tuple(_rows(network, source, target))
    both = set(source) & set(target)
    mapped_source, mapped_target = {row.source for row in rows} | both, {row.target for row in rows} | both
    return Crosswalk(
        rows=rows,
        disputed=tuple(_disputed(engine, source, target, view)),
        shared=tuple(provision for provision in source if provision in both),
        unmapped_source=tuple(provision for provision in source if provision not in mapped_source),
        unmapped_target=tuple(provision for provision in target if provision not in mapped_target),
        emptiness=None if rows or both else emptiness(engine, source, target, view),
    )


def relation(engine: Engine, source: str, target: str, view: View) -> PairAnswer:
    """What follows for one pair."""
    network = engine.network(view.authorities, view.hops)
    return PairAnswer(source, target, network.known(source, target), network)


def emptiness(engine: Engine, source: Sequence[str], target: Sequence[str], view: View) -> Emptiness:
    """Why no chain leads from one list to the other that the view sees, and that is no longer than it asks for."""
    if not source or not target:
        return Emptiness(Reason.NO_PROVISIONS)
    inside = engine.network(view.authorities, view.hops).distance(source, target)
    if inside is not None:
        return Emptiness(Reason.BEYOND_HOPS, inside)
    disputes = engine.disputes(view.authorities, view.hops)
    wanted = frozenset(target)
    if any(not wanted.isdisjoint(disputes.get(end, ())) for end in source):
        return Emptiness(Reason.SET_ASIDE)
    outside = engine.network(frozenset(Authority), view.hops).distance(source, target)
    return Emptiness(Reason.NO_CHAIN) if outside is None else Emptiness(Reason.OUTSIDE_VIEW, outside)


def disputed(engine: Engine, source: str, target: str, view: View) -> bool:
    """Whether what is published of a pair, as far as the view sees it, contradicts itself or what is accepted."""
    return target in engine.disputes(view.authorities, view.hops).get(source, ())


def _rows(network: Network, source: Sequence[str], target: Sequence[str]) -> Iterator[PairAnswer]:
    return (PairAnswer(a, b, relations, network) for a, b, relations in network.related(source, target))


def _disputed(engine: Engine, source: Sequence[str], target: Sequence[str], view: View) -> Iterator[Pair]:
    to_target = {end: place for place, end in enumerate(target)}
    disputes = engine.disputes(view.authorities, view.hops)
    for end in source:
        others = [other for other in disputes.get(end, ()) if other in to_target]
        yield from ((end, other) for other in sorted(others, key=to_target.__getitem__))
