"""The D3FEND ontology: defensive techniques, what they and ATT&CK's techniques act on, and NIST controls in old builds.

Most triples describe the ontology itself; they are counted and left, with the reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Edition, Label, Resource, Source
from kakehashi.records.values import Authority, Redistribution
from kakehashi.sources.d3fend.graph import Graph
from kakehashi.sources.d3fend.relations import (
    PREDICATES,
    UNKNOWN_CATALOGUE,
    known_work,
    mapping_set_records,
    mitre,
    techniques,
)
from kakehashi.sources.files import File
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Work, work_called
from kakehashi.sources.rows import UNSPECIFIED, MappingRow, RowWriter
from kakehashi.sources.spelling import escaped, slug
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.turtle import Words, triples
from kakehashi.vocabulary.iris import D3FEND, DCTERMS, OWL, RDFS, SKOS
from kakehashi.vocabulary.text import Text

_D3F: Final = D3FEND + "#"
_ID, _ATTACK_ID, _ENABLES = _D3F + "d3fend-id", _D3F + "attack-id", _D3F + "enables"
_LABEL, _SUBCLASS = RDFS + "label", RDFS + "subClassOf"
_TEXT: Final = (_D3F + "definition", RDFS + "comment")
_RESTRICTION: Final = (_SUBCLASS, OWL + "onProperty", OWL + "someValuesFrom")
_RELATIONS: Final = ("broader", "narrower", "exactly", "related")
_DIGITS: Final = 12
_FORM: Final = Text("オントロジー", "ontology")

NO_ONTOLOGY = Text(
    "owl:Ontologyがなく、どの文書か分かりません。", "There is no owl:Ontology, so the file does not say which document it is."
)
SECOND_ID = Text("{subject}にD3FENDの識別子が二つ以上あります。", "{subject} has more than one D3FEND id.")
BAD_ID = Text("{subject}の識別子が文字列ではありません。", "The id of {subject} is no text.")
SHARED_ID = Text(
    "D3FENDの識別子「{id}」が{first}と{second}の両方に付いています。",
    "The D3FEND id '{id}' is given to both {first} and {second}.",
)
NO_LABEL = Text("NISTの管理策{subject}にrdfs:labelがありません。", "The NIST control {subject} has no rdfs:label.")

ANALYTIC = Text(
    "分析手法(D3A-…)は計算の方法であり、対策ではない。",
    "An analytic technique (D3A-…) is a way to compute, not a measure.",
)
NO_ARTEFACT = Text(
    "手法が作用する相手が、デジタル成果物ではない(人、組織、出来事、攻撃の目的など)。",
    "What the technique acts on is no artefact but an agent, an event, a tactic or the like.",
)
NOT_MAPPED = Text("管理策が結ばれた相手に、D3FENDの識別子がない。", "The control is mapped to something that has no D3FEND id.")
STRUCTURE = Text(
    "オントロジーそのものの構造(クラス、属性、制約)であり、手法について述べるものではない。",
    "The structure of the ontology itself (classes, properties, restrictions), which says nothing of a technique.",
)
LITERATURE = Text("文献とその書誌であり、関係を述べない。", "Literature and its details, which state no relation.")
NOTES = Text("オントロジーの作成者の覚え書き、別名、表示順。", "The ontology authors' notes, synonyms and display order.")
WEAKNESSES = Text(
    "脆弱性の類型(CWE)とATT&CKの識別子は、それぞれの公表元のファイルから読む。",
    "Weaknesses (CWE) and ATT&CK's ids are read from their own publishers' files.",
)

_REASONS: Final[Mapping[str, Text]] = {
    **dict.fromkeys(
        (
            RDFS + "seeAlso", RDFS + "isDefinedBy", _D3F + "has-link", _D3F + "archived-at", _D3F + "cited-by", _D3F + "cites",
            *(_D3F + "kb-" + name for name in (
                "abstract", "article", "author", "mitre-analysis", "organization", "reference", "reference-of", "reference-title",
            )),
        ),
        LITERATURE,
    ),
    **dict.fromkeys(
        (
            RDFS + "comment", SKOS + "altLabel",
            *(_D3F + name for name in (
                "todo", "comment", "d3fend-comment", "synonym", "display-order", "display-priority", "created", "pref-label",
            )),
        ),
        NOTES,
    ),
    **dict.fromkeys((_D3F + "cwe-id", _ATTACK_ID, OWL + "deprecated"), WEAKNESSES),
}  # fmt: skip


def recognises(file: File) -> bool:
    """Turtle that speaks of D3FEND's names."""
    return file.suffix == ".ttl" and D3FEND.encode() in file.content


def read(bundle: Bundle) -> Reading:
    """One build of the ontology, or one of its extensions."""
    (file,) = bundle
    reading, place = Reading(), Place(file.name)
    graph = Graph(triples(file, D3FEND))
    reading.count("triples", len(graph))
    ontology = next(iter(graph.typed(OWL + "Ontology")), None)
    if ontology is None:
        reading.fault(place, NO_ONTOLOGY)
        return reading
    source = _source(graph, ontology, file)
    reading.add(source)
    _Reader(reading, graph, source, place).read()
    return reading


