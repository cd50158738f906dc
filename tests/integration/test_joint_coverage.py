"""What several things meet together, from a consultant's own table to the answer, its proof, and the table on the terminal."""

import copy
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support import small_catalogue
from tests.support.assessing import BOARD, row, write_workbook
from tests.support.joint_checker import GROUP, JOINT, Served, joint_faults, wholes
from tests.support.making import build
from tests.support.proof_checker import STATEMENT, Json, Lookup
from tests.support.server import Client, serving

SOURCE = """key,value
id,school
version,2026
title_ja,学校の基準
title_en,School rules
authority,curated
parent_link,partition
parent_link_reason_ja,各条はその号に過不足なく分かれる。
parent_link_reason_en,A rule is exactly its items.
target_edition,school/2026
"""
FRAMEWORK = """notation,parent,kind,name_ja,name_en,status
1,,requirement,入退室,Access,
1.1,1,requirement,鍵,Keys,
1.2,1,requirement,記録,Records,
1.3,1,requirement,名札,Badges,withdrawn
2,,requirement,保管,Storage,
3,,requirement,教育,Training,
3.1,3,heading,対象,Scope,
3.2,3,requirement,研修,Courses,
4,,requirement,全体,All,
5,,requirement,印刷,Printing,
6,,requirement,委託,Contractors,
"""
MAPPING = """subject,relation,object
1.1,subset of,id:tool
1.2,subset of,id:door
3.2,subset of,id:tool
2,subset of,"1.1
1.2"
4,equal,"1
2"
5,subset of,id:printer
6,superset of,"1.1
1.2"
"""
RULES = "school/2026/"
GIVEN: Json = {"products": ["tool", "door"]}
ANSWER = (
    """query($given: GivenInput, $view: ViewInput, $hops: Int!, $lang: [String!]) {
  coverage(edition: "school/2026", given: $given, view: $view, maxHops: $hops) {
    summary { assessable full partial possible excluded unknown }
    requirements(first: 100) { nodes {
      requirement { id } status ...Jointly explained: jointly { explanation(lang: $lang) { value } }
      gaps { type closedBy { id } closedTogetherBy { id } explanation(lang: $lang) { value } }
    } }
  }
}"""
    + JOINT
)
CLOSING = """query($given: GivenInput, $budget: Int!) {
  closeGaps(edition: "school/2026", given: $given, budget: $budget, maxHops: 2) {
    exact newlyFull newlyPartial steps { addition { id } newlyFull }
  }
}"""
COMPARING = """query($before: GivenInput, $after: GivenInput) {
  compareCoverage(before: {edition: "school/2026", given: $before, maxHops: 2}, after: {edition: "school/2026", given: $after, maxHops: 2}) {
    rows(outcome: [BETTER]) { nodes {
      after { requirement { id } } differences { nodes { control { id } before after jointlyBefore jointlyAfter } }
    } }
  }
}"""  # noqa: E501 - GraphQL


def kakehashi(home: Path, *arguments: str) -> str:
    command = [sys.executable, "-c", "from kakehashi.cli.main import main; main()", *arguments, "--home", str(home)]
    environment = os.environ | {"COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment).stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of two products, a printer, and the school's own table."""
    root = tmp_path_factory.mktemp("joint")
    catalogue = small_catalogue.write(root / "small")
    with (catalogue / "entities" / "all.yaml").open("a", encoding="utf-8") as entities:
        entities.write("- {id: door, kind: product, ja: 扉, en: Door, ours: [ja, en]}\n")
        entities.write("- {id: printer, kind: product, ja: 印刷機, en: Printer, ours: [ja, en]}\n")
    build(root / "home", [catalogue])
    (root / "school").mkdir()
    for name, text in (("source", SOURCE), ("framework", FRAMEWORK), ("mapping", MAPPING)):
        (root / "school" / f"{name}.csv").write_text(text, "utf-8")
    kakehashi(root / "home", "load", str(root / "school"))
    return root / "home"


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Client]:
    with serving(home) as found:
        yield found


def answers(served: Client, given: Json, hops: int, language: str = "en") -> dict[str, Json]:
    found = served.ask(ANSWER, given=given, hops=hops, lang=[language])["coverage"]
    summary = found["summary"]
    assert sum(count for name, count in summary.items() if name != "assessable") == summary["assessable"]
    return {one["requirement"]["id"].removeprefix(RULES): one for one in found["requirements"]["nodes"]}


def full(served: Client, given: Json, hops: int) -> list[str]:
    return [name for name, one in answers(served, given, hops).items() if one["status"] == "FULL"]


