"""Two reports side by side: where the one is better, and which controls make the difference.

The two may differ in anything: what is given, the view, the day, the length of chains, or the edition. Of two editions, only what
both have, or what is published to correspond, is compared; the rest is in one of them only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status
from kakehashi.crosswalk.gaps import RequirementCoverage
from kakehashi.crosswalk.succession import Counterpart, Fit, Succession


class Outcome(StrEnum):
    """How a requirement fares in the second report, by its proved level."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    ONLY_BEFORE = "only-before"
    ONLY_AFTER = "only-after"


@dataclass(frozen=True, slots=True)
class Difference:
    """A control that meets the requirement in one report, wholly or in part, alone or with others, and not so in the other.

    `before` and `after` are what it does alone, None where it is absent; `jointly_...` whether it has a part in what several do.
    """

    control: str
    before: Status | None
    after: Status | None
    jointly_before: bool = False
    jointly_after: bool = False

    @property
    def matters(self) -> bool:
        """Whether it meets the requirement in either report, and otherwise than in the other."""
        alone = self.before is not self.after and (_proves(self.before) or _proves(self.after))
        return alone or self.jointly_before is not self.jointly_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A requirement in two reports, or in the one that has it.

    `counterpart` says how two different provisions correspond; None where both reports are about the very same one.
    """

    before: RequirementCoverage | None = None
    after: RequirementCoverage | None = None
    counterpart: Counterpart | None = None

    @property
    def key(self) -> str:
        """What tells it from others of its comparison."""
        return " ".join("" if one is None else one.requirement for one in (self.before, self.after))

    @property
    def outcome(self) -> Outcome:
        """How it fares. Statuses of one level, as POSSIBLE and UNKNOWN, are no better and no worse than one another."""
        if self.before is None:
            return Outcome.ONLY_AFTER
        if self.after is None:
            return Outcome.ONLY_BEFORE
        rise = PROVED_LEVEL[self.after.status] - PROVED_LEVEL[self.before.status]
        return Outcome.BETTER if rise > 0 else Outcome.WORSE if rise else Outcome.SAME

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The controls that make the difference, by id: those that appear, vanish or change where they meet it."""
        before, after = _by_control(self.before), _by_control(self.after)
        then, now = _jointly(self.before), _jointly(self.after)
        found = (
            Difference(one, before.get(one), after.get(one), one in then, one in now)
            for one in sorted({*before, *after, *then, *now})
        )
        return tuple(one for one in found if one.matters)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows in the order of the first report, then what only the second has in its order."""

    rows: tuple[Compared, ...]

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many rows there are of each outcome; they add up to the rows."""
        return Counter(row.outcome for row in self.rows)


def compare(
    before: Sequence[RequirementCoverage], after: Sequence[RequirementCoverage], counterparts: Iterable[Counterpart] = ()
) -> Comparison:
    """Two reports compared: what both have, then what `counterparts` say to correspond; a provision in both needs none."""
    first, second = ({answer.requirement: answer for answer in answers} for answers in (before, after))
    partners: dict[str, list[Counterpart]] = defaultdict(list)
    for one in counterparts:
        if one.old in first and one.new in second and one.old not in second and one.new not in first:
            partners[one.old].append(one)
    met = {one.new for found in partners.values() for one in found}
    rows = [row for answer in before for row in _rows(answer, second, partners)]
    alone = (answer for answer in after if answer.requirement not in first and answer.requirement not in met)
    return Comparison((*rows, *(Compared(after=answer) for answer in alone)))


def corresponding(succession: Succession) -> Iterator[Counterpart]:
    """The pairs of two editions of which an overlap at least is proved and of which one succeeds the other."""
    for found in succession.of_old.values():
        yield from (one for one in found if one.fit is not Fit.LINKED and one.old != one.new and succession.succeeds(one))


def _rows(
    answer: RequirementCoverage, second: Mapping[str, RequirementCoverage], partners: Mapping[str, Sequence[Counterpart]]
) -> Iterator[Compared]:
    same = second.get(answer.requirement)
    found = partners.get(answer.requirement, ())
    if same is not None or not found:
        yield Compared(before=answer, after=same)
    for one in found:
        yield Compared(before=answer, after=second[one.new], counterpart=one)


def _by_control(answer: RequirementCoverage | None) -> Mapping[str, Status]:
    return {} if answer is None else {one.control: one.status for one in answer.covered}


def _jointly(answer: RequirementCoverage | None) -> frozenset[str]:
    return frozenset(one for found in (answer.jointly if answer else ()) for one in found.controls)


def _proves(status: Status | None) -> bool:
    return status is not None and PROVED_LEVEL[status] > 0
