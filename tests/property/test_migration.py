"""Migration on random worlds of real sets: sound, as the definition has it, proved, and never the worse for more rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import pytest

from kakehashi.crosswalk.algebra import ALL, READINGS
from kakehashi.crosswalk.chains import together
from kakehashi.crosswalk.migration import Believed, MigratedRow, Side, migrate, prove
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.standing import Standing
from kakehashi.crosswalk.succession import Change, Contents, Fate, Printed, Succession, Table, Told, compare
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty, Nature
from tests.property.test_algebra import related
from tests.support import plain_migration as plain

WORLDS: Final = 400
OLD: Final = ("o1", "o2", "o3", "both")
NEW: Final = ("n1", "n2", "n3", "both")
THIRD: Final = ("m1", "m2")
ELSEWHERE: Final = ("x1", "x2", "x3")
READING: Final = sorted(READINGS)
EVERYONE: Final = frozenset(Authority)

World = dict[str, frozenset[int]]


@dataclass(frozen=True)
class Case:
    """A world of real sets, true rows about it, and those of them that are the mapping set's."""

    seed: int
    world: World
    rows: tuple[Row, ...]
    side: Side
    hops: int

    @property
    def editions(self) -> plain.Editions:
        return plain.Editions(OLD, NEW, THIRD)

    @property
    def mapped(self) -> list[Statement]:
        """The rows between the old edition and elsewhere, stated so that the old end is on the side that moves."""
        return [_statement(row, self.side) for row in self.rows if {row.subject, row.object} & set(ELSEWHERE) and _old(row)]

    def succession(self, rows: tuple[Row, ...] | None = None) -> Succession:
        network = Engine(self.rows if rows is None else rows).network(EVERYONE, self.hops)
        told = Told(tuple(Table(f"table {place}", frozenset(table)) for place, table in enumerate(self.tables)))
        return Succession(network, Contents(provisions=OLD), Contents(provisions=NEW), {*OLD, *NEW, *THIRD}, told)

    @property
    def tables(self) -> list[set[str]]:
        """The ends of what one mapping set or two state between the editions; in some cases nobody keeps such a table."""
        direct = [{one.subject, one.object} for one in self.rows if {one.subject, one.object} & set(OLD[:3])]
        between = [ends for ends in direct if ends & set(NEW[:3])]
        count = self.seed % 3
        return [{end for ends in between[start::count] for end in ends} for start in range(count)]

    def changes(self, succession: Succession) -> tuple[Change, ...]:
        return compare(succession, {one: Printed(notation=one[1:]) for one in (*OLD, *NEW)})

    def migrated(self, succession: Succession) -> tuple[MigratedRow, ...]:
        believed = Believed.of(succession.network.rows, EVERYONE, lambda _: Standing.COUNTS)
        return migrate(self.mapped, self.side, succession, self.changes(succession), believed)


def _old(row: Row) -> str | None:
    return next((end for end in (row.subject, row.object) if end in OLD), None)


def _statement(row: Row, side: Side) -> Statement:
    old = _old(row) or ""
    subject, target = (old, row.other(old)) if side is Side.SUBJECT else (row.other(old), old)
    return Statement(
        id=row.statement, subject=subject, predicate="equal", object=target, source="source/x", certainty=Certainty.PRINTED,
        authority=row.authority, nature=Nature.REPORT,
    )  # fmt: skip


def cases(count: int = WORLDS) -> Iterator[Case]:
    """As many as are wanted, the same in every run."""
    for seed in range(count):
        random = Random(seed)
        members = range(random.randint(1, 5))
        names = sorted({*OLD, *NEW, *THIRD, *ELSEWHERE})
        world = {name: frozenset(random.sample(members, random.randint(1, len(members)))) for name in names}
        rows = tuple(_drawn(random, f"r{number:02}", world) for number in range(random.randint(4, 16)))
        yield Case(seed, world, rows, random.choice(tuple(Side)), random.randint(1, 3))


def _drawn(random: Random, name: str, world: World) -> Row:
    """A true row, mostly between editions or from the old one to elsewhere, in half of the cases as precise as can be."""
    pools = [(OLD, NEW), (OLD, NEW), (OLD, ELSEWHERE), (OLD, ELSEWHERE), (OLD, THIRD), (THIRD, NEW), (tuple(world), tuple(world))]
    first, second = random.choice(pools)
    a = random.choice(first)
    b = random.choice([one for one in second if one != a])
    subject, target = random.sample([a, b], 2)
    truth = related(world[subject], world[target])
    relations = truth if random.random() < 0.5 else random.choice([one for one in READING if one & truth])
    return Row(
        statement=name, subject=subject, object=target, relations=relations, authority=random.choice(tuple(Authority))
    )  # fmt: skip


