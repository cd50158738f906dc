"""`kakehashi lint-mappings` and `mappingFindings`: planted faults from files to exit codes, tables, JSON and GraphQL."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kakehashi.crosswalk.findings.kinds import FindingKind
from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.schema import build_schema
from kakehashi.pipeline.load import load
from kakehashi.snapshot.findings import Wanted, inspection, selected
from kakehashi.snapshot.model import Snapshot
from tests.support.making import build, maker_at, snapshot_of
from tests.support.planted_faults import FAULTY, SOUND, set_id, write_draft, write_rules, write_set

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in whose mappings nothing is wrong."""
    root = tmp_path_factory.mktemp("sound")
    build(root / "home", [write_rules(root / "rules")])
    load(maker_at(root / "home"), [write_set(root, "sound", SOUND)])
    return root / "home"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a sound set and one for each planted fault."""
    root = tmp_path_factory.mktemp("faulty")
    build(root / "home", [write_rules(root / "rules")])
    load(maker_at(root / "home"), [write_set(root, "sound", SOUND), *_faulty(root, tuple(FAULTY))])
    return root / "home"


def _faulty(root: Path, names: tuple[str, ...]) -> list[Path]:
    """The faulty sets, each on rules of its own where two would meet."""
    places = {"contradiction": ("rule-5", "rule-6"), "circle": ("rule-7", "rule-8")}
    files = []
    for name in names:
        own = dict(zip(("rule-5", "rule-6"), places.get(name, ("rule-3", "rule-4")), strict=True))
        rows = tuple((own.get(a, a), word, own.get(b, b)) for a, word, b in FAULTY[name][2])
        files.append(write_set(root, name, rows))
    return files


def lint(home: Path, *arguments: str, lang: str = "en", columns: int = 120) -> tuple[int, str, str]:
    command = [sys.executable, "-c", "from kakehashi.cli.main import main; main()", "--lang", lang, "lint-mappings", *arguments]
    environment = os.environ | {"COLUMNS": str(columns)}
    done = subprocess.run(
        [*command, "--home", str(home)], capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def listed(home: Path, *arguments: str) -> list[dict[str, Any]]:
    _, out, _ = lint(home, "--json", *arguments)
    findings: list[dict[str, Any]] = json.loads(out)["findings"]
    return findings


@pytest.mark.parametrize(("lang", "words"), [("en", "No findings."), ("ja", "指摘はありません。")])
def test_where_nothing_is_wrong_the_command_succeeds(sound: Path, lang: str, words: str) -> None:
    assert lint(sound, "--fail-on", "notice", lang=lang) == (0, words + "\n", "")
    assert listed(sound) == []


def test_each_planted_fault_is_named_once_in_its_set(faulty: Path) -> None:
    found = listed(faulty)
    wanted = {(set_id(name), kind, severity) for name, (kind, severity, _) in FAULTY.items()}
    assert {(one["mappingSet"], one["kind"], one["severity"]) for one in found} == wanted
    assert len(found) == len(wanted)
    statements = snapshot_of(faulty).statements
    for one in found:
        assert one["statements"]
        assert all(statements[identifier].mapping for identifier in one["statements"])
        assert all(one["explanation"][lang] and one["remedy"][lang] for lang in ("ja", "en"))


def test_a_contradiction_comes_with_the_chains_that_clash(faulty: Path) -> None:
    (one,) = listed(faulty, "--kind", "contradiction")
    assert sorted(chain["relations"] for chain in one["chains"]) == [["equal"], ["no-relationship"]]
    steps = [step for chain in one["chains"] for step in chain["steps"]]
    assert {step["statement"] for step in steps} == set(one["statements"])
    assert {step["origin"] for step in steps} == {set_id("contradiction")}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 3),
        (("--fail-on", "never"), 0),
        (("--set", set_id("sound"), "--fail-on", "notice"), 0),
        (("--set", set_id("heading")), 0),
        (("--set", set_id("heading"), "--fail-on", "warning"), 3),
        (("--set", set_id("heading"), "--set", set_id("dangling")), 3),
        (("--kind", "self-mapping"), 0),
        (("--kind", "self-mapping", "--kind", "dangling-end"), 3),
        (("--severity", "error", "--set", set_id("self"), "--fail-on", "warning"), 3),
    ],
)
def test_exit_codes_are_for_ci(faulty: Path, arguments: tuple[str, ...], code: int) -> None:
    assert lint(faulty, *arguments)[0] == code


def test_severity_says_what_is_shown(faulty: Path) -> None:
    assert {one["severity"] for one in listed(faulty, "--severity", "error")} == {"error"}
    assert {one["severity"] for one in listed(faulty)} == {"error", "warning"}


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Contradiction", "What to do", "warning 2")), ("ja", ("矛盾", "対処", "警告 2"))]
)
def test_tables_fit_the_terminal_and_speak_its_language(faulty: Path, columns: int, lang: str, words: tuple[str, ...]) -> None:
    _, out, _ = lint(faulty, lang=lang, columns=columns)
    assert all(word in out for word in words)
    assert all(sum(2 if ord(char) > 0x2E7F else 1 for char in line) <= columns for line in out.splitlines())
    assert "rule-99" in out


@pytest.mark.parametrize(("lang", "words"), [("en", ("detect 6", "warning 3")), ("ja", ("検知 6", "警告 3"))])
def test_claims_that_public_mappings_do_not_bear_out_are_shown(default_home: Path, lang: str, words: tuple[str, ...]) -> None:
    code, out, _ = lint(default_home, "--kind", "claim-not-mapped", "--min-authority", "inferred", lang=lang)
    assert code == 0
    assert all(word in out for word in words)
    statements = snapshot_of(default_home).statements
    for one in listed(default_home, "--kind", "claim-not-mapped"):
        assert [statements[row].authority for rows in one["claim"]["mapped"].values() for row in rows]
        assert statements[one["claim"]["statement"]].subject == one["claim"]["capability"] == one["ends"][0]


@pytest.mark.parametrize(("lang", "word"), [("en", "There is no mapping set"), ("ja", "対応付け集はありません")])
def test_an_unknown_set_is_said_to_be_one(sound: Path, lang: str, word: str) -> None:
    code, out, err = lint(sound, "--set", "mapping-set/nowhere", lang=lang)
    assert (code, out) == (1, "")
    assert word in err
    assert "mapping-set/nowhere" in err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--kind", "odd"), ("--min-authority", "odd"), ("--severity", "odd"), ("--fail-on", "odd"), ("--max-hops", "9")],
)
def test_bad_options_are_refused(sound: Path, option: str, value: str) -> None:
    assert lint(sound, option, value)[0] == 2


def test_no_order_of_files_and_rows_changes_the_output(faulty: Path, tmp_path: Path) -> None:
    build(tmp_path / "home", [write_rules(tmp_path / "rules")])
    for file in reversed([write_set(tmp_path, "sound", SOUND[::-1]), *_faulty(tmp_path, tuple(reversed(FAULTY)))]):
        load(maker_at(tmp_path / "home"), [file])
    assert listed(tmp_path / "home") == listed(faulty)


def test_what_is_packaged_has_no_finding_but_on_what_vendors_claim(snapshot: Snapshot) -> None:
    assert {one.kind for one in inspection(snapshot).findings} == {FindingKind.CLAIM_NOT_MAPPED, FindingKind.CLAIM_UNMAPPED}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which nothing is wrong but a draft."""
    root = tmp_path_factory.mktemp("drafted")
    build(root / "home", [write_rules(root / "rules")])
    load(maker_at(root / "home"), [write_set(root, "sound", SOUND), write_draft(root)])
    return root / "home"