@pytest.mark.parametrize(
    ("hops", "wanted"),
    [
        (1, ["1.1", "1.2", "3.2"]),
        (2, ["1", "1.1", "1.2", "2", "3.2"]),
        (3, ["1", "1.1", "1.2", "2", "3.2", "4"]),
        (4, ["1", "1.1", "1.2", "2", "3.2", "4"]),
    ],
)
def test_a_partition_and_a_mapping_of_several_meet_what_no_product_meets(served: Client, hops: int, wanted: list[str]) -> None:
    """3 has a heading among its items, 6 lies around what is met and not inside; 4 is met by what is met jointly."""
    assert full(served, GIVEN, hops) == wanted


@pytest.mark.parametrize("product", ["tool", "door"])
def test_one_of_the_two_does_not_do(served: Client, product: str) -> None:
    found = answers(served, {"products": [product]}, 3)
    assert not {"1", "2", "4"} & {name for name, one in found.items() if one["status"] == "FULL"}
    assert found["1"]["status"] == "PARTIAL"


@pytest.mark.parametrize(("language", "words"), [("en", "lies inside 2 provisions"), ("ja", "2件の条項を合わせた範囲")])
def test_it_says_so_in_words(served: Client, language: str, words: str) -> None:
    found = answers(served, GIVEN, 2, language)
    assert words in found["2"]["explained"][0]["explanation"]["value"]
    assert found["1"]["explained"][0]["explanation"]["value"] != found["2"]["explained"][0]["explanation"]["value"]


@pytest.mark.parametrize(("language", "words"), [("en", "full together: Door; Tool"), ("ja", "合わせれば充足: 扉、道具")])
def test_what_would_close_it_only_together_is_named(served: Client, language: str, words: str) -> None:
    (gap,) = answers(served, {}, 2, language)["2"]["gaps"]
    assert (gap["type"], gap["closedBy"]) == ("NOT_GIVEN", [])
    assert gap["closedTogetherBy"] == [{"id": "door"}, {"id": "tool"}]
    assert words in gap["explanation"]["value"]
    (gap,) = answers(served, {"products": ["tool"]}, 2, language)["2"]["gaps"]
    assert gap["closedTogetherBy"] == [{"id": "door"}]


def test_the_cheapest_way_takes_what_does_it_together(served: Client) -> None:
    found = served.ask(CLOSING, given={}, budget=2)["closeGaps"]
    assert found["exact"]
    assert {one["addition"]["id"] for one in found["steps"]} == {"tool", "door"}
    assert found["newlyFull"] == sum(one["newlyFull"] for one in found["steps"]) == 5
    one_more = served.ask(CLOSING, given={"products": ["tool"]}, budget=1)["closeGaps"]
    assert [(one["addition"]["id"], one["newlyFull"]) for one in one_more["steps"]] == [("door", 3)]


def test_two_reports_differ_in_the_things_that_do_it_together(served: Client) -> None:
    found = served.ask(COMPARING, before={"products": ["tool"]}, after=GIVEN)["compareCoverage"]["rows"]["nodes"]
    rows = {one["after"]["requirement"]["id"]: one["differences"]["nodes"] for one in found}
    assert rows[f"{RULES}2"] == [
        {"control": {"id": name}, "before": before, "after": "POSSIBLE", "jointlyBefore": False, "jointlyAfter": True}
        for name, before in (("door", None), ("tool", "POSSIBLE"))
    ]


@pytest.mark.parametrize(("lang", "words"), [("en", "Door + Tool (together)"), ("ja", "扉と道具 (合わせて)")])
def test_the_table_on_the_terminal_names_them(home: Path, lang: str, words: str) -> None:
    told = kakehashi(home, "--lang", lang, "coverage", "school/2026", "--product", "tool", "--product", "door", "--max-hops", "2")
    assert told.count(words) == 2


def lookup(served: Client, query: str, field: str) -> Lookup:
    @cache
    def found(identifier: str) -> Json | None:
        record: Json | None = served.ask(query, id=identifier)[field]
        return record

    return found


Check = Callable[..., list[str]]


@pytest.fixture(scope="module")
def check(served: Client) -> Check:
    statement, group = lookup(served, STATEMENT, "statement"), lookup(served, GROUP, "mappingGroup")
    against = Served(statement, group, wholes(served.ask))

    def checked(requirement: str, joint: Json, hops: int = 3) -> list[str]:
        return joint_faults(requirement, joint, against, hops, GIVEN["products"])

    return checked


def proofs(served: Client) -> list[tuple[str, Json]]:
    found = answers(served, GIVEN, 3)
    return [(one["requirement"]["id"], joint) for one in found.values() for joint in one["jointly"]]


def test_every_proof_holds(served: Client, check: Check) -> None:
    found = proofs(served)
    assert [requirement.removeprefix(RULES) for requirement, _ in found] == ["1", "2", "4"]
    assert any(part["jointly"] for _, joint in found for part in joint["parts"])
    assert [check(*one) for one in found] == [[], [], []]


