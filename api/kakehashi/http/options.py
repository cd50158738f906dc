"""How the application is served, as far as whoever runs it may choose."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kakehashi.graphql.context import TIME_LIMIT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """The choices; those that are not made limit nobody and trust nobody.

    `trusted_documents` is a manifest or a folder of documents, and `trusted_only` refuses all others. `rate_limit` is how many
    points a client may spend an hour, 0 for as many as it likes, counted in `rate_limit_storage` (`memory://`, `redis://…`).
    `origins` are the sites whose pages may read answers; `*` stands for any, and then for what anybody may read. `places` is how
    many answers are computed at a time, for `time_limit` seconds each.
    """

    trusted_documents: Path | None = None
    trusted_only: bool = False
    rate_limit: int = 0
    rate_limit_storage: str = "memory://"
    origins: tuple[str, ...] = ("*",)
    places: int = 16
    time_limit: float = TIME_LIMIT_SECONDS


UNLIMITED: Final = HttpOptions()
