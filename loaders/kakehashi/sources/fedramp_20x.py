"""FedRAMP's machine-readable documentation (FRMR): definitions (FRD), requirements (FRR) and Key Security Indicators (KSI).

An indicator lists controls of SP 800-53 without saying how it relates to them, so that each is a link and no more. A statement
that varies by level is one provision, with the wording of every level.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Literal, MappingDetail, MappingSet, Record, Resource, Source
from kakehashi.records.values import Authority, MappingStatus, Redistribution, StatedAs
from kakehashi.sources.files import File, UnreadableError, bundle_sha256, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Work, edition_called, publisher_called, unknown_work, work_called
from kakehashi.sources.spelling import slug
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.typed import escaped_key, leave_unread, typed
from kakehashi.vocabulary.iris import SEMAPV
from kakehashi.vocabulary.text import Text

NAME: Final = "fedramp-20x"
VERSION: Final = "1"
LANGUAGE: Final = "en"
PUBLISHER: Final = "FedRAMP"
RIGHTS: Final = "not stated"
LINKS: Final = "controls of indicators"
SECTIONS: Final = ("FRD", "FRR", "KSI")

APPLIES_TO: Final[Mapping[str, tuple[str, ...]]] = {"both": ("20x", "rev5"), "20x": ("20x",), "rev5": ("rev5",)}
"""The paths to authorisation that the parts of a process are for."""

BAD_DATE = Text(
    "「{value}」は日付ではありません。年月日をYYYY-MM-DDで書いてください。", "'{value}' is no date. Write it as YYYY-MM-DD."
)
NO_VERSION = Text("版(version)が空です。", "The version is empty.")
TWICE = Text("識別子「{id}」が {place} で既に使われています。", "The identifier '{id}' is already used at {place}.")
UNKNOWN_PATH = Text(
    "「{word}」は知られていない区分です。使えるのは {known} です。",
    "'{word}' is no known path to authorisation. Known are {known}.",
)
UNDEFINED_TERM = Text("FRDに定義のない用語への言及。", "A term that FRD does not define.")
OUTSIDE = Text("この文書の外への参照。", "A reference to something outside this document.")

CONTROLS: Final = work_called("frmr", "controls") or unknown_work("nist-sp-800-53", "rev5", "NIST SP 800-53 Rev. 5")
SET_NAMES: Final = (
    Label(language="ja", text="FedRAMP 20xの主要セキュリティ指標が挙げるNIST SP 800-53の管理策", ours=True),
    Label(language="en", text="Controls of NIST SP 800-53 that FedRAMP 20x lists for its Key Security Indicators", ours=True),
)

Named = Annotated[str, Meta(min_length=1)]


class Info(Struct, frozen=True, kw_only=True):
    """What the file says of itself."""

    title: Named
    version: Named
    last_updated: str | None = None
    description: str = ""


class Term(Struct, frozen=True, kw_only=True):
    """A defined term."""

    term: Named
    definition: Named
    fka: str | None = None
    note: str = ""
    notes: list[str] = []


class Level(Struct, frozen=True, kw_only=True):
    """What is required at one level."""

    statement: Named


class Demand(Struct, frozen=True, kw_only=True):
    """A requirement, a recommendation or an indicator."""

    name: Named
    statement: str = ""
    following_information: list[str] = []
    following_information_bullets: list[str] = []
    varies_by_level: dict[str, Level] = {}
    note: str = ""
    notes: list[str] = []
    fka: str | None = None
    fkas: list[str] = []
    terms: list[str] = []
    controls: list[Named] = []
    reference: str = ""


class Group(Struct, frozen=True, kw_only=True):
    """What a part of a process is about."""

    name: Named
    description: str = ""


class FrontMatter(Struct, frozen=True, kw_only=True):
    """Why there is a process."""

    purpose: str = ""


class ProcessInfo(Struct, frozen=True, kw_only=True):
    """What a process says of itself."""

    name: Named
    short_name: Named
    labels: dict[str, Group] = {}
    front_matter: FrontMatter = FrontMatter()


class Process(Struct, frozen=True, kw_only=True):
    """A process: its demands by path, by group and by identifier."""

    info: ProcessInfo
    data: dict[str, dict[str, dict[str, Any]]]


class Theme(Struct, frozen=True, kw_only=True):
    """A theme with its indicators by identifier."""

    id: Named
    name: Named
    theme: str = ""
    indicators: dict[str, Any]


class Definitions(Struct, frozen=True, kw_only=True):
    """The defined terms by path and by identifier."""

    data: dict[str, dict[str, Any]]


class Document(Struct, frozen=True, kw_only=True):
    """A whole file; its parts are read one by one, so that each wrong one is told."""

    info: Info
    definitions: Definitions = msgspec.field(name="FRD")
    processes: dict[str, Any] = msgspec.field(name="FRR")
    themes: dict[str, Any] = msgspec.field(name="KSI")


def recognises(file: File) -> bool:
    """A JSON file with the three sections, or one that has FRMR's name."""
    if file.suffix != ".json":
        return False
    if file.base.startswith("FRMR"):
        return True
    if not all(f'"{section}"'.encode() in file.content for section in SECTIONS):
        return False
    try:
        return mapping_or_empty(file.document).keys() >= set(SECTIONS)
    except UnreadableError:
        return False


