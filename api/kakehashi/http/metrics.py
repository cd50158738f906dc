"""What Prometheus reads: counters and histograms of this process, or of all workers together.

The server of /metrics is one of its own, on a port of its own, so that nothing of it is reachable at the public address.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from kakehashi.http.answered import Answered
from kakehashi.snapshot.model import Snapshot

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable: the folder through which workers share what they count."""
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
NODES: Final = (1, 10, 100, 1_000, 10_000, 100_000, 500_000)

# When a counter began is no news.
disable_created_metrics()  # type: ignore[no-untyped-call] # the library's

REQUESTS = Counter("kakehashi_requests", "Requests answered, by route, method and status", ("route", "method", "status"))
DURATION = Histogram("kakehashi_request_duration_seconds", "Until the last byte was sent", ("route",), buckets=SECONDS)
RUNNING = Gauge("kakehashi_requests_running", "Requests that are being answered", multiprocess_mode="livesum")
OPERATIONS = Counter("kakehashi_graphql_operations", "GraphQL operations, by type and how they were run", ("type", "plan"))
COST = Histogram("kakehashi_graphql_cost_nodes", "What GraphQL operations cost, in nodes", buckets=NODES)
RELEASE = Gauge("kakehashi_release_info", "How many processes serve a release", ("release",), multiprocess_mode="livesum")
BUILT = Gauge(
    "kakehashi_release_built_timestamp_seconds", "When the served release was built; now less this is its age",
    multiprocess_mode="livemostrecent",
)  # fmt: skip
EXCHANGES = Counter("kakehashi_release_exchanges", "Releases that took the place of another one while serving")
LOADING = Histogram("kakehashi_snapshot_load_seconds", "Loading a release and making it warm", buckets=SECONDS)


class Metrics:
    """What a process counts."""

    def __init__(self) -> None:
        self._release: str | None = None

    def begin(self) -> None:
        """A request came."""
        RUNNING.inc()

    def end(self, answered: Answered) -> None:
        """It was answered. 304s and refusals for too many requests (429) are told by their status."""
        operation, cost = answered.record.operation, answered.record.cost
        RUNNING.dec()
        REQUESTS.labels(answered.route, answered.method, str(answered.status)).inc()
        DURATION.labels(answered.route).observe(answered.seconds)
        if operation is not None:
            OPERATIONS.labels(operation.type, operation.plan).inc()
        if cost is not None:
            COST.observe(cost)

    def served(self, snapshot: Snapshot, seconds: float) -> None:
        """A release is served from now on."""
        if self._release is not None:
            EXCHANGES.inc()
            RELEASE.labels(self._release).set(0)
        self._release = snapshot.release.id
        RELEASE.labels(self._release).set(1)
        BUILT.set(snapshot.release.built_at.timestamp())
        LOADING.observe(seconds)


@contextmanager
def shared_among_workers() -> Iterator[None]:
    """A folder for what workers count; it must be there before any of them begins."""
    with TemporaryDirectory(prefix="kakehashi-metrics-") as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]


@contextmanager
def serve_metrics(host: str, port: int) -> Iterator[Callable[[int], None]]:
    """Answer /metrics in a thread of this process; gives what is to be told of the number of a worker that died."""
    folder, registry = os.environ.get(SHARED), REGISTRY
    if folder is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call] # the library's
    server, thread = start_http_server(port, host, registry)
    try:
        yield _forget if folder is not None else lambda _: None
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _forget(worker: int) -> None:
    with suppress(OSError):
        mark_process_dead(worker, os.environ[SHARED])  # type: ignore[no-untyped-call] # the library's
