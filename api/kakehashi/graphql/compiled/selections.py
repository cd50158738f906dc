"""What a plan knows of a selection set: its fields with their nodes merged, and whether what they write can be kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from graphql import FieldNode, print_ast

from kakehashi.graphql.compiled.fields import NODES, Underlying, variables_in
from kakehashi.graphql.compiled.purity import NAMED_BY_RECORD, PURE
from kakehashi.graphql.compiled.quick import OF_A_CONNECTION, is_quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A function of a plan that writes an object of one type, or of one of several."""

    name: str
    selected: str
    """What it selects, as a digest: two selections with one digest write the same."""
    variables: frozenset[str]
    of_release: bool
    """Whether the release alone decides what it writes."""
    named: bool
    """Whether the id of an object's record says which object it is."""
    quick: bool
    """Whether it takes next to no time, where the JSON of what is kept is there already."""

    @property
    def kept(self) -> bool:
        """Whether what it writes can be kept."""
        return self.of_release and self.named


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A field of a selection set; nothing is below `__typename`."""

    key: str
    node: FieldNode
    below: Underlying | None = None
    target: Selection | None = None

    @property
    def selected(self) -> str:
        """What it selects, in one spelling."""
        given = ",".join(print_ast(one) for one in self.node.arguments or ())
        return f"{self.key}:{self.node.name.value}({given}){self.target.selected if self.target else ''}"

    @property
    def variables(self) -> frozenset[str]:
        """The variables that it takes."""
        return variables_in(self.node) | (self.target.variables if self.target else frozenset())

    def is_quick(self, type_name: str) -> bool:
        """Whether it takes next to no time for objects of a type."""
        if self.below is None:
            return True
        of_connection = self.below.resolver is NODES and self.target is not None and self.target.kept
        inside = self.target is None or self.target.kept or self.target.quick
        named = self.below.of_connection and self.node.name.value in OF_A_CONNECTION
        return of_connection or ((named or is_quick(type_name, self.node)) and inside)

    def is_of_release(self, type_name: str) -> bool:
        """Whether the release alone decides what it writes for objects of a type."""
        here = self.below is None or self.node.name.value in PURE.get(type_name, ())
        return here and (self.target is None or self.target.of_release)


def of_object(name: str, type_name: str, members: Iterable[Member]) -> Selection:
    """The selection of some fields of a type."""
    found = list(members)
    return Selection(
        name=name,
        selected=_digest(type_name, *(one.selected for one in found)),
        variables=frozenset().union(*(one.variables for one in found)),
        of_release=type_name in PURE and all(one.is_of_release(type_name) for one in found),
        named=type_name in NAMED_BY_RECORD,
        quick=all(one.is_quick(type_name) for one in found),
    )


def of_several(name: str, possible: Iterable[Selection]) -> Selection:
    """The selection on an interface or a union, by those on the types that there may be."""
    found = list(possible)
    return Selection(
        name=name,
        selected=_digest("", *(one.selected for one in found)),
        variables=frozenset().union(*(one.variables for one in found)),
        of_release=all(one.of_release for one in found),
        named=all(one.named for one in found),
        quick=all(one.quick for one in found),
    )


def _digest(*parts: str) -> str:
    """Selections nest within those on each of several types: spelled out, they would grow exponentially."""
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