def read(bundle: Bundle) -> Reading:
    """Terms, requirements and indicators as FedRAMP publishes them, and the controls that indicators list."""
    (file,) = bundle
    reading = Reading()
    document = typed(file.document, Document, file.name, "", reading)
    if document is None:
        return reading
    leave_unread(file.document, Document, Place(file.name), reading)
    for key, kind in (("info", Info), ("FRD", Definitions)):
        leave_unread(file.document[key], kind, Place(file.name, pointer=f"/{key}"), reading)
    issued = _date(document.info.last_updated, file, reading)
    work = edition_called("frmr", "FRMR", document.info.version)
    if work is None:
        reading.fault(Place(file.name, pointer="/info/version"), NO_VERSION)
        return reading
    source = _source(document.info, file, reading)
    link = MappingDetail(
        mapping_set=f"mapping-set/{work.edition}", verbatim="controls", justification=SEMAPV + "UnspecifiedMatching",
        status=MappingStatus.PUBLISHED,
    )  # fmt: skip
    _Documentation(file, replace(work, issued=issued), StatementWriter(reading, source), link, reading).read(document)
    return reading


def _date(text: str | None, file: File, reading: Reading) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        reading.fault(Place(file.name, pointer="/info/last_updated"), BAD_DATE(value=text[:40]))
        return None


def _source(info: Info, file: File, reading: Reading) -> Source:
    publisher = publisher_called(PUBLISHER)
    source = Source(
        id=f"source/{NAME}/{slug(info.version)}", labels=(Label(language=LANGUAGE, text=info.title),),
        authority=Authority.OFFICIAL, redistribution=Redistribution.CITATION_ONLY, rights=RIGHTS,
        sha256=bundle_sha256((file,)), loader=NAME, loader_version=VERSION, publisher=publisher.id, version=info.version,
    )  # fmt: skip
    reading.add(source)
    reading.add(publisher.record(source.id))
    return source


