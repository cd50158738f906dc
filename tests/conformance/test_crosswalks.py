"""Crosswalks of the corpus, counted twice: by the engine, and by loops that share nothing with it but the algebra's tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from tests.conformance.conftest import Whole
from tests.support import plain_closure as plain

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "crosswalks.md"
EVERYONE: Final = frozenset(Authority)
HOPS: Final = (1, 2, 3)


@dataclass(frozen=True)
class Question:
    """Two editions, and the mapping sets that lead from one to the other through a third."""

    name: str
    source: str
    target: str
    pivot: str
    sets: frozenset[str]


QUESTIONS: Final = (
    Question(
        "SOC 2 → ISO/IEC 27001:2022", "soc-2/2017-rev-2022", "iso-27001/2022", "Adobe CCF",
        frozenset({
            "mapping-set/ciso-mapping-adobe-ccf-v5-and-soc2-2017-rev-2022/1",
            "mapping-set/ciso-mapping-adobe-ccf-v5-and-iso27001-2022/3",
        }),
    ),
    Question(
        "ISO/IEC 27001:2013 → CSF 2.0", "iso-27001/2013", "nist-csf/2.0", "ISO/IEC 27001:2022",
        frozenset({"mapping-set/ciso-iso27001-2013/2", "mapping-set/ciso-nist-csf-2.0-to-iso27001-2022/1"}),
    ),
    Question(
        "PCI DSS 4.0 → CSF 2.0", "pci-dss/4.0", "nist-csf/2.0", "SCF",
        frozenset({
            "mapping-set/ciso-mapping-pcidss-4-0-and-scf-2025.2.2/1",
            "mapping-set/ciso-mapping-nist-csf-2.0-and-scf-2025.2.2/1",
        }),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Counts:
    certain: int
    candidate: int
    contradiction: int


@pytest.fixture(scope="module")
def published(whole: Whole) -> list[Row]:
    """The corpus' rows, read off its records by the tests' own loops."""
    return plain.rows_of(whole.snapshot.records)


def chosen(question: Question, rows: Sequence[Row], *, alone: bool) -> list[Row]:
    return [row for row in rows if not alone or row.origin in question.sets]


def counted_plainly(question: Question, rows: Sequence[Row], snapshot: Snapshot, hops: int) -> Counts:
    first, second = (snapshot.requirements(edition) for edition in (question.source, question.target))
    known = plain.between(plain.closure(rows, hops), first, second)
    linked = {pair for pair in plain.linked(rows, hops, first) if pair[1] in set(second)}
    return Counts(sum(map(bool, known.values())), len(linked - known.keys()), sum(not one for one in known.values()))


def counted_by_the_engine(question: Question, engine: Engine, snapshot: Snapshot, hops: int) -> Counts:
    first, second = (snapshot.requirements(edition) for edition in (question.source, question.target))
    network = engine.network(EVERYONE, hops)
    known = {(a, b) for a, b, _ in network.determined(first, second)}
    linked = {(a, b) for a, b, _ in network.linked(first, second)}
    ends = [frozenset(one.ends) for one in engine.acceptance(hops).contradictions]
    clashing = {pair for pair in ends if pair & set(first) and pair & set(second)}
    return Counts(len(known), len(linked - known), len(clashing))


def test_the_rows_that_count_are_those_that_another_reading_finds(whole: Whole, published: list[Row]) -> None:
    assert list(whole.snapshot.index.engine.rows) == published
    assert {row.origin for row in published} >= {one for question in QUESTIONS for one in question.sets}
    parents = sum(row.parent_link for row in published)
    assert f"({len(published):,} rows that count, among them {parents:,} parent links;" in DOCUMENT.read_text("utf-8")


@pytest.mark.parametrize("alone", [False, True], ids=["all rows", "the pivot alone"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_each_number_of_the_table_is_counted_twice(
    whole: Whole, published: list[Row], question: Question, *, alone: bool
) -> None:
    plain_rows = chosen(question, published, alone=alone)
    engine = Engine(chosen(question, whole.snapshot.index.engine.rows, alone=alone))
    documented = DOCUMENT.read_text("utf-8").splitlines()
    for hops in HOPS:
        counts = counted_plainly(question, plain_rows, whole.snapshot, hops)
        assert counted_by_the_engine(question, engine, whole.snapshot, hops) == counts
        through = f"{question.pivot} alone" if alone else "all rows"
        numbers = f"{counts.certain:,} | {counts.candidate:,} | {counts.contradiction:,}"
        assert f"| {question.name} | {through} | {hops} | {numbers} |" in documented


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_what_is_known_of_all_pairs_is_what_dictionaries_find(whole: Whole, published: list[Row], hops: int) -> None:
    wanted = {(a, b): one for a, others in plain.closure(published, hops).items() for b, one in others.items()}
    network = whole.snapshot.index.engine.network(EVERYONE, hops)
    assert not whole.snapshot.index.engine.acceptance(hops).set_aside
    held, ends = network.closure, network.ends
    triples = zip(held.first.tolist(), held.second.tolist(), held.sets.tolist(), strict=True)
    assert {(ends[a], ends[b]): one for a, b, one in triples} == wanted
    assert 0 not in wanted.values()
    assert f"| all pairs of all editions | all rows | {hops} | {len(wanted):,} |" in DOCUMENT.read_text("utf-8")
