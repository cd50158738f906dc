"""What every resolver is given: the snapshot, the reader's languages, and when to give up."""

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import strawberry

from kakehashi.graphql.metering import Meter
from kakehashi.records.model import Label
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING, Private
from kakehashi.vocabulary.text import LANGUAGES, ErrorCode, KakehashiError, Text

TIME_LIMIT_SECONDS: Final = 20.0
TOKYO: Final = ZoneInfo("Asia/Tokyo")

TOO_SLOW = Text(
    "時間の上限を超えました。件数(first)を減らすか、問い合わせを分けてください。",
    "The time limit has passed. Ask for fewer nodes (first), or split the query.",
)


@dataclass(frozen=True, slots=True)
class Context:
    """One request's surroundings. `today` is the date in Tokyo when the request came, so one answer has one date.

    What works past the `deadline` gives up at the next list; whoever runs requests of others ends it a little later, wherever
    it is (`http.time_limits`).

    `private` holds what the asker may see of the private sources and nothing else; somebody unknown sees nothing.
    """

    snapshot: Snapshot
    languages: tuple[str, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(TOKYO).date())
    deadline: float = field(default_factory=lambda: time.monotonic() + TIME_LIMIT_SECONDS)
    private: Private = NOTHING
    meter: Meter = field(default_factory=Meter)

    def check_deadline(self) -> None:
        """Give up where the time is over; called wherever a list begins."""
        if time.monotonic() > self.deadline:
            raise KakehashiError(ErrorCode.TOO_SLOW, TOO_SLOW)


Info = strawberry.Info[Context, None]


def accepted_languages(header: str | None) -> tuple[str, ...]:
    """The languages of an Accept-Language header that Kakehashi speaks, best first (RFC 9110, section 12.5.4)."""
    weighted = [_weighted(part) for part in (header or "").split(",") if part.strip()]
    ordered = [language for weight, language in sorted(weighted, key=lambda one: -one[0]) if weight > 0]
    return tuple(dict.fromkeys(language for language in ordered if language in LANGUAGES))


def _weighted(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().partition(";")
    try:
        weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        weight = 0.0
    return weight, tag.strip().partition("-")[0].lower()


def choose(labels: tuple[Label, ...], wanted: list[str] | None, languages: tuple[str, ...]) -> tuple[Label, bool] | None:
    """The label in the first wanted language that there is, else Japanese, English, any; and whether it is such a fallback.

    Without a wish the request's own languages are the wish.
    """
    wishes = [tag.partition("-")[0].lower() for tag in wanted] if wanted else list(languages)
    by_language = {label.language: label for label in labels}
    for language in (*wishes, *LANGUAGES, *by_language):
        if language in by_language:
            return by_language[language], bool(wishes) and language not in wishes
    return None
