"""Which requests come from the user of this very machine, and from no page or proxy between (docs/decisions/0014)."""

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # the command line asks which hosts are this machine, and needs no web framework for it
    from starlette.datastructures import Headers
    from starlette.requests import Request

_AUTHORITY: Final = re.compile(r"(?:([A-Za-z0-9.-]+)|\[([0-9A-Fa-f:.]+)\])(?::[0-9]{1,5})?")
_HANDED_ON: Final = ("forwarded", "via", "x-forwarded", "x-real-ip")
"""Beginnings of the headers by which a proxy says that it hands on what somebody else asks."""
_SAME_SITE: Final = frozenset({None, "same-origin", "none"})


def is_own(request: "Request") -> bool:
    """Whether a request was made on this machine, through no proxy, and by no page of another site.

    A page that made its own name lead here (DNS rebinding) sends another Host.
    """
    headers = request.headers
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not is_this_machine(_host(hosts[0])) or any(name.startswith(_HANDED_ON) for name in headers):
        return False
    return request.client is not None and is_this_machine(request.client.host) and _from_here(headers)


def is_this_machine(host: str | None) -> bool:
    """Whether a host is the loopback of this machine, so that nobody else reaches it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _host(authority: str) -> str | None:
    """The host of a Host header; None where it is no plain host and port."""
    found = _AUTHORITY.fullmatch(authority)
    return None if found is None else (found[1] or found[2]).lower()


def _from_here(headers: "Headers") -> bool:
    """Whether no page of another site asks, as far as the browser says what page asks."""
    if headers.get("sec-fetch-site") not in _SAME_SITE:
        return False
    return all(_is_here(origin) for origin in headers.getlist("origin"))


def _is_here(origin: str) -> bool:
    scheme, _, authority = origin.partition("://")
    return scheme in {"http", "https"} and is_this_machine(_host(authority))
