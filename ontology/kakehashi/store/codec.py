"""How records stand in RDF (the ontology's `core.ttl` and `shapes.ttl` describe the same): to N-Triples, and back.

One graph holds what one source says, so decoding needs no more than the graph and the id of its source. Records that are
canonical (`records.canonical`) come back as they were.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, TypeVar

from kakehashi.records.model import (
    Assessment,
    Edition,
    Framework,
    Group,
    Label,
    Literal,
    MappingDetail,
    MappingSet,
    Matrix,
    Record,
    Resource,
    SetReading,
    Source,
    Statement,
)
from kakehashi.records.values import (
    AssessmentStatus,
    Authority,
    Certainty,
    Intersects,
    Lifecycle,
    MappingStatus,
    Nature,
    Origin,
    ParentLink,
    RationaleKind,
    Redistribution,
    StatedAs,
)
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.iris import DCAT, DCTERMS, KK, SKOS, XSD_STRING, IdSpace
from kakehashi.vocabulary.rdf import Lit, Term, Triple

_NOT_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')

_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9/._~()-]*")

_E = TypeVar("_E")


class _Names(dict[str, str]):
    """The N-Triples term of each name of the ontology, made once."""

    def __missing__(self, name: str) -> str:
        term = self[name] = f"<{KK}{name}>"
        return term


_KK: Final = _Names()
_TYPE: Final = f"<{iris.TYPE}>"
_PREF_LABEL: Final = f"<{SKOS}prefLabel>"
_NOTATION: Final = f"<{SKOS}notation>"
_BROADER: Final = f"<{SKOS}broader>"
_IN_SCHEME: Final = f"<{SKOS}inScheme>"
_IDENTIFIER: Final = f"<{DCTERMS}identifier>"
_SOURCE: Final = f"<{DCTERMS}source>"
_INTEGER: Final = f"^^<{iris.XSD_INTEGER}>"


def quoted(text: str) -> str:
    """A string as an N-Triples literal."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def bracketed(iri: str) -> str:
    """An IRI as an N-Triples term; ValueError where it holds what no IRI may, so that nothing can be smuggled in."""
    if _NOT_IN_IRI.search(iri):
        raise ValueError(f"no IRI: {iri!r}")
    return f"<{iri}>"


class _Iris(dict[str, str]):
    """The N-Triples term of each id, made once."""

    def __init__(self, ids: IdSpace) -> None:
        super().__init__()
        self._ids, self._prefix = ids, ids.prefix

    def __missing__(self, identifier: str) -> str:
        iri = self._prefix + identifier if _PLAIN_ID.fullmatch(identifier) else self._ids.iri(identifier)
        term = self[identifier] = f"<{iri}>"
        return term


