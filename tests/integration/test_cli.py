"""The command line, as a user types it, in both languages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-c", "from kakehashi.cli.main import main; main()"]
LEGAL = "leaflet-legal-considerations/2020-01"


def kakehashi(*arguments: str, home: Path, locale: str = "C.UTF-8", text: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KAKEHASHI_HOME": str(home), "LANG": locale, "LC_ALL": locale, "COLUMNS": "160"}
    return subprocess.run(
        [*RUN, *arguments], env=environment, capture_output=True, text=True, input=text, timeout=120, check=False
    )


def test_coverage_is_a_table_in_the_readers_language(default_home: Path) -> None:
    arguments = ("coverage", LEGAL, "--product", "office-365")
    japanese = kakehashi(*arguments, home=default_home, locale="ja_JP.UTF-8").stdout
    assert "準拠法" in japanese
    assert "東京地方裁判所を管轄裁判所とする利用契約" in japanese
    english = kakehashi(*arguments, "--lang", "en", home=default_home, locale="ja_JP.UTF-8").stdout
    assert "Governing law" in english


def test_coverage_as_json_holds_the_report(default_home: Path) -> None:
    done = kakehashi("coverage", LEGAL, "--product", "office-365", "--json", home=default_home)
    assert json.loads(done.stdout)["summary"]["full"] == 3


def test_a_query_comes_from_a_file_or_from_standard_input(default_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "release.graphql"
    file.write_text("{ release { id } }", "utf-8")
    from_file = kakehashi("query", str(file), home=default_home)
    from_input = kakehashi("query", "-", home=default_home, text="{ release { id } }")
    assert json.loads(from_file.stdout) == json.loads(from_input.stdout)
    assert kakehashi("query", "-", home=default_home, text="{ nope }").returncode == 1


def test_show_names_a_resource_in_both_languages(default_home: Path) -> None:
    shown = kakehashi("show", "cs-gold-mark", home=default_home).stdout
    assert "CSゴールドマーク" in shown
    assert "CS Gold Mark" in shown


@pytest.mark.parametrize(("locale", "word"), [("ja_JP.UTF-8", "エラー"), ("C.UTF-8", "Error")])
def test_what_goes_wrong_is_said_without_a_traceback(tmp_path: Path, locale: str, word: str) -> None:
    for arguments in (("show", "ms"), ("coverage", "x"), ("serve",), ("query", "absent.graphql")):
        done = kakehashi(*arguments, home=tmp_path / "empty", locale=locale)
        assert done.returncode == 1
        assert word in done.stderr
        assert "Traceback" not in done.stderr


def test_a_faulty_source_is_listed_and_the_exit_code_tells(tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "source.yaml").write_text("id: [", "utf-8")
    done = kakehashi("build", str(folder), "--no-default", home=tmp_path / "home")
    assert done.returncode == 1
    assert "bad/source.yaml:" in done.stderr
    assert "Faults in the data: 1. The release was left as it was." in done.stderr


NARROW = """
import json
from typer.testing import CliRunner
from kakehashi.cli.main import app
from kakehashi.cli.usage import ORDER
ask = lambda *words: CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80"}).stdout
print(json.dumps([ORDER, ask(), {name: ask(name) for name in ORDER}]))
"""


def helped(locale: str) -> tuple[list[str], str, dict[str, str]]:
    environment = os.environ | {"LANG": locale, "LC_ALL": locale}
    done = subprocess.run([*RUN[:2], NARROW], env=environment, capture_output=True, text=True, timeout=60, check=True)
    order, overview, commands = json.loads(done.stdout)
    return order, overview, commands


@pytest.mark.parametrize("locale", ["ja_JP.UTF-8", "C.UTF-8"])
def test_help_loses_nothing_in_80_columns(locale: str) -> None:
    _, overview, commands = helped(locale)
    assert [text for text in (overview, *commands.values()) if "…" in text] == []


def test_help_is_in_one_language() -> None:
    _, overview, commands = helped("ja_JP.UTF-8")
    english = ("Usage", "[OPTIONS]", "COMMAND", "[required]", "[default:", "Show this", "Arguments", "Options", "Commands")
    assert [one for one in english for text in (overview, *commands.values()) if one in text] == []
    assert "この説明を表示して終了" in overview
    assert "[既定: vendor]" in commands["gaps"]
    assert "[必須]" in commands["gaps"]


def test_commands_are_listed_in_the_order_of_work() -> None:
    order, overview, _ = helped("C.UTF-8")
    listed = [line.split()[1] for line in overview.splitlines() if line.startswith("│ ") and line[2] not in " -"]
    assert listed == order


HELP = """
import json
from typer.testing import CliRunner
from kakehashi.cli.main import app
names = [one.name or one.callback.__name__.replace("_", "-") for one in app.registered_commands]
print(json.dumps({name: CliRunner().invoke(app, [name, "--help"]).stdout for name in names}))
"""


@pytest.mark.parametrize(("locale", "word"), [("ja_JP.UTF-8", "例:"), ("C.UTF-8", "Example:")])
def test_every_command_explains_itself_with_an_example(locale: str, word: str) -> None:
    environment = os.environ | {"LANG": locale, "LC_ALL": locale}
    done = subprocess.run([sys.executable, "-c", HELP], env=environment, capture_output=True, text=True, timeout=60, check=True)
    told = json.loads(done.stdout)
    assert {"build", "coverage", "gaps", "close-gaps", "threats", "lint-mappings", "load", "serve", "show"} <= told.keys()
    assert [name for name, text in told.items() if word not in text] == []
