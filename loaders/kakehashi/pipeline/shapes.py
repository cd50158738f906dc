"""The ontology's SHACL shapes compiled to SPARQL, for bulk data: each constraint becomes a query whose rows are what is wrong.

pySHACL over rdflib stays the measure (`pipeline.validate`): a test plants the same faults for both. Only what the shapes use is
compiled; a constraint that is not known here is an error and not passed over. A graph holds what one source says, so each is
judged on its own; only `sh:class` looks at all graphs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, Protocol

from kakehashi.store.codec import bracketed, quoted
from kakehashi.store.port import Row
from kakehashi.vocabulary.files import folder
from kakehashi.vocabulary.iris import KK, RDF, RDFS, SHACL, TYPE, XSD_DATE, XSD_INTEGER
from kakehashi.vocabulary.rdf import Blank, Iri, Lit, parse_turtle
from kakehashi.vocabulary.text import Text

Node = Iri | Blank | Lit

# What a shape may say beside its constraints.
_STRUCTURE: Final = frozenset(
    {TYPE, *(SHACL + name for name in ("targetClass", "targetSubjectsOf", "property", "path", "message", "or", "xone"))}
)


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint: `query` selects ?g, ?this and ?value of each violation."""

    message: Text
    query: str


@dataclass(frozen=True, slots=True)
class Block:
    """Constraints that quick looks clear together: most often nothing is wrong, and then nothing more is asked.

    Where no scan gives a row, and `counts` (?rows and ?nodes by graph) agree with `targets` (the ?nodes that should be there),
    none of the checks can find anything.
    """

    checks: tuple[Check, ...]
    scans: tuple[str, ...] = ()
    counts: tuple[str, str] | None = None


@cache
def blocks() -> tuple[Block, ...]:
    """All constraints of the packaged shapes."""
    return tuple(_Compiler(_graph("shapes.ttl"), _subclasses()).blocks())


class Ask(Protocol):
    """Asks for the rows of a query over some named graphs, or over all of a release in the making."""

    def __call__(self, query: str, graphs: Iterable[str] | None = None) -> Iterable[Row]:
        """The rows."""


FEW: Final = 12
"""So many graphs are looked at one by one; for more it is quicker to look at the whole release at once."""


def breaches(ask: Ask, new: Sequence[str]) -> Iterator[tuple[Text, Row]]:
    """Every violation in new graphs: the constraint's message, and a row of ?g, ?this and ?value.

    Quick looks go over a graph alone; only where one finds something is the whole release asked.
    """
    looks = [partial(ask, graphs=(graph,)) for graph in new] if len(new) <= FEW else [ask]
    names = frozenset(new)
    for block in blocks():
        if not all(_cleared(block, look) for look in looks):
            for check in block.checks:
                yield from ((check.message, row) for row in ask(check.query) if _text(row, "g") in names)


def _cleared(block: Block, ask: Callable[[str], Iterable[Row]]) -> bool:
    if not block.scans and block.counts is None:
        return False
    if any(True for scan in block.scans for _ in ask(scan)):
        return False
    if block.counts is None:
        return True
    counts, targets = block.counts
    wanted = {_text(row, "g"): _text(row, "nodes") for row in ask(targets)}
    rows = list(ask(counts))
    return wanted == {_text(row, "g"): _text(row, "rows") for row in rows if _text(row, "rows") == _text(row, "nodes")}


def _text(row: Row, name: str) -> str:
    term = row[name]
    return "" if term is None else term.value


class _Graph:
    def __init__(self, triples: Iterator[tuple[Iri | Blank, Iri, Node]]) -> None:
        self._found: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, target in triples:
            self._found[subject][predicate.value].append(target)

    def subjects(self) -> Iterator[Node]:
        return iter(list(self._found))

    def of(self, node: Node) -> Mapping[str, list[Node]]:
        return self._found.get(node, {})

    def list(self, node: Node) -> list[Node]:
        """The members of an RDF list."""
        members = []
        while node != Iri(RDF + "nil"):
            members.append(self.of(node)[RDF + "first"][0])
            node = self.of(node)[RDF + "rest"][0]
        return members


