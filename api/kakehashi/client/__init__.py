"""A client of Kakehashi's API, synchronous and asynchronous; it stands alone and needs nothing else of Kakehashi.

from kakehashi.client import Client, CoverageQuestion, GivenInput

with Client("http://127.0.0.1:8000") as client:
    question = CoverageQuestion(edition="leaflet-recommended-items/2020-01", given=GivenInput(products=("office-365",)))
    for row in client.each(question):
        print(row.requirement.id, row.status)
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

__all__ = [
    "AsyncClient",
    "BusyError",
    "Client",
    "ClientError",
    "Fault",
    "GraphQLError",
    "ImportFailedError",
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
