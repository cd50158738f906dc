"""What became of provisions, what is left of mappings, in which words, and what is refused: each case by a small example."""

import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import strawberry

from kakehashi.crosswalk.algebra import ALL, DR, EQ, OVERLAP, PP, PPI
from kakehashi.crosswalk.migration import Side, Verdict, side_that_moves
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.succession import Change, Contents, Fate, Printed, Succession, Table, Told, compare, explain
from kakehashi.graphql.connections import Paging
from kakehashi.graphql.context import Context, Info
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.inputs import ViewInput, view_of
from kakehashi.graphql.migration import EditionDiff, EditionQuestion, Migration, Moved, two_of_one
from kakehashi.graphql.resources import Edition as GraphEdition
from kakehashi.graphql.resources import Entity, Framework
from kakehashi.graphql.resources import MappingSet as GraphMappingSet
from kakehashi.records.model import (
    Edition,
    Label,
    MappingDetail,
    MappingSet,
    Records,
    Resource,
    Source,
    Statement,
    Term,
)
from kakehashi.records.values import (
    Authority,
    Certainty,
    Lifecycle,
    MappingStatus,
    Nature,
    Origin,
    RationaleKind,
    Redistribution,
    StatedAs,
)
from kakehashi.snapshot.model import Snapshot
from kakehashi.store.port import Release
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.text import KakehashiError, Text

Line = tuple[str, int, str]


def succession(
    *lines: Line, old: Iterable[str] = (), new: Iterable[str] = (), hops: int = 2, told: Told | None = None
) -> Succession:  # fmt: skip
    """Editions whose provisions begin with o and n; one that both take up begins with b."""
    rows = [
        Row(statement=f"s{place}", subject=a, object=b, relations=relations, authority=Authority.OFFICIAL)
        for place, (a, relations, b) in enumerate(lines)
    ]
    ends = sorted({end for a, _, b in lines for end in (a, b)} | {*old, *new})
    contents = [Contents(provisions=tuple(one for one in ends if one[0] in letters)) for letters in ("ob", "nb")]
    return Succession(Network(rows, hops), contents[0], contents[1], {one for one in ends if one[0] in "obnm"}, told)


def changes(found: Succession, printed: dict[str, Printed] | None = None) -> dict[str, Change]:
    every = (*found.old.every, *found.new.every)
    return {one.provision: one for one in compare(found, {one: Printed(notation=one[1:]) for one in every} | (printed or {}))}


def fates(*lines: Line, old: Iterable[str] = (), new: Iterable[str] = ()) -> dict[str, str]:
    return {provision: one.fate.value for provision, one in changes(succession(*lines, old=old, new=new)).items()}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("o1", EQ, "n1")], {"o1": "same"}),
        ([("o1", EQ, "n2")], {"o1": "moved"}),
        ([("o1", EQ, "n1"), ("o1", OVERLAP, "n2")], {"o1": "same"}),
        ([("o1", EQ, "n1"), ("o1", EQ, "n2")], {"o1": "split"}),
        ([("o1", PPI, "n1"), ("o1", PPI, "n2")], {"o1": "split"}),
        ([("o1", PPI, "n1"), ("o1", OVERLAP, "n2")], {"o1": "split"}),
        ([("o1", PPI, "n1"), ("o1", ALL, "n2")], {"o1": "changed"}),
        ([("o1", PP, "n1"), ("o2", PP, "n1")], {"o1": "merged", "o2": "merged"}),
        ([("o1", EQ, "n1"), ("o2", EQ, "n1")], {"o1": "merged", "o2": "merged"}),
        ([("o1", EQ, "n1"), ("o2", PP, "n1")], {"o1": "same", "o2": "merged"}),
        ([("o1", PP, "n1")], {"o1": "changed"}),
        ([("o1", EQ | PP, "n1")], {"o1": "changed"}),
        ([("o1", PPI, "n1")], {"o1": "changed"}),
        ([("o1", OVERLAP, "n1"), ("o1", OVERLAP, "n2")], {"o1": "related"}),
        ([("o1", ALL, "n1")], {"o1": "related"}),
        ([("o1", DR, "n2"), ("o3", EQ, "n3")], {"o1": "only-in-old", "o3": "same", "n2": "only-in-new"}),
        ([("o1", EQ, "m1"), ("m1", EQ, "n2")], {"o1": "moved"}),
        ([("o1", OVERLAP, "m1"), ("m1", OVERLAP, "n2")], {"o1": "related"}),
        ([("b1", PP, "x1")], {"b1": "shared"}),
        ([("b1", PPI, "o2")], {"b1": "shared", "o2": "only-in-old"}),
        ([("b1", PPI, "n2")], {"b1": "shared", "n2": "only-in-new"}),
    ],
)
def test_what_became_of_a_provision(lines: list[Line], expected: dict[str, str]) -> None:
    assert fates(*lines) == expected


