"""Memory stays flat under bounded requests, with one release and while releases are exchanged: ten minutes each (`make soak`)."""

import http.client
import itertools
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.numbered import QUESTION, release
from tests.support.processes import ServeProcess, until

SECONDS = float(os.environ.get("KAKEHASHI_SOAK", "0"))
FILLED = 6 * 300
"""So many requests hold more documents than the caches keep; memory is watched from then on."""
SETTLED = 0.1
"""The share of the time that is left out at its beginning."""
GROWTH = 0.03
"""How much of its memory a server may seem to grow by, over the rest of the time: what the fit of a flat line varies by."""
SAMPLES_EVERY = 1.0

COVERAGE = """
query Report%d($edition: ID!) {
  coverage(edition: $edition, given: {everything: true}) {
    summary { assessable full partial }
    requirements(first: 20) {
      nodes { status satisfiedBy(first: 5) { nodes { control { id } proof { rule authority } } } gaps { type } }
    }
  }
}"""
EDITION = "leaflet-security-measures/2020-01"


def requests() -> Iterator[tuple[str, str, str | None]]:
    """Method, path and body, for ever: the same again and again, some never seen before, some refused."""
    for number in itertools.count():
        yield "POST", "/graphql", json.dumps({"query": QUESTION})
        yield "POST", "/graphql", json.dumps({"query": COVERAGE % number, "variables": {"edition": EDITION}})
        yield "POST", "/graphql", json.dumps({"query": f"{{ nope{number} }}"})
        yield "GET", f"/id/thing-{number % 100:03}", None
        yield "GET", f"/id/nothing-{number}", None
        yield "GET", "/readyz", None


def asking(port: int, over: threading.Event, counted: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for method, path, body in requests():
        if over.is_set():
            break
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status < 500
        counted[0] += 1
    connection.close()


def resident(pid: int) -> float:
    """The memory of a process, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


@pytest.mark.skipif(SECONDS == 0, reason="ten minutes: KAKEHASHI_SOAK=600, in `make soak`")
@pytest.mark.timeout(SECONDS * 2 + 1200)
@pytest.mark.parametrize("swap_every", [0.0, 5.0], ids=["one release", "a release every 5 s"])
def test_memory_is_flat(tmp_path: Path, swap_every: float, capsys: pytest.CaptureFixture[str]) -> None:
    home, over, counted, samples = tmp_path / "home", threading.Event(), [0], []
    release(home, tmp_path, 0)
    with ServeProcess(home, tmp_path / "log", settings={"KAKEHASHI_LOG_LEVEL": "warning"}) as server:
        assert server.process is not None
        asker = threading.Thread(target=asking, args=(server.port, over, counted), daemon=True)
        asker.start()
        until(lambda: counted[0] > FILLED, "full caches", 900)
        began, number, swapped = time.monotonic(), 0, time.monotonic()
        while (passed := time.monotonic() - began) < SECONDS:
            samples.append((passed, resident(server.process.pid)))
            if swap_every and time.monotonic() - swapped >= swap_every:
                number, swapped = number + 1, time.monotonic()
                release(home, tmp_path, number % 4)
            time.sleep(SAMPLES_EVERY)
            assert asker.is_alive(), server.log.read_text("utf-8")
        over.set()
        asker.join(timeout=60)
    times, memory = np.array([one for one in samples if one[0] > SETTLED * SECONDS]).T
    slope, _ = np.polyfit(times, memory, 1)
    grown = slope * (times[-1] - times[0])
    told = (
        f"{counted[0]} requests and {number} releases in {SECONDS:.0f} s: {memory.min():.1f} to {memory.max():.1f} MiB, "
        f"{samples[0][1]:.1f} at first; by a fit of {len(times)} samples {grown:+.2f} MiB, {slope * 3600:+.2f} MiB an hour"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert counted[0] > FILLED + SECONDS
    assert grown < GROWTH * memory.mean()
