"""What a server offers beside the public questions of its release, to whom, and within what bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kakehashi.http.access import Access
from kakehashi.http.options import UNLIMITED, HttpOptions
from kakehashi.http.sparql import SparqlOptions
from kakehashi.store.port import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What is not said is not offered.

    `private` are the private releases, for a server that none but the home's owner reaches; `access` says who else may ask what,
    by the keys of the home unless it is said otherwise. With `mcp_hosts`, which may be none, assistants are answered too. `limits`
    hold for all.
    """

    sparql: SparqlOptions | None = None
    private: Repository | None = None
    access: Access | None = None
    mcp_hosts: Sequence[str] | None = None
    limits: HttpOptions = UNLIMITED


PLAIN: Final = Offered()
