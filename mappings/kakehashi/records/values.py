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
