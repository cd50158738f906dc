"""Threats as GraphQL types: what is done against them by what is given, and what stays open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Final
from weakref import WeakKeyDictionary

import strawberry

from kakehashi.crosswalk import threat_paths as path_engine
from kakehashi.crosswalk import threats as engine
from kakehashi.crosswalk.given import Given, Holding, hold
from kakehashi.crosswalk.threats import Category, Threats, build_threats
from kakehashi.graphql import explanations
from kakehashi.graphql.connections import Connection, Paging, connect
from kakehashi.graphql.context import Context, Info
from kakehashi.graphql.inputs import GivenInput, ViewInput, edition_of, given_of, view_of
from kakehashi.graphql.orders import Order
from kakehashi.graphql.resources import (
    Edition,
    Languages,
    LocalizedText,
    Release,
    Resource,
    Source,
    edition_or_none,
    resource_node,
)
from kakehashi.graphql.threat_links import BEST_SCORE_FIRST, NEAREST_FIRST, ThreatMeasure, ThreatPath
from kakehashi.records.values import Lifecycle
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MOST_NAMED: Final = 20
BY_THREAT: Final[Order[engine.Exposure]] = Order("threats", lambda one: (one.threat.id,))

UNKNOWN_TACTIC = Text("「{id}」という戦術はありません。あるのは {known} です。", "There is no tactic '{id}'. There are: {known}.")
UNKNOWN_SOURCE = Text("「{id}」という出典はありません。", "There is no source '{id}'.")
NO_THREATS = Text("「{id}」には脅威がありません。脅威があるのは {known} です。", "'{id}' lists no threats. These do: {known}.")

MaxHops = Annotated[
    int, strawberry.argument(description="The longest chain of statements from the control to a provision, 1 to 4.")
]


@strawberry.type(description="What is done about one threat by what is given, and what is not.")
class ThreatExposure:
    """A threat's answer. What is said of a technique says nothing of its sub-techniques, nor the reverse."""

    exposure: strawberry.Private[engine.Exposure]
    question: strawberry.Private["ThreatQuestion"]

    @strawberry.field(description="The threat.")
    def threat(self, info: Info) -> Resource:
        """The threat."""
        return resource_node(info.context.snapshot, self.exposure.threat.id)

    @strawberry.field(description="Why it is no longer in use; null where it is.")
    def lifecycle(self) -> Lifecycle | None:
        """The lifecycle."""
        return self.exposure.threat.lifecycle

    @strawberry.field(
        description="Whether the summary counts it: not if it is out of use, or is referred to and defined nowhere."
    )
    def counted(self) -> bool:
        """Whether it counts."""
        return self.exposure.threat.counted

    @strawberry.field(description="The tactics that it serves.")
    def tactics(self, info: Info) -> list[Resource]:
        """The tactics."""
        return [resource_node(info.context.snapshot, one) for one in self.exposure.threat.tactics]

    @strawberry.field(description="What the given does about it: by category, the best score first.")
    def measures(self, category: list[Category] | None = None) -> list[ThreatMeasure]:
        """The measures."""
        found = [one for one in self.exposure.measures if category is None or one.category in category]
        return [ThreatMeasure(measure=one) for one in found]

    @strawberry.field(description="Whether nothing that is given does anything about it.")
    def open(self) -> bool:
        """Whether it is open."""
        return self.exposure.is_open

    @strawberry.field(description="In which of PROTECT, DETECT and RESPOND nothing is given.")
    def open_categories(self) -> list[Category]:
        """The open categories."""
        return list(self.exposure.open_categories)

    @strawberry.field(description="What is done about it, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(explanations.of_exposure(self.exposure), lang, info)

    @strawberry.field(
        description="The technique that it is a sub-technique of, with an answer of its own; null where it is none."
    )
    def whole(self) -> "ThreatExposure | None":
        """The whole."""
        whole = self.exposure.threat.whole
        return None if whole is None or whole not in self.question.threats.threats else self.question.exposure_of(whole)

    @strawberry.field(description="Its sub-techniques, each with an answer of its own.")
    def parts(self, info: Info) -> list["ThreatExposure"]:
        """The sub-techniques; wholes and parts lead to one another, so the time is looked at."""
        info.context.check_deadline()
        parts = self.question.threats.parts.get(self.exposure.threat.id, ())
        return [self.question.exposure_of(one) for one in parts]

    @strawberry.field(description="Everything that is linked to it, given or not: capabilities, controls and mitigations.")
    def known_measures(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ThreatMeasure]:
        """All measures."""
        view, threats = self.question.view, self.question.threats
        found = [one for one in threats.measures.get(self.exposure.threat.id, ()) if view.sees(one.authority)]
        return connect(info, found, BEST_SCORE_FIRST, lambda one: ThreatMeasure(measure=one), first, after)

    @strawberry.field(description="The provisions of an edition that bear on it: by their own links, or through other controls.")
    def provisions(
        self,
        info: Info,
        edition: strawberry.ID,
        max_hops: MaxHops = 1,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[ThreatPath]:
        """The paths to provisions."""
        snapshot = info.context.snapshot
        wanted = snapshot.requirements(edition_of(edition, snapshot).id)
        view = view_of(self.question.asked_view, info.context, max_hops)
        threats, threat = self.question.threats, self.exposure.threat.id
        found = path_engine.provisions_for(snapshot.index, threats, threat, wanted, view)
        return connect(info, found, NEAREST_FIRST, lambda one: ThreatPath(path=one), first, after)


@strawberry.type(description="How many threats have a score as their best in a category.")
class ThreatScore:
    """A count."""

    category: Category = strawberry.field(description="The category.")
    score: str | None = strawberry.field(
        description="The best score, in the publisher's word in small letters; null where no measure of the category has one."
    )
    threats: int = strawberry.field(description="How many threats.")


@strawberry.type(
    description="Threats counted. `threats` is the denominator of the ratio, which is null where it is 0. A sub-technique counts "
    "as a threat of its own; a tactic does not."
)
class ThreatSummary:
    """The counts."""

    counts: strawberry.Private[engine.Summary]

    @strawberry.field(description="How many threats there are, less those out of use and those that nothing defines.")
    def threats(self) -> int:
        """The denominator."""
        return self.counts.threats

    @strawberry.field(description="How many of them are sub-techniques.")
    def parts(self) -> int:
        """The sub-techniques."""
        return self.counts.parts

    @strawberry.field(description="How many the given protects against.")
    def protected(self) -> int:
        """The protected."""
        return self.counts.by_category[Category.PROTECT]

    @strawberry.field(description="How many the given detects.")
    def detected(self) -> int:
        """The detected."""
        return self.counts.by_category[Category.DETECT]

    @strawberry.field(description="How many the given responds to.")
    def responded(self) -> int:
        """The responded."""
        return self.counts.by_category[Category.RESPOND]

    @strawberry.field(description="How many something given mitigates, or is tied to without a word on how.")
    def otherwise(self) -> int:
        """Those of the other categories."""
        return self.counts.otherwise

    @strawberry.field(description="How many something given does anything about.")
    def addressed(self) -> int:
        """The addressed."""
        return self.counts.addressed

    @strawberry.field(description="How many are open: nothing given does anything about them.")
    def open(self) -> int:
        """The open."""
        return self.counts.open

    @strawberry.field(description="Addressed by threats.")
    def addressed_ratio(self) -> float | None:
        """The ratio."""
        return self.counts.addressed_ratio

    @strawberry.field(description="How many are revoked, deprecated or withdrawn: told apart, and not counted.")
    def out_of_use(self) -> int:
        """Those out of use."""
        return self.counts.out_of_use

    @strawberry.field(description="How many are only referred to: their publisher's list is not loaded, or lacks them.")
    def undefined(self) -> int:
        """The undefined."""
        return self.counts.undefined

    @strawberry.field(description="How many threats have which best score, by category, best first.")
    def scores(self) -> list[ThreatScore]:
        """The scores."""
        return [ThreatScore(category=one.category, score=one.score, threats=one.threats) for one in self.counts.scores]


@strawberry.type(
    description="What is given against threats. This is exposure: it says nothing of how far any requirement is met, and what is "
    "linked to no threat may still work against it."
)
class ThreatReport:
    """A report."""

    question: strawberry.Private["ThreatQuestion"]
    wanted_open: strawberry.Private[bool | None]
    paging: strawberry.Private[Paging]

    @strawberry.field(description="The edition whose threats are meant; null where those of all are.")
    def edition(self, info: Info) -> Edition | None:
        """The edition."""
        return edition_or_none(info.context.snapshot, self.question.scope.edition)

    @strawberry.field(description="The tactic whose threats are meant; null where those of all are.")
    def tactic(self, info: Info) -> Resource | None:
        """The tactic."""
        identifier = self.question.scope.tactic
        return None if identifier is None else resource_node(info.context.snapshot, identifier)

    @strawberry.field(description="The source whose threats are meant; null where those of all are.")
    def source(self, info: Info) -> Source | None:
        """The source."""
        identifier = self.question.scope.source
        return None if identifier is None else Source(record=info.context.snapshot.sources[identifier])

    @strawberry.field(description="The day that validity was judged at.")
    def as_of(self) -> date:
        """The day."""
        return self.question.view.as_of

    @strawberry.field(description="The release that the answer rests on.")
    def release(self, info: Info) -> Release:
        """The release."""
        return Release(snapshot=info.context.snapshot)

    @strawberry.field(
        description="What was named as given and is linked to no threat, nor brings anything that is: nobody whom "
        "the view sees has said a word on it."
    )
    def unlinked(self, info: Info) -> list[Resource]:
        """The given without a link."""
        return [resource_node(info.context.snapshot, one) for one in self.question.unlinked()]

    @strawberry.field(description="The counts over all threats that are meant, open or not.")
    def summary(self) -> ThreatSummary:
        """The counts."""
        return ThreatSummary(counts=engine.summary(self.question.exposures))

    @strawberry.field(
        description="The threats, by id. What is out of use or undefined is listed only where something given is linked to it."
    )
    def rows(self, info: Info, first: int = 100, after: str | None = None) -> Connection[ThreatExposure]:
        """The rows."""
        found = [one for one in self.question.exposures if shown(one, self.wanted_open)]
        return connect(info, found, BY_THREAT, self.question.node, *self.paging.narrowed(first, after))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which threats are meant: those that fit all that is said."""

    edition: str | None = None
    tactic: str | None = None
    source: str | None = None


class ThreatQuestion:
    """What is had, the view that answers, and which threats are meant; ids are checked here."""

    def __init__(self, context: Context, given: GivenInput | None, view: ViewInput | None, scope: Scope | None = None) -> None:
        snapshot = context.snapshot
        self.scope, self.asked_view, self.view = scope or Scope(), view, view_of(view, context)
        self.threats = threats_of(snapshot)
        self._ids, self._index = _within(self.scope, self.threats, snapshot), snapshot.index
        self.holding: Holding = hold(snapshot.index, given_of(given, context), self.view)
        self._named = () if given is None else sorted({*(given.products or ()), *(given.plans or ()), *(given.controls or ())})

    @cached_property
    def exposures(self) -> Sequence[engine.Exposure]:
        """The answers for all threats that are meant, by id."""
        return [engine.exposure(self.threats, one, self.holding, self.view) for one in self._ids]

    def unlinked(self) -> list[str]:
        """What was named as given without any link to a threat that the view sees, by id."""
        return [one for one in self._named if not self._is_linked(hold(self._index, Given(things=frozenset({one})), self.view))]

    def _is_linked(self, holding: Holding) -> bool:
        found = (measure for thing in holding.things for measure in self.threats.by_thing.get(thing, ()))
        return any(self.view.sees(measure.authority) for measure in found)

    def node(self, exposure: engine.Exposure) -> ThreatExposure:
        """The type over an answer."""
        return ThreatExposure(exposure=exposure, question=self)

    def exposure_of(self, threat: str) -> ThreatExposure:
        """The answer for one threat, whether it is meant or not."""
        return self.node(engine.exposure(self.threats, threat, self.holding, self.view))


_KEPT: Final[WeakKeyDictionary[Snapshot, Threats]] = WeakKeyDictionary()


def threats_of(snapshot: Snapshot) -> Threats:
    """The threats of a release; worked out once, and kept as long as its snapshot is."""
    found = _KEPT.get(snapshot)
    if found is None:
        found = build_threats(snapshot.records.statements, snapshot.resources, snapshot.described, snapshot.world)
        _KEPT[snapshot] = found
    return found


def shown(exposure: engine.Exposure, wanted_open: bool | None) -> bool:
    """Whether a report lists a threat: what is not counted only where something is linked to it."""
    listed = exposure.threat.counted or not exposure.is_open
    return listed and wanted_open in (None, exposure.is_open)


def _within(scope: Scope, threats: Threats, snapshot: Snapshot) -> tuple[str, ...]:
    """The ids of the threats that are meant; an error where a scope does not exist or an edition has none."""
    if scope.source is not None and scope.source not in snapshot.sources:
        raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_SOURCE(id=scope.source[:80]))
    tactics = [one.id for one in threats.threats.values() if one.is_tactic]
    if scope.tactic is not None and scope.tactic not in tactics:
        raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_TACTIC(id=scope.tactic[:80], known=_named(tactics)))
    if scope.edition is not None and not threats.within(edition=edition_of(scope.edition, snapshot).id):
        known = [one for one in snapshot.editions if threats.within(edition=one)]
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NO_THREATS(id=scope.edition[:80], known=_named(known)))
    return threats.within(edition=scope.edition, tactic=scope.tactic, source=scope.source)


def _named(identifiers: Sequence[str]) -> str:
    return ", ".join(identifiers[:MOST_NAMED]) or "-"
