"""The closed value lists, as GraphQL enums; a value's name is the vocabulary's word in capitals."""

from enum import Enum
from typing import Final

import strawberry

from kakehashi.crosswalk import algebra
from kakehashi.crosswalk.coverage import Status
from kakehashi.crosswalk.gaps import GapType
from kakehashi.crosswalk.notices import NoticeType
from kakehashi.crosswalk.standing import Standing
from kakehashi.records.values import (
    AssessmentStatus,
    Authority,
    Certainty,
    Intersects,
    Lifecycle,
    MappingStatus,
    Nature,
    Origin,
    ParentLink,
    RationaleKind,
    Redistribution,
    StatedAs,
)

strawberry.enum(
    Certainty,
    name="Certainty",
    description="How sure a statement is: printed in its source, verified in another source, read in one secondary source "
    "only, recalled and not yet verified, or inferred (our own reading).",
)
strawberry.enum(
    Authority,
    name="Authority",
    description="On whose word a statement stands, strongest first: the publisher of either end, a third party, our own work "
    "reviewed by a person, the vendor, or our own reading or draft.",
)
strawberry.enum(
    Nature,
    name="StatementNature",
    description="What sort of statement it is: what a document claims of its publisher's products, what it reports of the "
    "world, or a correction, note or draft of ours.",
)
strawberry.enum(
    RationaleKind,
    name="RationaleKind",
    description="On what a mapping's relation rests (NIST IR 8477): wording, meaning, or the result of carrying it out.",
)
strawberry.enum(Redistribution, name="Redistribution", description="What of a source may leave in an export.")
strawberry.enum(
    Status,
    name="CoverageStatus",
    description="How far a requirement is met. FULL: wholly. PARTIAL: some of it. POSSIBLE: linked, and nothing is decided; "
    "never counted as covered. EXCLUDED: everything given is stated to have no relationship. UNKNOWN: nothing is recorded "
    "of what is given, which is not the same as not met.",
)
strawberry.enum(
    AssessmentStatus,
    name="AssessmentStatus",
    description="What an assessment found of a provision: in place, planned, not in place, or not applicable.",
)
strawberry.enum(Lifecycle, name="Lifecycle", description="Why a provision or a threat is no longer in use.")
strawberry.enum(
    ParentLink,
    name="ParentLink",
    description="What the link from a provision to its parent means: no set relation (GROUPING), inside it (PART), inside it and "
    "together the whole (PARTITION), or not inside it (EXTENSION).",
)
strawberry.enum(MappingStatus, name="MappingStatus", description="How far a mapping has been reviewed.")
strawberry.enum(StatedAs, name="StatedAs", description="Which way round a publisher states the rows of a mapping set.")
strawberry.enum(Origin, name="MappingSetOrigin", description="How a mapping set came to be; only an original one is evidence.")
strawberry.enum(Intersects, name="IntersectsReading", description="What a mapping set means by `intersects with`.")
strawberry.enum(
    Standing,
    name="Standing",
    description="Whether a statement counts in the algebra, and if not, why: an end is a heading, out of use or undefined; "
    "its set is the reverse of another or composed of others; it links a threat; its ends are no provisions, or one and the "
    "same; or its predicate states no set relation.",
)
strawberry.enum(GapType, name="GapType", description="Why a requirement is not fully met, in the order of precedence.")
strawberry.enum(
    NoticeType, name="NoticeType", description="What a notice says of a report's edition, its day, or what was given."
)


@strawberry.enum(description="Which statements of a resource: those it is the subject of, or those it is the object of.")
class Direction(Enum):
    """Which end of a statement the resource is."""

    OUT = "out"
    IN = "in"


@strawberry.enum(description="NIST IR 8477's five set-theory relations: the base relations of the RCC-5 algebra.")
class BaseRelation(Enum):
    """The base relations by name."""

    EQUAL = algebra.EQ
    SUBSET_OF = algebra.PP
    SUPERSET_OF = algebra.PPI
    INTERSECTS_WITH = algebra.PO
    NO_RELATIONSHIP = algebra.DR


@strawberry.enum(
    description="By what a conclusion is drawn. CHAIN: published relations, composed along chains and intersected. "
    "CERTIFICATE_ACCEPTED: the requirement's publisher accepts the scheme. CERTIFICATE_EVIDENCE: it names the scheme as a "
    "sign, without saying that it is enough."
)
class ProofRule(Enum):
    """The rules of proof."""

    CHAIN = "chain"
    CERTIFICATE_ACCEPTED = "accepted"
    CERTIFICATE_EVIDENCE = "evidence"


BASE_RELATIONS: Final = {relation.value: relation for relation in BaseRelation}
