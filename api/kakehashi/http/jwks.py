"""The public keys with which an issuer signs (RFC 7517): fetched from the address that the settings name, and from no other.

A key that is known goes on while the issuer cannot be reached, for a day. One that is not known is asked for, but not more often
than every few seconds, however many tokens name keys that nobody has.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import httpx2
import jwt
import orjson

FRESH_SECONDS: Final = 600.0
PAUSE_SECONDS: Final = 10.0
TRUSTED_SECONDS: Final = 86_400.0
FETCH_SECONDS: Final = 5.0
MAX_BYTES: Final = 256 * 1024
MAX_KEYS: Final = 100

ALGORITHMS: Final[Mapping[tuple[str, str | None], tuple[str, ...]]] = MappingProxyType({
    ("RSA", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("OKP", "Ed25519"): ("EdDSA",),
})  # fmt: skip
"""What a key of a type and curve may verify (RFC 7518, RFC 8037). A shared secret is no key of this table."""

logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key, and the algorithms that it may verify."""

    key: Any
    algorithms: tuple[str, ...]


class KeySet:
    """The keys of one issuer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: Mapping[str, PublicKey] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    @property
    def reached(self) -> bool:
        """Whether the last try to fetch them succeeded, so that a key that is not there is none of the issuer's."""
        return self._fetched_at >= self._tried_at

    async def key(self, kid: str) -> PublicKey | None:
        """The key of an id; None where the issuer has none, or cannot be reached."""
        if self._known(kid) is None:
            await self._renew()
        elif time.monotonic() - self._fetched_at > FRESH_SECONDS and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.create_task(self._renew())  # whoever has a known key need not wait for it
        return self._known(kid)

    def _known(self, kid: str) -> PublicKey | None:
        return self._keys.get(kid) if time.monotonic() - self._fetched_at < TRUSTED_SECONDS else None

    async def _renew(self) -> None:
        async with self._fetching:
            if time.monotonic() - self._tried_at < PAUSE_SECONDS:
                return
            self._tried_at = time.monotonic()
            try:
                self._keys = _public_keys(await _fetched(self._url))
                self._fetched_at = time.monotonic()
            except (httpx2.HTTPError, TimeoutError, ValueError) as error:
                logger.warning("the issuer's keys cannot be fetched (%s); those that are known go on", type(error).__name__)


async def _fetched(url: str) -> bytes:
    """What the address answers; nothing is followed, and nothing read beyond the limits."""
    body = b""
    async with (
        asyncio.timeout(FETCH_SECONDS),
        httpx2.AsyncClient(follow_redirects=False) as client,
        client.stream("GET", url, headers={"Accept": "application/json"}) as response,
    ):
        if response.status_code != httpx2.codes.OK:
            raise ValueError(response.status_code)
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_BYTES:
                raise ValueError(len(body))
    return body


def _public_keys(body: bytes) -> Mapping[str, PublicKey]:
    document = orjson.loads(body)
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no key set")
    found = ((one.get("kid"), _public_key(one)) for one in listed[:MAX_KEYS] if isinstance(one, dict))
    return {kid: key for kid, key in found if isinstance(kid, str) and key is not None}


def _public_key(one: Mapping[str, Any]) -> PublicKey | None:
    """A key for signatures; None for what is for anything else, or cannot be read."""
    kind = (str(one.get("kty")), one.get("crv"))
    algorithms: Sequence[str] = ALGORITHMS.get(kind, ())
    if one.get("alg") is not None:
        algorithms = [name for name in algorithms if name == one["alg"]]
    if not algorithms or one.get("use", "sig") != "sig":
        return None
    try:
        return PublicKey(jwt.PyJWK.from_dict(dict(one), algorithm=algorithms[0]).key, tuple(algorithms))
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
