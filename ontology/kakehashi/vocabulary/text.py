"""Texts in Japanese and English, and the one error base that carries them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("ja", "en")

# What moves a terminal's cursor, breaks a line, turns the direction of writing, or is half a character.
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(text: str) -> str:
    """A text of somebody else's as a message may quote it: what is not seen, or changes how the rest is seen, is escaped."""
    if text.isprintable() or not _UNSEEN.search(text):
        return text
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages."""

    ja: str
    en: str

    def __call__(self, **values: object) -> "Text":
        """The same message with its `{placeholders}` filled in, as `shown`."""
        told = {name: value if isinstance(value, int | float) else shown(str(value)) for name, value in values.items()}
        return Text(self.ja.format(**told), self.en.format(**told))

    def in_language(self, language: str) -> str:
        """The wording in `ja`, else in English."""
        return self.ja if language == "ja" else self.en


class ErrorCode(StrEnum):
    """What kind of failure it is, for programs; GraphQL shows it as `extensions.code`."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    INVALID_SOURCE = "INVALID_SOURCE"
    NO_RELEASE = "NO_RELEASE"
    BUSY = "BUSY"
    MISSING_PROGRAM = "MISSING_PROGRAM"
    STORE_FAILED = "STORE_FAILED"
    FETCH_FAILED = "FETCH_FAILED"


class KakehashiError(Exception):
    """A failure that a user can understand and mend: a code and a message in both languages."""

    def __init__(self, code: ErrorCode, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text
