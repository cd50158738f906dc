"""Which repository of releases a home uses: the embedded store below it, or a SPARQL server."""

from kakehashi.snapshot.home import Home
from kakehashi.store.port import Repository


def repository_of(home: Home) -> Repository:
    """The repository of a home."""
    from kakehashi.store.embedded import EmbeddedRepository  # noqa: PLC0415 - a server without an embedded store needs none

    return EmbeddedRepository(home.root)
