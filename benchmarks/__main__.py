"""Build time, start to first answer, latencies over HTTP, the engine's share of a query, memory."""

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from kakehashi.graphql.context import Context
from kakehashi.graphql.coverage import Question
from kakehashi.graphql.documents import documents_of
from kakehashi.graphql.execution import answered, interpreted
from kakehashi.graphql.inputs import GivenInput, ViewInput, given_of, view_of
from kakehashi.graphql.schema import build_schema
from kakehashi.records.values import Authority
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current

STARTS = 7
REQUESTS = 300

RESOURCE = """{
  resource(id: "cs-gold-mark") {
    id iri kind prefLabel { value language } statements { nodes { predicate section object { id } value { text } } }
  }
}"""
COVERAGE = """{
  coverage(edition: "leaflet-security-measures/2020-01", given: {everything: true}, view: {minAuthority: INFERRED}) {
    summary { assessable full partial possible excluded unknown }
    requirements { nodes { requirement { id prefLabel { value } } status
      gaps { type explanation { value } closedBy { id } }
      satisfiedBy { nodes { control { id prefLabel { value } }
        proof { rule authority chains { relation { relations } statement { id } } } } } } }
  }
}"""
MATRIX = """{
  matrix(id: "matrix/security-measures", given: {everything: true}, view: {minAuthority: INFERRED}) {
    cells { row { id } column { id } entries { resource { id prefLabel { value } } certainty status satisfiedBy { id } } }
  }
}"""


def main() -> None:
    """Run everything and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        built = timed(lambda: run(["build", "--home", str(home)]))
        again = timed(lambda: run(["build", "--home", str(home)]))
        print(f"build, fresh: {built:.2f} s; the same input again: {again:.2f} s")
        starting(home)
        with server(home) as (base, process):
            for name, query in (("resource", RESOURCE), ("coverage", COVERAGE), ("matrix", MATRIX)):
                latency(name, base, query)
            print(f"memory of the server after the requests: {memory(process.pid):.0f} MiB")
        shares(load_current(Home(home), repository_of(Home(home))))


def starting(home: Path) -> None:
    """Start to first answer, in turn with the baseline, and the ratio of the medians."""
    ours, baseline = [], []
    for _ in range(STARTS):
        baseline.append(first_answer([sys.executable, "-m", "benchmarks.baseline"], positional=True))
        ours.append(first_answer([*kakehashi(), "serve", "--home", str(home)], positional=False))
    ratio = statistics.median(ours) / statistics.median(baseline)
    print(
        f"start to first answer: {statistics.median(ours):.2f} s; empty strawberry application with the same imports: "
        f"{statistics.median(baseline):.2f} s; ratio {ratio:.2f} (at most 2)"
    )


def latency(name: str, base: str, query: str) -> None:
    """Median and 99th percentile of one query over HTTP, one request at a time."""
    body = json.dumps({"query": query}).encode()
    for _ in range(20):
        post(base, body)
    times = sorted(timed(lambda: post(base, body)) for _ in range(REQUESTS))
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99) - 1]
    print(f"{name}: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, {len(post(base, body)):,} bytes")


def shares(snapshot: Snapshot) -> None:
    """A coverage query in process: in graphql-core, by plan, and the engine's work for the same answers, which is kept."""
    by_core, by_plan = both_ways(snapshot, 50)
    engine = statistics.median(timed(lambda: answers(snapshot)) for _ in range(50))
    print(
        f"coverage query: {by_core * 1000:.1f} ms in graphql-core, {by_plan * 1000:.1f} ms by plan, "
        f"ratio {by_core / by_plan:.1f} (at least 5); the engine {engine * 1000:.2f} ms the first time"
    )


def both_ways(snapshot: Snapshot, runs: int) -> tuple[float, float]:
    """The median seconds of the coverage query in graphql-core and by its plan, the engine's answers being kept for both."""
    schema = build_schema()
    operation = documents_of(schema).operation(COVERAGE, None, None)
    by_core = [timed(lambda: interpreted(schema, Context(snapshot), operation, {})) for _ in range(runs)]
    by_plan = [timed(lambda: answered(schema, Context(snapshot), operation, {})) for _ in range(runs)]
    return statistics.median(by_core), statistics.median(by_plan)


def answers(snapshot: Snapshot) -> None:
    """What the engine does for the coverage query, from inputs to gaps."""
    context = Context(snapshot)
    given = given_of(GivenInput(everything=True), context)
    question = Question(snapshot, given, view_of(ViewInput(min_authority=Authority.INFERRED), context))
    for provision in snapshot.editions["leaflet-security-measures/2020-01"].provisions:
        question.answer(provision)


def first_answer(command: list[str], *, positional: bool) -> float:
    """Seconds from starting a server to its first answer."""
    port = free_port()
    arguments = [str(port)] if positional else ["--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait(f"http://127.0.0.1:{port}")
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


@contextmanager
def server(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of a home."""
    port = free_port()
    process = subprocess.Popen([*kakehashi(), "serve", "--home", str(home), "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        wait(base)
        yield base, process
    finally:
        process.terminate()
        process.wait()


def wait(base: str) -> None:
    """Ask until there is an answer."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            post(base, b'{"query": "{ __typename }"}')
        except (URLError, ConnectionError):
            time.sleep(0.005)
        else:
            return
    raise TimeoutError(base)


def post(base: str, body: bytes) -> bytes:
    """One request's answer."""
    request = urllib.request.Request(base + "/graphql", data=body, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        found: bytes = response.read()
        return found


def timed(work: Callable[[], object]) -> float:
    """Seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run(arguments: list[str]) -> None:
    """Run the command line to its end."""
    subprocess.run([*kakehashi(), *arguments], check=True, capture_output=True)


def kakehashi() -> list[str]:
    """The command."""
    return [sys.executable, "-c", "from kakehashi.cli.main import main; main()"]


def memory(pid: int) -> float:
    """Resident memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
