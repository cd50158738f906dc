"""Which edition a file speaks of, whatever it calls it, and what we know of that work (`data/works.yaml`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kakehashi.records.model import Edition, Framework, Label, Record, Resource
from kakehashi.records.values import ParentLink
from kakehashi.sources.spelling import folded, slug, token
from kakehashi.sources.yaml_events import parse_yaml
from kakehashi.vocabulary.text import LANGUAGES

UNDECLARED: Final = (
    Label(
        language="ja",
        text="公表者は親子関係の意味を述べていない。分類とみなせば、子から親についても親から子についても何も導かれない。",
        ours=True,
    ),
    Label(
        language="en",
        text="The publisher does not say what the link means; read as grouping, nothing follows either way.",
        ours=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An edition that files name: its ids, how its notations are spelled, what its parent link means, its publisher."""

    edition: str
    framework: str
    labels: tuple[Label, ...]
    framework_labels: tuple[Label, ...]
    spelling: str = "as-written"
    parent_link: ParentLink = ParentLink.GROUPING
    reasons: tuple[Label, ...] = UNDECLARED
    version: str | None = None
    issued: date | None = None
    replaces: str | None = None
    publisher: str | None = None
    takes_from: str | None = None
    """The edition whose provisions a baseline takes up: it has the ids of that edition, and few or none of its own."""

    def provision(self, notation: str) -> str:
        """The id of the provision with a notation, in whatever spelling."""
        return f"{self.takes_from or self.edition}/{token(self.spelling, notation)}"

    def added(self, notation: str) -> str:
        """The id of a provision that a baseline adds to those that it takes up."""
        return f"{self.edition}/{token(self.spelling, notation)}"

    def records(self, source: str, provisions: tuple[str, ...] = ()) -> Iterator[Record]:
        """The work and the edition as a source names them; `provisions` are those that the source itself lists, in order."""
        yield Resource(id=self.framework, kind="framework", labels=self.framework_labels, source=source)
        yield Framework(id=self.framework, source=source, parent_link=self.parent_link, reasons=self.reasons)
        yield Resource(id=self.edition, kind="edition", labels=self.labels, source=source)
        yield Edition(
            id=self.edition, framework=self.framework, source=source, version=self.version, issued=self.issued,
            replaces=self.replaces, provisions=provisions,
        )  # fmt: skip


def records_of(works: Mapping[Work, tuple[str, ...]], source: str) -> Iterator[Record]:
    """Several works with the provisions that a source lists of each; two editions of one framework tell it once."""
    seen: set[tuple[type, str]] = set()
    for work, provisions in works.items():
        for record in work.records(source, provisions):
            if (type(record), record.id) not in seen:
                seen.add((type(record), record.id))
                yield record


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """An organisation that publishes, with the names by which files call it."""

    id: str
    labels: tuple[Label, ...]

    def record(self, source: str) -> Resource:
        """The organisation as a source names it."""
        return Resource(id=self.id, kind="organisation", labels=self.labels, source=source)


def work_called(scheme: str, name: str) -> Work | None:
    """The work that files of a scheme ("ciso", "oscal", "prowler" ...) call by a name; None where we do not know it."""
    return _registry().by_name.get((scheme, folded(name)))


def registered(edition: str) -> Work | None:
    """The work of which we registered the edition with an id."""
    return _registry().by_edition.get(edition)


def base_of(work: Work) -> Work | None:
    """The edition whose provisions a baseline takes up; None for a work that is no baseline."""
    return None if work.takes_from is None else _registry().by_edition[work.takes_from]


def edition_called(scheme: str, name: str, version: str) -> Work | None:
    """The edition that files of a scheme call by the name of a framework and a version.

    One that is not registered follows from the framework, where the framework itself has a name in the scheme.
    """
    known = work_called(scheme, f"{name} {version}")
    framework = _registry().frameworks.get((scheme, folded(name)))
    if known is not None or framework is None or not version.strip():
        return known
    label = next(label.text for label in framework.framework_labels if label.language == "en")
    return replace(
        framework, edition=f"{framework.framework}/{slug(version)}", version=version, issued=None, replaces=None,
        labels=(Label(language="en", text=f"{label} {version}", ours=True),),
    )  # fmt: skip


def unknown_work(  # noqa: PLR0913 - each but the first three is left out where a file does not say it
    framework: str, edition: str, label: str, *, version: str | None = None, spelling: str = "as-written", language: str = "en"
) -> Work:
    """A work that is not registered: its ids follow from the publisher's own names, and nothing more is claimed of it."""
    name = (Label(language=language, text=label),)
    return Work(
        edition=f"{slug(framework)}/{slug(edition)}", framework=slug(framework), labels=name, framework_labels=name,
        version=version, spelling=spelling,
    )  # fmt: skip


def publisher_called(name: str) -> Publisher:
    """The organisation of a name; one that is not registered is named after itself."""
    known = _registry().publishers.get(folded(name))
    return known or Publisher(id=f"org/{slug(name)}", labels=(Label(language="en", text=name.strip()),))


def is_publisher_of(publisher: Publisher, *works: Work | None) -> bool:
    """Whether an organisation publishes one of some works, so that its word on them is official."""
    return any(work is not None and work.publisher == publisher.id for work in works)


@dataclass(frozen=True, slots=True)
class _Registry:
    by_name: Mapping[tuple[str, str], Work]
    by_edition: Mapping[str, Work]
    frameworks: Mapping[tuple[str, str], Work]
    publishers: Mapping[str, Publisher]


@cache
def _registry() -> _Registry:
    document: Any = parse_yaml((files("kakehashi.data") / "works.yaml").read_text("utf-8"))
    publishers: dict[str, Publisher] = {}
    for entry in document["publishers"]:
        publisher = Publisher(id=entry["id"], labels=_labels(entry))
        publishers |= {folded(name): publisher for name in [*entry.get("names", ()), *(entry[lang] for lang in LANGUAGES)]}
    by_name: dict[tuple[str, str], Work] = {}
    by_edition: dict[str, Work] = {}
    frameworks: dict[tuple[str, str], Work] = {}
    for framework in document["frameworks"]:
        for entry in framework["editions"]:
            work = _work(framework, entry)
            by_edition[work.edition] = work
            for name in entry.get("names", ()):
                scheme, _, called = name.partition(" ")
                by_name[scheme, folded(called)] = work
        for name in framework.get("names", ()):
            scheme, _, called = name.partition(" ")
            frameworks[scheme, folded(called)] = work
    return _Registry(by_name, by_edition, frameworks, publishers)


def _work(framework: Mapping[str, Any], entry: Mapping[str, Any]) -> Work:
    issued = entry.get("issued")
    return Work(
        edition=entry["id"],
        framework=framework["id"],
        labels=_labels(entry),
        framework_labels=_labels(framework),
        spelling=entry.get("spelling") or framework.get("spelling") or "as-written",
        parent_link=ParentLink(framework["parent_link"]),
        reasons=tuple(Label(language=lang, text=framework[f"reason_{lang}"], ours=True) for lang in LANGUAGES),
        version=_text(entry.get("version")),
        issued=date.fromisoformat(issued) if issued else None,
        replaces=_text(entry.get("replaces")),
        publisher=framework.get("publisher"),
        takes_from=_text(entry.get("takes_from")),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _labels(entry: Mapping[str, Any]) -> tuple[Label, ...]:
    return tuple(Label(language=lang, text=str(entry[lang]), ours=True) for lang in LANGUAGES)
