"""Ids that follow from content: of a statement, and of a whole release."""

import hashlib
from collections.abc import Iterable

import orjson

from kakehashi.records.model import Literal, Record

STATEMENT_DIGITS = 16
RELEASE_DIGITS = 16


def statement_id(source: str, subject: str, predicate: str, target: str | Literal, section: str | None) -> str:
    """The id of a statement: the same statement of the same source has the same id in every release."""
    content = orjson.dumps([source, subject, predicate, target, section])
    return "statement/" + hashlib.sha256(content).hexdigest()[:STATEMENT_DIGITS]


def canonical(record: Record) -> bytes:
    """A record as one line that does not depend on how it was read."""
    return orjson.dumps([type(record).__name__, record], option=orjson.OPT_SORT_KEYS)


def release_id(records: Iterable[Record], vocabulary_sha256: str, base: str) -> str:
    """The id of a release: the hash of its sorted canonical records, of the vocabulary and of the base of its IRIs.

    Times are outside it, and it is taken before any store, so every store and every order of loading gives the same.
    """
    digest = hashlib.sha256(orjson.dumps([vocabulary_sha256, base]))
    for line in sorted(canonical(record) for record in records):
        digest.update(line + b"\n")
    return digest.hexdigest()[:RELEASE_DIGITS]
