"""What is known of many pairs at once: relation sets of pairs of ends, composed and joined without a loop over pairs.

Ends are integers. Of all pairs only those are held of which something is known, as one sorted array of keys and one of relation
sets; a pair that is not there may be anything. Composition multiplies sparse boolean matrices, one for each relation set that
occurs (at most fourteen, for they form a subalgebra), and skips products that say nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from kakehashi.crosswalk.algebra import ALL, compose, converse

Integers = npt.NDArray[np.int64]
Sets = npt.NDArray[np.uint8]

_CONVERSE: Final = np.array([converse(one) for one in range(ALL + 1)], np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Relations:
    """Relation sets by pair: `keys` holds `first * size + second` of each pair in ascending order, `sets` its five bits."""

    size: int
    keys: Integers
    sets: Sets

    @classmethod
    def of(cls, size: int, first: Integers, second: Integers, sets: Sets) -> "Relations":
        """The relations that some rows state, in any order and repeated as they come, read from both ends."""
        keys = np.concatenate((first * size + second, second * size + first))
        return cls(size, *_together(size, keys, np.concatenate((sets, _CONVERSE[sets]))))

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def first(self) -> Integers:
        """The first end of each pair."""
        return self.keys // self.size

    @property
    def second(self) -> Integers:
        """The second end of each pair."""
        return self.keys % self.size

    def known(self, first: int, second: int) -> int:
        """What is known of a pair; ALL where nothing is."""
        key = first * self.size + second
        place = int(np.searchsorted(self.keys, key))
        return int(self.sets[place]) if place < len(self.keys) and self.keys[place] == key else ALL

    def between(self, first: Sequence[int], second: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """The pairs between two lists of ends of which something is known, with what is known, in the order of the lists."""
        place = np.full(self.size, -1, np.int64)
        place[list(second)] = np.arange(len(second))
        for end in first:
            low, high = np.searchsorted(self.keys, (end * self.size, (end + 1) * self.size))
            others = self.keys[low:high] - end * self.size
            wanted = np.flatnonzero(place[others] >= 0)
            for one in wanted[np.argsort(place[others[wanted]], kind="stable")]:
                yield end, int(others[one]), int(self.sets[low + one])

    def meet(self, other: "Relations") -> "Relations":
        """What both say together."""
        keys, sets = np.concatenate((self.keys, other.keys)), np.concatenate((self.sets, other.sets))
        return Relations(self.size, *_together(self.size, keys, sets))

    def composed(self, other: "Relations") -> "Relations":
        """What follows for a?c from a?b here and b?c there, over every b."""
        left, right = self.layers(), other.layers()
        keys, sets = [np.empty(0, np.int64)], [np.empty(0, np.uint8)]
        for one, first in left.items():
            for two, second in right.items():
                result = compose(one, two)
                if result != ALL:
                    found = (first @ second).tocoo()
                    keys.append(found.row.astype(np.int64) * self.size + found.col)
                    sets.append(np.full(found.nnz, result, np.uint8))
        return Relations(self.size, *_together(self.size, np.concatenate(keys), np.concatenate(sets)))

    def empty(self) -> "Relations":
        """The pairs of which nothing is left possible: contradictions."""
        none = self.sets == 0
        return Relations(self.size, self.keys[none], self.sets[none])

    def layers(self) -> dict[int, Any]:
        """For each relation set that occurs, the pairs that have it, as a boolean matrix."""
        return {int(one): _matrix(self.size, self.keys[self.sets == one]) for one in np.unique(self.sets)}


def closure(rows: Relations, hops: int) -> Relations:
    """What follows from rows by chains of at most so many.

    Relation sets are intersected pair by pair before they are composed further: the algebra of readings is distributive, so
    that this loses nothing against composing every chain alone.
    """
    found = rows
    for _ in range(hops - 1):
        found = found.meet(found.composed(rows))
    return found


def _together(size: int, keys: Integers, sets: Sets) -> tuple[Integers, Sets]:
    """Each pair once, with what all that is said of it leaves possible; without what says nothing, and an end with itself."""
    if not len(keys):
        return keys, sets
    order = np.argsort(keys, kind="stable")
    keys, sets = keys[order], sets[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    keys, sets = keys[starts], np.bitwise_and.reduceat(sets, starts)
    told = (sets != ALL) & (keys // size != keys % size)
    return keys[told], sets[told]


def _matrix(size: int, keys: Integers) -> Any:  # noqa: ANN401 - scipy is untyped
    pointers = np.searchsorted(keys, np.arange(size + 1, dtype=np.int64) * size)
    return csr_array((np.ones(len(keys), np.bool_), keys % size, pointers), shape=(size, size))
