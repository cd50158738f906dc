"""Where settings come from besides the command line, and what is said of those that cannot be used."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SecretsSettingsSource

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

PREFIX: Final = "KAKEHASHI_"
CONFIG: Final = "KAKEHASHI_CONFIG"
"""The variable that names the settings file."""
SECRETS: Final = "KAKEHASHI_SECRETS"
"""The variable that names the folder of secret files, one a setting: `kakehashi_store_password` and so on."""
USUAL_SECRETS: Final = "/run/secrets"
MOST_BYTES: Final = 64 * 1024
ALIKE: Final = 0.75
"""From which likeness on a variable is taken for a misspelt setting; others with our prefix belong to somebody else."""

NO_FILE = Text(
    "設定ファイル {file} を読めません: {problem}。KAKEHASHI_CONFIGを確かめてください。",
    "The settings file {file} cannot be read: {problem}. See KAKEHASHI_CONFIG.",
)
NOT_TOML = Text("設定ファイル {file} はTOMLではありません: {problem}", "The settings file {file} is not TOML: {problem}")
NO_FOLDER = Text(
    "フォルダ {folder} がありません。KAKEHASHI_SECRETSを確かめてください。", "There is no folder {folder}. See KAKEHASHI_SECRETS."
)
UNKNOWN = Text("{name} という設定はありません。{nearest}", "There is no setting {name}.{nearest}")
NEAREST = Text("「{name}」のことですか。", " Did you mean {name}?")
LIST = Text("「kakehashi settings」で一覧できます。", " 'kakehashi settings' lists them.")
UNUSABLE = Text("設定 {name} の値が使えません: {reason}", "The setting {name} cannot be used: {reason}")
REASONS: Final[Mapping[str, Text]] = {
    "greater_than": Text("{gt}より大きい数にしてください", "it must be greater than {gt}"),
    "greater_than_equal": Text("{ge}以上にしてください", "it must be at least {ge}"),
    "less_than_equal": Text("{le}以下にしてください", "it must be at most {le}"),
    "literal_error": Text("{expected} のいずれかにしてください", "it must be one of {expected}"),
    "bool_parsing": Text("trueかfalseにしてください", "it must be true or false"),
    "bool_type": Text("trueかfalseにしてください", "it must be true or false"),
    "int_parsing": Text("整数にしてください", "it must be a whole number"),
    "int_type": Text("整数にしてください", "it must be a whole number"),
    "int_from_float": Text("整数にしてください", "it must be a whole number"),
    "float_parsing": Text("数にしてください", "it must be a number"),
    "float_type": Text("数にしてください", "it must be a number"),
    "string_type": Text("文字列にしてください", "it must be a text"),
}
"""What pydantic calls it, in words."""
WRONG = Text("形が違います", "it has the wrong shape")


class SettingsFile(InitSettingsSource):
    """The TOML file that KAKEHASHI_CONFIG names."""


class SecretFiles(SecretsSettingsSource):
    """The files of the folder that KAKEHASHI_SECRETS names, else of the usual one where there is such a folder."""


def settings_file(settings: type[BaseSettings]) -> tuple[PydanticBaseSettingsSource, ...]:
    """The settings file, where one is named."""
    name = os.environ.get(CONFIG)
    return (SettingsFile(settings, _read(Path(name))),) if name else ()


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            return tomllib.loads(opened.read(MOST_BYTES).decode())
    except OSError as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NO_FILE(file=file, problem=error.strerror)) from error
    except ValueError as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NOT_TOML(file=file, problem=error)) from error


def secret_files(settings: type[BaseSettings]) -> tuple[PydanticBaseSettingsSource, ...]:
    """The secret files, where there is a folder of them."""
    folder = Path(os.environ.get(SECRETS) or USUAL_SECRETS)
    if folder.is_dir():
        return (SecretFiles(settings, folder),)
    if os.environ.get(SECRETS):
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NO_FOLDER(folder=folder))
    return ()


def unknown_variables(known: Iterable[str]) -> None:
    """Refuse a variable of the environment that is no setting but looks like one."""
    names = {*map(str.upper, known), CONFIG.removeprefix(PREFIX), SECRETS.removeprefix(PREFIX)}
    for variable in os.environ:
        name = variable.removeprefix(PREFIX)
        if name != variable and name not in names and _nearest(name, names):
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, _unknown(name, names, PREFIX))


def refusal(error: ValidationError, settings: type[BaseSettings]) -> KakehashiError:
    """The first fault of settings in words; the value is not repeated, for it may be a secret."""
    fault = error.errors()[0]
    name = str(fault["loc"][0])
    if fault["type"] == "extra_forbidden":
        return KakehashiError(ErrorCode.BAD_USER_INPUT, _unknown(name, settings.model_fields))
    return unusable(name, _reason(fault))


def unusable(name: str, reason: Text = WRONG) -> KakehashiError:
    """A setting whose value cannot be used."""
    variable = PREFIX + name.upper()
    told = Text(UNUSABLE(name=variable, reason=reason.ja).ja, UNUSABLE(name=variable, reason=reason.en).en)
    return KakehashiError(ErrorCode.BAD_USER_INPUT, told)


def _reason(fault: ErrorDetails) -> Text:
    return REASONS.get(fault["type"], WRONG)(**fault.get("ctx", {}))


def _unknown(name: str, known: Iterable[str], prefix: str = "") -> Text:
    nearest = _nearest(name, known)
    hint = NEAREST(name=prefix + nearest) if nearest else LIST
    return Text(UNKNOWN(name=prefix + name, nearest=hint.ja).ja, UNKNOWN(name=prefix + name, nearest=hint.en).en)


def _nearest(name: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=ALIKE)), None)
