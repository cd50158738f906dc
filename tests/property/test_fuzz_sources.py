"""Every format under hostile changes of real and made files: read soundly, or refused with places and in both languages.

`KAKEHASHI_FUZZ` is the number of examples for each format; `make soak` takes many.
"""

import copy
import os
import re
import time
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from kakehashi.pipeline.formats import FORMATS, sorted_by_format
from kakehashi.pipeline.reading import OURS, ReadSource, read_bundle
from kakehashi.pipeline.words import words_of
from kakehashi.sources.files import File
from kakehashi.store.codec import Encoder
from kakehashi.store.terms import vocabulary_triples
from kakehashi.vocabulary.iris import IdSpace
from kakehashi.vocabulary.text import shown
from tests.support.fuzzing import HOSTILE, SPOIL, Change, Flip, Piece, flipped
from tests.support.samples import Sample, samples

EXAMPLES: Final = int(os.environ.get("KAKEHASHI_FUZZ", "150"))
LONGEST: Final = 20.0
"""Seconds for one small file; far more than any takes, far less than what never ends."""

JAPANESE: Final = re.compile("[ぁ-んァ-ヶ一-龠]")
MISTAKE: Final = OURS.en.partition("{")[0]
WORDS: Final = words_of(tuple(vocabulary_triples()))
ENCODER: Final = Encoder(IdSpace(), WORDS.core_classes)

PLACE: Final = st.integers(0, 5_000)
CHANGES: Final = st.lists(
    st.builds(Change, st.sampled_from(sorted(SPOIL)), PLACE, PLACE, st.integers(0, len(HOSTILE) - 1)), max_size=4
)
BYTES: Final = st.sampled_from(
    [b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\n", b'"', b"{", b"[" * 300, b"\t", b"\\ud800", b"&a *a", b"1e999"]
)
FLIP: Final = st.builds(Flip, st.integers(0, 50_000), st.integers(-1, 20), BYTES)
FLIPS: Final = st.one_of(*[st.just(list[Flip]())] * 3, st.lists(FLIP, min_size=1, max_size=2))
"""Rarer than changes, for most of them leave nothing to be read."""


def spoilt(sample: Sample, changes: list[Change], flips: list[Flip]) -> list[File]:
    """The files of a sample, each change made in one of them."""
    contents = [copy.deepcopy(piece.content) for piece in sample]
    for change in changes:
        change(contents[change.place % len(contents)])
    files = [Piece(piece.name, content).file() for piece, content in zip(sample, contents, strict=True)]
    for flip in flips:
        number = flip.place % len(files)
        files[number] = flipped(files[number], flip)
    return files


def read(files: list[File]) -> Iterator[ReadSource]:
    """Read anew: nothing that was parsed before is used again."""
    bundles, _ = sorted_by_format([File(file.name, file.content) for file in files])
    return (read_bundle(one, bundle, WORDS) for one, bundle in bundles)


def check_refused(found: ReadSource) -> None:
    for fault in found.faults:
        assert not fault.text.en.startswith(MISTAKE), fault
        assert any(fault.place.file.startswith(name.rpartition("/")[0]) for name in found.files), fault.place
        assert JAPANESE.search(fault.text.ja), fault
        assert fault.text.en != fault.text.ja
        assert str(fault.place) == shown(str(fault.place))


def check_accepted(found: ReadSource) -> None:
    assert found.source is not None
    lines = ENCODER.graph(found.records)
    parsed = set(ox.parse(("\n".join(lines) + "\n").encode(), format=ox.RdfFormat.N_TRIPLES))
    assert len(parsed) == len(lines)


def check(files: list[File]) -> None:
    start = time.monotonic()
    for file in files:
        assert sum(one.recognises(file) for one in FORMATS) <= 1
    first = list(read(files))
    assert time.monotonic() - start < LONGEST
    for found in first:
        check_refused(found) if found.faults else check_accepted(found)
    again = list(read(files))
    assert [(one.digest, one.faults) for one in first] == [(one.digest, one.faults) for one in again]


@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_a_spoilt_file_is_read_soundly_or_refused(name: str) -> None:
    mine = samples()[name]
    assert mine, "the format has no sample"

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=EXAMPLES <= 500, suppress_health_check=list(HealthCheck)
    )
    @given(st.sampled_from(range(len(mine))), CHANGES, FLIPS)
    def fuzz(number: int, changes: list[Change], flips: list[Flip]) -> None:
        files = spoilt(mine[number], changes, flips)
        note(f"sample {number}: {[piece.name for piece in mine[number]]}")
        check(files)

    fuzz()


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_the_built_in_samples_are_sound(name: str) -> None:
    """So that what is spoilt is a file of the format, and not one that is refused at its door."""
    readings = [found for sample in samples()[name] for found in read([piece.file() for piece in sample])]
    assert any(not found.faults for found in readings), [fault for found in readings for fault in found.faults][:3]
    for found in readings:
        check_refused(found) if found.faults else check_accepted(found)
