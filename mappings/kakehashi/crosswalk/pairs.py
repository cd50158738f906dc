"""The crosswalk of two editions: what follows for each pair of their provisions, and what has no counterpart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kakehashi.crosswalk.acceptance import Pair, pair_of
from kakehashi.crosswalk.algebra import is_determined
from kakehashi.crosswalk.chains import missing
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.network import Engine, Network
from kakehashi.crosswalk.proofs import Proof
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


def crosswalk(engine: Engine, source: Sequence[str], target: Sequence[str], view: View, hops: int) -> Crosswalk:
    """All that follows between two lists of provisions from chains of at most so many rows."""
    network = engine.network(view.authorities, hops)
    rows = tuple(_rows(network, source, target))
    both = set(source) & set(target)
    mapped_source, mapped_target = {row.source for row in rows} | both, {row.target for row in rows} | both
    return Crosswalk(
        rows=rows,
        disputed=tuple(_disputed(engine, source, target, view, hops)),
        shared=tuple(provision for provision in source if provision in both),
        unmapped_source=tuple(provision for provision in source if provision not in mapped_source),
        unmapped_target=tuple(provision for provision in target if provision not in mapped_target),
        emptiness=None if rows or both else emptiness(engine, source, target, view, hops),
    )


def relation(engine: Engine, source: str, target: str, view: View, hops: int) -> PairAnswer:
    """What follows for one pair."""
    network = engine.network(view.authorities, hops)
    return PairAnswer(source, target, network.known(source, target), network)


def emptiness(engine: Engine, source: Sequence[str], target: Sequence[str], view: View, hops: int) -> Emptiness:
    """Why no chain of so many hops leads from one list to the other."""
    if not source or not target:
        return Emptiness(Reason.NO_PROVISIONS)
    inside = engine.network(view.authorities, hops).distance(source, target)
    if inside is not None:
        return Emptiness(Reason.BEYOND_HOPS, inside)
    outside = engine.network(frozenset(Authority), hops).distance(source, target)
    return Emptiness(Reason.NO_CHAIN) if outside is None else Emptiness(Reason.OUTSIDE_VIEW, outside)


def disputed(engine: Engine, source: str, target: str, view: View, hops: int) -> bool:
    """Whether what is published of a pair, as far as the view sees it, contradicts itself or what is accepted."""
    return pair_of(source, target) in _contested(engine, view, hops)


def _rows(network: Network, source: Sequence[str], target: Sequence[str]) -> Iterator[PairAnswer]:
    return (PairAnswer(a, b, relations, network) for a, b, relations in network.related(source, target))


def _disputed(engine: Engine, source: Sequence[str], target: Sequence[str], view: View, hops: int) -> Iterator[Pair]:
    from_source, to_target = ({end: place for place, end in enumerate(ends)} for ends in (source, target))
    contested = _contested(engine, view, hops)
    pairs = [pair for a, b in contested for pair in ((a, b), (b, a)) if pair[0] in from_source and pair[1] in to_target]
    yield from sorted(pairs, key=lambda pair: (from_source[pair[0]], to_target[pair[1]]))


def _contested(engine: Engine, view: View, hops: int) -> frozenset[Pair]:
    """The pairs with a row that was set aside, and those at which a contradiction shows; as far as the view sees."""
    acceptance = engine.acceptance(hops)
    rows = {pair for pair, rows in acceptance.set_aside.items() if any(view.sees(row.authority) for row in rows)}
    return frozenset(rows | {one.ends for one in acceptance.contradictions if view.sees(one.authority)})
