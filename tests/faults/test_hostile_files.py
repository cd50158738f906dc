"""Hostile files through the whole of `load`: refused with their names, or kept as inert data; nothing followed or unbounded.

Whatever happens to them, the former release stays in the new one, and the other files of the same load are loaded.
"""

import copy
import json
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from kakehashi.pipeline import inputs, making
from kakehashi.pipeline.formats import format_of, sorted_by_format
from kakehashi.pipeline.inputs import MAX_FILES, MISSING, NOT_PLAIN, gathered
from kakehashi.pipeline.load import load
from kakehashi.pipeline.making import Maker
from kakehashi.pipeline.reading import UNRECOGNISED, read_bundle
from kakehashi.pipeline.report import LoadReport, Outcome, SourceReport
from kakehashi.records.identity import content_digest
from kakehashi.records.model import Label, Record, Resource, Source, Statement
from kakehashi.sources.files import MAX_FILE_BYTES, File
from kakehashi.store.codec import Encoder, decode
from kakehashi.store.port import Release, Row
from kakehashi.vocabulary.iris import IdSpace
from kakehashi.vocabulary.rdf import Iri
from kakehashi.vocabulary.text import Text, shown
from tests.faults.test_bad_ciso_assistant import FRAMEWORK as CISO
from tests.faults.test_bad_oscal import catalogue
from tests.faults.test_bad_sssom import COLUMNS, HEAD, ROW, table
from tests.support.bombs import BOMBS, MEGABYTE, SHEET, parts, with_part, write
from tests.support.fuzzing import Piece, lengthen
from tests.support.making import maker_at, snapshot_of
from tests.support.measured import measured
from tests.support.samples import Sample, samples

GIGABYTE: Final = 1024 * MEGABYTE
JAPANESE: Final = re.compile("[ぁ-んァ-ヶ一-龠]")
SOURCE: Final = "key,value\nid,{id}\ntitle_ja,例\ntarget_edition,iso-27001/2022\n"
FRAMEWORK: Final = "notation,kind,name_ja\n{rows}\n"


def written(folder: Path, name: str, rows: str = "1,heading,章", mapping: str = "") -> Path:
    """A source in the form of the template."""
    (folder / name).mkdir(parents=True)
    (folder / name / "source.csv").write_text(SOURCE.format(id=name), "utf-8")
    (folder / name / "framework.csv").write_text(FRAMEWORK.format(rows=rows), "utf-8")
    if mapping:
        (folder / name / "mapping.csv").write_text(f"subject,relation,object\n{mapping}\n", "utf-8")
    return folder / name


def former_at(root: Path) -> Maker:
    """A home that serves a release already."""
    maker = maker_at(root / "home")
    load(maker, [written(root, "former")])
    return maker


def served_by(maker: Maker) -> Release:
    release = maker.former()
    assert release is not None
    return release


def loaded_beside(root: Path, maker: Maker, *hostile: Path) -> LoadReport:
    """Load hostile files before and after a good source; the good one and the former one are served then."""
    report = load(maker, [*hostile, written(root, "good")])
    served = {graph.source for graph in served_by(maker).graphs}
    assert {"source/template/former", "source/template/good"} <= served
    assert all(not one.faults for one in report.sources if one.outcome is not Outcome.REFUSED)
    return report


def check_told(report: SourceReport, name: str) -> None:
    assert report.outcome is Outcome.REFUSED
    assert report.faults
    for fault in report.faults:
        assert fault.places[0].startswith(name), fault
        assert JAPANESE.search(fault.ja)
        assert fault.en != fault.ja
        assert "mistake of ours" not in fault.en


# ---- Files that are refused: all in one folder, in one load


def oscal(title: str) -> bytes:
    document = catalogue()
    document["catalog"]["metadata"]["title"] = title
    return json.dumps(document, ensure_ascii=False).encode()


WHOLE: Final = json.dumps(catalogue())
ENTITIES: Final = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10)
) + b"]><worksheet><sheetData><row><c><v>&a9;</v></c></row></sheetData></worksheet>"  # fmt: skip

