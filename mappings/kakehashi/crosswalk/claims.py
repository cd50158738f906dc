"""What a vendor claims of its capabilities against what others map of them: where a claimed category has no row to bear it out.

A claim and a public mapping are two kinds of evidence. A disagreement does not say which of them is wrong.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kakehashi.crosswalk.threats import CATEGORIES, OPENABLE, Category
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority

SERVES: Final = "serves-function"
HAS: Final = "has-capability"
COUNTERPART: Final = "counterpart-capability"
FUNCTIONS: Final[Mapping[str, Category]] = MappingProxyType(
    {"fn-protect": Category.PROTECT, "fn-detect": Category.DETECT, "fn-respond": Category.RESPOND}
)
"""The leaflet's three functions; they bear the names of CTID's three categories."""
PUBLIC: Final = frozenset({Authority.OFFICIAL, Authority.THIRD_PARTY})
"""Whose rows bear a claim out: neither its vendor's own nor our drafts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a capability protects, detects or responds, and the statement that says so."""

    capability: str
    category: Category
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One row of a public mapping: what a capability, under whatever name, is said to do against a threat.

    `link` is the statement that the capability has the name which the row uses; None where the row names it itself.
    """

    capability: str
    category: Category
    statement: str
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A claim that the public mappings do not bear out.

    `mapped` are the statements of their rows by category: without any, nothing bears the claim out and nothing speaks against it.
    `links` are the statements by which those rows are of the capability.
    """

    claim: Claim
    mapped: Mapping[Category, tuple[str, ...]]
    links: tuple[str, ...] = ()


def disagreements(claims: Iterable[Claim], mapped: Iterable[Mapped]) -> tuple[Disagreement, ...]:
    """Each claim of which no row of its capability says the same, by capability and category."""
    rows: dict[str, list[Mapped]] = defaultdict(list)
    for row in mapped:
        if row.category in OPENABLE:
            rows[row.capability].append(row)
    found = (_disagreement(claim, rows.get(claim.capability, ())) for claim in claims)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.claim.capability, one.claim.category)))


def _disagreement(claim: Claim, rows: Collection[Mapped]) -> Disagreement | None:
    by_category = {category: sorted(row.statement for row in rows if row.category is category) for category in OPENABLE}
    if by_category.get(claim.category):
        return None
    return Disagreement(
        claim=claim,
        mapped=MappingProxyType({category: tuple(found) for category, found in by_category.items() if found}),
        links=tuple(sorted({row.link for row in rows if row.link})),
    )


def claims_of(statements: Collection[Statement]) -> Iterator[Claim]:
    """What is claimed of capabilities; a measure or a cell that serves a function claims nothing of a product."""
    capabilities = {one.object for one in statements if one.predicate == HAS}
    for one in statements:
        category = FUNCTIONS.get(one.object or "")
        if one.predicate == SERVES and category and one.subject in capabilities:
            yield Claim(capability=one.subject, category=category, statement=one.id)


def mapped_of(statements: Collection[Statement]) -> Iterator[Mapped]:
    """What others map of each capability under the names that they have for it; a vendor's own word bears nothing out.

    Several sources that publish the same row are one, and so are several links to the same name: the strongest counts.
    """
    strongest = sorted(statements, key=lambda one: (one.authority.rank, one.id))
    names: dict[str, dict[str, str | None]] = defaultdict(dict)
    for one in strongest:
        if one.predicate == COUNTERPART and one.object:
            names[one.object].setdefault(one.subject, one.id)
    seen: set[tuple[Category, str, str]] = set()
    for one in strongest:
        if one.authority not in PUBLIC or not one.object:
            continue
        for category in CATEGORIES.get(one.predicate, ()):
            if (key := (category, one.subject, one.object)) not in seen:
                seen.add(key)
                for capability, link in sorted({one.subject: None, **names.get(one.subject, {})}.items()):
                    yield Mapped(capability=capability, category=category, statement=one.id, link=link)
