"""A report of an edition with everything given, to three hops: the engine, and the same answer by SPARQL in several formulations.

The answer is each requirement's status and the things that meet it wholly or in part. SPARQL's has two halves: which requirements
a chain links with anything that is given, and what chains of each length say of the pairs of which they say something. Each half
is asked in all formulations that ended, and the fastest of each counts. Joining SPARQL's rows into a report is not timed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial, reduce
from operator import and_
from typing import Final
from urllib.parse import quote, unquote

import pyoxigraph as ox

from benchmarks.contenders import Facts, Stopwatch
from benchmarks.contenders.crosswalk_home import snapshot_of
from kakehashi.crosswalk.algebra import ALL, READINGS, compose, converse
from kakehashi.crosswalk.coverage import PROVED_LEVEL, Status, status_of
from kakehashi.crosswalk.gaps import RequirementCoverage, assess
from kakehashi.crosswalk.given import View, everything, hold
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.outline import Outline, outline
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot

HOPS: Final = 3
VIEW: Final = View(frozenset(Authority), date(2026, 1, 1), HOPS)
BASE: Final = "https://example.org/"
LINK, KIND = ox.NamedNode(f"{BASE}link"), ox.NamedNode(f"{BASE}kind")
REQUIREMENT, THING = ox.NamedNode(f"{BASE}requirement"), ox.NamedNode(f"{BASE}thing")

_A, _Z = "?a :kind :requirement .", "?z :kind :thing ."
_NEAR_Z: Final = f"SELECT DISTINCT ?b {{{_Z} ?z :link ?b}}"
_FROM_A: Final = f"SELECT DISTINCT ?a ?r ?b {{{_A} ?a ?r ?b FILTER(?r != :link && ?r != :kind)}}"
_FROM_A_2: Final = f"SELECT DISTINCT ?a ?s ?c {{{{{_FROM_A}}} ?r ?q ?s . ?b ?q ?c}}"
_FROM_Z: Final = f"SELECT DISTINCT ?z ?r ?b {{{_Z} ?z ?r ?b FILTER(?r != :link && ?r != :kind)}}"
_TO_Z: Final = "{{SELECT DISTINCT {pivot} ?q ?z {{" + _Z + " {pivot} ?q ?z FILTER(?q != :link)}}}}"
_ONE: Final = f"{_A} ?a ?known ?z . {_Z} FILTER(?known != :link)"
_TWO: Final = f"{{{_FROM_A}}} ?r ?q ?known . ?b ?q ?z . {_Z}"
_TWO_BACK: Final = f"{{{_FROM_Z}}} ?r ?q ?turned . ?b ?q ?a . {_A}"
_TWO_MEETING: Final = f"{{{_FROM_A}}} {_TO_Z.format(pivot='?b')} ?r ?q ?known"
_THREE: Final = f"{{{_FROM_A_2}}} ?s ?q ?known . ?c ?q ?z . {_Z}"
_THREE_MEETING: Final = f"{{{_FROM_A_2}}} {_TO_Z.format(pivot='?c')} ?s ?q ?known"

LINKED: Final = {
    "linked: a DISTINCT a hop, by length":
        f"{{{_A} ?a :link ?z . {_Z}}} UNION {{{{{_NEAR_Z}}} ?b :link ?a . {_A}}} "
        f"UNION {{{{SELECT DISTINCT ?c {{{{{_NEAR_Z}}} ?b :link ?c}}}} ?c :link ?a . {_A}}}",
    "linked: a DISTINCT a hop, zero-or-one paths":
        f"{{SELECT DISTINCT ?c {{{{{_NEAR_Z}}} ?b :link? ?c}}}} ?c :link? ?a . {_A}",
}  # fmt: skip
SAID: Final = {
    1: {"1 hop": _ONE},
    2: {"2 hops, from requirements": _TWO, "2 hops, from things": _TWO_BACK, "2 hops, meeting": _TWO_MEETING},
    3: {"3 hops, from requirements": _THREE, "3 hops, meeting": _THREE_MEETING},
    0: {"all lengths in one query": f"{{{_ONE}}} UNION {{{_TWO_MEETING}}} UNION {{{_THREE}}}"},
}
"""What is said of pairs, by the length of chains; 0 is of every length. From things to three hops none ended within 6 GB."""

Report = Mapping[str, tuple[Status, frozenset[str]]]
Asked = Mapping[str, str | None]


def run(home: str, runs: str, edition: str) -> Facts:
    """All find the same; the medians in seconds, and of SPARQL's formulations the least that makes a whole answer."""
    snapshot, watch = snapshot_of(home), Stopwatch()
    asked = {one: snapshot.edition_of.get(one) for one in snapshot.requirements(edition)}
    index, given = snapshot.index, everything(snapshot.index)
    network = index.engine.network(VIEW.authorities, HOPS)
    store = _stored(index.engine.rows, asked, index.satisfying)
    told = _told(snapshot, asked)
    _compare(*told, *by_sparql(store, asked))
    for _ in range(int(runs)):
        watch.time("report", lambda: outlined(snapshot, asked))
        _forget_distances(network)
        watch.time("report, gaps, order", lambda: assessed(snapshot, asked))
        index.engine.network.forget()
        watch.time("report, network built", lambda: outlined(snapshot, asked))
        for name, pattern in (*LINKED.items(), *(one for each in SAID.values() for one in each.items())):
            watch.time(name, partial(_solutions, store, pattern))
    met = sum(bool(things) for _, things in told[0].values())
    return {"requirements": len(asked), "given": len(hold(index, given, VIEW)), "met": met, **_with_best(watch.medians())}


