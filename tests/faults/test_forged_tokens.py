"""Tokens that do not hold: each is refused with RFC 6750's words, and none costs the issuer a question that it can be spared."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.warnings import InsecureKeyLengthWarning
from starlette.datastructures import Headers

from kakehashi.http import jwks
from kakehashi.http.access import Access
from kakehashi.http.keys import KeyBook
from kakehashi.http.scopes import EVERYBODYS
from kakehashi.http.tokens import Issuer, Tokens
from kakehashi.vocabulary.text import KakehashiError
from tests.support import issuer as issuers
from tests.support.issuer import AUDIENCE, ISSUER, claims, jwk, rsa_key
from tests.support.server import Client, Reply, serving

RSA, OTHER_RSA, SMALL_RSA = rsa_key(), rsa_key(), rsa_key(1024)
EC, EDWARDS = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
PUBLIC_PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def signed(key: Any = RSA, algorithm: str = "RS256", headers: dict[str, Any] | None = None, **other: Any) -> str:
    with warnings.catch_warnings(action="ignore", category=InsecureKeyLengthWarning):
        return jwt.encode(claims(**other), key, algorithm=algorithm, headers={"kid": "rsa"} | (headers or {}))


def hs256(secret: bytes) -> str:
    """What the library will not sign: an HMAC whose secret is a public key."""
    head = f"{encoded({'alg': 'HS256', 'kid': 'rsa', 'typ': 'JWT'})}.{encoded(claims())}"
    mac = hmac.new(secret, head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@pytest.fixture
def issuer() -> Iterator[issuers.Issuer]:
    with issuers.issuer() as here:
        here.keys = [
            jwk(RSA, "rsa"), jwk(EC, "ec"), jwk(EDWARDS, "ed"), jwk(SMALL_RSA, "small"), jwk(OTHER_RSA, "enc", use="enc"),
            jwk(RSA, "rs-only", alg="RS256"), {"kty": "oct", "kid": "oct", "k": encoded("secret"), "alg": "HS256"},
            {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"}, {"kty": 5}, "no key",
        ]  # fmt: skip
        yield here


@pytest.fixture
def client(default_home: Path, tmp_path: Path, issuer: issuers.Issuer) -> Iterator[Client]:
    with serving(default_home, access=access(tmp_path, issuer)) as found:
        yield found


def access(folder: Path, issuer: issuers.Issuer, *, everybodys: frozenset[str] = EVERYBODYS, leeway: float = 5.0) -> Access:
    named = Issuer(issuer=ISSUER, audience=AUDIENCE, keys_url=issuer.url, algorithms=ALGORITHMS, leeway=leeway)
    return Access(KeyBook(folder / "keys"), Tokens(named), everybodys)


def ask(client: Client, token: str, *, scheme: str = "Bearer") -> Reply:
    return client.send("/readyz", headers={"authorization": f"{scheme} {token}"})


def refusal(reply: Reply) -> str:
    """What is said of a token that was refused, in both languages."""
    assert reply.status == 401, reply.body
    assert reply.headers["www-authenticate"].startswith('Bearer realm="kakehashi", error="invalid_token", error_description="')
    problem = reply.json()
    assert problem["code"] == "UNAUTHENTICATED"
    assert problem["messages"]["ja"]
    return str(problem["messages"]["en"])


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [(RSA, "RS256", "rsa"), (RSA, "PS256", "rsa"), (EC, "ES256", "ec"), (EDWARDS, "EdDSA", "ed"), (RSA, "RS256", "rs-only")],
)
def test_what_the_issuer_signed_holds(client: Client, key: Any, algorithm: str, kid: str) -> None:
    assert ask(client, signed(key, algorithm, {"kid": kid})).status == 200
    assert ask(client, signed(key, algorithm, {"kid": kid}, aud=["others", AUDIENCE]), scheme="bearer").status == 200


NOW = int(time.time())
CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"exp": NOW - 60}, "expired"),
    ({"nbf": NOW + 600}, "not valid yet"),
    ({"iat": NOW + 600}, "not valid yet"),
    ({"aud": "others"}, "another audience"),
    ({"aud": ["others", "more"]}, "another audience"),
    ({"iss": "https://evil.example/"}, "another issuer"),
    ({"iss": ISSUER + "x"}, "another issuer"),
    ({"iss": ISSUER.rstrip("/")}, "another issuer"),
    *(({name: None}, "lacks a claim") for name in ("exp", "iss", "aud", "sub")),
    ({"exp": "tomorrow"}, "cannot be verified"),
    ({"sub": ""}, "cannot be verified"),
    ({"sub": "x" * 256}, "cannot be verified"),
]  # fmt: skip


@pytest.mark.parametrize(("other", "said"), CLAIMS)
def test_claims_that_do_not_hold(client: Client, other: dict[str, Any], said: str) -> None:
    assert said in refusal(ask(client, signed(**other)))


def test_what_no_library_would_sign_is_refused_too(client: Client) -> None:
    for forged in ({"sub": 5}, {"sub": ["a"]}, {"aud": 7}, {"exp": [1]}, {"exp": 1e400}):
        head = {"alg": "RS256", "kid": "rsa"}
        token = jwt.api_jws.encode(json.dumps(claims() | forged).encode(), RSA, "RS256", head)
        refusal(ask(client, token))


FORGED: dict[str, str] = {
    "alg none": f"{encoded({'alg': 'none', 'kid': 'rsa'})}.{encoded(claims())}.",
    "alg None": f"{encoded({'alg': 'None', 'kid': 'rsa'})}.{encoded(claims())}.",
    "no alg": f"{encoded({'kid': 'rsa'})}.{encoded(claims())}.AAAA",
    "alg is a list": f"{encoded({'alg': ['RS256'], 'kid': 'rsa'})}.{encoded(claims())}.AAAA",
    "HS256 with the public key": hs256(PUBLIC_PEM),
    "HS256 with the public key, no end of line": hs256(PUBLIC_PEM.strip()),
    "an algorithm that is not allowed": signed(algorithm="RS512"),
    "another's key": signed(OTHER_RSA),
    "another's key of a known kid": signed(OTHER_RSA, headers={"kid": "rs-only"}),
    "a key of another kind": signed(RSA, headers={"kid": "ec"}),
    "an algorithm that the key is not for": signed(RSA, "PS256", {"kid": "rs-only"}),
    "a key for encryption": signed(OTHER_RSA, headers={"kid": "enc"}),
    "a small key": signed(SMALL_RSA, headers={"kid": "small"}),
    "a shared secret of the issuer's": f"{encoded({'alg': 'HS256', 'kid': 'oct'})}.{encoded(claims())}.AAAA",
    "a key that cannot be read": signed(OTHER_RSA, headers={"kid": "broken"}),
    "no kid": jwt.encode(claims(), RSA, algorithm="RS256"),
    "a kid that is no text": f"{encoded({'alg': 'RS256', 'kid': {'a': 1}})}.{encoded(claims())}.AAAA",
    "a path as kid": signed(headers={"kid": "../../../../dev/null"}),
    "a query as kid": signed(headers={"kid": "x' UNION SELECT 'rsa"}),
    "an address as kid": signed(headers={"kid": "http://127.0.0.1:1/keys"}),
    "what must be understood": signed(headers={"crit": ["b64"], "b64": True}),
    "a payload that is elsewhere": f"{encoded({'alg': 'RS256', 'kid': 'rsa', 'b64': False, 'crit': ['b64']})}..AAAA",
    "the payload of another token": ".".join((signed().split(".")[0], encoded(claims(sub="admin")), signed().split(".")[2])),
    "no signature": signed().rpartition(".")[0] + ".",
    "two parts": signed().rpartition(".")[0],
    "one part": "token",
    "dots": "...",
    "no JSON": "AAAA.AAAA.AAAA",
    "deep JSON": base64.urlsafe_b64encode(b"[" * 4000).decode().rstrip("=") + ".AAAA.AAAA",
    "an encrypted token": "a.b.c.d.e",
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_forged_tokens(client: Client, name: str) -> None:
    refusal(ask(client, FORGED[name]))


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk", "x5c"])
def test_a_key_that_the_token_brings_is_not_looked_at(client: Client, issuer: issuers.Issuer, header: str) -> None:
    with issuers.issuer() as evil:
        evil.keys = [jwk(OTHER_RSA, "evil"), jwk(OTHER_RSA, "rsa")]
        brought = {"jku": evil.url, "x5u": evil.url, "jwk": evil.keys[0], "x5c": ["AAAA"]}[header]
        for kid in ("evil", "rsa"):
            refusal(ask(client, signed(OTHER_RSA, headers={"kid": kid, header: brought})))
        assert ask(client, signed(headers={header: brought})).status == 200, "nor does it harm"
        assert evil.asked == 0


def test_what_is_no_bearer_token_at_all(client: Client) -> None:
    assert "at most 8192" in refusal(ask(client, "a" * 9000))
    for sent in ("", "a b", "a,b", '"a"', "ä", "a\tb"):
        reply = ask(client, sent)
        assert reply.status == 400, sent
        assert 'error="invalid_request"' in reply.headers["www-authenticate"]
    assert ask(client, "dXNlcjpwYXNz", scheme="Basic").status == 200, "a scheme that is somebody else's says nothing to us"


def test_an_unknown_key_is_asked_for_once_in_a_while(
    client: Client, issuer: issuers.Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(client, signed()).status == 200
    assert issuer.asked == 1
    new = rsa_key()
    issuer.keys.append(jwk(new, "new"))
    for number in range(20):
        refusal(ask(client, signed(headers={"kid": f"made-up-{number}"})))
    assert issuer.asked == 1, "whoever makes up keys cannot make us ask"
    monkeypatch.setattr(jwks, "PAUSE_SECONDS", 0.0)
    assert ask(client, signed(new, headers={"kid": "new"})).status == 200, "a new key of the issuer's is taken up"
    assert issuer.asked == 2


@pytest.mark.parametrize(
    "down",
    [{"status": 500}, {"status": 302}, {"body": b"<html>"}, {"body": b"[]"}, {"body": b'{"keys": 5}'}, {"body": b" " * 300_000}],
)
def test_while_the_issuer_is_down_known_keys_go_on(
    client: Client, issuer: issuers.Issuer, monkeypatch: pytest.MonkeyPatch, down: dict[str, Any]
) -> None:
    monkeypatch.setattr(jwks, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(jwks, "FRESH_SECONDS", 0.0)
    assert ask(client, signed()).status == 200
    for name, value in down.items():
        setattr(issuer, name, value)
    unknown = ask(client, signed(OTHER_RSA, headers={"kid": "new"}))
    assert (unknown.status, unknown.headers["retry-after"]) == (503, "10"), "it might be the issuer's"
    assert ask(client, signed()).status == 200
    refusal(ask(client, signed(OTHER_RSA)))
    monkeypatch.setattr(jwks, "TRUSTED_SECONDS", 0.0)
    assert ask(client, signed()).status == 503, "but not for ever"


def test_a_key_that_was_withdrawn_holds_no_longer(
    client: Client, issuer: issuers.Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(client, signed()).status == 200
    issuer.keys = [jwk(EC, "ec")]
    monkeypatch.setattr(jwks, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(jwks, "PAUSE_SECONDS", 0.0)
    deadline = time.monotonic() + 30
    while ask(client, signed()).status == 200:
        assert time.monotonic() < deadline
    refusal(ask(client, signed()))


def test_an_issuer_that_takes_its_time_holds_up_nobody_else(
    client: Client, issuer: issuers.Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.2)
    issuer.slow_seconds = 1.0
    assert ask(client, signed()).status == 503
    assert client.send("/readyz").status == 200


def test_a_server_of_no_issuer_takes_no_token(default_home: Path, tmp_path: Path) -> None:
    with serving(default_home, access=Access(KeyBook(tmp_path))) as client:
        assert "takes no tokens" in refusal(ask(client, signed()))


@pytest.mark.parametrize("name", ["none", "HS256", "HS512", "", "RS255"])
def test_an_issuer_that_signs_with_a_shared_secret_is_no_issuer(name: str) -> None:
    with pytest.raises(KakehashiError, match="cannot be used"):
        Issuer(issuer=ISSUER, audience=AUDIENCE, keys_url="https://issuer.example/keys", algorithms=("RS256", name))


@pytest.mark.parametrize(
    "url", ["http://issuer.example/keys", "http://localhost.evil.example/keys", "file:///etc/passwd", "issuer"]
)
def test_keys_come_over_https_alone(url: str) -> None:
    with pytest.raises(KakehashiError, match="must begin with https"):
        Issuer(issuer=ISSUER, audience=AUDIENCE, keys_url=url)


@pytest.mark.parametrize(
    ("claim", "scopes"),
    [
        ("imports:write private:read", {"imports:write", "private:read"}), (["admin", 5, None], {"admin"}), ("root *", set()),
        (None, set()), ({"admin": True}, set()), ("imports:writeadmin", set()), ("ADMIN", set()),
    ],
)  # fmt: skip
def test_a_token_has_the_scopes_that_it_names_and_that_there_are(
    issuer: issuers.Issuer, tmp_path: Path, claim: object, scopes: frozenset[str]
) -> None:
    token = signed(scope=claim, organisations=["甲市", " 乙  市 ", 5])
    found = asyncio.run(access(tmp_path, issuer).caller(Headers({"authorization": f"Bearer {token}"})))
    assert found.id == "token:somebody"
    assert set(found.scopes) == scopes | EVERYBODYS
    assert found.organisations == {"甲市", "乙 市"}


def test_no_token_is_ever_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sent = [signed(), signed(OTHER_RSA), signed(headers={"kid": "unknown"})]
    for token in sent:
        ask(client, token)
    assert caplog.records, "something is logged"
    assert not [token for token in sent if token.rpartition(".")[2] in caplog.text or token[:40] in caplog.text]
