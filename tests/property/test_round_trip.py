"""Records to triples and back is the identity; a release id does not depend on the order of anything."""

import string
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kakehashi.pipeline.load import load
from kakehashi.records.canonical import canonical_record
from kakehashi.records.identity import canonical, content_digest, release_id
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
from kakehashi.store.codec import Encoder, decode
from kakehashi.store.embedded import EmbeddedRepository
from kakehashi.vocabulary.iris import SEMAPV, IdSpace
from kakehashi.vocabulary.rdf import Iri, Lit, Triple
from tests.support import small_catalogue
from tests.support.making import maker_at, snapshot_of

SOURCE = "source/some/file"
AWKWARD = [
    "",
    " ",
    '"',
    "\\",
    "\\n",
    "\n",
    "\r\n",
    "\t",
    "'''",
    "@ja",
    "^^",
    "<a>",
    "架け橋",
    "é",
    "e\u0301",
    "\U0001f310",
    "\u3000",
    ". ",
    "%20",
]
PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"])
TEXTS = st.one_of(st.sampled_from([text for text in AWKWARD if text]), st.text(PRINTABLE, min_size=1))
SEGMENTS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=6)
TAILS = st.text(string.ascii_letters + "._~()-", max_size=6).map("x".__add__)
IDS = st.builds(lambda head, tail: f"{head}/{tail}", SEGMENTS, TAILS)
LANGUAGES = st.sampled_from(["ja", "en", "fr", "zh-hans", "de-ch-1996"])
DAYS = st.dates(min_value=date(1, 1, 1))


ANYBODYS = st.booleans()


def labels(*, own: st.SearchStrategy[bool] = ANYBODYS, least: int = 0) -> st.SearchStrategy[tuple[Label, ...]]:
    """Labels of different languages: a language says once whether its wording is ours."""
    one = st.builds(Label, language=LANGUAGES, text=TEXTS, ours=own)
    several = st.lists(one, min_size=least, max_size=3, unique_by=lambda label: label.language)
    return several.map(lambda found: tuple(sorted(found)))


