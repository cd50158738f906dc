"""`kakehashi threats` as a user types it, in both languages, on a small ATT&CK with CTID's scores."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest

from kakehashi.pipeline.load import load
from tests.support import small_catalogue
from tests.support.attack_bundle import bundle, objects
from tests.support.making import build, maker_at
from tests.support.navigator_schema import LAYER

DOCS: Final = (Path(__file__).parents[2] / "docs/threats.md").read_text("utf-8")
ATTACK: Final = "mitre-attack/17.0"
PART: Final = f"{ATTACK}/T1566.001"
FILTER: Final = "ctid-mail/FILTER"
RUN: Final = [sys.executable, "-c", "from kakehashi.cli.main import main; main()"]


def scored(technique: str, category: str, score: str) -> dict[str, Any]:
    return {
        "attack_object_id": technique, "attack_object_name": technique, "capability_id": "FILTER",
        "mapping_type": "technique_scores",
        "capability_group": "mail", "capability_description": "Mail Filter", "score_category": category, "score_value": score,
        "comments": "", "references": [], "related_score": "", "status": "complete",
    }  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with two techniques in use, one that was revoked, and one capability that is scored."""
    root = tmp_path_factory.mktemp("threats")
    corpus = root / "corpus"
    corpus.mkdir()
    (corpus / "attack.json").write_bytes(bundle(objects()).content)
    rows = [
        scored("T1566.001", "protect", "partial"),
        scored("T1566.001", "detect", "significant"),
        scored("T1193", "detect", "minimal"),
    ]
    metadata = {
        "attack_version": "17.0", "technology_domain": "enterprise", "mapping_framework": "mail", "mapping_version": "1",
        "mapping_framework_version": "01/31/2025", "mapping_types": {"technique_scores": {}},
        "capability_groups": {"mail": "Mail"},
        "organization": "CTID",
    }  # fmt: skip
    (corpus / "mail.json").write_text(json.dumps({"metadata": metadata, "mapping_objects": rows}), "utf-8")
    build(root / "home", [small_catalogue.write(root / "small")])
    report = load(maker_at(root / "home"), [corpus])
    assert not report.refused
    return root / "home"


def kakehashi(home: Path, *arguments: str, lang: str = "en", columns: int = 120) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KAKEHASHI_HOME": str(home), "LC_ALL": "C.UTF-8", "COLUMNS": str(columns)}
    command = [*RUN, "--lang", lang, "threats", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Protect", "partial Mail Filter", "significant Mail Filter", "open 1", "revoked", "never count as coverage")),
        ("ja", ("防御", "部分的 Mail Filter", "顕著 Mail Filter", "備えなし 1件", "取消し", "充足には数えません")),
    ],
)
def test_the_table_is_in_the_readers_language_and_no_wider_than_the_terminal(
    home: Path, lang: str, words: tuple[str, ...], columns: int
) -> None:
    done = kakehashi(home, "--edition", ATTACK, "--given", FILTER, lang=lang, columns=columns)
    assert done.returncode == 0, done.stderr
    flat = " ".join(done.stdout.replace("│", " ").split())
    assert all(word in flat for word in words if columns > 80 or " " not in word), flat
    assert max(sum(2 if ord(one) > 0x2E7F else 1 for one in line) for line in done.stdout.splitlines()) <= columns


def test_open_lists_open_threats_alone_with_their_tactics(home: Path) -> None:
    shown = kakehashi(home, "--edition", ATTACK, "--given", FILTER, "--open").stdout
    assert "T1566 Phishing" in shown
    assert "Initial Access" in shown
    assert "Mail Filter" not in shown
    assert "T1566.001" not in shown


def test_threats_are_those_that_a_source_lists(home: Path) -> None:
    arguments = ("--source", "source/attack-stix/enterprise-attack/17.0", "--min-authority", "official")
    report = json.loads(kakehashi(home, *arguments, "--given", FILTER, "--json").stdout)
    assert (report["summary"]["threats"], report["summary"]["open"]) == (2, 2)
    assert [one["id"] for one in report["unlinked"]] == [FILTER]


def test_json_holds_the_report_with_all_of_its_rows(home: Path) -> None:
    report = json.loads(kakehashi(home, "--edition", ATTACK, "--given", FILTER, "--json").stdout)
    counts = report["summary"]
    assert (counts["threats"], counts["parts"], counts["protected"], counts["detected"], counts["responded"]) == (2, 1, 1, 1, 0)
    assert (counts["open"], counts["outOfUse"], counts["undefined"]) == (1, 1, 0)
    assert [one["threat"]["id"] for one in report["rows"]["nodes"]] == [f"{ATTACK}/T1193", f"{ATTACK}/T1566", PART]
    assert [one["open"] for one in report["rows"]["nodes"]] == [False, True, False]


def test_a_layer_is_written_whole_and_valid(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "layer.json"
    done = kakehashi(home, "--given", FILTER, "--navigator", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert str(file) in done.stderr
    layer = json.loads(file.read_bytes())
    assert [error.message for error in jsonschema_rs.Draft202012Validator(LAYER).iter_errors(layer)] == []
    assert {one["techniqueID"]: one.get("score") for one in layer["techniques"]} == {"T1566": 0, "T1566.001": 3}
    assert [one.name for one in tmp_path.iterdir()] == ["layer.json"]


def test_the_documented_commands_answer_from_the_packaged_data(default_home: Path, tmp_path: Path) -> None:
    documented = re.findall(r"^kakehashi threats (.+)$", DOCS, re.MULTILINE)
    assert len(documented) > 2
    for command in documented:
        done = kakehashi(default_home, *shlex.split(command.replace("layer.json", str(tmp_path / "layer.json"))))
        assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "layer.json").read_text("utf-8"))["techniques"]


def test_what_is_given_and_linked_to_nothing_is_named(home: Path) -> None:
    assert "links these to any threat: tool" in kakehashi(home, "--edition", ATTACK, "--given", "tool").stdout
    assert "次のものには" in kakehashi(home, "--edition", ATTACK, "--given", "tool", lang="ja").stdout


@pytest.mark.parametrize(
    ("arguments", "wording"),
    [
        (("--given", "nobody"), "nobody"),
        (("--tactic", "TA0001"), f"There are: {ATTACK}/TA0001, {ATTACK}/TA0002"),
        (("--edition", "rules/2026"), f"lists no threats. These do: {ATTACK}"),
        (("--navigator", "/nowhere/at/all.json"), "cannot be written"),
    ],
)
def test_what_goes_wrong_is_said_without_a_traceback(home: Path, arguments: tuple[str, ...], wording: str) -> None:
    done = kakehashi(home, *arguments)
    assert done.returncode == 1
    assert wording in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("lang", "word"), [("ja", "例:"), ("en", "Example:")])
def test_the_command_explains_itself_with_an_example(home: Path, lang: str, word: str) -> None:
    assert word in kakehashi(home, "--help", lang=lang).stdout