def test_links_through_other_works_or_back_and_forth_make_no_counterpart() -> None:
    through = succession(("o1", OVERLAP, "x1"), ("x1", OVERLAP, "n2"))
    assert through.of_old == {}
    zigzag = succession(("o1", OVERLAP, "n1"), ("n1", OVERLAP, "o2"), ("o2", OVERLAP, "n2"), hops=3)
    assert [one.new for one in zigzag.of_old["o1"]] == ["n1"]


def test_what_other_works_prove_is_not_hidden() -> None:
    assert fates(("o1", EQ, "x1"), ("x1", EQ, "n2")) == {"o1": "moved"}


def test_equal_numbers_without_a_published_correspondence_are_never_the_same() -> None:
    same = {"o1": Printed(notation="1", wording=("a",)), "n1": Printed(notation="1", wording=("a",))}
    found = changes(succession(old=["o1", "o2"], new=["n1", "n3"]), same)
    assert {one: change.fate for one, change in found.items()} == dict.fromkeys(("o1", "o2", "n1", "n3"), Fate.UNSTATED)
    assert [(one.provision, one.same_wording) for one in found["o1"].unstated] == [("n1", True)]
    assert found["o2"].unstated == ()


def test_where_others_correspond_an_equal_number_is_still_no_counterpart() -> None:
    found = changes(succession(("o9", EQ, "n9"), old=["o1", "o2"], new=["n1", "n3"]))
    assert {one: change.fate.value for one, change in found.items()} == {
        "o1": "unstated", "o2": "only-in-old", "o9": "same", "n1": "unstated", "n3": "only-in-new",
    }  # fmt: skip


def told_of(*tables: tuple[str, ...], went: tuple[tuple[str, str], ...] = ()) -> dict[str, Change]:
    """What became of three provisions and of three, with a row from o1 to n4 and what is published beside."""
    listed = tuple(Table(f"table {place}", frozenset(table)) for place, table in enumerate(tables, start=1))
    old, new = ("o1", "o2", "o3"), ("n4", "n5", "n6")
    return changes(succession(("o1", OVERLAP, "n4"), old=old, new=new, told=Told(listed, went)))


def test_a_row_about_one_provision_says_nothing_of_the_others() -> None:
    found = told_of(("o1", "n4"))
    assert {one: change.fate.value for one, change in found.items()} == {
        "o1": "related", "o2": "only-in-old", "o3": "only-in-old", "n5": "only-in-new", "n6": "only-in-new",
    }  # fmt: skip
    assert (
        explain(found["o2"], plainly).en
        == "'o2/en' is in this edition only: nothing published that counts says what became of it."
    )


def test_what_a_table_of_the_edition_has_no_row_for_is_withdrawn_or_new_and_the_table_is_named() -> None:
    found = told_of(("o1", "o2", "n4", "n5"))
    assert {one: (change.fate.value, change.left_out_by) for one, change in found.items() if one != "o1"} == {
        "o2": ("only-in-old", ()), "o3": ("withdrawn", ("table 1",)),
        "n5": ("only-in-new", ()), "n6": ("new", ("table 1",)),
    }  # fmt: skip
    withdrawn, new = (explain(found[one], plainly) for one in ("o3", "n6"))
    assert withdrawn.en == "What is published as 'table 1/en' between the two editions has no row for 'o3/en'."
    assert "「table 1/ja」" in withdrawn.ja
    assert new.en == "What is published as 'table 1/en' between the two editions has no row that says what 'n6/en' comes from."


