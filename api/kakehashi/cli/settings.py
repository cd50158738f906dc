"""Settings from the environment; options of the command line win over them."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from kakehashi.vocabulary.iris import DEFAULT_BASE


class Settings(BaseSettings):
    """KAKEHASHI_HOME, the folder of releases, and KAKEHASHI_BASE, what instance IRIs begin with."""

    model_config = SettingsConfigDict(env_prefix="KAKEHASHI_")

    home: Path = Path(".kakehashi")
    base: str = DEFAULT_BASE
