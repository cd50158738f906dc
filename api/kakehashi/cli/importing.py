"""`kakehashi build-imports`: the process that builds what people send in; and the one that `serve` keeps beside itself."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kakehashi.cli.app import HomeOption, LangOption, app, maker_of
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.settings import Settings
from kakehashi.cli.terminal import ERR
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.journal import Journal
from kakehashi.vocabulary.text import KakehashiError

if TYPE_CHECKING:
    from kakehashi.http.receiving import ImportOptions

LOOK_SECONDS: Final = 0.5
LONGEST_PAUSE: Final = 60.0
LIVED_SECONDS: Final = 60.0
"""A process that lived so long is restarted at once when it ends."""
END_SECONDS: Final = 10.0

logger: Final = logging.getLogger(__name__)


def journal_of(home: Home) -> Journal:
    """Where imports are kept: below the home, or in the folder that KAKEHASHI_IMPORTS_FOLDER names."""
    return Journal(Settings().imports_folder or home.root / "imports")


@app.command(
    "build-imports",
    help=say(
        "届いた取り込み(POST /imports)を順に作成します。serve --importsが自動で起動します。",
        "Build what was sent to POST /imports, one after the other. 'serve --imports' starts this by itself.",
    ),
    epilog=say("例: kakehashi build-imports --once", "Example: kakehashi build-imports --once"),
)
def build_imports(
    once: Annotated[
        bool, typer.Option("--once", help=say("待っているものを作成したら終了", "End when nothing waits any more"))
    ] = False,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Build imports until the process is ended, or the parent is gone."""
    from kakehashi.pipeline.importing import Importer, LaterError  # noqa: PLC0415 - the pipeline costs 0.2 s

    maker = maker_of(home)
    importer = Importer(maker, journal_of(maker.home), Settings().imports_kept)
    failures = 0
    while parent is None or os.getppid() == parent:
        try:
            job, failures = importer.turn(), 0
        except (LaterError, KakehashiError) as error:
            job, failures = None, failures + 1
            ERR.print(error.text.in_language(LANGUAGE), soft_wrap=True, markup=False)
        if job is not None:
            ERR.print(say(f"取り込み {job.id} を終えました。", f"Import {job.id} is finished."), soft_wrap=True, markup=False)
        elif once and not failures:
            return
        else:
            time.sleep(min(LOOK_SECONDS * 2**failures, LONGEST_PAUSE))


def import_options(home: Home, *, turned_on: bool) -> "ImportOptions | None":
    """How a server takes imports; None where it takes none."""
    from kakehashi.http.receiving import ImportOptions  # noqa: PLC0415 - brings a web framework, which only `serve` needs

    if not (turned_on or Settings().imports):
        return None
    return ImportOptions(journal_of(home), Settings().imports_max_bytes)


@contextmanager
def building_beside(home: Home, options: "ImportOptions | None") -> Iterator[None]:
    """Keep a process that builds the imports, for as long as a server takes any."""
    if options is None:
        yield
        return
    keeper = _Keeper(home.root)
    keeper.start()
    try:
        yield
    finally:
        keeper.end()


class _Keeper(threading.Thread):
    """Starts the process that builds, and starts it again when it ends, after longer and longer pauses where it ends at once."""

    def __init__(self, home: Path) -> None:
        super().__init__(name="import-builder", daemon=True)
        command = "from kakehashi.cli.main import main; main()"
        self._command = [
            sys.executable, "-c", command, "build-imports", "--home", str(home), "--parent", str(os.getpid()), "--lang", LANGUAGE,
        ]  # fmt: skip
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()

    def run(self) -> None:
        failures = 0
        while self._begun() is not None:
            began = time.monotonic()
            code = self._waited()
            failures = 0 if time.monotonic() - began > LIVED_SECONDS else failures + 1
            if not self._ending.is_set():
                logger.warning("the process that builds imports ended with %s; it is started again", code)
            self._ending.wait(min(2.0 ** (failures - 1), LONGEST_PAUSE))

    def end(self) -> None:
        """End the process: it may be ended at any moment, for what it was building is built again."""
        with self._changing:
            self._ending.set()
            if self._process is not None:
                self._process.terminate()
        self.join(END_SECONDS)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def _begun(self) -> "subprocess.Popen[bytes] | None":
        with self._changing:
            if self._ending.is_set():
                return None
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
            return self._process

    def _waited(self) -> int | None:
        return None if self._process is None else self._process.wait()
