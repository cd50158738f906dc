"""The closed value lists that records use; their labels and definitions stand in the vocabulary's `values.ttl`."""

from enum import StrEnum


class Certainty(StrEnum):
    """How sure a statement is."""

    PRINTED = "printed"
    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    INFERRED = "inferred"


class Authority(StrEnum):
    """On whose word a statement stands, strongest first."""

    OFFICIAL = "official"
    THIRD_PARTY = "third-party"
    CURATED = "curated"
    VENDOR = "vendor"
    INFERRED = "inferred"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return _RANKS[self]


_RANKS = {authority: rank for rank, authority in enumerate(Authority)}


def weakest(authorities: "list[Authority]") -> Authority:
    """The weakest of some authorities: a proof is as strong as its weakest step."""
    return max(authorities, key=_RANKS.__getitem__)


class Nature(StrEnum):
    """What sort of statement it is: a document's claim of its publisher's products, its report of the world, or our note."""

    CLAIM = "claim"
    REPORT = "report"
    CURATION = "curation"


class Redistribution(StrEnum):
    """What of a source may leave in an export."""

    OPEN = "open"
    CITATION_ONLY = "citation-only"
    LOCAL_ONLY = "local-only"
    PRIVATE = "private"
    """Of one organisation: in no public release at all, and shown to those alone who may see the organisation."""


class AssessmentStatus(StrEnum):
    """What an assessment found of a provision. The first three say that it applies."""

    IN_PLACE = "in-place"
    PLANNED = "planned"
    NOT_IN_PLACE = "not-in-place"
    NOT_APPLICABLE = "not-applicable"


class ParentLink(StrEnum):
    """What a framework's link from a provision to its parent means."""

    GROUPING = "grouping"
    PART = "part"
    PARTITION = "partition"
    EXTENSION = "extension"


class MappingStatus(StrEnum):
    """How far a mapping has been reviewed."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"


class RationaleKind(StrEnum):
    """On what a mapping's relation rests (NIST IR 8477, section 4)."""

    SYNTACTIC = "syntactic"
    SEMANTIC = "semantic"
    FUNCTIONAL = "functional"


class Lifecycle(StrEnum):
    """What became of a provision or a threat; one in use has none. None of these is ever an end of a set relation."""

    WITHDRAWN = "withdrawn"
    DEPRECATED = "deprecated"
    REVOKED = "revoked"


class StatedAs(StrEnum):
    """Which way round the publisher of a mapping set states its rows; statements are turned to subject, relation, object."""

    SOURCE_TO_TARGET = "source-to-target"
    """OSCAL, SSSOM and SKOS: source (subject), relation, target (object)."""
    REFERENCE_TO_FOCAL = "reference-to-focal"
    """NIST OLIR: the reference document element stands in the relation to the focal document element."""


class Origin(StrEnum):
    """How a mapping set came to be; only an original one is evidence."""

    ORIGINAL = "original"
    REVERSE = "reverse"
    """Every row is the converse of a row of another set."""
    COMPOSED = "composed"
    """Put together from other sets."""


class Intersects(StrEnum):
    """What a mapping set means by "intersects with"."""

    OVERLAPS = "overlaps"
    """Any overlap at all: how every set is read unless a person registered it otherwise."""
    STRICT = "strict"
    """NIST IR 8477's relation: some of each in the other, and neither inside the other."""
