"""The quality gates: each planted fault is named exactly once, a clean world gives nothing, and no order of rows matters."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from random import Random

import pytest

from kakehashi.crosswalk.algebra import ALL, READINGS
from kakehashi.crosswalk.evidence import MIN_COMPOSED, not_evidence
from kakehashi.crosswalk.findings import inspecting
from kakehashi.crosswalk.findings.circles import MAX_CIRCLES, circles
from kakehashi.crosswalk.findings.inspecting import Inspection, Unchained
from kakehashi.crosswalk.findings.kinds import ABOUT, Finding, FindingKind, FindingSeverity
from kakehashi.crosswalk.findings.published import Published
from kakehashi.crosswalk.findings.words import BELOW_FULL, STRENGTHS
from kakehashi.crosswalk.index import build_index
from kakehashi.crosswalk.meanings import MEANINGS
from kakehashi.crosswalk.standing import World
from kakehashi.records.model import Group, MappingDetail, MappingSet, Statement
from kakehashi.records.values import Authority, Certainty, Lifecycle, MappingStatus, Nature, Origin, StatedAs
from kakehashi.vocabulary.iris import SEMAPV

CLASSES = {f"{letter}{number}": "Control" for letter in "abcd" for number in range(30)} | {
    "h": "Heading", "old": "Control", "new": "Control", "gone": "Resource", "tool": "Product", "threat": "Threat",
    "cap": "Capability", "fn-protect": "Resource",
}  # fmt: skip


def detail(mapping_set: str, word: str, strength: str | None = None, group: str | None = None) -> MappingDetail:
    return MappingDetail(
        mapping_set=mapping_set, verbatim=word, justification=SEMAPV + "ManualMappingCuration", strength=strength,
        status=MappingStatus.PUBLISHED, group=group,
    )  # fmt: skip


def row(  # noqa: PLR0917 - a row of a table
    mapping_set: str | None,
    subject: str,
    word: str,
    target: str,
    strength: str | None = None,
    authority: Authority = Authority.THIRD_PARTY,
    group: str | None = None,
) -> Statement:
    return Statement(
        id=f"statement/{mapping_set}-{subject}-{word}-{target}", subject=subject, predicate=word, object=target,
        source="source/x", certainty=Certainty.PRINTED, authority=authority, nature=Nature.REPORT,
        mapping=None if mapping_set is None else detail(mapping_set, word, strength, group),
    )  # fmt: skip


def a_set(
    identifier: str,
    subject: str = "a",
    target: str = "b",
    derived_from: tuple[str, ...] = (),
    origin: Origin = Origin.ORIGINAL,
) -> MappingSet:
    return MappingSet(
        id=identifier, source="source/x", stated_as=StatedAs.SOURCE_TO_TARGET, rows=1, origin=origin, subject_edition=subject,
        object_edition=target, derived_from=derived_from,
    )  # fmt: skip


@dataclass(frozen=True)
class Planted:
    rows: Sequence[Statement] = ()
    sets: Sequence[MappingSet] = ()
    groups: Sequence[Group] = ()
    on_ten_scale: frozenset[str] = field(default_factory=frozenset)

    def with_(self, other: "Planted") -> "Planted":
        return Planted(
            [*self.rows, *other.rows], [*self.sets, *other.sets], [*self.groups, *other.groups],
            self.on_ten_scale | other.on_ten_scale,
        )  # fmt: skip


CLEAN = Planted(
    rows=[
        row("clean", "a1", "subset-of", "b1", "7"),
        row("clean", "a2", "equal", "b2", "10"),
        row("clean", "a3", "superset-of", "b3", "9"),
        row("clean", "a4", "intersects-with", "b4", "5"),
        row("clean", "a5", "no-relationship", "b5", "0"),
        row("clean", "a6", "broad-match", "b6", "n/a"),
        row("clean", "b6", "broad-match", "a6"),
        row("tools", "tool", "satisfies", "a2", "target-coverage 1.0"),
        row("tools", "tool", "satisfies-in-part", "a4", authority=Authority.VENDOR),
        row(None, "old", "incorporated-into", "new"),
    ],
    sets=[a_set("clean"), a_set("tools", "t", "a"), a_set("derived", "a", "c", ("clean",))],
)
"""A world in which nothing is wrong; the strengths are judged, for one is above 5."""


def world_of(planted: Planted) -> World:
    sets = {one.id: one for one in planted.sets}
    return World(CLASSES, frozenset({"old"}), frozenset({"gone"}), not_evidence(sets, planted.rows))


def inspected(planted: Planted, hops: int = 3) -> Inspection:
    return Inspection(unchained_of(planted), hops)


def unchained_of(planted: Planted) -> Unchained:
    world = world_of(planted)
    published = Published(
        statements={one.id: one for one in planted.rows},
        groups={one.id: one for one in planted.groups},
        mapping_sets={one.id: one for one in planted.sets},
        world=world,
        engine=build_index(planted.rows, world).engine,
        lifecycles={"old": Lifecycle.WITHDRAWN},
        on_ten_scale=planted.on_ten_scale,
    )
    return Unchained(published)


def found(planted: Planted, hops: int = 3) -> tuple[Finding, ...]:
    return inspected(planted, hops).findings


def pairs_of(mapping_set: str, left: str, right: str, numbers: range) -> list[Statement]:
    return [row(mapping_set, f"{left}{n}", "intersects-with", f"{right}{n}") for n in numbers]


def group(strength: str, word: str) -> Planted:
    one = Group(
        id="group/1", source="source/x", authority=Authority.THIRD_PARTY, certainty=Certainty.PRINTED, subjects=("c1", "c2"),
        predicate=word, objects=("d1",), mapping=detail("grouped", word, strength),
    )  # fmt: skip
    rows = [row("grouped", subject, "intersects-with", "d1", strength, group="group/1") for subject in one.subjects]
    return Planted(rows, groups=[one])


COMPOSED = Planted(
    rows=[
        *(row("leg-1", f"a{n}", "intersects-with", f"c{n + more}") for n in range(MIN_COMPOSED) for more in (0, 1)),
        *(row("leg-2", f"c{n}", "intersects-with", f"d{n + more}") for n in range(MIN_COMPOSED + 1) for more in (0, 1)),
        *(row("whole", f"a{n}", "intersects-with", f"d{n + more}") for n in range(MIN_COMPOSED) for more in (0, 1, 2)),
    ],
    sets=[a_set("leg-1", "a", "c"), a_set("leg-2", "c", "d"), a_set("whole", "a", "d")],
)

CLAIMED = (
    row(None, "tool", "has-capability", "cap"),
    row(None, "cap", "serves-function", "fn-protect", authority=Authority.VENDOR),
)

FAULTS: dict[str, tuple[FindingKind, str | None, tuple[str, ...], Planted]] = {
    "two rows of one authority": (
        FindingKind.CONTRADICTION, "x", ("c1", "d1"),
        Planted([row("x", "c1", "equal", "d1"), row("x", "c1", "no-relationship", "d1")]),
    ),
    "a row against stronger ones, over a chain": (
        FindingKind.CONTRADICTION, "y", ("c1", "d3"),
        Planted([
            row("x", "c1", "subset-of", "d1", authority=Authority.OFFICIAL),
            row("x", "d1", "subset-of", "d3", authority=Authority.OFFICIAL),
            row("y", "c1", "no-relationship", "d3"),
        ]),
    ),
    "each a proper subset of the other": (
        FindingKind.CIRCULAR_INCLUSION, "x", ("c1", "d1"),
        Planted([row("x", "c1", "subset-of", "d1"), row("x", "d1", "subset-of", "c1")]),
    ),
    "the same in two sets, of two authorities": (
        FindingKind.CIRCULAR_INCLUSION, None, ("c1", "d1"),
        Planted([row("x", "c1", "subset-of", "d1", authority=Authority.OFFICIAL), row("y", "c1", "superset-of", "d1")]),
    ),
    "a circle of five": (
        FindingKind.CIRCULAR_INCLUSION, "x", ("c1", "c2", "c3", "c4", "c5"),
        Planted([row("x", f"c{n}", "subset-of", f"c{n % 5 + 1}") for n in range(1, 6)]),
    ),
    "equal with 5": (
        FindingKind.STRENGTH_AGAINST_RELATION, "x", ("c1", "d1"),
        Planted([row("x", "c1", "equal", "d1", "5")], on_ten_scale=frozenset({"x"})),
    ),
    "subset with 10": (
        FindingKind.STRENGTH_AGAINST_RELATION, "x", ("c1", "d1"), Planted([row("x", "c1", "subset-of", "d1", "10")]),
    ),
    "no relationship with 3": (
        FindingKind.STRENGTH_AGAINST_RELATION, "x", ("c1", "d1"),
        Planted([row("x", "c1", "no-relationship", "d1", "3"), row("x", "c2", "equal", "d2", "10")]),
    ),
    "a group that is equal with 6": (
        FindingKind.STRENGTH_AGAINST_RELATION, "grouped", ("c1", "c2", "d1"), group("6", "equal"),
    ),
    "an id that nothing defines": (
        FindingKind.DANGLING_END, "x", ("gone",),
        Planted([row("x", "c1", "intersects-with", "gone"), row("x", "c2", "equal", "gone")]),
    ),
    "an undefined threat": (FindingKind.DANGLING_END, "x", ("gone",), Planted([row("x", "c1", "mitigates", "gone")])),
    "an undefined end outside any set": (
        FindingKind.DANGLING_END, None, ("gone",), Planted([row(None, "tool", "satisfies", "gone")]),
    ),
    "an id that is withdrawn": (FindingKind.OUT_OF_USE_END, "x", ("old",), Planted([row("x", "c1", "equal", "old")])),
    "a heading": (FindingKind.ON_HEADING, "x", ("h",), Planted([row("x", "c1", "intersects-with", "h")])),
    "a self-mapping": (FindingKind.SELF_MAPPING, "x", ("c1",), Planted([row("x", "c1", "equal", "c1")])),
    "a pair that the reverse lacks": (
        FindingKind.ONE_DIRECTION_ONLY, "y", ("c4", "d4"),
        Planted([*pairs_of("x", "c", "d", range(5)), *pairs_of("y", "d", "c", range(4))]),
    ),
    "a pair that a derived set lacks, of few": (
        FindingKind.ONE_DIRECTION_ONLY, "x", ("d9", "c8"),
        Planted(
            [*pairs_of("x", "c", "d", range(1)), *pairs_of("y", "d", "c", range(1)), row("y", "d9", "intersects-with", "c8")],
            [a_set("x", "c", "d"), a_set("y", "d", "c", ("x",))],
        ),
    ),
    "a reverse": (
        FindingKind.REVERSE_SET, "y", ("d", "c"),
        Planted(
            [*pairs_of("x", "c", "d", range(5)), *pairs_of("y", "d", "c", range(5))],
            [a_set("x", "c", "d"), a_set("y", "d", "c")],
        ),
    ),
    "a reverse by its publisher's word": (
        FindingKind.REVERSE_SET, "y", ("d", "c"),
        Planted(sets=[a_set("x", "c", "d"), a_set("y", "d", "c", ("x",), Origin.REVERSE)]),
    ),
    "a composed set": (FindingKind.COMPOSED_SET, "whole", ("a", "d"), COMPOSED),
    "a composed set by its publisher's word": (
        FindingKind.COMPOSED_SET, "y", ("c", "d"), Planted(sets=[a_set("y", "c", "d", ("x", "z"), Origin.COMPOSED)]),
    ),
    "full coverage by a subset": (
        FindingKind.COVERAGE_ABOVE_RELATION, "x", ("c1", "d1"),
        Planted([row("x", "c1", "subset-of", "d1", "target-coverage 1.0")]),
    ),
    "full coverage by what intersects": (
        FindingKind.COVERAGE_ABOVE_RELATION, "x", ("c1", "d1"),
        Planted([row("x", "c1", "intersects-with", "d1", "target-coverage 100%")]),
    ),
    "a claim of all where the others allow a part": (
        FindingKind.COVERAGE_ABOVE_RELATION, "x", ("tool", "d1"),
        Planted([
            row("y", "tool", "subset-of", "c1"), row("y", "c1", "subset-of", "d1"),
            row("x", "tool", "satisfies", "d1", authority=Authority.VENDOR),
        ]),
    ),
    "sets that are derived from each other": (
        FindingKind.CIRCULAR_DERIVATION, None, ("x", "y"),
        Planted(sets=[a_set("x", derived_from=("y",)), a_set("y", derived_from=("x",))]),
    ),
    "a set that is derived from itself": (
        FindingKind.CIRCULAR_DERIVATION, "x", ("x",), Planted(sets=[a_set("x", derived_from=("x",))]),
    ),
    "a claim that the public rows do not bear out": (
        FindingKind.CLAIM_NOT_MAPPED, None, ("cap",), Planted([*CLAIMED, row("x", "cap", "detects-technique", "threat")]),
    ),
    "a claim without a public row": (FindingKind.CLAIM_UNMAPPED, None, ("cap",), Planted(CLAIMED)),
}  # fmt: skip


def test_a_clean_world_has_no_finding() -> None:
    assert found(CLEAN) == ()
    assert found(Planted()) == ()


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named_exactly_once(name: str) -> None:
    kind, mapping_set, ends, planted = FAULTS[name]
    (one,) = found(CLEAN.with_(planted))
    assert (one.kind, one.mapping_set, one.ends) == (kind, mapping_set, ends)
    assert set(one.statements) <= {statement.id for statement in planted.rows}
    for text in (one.explanation.ja, one.explanation.en):
        assert all(end in text for end in one.ends) or kind in {FindingKind.REVERSE_SET, FindingKind.COMPOSED_SET}
        assert mapping_set is None or mapping_set in text
        assert "{" not in text
    assert one.explanation.ja != one.explanation.en


def test_every_kind_is_planted_and_has_its_texts() -> None:
    assert {kind for kind, *_ in FAULTS.values()} == set(FindingKind) == set(ABOUT)
    for about in ABOUT.values():
        assert about.title.ja != about.title.en
        assert about.remedy.ja != about.remedy.en


APART = {
    FindingKind.COMPOSED_SET, FindingKind.CIRCULAR_DERIVATION, FindingKind.REVERSE_SET, FindingKind.CLAIM_UNMAPPED,
}  # fmt: skip
"""Kinds that are about whole sets, or about what there is none of, which other plants would change."""


def everything() -> Planted:
    """All faults in one world, each in sets and on ends of its own."""
    whole = CLEAN
    for place, name in enumerate(FAULTS):
        kind, *_, planted = FAULTS[name]
        if kind not in APART:
            whole = whole.with_(Planted([_apart(one, place) for one in planted.rows], groups=planted.groups))
    return whole.with_(COMPOSED)


def _apart(one: Statement, place: int) -> Statement:
    mapping = one.mapping and detail(f"{one.mapping.mapping_set}-{place}", one.predicate, one.mapping.strength)
    return Statement(
        id=f"{one.id}-{place}", subject=one.subject, predicate=one.predicate, object=one.object, source=one.source,
        certainty=one.certainty, authority=one.authority, nature=one.nature, mapping=mapping,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_no_order_of_rows_and_sets_changes_a_finding(seed: int) -> None:
    whole, shuffle = everything(), Random(seed).sample
    shuffled = Planted(
        shuffle(list(whole.rows), len(whole.rows)), shuffle(list(whole.sets), len(whole.sets)), whole.groups, whole.on_ten_scale
    )
    first, second = inspected(whole), inspected(shuffled)
    assert len(first.findings) > 15
    assert repr(second.findings) == repr(first.findings)
    assert [second.chains(one) for one in second.findings] == [first.chains(one) for one in first.findings]


def test_findings_are_sorted_by_severity_and_have_ids_of_their_own() -> None:
    all_of_them = found(everything())
    assert [one.severity.rank for one in all_of_them] == sorted(one.severity.rank for one in all_of_them)
    assert Counter(one.id for one in all_of_them).most_common(1)[0][1] == 1


@pytest.mark.parametrize("name", [name for name, (kind, *_) in FAULTS.items() if kind is FindingKind.CONTRADICTION])
def test_the_chains_of_a_contradiction_leave_nothing_possible(name: str) -> None:
    inspection = inspected(CLEAN.with_(FAULTS[name][-1]))
    (one,) = inspection.findings
    chains = inspection.chains(one)
    assert len(chains) == 2
    assert reduce(lambda known, chain: known & chain.relations, chains, ALL) == 0
    for chain in chains:
        assert (chain.steps[0].start, chain.steps[-1].end) == one.ends
    walked = {step.row.statement for chain in chains for step in chain.steps}
    assert set(one.statements) & walked


def test_a_draft_is_never_shown_to_displace_a_stronger_row() -> None:
    _, _, ends, planted = FAULTS["a row against stronger ones, over a chain"]
    draft = row("drafts", *(ends[0], "subset-of", ends[1]), authority=Authority.INFERRED)
    inspection = inspected(CLEAN.with_(planted).with_(Planted([draft])))
    (one,) = inspection.findings
    chains = inspection.chains(one)
    assert draft.id not in {step.row.statement for chain in chains for step in chain.steps}
    assert sorted(len(chain.steps) for chain in chains) == [1, 2]


def test_what_no_chain_bears_on_is_found_once_whatever_the_hops(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Published] = []

    def counted(published: Published) -> tuple[Finding, ...]:
        calls.append(published)
        return ()

    monkeypatch.setattr(inspecting, "faults_of_ends", counted)
    unchained = unchained_of(CLEAN)
    for hops in (1, 2, 3, 4):
        assert Inspection(unchained, hops).findings == ()
    assert len(calls) == 1


def test_the_chains_of_a_claim_are_the_claim_and_what_rules_it_out() -> None:
    inspection = inspected(CLEAN.with_(FAULTS["a claim of all where the others allow a part"][-1]))
    (one,) = inspection.findings
    assert [len(chain.steps) for chain in inspection.chains(one)] == [1, 2]


def test_two_readings_always_suffice_for_a_contradiction() -> None:
    for count in (3, 4, 5):
        for readings in combinations(READINGS, count):
            if all(one & other for one, other in combinations(readings, 2)):
                assert reduce(int.__and__, readings)


def test_a_contradiction_beyond_the_hops_is_none() -> None:
    planted = CLEAN.with_(FAULTS["a row against stronger ones, over a chain"][-1])
    assert found(planted, hops=1) == ()
    assert len(found(planted, hops=2)) == 1


def test_a_circle_of_subsets_is_found_whatever_the_hops() -> None:
    assert [one.kind for one in found(FAULTS["a circle of five"][-1], hops=1)] == [FindingKind.CIRCULAR_INCLUSION]


@pytest.mark.parametrize(
    "strengths",
    [("3", "1"), ("5", "2"), ("50", "90"), ("strong",), ("0.5",), ("10", "10%"), ("n/a",), ("target-coverage 0.7",)],
)
def test_strengths_on_another_scale_are_not_judged(strengths: tuple[str, ...]) -> None:
    rows = [row("x", f"c{n}", "equal", f"d{n}", strength) for n, strength in enumerate(strengths)]
    assert found(Planted(rows)) == ()


def test_words_without_a_scale_are_not_judged() -> None:
    assert found(Planted([row("x", "c1", "exact-match", "d1", "8")])) == ()


def test_a_pair_of_a_group_is_not_judged_by_the_coverage_of_the_group() -> None:
    assert found(group("target-coverage 1.0", "superset-of")) == ()


def test_the_tables_speak_of_words_that_there_are() -> None:
    assert set(STRENGTHS) | set(BELOW_FULL) <= set(MEANINGS)


def test_tables_that_share_few_pairs_are_no_two_directions() -> None:
    rows = [*pairs_of("x", "c", "d", range(9)), *pairs_of("y", "d", "c", range(4))]
    assert found(Planted(rows)) == ()


def test_two_copies_of_a_table_that_states_pairs_both_ways_are_no_two_directions() -> None:
    rows = [one for name in ("x", "y") for one in (*pairs_of(name, "c", "d", range(3)), *pairs_of(name, "d", "c", range(3)))]
    assert found(Planted([*rows, row("y", "c8", "intersects-with", "d8")])) == ()


def test_both_faults_of_a_row_are_named() -> None:
    kinds = [one.kind for one in found(Planted([row("x", "h", "equal", "gone")]))]
    assert kinds == [FindingKind.DANGLING_END, FindingKind.ON_HEADING]


def test_what_is_out_of_use_is_told_with_what_took_its_place() -> None:
    (one,) = found(CLEAN.with_(FAULTS["an id that is withdrawn"][-1]))
    assert one.explanation.en == "x names old, which is withdrawn (statements: 1). Its place was taken by new."
    assert one.explanation.ja == "x は old を挙げていますが、それは取り下げられています(記述1件)。後継は new です。"


def test_a_claim_against_a_row_of_its_own_authority_is_a_contradiction() -> None:
    rows = [row("x", "tool", "satisfies", "d1"), row("y", "tool", "subset-of", "d1")]
    assert [one.kind for one in found(Planted(rows))] == [FindingKind.CONTRADICTION]


def test_circles_pass_every_link_that_lies_on_one() -> None:
    links = {"a": ["b"], "b": ["c", "a"], "c": ["a", "d"], "d": ["d", "e"], "e": []}
    assert list(circles(links)) == [("a", "b"), ("a", "b", "c"), ("d",)]


def test_a_tangle_is_cut_off_and_not_listed_without_end() -> None:
    names = [f"n{number:02}" for number in range(30)]
    assert len(list(circles({one: [other for other in names if other != one] for one in names}))) == MAX_CIRCLES


def test_severities_are_ranked() -> None:
    assert [one.rank for one in FindingSeverity] == [0, 1, 2]
