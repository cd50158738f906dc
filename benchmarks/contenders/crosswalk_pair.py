"""The crosswalk of two editions to three hops: rows with the first hundred proofs, and the same rows by SPARQL without proofs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from urllib.parse import quote, unquote

import pyoxigraph as ox

from benchmarks.contenders import Facts, Stopwatch
from benchmarks.contenders.crosswalk_home import snapshot_of
from kakehashi.crosswalk.algebra import ALL, READINGS, compose, converse
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.network import Engine
from kakehashi.crosswalk.pairs import crosswalk
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority

HOPS: Final = 3
PROOFS: Final = 100
VIEW: Final = View(frozenset(Authority), date(2026, 1, 1), HOPS)
BASE: Final = "https://example.org/"
LINK: Final = ox.NamedNode(f"{BASE}link")
INSIDE: Final = ox.NamedNode(f"{BASE}in")

LINKED: Final = (
    "?a :in SOURCE . ?a :link ?z . ?z :in TARGET",
    "{SELECT DISTINCT ?a ?b {?a :in SOURCE . ?a :link ?b}} ?b :link ?z . ?z :in TARGET",
    "{SELECT DISTINCT ?a ?b {?a :in SOURCE . ?a :link ?b}}"
    "{SELECT DISTINCT ?b ?z {{SELECT DISTINCT ?c ?z {?z :in TARGET . ?z :link ?c}} ?c :link ?b}}",
)
"""The linked pairs, a DISTINCT a hop. Meeting in the middle was the fastest of three orders."""
_FIRST: Final = "SELECT DISTINCT ?a ?r ?b {?a :in SOURCE . ?a ?r ?b FILTER(?r != :link && ?r != :in)}"
_SECOND: Final = f"SELECT DISTINCT ?a ?s ?c {{{{{_FIRST}}} ?r ?q ?s . ?b ?q ?c}}"
DETERMINED: Final = (
    "?a :in SOURCE . ?a ?known ?z . ?z :in TARGET FILTER(?known != :link)",
    f"{{{_FIRST}}} ?r ?q ?known . ?b ?q ?z . ?z :in TARGET",
    f"{{{_SECOND}}} ?s ?q ?known . ?c ?q ?z . ?z :in TARGET",
)
"""What each length of chain says of the pairs of which it says something: the table of compositions is triples, too."""

Rows = Mapping[tuple[str, str], int]


def run(home: str, runs: str, source: str, target: str) -> Facts:
    """All find the same rows; the medians in seconds."""
    snapshot, watch = snapshot_of(home), Stopwatch()
    rows, (first, last) = snapshot.index.engine.rows, (snapshot.requirements(one) for one in (source, target))
    store = _stored(rows, {source: first, target: last})
    asked = Queries(store, source, target)
    warm = Engine(rows)
    found = asked_of(warm, first, last)
    if found != asked.rows() or found.keys() != asked.pairs():
        raise AssertionError("the engine and SPARQL differ")
    for _ in range(int(runs)):
        watch.time("published", lambda: asked_of(Engine(rows), first, last))
        warm.network.forget()
        watch.time("cold", lambda: asked_of(warm, first, last))
        vars(warm.network(VIEW.authorities, HOPS)).pop("_chains_from")
        watch.time("warm", lambda: asked_of(warm, first, last))
        watch.time("sparql", asked.rows)
        watch.time("sparql, pairs", asked.pairs)
    certain = sum(relations != ALL for relations in found.values())
    return {"rows": len(found), "certain": certain, **watch.medians()}


def asked_of(engine: Engine, source: tuple[str, ...], target: tuple[str, ...]) -> Rows:
    """The rows, the first of them with their proofs."""
    rows = crosswalk(engine, source, target, VIEW).rows
    if not all(row.proof for row in rows[:PROOFS]):
        raise AssertionError("a row has no proof")
    return {(row.source, row.target): row.relations for row in rows}


class Queries:
    """The same rows by SPARQL: a SELECT DISTINCT a hop and no property path."""

    def __init__(self, store: ox.Store, source: str, target: str) -> None:
        self._store = store
        ends = {"SOURCE": str(_node(source)), "TARGET": str(_node(target))}
        self._linked = _query("SELECT DISTINCT ?a ?z", " UNION ".join(f"{{{one}}}" for one in LINKED), ends)
        self._determined = [_query("SELECT DISTINCT ?a ?known ?z", one, ends) for one in DETERMINED]

    def pairs(self) -> set[tuple[str, str]]:
        """The linked pairs, without what is known of them."""
        return {(_id(one["a"]), _id(one["z"])) for one in self._solutions(self._linked)}

    def rows(self) -> Rows:
        """The linked pairs with what is known of them."""
        found = dict.fromkeys(self.pairs(), ALL)
        for query in self._determined:
            for one in self._solutions(query):
                pair = (_id(one["a"]), _id(one["z"]))
                found[pair] &= int(one["known"].value.removeprefix(f"{BASE}r"))
        return found

    def _solutions(self, query: str) -> ox.QuerySolutions:
        found = self._store.query(query)
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError("a SELECT has solutions")
        return found


def _query(select: str, pattern: str, ends: Mapping[str, str]) -> str:
    for name, node in ends.items():
        pattern = pattern.replace(name, node)
    return f"PREFIX : <{BASE}> {select} {{{pattern} FILTER(?a != ?z)}}"


def _stored(rows: Iterable[Row], provisions: Mapping[str, Iterable[str]]) -> ox.Store:
    """Rows from both ends, the compositions that say something, and which edition a provision is in; in memory."""
    store = ox.Store()
    for row in rows:
        for a, relations, b in ((row.subject, row.relations, row.object), (row.object, converse(row.relations), row.subject)):
            store.add(ox.Quad(_node(a), LINK, _node(b)))
            if relations != ALL:
                store.add(ox.Quad(_node(a), _relation(relations), _node(b)))
    told = [(a, b, compose(a, b)) for a in READINGS for b in READINGS if compose(a, b) != ALL]
    store.extend(ox.Quad(_relation(a), _relation(b), _relation(c)) for a, b, c in told)
    store.extend(ox.Quad(_node(one), INSIDE, _node(edition)) for edition, ones in provisions.items() for one in ones)
    store.optimize()
    return store


def _relation(relations: int) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}r{relations}")


def _node(identifier: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{quote(identifier)}")


def _id(node: ox.NamedNode) -> str:
    return unquote(node.value.removeprefix(f"{BASE}id/"))
