"""What OpenCRE's files have in common: who publishes them, on what terms, and the work that CREs belong to."""

import re
from typing import Final

from kakehashi.records.model import Label, Resource, Source
from kakehashi.records.values import Authority, Redistribution
from kakehashi.sources.files import bundle_sha256
from kakehashi.sources.format import Bundle, Reading
from kakehashi.sources.naming import Publisher, Work, publisher_called, work_called
from kakehashi.sources.spelling import slug
from kakehashi.vocabulary.text import Text

NAME: Final = "opencre"
VERSION: Final = "1"
LANGUAGE: Final = "en"
MAX_SHOWN: Final = 120

RIGHTS: Final = "CC0-1.0 (the licence of OpenCRE's repository; the files themselves state none)"
CRE_ID: Final = re.compile(r"[0-9]{3}-[0-9]{3}")

BAD_CRE = Text(
    "「{value}」はCREの番号ではありません。002-630のように書いてください。", "'{value}' is no CRE id. Write it like 002-630."
)


def cre_work() -> Work:
    """The edition that CREs belong to. Ids of CREs are kept from year to year, and no file tells its date."""
    work = work_called(NAME, "CRE")
    if work is None:
        raise LookupError("opencre CRE")
    return work


def owasp() -> Publisher:
    """Who publishes OpenCRE."""
    return publisher_called("OpenCRE")


def titled(ja: str, en: str) -> tuple[Label, ...]:
    """A title of our own: OpenCRE's files have none."""
    return Label(language="ja", text=ja, ours=True), Label(language="en", text=en, ours=True)


def begin(reading: Reading, bundle: Bundle, called: str, labels: tuple[Label, ...]) -> Source:
    """The source of a bundle, kept with its publisher. OWASP publishes the CREs, an end of every link: its word is official."""
    publisher = owasp()
    source = Source(
        id=f"source/{NAME}/{slug(called)}", labels=labels, authority=Authority.OFFICIAL,
        redistribution=Redistribution.OPEN, rights=RIGHTS, sha256=bundle_sha256(bundle), loader=NAME, loader_version=VERSION,
        publisher=publisher.id,
    )  # fmt: skip
    reading.add(source)
    reading.add(publisher.record(source.id))
    return source


def set_resource(source: Source, identifier: str, standard: str) -> Resource:
    """A mapping set, which OpenCRE does not name: it is named after the two ends."""
    labels = titled(f"OpenCREのCREと{standard}の対応", f"Links between OpenCRE's CREs and {standard}")
    return Resource(id=identifier, kind="mapping-set", source=source.id, labels=labels)