class Encoder:
    """Turns records into lines of N-Triples; `core_classes` gives the core class of each kind."""

    def __init__(self, ids: IdSpace, core_classes: Mapping[str, str]) -> None:
        self._iris = _Iris(ids)
        self._ends: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._classes = {kind: _KK[core] for kind, core in core_classes.items()}
        self._encoders: Mapping[type, Callable[..., list[str]]] = {
            Resource: self._resource, Statement: self._statement, Source: self._source, Framework: self._framework,
            Edition: self._edition, Matrix: self._matrix, MappingSet: self._mapping_set, SetReading: self._set_reading,
            Group: self._group, Assessment: self._assessment,
        }  # fmt: skip

    def graph(self, records: Iterable[Record]) -> list[str]:
        """The triples of one source's records, a line each, without line ends; what several statements say is there once."""
        encoders, said, lines = self._encoders, set[str](), list[str]()
        for record in records:
            if type(record) is Statement:
                said.add(self._said(record))
            lines += encoders[type(record)](record)
        return [*sorted(said), *lines]

    def _said(self, record: Statement) -> str:
        """The triple that a statement states."""
        return f"{self._iris[record.subject]} <{iris.PREDICATE}{record.predicate}> {self._target(record)} ."

    def _target(self, record: Statement) -> str:
        return self._iris[record.object] if record.object is not None else _literal(record.value)

    def _resource(self, record: Resource) -> list[str]:
        node = self._iris[record.id]
        lines = [
            f"{node} {_TYPE} {self._classes.get(record.kind) or _KK['Resource']} .",
            f"{node} {_KK['kind']} <{iris.KIND}{record.kind}> .",
            f"{node} {_IDENTIFIER} {quoted(record.id)} .",
            f"{node} {_SOURCE} {self._iris[record.source]} .",
            *_labels(node, _PREF_LABEL, record.labels),
            *_own_words(node, record.labels),
            *_labels(node, _KK["text"], record.texts),
        ]
        if record.notation is not None:
            lines.append(f"{node} {_NOTATION} {quoted(record.notation)} .")
        if record.parent is not None:
            lines.append(f"{node} {_BROADER} {self._iris[record.parent]} .")
        if record.lifecycle is not None:
            lines.append(f"{node} {_KK['lifecycle']} <{iris.LIFECYCLE}{record.lifecycle}> .")
        return lines

    def _statement(self, record: Statement) -> list[str]:
        node, name = self._iris[record.id], "object" if record.object is not None else "value"
        lines = [
            f"{node} {_KK['subject']} {self._iris[record.subject]} .",
            f"{node} {_KK[name]} {self._target(record)} .",
            *[
                node + end
                for end in self._common(record.predicate, record.certainty, record.authority, record.nature, record.source)
            ],
        ]
        for name, text in (("section", record.section), ("confidence", record.confidence), ("note", record.note)):
            if text is not None:
                lines.append(f"{node} {_KK[name]} {quoted(text)} .")
        if record.checked_on is not None:
            lines.append(f"{node} {_KK['checkedOn']} {_date(record.checked_on)} .")
        if record.mapping is not None:
            lines.append(f"{node} {_TYPE} {_KK['Mapping']} .")
            lines += self._detail(node, record.mapping)
        return lines

    def _common(self, predicate: str, certainty: Certainty, authority: Authority, nature: Nature, source: str) -> tuple[str, ...]:
        """What many statements of a source say alike, without the node that says it."""
        key = (predicate, certainty, authority, nature, source)
        if key not in self._ends:
            self._ends[key] = (
                f" {_TYPE} {_KK['Statement']} .",
                f" {_KK['predicate']} <{iris.PREDICATE}{predicate}> .",
                f" {_KK['certainty']} <{iris.CERTAINTY}{certainty}> .",
                f" {_KK['authority']} <{iris.AUTHORITY}{authority}> .",
                f" {_KK['nature']} <{iris.NATURE}{nature}> .",
                f" {_SOURCE} {self._iris[source]} .",
            )
        return self._ends[key]

    def _detail(self, node: str, detail: MappingDetail) -> list[str]:
        lines = [
            *[node + end for end in self._of_set(detail.mapping_set, detail.verbatim, detail.justification, detail.status)],
            *_labels(node, _KK["rationale"], detail.rationale),
            *_own_words(node, detail.rationale),
        ]
        if detail.rationale_kind is not None:
            lines.append(f"{node} {_KK['rationaleKind']} <{iris.RATIONALE_KIND}{detail.rationale_kind}> .")
        if detail.strength is not None:
            lines.append(f"{node} {_KK['strength']} {quoted(detail.strength)} .")
        if detail.confidence is not None:
            lines.append(f'{node} {_KK["confidenceThousandths"]} "{detail.confidence}"{_INTEGER} .')
        if detail.group is not None:
            lines.append(f"{node} {_KK['inGroup']} {self._iris[detail.group]} .")
        return lines

    def _of_set(self, mapping_set: str, verbatim: str, justification: str, status: MappingStatus) -> tuple[str, ...]:
        """What many mappings of a set say alike."""
        key = (mapping_set, verbatim, justification, status)
        if key not in self._ends:
            self._ends[key] = (
                f" {_KK['mappingSet']} {self._iris[mapping_set]} .",
                f" {_KK['verbatim']} {quoted(verbatim)} .",
                f" {_KK['justification']} {bracketed(justification)} .",
                f" {_KK['mappingStatus']} <{iris.MAPPING_STATUS}{status}> .",
            )
        return self._ends[key]

    def _group(self, record: Group) -> list[str]:
        node = self._iris[record.id]
        return [
            f"{node} {_TYPE} {_KK['MappingGroup']} .",
            f"{node} {_SOURCE} {self._iris[record.source]} .",
            f"{node} {_KK['authority']} <{iris.AUTHORITY}{record.authority}> .",
            f"{node} {_KK['certainty']} <{iris.CERTAINTY}{record.certainty}> .",
            f"{node} {_KK['predicate']} <{iris.PREDICATE}{record.predicate}> .",
            *(f"{node} {_KK['groupSubject']} {self._iris[member]} ." for member in record.subjects),
            *(f"{node} {_KK['groupObject']} {self._iris[member]} ." for member in record.objects),
            *self._detail(node, record.mapping),
        ]

    def _mapping_set(self, record: MappingSet) -> list[str]:
        node = self._iris[record.id]
        lines = [
            f"{node} {_KK['structureSource']} {self._iris[record.source]} .",
            f"{node} {_KK['statedAs']} <{iris.STATED_AS}{record.stated_as}> .",
            f"{node} {_KK['origin']} <{iris.ORIGIN}{record.origin}> .",
            f'{node} {_KK["rows"]} "{record.rows}"{_INTEGER} .',
            *(f"{node} {_KK['derivedFrom']} {self._iris[other]} ." for other in record.derived_from),
        ]
        if record.subject_edition is not None:
            lines.append(f"{node} {_KK['subjectEdition']} {self._iris[record.subject_edition]} .")
        if record.object_edition is not None:
            lines.append(f"{node} {_KK['objectEdition']} {self._iris[record.object_edition]} .")
        return lines

    def _set_reading(self, record: SetReading) -> list[str]:
        node = self._iris[record.id]
        return [
            f"{node} {_KK['intersects']} <{iris.INTERSECTS}{record.intersects}> .",
            f"{node} {_KK['readingSource']} {self._iris[record.source]} .",
            f"{node} {_KK['registeredBy']} {quoted(record.registered_by)} .",
            f"{node} {_KK['registeredOn']} {_date(record.registered_on)} .",
            *_labels(node, _KK["readingReason"], record.reasons),
        ]

    def _framework(self, record: Framework) -> list[str]:
        node = self._iris[record.id]
        return [
            f"{node} {_KK['parentLink']} <{iris.PARENT_LINK}{record.parent_link}> .",
            f"{node} {_KK['structureSource']} {self._iris[record.source]} .",
            *_labels(node, _KK["parentLinkReason"], record.reasons),
        ]

    def _edition(self, record: Edition) -> list[str]:
        node = self._iris[record.id]
        lines = [
            f"{node} {_TYPE} <{SKOS}ConceptScheme> .",
            f"{node} {_KK['structureSource']} {self._iris[record.source]} .",
            f"{node} <{DCTERMS}isVersionOf> {self._iris[record.framework]} .",
        ]
        if record.version is not None:
            lines.append(f"{node} <{DCAT}version> {quoted(record.version)} .")
        if record.issued is not None:
            lines.append(f"{node} <{DCTERMS}issued> {_date(record.issued)} .")
        if record.replaces is not None:
            lines.append(f"{node} <{DCTERMS}replaces> {self._iris[record.replaces]} .")
        for position, provision in enumerate(record.provisions, start=1):
            member = self._iris[provision]
            lines.append(f"{member} {_IN_SCHEME} {node} .")
            lines.append(f'{member} {_KK["position"]} "{position}"{_INTEGER} .')
        for name, members in _SELECTIONS.items():
            lines += [f"{node} {_KK[name]} {self._iris[member]} ." for member in members(record)]
        return lines

    def _matrix(self, record: Matrix) -> list[str]:
        node = self._iris[record.id]
        lines = [
            f"{node} {_KK['cellKind']} <{iris.KIND}{record.cell_kind}> .",
            f"{node} {_KK['structureSource']} {self._iris[record.source]} .",
            f"{node} {_KK['rowPredicate']} <{iris.PREDICATE}{record.row_predicate}> .",
            f"{node} {_KK['columnPredicate']} <{iris.PREDICATE}{record.column_predicate}> .",
        ]
        for axis, members in (("row", record.rows), ("column", record.columns)):
            for position, member in enumerate(members, start=1):
                place = self._iris[f"{record.id}/{axis}/{position}"]
                lines += [
                    f"{place} {_TYPE} {_KK['AxisMember']} .",
                    f"{place} {_KK['axisOf']} {node} .",
                    f"{place} {_KK['axis']} {quoted(axis)} .",
                    f'{place} {_KK["position"]} "{position}"{_INTEGER} .',
                    f"{place} {_KK['member']} {self._iris[member]} .",
                ]
        return lines

    def _assessment(self, record: Assessment) -> list[str]:
        node = self._iris[record.id]
        said = (
            ("assessedOrganisation", record.organisation), ("assessedScope", record.scope), ("reviewer", record.reviewer),
            ("applicabilityJustification", record.justification), ("evidence", record.evidence), ("remark", record.remark),
        )  # fmt: skip
        lines = [
            f"{node} {_TYPE} {_KK['Assessment']} .",
            f"{node} {_SOURCE} {self._iris[record.source]} .",
            f"{node} {_KK['assessedEdition']} {self._iris[record.edition]} .",
            f"{node} {_KK['assessedProvision']} {self._iris[record.provision]} .",
            f"{node} {_KK['assessmentStatus']} <{iris.ASSESSMENT_STATUS}{record.status}> .",
            f"{node} {_KK['assessedOn']} {_date(record.assessed_on)} .",
            *(f"{node} {_KK[name]} {quoted(text)} ." for name, text in said if text is not None),
        ]
        if record.control is not None:
            lines.append(f"{node} {_KK['doneBy']} {self._iris[record.control]} .")
        return lines

    def _source(self, record: Source) -> list[str]:
        node = self._iris[record.id]
        lines = [
            f"{node} {_TYPE} {_KK['Source']} .",
            f"{node} {_TYPE} <{DCAT}Dataset> .",
            *_labels(node, f"<{DCTERMS}title>", record.labels),
            *_own_words(node, record.labels),
            f"{node} <{DCTERMS}rights> {quoted(record.rights)} .",
            f"{node} {_KK['authority']} <{iris.AUTHORITY}{record.authority}> .",
            f"{node} {_KK['redistribution']} <{iris.REDISTRIBUTION}{record.redistribution}> .",
            f"{node} {_KK['sha256']} {quoted(record.sha256)} .",
            f"{node} {_KK['loader']} {quoted(record.loader)} .",
            f"{node} {_KK['loaderVersion']} {quoted(record.loader_version)} .",
        ]
        if record.publisher is not None:
            lines.append(f"{node} <{DCTERMS}publisher> {self._iris[record.publisher]} .")
        if record.version is not None:
            lines.append(f"{node} <{DCAT}version> {quoted(record.version)} .")
        return lines


