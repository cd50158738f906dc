"""How records stand in RDF (the ontology's `core.ttl` and `shapes.ttl` describe the same)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kakehashi.records.model import (
    Edition,
    Framework,
    Label,
    Literal,
    MappingDetail,
    Matrix,
    Record,
    Resource,
    Source,
    Statement,
)
from kakehashi.store.port import Iri, Lit, Term, Triple
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.iris import DCAT, DCTERMS, KK, SKOS, IdSpace


@dataclass(frozen=True, slots=True)
class Encoder:
    """Turns records into triples; `core_classes` gives the core class of each kind."""

    ids: IdSpace
    core_classes: dict[str, str] = field(default_factory=dict)

    def triples(self, record: Record) -> Iterator[Triple]:
        """All triples of one record."""
        match record:
            case Resource():
                yield from self._resource(record)
            case Statement():
                yield from self._statement(record)
            case Source():
                yield from self._source(record)
            case Framework():
                yield from self._framework(record)
            case Edition():
                yield from self._edition(record)
            case Matrix():
                yield from self._matrix(record)

    def _iri(self, identifier: str) -> Iri:
        return Iri(self.ids.iri(identifier))

    def _resource(self, record: Resource) -> Iterator[Triple]:
        node = self._iri(record.id)
        yield node, Iri(iris.TYPE), Iri(KK + self.core_classes.get(record.kind, "Resource"))
        yield node, Iri(KK + "kind"), Iri(iris.KIND + record.kind)
        yield node, Iri(DCTERMS + "identifier"), Lit(record.id)
        yield node, Iri(DCTERMS + "source"), self._iri(record.source)
        yield from _labels(node, SKOS + "prefLabel", record.labels)
        for label in record.labels:
            if label.ours:
                yield node, Iri(KK + "ownWords"), Lit(label.language)
        if record.notation is not None:
            yield node, Iri(SKOS + "notation"), Lit(record.notation)

    def _statement(self, record: Statement) -> Iterator[Triple]:
        node, subject = self._iri(record.id), self._iri(record.subject)
        predicate = Iri(iris.PREDICATE + record.predicate)
        target = self._iri(record.object) if record.object is not None else _literal(record.value)
        yield subject, predicate, target
        yield node, Iri(iris.TYPE), Iri(KK + "Statement")
        yield node, Iri(KK + "subject"), subject
        yield node, Iri(KK + "predicate"), predicate
        yield node, Iri(KK + ("object" if record.object is not None else "value")), target
        yield node, Iri(KK + "certainty"), Iri(iris.CERTAINTY + record.certainty)
        yield node, Iri(KK + "authority"), Iri(iris.AUTHORITY + record.authority)
        yield node, Iri(KK + "nature"), Iri(iris.NATURE + record.nature)
        yield node, Iri(DCTERMS + "source"), self._iri(record.source)
        for name, text in (("section", record.section), ("confidence", record.confidence), ("note", record.note)):
            if text is not None:
                yield node, Iri(KK + name), Lit(text)
        if record.checked_on is not None:
            yield node, Iri(KK + "checkedOn"), Lit(record.checked_on.isoformat(), iris.XSD_DATE)
        if record.mapping is not None:
            yield from self._mapping(node, record.mapping)

    def _mapping(self, node: Iri, detail: MappingDetail) -> Iterator[Triple]:
        yield node, Iri(iris.TYPE), Iri(KK + "Mapping")
        yield node, Iri(KK + "mappingSet"), self._iri(detail.mapping_set)
        yield node, Iri(KK + "verbatim"), Lit(detail.verbatim)
        yield node, Iri(KK + "justification"), Iri(detail.justification)
        yield node, Iri(KK + "mappingStatus"), Iri(iris.MAPPING_STATUS + detail.status)
        yield from _labels(node, KK + "rationale", detail.rationale)
        if detail.rationale_kind is not None:
            yield node, Iri(KK + "rationaleKind"), Iri(iris.RATIONALE_KIND + detail.rationale_kind)
        for name, number in (("strength", detail.strength), ("confidenceThousandths", detail.confidence)):
            if number is not None:
                yield node, Iri(KK + name), Lit(str(number), iris.XSD_INTEGER)

    def _framework(self, record: Framework) -> Iterator[Triple]:
        node = self._iri(record.id)
        yield node, Iri(KK + "parentLink"), Iri(iris.PARENT_LINK + record.parent_link)
        yield node, Iri(KK + "structureSource"), self._iri(record.source)

    def _edition(self, record: Edition) -> Iterator[Triple]:
        node = self._iri(record.id)
        yield node, Iri(iris.TYPE), Iri(SKOS + "ConceptScheme")
        yield node, Iri(KK + "structureSource"), self._iri(record.source)
        yield node, Iri(DCTERMS + "isVersionOf"), self._iri(record.framework)
        if record.version is not None:
            yield node, Iri(DCAT + "version"), Lit(record.version)
        if record.issued is not None:
            yield node, Iri(DCTERMS + "issued"), Lit(record.issued.isoformat(), iris.XSD_DATE)
        if record.replaces is not None:
            yield node, Iri(DCTERMS + "replaces"), self._iri(record.replaces)
        for position, provision in enumerate(record.provisions, start=1):
            yield self._iri(provision), Iri(SKOS + "inScheme"), node
            yield self._iri(provision), Iri(KK + "position"), Lit(str(position), iris.XSD_INTEGER)

    def _matrix(self, record: Matrix) -> Iterator[Triple]:
        node = self._iri(record.id)
        yield node, Iri(KK + "cellKind"), Iri(iris.KIND + record.cell_kind)
        yield node, Iri(KK + "structureSource"), self._iri(record.source)
        yield node, Iri(KK + "rowPredicate"), Iri(iris.PREDICATE + record.row_predicate)
        yield node, Iri(KK + "columnPredicate"), Iri(iris.PREDICATE + record.column_predicate)
        for axis, members in (("row", record.rows), ("column", record.columns)):
            for position, member in enumerate(members, start=1):
                place = self._iri(f"{record.id}/{axis}/{position}")
                yield place, Iri(iris.TYPE), Iri(KK + "AxisMember")
                yield place, Iri(KK + "axisOf"), node
                yield place, Iri(KK + "axis"), Lit(axis)
                yield place, Iri(KK + "position"), Lit(str(position), iris.XSD_INTEGER)
                yield place, Iri(KK + "member"), self._iri(member)

    def _source(self, record: Source) -> Iterator[Triple]:
        node = self._iri(record.id)
        yield node, Iri(iris.TYPE), Iri(KK + "Source")
        yield node, Iri(iris.TYPE), Iri(DCAT + "Dataset")
        yield from _labels(node, DCTERMS + "title", record.labels)
        yield node, Iri(DCTERMS + "rights"), Lit(record.rights)
        yield node, Iri(KK + "authority"), Iri(iris.AUTHORITY + record.authority)
        yield node, Iri(KK + "redistribution"), Iri(iris.REDISTRIBUTION + record.redistribution)
        yield node, Iri(KK + "sha256"), Lit(record.sha256)
        yield node, Iri(KK + "loader"), Lit(record.loader)
        yield node, Iri(KK + "loaderVersion"), Lit(record.loader_version)
        if record.publisher is not None:
            yield node, Iri(DCTERMS + "publisher"), self._iri(record.publisher)


def _labels(node: Iri, predicate: str, labels: tuple[Label, ...]) -> Iterator[Triple]:
    for label in labels:
        yield node, Iri(predicate), Lit(label.text, iris.LANG_STRING, label.language)


def _literal(value: Literal | None) -> Term:
    if value is None:
        raise ValueError("a statement has an object or a value")
    if value.language is not None:
        return Lit(value.text, iris.LANG_STRING, value.language)
    return Lit(value.text, iris.XSD + value.datatype)
