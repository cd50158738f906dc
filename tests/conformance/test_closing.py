"""Closing gaps over the corpus: the same additions are found by trying every set, from what the reports say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

import pytest

from kakehashi.crosswalk.closing import Budget, as_given, certifiable, close_gaps
from kakehashi.crosswalk.coverage import PROVED_LEVEL
from kakehashi.crosswalk.gaps import assess
from kakehashi.crosswalk.given import Given, View, everything, hold
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.optimum import Gain, greedy
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from tests.conformance.conftest import Whole

ISO = "iso-27001/2022"
SECONDS = 120.0
PUBLIC = frozenset(Authority) - {Authority.INFERRED}


def view(hops: int) -> View:
    return View(PUBLIC, date(2026, 11, 23), hops)


def editions(snapshot: Snapshot, edition: str) -> dict[str, str | None]:
    return {one: snapshot.edition_of.get(one) for one in snapshot.requirements(edition)}


def levels_of(index: Index, requirements: Mapping[str, str | None], seen: View) -> dict[str, tuple[int, int]]:
    """For each thing and scheme, the requirements that having it makes FULL and at least PARTIAL, as bits.

    They are read off a report with everything given; a thing raises what anything does that it brings.
    """
    own: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    holding = hold(index, everything(index), seen)
    for place, (requirement, edition) in enumerate(requirements.items()):
        for coverage in assess(index, requirement, edition, holding, seen).satisfied_by:
            own[coverage.control][0] |= (PROVED_LEVEL[coverage.status] == 2) << place
            own[coverage.control][1] |= 1 << place
    found: dict[str, tuple[int, int]] = {}
    for one in (*index.satisfying, *certifiable(index)):
        brought = hold(index, Given(things=frozenset({one})), seen).things if one in index.satisfying else (one,)
        full = partial = 0
        for thing in brought:
            full, partial = full | own[thing][0], partial | own[thing][1]
        if partial:
            found[one] = full, partial
    return found


def by_trying_all(levels: Mapping[str, tuple[int, int]], most: int) -> tuple[tuple[int, int], tuple[str, ...]]:
    """What the best set raises, and the set: of the best the smallest, then the first by id.

    Of candidates that raise the very same, the first by id stands for all; where a set needs no second one of them, none is lost.
    """
    first: dict[tuple[int, int], str] = {}
    for one in sorted(levels):
        first.setdefault(levels[one], one)
    names = sorted(first.values())
    best: tuple[tuple[int, int], int, tuple[str, ...]] = ((0, 0), 0, ())
    for size in range(1, most + 1):
        for chosen in combinations(names, size):
            full = partial = 0
            for one in chosen:
                full |= levels[one][0]
                partial |= levels[one][1]
            raised = -full.bit_count(), -(partial & ~full).bit_count()
            best = min(best, (raised, size, chosen))
    return (-best[0][0], -best[0][1]), best[2]


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_three_additions_are_those_of_trying_all(whole: Whole, hops: int) -> None:
    snapshot, seen = whole.snapshot, view(hops)
    requirements = editions(snapshot, ISO)
    found = close_gaps(snapshot.index, requirements, Given(), seen, Budget(3, None, SECONDS))
    gain, chosen = by_trying_all(levels_of(snapshot.index, requirements, seen), 3)
    assert found.optimum.unproved == ()
    assert found.optimum.gain == Gain(*gain)
    assert found.optimum.chosen == chosen
    assert gain > (0, 0)


@pytest.mark.parametrize("hops", [1, 2, 3])
@pytest.mark.parametrize("amount", [10, 1000])
def test_what_is_promised_is_what_the_report_then_says(whole: Whole, hops: int, amount: int) -> None:
    snapshot, seen = whole.snapshot, view(hops)
    requirements = editions(snapshot, ISO)
    found = close_gaps(snapshot.index, requirements, Given(), seen, Budget(amount, None, SECONDS))
    before = statuses(snapshot, requirements, Given(), seen)
    after = statuses(snapshot, requirements, as_given(snapshot.index, found.optimum.chosen), seen)
    rise = list(zip(before, after, strict=True))
    assert found.optimum.unproved == ()
    assert found.optimum.gain == Gain(*(sum(old < new == level for old, new in rise) for level in (2, 1)))
    assert found.optimum.gain.key >= found.problem.gain(greedy(found.problem)).key
    if amount == 1000:
        assert after == statuses(snapshot, requirements, everything(snapshot.index), seen)


def statuses(snapshot: Snapshot, requirements: Mapping[str, str | None], some: Given, seen: View) -> Sequence[int]:
    holding = hold(snapshot.index, some, seen)
    answers = (assess(snapshot.index, one, edition, holding, seen) for one, edition in requirements.items())
    return [PROVED_LEVEL[answer.status] for answer in answers]