def _graph(name: str) -> _Graph:
    return _Graph(parse_turtle((folder() / name).read_bytes(), KK))


def _subclasses() -> Callable[[str], list[str]]:
    """The function from a class to itself and all that stand under it."""
    below: dict[str, list[str]] = defaultdict(list)
    core = _graph("core.ttl")
    for subject in core.subjects():
        for above in core.of(subject).get(RDFS + "subClassOf", ()):
            below[above.value].append(subject.value)

    def of(name: str) -> list[str]:
        found = [name]
        for one in found:
            found += [other for other in below.get(one, ()) if other not in found]
        return found

    return of


class _Compiler:
    def __init__(self, shapes: _Graph, subclasses: Callable[[str], list[str]]) -> None:
        self._shapes, self._subclasses = shapes, subclasses

    def blocks(self) -> Iterator[Block]:
        for shape in self._shapes.subjects():
            said = self._shapes.of(shape)
            for target in self._targets(said):
                yield from (Block((check,)) for check in self._of_node(said, target))
                required: list[_Property] = []
                others: list[_Property] = []
                for node in said.get(SHACL + "property", ()):
                    prop = self._property(self._shapes.of(node), target)
                    (required if prop.required else others).append(prop)
                if required:
                    yield _required(required, target)
                for prop in (*required, *others):
                    yield from (Block((check,), (scan,)) for check, scan in prop.of_class)
                yield from (_optional(prop) for prop in others)

    def _targets(self, said: Mapping[str, list[Node]]) -> Iterator[str]:
        for one in said.get(SHACL + "targetClass", ()):
            classes = " ".join(bracketed(name) for name in self._subclasses(one.value))
            yield f"VALUES ?class {{ {classes} }} ?this a ?class ."
        for one in said.get(SHACL + "targetSubjectsOf", ()):
            yield f"?this {bracketed(one.value)} ?any ."

    def _of_node(self, said: Mapping[str, list[Node]], target: str) -> Iterator[Check]:
        message = self._message(said)
        for one in said.get(SHACL + "class", ()):
            yield Check(message, _select(f"GRAPH ?g {{ {target} }} {self._not_of_class('?this', one.value)}"))
        for one in said.get(SHACL + "or", ()):
            failing = " ".join(self._failing(option) for option in self._shapes.list(one))
            yield Check(message, _select(f"GRAPH ?g {{ {target} }} {failing}"))
        for one in said.get(SHACL + "xone", ()):
            first, second = (self._holding(option) for option in self._shapes.list(one))
            both = f"FILTER EXISTS {first} FILTER EXISTS {second}"
            neither = f"FILTER NOT EXISTS {first} FILTER NOT EXISTS {second}"
            yield Check(message, _select(f"GRAPH ?g {{ {target} }} {both}"))
            yield Check(message, _select(f"GRAPH ?g {{ {target} }} {neither}"))
        unknown = said.keys() - _STRUCTURE - {SHACL + "class"}
        if unknown:
            raise ValueError(f"shapes.ttl uses {sorted(unknown)}, which is not compiled")

    def _failing(self, option: Node) -> str:
        """What holds where one option of an sh:or does not."""
        said = self._shapes.of(option)
        if SHACL + "class" in said:
            return self._not_of_class("?this", said[SHACL + "class"][0].value)
        return f"FILTER NOT EXISTS {self._holding(option)}"

    def _holding(self, option: Node) -> str:
        """The pattern of an option that asks for one value of a property at least."""
        prop = self._shapes.of(self._shapes.of(option)[SHACL + "property"][0])
        if prop.keys() != {SHACL + "path", SHACL + "minCount"}:
            raise ValueError("shapes.ttl uses an option of sh:or or sh:xone that is not compiled")
        return f"{{ GRAPH ?elsewhere {{ {self._path(prop)('?some')} }} }}"

    def _path(self, said: Mapping[str, list[Node]]) -> Callable[[str], str]:
        path = said[SHACL + "path"][0]
        if isinstance(path, Iri):
            return lambda value: f"?this {bracketed(path.value)} {value} ."
        inverse = self._shapes.of(path)[SHACL + "inversePath"][0]
        return lambda value: f"{value} {bracketed(inverse.value)} ?this ."

    def _property(self, said: Mapping[str, list[Node]], target: str) -> "_Property":
        message, path = self._message(said), self._path(said)
        values = f"GRAPH ?g {{ {target} {path('?value')} }}"
        checks: list[Check] = []
        of_class: list[tuple[Check, str]] = []
        bad: list[str] = []
        for name in said.keys() - _STRUCTURE:
            argument = said[name][0]
            if name in _COUNTS:
                checks += _COUNTS[name](message, target, path, argument)
            elif name == SHACL + "class":
                wrong = self._not_of_class("?value", argument.value)
                distinct = f"{{ SELECT DISTINCT ?value WHERE {{ GRAPH ?g {{ {path('?value')} }} }} }}"
                scan = f"SELECT ?value WHERE {{ {distinct} {wrong} }} LIMIT 1"
                of_class.append((Check(message, _select(f"{values} {wrong}")), scan))
            elif name == SHACL + "hasValue":
                term = bracketed(argument.value)
                checks.append(Check(message, _select(f"GRAPH ?g {{ {target} }} {_nowhere(path(term))}")))
            elif name in _LISTS:
                bad.append(_LISTS[name](self._shapes.list(argument)))
            else:
                bad.append(_TESTS[name](argument))
        if bad:
            checks.append(Check(message, _select(f"{values} FILTER({' || '.join(bad)})")))
        return _Property(
            path, tuple(checks), tuple(of_class), tuple(bad), least=_number(said, "minCount"), most=_number(said, "maxCount"),
            scannable=not said.keys() & {SHACL + "hasValue", SHACL + "uniqueLang"},
        )  # fmt: skip

    def _not_of_class(self, variable: str, name: str) -> str:
        classes = ", ".join(bracketed(one) for one in self._subclasses(name))
        return f"FILTER NOT EXISTS {{ GRAPH ?elsewhere {{ {variable} a ?found }} FILTER(?found IN ({classes})) }}"

    def _message(self, said: Mapping[str, list[Node]]) -> Text:
        texts = {one.language: one.value for one in said.get(SHACL + "message", ()) if isinstance(one, Lit)}
        return Text(texts.get("ja", ""), texts.get("en", ""))


