"""What a server offers beside the public questions of its release, to whom, and within what bounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kakehashi.http.access import Access
from kakehashi.http.options import UNLIMITED, HttpOptions
from kakehashi.http.sparql import SparqlOptions
from kakehashi.http.stopping import Stopping
from kakehashi.http.watched import Watching
from kakehashi.store.port import Repository


@dataclass(frozen=True, slots=True)
class Operation:
    """How a process is run: who is told of its requests, how it ends, and whether it waits for a release before it takes any."""

    watching: Watching = field(default_factory=Watching)
    stopping: Stopping = field(default_factory=Stopping)
    patient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What is not said is not offered.

    `private` are the private releases, for a server that none but the home's owner reaches; `access` says who else may ask what,
    by the keys of the home unless it is said otherwise. With `mcp_hosts`, which may be none, assistants are answered too.
    `limits` hold for all.
    """

    sparql: SparqlOptions | None = None
    private: Repository | None = None
    access: Access | None = None
    mcp_hosts: Sequence[str] | None = None
    limits: HttpOptions = UNLIMITED
    operation: Operation = field(default_factory=Operation)


PLAIN: Final = Offered()
