"""Edition migration and the difference of two editions as GraphQL types."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Self

import strawberry

from kakehashi.crosswalk import migration as engine
from kakehashi.crosswalk import proofs, succession
from kakehashi.crosswalk.algebra import is_determined
from kakehashi.crosswalk.chains import Chain, missing
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.migration import MAX_SUCCESSION_HOPS, Obstacle, Side, Verdict
from kakehashi.crosswalk.succession import SUCCESSIONS, Contents, Fate, Fit, Printed, Succession, Table, Told
from kakehashi.graphql import explanations
from kakehashi.graphql.answer_views import AnswerView
from kakehashi.graphql.connections import Connection, Paging, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.inputs import check_hops, edition_of
from kakehashi.graphql.languages import choose
from kakehashi.graphql.orders import placed
from kakehashi.graphql.proofs import Proof, RelationSet
from kakehashi.graphql.resources import Edition, Languages, LocalizedText, Resource, Statement, edition_node, resource_node
from kakehashi.records import model
from kakehashi.records.values import Authority, Origin
from kakehashi.snapshot.findings import MAX_SHOWN, UNKNOWN_SET
from kakehashi.snapshot.folding import folded
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

REVERSED = Text(
    "「{id}」は「{of}」を逆向きにしただけの対応付け集で、行は元の集にだけあります。元の集を指定してください。",
    "'{id}' is '{of}' turned round, and its rows are kept with that one alone. Ask for that one.",
)
SAME_TWICE = Text(
    "fromとtoが同じ版「{id}」です。異なる二つの版を指定してください。",
    "from and to are the same edition, '{id}'. Give two different ones.",
)
TWO_FRAMEWORKS = Text(
    "「{old}」と「{new}」は別の枠組み(「{first}」と「{second}」)の版です。同じ枠組みの二つの版を指定してください。",
    "'{old}' and '{new}' are editions of different frameworks ('{first}' and '{second}'). Give two editions of one.",
)

SuccessionHops = Annotated[
    int, strawberry.argument(description="The longest chain of statements between the two editions, 1 to 3.")
]

strawberry.enum(
    Verdict,
    name="MigrationVerdict",
    description="What is left of a row on the new edition. CERTAIN: for some provision of it the published relation still "
    "follows. CHANGED: something follows, and not the same. UNDECIDED: there is a counterpart, and nothing follows, so that a "
    "person has to decide. LOST: nothing leads to the new edition, for the provision is withdrawn or nobody publishes a "
    "correspondence; that is not the same as no relationship.",
)
strawberry.enum(
    Obstacle,
    name="MigrationObstacle",
    description="Why nothing can follow from a row, whatever became of its provision: it does not count as a set relation (see "
    "the statement's standing), the view leaves its authority out, it contradicts others and is set aside, or it decides "
    "nothing itself, for it says only that the two are related, or judges by wording alone.",
)
strawberry.enum(Side, name="MigrationSide", description="Which end of a mapping set's rows moves to another edition.")
strawberry.enum(
    Fate,
    name="EditionChangeKind",
    description="What became of a provision. SAME: equal to one of the new edition, with the same number and parent. MOVED: "
    "equal, under another number or parent. SHARED: both editions take up the very same provision, as baselines do. SPLIT: "
    "several new ones equal it, or lie inside it or beside one that does. MERGED: equal to or inside a new one together with "
    "others. CHANGED: wider or narrower than its counterpart. RELATED: nothing better than an overlap or a link is published. "
    "UNSTATED: no correspondence is published; provisions of the same number are candidates, and never more. WITHDRAWN: out of "
    "use, said by a statement of succession to have gone elsewhere, or in no row of a published table between the two editions "
    "that lists half of the old one or more. NEW: in no row of one that lists half of the new one or more. ONLY_IN_OLD, "
    "ONLY_IN_NEW: in this edition only, and nothing published that counts says what became of it or where it comes from; so it "
    "is with baselines, which take up provisions of one work.",
)


@strawberry.type(description="A provision of the same number in the other edition, that nobody says to correspond.")
class UnstatedCounterpart:
    """An unstated counterpart."""

    found: strawberry.Private[succession.Unstated]

    @strawberry.field(description="The provision.")
    def provision(self, info: Info) -> Resource:
        """The provision."""
        return resource_node(info.context.snapshot, self.found.provision)

    @strawberry.field(description="Whether its names and texts are the same too. Even so nothing is concluded.")
    def same_wording(self) -> bool:
        """Whether the wording is the same."""
        return self.found.same_wording


@strawberry.type(description="A provision of the new edition that an old one has to do with.")
class EditionCounterpart:
    """A counterpart."""

    counterpart: strawberry.Private[succession.Counterpart]
    between: strawberry.Private[Succession]

    @strawberry.field(description="The provision of the new edition.")
    def provision(self, info: Info) -> Resource:
        """The provision."""
        return resource_node(info.context.snapshot, self.counterpart.new)

    @strawberry.field(description="What is known of their relation, read from the old provision to the new one.")
    def relation(self) -> RelationSet:
        """The relation."""
        return RelationSet(bits=self.counterpart.relations)

    @strawberry.field(description="Why; null where both are one and the same provision.")
    def proof(self) -> Proof | None:
        """The proof."""
        return _proof(self.between.chains(self.counterpart))


@strawberry.type(description="What became of a provision of the old edition, or how one of the new edition came to be.")
class EditionChange:
    """A change."""

    change: strawberry.Private[succession.Change]
    between: strawberry.Private[Succession]

    @classmethod
    def of(cls, between: Succession, change: succession.Change) -> Self:
        """The type over a change."""
        return cls(change=change, between=between)

    @strawberry.field(description="The provision.")
    def provision(self, info: Info) -> Resource:
        """The provision."""
        return resource_node(info.context.snapshot, self.change.provision)

    @strawberry.field(description="Whether the provision is the new edition's, and has no counterpart in the old one.")
    def of_new(self) -> bool:
        """Whether it is of the new edition."""
        return self.change.of_new

    @strawberry.field(description="What became of it.")
    def kind(self) -> Fate:
        """The kind of change."""
        return self.change.fate

    @strawberry.field(description="Its counterparts in the new edition, in that edition's order.")
    def counterparts(self) -> list[EditionCounterpart]:
        """The counterparts."""
        return [EditionCounterpart(counterpart=one, between=self.between) for one in self.change.counterparts]

    @strawberry.field(description="The other provisions of the old edition that were merged into the same one.")
    def beside(self, info: Info) -> list[Resource]:
        """What went the same way."""
        return [resource_node(info.context.snapshot, one) for one in self.change.beside]

    @strawberry.field(description="Provisions of the same number that nobody relates: candidates, and never more.")
    def unstated(self) -> list[UnstatedCounterpart]:
        """The unstated counterparts."""
        return [UnstatedCounterpart(found=one) for one in self.change.unstated]

    @strawberry.field(
        description="The mapping sets between the two editions that have no row for it, where that is why it is WITHDRAWN or NEW."
    )
    def left_out_by(self, info: Info) -> list[Resource]:
        """The tables that leave it out."""
        return [resource_node(info.context.snapshot, one) for one in self.change.left_out_by]

    @strawberry.field(
        description="Where the publisher says that it, or an unstated counterpart, went or what was taken up into it: evidence, "
        "and no set relation."
    )
    def successions(self, info: Info) -> list[Statement]:
        """The statements of succession."""
        ends = (self.change.provision, *(one.provision for one in self.change.unstated))
        return [Statement(record=one) for one in _successions(info.context.snapshot, ends)]

    @strawberry.field(description="What became of it, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        snapshot = info.context.snapshot
        words = _words(snapshot, self.change, self.between)
        return LocalizedText.of_text(succession.explain(self.change, _names(snapshot), words), lang, info)


@strawberry.type(
    description="Provisions counted by what became of them: each of the old edition once, and each of the new one that has no "
    "counterpart."
)
class EditionDiffSummary:
    """The counts."""

    old_provisions: int = strawberry.field(description="Provisions of the old edition: the sum of the ten counts that follow.")
    same: int = strawberry.field(description="How many are SAME.")
    moved: int = strawberry.field(description="How many are MOVED.")
    shared: int = strawberry.field(description="How many are SHARED.")
    split: int = strawberry.field(description="How many are SPLIT.")
    merged: int = strawberry.field(description="How many are MERGED.")
    changed: int = strawberry.field(description="How many are CHANGED.")
    related: int = strawberry.field(description="How many are RELATED.")
    unstated: int = strawberry.field(description="How many of the old edition are UNSTATED.")
    withdrawn: int = strawberry.field(description="How many of the old edition are WITHDRAWN.")
    only_in_old: int = strawberry.field(description="How many are ONLY_IN_OLD.")
    new_provisions: int = strawberry.field(description="Provisions of the new edition.")
    new: int = strawberry.field(description="How many of the new edition are NEW.")
    only_in_new: int = strawberry.field(description="How many of the new edition are ONLY_IN_NEW.")
    unstated_new: int = strawberry.field(description="How many of the new edition are UNSTATED.")
    withdrawn_new: int = strawberry.field(description="How many the new edition lists as WITHDRAWN, with no counterpart.")


@strawberry.type(description="What became of an edition's provisions in another edition of the same framework.")
class EditionDiff:
    """A difference."""

    old_id: strawberry.Private[str]
    new_id: strawberry.Private[str]
    between: strawberry.Private[Succession]
    seen: strawberry.Private[View]
    found: strawberry.Private[tuple[succession.Change, ...]]
    paging: strawberry.Private[Paging]

    @strawberry.field(name="from", description="The edition that is taken as the old one.")
    def old(self, info: Info) -> Edition:
        """The old edition."""
        return edition_node(info.context.snapshot, self.old_id)

    @strawberry.field(name="to", description="The edition that is taken as the new one.")
    def new(self, info: Info) -> Edition:
        """The new edition."""
        return edition_node(info.context.snapshot, self.new_id)

    @strawberry.field(description="What it was answered under.")
    def view(self) -> AnswerView:
        """The view."""
        return AnswerView(seen=self.seen)

    @strawberry.field(
        description="Whether the two share provisions, or the view holds any correspondence between them. Without either "
        "everything is UNSTATED: nothing is guessed."
    )
    def stated(self) -> bool:
        """Whether anything is stated."""
        return self.between.stated

    @strawberry.field(description="The counts.")
    def summary(self) -> EditionDiffSummary:
        """The counts."""
        old, new = (Counter(one.fate for one in self.found if one.of_new is of_new) for of_new in (False, True))
        return EditionDiffSummary(
            old_provisions=old.total(),
            **{fate.name.lower(): old[fate] for fate in Fate if fate not in {Fate.NEW, Fate.ONLY_IN_NEW}},
            new_provisions=len(self.between.new.every),
            new=new[Fate.NEW],
            only_in_new=new[Fate.ONLY_IN_NEW],
            unstated_new=new[Fate.UNSTATED],
            withdrawn_new=new[Fate.WITHDRAWN],
        )

    @strawberry.field(
        description="The changes, of some kinds or all: the old edition's provisions in its order, then those of the new one "
        "without a counterpart. A page of the smaller `first`, after this `after` or else the difference's own."
    )
    def changes(
        self, info: Info, kinds: list[Fate] | None = None, first: int = 100, after: str | None = None
    ) -> Connection[EditionChange]:
        """The changes."""
        found = [one for one in self.found if kinds is None or one.fate in kinds]
        order, node = placed("changes", self.found, _change_key), partial(EditionChange.of, self.between)
        return connect(info, found, order, node, *self.paging.narrowed(first, after))

    @classmethod
    def of(cls, asked: "EditionQuestion", paging: Paging) -> Self:
        """The difference of two editions in a view."""
        snapshot, old, new = asked.snapshot, *asked.editions
        between = asked.between(contents(snapshot, old.id), contents(snapshot, new.id))
        found = succession.compare(between, printed(snapshot, between))
        return cls(old_id=old.id, new_id=new.id, between=between, seen=asked.view, found=found, paging=paging)


@strawberry.type(description="What follows from a row for one provision of the new edition.")
class MigrationResult:
    """A result."""

    row: strawberry.Private[engine.MigratedRow]
    result: strawberry.Private[engine.Result]
    between: strawberry.Private[Succession]

    @strawberry.field(description="The provision of the new edition.")
    def provision(self, info: Info) -> Resource:
        """The provision."""
        return resource_node(info.context.snapshot, self.result.counterpart.new)

    @strawberry.field(
        description="What follows, read as the row is stated, from its subject to its object, with the new provision in the "
        "place of the old one."
    )
    def relation(self) -> RelationSet:
        """The relation."""
        return RelationSet(bits=self.result.relations)

    @strawberry.field(description="What is left of the row for this provision.")
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.result.verdict

    @strawberry.field(description="What is left of the row for this provision, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        return LocalizedText.of_text(
            explanations.of_verdict(info.context.snapshot, self.result.verdict, self.result.counterpart.new), lang, info
        )

    @strawberry.field(description="How the old provision lies to this one, and why.")
    def counterpart(self) -> EditionCounterpart:
        """The counterpart."""
        return EditionCounterpart(counterpart=self.result.counterpart, between=self.between)

    @strawberry.field(
        description="Why it follows: chains of the row and the statements between the editions, from the row's subject to its "
        "object. Null where the row is not believed."
    )
    def proof(self) -> Proof | None:
        """The proof."""
        return _proof(engine.prove(self.row, self.result, self.between))


@strawberry.type(description="A row of a mapping set, and what is left of it on another edition. Nothing of it is published.")
class MigrationRow:
    """A migrated row."""

    row: strawberry.Private[engine.MigratedRow]
    between: strawberry.Private[Succession]

    @classmethod
    def of(cls, between: Succession, row: engine.MigratedRow) -> Self:
        """The type over a row."""
        return cls(row=row, between=between)

    @strawberry.field(description="The row as it was published.")
    def statement(self, info: Info) -> Statement:
        """The row."""
        return Statement(record=info.context.snapshot.statements[self.row.statement])

    @strawberry.field(
        description="How its word is read, from its subject to its object; null where the view does not believe it."
    )
    def relation(self) -> RelationSet | None:
        """The reading."""
        row = self.row.row
        return None if row is None else RelationSet(bits=row.seen_from(self.row.subject))

    @strawberry.field(description="What is left of it: the best of the results.")
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.row.verdict

    @strawberry.field(description="Whether a person has to look at some result, whatever follows for the others.")
    def needs_review(self) -> bool:
        """Whether something is open."""
        return self.row.open

    @strawberry.field(description="Why nothing can follow from it; null where something can.")
    def obstacle(self) -> Obstacle | None:
        """The obstacle."""
        return self.row.obstacle

    @strawberry.field(description="What became of the provision that moves.")
    def change(self) -> EditionChange:
        """What became of the provision."""
        return EditionChange(change=self.row.change, between=self.between)

    @strawberry.field(description="What follows for each counterpart of that provision, in the new edition's order.")
    def results(self) -> list[MigrationResult]:
        """The results."""
        return [MigrationResult(row=self.row, result=one, between=self.between) for one in self.row.results]

    @strawberry.field(description="Why the verdict is what it is, in words.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText:
        """The explanation."""
        snapshot = info.context.snapshot
        words = _words(snapshot, self.row.change, self.between)
        return LocalizedText.of_text(engine.explain_row(self.row, _names(snapshot), words), lang, info)


@strawberry.type(description="The rows counted by verdict.")
class MigrationSummary:
    """The counts."""

    rows: int = strawberry.field(description="Rows of the set.")
    certain: int = strawberry.field(description="How many are CERTAIN.")
    changed: int = strawberry.field(description="How many are CHANGED.")
    undecided: int = strawberry.field(description="How many are UNDECIDED.")
    lost: int = strawberry.field(description="How many are LOST.")
    needs_review: int = strawberry.field(description="How many have a result that a person has to look at, of any verdict.")


@strawberry.type(
    description="A mapping set on another edition of one of its sides. It is an answer: nothing of it enters the graph, and no "
    "other answer rests on it."
)
class Migration:
    """A migration."""

    set_id: strawberry.Private[str]
    new_id: strawberry.Private[str]
    old_id: strawberry.Private[str]
    moves: strawberry.Private[Side]
    between: strawberry.Private[Succession]
    seen: strawberry.Private[View]
    found: strawberry.Private[tuple[engine.MigratedRow, ...]]
    wanted: strawberry.Private[frozenset[Verdict]]
    paging: strawberry.Private[Paging]

    @strawberry.field(description="The mapping set.")
    def mapping_set(self, info: Info) -> Resource:
        """The mapping set."""
        return resource_node(info.context.snapshot, self.set_id)

    @strawberry.field(description="The end of the rows that moves.")
    def side(self) -> Side:
        """The side."""
        return self.moves

    @strawberry.field(name="from", description="The edition that the set is about on that side.")
    def old(self, info: Info) -> Edition:
        """The old edition."""
        return edition_node(info.context.snapshot, self.old_id)

    @strawberry.field(name="to", description="The edition that it is moved to.")
    def new(self, info: Info) -> Edition:
        """The new edition."""
        return edition_node(info.context.snapshot, self.new_id)

    @strawberry.field(description="What it was answered under.")
    def view(self) -> AnswerView:
        """The view."""
        return AnswerView(seen=self.seen)

    @strawberry.field(description="Whether the two editions share provisions, or the view holds any correspondence between them.")
    def stated(self) -> bool:
        """Whether anything is stated."""
        return self.between.stated

    @strawberry.field(description="The counts over all rows, whichever verdicts were asked for.")
    def summary(self) -> MigrationSummary:
        """The counts."""
        counts = Counter(row.verdict for row in self.found)
        return MigrationSummary(
            rows=len(self.found),
            needs_review=sum(row.open for row in self.found),
            **{verdict.value: counts[verdict] for verdict in Verdict},
        )

    @strawberry.field(
        description="The rows of the verdicts that were asked for, in the order of the old edition: a page of the smaller "
        "`first`, after this `after` or else the migration's own."
    )
    def rows(self, info: Info, first: int = 100, after: str | None = None) -> Connection[MigrationRow]:
        """The rows."""
        found = [row for row in self.found if row.verdict in self.wanted]
        order, node = placed("rows", self.found, lambda row: row.statement), partial(MigrationRow.of, self.between)
        return connect(info, found, order, node, *self.paging.narrowed(first, after))

    @classmethod
    def of(cls, asked: "EditionQuestion", moved: "Moved", verdicts: list[Verdict] | None, paging: Paging) -> Self:
        """A mapping set on another edition, in a view."""
        snapshot, old, new = asked.snapshot, *asked.editions
        ends = [engine.moving_end(one, moved.side) for one in moved.rows]
        between = asked.between(contents(snapshot, old.id, ends), contents(snapshot, new.id))
        changes = succession.compare(between, printed(snapshot, between))
        believed = engine.Believed.of(between.network.rows, asked.view.authorities, snapshot.standing)
        return cls(
            set_id=moved.mapping_set.id, old_id=old.id, new_id=new.id, moves=moved.side, between=between,
            seen=asked.view,
            found=engine.migrate(moved.rows, moved.side, between, changes, believed),
            wanted=frozenset(Verdict if verdicts is None else verdicts), paging=paging,
        )  # fmt: skip


class EditionQuestion:
    """Two editions of one framework, and the view and the length of chains that an answer about them rests on."""

    def __init__(self, snapshot: Snapshot, editions: tuple[model.Edition, model.Edition], view: View, hops: int) -> None:
        check_hops(hops, MAX_SUCCESSION_HOPS)
        self.snapshot, self.editions, self.view = snapshot, editions, replace(view, hops=hops)

    def between(self, old: Contents, new: Contents) -> Succession:
        """The succession of some contents of the two."""
        network = self.snapshot.index.engine.network(self.view.authorities, self.view.hops)
        framework = self.editions[1].framework
        known = [one for one in self.snapshot.editions.values() if one.framework == framework]
        listed = frozenset(one for edition in known for one in _listed(edition))
        return Succession(network, old, new, listed, told(self.snapshot, old, new, self.view.authorities))


class Moved:
    """A mapping set that is to move to an edition: its rows, and the side that moves."""

    def __init__(self, snapshot: Snapshot, mapping_set: str, to: str, side: Side | None) -> None:
        if mapping_set not in snapshot.mapping_sets:
            raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_SET(id=mapping_set[:MAX_SHOWN]))
        self.mapping_set, new = snapshot.mapping_sets[mapping_set], edition_of(to, snapshot)
        self.side = engine.side_that_moves(self.mapping_set, new, snapshot.editions, side)
        if self.mapping_set.origin is Origin.REVERSE and self.mapping_set.derived_from:
            told = REVERSED(id=mapping_set, of=", ".join(self.mapping_set.derived_from))
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, told)
        of_side = {Side.SUBJECT: self.mapping_set.subject_edition, Side.OBJECT: self.mapping_set.object_edition}
        self.editions = snapshot.editions[of_side[self.side] or ""], new
        self.rows = tuple(
            one
            for one in snapshot.records.statements
            if one.mapping is not None and one.mapping.mapping_set == mapping_set and one.object is not None
        )


def two_of_one(old: str, new: str, snapshot: Snapshot) -> tuple[model.Edition, model.Edition]:
    """Two different editions of one framework; an error where they are not."""
    first, second = edition_of(old, snapshot), edition_of(new, snapshot)
    if old == new:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, SAME_TWICE(id=old))
    if first.framework != second.framework:
        told = TWO_FRAMEWORKS(old=old, new=new, first=first.framework, second=second.framework)
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, told)
    return first, second


def contents(snapshot: Snapshot, edition: str, also: Iterable[str] = ()) -> Contents:
    """What an edition asks for, and which of its provisions are out of use; headings are neither.

    `also` are ends of mappings, which may be headings, or defined nowhere.
    """
    asked, unused = dict.fromkeys(snapshot.requirements(edition)), snapshot.world.out_of_use
    listed = (one for one in _listed(snapshot.editions[edition]) if one in unused)
    others = sorted({one for one in (*listed, *also) if one not in asked}, key=lambda one: (*_position(snapshot, one), one))
    return Contents(
        provisions=(*asked, *(one for one in others if one not in unused)),
        out_of_use=tuple(one for one in others if one in unused),
    )


def told(snapshot: Snapshot, old: Contents, new: Contents, authorities: frozenset[Authority]) -> Told:
    """What some authorities publish between two editions: which provisions each mapping set lists, and what went where."""
    tables: dict[str, set[str]] = defaultdict(set)
    here, went = frozenset(old.every), dict[tuple[str, str], None]()
    for one in _stated_between(snapshot, old, new):
        if one.object is None or one.authority not in authorities:
            continue
        if one.mapping is not None:
            tables[one.mapping.mapping_set] |= {one.subject, one.object}
        if one.predicate in SUCCESSIONS and one.subject in here:
            went[one.subject, one.object] = None
    return Told(tuple(Table(name, frozenset(found)) for name, found in sorted(tables.items())), tuple(went))


def _stated_between(snapshot: Snapshot, old: Contents, new: Contents) -> Iterator[model.Statement]:
    """The statements between what only the one edition holds and what only the other does."""
    both = frozenset(old.every) & frozenset(new.every)
    there = frozenset(new.every) - both
    for provision in (one for one in old.every if one not in both):
        yield from (one for one in snapshot.outgoing.get(provision, ()) if one.object in there)
        yield from (one for one in snapshot.incoming.get(provision, ()) if one.subject in there)


def printed(snapshot: Snapshot, between: Succession) -> Mapping[str, Printed]:
    """How each provision of two editions stands there."""
    return {one: _printed(snapshot, one) for content in (between.old, between.new) for one in content.every}


def _printed(snapshot: Snapshot, provision: str) -> Printed:
    record = snapshot.resources[provision]
    parent = None if record.parent is None else snapshot.resources[record.parent].notation
    wording = sorted(f"{one.language} {folded(one.text)}" for one in (*record.labels, *record.texts) if not one.ours)
    return Printed(notation=record.notation, parent=parent, wording=tuple(wording))


def _position(snapshot: Snapshot, provision: str) -> tuple[str, int]:
    return snapshot.positions.get(provision, ("", 0))


def _listed(edition: model.Edition) -> tuple[str, ...]:
    return (*edition.provisions, *edition.selected)


def _successions(snapshot: Snapshot, ends: Sequence[str]) -> Iterable[model.Statement]:
    found = [one for end in ends for one in (*snapshot.outgoing.get(end, ()), *snapshot.incoming.get(end, ()))]
    return dict.fromkeys(one for one in found if one.predicate in SUCCESSIONS)


def _proof(chains: tuple[Chain, ...]) -> Proof | None:
    if not chains:
        return None
    proof = proofs.Proof(chains=chains)
    undecided = proof.conclusion is None or not is_determined(proof.conclusion)
    return Proof(proof=proofs.Proof(chains=chains, missing=missing(chains[0]) if undecided else None))


def _names(snapshot: Snapshot) -> succession.Naming:
    def name(provision: str, language: str) -> str:
        record = snapshot.resources[provision]
        chosen, notation = choose(record.labels, [language], ()), record.notation or ""
        label = chosen[0].text if chosen else ""
        return label if label.startswith(notation) and label else f"{notation} {label}".strip() or provision

    return name


def _words(snapshot: Snapshot, change: succession.Change, between: Succession) -> Mapping[str, str]:
    """The published words for counterparts that one statement links, where nothing follows from it."""
    found = {}
    for one in (counterpart for counterpart in change.counterparts if counterpart.fit is Fit.LINKED):
        statements = [snapshot.statements.get(step.row.statement) for chain in between.chains(one) for step in chain.steps]
        if len(statements) == 1 and statements[0] is not None and statements[0].mapping is not None:
            found[one.new] = statements[0].mapping.verbatim
    return found


def _change_key(change: succession.Change) -> str:
    return f"{'new' if change.of_new else 'old'} {change.provision}"
