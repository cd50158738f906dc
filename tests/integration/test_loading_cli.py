"""Loading on the command line: what it says in both languages, its exit codes, and that every step can be taken back."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from kakehashi.pipeline.formats import FORMATS
from kakehashi.pipeline.inputs import gathered
from kakehashi.pipeline.making import making
from kakehashi.pipeline.reading import read_sources
from tests.support import small_catalogue
from tests.support.making import build, maker_at, snapshot_of

RUN = [sys.executable, "-c", "from kakehashi.cli.main import main; main()"]
MAPPINGS = """#mapping_set_id: https://example.org/sets/small
#mapping_set_title: A small set
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  ex: https://example.org/things/
subject_id\tpredicate_id\tobject_id\tmapping_justification
ex:a\tskos:exactMatch\tex:b\tsemapv:ManualMappingCuration
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "home"
    build(place, [small_catalogue.write(tmp_path / "small")])
    (tmp_path / "small.sssom.tsv").write_text(MAPPINGS, "utf-8")
    return place


def kakehashi(home: Path, *arguments: str, lang: str = "en", columns: int = 160) -> tuple[int, str, str]:
    command = [
        sys.executable,
        "-c",
        "from kakehashi.cli.main import main; main()",
        "--lang",
        lang,
        *arguments,
        "--home",
        str(home),
    ]
    environment = os.environ | {"COLUMNS": str(columns)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("lang", "words"), [("en", ("loaded", "Release", "Found")), ("ja", ("読み込み", "リリース", "内容"))])
def test_a_load_says_what_it_did(home: Path, tmp_path: Path, lang: str, words: tuple[str, ...]) -> None:
    code, out, err = kakehashi(home, "load", str(tmp_path / "small.sssom.tsv"), lang=lang)
    assert (code, "Traceback" in err) == (0, False), err
    for word in words:
        assert word in out
    assert "source/sssom/example.org-sets-small" in out


@pytest.mark.parametrize(
    ("lang", "headings", "first", "again"),
    [
        ("en", ["Source", "Outcome", "Found", "Counts"], r"Release \w{16} was made\.", r"Release \w{16} stays as it was\."),
        (
            "ja",
            ["出典", "結果", "内容", "件数"],
            r"リリース \w{16} を作成しました。",
            r"リリースは \w{16} のまま変わりません。",
        ),
    ],
)
def test_a_load_tells_whole_sentences_and_whole_words_in_80_columns(
    home: Path, lang: str, headings: list[str], first: str, again: str
) -> None:
    example = str(files("kakehashi.data") / "template/kakehashi-template.xlsx")
    made, same = (kakehashi(home, "load", example, lang=lang, columns=80)[1].splitlines() for _ in range(2))
    assert [part.strip() for part in made[1].strip("┃").split("┃")] == headings
    assert any(("条項 7" if lang == "ja" else "provisions 7") in line for line in made)
    assert re.fullmatch(first, made[-1])
    assert re.fullmatch(again, same[-1])


@pytest.mark.parametrize(("lang", "word"), [("en", "no known format"), ("ja", "どの形式とも認識できません")])
def test_refused_files_are_named_and_the_others_load(home: Path, tmp_path: Path, lang: str, word: str) -> None:
    (tmp_path / "odd.json").write_text("{}", "utf-8")
    code, _, err = kakehashi(home, "load", str(tmp_path / "small.sssom.tsv"), str(tmp_path / "odd.json"), lang=lang)
    assert code == 2
    assert "odd.json" in err
    assert word in err
    assert "source/sssom/example.org-sets-small" in snapshot_of(home).sources


def test_where_nothing_can_be_loaded_the_release_stays(home: Path, tmp_path: Path) -> None:
    former = snapshot_of(home).release.id
    (tmp_path / "odd.json").write_text("{]", "utf-8")
    code, _, err = kakehashi(home, "load", str(tmp_path / "odd.json"), str(tmp_path / "absent.yaml"))
    assert code == 1
    assert "absent.yaml" in err
    assert snapshot_of(home).release.id == former