def outlined(snapshot: Snapshot, asked: Asked) -> tuple[Outline, ...]:
    """The engine's report at once."""
    return outline(snapshot.index, asked, hold(snapshot.index, everything(snapshot.index), VIEW), VIEW)


def assessed(snapshot: Snapshot, asked: Asked) -> list[RequirementCoverage]:
    """The engine's report with gaps and candidates, and everything in the order of its proofs."""
    holding = hold(snapshot.index, everything(snapshot.index), VIEW)
    return [assess(snapshot.index, one, edition, holding, VIEW) for one, edition in asked.items()]


def _told(snapshot: Snapshot, asked: Asked) -> tuple[Report, Report]:
    first = {one.requirement: (one.status, frozenset(one.satisfied_by)) for one in outlined(snapshot, asked)}
    found = assessed(snapshot, asked)
    return first, {one.requirement: (one.status, frozenset(by.control for by in one.satisfied_by)) for one in found}


def by_sparql(store: ox.Store, asked: Iterable[str]) -> list[Report]:
    """The same by every formulation: of either half one after the other, the other half by its first."""
    linked = [{_id(one) for (one,) in _solutions(store, pattern)} for pattern in LINKED.values()]
    said = {hops: [_said(store, pattern) for pattern in patterns.values()] for hops, patterns in SAID.items()}
    lengths = [said[hops] for hops in (1, 2, 3)]
    wholes = [said[0][0], *(_met(one, two, three) for one in lengths[0] for two in lengths[1] for three in lengths[2])]
    return [_report(asked, one, whole) for one in linked for whole in wholes]


Pairs = Mapping[tuple[str, str], int]


def _said(store: ox.Store, pattern: str) -> Pairs:
    """What chains say of pairs of requirement and thing, read from the thing."""
    turned = "?turned" in pattern
    found: dict[tuple[str, str], int] = defaultdict(lambda: ALL)
    for a, relations, z in _solutions(store, pattern):
        bits = int(relations.value.removeprefix(f"{BASE}r"))
        found[_id(a), _id(z)] &= bits if turned else converse(bits)
    return found


def _met(*some: Pairs) -> Pairs:
    pairs = set[tuple[str, str]]().union(*some)
    return {pair: reduce(and_, (one.get(pair, ALL) for one in some)) for pair in pairs}


def _report(asked: Iterable[str], linked: set[str], said: Pairs) -> Report:
    met: dict[str, dict[str, Status]] = defaultdict(dict)
    for (requirement, thing), relations in said.items():
        met[requirement][thing] = status_of(relations)
    return {one: _answer(met.get(one, {}), linked=one in linked) for one in asked}


def _answer(met: Mapping[str, Status], linked: bool) -> tuple[Status, frozenset[str]]:
    """Of what is excluded nothing is known here: the comparison fails where anything is."""
    best = max(met.values(), key=PROVED_LEVEL.__getitem__, default=Status.UNKNOWN)
    proved = frozenset(thing for thing, status in met.items() if PROVED_LEVEL[status])
    return (best, proved) if proved else (Status.POSSIBLE if linked else Status.UNKNOWN, proved)


def _compare(*reports: Report) -> None:
    if any(one != reports[0] for one in reports[1:]):
        raise AssertionError("the engine and SPARQL differ")


def _with_best(medians: Mapping[str, float]) -> Facts:
    lengths = sum(min(medians[name] for name in SAID[hops]) for hops in (1, 2, 3))
    said = min(lengths, *(medians[name] for name in SAID[0]))
    return {**medians, "best SPARQL": min(medians[name] for name in LINKED) + said}


def _forget_distances(network: Network) -> None:
    """What a network keeps for the requirements that were asked of it before."""
    for name in ("towards", "_distances", "_chains_from"):
        vars(network).pop(name, None)


def _solutions(store: ox.Store, pattern: str) -> list[tuple[ox.NamedNode, ...]]:
    known = "?turned" if "?turned" in pattern else "?known" if "?known" in pattern else None
    select = "?a" if known is None else f"?a {known} ?z"
    found = store.query(f"PREFIX : <{BASE}> SELECT DISTINCT {select} {{{pattern}}}")
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError("a SELECT has solutions")
    return [tuple(one) for one in found]


def _stored(rows: Iterable[Row], asked: Iterable[str], things: Iterable[str]) -> ox.Store:
    """Rows from both ends, the compositions that say something, the requirements and what is given; in memory."""
    store = ox.Store()
    for row in rows:
        for a, relations, b in ((row.subject, row.relations, row.object), (row.object, converse(row.relations), row.subject)):
            store.add(ox.Quad(_node(a), LINK, _node(b)))
            if relations != ALL:
                store.add(ox.Quad(_node(a), _relation(relations), _node(b)))
    told = [(a, b, compose(a, b)) for a in READINGS for b in READINGS if compose(a, b) != ALL]
    store.extend(ox.Quad(_relation(a), _relation(b), _relation(c)) for a, b, c in told)
    store.extend(ox.Quad(_node(one), KIND, REQUIREMENT) for one in asked)
    store.extend(ox.Quad(_node(one), KIND, THING) for one in things)
    store.optimize()
    return store


def _relation(relations: int) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}r{relations}")


def _node(identifier: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{quote(identifier)}")


def _id(node: ox.NamedNode) -> str:
    return unquote(node.value.removeprefix(f"{BASE}id/"))
