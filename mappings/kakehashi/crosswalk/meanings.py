"""What each predicate means for coverage: one table, complete (docs/decisions/0003 gives the reasons)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kakehashi.crosswalk.algebra import ALL, DR, EQ, OVERLAP, PO, PP, PPI


class CertificateRule(StrEnum):
    """How a certificate of a scheme counts for a requirement (it never enters the algebra)."""

    ACCEPTED = "accepted"
    """The requirement's publisher accepts the scheme: FULL for that requirement alone."""
    EVIDENCE = "evidence"
    """The publisher names the scheme as a sign, and does not say that it is enough: at most PARTIAL."""


class Bringing(StrEnum):
    """In which way having one thing is having another."""

    HAVING = "having"
    """A product has its capabilities."""
    PLAN = "plan"
    """A licence plan includes it."""
    NAME = "name"
    """It is the same thing under a later name, which outlives the former."""


@dataclass(frozen=True, slots=True)
class Relates:
    """The statement relates the subject's set to the object's; `relations` is how its word is read."""

    relations: int


@dataclass(frozen=True, slots=True)
class Certifies:
    """The statement lets certificates of its object count for its subject, a requirement."""

    rule: CertificateRule


@dataclass(frozen=True, slots=True)
class SameScheme:
    """A certificate of the subject is one of the object too, since the subject is the object's listing or certification."""


@dataclass(frozen=True, slots=True)
class Brings:
    """Whoever has the subject has the object; `by` says in which way."""

    by: "Bringing"


@dataclass(frozen=True, slots=True)
class Succeeds:
    """The object is used today in place of the subject: who had the subject does not have it, and can replace it so."""


@dataclass(frozen=True, slots=True)
class ThreatLink:
    """A relation between a thing and a threat: never in the algebra, at most a source of candidates."""


Meaning = Relates | Certifies | SameScheme | Brings | Succeeds | ThreatLink | None

_NOTHING: Final = (
    # structure of a document, naming and citation
    "about", "added-by", "addressed-to", "addresses", "breakdown-of", "cites", "cites-for", "compares", "dates",
    "defined-in", "edition-of", "explains", "found-in", "has-chapter", "has-contact", "has-content", "has-disclaimer",
    "in-category", "in-column", "in-comparison-column", "in-comparison-row", "in-group", "in-layer", "in-major-item",
    "in-row", "in-standard-group", "interprets", "part-of", "has-part", "revises", "see-also", "source-site",
    "translation-of", "uses-term",
    # policy, organisations, roles and procedures
    "administered-by", "announces", "applies-to", "assesses-conformity-to", "at-level-of", "awards", "based-on",
    "based-on-model", "checks", "conducts", "decided-by", "delivers", "derived-from", "discussed-by", "evaluates",
    "extends", "follows", "follows-principle", "granted-to", "granted-under", "guides-audit-of", "has-fact", "has-gap",
    "has-goal", "has-initiative", "has-purpose", "has-revision", "has-rule", "has-theme", "implements", "includes",
    "independent-of", "integrates", "issues", "links-system", "makes", "motivated-by", "operated-by", "parallel-to",
    "performed-by", "performs", "produces", "proposed", "published-by", "publishes", "qualifies",
    "relates-by", "relies-on", "requirements-for-certification-of", "requires", "responds-to", "runs", "signs",
    "specifies", "trusts", "under", "under-contract", "used-by", "uses-as-audit-result", "vocabulary-for",
    # law and personal information
    "covers", "has-condition", "has-element", "exemplified-by", "names-court", "not-triggers-duty", "protects",
    "subject-to", "supports-compliance-with", "triggers-duty",
    # security models, technologies and products: what they are and how they work
    "applies", "balances", "can-apply", "can-require", "complements", "controls-by", "does-not-stop", "enables",
    "exemplifies", "foundation-of", "has-approach", "has-background", "has-family", "has-principle", "has-severity",
    "indicated-by", "key-to", "monitors", "precedes", "protects-resource", "provides-signal", "replaces", "rests-on",
    "uses", "uses-signal", "detected-by", "mitigated-by", "substitutes-for",
    # what looks like coverage and is not
    "checks-each-access", "claims", "claims-offering", "commits-to", "has-recommendation", "recommends",
    "serves-function",
    # what publishers say of provisions, threats and products beside their relations
    "acts-on", "alternative-for", "alters", "incorporated-into", "in-tactic", "moved-to", "needs-control",
    "negated-mapping", "not-applicable-to", "other-relation", "planned-for", "related-control", "related-score", "revoked-by",
    "suggests-control",
    "assessed-by", "authorised-by", "authorises", "leverages", "provided-by", "reused-by",
    "authorisation-status", "authorised-on", "expires-on", "deployment-model", "formerly-called", "impact-level",
    "implementation-status",
    "in-implementation-group", "in-platform", "parameter", "service-model",
    # what changed, since when, and for whom
    "affects", "applies-to-sector", "became", "certificates-lapse-on", "checked-on", "classified-as", "effect", "judged-by",
    "latest-known-edition", "listed-as-of", "lists-certificates-of",
    "national-version-of", "new-in", "renumbered-as", "valid-from", "valid-to",
    # names, plans, detections and controls of products since the leaflet
    "detected-today-as", "detection-scope", "detection-timing", "formerly-detected-as", "has-name", "needs-plan",
    "realised-by",
    # literal facts and our own remarks
    "assumption", "caption", "cell_perimeter", "cell_zero_trust", "content", "correction", "country", "date",
    "definition", "designation", "evidence", "footnote", "guideline_page", "hours", "industries_named", "later_name",
    "name", "note", "number", "order", "page", "page_refs", "pages_inferred", "phone", "printed", "regions_named",
    "rule", "section", "status", "subtitle", "title_printed", "type", "url", "year",
)  # fmt: skip

