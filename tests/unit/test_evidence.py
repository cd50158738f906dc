"""Which mappings count: reverses and composed sets are recognised, headings and the withdrawn kept apart, readings honest."""

from collections.abc import Iterable

import pytest

from kakehashi.crosswalk.algebra import ALL, EQ, OVERLAP, PO, PP, PPI
from kakehashi.crosswalk.evidence import MIN_COMPOSED, not_evidence
from kakehashi.crosswalk.index import build_index
from kakehashi.crosswalk.meanings import MEANINGS, Relates
from kakehashi.crosswalk.standing import Standing, World, relations_of, standing_of
from kakehashi.records.model import MappingDetail, MappingSet, Statement
from kakehashi.records.values import Authority, Certainty, MappingStatus, Nature, Origin, RationaleKind, StatedAs
from kakehashi.vocabulary.iris import SEMAPV


def row(mapping_set: str, subject: str, predicate: str, target: str, kind: RationaleKind | None = None) -> Statement:
    detail = MappingDetail(
        mapping_set=mapping_set, verbatim=predicate, justification=SEMAPV + "ManualMappingCuration",
        status=MappingStatus.PUBLISHED, rationale_kind=kind,
    )  # fmt: skip
    return Statement(
        id=f"statement/{mapping_set}-{subject}-{predicate}-{target}", subject=subject, predicate=predicate, object=target,
        source="source/x", certainty=Certainty.PRINTED, authority=Authority.THIRD_PARTY, nature=Nature.REPORT, mapping=detail,
    )  # fmt: skip


def a_set(identifier: str, subject: str = "a", target: str = "b", origin: Origin = Origin.ORIGINAL) -> MappingSet:
    return MappingSet(
        id=identifier, source="source/x", stated_as=StatedAs.SOURCE_TO_TARGET, rows=1, origin=origin, subject_edition=subject,
        object_edition=target,
    )  # fmt: skip


def found(sets: Iterable[MappingSet], rows: Iterable[Statement]) -> dict[str, Standing]:
    return dict(not_evidence({one.id: one for one in sets}, list(rows)))


FORWARD = [("a1", "subset-of", "b1"), ("a1", "intersects-with", "b2"), ("a2", "equal", "b2"), ("a3", "superset-of", "b3")]
BACKWARD = [("b1", "superset-of", "a1"), ("b2", "intersects-with", "a1"), ("b2", "equal", "a2"), ("b3", "subset-of", "a3")]


def test_the_later_of_two_mechanical_reverses_is_no_evidence() -> None:
    rows = [row("one", *cells) for cells in FORWARD] + [row("two", *cells) for cells in BACKWARD]
    assert found([a_set("one"), a_set("two", "b", "a")], rows) == {"two": Standing.REVERSE}


@pytest.mark.parametrize("place", range(4))
def test_a_set_that_differs_in_one_row_is_evidence(place: int) -> None:
    backward = list(BACKWARD)
    backward[place] = (backward[place][0], "no-relationship", backward[place][2])
    rows = [row("one", *cells) for cells in FORWARD] + [row("two", *cells) for cells in backward]
    assert found([a_set("one"), a_set("two", "b", "a")], rows) == {}


def test_the_same_table_published_twice_the_same_way_round_is_not_called_a_reverse() -> None:
    rows = [row(name, *cells) for name in ("one", "two") for cells in FORWARD]
    assert found([a_set("one"), a_set("two")], rows) == {}


def test_what_a_publisher_says_of_the_origin_holds() -> None:
    rows = [row("one", *cells) for cells in FORWARD]
    assert found([a_set("one", origin=Origin.COMPOSED)], rows) == {"one": Standing.COMPOSED}


def chains(count: int) -> tuple[list[Statement], list[Statement], list[Statement]]:
    """Rows from a to b, from b to c, and those from a to c that they compose to: each a and each b leads to two."""
    first = [row("first", f"a{n}", "intersects-with", f"b{n + more}") for n in range(count) for more in (0, 1)]
    second = [row("second", f"b{n}", "intersects-with", f"c{n + more}") for n in range(count + 1) for more in (0, 1)]
    composed = [row("third", f"a{n}", "intersects-with", f"c{n + more}") for n in range(count) for more in (0, 1, 2)]
    return first, second, composed


SETS = [a_set("first", "a", "b"), a_set("second", "b", "c"), a_set("third", "a", "c")]


