"""What whoever runs a server sees of it: the log, the metrics, the traces, the id of a request."""

import json
import signal
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from kakehashi.http.app import create_app
from kakehashi.http.offered import Offered, Operation
from kakehashi.http.watched import Watching
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import repository_of
from tests.support.collector import attributes, collecting
from tests.support.processes import ServeProcess, until
from tests.support.server import Client
from tests.support.sparql_servers import free_port

SECRET = "cs-gold-mark"  # stands for what only the asker may know
QUERY = 'query Named($id: ID!) { resource(id: $id) { id } other: resource(id: "secret-literal") { id } }'


@pytest.fixture
def served(default_home: Path, tmp_path: Path) -> ServeProcess:
    port = str(free_port())
    settings = {"KAKEHASHI_METRICS_PORT": port, "KAKEHASHI_DRAIN_SECONDS": "0"}
    return ServeProcess(default_home, tmp_path / "log", settings=settings)


def ask(client: Client, **headers: str) -> dict[str, str]:
    body = json.dumps({"query": QUERY, "variables": {"id": SECRET}}).encode()
    reply = client.send("/graphql", method="POST", body=body, headers={"content-type": "application/json", **headers})
    assert reply.status == 200, reply.body
    return reply.headers


def test_each_request_is_one_line_that_holds_nothing_of_what_was_asked(served: ServeProcess) -> None:
    with served as server:
        headers = ask(server.client, **{"x-request-id": "mine-1"})
        server.client.send("/graphql?query={__typename}", headers={"authorization": "Bearer token-of-somebody"})
        server.client.send(f"/id/{SECRET}")
        server.client.send("/nowhere/secret-path")
        until(lambda: len(server.lines("request")) >= 5, "a line for each request")
        server.signal(signal.SIGTERM)
        assert server.ended() == 0
    found = [line for line in server.lines("request") if line["route"] != "/readyz"]
    assert [(line["route"], line["method"], line["status"]) for line in found] == [
        ("/graphql", "POST", 200), ("(none)", "GET", 401), ("/id/{identifier:path}", "GET", 200), ("(none)", "GET", 404),
    ]  # fmt: skip
    first = found[0]
    assert first["request_id"] == headers["x-request-id"] == "mine-1"
    assert first["release"] == headers["kakehashi-release"]
    assert (first["operation"], first["plan"], first["level"]) == ("Named", "compiled", "info")
    assert (first["caller"], first["cost"]) == ("anonymous", 0)
    assert len(first["document"]) == 64
    assert first["bytes"] == int(headers["content-length"])
    assert first["duration_ms"] > 0
    for word in (SECRET, "secret-literal", "secret-path", "token-of-somebody", "$id"):
        assert word not in server.log.read_text("utf-8")


def test_a_request_id_that_is_not_plain_is_replaced(client: Client) -> None:
    for strange in ('{"a":1}', "x" * 129, "a b", "é"):
        given = client.send("/healthz", headers={"x-request-id": strange}).headers["x-request-id"]
        assert given != strange
        assert len(given) == 32


def test_what_uvicorn_says_is_json_too_and_the_console_form_is_not(default_home: Path, tmp_path: Path) -> None:
    with ServeProcess(default_home, tmp_path / "json") as server:
        assert {"uvicorn.error"} <= {line.get("logger") for line in server.lines()}
        assert all(line.startswith(("{", "http://")) for line in server.log.read_text("utf-8").splitlines())
    with ServeProcess(default_home, tmp_path / "console", settings={"KAKEHASHI_LOG": "console"}) as server:
        until(lambda: "request" in server.log.read_text("utf-8"), "a line for a request")
        assert server.lines() == []


def test_a_level_leaves_out_what_weighs_less(default_home: Path, tmp_path: Path) -> None:
    with ServeProcess(default_home, tmp_path / "log", settings={"KAKEHASHI_LOG_LEVEL": "error"}) as server:
        ask(server.client)
        assert server.lines() == []


def test_metrics_are_counted_and_stand_on_their_own_port_alone(served: ServeProcess) -> None:
    with served as server:
        ask(server.client)
        release = server.client.send("/readyz").json()["release"]
        etag = server.client.send("/exports/graph.nq").headers["etag"]
        assert server.client.send("/exports/graph.nq", headers={"if-none-match": etag}).status == 304
        assert server.status("/metrics") == 404
        told = Client(f"http://127.0.0.1:{server.settings['KAKEHASHI_METRICS_PORT']}").send("/metrics").body.decode()
    assert 'kakehashi_requests_total{method="POST",route="/graphql",status="200"} 1.0' in told
    assert 'kakehashi_requests_total{method="GET",route="/exports/graph.{suffix}",status="304"} 1.0' in told
    assert 'kakehashi_request_duration_seconds_count{route="/graphql"} 1.0' in told
    assert 'kakehashi_graphql_operations_total{plan="compiled",type="query"} 1.0' in told
    assert f'kakehashi_release_info{{release="{release}"}} 1.0' in told
    assert "kakehashi_requests_running 0.0" in told
    assert "kakehashi_snapshot_load_seconds_count 1.0" in told
    assert "kakehashi_release_exchanges_total 0.0" in told