def test_what_any_table_has_a_row_for_is_not_left_out() -> None:
    assert told_of(("o1", "o2", "n4"), ("o3", "n4"))["o3"].fate is Fate.ONLY_IN_OLD


def test_what_a_statement_of_succession_says_went_elsewhere_is_withdrawn() -> None:
    found = told_of(went=(("o2", "n5"),))
    assert (found["o2"].fate, found["o2"].went, found["o3"].fate) == (Fate.WITHDRAWN, ("n5",), Fate.ONLY_IN_OLD)
    assert explain(found["o2"], plainly).en == "'o2/en' is published to have moved to, or into, 'n5/en'."
    assert (found["n5"].fate, found["n5"].went, found["n6"].fate) == (Fate.UNSTATED, ("o2",), Fate.ONLY_IN_NEW)
    assert explain(found["n5"], plainly).en.endswith(
        "'o2/en' is published to have moved here, or into it; that is no set relation."
    )


def test_what_is_out_of_use_is_withdrawn_on_either_side() -> None:
    network = Network([Row(statement="s", subject="o1", object="n1", relations=EQ, authority=Authority.OFFICIAL)], 1)
    between = Succession(
        network, Contents(provisions=("o1",), out_of_use=("o2",)), Contents(provisions=("n1",), out_of_use=("n2",)), ()
    )
    found = changes(between)
    assert {one: (change.fate.value, change.out_of_use) for one, change in found.items()} == {
        "o1": ("same", False), "o2": ("withdrawn", True), "n2": ("withdrawn", True),
    }  # fmt: skip


def plainly(provision: str, language: str) -> str:
    return f"{provision}/{language}"


@pytest.mark.parametrize(
    ("lines", "english"),
    [
        ([("o1", EQ, "n1")], "'o1/en' equals 'n1/en' of the other edition, with the same number and place."),
        ([("o1", PPI, "n1"), ("o1", PPI, "n2")], "'o1/en' is split into 2: 'n1/en', 'n2/en'."),
        ([("o1", PP, "n1"), ("o2", PP, "n1")], "'o1/en' is merged with 'o2/en' into 'n1/en'."),
        ([("o1", ALL, "n1")], "Of 'o1/en' and 'n1/en (as published: related)' not even an overlap "
         "follows from what is published."),
        ([("o1", PP, "b1")], "'o1/en' is in this edition only: nothing published that counts says what became of it. "
         "It has to do with 'b1/en', which stand in the other edition as before."),
    ],
)  # fmt: skip
def test_explanations_name_the_provisions_in_both_languages(lines: list[Line], english: str) -> None:
    text = explain(changes(succession(*lines))["o1"], plainly, {"n1": "related"} if lines[0][1] == ALL else {})
    assert text.en == english
    assert "「o1/ja」" in text.ja
    assert "{" not in text.ja + text.en


def test_a_long_list_is_cut_and_says_so() -> None:
    text = explain(changes(succession(*(("o1", PPI, f"n{place}") for place in range(1, 9))))["o1"], plainly)
    assert text.en.endswith("'n5/en' and 3 more.")
    assert "ほか3件" in text.ja


def test_two_large_editions_are_compared_in_no_more_time_than_their_rows_take() -> None:
    """CPU time: with work for each row that grows with the provisions, it would take ten times as long and more."""
    old, new = ([f"{letter}{number}" for number in range(10_000)] for letter in "on")
    rows = [
        Row(statement=f"s{place}", subject=a, object=b, relations=EQ, authority=Authority.OFFICIAL)
        for place, (a, b) in enumerate(zip(old, new, strict=True))
    ]
    network, contents = Network(rows, 2), (Contents(provisions=tuple(old)), Contents(provisions=tuple(new)))
    start = time.process_time()
    assert len(Succession(network, *contents, {*old, *new}).of_old) == len(old)
    assert time.process_time() - start < 2


FRAMEWORKS = {"old/1": "work", "new/2": "work", "third/3": "work", "else/1": "other"}


def labels(text: str) -> tuple[Label, ...]:
    return (Label(language="en", text=text), Label(language="ja", text=f"{text}（日本語）"))


