"""What is done against threats by what someone has, and which stay open. Threat links never enter the algebra."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kakehashi.crosswalk.given import Holding, View
from kakehashi.crosswalk.index import Link
from kakehashi.crosswalk.meanings import MEANINGS, ThreatLink
from kakehashi.crosswalk.standing import World
from kakehashi.records.model import Resource, Statement
from kakehashi.records.values import Authority, Lifecycle

IN_TACTIC: Final = "in-tactic"


class Category(StrEnum):
    """What a publisher says that a thing does about a threat."""

    PROTECT = "protect"
    DETECT = "detect"
    RESPOND = "respond"
    MITIGATE = "mitigate"
    UNSPECIFIED = "unspecified"


CATEGORIES: Final[Mapping[str, tuple[Category, ...]]] = MappingProxyType(
    {
        "protects-against": (Category.PROTECT,),
        "detects": (Category.DETECT,),
        "detects-technique": (Category.DETECT,),
        "looks-for": (Category.DETECT,),
        "detects-and-responds-to": (Category.DETECT, Category.RESPOND),
        "responds-to-technique": (Category.RESPOND,),
        # what a control does if it is carried out: by preventing, by finding or by limiting, its publishers do not say
        "mitigates": (Category.MITIGATE,),
        # tied to a threat, without a word on how it works against it
        "addresses-threat": (Category.UNSPECIFIED,),
        "counters": (Category.UNSPECIFIED,),
        "counters-stage": (Category.UNSPECIFIED,),
    }
)
"""How each predicate that links a threat is read; the threat is its object."""

OPENABLE: Final = (Category.PROTECT, Category.DETECT, Category.RESPOND)
"""The categories that a threat can be open in: the three words of CTID's scores, which the leaflet uses too."""

SCALE: Final[Mapping[str, int]] = MappingProxyType({"minimal": 1, "partial": 2, "significant": 3})
"""CTID's scale, which Prowler took over. Scores in other words stand below all of it and are never converted."""