def test_whatever_follows_holds_in_the_world() -> None:
    verdicts: Counter[str] = Counter()
    for case in cases():
        for row in case.migrated(case.succession()):
            verdicts[row.verdict] += 1
            for result in row.results:
                new = result.counterpart.new
                ends = (new, row.object) if case.side is Side.SUBJECT else (row.subject, new)
                assert result.relations & related(*(case.world[end] for end in ends)), (case.seed, row)
    assert min(verdicts[one] for one in ("certain", "changed", "undecided", "lost")) > WORLDS / 20, verdicts


def test_it_is_what_composing_along_every_walk_leaves_possible() -> None:
    for case in cases():
        succession = case.succession()
        found = plain.counterparts(case.rows, case.editions, case.hops)
        assert {old: {one.new: one.relations for one in succession.of_old.get(old, ())} for old in OLD} == found, case.seed
        stated = {row.statement: row for row in case.rows}
        for row in case.migrated(succession):
            old, published = row.change.provision, stated[row.statement]
            expected = {new: plain.follows(published, row.subject, case.side, left) for new, left in found[old].items()}
            assert {one.counterpart.new: one.relations for one in row.results} == expected, (case.seed, row)
            assert row.verdict == plain.verdict(published.seen_from(row.subject), expected.values()), (case.seed, row)


def test_every_old_provision_is_told_once_and_every_new_one_comes_from_somewhere_or_is_told() -> None:
    seen: Counter[str] = Counter()
    for case in cases():
        succession = case.succession()
        changes = case.changes(succession)
        assert [one.provision for one in changes if not one.of_new] == list(OLD)
        assert [one.provision for one in changes if one.of_new] == [one for one in NEW if one not in succession.of_new]
        place = {one: (one[1:], None) for one in (*OLD, *NEW)}
        counts = Counter(one.fate.value for one in changes)
        seen += counts
        if not counts["unstated"]:
            found = plain.counterparts(case.rows, case.editions, case.hops)
            expected = plain.fates(found, case.editions, place, case.tables)
            assert +counts == +expected, case.seed
    assert seen.keys() == {one.value for one in Fate}


def test_the_chains_prove_what_follows() -> None:
    for case in cases(WORLDS // 2):
        succession = case.succession()
        for row in case.migrated(succession):
            for result in row.results:
                chains = prove(row, result, succession)
                assert 1 <= len(chains) <= 4
                assert together(chains) == result.relations, (case.seed, row)
                new = result.counterpart.new
                ends = (new, row.object) if case.side is Side.SUBJECT else (row.subject, new)
                assert {(chain.steps[0].start, chain.steps[-1].end) for chain in chains} == {ends}
                assert all(row.statement in {step.row.statement for step in chain.steps} for chain in chains)


def test_more_rows_leave_no_more_possible() -> None:
    for case in cases(WORLDS // 2):
        extra = tuple(
            row for row in case.rows if not int(row.statement[1:]) % 3 and {row.subject, row.object} <= {*OLD, *NEW, *THIRD}
        )
        fewer = case.succession(tuple(row for row in case.rows if row not in extra))
        after = {(one.old, one.new): one.relations for found in case.succession().of_old.values() for one in found}
        for one in (one for found in fewer.of_old.values() for one in found):
            assert not after.get((one.old, one.new), 16) & ~one.relations, case.seed


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_rows_never_matters(seed: int) -> None:
    case = next(case for case in cases(seed + 1) if case.seed == seed)
    shuffled = list(case.rows)
    Random(seed).shuffle(shuffled)
    before, after = case.succession(), case.succession(tuple(shuffled))
    assert repr(case.migrated(before)) == repr(case.migrated(after))
    assert case.changes(before) == case.changes(after)


def test_rows_that_say_nothing_are_carried_over_as_candidates_alone() -> None:
    for case in cases(WORLDS // 2):
        for row in case.migrated(case.succession()):
            if row.row is not None and row.row.relations == ALL:
                assert row.obstacle == "vague"
                assert row.verdict in {"undecided", "lost"}
