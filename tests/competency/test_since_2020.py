"""Standards, guidelines and schemes since the leaflet: editions, numbers, clauses, and how sure each is."""

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

import pytest

from kakehashi.graphql.context import Context
from kakehashi.graphql.schema import build_schema
from kakehashi.records.model import Edition, Resource, Statement
from kakehashi.records.values import Authority, Certainty, MappingStatus
from kakehashi.snapshot.model import Snapshot
from kakehashi.sources.naming import Work, registered
from kakehashi.vocabulary.text import LANGUAGES
from tests.support.making import build, snapshot_of

FOLDERS: Final = ("leaflet", "leaflet-frameworks", "standards-and-guidelines", "standards-and-guidelines-unverified")
CATALOGUES: Final = {f"source/{name}" for name in FOLDERS[2:]}
SETS: Final = {"mext-clauses-between-editions": 71, "mext-to-iso27002": 120, "iso27017-cld-to-iso27002": 20}
OURS: Final = CATALOGUES | {f"source/{name}" for name in SETS}
EDITIONS: Final = ("guideline-h29", "guideline-r1-12", "guideline-r3-5", "guideline-r4-3", "guideline-r6-1", "guideline-r7-3")
NEW: Final = {"5.7", "5.23", "5.30", "7.4", "8.9", "8.10", "8.11", "8.12", "8.16", "8.23", "8.28"}
CLD: Final = {"6.3.1", "8.1.5", "9.5.1", "9.5.2", "12.1.5", "12.4.5", "13.1.4"}
THEMES: Final = {"5": 37, "6": 8, "7": 14, "8": 34}
SCHEMA: Final = build_schema()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The leaflet with what we state of standards, guidelines and schemes since."""
    root = tmp_path_factory.mktemp("since-2020") / "home"
    sets = [files("kakehashi.sets") / f"{name}.sssom.tsv" for name in SETS]
    build(root, [*(files("kakehashi.data") / name for name in FOLDERS), *sets])
    return snapshot_of(root)


def ask(snapshot: Snapshot, query: str, **variables: Any) -> dict[str, Any]:
    result = SCHEMA.execute_sync(query, variable_values=variables, context_value=Context(snapshot))
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


def out(snapshot: Snapshot, subject: str, predicate: str) -> dict[str, Statement]:
    """The statements by their objects."""
    return {one.object: one for one in snapshot.outgoing.get(subject, ()) if one.predicate == predicate and one.object}


def into(snapshot: Snapshot, target: str, predicate: str) -> dict[str, Statement]:
    """The statements by their subjects."""
    return {one.subject: one for one in snapshot.incoming.get(target, ()) if one.predicate == predicate}


def values(snapshot: Snapshot, subject: str, predicate: str, language: str | None = None) -> list[str]:
    """The literal values, in a language or in none."""
    found = (one.value for one in snapshot.outgoing[subject] if one.predicate == predicate)
    return [one.text for one in found if one is not None and one.language == language]


def named(snapshot: Snapshot, identifier: str) -> dict[str, str]:
    return {label.language: label.text for label in snapshot.resources[identifier].labels}


def tails(provisions: tuple[str, ...], snapshot: Snapshot, kind: str = "control") -> list[str]:
    return [one.rpartition("/")[2] for one in provisions if snapshot.resources[one].kind == kind]


def ours(snapshot: Snapshot) -> Iterator[Resource]:
    return (one for one in snapshot.records.resources if one.source in OURS)


# what was loaded


def test_every_name_is_in_both_languages_and_marked_as_ours_or_cited(known: Snapshot) -> None:
    for resource in ours(known):
        assert {label.language for label in resource.labels} == set(LANGUAGES), resource.id
        assert any(label.ours for label in resource.labels), resource.id


def test_every_statement_says_where_it_was_read_and_how_sure_it_is(known: Snapshot) -> None:
    cited = {known.resources[one.id].notation for one in ours(known) if one.kind == "citation"}
    seen: Counter[Certainty] = Counter()
    for statement in (one for one in known.records.statements if one.source in CATALOGUES):
        seen[statement.certainty] += 1
        assert statement.section, statement
        keys = (statement.note or "").partition("[")[2].rstrip("]").split(", ") if "[" in (statement.note or "") else []
        assert set(keys) <= cited, statement
        assert bool(keys) or statement.certainty is not Certainty.VERIFIED, statement
        alone = {Certainty.INFERRED, Certainty.UNVERIFIED}
        assert (statement.authority is Authority.INFERRED) == (statement.certainty in alone), statement
    assert set(seen) == {Certainty.VERIFIED, Certainty.SECONDARY, Certainty.UNVERIFIED, Certainty.INFERRED}


def test_no_row_of_our_own_sets_claims_more_than_a_draft_by_us(known: Snapshot) -> None:
    counted: Counter[str] = Counter()
    for statement in known.records.statements:
        if statement.mapping is None or statement.source not in OURS:
            continue
        counted[statement.source.removeprefix("source/")] += 1
        assert statement.authority is Authority.INFERRED
        assert statement.mapping.status is MappingStatus.DRAFT
        assert {label.language for label in statement.mapping.rationale} == set(LANGUAGES)
        assert statement.mapping.confidence is not None
        assert 0 < statement.mapping.confidence < 1000
    assert counted == SETS


def test_what_the_unverified_catalogue_holds_is_unverified_and_nothing_else(known: Snapshot) -> None:
    of_unverified = [one for one in known.records.statements if one.source == "source/standards-and-guidelines-unverified"]
    assert {one.certainty for one in of_unverified} == {Certainty.UNVERIFIED}
    assert not [one for one in known.records.resources if one.source == "source/standards-and-guidelines-unverified"]


# the ISO/IEC 27000 family


def test_controls_of_2022_by_theme_and_the_new_ones(known: Snapshot) -> None:
    annex, code = (known.editions[f"{one}/2022"].provisions for one in ("iso-27001", "iso-27002"))
    wanted = [f"{theme}.{number}" for theme, count in THEMES.items() for number in range(1, count + 1)]
    assert tails(code, known) == wanted
    assert tails(annex, known) == [f"a.{one}" for one in wanted]
    assert len(wanted) == 93
    assert {one.rpartition("/")[2] for one in into(known, "iso-27002/2022", "new-in")} == NEW
    assert {one.rpartition("/a.")[2] for one in into(known, "iso-27001/2022", "new-in")} == NEW
    pairs = {(one, *out(known, one, "equal")) for one in annex if known.resources[one].kind == "control"}
    assert pairs == {(f"iso-27001/2022/a.{one}", f"iso-27002/2022/{one}") for one in wanted}


def test_controls_of_2013_and_of_the_cloud_code(known: Snapshot) -> None:
    annex = known.editions["iso-27001/2013"].provisions
    assert len(tails(annex, known)) == 114
    assert tails(annex, known, "heading") == [f"a.{domain}" for domain in range(5, 19)]
    assert {one.removeprefix("cld.") for one in tails(known.editions["iso-27017/2015"].provisions, known)} == CLD


def test_the_counts_that_sources_state_are_those_that_are_listed(known: Snapshot) -> None:
    for edition, counts in {"iso-27001/2013": {"114", "14", "35"}, "iso-27002/2022": {"93", "11", "24", "58"}}.items():
        assert set(values(known, edition, "number")) == counts
    for theme, count in THEMES.items():
        assert values(known, f"iso-27002/2022/{theme}", "number") == [str(count)]


@pytest.mark.parametrize("edition", ["iso-27001/2013", "iso-27001/2022", "iso-27002/2022", "iso-27017/2015", *EDITIONS[1:]])
def test_ids_are_those_that_publishers_files_give(known: Snapshot, edition: str) -> None:
    work = registered(edition)
    assert isinstance(work, Work)
    structure = known.framework_structures[work.framework]
    assert (structure.parent_link, known.editions[edition].framework) == (work.parent_link, work.framework)
    for provision in known.editions[edition].provisions:
        notation = known.resources[provision].notation
        assert notation is not None or not work.edition.startswith("iso-")  # parts of the guideline's editions bear no number
        assert notation is None or work.provision(notation) == provision


@pytest.mark.parametrize(
    "edition", ["nist-csf/1.1", "nist-csf/2.0", "nist-sp-800-53/rev4", "nist-sp-800-53/rev5", "cis-controls/8.1"]
)
def test_editions_from_abroad_join_those_that_are_registered(known: Snapshot, edition: str) -> None:
    work = registered(edition)
    assert isinstance(work, Work)
    assert known.editions[edition].framework == work.framework
    assert named(known, edition) == {label.language: label.text for label in work.labels}
    assert known.editions[edition].replaces == (work.replaces or known.editions[edition].replaces)


def test_no_control_bears_the_title_of_the_standard(known: Snapshot) -> None:
    """Our names are sentences of what is done; a few words that titles cannot avoid are the only ones they share."""
    titles = {"Threat intelligence", "Access control", "Web filtering", "Secure coding", "Data masking", "Logging", "Clear desk"}
    for edition in ("iso-27001/2022", "iso-27002/2022", "iso-27017/2015"):
        for provision in known.editions[edition].provisions:
            resource = known.resources[provision]
            assert all(label.ours for label in resource.labels)
            assert not titles & {label.text for label in resource.labels}


def test_every_family_member_of_the_leaflet_that_was_issued_has_an_edition(known: Snapshot) -> None:
    family = {one for one in known.outgoing if out(known, one, "in-standard-group")}
    without = {one for one in family if not into(known, one, "edition-of")}
    assert len(family) == 19
    assert without == {"iso-27101"}
    assert set(into(known, "iso-27101", "replaces")) == {"iso-27110/2021"}


def test_national_versions(known: Snapshot) -> None:
    for national, international, day in (
        ("jis-q-27001/2023", "iso-27001/2022", "2023-09-20"),
        ("jis-q-27002/2024", "iso-27002/2022", "2024-06-20"),
    ):
        assert set(out(known, national, "national-version-of")) == {international}
        assert str(known.editions[national].issued) == day


# the guideline


def test_six_editions_of_the_guideline_in_one_line(known: Snapshot) -> None:
    editions = [one for one in known.editions.values() if one.framework == "guideline"]
    chain: list[Edition] = [one for one in editions if one.replaces is None]
    while (after := [one for one in editions if one.replaces == chain[-1].id]) != []:
        chain += after
    assert tuple(one.id for one in chain) == EDITIONS
    assert [one.version for one in chain] == ["H29.10", "R1.12", "R3.5", "R4.3", "R6.1", "R7.3"]
    days = [str(one.issued) if one.issued else None for one in chain]
    assert days == ["2017-10-18", None, "2021-05-28", "2022-03-03", None, "2025-03-25"]
    for later, former in zip(EDITIONS[2:], EDITIONS[1:], strict=False):
        assert out(known, later, "revises")[former].certainty is Certainty.VERIFIED
    (latest,) = out(known, "guideline", "latest-known-edition").values()
    assert (latest.object, latest.certainty) == ("guideline-r7-3", Certainty.INFERRED)
    assert values(known, "guideline-r7-3", "checked-on") == ["2026-11-23"]


def test_clauses_say_whether_they_were_read(known: Snapshot) -> None:
    def certainty(clause: str) -> Certainty:
        (statement,) = out(known, clause, "part-of").values()
        return statement.certainty

    assert certainty("guideline-r4-3/1.9.3") is Certainty.VERIFIED
    assert certainty("guideline-r4-3/1.6") is Certainty.UNVERIFIED
    assert certainty("guideline-r3-5/1.9.3") is Certainty.INFERRED
    assert certainty("guideline-r7-3/9.2") is Certainty.VERIFIED
    assert certainty("guideline-r7-3/6") is Certainty.UNVERIFIED
    assert "guideline-r1-12/1.12" not in known.resources


def test_the_clauses_that_are_counted_are_no_headings(known: Snapshot) -> None:
    counted = {edition: len(known.requirements(edition)) for edition in EDITIONS}
    assert counted == dict(zip(EDITIONS, (0, 13, 17, 17, 19, 21), strict=True))


def test_what_each_revision_brought(known: Snapshot) -> None:
    assert set(out(known, "guideline-r1-12", "has-revision")) == {"rev-1-cloud-thinking", "rev-2-privacy-points"}
    brought = {edition: len(out(known, edition, "has-revision")) for edition in EDITIONS[2:]}
    assert brought == {"guideline-r3-5": 7, "guideline-r4-3": 1, "guideline-r6-1": 4, "guideline-r7-3": 3}


# what a school board asks of the whole


def test_provisions_of_the_newest_edition_reach_the_annex_through_our_drafts(known: Snapshot) -> None:
    mapped = {one.subject for one in known.records.statements if one.mapping and one.source == "source/mext-to-iso27002"}
    latest = {one for one in mapped if one.startswith("guideline-r7-3/")}
    # scope, and the chapters whose parts are mapped instead
    assert set(known.requirements("guideline-r7-3")) - latest == {f"guideline-r7-3/{one}" for one in ("1", "3", "9")}
    query = """query($s: ID!, $t: ID!) { relation(source: $s, target: $t, view: {minAuthority: INFERRED}, maxHops: 2) {
      relation { relations determined } candidate proof { authority } } }"""
    answer = ask(known, query, s="guideline-r7-3/9.1", t="iso-27001/2022/a.5.23")["relation"]
    assert not answer["candidate"]
    assert answer["relation"]["determined"]
    assert answer["proof"]["authority"] == "INFERRED"


def test_a_certificate_counts_as_a_sign_for_the_cloud_clause_and_no_more(known: Snapshot) -> None:
    query = """query($least: Authority) {
      coverage(edition: "guideline-r7-3", given: {certificates: [{scheme: "iso-27017-cert"}]}, view: {minAuthority: $least}) {
        requirements { nodes { requirement { id } status } } } }"""

    def met(least: str) -> dict[str, str]:
        nodes = ask(known, query, least=least)["coverage"]["requirements"]["nodes"]
        return {one["requirement"]["id"]: one["status"] for one in nodes if one["status"] != "UNKNOWN"}

    assert met("INFERRED") == {"guideline-r7-3/9.1": "PARTIAL"}
    assert met("VENDOR") == {}
