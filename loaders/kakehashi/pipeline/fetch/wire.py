"""One request over one connection, to an address that was judged before, and within the time that is left.

httpx2 cannot be told which address to connect to; its lower half, httpcore2, can: a network backend opens the connections. The
name stays in the Host header and in TLS, so certificates are checked against it. Proxies of the environment are not used: behind
one, the proxy would look the name up again.
"""

import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from kakehashi.pipeline.fetch.failures import CERTIFICATE, CUT, AgainError, FetchError, shown
from kakehashi.pipeline.fetch.limits import Clock, Limits


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, its body not yet read; `url` is the address that was asked."""

    url: httpx2.URL
    status: int
    headers: httpx2.Headers
    chunks: Iterator[bytes]


@contextmanager
def asked(
    url: httpx2.URL, addresses: tuple[str, ...], headers: Mapping[str, str], limits: Limits, clock: Clock
) -> Iterator[Answer]:
    """Ask for an address at one of the given numbers. What fails on the wire is an AgainError, in the caller's block too."""
    target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    sent = {"Host": url.netloc.decode("ascii"), **headers}
    timeout = {"connect": limits.connect_seconds, "read": limits.read_seconds, "write": limits.read_seconds}
    with (
        _told(url),
        httpcore2.ConnectionPool(ssl_context=_tls(url), network_backend=_Pinned(addresses, clock)) as pool,
        pool.stream("GET", target, headers=list(sent.items()), extensions={"timeout": timeout}) as response,
    ):
        yield Answer(url, response.status, httpx2.Headers(response.headers), iter(response.iter_stream()))


def _tls(url: httpx2.URL) -> ssl.SSLContext | None:
    try:
        return httpx2.create_ssl_context() if url.scheme == "https" else None
    except OSError as error:  # SSL_CERT_FILE names what is no certificate
        raise FetchError(CERTIFICATE(url=shown(url), reason=error.strerror or error)) from error


@contextmanager
def _told(url: httpx2.URL) -> Iterator[None]:
    """Say in our words what the library raises."""
    try:
        yield
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
        cause = error.__cause__ or error.__context__
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise FetchError(CERTIFICATE(url=shown(url), reason=cause.verify_message)) from error
        raise AgainError(CUT(url=shown(url), reason=str(error)[:200] or type(error).__name__)) from error


class _Pinned(httpcore2.NetworkBackend):
    """Connects to the first of the given addresses that answers, whatever host it is asked for."""

    def __init__(self, addresses: tuple[str, ...], clock: Clock) -> None:
        self._addresses, self._clock = addresses, clock
        self._system = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the same port of an address that was judged."""
        failure: Exception = httpcore2.ConnectError(host)
        for address in self._addresses:
            try:
                left = _left(self._clock, timeout)
                return _Timed(self._system.connect_tcp(address, port, left, local_address, socket_options), self._clock)
            except (httpcore2.ConnectError, httpcore2.TimeoutException) as error:
                failure = error
        raise failure


class _Timed(httpcore2.NetworkStream):
    """A stream whose every wait ends when the time for the whole fetch does: no drip, not even of headers, outlasts it."""

    def __init__(self, stream: httpcore2.NetworkStream, clock: Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, at most so many bytes."""
        return self._stream.read(max_bytes, _left(self._clock, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, _left(self._clock, timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same stream encrypted."""
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._clock, timeout)), self._clock)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's own signature
        """What the library asks of a stream: whether it is encrypted, and whether it can be read."""
        return self._stream.get_extra_info(info)


def _left(clock: Clock, timeout: float | None) -> float:
    left = clock.within(timeout)
    if left <= 0:  # a socket would take 0 to mean "do not wait at all"
        raise httpcore2.ReadTimeout
    return left
