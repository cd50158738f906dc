"""Issued certificates and registrations as sources state them, and the lists that would have to be loaded to know of more.

That no certificate of a product is known is an answer only where a whole list of some day is loaded. Without it nobody can say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Link
from kakehashi.records.model import Statement

ISSUED: Final = "issued-certificate"
TO: Final = "granted-to"
UNDER: Final = "granted-under"
CERTIFIES: Final = "certifies-to"
FROM: Final = "valid-from"
UNTIL: Final = "valid-to"
LAPSE: Final = "certificates-lapse-on"
LISTS: Final = "lists-certificates-of"
LISTED: Final = "listed-as-of"
RENAMED: Final = "renamed-to"

Statements = Mapping[str, Sequence[Statement]]


class Outcome(StrEnum):
    """What is known of a holder under a scheme."""

    LISTED = "listed"
    """A certificate or registration is known, in force or not."""
    NOT_LISTED = "not-listed"
    """A whole list of some day is loaded, and the holder is not on it."""
    NOT_LOADED = "not-loaded"
    """No such list is loaded, so that nobody can say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One certificate or registration; `schemes` and `editions` are what it is of, `lapses_on` is when all of its edition do."""

    id: str
    schemes: tuple[str, ...]
    editions: tuple[str, ...]
    statements: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    lapses_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        """Its last day: its own, or that of all certificates to its edition, whichever is earlier."""
        return min((day for day in (self.valid_to, self.lapses_on) if day is not None), default=None)

    def in_force(self, day: date) -> bool | None:
        """Whether the day lies within its validity, both ends included; None where no last day is stated and it has begun."""
        if self.valid_from is not None and day < self.valid_from:
            return False
        return None if self.ends_on is None else day <= self.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateList:
    """A published list of certificates; `listed_as_of` is the day of the whole list that is loaded, None where none is."""

    id: str
    listed_as_of: date | None
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """The answer for one scheme."""

    scheme: str
    outcome: Outcome
    issued: tuple[Issued, ...]
    lists: tuple[CertificateList, ...]


@dataclass(frozen=True, slots=True)
class Certificates:
    """What a release says of certificates: which there are, its statements by both ends, which schemes are one another's.

    `frameworks` gives the framework of each edition.
    """

    issued: frozenset[str]
    outgoing: Statements
    incoming: Statements
    same_scheme: Mapping[str, Sequence[Link]]
    frameworks: Mapping[str, str]

    def of(self, holder: str, schemes: Iterable[str] | None, view: View) -> Iterator[Certification]:
        """The answers for some schemes, or for all of which there are lists and all of which the holder has certificates, by id.

        Which list tells of which scheme is said whoever says it: it is no evidence, but where to look.
        """
        issued = self._issued(holder, view)
        known = {scheme for one in issued for scheme in one.schemes} | self._listed_schemes()
        for scheme in sorted(set(known if schemes is None else schemes)):
            yield self._certification(scheme, issued, view)

    def _certification(self, scheme: str, issued: Sequence[Issued], view: View) -> Certification:
        names = self._same(scheme)
        of_scheme = tuple(one for one in issued if not names.isdisjoint(one.schemes))
        lists = tuple(self._lists(names, view))
        whole = any(one.listed_as_of is not None for one in lists)
        outcome = Outcome.LISTED if of_scheme else Outcome.NOT_LISTED if whole else Outcome.NOT_LOADED
        return Certification(scheme=scheme, outcome=outcome, issued=of_scheme, lists=lists)

    def _same(self, scheme: str) -> frozenset[str]:
        """A scheme, and what a certificate of it is of too."""
        return frozenset({scheme, *(link.target for link in self.same_scheme.get(scheme, ()))})

    def _issued(self, holder: str, view: View) -> tuple[Issued, ...]:
        """The certificates of a holder under any of its names, by id."""
        found = {
            one.subject
            for name in self._names(holder)
            for one in self.incoming.get(name, ())
            if one.predicate == TO and one.subject in self.issued and view.sees(one.authority)
        }
        described = (self._described(one, view) for one in sorted(found))
        return tuple(one for one in described if one.schemes)

    def _described(self, certificate: str, view: View) -> Issued:
        stated = [one for one in self.outgoing.get(certificate, ()) if view.sees(one.authority)]
        under = [one.object for one in stated if one.predicate == UNDER and one.object]
        editions = [one.object for one in stated if one.predicate == CERTIFIES and one.object]
        lapses = [one for edition in editions for one in self.outgoing.get(edition, ()) if view.sees(one.authority)]
        return Issued(
            id=certificate, schemes=tuple(sorted({*under, *(self.frameworks.get(one, one) for one in editions)})),
            editions=tuple(sorted(editions)), valid_from=_day(stated, FROM), valid_to=_day(stated, UNTIL),
            lapses_on=_day(lapses, LAPSE), statements=tuple(one.id for one in stated),
        )  # fmt: skip

    def _names(self, holder: str) -> frozenset[str]:
        """A holder with what it was renamed to and from: a certificate names its holder as it was called then."""
        found, waiting = {holder}, [holder]
        while waiting:
            name = waiting.pop()
            later = {one.object for one in self.outgoing.get(name, ()) if one.predicate == RENAMED and one.object}
            former = {one.subject for one in self.incoming.get(name, ()) if one.predicate == RENAMED}
            waiting += sorted((later | former) - found)
            found |= later | former
        return frozenset(found)

    def _listed_schemes(self) -> set[str]:
        return {scheme for scheme, found in self.incoming.items() if any(one.predicate == LISTS for one in found)}

    def _lists(self, schemes: Iterable[str], view: View) -> Iterator[CertificateList]:
        found = {one.subject for scheme in schemes for one in self.incoming.get(scheme, ()) if one.predicate == LISTS}
        for identifier in sorted(found):
            days = [one for one in self.outgoing[identifier] if one.predicate == LISTED and view.sees(one.authority)]
            yield CertificateList(
                id=identifier, listed_as_of=_day(days, LISTED, last=True), statements=tuple(one.id for one in days)
            )  # fmt: skip


def _day(statements: Iterable[Statement], predicate: str, *, last: bool = False) -> date | None:
    """The first of the days that are stated, or the last; what is no whole day is none."""
    texts = (one.value.text for one in statements if one.predicate == predicate and one.value and one.value.datatype == "date")
    days = sorted(date.fromisoformat(text) for text in texts)
    return days[-1 if last else 0] if days else None
