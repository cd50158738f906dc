"""`/exports/threats.navigator.json`: what is given against ATT&CK's techniques, as a layer for the Navigator."""

import hashlib
from http import HTTPStatus

import strawberry
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.exports.navigator import MEDIA_TYPE, About, attack_edition, navigator_layer
from kakehashi.graphql.context import Context
from kakehashi.graphql.inputs import GivenInput, ViewInput
from kakehashi.graphql.languages import accepted_languages
from kakehashi.graphql.threats import Scope, ThreatQuestion
from kakehashi.http.negotiation import is_named
from kakehashi.http.problems import not_ready, problem
from kakehashi.http.serving import Serving
from kakehashi.http.working import NOT_NOW, Work, not_now
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import LANGUAGES, ErrorCode, KakehashiError, Text

BAD_AUTHORITY = Text("minAuthorityは {known} のいずれかです。", "minAuthority must be one of: {known}.")


class ThreatLayer:
    """The handler of /exports/threats.navigator.json?given=ID&given=ID&everything=true&edition=ID&tactic=ID&lang=ja."""

    def __init__(self, serving: Serving, work: Work) -> None:
        self._serving, self._work = serving, work

    async def __call__(self, request: Request) -> Response:
        """Answer with the layer, or with what is wrong with the question."""
        languages = _languages(request)
        snapshot = self._serving.snapshot()
        if snapshot is None:
            return not_ready(languages)
        try:
            content = await self._work.run(_layer, snapshot, request, languages)
        except KakehashiError as error:
            if error.code in NOT_NOW:
                return not_now(error, languages)
            status = HTTPStatus.NOT_FOUND if error.code is ErrorCode.NOT_FOUND else HTTPStatus.BAD_REQUEST
            return problem(status, error.text, languages, code=error.code)
        headers = {
            "Content-Disposition": 'attachment; filename="kakehashi-threats.navigator.json"',
            "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "Cache-Control": "no-cache", "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
        }  # fmt: skip
        if is_named(headers["ETag"], request.headers.get("if-none-match")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _languages(request: Request) -> tuple[str, ...]:
    wanted = request.query_params.get("lang")
    return (wanted,) if wanted in LANGUAGES else accepted_languages(request.headers.get("accept-language"))


def _layer(snapshot: Snapshot, request: Request, languages: tuple[str, ...]) -> bytes:
    asked, context = request.query_params, Context(snapshot, languages)
    edition = attack_edition(snapshot, asked.get("edition")).id
    given = GivenInput(
        controls=[strawberry.ID(one) for one in asked.getlist("given")], everything=asked.get("everything") == "true"
    )
    scope = Scope(edition=edition, tactic=asked.get("tactic"))
    question = ThreatQuestion(context, given, ViewInput(min_authority=_authority(asked.get("minAuthority"))), scope)
    about = About(edition=edition, as_of=question.view.as_of, language=(*languages, *LANGUAGES)[0])
    return navigator_layer(snapshot, question.exposures, about)


def _authority(name: str | None) -> Authority | None:
    if name is None:
        return None
    if name not in Authority.__members__:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, BAD_AUTHORITY(known=", ".join(Authority.__members__)))
    return Authority[name]
