"""Issued certificates and registrations as sources state them, and the lists that would have to be loaded to know of more.

That no certificate of a product is known is an answer only where a whole list of some day is loaded. Without it nobody can say.
When things end is read as everywhere (docs/decisions/0013).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Link
from kakehashi.crosswalk.validity import Period, Times, period_of
from kakehashi.records.model import Statement

ISSUED: Final = "issued-certificate"
TO: Final = "granted-to"
UNDER: Final = "granted-under"
CERTIFIES: Final = "certifies-to"
FROM: Final = "valid-from"
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
    """One certificate or registration; `schemes` and `editions` are what it is of.

    Its own last day is `valid_to`; on `lapses_on` all certificates to its edition end, on `scheme_ends_on` its scheme does.
    """

    id: str
    schemes: tuple[str, ...]
    editions: tuple[str, ...]
    statements: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    lapses_on: date | None = None
    scheme_ends_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        """Its last day: its own, that of all certificates to its edition, or that of its scheme, whichever is earliest."""
        return min((day for day in (self.valid_to, self.lapses_on, self.scheme_ends_on) if day is not None), default=None)

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
    """What a release says of certificates: which there are, its statements by both ends, what lists which scheme, what ends when.

    `frameworks` gives the framework of each edition.
    """

    issued: frozenset[str]
    outgoing: Statements
    incoming: Statements
    same_scheme: Mapping[str, Sequence[Link]]
    frameworks: Mapping[str, str]
    times: Times

    def of(self, holder: str, schemes: Iterable[str] | None, view: View) -> Iterator[Certification]:
        """The answers for some schemes, or for all of which there are lists and all of which the holder has certificates, by id.

        Which list tells of which scheme is said whoever says it: it is no evidence, but where to look.
        """
        issued = self._issued(holder, view)
        known = {scheme for one in issued for scheme in one.schemes} | self._listed_schemes()
        for scheme in sorted(set(known if schemes is None else schemes)):
            yield self._certification(scheme, issued, view)

    def _certification(self, scheme: str, issued: Sequence[Issued], view: View) -> Certification:
        """The answer for a scheme: who is on none of its lists may be on that of a listing, unless all listings' are loaded."""
        of_scheme = tuple(one for one in issued if scheme in one.schemes)
        own = self._lists(scheme, view)
        of_listings = [self._lists(one, view) for one in self._linked(scheme, view, reverse=True)]
        whole = _is_whole(own) or (bool(of_listings) and all(map(_is_whole, of_listings)))
        outcome = Outcome.LISTED if of_scheme else Outcome.NOT_LISTED if whole else Outcome.NOT_LOADED
        lists = {one.id: one for found in (own, *of_listings) for one in found}
        return Certification(
            scheme=scheme, outcome=outcome, issued=of_scheme, lists=tuple(lists[one] for one in sorted(lists))
        )  # fmt: skip

    def _linked(self, scheme: str, view: View, *, reverse: bool) -> tuple[str, ...]:
        """What a listing is of; in reverse the listings of a scheme, each of which is another's way to be certified."""
        links = self.same_scheme.get(scheme, ())
        return tuple(dict.fromkeys(link.target for link in links if link.reverse is reverse and view.sees(link.authority)))

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
        standards = [self.frameworks.get(one, one) for one in editions]
        listed = [target for one in under for target in self._linked(one, view, reverse=False)]
        return Issued(
            id=certificate, schemes=tuple(sorted({*under, *standards, *listed})), editions=tuple(sorted(editions)),
            valid_from=min((one.first for one in _periods(stated, FROM)), default=None),
            valid_to=_end(self.times.ends, [certificate]), lapses_on=_end(self.times.lapses, editions),
            scheme_ends_on=_end(self.times.ends, under or standards), statements=tuple(one.id for one in stated),
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

    def _lists(self, scheme: str, view: View) -> tuple[CertificateList, ...]:
        found = {one.subject for one in self.incoming.get(scheme, ()) if one.predicate == LISTS}
        return tuple(self._list(one, view) for one in sorted(found))

    def _list(self, identifier: str, view: View) -> CertificateList:
        stated = [one for one in self.outgoing[identifier] if one.predicate == LISTED and view.sees(one.authority)]
        days = (one.last for one in _periods(stated, LISTED) if one.first == one.last)
        return CertificateList(id=identifier, listed_as_of=max(days, default=None), statements=tuple(one.id for one in stated))


def _is_whole(lists: Iterable[CertificateList]) -> bool:
    return any(one.listed_as_of is not None for one in lists)


def _end(ends: Mapping[str, Period], things: Iterable[str]) -> date | None:
    """The last day on which all of some things are there; None where nobody says of any that it ends."""
    return min((ends[one].last for one in things if one in ends), default=None)


def _periods(statements: Iterable[Statement], predicate: str) -> Iterator[Period]:
    """The days that statements of a kind may mean; what is no date is none."""
    found = (period_of(one.value.text) for one in statements if one.predicate == predicate and one.value)
    return (one for one in found if one is not None)
