"""`kakehashi gaps` and `kakehashi close-gaps` as a user types them: tables in both languages, JSON, exit codes."""

import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

LEGAL = "leaflet-legal-considerations/2020-01"
MEASURES = "leaflet-security-measures/2020-01"
DOCS = (Path(__file__).parents[2] / "docs/closing-gaps.md").read_text("utf-8")
DOCUMENTED = re.findall(r"^kakehashi (.+)$", DOCS, re.MULTILINE)
HOPS = {"en": "Chains were followed up to a length of 1.", "ja": "連鎖は1段まで調べました。"}


def kakehashi(home: Path, *arguments: str, lang: str = "en", columns: int = 120) -> tuple[int, str, str]:
    command = [sys.executable, "-c", "from kakehashi.cli.main import main; main()", *arguments, "--home", str(home)]
    environment = os.environ | {"COLUMNS": str(columns)}
    done = subprocess.run([*command, "--lang", lang], capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("command", ["gaps", "close-gaps"])
def test_the_tables_fit_the_terminal(default_home: Path, command: str, lang: str, columns: int) -> None:
    code, out, _ = kakehashi(default_home, command, MEASURES, "--min-authority", "inferred", lang=lang, columns=columns)
    assert code == 0
    assert max(map(width, out.splitlines())) <= columns


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("not given", "of 3, covered")), ("ja", ("未保有", "対象3件中", "満たさないと記録 0"))]
)
def test_gaps_are_listed_with_their_types(default_home: Path, lang: str, words: tuple[str, ...]) -> None:
    _, out, _ = kakehashi(default_home, "gaps", LEGAL, lang=lang)
    assert all(word in out for word in words)


@pytest.mark.parametrize(("lang", "words"), [("en", "There are no gaps."), ("ja", "不足はありません。")])
def test_where_all_is_met_no_gap_is_listed(default_home: Path, lang: str, words: str) -> None:
    code, out, _ = kakehashi(default_home, "gaps", LEGAL, "--product", "office-365", lang=lang)
    assert (code, out.splitlines()[0]) == (0, words)


def test_gaps_of_one_type_are_those_of_that_primary_type(default_home: Path) -> None:
    _, out, _ = kakehashi(default_home, "gaps", MEASURES, "--min-authority", "inferred", "--json")
    nodes = json.loads(out)["requirements"]["nodes"]
    types = {node["gaps"][0]["type"] for node in nodes}
    assert len(types) > 1
    for kind in types:
        word = kind.lower().replace("_", "-")
        _, some, _ = kakehashi(default_home, "gaps", MEASURES, "--min-authority", "inferred", "--type", word, "--json")
        wanted = [node["requirement"]["id"] for node in nodes if node["gaps"][0]["type"] == kind]
        assert [node["requirement"]["id"] for node in json.loads(some)["requirements"]["nodes"]] == wanted


def words_of(home: Path, lang: str, *arguments: str) -> str:
    return "".join(kakehashi(home, *arguments, lang=lang)[1].split("\n"))


@pytest.mark.parametrize(
    ("lang", "told", "never"),
    [
        ("en", ("types asked for: 0; of other types: 3.", "not given 3"), "no gaps"),
        ("ja", ("主な理由とする不足は0件です。ほかの種類の不足が3件あります。", "未保有 3"), "不足はありません"),
    ],
)
def test_a_type_that_no_gap_has_hides_no_other_gap(default_home: Path, lang: str, told: tuple[str, ...], never: str) -> None:
    shown = words_of(default_home, lang, "gaps", LEGAL, "--type", "disputed")
    assert [one for one in told if one not in shown] == []
    assert never not in shown


@pytest.mark.parametrize(("lang", "words"), [("en", "no requirement that could be"), ("ja", "要求事項がありません。")])
def test_an_edition_without_requirements_is_not_said_to_have_no_gaps(default_home: Path, lang: str, words: str) -> None:
    shown = words_of(default_home, lang, "gaps", "nist-csf/2.0")
    assert words in shown
    assert not any(one in shown for one in ("no gaps", "不足はありません"))


def test_types_are_counted_over_all_gaps_whatever_was_asked_for(default_home: Path) -> None:
    every = kakehashi(default_home, "gaps", MEASURES)[1].splitlines()
    some = kakehashi(default_home, "gaps", MEASURES, "--type", "nothing-recorded")[1].splitlines()
    counts = "drafts only 21 · nothing recorded 34"
    assert counts in every
    assert counts in some
    assert "Gaps primarily of the types asked for: 34; of other types: 21." in some
    assert not any("types asked for" in line for line in every)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Addition", "Proved to be the best.")), ("ja", ("追加するもの", "最良であることは証明されています。"))],
)
def test_what_closes_most_is_a_table(default_home: Path, lang: str, words: tuple[str, ...]) -> None:
    code, out, _ = kakehashi(default_home, "close-gaps", LEGAL, "--budget", "2", lang=lang)
    assert code == 0
    assert all(word in out for word in words)


