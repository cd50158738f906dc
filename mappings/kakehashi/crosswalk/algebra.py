"""Relations between two sets as sets of possibilities: the RCC-5 algebra over NIST IR 8477's five set relations.

A relation set is an integer of five bits, one for each base relation that is still possible. Nothing known is `ALL`; a
contradiction is `NONE`. The composition table was checked by enumeration of real sets, and the tests repeat that.
"""

from collections.abc import Iterator
from typing import Final

EQ: Final = 1
"""Equal."""
PP: Final = 2
"""Proper part: subset of."""
PPI: Final = 4
"""Has a proper part: superset of."""
PO: Final = 8
"""Partial overlap: intersects with, neither inside the other."""
DR: Final = 16
"""Discrete: no relationship."""

NONE: Final = 0
ALL: Final = EQ | PP | PPI | PO | DR
OVERLAP: Final = EQ | PP | PPI | PO
"""Overlaps somehow: what "intersects" is used for by publishers."""

BASE_RELATIONS: Final = (EQ, PP, PPI, PO, DR)

COMPOSITION: Final = {
    (EQ, EQ): EQ, (EQ, PP): PP, (EQ, PPI): PPI, (EQ, PO): PO, (EQ, DR): DR,
    (PP, EQ): PP, (PP, PP): PP, (PP, PPI): ALL, (PP, PO): PP | PO | DR, (PP, DR): DR,
    (PPI, EQ): PPI, (PPI, PP): OVERLAP, (PPI, PPI): PPI, (PPI, PO): PPI | PO, (PPI, DR): PPI | PO | DR,
    (PO, EQ): PO, (PO, PP): PP | PO, (PO, PPI): PPI | PO | DR, (PO, PO): ALL, (PO, DR): PPI | PO | DR,
    (DR, EQ): DR, (DR, PP): PP | PO | DR, (DR, PPI): DR, (DR, PO): PP | PO | DR, (DR, DR): ALL,
}  # fmt: skip
"""a?c from a?b (row) and b?c (column), for base relations."""

CONVERSE: Final = {EQ: EQ, PP: PPI, PPI: PP, PO: PO, DR: DR}

READINGS: Final = frozenset(
    {
        EQ, PP, PPI, PO, DR, EQ | PP, EQ | PPI, PP | PO, PPI | PO, PO | DR,
        OVERLAP, PP | PO | DR, PPI | PO | DR, ALL,
    }
)  # fmt: skip
"""The sets that a published row may be read as: they form a distributive subalgebra, so every bracketing of chains and
intersections gives the same answer."""


def bases(relations: int) -> Iterator[int]:
    """The base relations that a set still allows."""
    return (base for base in BASE_RELATIONS if relations & base)


def _union_of_compositions(first: int, second: int) -> int:
    result = NONE
    for a in bases(first):
        for b in bases(second):
            result |= COMPOSITION[a, b]
    return result


_COMPOSED: Final = tuple(tuple(_union_of_compositions(a, b) for b in range(ALL + 1)) for a in range(ALL + 1))
_CONVERSES: Final = tuple(sum(CONVERSE[base] for base in bases(relations)) for relations in range(ALL + 1))


def compose(first: int, second: int) -> int:
    """What a?b and b?c leave possible for a?c."""
    return _COMPOSED[first][second]


def converse(relations: int) -> int:
    """What a?b says of b?a."""
    return _CONVERSES[relations]


def is_determined(relations: int) -> bool:
    """Whether a set says anything at all."""
    return relations != ALL
