"""An open-loop load: requests leave at fixed times whatever the answers do, so that slow answers are not left out of the figures.

wrk asks again only when it has its answer, which hides what would have waited in the meantime. A latency here counts from the
moment at which its request was due.
"""

import asyncio
import gc
import json
import sys
import time
from collections import deque
from typing import Final

CONNECTIONS: Final = 32
BUFFER_BYTES: Final = 256 * 1024


class Connection(asyncio.BufferedProtocol):
    """A connection with at most one request on its way.

    It reads into a buffer of its own: memory for each piece took longer than the piece, and that wait looked like the server's.
    """

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._due, self._left = 0.0, 0
        self._buffer = memoryview(bytearray(BUFFER_BYTES))
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        """Ask, as of the time at which it was due."""
        assert self.transport is not None
        self._due, self._left = due, -1
        self.transport.write(request)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next piece goes."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Count the answer's bytes to its end; its head comes in one piece, as small ones do on loopback."""
        if self._left < 0:
            head, _, body = bytes(self._buffer[:nbytes]).partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head[:80].decode("latin-1"))
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            self._left = int(length.partition(b":")[2]) - len(body)
        else:
            self._left -= nbytes
        if self._left == 0:
            self._load.answered(self, time.perf_counter() - self._due)


class Load:
    """So many requests a second for so many seconds, over a few connections; what finds none free waits, and its wait counts."""

    def __init__(self, request: bytes, rate: float, seconds: float) -> None:
        self._request, self._rate, self._total = request, rate, int(rate * seconds)
        self._patience = 3 * seconds
        self._free: deque[Connection] = deque()
        self._waiting: deque[float] = deque()
        self._latencies: list[float] = []

    def answered(self, connection: Connection, latency: float) -> None:
        """Note a latency; the connection takes what waits."""
        self._latencies.append(latency)
        if self._waiting:
            connection.send(self._request, self._waiting.popleft())
        else:
            self._free.append(connection)

    async def run(self, port: int) -> list[float]:
        """The latencies in seconds."""
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            _, connection = await loop.create_connection(lambda: Connection(self), "127.0.0.1", port)
            self._free.append(connection)
        began = time.perf_counter()
        for number in range(self._total):
            await self._ask(began + number / self._rate)
        while len(self._latencies) < self._total:
            if time.perf_counter() > began + self._patience:
                raise TimeoutError(f"{self._total - len(self._latencies)} of {self._total} requests have no answer")
            await asyncio.sleep(0.01)
        return self._latencies

    async def _ask(self, due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if self._free:
            self._free.popleft().send(self._request, due)
        else:
            self._waiting.append(due)


def main() -> None:
    """Read what to do as JSON from standard input, and print the latencies."""
    asked = json.load(sys.stdin)
    gc.disable()
    load = Load(asked["request"].encode(), asked["rate"], asked["seconds"])
    print(json.dumps(asyncio.run(load.run(asked["port"]))))


if __name__ == "__main__":
    main()
