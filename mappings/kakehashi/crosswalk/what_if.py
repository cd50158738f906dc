"""What someone has after additions and removals."""

from dataclasses import dataclass, field

from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.crosswalk.index import Index, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is added to what is had, and which things and schemes are taken away: of a scheme every certificate.

    Adding what was not given and taking it away again gives what there was.
    """

    add: Given = field(default_factory=Given)
    remove: frozenset[str] = frozenset()

    @property
    def contradictions(self) -> tuple[str, ...]:
        """What is both added and taken away."""
        added = self.add.things | {one.scheme for one in self.add.certificates}
        return tuple(sorted(added & self.remove))

    def of(self, given: Given) -> Given:
        """What is had then."""
        certificates = (*given.certificates, *self.add.certificates)
        return Given(
            things=(given.things | self.add.things) - self.remove,
            certificates=tuple(one for one in certificates if one.scheme not in self.remove),
        )

    def missing(self, given: Given) -> tuple[str, ...]:
        """What is to be taken away and was never given, itself or by what brings it: there is nothing to take."""
        return tuple(sorted(self.remove - given.things - {one.scheme for one in given.certificates}))

    def still_had(self, index: Index, given: Given, view: View) -> tuple[Link, ...]:
        """For each thing that is to be taken away and that something else brings, the link by which it does.

        A capability of a product that is had cannot be taken away alone: whoever has the product has it.
        """
        had = hold(index, self.of(given), view).things
        return tuple(had[one][-1] for one in sorted(self.remove & had.keys()))
