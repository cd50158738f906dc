"""The laws of coverage on real editions: what is given, on whose word, and which rows there are, drawn with fixed seeds."""

from dataclasses import replace
from random import Random
from typing import Final

import pytest

from benchmarks.reports import DAY
from kakehashi.crosswalk.coverage import PROVED_LEVEL
from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.outline import Outline, outline
from kakehashi.crosswalk.what_if import WhatIf
from kakehashi.records.values import Authority, ParentLink
from kakehashi.snapshot.model import PART, Snapshot
from tests.conformance.conftest import Whole

EDITIONS: Final = (
    "iso-27001/2022", "nist-csf/2.0", "soc-2/2017-rev-2022", "scf/2025.2.2", "nist-sp-800-53/rev5",
    "fedramp-baselines/rev5-moderate", "complianceascode-pci-dss-ocp4/v4",
)  # fmt: skip
SEEDS: Final = range(5)
EVERYONE: Final = frozenset(Authority)


def things_of(snapshot: Snapshot, random: Random, many: int) -> frozenset[str]:
    """Things that some row speaks of, so that giving them can make a difference."""
    spoken_of = snapshot.index.satisfying & snapshot.index.engine.network(EVERYONE, 1).place.keys()
    components = [one for one in sorted(spoken_of) if one.startswith("component/")]
    return frozenset((*random.sample(sorted(spoken_of), many), random.choice(components)))


def report(
    snapshot: Snapshot, edition: str, things: frozenset[str], view: View, index: Index | None = None
) -> tuple[Outline, ...]:
    asked = {one: snapshot.edition_of.get(one) for one in snapshot.requirements(edition)}
    index = index or snapshot.index
    return outline(index, asked, hold(index, Given(things=things), view), view)


def levels(found: tuple[Outline, ...]) -> dict[str, int]:
    return {one.requirement: PROVED_LEVEL[one.status] for one in found}


def drawn(snapshot: Snapshot, seed: int) -> tuple[Random, frozenset[str], View]:
    random = Random(seed)
    return random, things_of(snapshot, random, 60), View(EVERYONE, DAY, random.randint(1, 3))


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_proved_never_falls_by_giving_nor_rises_by_narrowing(whole: Whole, edition: str) -> None:
    proved = fallen = 0
    for seed in SEEDS:
        random, things, view = drawn(whole.snapshot, seed)
        more = things | things_of(whole.snapshot, random, 60)
        narrow = replace(view, authorities=frozenset(random.sample(tuple(Authority), 3)))
        before = levels(report(whole.snapshot, edition, things, view))
        after, narrowed = (levels(report(whole.snapshot, edition, *one)) for one in ((more, view), (things, narrow)))
        assert all(before[one] <= after[one] and narrowed[one] <= before[one] for one in before)
        proved, fallen = proved + sum(after.values()), fallen + sum(before.values()) - sum(narrowed.values())
    assert proved
    assert fallen


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_proved_never_falls_by_a_row_that_is_accepted(whole: Whole, edition: str, seed: int) -> None:
    """No rows of the corpus contradict one another, so that each that is added is accepted."""
    snapshot, (random, things, view) = whole.snapshot, drawn(whole.snapshot, seed)
    assert not snapshot.index.engine.acceptance(view.hops).set_aside
    rows = snapshot.index.engine.rows
    fewer = replace(snapshot.index, engine=Engine(random.sample(rows, len(rows) * 3 // 4)))
    before = levels(report(snapshot, edition, things, view, fewer))
    after = levels(report(snapshot, edition, things, view))
    assert all(before[one] <= after[one] for one in before)


@pytest.mark.parametrize("seed", SEEDS)
def test_adding_and_removing_again_is_the_identity(whole: Whole, seed: int) -> None:
    snapshot, (random, things, view) = whole.snapshot, drawn(whole.snapshot, seed)
    more = things_of(snapshot, random, 60) - things
    some = Given(things=things)
    again = WhatIf(remove=more).of(WhatIf(add=Given(things=more)).of(some))
    assert again == some
    for edition in EDITIONS:
        found = report(snapshot, edition, again.things, view)
        assert found == report(snapshot, edition, things, view)
        assert [one.requirement for one in found] == list(snapshot.requirements(edition))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_parent_is_met_in_part_where_a_part_of_it_is_and_owes_nothing_to_other_children(whole: Whole, seed: int) -> None:
    snapshot, (_, things, view) = whole.snapshot, drawn(whole.snapshot, seed)
    rows = [row for row in snapshot.index.engine.rows if row.parent_link]
    asked: dict[str, str | None] = dict.fromkeys(end for row in rows for end in (row.subject, row.object))
    near, far = (
        levels(outline(snapshot.index, asked, hold(snapshot.index, Given(things=things), at), at))
        for at in (view, replace(view, hops=view.hops + 1))
    )
    assert all(far[row.object] >= min(near[row.subject], 1) for row in rows)
    for row in rows:
        structure = snapshot.framework_structures.get(snapshot.editions[snapshot.edition_of[row.subject]].framework)
        inside = structure is not None and structure.parent_link in {ParentLink.PART, ParentLink.PARTITION}
        assert inside or snapshot.resources[row.subject].kind == PART