def test_what_closes_most_as_json_holds_the_answer(default_home: Path) -> None:
    _, out, _ = kakehashi(default_home, "close-gaps", LEGAL, "--cost", "office-365=7", "--budget", "7", "--json")
    answer = json.loads(out)
    assert (answer["newlyFull"], answer["spent"], answer["exact"]) == (3, 7, True)
    assert [node["status"] for node in answer["raised"]["nodes"]] == ["FULL"] * 3


@pytest.mark.parametrize(("lang", "words"), [("en", "No addition within the budget raises"), ("ja", "予算内にありません。")])
def test_where_nothing_helps_that_is_said(default_home: Path, lang: str, words: str) -> None:
    code, out, _ = kakehashi(default_home, "close-gaps", LEGAL, "--product", "office-365", lang=lang)
    assert code == 0
    assert words in out
    assert not any(one in out for one in ("Proved to be", "最良であること", "then:", "追加後:"))


@pytest.mark.parametrize("command", DOCUMENTED)
def test_what_the_documentation_asks_has_an_answer(default_home: Path, command: str) -> None:
    code, out, _ = kakehashi(default_home, *shlex.split(command))
    assert code == 0
    assert "┡" in out


def test_a_plan_can_be_had_and_the_next_one_be_the_addition(default_home: Path) -> None:
    """What E5 would add to E3: no more than E5 itself gives, and less where E3 gives it already."""
    question = ("close-gaps", MEASURES, "--min-authority", "inferred", "--cost", "microsoft/plan/m365-e5=1", "--budget", "1")
    both = json.loads(kakehashi(default_home, *question, "--plan", "microsoft/plan/m365-e3", "--json")[1])
    alone = json.loads(kakehashi(default_home, *question, "--json")[1])
    assert [step["addition"]["id"] for step in both["steps"]] == ["microsoft/plan/m365-e5"]
    assert 0 < both["newlyFull"] < alone["newlyFull"]
    assert both["after"]["summary"] == alone["after"]["summary"]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("command", ["gaps", "coverage", "close-gaps"])
def test_what_longer_chains_may_tell_is_said_where_something_is_unknown(default_home: Path, command: str, lang: str) -> None:
    assert HOPS[lang] in words_of(default_home, lang, command, MEASURES)
    assert HOPS[lang] not in words_of(default_home, lang, command, LEGAL, "--product", "office-365")


@pytest.mark.parametrize(("lang", "words"), [("en", "Within the chains asked for"), ("ja", "指定した段数(maxHops)以内には")])
def test_nothing_recorded_is_said_of_the_chains_asked_for(default_home: Path, lang: str, words: str) -> None:
    _, out, _ = kakehashi(default_home, "gaps", MEASURES, "--type", "nothing-recorded", "--json", lang=lang)
    nodes = json.loads(out)["requirements"]["nodes"]
    assert {node["gaps"][0]["explanation"]["value"].startswith(words) for node in nodes} == {True}


@pytest.mark.parametrize(("lang", "words"), [("en", "Chains were followed"), ("ja", "連鎖は")])
def test_nobody_is_sent_beyond_the_longest_chains(default_home: Path, lang: str, words: str) -> None:
    assert words not in words_of(default_home, lang, "gaps", MEASURES, "--max-hops", "4")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--cost", "office-365"), 1),
        (("--cost", "office-365=much"), 1),
        (("--cost", "nope=1"), 1),
        (("--budget", "-1"), 1),
        (("--product", "nope"), 1),
        (("--max-hops", "5"), 2),
        (("--budget", "few"), 2),
    ],
)
def test_what_cannot_be_asked_is_refused(default_home: Path, arguments: tuple[str, ...], code: int) -> None:
    assert kakehashi(default_home, "close-gaps", LEGAL, *arguments)[0] == code


def test_coverage_takes_longer_chains(default_home: Path) -> None:
    assert kakehashi(default_home, "coverage", LEGAL, "--max-hops", "2")[0] == 0
    assert kakehashi(default_home, "coverage", LEGAL, "--max-hops", "0")[0] == 2


@pytest.mark.parametrize("command", ["gaps", "close-gaps"])
def test_both_commands_explain_themselves_with_an_example(default_home: Path, command: str) -> None:
    assert "例:" in kakehashi(default_home, command, "--help", lang="ja")[1]
    assert "Example:" in kakehashi(default_home, command, "--help")[1]