_SELECTIONS: Final[Mapping[str, Callable[[Edition], tuple[str, ...]]]] = {
    "selects": lambda edition: edition.selected,
    "selectsWithParts": lambda edition: edition.selected_with_parts,
    "selectsAllOf": lambda edition: edition.selects_all_of,
    "excludes": lambda edition: edition.excluded,
}


def _labels(node: str, predicate: str, labels: tuple[Label, ...]) -> list[str]:
    return [f"{node} {predicate} {quoted(label.text)}@{label.language} ." for label in labels]


def _own_words(node: str, labels: tuple[Label, ...]) -> list[str]:
    return [f"{node} {_KK['ownWords']} {quoted(label.language)} ." for label in labels if label.ours]


def _date(day: date) -> str:
    return f'"{day.isoformat()}"^^<{iris.XSD_DATE}>'


def _literal(value: Literal | None) -> str:
    if value is None:
        raise ValueError("a statement has an object or a value")
    if value.language is not None:
        return f"{quoted(value.text)}@{value.language}"
    return quoted(value.text) if value.datatype == "string" else f"{quoted(value.text)}^^<{iris.XSD}{value.datatype}>"


def decode(source: str, triples: Iterable[Triple], ids: IdSpace) -> list[Record]:
    """The records of one graph, in no particular order; ValueError where the graph is none of ours."""
    nodes: dict[str, _Node] = defaultdict(lambda: defaultdict(list))
    members: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for subject, predicate, target in triples:
        nodes[subject.value][predicate.value].append(target)
    return _Decoder(source, ids, nodes, members).records()


