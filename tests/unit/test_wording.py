"""Published words and spellings: read as meant, never guessed, and never two provisions made one."""

import unicodedata
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.crosswalk.algebra import DR, EQ, PO, PP, PPI, bases, compose, converse
from kakehashi.crosswalk.meanings import MEANINGS, Relates
from kakehashi.sources.naming import work_called
from kakehashi.sources.spelling import escaped, slug
from kakehashi.sources.wording import converse_of, of_pair, predicate_of

SPELLINGS = {
    ("ciso", "nist-sp-800-53-rev5"): {
        "ac-2.1": ("AC-2(1)", "ac-2.1", "ac-2-(1)", "ac_2_1", "AC-02(01)", "AC-2 (1)", "ＡＣ－２（１）"),
        "ac-2": ("AC-2", "ac-2", "AC-02", "ac_2", " AC-2 "),
        "ac": ("AC", "ac"),
    },
    ("ciso", "iso27001-2022"): {"a.5.1": ("A.5.1", "a.5.1", "A5.1", "A 5.1"), "5.1": ("5.1",)},
    ("ciso", "nist-csf-2.0"): {"gv.oc-01": ("GV.OC-01", "gv.oc-01", "oc_1", "GV.OC-1"), "gv.oc": ("GV.OC",), "gv": ("GV",)},
    ("ciso", "nist-csf-1.1"): {"id.gv-1": ("ID.GV-1", "id.gv-01", "id.gv-1"), "id.gv": ("ID.GV",)},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "token", "written"), [(k, t, w) for k, v in SPELLINGS.items() for t, ws in v.items() for w in ws]
)
def test_one_provision_has_one_id_however_it_is_written(name: tuple[str, str], token: str, written: str) -> None:
    work = work_called(*name)
    assert work is not None
    assert work.provision(written) == f"{work.edition}/{token}"


@pytest.mark.parametrize("name", SPELLINGS)
def test_different_provisions_keep_different_ids(name: tuple[str, str]) -> None:
    work = work_called(*name)
    assert work is not None
    for (one, spelled), (other, otherwise) in combinations(SPELLINGS[name].items(), 2):
        assert one != other
        assert not {work.provision(word) for word in spelled} & {work.provision(word) for word in otherwise}


def test_what_could_be_two_is_never_guessed() -> None:
    work = work_called("ciso", "nist-csf-2.0")
    assert work is not None
    assert work.provision("co_2") not in {work.provision("RS.CO-02"), work.provision("RC.CO-02")}


@given(st.text(), st.text())
def test_escaping_never_makes_two_one(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (escaped(one) == escaped(other)) == same


@given(st.text())
def test_slugs_are_parts_of_ids(text: str) -> None:
    found = slug(text)
    assert found
    assert all(char.isascii() and (char.isalnum() or char in ".-") for char in found)
    assert found[0].isalnum()


@pytest.mark.parametrize("word", ["Subset Of", "subset-of", "subset_of", "SUBSET OF", "is a subset of", " subset "])
def test_a_word_is_known_in_every_spelling(word: str) -> None:
    assert predicate_of(word) == "subset-of"


@pytest.mark.parametrize("word", ["", "partially", "subset-of-ish", "equalish", "=", "部分"])
def test_an_unknown_word_is_not_guessed(word: str) -> None:
    assert predicate_of(word) is None


RELATING = (
    "equal", "subset-of", "superset-of", "intersects-with", "no-relationship", "exact-match", "broad-match", "narrow-match",
)  # fmt: skip


def relations(predicate: str) -> int:
    meaning = MEANINGS[predicate]
    assert isinstance(meaning, Relates)
    return meaning.relations


@pytest.mark.parametrize("predicate", RELATING)
def test_the_converse_word_says_the_converse_set(predicate: str) -> None:
    assert relations(converse_of(predicate)) == converse(relations(predicate))


SETS = [frozenset(one) for size in range(1, 4) for one in combinations(range(4), size)]


def relation(a: frozenset[int], b: frozenset[int]) -> int:
    if a == b:
        return EQ
    if a < b:
        return PP
    return PPI if a > b else PO if a & b else DR


@pytest.mark.parametrize("predicate", RELATING)
@pytest.mark.parametrize(("left", "right"), [(1, 1), (1, 2), (2, 1), (2, 2)])
def test_what_a_group_says_of_a_pair_is_true_of_all_sets(predicate: str, left: int, right: int) -> None:
    """Every world of small sets in which the group's statement holds must allow what each pair is read as."""
    pair = relations(of_pair(predicate, left, right))
    for subjects in combinations(SETS, left):
        for objects in combinations(SETS, right):
            if relation(frozenset().union(*subjects), frozenset().union(*objects)) & relations(predicate):
                assert all(relation(a, b) & pair for a in subjects for b in objects)


def test_readings_of_words_compose_to_something_possible() -> None:
    for one in RELATING:
        for other in RELATING:
            assert list(bases(compose(relations(one), relations(other))))
