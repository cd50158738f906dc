"""The crosswalk of two editions, and the relation of one pair, as GraphQL types."""

# ruff: noqa: A002 - the names of arguments are the schema's

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache, cached_property, partial
from typing import Final, Self

import strawberry

from kakehashi.crosswalk import pairs
from kakehashi.crosswalk.candidates import scores
from kakehashi.crosswalk.disagreements import Disagreement as PairDisagreement
from kakehashi.crosswalk.disagreements import DisagreementKind
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.pairs import Emptiness, Reason
from kakehashi.graphql import explanations, filters
from kakehashi.graphql.answer_views import AnswerView
from kakehashi.graphql.conditions import sieve_of
from kakehashi.graphql.connections import MANY, Connection, Paging, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.filters import CrosswalkRowFilter
from kakehashi.graphql.ordering import OrderBy, SortValue, arranged, ordered
from kakehashi.graphql.orders import Key, Order, RecordType, placed
from kakehashi.graphql.proofs import Proof, RelationSet
from kakehashi.graphql.resources import Edition, Languages, LocalizedText, Resource, Statement, edition_node, resource_node
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import Text

strawberry.enum(
    Reason,
    name="NothingFoundReason",
    description="Why no chain is found: the shortest takes more hops, or statements of an authority that the view leaves out; "
    "what is stated contradicts and was set aside; none leads from one to the other at all; or the release knows no provision of "
    "one of the editions.",
)
strawberry.enum(
    DisagreementKind,
    name="DisagreementKind",
    description="How what is published of a pair differs: it leaves nothing possible (CONTRADICT), or it says different things "
    "that can all hold (DIFFER).",
)


@strawberry.enum(description="Which rows of a crosswalk to give. Candidates are never findings, and never coverage.")
class CrosswalkInclude(Enum):
    """The two sorts of rows."""

    CERTAIN = "certain"
    CANDIDATES = "candidates"


MOST_PROVISIONS: Final = 1_000_000
"""More than any edition has."""

EXPLANATIONS: Final[Mapping[Reason, Text]] = {
    Reason.BEYOND_HOPS: Text(
        "両者をつなぐ最短の連鎖は{hops}段で、指定されたmaxHopsを超えています。",
        "The shortest chain that leads from one to the other has {hops} hops, more than the maxHops of the question.",
    ),
    Reason.OUTSIDE_VIEW: Text(
        "両者をつなぐ連鎖(最短{hops}段)は、この視点が認めない根拠の主体の記述を含みます。すべての根拠の主体を認め、maxHopsを{hops}にすると見えます。",
        "Chains that lead from one to the other (the shortest has {hops} hops) take statements of an authority that the view "
        "leaves out. They show in a view of all authorities with a maxHops of {hops}.",
    ),
    Reason.SET_ASIDE: Text(
        "両者の関係を述べる記述は互いに矛盾するため、除外されています(disputed)。",
        "What is stated of the two contradicts, and was set aside (disputed).",
    ),
    Reason.NO_CHAIN: Text(
        "両者をつなぐ連鎖は、段数を問わずありません。対応付け集を読み込むか、数えられない記述(mappingFindings)を確かめてください。",
        "No chain of any length leads from one to the other. Load a mapping between them, or see mappingFindings for statements "
        "that do not count.",
    ),
    Reason.NO_PROVISIONS: Text(
        "このリリースには、どちらかの版の条項がありません。その版の条項を含むファイルを読み込むと答えられます。",
        "This release knows no provision of one of the editions. Load a file that lists them to have an answer.",
    ),
}


@strawberry.enum(
    description="What a crosswalk's rows can be ordered by. PROVISION: as the source's publisher prints its provisions, then the "
    "target's. SCORE: the score of candidates, of which certain rows have none: `direction: DESC, nulls: FIRST` gives certain "
    "rows, then the likeliest. SOURCE, TARGET: by id."
)
class CrosswalkRowOrderField(Enum):
    """What rows are ordered by."""

    PROVISION = "provision"
    SCORE = "score"
    SOURCE = "source"
    TARGET = "target"


