"""How alike the wording of provisions is: words weighed by how rare they are, and runs of three characters.

Both work for Japanese, which writes no spaces between words (of a run of its characters every two are taken for a word), and for
languages that do. Columns are hashes, so that the wordings of an edition are counted once, whatever they are compared with.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

COLUMNS: Final = 1 << 18
"""Few enough to be held, and so many that two words of a text seldom share one."""
STEM: Final = 6
"""So much of a word tells it: endings differ by number and tense."""

_WITHOUT_SPACES: Final = "\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS: Final = re.compile(rf"[{_WITHOUT_SPACES}]+|[^\W_{_WITHOUT_SPACES}]+")
_UNSPACED: Final = re.compile(rf"[{_WITHOUT_SPACES}]")

Counts = Any
"""A scipy matrix (untyped): one row a text, one column a hash."""
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TINY: Final = 1e-12


def folded(text: str) -> str:
    """Text in which width, compatibility forms and case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> Iterator[str]:
    """The stems of the words of a text; of Japanese and Chinese every two characters that stand together."""
    for run in _RUNS.findall(folded(text)):
        if not _UNSPACED.match(run):
            yield run[:STEM]
        elif len(run) == 1:
            yield run
        else:
            yield from (run[place : place + 2] for place in range(len(run) - 1))


def word_counts(texts: Sequence[str]) -> Counts:
    """How often each word occurs in each text."""
    hashes: dict[str, int] = {}
    found = [[_hashed(word, hashes) for word in words(text)] for text in texts]
    lengths = np.fromiter(map(len, found), np.int64, len(found))
    columns = np.fromiter((column for one in found for column in one), np.int64, int(lengths.sum()))
    return _counted(np.repeat(np.arange(len(texts)), lengths), columns, len(texts))


def _hashed(word: str, hashes: dict[str, int]) -> int:
    found = hashes.get(word)
    if found is None:
        found = hashes[word] = zlib.crc32(word.encode()) % COLUMNS
    return found


def gram_counts(texts: Sequence[str]) -> Counts:
    """How often each run of three characters occurs in each text; what is neither letter nor digit counts as one space."""
    spaced = [f" {' '.join(_RUNS.findall(folded(text)))} " for text in texts]
    lengths = np.fromiter(map(len, spaced), np.int64, len(spaced))
    characters = np.frombuffer("".join(spaced).encode("utf-32-le"), np.uint32).astype(np.uint64)
    text = np.repeat(np.arange(len(texts)), lengths)
    mixed = (characters[:-2] * np.uint64(0x9E3779B1) + characters[1:-1]) * np.uint64(0x85EBCA6B) + characters[2:]
    columns = ((mixed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(46)).astype(np.int64)
    within = text[:-2] == text[2:]
    return _counted(text[:-2][within], columns[within], len(texts))


def _counted(rows: Integers, columns: Integers, size: int) -> Counts:
    keys, counts = np.unique(rows * COLUMNS + columns, return_counts=True)
    pointers = np.searchsorted(keys, np.arange(size + 1) * COLUMNS)
    return csr_array((counts.astype(np.float64), keys % COLUMNS, pointers), shape=(size, COLUMNS))


def rarity(*counted: Counts) -> Floats:
    """What each column weighs: the more, the fewer of all these texts have it; what all have weighs nothing."""
    frequency = np.bincount(np.concatenate([one.indices for one in counted]), minlength=COLUMNS)
    found: Floats = np.log((1 + sum(one.shape[0] for one in counted)) / (1 + frequency))
    return found


def weighed(counts: Counts, rarities: Floats) -> Counts:
    """Texts as rows of length one; of what a text repeats, each further time counts for less."""
    return unit_rows(
        csr_array(((1 + np.log(counts.data)) * rarities[counts.indices], counts.indices, counts.indptr), counts.shape)
    )


def unit_rows(vectors: Counts) -> Counts:
    """Every row at length one; an empty row stays empty."""
    rows = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    lengths = np.sqrt(np.bincount(rows, vectors.data**2, vectors.shape[0]))
    return csr_array((vectors.data / np.maximum(lengths, TINY)[rows], vectors.indices, vectors.indptr), vectors.shape)


def cosines(first: Counts, second: Counts) -> Floats:
    """How alike every row of one is to every row of the other, 0 to 1; an empty row is like none."""
    found: Floats = np.clip((first @ second.T).toarray(), 0.0, 1.0)
    return found