@dataclass(slots=True)
class _Documentation:
    file: File
    work: Work
    writer: StatementWriter
    link: MappingDetail
    reading: Reading
    used: dict[str, str] = field(default_factory=dict)
    provisions: list[str] = field(default_factory=list)
    terms: dict[str, str] = field(default_factory=dict)
    processes: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return self.writer.source.id

    def read(self, document: Document) -> None:
        for path, terms in document.definitions.data.items():
            self._paths(path, f"/FRD/data/{escaped_key(path)}")
            for key, value in terms.items():
                self._term(key, value, f"/FRD/data/{escaped_key(path)}/{escaped_key(key)}")
        processes = list(self._processes(document.processes))
        for process, pointer in processes:
            self._process(process, pointer)
        for key, value in document.themes.items():
            self._theme(value, f"/KSI/{escaped_key(key)}")
        for record in (*self.work.records(self.source, tuple(self.provisions)), *CONTROLS.records(self.source), *self._set()):
            self.reading.add(record)

    def _set(self) -> Iterator[Record]:
        """The links from indicators to controls as a mapping set; FedRAMP gives it no name."""
        yield Resource(id=self.link.mapping_set, kind="mapping-set", labels=SET_NAMES, source=self.source)
        yield MappingSet(
            id=self.link.mapping_set, source=self.source, stated_as=StatedAs.SOURCE_TO_TARGET,
            rows=self.reading.found.get(LINKS, 0), subject_edition=self.work.edition, object_edition=CONTROLS.edition,
        )  # fmt: skip

    def _place(self, pointer: str) -> Place:
        return Place(self.file.name, pointer=pointer)

    def _typed(self, value: object, kind: type[Any], pointer: str) -> Any:  # noqa: ANN401 - of the kind, or None
        found = typed(value, kind, self.file.name, pointer, self.reading)
        if found is not None and isinstance(value, dict):
            leave_unread(value, kind, self._place(pointer), self.reading)
        return found

    def _id(self, notation: str, pointer: str) -> str:
        """The id of what a notation names; a fault where it names two things."""
        identifier = self.work.provision(notation)
        first = self.used.setdefault(identifier, pointer)
        if first != pointer:
            self.reading.fault(self._place(pointer), TWICE(id=notation[:80], place=first))
        return identifier

    def _paths(self, word: str, pointer: str) -> tuple[str, ...]:
        if word not in APPLIES_TO:
            self.reading.fault(self._place(pointer), UNKNOWN_PATH(word=word[:80], known=", ".join(APPLIES_TO)))
        return APPLIES_TO.get(word, ())

    def _term(self, notation: str, value: object, pointer: str) -> None:
        term = self._typed(value, Term, pointer)
        if term is None:
            return
        identifier = self._id(notation, pointer)
        self.terms[term.term] = identifier
        self.reading.count("definitions")
        texts = _texts(term.definition, term.note, *term.notes)
        labels = (Label(language=LANGUAGE, text=term.term),)
        self.reading.add(Resource(id=identifier, kind="term", labels=labels, notation=notation, texts=texts, source=self.source))
        self.writer.state(identifier, "defined-in", self.work.edition)
        self._former_names(identifier, [term.fka])

    def _processes(self, processes: Mapping[str, Any]) -> Iterator[tuple[Process, str]]:
        """The processes, each known by its name before any indicator refers to it."""
        for key, value in processes.items():
            pointer = f"/FRR/{escaped_key(key)}"
            process = self._typed(value, Process, pointer)
            if process is not None:
                leave_unread(value["info"], ProcessInfo, self._place(f"{pointer}/info"), self.reading)
                leave_unread(value["info"].get("front_matter", {}), FrontMatter, self._place(f"{pointer}/info"), self.reading)
                self.processes[process.info.name] = self.work.provision(process.info.short_name)
                yield process, pointer

    def _process(self, process: Process, pointer: str) -> None:
        info = process.info
        self.reading.count("processes")
        top = self._heading(info.short_name, (info.name, info.front_matter.purpose), None, f"{pointer}/info")
        groups: dict[str, str] = {}
        named = ((path, name, parts) for path, by_name in process.data.items() for name, parts in by_name.items())
        for path, name, parts in named:
            if name not in groups:
                group = info.labels.get(name, Group(name=name))
                where = f"{pointer}/info/labels/{escaped_key(name)}"
                groups[name] = self._heading(f"{info.short_name}-{name}", (group.name, group.description), top, where)
            self._demands(path, parts, groups[name], f"{pointer}/data/{escaped_key(path)}/{escaped_key(name)}")

    def _demands(self, path: str, demands: Mapping[str, Any], group: str, pointer: str) -> None:
        paths = self._paths(path, pointer)
        for key, value in demands.items():
            identifier = self._demand(key, value, group, f"{pointer}/{escaped_key(key)}")
            if identifier is not None:
                self.reading.count("requirements")
                for one in paths:
                    self.writer.state(identifier, "in-implementation-group", Literal(text=one))

    def _theme(self, value: object, pointer: str) -> None:
        theme = self._typed(value, Theme, pointer)
        if theme is None:
            return
        self.reading.count("themes")
        heading = self._heading(theme.id, (theme.name, theme.theme), None, pointer)
        for key, indicator in theme.indicators.items():
            if self._demand(key, indicator, heading, f"{pointer}/indicators/{escaped_key(key)}") is not None:
                self.reading.count("indicators")

    def _heading(self, notation: str, words: tuple[str, str], parent: str | None, pointer: str) -> str:
        name, text = words
        identifier = self._id(notation, pointer)
        self.provisions.append(identifier)
        labels = (Label(language=LANGUAGE, text=name),)
        self.reading.add(
            Resource(
                id=identifier, kind="heading", labels=labels, notation=notation, parent=parent, texts=_texts(text),
                source=self.source,
            )
        )  # fmt: skip
        return identifier

    def _demand(self, notation: str, value: object, parent: str, pointer: str) -> str | None:
        demand: Demand | None = self._typed(value, Demand, pointer)
        if demand is None:
            return None
        identifier = self._id(notation, pointer)
        self.provisions.append(identifier)
        labels = (Label(language=LANGUAGE, text=demand.name),)
        self.reading.add(
            Resource(
                id=identifier, kind="requirement", labels=labels, notation=notation, parent=parent, texts=_wording(demand),
                source=self.source,
            )
        )  # fmt: skip
        self._former_names(identifier, [demand.fka, *demand.fkas])
        self._refer(identifier, demand, pointer)
        return identifier

    def _former_names(self, identifier: str, names: list[str | None]) -> None:
        for name in dict.fromkeys(names):
            if name:
                self.writer.state(identifier, "formerly-called", Literal(text=name))
                self.reading.count("former identifiers")

    def _refer(self, identifier: str, demand: Demand, pointer: str) -> None:
        for term in dict.fromkeys(demand.terms):
            if term in self.terms:
                self.writer.state(identifier, "uses-term", self.terms[term])
            else:
                self.reading.leave(UNDEFINED_TERM, self._place(f"{pointer}/terms"))
        if demand.reference in self.processes:
            self.writer.state(identifier, "see-also", self.processes[demand.reference])
        elif demand.reference:
            self.reading.leave(OUTSIDE, self._place(f"{pointer}/reference"))
        for control in demand.controls:
            place = self._place(f"{pointer}/controls")
            self.writer.state(identifier, "linked-to", CONTROLS.provision(control), place, mapping=self.link)
            self.reading.count(LINKS)


def _texts(*parts: str) -> tuple[Label, ...]:
    text = "\n".join(part for part in parts if part.strip())
    return (Label(language=LANGUAGE, text=text),) if text else ()


def _wording(demand: Demand) -> tuple[Label, ...]:
    """The publisher's wording as one text: the statement, or that of each level, then what it lists and notes."""
    levels = [f"{level}: {one.statement}" for level, one in demand.varies_by_level.items()]
    listed = [f"- {one}" for one in (*demand.following_information, *demand.following_information_bullets)]
    return _texts(demand.statement, *levels, *listed, demand.note, *demand.notes)


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("FedRAMP 機械可読文書(FRMR、20x)", "FedRAMP Machine-Readable Documentation (FRMR, 20x)"),
    recognises=recognises,
    read=read,
)
