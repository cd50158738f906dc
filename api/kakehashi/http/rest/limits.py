"""The bounds of the numbers that questions take, as the OpenAPI document states them; GraphQL's resolvers hold them."""

from collections.abc import Mapping
from typing import Final

from kakehashi.crosswalk.acceptance import MAX_HOPS
from kakehashi.graphql.closing import MAX_BUDGET
from kakehashi.graphql.connections import MAX_FIRST

BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "first": (0, MAX_FIRST), "maxHops": (1, MAX_HOPS), "budget": (0, MAX_BUDGET), "cost": (0, MAX_BUDGET),
}  # fmt: skip
MAX_BODY_BYTES: Final = 256 * 1024
MAX_ADDRESS_BYTES: Final = 16 * 1024
MAX_FAULTS: Final = 20
"""How many faults of one request are told."""
STREAMS: Final = 4
"""How many whole tables are sent at a time."""
PAGE: Final = 500
"""How many rows of a whole table are in memory at a time."""