@pytest.mark.parametrize(("authority", "count"), [("inferred", 1), ("vendor", 0), ("official", 0), (None, 0)])
def test_a_finding_about_a_draft_is_for_those_who_believe_drafts(drafted: Path, authority: str | None, count: int) -> None:
    assert len(listed(drafted, *(("--min-authority", authority) if authority else ()))) == count
    view = "" if authority is None else f"(view: {{minAuthority: {authority.upper()}}})"
    body = execute(build_schema(), Context(snapshot_of(drafted)), Request(f"{{ mappingFindings{view} {{ totalCount }} }}")).body
    assert body == {"data": {"mappingFindings": {"totalCount": count}}}


def test_no_kinds_are_no_findings_and_kinds_unsaid_are_all(faulty: Path, ask: Ask) -> None:
    snapshot = snapshot_of(faulty)
    every = selected(snapshot, inspection(snapshot), Wanted())
    assert len(every) == len(FAULTY) == ask()["totalCount"]
    for nothing in (Wanted(kinds=()), Wanted(sets=()), Wanted(authorities=())):
        assert selected(snapshot, inspection(snapshot), nothing) == ()
    assert ask(kinds=[])["totalCount"] == 0


QUERY = """query($set: ID, $kinds: [MappingFindingKind!], $severity: MappingFindingSeverity! = NOTICE, $hops: Int! = 3,
  $first: Int! = 20, $after: String) {
  mappingFindings(mappingSet: $set, kinds: $kinds, severity: $severity, maxHops: $hops, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id kind severity title { value } explanation { value language } remedy(lang: ["ja"]) { value }
      mappingSet { id } mappingSets { id } ends { id } statements { nodes { id } }
      chains { relation { relations } steps { subject { id } object { id } mappingSet { id } } }
    }
  }
}"""


