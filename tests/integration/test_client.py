"""The client against a real server, and against one that has bad days; each test runs with both clients."""

import asyncio
import dataclasses
import email.utils
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import msgspec
import pytest

import kakehashi.client
from kakehashi.client import (
    AsyncClient,
    BusyError,
    ClientError,
    GraphQLError,
    ImportFailedError,
    ImportJob,
    Listing,
    NotAllowedError,
    NotFoundError,
    Options,
    RefusedError,
    Retries,
    ServerError,
    UnexpectedAnswerError,
    UnreachableError,
    records,
)
from kakehashi.client import Client as SyncClient
from kakehashi.client.flows import Flows
from kakehashi.http.rest.routes import ROUTES
from tests.support.assessing import home_at
from tests.support.flaky import Told, flaky
from tests.support.importing import Office, catalogue, office
from tests.support.rest_questions import ITEMS, LAW, MEASURES
from tests.support.server import Client

GIVEN = records.GivenInput(products=("office-365",), certificates=(records.CertificateInput(scheme="cs-gold-mark"),))
DRAFTS = records.ViewInput(min_authority="INFERRED")
QUESTIONS: dict[str, Any] = {
    "release": records.ReleaseQuestion(),
    "resources": records.ResourcesQuestion(kind=("ministry", "product"), first=7),
    "resource": records.ResourceQuestion(id="leaflet-legal-considerations/2020-01", first=3),
    "statements": records.StatementsQuestion(resource="cs-gold-mark", direction="IN", first=3),
    "search": records.SearchQuestion(text="ゴールド & gold?/#", first=3),
    "frameworks": records.FrameworksQuestion(first=5),
    "editions": records.EditionsQuestion(first=30),
    "provisions": records.ProvisionsQuestion(id=MEASURES, first=30),
    "mappingSets": records.MappingSetsQuestion(first=3),
    "crosswalk": records.CrosswalkQuestion(
        source="guideline-r7-3", target="iso-27001/2022", view=DRAFTS, max_hops=2, include=("CERTAIN",), proof=True, first=20
    ),
    "crosswalkDisputed": records.CrosswalkDisputedQuestion(source=LAW, target=ITEMS),
    "crosswalkShared": records.CrosswalkSharedQuestion(source=LAW, target=ITEMS),
    "crosswalkUnmappedSource": records.CrosswalkUnmappedSourceQuestion(source=LAW, target=ITEMS, first=1),
    "crosswalkUnmappedTarget": records.CrosswalkUnmappedTargetQuestion(source=LAW, target=ITEMS, first=2),
    "relation": records.RelationQuestion(
        source="cs-gold-mark", target="rec-3-audit", view=records.ViewInput(as_of=date(2021, 1, 1))
    ),
    "coverage": records.CoverageQuestion(edition=ITEMS, given=GIVEN, proof=True, first=2),
    "gaps": records.GapsQuestion(edition=MEASURES, given=GIVEN, view=DRAFTS, first=20),
    "closeGaps": records.CloseGapsQuestion(edition=ITEMS, given=records.GivenInput(products=("office-365",)), budget=2, first=1),
    "threats": records.ThreatsQuestion(given=records.GivenInput(everything=True), proof=True, first=60),
}
every_question = pytest.mark.parametrize("name", QUESTIONS)
QUICK = Options(retries=Retries(times=3, first=0.01, longest=0.5))
PROBLEM = b'{"type": "/problems/busy", "title": "Busy", "status": 503, "code": "BUSY", "detail": "later"}'

Run = Callable[..., Any]


def _sync(base: str, what: str, *arguments: Any, key: str | None = None, options: Options | None = None, **more: Any) -> Any:
    with SyncClient(base, key=key, languages=("en",), options=options) as client:
        found = getattr(client, what)(*arguments, **more)
        return list(found) if isinstance(found, Iterator) else found


def _async(base: str, what: str, *arguments: Any, key: str | None = None, options: Options | None = None, **more: Any) -> Any:
    async def run() -> Any:
        async with AsyncClient(base, key=key, languages=("en",), options=options) as client:
            found = getattr(client, what)(*arguments, **more)
            return [one async for one in found] if hasattr(found, "__aiter__") else await found

    return asyncio.run(run())


