"""Which edition is the newest of those that replaced another, several of which may replace the same one."""

from collections.abc import Mapping
from datetime import date
from itertools import permutations
from typing import Final

import pytest

from kakehashi.crosswalk.history import History
from kakehashi.crosswalk.validity import Times
from kakehashi.records.model import Edition

Replacing = Mapping[str, tuple[str, int | None]]

FORKED: Final[Replacing] = {"b": ("a", 2015), "c": ("a", 2030)}
REJOINED: Final[Replacing] = {"b": ("a", 2010), "c": ("a", 2015), "d": ("b", 2020)}
UNDATED: Final[Replacing] = {"b": ("a", None), "c": ("b", None), "d": ("a", 2015)}
CHAINED: Final[Replacing] = {"b": ("a", 2015), "c": ("b", None)}
IN_A_RING: Final[Replacing] = {"a": ("b", 2010), "b": ("a", 2015)}


def edition(identifier: str, replaces: str | None, year: int | None) -> Edition:
    issued = None if year is None else date(year, 1, 1)
    return Edition(id=identifier, framework="f", source="source/s", replaces=replaces, issued=issued)


@pytest.mark.parametrize(
    ("replacing", "year", "newest"),
    [
        (FORKED, 2014, None), (FORKED, 2026, ("b", date(2015, 1, 1))), (FORKED, 2031, ("c", date(2030, 1, 1))),
        (REJOINED, 2012, ("b", date(2010, 1, 1))), (REJOINED, 2016, ("c", date(2015, 1, 1))),
        (REJOINED, 2026, ("d", date(2020, 1, 1))),
        (UNDATED, 2014, ("c", None)), (UNDATED, 2026, ("d", date(2015, 1, 1))),
        (CHAINED, 2014, None), (CHAINED, 2026, ("c", None)),
        (IN_A_RING, 2026, ("b", date(2015, 1, 1))),
    ],
)  # fmt: skip
def test_the_newest_successor_there_is_found_in_whatever_order_editions_come(
    replacing: Replacing, year: int, newest: tuple[str, date | None] | None
) -> None:
    known = [edition(one, *said) for one, said in replacing.items()]
    known += [] if "a" in replacing else [edition("a", None, 2005)]
    for order in permutations(known):
        history = History({one.id: one for one in order}, Times())
        assert history.superseding("a", date(year, 6, 1)) == newest
