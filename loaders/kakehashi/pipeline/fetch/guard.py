"""Where nothing is fetched from: other schemes, and hosts that are not on the public internet.

An address is resolved once, judged, and then connected to as it is; no name is looked up a second time.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import httpx2

from kakehashi.pipeline.fetch.failures import (
    BAD_REDIRECT,
    BAD_URL,
    DOWNGRADE,
    NOT_PUBLIC,
    SCHEME,
    UNKNOWN_HOST,
    USERINFO,
    AgainError,
    FetchError,
    shown,
)

# The special-purpose registries of IANA, written out: what `is_global` says has changed between versions of Python.
_SPECIAL: Final = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # the host below a virtual machine of Azure, at a public number
        "2001::/23",  # protocols, among them Teredo, which carries an IPv4 address
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
    )
)  # fmt: skip
# All that is public in IPv6 lies here, so mapped, NAT64, local and multicast addresses are outside without being listed.
_PUBLIC_6: Final = IPv6Network("2000::/3")


def checked(text: str) -> httpx2.URL:
    """The address that a text names, without its fragment; FetchError where nothing may be fetched from it."""
    try:
        url = httpx2.URL(text.strip()).copy_with(fragment=None)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise FetchError(BAD_URL(url=text[:200])) from error
    if url.scheme not in {"http", "https"}:
        raise FetchError(SCHEME(scheme=url.scheme[:40]))
    if url.userinfo:
        raise FetchError(USERINFO(url=shown(url)))
    if not url.host or b"%" in url.raw_host:  # escaped: no name of a host, but a zone, a space or a disguise
        raise FetchError(BAD_URL(url=text[:200]))
    return url


def following(url: httpx2.URL, location: str | None) -> httpx2.URL:
    """The address that a redirect leads to, held to the same rules, and never from https to http."""
    if not location:
        raise FetchError(BAD_REDIRECT(url=shown(url)))
    try:
        target = checked(str(url.join(location)))
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise FetchError(BAD_REDIRECT(url=shown(url))) from error
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError(DOWNGRADE(url=shown(url), target=shown(target)))
    return target


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to a host on the public internet, by itself and by what it carries."""
    if isinstance(address, IPv6Address) and address not in _PUBLIC_6:
        return False
    return not any(address in network for network in _SPECIAL if network.version == address.version)


def resolved(url: httpx2.URL, *, allow_private: bool) -> tuple[str, ...]:
    """The addresses of the host, looked up now; all of them must be public, unless private ones are allowed."""
    addresses = _looked_up(url)
    refused = [address for address in addresses if not (allow_private or is_public(ip_address(address)))]
    if refused:
        raise FetchError(NOT_PUBLIC(host=url.host, address=refused[0]))
    return addresses


def _looked_up(url: httpx2.URL) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(url.raw_host.decode("ascii"), None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        text = UNKNOWN_HOST(host=url.host, reason=error.strerror)
        raise (AgainError(text) if error.errno == socket.EAI_AGAIN else FetchError(text)) from error
    except UnicodeError as error:  # a label that is empty or too long
        raise FetchError(UNKNOWN_HOST(host=url.host[:200], reason=error)) from error
    return tuple(dict.fromkeys(str(place[4][0]) for place in found))
