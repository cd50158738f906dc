"""The registry of published sources: every entry is whole, in both languages, and says what the corpus says of the same file."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from kakehashi.pipeline.fetch.guard import checked
from kakehashi.pipeline.fetch.names import name_of
from kakehashi.pipeline.formats import FORMATS
from kakehashi.pipeline.registry import KnownFile, KnownSource, known_source, known_sources, resolve
from kakehashi.records.values import Certainty, Redistribution
from kakehashi.sources import d3fend
from kakehashi.sources.files import File
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text
from tests.support.corpus_notes import noted_files, place_of

JAPANESE = re.compile(r"[ぁ-んァ-ン一-龥]")


@pytest.fixture(params=known_sources(), ids=lambda source: source.id)
def source(request: pytest.FixtureRequest) -> KnownSource:
    assert isinstance(request.param, KnownSource)
    return request.param


def test_an_entry_is_complete(source: KnownSource) -> None:
    for field in fields(source):
        value = getattr(source, field.name)
        assert value, field.name
        if isinstance(value, Text):
            assert all((value.ja, value.en)), field.name
            assert not JAPANESE.search(value.en), field.name
    assert JAPANESE.search(source.note.ja)
    assert re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", source.id)
    assert source.certainty in {Certainty.VERIFIED, Certainty.UNVERIFIED}
    assert source.format in {one.name for one in (*FORMATS, *d3fend.FORMATS)}


def test_an_address_can_be_fetched_and_does_not_move_where_it_is_verified(source: KnownSource) -> None:
    for file in source.files:
        assert str(checked(file.url)) == file.url
        assert file.url.startswith("https://")
        if source.certainty is Certainty.VERIFIED:
            assert re.fullmatch(r"[0-9a-f]{12}|[0-9a-f]{40}", file.url.split("/")[5])
        assert file.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", file.sha256)
    names = [name_of(checked(file.url), checked(file.url)) for file in source.files]
    assert len(set(names)) == len(names)


def test_ids_and_addresses_are_unique() -> None:
    found = known_sources()
    assert len({source.id for source in found}) == len(found)
    urls = [file.url for source in found for file in source.files]
    assert len(set(urls)) == len(urls)


def test_no_entry_is_written_twice() -> None:
    """A second entry of the same id would silently take the place of the first."""
    written = (Path(__file__).parents[2] / "loaders/kakehashi/data/sources.yaml").read_text("utf-8")
    assert re.findall(r"^  - id: (.+)$", written, re.MULTILINE) == [source.id for source in known_sources()]


def test_addresses_and_checksums_are_those_of_the_corpus() -> None:
    noted = noted_files()
    for source in known_sources():
        for file in source.files:
            here, whole = noted.get(place_of(file.url), (None, False))
            if here is None:
                assert (source.certainty, file.sha256) == (Certainty.UNVERIFIED, None), file.url
            else:
                assert source.certainty is Certainty.VERIFIED, file.url
                assert file.sha256 == (File("", here.read_bytes()).sha256 if whole else None), file.url


def test_what_people_send_out_obeys_the_terms() -> None:
    closed = {source.id for source in known_sources() if source.redistribution is not Redistribution.OPEN}
    assert {source.id for source in known_sources() if "scf" in source.id} <= closed
    assert {source.id for source in known_sources() if "none stated" in source.licence} <= closed
    assert {source.id for source in known_sources() if "BY-ND" in source.licence} <= closed


def test_a_source_is_found_by_its_id_and_an_unknown_one_is_told() -> None:
    assert known_source("nist-800-53-rev5").title == Text(
        "NIST SP 800-53 Rev. 5 管理策カタログ", "NIST SP 800-53 Rev. 5 catalogue"
    )
    with pytest.raises(KakehashiError) as caught:
        known_source("nist-800-53-rev6")
    assert caught.value.code == ErrorCode.NOT_FOUND
    for language in ("ja", "en"):
        assert "nist-800-53-rev5" in caught.value.text.in_language(language)
    with pytest.raises(KakehashiError):
        known_source("{0.__class__}")


def test_an_argument_is_an_address_a_source_or_a_path() -> None:
    assert resolve("nist-800-53-rev5") is known_source("nist-800-53-rev5")
    assert resolve("./nist-800-53-rev5") == Path("nist-800-53-rev5")
    assert resolve("data/catalogue.json") == Path("data/catalogue.json")
    for url in ("https://example.com/a.json", "HTTP://example.com/"):
        assert resolve(url) == url


@pytest.mark.parametrize("argument", ["ftp://example.com/x", "file:///etc/passwd", "FILE:/x", "s3://bucket/x"])
def test_an_argument_of_another_scheme_is_refused(argument: str) -> None:
    with pytest.raises(KakehashiError) as caught:
        resolve(argument)
    assert caught.value.code == ErrorCode.BAD_USER_INPUT


def test_a_source_can_have_several_files() -> None:
    files = known_source("opencre-2023").files
    assert len(files) == 427
    assert all(isinstance(file, KnownFile) and file.sha256 for file in files)