@pytest.fixture
def ask(faulty: Path) -> Ask:
    snapshot, schema = snapshot_of(faulty), build_schema()

    def answer(**variables: Any) -> dict[str, Any]:
        body = execute(schema, Context(snapshot, ("en",)), Request(QUERY, variables)).body
        return body if "errors" in body else body["data"]["mappingFindings"]

    return answer


def test_the_api_gives_what_the_command_gives(ask: Ask, faulty: Path) -> None:
    found, command = ask()["nodes"], listed(faulty)
    assert [one["id"] for one in found] == [one["id"] for one in command]
    for one, other in zip(found, command, strict=True):
        assert one["kind"] == other["kind"].upper().replace("-", "_")
        assert one["explanation"] == {"value": other["explanation"]["en"], "language": "en"}
        assert one["remedy"]["value"] == other["remedy"]["ja"]
        assert [end["id"] for end in one["ends"]] == other["ends"]
        assert [row["id"] for row in one["statements"]["nodes"]] == other["statements"]
        assert len(one["chains"]) == len(other["chains"])


def test_the_api_filters_and_pages(ask: Ask) -> None:
    assert [one["kind"] for one in ask(set=set_id("heading"))["nodes"]] == ["ON_HEADING"]
    assert ask(set=set_id("sound"))["totalCount"] == 0
    assert ask(kinds=["SELF_MAPPING", "DANGLING_END"])["totalCount"] == 2
    assert ask(severity="ERROR")["totalCount"] == 3
    first = ask(first=2)
    rest = ask(first=20, after=first["pageInfo"]["endCursor"])
    assert [one["id"] for one in first["nodes"] + rest["nodes"]] == [one["id"] for one in ask()["nodes"]]


def test_the_api_gives_clashing_chains(ask: Ask) -> None:
    (one,) = ask(kinds=["CONTRADICTION"])["nodes"]
    assert sorted(chain["relation"]["relations"] for chain in one["chains"]) == [["EQUAL"], ["NO_RELATIONSHIP"]]
    for chain in one["chains"]:
        assert [end["id"] for end in one["ends"]] == [chain["steps"][0]["subject"]["id"], chain["steps"][-1]["object"]["id"]]


@pytest.mark.parametrize("variables", [{"set": "mapping-set/nowhere"}, {"hops": 0}, {"hops": 5}, {"first": -1}])
def test_the_api_refuses_what_cannot_be_asked(ask: Ask, variables: dict[str, Any]) -> None:
    (error,) = ask(**variables)["errors"]
    assert error["extensions"]["code"] in {"NOT_FOUND", "BAD_USER_INPUT"}
    assert error["extensions"]["messages"]["ja"] != error["extensions"]["messages"]["en"]
