"""What D3FEND's files have in common: the works that they speak of, and how their words for a relation are read.

D3FEND's words are verbs of the control: "x narrower y: the entity x represents a more specific concept than entity y" is the
ontology's own definition, and the workbooks' notes agree ("Special case of FCR" stands beside `narrower` D3-FCR, "Sum of Detect
techs" beside `broader`). SKOS's `narrower` points the other way. Neither says that the match is proper.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from kakehashi.records.model import Label, Record
from kakehashi.records.values import StatedAs
from kakehashi.sources.naming import Publisher, Work, publisher_called, work_called
from kakehashi.sources.rows import RowWriter
from kakehashi.sources.wording import CANDIDATE
from kakehashi.vocabulary.text import Text

UNDEFINED: Final = ""
RELATED: Final = "related"
"""What D3FEND itself writes for a relation that is left empty: its most general match."""

PREDICATES: Final[Mapping[str, str]] = {
    "narrower": "broad-match",
    "broader": "narrow-match",
    "exactly": "exact-match",
    "same": "exact-match",
    RELATED: CANDIDATE,
    UNDEFINED: CANDIDATE,
}

UNKNOWN_RELATION = Text(
    "関係「{word}」は使えません。使えるのは {known} です。", "'{word}' is no relation of D3FEND's. Known relations: {known}."
)
UNKNOWN_CATALOGUE = Text(
    "管理策集「{name}」が登録されていません。data/works.yaml に「d3fend {name}」を加えてください。",
    "The catalogue '{name}' is not registered. Add 'd3fend {name}' to data/works.yaml.",
)


def mitre() -> Publisher:
    """Who publishes D3FEND."""
    return publisher_called("MITRE")


def known_work(name: str) -> Work:
    """A work of ours; it is registered."""
    work = work_called("d3fend", name)
    if work is None:
        raise LookupError(name)
    return work


def mapping_set_records(writer: RowWriter, catalogue: Work, form: Text) -> Iterator[Record]:
    """A mapping set from a catalogue to D3FEND's techniques."""
    name = catalogue.labels[-1].text
    labels = (
        Label(language="ja", text=f"{name} から MITRE D3FEND への対応付け({form.ja})", ours=True),
        Label(language="en", text=f"{name} to MITRE D3FEND ({form.en})", ours=True),
    )
    return writer.records(labels, StatedAs.SOURCE_TO_TARGET, catalogue.edition, techniques().edition)


def techniques() -> Work:
    """The one edition that all defensive techniques stand in.

    A technique keeps its id from version to version, and neither the source ontology nor a workbook says which version it is:
    so both meet on the same ids, and a build is an edition that selects from them.
    """
    return known_work("D3FEND")
