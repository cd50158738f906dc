"""The registry of published sources says of each file what its reader says."""

import pytest

from kakehashi.pipeline.formats import FORMATS
from kakehashi.pipeline.registry import KnownSource, known_sources
from kakehashi.records.values import Redistribution
from kakehashi.sources import d3fend
from kakehashi.sources.files import File
from tests.support.corpus_notes import noted_files, place_of

READERS = {one.name: one for one in (*FORMATS, *d3fend.FORMATS)}
STRICTER = list(Redistribution)


@pytest.mark.parametrize("source", known_sources(), ids=lambda source: source.id)
def test_a_known_source_is_read_by_its_format_and_its_terms_are_no_looser(source: KnownSource) -> None:
    noted = noted_files()
    here = [noted[place_of(file.url)][0] for file in source.files if place_of(file.url) in noted]
    if not here:
        pytest.skip("no copy of it is in the corpus")
    reader = READERS[source.format]
    files = [File(f"{source.id}/{path.name}", path.read_bytes()) for path in here]
    assert all(reader.recognises(file) for file in files)
    for bundle in reader.bundles(files):
        reading = reader.read(bundle)
        assert reading.source is not None
        assert STRICTER.index(reading.source.redistribution) >= STRICTER.index(source.redistribution)
