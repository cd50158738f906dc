"""Coverage reports over the corpus: each number of docs/coverage.md counted twice, each proof checked, on whose word."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import pytest
from msgspec import structs

from benchmarks.reports import (
    DAY,
    DOCUMENT,
    HOPS,
    REPORTS,
    TABLES,
    Report,
    answers,
    gap_counts,
    status_counts,
    tables,
    with_tables,
)
from kakehashi.crosswalk.given import Given, hold
from kakehashi.crosswalk.pairs import crosswalk
from kakehashi.crosswalk.threat_paths import candidates_for
from kakehashi.crosswalk.threats import build_threats, exposure
from kakehashi.graphql.context import Context
from kakehashi.graphql.schema import build_schema
from kakehashi.records.model import Records
from kakehashi.snapshot.model import Snapshot
from tests.conformance.conftest import Whole
from tests.support import plain_closure, plain_reports
from tests.support.corpus import corpus
from tests.support.proof_checker import PROOF, STATEMENT, Json, faults

SCHEMA: Final = build_schema()
ISO, CSF = REPORTS[0], REPORTS[1]
PCI: Final = next(one for one in REPORTS if one.edition.startswith("complianceascode"))
FEDRAMP, CONTROLS = "fedramp-baselines/rev5-moderate", "nist-sp-800-53/rev5"
PROFILE: Final = "oscal-fedramp-rev5/FedRAMP_rev5_MODERATE-baseline_profile.json"
RED_HAT: Final = "oscal-component-definitions/redhat-ocp4-pcidss/component-definition.json"
NOT_COVERED: Final = {"planned", "not-applicable", "alternative"}
NUMBERS: Final = DOCUMENT.read_text("utf-8").splitlines()
PROOFS: Final = (
    """
