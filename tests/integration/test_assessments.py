"""What is in place, over HTTP from a server of one's own and on the command line, in both languages, every proof checked."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kakehashi.pipeline.load import load
from tests.integration.test_cli import kakehashi
from tests.support.assessing import BOARD, SOURCE_ID, home_at, row, write_catalogue, write_workbook
from tests.support.assessments_workbook import WORKBOOK, workbook
from tests.support.making import build, maker_at
from tests.support.proof_checker import ROW, STATEMENT, row_faults
from tests.support.server import Client, Reply, serving
from tests.support.workbooks import Cell

Json = dict[str, Any]

ROWS = [
    row(control="tool", evidence="https://example.org/log", remark="年に一度確かめる。"),
    row(provision="1.2", date="2026-04-01", status="planned", control="spare"),
    row(provision="1.2", date="2026-05-01", status="in place", control="spare"),
    row(provision="1.10", applicable="no", justification="該当する設備がない。", status=None),
    row(provision="id:same-a", status="not"),
    row(scope="校務系", provision="1.1", status="planned"),
]
COVERAGE = """
query($edition: ID!, $given: GivenInput, $asOf: Date, $assessed: AssessedInput, $hops: Int = 2) {
  coverage(edition: $edition, given: $given, view: {asOf: $asOf}, maxHops: $hops, assessed: $assessed) {
    summary { assessable full partial possible excluded unknown }
    inPlaceSummary { assessable full partial possible excluded unknown notApplicable contradicted fullRatio coveredRatio }
    assessed { organisation scope assessedCount unresolved { totalCount nodes { provisionId provision { id } status reviewer } } }
    requirements {
      nodes {
        requirement { id } status
        inPlace {
          status contradicted
          assessment {
            id applicable status justification controlId controlGiven control { id } evidence reviewer date remark
            organisation scope editionId provisionId provision { id } source { id redistribution title { value } }
          }
          by {
            nodes {
              provision { id } status relation { relations } assessment { id status }
              proof { rule authority conclusion { relations } chains { %STEP } links { id } missing { %STEP } }
            }
          }
        }
      }
    }
  }
}""".replace("%STEP", ROW.partition("chains { ")[2].partition(" }  links")[0].partition(" } links")[0])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("assessed")
    found = home_at(root)
    assert not load(maker_at(found), [write_workbook(root / "board.xlsx", *ROWS)]).refused
    return found


@pytest.fixture(scope="module")
def own(home: Path) -> Iterator[Client]:
    with serving(home, private=True) as client:
        yield client


def report(client: Client, edition: str, language: str = "ja", **more: object) -> Json:
    variables = {"given": {"products": ["tool"]}, "asOf": "2026-06-01", "assessed": {"organisation": BOARD}} | more
    found: Json = client.ask(COVERAGE, language, edition=edition, **variables)["coverage"]
    return found


def in_place(found: Json) -> dict[str, Json]:
    return {node["requirement"]["id"]: node["inPlace"] for node in found["requirements"]["nodes"]}


def test_what_is_available_and_what_is_in_place_are_told_apart(own: Client) -> None:
    found = report(own, "rules/2026")
    told = {node["requirement"]["id"]: (node["status"], node["inPlace"]["status"]) for node in found["requirements"]["nodes"]}
    assert told == {
        "rule-1": ("FULL", "FULL"), "rule-2": ("UNKNOWN", "FULL"), "rule-3": ("UNKNOWN", None), "same-a": ("UNKNOWN", "UNKNOWN"),
        "same-b": ("UNKNOWN", "UNKNOWN"),
    }  # fmt: skip
    summary = found["inPlaceSummary"]
    assert summary == {
        "assessable": 4, "full": 2, "partial": 0, "possible": 0, "excluded": 0, "unknown": 2, "notApplicable": 1,
        "contradicted": 0, "fullRatio": 0.5, "coveredRatio": 0.5,
    }  # fmt: skip
    assert summary["assessable"] + summary["notApplicable"] == found["summary"]["assessable"]
    assert found["assessed"] == {
        "organisation": BOARD, "scope": None, "assessedCount": 4, "unresolved": {"totalCount": 0, "nodes": []}
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_assessment_is_told_whole(own: Client, language: str) -> None:
    found = in_place(report(own, "rules/2026", language))
    one = found["rule-1"]["assessment"]
    assert one.pop("id").startswith("assessment/")
    assert one == {
        "applicable": True, "status": "IN_PLACE", "justification": None, "controlId": "tool", "controlGiven": True,
        "control": {"id": "tool"}, "evidence": "https://example.org/log", "reviewer": "評価 花子", "date": "2026-04-01",
        "remark": "年に一度確かめる。", "organisation": BOARD, "scope": None, "editionId": "rules/2026", "provisionId": "rule-1",
        "provision": {"id": "rule-1"},
        "source": {"id": SOURCE_ID, "redistribution": "PRIVATE", "title": {"value": "秘密市の評価"}},
    }  # fmt: skip
    excluded = found["rule-3"]["assessment"]
    assert (excluded["applicable"], excluded["status"]) == (False, "NOT_APPLICABLE")
    assert excluded["justification"] == "該当する設備がない。"


def test_a_control_that_is_not_had_is_shown_as_such(own: Client) -> None:
    found = in_place(report(own, "rules/2026"))
    assert found["rule-2"]["assessment"]["controlGiven"] is False
    assert found["same-a"]["assessment"]["controlGiven"] is None
    more = in_place(report(own, "rules/2026", given={"products": ["spare"]}))
    assert (more["rule-1"]["assessment"]["controlGiven"], more["rule-2"]["assessment"]["controlGiven"]) == (False, True)


def test_the_day_decides_which_assessment_counts(own: Client) -> None:
    days = {"2026-03-31": (None, "UNKNOWN"), "2026-04-30": ("PLANNED", "UNKNOWN"), "2026-05-01": ("IN_PLACE", "FULL")}
    for day, (assessed, status) in days.items():
        found = in_place(report(own, "rules/2026", asOf=day))["rule-2"]
        assert ((found["assessment"] or {}).get("status"), found["status"]) == (assessed, status)


def test_a_scope_has_assessments_of_its_own(own: Client) -> None:
    found = report(own, "rules/2026", assessed={"organisation": BOARD, "scope": "校務系"})
    assert (found["assessed"]["scope"], found["assessed"]["assessedCount"]) == ("校務系", 1)
    assert in_place(found)["rule-1"]["status"] == "UNKNOWN"
    assert found["inPlaceSummary"]["full"] == 0


@pytest.mark.parametrize("edition", ["rules/2026", "laws/1"])
def test_every_proof_passes_the_checker(own: Client, edition: str) -> None:
    """Rules that are in place meet laws through mappings: one that is equal wholly, one that is a subset in part."""
    found = in_place(report(own, edition))
    if edition == "laws/1":
        assert {law: answer["status"] for law, answer in found.items()} == {"law-1": "FULL", "law-2": "PARTIAL"}
    proved = 0
    for requirement, answer in found.items():
        for one in answer["by"]["nodes"]:
            assert one["assessment"]["status"] == "IN_PLACE"
            if one["proof"] is None:
                assert (one["provision"]["id"], one["relation"]["relations"]) == (requirement, ["EQUAL"])
                continue
            ends = {"source": one["provision"], "target": {"id": requirement}, "candidate": False}
            assert row_faults(one | ends, lambda name: own.ask(STATEMENT, id=name)["statement"], 2) == []
            full = set(one["relation"]["relations"]) <= {"EQUAL", "SUPERSET_OF"}
            assert one["status"] == ("FULL" if full else "PARTIAL")
            proved += 1
    assert proved == (2 if edition == "laws/1" else 0)


def test_what_was_denied_and_is_proved_is_told(home: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    found = home_at(root)
    rows = [row(), row(edition="laws/1", provision="1", status="not")]
    load(maker_at(found), [write_workbook(root / "board.xlsx", *rows)])
    with serving(found, private=True) as client:
        answer = report(client, "laws/1")
    one = in_place(answer)["law-1"]
    assert (one["status"], one["contradicted"], one["assessment"]["status"]) == ("FULL", True, "NOT_IN_PLACE")
    assert answer["inPlaceSummary"]["contradicted"] == 1


def test_what_the_release_has_no_longer_is_shown_as_such(tmp_path: Path) -> None:
    found = home_at(tmp_path)
    load(maker_at(found), [write_workbook(tmp_path / "board.xlsx", row(control="tool"), row(provision="1.2", control="spare"))])
    build(found, [write_catalogue(tmp_path / "catalogue", without="rule-1")])
    with serving(found, private=True) as client:
        answer = report(client, "rules/2026")
    assert answer["assessed"]["unresolved"]["nodes"] == [
        {"provisionId": "rule-1", "provision": None, "status": "IN_PLACE", "reviewer": "評価 花子"}
    ]
    assert in_place(answer)["rule-2"]["status"] == "FULL"


def test_without_the_question_nothing_of_it_is_told(own: Client) -> None:
    found = report(own, "rules/2026", assessed=None)
    assert (found["assessed"], found["inPlaceSummary"]) == (None, None)
    assert set(map(str, in_place(found).values())) == {"None"}


def with_headers(own: Client, headers: dict[str, str]) -> Reply:
    body = json.dumps({"query": COVERAGE, "variables": {"edition": "rules/2026", "assessed": {"organisation": BOARD}}}).encode()
    return own.send("/graphql", method="POST", body=body, headers={"content-type": "application/json"} | headers)


@pytest.mark.parametrize(
    "headers",
    [
        *({"host": host} for host in ("evil.example", "evil.example:80", "192.0.2.1", "localhost.evil.example")),
        *({"host": host} for host in ("evil.com@127.0.0.1", "localhost:1@evil.com", "[::1 ", "localhost:x", "127.0.0.1/evil")),
        *({name: "192.0.2.1"} for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")),
        *({"sec-fetch-site": site} for site in ("cross-site", "same-site", "")),
        *(
            {"origin": origin}
            for origin in ("https://evil.com", "null", "http://localhost@evil.com", "http://127.0.0.1.evil.com")
        ),
    ],
    ids=str,
)
def test_what_comes_from_elsewhere_sees_nothing(own: Client, headers: dict[str, str]) -> None:
    """A page that made its own name lead here, what a proxy hands on, and what a page of another site sends."""
    answer = with_headers(own, headers | {"accept-language": "en"}).json()
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "headers",
    [
        *({"host": host} for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000")),
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8000"},
    ],
    ids=str,
)
def test_whoever_asks_on_this_machine_sees_them(own: Client, headers: dict[str, str]) -> None:
    assert "errors" not in with_headers(own, headers).json()


def test_who_shows_private_rows_lets_nobody_store_them(own: Client, home: Path) -> None:
    assert with_headers(own, {}).headers["cache-control"] == "private, no-store"
    with serving(home) as public:
        assert "public" in public.send("/graphql?query={release{id}}").headers["cache-control"]


def test_private_rows_that_were_moved_away_are_not_shown_any_longer(tmp_path: Path) -> None:
    found = home_at(tmp_path)
    load(maker_at(found), [write_workbook(tmp_path / "board.xlsx", row())])
    with serving(found, private=True) as client:
        assert "errors" not in with_headers(client, {}).json()
        (found / "private").rename(tmp_path / "elsewhere")
        assert "NOT_FOUND" in json.dumps(with_headers(client, {}).json())


def test_a_new_private_release_is_served_without_a_restart(tmp_path: Path) -> None:
    found = home_at(tmp_path)
    with serving(found, private=True) as client:
        variables: Json = {"edition": "rules/2026", "assessed": {"organisation": BOARD}}
        assert "NOT_FOUND" in json.dumps(client.graphql(COVERAGE, **variables))
        load(maker_at(found), [write_workbook(tmp_path / "board.xlsx", row())])
        assert client.ask(COVERAGE, **variables)["coverage"]["inPlaceSummary"]["full"] == 1


# ---- the command line


def on_terminal(home: Path, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    return kakehashi("--lang", lang, *arguments, home=home)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("In place", "not applicable (2026-04-01", "Spare (not owned)", "not applicable 1", "rule-1")),
        ("ja", ("実施", "適用外 (2026-04-01", "予備 (保有なし)", "適用外 1", "実施済み (2026-05-01 評価 花子)")),
    ],
)
@pytest.mark.parametrize("command", ["coverage", "gaps"])
def test_both_columns_stand_on_the_terminal(home: Path, command: str, lang: str, words: tuple[str, ...]) -> None:
    done = on_terminal(home, command, "rules/2026", "--product", "tool", "--organisation", BOARD, lang=lang)
    assert done.returncode == 0, done.stderr
    shown = " ".join(done.stdout.split())
    assert not [word for word in words if word not in shown and not (command == "gaps" and word == "rule-1")], done.stdout


@pytest.mark.parametrize("command", ["coverage", "gaps"])
def test_without_an_organisation_the_terminal_says_nothing_of_it(home: Path, command: str) -> None:
    done = on_terminal(home, command, "rules/2026")
    assert done.returncode == 0, done.stderr
    assert "In place" not in done.stdout


def test_what_is_not_there_is_told_plainly(home: Path) -> None:
    done = on_terminal(home, "coverage", "rules/2026", "--organisation", "nobody")
    assert (done.returncode, "There is no assessment of 'nobody'" in done.stderr) == (1, True)
    done = on_terminal(home, "gaps", "rules/2026", "--scope", "x")
    assert (done.returncode, "--scope needs --organisation" in done.stderr) == (1, True)


def test_private_sources_are_listed_unloaded_and_rolled_back(tmp_path: Path) -> None:
    home, book = home_at(tmp_path), write_workbook(tmp_path / "board.xlsx", row())
    done = on_terminal(home, "load", str(book))
    assert (done.returncode, "The private release is" in done.stdout) == (0, True), done.stderr
    listed = json.loads(on_terminal(home, "sources", "--loaded", "--json").stdout)
    assert [one["id"] for one in listed["private"]] == [SOURCE_ID]
    assert SOURCE_ID not in [one["id"] for one in listed["loaded"]]
    assert BOARD in on_terminal(home, "sources", "--loaded", lang="ja").stdout
    before = on_terminal(home, "load", str(write_workbook(tmp_path / "board.xlsx", row(), row(provision="1.2"))))
    assert ("replaced" in before.stdout, "1 → 2" in before.stdout) == (True, True)
    done = on_terminal(home, "unload", SOURCE_ID)
    assert (done.returncode, "(0 sources)" in done.stdout) == (0, True)
    assert ("The private release is" in done.stdout, "Serving release" in done.stdout) == (True, False)
    assert json.loads(on_terminal(home, "sources", "--loaded", "--json").stdout)["private"] == []
    done = on_terminal(home, "rollback", "--private", lang="ja")
    assert (done.returncode, "非公開のリリースは" in done.stdout, "(出典1件)です" in done.stdout) == (0, True, True)
    assert len(json.loads(on_terminal(home, "sources", "--loaded", "--json").stdout)["private"]) == 1
    assert len(json.loads(on_terminal(home, "releases", "--private", "--json").stdout)) == 3
    assert len(json.loads(on_terminal(home, "releases", "--json").stdout)) == 1
    assert on_terminal(home, "releases", "--private", "--prune", "1").returncode == 0
    assert on_terminal(home, "coverage", "rules/2026", "--organisation", BOARD).returncode == 0


@pytest.mark.parametrize(("lang", "word"), [("en", "Others reach 0.0.0.0"), ("ja", "他の端末からも届く")])
def test_private_rows_are_not_served_where_others_reach(home: Path, lang: str, word: str) -> None:
    done = on_terminal(home, "serve", "--private", "--host", "0.0.0.0", "--port", "0", lang=lang)
    assert (done.returncode, word in done.stderr) == (1, True)


# ---- several at once


def test_two_workbooks_of_one_name_are_two_sources(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    for city in ("city1", "city2"):
        (tmp_path / city).mkdir()
        source: list[list[Cell]] = [["id", city], ["title_en", city]]
        write_workbook(tmp_path / city / "assessments.xlsx", row(organisation=city, provision="1.9"), source=source)
    report = load(maker_at(home), [tmp_path / city / "assessments.xlsx" for city in ("city1", "city2", "city1")])
    assert [one.source for one in report.sources] == ["source/assessments/city1", "source/assessments/city2"]
    assert [one.faults[0].places for one in report.sources] == [
        (f"{tmp_path}/{city}/assessments.xlsx[assessments]:2",) for city in ("city1", "city2")
    ]


# ---- the workbook that is shipped


def test_the_shipped_workbook_is_the_one_that_is_written() -> None:
    assert WORKBOOK.read_bytes() == workbook(), "run: python -m tests.support.assessments_workbook"


def test_the_shipped_workbook_loads_into_the_default_release(tmp_path: Path, default_home: Path) -> None:

    home = tmp_path / "home"
    shutil.copytree(default_home, home)
    report = load(maker_at(home), [WORKBOOK])
    assert [(one.faults, one.kept) for one in report.sources] == [((), {"source": 1, "assessment": 5})]
