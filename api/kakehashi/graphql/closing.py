"""Which additions close most gaps, as GraphQL types."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Final, Self

import strawberry

from kakehashi.crosswalk import closing as engine
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.optimum import Optimum, Stage
from kakehashi.graphql import explanations
from kakehashi.graphql.asked import Asked
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Context, Info
from kakehashi.graphql.coverage import CoverageReport
from kakehashi.graphql.orders import placed
from kakehashi.graphql.resources import Edition, Languages, LocalizedText, Release, Resource, edition_node, resource_node
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_BUDGET: Final = 1_000_000
MAX_COSTS: Final = 1000
NAMED: Final = 20

BAD_BUDGET = Text(
    "budgetは0から{limit}まででなければなりません。{budget}は指定できません。",
    "budget must lie between 0 and {limit}; {budget} does not.",
)
BAD_COST = Text(
    "費用は0から{limit}まででなければなりません: {ids}。大きな金額は千円などを単位にしてください。",
    "A cost must lie between 0 and {limit}: {ids}. Give large sums in thousands, say.",
)
UNKNOWN_COST = Text(
    "costsに、追加できるものではないIDがあります: {ids}。製品、プラン、働き、契約条件、認証制度のいずれかを指定してください。",
    "costs names what cannot be added: {ids}. Name products, plans, capabilities, contract terms or certification schemes.",
)
TWO_COSTS = Text("costsに同じIDが二度あります: {ids}。", "costs names the same twice: {ids}.")
TOO_MANY_COSTS = Text("costsには{limit}件まで指定できます。", "costs takes at most {limit} items.")

Budget = Annotated[
    int,
    strawberry.argument(
        description="How many additions there may be at most; with `costs`, what they may cost together. 0 to 1,000,000."
    ),
]
strawberry.enum(
    Stage,
    name="ClosingStage",
    description="What decides between sets of additions, one after the other: the most requirements newly FULL, the most newly "
    "PARTIAL, the fewest additions, the lowest cost, the first by id.",
)


@strawberry.input(description="What adding something costs, in a whole number of any one unit.")
class CostInput:
    """A cost."""

    id: strawberry.ID = strawberry.field(
        description="A product, licence plan, capability or contract term, or the scheme of a certificate. What is given already "
        "needs no cost."
    )
    cost: int = strawberry.field(description="The cost, 0 to 1,000,000.")


Costs = Annotated[
    list[CostInput] | None,
    strawberry.argument(description="What each addition costs. Where this is given, only what has a cost is a candidate."),
]


@strawberry.type(description="A requirement that is raised.")
class RaisedRequirement:
    """A raised requirement."""

    identifier: strawberry.Private[str]
    reached: strawberry.Private[Status]

    @strawberry.field(description="The requirement.")
    def requirement(self, info: Info) -> Resource:
        """The requirement."""
        return resource_node(info.context.snapshot, self.identifier)

    @strawberry.field(description="The status that it is raised to: FULL or PARTIAL.")
    def status(self) -> Status:
        """The status."""
        return self.reached


@strawberry.type(description="One addition, and what it raises beside those before it.")
class ClosingStep:
    """A step."""

    step: strawberry.Private[engine.Step]

    @strawberry.field(
        description="What is added: a product or licence plan, which brings what it includes; a capability or term; or a "
        "certificate's scheme."
    )
    def addition(self, info: Info) -> Resource:
        """The addition."""
        return resource_node(info.context.snapshot, self.step.addition)

    @strawberry.field(description="Whether a certificate of that scheme, without limits of time and scope, is what is added.")
    def certificate(self, info: Info) -> bool:
        """Whether it is a certificate."""
        return self.step.addition not in info.context.snapshot.index.satisfying

    @strawberry.field(description="What it costs; 1 where no costs are given.")
    def cost(self) -> int:
        """The cost."""
        return self.step.cost

    @strawberry.field(description="How many requirements this step makes FULL.")
    def newly_full(self) -> int:
        """How many become FULL."""
        return len(self.step.full)

    @strawberry.field(description="How many requirements this step makes PARTIAL.")
    def newly_partial(self) -> int:
        """How many become PARTIAL."""
        return len(self.step.partial)

    @strawberry.field(description="What it raises, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(
            explanations.of_step(info.context.snapshot, self.step.addition, len(self.step.full), len(self.step.partial)),
            lang,
            info,
        )

    @strawberry.field(description="The requirements that this step raises, first those that become FULL.")
    def raises(self, info: Info, first: int = 5, after: str | None = None) -> Connection[RaisedRequirement]:
        """What it raises."""
        return _raised(info, self.step.full, self.step.partial, first, after)


@strawberry.type(description="A set of additions and what it raises.")
class ClosingSet:
    """A set."""

    optimum: strawberry.Private[Optimum]

    @strawberry.field(description="The additions, by id.")
    def additions(self, info: Info) -> list[Resource]:
        """The additions."""
        return [resource_node(info.context.snapshot, one) for one in self.optimum.chosen]

    @strawberry.field(description="How many requirements become FULL.")
    def newly_full(self) -> int:
        """How many become FULL."""
        return self.optimum.gain.full

    @strawberry.field(description="How many requirements become PARTIAL that were neither FULL nor PARTIAL.")
    def newly_partial(self) -> int:
        """How many become PARTIAL."""
        return self.optimum.gain.partial

    @strawberry.field(description="Whether it is proved to be the best.")
    def exact(self) -> bool:
        """Whether it is proved."""
        return not self.optimum.unproved


@strawberry.type(
    description="The additions within a budget that make the most requirements newly FULL, then newly PARTIAL, with the fewest "
    "additions, at the lowest cost, first by id."
)
class GapClosing:
    """The answer."""

    asked: strawberry.Private[Asked]
    answer: strawberry.Private[engine.Closing]
    priced: strawberry.Private[bool]

    @classmethod
    def of(cls, context: Context, asked: Asked, budget: int, costs: Sequence[CostInput] | None) -> Self:
        """The answer to a question; an error where its budget or its costs cannot be."""
        snapshot = context.snapshot
        if not 0 <= budget <= MAX_BUDGET:
            raise _refused(BAD_BUDGET(limit=MAX_BUDGET, budget=budget))
        prices = None if costs is None else _prices(costs, snapshot)
        requirements = {one: snapshot.edition_of.get(one) for one in snapshot.requirements(asked.edition)}
        seconds = min(engine.SECONDS, (context.deadline - time.monotonic()) / 2)
        limit = engine.Budget(budget, prices, seconds)
        found = engine.close_gaps(snapshot.index, requirements, asked.given, asked.view, limit)
        return cls(asked=asked, answer=found, priced=prices is not None)

    @strawberry.field(description="The edition.")
    def edition(self, info: Info) -> Edition:
        """The edition."""
        return edition_node(info.context.snapshot, self.asked.edition)

    @strawberry.field(description="The day that validity was judged at.")
    def as_of(self) -> date:
        """The day."""
        return self.asked.view.as_of

    @strawberry.field(description="The release that the answer rests on.")
    def release(self, info: Info) -> Release:
        """The release."""
        return Release(snapshot=info.context.snapshot)

    @strawberry.field(description="The budget, as asked.")
    def budget(self) -> int:
        """The budget."""
        return self.answer.problem.budget

    @strawberry.field(description="What the additions cost together; their number where no costs are given.")
    def spent(self) -> int:
        """What is spent."""
        return self.answer.spent

    @strawberry.field(description="How many requirements become FULL.")
    def newly_full(self) -> int:
        """How many become FULL."""
        return self.answer.optimum.gain.full

    @strawberry.field(description="How many requirements become PARTIAL that were neither FULL nor PARTIAL.")
    def newly_partial(self) -> int:
        """How many become PARTIAL."""
        return self.answer.optimum.gain.partial

    @strawberry.field(description="The additions, the one that raises most first, each with what it raises beside those before.")
    def steps(self) -> list[ClosingStep]:
        """The additions."""
        return [ClosingStep(step=step) for step in self.answer.steps]

    @strawberry.field(description="The requirements that are raised: first those that become FULL, in the publisher's order.")
    def raised(self, info: Info, first: int = 100, after: str | None = None) -> Connection[RaisedRequirement]:
        """What is raised."""
        return _raised(info, self.answer.newly_full, self.answer.newly_partial, first, after)

    @strawberry.field(description="Whether it is proved that nothing within the budget is better in any respect.")
    def exact(self) -> bool:
        """Whether it is proved."""
        return not self.answer.optimum.unproved

    @strawberry.field(description="What the additions raise and how well that is proved, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        optimum = self.answer.optimum
        text = explanations.CLOSED_UNPROVED if optimum.unproved else explanations.CLOSED
        counts = {"full": optimum.gain.full, "partial": optimum.gain.partial, "most": optimum.at_most.full}
        return LocalizedText.of_text(text(count=len(self.answer.steps), **counts), lang, info)

    @strawberry.field(
        description="What is not proved, since the time did not suffice, or unions inside unions have too many alternatives; "
        "empty where the answer is exact."
    )
    def unproved(self) -> list[Stage]:
        """What is not proved."""
        return list(self.answer.optimum.unproved)

    @strawberry.field(description="A bound that is proved: no additions within the budget make more requirements FULL.")
    def at_most_full(self) -> int:
        """The bound."""
        return self.answer.optimum.at_most.full

    @strawberry.field(description="A bound that is proved: with the most requirements FULL, no more become PARTIAL.")
    def at_most_partial(self) -> int:
        """The bound."""
        return self.answer.optimum.at_most.partial

    @strawberry.field(description="The one further addition, whatever it costs, that would raise most; null where none would.")
    def further(self) -> ClosingStep | None:
        """The further addition."""
        step = self.answer.further
        return None if step is None else ClosingStep(step=step)

    @strawberry.field(
        description="The best with one addition more, which need not hold those chosen here; null where costs are given."
    )
    def with_one_more(self) -> ClosingSet | None:
        """The best of one more."""
        return None if self.priced else ClosingSet(optimum=self.answer.with_one_more)

    @strawberry.field(description="How many additions could raise anything at all.")
    def candidates(self) -> int:
        """How many candidates there are."""
        return len(self.answer.problem.candidates)

    @strawberry.field(description="What could raise something, and is no candidate for `costs` does not name it, by id.")
    def unpriced(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Resource]:
        """What has no cost."""
        return _resources(info, self.answer.unpriced, first, after)

    @strawberry.field(
        description="Requirements that are not FULL and that nothing recorded would raise, in the publisher's order."
    )
    def out_of_reach(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Resource]:
        """What nothing would raise."""
        return _resources(info, self.answer.out_of_reach, first, after)

    @strawberry.field(description="The report without the additions.")
    def before(self, info: Info) -> CoverageReport:
        """The report before."""
        return self.asked.report(info.context)

    @strawberry.field(description="The report with them.")
    def after(self, info: Info) -> CoverageReport:
        """The report after."""
        snapshot = info.context.snapshot
        return self.asked.having(engine.as_given(snapshot.index, self.answer.optimum.chosen)).report(info.context)


def _raised(
    info: Info, full: Sequence[str], partial: Sequence[str], first: int, after: str | None
) -> Connection[RaisedRequirement]:
    found = [*((one, Status.FULL) for one in full), *((one, Status.PARTIAL) for one in partial)]
    order = placed("raised", found, lambda one: one[0])
    return connect(info, found, order, lambda one: RaisedRequirement(identifier=one[0], reached=one[1]), first, after)


def _resources(info: Info, found: Sequence[str], first: int, after: str | None) -> Connection[Resource]:
    order = placed("resources", found, str)
    return connect(info, found, order, lambda one: resource_node(info.context.snapshot, one), first, after)


def _prices(costs: Sequence[CostInput], snapshot: Snapshot) -> dict[str, int]:
    """The costs by id; an error that names every id that has none, two, or one out of bounds."""
    if len(costs) > MAX_COSTS:
        raise _refused(TOO_MANY_COSTS(limit=MAX_COSTS))
    addable = {*snapshot.index.satisfying, *engine.certifiable(snapshot.index)}
    _refuse(UNKNOWN_COST, (one.id for one in costs if one.id not in addable))
    _refuse(TWO_COSTS, (one for one, count in Counter(one.id for one in costs).items() if count > 1))
    _refuse(BAD_COST, (one.id for one in costs if not 0 <= one.cost <= MAX_BUDGET), limit=MAX_BUDGET)
    return {str(one.id): one.cost for one in costs}


def _refuse(text: Text, wrong: Iterable[str], **told: int) -> None:
    ids = sorted(set(wrong))
    if ids:
        raise _refused(text(ids=", ".join(one[:80] for one in ids[:NAMED]), **told))


def _refused(text: Text) -> KakehashiError:
    return KakehashiError(ErrorCode.BAD_USER_INPUT, text)
