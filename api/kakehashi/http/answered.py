"""A request that was answered, as the log, the metrics and the traces are told of it."""

from dataclasses import dataclass

from kakehashi.graphql.observed import Observed


@dataclass(frozen=True, slots=True)
class Answered:
    """`route` is the template of the path, never the path, which may hold the id of something private."""

    route: str
    method: str
    scheme: str
    status: int
    seconds: float
    bytes: int
    record: Observed
