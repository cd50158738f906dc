"""The engine against its definition and its laws, on random worlds of real sets: sound, complete, and proved.

`KAKEHASHI_WORLDS` is the number of worlds for soundness, and scales the others; `make soak` takes many.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import permutations, product
from random import Random
from typing import Final

import pytest

from kakehashi.crosswalk import acceptance, blame
from kakehashi.crosswalk import network as network_module
from kakehashi.crosswalk.acceptance import accept
from kakehashi.crosswalk.algebra import ALL, DR, EQ, OVERLAP, PO, PP, PPI, READINGS
from kakehashi.crosswalk.chains import Chain, Step
from kakehashi.crosswalk.network import Engine, Network
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority
from tests.property.test_algebra import related
from tests.support import plain_closure as plain
from tests.support.chain_checker import faults

WORLDS: Final = int(os.environ.get("KAKEHASHI_WORLDS", "2000"))
MANY: Final = max(WORLDS // 6, 1)
SOME: Final = max(WORLDS // 20, 1)
ENDS: Final = "abcdefg"
READING: Final = sorted(READINGS)
EVERYONE: Final = frozenset(Authority)
ORDERED: Final = tuple(Authority)

World = dict[str, frozenset[int]]


@dataclass(frozen=True)
class Case:
    """A world of real sets, true and false rows about it, and a question."""

    seed: int
    world: World
    true: tuple[Row, ...]
    false: tuple[Row, ...]
    authorities: frozenset[Authority]
    hops: int

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.true + self.false

    @property
    def pairs(self) -> list[plain.Pair]:
        return [(a, b) for a in self.world for b in self.world if a != b]

    def seen(self, rows: Sequence[Row]) -> list[Row]:
        """Those of some rows that the view sees."""
        return [row for row in rows if row.authority in self.authorities]


def cases(count: int, *, rows: int = 14, ends: int = 7) -> Iterator[Case]:
    """As many as are wanted, the same in every run."""
    for seed in range(count):
        random = Random(seed)
        names = ENDS[: random.randint(2, ends)]
        members = range(random.randint(1, 5))
        world = {name: frozenset(random.sample(members, random.randint(1, len(members)))) for name in names}
        true = tuple(drawn(random, f"t{number}", world, READING) for number in range(random.randint(1, rows)))
        false = tuple(drawn(random, f"f{number}", world, [EQ, PP, PPI, PO, DR]) for number in range(random.randint(1, 3)))
        authorities = frozenset(random.sample(ORDERED, random.randint(1, len(ORDERED))))
        honest = tuple(truthful(random, row, world) for row in true)
        yield Case(seed, world, honest, false, authorities, random.randint(1, 4))


def drawn(random: Random, name: str, world: World, readings: Sequence[int]) -> Row:
    """A row between any two ends, stated from either side, true or not."""
    subject, target = random.sample(sorted(world), 2)
    confidence = random.choice([None, 0, 499, 500, 501, 900, 999, 1000])
    authority = random.choice(ORDERED)
    relations = random.choice(readings)
    return Row(
        statement=f"{random.randrange(100):02}{name}", subject=subject, object=target, relations=relations,
        authority=authority, confidence=confidence,
    )  # fmt: skip


def truthful(random: Random, row: Row, world: World) -> Row:
    """The row with a reading that holds, in half of the cases the most precise one."""
    truth = related(world[row.subject], world[row.object])
    return replace(row, relations=truth if random.random() < 0.5 else random.choice([one for one in READING if one & truth]))


def is_true(row: Row, world: World) -> bool:
    return bool(row.relations & related(world[row.subject], world[row.object]))


def believed(engine: Engine, hops: int) -> dict[str, Row]:
    return {row.statement: row for rows in engine.acceptance(hops).accepted.values() for row in rows}


def known(network: Network) -> plain.Known:
    """All that a network holds, as it holds it."""
    held = network.closure
    triples = zip(held.first.tolist(), held.second.tolist(), held.sets.tolist(), strict=True)
    return {(network.ends[a], network.ends[b]): relations for a, b, relations in triples}


def told(engine: Engine, case: Case) -> bytes:
    """All that an engine says to a question, in its own order."""
    network = engine.network(case.authorities, case.hops)
    proofs = [network.chains(a, b) for a, b in case.pairs]
    held, names = network.closure, list(case.world)
    said = [network.ends, list(network.determined(names, names)), list(network.linked(names, names)), proofs]
    return held.keys.tobytes() + held.sets.tobytes() + repr(said).encode()


def widened(before: plain.Known, after: plain.Known) -> list[plain.Pair]:
    """The pairs of which less is known afterwards."""
    return [pair for pair, relations in before.items() if after.get(pair, ALL) & ~relations]


def test_whatever_it_concludes_of_true_rows_holds_in_the_world() -> None:
    concluded = 0
    for case in cases(WORLDS):
        engine = Engine(case.true)
        assert not engine.acceptance(case.hops).set_aside, case
        for (a, b), relations in known(engine.network(case.authorities, case.hops)).items():
            assert relations & related(case.world[a], case.world[b]), (case, a, b)
            concluded += 1
    assert concluded > 5 * WORLDS


def test_beside_false_rows_it_concludes_what_holds_wherever_all_accepted_rows_are_true() -> None:
    tainted = 0
    for case in cases(MANY):
        engine = Engine(case.rows)
        held = believed(engine, case.hops)
        elsewhere = [row for row in case.rows if row.statement in held]
        tainted += not all(is_true(row, case.world) for row in elsewhere)
        if all(is_true(row, case.world) for row in case.seen(elsewhere)):
            for (a, b), relations in known(engine.network(case.authorities, case.hops)).items():
                assert relations & related(case.world[a], case.world[b]), (case, a, b)
    assert 0 < tainted < MANY


def test_beside_false_rows_each_proof_holds_wherever_its_own_rows_are_true() -> None:
    for case in cases(SOME):
        network = Engine(case.rows).network(EVERYONE, case.hops)
        for a, b in case.pairs:
            chains = network.chains(a, b)
            if chains and all(is_true(step.row, case.world) for chain in chains for step in chain.steps):
                assert network.known(a, b) & related(case.world[a], case.world[b]), (case, a, b)


def test_a_true_row_is_set_aside_only_beside_a_false_one() -> None:
    for case in cases(MANY):
        for one in accept(case.rows, case.hops).contradictions:
            beside = {row.statement: row for row in case.rows}
            weakest = max(beside[name].authority.rank for name in one.statements)
            able = [row for row in case.rows if row.authority.rank < weakest or row.statement in one.statements]
            assert not all(is_true(row, case.world) for row in able), (case, one)


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_it_concludes_all_that_the_definition_does(hops: int) -> None:
    for case in cases(SOME):
        engine = Engine(case.rows)
        rows = case.seen(list(believed(engine, hops).values()))
        network, wanted = engine.network(case.authorities, hops), plain.closure_by_walking(rows, hops)
        assert known(network) == wanted, case
        assert {(a, b): one for a, others in plain.closure(rows, hops).items() for b, one in others.items()} == wanted
        assert all(network.known(*pair) == wanted.get(pair, ALL) for pair in case.pairs), case


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_the_pairs_between_two_lists_come_in_the_order_of_the_lists(hops: int) -> None:
    for case in cases(SOME):
        network, random = Network(case.true, hops), Random(case.seed)
        first, second = (random.sample(list("zyabcdefg"), random.randint(1, 9)) for _ in range(2))
        wanted = plain.closure_by_walking(case.true, hops)
        assert list(network.determined(first, second)) == [
            (a, b, wanted[a, b]) for a in first for b in second if (a, b) in wanted
        ], case
        links = list(network.linked(first, second))
        assert {(a, b): length for a, b, length in links} == {
            pair: length for pair, length in plain.linked(case.true, hops).items() if pair[0] in first and pair[1] in second
        }, case
        assert len(links) == len({(a, b) for a, b, _ in links}), case


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_what_is_accepted_is_the_definition(hops: int) -> None:
    aside = 0
    for case in cases(SOME, rows=5, ends=5):
        random = Random(case.seed)
        rows = [replace(row, authority=random.choice(ORDERED[:2])) for row in case.rows]
        found, wanted = accept(rows, hops), plain.accepted_by_definition(rows, hops)
        assert {row.statement for group in found.accepted.values() for row in group} == wanted, (case, rows)
        left = {row.statement for group in found.set_aside.values() for row in group}
        assert left == {row.statement for row in rows} - wanted, (case, rows)
        assert left == {name for one in found.contradictions for name in one.statements}, (case, rows)
        aside += len(left)
    assert aside


def test_any_order_of_rows_gives_the_same_bytes() -> None:
    for case in cases(SOME):
        shuffled = list(case.rows)
        Random(case.seed).shuffle(shuffled)
        one, other = Engine(case.rows), Engine(shuffled)
        assert repr(one.acceptance(case.hops)) == repr(other.acceptance(case.hops)), case
        assert told(one, case) == told(other, case), case


def test_it_does_not_matter_from_which_side_a_row_is_stated() -> None:
    for case in cases(SOME):
        random = Random(case.seed)
        turned = [turned_round(row) if random.random() < 0.5 else row for row in case.rows]
        one, other = (Engine(rows).network(case.authorities, case.hops) for rows in (case.rows, turned))
        assert known(one) == known(other), case
        assert [names(one.chains(*pair)) for pair in case.pairs] == [names(other.chains(*pair)) for pair in case.pairs], case


def turned_round(row: Row) -> Row:
    return replace(row, subject=row.object, object=row.subject, relations=plain.TURNED[row.relations])


def names(chains: Sequence[Chain]) -> list[tuple[str, ...]]:
    return [tuple(step.row.statement for step in chain.steps) for chain in chains]


def test_what_is_known_of_a_pair_is_the_converse_of_what_is_known_the_other_way() -> None:
    for case in cases(SOME):
        held = known(Engine(case.rows).network(case.authorities, case.hops))
        assert held == {(b, a): plain.TURNED[relations] for (a, b), relations in held.items()}, case


def test_with_one_accepted_set_more_rows_and_more_hops_only_shrink() -> None:
    for case in cases(SOME):
        fewer = case.true[: Random(case.seed).randint(0, len(case.true))]
        assert not widened(known(Network(fewer, case.hops)), known(Network(case.true, case.hops))), case
        assert not widened(known(Network(case.true, case.hops)), known(Network(case.true, case.hops + 1))), case


def test_a_row_of_a_lower_authority_displaces_nothing_and_widens_nothing() -> None:
    for case in cases(SOME):
        least = Random(case.seed).choice(ORDERED)
        higher = [row for row in case.rows if row.authority.rank <= least.rank]
        before, after = Engine(higher), Engine(case.rows)
        assert believed(before, case.hops).items() <= believed(after, case.hops).items(), case
        reached = [engine.network(EVERYONE, case.hops) for engine in (before, after)]
        assert not widened(known(reached[0]), known(reached[1])), case


def test_widening_the_authorities_never_lowers_full_or_partial() -> None:
    raised = 0
    for case in cases(SOME):
        more = case.authorities | {Random(case.seed).choice(ORDERED)}
        engine = Engine(case.rows)
        narrow, wide = engine.network(case.authorities, case.hops), engine.network(more, case.hops)
        levels = [(level(narrow.known(*pair)), level(wide.known(*pair))) for pair in case.pairs]
        assert all(before <= after for before, after in levels), case
        raised += any(before < after for before, after in levels)
    assert raised


def level(relations: int) -> int:
    """2 for FULL, 1 for PARTIAL, else 0, as the design defines them."""
    assert relations
    return 2 if relations in {EQ, PPI, EQ | PPI} else 0 if relations & DR else 1


def row(name: str, subject: str, relations: int, target: str, authority: Authority = Authority.OFFICIAL) -> Row:
    return Row(statement=name, subject=subject, object=target, relations=relations, authority=authority)


def test_a_direct_table_does_not_hide_a_pivot() -> None:
    pivoted = [row("1", "a", EQ, "p"), row("2", "p", PP, "b")]
    network = Engine([*pivoted, row("3", "a", OVERLAP, "b")]).network(EVERYONE, 2)
    assert network.known("a", "b") == PP
    assert names(network.chains("a", "b")) == [("1", "2")]


def test_a_pivot_does_not_hide_a_direct_table() -> None:
    pivoted = [row("1", "a", EQ, "p"), row("2", "p", OVERLAP, "b")]
    network = Engine([*pivoted, row("3", "a", PPI, "b", Authority.INFERRED)]).network(EVERYONE, 2)
    assert network.known("a", "b") == PPI
    assert names(network.chains("a", "b")) == [("3",)]


def test_tables_and_pivots_count_together() -> None:
    for case in cases(SOME):
        a, b = Random(case.seed).sample(sorted(case.world), 2)
        direct = [one for one in case.true if {one.subject, one.object} == {a, b}]
        others = [one for one in case.true if one not in direct]
        joined = known(Network(case.true, case.hops)).get((a, b), ALL)
        for part in (direct, others):
            assert not joined & ~known(Network(part, case.hops)).get((a, b), ALL), case


def test_an_answer_names_no_row_from_outside_its_view_nor_one_that_was_set_aside() -> None:
    for case in cases(SOME):
        engine = Engine(case.rows)
        network = engine.network(case.authorities, case.hops)
        held = {one.statement for one in case.seen(list(believed(engine, case.hops).values()))}
        used = {name for pair in case.pairs for chain in names(network.chains(*pair)) for name in chain}
        assert used <= held, case


def test_rows_weaker_than_all_that_a_view_sees_change_nothing_in_it() -> None:
    for case in cases(SOME):
        weakest = max(authority.rank for authority in case.authorities)
        without = [one for one in case.rows if one.authority.rank <= weakest]
        assert told(Engine(case.rows), case) == told(Engine(without), case), case


def test_a_view_asked_before_leaves_no_trace_in_another() -> None:
    for case in cases(SOME):
        engine = Engine(case.rows)
        told(engine, replace(case, authorities=EVERYONE))
        assert told(engine, case) == told(Engine(case.rows), case), case


def test_every_proof_checks() -> None:
    proofs = linked = 0
    for case in cases(MANY):
        engine = Engine(case.rows)
        network = engine.network(case.authorities, case.hops)
        held = {one.statement: one for one in case.seen(list(believed(engine, case.hops).values()))}
        links = plain.linked(held.values(), case.hops)
        for pair in case.pairs:
            chains = network.chains(*pair)
            if pair not in links:
                assert not chains, (case, pair)
                continue
            assert not faults(pair, network.known(*pair), chains, held, case.hops), (case, pair, chains)
            proofs, linked = proofs + 1, linked + (network.known(*pair) == ALL)
    assert proofs > linked > 0


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_proofs_are_the_shortest_then_most_authoritative_then_most_confident(hops: int) -> None:
    for case in cases(SOME, rows=9):
        network = Network(case.true, hops)
        for pair in case.pairs:
            best = plain.best_proof(case.true, pair, hops)
            link = plain.best_link(case.true, pair, hops)
            wanted = best or ([link] if link else [])
            assert names(network.chains(*pair)) == [tuple(one.statement for one in walk) for walk in wanted], (case, pair)


def test_an_end_is_not_linked_to_itself() -> None:
    network = Network([row("1", "a", EQ, "b")], 3)
    assert network.known("a", "a") == ALL
    assert network.chains("a", "a") == ()
    assert list(network.determined(["a"], ["a"])) == list(network.linked(["a"], ["a"])) == []


def test_an_unknown_end_has_no_answer() -> None:
    network = Engine([row("1", "a", EQ, "b")]).network(EVERYONE, 3)
    assert network.known("a", "?") == network.known("?", "a") == ALL
    assert network.chains("a", "?") == network.chains("?", "a") == ()
    assert list(network.determined(["?"], ["a", "?"])) == list(network.linked(["?"], ["a", "?"])) == []


def test_nothing_published_is_no_fault() -> None:
    network = Engine([]).network(EVERYONE, 4)
    assert network.known("a", "b") == ALL
    assert network.chains("a", "b") == ()
    assert list(network.determined(["a"], ["b"])) == list(network.linked(["a"], ["b"])) == []


def tampered(chains: tuple[Chain, ...]) -> Iterator[tuple[str, tuple[Chain, ...]]]:
    """A proof with one lie each."""
    first, rest = chains[0], chains[1:]
    step, onward = first.steps[0], first.steps[1:]
    yield "dropped", rest
    yield "doubled", (*chains, chains[0])
    yield "cut", (Chain(first.steps[:-1]), *rest)
    yield "there and back", (Chain((step, Step(step.end, step.start, step.row), *first.steps)), *rest)
    yield "other row", (Chain((replace(step, row=replace(step.row, statement="?")), *onward)), *rest)
    yield "other reading", (Chain((replace(step, row=replace(step.row, relations=step.row.relations ^ ALL)), *onward)), *rest)
    yield "other word", (Chain((replace(step, row=replace(step.row, authority=other(step.row.authority))), *onward)), *rest)
    yield "other start", (Chain((replace(step, start="?"), *onward)), *rest)
    yield "turned", (Chain((Step(step.end, step.start, step.row), *onward)), *rest)


def other(authority: Authority) -> Authority:
    return next(one for one in Authority if one is not authority)


def test_a_tampered_proof_is_refused() -> None:
    tried = 0
    for case in cases(SOME):
        network = Network(case.true, case.hops)
        held = {one.statement: one for one in case.true}
        for pair, relations in known(network).items():
            for name, lie in tampered(network.chains(*pair)):
                assert faults(pair, relations, lie, held, case.hops), (name, case, pair)
                tried += 1
            assert faults(pair, relations ^ ALL or EQ, network.chains(*pair), held, case.hops), (case, pair)
            assert faults((pair[1], pair[0]), relations, network.chains(*pair), held, case.hops), (case, pair)
    assert tried > SOME


def test_beyond_the_bound_of_work_more_is_set_aside_and_not_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blame, "MAX_WORK", 0)
    for case in cases(SOME, rows=5, ends=5):
        held = list(believed(Engine(case.rows), case.hops).values())
        strongest = {one.statement for one in held if one.authority is Authority.OFFICIAL}
        assert strongest <= plain.accepted_by_definition(case.rows, case.hops), case
        assert 0 not in plain.closure_by_walking(held, case.hops).values(), case


def test_three_readings_that_are_compatible_two_by_two_are_so_together() -> None:
    for first, second, third in product(READINGS, repeat=3):
        if first & second and second & third and first & third:
            assert first & second & third


def dense(kind: str, size: int) -> list[Row]:
    """Rows of one authority that contradict in very many ways."""
    random = Random(size)
    stated: list[tuple[str, str, int]]
    if kind == "random":
        ends = [str(end) for end in range(size // 6)]
        pairs = (random.sample(ends, 2) for _ in range(size))
        stated = [(a, b, random.choice((EQ, PP, PPI, DR))) for a, b in pairs]
    elif kind == "pivots":
        stated = [
            one
            for pivot in range(size // 4)
            for relations in (PP, PPI)
            for one in (("a", f"{relations}-{pivot}", relations), (f"{relations}-{pivot}", "b", relations))
        ]
    else:
        stated = [("a", "b", random.choice((PP, PPI, DR))) for _ in range(size)]
    return [
        Row(statement=f"s{number:05}", subject=a, object=b, relations=relations, authority=Authority.VENDOR)
        for number, (a, b, relations) in enumerate(stated)
    ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("kind", "size", "hops"), [("random", 60, 4), ("random", 600, 3), ("pivots", 4000, 2), ("pair", 20_000, 1)]
)
def test_many_contradictions_end_and_leave_none(kind: str, size: int, hops: int) -> None:
    rows = dense(kind, size)
    found = accept(rows, hops)
    assert len(found.believed) + len(found.left_out) == len(rows)
    assert not accept(found.believed, hops).left_out


def test_which_pairs_are_disputed_does_not_hang_on_their_names() -> None:
    for names in permutations("abc"):
        x, y, z = names
        rows = [
            Row(statement="s1", subject=x, object=y, relations=EQ, authority=Authority.OFFICIAL),
            Row(statement="s2", subject=y, object=z, relations=EQ, authority=Authority.OFFICIAL),
            Row(statement="s3", subject=x, object=z, relations=DR, authority=Authority.VENDOR),
        ]
        assert Engine(rows).disputes(frozenset(Authority), 2) == {x: (z,), z: (x,)}


def test_what_many_ask_at_once_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def counted(rows: Sequence[Row], hops: int) -> acceptance.Acceptance:
        made.append(hops)
        return accept(rows, hops)

    monkeypatch.setattr(network_module, "accept", counted)
    engine = Engine(dense("random", 60))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: engine.network(frozenset(Authority), 3), range(16)))
    assert (made, len(set(map(id, found)))) == ([3], 1)


def test_beyond_the_bound_of_pairs_nothing_contradictory_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, "MAX_PAIRS", 0)
    for case in cases(SOME, rows=5, ends=5):
        held = list(believed(Engine(case.rows), case.hops).values())
        assert 0 not in plain.closure_by_walking(held, case.hops).values(), case
        assert believed(Engine(case.rows[::-1]), case.hops) == {one.statement: one for one in held}, case
