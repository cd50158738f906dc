"""`/imports`: the one way in. What is sent is written down before the answer, and built elsewhere (docs/decisions/0019)."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.languages import accepted_languages
from kakehashi.http.access import require
from kakehashi.http.callers import Caller, caller_of
from kakehashi.http.import_views import view
from kakehashi.http.problems import problem
from kakehashi.http.receiving import STORAGE, ImportOptions, NotReceivedError, Sent, received
from kakehashi.http.scopes import ADMIN, IMPORTS_PRIVATE, IMPORTS_WRITE
from kakehashi.http.serving import Serving
from kakehashi.snapshot.journal import Entry, Job, Outcome, Receiving, State, job_id, now
from kakehashi.vocabulary.text import ErrorCode, Text

AT_ONCE: Final = 4
"""How many are received at a time."""
MOST_WAITING: Final = 100
POLL_SECONDS: Final = "2"
NO_STORE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
UNREAD: Final = {**NO_STORE, "Connection": "close"}
"""What is refused is read no further, however much more would come."""

IDENTIFIER: Final = "^[0-9a-f]{32}$"
IDEMPOTENCY: Final = r"^[\x21-\x7e]{1,255}$"
_ID: Final = re.compile(IDENTIFIER)
_TAG: Final = re.compile(r'"([0-9a-f]{1,64})"')
_IDEMPOTENCY: Final = re.compile(IDEMPOTENCY)

OFF = Text(
    "このサーバーは取り込みを受け付けません(kakehashi serve --importsで有効になります)。",
    "This server takes no imports ('kakehashi serve --imports' turns them on).",
)
UNKNOWN = Text("このIDの取り込みはありません。", "There is no import of this id.")
BAD_FLAG = Text("{name}はtrueかfalseのいずれかです。", "{name} must be true or false.")
BAD_KEY = Text(
    "Idempotency-Keyは1~255文字の印字可能なASCIIにしてください。", "The Idempotency-Key has 1 to 255 printable ASCII characters."
)
OTHER_CONTENT = Text("同じIdempotency-Keyで別の内容が送られています。", "The same Idempotency-Key was sent with something else.")
BAD_MATCH = Text('If-Matchは "リリースのID" か * にしてください。', "If-Match must be a release id in quotes, or *.")
MOVED = Text(
    "配信中のリリースは「{served}」です。確かめ直すか、If-Match: * を付けてください。",
    "The served release is '{served}'. Look at it again, or send If-Match: *.",
)
WAITING = Text("順番を待つ取り込みが多すぎます。後でやり直してください。", "Too many imports are waiting. Try again later.")
NO_DRY_RUN = Text("確定できるのは、dryRun=trueで送ったものだけです。", "Only what was sent with dryRun=true can be committed.")
NOT_DONE = Text(
    "この取り込みの状態は「{state}」です。確定できるのは「done」になってからです。",
    "The state of this import is '{state}'. It can be committed once it is 'done'.",
)
GONE = Text("内容はもう保存されていません。送り直してください。", "What was sent is no longer kept. Send it again.")

logger: Final = logging.getLogger(__name__)


async def turned_off(request: Request) -> Response:
    """What /imports answers where nobody turned it on."""
    return problem(HTTPStatus.NOT_FOUND, OFF, accepted_languages(request.headers.get("accept-language")))


@dataclass(frozen=True, slots=True)
class Imports:
    """The handlers of /imports."""

    options: ImportOptions
    serving: Serving
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def all_or_one_more(self, request: Request) -> Response:
        """/imports, which is one resource whatever is done with it."""
        return await (self.sent(request) if request.method == "POST" else self.listed(request))

    async def sent(self, request: Request) -> Response:
        """POST /imports: accept what is sent."""
        caller = await caller_of(request)
        if IMPORTS_PRIVATE not in caller.scopes:
            require(caller, IMPORTS_WRITE)
        return await _answered(request, self._accepted(request, caller))

    async def listed(self, request: Request) -> Response:
        """GET /imports: one's own, newest first; for an admin, everybody's."""
        caller = await caller_of(request)
        _may_look(caller)
        entries = await run_in_threadpool(self.options.journal.entries)
        language = _language(request)
        return _json([view(one, language) for one in reversed(entries) if _sees(caller, one.job)])

    async def shown(self, request: Request) -> Response:
        """GET /imports/{job}: how far it is, and how it ended."""
        caller = await caller_of(request)
        _may_look(caller)
        entry = await self._entry(request, caller)
        return _unknown(request) if entry is None else _told(request, entry, HTTPStatus.OK)

    async def committed(self, request: Request) -> Response:
        """POST /imports/{job}/commit: do what was tried."""
        caller = await caller_of(request)
        _may_look(caller)
        entry = await self._entry(request, caller)
        if entry is None:
            return _unknown(request)
        if ADMIN not in caller.scopes:
            require(caller, IMPORTS_PRIVATE if entry.job.private else IMPORTS_WRITE)
        return await _answered(request, self._commit(request, caller, entry))

    async def _accepted(self, request: Request, caller: Caller) -> Response:
        if self.places.locked() or len(await run_in_threadpool(self.options.journal.waiting)) >= MOST_WAITING:
            raise NotReceivedError(HTTPStatus.SERVICE_UNAVAILABLE, WAITING, ErrorCode.BUSY)
        identifier = _identifier(request, caller)
        known = await run_in_threadpool(self.options.journal.entry, identifier) is not None
        expected = self._expected(request, None, known=known)
        async with self.places:
            with self.options.journal.receiving() as place:
                sent = await received(request, place, self.options.max_bytes)
                job = _job(identifier, caller, sent, expected)
                require(caller, IMPORTS_PRIVATE if job.private else IMPORTS_WRITE)
                return await self._written(request, place, job)

    async def _written(self, request: Request, place: Receiving, job: Job) -> Response:
        entry, new = await run_in_threadpool(self.options.journal.accept, place, job)
        if entry.job.fingerprint != job.fingerprint:
            raise NotReceivedError(HTTPStatus.UNPROCESSABLE_ENTITY, OTHER_CONTENT, ErrorCode.CONFLICT)
        return _told(request, entry, HTTPStatus.ACCEPTED if new else HTTPStatus.OK)

    async def _commit(self, request: Request, caller: Caller, entry: Entry) -> Response:
        dry_run, outcome = entry.job, entry.outcome
        if not dry_run.dry_run:
            raise NotReceivedError(HTTPStatus.CONFLICT, NO_DRY_RUN, ErrorCode.CONFLICT)
        if outcome is None or outcome.state is not State.DONE:
            raise NotReceivedError(HTTPStatus.CONFLICT, NOT_DONE(state=entry.state), ErrorCode.CONFLICT)
        job = _commit_of(dry_run, outcome, caller, anyway=request.headers.get("if-match") == "*")
        earlier = await run_in_threadpool(self.options.journal.entry, job.id)
        if earlier is not None:
            return _told(request, earlier, HTTPStatus.OK)
        self._expected(request, outcome.before)
        try:
            found, new = await run_in_threadpool(self.options.journal.commit, dry_run, job)
        except FileNotFoundError as error:
            raise NotReceivedError(HTTPStatus.GONE, GONE, ErrorCode.NOT_FOUND) from error
        return _told(request, found, HTTPStatus.ACCEPTED if new else HTTPStatus.OK)

    def _expected(self, request: Request, otherwise: str | None, *, known: bool = False) -> str | None:
        """The release that If-Match names, else the other one; refused where it is not the served one.

        What is known was accepted already, and may be what changed the release.
        """
        match = request.headers.get("if-match")
        if match == "*":
            return None
        found = None if match is None else _TAG.fullmatch(match)
        if match is not None and found is None:
            raise NotReceivedError(HTTPStatus.BAD_REQUEST, BAD_MATCH)
        expected = otherwise if found is None else found[1]
        snapshot = self.serving.snapshot()
        served = None if snapshot is None else snapshot.release.id
        if not known and expected not in (None, served):
            raise NotReceivedError(HTTPStatus.PRECONDITION_FAILED, MOVED(served=served), ErrorCode.CONFLICT)
        return expected

    async def _entry(self, request: Request, caller: Caller) -> Entry | None:
        """The import that is asked for, where the caller may see it; for everybody else there is none."""
        identifier = request.path_params["job"]
        if not _ID.fullmatch(identifier):
            return None
        entry = await run_in_threadpool(self.options.journal.entry, identifier)
        return entry if entry is not None and _sees(caller, entry.job) else None


async def _answered(request: Request, answer: Awaitable[Response]) -> Response:
    """An answer, or why there is none; where the disk is full nothing was accepted, and nothing half stays."""
    languages = accepted_languages(request.headers.get("accept-language"))
    try:
        return await answer
    except NotReceivedError as error:
        more = {"Retry-After": "30"} if error.status is HTTPStatus.SERVICE_UNAVAILABLE else {}
        return problem(error.status, error.text, languages, UNREAD | more, error.code)
    except OSError:
        logger.exception("an import could not be stored")
        return problem(HTTPStatus.INSUFFICIENT_STORAGE, STORAGE, languages, UNREAD, ErrorCode.STORE_FAILED)


def _told(request: Request, entry: Entry, status: HTTPStatus) -> Response:
    headers = {"Retry-After": POLL_SECONDS} if entry.outcome is None else {}
    if request.method == "POST":
        headers["Location"] = f"/imports/{entry.job.id}"
    return _json(view(entry, _language(request)), status, headers)


def _unknown(request: Request) -> Response:
    """The same for what there is not and for what is somebody else's."""
    return problem(HTTPStatus.NOT_FOUND, UNKNOWN, accepted_languages(request.headers.get("accept-language")), NO_STORE)