def resource(identifier: str, kind: str = "requirement", **more: Any) -> Resource:
    return Resource(id=identifier, kind=kind, source="source/x", labels=labels(f"name of {identifier}"), **more)


def edition(identifier: str, *provisions: str) -> Edition:
    return Edition(id=identifier, framework=FRAMEWORKS[identifier], source="source/x", provisions=provisions)


def mapping_set(identifier: str, subject: str | None, target: str | None, **more: Any) -> MappingSet:
    return MappingSet(
        id=identifier, source="source/x", stated_as=StatedAs.SOURCE_TO_TARGET, rows=1, subject_edition=subject,
        object_edition=target, **more,
    )  # fmt: skip


def statement(
    identifier: str, subject: str, predicate: str, target: str, of: str | None, *, authority: Authority = Authority.OFFICIAL,
    kind: RationaleKind | None = None,
) -> Statement:  # fmt: skip
    detail = None if of is None else MappingDetail(
        mapping_set=of, verbatim=f"word {predicate}", justification="semapv:ManualMappingCuration",
        status=MappingStatus.PUBLISHED, rationale_kind=kind,
    )  # fmt: skip
    return Statement(
        id=identifier, subject=subject, predicate=predicate, object=target, source="source/x", certainty=Certainty.PRINTED,
        authority=authority, nature=Nature.REPORT, mapping=detail,
    )  # fmt: skip


SETS = (
    mapping_set("set/succession", "old/1", "new/2"),
    mapping_set("set/elsewhere", "else/1", "old/1"),
    mapping_set("set/turned", "old/1", "else/1", origin=Origin.REVERSE, derived_from=("set/elsewhere",)),
    mapping_set("set/nowhere", None, None),
    mapping_set("set/within", "old/1", "third/3"),
)
ROWS = (
    statement("s01", "old/1/a", "equal", "new/2/a", "set/succession"),
    statement("s02", "old/1/b", "superset-of", "new/2/b1", "set/succession"),
    statement("s03", "old/1/b", "superset-of", "new/2/b2", "set/succession"),
    statement("s04", "old/1/c", "subset-of", "new/2/c", "set/succession", kind=RationaleKind.SYNTACTIC),
    statement("m01", "else/1/x", "subset-of", "old/1/a", "set/elsewhere"),
    statement("m02", "else/1/x", "superset-of", "old/1/b", "set/elsewhere"),
    statement("m03", "else/1/y", "subset-of", "old/1/b", "set/elsewhere"),
    statement("m04", "else/1/y", "intersects-with", "old/1/c", "set/elsewhere"),
    statement("m05", "else/1/y", "intersects-with", "old/1/d", "set/elsewhere"),
    statement("m06", "else/1/y", "related-match", "old/1/a", "set/elsewhere"),
    statement("m07", "else/1/x", "equal", "old/1/a", "set/elsewhere", authority=Authority.INFERRED),
    statement("m08", "else/1/x", "intersects-with", "old/1/gone", "set/elsewhere"),
    statement("m09", "else/1/x", "equal", "old/1/a", "set/elsewhere", authority=Authority.VENDOR),
    statement("m10", "else/1/y", "subset-of", "old/1/e", "set/elsewhere"),
    statement("w01", "old/1/gone", "incorporated-into", "new/2/a", None),
)  # fmt: skip


