"""Migration and differences of editions on the published files: the counts, each found again by plain loops."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

import pytest

from kakehashi.crosswalk.chains import together
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.migration import explain_row, prove
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.succession import Change, explain
from kakehashi.graphql.connections import Paging
from kakehashi.graphql.migration import EditionDiff, EditionQuestion, Migration, Moved, two_of_one
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from tests.conformance.conftest import Whole
from tests.support import plain_migration as plain
from tests.support.plain_closure import TURNED

SEEN: Final = frozenset(one for one in Authority if one is not Authority.INFERRED)
VIEW: Final = View(SEEN, date(2026, 1, 1))

MIGRATED: Final = {
    # the only table of an older edition that is about another work
    ("ciso-mapping-adobe-ccf-v5-and-nist-csf-1.1/1", "nist-csf/2.0", 2): {"undecided": 100, "lost": 2},
    # tables of a newer edition, for those who are still on the older one
    ("ciso-mapping-adobe-ccf-v5-and-iso27001-2022/3", "iso-27001/2013", 2): {"certain": 139, "undecided": 56, "lost": 17},
    ("ciso-mapping-iso27001-2022-and-scf-2025.2.2/1", "iso-27001/2013", 1): {"certain": 299, "undecided": 210, "lost": 87},
    ("ciso-mapping-iso27001-2022-and-scf-2025.2.2/1", "iso-27001/2013", 2): {"certain": 299, "undecided": 210, "lost": 87},
    ("ciso-mapping-nist-csf-2.0-and-scf-2025.2.2/1", "nist-csf/1.1", 2): {"changed": 141, "undecided": 269, "lost": 59},
    ("ciso-mapping-nist-sp-800-53-rev5-and-iso27001-2022/1", "iso-27001/2013", 2): {
        "certain": 426, "undecided": 133, "lost": 83,
    },
    ("ciso-nist-csf-2.0-to-iso27001-2022/1", "iso-27001/2013", 2): {"certain": 238, "undecided": 83, "lost": 22},
    ("ciso-nist-csf-2.0-to-iso27001-2022/1", "nist-csf/1.1", 2): {"undecided": 314, "lost": 29},
    ("opencre-iso-27001-2022", "iso-27001/2013", 2): {"undecided": 76, "lost": 16},
}  # fmt: skip
"""Mapping set, edition that it moves to, hops: how many rows have which verdict."""

DIFFERENCES: Final = {
    ("iso-27001/2013", "iso-27001/2022"): {"same": 22, "moved": 55, "related": 54, "withdrawn": 9, "new": 16},
    ("iso-27001/2022", "iso-27001/2013"): {"same": 22, "moved": 55, "related": 30, "withdrawn": 16, "new": 9},
    ("nist-csf/1.1", "nist-csf/2.0"): {"related": 106, "withdrawn": 2, "new": 16},
    ("nist-sp-800-53b/low", "nist-sp-800-53b/high"): {"shared": 149, "only-in-new": 221},
    ("nist-sp-800-53b/high", "nist-sp-800-53b/low"): {"shared": 149, "only-in-old": 221},
}
"""Two editions: how many provisions became what, with chains of two."""


def migrated(snapshot: Snapshot, mapping_set: str, to: str, hops: int) -> Migration:
    moved = Moved(snapshot, f"mapping-set/{mapping_set}", to, None)
    return Migration.of(EditionQuestion(snapshot, moved.editions, VIEW, hops), moved, None, Paging(100, None))


def difference(snapshot: Snapshot, old: str, new: str, hops: int = 2) -> EditionDiff:
    return EditionDiff.of(EditionQuestion(snapshot, two_of_one(old, new, snapshot), VIEW, hops), Paging(100, None))


def named(provision: str, language: str) -> str:
    return f"{provision} ({language})"


class Plain:
    """What plain loops read off a snapshot's believed rows."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.counterparts, self.rows = cache(self._counterparts), cache(self._rows)

    def _rows(self, hops: int) -> list[Row]:
        accepted = self.snapshot.index.engine.acceptance(hops).accepted.values()
        return [row for rows in accepted for row in rows if row.authority in SEEN]

    def editions(self, old: str, new: str) -> plain.Editions:
        framework = self.snapshot.editions[old].framework
        known = [one for one in self.snapshot.editions.values() if one.framework == framework]
        third = {one for edition in known for one in (*edition.provisions, *edition.selected)}
        return plain.Editions(self.snapshot.requirements(old), self.snapshot.requirements(new), third)

    def _counterparts(self, old: str, new: str, hops: int) -> plain.Counterparts:
        return plain.counterparts(self.rows(hops), self.editions(old, new), hops)

    def verdicts(self, mapping_set: str, to: str, hops: int) -> Counter[str]:
        moved = Moved(self.snapshot, f"mapping-set/{mapping_set}", to, None)
        found = self.counterparts(moved.editions[0].id, to, hops)
        believed = {row.statement: row for row in self.rows(hops) if not row.parent_link}
        counts: Counter[str] = Counter()
        for one in moved.rows:
            row, news = believed[one.id], found[one.subject if moved.side == "subject" else one.object or ""]
            stated = row.relations if row.subject == one.subject else TURNED[row.relations]
            counts[plain.verdict(stated, [plain.follows(row, one.subject, moved.side, left) for left in news.values()])] += 1
        return counts

    def fates(self, old: str, new: str, hops: int) -> Counter[str]:
        editions, resources = self.editions(old, new), self.snapshot.resources
        place: dict[str, tuple[object, object]] = {}
        for one in (*editions.old, *editions.new):
            parent = resources[one].parent
            place[one] = (resources[one].notation, resources[parent].notation if parent else None)
        return plain.fates(self.counterparts(old, new, hops), editions, place, self.tables(editions))

    def tables(self, editions: plain.Editions) -> list[set[str]]:
        """The ends of the rows of each mapping set between two editions, whatever the rows say."""
        tables: dict[str, set[str]] = {}
        old, new = set(editions.old) - set(editions.new), set(editions.new) - set(editions.old)
        for one in self.snapshot.records.statements:
            ends = {one.subject, one.object or ""}
            if one.mapping is not None and one.authority in SEEN and ends & old and ends & new:
                tables.setdefault(one.mapping.mapping_set, set()).update(ends)
        return list(tables.values())


