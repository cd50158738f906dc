"""What corresponds to a provision in other editions of its framework, by single rows that a view believes."""

from collections.abc import Iterator
from functools import reduce
from operator import and_

from kakehashi.crosswalk.algebra import DR
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.rows import pair_of


def counterparts(index: Index, provision: str, view: View) -> Iterator[tuple[str, str]]:
    """The provisions that a row from edition to edition ties to one and does not keep apart, each with its edition.

    A row that decides nothing ties them too: between editions it is how publishers say what corresponds (crosswalk/succession).
    """
    accepted = index.engine.acceptance(view.hops).accepted
    for other, edition in index.counterparts.get(provision, ()):
        rows = accepted.get(pair_of(provision, other), ())
        known = [row.seen_from(provision) for row in rows if view.sees(row.authority)]
        if known and reduce(and_, known) != DR:
            yield other, edition
