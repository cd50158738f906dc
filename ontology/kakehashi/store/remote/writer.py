"""Sends pieces of graphs from threads of its own, so that whoever makes them goes on meanwhile."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Final

from kakehashi.store.remote.graphs import Graphs, pieces

WRITERS: Final = 2
"""Virtuoso takes two pieces at a time in the time of one; Oxigraph takes one after the other."""
WAITING: Final = 2
"""How many more pieces may wait, so that reading does not run away from the server."""


class Writer:
    """What is on its way to the server."""

    def __init__(self, graphs: Graphs) -> None:
        self._graphs = graphs
        self._pool = ThreadPoolExecutor(max_workers=WRITERS, thread_name_prefix="store-writer")
        self._slots = BoundedSemaphore(WRITERS + WAITING)
        self._sent: list[Future[None]] = []

    def write(self, graph: str, ntriples: Iterable[bytes]) -> None:
        """Send triples to a graph, sooner or later; what failed by now is raised here already."""
        for piece in pieces(ntriples):
            self._slots.acquire()
            self._sent.append(self._pool.submit(self._send, graph, piece))
            self._raise(one for one in self._sent if one.done())

    def wait(self) -> None:
        """Until all is sent; the first error where something was not."""
        self._raise(self._sent)
        self._sent.clear()

    def close(self) -> None:
        """Send no more, and wait for what is on its way."""
        self._pool.shutdown(cancel_futures=True)
        self._sent.clear()

    def _send(self, graph: str, piece: bytes) -> None:
        try:
            self._graphs.post(graph, piece)
        finally:
            self._slots.release()

    def _raise(self, sent: Iterable[Future[None]]) -> None:
        for one in sent:
            one.result()