@pytest.fixture(scope="module")
def plainly(whole: Whole) -> Plain:
    return Plain(whole.snapshot)


@pytest.mark.parametrize("asked", MIGRATED, ids=lambda asked: f"{asked[0]} to {asked[1]} in {asked[2]}")
def test_the_verdicts_on_the_rows_of_a_set(whole: Whole, plainly: Plain, asked: tuple[str, str, int]) -> None:
    found = migrated(whole.snapshot, *asked).found
    assert Counter(row.verdict.value for row in found) == MIGRATED[asked] == plainly.verdicts(*asked)


@pytest.mark.parametrize("asked", DIFFERENCES, ids=" to ".join)
def test_what_became_of_the_provisions_of_an_edition(whole: Whole, plainly: Plain, asked: tuple[str, str]) -> None:
    found = difference(whole.snapshot, *asked).found
    counts = Counter(one.fate.value for one in found if not one.out_of_use)
    assert counts == DIFFERENCES[asked] == +plainly.fates(*asked, 2)


def test_every_result_is_proved_and_every_verdict_is_explained(whole: Whole) -> None:
    for mapping_set, to, hops in MIGRATED:
        migration = migrated(whole.snapshot, mapping_set, to, hops)
        for row in migration.found:
            text = explain_row(row, named)
            assert row.change.provision in text.en
            assert text.en != text.ja
            for result in row.results:
                assert together(prove(row, result, migration.between)) == result.relations


@pytest.mark.parametrize(
    ("old", "new", "unstated"),
    [
        ("cis-benchmark-azure-foundations/5.0", "cis-benchmark-azure-foundations/6.0", 155),
        ("cis-controls/8", "cis-controls/8.1", 0),
        ("nist-sp-800-53/rev4", "nist-sp-800-53/rev5", 0),
    ],
)
def test_editions_between_which_nothing_is_published_are_not_compared_by_number(
    whole: Whole, old: str, new: str, unstated: int
) -> None:
    found = difference(whole.snapshot, old, new).found
    assert kinds(found) <= {"unstated", "withdrawn"}
    assert sum(one.fate == "unstated" and not one.of_new for one in found) == unstated
    assert all(one.out_of_use for one in found if one.fate == "withdrawn")


def kinds(found: Iterable[Change]) -> set[str]:
    return {one.fate.value for one in found}


def test_equal_numbers_are_shown_as_candidates(whole: Whole) -> None:
    found = difference(whole.snapshot, "cis-benchmark-azure-foundations/5.0", "cis-benchmark-azure-foundations/6.0").found
    with_candidates = [one for one in found if one.unstated and not one.of_new]
    assert with_candidates
    assert "same number" in explain(with_candidates[0], named).en


def test_where_the_publisher_says_a_withdrawn_provision_went_is_shown(whole: Whole) -> None:
    found = difference(whole.snapshot, "nist-sp-800-53/rev4", "nist-sp-800-53/rev5").found
    withdrawn = [one.provision for one in found if one.fate == "withdrawn"]
    assert len(withdrawn) == 182
    told = {one.subject for one in whole.snapshot.records.statements if one.predicate in {"incorporated-into", "moved-to"}}
    assert len(set(withdrawn) & told) > 150
