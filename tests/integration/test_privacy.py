"""Loading private sources changes nothing that anybody may see: not one byte of an answer, no id, no label, no count."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from kakehashi.exports.graph import exported
from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.schema import build_schema
from kakehashi.http.sparql import SparqlOptions
from kakehashi.pipeline.asked import fetched
from kakehashi.pipeline.build import build as run_build
from kakehashi.pipeline.load import load, prune, rollback, unload
from kakehashi.records.located import InvalidSourceError
from kakehashi.records.model import Assessment
from kakehashi.records.values import AssessmentStatus
from kakehashi.snapshot.diff import diff
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.private import NOTHING, Private, load_private
from kakehashi.snapshot.repository import repository_of
from kakehashi.store.dumping import DumpFormat
from kakehashi.vocabulary.iris import IdSpace, private_base
from tests.faults.test_bad_assessments import private_of
from tests.support.assessing import BOARD, SOURCE_ID, home_at, row, write_workbook
from tests.support.making import maker_at, snapshot_of
from tests.support.server import Client, serving
from tests.support.site import file as page
from tests.support.site import site
from tests.support.workbooks import Cell

SCOPE, REVIEWER, EVIDENCE, REMARK, WHY = "隠し校務系", "評価 秘子", "https://secret.example/log", "内緒の備考", "人に言えない理由"
ROWS = [
    row(reviewer=REVIEWER, evidence=EVIDENCE, remark=REMARK, control="tool"),
    row(provision="1.2", applicable="no", justification=WHY, status=None, reviewer=REVIEWER),
    row(scope=SCOPE, provision="1.10", status="planned", reviewer=REVIEWER, control="spare"),
]
COVERAGE = """
query($edition: ID!, $assessed: AssessedInput) {
  coverage(edition: $edition, given: {everything: true}, view: {asOf: "2026-06-01"}, maxHops: 4, assessed: $assessed) {
    summary { assessable full partial possible excluded unknown } inPlaceSummary { assessable full } assessed { organisation }
    requirements { nodes { requirement { id } status satisfiedBy { nodes { control { id } } } inPlace { status } } }
  }
}"""
WORDS = (BOARD, SCOPE, REVIEWER, "assessment", "secret")
QUERIES = (
    "{ release { id builtAt counts { kind count } sources { id title { value } sha256 rights redistribution loader } } }",
    "{ resources(first: 100) { totalCount nodes { id iri kind notation prefLabel { value } "
    "statements(first: 100) { totalCount nodes { id note section source { id } } } } } }",
    "{ frameworks { totalCount nodes { id } } editions { totalCount nodes { id provisions { totalCount nodes { id } } } } "
    "mappingSets { totalCount } mappingFindings { totalCount } }",
    '{ crosswalk(source: "rules/2026", target: "laws/1") { rows { totalCount } } '
    'relation(source: "rule-1", target: "law-1") { relation { relations } } }',
    *(f'{{ resources(text: "{text}") {{ totalCount nodes {{ id }} }} }}' for text in WORDS),
    *(f'{{ search(text: "{text}") {{ totalCount kinds {{ kind count }} nodes {{ resource {{ id }} }} }} }}' for text in WORDS),
    "{ statements(first: 100) { totalCount nodes { id } } releases { totalCount nodes { id sourceIds } } }",
)  # fmt: skip
SPARQL = (
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?s ?o { ?s a ?o . FILTER(CONTAINS(STR(?s), 'ssessment')) } ORDER BY ?s ?o",
    "SELECT ?s ?p ?o { ?s ?p ?o . FILTER(CONTAINS(STR(?o), '秘密') || CONTAINS(STR(?o), 'secret')) }",
    f"SELECT ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o . FILTER(CONTAINS(STR(?o), '{REVIEWER}')) }} }}",
)
REST = (
    "/v1/releases/current", "/v1/resources?first=100", "/v1/frameworks", "/v1/editions", "/v1/mapping-sets",
    "/v1/resources/rule-1", "/v1/statements?resource=rule-1", "/v1/editions/rules%2F2026/provisions",
    "/v1/coverage?edition=rules%2F2026&everything=true&asOf=2026-06-01&maxHops=4",
    "/v1/gaps?edition=rules%2F2026&everything=true",
    *(f"/v1/search?text={quote(text)}" for text in WORDS),
)  # fmt: skip
PATHS = ("/readyz", *(f"/exports/graph.{suffix}" for suffix in ("nq", "trig", "jsonld")), *REST)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_at(tmp_path)


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "board.xlsx", *ROWS)


def seen(client: Client, ids: tuple[str, ...] = ()) -> Mapping[str, bytes]:
    """All that anybody sees: everything that is asked above, and what some ids resolve to."""
    found = {query: client.send(f"/graphql?query={quote(query)}").body for query in QUERIES}
    variables = {"edition": "rules/2026"}
    found["coverage"] = json.dumps(client.graphql(COVERAGE, **variables)).encode()
    found |= {query: client.send(f"/sparql?query={quote(query)}").body for query in SPARQL}
    found |= {path: client.send(path).body for path in PATHS}
    assert not [name for name, body in found.items() if b'"errors"' in body], "what is refused shows nothing"
    for identifier in (SOURCE_ID, *ids):
        for kind in ("html", "turtle", "jsonld"):
            reply = client.send(f"/id/{quote(identifier)}?format={kind}")
            assert reply.status == 404, identifier
        one = json.dumps(identifier)
        answer = client.ask(f"{{ node(id: {one}) {{ id }} resource(id: {one}) {{ id }} statement(id: {one}) {{ id }} }}")
        assert answer == {"node": None, "resource": None, "statement": None}
    return found


@pytest.fixture
def anybody(home: Path) -> Iterator[Client]:
    """A server that lets everything be asked that can be asked in public, and more: /sparql of all sources."""
    with serving(home, SparqlOptions(everything=True)) as client:
        yield client


def test_not_one_byte_that_anybody_sees_changes(home: Path, board: Path, anybody: Client) -> None:
    before, release = seen(anybody), snapshot_of(home)
    report = load(maker_at(home), [board])
    assert not report.refused
    assert (report.release, report.fresh) == (release.release.id, False)
    private = private_of(home)
    assert len(private.assessments) == len(ROWS)
    ids = tuple(one.id for one in private.assessments)
    assert seen(anybody, ids) == before
    with serving(home, SparqlOptions(everything=True)) as fresh:
        assert seen(fresh, ids) == before
    secrets = (BOARD, SCOPE, REVIEWER, EVIDENCE, REMARK, WHY, SOURCE_ID, *ids, report.private or "")
    for name, answer in before.items():
        if name not in QUERIES and name not in SPARQL:
            assert not [secret for secret in secrets if secret.encode() in answer], name


def test_an_organisation_that_may_not_be_seen_is_as_one_that_there_is_not(home: Path, board: Path, anybody: Client) -> None:
    load(maker_at(home), [board])
    for scope in (None, SCOPE, "no such scope"):
        for language in ("ja", "en"):
            named = [{"organisation": name, "scope": scope} for name in (BOARD, "unbekannt")]
            answers = [json.dumps(anybody.graphql(COVERAGE, language, edition="rules/2026", assessed=one)) for one in named]
            assert "NOT_FOUND" in answers[0]
            assert answers[0].replace(json.dumps(BOARD)[1:-1], "unbekannt") == answers[1]


def test_the_public_release_is_the_same_with_and_without(home: Path, board: Path) -> None:
    before = snapshot_of(home)
    load(maker_at(home), [board])
    after = snapshot_of(home)
    assert after.release == before.release
    assert repository_of(Home(home)).releases() == [before.release]
    assert after.records == before.records
    changes = diff(before, after)
    assert not any((changes.sources, changes.resources, changes.editions, changes.mapping_sets))
    assert not any((changes.statements, changes.pairs))
    unload(maker_at(home), [SOURCE_ID])
    assert snapshot_of(home).release == before.release
    assert private_of(home).assessments == ()


def test_even_an_export_of_everything_has_nothing_private(home: Path, board: Path) -> None:
    load(maker_at(home), [board])
    snapshot = snapshot_of(home)
    whole = b"".join(exported(snapshot, repository_of(Home(home)), DumpFormat.NQUADS, everything=True)).decode()
    assert "rule-1" in whole
    assert not [secret for secret in (BOARD, REVIEWER, REMARK, EVIDENCE, "assessment/", "/private/") if secret in whole]


def test_nothing_private_lies_in_the_public_part_of_the_home(home: Path, board: Path) -> None:
    load(maker_at(home), [board])
    files = [file for file in home.rglob("*") if file.is_file() and home / "private" not in file.parents]
    assert len(files) > 5
    for file in files:
        assert not [secret for secret in (BOARD, REVIEWER, SOURCE_ID) if secret.encode() in file.read_bytes()], file


def test_other_users_of_the_machine_may_not_enter_the_private_home(home: Path, board: Path) -> None:
    load(maker_at(home), [board])
    assert (home / "private").stat().st_mode & 0o077 == 0


def test_a_private_home_that_stood_open_is_closed(home: Path, board: Path) -> None:
    (home / "private").mkdir(mode=0o755)
    load(maker_at(home), [board])
    assert (home / "private").stat().st_mode & 0o077 == 0


def test_what_was_unloaded_and_pruned_is_on_the_disk_no_longer(home: Path, board: Path, tmp_path: Path) -> None:
    other = write_workbook(tmp_path / "other.xlsx", row(organisation="別の市"), source=[["id", "other"], ["title_en", "Other"]])
    load(maker_at(home), [board])
    load(maker_at(home), [other])
    assert where(home, REVIEWER)
    unload(maker_at(home), [SOURCE_ID])
    maker = maker_at(home).private
    assert maker is not None
    assert [one.organisation for one in private_of(home).assessments] == ["別の市"]
    assert prune(maker, 1) > 0
    assert where(home, "別の市")
    assert not [secret for secret in (BOARD, SCOPE, REVIEWER, EVIDENCE, REMARK, WHY) if where(home, secret)]


def where(home: Path, text: str) -> list[Path]:
    return [file for file in home.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


def test_private_graphs_have_names_that_no_public_graph_can_have(home: Path, board: Path) -> None:
    load(maker_at(home), [board])
    maker = maker_at(home).private
    assert maker is not None
    release = maker.former()
    assert release is not None
    assert all(graph.name.startswith(private_base(release.base) + "/graph/") for graph in release.graphs)
    assert not any(IdSpace(release.base).graph("x")[:-1] in graph.name for graph in release.graphs)


def test_a_private_source_cannot_be_built_into_a_release(home: Path, board: Path) -> None:
    with pytest.raises(InvalidSourceError, match="Faults in the data: 1\\.") as caught:
        run_build(maker_at(home), [board])
    assert "is a private source" in caught.value.faults[0].text.en


def test_whoever_has_rolled_the_private_release_back_sees_what_was_there(home: Path, board: Path, tmp_path: Path) -> None:
    load(maker_at(home), [board])
    load(maker_at(home), [write_workbook(tmp_path / "board.xlsx", row(status="not"))])
    assert [one.status for one in private_of(home).assessments] == [AssessmentStatus.NOT_IN_PLACE]
    maker = maker_at(home).private
    assert maker is not None
    rollback(maker)
    assert len(private_of(home).assessments) == len(ROWS)


def test_what_somebody_sees_holds_nothing_of_the_others(home: Path, board: Path) -> None:
    load(maker_at(home), [board])
    whole = private_of(home)
    assert whole.organisations == {BOARD}
    assert whole.seen_by(frozenset({"another"})).__dict__ == NOTHING.__dict__
    assert whole.seen_by(frozenset({BOARD})).assessments == whole.assessments
    other = Private(whole.sources, [*whole.assessments, *(_of_another(one) for one in whole.assessments)])
    assert len(other.assessments) == 2 * len(ROWS)
    assert other.seen_by(frozenset({BOARD})).__dict__ == whole.__dict__
    assert other.seen_by(frozenset()).__dict__ == NOTHING.__dict__


def _of_another(one: Assessment) -> Assessment:
    return replace(one, id=one.id + "x", organisation="another", source="source/another")


def test_a_home_without_private_releases_shows_nothing(home: Path) -> None:
    maker = maker_at(home).private
    assert maker is not None
    assert load_private(maker.home, maker.repository) is NOTHING


def test_who_may_see_one_organisation_is_told_nothing_of_another(home: Path, board: Path) -> None:
    load(maker_at(home), [board])
    snapshot, whole = snapshot_of(home), private_of(home)

    def answer(private: Private, organisation: str) -> object:
        variables = {"edition": "rules/2026", "assessed": {"organisation": organisation}}
        return execute(build_schema(), Context(snapshot, ("en",), private=private), Request(COVERAGE, variables)).body

    assert "errors" not in json.dumps(answer(whole, BOARD))
    refused = json.dumps(answer(whole.seen_by(frozenset({"another"})), BOARD), ensure_ascii=False)
    assert refused.replace(BOARD, "nobody") == json.dumps(answer(NOTHING, "nobody"), ensure_ascii=False)


@pytest.mark.parametrize("cells", [{}, {"status": "x"}, {"date": "2026-02-30"}])
def test_what_was_fetched_leaves_no_copy_outside_the_private_home(home: Path, board: Path, cells: dict[str, Cell]) -> None:
    """Even of a workbook that is refused; and what is kept of anything else, the owner alone reads."""
    write_workbook(board, *ROWS, row(provision="id:same-a", **cells))
    public = b"id,title_ja\n"
    with site() as here:
        here.pages |= {"/board.xlsx": page(board.read_bytes(), '"one"'), "/other.csv": page(public, '"two"')}
        inputs = fetched([f"{here.base}/board.xlsx", f"{here.base}/other.csv"], home / "cache", allow_private=True)
    assert len(left_in(home / "cache")) == 2
    report = load(maker_at(home), inputs)
    assert bool(report.refused[1:]) == bool(cells)
    (kept,) = left_in(home / "cache")
    assert kept.read_bytes().endswith(public)
    assert {path.stat().st_mode & 0o077 for path in (home / "cache", kept)} == {0}


def left_in(cache: Path) -> list[Path]:
    return [path for path in cache.iterdir() if path.suffix != ".lock"]