def test_a_set_that_is_exactly_a_composition_is_no_evidence() -> None:
    first, second, composed = chains(MIN_COMPOSED)
    assert found(SETS, [*first, *second, *composed]) == {"third": Standing.COMPOSED}


def test_a_composition_is_recognised_whichever_way_round_its_legs_are_stated() -> None:
    first, second, composed = chains(MIN_COMPOSED)
    turned = [row("first", one.object or "", "intersects-with", one.subject) for one in first]
    sets = [a_set("first", "b", "a"), a_set("second", "b", "c"), a_set("third", "a", "c")]
    assert found(sets, [*turned, *second, *composed]) == {"third": Standing.COMPOSED}


def test_one_pair_more_or_less_makes_it_a_work_of_its_own() -> None:
    first, second, composed = chains(MIN_COMPOSED)
    more = row("third", "a0", "intersects-with", "c9")
    assert found(SETS, [*first, *second, *composed, more]) == {}
    assert found(SETS, [*first, *second, *composed[1:]]) == {}


def test_three_sets_that_each_follow_from_the_others_are_all_evidence() -> None:
    """With a leg that is one to one nobody can tell which of them was put together."""
    count = MIN_COMPOSED
    first = [row("first", f"a{n}", "equal", f"b{n}") for n in range(count)]
    second = [row("second", f"b{n}", "intersects-with", f"c{n}") for n in range(count)]
    third = [row("third", f"a{n}", "intersects-with", f"c{n}") for n in range(count)]
    assert found(SETS, [*first, *second, *third]) == {}


def test_a_small_set_may_equal_a_composition_by_chance() -> None:
    first, second, composed = chains(3)
    assert found(SETS, [*first, *second, *composed]) == {}


CLASSES = {
    "a1": "Control",
    "a2": "Control",
    "b1": "Requirement",
    "b2": "Requirement",
    "b3": "Heading",
    "t": "Threat",
    "p": "Product",
}


@pytest.mark.parametrize(
    ("cells", "standing"),
    [
        (("a1", "subset-of", "b1"), Standing.COUNTS),
        (("p", "satisfies", "b1"), Standing.COUNTS),
        (("a1", "intersects-with", "b3"), Standing.ON_HEADING),
        (("a2", "equal", "b1"), Standing.OUT_OF_USE),
        (("a1", "equal", "gone"), Standing.DANGLING),
        (("a1", "mitigates", "t"), Standing.THREAT_LINK),
        (("p", "equal", "p"), Standing.OTHER_ENDS),
        (("a1", "incorporated-into", "b1"), Standing.NO_SET_RELATION),
    ],
)
def test_each_mapping_stands_where_it_belongs(cells: tuple[str, str, str], standing: Standing) -> None:
    world = World(CLASSES | {"gone": "Resource"}, out_of_use=frozenset({"a2"}), dangling=frozenset({"gone"}))
    statement = row("one", *cells)
    assert standing_of(statement, world) is standing
    rows = build_index([statement], world).acceptance.accepted
    assert bool(rows) == (standing is Standing.COUNTS)


def test_what_is_no_evidence_is_kept_out_of_the_index() -> None:
    rows = [row("one", "a1", "subset-of", "b1"), row("two", "b1", "superset-of", "a1")]
    world = World(CLASSES, not_evidence=not_evidence({"one": a_set("one"), "two": a_set("two", "b", "a")}, rows))
    assert [one.statement for one in build_index(rows, world).rows("a1", "b1")] == [rows[0].id]


def read(predicate: str, kind: RationaleKind | None = None, strict: frozenset[str] = frozenset()) -> int:
    meaning = MEANINGS[predicate]
    assert isinstance(meaning, Relates)
    return relations_of(row("one", "a1", predicate, "b1", kind), meaning.relations, strict)


def test_intersects_is_strict_only_where_a_person_registered_the_set() -> None:
    assert read("intersects-with") == OVERLAP
    assert read("intersects-with", strict=frozenset({"another"})) == OVERLAP
    assert read("intersects-with", strict=frozenset({"one"})) == PO
    assert read("subset-of", strict=frozenset({"one"})) == PP


def test_a_judgement_by_wording_decides_nothing_but_equality() -> None:
    assert read("equal", RationaleKind.SYNTACTIC) == EQ
    assert read("subset-of", RationaleKind.SYNTACTIC) == ALL
    assert read("superset-of", RationaleKind.SEMANTIC) == PPI
    assert read("intersects-with", RationaleKind.SYNTACTIC, frozenset({"one"})) == ALL
