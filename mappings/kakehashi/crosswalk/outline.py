"""A whole report at once, before anybody asks why: how far each requirement is met, and by what.

It says what `gaps.assess` says requirement by requirement, without gaps and without looking for a proof.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status, status_of
from kakehashi.crosswalk.given import Holding, View
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.joint import met


class Outline(NamedTuple):
    """One requirement's status, and what meets it wholly or in part alone, in the order of ids."""

    requirement: str
    status: Status
    satisfied_by: tuple[str, ...]


def outline(index: Index, requirements: Mapping[str, str | None], holding: Holding, view: View) -> tuple[Outline, ...]:
    """The outlines of some requirements, each with its edition, in their order."""
    network = index.engine.network(view.authorities, view.hops)
    things, wanted = sorted(holding.things), list(requirements)
    linked = network.within_reach(things, wanted)
    found = {one: Outline(one, Status.POSSIBLE if one in linked else Status.UNKNOWN, ()) for one in requirements}
    known: dict[str, dict[str, Status]] = defaultdict(dict)
    for thing, requirement, relations in network.determined(things, wanted):
        known[requirement][thing] = status_of(relations)
    found |= {one: _by_chains(one, statuses) for one, statuses in known.items()}
    for one in _beyond_chains(index, requirements, known, holding):
        found[one] = _alone(index, one, requirements[one], holding, view)
    return tuple(found.values())


def _by_chains(requirement: str, statuses: Mapping[str, Status]) -> Outline:
    """What chains prove of a requirement that they say something of."""
    proved = tuple(thing for thing, status in statuses.items() if PROVED_LEVEL[status])
    best = max(map(statuses.__getitem__, proved), key=PROVED_LEVEL.__getitem__, default=Status.POSSIBLE)
    return Outline(requirement, best, proved)


def _beyond_chains(
    index: Index, requirements: Iterable[str], known: Mapping[str, Mapping[str, Status]], holding: Holding
) -> Iterator[str]:
    """The requirements for which certificates or several things together may count, or which all that is had may be kept from."""
    if holding.certificates:
        yield from (one for one in requirements if one in index.rules)
    yield from (one for one in requirements if one in index.covers)
    yield from (one for one, statuses in known.items() if Status.EXCLUDED in statuses.values())


def _alone(index: Index, requirement: str, edition: str | None, holding: Holding, view: View) -> Outline:
    covered, _, status = met(index, requirement, edition, holding, view)
    proved = sorted(coverage.control for coverage in covered if PROVED_LEVEL[coverage.status])
    return Outline(requirement, status, tuple(proved))
