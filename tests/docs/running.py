"""How blocks are run. The rules are told to readers in docs/README.md.

http://127.0.0.1:8000 stands for the served release, the home is one of the page's own, and `kakehashi` is this tree's. What never
ends or installs things (`serve`, `mcp`, `make`) is checked and not carried out.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tests.docs.blocks import ROOT, Block, blocks
from tests.docs.power_query import run_m
from tests.support.programs import requires_program
from tests.support.server import Client

ADDRESS: Final = "http://127.0.0.1:8000"
ANYTHING: Final = "…"
"""A line of an output that stands for any lines."""

_SHIM: Final = f"""#!/bin/sh
exec {sys.executable} -c 'from kakehashi.cli.main import main; main()' "$@"
"""
_PRELUDE: Final = """set -euo pipefail
make() { command make --dry-run "$@" >/dev/null; }
kakehashi() { case "$1" in serve | mcp) command kakehashi "$@" --help >/dev/null ;; *) command kakehashi "$@" ;; esac }
[ ! -f .variables ] || . ./.variables
trap 'export -p > .variables' EXIT
set -a
"""
"""What a reader pastes goes into one shell, so that a page's later blocks find the variables of its earlier ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page's blocks run: a folder that looks like the project's, a home, and its server."""

    folder: Path
    home: Path
    client: Client

    def environment(self) -> dict[str, str]:
        """The environment of programs."""
        path = f"{self.folder / 'programs'}{os.pathsep}{os.environ['PATH']}"
        return {
            **os.environ, "PATH": path, "KAKEHASHI_HOME": str(self.home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
            "COLUMNS": "100",
            "PYTHONPATH": os.pathsep.join(str(ROOT / root) for root in ("ontology", "mappings", "loaders", "api")),
            "PYTHONIOENCODING": "utf-8",
        }  # fmt: skip

    def here(self, text: str) -> str:
        """A text with the address of the page's own server."""
        return text.replace(ADDRESS, self.client.base).replace(ADDRESS.removeprefix("http://"), self.client.base[7:])


def prepare(folder: Path) -> Path:
    """A folder with what a checkout has, and the programs that blocks name."""
    folder.mkdir()
    for one in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "docs", "api", "loaders", "mappings"):
        (folder / one).symlink_to(ROOT / one)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "activate").write_text("")
    (folder / "programs").mkdir()
    (folder / "programs" / "kakehashi").write_text(_SHIM)
    (folder / "programs" / "kakehashi").chmod(0o755)
    return folder


def run_page(page: Path, place: Place) -> None:
    """Run a page's blocks in their order, and hold what they print to what it shows."""
    printed: str | None = None
    for block in blocks(page):
        if block.reason is not None:
            printed = None
        elif block.is_output:
            check_output(block, printed)
        else:
            printed = run(block, place)


def run(block: Block, place: Place) -> str | None:
    """Run a block; what it prints, or None where it prints nothing by its nature."""
    assert block.language in RUNNERS, f"{block}: the language {block.language!r} has no runner"
    return RUNNERS[block.language](block, place)


def check_output(block: Block, printed: str | None) -> None:
    """Hold what was printed to the output that the page shows."""
    assert printed is not None, f"{block}: nothing before it prints anything"
    if block.language == "json":
        assert _as_shown(json.loads(printed)) == json.loads(block.code), f"{block}\n{printed}"
    else:
        assert _matches(block.code.splitlines(), printed.splitlines()), f"{block}\n{printed}"


def _as_shown(answer: Any) -> Any:
    """An answer without its extensions, which hold what changes from time to time, such as its cost."""
    return {key: value for key, value in answer.items() if key != "extensions"} if isinstance(answer, dict) else answer


def _matches(wanted: list[str], found: list[str]) -> bool:
    if not wanted:
        return not [line for line in found if line.strip()]
    if wanted[0].strip() == ANYTHING:
        return any(_matches(wanted[1:], found[start:]) for start in range(len(found) + 1))
    return bool(found) and wanted[0].rstrip() == found[0].rstrip() and _matches(wanted[1:], found[1:])


def _done(block: Block, place: Place, *command: str, text: str | None = None) -> str:
    done = subprocess.run(
        command, cwd=place.folder, env=place.environment(), input=text, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _shell(block: Block, place: Place) -> str:
    return _done(block, place, "bash", "-c", _PRELUDE + place.here(block.code))


def _python(block: Block, place: Place) -> str:
    return _done(block, place, sys.executable, "-", text=place.here(block.code))


def _javascript(block: Block, place: Place) -> str:
    return _done(block, place, requires_program("node"), "--input-type=module", "-", text=place.here(block.code))


def _graphql(block: Block, place: Place) -> str:
    answer = place.client.graphql(block.code, "ja" if "ja" in block.words.split() else "en")
    assert "errors" not in answer or "errors" in block.words.split(), f"{block}\n{answer}"
    return json.dumps(answer, ensure_ascii=False)


def _parsed(read: Callable[[str], Any]) -> Callable[[Block, Place], None]:
    def check(block: Block, _: Place) -> None:
        try:
            read(block.code)
        except ValueError as error:
            raise AssertionError(block) from error

    return check


def _power_query(block: Block, place: Place) -> str:
    return run_m(place.here(block.code), place.client, str(block))


def _yaml(text: str) -> None:
    try:
        list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        raise ValueError from error


RUNNERS: Final[dict[str, Callable[[Block, Place], str | None]]] = {
    "sh": _shell, "python": _python, "js": _javascript, "graphql": _graphql, "powerquery": _power_query,
    "json": _parsed(json.loads), "toml": _parsed(tomllib.loads), "yaml": _parsed(_yaml), "text": lambda *_: None,
}  # fmt: skip
"""By language; a text that is no output is a drawing."""