def made() -> Snapshot:
    kinds = {"requirement": "Requirement", "edition": "Edition", "framework": "Framework", "mapping-set": "MappingSet"}
    resources = [
        *(resource(one, "edition") for one in FRAMEWORKS),
        *(resource(one, "framework") for one in ("work", "other")),
        *(resource(one.id, "mapping-set") for one in SETS),
        *(resource(f"old/1/{one}", notation=one.upper()) for one in "abcde"),
        resource("old/1/gone", lifecycle=Lifecycle.WITHDRAWN),
        *(resource(f"new/2/{one}", notation=one.upper()) for one in ("a", "b1", "b2", "c", "d", "n")),
        *(resource(f"else/1/{one}") for one in "xy"),
    ]
    source = Source(
        id="source/x", labels=labels("x"), authority=Authority.OFFICIAL, redistribution=Redistribution.OPEN, rights="CC0",
        sha256="0" * 64, loader="x", loader_version="1",
    )  # fmt: skip
    records = Records(
        sources=(source,), resources=tuple(resources), mapping_sets=SETS, statements=ROWS,
        editions=(
            edition("old/1", *(f"old/1/{one}" for one in ("a", "b", "c", "d", "e", "gone"))),
            edition("new/2", *(f"new/2/{one}" for one in ("a", "b1", "b2", "c", "d", "n"))),
            edition("third/3"), edition("else/1", "else/1/x", "else/1/y"),
        ),
        terms=tuple(
            Term(iri=iris.KIND + kind, labels=labels(kind), definitions=(), core_class=core) for kind, core in kinds.items()
        ),
    )  # fmt: skip
    release = Release(id="r", built_at=datetime(2026, 1, 1, tzinfo=UTC), base="https://example.org/", version="1", graphs=())
    return Snapshot(release, records)


SNAPSHOT = made()


def migrated(identifier: str = "set/elsewhere", to: str = "new/2", **view: Any) -> Migration:
    context = Context(snapshot=SNAPSHOT, today=date(2026, 1, 1))
    moved = Moved(SNAPSHOT, identifier, to, None)
    asked = EditionQuestion(SNAPSHOT, moved.editions, view_of(ViewInput(**view), context), 2)
    return Migration.of(asked, moved, None, Paging(100, None))


def test_what_is_left_of_each_row_and_why() -> None:
    found = {row.statement: (row.verdict.value, row.obstacle, row.change.fate.value) for row in migrated().found}
    assert found == {
        "m01": ("certain", None, "same"),
        "m02": ("certain", None, "split"),
        "m03": ("undecided", None, "split"),
        "m04": ("undecided", None, "related"),
        "m05": ("lost", None, "unstated"),
        "m06": ("undecided", "vague", "same"),
        "m07": ("undecided", "outside-view", "same"),
        "m08": ("lost", "not-counted", "withdrawn"),
        "m09": ("undecided", "set-aside", "same"),
        "m10": ("lost", None, "withdrawn"),
    }


def test_a_view_that_leaves_out_the_correspondence_learns_nothing_from_it() -> None:
    rows = migrated(authorities=[Authority.VENDOR]).found
    assert {row.verdict for row in rows} == {Verdict.LOST}
    assert {row.change.fate for row in rows} == {Fate.UNSTATED, Fate.WITHDRAWN}


def edited(identifier: str) -> MappingSet:
    return next(one for one in SETS if one.id == identifier)


@pytest.mark.parametrize(
    ("identifier", "to", "wanted", "side"),
    [
        ("set/elsewhere", "new/2", None, Side.OBJECT),
        ("set/elsewhere", "new/2", Side.OBJECT, Side.OBJECT),
        ("set/within", "new/2", Side.SUBJECT, Side.SUBJECT),
        ("set/within", "new/2", Side.OBJECT, Side.OBJECT),
    ],
)
def test_the_side_that_moves(identifier: str, to: str, wanted: Side | None, side: Side) -> None:
    assert side_that_moves(edited(identifier), SNAPSHOT.editions[to], SNAPSHOT.editions, wanted) is side


@pytest.mark.parametrize(
    ("identifier", "to", "wanted", "told"),
    [
        ("set/nowhere", "new/2", None, "names no edition on either side"),
        ("set/elsewhere", "old/1", None, "is already about"),
        ("set/succession", "new/2", None, "is already about"),
        ("set/succession", "else/1", None, "is an edition of 'other', and"),
        ("set/within", "new/2", None, "Say with side which"),
        ("set/elsewhere", "new/2", Side.SUBJECT, "is no edition of 'work'"),
    ],
)
def test_a_side_that_cannot_move_is_refused(identifier: str, to: str, wanted: Side | None, told: str) -> None:
    with pytest.raises(KakehashiError) as caught:
        side_that_moves(edited(identifier), SNAPSHOT.editions[to], SNAPSHOT.editions, wanted)
    assert told in caught.value.text.en
    assert caught.value.text.ja != caught.value.text.en


