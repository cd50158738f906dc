"""What became of what a source describes, as GraphQL types."""

from typing import Final

import strawberry

from kakehashi.crosswalk import changes as engine
from kakehashi.crosswalk.changes import Change
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.inputs import ViewInput, view_of
from kakehashi.graphql.orders import Order
from kakehashi.graphql.resources import Languages, LocalizedText, Resource, Statement, resource_node
from kakehashi.graphql.threats import UNKNOWN_SOURCE
from kakehashi.records.model import Label
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

IN_TIME: Final[Order[engine.Changed]] = Order("in time", lambda one: one.sort_key)

strawberry.enum(
    Change,
    name="ChangeKind",
    description="What sort of change it is. EVENT: something happened to it, or was found out of it. REPLACED: something else "
    "took its place. RENAMED, RENUMBERED: it has another name or number. CONTINUED: something else goes on with it, "
    "or does its work.",
)


@strawberry.type(description="One change of a thing since the source that describes it.")
class ChangeSince:
    """A change."""

    changed: strawberry.Private[engine.Changed]

    @strawberry.field(description="What changed.")
    def thing(self, info: Info) -> Resource:
        """The thing."""
        return resource_node(info.context.snapshot, self.changed.thing)

    @strawberry.field(description="What sort of change it is.")
    def kind(self) -> Change:
        """The kind."""
        return self.changed.kind

    @strawberry.field(description="The event, or what took its place.")
    def other(self, info: Info) -> Resource:
        """The other end."""
        return resource_node(info.context.snapshot, self.changed.other)

    @strawberry.field(description="Since when: a day, a month or a year, as it is stated; null where nobody says.")
    def date(self) -> str | None:
        """The date."""
        return self.changed.date

    @strawberry.field(description="What the event did to it, in a word or two; null where it is not said.")
    def effect(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The effect."""
        values = (one.value for one in self.changed.effects)
        labels = (Label(language=one.language or "", text=one.text, ours=True) for one in values if one is not None)
        return LocalizedText.of(tuple(labels), lang, info)

    @strawberry.field(description="The statement that says so, with its source and certainty.")
    def statement(self, info: Info) -> Statement:
        """The evidence."""
        return Statement(record=info.context.snapshot.statements[self.changed.statement])


@strawberry.type(description="The questions on what changed.")
class ChangeQueries:
    """The fields of the root that are on what changed."""

    @strawberry.field(
        description="What became of what a source describes, as other sources tell it: events, successors, new names and "
        "numbers, in the order of time."
    )
    def changes(
        self, info: Info, source: strawberry.ID, view: ViewInput | None = None, first: int = 20, after: str | None = None
    ) -> Connection[ChangeSince]:
        """The changes since a source."""
        snapshot, seen = info.context.snapshot, view_of(view, info.context)
        if source not in snapshot.sources:
            raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_SOURCE(id=source[:80]))
        things = sorted({one.id for one in snapshot.records.resources if one.source == source})
        found = engine.changes(things, source, snapshot.outgoing, snapshot.incoming, seen)
        return connect(info, found, IN_TIME, lambda one: ChangeSince(changed=one), first, after)
