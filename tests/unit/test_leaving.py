"""What of a source may leave: laws over records in which every word of the publisher's is marked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kakehashi.records.identity import canonical
from kakehashi.records.leaving import leaving, leaving_of_many
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
    ParentLink,
    RationaleKind,
    Redistribution,
    StatedAs,
)
from kakehashi.vocabulary.iris import SEMAPV

THEIRS, OURS = "Sentence of theirs", "words of our own"
LABELS = (Label(language="en", text=OURS, ours=True), Label(language="ja", text=THEIRS))
OWN = (Label(language="en", text=OURS, ours=True),)
DETAIL = MappingDetail(
    mapping_set="set", verbatim=f"{THEIRS}, in part", justification=SEMAPV + "ManualMappingCuration",
    status=MappingStatus.PUBLISHED, rationale=LABELS, rationale_kind=RationaleKind.SEMANTIC, strength=f"{THEIRS} strongly",
    confidence=900, group="group",
)  # fmt: skip
SOURCE = Source(
    id="s", labels=(Label(language="en", text="Title"),), authority=Authority.OFFICIAL, redistribution=Redistribution.LOCAL_ONLY,
    rights="Terms", sha256="0", loader="x", loader_version="1",
)  # fmt: skip
RESOURCE = Resource(
    id="f/1/a", kind="requirement", source="s", labels=LABELS, notation="A.1", parent="f/1/p", lifecycle=Lifecycle.WITHDRAWN,
    texts=(Label(language="en", text=THEIRS),),
)  # fmt: skip


def statement(**changes: object) -> Statement:
    known: dict[str, object] = {
        "id": "statement/1", "subject": "f/1/a", "predicate": "equal", "object": "g/1/b", "source": "s",
        "certainty": Certainty.PRINTED, "authority": Authority.OFFICIAL, "nature": Nature.REPORT, "section": f"{THEIRS} 4",
        "note": THEIRS, "confidence": THEIRS, "checked_on": date(2026, 1, 1), "mapping": DETAIL,
    }  # fmt: skip
    return Statement(**(known | changes))  # type: ignore[arg-type]


GROUP = Group(
    id="group", source="s", authority=Authority.OFFICIAL, certainty=Certainty.PRINTED, subjects=("f/1/a",), predicate="equal",
    objects=("g/1/b",), mapping=DETAIL,
)  # fmt: skip
STRUCTURE: tuple[Record, ...] = (
    Framework(id="f", source="s", parent_link=ParentLink.PART, reasons=OWN),
    Edition(id="f/1", source="s", framework="f", version="1", provisions=("f/1/a",), selected=("g/1/b",)),
    Matrix(id="m", source="s", cell_kind="measure", row_predicate="a", column_predicate="b", rows=("r",), columns=("c",)),
    MappingSet(id="set", source="s", stated_as=StatedAs.SOURCE_TO_TARGET, rows=1),
    SetReading(
        id="set", source="s", intersects=Intersects.STRICT, reasons=OWN, registered_by="us", registered_on=date(2026, 1, 1)
    ),
)
ALL: tuple[Record, ...] = (SOURCE, RESOURCE, statement(), GROUP, *STRUCTURE)


def test_all_of_an_open_source_leaves() -> None:
    assert tuple(leaving(ALL, Redistribution.OPEN)) == ALL


@pytest.mark.parametrize("redistribution", [Redistribution.CITATION_ONLY, Redistribution.LOCAL_ONLY])
def test_no_word_of_the_publishers_leaves_otherwise(redistribution: Redistribution) -> None:
    left = b"\n".join(map(canonical, leaving(ALL, redistribution)))
    assert THEIRS.encode() not in left
    assert OURS.encode() in left


def test_of_a_cited_source_leave_structure_and_bare_statements() -> None:
    source, resource, bare, group, *structure = leaving(ALL, Redistribution.CITATION_ONLY)
    assert (source, tuple(structure)) == (SOURCE, STRUCTURE)
    assert resource == Resource(
        id="f/1/a", kind="requirement", source="s", labels=OWN, notation="A.1", parent="f/1/p", lifecycle=Lifecycle.WITHDRAWN
    )
    detail = MappingDetail(
        mapping_set="set", verbatim="", justification=DETAIL.justification, status=MappingStatus.PUBLISHED, rationale=OWN,
        rationale_kind=RationaleKind.SEMANTIC, confidence=900, group="group",
    )  # fmt: skip
    assert bare == statement(section=None, note=None, confidence=None, mapping=detail)
    assert isinstance(group, Group)
    assert (group.subjects, group.objects, group.mapping) == (GROUP.subjects, GROUP.objects, detail)


def test_of_a_local_source_leave_its_title_and_the_ids_of_what_it_describes() -> None:
    assert list(leaving(ALL, Redistribution.LOCAL_ONLY)) == [
        SOURCE, Resource(id="f/1/a", kind="requirement", source="s", labels=OWN)
    ]  # fmt: skip


def test_of_a_private_source_leaves_nothing_and_of_an_assessment_neither() -> None:
    private = replace(SOURCE, redistribution=Redistribution.PRIVATE)
    assert list(leaving(ALL, Redistribution.PRIVATE)) == []
    assert list(leaving_of_many([RESOURCE, private], {"s": private})) == []
    assessment = Assessment(
        id="a", source="s", organisation="board", edition="f/1", provision="f/1/a", status=AssessmentStatus.PLANNED, reviewer="x",
        assessed_on=date(2026, 4, 1),
    )  # fmt: skip
    for redistribution in Redistribution:
        assert list(leaving([assessment], redistribution)) == []


@pytest.mark.parametrize("word", ["4.6b", "§4", "subset-of", "12(3)"])
def test_a_number_or_a_single_word_is_nobodys_sentence(word: str) -> None:
    (left,) = leaving([statement(section=word)], Redistribution.CITATION_ONLY)
    assert isinstance(left, Statement)
    assert left.section == word


@pytest.mark.parametrize("text", ["", "two words", "出典の見出しは空白なしで続く", "x" * 41, "a\nb"])
def test_anything_longer_may_be_one(text: str) -> None:
    (left,) = leaving([statement(section=text)], Redistribution.CITATION_ONLY)
    assert isinstance(left, Statement)
    assert left.section is None


@pytest.mark.parametrize(
    ("value", "leaves"),
    [
        (Literal(text="2026-01-01", datatype="date"), True),
        (Literal(text="3", datatype="integer"), True),
        (Literal(text=THEIRS), False),
        (Literal(text=THEIRS, language="en"), False),
    ],
)
def test_of_values_only_facts_leave(value: Literal, leaves: bool) -> None:
    assert bool(list(leaving([statement(object=None, value=value)], Redistribution.CITATION_ONLY))) is leaves


def test_of_many_sources_each_is_held_to_its_own_terms() -> None:
    stranger = Resource(id="x", kind="requirement", source="nobody", labels=LABELS)
    left = list(leaving_of_many([RESOURCE, stranger, SOURCE], {"s": SOURCE}))
    assert [record.id for record in left] == ["f/1/a", "x", "s"]
    assert all(not isinstance(record, Resource) or record.labels == OWN for record in left)


TEXTS = st.sampled_from([THEIRS, f"{THEIRS}.", f"「{THEIRS}」"])


@given(theirs=TEXTS, language=st.sampled_from(["en", "ja", "de"]), redistribution=st.sampled_from(Redistribution))
def test_what_left_may_leave_again(theirs: str, language: str, redistribution: Redistribution) -> None:
    """Leaving twice is leaving once."""
    label = Label(language=language, text=theirs)
    records: list[Record] = [
        statement(note=theirs),
        Resource(id="r", kind="measure", source="s", labels=(label,), texts=(label,)),
    ]
    once = list(leaving(records, redistribution))
    assert list(leaving(once, redistribution)) == once
