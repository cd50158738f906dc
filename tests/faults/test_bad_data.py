"""Bad data: every fault at once, with file and line; the former release is still served."""

import shutil
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import pyoxigraph
import pytest

from kakehashi.records.located import InvalidSourceError
from kakehashi.vocabulary.iris import KK
from kakehashi.vocabulary.text import ErrorCode, KakehashiError
from tests.support.making import build, snapshot_of

ORGANISATIONS = "leaflet/entities/g02-organisations.yaml"
CASES = "leaflet/entities/g09-personal-information-cases.yaml"
RELATIONS = "leaflet/relations.tsv"
FRAMEWORKS = "leaflet-frameworks/frameworks.yaml"
MATRICES = "leaflet-frameworks/matrices.yaml"
DRAFTS = "leaflet-drafts.sssom.tsv"

Plant = Callable[[Path], int]
"""Spoils a file and gives the line that the fault must name."""


def replacing(old: str, new: str) -> Plant:
    def plant(file: Path) -> int:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    return plant


def appending(line: str) -> Plant:
    def plant(file: Path) -> int:
        text = file.read_text("utf-8") + line + "\n"
        file.write_text(text, "utf-8")
        return text.count("\n")

    return plant


def bad_utf8(file: Path) -> int:
    content = file.read_bytes()
    place = content.index("都道府県".encode())
    file.write_bytes(content[:place] + b"\xff\xfe" + content[place:])
    return content[:place].count(b"\n") + 1


def truncated(file: Path) -> int:
    content = file.read_bytes()
    kept = content[: content.rindex(b"value: ") + 8]
    file.write_bytes(kept)
    return kept.count(b"\n") + 1


def relation(*cells: str) -> Plant:
    return appending("\t".join(cells))


PLANTED: dict[str, tuple[str, Plant, str]] = {
    "unknown predicate": (RELATIONS, relation("ms", "befriends", "mext", "1", "printed", "report", "", ""), "befriends"),
    "dangling object": (RELATIONS, relation("ms", "makes", "nowhere", "1", "printed", "claim", "", ""), "nowhere"),
    "dangling subject": (RELATIONS, relation("nobody", "makes", "ms-azure", "1", "printed", "claim", "", ""), "nobody"),
    "repeated statement": (RELATIONS, relation("ms", "makes", "ms-azure", "4.6b", "printed", "claim", "", ""), "already"),
    "bad certainty": (RELATIONS, relation("ms", "makes", "intune", "1", "surely", "claim", "", ""), "surely"),
    "wrong cell count": (RELATIONS, appending("ms\tmakes"), "cells"),
    "literal predicate on resource": (RELATIONS, relation("ms", "url", "mext", "1", "printed", "report", "", ""), "literal"),
    "duplicate id": (ORGANISATIONS, appending("- {id: mext, kind: ministry, ja: 二つ目, en: second, facts: []}"), "mext"),
    "label missing": (ORGANISATIONS, appending("- {id: nameless, kind: ministry, en: nameless, facts: []}"), "ja"),
    "unknown kind": (ORGANISATIONS, appending("- {id: odd, kind: oddity, ja: 妙, en: odd, facts: []}"), "oddity"),
    "unknown key": (ORGANISATIONS, appending("- {id: new, kind: ministry, ja: 新, en: new, colour: red}"), "colour"),
    "id with a space": (ORGANISATIONS, appending('- {id: "a b", kind: ministry, ja: 空白, en: space}'), "a b"),
    "id that climbs": (ORGANISATIONS, appending('- {id: "../x", kind: ministry, ja: 上, en: up}'), "../x"),
    "duplicate key": (ORGANISATIONS, appending("- {id: two, kind: ministry, ja: 二, en: two, en: again}"), "twice"),
    "yaml alias": (ORGANISATIONS, appending("- {id: &a x, kind: ministry, ja: *a, en: x}"), "alias"),
    "bad utf-8": (ORGANISATIONS, bad_utf8, "UTF-8"),
    "truncated yaml": (CASES, truncated, "YAML"),
    "dangling provision": (FRAMEWORKS, appending("    - rec-99"), "rec-99"),
    "provision of two editions": (FRAMEWORKS, appending("    - rec-1-confidentiality"), "another edition"),
    "edition of itself": (
        FRAMEWORKS,
        replacing("  - id: leaflet-procurement-criteria/2020-01", "  - id: leaflet-procurement-criteria"),
        "both an edition",
    ),
    "unknown matrix row": (MATRICES, replacing("rows: [layer-id", "rows: [layer-none, layer-id"), "layer-none"),
    "bad confidence": (DRAFTS, replacing("\t0.6", "\t6.6"), "6.6"),
}  # fmt: skip
ELSEWHERE = {"dangling provision", "provision of two editions", "unknown matrix row"}
"""Faults whose record begins above the planted line."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the packaged data."""
    folder = tmp_path / "data"
    for package, name in (("kakehashi.data", "leaflet"), ("kakehashi.data", "leaflet-frameworks")):
        with as_file(files(package) / name) as source:
            shutil.copytree(source, folder / name)
    with as_file(files("kakehashi.sets") / DRAFTS) as source:
        shutil.copy(source, folder / DRAFTS)
    return folder


