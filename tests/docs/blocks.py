"""The documentation's pages and their blocks of code."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"

OUTPUT: Final = "output"
NO_RUN: Final = "no-run:"

_FENCE: Final = re.compile(r"^( *)```(.*)$")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, the words after it, and its first line's number."""

    page: Path
    line: int
    language: str
    words: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def is_output(self) -> bool:
        """Whether it is what the block before it prints or answers."""
        return OUTPUT in self.words.split()

    @property
    def reason(self) -> str | None:
        """Why it is not run; None where it is."""
        return self.words.partition(NO_RUN)[2].strip() if NO_RUN in self.words else None


def pages() -> list[Path]:
    """All pages: the README in both languages, and what is below docs."""
    return [*sorted(ROOT.glob("README*.md")), *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in its order."""
    found: list[Block] = []
    begun: tuple[int, str, str] | None = None
    code: list[str] = []
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if fence is None:
            code.append(line)
        elif begun is None:
            begun, code = (number, fence[1], fence[2]), []
        else:
            at, indent, info = begun
            language, _, words = info.partition(" ")
            text = "\n".join(one.removeprefix(indent) for one in code)
            found.append(Block(page, at, language, words, text))
            begun = None
    assert begun is None, f"{page}: a block is not closed"
    return found


def prose(page: Path) -> str:
    """A page's text without its blocks."""
    return re.sub(r"^( *)```.*?^ *```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