@strawberry.type
class Query:
    """The two questions as the schema asks them."""

    @strawberry.field
    def migration(
        self, info: Info, *, mapping_set: strawberry.ID, to_edition: strawberry.ID, side: Side | None = None,
        view: ViewInput | None = None, max_hops: int = 2, verdicts: list[Verdict] | None = None, first: int = 100,
        after: str | None = None,
    ) -> Migration:  # fmt: skip
        moved = Moved(info.context.snapshot, mapping_set, to_edition, side)
        asked = EditionQuestion(info.context.snapshot, moved.editions, view_of(view, info.context), max_hops)
        return Migration.of(asked, moved, verdicts, Paging(first, after))

    @strawberry.field
    def edition_diff(
        self, info: Info, *, old: strawberry.ID, new: strawberry.ID, max_hops: int = 2, first: int = 100, after: str | None = None
    ) -> EditionDiff:
        editions = two_of_one(old, new, info.context.snapshot)
        asked = EditionQuestion(info.context.snapshot, editions, view_of(None, info.context), max_hops)
        return EditionDiff.of(asked, Paging(first, after))


SCHEMA = strawberry.Schema(Query, types=[Entity, Framework, GraphEdition, GraphMappingSet])


def answer(query: str, languages: tuple[str, ...] = ("en",)) -> Any:
    return execute(SCHEMA, Context(snapshot=SNAPSHOT, languages=languages), Request(query)).body


MIGRATION = """{ migration(mappingSet: "set/elsewhere", toEdition: "new/2", %s) {
  side from { id } to { id } stated summary { rows certain changed undecided lost needsReview }
  rows { totalCount pageInfo { hasNextPage endCursor } nodes {
    statement { id } relation { relations } verdict needsReview obstacle explanation { value language }
    change { kind provision { id } beside { id } successions { id predicate } unstated { provision { id } sameWording } }
    results { provision { id } relation { relations } verdict
      counterpart { relation { relations } proof { chains { statement { id } } } }
      proof { conclusion { relations } chains { subject { id } statement { id } object { id } }
        missing { subject { id } object { id } } } }
  } }
} }"""


def test_a_migration_over_graphql() -> None:
    found = answer(MIGRATION % "maxHops: 1")
    assert "errors" not in found, found
    migration = found["data"]["migration"]
    assert (migration["side"], migration["from"]["id"], migration["to"]["id"], migration["stated"]) == (
        "OBJECT",
        "old/1",
        "new/2",
        True,
    )
    assert migration["summary"] == {"rows": 10, "certain": 2, "changed": 0, "undecided": 5, "lost": 3, "needsReview": 5}
    nodes = {node["statement"]["id"]: node for node in migration["rows"]["nodes"]}
    split = nodes["m02"]
    assert [result["verdict"] for result in split["results"]] == ["CERTAIN", "CERTAIN"]
    (chain,) = split["results"][0]["proof"]["chains"]
    assert [(step["subject"]["id"], step["statement"]["id"], step["object"]["id"]) for step in chain] == [
        ("else/1/x", "m02", "old/1/b"), ("old/1/b", "s02", "new/2/b1"),
    ]  # fmt: skip
    assert split["explanation"]["value"] == (
        "'B name of old/1/b' is split into 2: 'B1 name of new/2/b1', 'B2 name of new/2/b2'. "
        "The relation as published holds for 'B1 name of new/2/b1', 'B2 name of new/2/b2' too."
    )
    assert "as published: word subset-of" in nodes["m04"]["explanation"]["value"]
    assert nodes["m04"]["results"][0]["proof"]["missing"] is not None
    assert nodes["m07"]["relation"] is None
    assert nodes["m07"]["results"][0]["proof"] is None
    assert nodes["m08"]["change"]["successions"] == [{"id": "w01", "predicate": "incorporated-into"}]
    assert nodes["m05"]["change"]["unstated"] == [{"provision": {"id": "new/2/d"}, "sameWording": False}]


