"""`/id/...`: every IRI of the graph resolves, as a page, as Turtle or as JSON-LD."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kakehashi.exports.rdf import RdfFormat, described, may_leave, serialise
from kakehashi.graphql.languages import accepted_languages
from kakehashi.http.negotiation import negotiate
from kakehashi.http.pages import resource_page
from kakehashi.http.problems import not_ready, problem
from kakehashi.http.serving import Serving
from kakehashi.http.working import Work, not_now
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import LANGUAGES, KakehashiError, Text

HTML: Final = "text/html"
OFFERS: Final = (RdfFormat.JSON_LD, RdfFormat.TURTLE, HTML)
BY_NAME: Final = {"html": HTML, "turtle": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}

UNKNOWN = Text("「{id}」というIDの項目はありません。", "There is nothing with the id '{id}'.")
STAYS = Text(
    "「{id}」の出典は再配布を認めていないため、RDFでは出せません。",
    "'{id}' does not leave in RDF: its source allows no redistribution.",
)
NOT_ACCEPTABLE = Text("Acceptには {offers} のいずれかを含めてください。", "Accept must take one of: {offers}.")
BAD_FORMAT = Text("formatは {known} のいずれかです。", "format must be one of: {known}.")


@dataclass(frozen=True, slots=True)
class ResourceEndpoint:
    """The handler of /id/{identifier}."""

    serving: Serving
    work: Work

    async def __call__(self, request: Request) -> Response:
        """Answer with the description of one id."""
        languages = accepted_languages(request.headers.get("accept-language"))
        snapshot = self.serving.snapshot()
        if snapshot is None:
            return not_ready(languages)
        identifier = request.path_params["identifier"]
        media_type, refusal = _media_type(request, languages)
        if refusal is not None:
            return refusal
        try:
            if media_type == HTML and identifier in snapshot.resources:
                return await self.work.run(resource_page, snapshot, identifier, _language(request, languages))
            return await self.work.run(_rdf, snapshot, identifier, media_type, languages)
        except KakehashiError as error:
            return not_now(error, languages)


def _media_type(request: Request, languages: tuple[str, ...]) -> tuple[str, Response | None]:
    """What to answer with: the query's `format`, else what Accept likes best."""
    name = request.query_params.get("format")
    if name is not None:
        if name in BY_NAME:
            return BY_NAME[name], None
        return "", problem(HTTPStatus.BAD_REQUEST, BAD_FORMAT(known=", ".join(BY_NAME)), languages)
    media_type = negotiate(request.headers.get("accept"), OFFERS)
    if media_type is None:
        return "", problem(HTTPStatus.NOT_ACCEPTABLE, NOT_ACCEPTABLE(offers=", ".join(OFFERS)), languages)
    return media_type, None


def _language(request: Request, languages: tuple[str, ...]) -> str:
    wanted = request.query_params.get("lang")
    return wanted if wanted in LANGUAGES else next(iter(languages), LANGUAGES[0])


def _rdf(snapshot: Snapshot, identifier: str, media_type: str, languages: tuple[str, ...]) -> Response:
    records = described(snapshot, identifier)
    if not records:
        return problem(HTTPStatus.NOT_FOUND, UNKNOWN(id=identifier[:80]), languages)
    leaving = may_leave(snapshot, records)
    if not leaving:
        return problem(HTTPStatus.FORBIDDEN, STAYS(id=identifier[:80]), languages)
    # A statement or a source has no page; whoever asks for one is given Turtle to read.
    wanted = RdfFormat(media_type) if media_type != HTML else RdfFormat.TURTLE
    headers = {"Content-Type": f"{wanted}; charset=utf-8", "Vary": "Accept", "X-Content-Type-Options": "nosniff"}
    return Response(serialise(snapshot, leaving, wanted), headers=headers)
