"""The ontology's SHACL shapes compiled to SPARQL, for bulk data: each constraint becomes a query whose rows are what is wrong.

pySHACL over rdflib stays the measure (`pipeline.validate`): a test plants the same faults for both. Only what the shapes use is
compiled; a constraint that is not known here is an error and not passed over. A graph holds what one source says, so each is
judged on its own; only `sh:class` looks at all graphs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
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

    None of the checks can find anything where no scan gives a row, and no node of a graph has two values of `single`. A block
    `about` a predicate that no graph has needs no look, nor has one without scans any other way to be cleared.
    """

    checks: tuple[Check, ...]
    scans: tuple[str, ...] = ()
    single: str | None = None
    about: str | None = None


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

_USE: Final = """
SELECT ?p (COUNT(*) AS ?values) (COUNT(DISTINCT ?this) AS ?nodes) WHERE { GRAPH ?g { ?this ?p ?value } } GROUP BY ?g ?p
"""


def breaches(ask: Ask, new: Sequence[str]) -> Iterator[tuple[Text, Row]]:
    """Every violation in new graphs: the constraint's message, and a row of ?g, ?this and ?value.

    Quick looks go over a graph alone; only where one finds something is the whole release asked.
    """
    names = frozenset(new)
    with ThreadPoolExecutor(max_workers=2) as pool:  # the store works outside the interpreter's lock
        looks = [_Look(partial(ask, graphs=(graph,)), pool) for graph in new] if len(new) <= FEW else [_Look(ask, pool)]
        ready_first = sorted(blocks(), key=lambda block: bool(block.about or block.single))
        cleared = list(pool.map(lambda block: all(look.clears(block) for look in looks), ready_first))
    for block in (block for block, clear in zip(ready_first, cleared, strict=True) if not clear):
        for check in block.checks:
            yield from ((check.message, row) for row in ask(check.query) if _text(row, "g") in names)


class _Look:
    """Quick looks at some graphs; how they use predicates is asked in the pool, before anything that needs it."""

    def __init__(self, ask: Callable[[str], Iterable[Row]], pool: Executor) -> None:
        self._ask = cache(lambda scan: next(iter(ask(scan)), None) is not None)
        self._use = pool.submit(_use, ask)

    def clears(self, block: Block) -> bool:
        """Whether none of a block's checks can find anything."""
        if block.about is not None and block.about not in self._use.result().predicates:
            return True
        if block.single is not None and block.single in self._use.result().repeated:
            return False
        return bool(block.scans or block.single) and not any(self._ask(scan) for scan in block.scans)


@dataclass(frozen=True, slots=True)
class _Use:
    predicates: frozenset[str]
    repeated: frozenset[str]