MEANINGS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        # claims: a capability is treated as the set of what it does
        "satisfies": Relates(EQ | PPI),
        "satisfies-in-part": Relates(PP | PO),
        "lists-the-control": Relates(OVERLAP),
        # a provision that asks to consider another asks for all of it
        "requires-consideration": Relates(EQ | PPI),
        # NIST IR 8477's words; "intersects" is used by publishers for any overlap
        "equal": Relates(EQ),
        "subset-of": Relates(PP),
        "superset-of": Relates(PPI),
        "intersects-with": Relates(OVERLAP),
        "no-relationship": Relates(DR),
        # SKOS's words; close and related matches are candidates only
        "exact-match": Relates(EQ),
        "broad-match": Relates(EQ | PP),
        "narrow-match": Relates(EQ | PPI),
        "close-match": Relates(ALL),
        "related-match": Relates(ALL),
        # OWL's and RDFS's words, and links whose kind nobody states
        "equivalent-class": Relates(EQ),
        "equivalent-property": Relates(EQ),
        "subclass-of": Relates(EQ | PP),
        "subproperty-of": Relates(EQ | PP),
        "cross-reference": Relates(ALL),
        "linked-to": Relates(ALL),
        # certificates
        "accepts-any-of": Certifies(CertificateRule.ACCEPTED),
        "satisfied-by": Certifies(CertificateRule.ACCEPTED),
        "recommends-certification": Certifies(CertificateRule.EVIDENCE),
        "certifies-to": SameScheme(),
        "refers-to": SameScheme(),
        # having
        "has-capability": Brings(Bringing.HAVING),
        "offers-term": Brings(Bringing.HAVING),
        "plan-includes": Brings(Bringing.PLAN),
        "renamed-to": Brings(Bringing.NAME),
        "counterpart-capability": Brings(Bringing.HAVING),
        "superseded-by": Succeeds(),
        "continued-as": Succeeds(),
        # threats
        "addresses-threat": ThreatLink(),
        "counters": ThreatLink(),
        "counters-stage": ThreatLink(),
        "detects-technique": ThreatLink(),
        "protects-against": ThreatLink(),
        "responds-to-technique": ThreatLink(),
        "detects": ThreatLink(),
        "detects-and-responds-to": ThreatLink(),
        "looks-for": ThreatLink(),
        "mitigates": ThreatLink(),
        **dict.fromkeys(_NOTHING),
    }
)
"""Every predicate that a source may use; one that is not here is refused when it is loaded."""

REQUIREMENT_CLASSES: Final = frozenset({"Provision", "Requirement", "Control"})
"""Core classes that can be an end of a set relation as a provision; a heading is none, for its set may be empty."""
SATISFYING_CLASSES: Final = frozenset({"Product", "Capability"})
"""Core classes of things that can be given and can satisfy."""
SCHEME_CLASSES: Final = frozenset({"CertificationScheme", "Framework"})
"""Core classes that a certificate can be of: a scheme, or the standard that it is issued against."""