def test_a_report_as_json_counts_what_was_found_kept_left_out_and_refused(home: Path, tmp_path: Path) -> None:
    code, out, _ = kakehashi(home, "load", str(tmp_path / "small.sssom.tsv"), "--json")
    report = json.loads(out)
    assert code == 0
    assert report["release"] == snapshot_of(home).release.id
    (source,) = report["sources"]
    assert source["outcome"] == "loaded"
    assert source["found"] == {"mappings": 1}
    assert source["kept"]["statement"] >= 1
    assert report["standings"] == {"other-ends": 1}


def test_every_step_can_be_taken_back(home: Path, tmp_path: Path) -> None:
    first = snapshot_of(home).release.id
    kakehashi(home, "load", str(tmp_path / "small.sssom.tsv"))
    second = snapshot_of(home).release.id
    code, out, _ = kakehashi(home, "diff", first, second)
    assert code == 0
    assert "+ Sources: source/sssom/example.org-sets-small" in out
    assert kakehashi(home, "unload", "source/sssom/example.org-sets-small")[0] == 0
    assert snapshot_of(home).release.id == first
    assert kakehashi(home, "rollback", second)[0] == 0
    assert snapshot_of(home).release.id == second
    code, out, _ = kakehashi(home, "releases")
    assert {first, second} <= set(out.replace("│", " ").split())
    code, out, _ = kakehashi(home, "releases", "--prune", "1")
    assert code == 0
    assert re.match(r"Graphs removed: \d+\.\n", out)
    assert snapshot_of(home).release.id == second


def test_what_our_own_data_needs_cannot_be_unloaded(home: Path, tmp_path: Path) -> None:
    other = small_catalogue.write(tmp_path / "other")
    for file in other.rglob("*.*"):
        text = (
            file.read_text("utf-8").replace("source/small", "source/other").replace("rule-1", "rule-2").replace("rules", "works")
        )
        file.write_text(text.replace("- {id: tool, kind: product, ja: 道具, en: Tool, ours: [ja, en]}\n", ""), "utf-8")
    assert kakehashi(home, "load", str(other))[0] == 0
    former = snapshot_of(home).release.id
    code, _, err = kakehashi(home, "unload", "source/small")
    assert code == 1
    assert "There is no entity with the id 'tool'" in err
    assert snapshot_of(home).release.id == former


def test_an_unknown_source_release_or_name_is_said_to_be_unknown(home: Path) -> None:
    for arguments in (("unload", "source/nothing"), ("rollback", "0000"), ("diff", "0000", "1111"), ("load", "nist-800-53-rev6")):
        code, _, err = kakehashi(home, *arguments)
        assert code == 1
        assert "Traceback" not in err


def test_the_lists_of_sources_and_formats_are_whole(home: Path) -> None:
    _, out, _ = kakehashi(home, "sources", "--json")
    listed = json.loads(out)
    assert [one["id"] for one in listed["loaded"]] == ["source/small"]
    assert len(listed["known"]) > 30
    for lang in ("en", "ja"):
        _, out, _ = kakehashi(home, "sources", lang=lang)
        assert "nist-csf-2.0" in out
    done = subprocess.run(
        [sys.executable, "-c", "from kakehashi.cli.main import main; main()", "formats"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(one.name in done.stdout for one in FORMATS)


def test_the_downloadable_example_loads(home: Path) -> None:
    with as_file(files("kakehashi.data") / "template") as folder:
        code, out, err = kakehashi(home, "load", str(folder), "--json")
    report = json.loads(out)
    assert code == 0, err
    assert {one["format"] for one in report["sources"]} == {"template"}


def test_what_was_refused_late_is_not_there_for_others_to_rest_on(home: Path, tmp_path: Path) -> None:
    maker = maker_at(home)
    files, _ = gathered([tmp_path / "small.sssom.tsv"])
    sources, _ = read_sources(files, maker.words)
    with making(maker) as one:
        (read,) = sources
        graph = one.add(read)
        one.take_back(read.id)
        one.release()
        draft = one._draft
        assert draft is not None
        draft.settle()
        rows = draft.ask("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        named = {str(row["g"]) for row in rows}
        one.abandon()
    assert len(named) > 1
    assert not any(graph.name in one for one in named)
