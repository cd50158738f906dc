"""The rows that a view believes, as a network: what follows from them, what is linked by them, and by which chains."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from kakehashi.crosswalk.acceptance import MAX_HOPS, Acceptance, accept, relations_of
from kakehashi.crosswalk.algebra import ALL, converse
from kakehashi.crosswalk.chains import Chain, Chains, Steps
from kakehashi.crosswalk.keeping import Kept
from kakehashi.crosswalk.relations import Relations, closure
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority

KEPT_NETWORKS: Final = 16


class Network:
    """Accepted rows between ends, and their closure to so many hops. Immutable; what is derived is made on first use."""

    def __init__(self, rows: Sequence[Row], hops: int) -> None:
        self.rows, self.hops = rows, hops
        self.ends = tuple(sorted({end for row in rows for end in (row.subject, row.object)}))
        self.place = {end: place for place, end in enumerate(self.ends)}

    @cached_property
    def shorter(self) -> "Network":
        """The same rows, by chains of one fewer. There is none of no row."""
        return Network(self.rows, self.hops - 1)

    @cached_property
    def closure(self) -> Relations:
        """What follows for all pairs of which something does."""
        return closure(relations_of(self.rows, self.place), self.hops)

    @cached_property
    def links(self) -> Any:  # noqa: ANN401 - scipy is untyped
        """Which ends a row ties together, whatever it says: a symmetric boolean matrix."""
        first = np.fromiter((self.place[row.subject] for row in self.rows), np.int64, len(self.rows))
        second = np.fromiter((self.place[row.object] for row in self.rows), np.int64, len(self.rows))
        ends = np.concatenate((first, second)), np.concatenate((second, first))
        return csr_array((np.ones(2 * len(self.rows), np.bool_), ends), shape=(len(self.ends),) * 2)

    @cached_property
    def steps(self) -> Steps:
        """The rows that can be walked from each end, by the relation that is read from there."""
        found: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            for end in {row.subject, row.object}:
                found[end][row.seen_from(end)].append(row)
        return found

    def known(self, first: str, second: str) -> int:
        """What is known of a pair; ALL where nothing is."""
        place = self.place
        return self.closure.known(place[first], place[second]) if first in place and second in place else ALL

    def determined(self, first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """The pairs between two lists of which something is known, in the order of the lists."""
        ends = self.ends
        for a, b, relations in self.closure.between(self._places(first), self._places(second)):
            yield ends[a], ends[b], relations

    def related(self, first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """The pairs between two lists that some chain links, in the order of the lists, with what is known of each."""
        rows, columns = self._places(first), self._places(second)
        found = self._reach(rows, columns).tocsr()
        found.sort_indices()
        starts = np.repeat(np.array(rows, np.int64), np.diff(found.indptr))
        ends = np.array(columns, np.int64)[found.indices]
        names, apart = self.ends, starts != ends
        starts, ends = starts[apart], ends[apart]
        known = self.closure.of_pairs(starts, ends)
        for a, b, relations in zip(starts.tolist(), ends.tolist(), known.tolist(), strict=True):
            yield names[a], names[b], relations

    def _reach(self, rows: Sequence[int], columns: Sequence[int]) -> Any:  # noqa: ANN401
        """Which pairs some chain links, as a boolean matrix."""
        edge = seen = self._start(rows)
        for _ in range(self.hops - 1):
            edge = (edge @ self.links) > seen
            seen = seen + edge
        return seen @ self.links[:, columns]

    def _start(self, rows: Sequence[int]) -> Any:  # noqa: ANN401
        return csr_array((np.ones(len(rows), np.bool_), (np.arange(len(rows)), rows)), shape=(len(rows), len(self.ends)))

    def linked(self, first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """The pairs between two lists that some chain links, whatever it proves, with the length of the shortest."""
        rows, columns = self._places(first), self._places(second)
        into = self.links[:, columns]
        edge = seen = self._start(rows)
        told = csr_array((len(rows), len(columns)), dtype=np.bool_)
        for length in range(1, self.hops + 1):
            found = (edge @ into) > told
            yield from self._named(rows, columns, found, length)
            if length < self.hops:
                told = told + found
                edge = (edge @ self.links) > seen
                seen = seen + edge

    def distance(self, first: Sequence[str], second: Sequence[str]) -> int | None:
        """The length of the shortest chain between two lists, however long; None where none leads from one to the other."""
        wanted = np.zeros(len(self.ends), np.bool_)
        wanted[self._places(second)] = True
        seen = np.zeros(len(self.ends), np.bool_)
        seen[self._places(first)] = True
        front, length = seen.copy(), 0
        while front.any():
            front = (front @ self.links).astype(np.bool_)
            length += 1
            if (front & wanted).any():
                return length
            front &= ~seen
            seen |= front
        return None

    def within_reach(self, first: Sequence[str], second: Sequence[str]) -> frozenset[str]:
        """Those of the second ends that some chain links with one of the first, whatever it says."""
        seen = np.zeros(len(self.ends), np.bool_)
        seen[self._places(first)] = True
        front, linked = seen.copy(), np.zeros_like(seen)
        for _ in range(self.hops):
            front = (front @ self.links).astype(np.bool_)
            linked |= front
            front &= ~seen
            seen |= front
        return frozenset(self.ends[place] for place in self._places(second) if linked[place])

    @cached_property
    def towards(self) -> Callable[[str, frozenset[str]], Sequence[tuple[str, int, int]]]:
        """Those of some ends that a chain links with an end, in the order of ids.

        Each with the length of the shortest chain, and with what is known of it, read from there to the end.
        """
        return cache(lambda end, wanted: tuple(self._towards(end, wanted)))

    def _towards(self, end: str, wanted: frozenset[str]) -> Iterator[tuple[str, int, int]]:
        if end not in self.place:
            return
        starts, distances = self._distances(wanted)
        column = slice(*distances.indptr[self.place[end] : self.place[end] + 2])
        known = self.closure.others(self.place[end])
        for row, distance in zip(distances.indices[column].tolist(), distances.data[column].tolist(), strict=True):
            yield starts[row], distance, converse(known.get(self.place[starts[row]], ALL))

    @cached_property
    def _distances(self) -> Callable[[frozenset[str]], tuple[Sequence[str], Any]]:
        return lru_cache(maxsize=2)(self._distances_of)

    def _distances_of(self, wanted: frozenset[str]) -> tuple[Sequence[str], Any]:
        """For each end that is within reach of some ends, the lengths of the shortest chains, as a matrix by columns."""
        starts = sorted(wanted & self.place.keys())
        rows = self._places(starts)
        fresh = self.links[rows]
        found, seen = fresh.astype(np.int8), fresh
        for length in range(2, self.hops + 1):
            fresh = ((seen @ self.links) > seen).astype(np.bool_)
            found += fresh.astype(np.int8) * np.int8(length)
            seen = (seen + fresh).astype(np.bool_)
        columns = found.tocsc()
        columns.sort_indices()
        return starts, columns

    def _named(self, rows: Sequence[int], columns: Sequence[int], found: Any, length: int) -> Iterator[tuple[str, str, int]]:  # noqa: ANN401
        pairs = found.tocoo()
        for row, column in zip(pairs.row.tolist(), pairs.col.tolist(), strict=True):
            if rows[row] != columns[column]:
                yield self.ends[rows[row]], self.ends[columns[column]], length

    def chains(self, start: str, end: str) -> tuple[Chain, ...]:
        """The chains that prove what is known of a pair; the best of the shortest where nothing is; none where none is."""
        chains: Chains = self._chains_from(start)
        proved = chains.to(end)
        if proved:
            return proved
        chain = chains.linking(end)
        return () if chain is None else (chain,)

    @cached_property
    def _chains_from(self) -> Any:  # noqa: ANN401
        return lru_cache(maxsize=256)(lambda start: Chains(self.steps, start, self.hops))

    def _places(self, ends: Sequence[str]) -> list[int]:
        found = map(self.place.get, ends)
        return [place for place in found if place is not None]


class Engine:
    """All rows of a release that count, and the networks that questions ask for: one a view and a number of hops."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: row.statement))
        self.acceptance: Kept[Acceptance] = Kept(self._acceptance, MAX_HOPS)
        self.disputes: Kept[Mapping[str, tuple[str, ...]]] = Kept(self._disputes, KEPT_NETWORKS)
        self.network: Kept[Network] = Kept(self._network, KEPT_NETWORKS)

    def _disputes(self, authorities: frozenset[Authority], hops: int) -> Mapping[str, tuple[str, ...]]:
        """For each end the others that a row of some authorities ties to it, which was set aside since it contradicts."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.acceptance(hops).left_out:
            if row.authority in authorities:
                found[row.subject].add(row.object)
                found[row.object].add(row.subject)
        return {end: tuple(sorted(others)) for end, others in found.items()}

    def _acceptance(self, hops: int) -> Acceptance:
        """Which rows are believed where chains may be so long."""
        return accept(self.rows, hops)

    def _network(self, authorities: frozenset[Authority], hops: int) -> Network:
        """The believed rows of some authorities."""
        return Network([row for row in self.acceptance(hops).believed if row.authority in authorities], hops)
