"""The README's query gives the README's answer, and its table is what the release says."""

import json
import re
from pathlib import Path

import pytest

from tests.support.server import Client

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")

COUNTS = """
query Counts($edition: ID!, $view: ViewInput) {
  coverage(edition: $edition, given: {everything: true}, view: $view) { summary { assessable full partial } }
}"""


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_it_leads_with_two_commands() -> None:
    assert re.findall(r"```\n(.*?)```", README, re.DOTALL)[0].split("\n") == ["make serve", "make test", ""]


def test_its_query_has_its_answer(client: Client) -> None:
    assert client.graphql(block("graphql"), "ja") == json.loads(block("json"))


@pytest.mark.parametrize(
    "row", re.findall(r"^\| `(.+?)` \|.*?\| (\d+) \| (\d+) \+ (\d+) \| (\d+) \+ (\d+) \|$", README, re.MULTILINE)
)
def test_its_table_is_true(client: Client, row: tuple[str, ...]) -> None:
    edition, *numbers = row
    printed = client.ask(COUNTS, edition=edition)["coverage"]["summary"]
    drafts = client.ask(COUNTS, edition=edition, view={"minAuthority": "INFERRED"})["coverage"]["summary"]
    found = [printed["assessable"], printed["full"], printed["partial"], drafts["full"], drafts["partial"]]
    assert found == [int(number) for number in numbers]
