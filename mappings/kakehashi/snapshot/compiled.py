"""Reads a release out of the store: SPARQL rows to records, equal to those that were written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kakehashi.records.model import (
    Edition,
    Framework,
    Label,
    Literal,
    MappingDetail,
    Matrix,
    Records,
    Resource,
    Source,
    Statement,
    Term,
)
from kakehashi.records.values import (
    Authority,
    Certainty,
    MappingStatus,
    Nature,
    ParentLink,
    RationaleKind,
    Redistribution,
)
from kakehashi.store.port import Iri, Lit, Row, Store
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.iris import IdSpace

_R = TypeVar("_R", Source, Resource, Framework, Edition, Matrix, Statement)


def read_records(store: Store, graphs: Iterable[Iri], ids: IdSpace) -> Records:
    """All records of a release, each type ordered by id (provisions and axes by position)."""
    return _Reader(store, tuple(graphs), ids).records()


@dataclass(frozen=True, slots=True)
class _Reader:
    store: Store
    graphs: tuple[Iri, ...]
    ids: IdSpace

    def records(self) -> Records:
        return Records(
            sources=_by_id(self._sources()),
            resources=_by_id(self._resources()),
            frameworks=_by_id(self._frameworks()),
            editions=_by_id(self._editions()),
            matrices=_by_id(self._matrices()),
            statements=_by_id(self._statements()),
            terms=tuple(sorted(self._terms(), key=lambda term: term.iri)),
        )

    def _rows(self, query: str) -> Iterator[Row]:
        return self.store.select(query, self.graphs)

    def _id(self, row: Row, name: str) -> str:
        identifier = self.ids.identifier(_text(row, name))
        if identifier is None:
            raise ValueError(f"{_text(row, name)} is outside {self.ids.prefix}")
        return identifier

    def _id_or_none(self, row: Row, name: str) -> str | None:
        return None if row[name] is None else self._id(row, name)

    def _labels(self, query: str, *, ours: bool) -> Mapping[str, tuple[Label, ...]]:
        """Labels by the IRI of what they name, Japanese first; `ours` where the row does not say."""
        found: dict[str, list[Label]] = defaultdict(list)
        for row in self._rows(query):
            label = row["label"]
            if isinstance(label, Lit) and label.language is not None:
                own = _text(row, "ours") == "true" if "ours" in row else ours
                found[_text(row, "id")].append(Label(language=label.language, text=label.value, ours=own))
        return {key: tuple(sorted(labels, key=lambda label: label.language, reverse=True)) for key, labels in found.items()}

    def _resources(self) -> Iterator[Resource]:
        labels = self._labels("labels", ours=False)
        for row in self._rows("resources"):
            yield Resource(
                id=self._id(row, "id"),
                kind=_word(row, "kind", iris.KIND),
                labels=labels.get(_text(row, "id"), ()),
                source=self._id(row, "source"),
                notation=_text_or_none(row, "notation"),
            )

    def _statements(self) -> Iterator[Statement]:
        mappings = dict(self._mappings())
        for row in self._rows("statements"):
            yield Statement(
                id=self._id(row, "id"),
                subject=self._id(row, "subject"),
                predicate=_word(row, "predicate", iris.PREDICATE),
                object=self._id_or_none(row, "object"),
                value=_literal(row),
                source=self._id(row, "source"),
                certainty=Certainty(_word(row, "certainty", iris.CERTAINTY)),
                authority=Authority(_word(row, "authority", iris.AUTHORITY)),
                nature=Nature(_word(row, "nature", iris.NATURE)),
                section=_text_or_none(row, "section"),
                confidence=_text_or_none(row, "confidence"),
                note=_text_or_none(row, "note"),
                checked_on=_date_or_none(row, "checkedOn"),
                mapping=mappings.get(_text(row, "id")),
            )

    def _mappings(self) -> Iterator[tuple[str, MappingDetail]]:
        rationales = self._labels("rationales", ours=True)
        for row in self._rows("mappings"):
            kind = row["rationaleKind"]
            detail = MappingDetail(
                mapping_set=self._id(row, "set"),
                verbatim=_text(row, "verbatim"),
                justification=_text(row, "justification"),
                status=MappingStatus(_word(row, "status", iris.MAPPING_STATUS)),
                rationale=rationales.get(_text(row, "id"), ()),
                rationale_kind=RationaleKind(_word(row, "rationaleKind", iris.RATIONALE_KIND)) if kind else None,
                strength=_number_or_none(row, "strength"),
                confidence=_number_or_none(row, "confidence"),
            )
            yield _text(row, "id"), detail

    def _frameworks(self) -> Iterator[Framework]:
        for row in self._rows("frameworks"):
            link = ParentLink(_word(row, "parentLink", iris.PARENT_LINK))
            yield Framework(id=self._id(row, "id"), source=self._id(row, "source"), parent_link=link)

    def _editions(self) -> Iterator[Edition]:
        provisions = self._positioned("provisions", "provision")
        for row in self._rows("editions"):
            yield Edition(
                id=self._id(row, "id"),
                framework=self._id(row, "framework"),
                source=self._id(row, "source"),
                version=_text_or_none(row, "version"),
                issued=_date_or_none(row, "issued"),
                replaces=self._id_or_none(row, "replaces"),
                provisions=provisions.get((_text(row, "id"), ""), ()),
            )

    def _matrices(self) -> Iterator[Matrix]:
        axes = self._positioned("axes", "member")
        for row in self._rows("matrices"):
            yield Matrix(
                id=self._id(row, "id"),
                source=self._id(row, "source"),
                cell_kind=_word(row, "cellKind", iris.KIND),
                row_predicate=_word(row, "rowPredicate", iris.PREDICATE),
                column_predicate=_word(row, "columnPredicate", iris.PREDICATE),
                rows=axes.get((_text(row, "id"), "row"), ()),
                columns=axes.get((_text(row, "id"), "column"), ()),
            )

    def _positioned(self, query: str, member: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Members in order, by the IRI of what they belong to and the name of the axis ("" where there is one axis)."""
        found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for row in self._rows(query):
            axis = _text(row, "axis") if "axis" in row else ""
            found[_text(row, "id"), axis].append((int(_text(row, "position")), self._id(row, member)))
        return {key: tuple(identifier for _, identifier in sorted(members)) for key, members in found.items()}

    def _sources(self) -> Iterator[Source]:
        titles = self._labels("titles", ours=True)
        for row in self._rows("sources"):
            yield Source(
                id=self._id(row, "id"),
                labels=titles.get(_text(row, "id"), ()),
                publisher=self._id_or_none(row, "publisher"),
                rights=_text(row, "rights"),
                authority=Authority(_word(row, "authority", iris.AUTHORITY)),
                redistribution=Redistribution(_word(row, "redistribution", iris.REDISTRIBUTION)),
                sha256=_text(row, "sha256"),
                loader=_text(row, "loader"),
                loader_version=_text(row, "loaderVersion"),
            )

    def _terms(self) -> Iterator[Term]:
        definitions = self._labels("definitions", ours=True)
        core_classes = {_text(row, "id"): _text_or_none(row, "coreClass") for row in self._rows("terms")}
        for iri, labels in self._labels("terms", ours=True).items():
            core_class = core_classes.get(iri)
            yield Term(
                iri=iri,
                labels=labels,
                definitions=definitions.get(iri, ()),
                core_class=core_class.removeprefix(iris.KK) if core_class else None,
            )


def _by_id(records: Iterable[_R]) -> tuple[_R, ...]:
    return tuple(sorted(records, key=lambda record: record.id))


def _text(row: Row, name: str) -> str:
    term = row[name]
    if term is None:
        raise ValueError(f"?{name} is unbound")
    return term.value


def _text_or_none(row: Row, name: str) -> str | None:
    term = row[name]
    return None if term is None else term.value


def _word(row: Row, name: str, prefix: str) -> str:
    return _text(row, name).removeprefix(prefix)


def _number_or_none(row: Row, name: str) -> int | None:
    text = _text_or_none(row, name)
    return None if text is None else int(text)


def _date_or_none(row: Row, name: str) -> date | None:
    text = _text_or_none(row, name)
    return None if text is None else date.fromisoformat(text)


def _literal(row: Row) -> Literal | None:
    term = row["value"]
    if not isinstance(term, Lit):
        return None
    if term.language is not None:
        return Literal(text=term.value, language=term.language)
    return Literal(text=term.value, datatype=term.datatype.removeprefix(iris.XSD))