def _other_group(joint: Json) -> Iterator[Json]:
    for other in ("group/none", None if joint["group"] else "group/none"):
        joint["group"] = other and {"id": other}
        yield joint


def _fewer_parts(joint: Json) -> Iterator[Json]:
    parts = joint["parts"]
    for place in range(len(parts)):
        joint["parts"] = parts[:place] + parts[place + 1 :]
        yield joint


def _another_part(joint: Json) -> Iterator[Json]:
    joint["parts"][0]["part"]["id"] = RULES + "3.2"
    yield joint


def _nothing_meets_a_part(joint: Json) -> Iterator[Json]:
    joint["parts"][-1] |= {"satisfiedBy": None, "jointly": None}
    yield joint


def _stronger(joint: Json) -> Iterator[Json]:
    for name in ("OFFICIAL", "THIRD_PARTY"):
        joint["authority"] = name
        yield joint


def _another_control(joint: Json) -> Iterator[Json]:
    joint["controls"] = [{"id": "printer"}]
    yield joint


def _inside(tamper: Callable[[Json], Any]) -> Callable[[Json], Iterator[Json]]:
    """The same done to what meets the first part alone, however deep it stands."""

    def tampered(joint: Json) -> Iterator[Json]:
        part = joint["parts"][0]
        while part["satisfiedBy"] is None:
            part = part["jointly"]["parts"][0]
        tamper(part["satisfiedBy"])
        yield joint

    return tampered


TAMPERINGS: dict[str, Callable[[Json], Iterator[Json]]] = {
    "another mapping, or none": _other_group,
    "a part left out": _fewer_parts,
    "another part": _another_part,
    "a part that nothing meets": _nothing_meets_a_part,
    "a stronger authority": _stronger,
    "another control": _another_control,
    "a part met partly": _inside(lambda coverage: coverage.update(status="PARTIAL")),
    "a part met by a certificate": _inside(lambda coverage: coverage["proof"].update(rule="CERTIFICATE_ACCEPTED")),
    "a part met by something else": _inside(lambda coverage: coverage["control"].update(id="printer")),
    "a longer chain": _inside(lambda coverage: coverage["proof"]["chains"][0].extend(coverage["proof"]["chains"][0] * 2)),
    "no chain": _inside(lambda coverage: coverage["proof"]["chains"].clear()),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_proof_is_refused(served: Client, check: Check, name: str) -> None:
    refused = 0
    for requirement, joint in proofs(served):
        for tampered in TAMPERINGS[name](copy.deepcopy(joint)):
            if name == "another mapping, or none" and tampered["group"] == joint["group"]:
                continue
            assert check(requirement, tampered), (name, requirement)
            refused += 1
    assert refused >= 3


def test_a_proof_for_another_requirement_or_with_fewer_hops_is_refused(served: Client, check: Check) -> None:
    found = proofs(served)
    assert all(check(RULES + "5", joint) for _, joint in found)
    assert all(check(*one, hops=1) for one in found)


IN_PLACE = """query($assessed: AssessedInput!, $hops: Int!) {
  coverage(edition: "school/2026", maxHops: $hops, assessed: $assessed) {
    requirements(first: 100) { nodes {
      requirement { id }
      inPlace { status jointly { group { id } parts { part { id } by { provision { id } status proof { authority } } jointly { parts { part { id } } } } } }
    } }
  }
}"""  # noqa: E501 - GraphQL


def test_what_is_in_place_together_is_told_part_by_part(home: Path, tmp_path: Path) -> None:
    rows = [row(edition="school/2026", provision=one) for one in ("1.1", "1.2", "2")]
    kakehashi(home, "load", str(write_workbook(tmp_path / "assessed.xlsx", *rows)))
    with serving(home, private=True) as own:
        found = own.ask(IN_PLACE, assessed={"organisation": BOARD}, hops=3)["coverage"]["requirements"]["nodes"]
    told = {one["requirement"]["id"].removeprefix(RULES): one["inPlace"] for one in found}
    assert [name for name, one in told.items() if one["status"] == "FULL"] == ["1", "1.1", "1.2", "2", "4"]
    (joint,) = told["1"]["jointly"]
    assert joint["group"] is None
    assert [(part["part"]["id"], part["by"]["provision"]["id"], part["by"]["proof"]) for part in joint["parts"]] == [
        (RULES + one, RULES + one, None) for one in ("1.1", "1.2")
    ]
    (whole,) = told["4"]["jointly"]
    assert [[part["part"]["id"] for part in one["jointly"]["parts"]] for one in whole["parts"] if one["jointly"]] == [
        [RULES + "1.1", RULES + "1.2"]
    ]
