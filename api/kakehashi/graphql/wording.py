"""What a word of the vocabulary means of an answer, in both languages, with the names of what it is about."""

from collections.abc import Mapping, Sequence
from typing import Final

from kakehashi.graphql.context import Info
from kakehashi.graphql.languages import choose
from kakehashi.graphql.resources import Languages, LocalizedText
from kakehashi.records.model import Label
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import LANGUAGES, Text

NAMED: Final = 3


def told(
    snapshot: Snapshot, word: str, about: Sequence[str], closed_by: Sequence[str] = (), together: Sequence[str] = ()
) -> tuple[Label, ...]:
    """A word's meaning in both languages, with the names of what it is about and of what would help."""
    return tuple(
        Label(
            language=label.language, ours=True,
            text=label.text
            + _about(snapshot, about, label.language)
            + _closers(snapshot, closed_by, together, label.language),
        )
        for label in snapshot.terms[word].definitions
    )  # fmt: skip


def named(snapshot: Snapshot, text: Text, about: Mapping[str, Sequence[str]], **plain: int) -> Text:
    """A text with the names of things in its own languages, and with numbers."""
    ja, en = ({place: _names(snapshot, ids, language) for place, ids in about.items()} for language in LANGUAGES)
    return Text(text.ja.format(**ja, **plain), text.en.format(**en, **plain))


def worded(info: Info, lang: Languages, plain: str, labels: tuple[Label, ...]) -> LocalizedText:
    """The wording in a wanted language; the plain word where there is none."""
    text = LocalizedText.of(labels, lang, info)
    return text or LocalizedText(value=plain, language="en", is_fallback=True, ours=True)


def _about(snapshot: Snapshot, about: Sequence[str], language: str) -> str:
    if not about:
        return ""
    return f"対象: {_names(snapshot, about, 'ja')}。" if language == "ja" else f" About: {_names(snapshot, about, language)}."


def _closers(snapshot: Snapshot, closed_by: Sequence[str], together: Sequence[str], language: str) -> str:
    named = [_names(snapshot, closed_by, language)] if closed_by else []
    if together:
        joined = _names(snapshot, together, language)
        named.append(f"合わせれば充足: {joined}" if language == "ja" else f"full together: {joined}")
    if not named:
        return ""
    return f"（{'。'.join(named)}）" if language == "ja" else f" ({'. '.join(named)})"


def _names(snapshot: Snapshot, found: Sequence[str], language: str) -> str:
    names = [_name(snapshot, identifier, language) for identifier in found[:NAMED]]
    rest = len(found) - len(names)
    if language == "ja":
        return f"{'、'.join(names)}{f'、ほか{rest}件' if rest else ''}"
    return f"{'; '.join(names)}{f'; {rest} more' if rest else ''}"


def _name(snapshot: Snapshot, identifier: str, language: str) -> str:
    chosen = choose(snapshot.resources[identifier].labels, [language], ())
    return identifier if chosen is None else chosen[0].text
