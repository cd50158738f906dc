"""The one door to private rows: what somebody may see of them, and nothing of the rest (docs/decisions/0014).

They lie in releases of their own, in a repository of their own. Nothing that answers in public opens it.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from kakehashi.records.canonical import plain
from kakehashi.records.model import Assessment, Source
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.saved import stored
from kakehashi.store.port import Repository


class Private:
    """The assessments of the organisations that somebody may see. Immutable; what may not be seen is not in it."""

    def __init__(self, sources: Iterable[Source] = (), assessments: Iterable[Assessment] = ()) -> None:
        self.sources = tuple(sorted(sources, key=lambda source: source.id))
        self.assessments = tuple(sorted(assessments, key=lambda one: one.id))
        found: dict[tuple[str, str | None], list[Assessment]] = defaultdict(list)
        for one in self.assessments:
            found[one.organisation, one.scope].append(one)
        self._found = {key: tuple(some) for key, some in found.items()}

    @property
    def organisations(self) -> frozenset[str]:
        """The organisations that may be seen, as far as anything is stated of them."""
        return frozenset(one.organisation for one in self.assessments)

    def of(self, organisation: str, scope: str | None = None) -> tuple[Assessment, ...]:
        """What is stated of a scope of an organisation, or of it as a whole; nothing where that may not be seen, or is not."""
        return self._found.get((plain(organisation), plain(scope or "") or None), ())

    def seen_by(self, organisations: frozenset[str]) -> "Private":
        """What of this somebody sees who may see those organisations alone."""
        seen = [one for one in self.assessments if one.organisation in organisations]
        sources = {one.source for one in seen}
        return Private((source for source in self.sources if source.id in sources), seen)


NOTHING: Final = Private()
"""What anybody sees who may see no organisation."""


def load_private(home: Home, repository: Repository) -> Private:
    """All that the served private release holds, for whoever owns the home; `home` is the private one."""
    current = repository.current()
    release = next((one for one in repository.releases() if one.id == current), None)
    if release is None:
        return NOTHING
    records = [record for said in stored(home, repository, release).values() for record in said]
    sources = (record for record in records if isinstance(record, Source))
    return Private(sources, (record for record in records if isinstance(record, Assessment)))
