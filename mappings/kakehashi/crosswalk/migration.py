"""What a mapping set says of another edition of one of its sides: derived by the algebra, shown, and never fed back as rows.

Each row is composed with what is known between the old provision and each of its counterparts. The old provision and its
counterparts are those of `succession`; the answer is what follows from that one row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kakehashi.crosswalk.algebra import ALL, DR, EQ, PO, PP, PPI, bases, compose, converse, is_determined
from kakehashi.crosswalk.chains import Chain, Step, sufficient
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.standing import Standing
from kakehashi.crosswalk.succession import Change, Counterpart, Naming, Succession, explain, joined, worded
from kakehashi.records.model import Edition, MappingSet, Statement
from kakehashi.records.values import Authority
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_SUCCESSION_HOPS: Final = 3

NO_EDITIONS = Text(
    "「{id}」は主語の版も目的語の版も示していないため、版の移行はできません。",
    "'{id}' names no edition on either side, so it cannot be migrated to another one.",
)
OWN_EDITION = Text(
    "「{edition}」は「{id}」がもともと対象としている版です。同じ枠組みの別の版を指定してください。",
    "'{edition}' is an edition that '{id}' is already about. Give another edition of that framework.",
)
OTHER_FRAMEWORK = Text(
    "「{edition}」は「{framework}」の版ですが、「{id}」が対象とするのは {editions} です。"
    "どちらかの側と同じ枠組みの版を指定してください。",
    "'{edition}' is an edition of '{framework}', and '{id}' is about {editions}. "
    "Give an edition of the framework of either side.",
)
EITHER_SIDE = Text(
    "「{id}」の両側({editions})は同じ枠組みの版です。どちらを移すかをsideで指定してください。",
    "Both sides of '{id}' ({editions}) are editions of that framework. Say with side which of them is to move.",
)
WRONG_SIDE = Text(
    "「{id}」の指定された側は「{framework}」の版ではないため、「{edition}」へ移せません。",
    "The side of '{id}' that was asked for is no edition of '{framework}', so it cannot move to '{edition}'.",
)


class Side(StrEnum):
    """Which end of the rows moves to the other edition."""

    SUBJECT = "subject"
    OBJECT = "object"


class Verdict(StrEnum):
    """What is left of a row on the new edition, the best first."""

    CERTAIN = "certain"
    CHANGED = "changed"
    UNDECIDED = "undecided"
    LOST = "lost"


class Obstacle(StrEnum):
    """Why nothing can follow from a row, whatever became of its provision."""

    NOT_COUNTED = "not-counted"
    OUTSIDE_VIEW = "outside-view"
    SET_ASIDE = "set-aside"
    VAGUE = "vague"


@dataclass(frozen=True, slots=True)
class Result:
    """What follows for one new provision; the relation is read from the row's subject to its object, one of them replaced."""

    counterpart: Counterpart
    relations: int
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class MigratedRow:
    """A row of the set, what became of its moving end, and what follows; `row` is none where the view does not believe it."""

    statement: str
    subject: str
    object: str
    side: Side
    change: Change
    row: Row | None
    obstacle: Obstacle | None
    results: tuple[Result, ...]

    @property
    def verdict(self) -> Verdict:
        """The best of the results' verdicts."""
        found = {result.verdict for result in self.results}
        return next((verdict for verdict in Verdict if verdict in found), Verdict.LOST)

    @property
    def open(self) -> bool:
        """Whether a counterpart is left that a person has to look at, whatever follows for the others."""
        return any(result.verdict is Verdict.UNDECIDED for result in self.results)


