"""Whether a statement that relates two things counts in the algebra, and if not, why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kakehashi.crosswalk.algebra import ALL, EQ, PO
from kakehashi.crosswalk.meanings import MEANINGS, REQUIREMENT_CLASSES, SATISFYING_CLASSES, Relates, ThreatLink
from kakehashi.records.model import Edition, Group, Statement
from kakehashi.records.values import RationaleKind

INTERSECTS: Final = "intersects-with"


class Standing(StrEnum):
    """How a statement stands to the algebra. Whatever does not count is kept, and shown with the reason."""

    COUNTS = "counts"
    ON_HEADING = "on-heading"
    OUT_OF_USE = "out-of-use"
    DANGLING = "dangling"
    REVERSE = "reverse"
    COMPOSED = "composed"
    THREAT_LINK = "threat-link"
    OTHER_ENDS = "other-ends"
    SELF = "self"
    NO_SET_RELATION = "no-set-relation"


@dataclass(frozen=True, slots=True)
class World:
    """What has to be known of the ends and of the mapping sets.

    `classes` gives the core class of each id; `out_of_use` are the withdrawn, deprecated and revoked; `not_evidence` says of
    mapping sets why they are none; `strict` are the sets that a person registered as using "intersects with" strictly; `editions`
    say which provisions belong together, and when.
    """

    classes: Mapping[str, str]
    out_of_use: frozenset[str] = frozenset()
    dangling: frozenset[str] = frozenset()
    not_evidence: Mapping[str, Standing] = field(default_factory=dict)
    strict: frozenset[str] = frozenset()
    editions: Mapping[str, Edition] = field(default_factory=dict)


def standing_of(statement: Statement, world: World) -> Standing:
    """How a statement stands; the first reason that holds."""
    meaning = MEANINGS[statement.predicate]
    if isinstance(meaning, ThreatLink):
        return Standing.THREAT_LINK
    if not isinstance(meaning, Relates) or statement.object is None:
        return Standing.NO_SET_RELATION
    of_ends = _standing_of_ends(statement.subject, statement.object, world)
    if of_ends is not Standing.COUNTS or statement.mapping is None:
        return of_ends
    return world.not_evidence.get(statement.mapping.mapping_set, Standing.COUNTS)


def _standing_of_ends(subject: str, target: str, world: World) -> Standing:
    """A set relation has a provision at one end, and another provision or something that can satisfy at the other."""
    ends = frozenset((subject, target))
    if ends & world.dangling:
        return Standing.DANGLING
    if ends & world.out_of_use:
        return Standing.OUT_OF_USE
    classes = {world.classes[end] for end in ends}
    if "Heading" in classes:
        return Standing.ON_HEADING
    if not (classes & REQUIREMENT_CLASSES and classes <= REQUIREMENT_CLASSES | SATISFYING_CLASSES):
        return Standing.OTHER_ENDS
    return Standing.COUNTS if len(ends) > 1 else Standing.SELF


def is_provision_in_use(end: str, world: World) -> bool:
    """Whether an end is a provision of which it is known that something is asked: no heading, defined, and not out of use."""
    return world.classes[end] in REQUIREMENT_CLASSES and end not in world.out_of_use and end not in world.dangling


def relations_of(statement: Statement | Group, relations: int, strict: frozenset[str]) -> int:
    """The set that a counting statement, or an n:m mapping, is read as.

    "Intersects" is strict only where a person registered its set so; a judgement by wording alone, other than equal, decides
    nothing (NIST IR 8477, section 4: the syntactic rationale).
    """
    detail = statement.mapping
    if detail is None:
        return relations
    if detail.rationale_kind is RationaleKind.SYNTACTIC and relations != EQ:
        return ALL
    return PO if statement.predicate == INTERSECTS and detail.mapping_set in strict else relations
