"""Which edition of which standard a file speaks of, and which of its numbers each requirement has."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kakehashi.records.model import Label, Source
from kakehashi.records.values import Authority, Redistribution
from kakehashi.sources.naming import Work, edition_called, publisher_called, unknown_work
from kakehashi.sources.prowler.schema import AnyDocument
from kakehashi.sources.spelling import slug, spelled

NAME: Final = "prowler"
VERSION: Final = "1"
UNDATED: Final = "undated"
RIGHTS: Final = (
    "not stated in the file; Prowler's repository states Apache-2.0 for its own content. "
    "The wording of a standard's requirements belongs to the standard's publisher."
)

OPEN_PUBLISHERS: Final = frozenset({"org/nist", "org/mitre"})
"""Whose wording may be passed on: NIST's is in the public domain, and ATT&CK's terms allow it with its copyright line."""
THREATS: Final = frozenset({"mitre-attack"})
"""Works whose numbered pieces are threats: a check is tied to them, and lists no control."""
OTHER_WORDING: Final = frozenset({"nist-csf/2.0"})
"""Editions whose numbers Prowler uses with another wording: its "GV.OC-1" has the text of CSF 1.1's ID.BE-1, and 42 of its 78
numbers are in no CSF 2.0. Such a requirement is only referred to, and its wording stands in the notes."""
ONE_PER_PROVIDER: Final = {"CIS": "cis-benchmark"}
"""Frameworks that are another work for each provider."""
LANGUAGES: Final = {"ENS": "es"}
"""The language of files that are not in English."""
FREE_SPELLINGS: Final = frozenset({"as-written", "caseless"})
"""Spellings in which anything is a notation, so that the first word of a name proves nothing."""

_NUMBERS: Final = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class About:
    """The names that follow from a document."""

    document: AnyDocument
    sha256: str

    @cached_property
    def version(self) -> str:
        """The version of the standard; often empty."""
        return (self.document.version or "").strip()

    @cached_property
    def provider(self) -> str:
        """The provider whose checks they are; empty in a file of all."""
        return (self.document.provider or "").strip()

    @cached_property
    def language(self) -> str:
        """The language that the file is in; it does not say so itself."""
        return LANGUAGES.get(self.document.framework, "en")

    @cached_property
    def title(self) -> str:
        """The name of the standard as the file gives it."""
        return self.document.name.strip() or f"{self.document.framework} {self.version}".strip()

    @cached_property
    def work(self) -> Work:
        """The edition of the standard: by its name for the provider, where there is one, else by its own."""
        name, version = self.document.framework.strip(), self.version
        of_provider = edition_called(NAME, f"{name} {self.provider}", version) if self.provider else None
        known = of_provider or edition_called(NAME, name, version)
        if known is not None:
            return known
        framework = f"{ONE_PER_PROVIDER[name]}-{self.provider}" if name in ONE_PER_PROVIDER else name
        return unknown_work(framework, version or UNDATED, self.title, version=version or None, language=self.language)

    @cached_property
    def identity(self) -> str:
        """What tells this file from others; a corrected file has the same."""
        what = slug(f"{self.document.framework}-{self.provider}".strip("-"))
        return f"{what}/{slug(self.version)}" if self.version else what

    @cached_property
    def source(self) -> Source:
        """Prowler publishes none of the standards: it is a third party."""
        title = f"{self.title} ({self.provider})" if self.provider else self.title
        may_leave = self.work.publisher in OPEN_PUBLISHERS
        return Source(
            id=f"source/{NAME}/{self.identity}", labels=(Label(language=self.language, text=title),),
            authority=Authority.THIRD_PARTY, rights=RIGHTS, sha256=self.sha256, loader=NAME, loader_version=VERSION,
            redistribution=Redistribution.OPEN if may_leave else Redistribution.CITATION_ONLY,
            publisher=publisher_called("Prowler").id, version=self.version or None,
        )  # fmt: skip


def numbered(work: Work, identifier: str, name: str) -> tuple[str, bool]:
    """A requirement's notation in the standard, and whether the standard's numbering has such a notation.

    Prowler shortens some ids ("oc_1", "cc_1_3", "rp_1" for RS.RP-1) and prints the standard's own at the head of the name: it
    is taken from there, where its numbers are those of the id.
    """
    head = name.split(maxsplit=1)[0] if name.strip() else ""
    if work.spelling not in FREE_SPELLINGS and "_" in identifier and spelled(work.spelling, head) and _numbers(head):
        return (head, True) if _numbers(head) == _numbers(identifier) else (identifier, False)
    return identifier, spelled(work.spelling, identifier) is not None


def _numbers(notation: str) -> list[str]:
    return [number.lstrip("0") for number in _NUMBERS.findall(notation)]
