"""Which work an OSCAL document points at: by URL, path, `trestle://`, or `#uuid` into its own back matter.

The name of a work is the file's name without its ending, or that of the folder where all files are called catalog.json. What
nobody registered keeps that name, so that two documents which point at one thing still meet.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from kakehashi.sources.naming import Work, unknown_work, work_called
from kakehashi.sources.oscal.document import NAME, Document, short_version, value_of
from kakehashi.sources.oscal.model import BackMatter, BackResource, Prop, plain, told
from kakehashi.vocabulary.text import Text

UNVERSIONED: Final = "unversioned"

RESOURCES = Text(
    "後付けの資料(引用文献、ロゴなど)は記録にしません。",
    "Resources of the back matter (works cited, logos) make no record.",
)
NO_NAME = Text(
    "「{href}」が何を指すのか分かりません。後付けにある資料のUUIDか、ファイル名の入ったURLかパスを書いてください。",
    "It cannot be told what '{href}' points at. Give the UUID of a resource in the back matter, or a URL or path that ends in "
    "a file name.",
)

_ENDING: Final = re.compile(r"(?:-min)?\.(?:json|xml|ya?ml)$", re.IGNORECASE)
_ANY_NAME: Final = frozenset({"catalog", "catalogue", "profile", "resolved-profile", "resolved_profile_catalog"})
_VERSION_FOLDER: Final = re.compile(r"v?[0-9]+(?:\.[0-9]+)*", re.IGNORECASE)


def name_of(href: str) -> str:
    """What a URL or path calls a work; empty where it holds no name."""
    path = unquote(re.split(r"[?#]", href, maxsplit=1)[0]).replace("\\", "/")
    steps = [step for step in map(str.strip, path.split("/")) if step not in {"", ".", ".."} and not step.endswith(":")]
    if not steps:
        return ""
    stem = _ENDING.sub("", steps[-1])
    if stem.casefold() not in _ANY_NAME or len(steps) == 1:
        return stem
    folders = [step for step in steps[:-1] if step.casefold() not in {"json", "xml", "yaml"}]
    if len(folders) > 1 and _VERSION_FOLDER.fullmatch(folders[-1]):
        return f"{folders[-2]}_{folders[-1]}"
    return folders[-1] if folders else ""


def provision_of(work: Work, reference: str) -> str:
    """The provision that an id means. In NIST's catalogues `ac-2_smt` is the whole statement of AC-2, which is AC-2 itself."""
    if work.spelling == "nist-800-53":
        reference = reference.removesuffix("_smt")
    return work.provision(reference)


def work_titled(document: Document) -> Work:
    """The work that a catalogue or profile is, by its title; one that nobody registered is named after the title."""
    for name in (*_resolved_from(document), *document.titles):
        known = work_called(NAME, name) if name else None
        if known is not None:
            return known
    version = document.version
    return unknown_work(
        f"{NAME} {document.title}", short_version(version) if version else UNVERSIONED, document.title, version=version or None,
        language=document.language,
    )  # fmt: skip


def _resolved_from(document: Document) -> Iterator[str]:
    """The names of the profiles that a resolved catalogue says it was made from."""
    for link in document.metadata.links:
        if plain(link.rel) in {"source-profile", "resolution-source"}:
            yield name_of(plain(link.href))


class References:
    """What the hrefs of a document name."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._resources: dict[str, BackResource] = {}
        self._works: dict[tuple[str, str], Work | None] = {}
        pointer = f"/{document.model}/back-matter"
        raw = document.body.get("back-matter")
        matter = document.typed(raw, BackMatter, pointer, document.body) if raw is not None else None
        if matter is not None:
            for one, _, _ in document.each(matter.resources, BackResource, f"{pointer}/resources", raw):
                self._resources[plain(one.uuid).lower()] = one
            if self._resources:
                document.reading.count("back-matter resources", len(self._resources))
                document.reading.leave(RESOURCES, document.place(raw, pointer), len(self._resources))

    def work(self, href: str, raw: object, pointer: str, props: tuple[Prop, ...] = ()) -> Work | None:
        """The work that an href names, registered or not; None, and a fault, where nothing can be named from it."""
        version = value_of(props, "version")
        key = href, version
        if key not in self._works:
            self._works[key] = self._find(href, version)
        found = self._works[key]
        if found is None:
            self._document.reading.fault(self._document.place(raw, pointer), NO_NAME(href=href[:80]))
        return found

    def _find(self, href: str, version: str) -> Work | None:
        names = [name for name in self._names(href) if name]
        known = next((work for name in names if (work := work_called(NAME, name)) is not None), None)
        if known is not None or not names:
            return known
        edition = short_version(version) if version else UNVERSIONED
        return unknown_work(f"{NAME} {names[0]}", edition, names[0], version=version or None, language=self._document.language)

    def _names(self, href: str) -> Iterator[str]:
        if not href.startswith("#"):
            yield name_of(href)
            return
        resource = self._resources.get(href[1:].lower())
        if resource is not None:
            yield from (name_of(plain(link.href)) for link in resource.rlinks)
            yield told(resource.title)
