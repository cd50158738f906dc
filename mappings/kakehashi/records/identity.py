"""Ids that follow from content: of a statement, of what a source says, and of a whole release."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from kakehashi.records.model import Literal, Record

STATEMENT_DIGITS: Final = 16
RELEASE_DIGITS: Final = 16

_ENCODER: Final = msgspec.json.Encoder()


def statement_id(  # noqa: PLR0913, PLR0917 - what a statement says, in the order in which it says it
    source: str, subject: str, predicate: str, target: str | Literal, section: str | None, occurrence: int = 0
) -> str:
    """The id of a statement: the same statement of the same source has the same id in every release.

    `occurrence` counts from 0 where a source makes one statement more than once.
    """
    value = target if isinstance(target, str) else {"text": target.text, "datatype": target.datatype, "language": target.language}
    content = [source, subject, predicate, value, section, *([occurrence] if occurrence else [])]
    return "statement/" + hashlib.sha256(_ENCODER.encode(content)).hexdigest()[:STATEMENT_DIGITS]


def assessment_id(source: str, subject: tuple[str, str | None, str], day: date) -> str:
    """The id of what one source states of a subject on a day: a source states no two things of it."""
    content = [source, *subject, day.isoformat()]
    return "assessment/" + hashlib.sha256(_ENCODER.encode(content)).hexdigest()[:STATEMENT_DIGITS]


def canonical(record: Record) -> bytes:
    """A record as one line that does not depend on how it was read."""
    return _ENCODER.encode(record)


def content_digest(records: Iterable[Record]) -> str:
    """The hash of what one source says: of its sorted canonical records."""
    digest = hashlib.sha256()
    for line in sorted(map(_ENCODER.encode, records)):
        digest.update(line)
        digest.update(b"\n")
    return digest.hexdigest()


def release_id(digests: Iterable[str], vocabulary_sha256: str, base: str) -> str:
    """The id of a release: the hash of its sources' content digests, of the vocabulary and of the base of its IRIs.

    Times are outside it, and it is taken before any store, so every store and every order of loading gives the same.
    """
    content = [vocabulary_sha256, base, *sorted(digests)]
    return hashlib.sha256(_ENCODER.encode(content)).hexdigest()[:RELEASE_DIGITS]
