"""Which repository of releases a home uses: the embedded store below it, or a SPARQL server."""

from kakehashi.snapshot.home import Home
from kakehashi.store.port import Repository
from kakehashi.store.remote.endpoint import Endpoint
from kakehashi.vocabulary.iris import DEFAULT_BASE, private_base


def repository_of(home: Home, server: Endpoint | None = None, base: str = DEFAULT_BASE) -> Repository:
    """The embedded repository of a home, or the releases of one base on a server."""
    if server is None:
        from kakehashi.store.embedded import EmbeddedRepository  # noqa: PLC0415 - who uses a server needs no embedded store

        return EmbeddedRepository(home.root)
    from kakehashi.store.remote.repository import connect  # noqa: PLC0415 - who uses the embedded store needs no HTTP client

    return connect(server, base)


def private_repository_of(home: Home, server: Endpoint | None = None, base: str = DEFAULT_BASE) -> Repository:
    """The private releases beside those of a home: a repository of their own, of which the public one knows nothing."""
    return repository_of(home.private, server, private_base(base))
