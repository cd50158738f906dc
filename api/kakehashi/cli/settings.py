"""Settings from the environment; options of the command line win over them."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from kakehashi.vocabulary.iris import DEFAULT_BASE


class Settings(BaseSettings):
    """KAKEHASHI_HOME, the folder of releases, and KAKEHASHI_BASE, what instance IRIs begin with.

    KAKEHASHI_SPARQL turns /sparql on, KAKEHASHI_SPARQL_ALL lets it answer from all sources, KAKEHASHI_SPARQL_TIME_LIMIT is how
    many seconds a query may take, and KAKEHASHI_SPARQL_WORKERS how many are answered at a time.
    """

    model_config = SettingsConfigDict(env_prefix="KAKEHASHI_")

    home: Path = Path(".kakehashi")
    base: str = DEFAULT_BASE
    sparql: bool = False
    sparql_all: bool = False
    sparql_time_limit: Annotated[float, Field(gt=0, le=3600)] = 10.0
    sparql_workers: Annotated[int, Field(ge=1, le=64)] = 2