REFUSED: Final[dict[str, tuple[bytes, str, str]]] = {
    "deep.json": (b'{"catalog":' + b"[" * 100_000, "", "nested too deep"),
    "deep-objects.json": (b'{"catalog":' * 100_000, "", "nested too deep"),
    "deep-and-closed.json": (b'{"catalog":' + b"[" * 900 + b"]" * 900 + b"}", "", "no known format"),
    "deep-flow.yaml": (b"doctype: CRE\nid: " + b"[" * 1_000_000, ":2", "nested deeper than 60"),
    "deep-block.yaml": ("".join(" " * n + "a:\n" for n in range(500)).encode(), ":61", "nested deeper than 60"),
    "deep-list.yaml": (b"- " * 100_000, ":1", "nested deeper than 60"),
    "deep-keys.yaml": (b"? " * 100_000, ":1", "A key must be a plain text"),
    "aliases.yaml": (CISO.encode() + b"x: &a [1, 1]\ny: &b [*a, *a]\n", ":34", "aliases"),
    "itself.yaml": (b"a: &a [*a]\n", ":1", "aliases"),
    "merged.yaml": (b"a: &a {b: c}\nd:\n  <<: *a\n", ":3", "aliases"),
    "tag.yaml": (b'a: !!python/object/apply:os.system ["true"]\n', ":1", "tag"),
    "two.yaml": (b"a: b\n---\na: b\n", ":2", "one document only"),
    "twice.json": (b'{"catalog": {"uuid": "a", "uuid": "b"}}', "", "'uuid' is written twice"),
    "twice.yaml": (CISO.encode() + b"version: 3\n", ":33", "'version' is written twice"),
    "nan.json": (b'{"type": "bundle", "objects": [NaN]}', "", "NaN is no number"),
    "infinity.json": (b'{"type": "bundle", "objects": [-Infinity]}', "", "-Infinity is no number"),
    "overflow.json": (b'{"type": "bundle", "objects": [1e999]}', "", "1e999 is no number"),
    "digits.json": (b'{"type": "bundle", "objects": [' + b"9" * 100_000 + b"]}", "", "This is not JSON"),
    "half.json": (WHOLE.replace("A document", "\\ud83d x").encode(), "", "surrogate"),
    "half.yaml": (CISO.replace("A framework", '"\\ud83d"').encode(), ":4", "This is not YAML"),
    "nul.json": (WHOLE.replace("A document", "a\\u0000b").encode(), "", "control character"),
    "escape.json": (WHOLE.replace("A document", "\\u001b[2J").encode(), "", "control character"),
    "raw-nul.json": (WHOLE.replace("A document", "a\x00b").encode(), ":1", "Invalid control character"),
    "raw-nul.yaml": (CISO.replace("A framework", "a\x00b").encode(), "", "This is not YAML"),
    "utf-16.json": (WHOLE.encode("utf-16"), ":1", "not UTF-8"),
    "utf-16.yaml": (CISO.encode("utf-16"), ":1", "not UTF-8"),
    "utf-16.sssom.tsv": (table(ROW).encode("utf-16"), ":1", "not UTF-8"),
    "cp932.json": (oscal("例").decode().encode("cp932"), ":1", "not UTF-8"),
    "cp932.yaml": (CISO.replace("A framework", "表").encode("cp932"), ":4", "not UTF-8"),
    "cp932.sssom.tsv": (table(ROW).replace("made", "表").encode("cp932"), ":4", "not UTF-8"),
    "empty.json": (b"", ":1", "This is not JSON"),
    "zeros.json": (bytes(1_000), ":1", "This is not JSON"),
    "text.xlsx": (b"no archive", "", "This is no Excel workbook"),
    "zip.json": (with_part("a", b""), "", "not UTF-8"),
    "entities.xlsx": (with_part(SHEET, ENTITIES), "", "This is no Excel workbook"),
    "deep.xlsx": (with_part(SHEET, b"<worksheet><sheetData>" + b"<row>" * 100_000), "", "nested too deep"),
    "deep-book.xlsx": (with_part("xl/workbook.xml", b"<a>" * 1_000_000), "", "nested too deep"),
    "far-row.xlsx": (with_part(SHEET, parts()[SHEET].replace(b'"A2"', b'"A99999999999"')), "", "stray value"),
    "long-text.json": (WHOLE.replace("A document", "x" * 200_001).encode(), "", "longer than 200000"),
    "long-key.json": (b'{"' + b"k" * MEGABYTE + b'": 1}', "", "no known format"),
    "html.json": (b"<!DOCTYPE html><title>404</title>", ":1", "This is not JSON"),
    "unknown.bin": (os.urandom(1_000), "", "no known format"),
}  # fmt: skip


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceReport]:
    root = tmp_path_factory.mktemp("refused")
    maker = former_at(root)
    (root / "in").mkdir()
    for name, (content, _, _) in REFUSED.items():
        (root / "in" / name).write_bytes(content)
    report = loaded_beside(root, maker, root / "in")
    return {one.files[0]: one for one in report.refused}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_at_its_place_in_both_languages(refusals: dict[str, SourceReport], name: str) -> None:
    _, place, words = REFUSED[name]
    report = refusals[f"in/{name}"]
    check_told(report, f"in/{name}")
    assert any(words in fault.en and fault.places[0].startswith(f"in/{name}{place}") for fault in report.faults), report.faults


