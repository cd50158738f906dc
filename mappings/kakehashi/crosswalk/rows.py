"""Published relations as the engine takes them in."""

from dataclasses import dataclass

from kakehashi.crosswalk.algebra import converse
from kakehashi.records.values import Authority

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One published relation: what `statement` says of subject and object, as its word is read.

    A parent link that its framework declares to be a set relation is one too: `statement` is then the id of the child, and
    `parent_link` is set.
    """

    statement: str
    subject: str
    object: str
    relations: int
    authority: Authority
    confidence: int | None = None
    """Integer thousandths."""
    parent_link: bool = False
    origin: str = ""
    """The mapping set that it was published in, or else the source."""

    def seen_from(self, subject: str) -> int:
        """The relation read from one of the two ends."""
        return self.relations if subject == self.subject else converse(self.relations)

    def other(self, end: str) -> str:
        """The end that is not this one."""
        return self.object if end == self.subject else self.subject


def pair_of(a: str, b: str) -> Pair:
    """The key of two ends, whichever way a row states them."""
    return (a, b) if a <= b else (b, a)
