"""What a browser is told with every answer, and which pages may read it."""

from pathlib import Path

import pytest

from kakehashi.http.options import HttpOptions
from tests.support.server import Client, serving

PATHS = (
    "/v1/releases/current", "/v1/nope", "/openapi.json", "/imports", "/problems", "/mcp",
    "/graphql?query={release{id}}", "/graphql?query={", "/healthz", "/readyz", "/id/ms", "/id/nope", "/exports/graph.nq",
    "/exports/threats.navigator.json", "/sparql", "/static/site/page.css", "/static/nope", "/nope",
)  # fmt: skip
ELSEWHERE = {"origin": "https://vendor.example"}
PREFLIGHT = {**ELSEWHERE, "access-control-request-method": "POST"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_every_answer_says_what_it_may_do(client: Client, path: str, method: str) -> None:
    headers = client.send(path, method=method).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_a_page_keeps_the_policy_of_its_own(client: Client) -> None:
    page = client.send("/graphql", headers={"accept": "text/html"})
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_a_page_of_any_site_reads_what_anybody_may_read(client: Client) -> None:
    reply = client.send("/graphql?query={release{id}}", headers=ELSEWHERE)
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in reply.headers
    told = set(reply.headers["access-control-expose-headers"].lower().split(", "))
    assert {"etag", "retry-after", "x-ratelimit-remaining", "x-request-id", "kakehashi-release", "link", "location"} <= told
    asked = client.send("/graphql", method="OPTIONS", headers={**PREFLIGHT, "access-control-request-headers": "content-type"})
    assert asked.status == 200
    assert "POST" in asked.headers["access-control-allow-methods"]


@pytest.mark.parametrize("header", ["authorization", "if-match", "idempotency-key"])
def test_a_page_of_any_site_sends_no_key_and_nothing_in(client: Client, header: str) -> None:
    refused = client.send("/imports", method="OPTIONS", headers={**PREFLIGHT, "access-control-request-headers": header})
    assert refused.status == 400
    assert header not in refused.headers["access-control-allow-headers"].lower()


def test_sites_that_are_named_read_and_send_a_key_and_others_do_not(default_home: Path) -> None:
    with serving(default_home, options=HttpOptions(origins=("https://vendor.example",))) as client:
        reply = client.send("/graphql?query={release{id}}", headers=ELSEWHERE)
        assert reply.headers["access-control-allow-origin"] == "https://vendor.example"
        assert "Origin" in reply.headers["vary"]
        assert "access-control-allow-credentials" not in reply.headers
        for path, headers in (
            ("/graphql", "authorization, x-request-id"),
            ("/imports", "authorization, if-match, idempotency-key"),
        ):
            preflight = {**PREFLIGHT, "access-control-request-headers": headers}
            assert client.send(path, method="OPTIONS", headers=preflight).status == 200
        other = client.send("/graphql?query={release{id}}", headers={"origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers
        assert other.headers["cross-origin-resource-policy"] == "same-origin"


METHODS: dict[str, tuple[str, ...]] = {
    "/healthz": ("GET", "HEAD"), "/readyz": ("GET", "HEAD"), "/id/ms": ("GET", "HEAD"), "/imports": ("GET", "HEAD", "POST"),
    "/imports/x": ("GET", "HEAD"), "/imports/x/commit": ("POST",), "/schema.graphql": ("GET", "HEAD"),
    "/v1/resources": ("GET", "HEAD", "OPTIONS"), "/v1/coverage": ("GET", "HEAD", "OPTIONS", "POST"),
    "/openapi.json": ("GET", "HEAD"),
    "/problems": ("GET", "HEAD"), "/static/site/page.css": ("GET", "HEAD"), "/exports/graph.nq": ("GET", "HEAD"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", [*METHODS, "/nope", "/v1/nope", "/static/nope", "/problems/nope", "/exports/graph.nope"])
def test_what_there_is_not_is_a_problem_in_both_languages(client: Client, path: str, language: str) -> None:
    """A path that there is not, or a method; the methods that there are are all told."""
    reply = client.send(path, method="DELETE" if path in METHODS else "GET", headers={"accept-language": language})
    assert reply.status == (405 if path in METHODS else 404)
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["detail"] == problem["messages"][language] != problem["messages"]["en" if language == "ja" else "ja"]
    assert (problem["status"], reply.headers["content-language"]) == (reply.status, language)
    if path in METHODS and not path.startswith("/static/"):  # files are served by a library, which tells none
        assert {one.strip() for one in reply.headers["allow"].split(",")} == set(METHODS[path])
