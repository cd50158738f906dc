"""Which edition a document's name in prose means: "NIST SP 800-53 R5.1.1", "Special Publication 800-53, Revision 5, Title"."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kakehashi.sources.naming import Work, registered, unknown_work, work_called
from kakehashi.sources.spelling import folded

_SCHEME: Final = "olir"
_AS_NAMED: Final = "as-named"
_WORDS: Final = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\([a-z ]+\)", " "),
        (r"national institute of standards and technology|\bnist\b", " "),
        (r"special publication", "sp"),
        (r"cybersecurity framework", "csf"),
        (r"secure controls framework", "scf"),
        (r"iso/iec", "iso"),
        (r"[^a-z0-9.]+", " "),
        (r"\bsp(?=[0-9])", "sp "),
        (r"\b(?:version|v)\.? ?(?=[0-9])", ""),
        (r"(?:(?<=[0-9])|\b)(?:revision|rev|r)\.? ?(?=[0-9])", " rev "),
        (r" +", " "),
    )
)


def document(names: Sequence[str], version: str = "") -> Work | None:
    """The work of the first name that we know; else one whose ids follow from the first name; None where there is no name."""
    given = [name for name in names if name.strip()]
    known = next((work for name in given if (work := known_document(name, version)) is not None), None)
    if known is not None or not given:
        return known
    return unknown_work(given[0], version or _AS_NAMED, given[0], version=version or None)


def known_document(name: str, version: str = "") -> Work | None:
    """The work that a name, or the id of an edition, means to us."""
    for text in _readings(name, version):
        known = registered(text) or work_called(_SCHEME, text) or work_called(_SCHEME, key(text))
        if known is not None:
            return known
    return None


def key(name: str) -> str:
    """A name as it is registered: "NIST Cybersecurity Framework (CSF) v2.0" is csf 2.0."""
    text = folded(name)
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text.strip(" .")


def _readings(name: str, version: str) -> Iterator[str]:
    """A name with its version and without, and cut at its commas, for titles follow numbers."""
    for text in (f"{name} {version}", name) if version else (name,):
        parts = text.strip().split(",")[:5]
        yield from (",".join(parts[:end]).strip() for end in range(len(parts), 0, -1))
