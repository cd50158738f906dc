"""What whoever reads a report must know of it, as GraphQL types."""

from datetime import date

import strawberry

from kakehashi.crosswalk import notices as engine
from kakehashi.crosswalk.notices import NoticeType
from kakehashi.graphql.context import Info
from kakehashi.graphql.resources import Languages, LocalizedText, Resource, resource_node
from kakehashi.graphql.wording import told, worded
from kakehashi.vocabulary import iris


@strawberry.type(description="Something to know of a report: of its edition, its day, or what was given.")
class Notice:
    """A notice."""

    notice: strawberry.Private[engine.Notice]

    @strawberry.field(description="What it says.")
    def type(self) -> NoticeType:
        """The type."""
        return self.notice.type

    @strawberry.field(description="What it means here, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        snapshot, word = info.context.snapshot, iris.NOTICE_TYPE + self.notice.type.value
        return worded(info, lang, self.notice.type.value, told(snapshot, word, self.notice.about))

    @strawberry.field(description="What it is about: an edition, a thing, a plan, or a certificate's scheme or edition.")
    def about(self, info: Info) -> list[Resource]:
        """What it is about."""
        return [resource_node(info.context.snapshot, identifier) for identifier in self.notice.about]

    @strawberry.field(
        description="The day that it turns on: the last day of what has ended, or the day of issue of what replaced an edition. "
        "Null where it is not known, or still to come."
    )
    def since(self) -> date | None:
        """The day."""
        return self.notice.since
