"""The pages: each for users in both languages, links that lead somewhere, and no command, option or setting that there is not."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from kakehashi.cli import main as _commands
from kakehashi.cli.app import app
from kakehashi.cli.settings import Settings
from kakehashi.cli.settings_sources import CONFIG, SECRETS
from tests.docs.blocks import DOCS, ROOT, blocks, pages, prose

FOR_DEVELOPERS = {"benchmarks.md", "candidates.md"}
"""Measurements, written by the programs that measure."""
USER_PAGES = [page for page in pages() if "decisions" not in page.parts and page.name not in FOR_DEVELOPERS]
NOT_SETTINGS = {"KAKEHASHI_KILLS", "KAKEHASHI_FUZZ", "KAKEHASHI_REQUIRE_ALL", CONFIG, SECRETS}
"""What only tests read, and where settings come from."""

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def counterpart(page: Path) -> Path:
    """The same page in the other language."""
    name = page.name.replace(".ja.md", ".md") if page.name.endswith(".ja.md") else page.name.replace(".md", ".ja.md")
    return page.with_name(name)


@pytest.mark.parametrize("page", USER_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_for_users_is_in_both_languages(page: Path) -> None:
    assert counterpart(page).exists()


@pytest.mark.parametrize(
    "page", [page for page in USER_PAGES if page.name.endswith(".ja.md")], ids=lambda page: str(page.relative_to(ROOT))
)
def test_both_languages_have_the_same_examples(page: Path) -> None:
    """Block by block, in the same languages."""
    shown = [(block.language, block.is_output) for block in blocks(page)]
    assert shown == [(block.language, block.is_output) for block in blocks(counterpart(page))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        path, _, anchor = target.partition("#")
        if path.startswith(("http:", "https:")):
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{page}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{page}: {target}"


@pytest.mark.parametrize("page", USER_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_in_japanese_links_to_pages_in_japanese(page: Path) -> None:
    if page.name.endswith(".ja.md"):
        for target in _LINK.findall(prose(page)):
            found = (page.parent / target.partition("#")[0]).resolve()
            other = counterpart(found)
            is_english = found.suffix == ".md" and not found.name.endswith(".ja.md") and other.exists()
            assert not is_english or other == page, f"{page}: {target}"


@cache
def anchors(page: Path) -> frozenset[str]:
    """What headings can be linked to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


@cache
def options() -> dict[str, frozenset[str]]:
    """The options of each command; a command of a command goes by both words."""
    assert _commands
    return dict(_options(typer.main.get_command(app), ""))


def _options(group: object, before: str) -> Iterator[tuple[str, frozenset[str]]]:
    for name, command in getattr(group, "commands", {}).items():
        yield f"{before}{name}", frozenset(option for one in command.params for option in one.opts)
        yield from _options(command, f"{before}{name} ")


def command_of(words: list[str]) -> str:
    """The command that a line begins with, in both words where it is a command of a command."""
    is_group = any(name.startswith(f"{words[0]} ") for name in options())
    return " ".join(words[: 2 if is_group else 1])


def told_commands(page: Path) -> list[str]:
    """The command lines that a page shows: in its blocks and in its prose."""
    in_blocks = [
        line for block in blocks(page) if block.language == "sh" for line in block.code.replace("\\\n", " ").splitlines()
    ]
    in_prose = re.findall(r"`(kakehashi [^`]+)`", prose(page))
    return [found[1] for line in (*in_blocks, *in_prose) for found in re.finditer(r"\bkakehashi ([^|;&#()]+)", line)]


@pytest.mark.parametrize("page", USER_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_options_are_there(page: Path) -> None:
    for line in told_commands(page):
        words = line.split()
        while words and words[0] in {"--lang", "ja", "en"}:
            words = words[1:]
        if words and words[0] != "--help":
            name = command_of(words)
            assert name in options(), f"{page}: kakehashi {line}"
            said = {word.split("=")[0] for word in words if word.startswith("--")}
            assert said <= options()[name] | {"--help"}, f"{page}: kakehashi {line}"


@pytest.mark.parametrize("page", USER_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_settings_are_there(page: Path) -> None:
    known = {f"KAKEHASHI_{name.upper()}" for name in Settings.model_fields} | NOT_SETTINGS
    assert set(re.findall(r"KAKEHASHI_[A-Z_]*[A-Z]", page.read_text("utf-8"))) <= known


def test_every_command_is_told_of_in_the_reference() -> None:
    for language in ("", ".ja"):
        page = (DOCS / "reference" / f"cli{language}.md").read_text("utf-8")
        assert not [name for name in options() if f"kakehashi {name}" not in page]


def test_the_readme_leads_with_two_commands() -> None:
    for page in ROOT.glob("README*.md"):
        assert blocks(page)[0].code.split("\n") == ["make serve", "make test"]
