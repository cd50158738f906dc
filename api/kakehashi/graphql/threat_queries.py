"""The questions on threats: the root's fields, in a type of their own."""

# ruff: noqa: A002, PLR0913, PLR0917 - the names and numbers of arguments are the schema's

from typing import Annotated, Final

import strawberry

from kakehashi.crosswalk import threat_paths as path_engine
from kakehashi.crosswalk.given import hold
from kakehashi.graphql.connections import Connection, Paging, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.deprecations import superseded
from kakehashi.graphql.inputs import GivenInput, ViewInput, given_of, provision_of, view_of
from kakehashi.graphql.threat_links import MOST_SHARED_FIRST, NEAREST_FIRST, ThreatCandidate, ThreatPath
from kakehashi.graphql.threats import MaxHops, Scope, ThreatExposure, ThreatQuestion, ThreatReport, threats_of
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

UNKNOWN_THREAT: Final = Text("「{id}」という脅威はありません。", "There is no threat '{id}'.")


@strawberry.type(description="The questions on threats.")
class ThreatQueries:
    """The fields of the root that are on threats."""

    @strawberry.field(
        description="What is given against the threats of an edition, of a tactic, that a source lists, or of all: protected, "
        "detected, responded to, and what stays open (`open: true` lists only that). Threat links are no coverage."
    )
    def threats(
        self,
        info: Info,
        given: GivenInput | None = None,
        view: ViewInput | None = None,
        edition: strawberry.ID | None = None,
        tactic: strawberry.ID | None = None,
        source: strawberry.ID | None = None,
        open: bool | None = None,
        first: Annotated[int | None, superseded("rows(first: ...)")] = None,
        after: Annotated[str | None, superseded("rows(after: ...)")] = None,
    ) -> ThreatReport:
        """The report on threats."""
        question = ThreatQuestion(info.context, given, view, Scope(edition=edition, tactic=tactic, source=source))
        return ThreatReport(question=question, wanted_open=open, paging=Paging(first, after))

    @strawberry.field(description="One threat: what the given does about it, and everything that is linked to it.")
    def threat(
        self, info: Info, id: strawberry.ID, given: GivenInput | None = None, view: ViewInput | None = None
    ) -> ThreatExposure:
        """The answer for one threat."""
        question = ThreatQuestion(info.context, given, view)
        if id not in question.threats.threats:
            raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_THREAT(id=id[:80]))
        return question.exposure_of(id)

    @strawberry.field(
        description="The threats that a provision bears on: by its own links, or through the controls it relates to."
    )
    def threats_for(
        self,
        info: Info,
        provision: strawberry.ID,
        view: ViewInput | None = None,
        max_hops: MaxHops = 1,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[ThreatPath]:
        """The threats of a provision."""
        snapshot = info.context.snapshot
        identifier, seen = provision_of(provision, snapshot), view_of(view, info.context, max_hops)
        found = path_engine.threats_for(snapshot.index, threats_of(snapshot), identifier, seen)
        return connect(info, found, NEAREST_FIRST, lambda one: ThreatPath(path=one), first, after)

    @strawberry.field(
        description="What is given, not linked to a provision, but works against the same threats, those of most threats first: "
        "candidates to look at, never coverage. Ask with `given: {everything: true}` for all that is known."
    )
    def threat_candidates(
        self,
        info: Info,
        provision: strawberry.ID,
        given: GivenInput | None = None,
        view: ViewInput | None = None,
        max_hops: MaxHops = 1,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[ThreatCandidate]:
        """The candidates of a provision."""
        snapshot = info.context.snapshot
        identifier, seen = provision_of(provision, snapshot), view_of(view, info.context, max_hops)
        holding = hold(snapshot.index, given_of(given, info.context), seen)
        found = path_engine.candidates_for(snapshot.index, threats_of(snapshot), identifier, holding, seen)
        return connect(info, found, MOST_SHARED_FIRST, lambda one: ThreatCandidate(candidate=one), first, after)