def refused(data: Path, home: Path) -> InvalidSourceError:
    with pytest.raises(InvalidSourceError) as caught:
        build(home, sorted(data.iterdir()))
    return caught.value


@pytest.mark.parametrize("name", PLANTED)
def test_a_fault_is_named_with_file_and_line_in_both_languages(data: Path, tmp_path: Path, name: str) -> None:
    file, plant, word = PLANTED[name]
    line = plant(data / file)
    error = refused(data, tmp_path / "home")
    found = [fault for fault in error.faults if word in fault.text.en]
    assert found, [str(fault.place) + fault.text.en for fault in error.faults]
    assert found[0].place.file.endswith(Path(file).name)
    assert found[0].place.line == line or name in ELSEWHERE
    assert found[0].text.ja != found[0].text.en


def test_all_faults_are_listed_at_once_and_the_former_release_stays(data: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    former = build(home, sorted(data.iterdir())).release.id
    together = [
        "unknown predicate", "dangling object", "repeated statement", "wrong cell count", "duplicate id",
        "label missing", "unknown kind", "unknown key", "truncated yaml", "dangling provision", "bad confidence",
    ]  # fmt: skip
    for name in together:
        file, plant, _ = PLANTED[name]
        plant(data / file)
    messages = [fault.text.en for fault in refused(data, home).faults]
    for name in together:
        assert any(PLANTED[name][2] in message for message in messages), name
    assert snapshot_of(home).release.id == former


def test_a_file_that_is_no_source_and_one_that_is_missing_are_refused(data: Path, tmp_path: Path) -> None:
    (data / "notes.txt").write_text("hello", "utf-8")
    assert [fault.place.file for fault in refused(data, tmp_path / "home").faults] == ["notes.txt"]
    with pytest.raises(InvalidSourceError):
        build(tmp_path / "home", [data / "absent"])


def test_deeply_nested_yaml_is_refused(data: Path, tmp_path: Path) -> None:
    (data / ORGANISATIONS).write_text("- " + "[" * 3000 + "]" * 3000, "utf-8")
    error = refused(data, tmp_path / "home")
    assert any("nested" in fault.text.en or "YAML" in fault.text.en for fault in error.faults)


def test_every_row_with_an_unknown_mapping_word_is_refused(data: Path, tmp_path: Path) -> None:
    text = (data / DRAFTS).read_text("utf-8")
    (data / DRAFTS).write_text(text.replace("predicate:satisfies-in-part", "predicate:no-such-word"), "utf-8")
    named = [fault for fault in refused(data, tmp_path / "home").faults if "no-such-word" in fault.text.en]
    assert len(named) == text.count("predicate:satisfies-in-part")


def test_the_same_input_gives_the_same_release_in_any_order(data: Path, tmp_path: Path) -> None:
    inputs = sorted(data.iterdir())
    first = build(tmp_path / "one", inputs)
    second = build(tmp_path / "two", inputs[::-1])
    again = build(tmp_path / "one", inputs)
    assert first.release.id == second.release.id == again.release.id
    assert (first.fresh, again.fresh) == (True, False)
    replacing('en: "schools"', 'en: "the schools"')(data / ORGANISATIONS)
    assert build(tmp_path / "one", inputs).release.id != first.release.id


def test_a_release_that_another_version_wrote_is_said_to_be_one(data: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    release = build(home, sorted(data.iterdir())).release
    store = pyoxigraph.Store(str(home / "releases" / release.id / "store"))
    for quad in store.quads_for_pattern(None, pyoxigraph.NamedNode(KK + "certainty"), None, None):
        store.remove(quad)
    store.flush()
    del store
    shutil.rmtree(home / "records")
    with pytest.raises(KakehashiError) as caught:
        snapshot_of(home)
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert "not written by this version" in caught.value.text.en