_PLACES: Final = {category: place for place, category in enumerate(Category)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """A threat that is known.

    `whole` is the technique that a sub-technique is one of: what is said of the one says nothing of the other.
    """

    id: str
    whole: str | None = None
    tactics: tuple[str, ...] = ()
    lifecycle: Lifecycle | None = None
    sources: frozenset[str] = frozenset()
    defined: bool = True
    is_tactic: bool = False

    @property
    def counted(self) -> bool:
        """Whether it is in use: what is revoked, deprecated, or only referred to is told apart and counted in no ratio."""
        return self.defined and self.lifecycle is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One threat link in one category: what a thing does about a threat, and who says so.

    `score` is the publisher's word. `links` lead from what was given to the thing; empty where it was given itself.
    """

    statement: str
    thing: str
    threat: str
    category: Category
    authority: Authority
    score: str | None = None
    mapping_set: str | None = None
    links: tuple[Link, ...] = ()

    @property
    def level(self) -> int:
        """The place of its score on the known scale; 0 where it has none."""
        return SCALE.get((self.score or "").casefold(), 0)

    @property
    def sort_key(self) -> tuple[int, int, int, str, str]:
        """By category, best score first, then authority, the thing and the statement."""
        return (_PLACES[self.category], -self.level, self.authority.rank, self.thing, self.statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threats:
    """All threats of a release and all that is linked to them, whoever says so; built once a release."""

    threats: Mapping[str, Threat]
    measures: Mapping[str, tuple[Measure, ...]]
    by_thing: Mapping[str, tuple[Measure, ...]]
    parts: Mapping[str, tuple[str, ...]]

    def within(self, *, edition: str | None = None, tactic: str | None = None, source: str | None = None) -> tuple[str, ...]:
        """The threats of an edition, of a tactic, or that a source lists, by id: what fits all that is said.

        A tactic is what techniques are used for. It is no threat beside them, unless something is linked to it itself.
        """
        return tuple(
            one.id
            for one in self.threats.values()
            if (edition is None or one.id.startswith(f"{edition}/"))
            and (tactic is None or tactic in one.tactics)
            and (source is None or source in one.sources)
            and (not one.is_tactic or one.id in self.measures)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What is done about one threat by what someone has; its measures are sorted, the best of each category first."""

    threat: Threat
    measures: tuple[Measure, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing that is given does anything about it."""
        return not self.measures

    @property
    def open_categories(self) -> tuple[Category, ...]:
        """In which of the three categories nothing is given."""
        found = {measure.category for measure in self.measures}
        return tuple(category for category in OPENABLE if category not in found)

    def best(self, category: Category) -> Measure | None:
        """The measure with the best score of a category."""
        return next((measure for measure in self.measures if measure.category is category), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many threats have a score as their best in a category; None where no measure of it carries a score."""

    category: Category
    score: str | None
    threats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Threats counted. `threats` is the denominator: those in use, sub-techniques (`parts`) each on its own.

    `otherwise` counts those with a measure of a category that no threat can be open in.
    """

    threats: int
    parts: int
    addressed: int
    by_category: Mapping[Category, int]
    otherwise: int
    out_of_use: int
    undefined: int
    scores: tuple[Score, ...] = field(default=())

    @property
    def open(self) -> int:
        """How many are open: nothing given does anything about them."""
        return self.threats - self.addressed

    @property
    def addressed_ratio(self) -> float | None:
        """Addressed by threats; None where there is no threat to count."""
        return self.addressed / self.threats if self.threats else None


def build_threats(
    statements: Iterable[Statement],
    resources: Mapping[str, Resource],
    described: Mapping[str, Sequence[Resource]],
    world: World,
) -> Threats:
    """The threats of a release. `resources` are what all sources together say, `described` what each says."""
    links: list[Statement] = []
    tactics: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        if statement.predicate == IN_TACTIC and statement.object is not None:
            tactics[statement.subject].add(statement.object)
        elif isinstance(MEANINGS[statement.predicate], ThreatLink) and _is_threat(statement.object, world):
            links.append(statement)
    found = [measure for statement in links for measure in _measures(statement, world)]
    ids = {one.threat for one in found} | {one for one, name in world.classes.items() if name == "Threat"}
    served = set().union(*tactics.values())
    threats = {
        one: _threat(resources[one], described.get(one, ()), tactics.get(one, ()), is_tactic=one in served) for one in sorted(ids)
    }
    whole_of = sorted((one.whole, one.id) for one in threats.values() if one.whole in threats and one.whole is not None)
    return Threats(
        threats=threats,
        measures=_sorted_by(found, [one.threat for one in found]),
        by_thing=_sorted_by(found, [one.thing for one in found]),
        parts=_grouped(whole_of),
    )


def exposure(threats: Threats, identifier: str, holding: Holding, view: View) -> Exposure:
    """What is done about one threat, on the word of whoever the view sees."""
    measures = tuple(
        replace(one, links=holding.things[one.thing])
        for one in threats.measures.get(identifier, ())
        if one.thing in holding.things and view.sees(one.authority)
    )
    return Exposure(threat=threats.threats[identifier], measures=measures)


def summary(exposures: Sequence[Exposure]) -> Summary:
    """The counts over some threats."""
    counted = [one for one in exposures if one.threat.counted]
    found = [frozenset(measure.category for measure in one.measures) for one in counted]
    return Summary(
        threats=len(counted),
        parts=sum(one.threat.whole is not None for one in counted),
        addressed=sum(not one.is_open for one in counted),
        by_category={category: sum(category in one for one in found) for category in Category},
        otherwise=sum(not one <= frozenset(OPENABLE) for one in found),
        out_of_use=sum(one.threat.lifecycle is not None for one in exposures),
        undefined=sum(not one.threat.defined for one in exposures),
        scores=tuple(_scores(counted)),
    )


def _scores(counted: Sequence[Exposure]) -> Iterator[Score]:
    """The best scores by category, best first; those in words of no known scale, and those without, last."""
    found = Counter(
        (category, best.level, (best.score or "").casefold())
        for one in counted
        for category in Category
        if (best := one.best(category)) is not None
    )
    for category, level, word in sorted(found, key=lambda key: (_PLACES[key[0]], -key[1], not key[2], key[2])):
        yield Score(category=category, score=word or None, threats=found[category, level, word])


def _is_threat(target: str | None, world: World) -> bool:
    """A reference that nothing defines, at the end of a threat link, is a threat of which nothing else is known."""
    return target is not None and (world.classes[target] == "Threat" or target in world.dangling)


def _measures(statement: Statement, world: World) -> Iterator[Measure]:
    """A link in each of its categories; none of a set that is the reverse of another or composed of others."""
    detail = statement.mapping
    if detail is not None and detail.mapping_set in world.not_evidence:
        return
    for category in CATEGORIES[statement.predicate]:
        yield Measure(
            statement=statement.id, thing=statement.subject, threat=statement.object or "", category=category,
            authority=statement.authority, score=detail.strength if detail else None,
            mapping_set=detail.mapping_set if detail else None,
        )  # fmt: skip


def _threat(resource: Resource, described: Sequence[Resource], tactics: Iterable[str], *, is_tactic: bool) -> Threat:
    return Threat(
        id=resource.id, whole=resource.parent, tactics=tuple(sorted(tactics)), lifecycle=resource.lifecycle,
        sources=frozenset(one.source for one in described), defined=bool(described), is_tactic=is_tactic,
    )  # fmt: skip


def _sorted_by(measures: Sequence[Measure], keys: Sequence[str]) -> Mapping[str, tuple[Measure, ...]]:
    found: dict[str, list[Measure]] = defaultdict(list)
    for key, measure in zip(keys, measures, strict=True):
        found[key].append(measure)
    return {key: tuple(sorted(found[key], key=lambda one: (*one.sort_key, one.threat))) for key in sorted(found)}


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for whole, part in pairs:
        found[whole].append(part)
    return {whole: tuple(parts) for whole, parts in found.items()}
