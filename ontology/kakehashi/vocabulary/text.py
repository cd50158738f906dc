"""Texts in Japanese and English, and the one error base that carries them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages."""

    ja: str
    en: str

    def __call__(self, **values: object) -> "Text":
        """The same message with its `{placeholders}` filled in."""
        return Text(self.ja.format(**values), self.en.format(**values))

    def in_language(self, language: str) -> str:
        """The wording in `ja`, else in English."""
        return self.ja if language == "ja" else self.en


class ErrorCode(StrEnum):
    """What kind of failure it is, for programs; GraphQL shows it as `extensions.code`."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
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
