"""How many points each client may spend an hour, in a window that moves, counted in memory or in Redis (docs/decisions/0016)."""

import logging
import math
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any, Final

from limits import RateLimitItemPerHour
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.cost import Cost
from kakehashi.graphql.languages import accepted_languages
from kakehashi.graphql.metering import Allowance, Meter
from kakehashi.http.problems import problem
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

logger: Final = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]

WINDOW: Final = 3600
ANSWERS_WITHIN: Final = 0.5
"""For how many seconds a request waits for Redis."""
ASKED_AGAIN: Final = 5.0
"""After how many seconds a Redis that failed is asked again."""
ONE_NETWORK: Final = 64
"""The bits of an IPv6 address that name one network (RFC 4291, section 2.5.1)."""
NOBODY: Final = "anonymous"
"""The id of the caller that sends no credential."""

NO_STORAGE = Text(
    "流量制限の保管先はmemory://かredis://ホスト:ポート/番号の形で指定してください。",
    "The storage of rate limits must read memory:// or redis://host:port/number.",
)
SPENT = Text(
    "1時間あたりの上限({limit}ポイント)を使い切りました。{seconds}秒後にやり直してください。",
    "The limit of {limit} points an hour is spent. Try again in {seconds} seconds.",
)


class RateLimits:
    """The points that clients spend.

    Where Redis does not answer, this process counts on its own until it does: nobody is shut out, and nobody is without limit.
    """

    def __init__(self, points: int, storage: str = "memory://") -> None:
        self._item = RateLimitItemPerHour(points)
        self._shared = MovingWindowRateLimiter(_storage(storage))
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared_from = float("-inf")
        self.at_once = isinstance(self._shared.storage, MemoryStorage)
        """Whether points are counted in this process, and nobody is waited for."""

    def take(self, client: str, points: int) -> tuple[bool, Allowance]:
        """Whether a client had so many points left, which are then taken; and what is left."""
        if time.monotonic() >= self._shared_from:
            try:
                return self._take(self._shared, client, points)
            except StorageError as error:
                self._shared_from = time.monotonic() + ASKED_AGAIN
                logger.warning(
                    "the storage of rate limits does not answer; this process counts alone: %s", type(error.storage_error)
                )
        return self._take(self._own, client, points)

    def _take(self, limiter: MovingWindowRateLimiter, client: str, points: int) -> tuple[bool, Allowance]:
        taken = limiter.hit(self._item, client, cost=points)
        found = limiter.get_window_stats(self._item, client)
        return taken, Allowance(self._item.amount, max(0, found.remaining), found.reset_time, WINDOW)


class ClientMeter(Meter):
    """The meter of one request of a client."""

    def __init__(self, limits: RateLimits, client: str) -> None:
        super().__init__()
        self._limits = limits
        self._client = client
        self.at_once = limits.at_once

    def charge(self, cost: Cost, points: int) -> None:
        """Take the points, or refuse the request."""
        super().charge(cost, points)
        taken, self.allowance = self._limits.take(self._client, points)
        self.refused = not taken
        if self.refused:
            raise KakehashiError(ErrorCode.RATE_LIMITED, _spent(self.allowance))


def charged(handler: Handler, limits: RateLimits | None, points: int = 1) -> Handler:
    """A handler whose every request costs so many points, where points are limited at all."""
    if limits is None:
        return handler

    async def charging(request: Request) -> Response:
        taken, allowance = await run_in_threadpool(limits.take, client_of(request), points)
        headers = rate_limit_headers(allowance)
        if not taken:
            languages = accepted_languages(request.headers.get("accept-language"))
            headers |= {"Retry-After": str(seconds_left(allowance)), "Cache-Control": "no-store"}
            return problem(HTTPStatus.TOO_MANY_REQUESTS, _spent(allowance), languages, headers, ErrorCode.RATE_LIMITED)
        response = await handler(request)
        response.headers.update(headers)
        return response

    return charging


def _spent(allowance: Allowance) -> Text:
    return SPENT(limit=allowance.limit, seconds=seconds_left(allowance))


def seconds_left(allowance: Allowance) -> int:
    """After how many seconds points come back."""
    return max(1, math.ceil(allowance.resets_at - time.time()))


def rate_limit_headers(allowance: Allowance) -> dict[str, str]:
    """The limit as GitHub's headers say it, and as draft-ietf-httpapi-ratelimit-headers does."""
    return {
        "X-RateLimit-Limit": str(allowance.limit),
        "X-RateLimit-Remaining": str(allowance.remaining),
        "X-RateLimit-Used": str(allowance.limit - allowance.remaining),
        "X-RateLimit-Reset": str(int(allowance.resets_at)),
        "RateLimit-Policy": f'"points";q={allowance.limit};w={allowance.window}',
        "RateLimit": f'"points";r={allowance.remaining};t={seconds_left(allowance)}',
    }


def told_of(meter: Meter) -> dict[str, str]:
    """The headers that tell what a meter knows of its client; none where nothing is limited."""
    if meter.allowance is None:
        return {}
    told = rate_limit_headers(meter.allowance)
    return told | ({"Retry-After": str(seconds_left(meter.allowance))} if meter.refused else {})


def client_of(request: Request) -> str:
    """Who is charged: the caller that is known by name, else the address that asks, as the server tells it."""
    caller = getattr(request.state, "caller", None)
    if caller is not None and caller.id != NOBODY:
        return f"caller:{caller.id}"
    return f"address:{_network('' if request.client is None else request.client.host)}"


def _network(peer: str) -> str:
    """The address of a peer; of one of IPv6 the network, for within that its owner changes addresses at will."""
    try:
        found = ip_address(peer)
    except ValueError:
        return peer
    found = getattr(found, "ipv4_mapped", None) or found
    return str(found) if isinstance(found, IPv4Address) else str(ip_network((found, ONE_NETWORK), strict=False))


def _storage(uri: str) -> Any:  # noqa: ANN401 - one of many classes of `limits`
    try:
        return storage_from_string(uri, wrap_exceptions=True, **(_patience() if uri.startswith("redis") else {}))
    except (ConfigurationError, ValueError) as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NO_STORAGE) from error


def _patience() -> dict[str, Any]:
    """How long Redis is waited for; it is not asked twice, since there is something to go on with."""
    return {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN, "retry": Retry(NoBackoff(), 0)}
