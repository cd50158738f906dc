"""The known public sources and the loaded ones, as tables or JSON."""

import sys

import msgspec
from rich.markup import escape

from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import OUT, table
from kakehashi.pipeline.registry import KnownSource, known_sources
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.private import Private
from kakehashi.snapshot.saved import load_current
from kakehashi.store.port import Repository
from kakehashi.vocabulary import iris


def show(home: Home, repository: Repository, private: Private, *, loaded: bool, as_json: bool) -> None:
    """Print what is loaded, private sources apart, and unless only that is asked for, what can be fetched."""
    snapshot = None
    if repository.current() is not None:
        snapshot = load_current(home, repository)
    rows = [] if snapshot is None else list(snapshot.sources.values())
    if as_json:
        known = [] if loaded else [_as_json(one) for one in known_sources()]
        whole = {"loaded": rows, "private": private.sources, "known": known}
        sys.stdout.write(msgspec.json.encode(whole).decode() + "\n")
        return
    headings = ("ID", say("名称", "Title"), say("版", "Version"), say("再配布", "Redistribution"), say("根拠", "Authority"))
    title = say("読み込まれている出典", "Loaded sources")
    words = {} if snapshot is None else snapshot.terms

    def word(iri: str) -> str:
        return next((label.text for label in words[iri].labels if label.language == LANGUAGE), iri)

    table(
        headings,
        [
            (
                escape(one.id), escape(_title(one.labels)), escape(one.version or ""),
                word(iris.REDISTRIBUTION + one.redistribution), word(iris.AUTHORITY + one.authority),
            )
            for one in rows
        ],
        title=title,
    )  # fmt: skip
    if private.sources:
        _private(private)
    if not loaded:
        _known()


def _private(private: Private) -> None:
    headings = ("ID", say("名称", "Title"), say("組織", "Organisations"), say("評価", "Assessments"))
    rows = []
    for source in private.sources:
        stated = [one for one in private.assessments if one.source == source.id]
        organisations = "\n".join(sorted({one.organisation for one in stated}))
        rows.append((escape(source.id), escape(_title(source.labels)), escape(organisations), f"{len(stated):,}"))
    table(headings, rows, title=say("非公開の出典", "Private sources"))


def _known() -> None:
    headings = ("ID", say("名称", "Title"), say("公表者", "Publisher"), say("形式", "Format"), say("利用条件", "Licence"))
    rows = [
        (escape(one.id), escape(one.title.in_language(LANGUAGE)), escape(one.publisher), one.format, escape(one.licence))
        for one in known_sources()
    ]
    table(headings, rows, title=say("取得できる公開ソース", "Public sources that can be fetched"))
    OUT.print(say("取得するには: kakehashi load ID", "To fetch one: kakehashi load ID"))


def _title(labels: tuple[object, ...]) -> str:
    by_language = {getattr(label, "language", ""): getattr(label, "text", "") for label in labels}
    return by_language.get(LANGUAGE) or next(iter(by_language.values()), "")


def _as_json(source: KnownSource) -> dict[str, object]:
    return {
        "id": source.id, "title": {"ja": source.title.ja, "en": source.title.en}, "publisher": source.publisher,
        "format": source.format, "edition": source.edition, "licence": source.licence,
        "redistribution": source.redistribution.value, "certainty": source.certainty.value,
        "files": [{"url": one.url, "sha256": one.sha256} for one in source.files],
        "note": {"ja": source.note.ja, "en": source.note.en},
    }  # fmt: skip
