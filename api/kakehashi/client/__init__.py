"""A client of Kakehashi's API, synchronous and asynchronous; it stands alone and needs nothing else of Kakehashi.

A question is a record of `client.records`; `ask` gives its answer, and `each` the rows of a list (docs/client.md).
"""

from kakehashi.client.base import Listing, Page, PageInfo, Question
from kakehashi.client.clients import AsyncClient, Client, Options
from kakehashi.client.errors import (
    BusyError,
    ClientError,
    Fault,
    GraphQLError,
    ImportFailedError,
    NotAllowedError,
    NotFoundError,
    Problem,
    ProblemError,
    RefusedError,
    ServerError,
    UnexpectedAnswerError,
    UnreachableError,
)
from kakehashi.client.flows import Retries
from kakehashi.client.imports import ImportJob

__all__ = [
    "AsyncClient",
    "BusyError",
    "Client",
    "ClientError",
    "Fault",
    "GraphQLError",
    "ImportFailedError",
    "ImportJob",
    "Listing",
    "NotAllowedError",
    "NotFoundError",
    "Options",
    "Page",
    "PageInfo",
    "Problem",
    "ProblemError",
    "Question",
    "RefusedError",
    "Retries",
    "ServerError",
    "UnexpectedAnswerError",
    "UnreachableError",
]
