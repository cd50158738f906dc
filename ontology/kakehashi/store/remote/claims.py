"""One process at a time changes which release is served, or drops graphs.

An update that says "if the former release is still served" does not suffice: Oxigraph and Virtuoso both let two such updates
see the former one and then add two new ones (measured: a quarter of the races of four). So a process first says that it is
about to act, then looks whether another says so too, and only acts where it is alone. Of two that speak at the same time at
least one sees the other. A claim without a sign of life for long is a killed process's, and is taken away; should that
process wake up, its update asks for its claim and does nothing.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import SystemRandom
from typing import Final

from kakehashi.store.remote.endpoint import Patience
from kakehashi.store.remote.marks import Marks
from kakehashi.store.remote.messages import CLAIMED
from kakehashi.vocabulary.rdf import Lit, Term
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

SHORT: Final = 0.05
LONG: Final = 0.3
"""The bounds of the pause before a claim that met another is tried again; random, so that two do not meet again."""


class Claim:
    """What a process holds while it changes which release is served."""

    def __init__(self, marks: Marks, patience: Patience) -> None:
        self._marks = marks
        self._name = uuid.uuid4().hex
        self._beat = 0
        self._renew_every = patience.claim / 4
        self._renewed = time.monotonic()

    @property
    def mark(self) -> Lit:
        """The mark that stands for it; another one after each sign of life."""
        return Lit(f"{self._name}/{self._beat}")

    def make(self) -> bool:
        """Say that this process is about to act; whether it is the only one that says so."""
        self._marks.add(self.mark)
        return self._marks.all() == {self.mark}

    def renew(self) -> None:
        """Give a sign of life, if the last one is a while ago; BUSY where the claim was lost."""
        if time.monotonic() - self._renewed < self._renew_every:
            return
        former = self.mark
        self._beat += 1
        self._marks.replace(former, self.mark)
        if self.mark not in self._marks.all():
            raise KakehashiError(ErrorCode.BUSY, CLAIMED)
        self._renewed = time.monotonic()

    def withdraw(self) -> None:
        """Let others act. Where even that fails, the claim is taken away when it is old."""
        with suppress(KakehashiError):
            self._marks.remove(self.mark)


class Claims:
    """The claims of all processes that use one server."""

    def __init__(self, marks: Marks, patience: Patience) -> None:
        self._marks = marks
        self._patience = patience

    @contextmanager
    def held(self) -> Iterator[Claim]:
        """A claim beside which there is no other; BUSY where others go on acting for long."""
        claim = self._acquired()
        try:
            yield claim
        finally:
            claim.withdraw()

    def _acquired(self) -> Claim:
        give_up = time.monotonic() + 2 * self._patience.claim
        while time.monotonic() < give_up:
            self._wait_for_others(give_up)
            claim = Claim(self._marks, self._patience)
            try:
                alone = claim.make()
            except KakehashiError:
                claim.withdraw()
                raise
            if alone:
                return claim
            claim.withdraw()
            time.sleep(SystemRandom().uniform(SHORT, LONG))
        raise KakehashiError(ErrorCode.BUSY, CLAIMED)

    def _wait_for_others(self, give_up: float) -> None:
        """Until there is no claim, or the claims that there are have not changed for long; those are taken away."""
        seen: set[Term] = set()
        since = time.monotonic()
        while (others := self._marks.all()) and time.monotonic() < give_up:
            if others != seen:
                seen, since = others, time.monotonic()
            elif time.monotonic() - since > self._patience.claim:
                for mark in others:
                    self._marks.remove(mark)
                return
            time.sleep(SystemRandom().uniform(SHORT, LONG))
