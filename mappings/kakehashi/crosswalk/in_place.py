"""What is in place, apart from what is available: how far requirements are met by what an organisation has carried out.

A provision that is in place is treated as a thing that does all that the provision asks for: it meets a requirement by the same
algebra (docs/decisions/0014). What is planned, or not in place, proves nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kakehashi.crosswalk.algebra import EQ
from kakehashi.crosswalk.coverage import PROVED_LEVEL, ControlCoverage, Status, overall, status_of
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Index
from kakehashi.crosswalk.joint import JointCoverage, Meeting
from kakehashi.crosswalk.network import Network
from kakehashi.records.model import Assessment
from kakehashi.records.values import AssessmentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class InPlace:
    """How far one requirement is in place: what was found of itself, and what other provisions in place do for it, best first.

    `jointly` are the ways in which several meet it fully together, where none does so alone. `in_place_count` is how many
    provisions are in place at all.
    """

    requirement: str
    assessment: Assessment | None
    covered: tuple[ControlCoverage, ...]
    in_place_count: int
    jointly: tuple[JointCoverage, ...] = ()

    @property
    def applicable(self) -> bool:
        """Whether it counts; one that was not assessed does."""
        return self.assessment is None or self.assessment.status is not AssessmentStatus.NOT_APPLICABLE

    @property
    def itself(self) -> bool:
        """Whether the requirement itself was found to be in place."""
        return self.assessment is not None and self.assessment.status is AssessmentStatus.IN_PLACE

    @property
    def status(self) -> Status | None:
        """How far it is in place; None where it does not apply."""
        if not self.applicable:
            return None
        return Status.FULL if self.itself or self.jointly else overall(self.covered, self.in_place_count)

    @property
    def satisfied_by(self) -> tuple[ControlCoverage, ...]:
        """The other provisions that meet it wholly or partly, best first."""
        return tuple(coverage for coverage in self.covered if PROVED_LEVEL[coverage.status])

    @property
    def contradicted(self) -> bool:
        """Whether what is in place proves all of it, and yet it was itself found planned or not in place."""
        return self.assessment is not None and self.status is Status.FULL and not self.itself


def latest(assessments: Iterable[Assessment], as_of: date) -> Mapping[str, Assessment]:
    """What holds on a day: by provision, the last assessment that was made by then."""
    made = (one for one in assessments if one.assessed_on <= as_of)
    return {one.provision: one for one in sorted(made, key=lambda one: (one.assessed_on, one.id))}


def in_place(index: Index, requirements: Sequence[str], assessed: Mapping[str, Assessment], view: View) -> Mapping[str, InPlace]:
    """The answer for each requirement. Nothing that depends on the assessments is kept in the engine, which all share."""
    done = sorted(provision for provision, one in assessed.items() if one.status is AssessmentStatus.IN_PLACE)
    covered = _covered(index.engine.network(view.authorities, view.hops), done, requirements)
    meeting = Meeting(index, view, _Parts(index, done).by)
    return {
        requirement: InPlace(
            requirement=requirement, assessment=assessed.get(requirement), covered=covered.get(requirement, ()),
            in_place_count=len(done), jointly=_jointly(meeting, requirement, covered.get(requirement, ())),
        )
        for requirement in requirements
    }  # fmt: skip


def _covered(network: Network, done: Sequence[str], requirements: Sequence[str]) -> Mapping[str, tuple[ControlCoverage, ...]]:
    """What provisions in place do for requirements by chains, best first."""
    found: dict[str, list[ControlCoverage]] = defaultdict(list)
    for provision, requirement, distance in network.linked(done, requirements):
        relations = network.known(provision, requirement)
        found[requirement].append(
            ControlCoverage(
                requirement=requirement, control=provision, status=status_of(relations), relations=relations, distance=distance,
                network=network,
            )
        )  # fmt: skip
    return {one: tuple(sorted(some, key=lambda coverage: coverage.sort_key)) for one, some in found.items()}


def _jointly(meeting: Meeting, requirement: str, covered: Sequence[ControlCoverage]) -> tuple[JointCoverage, ...]:
    alone = any(one.status is Status.FULL for one in covered)
    return () if alone else meeting.of(requirement)


class _Parts:
    """What provisions in place do for the parts of unions: by themselves, and by the chains of a network."""

    def __init__(self, index: Index, done: Sequence[str]) -> None:
        self._index, self._done = index, done
        self._by_hops: dict[int, Mapping[str, tuple[ControlCoverage, ...]]] = {}

    def by(self, part: str, network: Network) -> Iterator[ControlCoverage]:
        """What does something for a part; a part that is in place itself needs no statement."""
        if part in self._done:
            yield ControlCoverage(requirement=part, control=part, status=Status.FULL, relations=EQ)
        if network.hops not in self._by_hops:
            parts = sorted({part for covers in self._index.covers.values() for cover in covers for part in cover.parts})
            self._by_hops[network.hops] = _covered(network, self._done, parts)
        yield from self._by_hops[network.hops].get(part, ())
