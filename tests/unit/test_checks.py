"""What is looked up to say what was probably meant stays small, however much is loaded and asked."""

from collections.abc import Collection, Iterable
from typing import Final

import pytest

from kakehashi.crosswalk.given import Certificate
from kakehashi.graphql import checks
from kakehashi.graphql.checks import Naming, check_named
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import KakehashiError

UNKNOWN: Final = [f"control/{place}/{'of-nothing-' * 6}" for place in range(30)]
FEW: Final = 100


def refusal(snapshot: Snapshot, scope: Iterable[str]) -> str:
    """What is said of a certificate that is limited to what does not exist."""
    naming = Naming((), (), (), (Certificate(scheme="ismap", scope=frozenset(scope)),))
    with pytest.raises(KakehashiError) as refused:
        check_named(naming, snapshot)
    return refused.value.text.en


def test_one_unknown_id_of_many_is_compared_and_with_few(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counting(_: str, known: Collection[str], n: int) -> list[str]:
        compared.append(len(known))
        return []

    monkeypatch.setattr(checks, "get_close_matches", counting)
    monkeypatch.setattr(checks, "COMPARED", FEW)
    refusal(snapshot, UNKNOWN)
    assert compared == [FEW]


def test_what_begins_most_alike_is_among_the_few(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(snapshot.resources) > 10 * FEW
    monkeypatch.setattr(checks, "COMPARED", FEW)
    for meant in ("procurement-criteria", "unified-standards", "windows-10"):
        assert f"did you mean {meant}" in refusal(snapshot, [f"{meant[:-1]}~"])