def side_that_moves(mapping_set: MappingSet, to: Edition, editions: Mapping[str, Edition], wanted: Side | None) -> Side:
    """The side of a set that can move to an edition; an error where none can, or where both can and nobody said which."""
    about = {Side.SUBJECT: mapping_set.subject_edition, Side.OBJECT: mapping_set.object_edition}
    named = {side: edition for side, edition in about.items() if edition is not None}
    told = {"id": mapping_set.id, "edition": to.id, "framework": to.framework, "editions": ", ".join(named.values())}
    if not named:
        raise _refused(NO_EDITIONS, told)
    if to.id in named.values():
        raise _refused(OWN_EDITION, told)
    movable = [side for side, one in named.items() if one in editions and editions[one].framework == to.framework]
    if not movable:
        raise _refused(OTHER_FRAMEWORK, told)
    if wanted is None and len(movable) > 1:
        raise _refused(EITHER_SIDE, told)
    if wanted is not None and wanted not in movable:
        raise _refused(WRONG_SIDE, told)
    return wanted or movable[0]


def _refused(text: Text, told: Mapping[str, str]) -> KakehashiError:
    return KakehashiError(ErrorCode.BAD_USER_INPUT, text(**told))


def moving_end(statement: Statement, side: Side) -> str:
    """The end of a row that moves."""
    return statement.subject if side is Side.SUBJECT else statement.object or ""


@dataclass(frozen=True, slots=True)
class Believed:
    """The rows that a view believes, by statement, and why another is not among them."""

    rows: Mapping[str, Row]
    authorities: frozenset[Authority]
    standing: Callable[[Statement], Standing]

    @classmethod
    def of(cls, rows: Iterable[Row], authorities: frozenset[Authority], standing: Callable[[Statement], Standing]) -> "Believed":
        """What a view believes, of its network's rows."""
        return cls({row.statement: row for row in rows if not row.parent_link}, authorities, standing)

    def obstacle(self, statement: Statement) -> Obstacle | None:
        """Why nothing can follow from a statement; None where something may."""
        row = self.rows.get(statement.id)
        if row is not None:
            return None if is_determined(row.relations) else Obstacle.VAGUE
        if self.standing(statement) is not Standing.COUNTS:
            return Obstacle.NOT_COUNTED
        return Obstacle.SET_ASIDE if statement.authority in self.authorities else Obstacle.OUTSIDE_VIEW


def migrate(
    statements: Iterable[Statement], side: Side, succession: Succession, changes: Iterable[Change], believed: Believed
) -> tuple[MigratedRow, ...]:
    """The rows of a set on another edition, in the order of the old edition; `changes` are those of the succession."""
    became = {change.provision: change for change in changes if not change.of_new}
    place = {provision: number for number, provision in enumerate(became)}
    rows = [one for one in statements if one.object is not None]
    rows.sort(key=lambda one: (place[moving_end(one, side)], one.subject, one.object or "", one.id))
    return tuple(_migrated(one, side, succession, became[moving_end(one, side)], believed) for one in rows)


def _migrated(statement: Statement, side: Side, succession: Succession, change: Change, believed: Believed) -> MigratedRow:
    row = believed.rows.get(statement.id)
    found = succession.of_old.get(change.provision, ())
    return MigratedRow(
        statement=statement.id, subject=statement.subject, object=statement.object or "", side=side, change=change, row=row,
        obstacle=believed.obstacle(statement), results=tuple(_result(one, row, statement.subject, side) for one in found),
    )  # fmt: skip


def _result(counterpart: Counterpart, row: Row | None, subject: str, side: Side) -> Result:
    if row is None:
        return Result(counterpart, ALL, Verdict.UNDECIDED)
    stated, between = row.seen_from(subject), counterpart.relations
    follows = compose(stated, between) if side is Side.OBJECT else compose(converse(between), stated)
    return Result(counterpart, follows, _verdict(stated, follows))


def _verdict(stated: int, follows: int) -> Verdict:
    """The word still holds where what follows is no more than its reading allows."""
    if not is_determined(follows):
        return Verdict.UNDECIDED
    return Verdict.CHANGED if follows & ~stated else Verdict.CERTAIN


