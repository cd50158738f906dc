"""Which language a text is given in."""

import pytest

from kakehashi.graphql.languages import MAX_RANGES, accepted_languages, accepted_ranges, choose
from kakehashi.records.model import Label
from kakehashi.vocabulary.text import KakehashiError

LABELS = tuple(Label(language=one, text=one) for one in ("de", "en", "ja", "zh-Hant"))


@pytest.mark.parametrize(
    ("wanted", "language", "is_fallback"),
    [
        (["fr", "en"], "en", False),
        (["ja-JP"], "ja", False),
        (["JA-jp-x-private"], "ja", False),
        (["zh-Hant-TW"], "zh-Hant", False),
        (["zh"], "ja", True),  # a lookup never gives a narrower tag than was asked for (RFC 4647, section 3.4)
        (["fr"], "ja", True),
        (["fr", "*", "en"], "ja", False),
        (["*"], "ja", False),
        ([], "ja", False),
        (None, "ja", False),
    ],
)
def test_a_range_is_looked_up_shorter_and_shorter(wanted: list[str] | None, language: str, is_fallback: bool) -> None:
    assert choose(LABELS, wanted, ()) == (Label(language=language, text=language), is_fallback)


def test_without_a_wish_the_requests_own_ranges_are_the_wish() -> None:
    assert choose(LABELS, None, ("fr", "de-AT")) == (LABELS[0], False)


def test_without_japanese_and_english_any_other_is_given() -> None:
    assert choose(LABELS[:1], ["en"], ()) == (LABELS[0], True)
    assert choose((), ["en"], ()) is None


@pytest.mark.parametrize("wanted", [["日本語"], [""], ["en", "e n"], ["a" * 9], ["en"] * (MAX_RANGES + 1)])
def test_what_is_no_range_is_refused(wanted: list[str]) -> None:
    with pytest.raises(KakehashiError):
        choose(LABELS, wanted, ())


@pytest.mark.parametrize(
    ("header", "ranges", "languages"),
    [
        (None, (), ()),
        ("ja-JP, fr;q=0.9, en;q=0.5", ("ja-jp", "fr", "en"), ("ja", "en")),
        ("en;q=0.2,ja", ("ja", "en"), ("ja", "en")),
        ("en;q=0, *", ("ja", "*"), ("ja",)),
        ("*", ("ja", "en", "*"), ("ja", "en")),
        ("en;q=2, ja;q=nan, de;q=inf, fr;q=0.1", ("fr",), ()),
        (", ;q=1, x y, ja", ("ja",), ("ja",)),
    ],
)
def test_a_header_is_read_by_weight(header: str | None, ranges: tuple[str, ...], languages: tuple[str, ...]) -> None:
    assert accepted_ranges(header) == ranges
    assert accepted_languages(header) == languages
