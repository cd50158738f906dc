"""What was known then: the kept releases, and the same questions asked of an earlier one."""

from datetime import datetime
from typing import Annotated, Final, Self

import strawberry

from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.orders import Order
from kakehashi.graphql.questions import Questions
from kakehashi.graphql.resources import Languages, LocalizedText
from kakehashi.snapshot.saved import VOCABULARY
from kakehashi.store import port
from kakehashi.vocabulary.text import Text

NEWEST: Final = 5
SHOWN: Final = 80

NOT_KEPT = Text(
    "「{id}」というリリースはありません。残していないか、まだありません。あるもの(新しい順): {kept}",
    "There is no release '{id}': it is not kept, or never was. Kept, the newest first: {kept}",
)


@strawberry.type(description="A release that is kept, and can be asked what was known then.")
class KeptRelease:
    """A kept release."""

    description: strawberry.Private[port.Release]

    @classmethod
    def of(cls, description: port.Release) -> Self:
        """The type over a description."""
        return cls(description=description)

    @strawberry.field(description="The id.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(self.description.id)

    @strawberry.field(description="When it was built.")
    def built_at(self) -> datetime:
        """The time of the build."""
        return self.description.built_at

    @strawberry.field(description="The id of the release that was served when it was built; null where there was none.")
    def former(self) -> strawberry.ID | None:
        """The release before."""
        return None if self.description.former is None else strawberry.ID(self.description.former)

    @strawberry.field(description="Whether it is the one that answers.")
    def answers(self, info: Info) -> bool:
        """Whether it is the one."""
        return self.description.id == info.context.snapshot.release.id

    @strawberry.field(description="The ids of the sources that it is made of.")
    def source_ids(self) -> list[strawberry.ID]:
        """Its sources."""
        return [strawberry.ID(one) for one in sorted(graph.source for graph in self.description.graphs) if one != VOCABULARY]


@strawberry.type(description="What was known in a release: every question can be asked of it.")
class KnownThen(Questions):
    """The questions, asked of another release."""


@strawberry.type(description="There is no such release, or it is no longer kept.")
class UnknownRelease:
    """An ordinary outcome: old releases are pruned."""

    asked: strawberry.Private[str]

    @strawberry.field(description="The id that was asked for.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(self.asked)

    @strawberry.field(description="The same in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        kept = ", ".join(one.id for one in info.context.releases.kept()[:NEWEST]) or "-"
        return LocalizedText.of_text(NOT_KEPT(id=self.asked[:SHOWN], kept=kept), lang, info)

    @strawberry.field(description="The releases that are kept, the newest first.")
    def kept(self, info: Info, first: int = 20, after: str | None = None) -> Connection[KeptRelease]:
        """Those that can be asked."""
        return _kept(info, first, after)


AsKnownIn = Annotated[
    KnownThen | UnknownRelease,
    strawberry.union("AsKnownIn", description="What was known in a release, or that there is none such."),
]
NEWEST_FIRST: Final[Order[port.Release]] = Order("releases", lambda one: (-one.built_at.timestamp(), one.id))


@strawberry.type(description="The questions on releases.")
class ReleaseQueries:
    """The fields of the root that are on releases."""

    @strawberry.field(description="The releases that are kept, the newest first.")
    def releases(self, info: Info, first: int = 20, after: str | None = None) -> Connection[KeptRelease]:
        """The kept releases."""
        return _kept(info, first, after)

    @strawberry.field(
        description="What was known in a release: all questions, asked of that one. Its own day is no part of it: give `asOf` to "
        "be answered as of that day. Nothing private is part of it."
    )
    def as_known_in(self, info: Info, release: strawberry.ID) -> AsKnownIn:
        """The questions to a release."""
        context = info.context
        served = context.snapshot.release.id == release
        snapshot = context.snapshot if served else context.releases.snapshot(release)
        if snapshot is None:
            return UnknownRelease(asked=release)
        context.then[info.answer] = context.of(snapshot)
        return KnownThen()


def _kept(info: Info, first: int, after: str | None) -> Connection[KeptRelease]:
    found = sorted(info.context.releases.kept(), key=NEWEST_FIRST.rank)
    return connect(info, found, NEWEST_FIRST, KeptRelease.of, first, after)
