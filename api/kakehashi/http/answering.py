"""Whoever asks, in GraphQL, over REST or as an assistant, is answered in one way, within the same bounds."""

import time
from dataclasses import dataclass, replace

import strawberry
from starlette.requests import Request

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Answer, at_hand, execute
from kakehashi.graphql.execution import Request as GraphQLRequest
from kakehashi.graphql.languages import accepted_languages, accepted_ranges
from kakehashi.graphql.metering import Meter
from kakehashi.http.bounds import Bounds
from kakehashi.http.rate_limits import ClientMeter, client_of
from kakehashi.http.serving import Serving, ServingPrivate
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING, Private
from kakehashi.snapshot.releases import NONE_KEPT, Releases


@dataclass(frozen=True, slots=True)
class Answering:
    """What is served, to whom, and within what bounds. `private` gives whoever asks the private rows that they may see."""

    schema: strawberry.Schema
    serving: Serving
    bounds: Bounds
    private: ServingPrivate | None = None
    releases: Releases = NONE_KEPT

    def context(self, request: Request) -> Context | None:
        """The surroundings of a request; None where there is no release to answer from."""
        snapshot = self.serving.snapshot()
        return None if snapshot is None else self._context(request, snapshot)

    def _context(self, request: Request, snapshot: Snapshot) -> Context:
        header = request.headers.get("accept-language")
        limits = self.bounds.limits
        return Context(
            snapshot,
            accepted_languages(header),
            deadline=time.monotonic() + self.bounds.options.time_limit,
            private=self.seen_by(request) or NOTHING,
            meter=Meter() if limits is None else ClientMeter(limits, client_of(request)),
            ranges=accepted_ranges(header),
            releases=self.releases,
        )

    def going_on(self, context: Context) -> Context:
        """The same for a further part of an answer that is sent in parts: each has its own time, and the first is charged."""
        return replace(context, deadline=time.monotonic() + self.bounds.options.time_limit, meter=Meter())

    def seen_by(self, request: Request) -> Private | None:
        """The private rows of whoever asks; None where none is so much as loaded for them."""
        return None if self.private is None else self.private.seen_by(request)

    async def answer(self, context: Context, asked: GraphQLRequest) -> Answer:
        """The answer, at once where it is at hand, else computed in a place of its own.

        KakehashiError(BUSY or TOO_SLOW) where there is no place, or no time.
        """
        found = at_hand(self.schema, context, asked)
        return found if found is not None else await self.bounds.work.run(execute, self.schema, context, asked)
