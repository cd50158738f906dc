"""The questions on editions that replace one another: the root's fields, in a type of their own."""

# ruff: noqa: PLR0913, PLR0917 - the names and numbers of arguments are the schema's

from typing import Annotated

import strawberry

from kakehashi.crosswalk.migration import Side, Verdict
from kakehashi.graphql.connections import Paging
from kakehashi.graphql.context import Info
from kakehashi.graphql.deprecations import superseded
from kakehashi.graphql.inputs import ViewInput, view_of
from kakehashi.graphql.migration import EditionDiff, EditionQuestion, Migration, Moved, SuccessionHops, two_of_one


@strawberry.type(description="The questions on editions that replace one another.")
class EditionQueries:
    """The fields of the root that are on migration."""

    @strawberry.field(
        description="What is left of each row of a mapping set on another edition of one of its sides: what stays certain, what "
        "needs a person, and why. `side` says which end moves where both could. Nothing of it enters the graph."
    )
    def migration(
        self,
        info: Info,
        mapping_set: strawberry.ID,
        to_edition: strawberry.ID,
        side: Side | None = None,
        view: ViewInput | None = None,
        max_hops: SuccessionHops = 2,
        verdicts: list[Verdict] | None = None,
        first: Annotated[int | None, superseded("rows(first: ...)")] = None,
        after: Annotated[str | None, superseded("rows(after: ...)")] = None,
    ) -> Migration:
        """A mapping set on another edition."""
        snapshot = info.context.snapshot
        moved = Moved(snapshot, mapping_set, to_edition, side)
        asked = EditionQuestion(snapshot, moved.editions, view_of(view, info.context), max_hops)
        return Migration.of(asked, moved, verdicts, Paging(first, after))

    @strawberry.field(
        description="What became of an edition's provisions in another edition of the same framework, as far as it is published: "
        "same, moved, split, merged, changed, related, unstated, withdrawn, new, or in one of the two only."
    )
    def edition_diff(
        self,
        info: Info,
        old: Annotated[strawberry.ID, strawberry.argument(name="from", description="The edition taken as the old one.")],
        new: Annotated[strawberry.ID, strawberry.argument(name="to", description="The edition taken as the new one.")],
        view: ViewInput | None = None,
        max_hops: SuccessionHops = 2,
        first: Annotated[int | None, superseded("changes(first: ...)")] = None,
        after: Annotated[str | None, superseded("changes(after: ...)")] = None,
    ) -> EditionDiff:
        """The difference of two editions."""
        snapshot = info.context.snapshot
        asked = EditionQuestion(snapshot, two_of_one(old, new, snapshot), view_of(view, info.context), max_hops)
        return EditionDiff.of(asked, Paging(first, after))
