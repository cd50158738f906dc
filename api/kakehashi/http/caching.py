"""What of GraphQL may be kept, and by whom: the ETag that is known before anything is run, and Cache-Control (RFC 9110, 9111)."""

import hashlib
from typing import Final

import orjson

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request

PUBLIC: Final = {"Cache-Control": "public, max-age=60, stale-while-revalidate=300"}
ASKED_AGAIN: Final = {"Cache-Control": "no-cache"}
"""For what nobody keeps anyway: an answer to a POST."""
SECRET: Final = {"Cache-Control": "private, no-store"}
PASSING: Final = {"Cache-Control": "no-store"}
"""For what may be otherwise the next time: an error, what a client has left of its limit, or which releases are kept."""

_OF_KEPT_RELEASES: Final = ("releases", "asKnownIn")
"""The fields whose answers follow from more than the served release: others come and go beside it."""


def is_of_one_release(query: str) -> bool:
    """Whether an answer follows from the served release alone; a name in a comment or a text counts as if it were asked for."""
    return not any(name in query for name in _OF_KEPT_RELEASES)


def etag_of(version: str, context: Context, request: Request, media_type: str) -> str:
    """A strong ETag of the answer to a request, from all that the answer follows from.

    `version` is that of the schema. The day stands for "today", on which an answer without `asOf` rests; so that every ETag ends
    with the day in Tokyo.
    """
    parts = (
        version, context.snapshot.release.id, request.query, request.operation_name, request.variables or {},
        context.today.isoformat(), context.languages, context.ranges, media_type,
    )  # fmt: skip
    found = hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS))
    return f'"{found.hexdigest()[:32]}"'
