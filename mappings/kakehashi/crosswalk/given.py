"""What an organisation has, as a question states it, and what follows from having it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kakehashi.crosswalk.index import Index, Link
from kakehashi.crosswalk.plans import Plans
from kakehashi.crosswalk.validity import Times
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
    """An issued certificate: of a scheme, optionally limited in scope (ids of requirements or editions) and in time.

    `edition` is that of the standard that it was issued against. `assumed` where nobody stated it: it is thought of as had.
    """

    scheme: str
    product: str | None = None
    holder: str | None = None
    edition: str | None = None
    scope: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    assumed: bool = field(default=False, compare=False)

    def in_force(self, day: date, times: Times) -> bool:
        """Whether the day lies within its validity, both ends included, and neither its scheme nor its edition has lapsed."""
        begun = self.valid_from is None or self.valid_from <= day
        over = self.valid_to is not None and self.valid_to < day
        return begun and not (over or times.ended(self.scheme, day) or times.lapsed(self.edition, day))

    def suits(self, index: Index, edition: str | None) -> bool:
        """Whether it can count for provisions of an edition: not if issued against another edition of the same standard."""
        asked, own = index.editions.get(edition or ""), index.editions.get(self.edition or "")
        return asked is None or own is None or asked.id == own.id or asked.framework != own.framework

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
    certificates = tuple(Certificate(scheme=scheme, assumed=True) for scheme in index.schemes)
    return Given(things=index.satisfying, certificates=certificates)


@dataclass(frozen=True)
class Holding:
    """All that is had: things, each with the statements by which it is had (none where it was given itself), certificates.

    `lost` are the things that would be had besides, had nothing ended that was given or that it brings.
    """

    things: Mapping[str, tuple[Link, ...]]
    certificates: tuple[Certificate, ...]
    lost: Mapping[str, tuple[Link, ...]]
    index: Index = field(repr=False, compare=False)
    view: View = field(repr=False, compare=False)

    @cached_property
    def plans(self) -> Plans:
        """The licence plans, had or not."""
        return plans_of(self.index, self.view)

    @property
    def ended(self) -> tuple[str, ...]:
        """What was given, itself or by something, and has ended."""
        return tuple(sorted(one for one in self.lost if self.index.times.ended(one, self.view.as_of)))

    def __len__(self) -> int:
        return len(self.things) + len(self.certificates)


def hold(index: Index, given: Given, view: View) -> Holding:
    """Follow what was given to all that is had, along statements that the view sees.

    What has ended before the view's day is not had, and brings nothing but the same thing under a later name.
    """

    def seen(thing: str) -> Iterable[Link]:
        return (link for link in index.brings.get(thing, ()) if view.sees(link.authority))

    def lasting(thing: str) -> Iterable[Link]:
        return (link for link in seen(thing) if link.renames) if index.times.ended(thing, view.as_of) else seen(thing)

    reached = _followed(given.things, seen)
    still = _followed(given.things, lasting) if any(index.times.ended(one, view.as_of) for one in reached) else reached
    things = {thing: links for thing, links in still.items() if not index.times.ended(thing, view.as_of)}
    lost = {thing: links for thing, links in reached.items() if thing not in things}
    return Holding(things, given.certificates, lost, index, view)


def plans_of(index: Index, view: View) -> Plans:
    """The licence plans, with what a view sees each bring."""
    return Plans({plan: frozenset((*hold(index, Given(things=frozenset({plan})), view).things, plan)) for plan in index.plans})


def _followed(start: Iterable[str], links: Callable[[str], Iterable[Link]]) -> dict[str, tuple[Link, ...]]:
    """All that some things lead to, each with one of the shortest ways to it."""
    found: dict[str, tuple[Link, ...]] = dict.fromkeys(sorted(start), ())
    waiting = list(found)
    while waiting:
        thing = waiting.pop(0)
        for link in links(thing):
            if link.target not in found:
                found[link.target] = (*found[thing], link)
                waiting.append(link.target)
    return found


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