_Node = dict[str, list[Term]]


class _Decoder:
    """Reads nodes back into records: each property that only one sort of record has says that it is one."""

    def __init__(self, source: str, ids: IdSpace, nodes: Mapping[str, _Node], members: dict[str, list[tuple[int, str]]]) -> None:
        self._source_id, self._ids, self._nodes, self._members = source, ids, nodes, members
        self._sorts: Mapping[str, Callable[[str, _Node], Record]] = {
            KK + "kind": self._resource, KK + "subject": self._statement, KK + "sha256": self._source,
            KK + "parentLink": self._framework, DCTERMS + "isVersionOf": self._edition, KK + "cellKind": self._matrix,
            KK + "statedAs": self._mapping_set, KK + "intersects": self._set_reading, KK + "groupSubject": self._group,
            KK + "assessmentStatus": self._assessment,
        }  # fmt: skip

    def records(self) -> list[Record]:
        self._collect_members()
        return [
            read(self._id(iri), node)
            for iri, node in self._nodes.items()
            for marker, read in self._sorts.items()
            if marker in node
        ]

    def _collect_members(self) -> None:
        """The members of editions and of the axes of matrices, by the IRI of what they belong to and the axis."""
        for iri, node in self._nodes.items():
            if KK + "position" not in node:
                continue
            position = int(_value(node, KK + "position"))
            if KK + "axisOf" in node:
                key = _value(node, KK + "axisOf") + " " + _value(node, KK + "axis")
                self._members[key].append((position, _value(node, KK + "member")))
            else:
                self._members[_value(node, SKOS + "inScheme")].append((position, iri))

    def _member_ids(self, key: str) -> tuple[str, ...]:
        return tuple(self._id(iri) for _, iri in sorted(self._members.get(key, ())))

    def _id(self, iri: str) -> str:
        identifier = self._ids.identifier(iri)
        if identifier is None:
            raise ValueError(f"{iri} is outside {self._ids.prefix}")
        return identifier

    def _id_or_none(self, node: _Node, predicate: str) -> str | None:
        return self._id(node[predicate][0].value) if predicate in node else None

    def _id_list(self, node: _Node, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(self._id(term.value) for term in node.get(predicate, ())))

    def _resource(self, identifier: str, node: _Node) -> Resource:
        return Resource(
            id=identifier, kind=_word(node, KK + "kind", iris.KIND), source=self._source_id,
            labels=_read_labels(node, SKOS + "prefLabel", _own(node)), notation=_value_or_none(node, SKOS + "notation"),
            parent=self._id_or_none(node, SKOS + "broader"),
            lifecycle=_word_or_none(node, KK + "lifecycle", iris.LIFECYCLE, Lifecycle),
            texts=_read_labels(node, KK + "text", frozenset()),
        )  # fmt: skip

    def _statement(self, identifier: str, node: _Node) -> Statement:
        checked_on = _value_or_none(node, KK + "checkedOn")
        return Statement(
            id=identifier, subject=self._id(_value(node, KK + "subject")),
            predicate=_word(node, KK + "predicate", iris.PREDICATE), object=self._id_or_none(node, KK + "object"),
            value=_read_literal(node), source=self._source_id,
            certainty=Certainty(_word(node, KK + "certainty", iris.CERTAINTY)),
            authority=Authority(_word(node, KK + "authority", iris.AUTHORITY)),
            nature=Nature(_word(node, KK + "nature", iris.NATURE)), section=_value_or_none(node, KK + "section"),
            confidence=_value_or_none(node, KK + "confidence"), note=_value_or_none(node, KK + "note"),
            checked_on=date.fromisoformat(checked_on) if checked_on else None,
            mapping=self._detail(node) if KK + "mappingSet" in node else None,
        )  # fmt: skip

    def _detail(self, node: _Node) -> MappingDetail:
        confidence = _value_or_none(node, KK + "confidenceThousandths")
        return MappingDetail(
            mapping_set=self._id(_value(node, KK + "mappingSet")), verbatim=_value(node, KK + "verbatim"),
            justification=_value(node, KK + "justification"),
            status=MappingStatus(_word(node, KK + "mappingStatus", iris.MAPPING_STATUS)),
            rationale=_read_labels(node, KK + "rationale", _own(node)),
            rationale_kind=_word_or_none(node, KK + "rationaleKind", iris.RATIONALE_KIND, RationaleKind),
            strength=_value_or_none(node, KK + "strength"), confidence=int(confidence) if confidence else None,
            group=self._id_or_none(node, KK + "inGroup"),
        )  # fmt: skip

    def _group(self, identifier: str, node: _Node) -> Group:
        return Group(
            id=identifier, source=self._source_id, authority=Authority(_word(node, KK + "authority", iris.AUTHORITY)),
            certainty=Certainty(_word(node, KK + "certainty", iris.CERTAINTY)),
            subjects=self._id_list(node, KK + "groupSubject"),
            predicate=_word(node, KK + "predicate", iris.PREDICATE), objects=self._id_list(node, KK + "groupObject"),
            mapping=self._detail(node),
        )  # fmt: skip

    def _mapping_set(self, identifier: str, node: _Node) -> MappingSet:
        return MappingSet(
            id=identifier, source=self._source_id, stated_as=StatedAs(_word(node, KK + "statedAs", iris.STATED_AS)),
            rows=int(_value(node, KK + "rows")), origin=Origin(_word(node, KK + "origin", iris.ORIGIN)),
            derived_from=self._id_list(node, KK + "derivedFrom"),
            subject_edition=self._id_or_none(node, KK + "subjectEdition"),
            object_edition=self._id_or_none(node, KK + "objectEdition"),
        )  # fmt: skip

    def _set_reading(self, identifier: str, node: _Node) -> SetReading:
        return SetReading(
            id=identifier, source=self._source_id, intersects=Intersects(_word(node, KK + "intersects", iris.INTERSECTS)),
            reasons=_read_labels(node, KK + "readingReason", None), registered_by=_value(node, KK + "registeredBy"),
            registered_on=date.fromisoformat(_value(node, KK + "registeredOn")),
        )  # fmt: skip

    def _framework(self, identifier: str, node: _Node) -> Framework:
        return Framework(
            id=identifier, source=self._source_id, parent_link=ParentLink(_word(node, KK + "parentLink", iris.PARENT_LINK)),
            reasons=_read_labels(node, KK + "parentLinkReason", None),
        )  # fmt: skip

    def _edition(self, identifier: str, node: _Node) -> Edition:
        issued = _value_or_none(node, DCTERMS + "issued")
        return Edition(
            id=identifier, source=self._source_id, framework=self._id(_value(node, DCTERMS + "isVersionOf")),
            version=_value_or_none(node, DCAT + "version"), issued=date.fromisoformat(issued) if issued else None,
            replaces=self._id_or_none(node, DCTERMS + "replaces"), provisions=self._member_ids(self._ids.iri(identifier)),
            selected=self._id_list(node, KK + "selects"), selected_with_parts=self._id_list(node, KK + "selectsWithParts"),
            selects_all_of=self._id_list(node, KK + "selectsAllOf"), excluded=self._id_list(node, KK + "excludes"),
        )  # fmt: skip

    def _matrix(self, identifier: str, node: _Node) -> Matrix:
        iri = self._ids.iri(identifier)
        return Matrix(
            id=identifier, source=self._source_id, cell_kind=_word(node, KK + "cellKind", iris.KIND),
            row_predicate=_word(node, KK + "rowPredicate", iris.PREDICATE),
            column_predicate=_word(node, KK + "columnPredicate", iris.PREDICATE),
            rows=self._member_ids(f"{iri} row"), columns=self._member_ids(f"{iri} column"),
        )  # fmt: skip

    def _assessment(self, identifier: str, node: _Node) -> Assessment:
        return Assessment(
            id=identifier, source=self._source_id, organisation=_value(node, KK + "assessedOrganisation"),
            edition=self._id(_value(node, KK + "assessedEdition")), provision=self._id(_value(node, KK + "assessedProvision")),
            status=AssessmentStatus(_word(node, KK + "assessmentStatus", iris.ASSESSMENT_STATUS)),
            reviewer=_value(node, KK + "reviewer"), assessed_on=date.fromisoformat(_value(node, KK + "assessedOn")),
            scope=_value_or_none(node, KK + "assessedScope"),
            justification=_value_or_none(node, KK + "applicabilityJustification"), control=self._id_or_none(node, KK + "doneBy"),
            evidence=_value_or_none(node, KK + "evidence"), remark=_value_or_none(node, KK + "remark"),
        )  # fmt: skip

    def _source(self, identifier: str, node: _Node) -> Source:
        return Source(
            id=identifier, labels=_read_labels(node, DCTERMS + "title", _own(node)),
            authority=Authority(_word(node, KK + "authority", iris.AUTHORITY)),
            redistribution=Redistribution(_word(node, KK + "redistribution", iris.REDISTRIBUTION)),
            rights=_value(node, DCTERMS + "rights"), sha256=_value(node, KK + "sha256"),
            loader=_value(node, KK + "loader"), loader_version=_value(node, KK + "loaderVersion"),
            publisher=self._id_or_none(node, DCTERMS + "publisher"), version=_value_or_none(node, DCAT + "version"),
        )  # fmt: skip