def test_nothing_else_is_refused(refusals: dict[str, SourceReport]) -> None:
    assert refusals.keys() == {f"in/{name}" for name in REFUSED}


# ---- Files that ask for more than there is


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_a_gigabyte(tmp_path: Path, name: str) -> None:
    file = write(name, tmp_path / "in")
    found = measured(tmp_path / "home", tmp_path / "in", written(tmp_path, "good"))
    assert [one.source for one in found.report.sources if one.outcome is Outcome.LOADED] == ["source/template/good"]
    (refused,) = found.report.refused
    check_told(refused, f"in/{file.name}")
    assert BOMBS[name][2] in " ".join(fault.en for fault in refused.faults)
    assert found.peak < GIGABYTE


def test_a_line_of_a_gigabyte_is_refused_without_being_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with (tmp_path / "in" / "line.json").open("wb") as file:
        file.truncate(GIGABYTE)
    found = measured(tmp_path / "home", tmp_path / "in", written(tmp_path, "good"))
    (refused,) = found.report.refused
    check_told(refused, "in/line.json")
    assert f"{GIGABYTE} bytes, more than the limit of {MAX_FILE_BYTES}" in refused.faults[0].en
    assert found.peak < 200 * MEGABYTE


def test_files_that_are_too_much_together_are_refused_together(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(12):
        with (tmp_path / "in" / f"{number}.json").open("wb") as file:
            file.truncate(50 * MEGABYTE)
    found = measured(tmp_path / "home", written(tmp_path, "good"), tmp_path / "in")
    (refused,) = found.report.refused
    check_told(refused, "in")
    assert "load it in parts" in refused.faults[0].en
    assert found.peak < GIGABYTE


def test_too_many_files_are_counted_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(MAX_FILES + 1):
        os.close(os.open(tmp_path / "in" / f"{number}.json", os.O_CREAT | os.O_WRONLY))
    report = loaded_beside(tmp_path, former_at(tmp_path), tmp_path / "in")
    (refused,) = report.refused
    check_told(refused, "in")
    assert f"more than {MAX_FILES} files" in refused.faults[0].en


# ---- Names, links, and what is no file


def test_what_is_no_plain_file_is_neither_followed_nor_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, folder = former_at(tmp_path), tmp_path / "in"
    (folder / "folder.json").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.json").write_text(WHOLE)
    os.mkfifo(folder / "pipe.json")
    (folder / "link.json").symlink_to(tmp_path / "outside" / "secret.json")
    (folder / "nowhere.json").symlink_to(tmp_path / "nowhere")
    (folder / "passwd.yaml").symlink_to("/etc/passwd")
    (folder / "zero.json").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to(tmp_path / "outside")
    monkeypatch.chdir(folder)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.json")
    report = loaded_beside(tmp_path, maker, folder)
    names = ("away", "link.json", "loop", "nowhere.json", "passwd.yaml", "pipe.json", "socket.json", "zero.json")
    assert {(one.files[0], one.faults[0].en) for one in report.refused} == {(f"in/{name}", NOT_PLAIN.en) for name in names}


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "pipe", "link", "missing"])
def test_what_is_named_itself_must_be_a_plain_file_too(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path)
    (refused,) = loaded_beside(tmp_path, former_at(tmp_path), tmp_path / name).refused
    assert refused.faults[0].en == (MISSING if name == "missing" else NOT_PLAIN).en


