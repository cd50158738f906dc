"""All pairs of all editions to three hops: the engine and the dictionaries that are its oracle, in turn; building the index."""

from benchmarks.contenders import Facts, Stopwatch
from benchmarks.contenders.crosswalk_home import snapshot_of
from kakehashi.crosswalk.acceptance import relations_of
from kakehashi.crosswalk.network import Engine, Network
from kakehashi.crosswalk.relations import closure
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from tests.support import plain_closure as plain

HOPS = 3
EVERYONE = frozenset(Authority)


def run(home: str, runs: str) -> Facts:
    """Both find the same pairs; the medians in seconds, with what each starts from ready, and from rows."""
    snapshot, watch = snapshot_of(home), Stopwatch()
    network = snapshot.index.engine.network(EVERYONE, HOPS)
    related, stated = relations_of(network.rows, network.place), plain.stated(network.rows)
    if _told(network) != plain.closed(stated, HOPS):
        raise AssertionError("the engine and the dictionaries differ")
    for _ in range(int(runs)):
        watch.time("closure", lambda: closure(related, HOPS))
        watch.time("closure, dictionaries", lambda: plain.closed(stated, HOPS))
        watch.time("from rows", lambda: Network(network.rows, HOPS).closure)
        watch.time("from rows, dictionaries", lambda: plain.closure(network.rows, HOPS))
        watch.time("acceptance", lambda: Engine(network.rows).acceptance(HOPS))
        _time_the_index(watch, Snapshot(snapshot.release, snapshot.records))
    return {"rows": len(network.rows), "pairs": len(network.closure), **watch.medians()}


def _time_the_index(watch: Stopwatch, fresh: Snapshot) -> None:
    watch.time("look-ups", lambda: fresh.world)
    watch.time("index", lambda: fresh.index)


def _told(network: Network) -> plain.Stated:
    found: plain.Stated = {end: {} for end in network.ends}
    held = network.closure
    for a, b, relations in zip(held.first.tolist(), held.second.tolist(), held.sets.tolist(), strict=True):
        found[network.ends[a]][network.ends[b]] = relations
    return found
