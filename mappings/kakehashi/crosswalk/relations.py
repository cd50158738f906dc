"""What is known of many pairs at once: relation sets of pairs of ends, composed and joined without a loop over pairs.

Ends are integers. Of all pairs only those are held of which something is known, as one sorted array of keys and one of relation
sets; a pair that is not there may be anything. Composition joins pairs with the steps that can follow, one relation set after the
other (at most fourteen, for they form a subalgebra), and leaves out at once what would say nothing: nearly all of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from kakehashi.crosswalk.algebra import ALL, compose, converse

Integers = npt.NDArray[np.int64]
Sets = npt.NDArray[np.uint8]

Steps = Mapping[int, tuple[Integers, Integers]]
"""For each relation set that occurs, where the others of an end begin and end, and the others of all ends in order."""

_COMPOSED: Final = np.array([[compose(one, two) for one in range(ALL + 1)] for two in range(ALL + 1)], np.uint8)
"""By what follows, then by what comes before."""
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

    def others(self, first: int) -> dict[int, int]:
        """What is known of an end and each of the others of which something is."""
        low, high = np.searchsorted(self.keys, (first * self.size, (first + 1) * self.size))
        return dict(zip((self.keys[low:high] - first * self.size).tolist(), self.sets[low:high].tolist(), strict=True))

    def of_pairs(self, first: Integers, second: Integers) -> Sets:
        """What is known of each of many pairs; ALL where nothing is."""
        wanted = first * self.size + second
        places = np.searchsorted(self.keys, wanted)
        places[places == len(self.keys)] = 0
        if not len(self.keys):
            return np.full(len(wanted), ALL, np.uint8)
        return np.where(self.keys[places] == wanted, self.sets[places], np.uint8(ALL))

    def between(self, first: Sequence[int], second: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """The pairs between two lists of ends of which something is known, with what is known, in the order of the lists."""
        column = np.full(self.size, -1, np.int64)
        column[list(second)] = np.arange(len(second))
        ends = np.array(first, np.int64) * self.size
        starts = np.searchsorted(self.keys, ends)
        counts = np.searchsorted(self.keys, ends + self.size) - starts
        places = _runs(starts, counts)
        row, column = np.repeat(np.arange(len(first)), counts), column[self.keys[places] % self.size]
        wanted = np.flatnonzero(column >= 0)
        places = places[wanted[np.lexsort((column[wanted], row[wanted]))]]
        a, b = np.divmod(self.keys[places], self.size)
        yield from zip(a.tolist(), b.tolist(), self.sets[places].tolist(), strict=True)

    def meet(self, other: "Relations") -> "Relations":
        """What both say together."""
        keys, sets = np.concatenate((self.keys, other.keys)), np.concatenate((self.sets, other.sets))
        return Relations(self.size, *_together(self.size, keys, sets))

    def composed(self, other: "Relations") -> "Relations":
        """What follows for a?c from a?b here and b?c there, over every b."""
        return self.onward(other.steps)

    def onward(self, steps: Steps) -> "Relations":
        """What follows for a?c from a?b here and a step from b to c, over every b."""
        first, second = np.divmod(self.keys, self.size)
        keys, sets = [np.empty(0, np.int64)], [np.empty(0, np.uint8)]
        for relations, (pointers, others) in steps.items():
            told, counts = _COMPOSED[relations][self.sets], np.diff(pointers)[second]
            some = np.flatnonzero((told != ALL) & (counts > 0))
            counts = counts[some]
            keys.append(np.repeat(first[some] * self.size, counts) + others[_runs(pointers[second[some]], counts)])
            sets.append(np.repeat(told[some], counts))
        return Relations(self.size, *_together(self.size, np.concatenate(keys), np.concatenate(sets)))

    def beyond(self, before: "Relations") -> "Relations":
        """The pairs of which this tells more than was known before, with what is known of them then."""
        if not len(before):
            return self
        place = np.minimum(np.searchsorted(before.keys, self.keys), len(before) - 1)
        held = np.where(before.keys[place] == self.keys, before.sets[place], ALL).astype(np.uint8)
        fresh = np.flatnonzero(held & ~self.sets)
        return Relations(self.size, self.keys[fresh], held[fresh] & self.sets[fresh])

    def empty(self) -> "Relations":
        """The pairs of which nothing is left possible: contradictions."""
        none = self.sets == 0
        return Relations(self.size, self.keys[none], self.sets[none])

    @property
    def steps(self) -> Steps:
        """The pairs as steps to be walked, by their relation set."""
        ends = np.arange(self.size + 1, dtype=np.int64) * self.size
        alike = {int(one): self.keys[self.sets == one] for one in np.unique(self.sets)}
        return {one: (np.searchsorted(keys, ends), keys % self.size) for one, keys in alike.items()}


def closure(rows: Relations, hops: int) -> Relations:
    """What follows from rows by chains of at most so many.

    Relation sets are intersected pair by pair before they are composed further: the algebra of readings is distributive, so
    that this loses nothing against composing every chain alone. Only what the last hop told is composed again.
    """
    found = fresh = rows
    steps = rows.steps
    for _ in range(hops - 1):
        fresh = fresh.onward(steps).beyond(found)
        found = found.meet(fresh)
    return found


def _runs(starts: Integers, counts: Integers) -> Integers:
    """From each start so many places one after the other, all in one array."""
    return np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)


def _together(size: int, keys: Integers, sets: Sets) -> tuple[Integers, Sets]:
    """Each pair once, with what all that is said of it leaves possible; without what says nothing, and an end with itself."""
    if not len(keys):
        return keys, sets
    order = np.argsort(keys, kind="stable")
    keys, sets = keys[order], sets[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    keys, sets = keys[starts], np.bitwise_and.reduceat(sets, starts)
    told = (sets != ALL) & (keys % (size + 1) != 0)  # the key of an end with itself is as many times size + 1
    return keys[told], sets[told]
