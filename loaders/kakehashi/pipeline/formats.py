"""The formats that can be read, and which of them a file is of."""

from collections.abc import Iterable
from typing import Final

from kakehashi.sources import (
    attack_stix,
    catalogue,
    ciso_assistant,
    ctid,
    d3fend,
    fedramp_20x,
    fedramp_marketplace,
    olir,
    opencre,
    oscal,
    prowler,
    sssom,
    strm,
    template,
)
from kakehashi.sources.files import File
from kakehashi.sources.format import Bundle, Format

FORMATS: Final[tuple[Format, ...]] = (
    oscal.FORMAT,
    ciso_assistant.FORMAT,
    ctid.FORMAT,
    attack_stix.FORMAT,
    prowler.FORMAT,
    *d3fend.FORMATS,
    fedramp_marketplace.FORMAT,
    fedramp_20x.FORMAT,
    sssom.FORMAT,
    opencre.FORMAT,
    olir.FORMAT,
    strm.FORMAT,
    *template.FORMATS,
    catalogue.FORMAT,
)
"""In the order in which they are asked; what looks at names alone comes last."""

KEPT_BYTES: Final = 64 * 1024 * 1024
"""So much of the files stays parsed until it is read; more would take many times its room, and is parsed again."""


def format_of(file: File) -> Format | None:
    """The format that recognises a file; None where none does."""
    return next((one for one in FORMATS if one.recognises(file)), None)


def sorted_by_format(files: Iterable[File]) -> tuple[list[tuple[Format, Bundle]], list[File]]:
    """The bundles to read, in the order of their first file, and the files that no format recognises."""
    found: dict[str, list[File]] = {}
    strangers: list[File] = []
    size = 0
    for file in files:
        known = format_of(file)
        size += len(file.content)
        if known is None or size > KEPT_BYTES:
            file.forget()
        if known is None:
            strangers.append(file)
        else:
            found.setdefault(known.name, []).append(file)
    bundles = [(one, bundle) for one in FORMATS for bundle in one.bundles(found.get(one.name, ()))]
    return sorted(bundles, key=lambda found: found[1][0].name), strangers