def test_a_file_that_vanishes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = inputs._content_of_path

    def vanishing(path: Path) -> bytes | int:
        if path.name == "gone.json":
            path.unlink()
        return opened(path)

    maker = former_at(tmp_path)
    monkeypatch.setattr(inputs, "_content_of_path", vanishing)
    (tmp_path / "gone.json").write_text(WHOLE)
    (refused,) = loaded_beside(tmp_path, maker, tmp_path / "gone.json").refused
    check_told(refused, "gone.json")
    assert refused.faults[0].en == MISSING.en


@pytest.mark.parametrize(
    ("becomes", "words"), [("pipe", "no plain file"), ("link", "cannot be read"), ("larger", "more than the limit")]
)
def test_a_file_that_becomes_another_just_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, becomes: str, words: str
) -> None:
    changes: dict[str, Callable[[Path], None]] = {
        "pipe": lambda path: os.mkfifo(path.rename(path.with_suffix(".old")).with_suffix(".json")),
        "link": lambda path: path.rename(path.with_suffix(".old")).with_suffix(".json").symlink_to("/etc/passwd"),
        "larger": lambda path: os.truncate(path, MAX_FILE_BYTES + 1),
    }
    really = os.open

    def changed(path: Path, flags: int) -> int:
        changes[becomes](path)
        return really(path, flags)

    (tmp_path / "changing.json").write_text(WHOLE)
    monkeypatch.setattr(os, "open", changed)
    files, faults = gathered([tmp_path / "changing.json"])
    assert files == []
    assert [words in fault.text.en for fault in faults] == [True]


def test_inputs_of_one_name_are_told_apart_and_stay_beside_what_belongs_to_them(tmp_path: Path) -> None:
    """Files of two folders, each named alone: they are the sources that they would be as folders."""
    folders = [written(tmp_path, "one"), written(tmp_path, "two", mapping="1,equal,A.5.1")]
    named = [file for folder in folders for file in sorted(folder.iterdir())]
    report = load(former_at(tmp_path), [*named, named[0]])
    assert {one.source: one.files for one in report.sources} == {
        f"source/template/{folder.name}": tuple(str(file) for file in named if file.parent == folder) for folder in folders
    }
    assert not report.refused


def test_names_stay_short_where_none_is_there_twice(tmp_path: Path) -> None:
    files, _ = gathered(sorted(written(tmp_path, "one").iterdir()))
    assert [file.name for file in files] == ["framework.csv", "source.csv"]


def test_fetched_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first, second = File("known/x.csv", b"1"), File("known/x.csv", b"2")
    files, _ = gathered([first, File("known/y.csv", b"3"), second, first])
    assert [(file.name, file.content) for file in files] == [
        ("known/x.csv", b"1"), ("known/y.csv", b"3"), ("2/known/x.csv", b"2"),
    ]  # fmt: skip


def test_a_folder_that_vanishes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in" / "gone").mkdir(parents=True)
    (tmp_path / "in" / "stays.json").write_text("{}")
    monkeypatch.setattr(inputs, "_is_folder", lambda one: one.is_dir() and (one.name != "gone" or one.rmdir() is None))
    files, faults = gathered([tmp_path / "in"])
    assert [file.name for file in files] == ["in/stays.json"]
    assert [str(fault.place) for fault in faults] == ["in/gone"]


def test_a_path_that_is_too_long_for_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    for _ in range(25):
        Path("x" * 200).mkdir()
        os.chdir("x" * 200)
    report = loaded_beside(tmp_path, former_at(tmp_path), tmp_path / "in")
    (refused,) = report.refused
    assert refused.files[0].startswith("in/xxx")
    assert "name too long" in refused.faults[0].en


NAMES: Final = (
    b"..json", b"...", b"a b.json", b"'; rm -rf ~;.json", b"%2e%2e%2f.json", b"\x1b[31mred.json", b"two\nlines.json",
    b"\xff\xfe.json", "表.json".encode(), "\u202ekcats.json".encode(), b"x" * 250 + b".json", b"{0}.json", b"[bold]x.json",
    b"-rf.json", b"con.json",
)  # fmt: skip


