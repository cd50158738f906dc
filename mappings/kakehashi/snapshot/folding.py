"""Texts as they are searched: what writers and readers spell in several ways is spelled in one."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_TO_HIRAGANA: Final = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}
_LAST_LENGTHENING: Final = re.compile("(?<=[\u30a1-\u30fa])ー+(?![\u30a1-\u30fa])")
_CLUSTER: Final = re.compile(".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)


def folded(text: str) -> str:
    """Compatibility forms, width and case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_form(text: str) -> str:
    """Besides, the two kinds of kana are one, and a long vowel that ends a word in katakana may be left out (サーバー, サーバ).

    Long vowels within a word stay: コード is not こど(も).
    """
    return _LAST_LENGTHENING.sub("", folded(text)).translate(_TO_HIRAGANA)


def aligned(text: str) -> tuple[str, list[int]]:
    """The search form of a text, and for each of its letters the place in the text that it comes from; one more for the end.

    Letters are folded by themselves, with the marks that go with them, so that each place is known.
    """
    letters, places = list[str](), list[int]()
    for place, letter in _letters(text):
        letters.append(letter)
        places.append(place)
    whole = "".join(letters)
    dropped = {place for found in _LAST_LENGTHENING.finditer(whole) for place in range(*found.span())}
    kept = [place for place in range(len(whole)) if place not in dropped]
    return "".join(whole[place] for place in kept).translate(_TO_HIRAGANA), [*(places[place] for place in kept), len(text)]


def _letters(text: str) -> Iterator[tuple[int, str]]:
    for cluster in _CLUSTER.finditer(text):
        yield from ((cluster.start(), letter) for letter in folded(cluster[0]))
