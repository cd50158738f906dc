"""Our own mapping sets and claims: fixed columns, both languages, and ids of ours everywhere.

The extension slots `mapping_status`, `rationale_kind`, `rationale_ja` and `rationale_en` carry what NIST IR 8477 asks of a
mapping and SSSOM has no slot for.
"""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, MappingDetail, MappingSet, Resource, Source, Statement
from kakehashi.records.values import Authority, Certainty, MappingStatus, Nature, RationaleKind, Redistribution, StatedAs
from kakehashi.sources.entries import BAD_HEADER, BAD_WIDTH, MISSING_KEY
from kakehashi.sources.format import Reading, choice
from kakehashi.sources.sssom.document import MAX_SHOWN, Document, Row
from kakehashi.sources.sssom.slots import LOADER, LOADER_VERSION
from kakehashi.vocabulary.iris import DEFAULT_BASE, PREDICATE, IdSpace
from kakehashi.vocabulary.text import LANGUAGES, Text

COLUMNS: Final = (
    "record_id", "subject_id", "predicate_id", "object_id", "mapping_justification", "confidence",
    "mapping_status", "rationale_kind", "rationale_ja", "rationale_en",
)  # fmt: skip
TITLES: Final = {"ja": "mapping_set_title_ja", "en": "mapping_set_title"}

BAD_CURIE = Text(
    "「{value}」はこのファイルのcurie_mapにない接頭辞か、{wanted}ではないIRIです。",
    "'{value}' has a prefix that this file's curie_map lacks, or is no IRI of {wanted}.",
)
BAD_CONFIDENCE = Text(
    "confidence「{value}」は0から1まで、小数第3位までの数でなければなりません。",
    "The confidence '{value}' must be a number from 0 to 1 with at most three decimals.",
)

_IDS: Final = IdSpace(DEFAULT_BASE).prefix
_THOUSANDTH: Final = Decimal("0.001")


def is_own(document: Document) -> bool:
    """Whether a set is one of ours, by its mapping_set_id."""
    named = document.metadata.slots.get("mapping_set_id")
    iri = document.metadata.iri(named.strip()) if isinstance(named, str) else None
    return iri is not None and iri.startswith(_IDS)


def read_own(document: Document, reading: Reading) -> None:
    """The set as a resource, each row as a statement with its mapping detail, and every fault."""
    reading.own = True
    own = _Own(document, reading, document.metadata.text("mapping_set_id"))
    own.describe()
    if document.columns == COLUMNS:
        for row in document.rows:
            own.row(row, Place(document.file, row.line))
    else:
        reading.fault(Place(document.file, document.header_line), BAD_HEADER(known="\t".join(COLUMNS)))


@dataclass(slots=True)
class _Own:
    document: Document
    reading: Reading
    name: str
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = self._local(self.name, _IDS, Place(self.document.metadata.file, 1)) or "mapping-set/unnamed"

    @property
    def source(self) -> str:
        return "source/" + self.id.rpartition("/")[2]

    def describe(self) -> None:
        """The set itself: a resource that the rows name, and the source that they come from."""
        metadata, place = self.document.metadata, Place(self.document.metadata.file, 1)
        labels = tuple(Label(language=lang, text=metadata.required(TITLES[lang]), ours=True) for lang in LANGUAGES)
        rights = metadata.required("license")
        self.reading.add(Resource(id=self.id, kind="mapping-set", labels=labels, source=self.source), place)
        self.reading.add(
            MappingSet(
                id=self.id, source=self.source, stated_as=StatedAs.SOURCE_TO_TARGET, rows=len(self.document.rows)
            )
        )  # fmt: skip
        self.reading.add(
            Source(
                id=self.source, labels=labels, authority=Authority.INFERRED, redistribution=Redistribution.OPEN,
                rights=rights, sha256=self.document.sha256, loader=LOADER, loader_version=LOADER_VERSION,
                version=metadata.text("mapping_set_version") or None,
            ),
            place,
        )  # fmt: skip
        self.reading.count("mappings", len(self.document.rows))

    def row(self, row: Row, place: Place) -> None:
        """One mapping; a row with a fault is reported and left out."""
        if len(row.cells) < len(COLUMNS):
            self.reading.fault(place, BAD_WIDTH(found=len(row.cells), wanted=len(COLUMNS)))
            return
        record = self._local(row.get("record_id"), _IDS, place)
        subject = self._local(row.get("subject_id"), _IDS, place)
        predicate = self._local(row.get("predicate_id"), PREDICATE, place)
        target = self._local(row.get("object_id"), _IDS, place)
        detail = self._detail(row, place)
        if record and subject and predicate and target and detail:
            statement = Statement(
                id=record,
                subject=subject, predicate=predicate, object=target, source=self.source, mapping=detail,
                certainty=Certainty.INFERRED, authority=Authority.INFERRED, nature=Nature.CURATION,
            )  # fmt: skip
            self.reading.add(statement, place)

    def _detail(self, row: Row, place: Place) -> MappingDetail | None:
        status = choice(MappingStatus, "mapping_status", row.get("mapping_status"), place, self.reading)
        kind = choice(RationaleKind, "rationale_kind", row.get("rationale_kind"), place, self.reading)
        justification = self.document.metadata.iri(row.get("mapping_justification"))
        for lang in LANGUAGES:
            if not row.get(f"rationale_{lang}"):
                self.reading.fault(place, MISSING_KEY(key=f"rationale_{lang}"))
        if justification is None:
            self.reading.fault(place, BAD_CURIE(value=row.get("mapping_justification")[:MAX_SHOWN], wanted="semapv"))
        if not (status and kind and justification):
            return None
        return MappingDetail(
            mapping_set=self.id, verbatim=row.get("predicate_id").partition(":")[2], justification=justification,
            status=status, rationale_kind=kind, confidence=self._confidence(row.get("confidence"), place),
            rationale=tuple(Label(language=lang, text=row.get(f"rationale_{lang}"), ours=True) for lang in LANGUAGES),
        )  # fmt: skip

    def _confidence(self, value: str, place: Place) -> int | None:
        """Integer thousandths; None where the row states none."""
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number <= 1 or number.quantize(_THOUSANDTH) != number:
            self.reading.fault(place, BAD_CONFIDENCE(value=value[:MAX_SHOWN]))
            return None
        return int(number * 1000)

    def _local(self, value: str, prefix: str, place: Place) -> str | None:
        iri = self.document.metadata.iri(value) or value
        if iri.startswith(prefix) and len(iri) > len(prefix):
            return iri[len(prefix) :]
        self.reading.fault(place, BAD_CURIE(value=value[:MAX_SHOWN], wanted=prefix))
        return None