def test_strange_names_are_told_so_that_they_can_be_read(tmp_path: Path) -> None:
    """What was read under a strange name is told as text that a terminal shows and JSON holds."""
    (tmp_path / "in").mkdir()
    for name in NAMES:
        Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/" + name)).write_text("[]")
    report = loaded_beside(tmp_path, former_at(tmp_path), tmp_path / "in")
    visible = [os.fsdecode(name) for name in NAMES if not name.startswith(b".")]
    assert {one.files[0] for one in report.refused} == {f"in/{shown(name)}" for name in visible}
    for one in report.refused:
        check_told(one, one.files[0])
        assert one.files[0].encode("utf-8").isascii() or one.files[0] == "in/表.json"
        assert one.faults[0].places[0].isprintable()


# ---- Ids, IRIs and texts


CLIMBING: Final = ("../../x", "/etc/passwd", "%2e%2e/x", "..", "a/../../b", "a\\..\\b", "C:/x", "//x", ".", "~", "a/./b")


@pytest.mark.parametrize("identifier", CLIMBING)
def test_an_id_that_climbs_is_refused(tmp_path: Path, identifier: str) -> None:
    bad = written(tmp_path, "bad", mapping=f'1,equal,"id:{identifier}"')
    around = set(tmp_path.parent.iterdir())
    (refused,) = loaded_beside(tmp_path, former_at(tmp_path), bad).refused
    check_told(refused, "bad/mapping.csv:2")
    assert set(tmp_path.parent.iterdir()) == around


@pytest.mark.parametrize("notation", CLIMBING)
def test_a_notation_that_climbs_stays_one_step_below_its_edition(tmp_path: Path, notation: str) -> None:
    """A publisher may number as it likes; in an id its slashes and points are escaped."""
    maker = former_at(tmp_path)
    loaded_beside(tmp_path, maker, written(tmp_path, "odd", f'"{notation}",heading,章'))
    (provision,) = headings(stored(maker, "source/template/odd"))
    assert provision.notation == notation
    assert re.fullmatch(r"odd/current/[A-Za-z0-9][A-Za-z0-9~._()-]*", provision.id)


def test_members_of_an_archive_are_never_unpacked(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "book.xlsx").write_bytes(with_part("../../../escaped.txt", b"x"))
    (refused,) = loaded_beside(tmp_path, former_at(tmp_path), tmp_path / "in").refused
    assert refused.faults[0].en == UNRECOGNISED.en
    assert not [*tmp_path.rglob("escaped*"), *tmp_path.parent.glob("escaped*")]


def stored(maker: Maker, source: str) -> list[Record]:
    """What the store has of a source, decoded from its triples; none of them is lost on the way, and none is left over."""
    release = served_by(maker)
    store = maker.repository.open(release.id)
    try:
        (graph,) = [one for one in release.graphs if one.source == source]
        triples = list(store.triples(graph.name))
    finally:
        store.close()
    found = decode(source, triples, IdSpace())
    assert len(triples) == graph.triples == len(Encoder(maker.ids, maker.words.core_classes).graph(found))
    assert content_digest(found) == graph.digest
    return found


def headings(found: list[Record]) -> list[Resource]:
    return [one for one in found if isinstance(one, Resource) and one.kind == "heading"]


PLACES: Final = 30
INJECTED: Final = (
    "https://x.example/a b", 'https://x.example/"quoted"', "https://x.example/> <urn:s> <urn:p> <urn:o", "https://x.example/\\u003e\\",
    "https://x.example/{}|^`", "javascript:alert(1)", "https://x.example/\u202e\u3000例", "https://x.example/' . <a> <b> <c> .#",
)  # fmt: skip


@pytest.mark.parametrize("iri", INJECTED)
def test_an_iri_never_breaks_out_of_its_line(tmp_path: Path, iri: str) -> None:
    """SSSOM spells IRIs out: each becomes an id, and is kept as a text beside it."""
    content = (
        (HEAD + COLUMNS + "\n")
        .replace("https://a.example/", iri)
        .replace("#  a: ", "#  a: '")
        .replace(iri, iri.replace("'", "''"))
    )
    content = content.replace("\n#  b:", "'\n#  b:") + ROW.replace('"', '""') + "\n"
    (tmp_path / "x.sssom.tsv").write_text(content, "utf-8")
    maker = former_at(tmp_path)
    report = loaded_beside(tmp_path, maker, tmp_path / "x.sssom.tsv")
    (source,) = [one.source for one in report.sources if one.source and one.source.startswith("source/sssom")]
    urls = {one.value.text for one in stored(maker, source) if isinstance(one, Statement) and one.value is not None}
    assert f"{iri}1" in urls


