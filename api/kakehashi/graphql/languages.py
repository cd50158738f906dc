"""Which language a text is given in: language ranges (BCP 47) looked up among the languages that there are (RFC 4647, 3.4)."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from kakehashi.records.model import Label
from kakehashi.vocabulary.text import LANGUAGES, ErrorCode, KakehashiError, Text

MAX_RANGES: Final = 10
ANY: Final = "*"
SHOWN: Final = 40

_RANGE: Final = re.compile(r"\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}", re.ASCII)
_QUALITY: Final = re.compile(r"[qQ]=(0(\.[0-9]{0,3})?|1(\.0{0,3})?)", re.ASCII)

NO_RANGE = Text(
    "langの「{tag}」は言語の範囲ではありません。ja、en、ja-JP、*のように指定してください(BCP 47)。",
    "'{tag}' in lang is no language range. Give ranges such as ja, en, ja-JP or * (BCP 47).",
)
TOO_MANY = Text("langには{limit}件まで指定できます。", "lang takes at most {limit} ranges.")


def accepted_ranges(header: str | None) -> tuple[str, ...]:
    """The ranges of an Accept-Language header, best first (RFC 9110, section 12.5.4); what is no range is passed over."""
    weighted = [found for part in (header or "").split(",") if (found := _weighted(part.strip())) is not None]
    ordered = [name for weight, name in sorted(weighted, key=lambda one: -one[0]) if weight > 0]
    refused = {name for weight, name in weighted if weight == 0}
    return tuple(dict.fromkeys(one for name in ordered[:MAX_RANGES] for one in _spelled_out(name, refused)))


def accepted_languages(header: str | None) -> tuple[str, ...]:
    """The languages of an Accept-Language header that Kakehashi speaks, best first."""
    primary = (name.partition("-")[0] for name in accepted_ranges(header))
    return tuple(dict.fromkeys(language for language in primary if language in LANGUAGES))


def choose(labels: Sequence[Label], wanted: Sequence[str] | None, ranges: Sequence[str]) -> tuple[Label, bool] | None:
    """The label that the first wanted range finds, else the Japanese, the English, any; and whether it is such a fallback.

    Without a wish the request's own ranges are the wish. `*` is content with whatever there is.
    """
    wishes = _checked(tuple(wanted)) if wanted else tuple(ranges)
    by_language = {label.language.lower(): label for label in labels}
    for wish in wishes:
        if wish == ANY:
            break
        for tag in _shorter_and_shorter(wish):
            if tag in by_language:
                return by_language[tag], False
    for language in (*LANGUAGES, *by_language):
        if language in by_language:
            return by_language[language], bool(wishes) and ANY not in wishes
    return None


@lru_cache(maxsize=256)
def _checked(wanted: tuple[str, ...]) -> tuple[str, ...]:
    if len(wanted) > MAX_RANGES:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, TOO_MANY(limit=MAX_RANGES))
    for one in wanted:
        if not _RANGE.fullmatch(one):
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, NO_RANGE(tag=one[:SHOWN]))
    return tuple(one.lower() for one in wanted)


@lru_cache(maxsize=256)
def _shorter_and_shorter(tag: str) -> tuple[str, ...]:
    """A range, then what is left of it as subtags are taken off its end; a single letter goes with what follows it."""
    return tuple(_cut(tag.split("-")))


def _cut(subtags: list[str]) -> Iterator[str]:
    while subtags:
        yield "-".join(subtags)
        subtags = subtags[:-1]
        if subtags and len(subtags[-1]) == 1:
            subtags = subtags[:-1]


def _weighted(part: str) -> tuple[float, str] | None:
    tag, _, parameter = (piece.strip() for piece in part.partition(";"))
    quality = _QUALITY.fullmatch(parameter)
    if not _RANGE.fullmatch(tag) or (parameter and not quality):
        return None
    return float(quality[1]) if quality else 1.0, tag.lower()


def _spelled_out(name: str, refused: set[str]) -> Sequence[str]:
    """`*` stands for what Kakehashi speaks, less what the header refuses, before whatever else there is."""
    return (*(one for one in LANGUAGES if one not in refused), ANY) if name == ANY else (name,)
