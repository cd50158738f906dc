"""What a browser is told with every answer, and which pages may read it."""

from pathlib import Path

import pytest

from kakehashi.http.options import HttpOptions
from tests.support.server import Client, serving

PATHS = (
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
    assert {"etag", "retry-after", "x-ratelimit-remaining"} <= set(
        reply.headers["access-control-expose-headers"].lower().split(", ")
    )
    asked = client.send("/graphql", method="OPTIONS", headers={**PREFLIGHT, "access-control-request-headers": "content-type"})
    assert asked.status == 200
    assert "POST" in asked.headers["access-control-allow-methods"]


def test_a_page_of_any_site_sends_no_key(client: Client) -> None:
    refused = client.send("/graphql", method="OPTIONS", headers={**PREFLIGHT, "access-control-request-headers": "authorization"})
    assert refused.status == 400
    assert "uthorization" not in refused.headers["access-control-allow-headers"]


def test_sites_that_are_named_read_and_send_a_key_and_others_do_not(default_home: Path) -> None:
    with serving(default_home, options=HttpOptions(origins=("https://vendor.example",))) as client:
        reply = client.send("/graphql?query={release{id}}", headers=ELSEWHERE)
        assert reply.headers["access-control-allow-origin"] == "https://vendor.example"
        assert "Origin" in reply.headers["vary"]
        assert "access-control-allow-credentials" not in reply.headers
        asked = client.send(
            "/graphql", method="OPTIONS", headers={**PREFLIGHT, "access-control-request-headers": "authorization"}
        )
        assert asked.status == 200
        other = client.send("/graphql?query={release{id}}", headers={"origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers
        assert other.headers["cross-origin-resource-policy"] == "same-origin"
