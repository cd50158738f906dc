"""Earlier releases are loaded once each, few are held, and one that was pruned is not there."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from kakehashi.snapshot import releases
from kakehashi.snapshot.releases import KeptReleases
from kakehashi.store.port import Release
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

START = datetime(2026, 1, 1, tzinfo=UTC)


def release(name: str, day: int) -> Release:
    return Release(id=name, built_at=START + timedelta(days=day), base="https://x/", version="1", graphs=())


class Repository:
    """What is kept, oldest first; everything can be looked at and taken away."""

    reuse_seconds = 0.0

    def __init__(self, *names: str) -> None:
        self.names = list(names)

    def releases(self) -> list[Release]:
        return [release(name, day) for day, name in enumerate(self.names)]


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The releases that were loaded, in that order."""
    found: list[str] = []
    begun = threading.Event()

    def load(_: object, repository: Repository, wanted: Release) -> Any:
        found.append(wanted.id)
        begun.wait(0.05)
        if wanted.id not in repository.names:
            raise KakehashiError(ErrorCode.NOT_FOUND, Text("x", "x"))
        return SimpleNamespace(release=wanted)

    monkeypatch.setattr(releases, "load", load)
    monkeypatch.setattr(releases, "LISTED_SECONDS", 0.0)
    return found


def kept(repository: Repository) -> KeptReleases:
    return KeptReleases(SimpleNamespace(), repository)  # type: ignore[arg-type]


def test_they_are_listed_newest_first(loads: list[str]) -> None:
    assert [one.id for one in kept(Repository("a", "b", "c")).kept()] == ["c", "b", "a"]
    assert loads == []


def test_many_who_ask_for_one_at_once_get_one_load(loads: list[str]) -> None:
    found = kept(Repository("a", "b"))
    with ThreadPoolExecutor(8) as pool:
        snapshots = list(pool.map(lambda _: found.snapshot("a"), range(8)))
    assert loads == ["a"]
    assert len({id(one) for one in snapshots}) == 1


def test_few_are_held(loads: list[str]) -> None:
    found = kept(Repository("a", "b", "c"))
    for name in ("a", "b", "c", "c", "b", "a"):
        assert found.snapshot(name) is not None
    assert loads == ["a", "b", "c", "a"]


def test_what_is_not_kept_or_was_pruned_meanwhile_is_none(loads: list[str]) -> None:
    repository = Repository("a", "b")
    found = kept(repository)
    assert found.snapshot("nope") is None
    assert found.snapshot("a") is not None
    repository.names.remove("a")
    assert found.snapshot("a") is None
    assert loads == ["a"]


def test_what_is_pruned_while_it_is_loaded_is_none_and_another_failure_is_told(
    loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository("a", "b")

    def pruned(*_: object) -> None:
        repository.names.remove("a")
        raise OSError

    monkeypatch.setattr(releases, "load", pruned)
    assert kept(repository).snapshot("a") is None

    def broken(*_: object) -> None:
        raise OSError("the disk")

    monkeypatch.setattr(releases, "load", broken)
    with pytest.raises(OSError, match="the disk"):
        kept(repository).snapshot("b")
    assert loads == []
