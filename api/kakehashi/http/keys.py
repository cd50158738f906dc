"""API keys: made, listed, revoked and recognised. Of a key only its digest is kept (docs/decisions/0018).

A key is `kk_{id}_{secret}{checksum}`: a prefix that scanners for leaked secrets can look for, an id that is no secret, 256 random
bits, and a checksum by which a key that was cut off while it was copied is told from one that nobody has. SHA-256 is enough to
keep it by: slow hashes protect what people think up, and nobody tries out 256 random bits.

{folder}/             KAKEHASHI_HOME/keys, or a folder that replicas share; its owner alone may enter
  keys.json           all keys, written whole
  lock                held by whoever changes them
  used/{id}           an empty file: its time is when the key was last used, to the hour
"""

import fcntl
import hashlib
import hmac
import re
import secrets
import string
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kakehashi.http.callers import Caller
from kakehashi.http.scopes import SCOPES
from kakehashi.records.canonical import plain
from kakehashi.store.durable import write_whole
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

PREFIX: Final = "kk_"
LETTERS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID_LETTERS: Final = 8
SECRET_LETTERS: Final = 43
"""So many of 62 letters are more than 256 bits."""
CHECKSUM_LETTERS: Final = 6
USED_SECONDS: Final = 3600.0

_KEY: Final = re.compile(
    f"(?P<whole>{PREFIX}(?P<id>[0-9A-Za-z]{{{ID_LETTERS}}})_[0-9A-Za-z]{{{SECRET_LETTERS}}})"
    f"(?P<checksum>[0-9A-Za-z]{{{CHECKSUM_LETTERS}}})"
)

NO_NAME = Text("キーには名前が必要です。", "A key needs a name.")
UNKNOWN_SCOPE = Text(
    "権限「{scope}」はありません。{known} から選んでください。", "There is no scope '{scope}'. Choose from: {known}."
)
NO_KEY = Text("キー「{id}」はありません。", "There is no key '{id}'.")
UNREADABLE = Text("キーの一覧 {file} を読めません。", "The list of keys, {file}, cannot be read.")

NOT_WHOLE = Text(
    "APIキーとして完全ではありません。途中で切れていないか確かめてください。",
    "This is no whole API key. See whether it was copied to its end.",
)
NOT_KNOWN = Text("このAPIキーは登録されていません。", "This API key is not known.")
REVOKED = Text("このAPIキーは取り消されています。", "This API key was revoked.")
EXPIRED = Text("このAPIキーは期限切れです。", "This API key has expired.")


class ApiKey(Struct, frozen=True, kw_only=True):
    """What is kept of a key: whose it is, what it allows, until when, and the digest that recognises it. Times are UTC."""

    id: str
    name: str
    digest: str
    scopes: tuple[str, ...]
    organisations: tuple[str, ...]
    created: datetime
    expires: datetime
    revoked: datetime | None = None

    def refusal(self, now: datetime) -> Text | None:
        """Why the key does not hold at a time; None where it does."""
        if self.revoked is not None:
            return REVOKED
        return EXPIRED if self.expires <= now else None

    @property
    def caller(self) -> Caller:
        """Whoever sends it."""
        return Caller(f"key:{self.id}", frozenset(self.scopes), frozenset(self.organisations))


class KeyRefusedError(Exception):
    """A key does not hold; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class KeyBook:
    """The keys of a folder. A change of the file, whoever made it, is seen at the next look."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: tuple[int, ...] = ()
        self._keys: Mapping[str, ApiKey] = {}
        self._used: dict[str, float] = {}

    @property
    def file(self) -> Path:
        """Where the keys stand."""
        return self.folder / "keys.json"

    def keys(self) -> Mapping[str, ApiKey]:
        """All keys by their ids; KakehashiError where the file cannot be read, so that no key holds."""
        try:
            status = self.file.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if seen != self._seen:
                found = msgspec.json.decode(self.file.read_bytes(), type=list[ApiKey])
                self._keys, self._seen = {one.id: one for one in found}, seen
        except FileNotFoundError:
            self._keys, self._seen = {}, ()
        except (OSError, msgspec.DecodeError) as error:
            raise KakehashiError(ErrorCode.STORE_FAILED, UNREADABLE(file=self.file.name)) from error
        return self._keys

    def create(self, name: str, scopes: Iterable[str], organisations: Iterable[str], days: int) -> tuple[ApiKey, str]:
        """A new key with its text, which is told here and never again."""
        if not plain(name):
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, NO_NAME)
        wanted = tuple(dict.fromkeys(scopes))
        for scope in wanted:
            if scope not in SCOPES:
                raise KakehashiError(ErrorCode.BAD_USER_INPUT, UNKNOWN_SCOPE(scope=scope, known=", ".join(SCOPES)))
        identifier, now = _letters(ID_LETTERS), _now()
        text = with_checksum(f"{PREFIX}{identifier}_{_letters(SECRET_LETTERS)}")
        key = ApiKey(
            id=identifier, name=plain(name), digest=_digest(text), scopes=wanted,
            organisations=tuple(dict.fromkeys(map(plain, organisations))), created=now, expires=now + timedelta(days=days),
        )  # fmt: skip
        with self._changing() as keys:
            keys[identifier] = key
        return key, text

    def revoke(self, identifier: str) -> ApiKey:
        """Let a key hold no longer, from now on; it stays in the list."""
        with self._changing() as keys:
            if identifier not in keys:
                raise KakehashiError(ErrorCode.NOT_FOUND, NO_KEY(id=identifier[:80]))
            key = keys[identifier]
            keys[identifier] = key if key.revoked is not None else replace(key, revoked=_now())
            return keys[identifier]

    def caller(self, text: str) -> Caller:
        """Who sends a key; KeyRefusedError where it does not hold."""
        found = _KEY.fullmatch(text)
        if found is None or with_checksum(found["whole"]) != text:
            raise KeyRefusedError(NOT_WHOLE)
        key = self.keys().get(found["id"])
        if key is None or not hmac.compare_digest(key.digest, _digest(text)):
            raise KeyRefusedError(NOT_KNOWN)
        refusal = key.refusal(_now())
        if refusal is not None:
            raise KeyRefusedError(refusal)
        self._note(key.id)
        return key.caller

    def last_used(self, identifier: str) -> datetime | None:
        """When a key was last used, to the hour; None where it never was."""
        with suppress(OSError):
            used = datetime.fromtimestamp((self.folder / "used" / identifier).stat().st_mtime, UTC)
            return used.replace(minute=0, second=0, microsecond=0)
        return None

    def _note(self, identifier: str) -> None:
        """Keep when a key was used; where nothing may be written, this is not worth refusing anybody."""
        if time.monotonic() - self._used.get(identifier, float("-inf")) < USED_SECONDS:
            return
        self._used[identifier] = time.monotonic()
        with suppress(OSError):
            (self.folder / "used").mkdir(mode=0o700, exist_ok=True)
            (self.folder / "used" / identifier).touch()

    @contextmanager
    def _changing(self) -> Iterator[dict[str, ApiKey]]:
        """All keys, to be changed by one process at a time."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = dict(self.keys())
            yield keys
            content = msgspec.json.format(msgspec.json.encode(list(keys.values())))
            write_whole(self.file, content, mode=0o600)


def with_checksum(whole: str) -> str:
    """A key with the checksum of what stands before it."""
    rest, letters = zlib.crc32(whole.encode()), ""
    for _ in range(CHECKSUM_LETTERS):
        rest, place = divmod(rest, len(LETTERS))
        letters = LETTERS[place] + letters
    return whole + letters


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
