"""What is in place, apart from what is available: how far requirements are met by what an organisation has carried out.

A provision that is in place is treated as a thing that does all that the provision asks for: it meets a requirement by the same
algebra (docs/decisions/0014). What is planned, or not in place, proves nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kakehashi.crosswalk.coverage import PROVED_LEVEL, ControlCoverage, Status, overall, status_of
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.network import Engine
from kakehashi.records.model import Assessment
from kakehashi.records.values import AssessmentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class InPlace:
    """How far one requirement is in place: what was found of itself, and what other provisions in place do for it, best first.

    `in_place_count` is how many provisions are in place at all.
    """

    requirement: str
    assessment: Assessment | None
    covered: tuple[ControlCoverage, ...]
    in_place_count: int

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
        return Status.FULL if self.itself else overall(self.covered, self.in_place_count)

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


def in_place(
    engine: Engine, requirements: Sequence[str], assessed: Mapping[str, Assessment], view: View
) -> Mapping[str, InPlace]:
    """The answer for each requirement. Nothing that depends on the assessments is kept in the engine, which all share."""
    done = sorted(provision for provision, one in assessed.items() if one.status is AssessmentStatus.IN_PLACE)
    network = engine.network(view.authorities, view.hops)
    found: dict[str, list[ControlCoverage]] = defaultdict(list)
    for provision, requirement, distance in network.linked(done, requirements):
        relations = network.known(provision, requirement)
        found[requirement].append(
            ControlCoverage(
                requirement=requirement, control=provision, status=status_of(relations), relations=relations, distance=distance,
                network=network,
            )
        )  # fmt: skip
    return {
        requirement: InPlace(
            requirement=requirement, assessment=assessed.get(requirement), in_place_count=len(done),
            covered=tuple(sorted(found[requirement], key=lambda coverage: coverage.sort_key)),
        )
        for requirement in requirements
    }  # fmt: skip
