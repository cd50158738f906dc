"""What the gates look at: the mappings of a release with what is known of their ends and sets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kakehashi.crosswalk.meanings import MEANINGS, Relates, ThreatLink
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.standing import World
from kakehashi.records.model import Group, MappingSet, Statement
from kakehashi.records.values import Lifecycle

_SUCCESSION = frozenset({"incorporated-into", "moved-to", "revoked-by"})


@dataclass(frozen=True)
class Published:
    """The statements of a release and what bears on them.

    `on_ten_scale` are the sets whose format defines the strength as NIST IR 8278A does, from 0 to 10.
    """

    statements: Mapping[str, Statement]
    groups: Mapping[str, Group]
    mapping_sets: Mapping[str, MappingSet]
    world: World
    engine: Engine
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)
    on_ten_scale: frozenset[str] = frozenset()

    @cached_property
    def mappings(self) -> tuple[Statement, ...]:
        """The statements that map one thing to another, by id: those that relate sets, threat links, and all of mapping sets."""
        return tuple(one for _, one in sorted(self.statements.items()) if one.object is not None and _maps(one))

    @cached_property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """What took the place of what is out of use."""
        found: dict[str, set[str]] = {}
        for one in self.statements.values():
            if one.predicate in _SUCCESSION and one.object is not None:
                found.setdefault(one.subject, set()).add(one.object)
        return {identifier: tuple(sorted(others)) for identifier, others in found.items()}

    def sets_of(self, statements: Iterable[str]) -> tuple[str, ...]:
        """The mapping sets of some statements, sorted; parent links and statements outside any set have none."""
        found = (self.statements.get(one) for one in statements)
        return tuple(sorted({one.mapping.mapping_set for one in found if one is not None and one.mapping is not None}))


def origin_of(statement: Statement) -> str:
    """The mapping set of a statement, or else its source."""
    return statement.source if statement.mapping is None else statement.mapping.mapping_set


def relates(statement: Statement) -> bool:
    """Whether a statement's word is a set relation."""
    return isinstance(MEANINGS[statement.predicate], Relates)


def _maps(statement: Statement) -> bool:
    return statement.mapping is not None or isinstance(MEANINGS[statement.predicate], Relates | ThreatLink)
