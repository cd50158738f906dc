"""OSCAL mapping collections: n sources in a relation to m targets, source relation target.

The published collections are older than the schema, and none of them passes it: words outside its lists are taken as they are
where nothing hangs on them, and read as the weaker thing where something does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from kakehashi.records.model import Label, MappingSet, Resource
from kakehashi.records.values import Authority, MappingStatus, StatedAs
from kakehashi.sources.naming import Work, is_publisher_of
from kakehashi.sources.oscal.document import EMPTY, MAX_SHOWN, Document, short_version
from kakehashi.sources.oscal.model import (
    ConfidenceScore,
    Coverage,
    Map,
    Mapping,
    MappingCollection,
    MappingItem,
    Prop,
    Provenance,
    Qualifier,
    Scalar,
    plain,
    told,
)
from kakehashi.sources.oscal.references import References, provision_of
from kakehashi.sources.rows import MANUAL, UNSPECIFIED, MappingRow, RowWriter
from kakehashi.sources.spelling import slug
from kakehashi.sources.wording import predicate_of, rationale_of
from kakehashi.vocabulary.iris import SEMAPV
from kakehashi.vocabulary.text import Text

UNKNOWN_RELATIONSHIP = Text(
    "関係「{word}」を知りません。equal-to、equivalent-to、subset-of、superset-of、intersects-with、no-relationship のいずれかを"
    "書いてください。",
    "The relationship '{word}' is not known. Write equal-to, equivalent-to, subset-of, superset-of, intersects-with or "
    "no-relationship.",
)
UNKNOWN_TYPE = Text(
    "対応の端の種別「{word}」は control か statement です。", "An end's type is control or statement, not '{word}'."
)
BAD_SHARE = Text("確信度「{value}」は0から1までの数です。", "A confidence is a number from 0 to 1, not '{value}'.")
SUPERSEDED = Text(
    "公表者が廃止又は置換え済みとした対応は記録にしません。",
    "Mappings that their publisher calls deprecated or superseded make no record.",
)
UNMAPPED = Text(
    "対応先がないとされた管理策は記録にしません。どの関係も述べていないためです。",
    "Controls listed as unmapped make no record: no relation is stated by that.",
)
DETAILS = Text(
    "対応とその端の属性・リンク・注釈、言葉による確信度は記録にしません。",
    "Properties, links and remarks of ends, other properties of mappings, and confidence in words make no record.",
)

_JUSTIFICATIONS: Final = {"human": MANUAL, "manual": MANUAL, "hybrid": SEMAPV + "CompositeMatching"}
_STATUSES: Final = {
    "complete": MappingStatus.PUBLISHED, "published": MappingStatus.PUBLISHED, "final": MappingStatus.PUBLISHED,
}  # fmt: skip
"""A word that is not here (draft, not-complete, one of a publisher's own) is read as the least: a draft."""
_OUT_OF_USE: Final = frozenset({"deprecated", "superseded"})
_STRENGTHS: Final = ("mapping-strength", "strength", "strength-of-relationship", "control2control_map_percentage")
_OSCAL_NS: Final = "http://csrc.nist.gov/ns/oscal"
_OTHER: Final = "other-relation"
_UNPUBLISHED: Final = "complete"
"""What a mapping is where its publisher says nothing of its status: it was published."""


@dataclass(frozen=True, slots=True)
class _Found:
    mapping: Mapping
    raw: Any
    pointer: str
    source: Work
    target: Work


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one mapping collection."""

    document: Document
    provenance: Provenance

    def find(self, collection: MappingCollection, references: References) -> Iterator[_Found]:
        """The mappings whose two resources can be named."""
        for mapping, raw, pointer in self._mappings(collection.mappings):
            self.document.reading.count("mappings")
            ends = (mapping.source_resource, mapping.target_resource)
            works = [
                references.work(plain(end.href), raw[key], f"{pointer}/{key}", tuple(end.props))
                for key, end in zip(("source-resource", "target-resource"), ends, strict=True)
            ]
            if works[0] is not None and works[1] is not None:
                yield _Found(mapping, raw, pointer, works[0], works[1])

    def _mappings(self, mappings: object) -> Iterator[tuple[Mapping, Any, str]]:
        """The mappings of a list, or the one that stands without a list."""
        pointer = f"/{self.document.model}/mappings"
        if not isinstance(mappings, dict):
            yield from self.document.each(mappings, Mapping, pointer, self.document.body)
            return
        one = self.document.typed(mappings, Mapping, pointer, self.document.body)
        if one is not None:
            yield one, mappings, pointer

    def keep(self, found: _Found, writer: RowWriter) -> None:
        """The mapping set and its rows. One writer serves all sets, for it tells their repeats apart."""
        mapping, document = found.mapping, self.document
        for work in (found.source, found.target):
            document.add_named(work)
        identifier = self._mapping_set(found)
        self._gaps(found)
        place = document.place(found.raw, found.pointer)
        self._leave(place, len(mapping.props) + len(mapping.links))
        status = _word(mapping.status, self.provenance.status) or _UNPUBLISHED
        document.reading.count("maps", len(mapping.maps))
        if status in _OUT_OF_USE:
            document.reading.leave(SUPERSEDED, place, len(mapping.maps))
            return
        writer.mapping_set, writer.status = identifier, _STATUSES.get(status, MappingStatus.DRAFT)
        writer.justification = _JUSTIFICATIONS.get(_word(mapping.method, self.provenance.method), UNSPECIFIED)
        for one, raw, pointer in document.each(mapping.maps, Map, f"{found.pointer}/maps", found.raw):
            self._map(one, raw, pointer, found, writer)

    def _mapping_set(self, found: _Found) -> str:
        mapping, document = found.mapping, self.document
        version = f"/{short_version(document.version)}" if document.version else ""
        identifier = f"mapping-set/oscal/{slug(document.title)}{version}/{slug(plain(mapping.uuid))}"
        place = document.place(found.raw, found.pointer)
        text = "\n\n".join(text for text in (told(mapping.mapping_description), told(mapping.remarks)) if text)
        document.add(
            Resource(
                id=identifier, kind="mapping-set", source=document.source.id, labels=(document.label(document.title),),
                texts=(document.label(text),) if text else (),
            ), place,
        )  # fmt: skip
        source, target = found.source, found.target
        document.add(
            MappingSet(
                id=identifier, source=document.source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=len(mapping.maps),
                subject_edition=source.takes_from or source.edition, object_edition=target.takes_from or target.edition,
            ), place,
        )  # fmt: skip
        for work in (source, target):
            if work.takes_from is not None:
                document.state(identifier, "about", work.edition, place)
        return identifier

    def _gaps(self, found: _Found) -> None:
        for key, gap in (
            ("source-gap-summary", found.mapping.source_gap_summary), ("target-gap-summary", found.mapping.target_gap_summary),
        ):  # fmt: skip
            number = sum(len(choice.with_ids) for choice in gap.unmapped_controls) if gap is not None else 0
            if number:
                self.document.reading.count("unmapped controls", number)
                self.document.reading.leave(UNMAPPED, self.document.place(found.raw, f"{found.pointer}/{key}"), number)

    def _map(self, one: Map, raw: Any, pointer: str, found: _Found, writer: RowWriter) -> None:  # noqa: ANN401
        reading, place = self.document.reading, self.document.place(raw, pointer)
        word = plain(one.relationship)
        predicate = _read(word, plain(one.ns))
        if predicate is None:
            reading.fault(place, UNKNOWN_RELATIONSHIP(word=word[:MAX_SHOWN]))
        subjects = self._ends(one.sources, "sources", found.source, raw, pointer)
        objects = self._ends(one.targets, "targets", found.target, raw, pointer)
        confidence = self._confidence(one, found, raw, pointer)
        strength, rest = _strength(one.props, one.coverage)
        self._leave(place, rest + len(one.links))
        if predicate is None or not subjects or not objects:
            return
        reading.count("pairs", len(subjects) * len(objects))
        rationale = "\n\n".join([*map(_told_of, one.qualifiers), *([told(one.remarks)] if told(one.remarks) else [])])
        labels: tuple[Label, ...] = (self.document.label(rationale),) if rationale else ()
        kinds = map(rationale_of, (one.matching_rationale, found.mapping.matching_rationale, self.provenance.matching_rationale))
        row = MappingRow(
            subjects=subjects, predicate=predicate, objects=objects, verbatim=word, rationale=labels, strength=strength,
            confidence=confidence, rationale_kind=next((kind for kind in kinds if kind is not None), None),
        )  # fmt: skip
        writer.write(row, place)

    def _ends(self, items: list[MappingItem], key: str, work: Work, raw: object, pointer: str) -> list[str]:
        """The provisions of a side; none, and faults, where one of them cannot be named."""
        reading, ends = self.document.reading, []
        if not items:
            reading.fault(self.document.place(raw, f"{pointer}/{key}"), EMPTY(key=key))
        for number, item in enumerate(items):
            place = self.document.place(raw, f"{pointer}/{key}/{number}")
            reference, kind = plain(item.id_ref) or plain(item.id_ref_misspelt), plain(item.type)
            reading.count(f"ends: {kind}" if kind in {"control", "statement"} else "ends: other")
            self._leave(place, len(item.props) + len(item.links) + (item.remarks is not None))
            if not reference:
                reading.fault(place, EMPTY(key="id-ref"))
            elif kind not in {"control", "statement"}:
                reading.fault(place, UNKNOWN_TYPE(word=kind[:MAX_SHOWN]))
            else:
                ends.append(provision_of(work, reference) if kind == "statement" else work.provision(reference))
        return ends if len(ends) == len(items) else []

    def _confidence(self, one: Map, found: _Found, raw: object, pointer: str) -> int | None:
        """The confidence of the map, else of the mapping, else of the collection, in thousandths."""
        scores = (one.confidence_score, found.mapping.confidence_score, self.provenance.confidence_score)
        score = next((score for score in scores if score is not None), ConfidenceScore())
        place = self.document.place(raw, f"{pointer}/confidence-score")
        if score.percentage is None:
            self._leave(place, int(score.category is not None))
            return None
        thousandths = _thousandths(score.percentage)
        if thousandths is None:
            self.document.reading.fault(place, BAD_SHARE(value=plain(score.percentage)[:MAX_SHOWN]))
        return thousandths

    def _leave(self, place: Any, number: int) -> None:  # noqa: ANN401
        if number:
            self.document.reading.leave(DETAILS, place, number)


def _read(word: str, namespace: str) -> str | None:
    """The predicate of a relationship. In a namespace of its own a publisher's "equal-to" need not be NIST's."""
    if namespace and not namespace.startswith(_OSCAL_NS):
        return _OTHER if word else None
    return predicate_of(word)


def _word(*values: Scalar) -> str:
    """The first of some words that is given, as words are compared."""
    return next((word for value in values if (word := told(value).lower())), "")


def _strength(props: Iterable[Prop], coverage: Coverage | None) -> tuple[str | None, int]:
    """The strength as published, and how many properties are not it: the first property that gives one, else the coverage."""
    given = {plain(prop.name): told(prop.value) for prop in props}
    found = next((given[name] for name in _STRENGTHS if given.get(name)), None)
    rest = len(given) - (found is not None)
    covered = plain(coverage.target_coverage) if coverage is not None else ""
    if found is None and covered:
        return f"target-coverage {covered}", rest
    return found, rest + bool(covered)


def _thousandths(value: Scalar) -> int | None:
    """A share of 1 in thousandths; None where it is none."""
    try:
        share = float(plain(value))
    except ValueError:
        return None
    return round(share * 1000) if 0 <= share <= 1 else None


def _told_of(qualifier: Qualifier) -> str:
    """A qualifier in its own words: subject, predicate and category, then what is said of them."""
    words = " ".join(text for text in (told(qualifier.subject), told(qualifier.predicate), told(qualifier.category)) if text)
    said = " ".join(text for text in (told(qualifier.description), told(qualifier.remarks)) if text)
    return f"{words}: {said}" if said else words


def read_mapping_collection(document: Document) -> None:
    """Read a mapping collection."""
    collection = document.typed(document.body, MappingCollection, f"/{document.model}")
    references = References(document)
    if collection is None:
        return
    reader = _Reader(document, collection.provenance)
    found = list(reader.find(collection, references))
    works = [work for one in found for work in (one.source, one.target)]
    official = document.publisher is not None and is_publisher_of(document.publisher, *works)
    document.begin(Authority.OFFICIAL if official else Authority.THIRD_PARTY, document.title)
    writer = RowWriter(document.reading, document.source, "")
    for one in found:
        reader.keep(one, writer)