def ids(least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(IDS, min_size=least, max_size=4, unique=True).map(tuple)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


PUBLISHED = labels(own=st.just(False))
OURS = labels(own=st.just(True), least=1)
DETAILS = st.builds(
    MappingDetail, mapping_set=IDS, verbatim=TEXTS, justification=st.just(SEMAPV + "ManualMappingCuration"),
    status=st.sampled_from(MappingStatus), rationale=labels(), rationale_kind=maybe(st.sampled_from(RationaleKind)),
    strength=maybe(TEXTS), confidence=maybe(st.integers(0, 1000)), group=maybe(IDS),
)  # fmt: skip
LITERALS = st.one_of(
    st.builds(Literal, text=TEXTS),
    st.builds(Literal, text=TEXTS, language=LANGUAGES),
    st.builds(Literal, text=st.integers(-(10**17), 10**17).map(str), datatype=st.just("integer")),
    st.builds(Literal, text=DAYS.map(date.isoformat), datatype=st.just("date")),
)
COMMON = {
    "id": IDS.map("statement/".__add__), "subject": IDS, "predicate": st.sampled_from(["equal", "url"]),
    "source": st.just(SOURCE),
    "certainty": st.sampled_from(Certainty), "authority": st.sampled_from(Authority), "nature": st.sampled_from(Nature),
    "section": maybe(TEXTS), "confidence": maybe(TEXTS), "note": maybe(TEXTS), "checked_on": maybe(DAYS),
}  # fmt: skip
RECORDS: dict[type, st.SearchStrategy[Any]] = {
    Resource: st.builds(
        Resource, id=IDS, kind=st.sampled_from(["control", "heading", "concept"]), source=st.just(SOURCE), labels=labels(),
        notation=maybe(TEXTS), parent=maybe(IDS), lifecycle=maybe(st.sampled_from(Lifecycle)), texts=PUBLISHED,
    ),
    Statement: st.one_of(
        st.builds(Statement, **COMMON, object=IDS, mapping=maybe(DETAILS)), st.builds(Statement, **COMMON, value=LITERALS)
    ),
    Group: st.builds(
        Group, id=IDS.map("group/".__add__), source=st.just(SOURCE), authority=st.sampled_from(Authority),
        certainty=st.sampled_from(Certainty), subjects=ids(1), predicate=st.just("subset-of"), objects=ids(1), mapping=DETAILS,
    ),
    MappingSet: st.builds(
        MappingSet, id=IDS.map("set/".__add__), source=st.just(SOURCE), stated_as=st.sampled_from(StatedAs),
        rows=st.integers(0, 10**6), origin=st.sampled_from(Origin), derived_from=ids(), subject_edition=maybe(IDS),
        object_edition=maybe(IDS),
    ),
    SetReading: st.builds(
        SetReading, id=IDS.map("set/".__add__), source=st.just(SOURCE), intersects=st.sampled_from(Intersects), reasons=OURS,
        registered_by=TEXTS, registered_on=DAYS,
    ),
    Framework: st.builds(
        Framework, id=IDS.map("work/".__add__), source=st.just(SOURCE), parent_link=st.sampled_from(ParentLink), reasons=OURS
    ),
    Edition: st.builds(
        Edition, id=IDS.map("edition/".__add__), framework=IDS, source=st.just(SOURCE), version=maybe(TEXTS), issued=maybe(DAYS),
        replaces=maybe(IDS), selected=ids(), selected_with_parts=ids(), selects_all_of=ids(), excluded=ids(),
    ),
    Matrix: st.builds(
        Matrix, id=IDS.map("matrix/".__add__), source=st.just(SOURCE), cell_kind=st.just("control"),
        row_predicate=st.just("in-row"),
        column_predicate=st.just("in-column"), rows=ids(), columns=ids(),
    ),
    Assessment: st.builds(
        Assessment, id=IDS.map("assessment/".__add__), source=st.just(SOURCE), organisation=TEXTS, edition=IDS, provision=IDS,
        status=st.sampled_from(AssessmentStatus), reviewer=TEXTS, assessed_on=DAYS, scope=maybe(TEXTS),
        justification=maybe(TEXTS), control=maybe(IDS), evidence=maybe(TEXTS), remark=maybe(TEXTS),
    ),
    Source: st.builds(
        Source, id=st.just(SOURCE), labels=labels(least=1), authority=st.sampled_from(Authority),
        redistribution=st.sampled_from(Redistribution), rights=TEXTS, sha256=st.just("0" * 64), loader=TEXTS,
        loader_version=TEXTS, publisher=maybe(IDS), version=maybe(TEXTS),
    ),
}  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> list[Record]:
    """What one source may say: records with different ids, and editions whose provisions are nobody else's."""
    found: dict[str, Record] = {}
    for strategy in RECORDS.values():
        for record in draw(st.lists(strategy, max_size=2)):
            found.setdefault(record.id, canonical_record(record))
    provisions = iter(draw(st.lists(IDS.map("provision/".__add__), max_size=6, unique=True)))
    for identifier, record in found.items():
        if isinstance(record, Edition):
            found[identifier] = replace(record, provisions=tuple(one for one, _ in zip(provisions, range(3), strict=False)))
    return list(found.values())


def parsed(lines: list[str]) -> list[Triple]:
    """N-Triples as a store gives them back."""
    content = "\n".join([*lines, ""]).encode()
    found = ox.parse(content, format=ox.RdfFormat.N_TRIPLES)
    return [(Iri(triple.subject.value), Iri(triple.predicate.value), term(triple.object)) for triple in found]


def term(node: Any) -> Iri | Lit:
    if isinstance(node, ox.NamedNode):
        return Iri(node.value)
    return Lit(node.value, node.datatype.value, node.language)


@given(graphs())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_records_to_triples_and_back_is_the_identity(records: list[Record]) -> None:
    ids = IdSpace()
    lines = Encoder(ids, {"control": "Control", "heading": "Heading", "concept": "Resource"}).graph(records)
    assert len(lines) == len(set(lines))
    found = decode(SOURCE, parsed(lines), ids)
    assert sorted(map(canonical, found)) == sorted(map(canonical, records))


@given(graphs())
def test_the_canonical_form_is_reached_at_once(records: list[Record]) -> None:
    assert [canonical_record(record) for record in records] == records


@given(graphs(), st.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_order(records: list[Record], random: Any) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    assert content_digest(shuffled) == content_digest(records)
    digests = [content_digest([record]) for record in records]
    assert release_id(digests, "vocabulary", "base") == release_id(digests[::-1], "vocabulary", "base")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_release_id_does_not_depend_on_the_order_of_loading(tmp_path: Path, order: tuple[int, ...]) -> None:
    folders = [catalogue(tmp_path / name, name) for name in ("one", "two", "three")]
    together = load(maker_at(tmp_path / "together"), folders).release
    apart = maker_at(tmp_path / "apart")
    for place in order:
        load(apart, [folders[place]])
    assert apart.repository.current() == together


def test_a_snapshot_out_of_the_store_is_the_one_that_was_built(tmp_path: Path) -> None:
    load(maker_at(tmp_path / "home"), [catalogue(tmp_path / "one", "one"), catalogue(tmp_path / "two", "two")])
    built = snapshot_of(tmp_path / "home")
    for file in (tmp_path / "home" / "records").iterdir():
        file.unlink()
    again = snapshot_of(tmp_path / "home")
    assert again.records == built.records
    assert isinstance(EmbeddedRepository(tmp_path / "home").open(again.release.id).count(again.release.graphs[0].name), int)


def catalogue(folder: Path, name: str) -> Path:
    """A small catalogue whose ids are its own."""
    small_catalogue.write(folder, name)
    for file in folder.rglob("*.*"):
        text = file.read_text("utf-8")
        for word in ("source/small", "tool", "rule-1", "rules"):
            text = text.replace(word, f"{word}-{name}")
        file.write_text(text, "utf-8")
    return folder
