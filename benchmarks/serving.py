"""Requests a second over HTTP: python -m benchmarks.serving [--runs N] [--seconds S] [--corpus PATH] [--home PATH].

Our server beside stock strawberry over the same types and snapshot, and beside a Starlette route that serialises ready-made
objects with orjson, whatever it is asked. All get the same request by POST. wrk loads from one core, the server has the other;
the contenders take turns, and give the same answers, or the benchmark fails. No answer is cached.
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
class Server:
    """A contender that serves."""

    name: str
    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that it has taken so far, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Rate:
    """What a run of wrk found: requests a second, and milliseconds of the server's CPU for each, whatever else ran beside."""

    requests: float
    cpu: float


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

    @property
    def body(self) -> str:
        """The request's body."""
        return json.dumps({"query": " ".join(self.text.split())})

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
        servers = {name: stack.enter_context(served(name, home)) for name in APPS}
        for line in table(servers, Path(place), asked.runs, asked.seconds):
            print(line, flush=True)


def table(servers: Mapping[str, Server], place: Path, runs: int, seconds: float) -> Iterator[str]:
    """The lines of the table, each as soon as it is measured."""
    machine = f"{os.cpu_count()} cores, CPython {platform.python_version()}"
    yield f"{machine}, medians of {runs} runs of {seconds:g} s, {CONNECTIONS} connections"
    yield f"{'':25}{'ours':>9}{'stock':>9}{'plain':>9}{'ours/stock':>17}{'ours/plain':>17}"
    top: dict[Question, float] = {}
    for question in QUESTIONS:
        same_answers(question, servers)
        rates: dict[str, list[Rate]] = {name: [] for name in question.names}
        for _ in range(runs):
            for name in question.names:
                rates[name].append(wrk(question, servers[name], place, seconds))
        requests = {name: statistics.median(one.requests for one in found) for name, found in rates.items()}
        cpu = {name: statistics.median(one.cpu for one in found) for name, found in rates.items()}
        top[question] = requests["ours"]
        yield question.name
        yield _line("  requests a second", requests, "9,.0f", question.wanted)
        yield _line("  1 / ms of CPU each", {name: 1 / took for name, took in cpu.items()}, "9.3f", question.wanted)
    yield f"{'ours at 70 % of that':25}{'rate':>9}{'p50 ms':>9}{'p99 ms':>9}{'p99/p50':>17}"
    for question in QUESTIONS:
        yield _latencies(question, servers["ours"].port, LOADED * top[question], runs, seconds)


def _line(title: str, found: Mapping[str, float], form: str, wanted: int) -> str:
    figures = "".join(format(found[name], form) if name in found else f"{'-':>9}" for name in APPS)
    line = f"{title:25}{figures}{found['ours'] / found['stock']:9.1f} (of {wanted:>2})"
    return f"{line}{found['ours'] / found['plain']:9.2f} (of 0.5)" if "plain" in found else line


def _latencies(question: Question, port: int, rate: float, runs: int, seconds: float) -> str:
    """The medians over the runs of a run's median and 99th percentile."""
    p50s, p99s = [], []
    for _ in range(runs):
        found = sorted(open_loop(question, port, rate, seconds))
        p50s.append(found[len(found) // 2] * 1000)
        p99s.append(found[int(len(found) * 0.99)] * 1000)
    p50, p99 = statistics.median(p50s), statistics.median(p99s)
    return f"{question.name:25}{rate:9,.0f}{p50:9.2f}{p99:9.2f}{p99 / p50:9.1f} (of 5)"


def wrk(question: Question, server: Server, place: Path, seconds: float) -> Rate:
    """The rate of one contender; an error where an answer was none."""
    script = place / "post.lua"
    script.write_text(SCRIPT.format(body=json.dumps(question.body)), "ascii")
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "30s", "-s", str(script)]
    command = ["taskset", "-c", LOAD_CORE, *load, f"http://127.0.0.1:{server.port}{question.path(server.name)}"]
    before = server.cpu()
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    taken = server.cpu() - before
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{server.name}, {question.name}: {said}")
    answers, rate = int(re.findall(r"(\d+) requests in", said)[0]), float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
    return Rate(rate, 1000 * taken / answers)


def open_loop(question: Question, port: int, rate: float, seconds: float) -> list[float]:
    """The latencies, in seconds, of requests that leave at fixed times."""
    body = question.body
    head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}"
    asked = {"port": port, "request": request, "rate": rate, "seconds": seconds}
    command = ["taskset", "-c", LOAD_CORE, sys.executable, "-m", "benchmarks.open_loop"]
    said = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True).stdout
    found: list[float] = json.loads(said)
    return found


def same_answers(question: Question, servers: Mapping[str, Server]) -> None:
    """An error where two contenders give different data; ours says in `extensions` besides what the question costs."""
    answers = [_answer(servers[name].port, question.path(name), question.body) for name in question.names]
    if any(answer["data"] != answers[0]["data"] or "errors" in answer for answer in answers):
        raise RuntimeError(f"the answers to '{question.name}' are not the same")


def _answer(port: int, path: str, body: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body.encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


@contextmanager
def served(name: str, home: Path) -> Iterator[Server]:
    """A contender on the servers' core."""
    port = free_port()
    command = ["taskset", "-c", SERVER_CORE, sys.executable, "-m", "benchmarks.serving_apps", name, str(home), str(port)]
    process = subprocess.Popen(command)
    try:
        _wait(port, name)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, name: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _answer(port, QUESTIONS[0].path(name), QUESTIONS[0].body)
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(name)


if __name__ == "__main__":
    main()
