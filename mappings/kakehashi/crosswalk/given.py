"""What an organisation has, as a question states it, and what follows from having it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kakehashi.crosswalk.index import Index, Link
from kakehashi.records.values import Authority


@dataclass(frozen=True, slots=True)
class View:
    """On whose word, at what date, and by how long chains of statements a question is answered."""

    authorities: frozenset[Authority]
    as_of: date
    hops: int = 1

    def sees(self, authority: Authority) -> bool:
        """Whether rows of that authority count."""
        return authority in self.authorities


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """An issued certificate: of a scheme, optionally limited in scope (ids of requirements or editions) and in time."""

    scheme: str
    product: str | None = None
    holder: str | None = None
    edition: str | None = None
    scope: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the day lies within its validity; both ends are included."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def extends_to(self, requirement: str, edition: str | None) -> bool:
        """Whether its scope takes in a requirement; a certificate that states no scope is taken to."""
        return not self.scope or requirement in self.scope or edition in self.scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Products, controls and certificates that someone has; empty where a question gives nothing."""

    things: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()


def everything(index: Index) -> Given:
    """All that the release knows can be had: every product and capability, and a certificate of every scheme."""
    certificates = tuple(Certificate(scheme=scheme) for scheme in index.schemes)
    return Given(things=index.satisfying, certificates=certificates)


@dataclass(frozen=True, slots=True)
class Holding:
    """All that is had: things, each with the statements by which it is had (none where it was given itself), certificates."""

    things: Mapping[str, tuple[Link, ...]]
    certificates: tuple[Certificate, ...]

    def __len__(self) -> int:
        return len(self.things) + len(self.certificates)


def hold(index: Index, given: Given, view: View) -> Holding:
    """Follow what was given to all that is had, along statements that the view sees."""
    found: dict[str, tuple[Link, ...]] = dict.fromkeys(sorted(given.things), ())
    waiting = list(found)
    while waiting:
        thing = waiting.pop(0)
        for link in index.brings.get(thing, ()):
            if link.target not in found and view.sees(link.authority):
                found[link.target] = (*found[thing], link)
                waiting.append(link.target)
    return Holding(found, given.certificates)


def scheme_path(index: Index, scheme: str, named: str, view: View) -> tuple[Link, ...] | None:
    """The statements by which a certificate of one scheme is one of another; None where it is not.

    One step: a listing refers to its scheme, a certification is to its standard.
    """
    if scheme == named:
        return ()
    for link in index.same_scheme.get(scheme, ()):
        if link.target == named and view.sees(link.authority):
            return (link,)
    return None
