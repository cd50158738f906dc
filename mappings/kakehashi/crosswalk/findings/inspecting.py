"""All gates together: the findings of a release, in one order."""

from functools import cached_property

from kakehashi.crosswalk.chains import Chain
from kakehashi.crosswalk.findings.circles import circular_derivations, circular_inclusions
from kakehashi.crosswalk.findings.clashes import Clashes
from kakehashi.crosswalk.findings.ends import faults_of_ends
from kakehashi.crosswalk.findings.kinds import Finding
from kakehashi.crosswalk.findings.published import Published
from kakehashi.crosswalk.findings.whole_sets import faults_of_sets
from kakehashi.crosswalk.findings.words import faults_of_words


class Inspection:
    """What the gates find where chains may be so long. Immutable; made on first use."""

    def __init__(self, published: Published, hops: int) -> None:
        self._published, self.hops = published, hops
        self._clashes = Clashes(published, hops)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the gravest first; no order of rows, files or sets changes them."""
        circular = tuple(circular_inclusions(self._published))
        found = (
            *circular,
            *self._clashes.findings(circular),
            *circular_derivations(self._published),
            *faults_of_ends(self._published),
            *faults_of_words(self._published),
            *faults_of_sets(self._published),
        )
        return tuple(sorted(found, key=lambda one: one.sort_key))

    def chains(self, finding: Finding) -> tuple[Chain, ...]:
        """The chains that clash in a finding; none where it is not about chains."""
        return self._clashes.chains(finding)
