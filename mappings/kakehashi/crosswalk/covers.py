"""What is stated to lie inside the union of others: by an n:m mapping, or by a parent of which the children are the whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.crosswalk.algebra import EQ, PP, PPI
from kakehashi.crosswalk.meanings import MEANINGS, Relates
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.standing import World, is_provision_in_use, relations_of
from kakehashi.records.model import Group, Statement
from kakehashi.records.values import Authority, weakest


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """That a requirement lies inside the union of its parts, and on whose word (docs/decisions/0012).

    `group` is the n:m mapping that says so; None where the parts are the children of a partition. `statements` are the rows that
    say the same of single pairs: the pairs of the group, or the children's parent links. Where one of them is set aside, the
    whole is contradicted.
    """

    requirement: str
    parts: tuple[str, ...]
    authorities: frozenset[Authority]
    statements: frozenset[str]
    group: str | None = None

    @property
    def authority(self) -> Authority:
        """The weakest authority that it stands on."""
        return weakest(list(self.authorities))

    @property
    def key(self) -> str:
        """What tells it from the other covers of its requirement."""
        return self.group or self.requirement


def covers_of(
    groups: Iterable[Group],
    statements: Iterable[Statement],
    world: World,
    links: Iterable[Row],
    wholes: Mapping[str, Sequence[str]],
) -> Mapping[str, tuple[Cover, ...]]:
    """All covers of a release, by requirement."""
    found: dict[str, list[Cover]] = defaultdict(list)
    for cover in (*_of_groups(groups, statements, world), *_of_partitions(wholes, links)):
        found[cover.requirement].append(cover)
    return {requirement: tuple(sorted(some, key=lambda cover: cover.key)) for requirement, some in found.items()}


def _of_groups(groups: Iterable[Group], statements: Iterable[Statement], world: World) -> Iterator[Cover]:
    """Each member of the side that lies inside the other; inside one thing alone is what its pair says already."""
    pairs: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        if statement.mapping is not None and statement.mapping.group is not None:
            pairs[statement.mapping.group].add(statement.id)
    for group in groups:
        for inside, whole in _sides(group, world):
            for requirement in set(inside) - set(whole) if len(whole) > 1 else ():
                yield Cover(
                    requirement=requirement, parts=whole, authorities=frozenset([group.authority]),
                    statements=frozenset(pairs[group.id]), group=group.id,
                )  # fmt: skip


def _sides(group: Group, world: World) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Which side of a group lies inside which, as its word is read; both ways where they are equal."""
    meaning = MEANINGS[group.predicate]
    if not isinstance(meaning, Relates) or group.mapping.mapping_set in world.not_evidence:
        return
    if not all(is_provision_in_use(end, world) for end in (*group.subjects, *group.objects)):
        return
    relations = relations_of(group, meaning.relations, world.strict)
    if not relations & ~(EQ | PP):
        yield group.subjects, group.objects
    if not relations & ~(EQ | PPI):
        yield group.objects, group.subjects


def _of_partitions(wholes: Mapping[str, Sequence[str]], links: Iterable[Row]) -> Iterator[Cover]:
    """Each parent of a partition to which all its children in use are tied by set relations: what a heading holds nobody says."""
    by_child = {row.statement: row for row in links}
    for parent, children in wholes.items():
        rows = [by_child[child] for child in children if child in by_child]
        if len(rows) == len(children):
            yield Cover(
                requirement=parent, parts=tuple(children), authorities=frozenset(row.authority for row in rows),
                statements=frozenset(children),
            )  # fmt: skip
