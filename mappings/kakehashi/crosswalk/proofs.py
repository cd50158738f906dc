"""Why an answer holds."""

from dataclasses import dataclass

from kakehashi.crosswalk.chains import Chain, Missing, together
from kakehashi.crosswalk.index import Link, Rule
from kakehashi.records.values import Authority, weakest


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The chains that an answer rests on, or the certificate rule; never both.

    `links` lead from what was given to the thing that satisfies. `missing` is the statement that would decide a candidate.
    """

    chains: tuple[Chain, ...] = ()
    rule: Rule | None = None
    links: tuple[Link, ...] = ()
    missing: Missing | None = None

    @property
    def conclusion(self) -> int | None:
        """What the chains leave possible; None where a certificate counts, for certificates never enter the algebra."""
        return None if self.rule else together(self.chains)

    @property
    def authority(self) -> Authority:
        """The authority of the weakest statement that it rests on; of none the strongest, for nothing is to be believed."""
        found = [*(chain.authority for chain in self.chains), *(link.authority for link in self.links)]
        rule = [] if self.rule is None else [self.rule.authority]
        return weakest([*found, *rule] or [Authority.OFFICIAL])
