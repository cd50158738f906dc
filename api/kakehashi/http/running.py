"""The process, or the processes, that serve: one, or a parent that watches over several and starts anew the ones that die."""

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors.multiprocess import Multiprocess

from kakehashi.http.server import server_options

logger: Final = logging.getLogger(__name__)

Factory = Callable[[], ASGIApp]
"""Builds the application, in the process that serves it. It is pickled to get there."""
MORE_SECONDS: Final = 5.0
"""What a worker gets beyond its own limits before it is killed."""


@dataclass(frozen=True, slots=True)
class Serve:
    """Where, by how many, and for how long after a signal; `proxies` are whose X-Forwarded-For is believed."""

    host: str
    port: int
    workers: int
    drain_seconds: float
    stop_seconds: int
    proxies: str
    metrics: tuple[str, int] | None = None


def run(factory: Factory, serve: Serve, listening: Callable[[int], None]) -> None:
    """Serve until a signal says otherwise; `listening` is told the port. To be followed by `leave`."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    config = uvicorn.Config(
        factory, factory=True, host=serve.host, port=serve.port, workers=serve.workers, log_config=None, access_log=False,
        forwarded_allow_ips=serve.proxies, timeout_graceful_shutdown=serve.stop_seconds,
        **(server_options() | {"proxy_headers": bool(serve.proxies)}),
    )  # fmt: skip
    own = config.bind_socket()
    listening(own.getsockname()[1])
    with suppress(_EndedError), ExitStack() as stack:
        forget = _metrics(serve, stack)
        if serve.workers > 1:
            limit = serve.drain_seconds + serve.stop_seconds + MORE_SECONDS
            _Workers(config, [own], forget, limit).run()
        else:
            uvicorn.Server(config).run([own])


def _metrics(serve: Serve, stack: ExitStack) -> Callable[[int], None]:
    """Serve metrics where they are wanted; gives what is to be told of a worker that died."""
    if serve.metrics is None:
        return lambda _: None
    from kakehashi.http import metrics  # noqa: PLC0415 - prometheus, and only after the folder that workers share is named

    if serve.workers > 1:
        stack.enter_context(metrics.shared_among_workers())
    return stack.enter_context(metrics.serve_metrics(*serve.metrics))


class _EndedError(SystemExit):
    """A signal came before the server took it, or the server has handled it and passes it on."""


def _end(*_: object) -> None:
    raise _EndedError(0)


def leave() -> None:
    """End this process well, without waiting for threads whose requests were cut off."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


class _Workers(Multiprocess):
    """uvicorn's parent of workers, which here also tells of those that died, and ends within a limit or at a second signal."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], forget: Callable[[int], None], limit: float) -> None:
        super().__init__(config, sockets)
        self._forget = forget
        self._limit = limit

    def keep_subprocess_alive(self) -> None:
        """Start anew what died."""
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for gone in before - {process.pid for process in self.processes}:
            logger.warning("worker %s died and was started anew", gone)
            self._forget(gone or 0)

    def terminate_all(self) -> None:
        """Let the workers end in order; the door is shut when the last of them leaves it, not when this process does."""
        super().terminate_all()
        for door in self.sockets:
            door.close()

    def join_all(self) -> None:
        """Wait for the workers to end in order; at a second signal, or when the limit is over, end them."""
        deadline = time.monotonic() + self._limit
        while any(process.process.is_alive() for process in self.processes):
            if self.signal_queue or time.monotonic() > deadline:
                for process in self.processes:
                    process.process.kill()
            time.sleep(0.05)
