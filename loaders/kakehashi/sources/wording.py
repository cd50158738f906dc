"""How a publisher's word for a relation is read: never as more than its publisher meant.

The set that each predicate stands for is in `crosswalk.meanings`; here a word only finds its predicate. Words are compared
folded, without their punctuation: "Subset Of", "subset-of" and "subset_of" are one.
"""

import re
from typing import Final

from kakehashi.records.values import RationaleKind

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_PUNCTUATION: Final = re.compile(r"[^a-z0-9]+")

_WORDS: Final = {
    # NIST IR 8477 and OLIR; OSCAL; CISO Assistant; the STRM workbooks
    "equal": "equal", "equals": "equal", "equal to": "equal", "is equal to": "equal", "equivalent to": "equal",
    "subset": "subset-of", "subset of": "subset-of", "is subset of": "subset-of", "is a subset of": "subset-of",
    "superset": "superset-of", "superset of": "superset-of", "is superset of": "superset-of", "is a superset of": "superset-of",
    "intersect": "intersects-with", "intersects": "intersects-with", "intersects with": "intersects-with",
    "not related": "no-relationship", "not related to": "no-relationship", "no relationship": "no-relationship",
    "is not related to": "no-relationship",
    # SKOS
    "exactmatch": "exact-match", "broadmatch": "broad-match", "narrowmatch": "narrow-match", "closematch": "close-match",
    "relatedmatch": "related-match",
}  # fmt: skip

_CONVERSES: Final = {
    "subset-of": "superset-of", "superset-of": "subset-of", "broad-match": "narrow-match", "narrow-match": "broad-match",
    **dict.fromkeys(("equal", "intersects-with", "no-relationship", "exact-match", "close-match", "related-match")),
}  # fmt: skip

CANDIDATE: Final = "related-match"
"""The predicate of a pair of which nothing follows: linked, and undecided."""


def predicate_of(word: str) -> str | None:
    """The predicate that a published word is read as; None for an unknown word, which is never guessed."""
    folded = _PUNCTUATION.sub(" ", word.removeprefix(_SKOS).removeprefix("skos:").lower()).strip()
    return _WORDS.get(folded)


def converse_of(predicate: str) -> str:
    """The predicate that says the same the other way round."""
    return _CONVERSES.get(predicate) or predicate


def of_pair(predicate: str, subjects: int, objects: int) -> str:
    """What an n:m mapping lets follow for one of its pairs alone.

    A = B1∪B2 and A ⊇ B1∪B2 put each Bi inside A, properly or not. Nothing shared with a union is nothing shared with its parts.
    All else, a union inside something above all, says nothing of a single pair.
    """
    if subjects == objects == 1 or predicate == "no-relationship":
        return predicate
    wide = {"equal", "superset-of", "exact-match", "narrow-match"}
    if subjects == 1 and predicate in wide:
        return "narrow-match"
    if objects == 1 and converse_of(predicate) in wide:
        return "broad-match"
    return CANDIDATE


def rationale_of(word: object) -> RationaleKind | None:
    """The kind of rationale that a word names; None for free text and for none."""
    try:
        return RationaleKind(str(word).strip().lower())
    except ValueError:
        return None
