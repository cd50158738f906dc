"""What is printed: tables, faults and errors, in the language of the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kakehashi.cli.columns import broken, fitted
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.records.located import InvalidSourceError
from kakehashi.vocabulary import text as words
from kakehashi.vocabulary.text import KakehashiError

OUT: Final = Console()
ERR: Final = Console(stderr=True)

STATUS_STYLE: Final = {
    "FULL": "green", "PARTIAL": "yellow", "POSSIBLE": "cyan", "EXCLUDED": "red", "UNKNOWN": "dim",
}  # fmt: skip


@contextmanager
def progress(total: int) -> Iterator[Any]:
    """A bar of a known number of steps; gives a function that begins the next step."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=ERR) as bar:
        task = bar.add_task("", total=total)
        begun = False

        def begin(step: words.Text) -> None:
            nonlocal begun
            bar.update(task, description=step.in_language(LANGUAGE), advance=1 if begun else 0)
            begun = True

        yield begin
        bar.update(task, completed=total)


class Told:
    """What a load tells while it runs: what it fetches, and which file it read last."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def step(self, text: words.Text) -> None:
        """A step in words."""
        self._bar.update(self._task, description=escape(text.in_language(LANGUAGE)))

    def file(self, done: int, name: str) -> None:
        """How many files were read, and the last one."""
        self._bar.update(self._task, completed=done, description=escape(name[-60:]))


@contextmanager
def counting() -> Iterator[Told]:
    """A line that counts files, whose number is not known beforehand."""
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=ERR, transient=True) as bar:
        yield Told(bar)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str | None = None) -> None:
    """A table that wraps and never cuts."""
    cells = [[Text.from_markup(cell) for cell in row] for row in (columns, *rows)]
    widths, (headings, *body) = fitted(cells, OUT.width - 3 * len(columns) - 1)
    shown = Table(title=title, title_justify="left", header_style="bold", show_lines=True)
    for heading, width in zip(headings, widths, strict=True):
        shown.add_column(heading, overflow="fold", width=width)
    for row in body:
        shown.add_row(*row)
    OUT.print(shown)


def lines(told: Iterable[str]) -> None:
    """Sentences in markup, each on lines of its own that break as those of tables do."""
    for one in told:
        OUT.print(broken(Text.from_markup(one), OUT.width))


def failure(error: KakehashiError) -> None:
    """An error, and where it is a source's, every fault with its file and line."""
    if isinstance(error, InvalidSourceError):
        for fault in error.faults:
            ERR.print(f"[bold]{escape(str(fault.place))}[/]: {escape(fault.text.in_language(LANGUAGE))}", soft_wrap=True)
    ERR.print(f"[red]{say('エラー', 'Error')}[/]: {escape(error.text.in_language(LANGUAGE))}", soft_wrap=True)