def test_rows_of_some_verdicts_page_by_page_and_in_japanese() -> None:
    first = answer(MIGRATION % "verdicts: [LOST], first: 2", ("ja",))["data"]["migration"]
    assert first["summary"]["rows"] == 10
    assert first["rows"]["totalCount"] == 3
    assert {node["explanation"]["language"] for node in first["rows"]["nodes"]} == {"ja"}
    cursor = first["rows"]["pageInfo"]["endCursor"]
    second = answer(MIGRATION % f'verdicts: [LOST], first: 2, after: "{cursor}"')["data"]["migration"]
    assert len({node["statement"]["id"] for page in (first, second) for node in page["rows"]["nodes"]}) == 3


DIFF = """{ editionDiff(old: "%s", new: "%s") { from { id } to { id } stated
  summary { oldProvisions same moved shared split merged changed related unstated withdrawn onlyInOld newProvisions new
    onlyInNew unstatedNew withdrawnNew }
  changes { nodes { provision { id } ofNew kind leftOutBy { id } explanation { value }
    counterparts { provision { id } relation { relations } proof { authority } } } } } }"""


def test_a_difference_over_graphql() -> None:
    found = answer(DIFF % ("old/1", "new/2"))
    assert "errors" not in found, found
    diff = found["data"]["editionDiff"]
    kinds = {node["provision"]["id"]: node["kind"] for node in diff["changes"]["nodes"]}
    assert kinds == {
        "old/1/a": "SAME", "old/1/b": "SPLIT", "old/1/c": "RELATED", "old/1/d": "UNSTATED", "old/1/e": "WITHDRAWN",
        "old/1/gone": "WITHDRAWN", "new/2/d": "UNSTATED", "new/2/n": "NEW",
    }  # fmt: skip
    summary = diff["summary"]
    assert summary["oldProvisions"] == sum(list(summary.values())[1:11]) == 6
    left_out = {node["provision"]["id"]: node["leftOutBy"] for node in diff["changes"]["nodes"] if node["leftOutBy"]}
    assert left_out == {"old/1/e": [{"id": "set/succession"}], "new/2/n": [{"id": "set/succession"}]}
    assert (summary["newProvisions"], summary["new"], summary["unstatedNew"], summary["withdrawnNew"]) == (6, 1, 1, 0)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ migration(mappingSet: "nope", toEdition: "new/2") { side } }', "NOT_FOUND"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "nope") { side } }', "NOT_FOUND"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "else/1") { side } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/turned", toEdition: "new/2") { side } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/nowhere", toEdition: "new/2") { side } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "new/2", maxHops: 4) { side } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "new/2", maxHops: 0) { side } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "new/2", first: 101) { rows { totalCount } } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "new/2", after: "x") { rows { totalCount } } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "new/2", after: "") { rows { totalCount } } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "new/2") { rows(after: "") { totalCount } } }', "BAD_USER_INPUT"),
        ('{ migration(mappingSet: "set/elsewhere", toEdition: "new/2") { rows(first: 101) { totalCount } } }', "BAD_USER_INPUT"),
        ('{ editionDiff(old: "old/1", new: "new/2") { changes(after: "") { totalCount } } }', "BAD_USER_INPUT"),
        ('{ editionDiff(old: "old/1", new: "new/2", first: 1) { changes(first: 101) { totalCount } } }', "BAD_USER_INPUT"),
        ('{ editionDiff(old: "nope", new: "new/2") { stated } }', "NOT_FOUND"),
        ('{ editionDiff(old: "new/2", new: "new/2") { stated } }', "BAD_USER_INPUT"),
        ('{ editionDiff(old: "else/1", new: "new/2") { stated } }', "BAD_USER_INPUT"),
        ('{ editionDiff(old: "old/1", new: "new/2", maxHops: 9) { stated } }', "BAD_USER_INPUT"),
    ],
)
def test_a_bad_question_is_told_so_in_both_languages(query: str, code: str) -> None:
    (error,) = answer(query)["errors"]
    assert error["extensions"]["code"] == code
    messages: dict[str, str] = error["extensions"]["messages"]
    assert Text(**messages).ja != Text(**messages).en


def test_nothing_is_written_back() -> None:
    before = (SNAPSHOT.records, len(SNAPSHOT.index.engine.rows))
    answer(MIGRATION % "maxHops: 3")
    assert (SNAPSHOT.records, len(SNAPSHOT.index.engine.rows)) == before
