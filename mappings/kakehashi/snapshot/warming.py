"""Building a snapshot's look-ups before the first question, which would else wait for them."""

from functools import cached_property

from kakehashi.snapshot.model import Snapshot


def warm(snapshot: Snapshot) -> None:
    """Build every look-up that a snapshot keeps, the index among them."""
    for name, attribute in vars(type(snapshot)).items():
        if isinstance(attribute, cached_property):
            getattr(snapshot, name)