Path = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Property:
    """A property shape: its exact checks, those of classes with a look at the distinct values, and when a value is bad."""

    path: Path
    checks: tuple[Check, ...]
    of_class: tuple[tuple[Check, str], ...]
    bad: tuple[str, ...]
    least: int | None
    most: int | None
    scannable: bool

    @property
    def required(self) -> bool:
        """Whether each node has just one value."""
        return self.scannable and self.least == self.most == 1


def _number(said: Mapping[str, list[Node]], name: str) -> int | None:
    return int(said[SHACL + name][0].value) if SHACL + name in said else None


def _required(properties: list[_Property], target: str) -> Block:
    """All properties that each node has once, in one join: as many rows as nodes, or something is wrong."""
    nodes = f"{{ SELECT DISTINCT ?g ?this WHERE {{ GRAPH ?g {{ {target} }} }} }}"
    paths = " ".join(one.path(f"?value{place}") for place, one in enumerate(properties))
    both = "(COUNT(*) AS ?rows) (COUNT(DISTINCT ?this) AS ?nodes)"
    counts = f"SELECT ?g {both} WHERE {{ {nodes} GRAPH ?g {{ {paths} }} }} GROUP BY ?g"
    targets = f"SELECT ?g (COUNT(*) AS ?nodes) WHERE {{ {nodes} }} GROUP BY ?g"
    scans = tuple(_bad_values(one) for one in properties if one.bad)
    return Block(tuple(check for one in properties for check in one.checks), scans, (counts, targets))


def _optional(prop: _Property) -> Block:
    """A property that a node may lack: nothing is wrong with no bad value, and no graph with more values than nodes."""
    if not prop.scannable or prop.least or prop.most not in (None, 1):
        return Block(prop.checks)
    scans = [_bad_values(prop)] if prop.bad else []
    if prop.most == 1:
        values = f"GRAPH ?g {{ {prop.path('?value')} }}"
        scans.append(f"SELECT ?g WHERE {{ {values} }} GROUP BY ?g HAVING(COUNT(*) > COUNT(DISTINCT ?this))")
    return Block(prop.checks, tuple(scans))


