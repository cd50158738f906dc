"""Puts the routes and the OpenAPI document into an application."""

import asyncio
from functools import cache

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.graphql.languages import accepted_languages
from kakehashi.http.answering import Answering
from kakehashi.http.rest.asking import Asker
from kakehashi.http.rest.endpoint import RestEndpoint, Surroundings
from kakehashi.http.rest.limits import STREAMS
from kakehashi.http.rest.openapi import openapi
from kakehashi.http.rest.routes import PREFIX


def add_rest(app: FastAPI, answering: Answering) -> None:
    """Let an application answer REST, from the schema that answers GraphQL."""
    asker = Asker(answering.schema)
    shared = Surroundings(asker, answering, asyncio.Semaphore(STREAMS))
    # The longer addresses first: an id takes all that follows.
    for route in sorted(asker.routes, key=lambda one: -len(one.path)):
        endpoint = RestEndpoint(route, shared)
        app.add_route(PREFIX + route.path.replace("{id}", "{id:path}"), endpoint.__call__, methods=endpoint.methods)

    @cache
    def written(language: str) -> bytes:
        return orjson.dumps(openapi(asker, language))

    async def described(request: Request) -> Response:
        language = next(iter(accepted_languages(request.headers.get("accept-language"))), "en")
        headers = {"Vary": "Accept-Language", "Content-Language": language, "Cache-Control": "no-cache"}
        return Response(written(language), media_type="application/json", headers=headers)

    app.add_route("/openapi.json", described, methods=["GET"])
