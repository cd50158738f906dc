"""The published sources that we know the addresses of (`data/sources.yaml`), and what the argument of a load means."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NewType

from kakehashi.records.values import Certainty, Redistribution
from kakehashi.sources.yaml_events import parse_yaml
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

Url = NewType("Url", str)
"""An http or https address as somebody gave it; the fetch checks what it is."""

UNKNOWN: Final = Text(
    "公開ソース「{id}」は登録されていません。{hint}「kakehashi sources」で一覧を確かめてください。",
    "There is no known source '{id}'. {hint}'kakehashi sources' lists them.",
)
HINT: Final = Text("{near} ではありませんか。", "Did you mean {near}? ")
NO_HINT: Final = Text("", "")
SCHEME: Final = Text(
    "「{argument}」からは読み込めません。ファイルかフォルダ、http: か https: のアドレス、登録済みのソースを指定してください。",
    "'{argument}' cannot be loaded. Name a file, a folder, an http: or https: address, or a known source.",
)

_HOST: Final = "https://raw.githubusercontent.com"
_ADDRESS: Final = re.compile(r"([a-z][a-z0-9+.-]+):/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One published file; without a checksum where its content moves, or was never seen as it is published."""

    url: Url
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSource:
    """A published source: its files, read together, and the terms under which they are published.

    `certainty` is verified where its addresses were noted when the files were read, and unverified where they are recalled.
    """

    id: str
    title: Text
    publisher: str
    files: tuple[KnownFile, ...]
    format: str
    edition: str
    licence: str
    redistribution: Redistribution
    certainty: Certainty
    note: Text


def known_sources() -> tuple[KnownSource, ...]:
    """All of them, in the order in which the registry lists them."""
    return tuple(_registry().values())


def known_source(identifier: str) -> KnownSource:
    """The one with an id; KakehashiError(NOT_FOUND), with the ids that look like it, where there is none."""
    found = _registry().get(identifier)
    if found is None:
        near = get_close_matches(identifier, _registry(), n=3)
        hint = HINT(near=", ".join(near)) if near else NO_HINT
        text = Text(UNKNOWN.ja.format(id=identifier, hint=hint.ja), UNKNOWN.en.format(id=identifier, hint=hint.en))
        raise KakehashiError(ErrorCode.NOT_FOUND, text)
    return found


def resolve(argument: str) -> Path | Url | KnownSource:
    """What somebody asks to load: an address, a known source, or else a path, which need not exist.

    A known id goes before a file of the same name; ./name is the file.
    """
    scheme = _ADDRESS.match(argument)
    if scheme is not None:
        if scheme[1].lower() not in {"http", "https"}:
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, SCHEME(argument=argument[:200]))
        return Url(argument)
    return _registry().get(argument) or Path(argument)


@cache
def _registry() -> Mapping[str, KnownSource]:
    document: Any = parse_yaml((files("kakehashi.data") / "sources.yaml").read_text("utf-8"))
    return {source.id: source for group in document for source in _sources(group)}


def _sources(group: Mapping[str, Any]) -> Iterator[KnownSource]:
    """The sources of one revision of a repository; what one says of itself holds before what is said of all."""
    root = f"{_HOST}/{group['repository']}/{group['revision']}/{group['folder']}"
    for entry in group["sources"]:
        said = {**group, **entry}
        yield KnownSource(
            id=said["id"],
            title=Text(said["ja"], said["en"]),
            publisher=said["publisher"],
            files=tuple(KnownFile(Url(root + file["path"]), file["sha256"]) for file in said["files"]),
            format=said["format"],
            edition=said["edition"],
            licence=said["licence"],
            redistribution=Redistribution(said["redistribution"]),
            certainty=Certainty(said["certainty"]),
            note=Text(said["note_ja"], said["note_en"]),
        )
