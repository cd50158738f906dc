"""The language of the terminal, settled once before any help text is made: `--lang`, else the locale."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from kakehashi.vocabulary.text import LANGUAGES, Text


def chosen(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """`ja` or `en`: what `--lang` says, else the first of LC_ALL, LC_MESSAGES and LANG that is set."""
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        value = value or (arguments[place + 1] if place + 1 < len(arguments) else "")
        if name == "--lang" and value in LANGUAGES:
            return value
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "ja" if locale.startswith("ja") else "en"


LANGUAGE: Final = chosen(sys.argv[1:], os.environ)


def say(ja: str, en: str) -> str:
    """One of two wordings."""
    return Text(ja, en).in_language(LANGUAGE)
