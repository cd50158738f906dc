"""All gates together: the findings of a release, in one order."""

from collections.abc import Sequence
from functools import cached_property

from kakehashi.crosswalk.chains import Chain
from kakehashi.crosswalk.findings.circles import circular_derivations, circular_inclusions
from kakehashi.crosswalk.findings.claimed import faults_of_claims
from kakehashi.crosswalk.findings.clashes import Clashes
from kakehashi.crosswalk.findings.ends import faults_of_ends
from kakehashi.crosswalk.findings.kinds import Finding
from kakehashi.crosswalk.findings.published import Published
from kakehashi.crosswalk.findings.whole_sets import faults_of_sets
from kakehashi.crosswalk.findings.words import faults_of_words


class Unchained:
    """What the gates find whatever the length of chains. Immutable; made on first use."""

    def __init__(self, published: Published) -> None:
        self.published = published

    @cached_property
    def circular(self) -> Sequence[Finding]:
        """The circles of subsets."""
        return tuple(circular_inclusions(self.published))

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """All of them."""
        return (
            *self.circular,
            *circular_derivations(self.published),
            *faults_of_ends(self.published),
            *faults_of_words(self.published),
            *faults_of_sets(self.published),
            *faults_of_claims(self.published),
        )


class Inspection:
    """What the gates find where chains may be so long. Immutable; made on first use."""

    def __init__(self, unchained: Unchained, hops: int) -> None:
        self._unchained, self.hops = unchained, hops
        self._clashes = Clashes(unchained.published, hops)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the gravest first; no order of rows, files or sets changes them."""
        found = (*self._unchained.findings, *self._clashes.findings(self._unchained.circular))
        return tuple(sorted(found, key=lambda one: one.sort_key))

    def chains(self, finding: Finding) -> tuple[Chain, ...]:
        """The chains that clash in a finding; none where it is not about chains."""
        return self._clashes.chains(finding)
