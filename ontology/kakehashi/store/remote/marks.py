"""Marks in a book: the smallest thing that a server is told to remember, one triple each."""

from typing import Final

from kakehashi.store.remote.protocol import Protocol
from kakehashi.vocabulary.iris import STORE
from kakehashi.vocabulary.rdf import Iri, Lit, Term

AT_ONCE: Final = 1_000


class Marks:
    """The marks of one kind in one book, which is a graph that says something of itself."""

    def __init__(self, protocol: Protocol, book: str, kind: str) -> None:
        self._protocol = protocol
        self._book = Iri(book)
        self._kind = Iri(STORE + kind)

    def all(self) -> set[Term]:
        """All of them, also from a server that cuts its answers short: only an empty page is the last one."""
        found = page = self.few()
        while page:
            page = self.few(after=page[-1].value)
            found = found + page
        return set(found)

    def few(self, after: str = "") -> list[Term]:
        """As many as come in one answer, so that they stood there in the same moment."""
        rows = self._protocol.rows("marks", book=self._book, kind=self._kind, after=Lit(after), limit=AT_ONCE)
        return [row["mark"] for row in rows]

    def add(self, mark: Term) -> None:
        """Make a mark; one that is there stays single."""
        self._protocol.update("mark-add", book=self._book, kind=self._kind, mark=mark)

    def replace(self, former: Term, mark: Term) -> None:
        """Put a mark in the place of another; nothing happens where that one is gone."""
        self._protocol.update("mark-replace", book=self._book, kind=self._kind, former=former, mark=mark)

    def remove(self, mark: Term) -> None:
        """Take a mark away; nothing happens where it is gone."""
        self._protocol.update("mark-remove", book=self._book, kind=self._kind, mark=mark)