def prove(migrated: MigratedRow, result: Result, succession: Succession) -> tuple[Chain, ...]:
    """The chains, from the new row's subject to its object, that prove what follows; none where the row is not believed."""
    row, one = migrated.row, result.counterpart
    if row is None:
        return ()
    own = Step(migrated.subject, migrated.object, row)
    between = [chain.steps for chain in succession.chains(one)] or [()]
    if migrated.side is Side.OBJECT:
        return sufficient(Chain((own, *steps)) for steps in between)
    return sufficient(Chain((*_backwards(steps), own)) for steps in between)


def _backwards(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(Step(step.end, step.start, step.row) for step in reversed(steps))


_FOLLOWS: Final[Mapping[Verdict, Text]] = MappingProxyType(
    {
        Verdict.CERTAIN: Text("公表された関係は{new}についても成り立ちます。", "The relation as published holds for {new} too."),
        Verdict.CHANGED: Text(
            "{new}については、公表された関係は導かれず、「{possible}」のいずれかとだけ言えます。",
            "For {new} the relation as published does not follow, but one of these holds: {possible}.",
        ),
        Verdict.UNDECIDED: Text(
            "{new}との関係は決まらず、人の判断が必要です。", "Nothing follows for {new}: a person has to decide."
        ),
    }
)
_POSSIBLE: Final[Mapping[int, Text]] = MappingProxyType(
    {
        EQ: Text("等しい", "equal"),
        PP: Text("含まれる", "subset of"),
        PPI: Text("含む", "superset of"),
        PO: Text("一部が重なる", "intersects with"),
        DR: Text("関係しない", "no relationship"),
    }
)
_LOST: Final = Text("相手の版に引き継ぐ先がありません。", "There is nothing in the other edition to carry the row over to.")
_HINDERED: Final[Mapping[Obstacle, Text]] = MappingProxyType(
    {
        Obstacle.NOT_COUNTED: Text("この行は集合の関係として数えられません。", "The row does not count as a set relation."),
        Obstacle.OUTSIDE_VIEW: Text(
            "この行は指定された根拠の主体の範囲に入っていません。", "The row is outside the authorities that were asked for."
        ),
        Obstacle.SET_ASIDE: Text(
            "この行は他の行と矛盾するため保留されています。", "The row contradicts others and is set aside."
        ),
        Obstacle.VAGUE: Text(
            "この行は、関連があるとだけ述べているか、文言だけで判断しているため、それ自体からは何も決まりません。",
            "The row itself decides nothing: it says only that the two are related, or judges by wording alone.",
        ),
    }
)


def explain_row(migrated: MigratedRow, name: Naming, words: Mapping[str, str] = MappingProxyType({})) -> Text:
    """Why a row has its verdict: what became of its provision, what hinders the row, and what follows for which."""
    told = [explain(migrated.change, name, words)]
    if migrated.obstacle is not None:
        told.append(_HINDERED[migrated.obstacle])
    told += [_told(verdict, relations, new, name) for (verdict, relations), new in _alike(migrated.results).items()]
    return joined(told if migrated.results else [*told, _LOST])


def _alike(results: Iterable[Result]) -> Mapping[tuple[Verdict, int], list[str]]:
    """The new provisions for which the same follows, the best verdict first."""
    found: dict[tuple[Verdict, int], list[str]] = {}
    for verdict in Verdict:
        for one in (result for result in results if result.verdict is verdict):
            found.setdefault((verdict, one.relations if verdict is Verdict.CHANGED else 0), []).append(one.counterpart.new)
    return found


def _told(verdict: Verdict, relations: int, new: Sequence[str], name: Naming) -> Text:
    words = [_POSSIBLE[base] for base in bases(relations)]
    text, possible = _FOLLOWS[verdict], Text("・".join(one.ja for one in words), ", ".join(one.en for one in words))
    filled = Text(text.ja.replace("{possible}", possible.ja), text.en.replace("{possible}", possible.en))
    return worded(filled, name, new=new)
