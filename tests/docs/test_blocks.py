"""Every block of code of the documentation runs, and prints what the page says that it prints."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks, pages
from tests.docs.power_query import parsed
from tests.docs.running import Place, check_output, prepare, run, run_page
from tests.docs.test_sending_in import SENDING_IN
from tests.support.server import serving

WITH_BLOCKS = [page for page in pages() if blocks(page) and page not in SENDING_IN]
MOST_NOT_RUN = 12
"""How many blocks of all may say that they are not run, each with its reason."""


@pytest.fixture
def place(default_home: Path, tmp_path: Path) -> Iterator[Place]:
    home = shutil.copytree(default_home, tmp_path / "home")
    with serving(home, mcp_hosts=()) as client:
        yield Place(prepare(tmp_path / "work"), home, client)


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_runs(page: Path, place: Place) -> None:
    run_page(page, place)


def test_few_blocks_do_not_run_and_each_says_why() -> None:
    kept = [block for page in pages() for block in blocks(page) if block.reason is not None]
    assert all(len(str(block.reason)) > 10 for block in kept), kept
    assert len(kept) <= MOST_NOT_RUN, [str(block) for block in kept]


def test_what_is_no_power_query_is_refused() -> None:
    with pytest.raises(AssertionError):
        parsed("let Table = in Table", "here")


@pytest.mark.parametrize(
    ("language", "code", "output"),
    [
        ("sh", "kakehashi show no-such-thing", None),
        ("sh", "kakehashi serve --no-such-option", None),
        ("sh", "make no-such-target", None),
        ("sh", "echo 1", "2"),
        ("sh", "echo $NO_SUCH_VARIABLE", None),
        ("sh", "printf '1\\n2\\n3\\n'", "1\n…\n4"),
        ("python", "raise SystemExit(1)", None),
        ("js", "throw new Error()", None),
        ("graphql", "{ nope }", None),
        ("json", "{", None),
        ("toml", "a = ", None),
        ("yaml", "a: [", None),
        ("cobol", "STOP RUN.", None),
        ("powerquery", 'Json.Document(Web.Contents("http://127.0.0.1:8000/readyz"))[nope]', None),
    ],
)
def test_a_block_that_is_wrong_fails(place: Place, language: str, code: str, output: str | None) -> None:
    def check() -> None:
        printed = run(Block(ROOT / "README.md", 1, language, "", code), place)
        if output is not None:
            check_output(Block(ROOT / "README.md", 2, "text", "output", output), printed)

    with pytest.raises(AssertionError):
        check()
