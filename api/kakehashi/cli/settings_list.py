"""The effective settings, and where each comes from."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr
from pydantic_settings import EnvSettingsSource

from kakehashi.cli.settings import Settings
from kakehashi.cli.settings_sources import PREFIX, secret_files, settings_file
from kakehashi.vocabulary.text import Text

ENVIRONMENT: Final = Text("環境変数", "environment")
SECRET_FILE: Final = Text("秘密のファイル", "secret file")
FILE: Final = Text("設定ファイル", "settings file")
DEFAULT: Final = Text("既定", "default")
MASK: Final = "********"
_PASSWORD: Final = re.compile(r"(?<=://)[^/@]*@")
"""User and password in an address."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is in this process."""

    name: str
    value: str
    origin: Text
    meaning: Text


def effective() -> Iterator[Setting]:
    """The settings of this process; `name` is that of the variable."""
    settings, origins = Settings(), _origins()
    for name in Settings.model_fields:
        yield Setting(PREFIX + name.upper(), shown(getattr(settings, name)), origins.get(name, DEFAULT), meaning(name))


def meaning(name: str) -> Text:
    """What a setting is for."""
    return next(one for one in Settings.model_fields[name].metadata if isinstance(one, Text))


def _origins() -> dict[str, Text]:
    """Where each setting that is not its default comes from; the strongest source is asked last."""
    weakest_first = (
        *((source, FILE) for source in settings_file(Settings)),
        *((source, SECRET_FILE) for source in secret_files(Settings)),
        (EnvSettingsSource(Settings), ENVIRONMENT),
    )
    return {name: origin for source, origin in weakest_first for name in source()}


def shown(value: object) -> str:
    """A value as it may be seen."""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else _PASSWORD.sub(f"{MASK}@", str(value))