def test_workers_count_together_and_a_dead_one_serves_no_release(default_home: Path, tmp_path: Path) -> None:
    port = free_port()
    with ServeProcess(default_home, tmp_path / "log", ("--workers", "2"), {"KAKEHASHI_METRICS_PORT": str(port)}) as server:
        metrics = Client(f"http://127.0.0.1:{port}")

        def told() -> str:
            return metrics.send("/metrics").body.decode()

        release = server.client.send("/readyz").json()["release"]
        until(lambda: f'release_info{{release="{release}"}} 2.0' in told(), "both workers")
        for _ in range(20):
            ask(server.client)
        assert 'kakehashi_requests_total{method="POST",route="/graphql",status="200"} 20.0' in told()


def test_traces_follow_the_conventions_and_hold_no_query(default_home: Path, tmp_path: Path) -> None:
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    with collecting() as collector:
        settings = {"KAKEHASHI_TRACES": collector.base, "KAKEHASHI_TRACES_SHARE": "0", "KAKEHASHI_DRAIN_SECONDS": "0"}
        with ServeProcess(default_home, tmp_path / "log", settings=settings) as server:
            ask(server.client)  # not of the share
            ask(server.client, traceparent=f"00-{trace}-{parent}-01", **{"x-request-id": "traced"})
            server.client.send(f"/id/{SECRET}", headers={"traceparent": f"00-{trace}-{parent}-01"})
            server.signal(signal.SIGTERM)
            assert server.ended() == 0
        lines = [line for line in server.lines("request") if line.get("trace_id")]
    (request,), (operation,) = collector.named("POST /graphql"), collector.named("query")
    assert len(collector.spans) == 3
    assert (request.trace_id.hex(), request.parent_span_id.hex(), request.kind) == (trace, parent, 2)
    assert operation.parent_span_id == request.span_id
    assert request.start_time_unix_nano <= operation.start_time_unix_nano <= operation.end_time_unix_nano
    assert operation.end_time_unix_nano <= request.end_time_unix_nano
    assert attributes(operation) == {
        "graphql.operation.type": "query", "graphql.operation.name": "Named", "kakehashi.graphql.plan": "compiled",
    }  # fmt: skip
    told = attributes(request)
    assert (told["http.request.method"], told["http.route"]) == ("POST", "/graphql")
    assert (told["http.response.status_code"], told["kakehashi.request_id"]) == (200, "traced")
    assert {line["trace_id"] for line in lines} == {trace}
    sent = b"".join(collector.raw)
    assert not [word for word in (SECRET, "secret-literal", "$id") if word.encode() in sent]


def test_a_collector_that_is_away_disturbs_nobody(default_home: Path, tmp_path: Path) -> None:
    settings = {"KAKEHASHI_TRACES": f"http://127.0.0.1:{free_port()}", "KAKEHASHI_DRAIN_SECONDS": "0"}
    with ServeProcess(default_home, tmp_path / "log", settings=settings) as server:
        ask(server.client)
        server.signal(signal.SIGTERM)
        assert server.ended() == 0


def test_an_unexpected_failure_is_masked_behind_the_id_of_the_request(
    default_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[dict[str, object]] = []
    watching = Watching(lambda status, **fields: told.append({"status": status, **fields}))
    app = create_app(Home(default_home), repository_of(Home(default_home)), Offered(operation=Operation(watching)))

    async def fails(_: Request) -> Response:
        raise LookupError(SECRET)

    app.add_route("/fails", fails)
    with TestClient(app) as client:
        reply = client.get("/fails", headers={"accept-language": "ja", "x-request-id": "mine"})
    error = reply.json()
    assert (reply.status_code, error["code"]) == (500, "INTERNAL_SERVER_ERROR")
    assert error["requestId"] == reply.headers["x-request-id"] == "mine"
    assert "予期しない" in error["detail"]
    assert SECRET not in reply.text
    assert (told[-1]["status"], told[-1]["route"]) == (500, "/fails")
    assert "a request failed" in caplog.text
