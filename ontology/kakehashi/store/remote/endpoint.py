"""Where a SPARQL server listens, who asks, and how long to wait for it."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from kakehashi.store.remote.messages import BAD_ADDRESS, UNKNOWN_PATH
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

PATHS: Final = {
    "/query": ("/update", "/store"),  # Oxigraph
    "/sparql": ("/sparql-auth", "/sparql-graph-crud-auth"),  # Virtuoso
}
"""What follows from the end of a query address: the ends of the addresses for updates and for graphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds, and how often to ask again.

    A pause doubles from attempt to attempt, so six attempts bridge eight seconds: a server that restarts.
    """

    connect: float = 10.0
    answer: float = 60.0
    attempts: int = 6
    pause: float = 0.25
    claim: float = 60.0
    """After how long without a sign of life a claim to switch releases is a dead process's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The three addresses of a server, none with a password in it, and what to answer when it asks who is there."""

    query: str
    update: str
    graphs: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    patience: Patience = Patience()


def endpoint(
    address: str, *, update: str | None = None, graphs: str | None = None, user: str | None = None, password: str | None = None
) -> Endpoint:
    """The endpoint whose query address is given; what follows from it (see `PATHS`) may be left out.

    A user and a password may stand in the address; those given apart go before.
    """
    parts = _checked(address)
    ends = next((ends for path, ends in PATHS.items() if parts.path.rstrip("/").endswith(path)), None)
    if ends is None and (update is None or graphs is None):
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, UNKNOWN_PATH(address=_plain(parts)))
    stem = _plain(parts).rstrip("/").rpartition("/")[0]
    for_updates, for_graphs = ends or ("", "")
    return Endpoint(
        query=_plain(parts),
        update=_plain(_checked(update)) if update is not None else stem + for_updates,
        graphs=_plain(_checked(graphs)) if graphs is not None else stem + for_graphs,
        user=user if user is not None else _unquoted(parts.username),
        password=password if password is not None else _unquoted(parts.password),
    )


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        # Never the whole of it: a password may stand in it.
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_ADDRESS(address=address.rpartition("@")[2][:200]))
    return parts


def _plain(parts: SplitResult) -> str:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _unquoted(text: str | None) -> str | None:
    return None if text is None else unquote(text)