@pytest.fixture(params=[_sync, _async], ids=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Run:
    """Calls a method of a fresh client."""
    found: Run = request.param
    return found


def test_there_is_a_question_for_every_route() -> None:
    assert set(QUESTIONS) == {route.operation for route in ROUTES}


@every_question
def test_every_question_is_answered_in_full(client: Client, run: Run, name: str) -> None:
    """The records hold all that came: written again, they are what was answered."""
    question = QUESTIONS[name]
    answer = run(client.base, "ask", question)
    assert isinstance(answer, question.answered)
    assert _without_missing(msgspec.json.decode(msgspec.json.encode(answer))) == _without_missing(_plain(client, question))


def _plain(client: Client, question: Any) -> Any:
    """The same without the client's records."""
    sending = Flows(Retries(), kakehashi.client.flows.Cache(0), ("en",))._sending(question)
    path = f"{sending.path}?{httpx2.QueryParams(sending.params)}"
    reply = client.send(path, method=sending.method, body=sending.content, headers=dict(sending.headers))
    assert reply.status == 200
    return reply.json()


def _without_missing(value: Any) -> Any:
    """Without nulls, which a record does not tell from what is not there, and with one way to write a time."""
    if isinstance(value, dict):
        return {name: _without_missing(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_missing(one) for one in value]
    return value.replace("+00:00", "Z") if isinstance(value, str) else value


LISTINGS = [name for name, question in QUESTIONS.items() if isinstance(question, Listing)]


@pytest.mark.parametrize("name", LISTINGS)
def test_every_list_is_read_to_its_end(client: Client, run: Run, name: str) -> None:
    question = QUESTIONS[name]
    pages = run(client.base, "pages", question)
    rows = run(client.base, "each", question)
    counts = {kakehashi.client.flows.page_of(question, page).total_count for page in pages}
    assert counts == {len(rows)}
    assert len(pages) == max(1, -(-len(rows) // question.first))


def test_most_lists_have_several_pages(client: Client) -> None:
    assert sum(len(_sync(client.base, "pages", QUESTIONS[name])) > 1 for name in LISTINGS) >= 9


def test_a_proof_is_there_where_it_is_asked_for(client: Client, run: Run) -> None:
    question = QUESTIONS["crosswalk"]
    for asked in (True, False):
        (row, *_) = run(client.base, "each", msgspec.structs.replace(question, proof=asked))
        assert (row.proof is not None) is asked
        assert not asked or row.proof.chains[0][0].statement.source.id


def test_the_answers_are_in_the_language_that_is_wished_for(client: Client) -> None:
    for language in ("ja", "en"):
        with SyncClient(client.base, languages=(language,)) as asking:
            label = asking.ask(records.ResourceQuestion(id="cs-gold-mark")).resource.pref_label
            assert label is not None
            assert label.language == language


def test_graphql_is_asked_as_it_is(client: Client, run: Run) -> None:
    query = "query($id: ID!) { resource(id: $id) { kind } }"
    assert run(client.base, "graphql", query, {"id": "ms"}) == {"resource": {"kind": "company"}}
    with pytest.raises(GraphQLError, match="nope") as caught:
        run(client.base, "graphql", "{ nope }")
    assert caught.value.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("question", "kind", "status"),
    [
        (records.ResourceQuestion(id="nope"), NotFoundError, 404),
        (records.CrosswalkQuestion(source=LAW, target=LAW), RefusedError, 422),
        (records.GapsQuestion(edition=ITEMS, given=records.GivenInput(products=("mext",))), RefusedError, 422),
        (records.CoverageQuestion(edition=ITEMS, status=("GOOD", "BAD")), RefusedError, 400),
        (records.EditionsQuestion(first=101), RefusedError, 422),
    ],
)
def test_what_the_server_says_is_wrong_is_an_error(
    client: Client, run: Run, question: Any, kind: type[Exception], status: int
) -> None:
    with pytest.raises(kind) as caught:
        run(client.base, "ask", question)
    problem = caught.value.problem  # type: ignore[attr-defined]
    assert problem.status == status
    assert problem.detail in str(caught.value)
    assert problem.messages["ja"] != problem.messages["en"] == problem.detail


def test_each_fault_says_where_it_is(client: Client, run: Run) -> None:
    with pytest.raises(RefusedError) as caught:
        run(client.base, "ask", records.CoverageQuestion(edition=ITEMS, status=("GOOD", "BAD")))
    assert [one.pointer for one in caught.value.problem.errors] == ["#/status/0", "#/status/1"]
    assert "#/status/1" in str(caught.value)


# Bad days

ANSWER = b'{"release": {"id": "r", "builtAt": "2026-01-01T00:00:00Z", "counts": [], "sources": [], "later": 1}, "more": 2}'


def test_what_is_busy_is_asked_again(run: Run) -> None:
    for busy in (Told(503, PROBLEM), Told(429, PROBLEM), Told(0)):
        with flaky(busy, busy, Told(200, ANSWER)) as server:
            assert run(server.base, "ask", records.ReleaseQuestion(), options=QUICK).release.id == "r"
            assert len(server.asked) == 3


@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_it_waits_as_long_as_it_is_told(run: Run, as_date: bool) -> None:
    later = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True) if as_date else "1"
    options = Options(retries=Retries(times=3, first=0.01, longest=5))
    with flaky(Told(429, PROBLEM, {"Retry-After": later}), Told(200, ANSWER)) as server:
        began = time.monotonic()
        run(server.base, "ask", records.ReleaseQuestion(), options=options)
        assert time.monotonic() - began > 0.9
        assert len(server.asked) == 2


def test_it_gives_up_in_the_end(run: Run) -> None:
    with flaky(Told(503, PROBLEM)) as server:
        with pytest.raises(BusyError, match="later"):
            run(server.base, "ask", records.ReleaseQuestion(), options=QUICK)
        assert len(server.asked) == 4
    with flaky(Told(503, PROBLEM, {"Retry-After": "3600"})) as server:
        with pytest.raises(BusyError):
            run(server.base, "ask", records.ReleaseQuestion(), options=QUICK)
        assert len(server.asked) == 1
    with flaky(Told(0)) as server:
        with pytest.raises(UnreachableError):
            run(server.base, "ask", records.ReleaseQuestion(), options=QUICK)
        assert len(server.asked) == 4
    with pytest.raises(UnreachableError):
        run(server.base, "ask", records.ReleaseQuestion(), options=QUICK)


def test_what_is_no_answer_is_an_error(run: Run) -> None:
    for body in (b"<html>", b"[]", b'{"release": {}}', b'{"release": {"id": 1}}'):
        with flaky(Told(200, body)) as server, pytest.raises(UnexpectedAnswerError):
            run(server.base, "ask", records.ReleaseQuestion())
    for status, kind in (
        (401, NotAllowedError),
        (403, NotAllowedError),
        (404, NotFoundError),
        (500, ServerError),
        (302, RefusedError),
    ):
        with flaky(Told(status, b"<html>")) as server, pytest.raises(kind):
            run(server.base, "ask", records.ReleaseQuestion())


def test_the_key_goes_with_every_request_and_nowhere_else(run: Run) -> None:
    with flaky(Told(200, ANSWER)) as other, flaky(Told(302, b"", {"Location": f"{other.base}/v1/releases/current"})) as server:
        with pytest.raises(ClientError):
            run(server.base, "ask", records.ReleaseQuestion(), key="secret")
        assert server.asked[0][2]["authorization"] == "Bearer secret"
        assert other.asked == []
        run(other.base, "ask", records.ReleaseQuestion())
        assert "authorization" not in other.asked[0][2]


def test_what_is_kept_is_only_asked_for_news(client: Client) -> None:
    fresh = Told(200, ANSWER, {"ETag": '"one"'})
    with flaky(fresh, Told(304, b"", {"ETag": '"one"'}), Told(200, ANSWER.replace(b'"r"', b'"s"'), {"ETag": '"two"'})) as server:
        with SyncClient(server.base, options=Options(cached=1)) as asking:
            ids = [asking.ask(records.ReleaseQuestion()).release.id for _ in range(3)]
        assert ids == ["r", "r", "s"]
        assert [headers.get("if-none-match") for _, _, headers, _ in server.asked] == [None, '"one"', '"one"']
    with SyncClient(client.base, options=Options(cached=2)) as asking:
        assert asking.ask(records.FrameworksQuestion()) == asking.ask(records.FrameworksQuestion())


def test_no_more_is_kept_than_was_asked_for() -> None:
    with flaky(Told(200, ANSWER, {"ETag": '"one"'})) as server, SyncClient(server.base, options=Options(cached=1)) as asking:
        asking.ask(records.ReleaseQuestion())
        with pytest.raises(UnexpectedAnswerError):
            asking.ask(records.FrameworksQuestion())
        asking.ask(records.ReleaseQuestion())
        assert "if-none-match" not in server.asked[-1][2]


# Imports, as POST /imports promises them (docs/decisions/0019)


def job(state: str, **more: Any) -> Told:
    return Told(202 if state == "received" else 200, json.dumps({"id": "j1", "state": state, **more}).encode())


def test_an_import_is_sent_and_waited_for(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(b"content of the file")
    done = job("done", releaseBefore="a", releaseAfter="b", report={"rows": 1})
    with flaky(Told(503, PROBLEM), job("received"), job("building"), done) as server:
        sent = run(server.base, "send_import", file, dry_run=True, key="k", options=QUICK)
        assert (sent.id, sent.over) == ("j1", False)
        ended = run(server.base, "import_done", "j1", 0.01, options=QUICK)
    assert (ended.state, ended.release_after, ended.report, ended.over) == ("done", "b", {"rows": 1}, True)
    first, second, *polled = server.asked
    assert (first[:2], second[:2]) == (("POST", "/imports"), ("POST", "/imports"))
    assert first[2]["idempotency-key"] == second[2]["idempotency-key"]
    for part in (b'name="dryRun"', b"true", b'name="private"', b'name="file"', b"content of the file"):
        assert part in second[3]
    assert [one[:2] for one in polled] == [("GET", "/imports/j1")] * 2


def test_two_imports_are_two(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_bytes(b"x")
    with flaky(job("received")) as server:
        run(server.base, "send_import", file)
        run(server.base, "send_import", file)
    assert len({headers["idempotency-key"] for _, _, headers, _ in server.asked}) == 2


def test_a_dry_run_is_committed(run: Run) -> None:
    with flaky(job("received", commitOf="j0")) as server:
        assert run(server.base, "commit_import", "j0").commit_of == "j0"
    assert server.asked[0][:2] == ("POST", "/imports/j0/commit")


@pytest.mark.parametrize("state", ["refused", "failed"])
def test_an_import_that_is_not_done_is_an_error(run: Run, state: str) -> None:
    answers = job("building"), job(state, error={"code": "INVALID_SOURCE", "message": "no"})
    with flaky(*answers) as server, pytest.raises(ImportFailedError) as caught:
        run(server.base, "import_done", "j1", 0.01)
    assert caught.value.job.error["code"] == "INVALID_SOURCE"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(home_at(tmp_path)) as found:
        yield found


def test_imports_are_tried_committed_and_listed(here: Office, run: Run, tmp_path: Path) -> None:
    """The real endpoint, whose answers are just what the OpenAPI document says and the record holds."""
    file = tmp_path / "表.xlsx"
    file.write_bytes(catalogue())
    key = here.sender("imports:write").key
    sent = run(here.client.base, "send_import", file, dry_run=True, key=key)
    assert (sent.state, sent.dry_run, sent.over, sent.files[0].name) == ("received", True, False, "表.xlsx")
    assert here.build() == 1
    tried = run(here.client.base, "import_done", sent.id, 0.01, key=key)
    assert tried.difference["changes"]["sources"]["added"]["count"] == 1
    committed = run(here.client.base, "commit_import", sent.id, key=key)
    assert committed.id == run(here.client.base, "commit_import", sent.id, key=key).id
    assert here.build() == 1
    done = run(here.client.base, "import_done", committed.id, 0.01, key=key)
    assert (done.commit_of, done.release_before, done.release_after) == (sent.id, tried.release_before, tried.release_after)
    assert [one.id for one in run(here.client.base, "import_jobs", key=key)] == [committed.id, sent.id]
    _as_described(here, here.sender("admin").get().json())


def _as_described(here: Office, jobs: list[Any]) -> None:
    document = here.client.send("/openapi.json").json()
    schemas = {name: one | {"additionalProperties": False} for name, one in document["components"]["schemas"].items()}
    described = {"$ref": "#/components/schemas/ImportJob", "components": {"schemas": schemas}}
    assert jobs
    for one in jobs:
        jsonschema_rs.validator_for(described, validate_formats=True).validate(one)
        told = msgspec.json.decode(msgspec.json.encode(msgspec.json.decode(msgspec.json.encode(one), type=ImportJob)))
        assert _without_missing(told) == _without_missing(one)


def test_an_import_that_is_refused_says_why(here: Office, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "no.xlsx"
    file.write_bytes(b"no workbook")
    key = here.sender("imports:write").key
    sent = run(here.client.base, "send_import", file, key=key)
    assert here.build() == 1
    with pytest.raises(ImportFailedError) as caught:
        run(here.client.base, "import_done", sent.id, 0.01, key=key)
    assert caught.value.job.state == "refused"
    _as_described(here, here.sender("admin").get().json())


def test_an_import_upon_another_release_is_refused(here: Office, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rules.xlsx"
    file.write_bytes(catalogue())
    key = here.sender("imports:write").key
    with pytest.raises(RefusedError) as caught:
        run(here.client.base, "send_import", file, upon="0" * 64, key=key)
    assert (caught.value.problem.status, caught.value.problem.code) == (412, "CONFLICT")
    served = here.client.ask("{ release { id } }")["release"]["id"]
    tried = run(here.client.base, "send_import", file, upon=served, dry_run=True, key=key)
    assert run(here.client.base, "send_import", file, key=key).id != tried.id
    assert here.build() == 2
    here.client.until_served(here.sender("admin").get().json()[0]["releaseAfter"])
    with pytest.raises(RefusedError, match="412"):
        run(here.client.base, "commit_import", tried.id, key=key)
    assert run(here.client.base, "commit_import", tried.id, anyway=True, key=key).commit_of == tried.id


@pytest.mark.parametrize(("scopes", "status"), [(None, 401), (("read",), 403)])
def test_who_may_send_no_imports_is_told(here: Office, run: Run, tmp_path: Path, scopes: Any, status: int) -> None:
    file = tmp_path / "rules.xlsx"
    file.write_bytes(catalogue())
    key = None if scopes is None else here.sender(*scopes).key
    for what, arguments in (("send_import", (file,)), ("import_jobs", ()), ("import_job", ("0" * 32,))):
        with pytest.raises(NotAllowedError) as caught:
            run(here.client.base, what, *arguments, key=key)
        assert caught.value.problem.status == status


def test_an_import_of_nobody_is_not_there(here: Office, run: Run) -> None:
    with pytest.raises(NotFoundError):
        run(here.client.base, "import_job", "0" * 32, key=here.sender("imports:write").key)


# The public surface


def test_what_is_exported_is_there_and_documented() -> None:
    for name in kakehashi.client.__all__:
        assert getattr(kakehashi.client, name).__doc__, name


def test_both_clients_can_do_the_same() -> None:
    names = [{name for name in vars(kind) if not name.startswith("_")} for kind in (SyncClient, AsyncClient)]
    assert names[0] == names[1]


def test_questions_and_answers_do_not_change() -> None:
    with pytest.raises(AttributeError):
        records.ReleaseQuestion().path = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        GIVEN.products = ()  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Retries().times = 1  # type: ignore[misc]