query($edition: ID!, $given: GivenInput!, $view: ViewInput!, $hops: Int!, $after: String) {
  coverage(edition: $edition, given: $given, view: $view, maxHops: $hops) {
    requirements(status: [FULL, PARTIAL], first: 100, after: $after) {
      nodes { requirement { id } status satisfiedBy(first: 100) { totalCount nodes { ...Checked } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
    + PROOF
)


@pytest.fixture(scope="module")
def plainly(whole: Whole) -> Mapping[int, plain_reports.World]:
    """The corpus for the naive counting, by the length of chains."""
    rows = plain_closure.rows_of(whole.snapshot.records)
    return {hops: plain_reports.World(whole.snapshot.records, rows, hops) for hops in HOPS}


def named(report: Report) -> str:
    return f"{report.edition} down to {report.least.name}"


@pytest.mark.parametrize("hops", HOPS)
@pytest.mark.parametrize("report", REPORTS, ids=named)
def test_each_number_is_counted_twice(
    whole: Whole, plainly: Mapping[int, plain_reports.World], report: Report, hops: int
) -> None:
    snapshot, view = whole.snapshot, report.view(hops)
    requirements, given = snapshot.requirements(report.edition), report.things(snapshot)
    naive = plain_reports.report(plainly[hops], requirements, given, view.authorities)
    found = answers(snapshot, report, hops)
    for one in found:
        other = naive[one.requirement]
        assert (one.status.value, frozenset(gap.type.value for gap in one.gaps)) == (other.status, other.gaps)
        assert {coverage.control for coverage in one.satisfied_by} == other.satisfying
    assert sum(plain_reports.status_counts(naive)[1:]) == len(requirements) > 100
    assert list(status_counts(found)) == plain_reports.status_counts(naive)
    assert gap_counts(found) == plain_reports.gap_counts(naive)
    lines = [plain_reports.status_counts(naive), *plain_reports.gap_counts(naive)]
    wanted = [report.row(hops, *line) for line in lines]
    assert [line for line in NUMBERS if line.startswith(f"{report.row(hops).removesuffix(' |')} | ")] == wanted


def test_the_document_holds_what_the_command_writes(whole: Whole) -> None:
    document = DOCUMENT.read_text("utf-8")
    assert with_tables(document, tables(whole.snapshot)) == document
    emptied = with_tables(document, ([], []))
    assert len(emptied) < len(document)
    assert all(head in emptied for head in TABLES)


@pytest.mark.parametrize("hops", HOPS)
@pytest.mark.parametrize("report", REPORTS, ids=named)
def test_every_proof_passes_the_checker(whole: Whole, statement: Any, report: Report, hops: int) -> None:
    given = report.things(whole.snapshot)
    found = list(satisfied(whole.snapshot, report, given, hops))
    assert len(found) == sum(len(one.satisfied_by) for one in answers(whole.snapshot, report, hops))
    wrong = [
        (requirement, one["control"], fault) for requirement, one in found for fault in faults(requirement, one, statement, given)
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def statement(whole: Whole) -> Any:
    """A statement as it is served, by id."""
    return cache(lambda identifier: asked(whole.snapshot, STATEMENT, id=identifier)["statement"])


def asked(snapshot: Snapshot, query: str, **variables: object) -> Json:
    result = SCHEMA.execute_sync(query, variable_values=variables, context_value=Context(snapshot))
    assert not result.errors
    assert result.data is not None
    return dict(result.data)


def satisfied(snapshot: Snapshot, report: Report, given: frozenset[str], hops: int) -> Iterator[tuple[str, Json]]:
    """Everything that meets a requirement wholly or in part, as it is served."""
    view = {"minAuthority": report.least.name, "asOf": DAY.isoformat()}
    after = None
    while True:
        variables = {"given": {"controls": sorted(given)}, "view": view, "hops": hops, "after": after}
        page = asked(snapshot, PROOFS, edition=report.edition, **variables)["coverage"]["requirements"]
        for node in page["nodes"]:
            assert len(node["satisfiedBy"]["nodes"]) == node["satisfiedBy"]["totalCount"] > 0
            assert node["status"] == node["satisfiedBy"]["nodes"][0]["status"]
            yield from ((node["requirement"]["id"], one) for one in node["satisfiedBy"]["nodes"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def test_a_requirement_of_prowler_s_is_in_part_where_it_has_checks_and_unknown_where_it_has_none(whole: Whole) -> None:
    checked: Counter[str] = Counter()
    for file in ("prowler/iso27001_2022_azure.json", "prowler/iso27001_2022_m365.json"):
        for one in json.loads(corpus(file).read_text("utf-8"))["Requirements"]:
            checked[f"iso-27001/2022/{one['Id'].lower()}"] += len(set(one["Checks"]))
    found = {one.requirement: one for one in answers(whole.snapshot, ISO, 1)}
    assert {len(found[one].satisfied_by) == number for one, number in checked.items()} == {True}
    statuses = {one: answer.status.value for one, answer in found.items()}
    assert statuses == {one: "partial" if checked[one] else "unknown" for one in found}
    assert {one for one, number in checked.items() if not number} <= {one for one, what in statuses.items() if what == "unknown"}


def test_red_hat_s_words_count_as_they_are_read(whole: Whole) -> None:
    document = json.loads(corpus(RED_HAT).read_text("utf-8"))
    met, silent = set[str](), set[str]()
    for component in document["component-definition"]["components"]:
        for one in (one for each in component["control-implementations"] for one in each["implemented-requirements"]):
            words = {prop["value"] for prop in one.get("props", ()) if prop["name"] == "implementation-status"}
            rules = {prop["value"] for prop in one.get("props", ()) if prop["name"] == "Rule_Id"}
            counts = words & {"implemented", "partial"} or not words or (rules and not words & NOT_COVERED)
            (met if counts else silent).add(f"complianceascode-pci-dss-ocp4/v4/{one['control-id']}")
    statuses = {one.requirement: one.status.value for one in answers(whole.snapshot, PCI, 1)}
    assert {one for one, what in statuses.items() if what == "partial"} == met
    assert {statuses[one] for one in silent - met} == {"unknown"}


def test_the_checks_that_are_given_are_those_that_the_documented_question_finds(whole: Whole) -> None:
    found: set[str] = set()
    for provider in ("m365", "azure"):
        question = f'resources(filter: {{kind: {{eq: "check"}}, id: {{startsWith: "prowler-check/{provider}/"}}}})'
        assert question in DOCUMENT.read_text("utf-8")
        pages = question.replace(")", ", first: 100, after: $after)") + " { nodes { id } pageInfo { hasNextPage endCursor } }"
        page: Json = {"hasNextPage": True, "endCursor": None}
        while page["hasNextPage"]:
            answer = asked(whole.snapshot, f"query($after: String) {{ {pages} }}", after=page["endCursor"])["resources"]
            found |= {node["id"] for node in answer["nodes"]}
            page = answer["pageInfo"]
    assert found == {one for one in ISO.things(whole.snapshot) if one.startswith("prowler-check/")}


def test_ctid_gives_exposure_and_candidates_and_covers_nothing(whole: Whole) -> None:
    snapshot = whole.snapshot
    bare = Snapshot(snapshot.release, without_ctid(snapshot.records))
    fewer = len(snapshot.records.statements) - len(bare.records.statements)
    assert f"Without any of its {fewer:,} statements" in DOCUMENT.read_text("utf-8")
    for report in (ISO, CSF):
        for hops in HOPS:
            before, after = (answers(one, report, hops) for one in (snapshot, bare))
            assert [(one.status, one.gaps) for one in before] == [(one.status, one.gaps) for one in after]
            assert not [one for answer in before for one in answer.covered if one.control.startswith("ctid-")]
    (open_before, candidates), (open_after, none) = (threats_of(one) for one in (snapshot, bare))
    assert open_before < open_after
    assert any(one.startswith("ctid-m365/") for one in candidates)
    assert not any(one.startswith("ctid-") for one in none)


def without_ctid(records: Records) -> Records:
    """The records without what CTID says; what it speaks of can still be given."""
    kept = tuple(one for one in records.statements if not one.source.startswith("source/ctid/"))
    return structs.replace(records, statements=kept)


def threats_of(snapshot: Snapshot) -> tuple[int, set[str]]:
    """How many threats of ATT&CK Microsoft's things leave open, and which of them may be looked at for secure authentication."""
    threats = build_threats(snapshot.records.statements, snapshot.resources, snapshot.described, snapshot.world)
    view = ISO.view(1)
    holding = hold(snapshot.index, Given(things=ISO.things(snapshot)), view)
    exposed = [exposure(threats, one, holding, view) for one in threats.within(edition="mitre-attack/16.1")]
    found = candidates_for(snapshot.index, threats, "iso-27001/2022/a.8.5", holding, view)
    return sum(one.is_open for one in exposed), {one.thing for one in found}


def test_what_fedramp_moderate_takes_up_of_800_53(whole: Whole) -> None:
    snapshot = whole.snapshot
    baseline, catalogue = snapshot.requirements(FEDRAMP), snapshot.requirements(CONTROLS)
    found = crosswalk(snapshot.index.engine, baseline, catalogue, ISO.view(1))
    profile = json.loads(corpus(PROFILE).read_text("utf-8"))["profile"]
    taken = {one for each in profile["imports"] for chosen in each["include-controls"] for one in chosen["with-ids"]}
    assert {one.rpartition("/")[2] for one in found.shared} == taken
    own, left = len(baseline) - len(taken), len(catalogue) - len(taken)
    assert f"| `{FEDRAMP}` | `{CONTROLS}` | {len(taken)} | {own} | {left} |" in NUMBERS