def _bad_values(prop: _Property) -> str:
    """A row where some value, of whatever node, is bad; each value is looked at once, however many nodes have it."""
    distinct = f"{{ SELECT DISTINCT ?value WHERE {{ GRAPH ?g {{ {prop.path('?value')} }} }} }}"
    return f"SELECT ?value WHERE {{ {distinct} FILTER({' || '.join(prop.bad)}) }} LIMIT 1"


def _nowhere(pattern: str) -> str:
    """A source may describe what another one classifies, so that existence is looked for in all graphs."""
    return f"FILTER NOT EXISTS {{ GRAPH ?elsewhere {{ {pattern} }} }}"


def _counted(target: str, path: Path) -> str:
    inner = f"GRAPH ?g {{ {target} {path('?one')} }}"
    return f"{{ SELECT ?g ?this (COUNT(DISTINCT ?one) AS ?n) WHERE {{ {inner} }} GROUP BY ?g ?this }}"


def _min_count(message: Text, target: str, path: Path, argument: Node) -> Iterator[Check]:
    if int(argument.value) > 0:
        yield Check(message, _select(f"GRAPH ?g {{ {target} }} {_nowhere(path('?some'))}"))
    if int(argument.value) > 1:
        yield Check(message, _select(f"{_counted(target, path)} FILTER(?n < {int(argument.value)})"))


def _max_count(message: Text, target: str, path: Path, argument: Node) -> Iterator[Check]:
    yield Check(message, _select(f"{_counted(target, path)} FILTER(?n > {int(argument.value)})"))


def _unique_language(message: Text, target: str, path: Path, _: Node) -> Iterator[Check]:
    pair = f"{path('?value')} {path('?other')} FILTER(?value != ?other && LANG(?value) = LANG(?other) && LANG(?value) != '')"
    yield Check(message, _select(f"GRAPH ?g {{ {target} {pair} }}"))


_COUNTS: Final[Mapping[str, Callable[[Text, str, Path, Node], Iterator[Check]]]] = {
    SHACL + "minCount": _min_count, SHACL + "maxCount": _max_count, SHACL + "uniqueLang": _unique_language,
}  # fmt: skip


def _term(node: Node) -> str:
    return bracketed(node.value) if isinstance(node, Iri) else quoted(node.value)


def _is_kind(argument: Node) -> str:
    return {SHACL + "IRI": "!isIRI(?value)", SHACL + "Literal": "!isLiteral(?value)"}[argument.value]


def _has_datatype(argument: Node) -> str:
    form = _FORMS.get(argument.value)
    malformed = f" || !REGEX(STR(?value), {quoted(form)})" if form else ""
    return f"!isLiteral(?value) || DATATYPE(?value) != {bracketed(argument.value)}{malformed}"


_FORMS: Final = {XSD_DATE: "^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}$", XSD_INTEGER: "^[+-]?[0-9]+$"}
"""SPARQL tells nobody that a literal is no value of its datatype."""


_TESTS: Final[Mapping[str, Callable[[Node], str]]] = {
    SHACL + "nodeKind": _is_kind,
    SHACL + "datatype": _has_datatype,
    SHACL + "pattern": lambda argument: f"!REGEX(STR(?value), {quoted(argument.value)})",
    SHACL + "minLength": lambda argument: f"STRLEN(STR(?value)) < {int(argument.value)}",
    SHACL + "minInclusive": lambda argument: f"!(?value >= {int(argument.value)})",
    SHACL + "maxInclusive": lambda argument: f"!(?value <= {int(argument.value)})",
}  # fmt: skip
_LISTS: Final[Mapping[str, Callable[[Sequence[Node]], str]]] = {
    SHACL + "in": lambda members: f"?value NOT IN ({', '.join(map(_term, members))})",
    SHACL + "languageIn": lambda members: f"LANG(?value) NOT IN ({', '.join(map(_term, members))})",
}


def _select(pattern: str) -> str:
    return f"SELECT ?g ?this ?value WHERE {{ {pattern} }}"
