"""Trusted documents: those that whoever runs the server has published, asked for by the sha256 of their text.

They are read once, at the start, from what common tools write: a JSON object of documents by hash (graphql-codegen, Relay), a
manifest of Apollo's `generate-persisted-query-manifest`, or a folder of such files and of `.graphql` documents. A client adds
none: a document that anybody may register is no more trusted than one that is sent.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from kakehashi.graphql.documents import Documents, RefusedError
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
MAX_DOCUMENTS: Final = 10_000
SHOWN_FAULTS: Final = 20
PREFIX: Final = "sha256:"
"""How the GraphQL over HTTP draft (appendix Persisted Documents) marks such an id; it may be left out."""
APOLLO: Final = "apollo-persisted-query-manifest"

UNREADABLE = Text("{place}: 読めません。", "{place}: it cannot be read.")
TOO_LARGE = Text("{place}: {limit}バイトを超えています。", "{place}: it has more than {limit} bytes.")
NO_MANIFEST = Text(
    "{place}: ハッシュから文書へのJSONオブジェクトか、Apolloのマニフェストにしてください。",
    "{place}: it is neither a JSON object of documents by hash nor a manifest of Apollo's.",
)
OTHER_HASH = Text(
    "{place}: IDは文書のsha256({hash})でなければなりません。",
    "{place}: the id must be the sha256 of the document, {hash}.",
)
NOT_VALID = Text("{place}: スキーマに合いません: {detail}", "{place}: it does not fit the schema: {detail}")
TOO_MANY = Text("{place}: 文書は{limit}件までです。", "{place}: there may be at most {limit} documents.")
NOT_FOUND = Text(
    "ID「{id}」の文書は登録されていません。",
    "No trusted document has the id '{id}'.",
)
MISMATCH = Text("queryのsha256がIDと違います。", "The sha256 of query is not the id.")
ONLY_TRUSTED = Text(
    "このサーバーは登録済みの文書にだけ答えます。documentIdで指定してください。",
    "This server answers trusted documents only. Name one by documentId.",
)
NO_QUERY = Text("queryかdocumentIdが必要です。", "Either query or documentId is needed.")


@dataclass(frozen=True, slots=True)
class TrustedDocuments:
    """The documents by the sha256 of their text. With `only`, no other is answered."""

    texts: Mapping[str, str] = field(default_factory=dict)
    only: bool = False

    def text_of(self, query: str | None, named: str | None) -> str:
        """The text to run, of a request that sends a query, names a document, or both."""
        if named is None:
            return self._sent(query)
        wanted = named.removeprefix(PREFIX).lower()
        if query is not None and sha256_of(query) != wanted:
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, MISMATCH)
        if wanted in self.texts:
            return self.texts[wanted]
        if query is not None:
            return self._sent(query)
        raise KakehashiError(ErrorCode.PERSISTED_QUERY_NOT_FOUND, NOT_FOUND(id=named[:80]))

    def _sent(self, query: str | None) -> str:
        if query is None:
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, NO_QUERY)
        if self.only and sha256_of(query) not in self.texts:
            raise KakehashiError(ErrorCode.TRUSTED_DOCUMENTS_ONLY, ONLY_TRUSTED)
        return query


def sha256_of(text: str) -> str:
    """The sha256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def trusted_documents(path: Path | None, documents: Documents, *, only: bool = False) -> TrustedDocuments:
    """The documents of a manifest or a folder; KakehashiError(INVALID_SOURCE) that tells all faults, each with its place."""
    if path is None:
        return TrustedDocuments(only=only)
    texts: dict[str, str] = {}
    faults: list[Text] = []
    for place, identifier, text in _entries(path, faults):
        fault = _fault(place, identifier, text, documents)
        if fault is not None:
            faults.append(fault)
        texts[sha256_of(text)] = text
    if len(texts) > MAX_DOCUMENTS:
        faults.append(TOO_MANY(place=path.name, limit=MAX_DOCUMENTS))
    if faults:
        raise KakehashiError(ErrorCode.INVALID_SOURCE, _together(faults[:SHOWN_FAULTS]))
    return TrustedDocuments(texts, only)


def _together(faults: list[Text]) -> Text:
    return Text("\n".join(one.ja for one in faults), "\n".join(one.en for one in faults))


def _fault(place: str, identifier: str, text: str, documents: Documents) -> Text | None:
    if identifier.removeprefix(PREFIX).lower() != sha256_of(text):
        return OTHER_HASH(place=place, hash=sha256_of(text))
    try:
        documents.valid(text)
    except RefusedError as refused:
        return NOT_VALID(place=place, detail=refused.errors[0].message)
    except KakehashiError as error:
        return Text(f"{place}: {error.text.ja}", f"{place}: {error.text.en}")
    return None


def _entries(path: Path, faults: list[Text]) -> Iterator[tuple[str, str, str]]:
    """Each document: where it stands, the id that it is given, and its text."""
    files = sorted(one for one in path.iterdir() if one.suffix in {".json", ".graphql"}) if path.is_dir() else [path]
    for file in files:
        content = _content(file, faults)
        if content is not None and file.suffix == ".graphql":
            yield file.name, sha256_of(content), content
        elif content is not None:
            yield from _manifest(file.name, content, faults)


def _content(file: Path, faults: list[Text]) -> str | None:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            faults.append(TOO_LARGE(place=file.name, limit=MAX_FILE_BYTES))
            return None
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        faults.append(UNREADABLE(place=file.name))
        return None


def _manifest(name: str, content: str, faults: list[Text]) -> Iterator[tuple[str, str, str]]:
    try:
        found = orjson.loads(content)
    except ValueError:
        found = None
    for place, (identifier, text) in enumerate(_pairs(found)):
        if isinstance(identifier, str) and isinstance(text, str):
            yield f"{name} #{place + 1} ({identifier[:16]})", identifier, text
        else:
            faults.append(NO_MANIFEST(place=f"{name} #{place + 1}"))
    if not isinstance(found, dict):
        faults.append(NO_MANIFEST(place=name))


def _pairs(manifest: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(manifest, dict):
        return []
    if manifest.get("format") != APOLLO:
        return list(manifest.items())
    operations = manifest.get("operations")
    listed = operations if isinstance(operations, list) else [None]
    return [(one.get("id"), one.get("body")) if isinstance(one, dict) else (None, None) for one in listed]
