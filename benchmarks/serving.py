"""Requests a second over HTTP: python -m benchmarks.serving [--runs N] [--seconds S] [--corpus PATH] [--home PATH].

Our server beside stock strawberry over the same types and snapshot, and beside a Starlette route (GET) that serialises ready-made
objects with orjson. wrk loads from one core, the server has the other; the contenders take turns, and give the same answers, or
the benchmark fails. No answer is cached.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.__main__ import free_port
from benchmarks.loading import CORPUS, measured
from benchmarks.serving_apps import APPS, EDITION, FIELDS

SERVER_CORE, LOAD_CORE = "0", "1"
CONNECTIONS: Final = 16
LOADED: Final = 0.7
"""The share of the top rate at which latencies are taken."""
SCRIPT: Final = 'wrk.method = "POST"; wrk.headers["Content-Type"] = "application/json"; wrk.body = {body}'


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, how much faster than stock strawberry we want to be, and the route of plain Starlette, if it has one."""

    name: str
    text: str
    wanted: int
    plain: str = ""

    @property
    def names(self) -> Sequence[str]:
        """Who can answer it."""
        return [name for name in APPS if name != "plain" or self.plain]

    def body(self, name: str) -> bytes | None:
        """The body of the request to a contender; None where that is a GET."""
        return None if name == "plain" else json.dumps({"query": " ".join(self.text.split())}).encode()

    def path(self, name: str) -> str:
        """Where a contender answers it."""
        return self.plain if name == "plain" else "/graphql"


def _nodes(first: int) -> str:
    return f'{{ resource(id: "{EDITION}") {{ ... on Edition {{ provisions(first: {first}) {{ nodes {{ {FIELDS} }} }} }} }} }}'


CROSSWALK: Final = """{ crosswalk(source: "iso-27001/2022", target: "nist-csf/2.0", maxHops: 2) {
  summary { certain candidates } rows(first: 50) { nodes {
    source { id prefLabel { value } } target { id prefLabel { value } } relation { relations } candidate
    proof { authority conclusion { relations } chains {
      subject { id } object { id } relation { relations } verbatim strength statement { id section source { id } } } } } } } }"""
COVERAGE: Final = """{ coverage(edition: "nist-csf/2.0", given: {everything: true}, maxHops: 2) {
  summary { assessable full partial } requirements(first: 100) { nodes { requirement { id prefLabel { value } } status
    satisfiedBy { nodes { control { id prefLabel { value } } status
      proof { rule authority chains {
        subject { id } object { id } relation { relations } statement { id section } } } } } } } } }"""
QUESTIONS: Final = (
    Question("100 nodes x 5 fields", _nodes(100), 20, "/100"),
    Question("1,000 nodes x 5 fields", _nodes(1000), 20, "/1000"),
    Question("crosswalk with proofs", CROSSWALK, 5),
    Question("coverage with proofs", COVERAGE, 5),
)


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=5, help="how long each time")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder of published files (KAKEHASHI_CORPUS)")
    parser.add_argument("--home", type=Path, help="a home that holds the corpus already")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        home = asked.home or Path(place) / "home"
        if asked.home is None:
            measured("crosswalk_home", asked.corpus.resolve(), home)
        ports = {name: stack.enter_context(served(name, home)) for name in APPS}
        for line in table(ports, Path(place), asked.runs, asked.seconds):
            print(line, flush=True)


def table(ports: Mapping[str, int], place: Path, runs: int, seconds: float) -> Iterator[str]:
    """The lines of the table, each as soon as it is measured."""
    machine = f"{os.cpu_count()} cores, CPython {platform.python_version()}"
    yield f"{machine}, medians of {runs} runs of {seconds:g} s, {CONNECTIONS} connections"
    yield f"{'requests a second':25}{'ours':>8}{'stock':>8}{'plain':>8}{'ours/stock':>19}{'ours/plain':>19}"
    top: dict[Question, float] = {}
    for question in QUESTIONS:
        same_answers(question, ports)
        rates: dict[str, list[float]] = {name: [] for name in question.names}
        for _ in range(runs):
            for name in question.names:
                rates[name].append(wrk(question, name, ports[name], place, seconds))
        found = {name: statistics.median(some) for name, some in rates.items()}
        top[question] = found["ours"]
        yield _line(question, found)
    yield f"{'ours at 70 % of that':25}{'rate':>8}{'p50 ms':>8}{'p99 ms':>8}{'p99/p50':>19}"
    for question in QUESTIONS:
        yield _latencies(question, ports["ours"], LOADED * top[question], runs, seconds)


def _line(question: Question, found: Mapping[str, float]) -> str:
    rates = "".join(f"{found[name]:8,.0f}" if name in found else f"{'-':>8}" for name in APPS)
    line = f"{question.name:25}{rates}{found['ours'] / found['stock']:8.1f} (of {question.wanted:>2})"
    return f"{line}{found['ours'] / found['plain']:12.2f} (of 0.5)" if "plain" in found else line


def _latencies(question: Question, port: int, rate: float, runs: int, seconds: float) -> str:
    """The medians over the runs of a run's median and 99th percentile."""
    p50s, p99s = [], []
    for _ in range(runs):
        found = sorted(open_loop(question, port, rate, seconds))
        p50s.append(found[len(found) // 2] * 1000)
        p99s.append(found[int(len(found) * 0.99)] * 1000)
    p50, p99 = statistics.median(p50s), statistics.median(p99s)
    return f"{question.name:25}{rate:8,.0f}{p50:8.2f}{p99:8.2f}{p99 / p50:12.1f} (at most 5)"


def wrk(question: Question, name: str, port: int, place: Path, seconds: float) -> float:
    """Requests a second of one contender; an error where an answer was none."""
    script, body = place / "post.lua", question.body(name)
    script.write_text("" if body is None else SCRIPT.format(body=json.dumps(body.decode())), "ascii")
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "30s", "-s", str(script)]
    command = ["taskset", "-c", LOAD_CORE, *load, f"http://127.0.0.1:{port}{question.path(name)}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{name}, {question.name}: {said}")
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def open_loop(question: Question, port: int, rate: float, seconds: float) -> list[float]:
    """The latencies, in seconds, of requests that leave at fixed times."""
    body = (question.body("ours") or b"").decode()
    head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}"
    asked = {"port": port, "request": request, "rate": rate, "seconds": seconds}
    command = ["taskset", "-c", LOAD_CORE, sys.executable, "-m", "benchmarks.open_loop"]
    said = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True).stdout
    found: list[float] = json.loads(said)
    return found


def same_answers(question: Question, ports: Mapping[str, int]) -> None:
    """An error where two contenders give different answers."""
    answers = [_answer(ports[name], question.path(name), question.body(name)) for name in question.names]
    if any(answer != answers[0] or "errors" in answer for answer in answers):
        raise RuntimeError(f"the answers to '{question.name}' are not the same")


def _answer(port: int, path: str, body: bytes | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


@contextmanager
def served(name: str, home: Path) -> Iterator[int]:
    """A contender's server on a core of its own; its port."""
    port = free_port()
    command = ["taskset", "-c", SERVER_CORE, sys.executable, "-m", "benchmarks.serving_apps", name, str(home), str(port)]
    process = subprocess.Popen(command)
    try:
        _wait(port, name)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, name: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _answer(port, QUESTIONS[0].path(name), QUESTIONS[0].body(name))
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(name)


if __name__ == "__main__":
    main()
