"""What whoever reads a report must know of its edition, its day and what was given, so that nothing is silent."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from kakehashi.crosswalk.given import Certificate, Given, Holding, View, hold, scheme_path
from kakehashi.crosswalk.history import History
from kakehashi.crosswalk.index import Index
from kakehashi.records.values import Authority


class NoticeType(StrEnum):
    """What a notice says, in the order that notices stand in."""

    BEFORE_FIRST_EDITION = "before-first-edition"
    EDITION_NOT_YET_ISSUED = "edition-not-yet-issued"
    EDITION_SUPERSEDED = "edition-superseded"
    GIVEN_RETIRED = "given-retired"
    CERTIFICATE_NOT_IN_FORCE = "certificate-not-in-force"
    CERTIFICATE_OF_OTHER_EDITION = "certificate-of-other-edition"
    CERTIFICATE_COUNTS_NOWHERE = "certificate-counts-nowhere"
    CERTIFICATE_WITHOUT_SCOPE = "certificate-without-scope"
    PLAN_OF_OTHER_PRODUCT = "plan-of-other-product"
    PLAN_WITHOUT_CONTENT = "plan-without-content"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know: what it is about, and the day since which it is so where that is known and past."""

    type: NoticeType
    about: tuple[str, ...]
    since: date | None = None


_Found = tuple[NoticeType, str, date | None]
_ORDER: Final = {kind: place for place, kind in enumerate(NoticeType)}


@dataclass(frozen=True)
class Reported:
    """What a report is about: an edition and its requirements, what is given and what is had by it; `plans` are given plans."""

    edition: str
    requirements: Sequence[str]
    given: Given
    plans: frozenset[str]
    holding: Holding

    @property
    def _index(self) -> Index:
        return self.holding.index

    @property
    def _view(self) -> View:
        return self.holding.view

    @cached_property
    def _history(self) -> History:
        return History(self._index.editions, self._index.times)

    @cached_property
    def _ruled(self) -> Sequence[str]:
        """The requirements for which certificates count at all."""
        return [one for one in self.requirements if one in self._index.rules]

    def notices(self) -> tuple[Notice, ...]:
        """All that is to be said, one notice for all things of which the same is true since the same day."""
        found: dict[tuple[NoticeType, date | None], list[str]] = defaultdict(list)
        for kind, about, since in (*self._of_edition(), *self._of_ended(), *self._of_certificates(), *self._of_plans()):
            found[kind, since].append(about)
        keys = sorted(found, key=lambda key: (_ORDER[key[0]], key[1] or date.min))
        return tuple(Notice(kind, tuple(dict.fromkeys(found[kind, since])), since) for kind, since in keys)

    def _of_edition(self) -> Iterator[_Found]:
        first = self._history.first_of(self._index.editions[self.edition].framework)
        issued, day = self._history.issued(self.edition), self._view.as_of
        newer = self._history.superseding(self.edition, day)
        if first is not None and day < first[1].first:
            yield NoticeType.BEFORE_FIRST_EDITION, first[0], None
        elif issued is not None and day < issued.first:
            yield NoticeType.EDITION_NOT_YET_ISSUED, self.edition, None
        elif newer is not None:
            yield NoticeType.EDITION_SUPERSEDED, *newer

    def _of_ended(self) -> Iterator[_Found]:
        for one in self.holding.ended:
            yield NoticeType.GIVEN_RETIRED, one, self._index.times.ends[one].last

    def _of_certificates(self) -> Iterator[_Found]:
        for one in self.given.certificates:
            if one.assumed:
                continue
            if not one.in_force(self._view.as_of, self._index.times):
                yield NoticeType.CERTIFICATE_NOT_IN_FORCE, one.scheme, self._out_of_force_since(one)
            if one.edition is not None and self._is_of_other_edition(one):
                yield NoticeType.CERTIFICATE_OF_OTHER_EDITION, one.edition, None
            if not self._counts_somewhere(one):
                yield NoticeType.CERTIFICATE_COUNTS_NOWHERE, one.scheme, None
            elif not one.scope:
                yield NoticeType.CERTIFICATE_WITHOUT_SCOPE, one.scheme, None

    def _out_of_force_since(self, certificate: Certificate) -> date | None:
        """The last day that it was in force; None where it is not in force yet."""
        times = self._index.times
        periods = (times.lapses.get(certificate.edition or ""), times.ends.get(certificate.scheme))
        ends = [certificate.valid_to, *(one.last for one in periods if one is not None)]
        return min((one for one in ends if one is not None and one < self._view.as_of), default=None)

    def _is_of_other_edition(self, certificate: Certificate) -> bool:
        """Whether it is of another edition than the one asked about, or of one that was superseded."""
        newer = self._history.superseding(certificate.edition or "", self._view.as_of)
        return newer is not None or not certificate.suits(self._index, self.edition)

    def _counts_somewhere(self, certificate: Certificate) -> bool:
        """Whether a rule of the edition in the view names its scheme, for something in its scope."""
        return any(
            self._view.sees(rule.authority) and scheme_path(self._index, certificate.scheme, rule.scheme, self._view) is not None
            for requirement in self._ruled
            if certificate.extends_to(requirement, self.edition)
            for rule in self._index.rules.get(requirement, ())
        )

    def _of_plans(self) -> Iterator[_Found]:
        others = self._brought(self.given.things - self.plans)
        for plan in sorted(self.plans):
            if not hold(self._index, Given(things=frozenset({plan})), self._view).things.keys() - {plan}:
                yield NoticeType.PLAN_WITHOUT_CONTENT, plan, None
            included = self._brought(frozenset({plan})) - {plan}
            if others and included and not others & included:
                yield NoticeType.PLAN_OF_OTHER_PRODUCT, plan, None

    def _brought(self, things: frozenset[str]) -> frozenset[str]:
        """What some things bring on anybody's word: what belongs together does not depend on the view."""
        anyone = replace(self._view, authorities=frozenset(Authority))
        return frozenset(hold(self._index, Given(things=things), anyone).things)
