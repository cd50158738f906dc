"""What every resolver is given: the snapshot, the reader's languages, and when to give up."""

import time
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import strawberry

from kakehashi.graphql.metering import Meter
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING, Private
from kakehashi.snapshot.releases import NONE_KEPT, Releases
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

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

    `languages` are those that the reader understands of the two that messages are in; `ranges` all that the reader asks for, for
    names are in other languages too. `private` holds what the asker may see of the private sources and nothing else; somebody
    unknown sees nothing. `releases` are those that can be asked for what was known then.
    """

    snapshot: Snapshot
    languages: tuple[str, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(TOKYO).date())
    deadline: float = field(default_factory=lambda: time.monotonic() + TIME_LIMIT_SECONDS)
    private: Private = NOTHING
    meter: Meter = field(default_factory=Meter)
    ranges: tuple[str, ...] = ()
    releases: Releases = NONE_KEPT
    then: dict[str, "Context"] = field(default_factory=dict)
    """The surroundings of the root's fields that ask what was known in another release, by the names of their answers."""

    @property
    def wishes(self) -> tuple[str, ...]:
        """The languages that names and texts are wanted in, best first."""
        return self.ranges or self.languages

    def of(self, snapshot: Snapshot) -> "Context":
        """The same request on another release, of which nothing private is part."""
        return replace(self, snapshot=snapshot, private=NOTHING)

    def check_deadline(self) -> None:
        """Give up where the time is over; called wherever a list begins."""
        if time.monotonic() > self.deadline:
            raise KakehashiError(ErrorCode.TOO_SLOW, TOO_SLOW)


class Info(strawberry.Info[Context, None]):
    """What strawberry tells a resolver; below a field that asks what was known then, the context is that release's."""

    @property
    def context(self) -> Context:
        """The surroundings of the field."""
        context: Context = self._raw_info.context
        return context.then.get(self.answer, context) if context.then else context

    @property
    def answer(self) -> str:
        """The name in the answer of the root's field that this one is below."""
        path = self._raw_info.path
        while path.prev is not None:
            path = path.prev
        return str(path.key)