@strawberry.input(description="One thing to order rows by.")
class CrosswalkRowOrder(OrderBy[CrosswalkRowOrderField]):
    """A field of an order of rows."""


@strawberry.type(description="Why nothing is found.")
class NothingFound:
    """Why nothing is found."""

    emptiness: strawberry.Private[Emptiness]

    @strawberry.field(description="The reason.")
    def reason(self) -> Reason:
        """The reason."""
        return self.emptiness.reason

    @strawberry.field(description="How many hops the shortest chain has that there would be; null where there is none.")
    def hops(self) -> int | None:
        """The length."""
        return self.emptiness.hops

    @strawberry.field(description="The reason in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        text = EXPLANATIONS[self.emptiness.reason](hops=self.emptiness.hops or 0)
        return LocalizedText.of_text(text, lang, info)


@strawberry.type(description="One pair of provisions that a chain of statements links.")
class CrosswalkRow:
    """A row."""

    row: strawberry.Private[pairs.PairAnswer]
    estimate: strawberry.Private[Callable[[], float]]

    @classmethod
    def of(cls, row: pairs.PairAnswer, estimate: Callable[[], float]) -> Self:
        """The type over a row; `estimate` gives its score, where it is a candidate."""
        return cls(row=row, estimate=estimate)

    @strawberry.field(description="The provision of the source edition.")
    def source(self, info: Info) -> Resource:
        """The source provision."""
        return resource_node(info.context.snapshot, self.row.source)

    @strawberry.field(description="The provision of the target edition.")
    def target(self, info: Info) -> Resource:
        """The target provision."""
        return resource_node(info.context.snapshot, self.row.target)

    @strawberry.field(description="What is known of their relation, read from source to target.")
    def relation(self) -> RelationSet:
        """The relation."""
        return RelationSet(bits=self.row.relations)

    @strawberry.field(description="Whether the pair is linked and nothing is decided: a candidate, not a finding.")
    def candidate(self) -> bool:
        """Whether it is a candidate."""
        return self.row.candidate

    @strawberry.field(
        description="For a candidate the estimated probability, 0 to 1, that a publisher would list the pair; null for what is "
        "certain. An estimate is no finding."
    )
    def score(self) -> float | None:
        """The score."""
        return self.estimate() if self.row.candidate else None

    @strawberry.field(description="What is known of the pair, in words; of a candidate the estimate.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        snapshot, ends = info.context.snapshot, ends_of(self.row)
        if self.row.candidate:
            return LocalizedText.of_text(explanations.of_candidate(snapshot, ends, self.estimate()), lang, info)
        return LocalizedText.of_text(explanations.of_pair(snapshot, ends, self.row.relations), lang, info)

    @strawberry.field(description="Why it holds; for a candidate the best of the shortest chains, and what would decide it.")
    def proof(self) -> Proof:
        """The proof."""
        return self._proof

    @cached_property
    def _proof(self) -> Proof:
        """Looked for when it is asked for, and once."""
        found = self.row.proof
        if found is None:
            raise ValueError(f"no chain links {self.row.source} and {self.row.target}")
        return Proof(proof=found)


@strawberry.type(description="The rows of a crosswalk counted. Certain rows and candidates are never added up.")
class CrosswalkSummary:
    """The counts."""

    certain: int = strawberry.field(description="Pairs of which something is determined.")
    candidates: int = strawberry.field(description="Pairs that are linked and undecided.")
    disputed: int = strawberry.field(description="Pairs of which published statements contradict each other.")
    shared: int = strawberry.field(description="Provisions that both editions have, since one takes them up from the other.")
    unmapped_source: int = strawberry.field(description="Source provisions without a row of either sort.")
    unmapped_target: int = strawberry.field(description="Target provisions without a row of either sort.")


@strawberry.type(description="All that follows between two editions, and what has no counterpart on either side.")
class Crosswalk:
    """A crosswalk."""

    source_id: strawberry.Private[str]
    target_id: strawberry.Private[str]
    answer: strawberry.Private[pairs.Crosswalk]
    seen: strawberry.Private[View]
    included: strawberry.Private[frozenset[CrosswalkInclude]]
    paging: strawberry.Private[Paging]

    @strawberry.field(description="The source edition.")
    def source(self, info: Info) -> Edition:
        """The source edition."""
        return edition_node(info.context.snapshot, self.source_id)

    @strawberry.field(description="The target edition.")
    def target(self, info: Info) -> Edition:
        """The target edition."""
        return edition_node(info.context.snapshot, self.target_id)

    @strawberry.field(description="What it was answered under.")
    def view(self) -> AnswerView:
        """The view."""
        return AnswerView(seen=self.seen)

    @strawberry.field(description="The counts, whichever rows are included.")
    def summary(self) -> CrosswalkSummary:
        """The counts."""
        candidates = sum(row.candidate for row in self.answer.rows)
        return CrosswalkSummary(
            certain=len(self.answer.rows) - candidates,
            candidates=candidates,
            disputed=len(self.answer.disputed),
            shared=len(self.answer.shared),
            unmapped_source=len(self.answer.unmapped_source),
            unmapped_target=len(self.answer.unmapped_target),
        )

    @strawberry.field(description="The included rows, in the order of the source's provisions unless said. Up to 2,000 a page.")
    def rows(
        self,
        info: Info,
        filter: CrosswalkRowFilter | None = None,
        order_by: list[CrosswalkRowOrder] | None = None,
        first: int = 100,
        after: str | None = None,
    ) -> Connection[CrosswalkRow]:
        """The rows."""
        holds = sieve_of(filter, filters.of_rows(info.context.snapshot))
        found: Sequence[pairs.PairAnswer] = [row for row in self.answer.rows if _sort(row) in self.included and holds(row)]
        estimated, order = _Scores(info.context.snapshot, found), self._as_printed(info.context.snapshot)
        if order_by:
            order = ordered("rows", order_by, _order_fields(order, estimated), _row_key)
            found = arranged(found, order)
        return connect(info, found, order, partial(_scored, estimated), *self.paging.narrowed(first, after), MANY)

    def _as_printed(self, snapshot: Snapshot) -> Order[pairs.PairAnswer]:
        return as_printed("rows", snapshot, (self.source_id, self.target_id), ends_of)

    @strawberry.field(description="Pairs of which published statements contradict each other; whatever clashes is set aside.")
    def disputed(self, info: Info, first: int = 100, after: str | None = None) -> Connection["DisputedPair"]:
        """The disputed pairs."""
        order = as_printed("disputed", info.context.snapshot, (self.source_id, self.target_id), _itself)
        return connect(info, self.answer.disputed, order, DisputedPair.of, first, after)

    @strawberry.field(
        description="Provisions that both editions have: an edition such as a baseline takes up provisions of another. Each is "
        "equal to itself, and has a row only where it is related to others."
    )
    def shared(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Resource]:
        """What both have."""
        return _resources(info, "shared", self.answer.shared, first, after)

    @strawberry.field(description="Source provisions that no chain links with the target.")
    def unmapped_source(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Resource]:
        """What the source has alone."""
        return _resources(info, "unmapped source", self.answer.unmapped_source, first, after)

    @strawberry.field(description="Target provisions that no chain links with the source.")
    def unmapped_target(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Resource]:
        """What the target has alone."""
        return _resources(info, "unmapped target", self.answer.unmapped_target, first, after)

    @strawberry.field(description="Why the crosswalk has no row at all; null where it has some.")
    def nothing_found(self) -> NothingFound | None:
        """Why it is empty."""
        return None if self.answer.emptiness is None else NothingFound(emptiness=self.answer.emptiness)


@strawberry.type(description="Two provisions of which published statements contradict each other.")
class DisputedPair:
    """A disputed pair."""

    ends: strawberry.Private[tuple[str, str]]

    @classmethod
    def of(cls, ends: tuple[str, str]) -> Self:
        """The type over a pair."""
        return cls(ends=ends)

    @strawberry.field(description="The source provision.")
    def source(self, info: Info) -> Resource:
        """The source provision."""
        return resource_node(info.context.snapshot, self.ends[0])

    @strawberry.field(description="The target provision.")
    def target(self, info: Info) -> Resource:
        """The target provision."""
        return resource_node(info.context.snapshot, self.ends[1])


@strawberry.type(description="All that follows for one pair.")
class PairRelation:
    """The answer for a pair."""

    answer: strawberry.Private[pairs.PairAnswer]
    contested: strawberry.Private[bool]
    seen: strawberry.Private[View]

    @strawberry.field(description="The first of the two.")
    def source(self, info: Info) -> Resource:
        """The source."""
        return resource_node(info.context.snapshot, self.answer.source)

    @strawberry.field(description="The second of the two.")
    def target(self, info: Info) -> Resource:
        """The target."""
        return resource_node(info.context.snapshot, self.answer.target)

    @strawberry.field(description="What is known of their relation, read from source to target; all five where nothing is.")
    def relation(self) -> RelationSet:
        """The relation."""
        return RelationSet(bits=self.answer.relations)

    @strawberry.field(description="What is known of the pair, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(
            explanations.of_pair(info.context.snapshot, ends_of(self.answer), self.answer.relations), lang, info
        )

    @strawberry.field(description="Whether a chain links them and nothing is decided.")
    def candidate(self) -> bool:
        """Whether it is a candidate."""
        return self.answer.candidate and self._proof is not None

    @strawberry.field(description="Whether published statements of the pair contradict each other.")
    def disputed(self) -> bool:
        """Whether it is disputed."""
        return self.contested

    @strawberry.field(description="Why it holds; null where no chain links them.")
    def proof(self) -> Proof | None:
        """The proof."""
        return self._proof

    @strawberry.field(description="Why no chain links them; null where one does.")
    def nothing_found(self, info: Info) -> NothingFound | None:
        """Why nothing is found."""
        if self._proof is not None:
            return None
        engine = info.context.snapshot.index.engine
        return NothingFound(emptiness=pairs.emptiness(engine, [self.answer.source], [self.answer.target], self.seen))

    @strawberry.field(description="What it was answered under.")
    def view(self) -> AnswerView:
        """The view."""
        return AnswerView(seen=self.seen)

    @cached_property
    def _proof(self) -> Proof | None:
        """Looked for when something that rests on it is asked for, and once."""
        found = self.answer.proof
        return None if found is None else Proof(proof=found)


@strawberry.type(description="What one mapping set, or one source, states of a pair.")
class DisagreeingStatement:
    """A row of a disagreement."""

    record_id: strawberry.Private[str]
    bits: strawberry.Private[int]
    believed: strawberry.Private[bool]

    @strawberry.field(description="The statement.")
    def statement(self, info: Info) -> Statement:
        """The statement."""
        return Statement(record=info.context.snapshot.statements[self.record_id])

    @strawberry.field(description="How it is read, from source to target.")
    def relation(self) -> RelationSet:
        """The reading."""
        return RelationSet(bits=self.bits)

    @strawberry.field(description="Whether it is believed where no statement is chained to another, or was set aside.")
    def accepted(self) -> bool:
        """Whether it is accepted."""
        return self.believed


@strawberry.type(description="A pair of which several published statements say different things.")
class Disagreement:
    """A disagreement."""

    found: strawberry.Private[PairDisagreement]

    @classmethod
    def of(cls, found: PairDisagreement) -> Self:
        """The type over a disagreement."""
        return cls(found=found)

    @strawberry.field(description="The source provision.")
    def source(self, info: Info) -> Resource:
        """The source provision."""
        return resource_node(info.context.snapshot, self.found.source)

    @strawberry.field(description="The target provision.")
    def target(self, info: Info) -> Resource:
        """The target provision."""
        return resource_node(info.context.snapshot, self.found.target)

    @strawberry.field(description="How the statements differ.")
    def kind(self) -> DisagreementKind:
        """The kind."""
        return self.found.kind

    @strawberry.field(description="How the statements differ, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(
            explanations.of_disagreement(info.context.snapshot, self.found.kind, ends_of(self.found), len(self.found.rows)),
            lang,
            info,
        )

    @strawberry.field(description="All that is published of the pair and counts, the most authoritative first.")
    def statements(self, info: Info) -> list[DisagreeingStatement]:
        """The statements."""
        accepted = info.context.snapshot.index.rows(self.found.source, self.found.target)
        return [
            DisagreeingStatement(record_id=row.statement, bits=row.seen_from(self.found.source), believed=row in accepted)
            for row in self.found.rows
        ]


class _Scores:
    """The scores of some candidates, all estimated when the first is asked for."""

    def __init__(self, snapshot: Snapshot, rows: Sequence[pairs.PairAnswer]) -> None:
        self._snapshot, self._rows = snapshot, rows

    def of(self, row: pairs.PairAnswer) -> float:
        return self._all[row.source, row.target]

    @cached_property
    def _all(self) -> Mapping[tuple[str, str], float]:
        ends = [(row.source, row.target) for row in self._rows if row.candidate]
        network = self._rows[0].network
        return dict(zip(ends, scores(network, self._snapshot.corpus, ends), strict=True))


def _scored(found: _Scores, row: pairs.PairAnswer) -> CrosswalkRow:
    return CrosswalkRow.of(row, partial(found.of, row))


def _sort(row: pairs.PairAnswer) -> CrosswalkInclude:
    return CrosswalkInclude.CANDIDATES if row.candidate else CrosswalkInclude.CERTAIN


def _row_key(row: pairs.PairAnswer) -> str:
    return f"{row.source} {row.target}"


def _resources(info: Info, name: str, ids: tuple[str, ...], first: int, after: str | None) -> Connection[Resource]:
    return connect(info, ids, placed(name, ids, str), partial(resource_node, info.context.snapshot), first, after)


def as_printed(
    name: str, snapshot: Snapshot, editions: tuple[str, str], ends: Callable[[RecordType], tuple[str, str]]
) -> Order[RecordType]:
    """The order of pairs of two editions' provisions: as the first edition prints them, then as the second does."""

    @cache
    def places() -> tuple[Mapping[str, int], Mapping[str, int]]:
        first, second = ({one: place for place, one in enumerate(snapshot.requirements(edition))} for edition in editions)
        return first, second

    def at(source: str, target: str) -> Key | None:
        sources, targets = places()
        found = sources.get(source), targets.get(target)
        return None if None in found else (*found, f"{source} {target}")

    def now(identifier: str) -> Key | None:
        source, _, target = identifier.partition(" ")
        return at(source, target)

    return Order(name, lambda record: at(*ends(record)) or (), now=now)


def ends_of(row: pairs.PairAnswer | PairDisagreement) -> tuple[str, str]:
    """The two ends of a row."""
    return row.source, row.target


def _itself(ends: tuple[str, str]) -> tuple[str, str]:
    return ends


def _order_fields(printed: Order[pairs.PairAnswer], estimated: "_Scores") -> Mapping[str, SortValue]:
    """What an order of rows looks at; a place is one number, the source's before the target's."""

    def provision(row: pairs.PairAnswer) -> int:
        source, target, _ = printed.key(row)
        return int(source or 0) * MOST_PROVISIONS + int(target or 0)

    return {
        "provision": provision,
        "score": lambda row: estimated.of(row) if row.candidate else None,
        "source": lambda row: row.source,
        "target": lambda row: row.target,
    }
