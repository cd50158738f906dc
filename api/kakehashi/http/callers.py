"""Who asks: the caller of a request, by the credential that it carries, settled once a request (docs/decisions/0018)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kakehashi.http.scopes import EVERYBODYS

if TYPE_CHECKING:
    from starlette.requests import Request  # the command line names callers too, and needs no web framework for it


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks: `key:…` or `token:…` by the credential, what they may do, and whose private rows they may see."""

    id: str
    scopes: frozenset[str]
    organisations: frozenset[str]


ANONYMOUS: Final = Caller("anonymous", EVERYBODYS, frozenset())
"""Whoever sends no credential."""


async def caller_of(request: "Request") -> Caller:
    """Who sends a request; an UnacceptedError of `http.access` where it carries a credential that does not hold."""
    found = getattr(request.state, "caller", None)
    if not isinstance(found, Caller):
        found = await request.app.state.access.caller(request.headers)
        request.state.caller = found
    return found
