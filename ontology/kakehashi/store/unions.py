"""Stores made for asking: the named graphs of a release, and as default graph their union.

pyoxigraph can take several graphs together while it queries, but then counts a triple once for each graph that has it, and takes
a hundred times as long where the graphs are listed (measured). So the union is written out, once a release.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kakehashi.store.durable import sync_files, sync_folder
from kakehashi.store.embedded import FAILED
from kakehashi.store.port import Store
from kakehashi.vocabulary.rdf import Iri, Term
from kakehashi.vocabulary.text import ErrorCode, KakehashiError


def write_union(store: Store, graphs: Iterable[str], place: Path) -> None:
    """Write some graphs of a store and their union into a folder, which is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    work = place.with_name(f"{place.name}.making")
    with _alone(place.parent):
        if place.exists():
            return
        shutil.rmtree(work, ignore_errors=True)
        try:
            _fill(ox.Store(str(work)), store, graphs)
            sync_files(work)
            work.rename(place)
            sync_folder(place.parent)
        except OSError as error:
            shutil.rmtree(work, ignore_errors=True)
            raise KakehashiError(ErrorCode.STORE_FAILED, FAILED(problem=error)) from error


def forget_unions(parent: Path, kept: Callable[[str], bool]) -> None:
    """Remove the folders of other names than those to be kept. Whoever has one open reads on."""
    with _alone(parent):
        for place in parent.iterdir():
            if place.is_dir() and not kept(place.name):
                shutil.rmtree(place, ignore_errors=True)


def _fill(made: ox.Store, store: Store, graphs: Iterable[str]) -> None:
    for graph in graphs:
        made.bulk_extend(_twice(store, ox.NamedNode(graph)))
    made.flush()


def _twice(store: Store, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Each triple in its graph, and in the default graph, which takes none twice."""
    for subject, predicate, target in store.triples(graph.value):
        triple = ox.NamedNode(subject.value), ox.NamedNode(predicate.value), _term(target)
        yield ox.Quad(*triple, graph)
        yield ox.Quad(*triple)


def _term(term: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if term.language is not None:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One maker at a time, of whatever process."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
