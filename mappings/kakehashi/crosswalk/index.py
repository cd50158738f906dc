"""What a release says that bears on coverage, arranged for look-ups; built once a release."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from kakehashi.crosswalk.acceptance import Acceptance
from kakehashi.crosswalk.algebra import READINGS
from kakehashi.crosswalk.covers import Cover, covers_of
from kakehashi.crosswalk.meanings import (
    MEANINGS,
    REQUIREMENT_CLASSES,
    SATISFYING_CLASSES,
    SCHEME_CLASSES,
    Bringing,
    Brings,
    CertificateRule,
    Certifies,
    Relates,
    SameScheme,
    Succeeds,
)
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.rows import Row, pair_of
from kakehashi.crosswalk.standing import Standing, World, relations_of, standing_of
from kakehashi.crosswalk.validity import Times, times_of
from kakehashi.records.model import Edition, Group, Statement
from kakehashi.records.values import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A statement that lets certificates of a scheme count for a requirement."""

    statement: str
    requirement: str
    scheme: str
    rule: CertificateRule
    authority: Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A statement by which having one thing is having another (a product's capability, a certificate's scheme).

    `renames` where the other is the same thing under a later name, `reverse` where the statement leads from target to source.
    """

    statement: str
    source: str
    target: str
    authority: Authority
    renames: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """All rows that count, certificate rules, what brings what, and when it ends.

    `schemes` are all that a certificate can be of: the schemes, and the standards that a rule names. `covers` are the unions that
    a requirement is stated to lie inside. `plans` are the licence plans of which somebody says what they include. `successors`
    lead from a thing to what is used in its place. `counterparts` are, for a provision, those of other editions of its framework
    that a counting row ties to it, each with its edition.
    """

    engine: Engine
    rules: Mapping[str, tuple[Rule, ...]]
    brings: Mapping[str, tuple[Link, ...]]
    same_scheme: Mapping[str, tuple[Link, ...]]
    satisfying: frozenset[str]
    schemes: tuple[str, ...]
    covers: Mapping[str, tuple[Cover, ...]]
    plans: frozenset[str] = frozenset()
    successors: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    counterparts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    editions: Mapping[str, Edition] = field(default_factory=dict)
    times: Times = field(default_factory=Times)

    @property
    def acceptance(self) -> Acceptance:
        """Which rows are believed where no row is chained to another."""
        return self.engine.acceptance(1)

    def rows(self, a: str, b: str) -> tuple[Row, ...]:
        """The accepted rows between two ends."""
        return self.acceptance.accepted.get(pair_of(a, b), ())


def build_index(
    statements: Collection[Statement],
    world: World,
    parents: Collection[Row] = (),
    groups: Iterable[Group] = (),
    wholes: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Index:
    """The index of a release: of the statements that count and the parent links that are set relations.

    `wholes` are the parents that their framework declares to be the whole of their children, with the children in use.
    """
    classes = world.classes
    statements = tuple(statements)
    rows, rules = list(parents), []
    plans: set[str] = set()
    brings: dict[str, list[Link]] = defaultdict(list)
    same_scheme: dict[str, list[Link]] = defaultdict(list)
    successors: dict[str, list[Link]] = defaultdict(list)
    for statement in statements:
        if statement.object is None:
            continue
        subject_class, object_class = classes[statement.subject], classes[statement.object]
        match MEANINGS[statement.predicate]:
            case Relates(relations) if standing_of(statement, world) is Standing.COUNTS:
                rows.append(_row(statement, statement.object, relations_of(statement, relations, world.strict)))
            case Certifies(rule) if subject_class in REQUIREMENT_CLASSES and object_class in SCHEME_CLASSES:
                rules.append(_rule(statement, statement.object, rule))
            case Brings(by) if subject_class in SATISFYING_CLASSES and object_class in SATISFYING_CLASSES:
                link = _link(statement, statement.subject, statement.object, renames=by is Bringing.NAME)
                brings[statement.subject].append(link)
                plans |= {statement.subject} if by is Bringing.PLAN else set()
            case Succeeds() if subject_class in SATISFYING_CLASSES and object_class in SATISFYING_CLASSES:
                successors[statement.subject].append(_link(statement, statement.subject, statement.object))
            case SameScheme() if subject_class == "CertificationScheme" and object_class in SCHEME_CLASSES:
                same_scheme[statement.subject].append(_link(statement, statement.subject, statement.object))
                same_scheme[statement.object].append(_link(statement, statement.object, statement.subject, reverse=True))
    return Index(
        engine=Engine(rows),
        rules=_grouped(rules, lambda rule: rule.requirement),
        brings=_frozen(brings),
        same_scheme=_frozen(same_scheme),
        satisfying=frozenset(_of_classes(classes, SATISFYING_CLASSES)),
        schemes=tuple(sorted({*_of_classes(classes, frozenset({"CertificationScheme"})), *(rule.scheme for rule in rules)})),
        covers=covers_of(groups, statements, world, parents, wholes),
        plans=frozenset(plans),
        successors=_frozen(successors),
        counterparts=_counterparts(rows, world.editions),
        editions=world.editions,
        times=times_of(statements),
    )


def _row(statement: Statement, target: str, relations: int) -> Row:
    if relations not in READINGS:
        raise ValueError(f"{statement.predicate} is read as a set outside the distributive subalgebra")
    return Row(
        statement=statement.id, subject=statement.subject, object=target, relations=relations,
        authority=statement.authority, confidence=statement.mapping.confidence if statement.mapping else None,
        origin=statement.mapping.mapping_set if statement.mapping else statement.source,
    )  # fmt: skip


def _rule(statement: Statement, target: str, rule: CertificateRule) -> Rule:
    return Rule(statement=statement.id, requirement=statement.subject, scheme=target, rule=rule, authority=statement.authority)


def _link(statement: Statement, source: str, target: str, *, renames: bool = False, reverse: bool = False) -> Link:
    return Link(
        statement=statement.id, source=source, target=target, authority=statement.authority, renames=renames, reverse=reverse
    )  # fmt: skip


def _counterparts(rows: Iterable[Row], editions: Mapping[str, Edition]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For each provision those of other editions of its framework that a row ties to it, in the order of ids."""
    edition_of = {provision: edition for edition in editions.values() for provision in edition.provisions}
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        first, second = edition_of.get(row.subject), edition_of.get(row.object)
        if first and second and first.framework == second.framework and first.id != second.id:
            found[row.subject].add((row.object, second.id))
            found[row.object].add((row.subject, first.id))
    return {provision: tuple(sorted(others)) for provision, others in found.items()}


def _grouped(rules: list[Rule], key: Callable[[Rule], str]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in sorted(rules, key=lambda rule: (rule.scheme, rule.statement)):
        found[key(rule)].append(rule)
    return {name: tuple(group) for name, group in found.items()}


def _frozen(links: Mapping[str, list[Link]]) -> Mapping[str, tuple[Link, ...]]:
    return {end: tuple(sorted(found, key=lambda link: (link.target, link.statement))) for end, found in links.items()}


def _of_classes(classes: Mapping[str, str], wanted: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(identifier for identifier, core_class in classes.items() if core_class in wanted))
