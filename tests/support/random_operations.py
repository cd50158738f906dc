"""Random operations that ask for what there is: hypothesis-graphql draws their shape, which is then dressed with ids of a
release, more fields, aliases, fragments, directives and variables; some of it wrong on purpose."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    is_required_argument,
    parse,
)
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from kakehashi.snapshot.model import Snapshot

LANGUAGES: Final = ("ja", "en", "en-GB", "fr", "")
DATES: Final = ("2020-01-01", "2026-08-01", "2031-12-31")
WRONG: Final = ("no-such-thing", "", "架空", "a/b/c", '😀"\\\u2028\u0007')
DEEPEST: Final = 9
DEAR: Final = frozenset({"closeGaps", "compareCoverage"})
"""They take a solver's or two reports' time, and are drawn seldom."""

Drawn = tuple[str, dict[str, Any]]


def shapes(core: GraphQLSchema) -> st.SearchStrategy[str]:
    """Valid queries on every field of the root."""
    date = st.sampled_from(DATES).map(nodes.String)
    assert core.query_type is not None
    every = list(core.query_type.fields)
    asked = [[name] for name in every if name not in DEAR] * 2 + [[*every]]
    return st.one_of([queries(core, fields=fields, custom_scalars={"Date": date, "DateTime": date}) for fields in asked])


class Pools:
    """Ids and words of a release, by the field or else the argument that takes them."""

    def __init__(self, snapshot: Snapshot) -> None:
        editions = [one.id for one in snapshot.editions.values() if one.provisions or one.selected]
        provisions, things = list(snapshot.edition_of), sorted(snapshot.index.satisfying)
        threats = [one for one, core_class in snapshot.classes.items() if core_class == "Threat"] or list(WRONG)
        several = [*snapshot.mapping_sets, *snapshot.editions, *snapshot.frameworks, *things, *provisions]
        linked = [end for one in snapshot.records.statements if one.mapping for end in (one.subject, one.object or "")]
        self._by_field: Mapping[str, Sequence[str]] = {
            "statement": list(snapshot.statements), "mappingGroup": list(snapshot.groups) or list(WRONG),
            "matrix": list(snapshot.matrices), "threat": threats, "node": list(snapshot.resources), "relation": linked,
        }  # fmt: skip
        self._by_name: Mapping[str, Sequence[str]] = {
            **dict.fromkeys(("edition", "source", "target", "from", "to", "toEdition"), editions),
            **dict.fromkeys(("requirement", "provision", "scope"), provisions),
            **dict.fromkeys(("products", "plans", "controls", "remove"), things),
            "id": several, "iri": [snapshot.ids.iri(one) for one in several], "framework": list(snapshot.frameworks),
            "mappingSet": list(snapshot.mapping_sets), "scheme": sorted(snapshot.index.schemes), "lang": LANGUAGES,
            "kind": sorted({one.kind for one in snapshot.resources.values()}), "tactic": threats,
            "predicate": sorted({one.predicate for one in snapshot.statements.values()}),
            "text": ("認証", "access", "ISO", "クラウド"),
        }  # fmt: skip

    def word(self, luck: random.Random, field_name: str, argument: str) -> str:
        """A word for an argument of a field: nearly always one that means something there."""
        known = self._by_field.get(field_name) or self._by_name.get(argument) or WRONG
        return luck.choice(known if luck.random() < 0.95 else WRONG)


@dataclass
class Dresser:
    """Dresses one shape."""

    core: GraphQLSchema
    pools: Pools
    luck: random.Random
    declared: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    def operation(self, shape: str) -> Drawn:
        """A document with one operation, and its variables."""
        definition = parse(shape).definitions[0]
        assert isinstance(definition, OperationDefinitionNode)
        assert self.core.query_type is not None
        body = self._selections(definition.selection_set, self.core.query_type, 0)
        declared = f"({' '.join(self.declared)})" if self.declared else ""
        return "\n".join([f"query {declared} {body}", *self.fragments]), self.values

    def _likely(self, chance: float) -> bool:
        return self.luck.random() < chance

    def _selections(self, found: SelectionSetNode | None, type_: GraphQLNamedType, depth: int) -> str:
        parts = [self._selection(one, type_, depth) for one in (found.selections if found else ())]
        if depth:
            parts += self._more(type_, depth)
        return f"{{ {' '.join(parts or ['__typename'])} }}"

    def _selection(self, node: Any, type_: GraphQLNamedType, depth: int) -> str:
        if isinstance(node, InlineFragmentNode):
            on = self.core.get_type(node.type_condition.name.value) if node.type_condition else type_
            assert on is not None
            return self._fragment(on, self._selections(node.selection_set, on, depth))
        assert not isinstance(node, FragmentSpreadNode)
        assert isinstance(node, FieldNode)
        return self._field(node.name.value, type_, depth, node.selection_set)

    def _fragment(self, on: GraphQLNamedType, body: str) -> str:
        if self._likely(0.5):
            return f"... on {on.name}{self._directives()} {body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {on.name} {body}")
        return f"...{name}{self._directives()}"

    def _more(self, type_: Any, depth: int) -> Iterator[str]:
        """Fields that the shape has not: the nodes of lists above all."""
        fields = list(getattr(type_, "fields", ()))
        chosen = [name for name in ("nodes", "edges", "node") if name in fields and self._likely(0.7)]
        chosen += [self.luck.choice(fields) for _ in range(self.luck.choice((1, 2, 2, 3))) if fields]
        for name in chosen:
            if depth < DEEPEST or not is_composite_type(get_named_type(type_.fields[name].type)):
                yield self._field(name, type_, depth, None)
        if self._likely(0.2):
            yield "__typename"
        if self._likely(0.15) and type_.name == "Resource":
            on = self.core.get_type(self.luck.choice(("Entity", "Framework", "Edition", "MappingSet")))
            assert on is not None
            yield self._fragment(on, self._selections(None, on, depth + 1) if depth < DEEPEST else "{ id }")

    def _field(self, name: str, type_: Any, depth: int, below: SelectionSetNode | None) -> str:
        if name == "__typename":
            return name
        definition = type_.fields[name]
        named = get_named_type(definition.type)
        body = self._selections(below, named, depth + 1) if is_composite_type(named) else ""
        call = name + self._arguments(name, definition.args)
        return f"{self._key(type_, name, call)}{call}{self._directives()} {body}"

    def _key(self, type_: GraphQLNamedType, name: str, call: str) -> str:
        """An alias where fields of one key would differ, which is not valid, and now and then for its own sake."""
        said = f"{type_.name}.{call}" if "(" in call else call
        if self.said.setdefault(name, said) == said and not self._likely(0.05):
            return ""
        return f"a{self.luck.randrange(10**6)}: "

    def _directives(self) -> str:
        if self._likely(0.93):
            return ""
        told = self.luck.choice(("true", "false", "variable"))
        if told == "variable":
            told = self._variable("Boolean!", self._likely(0.5))
        return f" @{self.luck.choice(('include', 'skip'))}(if: {told})"

    def _arguments(self, field_name: str, arguments: Mapping[str, GraphQLArgument]) -> str:
        given = []
        for name, argument in arguments.items():
            if is_required_argument(argument) or self._likely(0.3):
                value = self._json(argument.type, field_name, name)
                as_variable = self._likely(0.2)
                text = self._variable(str(argument.type), value) if as_variable else _literal(value, argument.type)
                given.append(f"{name}: {text}")
        return f"({', '.join(given)})" if given else ""

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {type_}")
        if self._likely(0.97) or type_.endswith("!"):
            self.values[name] = value if self._likely(0.98) else {"not": ["this"]}
        return f"${name}"

    def _json(self, type_: Any, field_name: str, name: str, inside: int = 0) -> Any:
        """A value as JSON has it. The deeper it lies the fewer optional parts it has, since filters hold filters."""
        if isinstance(type_, GraphQLNonNull):
            return self._json(type_.of_type, field_name, name, inside)
        if isinstance(type_, GraphQLList):
            return [self._json(type_.of_type, field_name, name, inside) for _ in range(self.luck.choice((1, 1, 2, 3)))]
        if isinstance(type_, GraphQLInputObjectType):
            chance = 0.3 / (1 + inside)
            wanted = {
                key: one for key, one in type_.fields.items() if isinstance(one.type, GraphQLNonNull) or self._likely(chance)
            }
            return {key: self._json(one.type, field_name, key, inside + 1) for key, one in wanted.items()}
        if isinstance(type_, GraphQLEnumType):
            return self.luck.choice(list(type_.values))
        return self._scalar(type_.name, field_name, name)

    def _scalar(self, type_: str, field_name: str, name: str) -> Any:
        if type_ == "Int":
            wrong = -1 if self._likely(0.5) else 2**31 - 1
            return wrong if self._likely(0.04) else self.luck.choice((1, 2, 3) if "ops" in name else (0, 1, 2, 3, 5, 20))
        if type_ == "Boolean":
            return self._likely(0.6)
        if type_ == "Date":
            return self.luck.choice(DATES)
        if name in ("after", "organisation") or self._likely(0.02):
            return self.luck.choice(WRONG) if self._likely(0.2) else None
        return self.pools.word(self.luck, field_name, name)


def _literal(value: Any, type_: Any) -> str:
    """A value as GraphQL spells it."""
    if isinstance(type_, GraphQLNonNull):
        return _literal(value, type_.of_type)
    if value is None or isinstance(type_, GraphQLEnumType):
        return "null" if value is None else str(value)
    if isinstance(type_, GraphQLList):
        return f"[{', '.join(_literal(one, type_.of_type) for one in value)}]"
    if isinstance(type_, GraphQLInputObjectType):
        return f"{{{', '.join(f'{key}: {_literal(one, type_.fields[key].type)}' for key, one in value.items())}}}"
    return json.dumps(value)
