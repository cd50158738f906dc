"""The rows of a network by the pairs of editions that they tie together, and what chains between two editions amount to.

A chain leads from edition to edition, and each table between two of them is another publication: the sequence of editions, its
route, tells independent chains apart. Within a table a row weighs the less, the more counterparts its two ends have there, so
that a chain through a hub weighs little.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from kakehashi.crosswalk.algebra import DR
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.rows import Row

WITHOUT_EDITION: Final = ""
"""What ends that belong to no edition (capabilities, checks) are taken for together."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Table = Any
"""A scipy matrix (untyped): the ends of one edition by those of another."""


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """What the chains of two editions amount to, one cell for a provision of each; a cell without a chain is 0.

    `walk` sums over chains the product of what their rows weigh; `confidence` is the mean, so weighed, of the products of their
    rows' confidences, a row that states none being taken for certain (1 without a chain); `chains` counts them, `routes` the
    sequences of editions that they take, and `nearest` is the number of rows of the shortest.
    """

    walk: Floats
    confidence: Floats
    chains: Floats
    routes: Floats
    nearest: Floats


class EditionChains:
    """The rows of a network, arranged by editions. "No relationship" ties nothing. Immutable; tables are made on first use."""

    def __init__(self, network: Network, edition_of: Mapping[str, str]) -> None:
        self.hops = network.hops
        editions: dict[str, list[str]] = defaultdict(list)
        for end in network.ends:
            editions[edition_of.get(end, WITHOUT_EDITION)].append(end)
        self.members = {edition: tuple(ends) for edition, ends in sorted(editions.items())}
        self._slices = _slices(self.members)
        self._weights = _weights(network.rows, [end for ends in self.members.values() for end in ends])
        self._stated = bool((self._weights.data != 1).any())
        self.neighbours = self._neighbours()
        self.weights = lru_cache(maxsize=None)(self._table)
        self._step = lru_cache(maxsize=None)(self._table_walked)

    def degrees(self, edition: str) -> Floats:
        """With how many others each end of an edition is tied."""
        found: Floats = np.diff(self._weights.indptr).astype(np.float64)[self._slices[edition]]
        return found

    def listed(self, first: str, second: str) -> npt.NDArray[np.bool_]:
        """Which pairs of two editions a row states itself."""
        found: npt.NDArray[np.bool_] = self._step(first, second).ties.toarray() > 0
        return found

    def _neighbours(self) -> Mapping[str, tuple[str, ...]]:
        """The editions that each edition has rows with."""
        names, sizes = list(self.members), [len(ends) for ends in self.members.values()]
        edition = np.repeat(np.arange(len(names)), sizes)
        cells = self._weights.tocoo()
        pairs = np.unique(edition[cells.row] * len(names) + edition[cells.col]).tolist()
        found: dict[str, list[str]] = defaultdict(list)
        for pair in pairs:
            found[names[pair // len(names)]].append(names[pair % len(names)])
        return {name: tuple(found[name]) for name in names}

    def _table(self, first: str, second: str) -> Table:
        """The weights of the rows between two editions: their confidence, where a row states none 1."""
        return self._weights[self._slices[first]][:, self._slices[second]]

    def linked(self, first: str, second: str, hops: int) -> Linked:
        """What chains of two to so many rows amount to; rows between the two editions themselves are not walked."""
        shape = len(self.members[first]), len(self.members[second])
        walk, certain, chains, routes, nearest = (np.zeros(shape) for _ in range(5))
        for length, route in self._routes(first, second, hops):
            there = (route.ties > 0).toarray()
            walk += route.damped.toarray()
            certain += route.certain.toarray()
            chains += route.ties.toarray()
            routes += there
            nearest = np.where(there & ((nearest == 0) | (nearest > length)), length, nearest)
        confidence = np.divide(certain, walk, out=np.ones(shape), where=walk > 0)
        return Linked(walk, confidence, chains, routes, nearest)

    def _routes(self, first: str, second: str, hops: int) -> Iterator[tuple[int, "_Walked"]]:
        """For each route its length, and its chains by the ends of its first and last edition."""
        waiting = [(edition, 1, self._step(first, edition)) for edition in self.neighbours[first] if edition != second]
        for edition, length, walked in waiting:
            for onward in self._onward(edition, (first, second), hops - length - 1):
                further = walked.onward(self._step(edition, onward))
                if onward == second:
                    yield length + 1, further
                if length + 1 < hops and further.ties.nnz:
                    waiting.append((onward, length + 1, further))

    def _onward(self, edition: str, ends: tuple[str, str], left: int) -> Iterator[str]:
        """The editions to go on to from one, of those from which the last can still be reached."""
        for onward in self.neighbours[edition]:
            direct = {edition, onward} == set(ends)
            if not direct and (onward == ends[1] or (left > 0 and (left > 1 or ends[1] in self.neighbours[onward]))):
                yield onward

    def _table_walked(self, first: str, second: str) -> "_Walked":
        weights = self.weights(first, second)
        rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
        counts = np.diff(weights.indptr)[rows] * np.bincount(weights.indices, minlength=weights.shape[1])[weights.indices]
        damped = _alike(weights, 1 / np.sqrt(counts))
        certain = _alike(weights, weights.data / np.sqrt(counts)) if self._stated else damped
        return _Walked(_alike(weights, np.ones(len(counts))), damped, certain)


@dataclass(frozen=True, slots=True, eq=False)
class _Walked:
    """The number of chains, what they weigh, and that multiplied by their confidence: one table where no row states any."""

    ties: Table
    damped: Table
    certain: Table

    def onward(self, step: "_Walked") -> "_Walked":
        damped = self.damped @ step.damped
        same = self.certain is self.damped
        return _Walked(self.ties @ step.ties, damped, damped if same else self.certain @ step.certain)


def _alike(table: Table, values: Floats) -> Table:
    return csr_array((values, table.indices, table.indptr), shape=table.shape)


def _slices(members: Mapping[str, Sequence[str]]) -> Mapping[str, slice]:
    stops = np.cumsum([len(ends) for ends in members.values()]).tolist()
    return {edition: slice(stop - len(members[edition]), stop) for edition, stop in zip(members, stops, strict=True)}


def _weights(rows: Sequence[Row], ends: Sequence[str]) -> Table:
    """The most confident row of each pair of ends, as a symmetric matrix; whatever the order of rows, the same."""
    place = {end: number for number, end in enumerate(ends)}
    tying = [row for row in rows if row.relations != DR]
    first = np.fromiter((place[row.subject] for row in tying), np.int64, len(tying))
    second = np.fromiter((place[row.object] for row in tying), np.int64, len(tying))
    weights = np.fromiter((1000 if row.confidence is None else row.confidence for row in tying), np.int64, len(tying)) / 1000
    keys = np.concatenate((first * len(ends) + second, second * len(ends) + first))
    weights = np.concatenate((weights, weights))
    order = np.lexsort((weights, keys))
    keys, weights = keys[order], weights[order]
    last = np.flatnonzero(np.append(keys[1:] != keys[:-1], True)) if len(keys) else np.empty(0, np.int64)
    shape = len(ends), len(ends)
    return csr_array((weights[last], (keys[last] // max(len(ends), 1), keys[last] % max(len(ends), 1))), shape=shape)