def _json(body: object, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    return Response(msgspec.json.encode(body), status, {**NO_STORE, **headers}, "application/json")


def _language(request: Request) -> str:
    return (*accepted_languages(request.headers.get("accept-language")), "en")[0]


def _may_look(caller: Caller) -> None:
    """Whoever may send or oversee imports may ask how they stand."""
    if not caller.scopes & {IMPORTS_PRIVATE, ADMIN}:
        require(caller, IMPORTS_WRITE)


def _sees(caller: Caller, job: Job) -> bool:
    return job.caller == caller.id or ADMIN in caller.scopes


def _identifier(request: Request, caller: Caller) -> str:
    """The id of what is sent: of a caller's Idempotency-Key always the same (draft-ietf-httpapi-idempotency-key-header)."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return job_id()
    if not _IDEMPOTENCY.fullmatch(key):
        raise NotReceivedError(HTTPStatus.BAD_REQUEST, BAD_KEY)
    return job_id("sent", caller.id, key)


def _job(identifier: str, caller: Caller, sent: Sent, expected: str | None) -> Job:
    return Job(
        id=identifier, caller=caller.id, organisations=tuple(sorted(caller.organisations)), files=sent.files,
        private=_flag(sent.fields, "private"), dry_run=_flag(sent.fields, "dryRun"), received=now(), expected=expected,
    )  # fmt: skip


def _commit_of(dry_run: Job, outcome: Outcome, caller: Caller, *, anyway: bool) -> Job:
    """The job that does what was tried, upon what was served then, or upon anything; sent twice it is one job.

    Whoever may see fewer organisations by now may write for no others.
    """
    allowed = [one for one in dry_run.organisations if ADMIN in caller.scopes or one in caller.organisations]
    return replace(
        dry_run, id=job_id("commit", dry_run.id, "*" if anyway else ""), dry_run=False, of=dry_run.id, received=now(),
        organisations=tuple(allowed), expected=None if anyway else outcome.before, seen=None if anyway else outcome.seen,
    )  # fmt: skip


def _flag(fields: Mapping[str, str], name: str) -> bool:
    value = fields.get(name, "false")
    if value not in ("true", "false"):
        raise NotReceivedError(HTTPStatus.BAD_REQUEST, BAD_FLAG(name=name))
    return value == "true"
