"""The table of the default release is what the release says, in both languages."""

import re

import pytest

from tests.docs.blocks import DOCS
from tests.support.server import Client

ROW = re.compile(r"^\| `(.+?)` \|.*?\| (\d+) \| (\d+) \+ (\d+) \| (\d+) \+ (\d+) \|$", re.MULTILINE)
COUNTS = """
query Counts($edition: ID!, $view: ViewInput) {
  coverage(edition: $edition, given: {everything: true}, view: $view) { summary { assessable full partial } }
}"""


def rows(page: str) -> list[tuple[str, ...]]:
    return ROW.findall((DOCS / "reference" / page).read_text("utf-8"))


TABLES = [rows("default-release.md"), rows("default-release.ja.md")]


def test_both_tables_say_the_same() -> None:
    english, japanese = TABLES
    assert english == japanese
    assert len(english) == 6


@pytest.mark.parametrize("row", TABLES[0], ids=lambda row: row[0])
def test_the_table_is_true(client: Client, row: tuple[str, ...]) -> None:
    edition, *numbers = row
    printed = client.ask(COUNTS, edition=edition)["coverage"]["summary"]
    drafts = client.ask(COUNTS, edition=edition, view={"minAuthority": "INFERRED"})["coverage"]["summary"]
    found = [printed["assessable"], printed["full"], printed["partial"], drafts["full"], drafts["partial"]]
    assert found == [int(number) for number in numbers]