def _use(ask: Callable[[str], Iterable[Row]]) -> _Use:
    """The predicates of some graphs, and those of which a node has several values."""
    used = list(ask(_USE))
    repeated = (_text(row, "p") for row in used if _text(row, "values") != _text(row, "nodes"))
    return _Use(frozenset(_text(row, "p") for row in used), frozenset(repeated))


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
                yield from self._of_node(said, target)
                for node in said.get(SHACL + "property", ()):
                    yield from self._of_property(self._shapes.of(node), target)

    def _targets(self, said: Mapping[str, list[Node]]) -> Iterator[str]:
        for one in said.get(SHACL + "targetClass", ()):
            classes = " ".join(bracketed(name) for name in self._subclasses(one.value))
            yield f"VALUES ?class {{ {classes} }} ?this a ?class ."
        for one in said.get(SHACL + "targetSubjectsOf", ()):
            yield f"?this {bracketed(one.value)} ?any ."

    def _of_node(self, said: Mapping[str, list[Node]], target: str) -> Iterator[Block]:
        message, targets = self._message(said), f"GRAPH ?g {{ {target} }}"
        for one in said.get(SHACL + "class", ()):
            wrong = self._not_of_class("?this", one.value)
            classes = " ".join(bracketed(name) for name in self._subclasses(one.value))
            typed = f"GRAPH ?g {{ VALUES ?known {{ {classes} }} ?this a ?known }}"
            yield Block((Check(message, _select(f"{targets} {wrong}")),), (_scan(f"{targets} MINUS {{ {typed} }}"),))
        for one in said.get(SHACL + "or", ()):
            options = self._shapes.list(one)
            failing = " ".join(self._failing(option) for option in options)
            without = " ".join(f"MINUS {{ {self._meeting(option)} }}" for option in options)
            yield Block((Check(message, _select(f"{targets} {failing}")),), (_scan(f"{targets} {without}"),))
        for one in said.get(SHACL + "xone", ()):
            yield self._one_of_two(message, targets, self._shapes.list(one))
        unknown = said.keys() - _STRUCTURE - {SHACL + "class"}
        if unknown:
            raise ValueError(f"shapes.ttl uses {sorted(unknown)}, which is not compiled")

    def _one_of_two(self, message: Text, targets: str, options: list[Node]) -> Block:
        first, second = (self._holding(option) for option in options)
        checks = (
            Check(message, _select(f"{targets} FILTER EXISTS {first} FILTER EXISTS {second}")),
            Check(message, _select(f"{targets} FILTER NOT EXISTS {first} FILTER NOT EXISTS {second}")),
        )
        one, other = (self._meeting(option, f"?any{place}") for place, option in enumerate(options))
        return Block(checks, (_scan(f"{one} {other}"), _scan(f"{targets} MINUS {{ {one} }} MINUS {{ {other} }}")))

    def _meeting(self, option: Node, value: str = "?any1") -> str:
        """The nodes of a graph that meet an option, as far as that graph tells."""
        said = self._shapes.of(option)
        if SHACL + "class" in said:
            classes = " ".join(bracketed(name) for name in self._subclasses(said[SHACL + "class"][0].value))
            return f"GRAPH ?g {{ VALUES ?known {{ {classes} }} ?this a ?known }}"
        prop = self._shapes.of(said[SHACL + "property"][0])
        return f"GRAPH ?g {{ {self._path(prop)(value)} }}"

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

    def _of_property(self, said: Mapping[str, list[Node]], target: str) -> Iterator[Block]:
        message, path = self._message(said), self._path(said)
        iri = said[SHACL + "path"][0]
        about = iri.value if isinstance(iri, Iri) else None
        all_values = f"GRAPH ?g {{ {path('?value')} }}"
        values = f"GRAPH ?g {{ {target} {path('?value')} }}"
        bad: list[str] = []
        for name in said.keys() - _STRUCTURE:
            argument = said[name][0]
            if name in _COUNTS:
                yield _COUNTS[name](message, target, path, argument, about)
            elif name == SHACL + "class":
                wrong = self._not_of_class("?value", argument.value)
                distinct = f"{{ SELECT ?value WHERE {{ {all_values} }} GROUP BY ?value }}"
                typed = self._of_class_anywhere("?value", argument.value)
                scan = _scan(f"{{ {distinct} MINUS {typed} }} {values}")
                yield Block((Check(message, _select(f"{values} {wrong}")),), (scan,), about=about)
            elif name == SHACL + "hasValue":
                term = bracketed(argument.value)
                check = Check(message, _select(f"GRAPH ?g {{ {target} }} {_nowhere(path(term))}"))
                yield Block((check,), (_scan(f"GRAPH ?g {{ {target} }} MINUS {{ GRAPH ?g {{ {path(term)} }} }}"),))
            elif name in _LISTS:
                bad.append(_LISTS[name](self._shapes.list(argument)))
            else:
                bad.append(_TESTS[name](argument))
        if bad:
            test = f"FILTER({' || '.join(bad)})"
            # Each value is looked at once, however many nodes have it: a filter would be drawn in and see them all.
            scan = f"SELECT ?value WHERE {{ {all_values} }} GROUP BY ?value HAVING({' || '.join(bad)}) LIMIT 1"
            yield Block((Check(message, _select(f"{values} {test}")),), (scan,), about=about)

    def _not_of_class(self, variable: str, name: str) -> str:
        classes = ", ".join(bracketed(one) for one in self._subclasses(name))
        return f"FILTER NOT EXISTS {{ GRAPH ?elsewhere {{ {variable} a ?found }} FILTER(?found IN ({classes})) }}"

    def _of_class_anywhere(self, variable: str, name: str) -> str:
        classes = " ".join(bracketed(one) for one in self._subclasses(name))
        return f"{{ GRAPH ?elsewhere {{ VALUES ?found {{ {classes} }} {variable} a ?found }} }}"

    def _message(self, said: Mapping[str, list[Node]]) -> Text:
        texts = {one.language: one.value for one in said.get(SHACL + "message", ()) if isinstance(one, Lit)}
        return Text(texts.get("ja", ""), texts.get("en", ""))


Path = Callable[[str], str]


def _nowhere(pattern: str) -> str:
    """A source may describe what another one classifies, so that existence is looked for in all graphs."""
    return f"FILTER NOT EXISTS {{ GRAPH ?elsewhere {{ {pattern} }} }}"


def _counted(target: str, path: Path) -> str:
    inner = f"GRAPH ?g {{ {target} {path('?one')} }}"
    return f"{{ SELECT ?g ?this (COUNT(DISTINCT ?one) AS ?n) WHERE {{ {inner} }} GROUP BY ?g ?this }}"


def _min_count(message: Text, target: str, path: Path, argument: Node, _: str | None) -> Block:
    least = int(argument.value)
    missing = Check(message, _select(f"GRAPH ?g {{ {target} }} {_nowhere(path('?some'))}"))
    scan = _scan(f"GRAPH ?g {{ {target} }} MINUS {{ GRAPH ?g {{ {path('?some')} }} }}")
    if least == 1:
        return Block((missing,), (scan,))
    few = Check(message, _select(f"{_counted(target, path)} FILTER(?n < {least})"))
    return Block((missing, few), (scan, _scan(f"{_counted(target, path)} FILTER(?n < {least})")))


def _max_count(message: Text, target: str, path: Path, argument: Node, about: str | None) -> Block:
    most = int(argument.value)
    many = f"{_counted(target, path)} FILTER(?n > {most})"
    check = Check(message, _select(many))
    single = most == 1 and about is not None
    return Block((check,), () if single else (_scan(many),), single=about if single else None, about=about)


def _unique_language(message: Text, target: str, path: Path, _: Node, about: str | None) -> Block:
    pair = f"{path('?value')} {path('?other')} FILTER(?value != ?other && LANG(?value) = LANG(?other) && LANG(?value) != '')"
    check = Check(message, _select(f"GRAPH ?g {{ {target} {pair} }}"))
    grouped = f"GRAPH ?g {{ {path('?value')} BIND(LANG(?value) AS ?language) }}"
    scan = f"SELECT ?this WHERE {{ {grouped} }} GROUP BY ?g ?this ?language HAVING(COUNT(*) > 1) LIMIT 1"
    return Block((check,), (scan,), about=about)


Counting = Callable[[Text, str, Path, Node, str | None], Block]
_COUNTS: Final[Mapping[str, Counting]] = {
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


def _scan(pattern: str) -> str:
    return f"SELECT * WHERE {{ {pattern} }} LIMIT 1"
