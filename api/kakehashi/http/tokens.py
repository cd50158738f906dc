"""Tokens that an issuer of one's own signs (OpenID Connect, RFC 9068): who they name, if they hold (docs/decisions/0018).

Of a token's header only `alg` and `kid` are looked at, the one against a list and the other in the issuer's keys: an address or a
key that the token itself brings (`jku`, `x5u`, `jwk`) is nothing to go by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import jwt

from kakehashi.http.callers import Caller
from kakehashi.http.jwks import ALGORITHMS, KeySet
from kakehashi.http.own_requests import is_this_machine
from kakehashi.http.scopes import SCOPES
from kakehashi.records.canonical import plain
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

ASYMMETRIC: Final = frozenset(name for names in ALGORITHMS.values() for name in names)
NEEDED: Final = ("exp", "iss", "aud", "sub")
MAX_SUBJECT: Final = 255
"""OpenID Connect Core 1.0, section 2."""

BAD_ALGORITHM = Text(
    "署名方式「{name}」は使えません。{known} から選んでください。", "The algorithm '{name}' cannot be used. Choose from: {known}."
)
BAD_ADDRESS = Text(
    "発行者の鍵のアドレス {url} はhttpsで始めてください。", "The address of the issuer's keys, {url}, must begin with https."
)

UNREAD = Text("トークンを検証できません。", "The token cannot be verified.")
UNKNOWN_KEY = Text("トークンの署名鍵は発行者のものではありません。", "The token names a key that the issuer does not have.")
UNREACHED = Text(
    "発行者の鍵を取得できず、いまはトークンを検証できません。",
    "The issuer's keys cannot be fetched, so that no token can be verified now.",
)
REASONS: Final[Mapping[type[Exception], Text]] = MappingProxyType({
    jwt.ExpiredSignatureError: Text("トークンは期限切れです。", "The token has expired."),
    jwt.ImmatureSignatureError: Text("トークンはまだ有効ではありません。", "The token is not valid yet."),
    jwt.InvalidAudienceError: Text("トークンはこのサーバー宛てではありません。", "The token is for another audience."),
    jwt.InvalidIssuerError: Text("トークンの発行者が違います。", "The token is of another issuer."),
    jwt.MissingRequiredClaimError: Text("トークンに必要な項目がありません。", "The token lacks a claim that is needed."),
})  # fmt: skip


class TokenRefusedError(Exception):
    """A token does not hold; `text` says why. `later` where it could not be looked at, and might hold."""

    def __init__(self, text: Text, *, later: bool = False) -> None:
        super().__init__(text.en)
        self.text = text
        self.later = later


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whose tokens hold, for whom they must be, and where they say what somebody may do; `leeway` in seconds."""

    issuer: str
    audience: str
    keys_url: str
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    leeway: float = 30.0
    scopes_claim: str = "scope"
    organisations_claim: str = "organisations"

    def __post_init__(self) -> None:
        for name in self.algorithms:
            if name not in ASYMMETRIC:
                raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_ALGORITHM(name=name, known=", ".join(sorted(ASYMMETRIC))))
        scheme, _, rest = self.keys_url.partition("://")
        host = rest.partition("/")[0].rpartition(":")[0]
        if scheme != "https" and not (scheme == "http" and is_this_machine(host.strip("[]"))):
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_ADDRESS(url=self.keys_url))


class Tokens:
    """The tokens of one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._keys = KeySet(issuer.keys_url)

    async def caller(self, token: str) -> Caller:
        """Who sends a token; TokenRefusedError where it does not hold."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise TokenRefusedError(UNREAD) from error
        kid = header.get("kid")
        # `crit` names what must be understood, and nothing of the kind is (RFC 7515, section 4.1.11).
        if header.get("alg") not in self._issuer.algorithms or not isinstance(kid, str) or "crit" in header:
            raise TokenRefusedError(UNREAD)
        key = await self._keys.key(kid)
        if key is None:
            raise TokenRefusedError(UNKNOWN_KEY) if self._keys.reached else TokenRefusedError(UNREACHED, later=True)
        allowed = [name for name in key.algorithms if name in self._issuer.algorithms]
        try:
            return self._named(self._claims(token, key.key, allowed))
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise TokenRefusedError(REASONS.get(type(error), UNREAD)) from error

    def _claims(self, token: str, key: Any, algorithms: list[str]) -> Mapping[str, Any]:  # noqa: ANN401 - a key of any kind
        return jwt.decode(
            token, key, algorithms=algorithms, audience=self._issuer.audience, issuer=self._issuer.issuer,
            leeway=self._issuer.leeway, options={"require": list(NEEDED), "enforce_minimum_key_length": True},
        )  # fmt: skip

    def _named(self, claims: Mapping[str, Any]) -> Caller:
        subject = claims["sub"]
        if not 0 < len(subject) <= MAX_SUBJECT:
            raise ValueError(len(subject))
        scopes = frozenset(_words(claims.get(self._issuer.scopes_claim))) & SCOPES.keys()
        listed = claims.get(self._issuer.organisations_claim)
        organisations = [listed] if isinstance(listed, str) else listed
        return Caller(f"token:{subject}", frozenset(scopes), frozenset(map(plain, _texts(organisations))))


def _words(claim: object) -> Iterable[str]:
    """Scopes in one text with spaces between (RFC 8693, section 4.2), or in a list, as some issuers have it."""
    return claim.split() if isinstance(claim, str) else _texts(claim)


def _texts(claim: object) -> Iterable[str]:
    return (one for one in claim if isinstance(one, str)) if isinstance(claim, list) else ()
