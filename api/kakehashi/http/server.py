"""How uvicorn is run: what it leaves open to slow clients is closed here."""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 10.0
"""How long a client may take to send the head of a request, from its first byte; and to begin with the first."""
READ_SECONDS: Final = 60.0
"""How long a client may leave what waits to be sent to it where it is."""
KEPT_SECONDS: Final = 15
"""How long a connection is kept on which nobody asks."""
CONNECTIONS: Final = 1000
"""How many connections there may be; beyond them the answer is 503."""
MAX_HEAD_BYTES: Final = 64 * 1024


class ImpatientProtocol(H11Protocol):
    """uvicorn's protocol, with a time limit for the head of a request and for a client that does not fetch its answer.

    uvicorn waits for both without end (a head that comes byte by byte: "slowloris").
    """

    head_seconds = HEAD_SECONDS
    read_seconds = READ_SECONDS
    _head_timer: asyncio.TimerHandle | None = None
    _read_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._expect_head()

    def handle_events(self) -> None:
        """A part of a request has come, or the former one is answered."""
        super().handle_events()
        if self.conn.their_state is not h11.IDLE:
            self._stop(self._head_timer)
            self._head_timer = None
        elif self.conn.trailing_data[0]:
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop(self._head_timer)
        self._stop(self._read_timer)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not fetch its answer."""
        super().pause_writing()
        self._stop(self._read_timer)
        self._read_timer = self.loop.call_later(self.read_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It goes on."""
        self._stop(self._read_timer)
        super().resume_writing()

    def _expect_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.abort)

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


def server_options() -> dict[str, Any]:
    """What uvicorn is told, whoever starts it; X-Forwarded-For is believed of nobody unless somebody says of whom."""
    return {
        "http": ImpatientProtocol, "ws": "none", "timeout_keep_alive": KEPT_SECONDS, "limit_concurrency": CONNECTIONS,
        "h11_max_incomplete_event_size": MAX_HEAD_BYTES, "server_header": False, "proxy_headers": False,
    }  # fmt: skip
