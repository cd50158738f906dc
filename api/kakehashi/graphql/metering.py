"""What one request costs, and what its client has left: the meter that each request carries, and `rateLimit`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import strawberry

from kakehashi.graphql.cost import Cost

FREE: Final = Cost()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client may spend in a window that moves: so many points, of which so many are left.

    `resets_at` is when the first of what was spent comes back, in seconds since 1970. `window` is in seconds.
    """

    limit: int
    remaining: int
    resets_at: float
    window: int


class Meter:
    """Takes note of what a request costs. This one has no limit; one that has is made where the client is known."""

    def __init__(self) -> None:
        self.cost = FREE
        self.allowance: Allowance | None = None
        self.refused = False
        self.told = False
        """Whether the answer tells what is left, so that it is true but once."""
        self.at_once = True
        """Whether charging waits for nobody else."""

    def charge(self, cost: Cost, points: int) -> None:
        """Note the cost, and take the points; an error where the client has not so many left."""
        self.cost = cost


@strawberry.type(description="What this query costs, and what the client has left.")
class RateLimit:
    """The rate limit, as GitHub's API tells it."""

    meter: strawberry.Private[Meter]

    @classmethod
    def of(cls, meter: Meter) -> Self:
        """What a meter shows; the meter notes that it was told."""
        meter.told = True
        return cls(meter=meter)

    @strawberry.field(description="How many points a client may spend an hour; null where this server sets no limit.")
    def limit(self) -> int | None:
        """The limit."""
        return None if self.meter.allowance is None else self.meter.allowance.limit

    @strawberry.field(description="How many points this query costs, or would cost if it were run.")
    def cost(self) -> int:
        """The points."""
        return self.meter.cost.points

    @strawberry.field(description="How many nodes this query may ask for at most.")
    def node_count(self) -> int:
        """The nodes."""
        return self.meter.cost.nodes

    @strawberry.field(description="How many points are left; null where there is no limit.")
    def remaining(self) -> int | None:
        """What is left."""
        return None if self.meter.allowance is None else self.meter.allowance.remaining

    @strawberry.field(description="How many points were spent in the last hour; null where there is no limit.")
    def used(self) -> int | None:
        """What was spent."""
        allowance = self.meter.allowance
        return None if allowance is None else allowance.limit - allowance.remaining

    @strawberry.field(description="When the first of the points that were spent come back; null where there is no limit.")
    def reset_at(self) -> datetime | None:
        """When points come back."""
        allowance = self.meter.allowance
        return None if allowance is None else datetime.fromtimestamp(int(allowance.resets_at), UTC)