def test_strings_that_look_like_triples_stay_strings_in_every_format(tmp_path: Path) -> None:
    """Every text of a sample of each format in turn: what is accepted is stored as just the triples of its records."""
    text = 'x"> <urn:s> <urn:p> "o" .\n<urn:s> <urn:p> <urn:o> .\\u0022 \\ \''
    encoder, words = Encoder(IdSpace(), maker_at(tmp_path).words.core_classes), maker_at(tmp_path).words
    accepted = set()
    for name, some in samples().items():
        for sample in some:
            for number in range(PLACES):
                files = [file for file in with_text(sample, number, text) if format_of(file) is not None]
                for read in (read_bundle(one, bundle, words) for one, bundle in sorted_by_format(files)[0]):
                    lines = encoder.graph(read.records) if not read.faults else []
                    parsed = list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES))
                    assert len(parsed) == len(lines)
                    assert not any("urn:" in str(one.predicate) for one in parsed)
                    accepted |= {name} if any(text in line_text for line_text in texts_of(parsed)) else set()
    assert len(accepted) > 12, "most formats keep such a text somewhere"


def with_text(sample: Sample, number: int, text: str) -> list[File]:
    """The files of a sample with one of its texts made longer."""
    contents = [copy.deepcopy(piece.content) for piece in sample]
    lengthen(contents, number / PLACES, text)
    return [Piece(piece.name, content).file() for piece, content in zip(sample, contents, strict=True)]


def texts_of(parsed: list[ox.Triple]) -> list[str]:
    return [one.object.value for one in parsed if isinstance(one.object, ox.Literal)]


FORMULAS: Final = ("=cmd|'/c calc'!A1", "@SUM(1+1)", "+1+1", "-1+1", '=HYPERLINK("https://x.example")', "=1+1", "\t=1+1")


def test_formulas_are_kept_as_inert_text(tmp_path: Path) -> None:
    rows = "\n".join(f'{number},heading,"{text.replace(chr(34), chr(34) * 2)}"' for number, text in enumerate(FORMULAS))
    maker = former_at(tmp_path)
    loaded_beside(tmp_path, maker, written(tmp_path, "odd", rows))
    names = {one.labels[0].text for one in headings(stored(maker, "source/template/odd"))}
    assert names == {text.strip() for text in FORMULAS}


SAME: Final = (
    ("NFC and NFD", "é", "e\u0301"), ("dakuten", "\u30ac", "\u30ab\u3099"), ("half-width kana", "ガ", "\uff76\uff9e"),
    ("full-width digits", "1.2", "\uff11\uff0e\uff12"), ("an ideographic space", "1 2", "1\u30002"),
    ("ligatures", "fi", "\ufb01"),
)  # fmt: skip
OTHER: Final = (
    ("Cyrillic and Latin", "A.1", "\u0410.1"), ("Greek and Latin", "A.1", "\u0391.1"), ("kanji and katakana", "二", "ニ"),
    ("direction marks", "1.2", "\u202e1.2\u202c"), ("joiners", "1.2", "1\u200b.2"), ("five point ten", "5.1", "5.10"),
    ("case", "a.1", "A.1"), ("kinds of hyphens", "A-1", "A\u20131"), ("Turkish i", "i", "\u0131"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in SAME], ids=[pair[0] for pair in SAME])
