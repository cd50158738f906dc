"""What all requests of an application share, so that together they stay within bounds."""

from dataclasses import dataclass
from typing import Self

from kakehashi.http.options import HttpOptions
from kakehashi.http.rate_limits import RateLimits
from kakehashi.http.working import Work


@dataclass(frozen=True, slots=True)
class Bounds:
    """The places to compute at, and the points that clients spend; None where these are not limited."""

    options: HttpOptions
    work: Work
    limits: RateLimits | None

    @classmethod
    def of(cls, options: HttpOptions) -> Self:
        """The bounds that are chosen."""
        limits = RateLimits(options.rate_limit, options.rate_limit_storage) if options.rate_limit else None
        return cls(options, Work(options.places, options.time_limit), limits)