def _value(node: _Node, predicate: str) -> str:
    return node[predicate][0].value


def _value_or_none(node: _Node, predicate: str) -> str | None:
    return node[predicate][0].value if predicate in node else None


def _word(node: _Node, predicate: str, prefix: str) -> str:
    return _value(node, predicate).removeprefix(prefix)


def _word_or_none(node: _Node, predicate: str, prefix: str, words: Callable[[str], _E]) -> _E | None:
    return words(_word(node, predicate, prefix)) if predicate in node else None


def _own(node: _Node) -> frozenset[str]:
    return frozenset(term.value for term in node.get(KK + "ownWords", ()))


def _read_labels(node: _Node, predicate: str, own: frozenset[str] | None) -> tuple[Label, ...]:
    """Labels in canonical order; `own` are the languages in which the wording is ours, None for all."""
    found = [term for term in node.get(predicate, ()) if isinstance(term, Lit) and term.language is not None]
    labels = (Label(language=term.language or "", text=term.value, ours=own is None or term.language in own) for term in found)
    return tuple(sorted(labels))


def _read_literal(node: _Node) -> Literal | None:
    term = node[KK + "value"][0] if KK + "value" in node else None
    if not isinstance(term, Lit):
        return None
    if term.language is not None:
        return Literal(text=term.value, language=term.language)
    return Literal(text=term.value, datatype="string" if term.datatype == XSD_STRING else term.datatype.removeprefix(iris.XSD))
