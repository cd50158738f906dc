"""Columns on the terminal: nothing is lost, nothing is too wide, ids stay whole, and Japanese lines begin and end as they may."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from kakehashi.cli.columns import LONGEST_WHOLE, NOT_FIRST, NOT_LAST, broken, fitted

LETTERS = st.sampled_from("ab/_-. 。、」「要求事項を満たすーっ（）\n")
TEXTS = st.text(LETTERS, max_size=60)


def lines(text: str, width: int) -> list[str]:
    return broken(Text(text), width).plain.split("\n")


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(TEXTS, st.integers(2, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    found = lines(text, width)
    assert solid("".join(found)) == solid(text)
    assert all(cell_len(line) <= width for line in found)


@given(st.text(st.sampled_from("要求事項を満たす、。」「ーっ"), max_size=60), st.integers(20, 40))
def test_no_line_begins_or_ends_with_a_mark_that_may_not(text: str, width: int) -> None:
    marks = re.search(r"[、。」「ーっ]{5}", text)  # a run of marks alone may have to be broken
    for former, later in pairwise(lines(text, width)):
        assert marks or later[0] not in NOT_FIRST
        assert marks or former[-1] not in NOT_LAST


@given(st.lists(st.text(st.sampled_from("ab/-.1"), min_size=1, max_size=20), max_size=8), st.integers(20, 60))
def test_a_word_that_fits_on_a_line_is_never_broken(words: list[str], width: int) -> None:
    assert " ".join(lines(" ".join(words), width)).split() == words


@given(st.text(st.sampled_from("abc"), min_size=1), st.integers(1, 9))
def test_a_word_that_does_not_fit_is_broken_and_styles_stay(word: str, width: int) -> None:
    found = broken(Text(word, style="bold") + Text("x", style="red"), width)
    assert solid(found.plain) == word + "x"
    assert any(span.style == "red" for span in found.spans)


def test_an_id_that_does_not_fit_is_broken_behind_its_slashes() -> None:
    assert lines("nist-sp-800-53/rev5/ac-2.1", 22) == ["nist-sp-800-53/rev5/", "ac-2.1"]


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=6), st.integers(12, 120))
def test_columns_together_are_no_wider_than_the_room(rows: list[tuple[str, str, str]], room: int) -> None:
    widths, cells = fitted([[Text(cell) for cell in row] for row in rows], room)
    assert sum(widths) <= room
    for row in cells:
        for cell, width in zip(row, widths, strict=True):
            assert all(cell_len(line) <= max(width, 2) for line in cell.plain.split("\n"))


@pytest.mark.parametrize("room", [67, 107, 200])
def test_the_ids_of_the_first_column_stay_whole_beside_long_words(room: int) -> None:
    row = ["nist-csf/2.0/gv.oc-01", "候補あり", "entra_admin_consent_workflow_enabled " * 4, "関連は記録されているが、" * 5]
    (width, state, *_), cells = fitted([[Text(cell) for cell in row]], room)
    assert LONGEST_WHOLE > width >= 21
    assert (state, cells[0][0].plain, cells[0][1].plain) == (8, row[0], row[1])
