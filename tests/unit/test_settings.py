"""Settings: which source wins, what is refused and how it is said, and that docs/ list every one."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from kakehashi.cli.settings import Settings
from kakehashi.cli.settings_list import DEFAULT, ENVIRONMENT, FILE, MASK, SECRET_FILE, effective, meaning
from kakehashi.cli.settings_page import page
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the suite."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KAKEHASHI_{name.upper()}", raising=False)
    (tmp_path / "secrets").mkdir()
    monkeypatch.setenv("KAKEHASHI_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.delenv("KAKEHASHI_CONFIG", raising=False)


def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, toml: str) -> None:
    (tmp_path / "kakehashi.toml").write_text(toml, "utf-8")
    monkeypatch.setenv("KAKEHASHI_CONFIG", str(tmp_path / "kakehashi.toml"))


def refused() -> KakehashiError:
    with pytest.raises(KakehashiError) as caught:
        Settings()
    assert caught.value.code is ErrorCode.BAD_USER_INPUT
    return caught.value


def test_the_environment_wins_over_secret_files_and_those_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configured(monkeypatch, tmp_path, 'store_user = "file"\nstore_password = "file"\nworkers = 3\nport = 1\n')
    (tmp_path / "secrets" / "kakehashi_store_password").write_text("from the secret\n")
    (tmp_path / "secrets" / "kakehashi_store_user").write_text("from the secret\n")
    monkeypatch.setenv("KAKEHASHI_STORE_USER", "environment")
    monkeypatch.setenv("KAKEHASHI_PORT", "")
    found = Settings(workers=4)
    assert (found.store_user, found.workers, found.port) == ("environment", 4, 1)
    assert found.store_password == SecretStr("from the secret")
    origins = {one.name.removeprefix("KAKEHASHI_").lower(): one.origin for one in effective()}
    wanted = {"store_user": ENVIRONMENT, "store_password": SECRET_FILE, "workers": FILE, "port": FILE, "host": DEFAULT}
    assert {name: origins[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [("HOEM", "KAKEHASHI_HOME"), ("SPARQL_TIMELIMIT", "KAKEHASHI_SPARQL_TIME_LIMIT"), ("CONFG", "KAKEHASHI_CONFIG")],
)
def test_a_misspelt_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch, variable: str, nearest: str) -> None:
    monkeypatch.setenv(f"KAKEHASHI_{variable}", "1")
    error = refused()
    assert f"KAKEHASHI_{variable}" in error.text.ja
    assert f"Did you mean {nearest}?" in error.text.en


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('hom = "x"', "There is no setting hom. Did you mean home?"),
        ('colour = "x"', "There is no setting colour. 'kakehashi settings' lists them."),
        ("workers = 65", "The setting KAKEHASHI_WORKERS cannot be used: it must be at most 64"),
        ('workers = "many"', "The setting KAKEHASHI_WORKERS cannot be used: it must be a whole number"),
        ('log = "xml"', "The setting KAKEHASHI_LOG cannot be used: it must be one of 'json' or 'console'"),
        ("sparql = []", "The setting KAKEHASHI_SPARQL cannot be used: it must be true or false"),
        ("home = 1", "The setting KAKEHASHI_HOME cannot be used: it has the wrong shape"),
        ("store_password = 1", "The setting KAKEHASHI_STORE_PASSWORD cannot be used: it must be a text"),
        ("port = ", "is not TOML"),
    ],
)
def test_what_a_file_cannot_say_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, toml: str, told: str
) -> None:
    configured(monkeypatch, tmp_path, toml)
    error = refused()
    assert told in error.text.en
    assert error.text.ja != error.text.en


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAKEHASHI_CONFIG", str(tmp_path / "absent.toml"))
    assert "absent.toml cannot be read: No such file" in refused().text.en
    monkeypatch.delenv("KAKEHASHI_CONFIG")
    monkeypatch.setenv("KAKEHASHI_SECRETS", str(tmp_path / "nowhere"))
    assert "nowhere" in refused().text.en


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAKEHASHI_STORE_PASSWORD", "opensesame")
    monkeypatch.setenv("KAKEHASHI_STORE", "https://user:opensesame@example.org/sparql")
    shown = {one.name: one.value for one in effective()}
    assert shown["KAKEHASHI_STORE_PASSWORD"] == MASK
    assert shown["KAKEHASHI_STORE"] == f"https://{MASK}@example.org/sparql"


def test_every_setting_is_described_in_both_languages() -> None:
    for name in Settings.model_fields:
        text = meaning(name)
        assert text.ja
        assert text.en
        assert text.ja != text.en, name


@pytest.mark.parametrize(("language", "file"), [("en", "settings.md"), ("ja", "settings.ja.md")])
def test_the_docs_list_the_settings(language: str, file: str) -> None:
    assert (DOCS / file).read_text("utf-8") == page(language), (
        f"run: python -m kakehashi.cli.settings_page {language} > docs/{file}"
    )