def test_forms_of_one_notation_are_one_provision_and_each_is_kept_as_it_is(tmp_path: Path, one: str, other: str) -> None:
    twice = written(tmp_path, "twice", f"{one},heading,章\n{other},heading,章")
    (refused,) = loaded_beside(tmp_path, maker := former_at(tmp_path), twice).refused
    assert "stands in line 2 too" in refused.faults[0].en
    odd = written(tmp_path, "odd", f"{one},heading,{other}", f"{other},equal,A.5.1")
    report = load(maker, [odd])
    assert not report.refused
    found = stored(maker, "source/template/odd")
    (provision,) = headings(found)
    assert (provision.notation, provision.labels) == (one, (Label(language="ja", text=other.strip()),))
    assert [row.subject for row in found if isinstance(row, Statement)] == [provision.id]


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in OTHER], ids=[pair[0] for pair in OTHER])
def test_notations_that_only_look_alike_stay_apart(tmp_path: Path, one: str, other: str) -> None:
    maker = former_at(tmp_path)
    loaded_beside(tmp_path, maker, written(tmp_path, "odd", f"{one},heading,章\n{other},heading,章"))
    found = headings(stored(maker, "source/template/odd"))
    assert {provision.notation for provision in found} == {one, other}
    assert all(provision.id.isascii() for provision in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp932"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_marks_encodings_and_line_ends_make_no_difference(tmp_path: Path, encoding: str, ends: str) -> None:
    odd = written(tmp_path, "odd", "1.1,heading,題名\n1.2,heading,表")
    for file in odd.iterdir():
        mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
        file.write_bytes(mark + file.read_text("utf-8").replace("\n", ends).encode(encoding))
    maker = former_at(tmp_path)
    loaded_beside(tmp_path, maker, odd)
    assert [one.labels[0].text for one in headings(stored(maker, "source/template/odd"))] == ["題名", "表"]


@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_a_mark_before_a_document_and_its_line_ends_make_no_difference(tmp_path: Path, name: str) -> None:
    text = CISO if name == "x.yaml" else json.dumps(catalogue(), indent=1)
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert not loaded_beside(tmp_path, former_at(tmp_path), tmp_path / name).refused


def test_the_longest_text_is_kept(tmp_path: Path) -> None:
    (tmp_path / "long.json").write_text(WHOLE.replace("A document", "x" * 200_000))
    maker = former_at(tmp_path)
    report = loaded_beside(tmp_path, maker, tmp_path / "long.json")
    (source,) = [one.source for one in report.sources if one.format == "oscal" and one.source]
    (found,) = [one for one in stored(maker, source) if isinstance(one, Source)]
    assert [len(label.text) for label in found.labels] == [200_000]


def test_a_source_that_breaks_a_shape_is_refused_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shapes look at what was written already: it is taken out again, and what was there before it stays."""
    maker = former_at(tmp_path)
    load(maker, [written(tmp_path, "odd")])
    shutil.rmtree(tmp_path / "odd")
    message = Text("形が違います。", "It is not of the shape.")

    def found(_: object, graphs: Sequence[str]) -> Iterator[tuple[Text, Row]]:
        yield from ((message, {"g": Iri(graph)}) for graph in graphs if "template/odd/" in graph or "template/bad/" in graph)

    monkeypatch.setattr(making, "breaches", found)
    report = loaded_beside(tmp_path, maker, written(tmp_path, "odd", "2,heading,章"), written(tmp_path, "bad"))
    assert sorted(one.files[0] for one in report.refused) == ["bad/framework.csv", "odd/framework.csv"]
    for one in report.refused:
        check_told(one, one.files[0])
    assert [one.notation for one in headings(stored(maker, "source/template/odd"))] == ["1"]
    assert not any(graph.source == "source/template/bad" for graph in served_by(maker).graphs)


def test_a_mapping_to_an_edition_that_is_not_loaded_yet_is_no_fault(tmp_path: Path) -> None:
    maker, odd = former_at(tmp_path), written(tmp_path, "odd", mapping="1,equal,2")
    (odd / "source.csv").write_text("key,value\nid,odd\ntitle_ja,例\ntarget_edition,not-loaded/1\n", "utf-8")
    report = loaded_beside(tmp_path, maker, odd)
    assert report.refused == ()
    assert report.dangling == 1
    (mapping_set,) = snapshot_of(tmp_path / "home").mapping_sets.values()
    assert mapping_set.object_edition == "not-loaded/1"


def test_where_everything_is_hostile_the_former_release_is_served_as_it_was(tmp_path: Path) -> None:
    maker = former_at(tmp_path)
    before = maker.repository.current()
    (tmp_path / "twice.yaml").write_bytes(REFUSED["twice.yaml"][0])
    report = load(maker, [tmp_path / "twice.yaml"])
    assert (report.release, report.fresh, len(report.refused)) == (before, False, 1)
    assert maker.repository.current() == before
    assert snapshot_of(tmp_path / "home").release.id == before
