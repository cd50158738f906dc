"""What a vendor claims of its capabilities against what others map of them: where a claimed category has no row to bear it out.

A claim and a public mapping are two kinds of evidence. A disagreement does not say which of them is wrong.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
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


class Finding(StrEnum):
    """How a claim and the public mappings of the same capability differ."""

    CATEGORY_NOT_MAPPED = "category-not-mapped"
    """The capability is mapped, and none of its rows is of the category that is claimed."""
    NOTHING_MAPPED = "nothing-mapped"
    """No public mapping of the capability is known, so that nothing bears the claim out or speaks against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a capability protects, detects or responds, and the statement that says so."""

    capability: str
    category: Category
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One row of a public mapping: what a capability, under whatever name, is said to do against a threat."""

    capability: str
    category: Category
    threat: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A claim that the public mappings do not bear out; `mapped` counts their rows by category."""

    kind: Finding
    claim: Claim
    mapped: Mapping[Category, int]
    statements: tuple[str, ...] = ()
    """The rows that were looked at."""


def disagreements(claims: Iterable[Claim], mapped: Iterable[Mapped]) -> tuple[Disagreement, ...]:
    """Each claim of which no row of its capability says the same, by capability and category."""
    rows: dict[str, list[Mapped]] = defaultdict(list)
    for row in mapped:
        rows[row.capability].append(row)
    found = (_disagreement(claim, rows.get(claim.capability, ())) for claim in claims)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.claim.capability, one.claim.category)))


def _disagreement(claim: Claim, rows: Collection[Mapped]) -> Disagreement | None:
    counts = {category: sum(row.category is category for row in rows) for category in OPENABLE}
    if counts.get(claim.category):
        return None
    return Disagreement(
        kind=Finding.CATEGORY_NOT_MAPPED if any(counts.values()) else Finding.NOTHING_MAPPED,
        claim=claim,
        mapped=MappingProxyType({category: number for category, number in counts.items() if number}),
        statements=tuple(sorted(row.statement for row in rows)),
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

    Several sources that publish the same row are one.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for one in statements:
        if one.predicate == COUNTERPART and one.object:
            names[one.object].add(one.subject)
    seen: set[tuple[str, Category, str]] = set()
    for one in sorted(statements, key=lambda one: (one.authority.rank, one.id)):
        if one.authority not in {Authority.OFFICIAL, Authority.THIRD_PARTY} or not one.object:
            continue
        for category in CATEGORIES.get(one.predicate, ()):
            for capability in sorted({one.subject, *names.get(one.subject, ())}):
                if (key := (capability, category, f"{one.subject} {one.object}")) not in seen:
                    seen.add(key)
                    yield Mapped(capability=capability, category=category, threat=one.object, statement=one.id)