def _source(graph: Graph, ontology: str, file: File) -> Source:
    name = ontology.rstrip("#/").rpartition("/")[2]
    title = graph.words(ontology, DCTERMS + "title") or Words(name)
    version = graph.words(ontology, OWL + "versionInfo")
    licence = graph.words(ontology, DCTERMS + "license")
    notice = graph.words(ontology, RDFS + "comment")
    described = version.text if version else file.sha256[:_DIGITS]
    return Source(
        id=f"source/d3fend/{slug(name)}/{slug(described)}", labels=(_label(title),), authority=Authority.OFFICIAL,
        redistribution=Redistribution.OPEN if licence and licence.text == "MIT" else Redistribution.LOCAL_ONLY,
        rights=". ".join(words.text for words in (licence, notice) if words) or "not stated", sha256=file.sha256,
        loader=FORMAT.name, loader_version=FORMAT.version, publisher=mitre().id, version=version.text if version else None,
    )  # fmt: skip


def _label(words: Words) -> Label:
    return Label(language=words.language or "en", text=words.text)


@dataclass(slots=True)
class _Reader:
    """Reads one graph; `ids` are the defensive techniques by their class, in the order of the file."""

    reading: Reading
    graph: Graph
    source: Source
    place: Place
    work: Work = field(default_factory=techniques)
    ids: dict[str, str] = field(default_factory=dict)
    stating: StatementWriter = field(init=False)
    _described: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stating = StatementWriter(self.reading, self.source)

    def read(self) -> None:
        self._find_techniques()
        for name in self.ids:
            self._technique(name)
        self._links()
        self._controls()
        if self.ids:
            self._editions()
        self.reading.add(mitre().record(self.source.id))
        for predicate, number in self.graph.left():
            if number:
                self.reading.leave(_REASONS.get(predicate, STRUCTURE), self.place, number)

    def _find_techniques(self) -> None:
        """A technique is what stands below DefensiveTechnique; an id alone does not make one (`D3-ARMA` is a model)."""
        defensive, owners = self.graph.below(_D3F + "DefensiveTechnique"), dict[str, str]()
        for name in self.graph.having(_ID):
            self.reading.count("classes with a d3fend-id")
            notation = self._notation(name)
            if name not in defensive:
                self.reading.leave(ANALYTIC, self.place)
            elif notation is not None and owners.setdefault(notation, name) != name:
                self.reading.fault(self.place, SHARED_ID(id=notation, first=owners[notation], second=name))
            elif notation is not None:
                self.ids[name] = notation

    def _notation(self, name: str) -> str | None:
        found = list(self.graph.nodes(name, _ID))
        if len(found) > 1:
            self.reading.fault(self.place, SECOND_ID(subject=name))
        if isinstance(found[0], Words) and found[0].text.strip():
            return found[0].text.strip()
        self.reading.fault(self.place, BAD_ID(subject=name))
        return None

    def _technique(self, name: str) -> None:
        self.graph.use(_ID)
        self.reading.count("defensive techniques")
        parents = [one for one in self.graph.names(name, _SUBCLASS) if one in self.ids and one != name]
        self.graph.use(*[_SUBCLASS] * len(parents))
        self._resource(
            self._id(name), "defensive-technique", name, notation=self.ids[name], parent=self._id(parents[0]) if parents else None
        )
        for other in parents[1:]:
            self.stating.state(self._id(name), "subclass-of", self._id(other))

    def _id(self, name: str) -> str:
        return self.work.provision(self.ids[name])

    def _resource(self, identifier: str, kind: str, name: str, notation: str | None = None, parent: str | None = None) -> None:
        label = self.graph.words(name, _LABEL) or Words(notation or _local(name))
        text = self.graph.words(name, *_TEXT)
        described = Resource(
            id=identifier, kind=kind, source=self.source.id, labels=(_label(label),), notation=notation, parent=parent,
            texts=(_label(text),) if text else (),
        )  # fmt: skip
        self.reading.add(described)

    def _links(self) -> None:
        """What techniques act on, and which tactic the defensive ones serve."""
        artefacts, tactics = self.graph.below(_D3F + "Artifact"), frozenset(self.graph.typed(_D3F + "DefensiveTactic"))
        for name, subject, defensive in self._acting():
            for prop, target in self.graph.restrictions(name):
                self.graph.use(*_RESTRICTION)
                if target in artefacts:
                    self._artefact(subject, prop, target)
                elif not (defensive and prop == _ENABLES and target in tactics):
                    self.reading.leave(NO_ARTEFACT, self.place)
            if defensive:
                self._tactics(name, subject, tactics)

    def _acting(self) -> Iterator[tuple[str, str, bool]]:
        yield from ((name, self._id(name), True) for name in self.ids)
        attack = known_work("ATT&CK")
        if any(True for _ in self.graph.having(_ATTACK_ID)):
            for record in attack.records(self.source.id):
                self.reading.add(record)
        for name in self.graph.having(_ATTACK_ID):
            self.reading.count("ATT&CK techniques")
            for notation in self.graph.nodes(name, _ATTACK_ID):
                if isinstance(notation, Words):
                    yield name, attack.provision(notation.text), False

    def _artefact(self, subject: str, prop: str, target: str) -> None:
        identifier = f"{self.work.framework}/artefact/{escaped(_local(target))}"
        if target not in self._described:
            self._described.add(target)
            self._resource(identifier, "digital-artefact", target)
            self.reading.count("digital artefacts")
        self.reading.count("links to artefacts")
        self.stating.state(subject, "acts-on", identifier, note=f"d3f:{_local(prop)}")

    def _tactics(self, name: str, subject: str, tactics: frozenset[str]) -> None:
        """A tactic may be stated twice: as a restriction of the class, and of the individual of the same name."""
        facts = [one for one in self.graph.names(name, _ENABLES) if one in tactics]
        self.graph.use(*[_ENABLES] * len(facts))
        restrictions = (value for prop, value in self.graph.restrictions(name) if prop == _ENABLES and value in tactics)
        for tactic in dict.fromkeys((*restrictions, *facts)):
            identifier = f"{self.work.framework}/tactic/{escaped(_local(tactic))}"
            if tactic not in self._described:
                self._described.add(tactic)
                self._resource(identifier, "security-function", tactic)
            self.reading.count("links to tactics")
            self.stating.state(subject, "serves-function", identifier)

    def _controls(self) -> None:
        """NIST controls with their relations to techniques, which only old builds hold."""
        for version, controls in self._catalogues().items():
            name = f"SP 800-53 Revision {version}"
            catalogue = work_called("d3fend", name)
            if catalogue is None:
                self.reading.fault(self.place, UNKNOWN_CATALOGUE(name=name))
            else:
                self._mapping_set(catalogue, controls)

    def _catalogues(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for control in self.graph.typed(_D3F + "NISTControl"):
            version = self.graph.words(control, _D3F + "version")
            found.setdefault(version.text if version else "", []).append(control)
        return found

    def _mapping_set(self, catalogue: Work, controls: Iterable[str]) -> None:
        writer = RowWriter(
            self.reading, self.source, f"mapping-set/d3fend-{slug(catalogue.edition)}/ontology", justification=UNSPECIFIED
        )
        for control in controls:
            self._control(control, catalogue, writer)
        for record in (*mapping_set_records(writer, catalogue, _FORM), *catalogue.records(self.source.id)):
            self.reading.add(record)

    def _control(self, control: str, catalogue: Work, writer: RowWriter) -> None:
        """What one relation of a control names is one row: D3FEND's script wrote it out of one cell of its workbook."""
        label = self.graph.words(control, _LABEL)
        self.graph.words(control, _D3F + "control-name")
        self.reading.count("NIST controls")
        if label is None:
            self.reading.fault(self.place, NO_LABEL(subject=control))
            return
        for word in _RELATIONS:
            named = list(self.graph.names(control, _D3F + word))
            self.graph.use(*[_D3F + word] * len(named))
            known = [self._id(one) for one in named if one in self.ids]
            if len(known) < len(named):
                self.reading.leave(NOT_MAPPED, self.place, len(named) - len(known))
            if known:
                self.reading.count("relations of NIST controls", len(known))
                row = MappingRow(
                    subjects=[catalogue.provision(label.text)], predicate=PREDICATES[word], objects=known, verbatim=word
                )
                writer.write(row, self.place)

    def _editions(self) -> None:
        """The one edition with all techniques, and this build, which selects its own from it."""
        provisions = tuple(self._id(name) for name in self.ids)
        for record in self.work.records(self.source.id, provisions):
            self.reading.add(record)
        version = self.source.version or f"sha256 {self.source.sha256[:_DIGITS]}"
        identifier = f"{self.work.framework}/{slug(version)}"
        labels = (
            Label(language="ja", text=f"MITRE D3FEND オントロジー {version}", ours=True),
            Label(language="en", text=f"MITRE D3FEND ontology {version}", ours=True),
        )
        self.reading.add(Resource(id=identifier, kind="edition", labels=labels, source=self.source.id))
        edition = Edition(
            id=identifier, framework=self.work.framework, source=self.source.id, version=self.source.version,
            selected=tuple(sorted(provisions)),
        )  # fmt: skip
        self.reading.add(edition)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


FORMAT: Final = Format(
    name="d3fend",
    version="1",
    title=Text("MITRE D3FEND オントロジー(Turtle)", "MITRE D3FEND ontology (Turtle)"),
    recognises=recognises,
    read=read,
)
