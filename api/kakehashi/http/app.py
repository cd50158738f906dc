"""The application: routes, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from kakehashi.graphql.schema import build_schema
from kakehashi.http.downloads import GraphDownload
from kakehashi.http.graphql_endpoint import GraphQLEndpoint
from kakehashi.http.problem_kinds import PATH as PROBLEMS
from kakehashi.http.problems import http_problem, kinds_of_problems, not_ready
from kakehashi.http.resources import ResourceEndpoint
from kakehashi.http.rest.mounting import add_rest
from kakehashi.http.serving import Serving, ServingPrivate
from kakehashi.http.sparql import SparqlEndpoint, SparqlOptions, turned_off
from kakehashi.http.threat_layers import ThreatLayer
from kakehashi.snapshot.home import Home
from kakehashi.store.port import Repository

# The GraphQL and SPARQL endpoints refuse wrong methods themselves, in two languages.
ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def create_app(
    home: Home, repository: Repository, sparql: SparqlOptions | None = None, private: Repository | None = None
) -> FastAPI:
    """The application that serves a home's current release, whatever it is at the time of a request.

    Without options for it there is no SPARQL. `private` are the private releases, for the GraphQL of a server that none but the
    home's owner reaches; without them nothing here knows of any.
    """
    serving = Serving(home, repository)
    rows = None if private is None else ServingPrivate(home.private, private)
    asked = SparqlEndpoint(serving, home, repository, sparql) if sparql is not None else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        serving.snapshot()
        if asked is not None:
            asked.begin()
        yield
        if asked is not None:
            asked.close()

    app = FastAPI(title="Kakehashi", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(HTTPException, http_problem)
    schema = build_schema()
    app.add_route("/graphql", GraphQLEndpoint(schema, serving, rows).__call__, methods=list(ANY_METHOD))
    app.add_route("/id/{identifier:path}", ResourceEndpoint(serving).__call__, methods=["GET"])
    app.add_route("/exports/graph.{suffix}", GraphDownload(serving, repository).__call__, methods=["GET"])
    app.add_route("/exports/threats.navigator.json", ThreatLayer(serving).__call__, methods=["GET"])
    app.add_route("/sparql", turned_off if asked is None else asked.__call__, methods=list(ANY_METHOD))
    add_rest(app, schema, serving, rows)
    app.add_route(PROBLEMS, kinds_of_problems, methods=["GET"])
    app.add_route(f"{PROBLEMS}/{{name}}", kinds_of_problems, methods=["GET"])
    app.add_route("/healthz", _healthy, methods=["GET"])
    app.add_route("/readyz", _Ready(serving).__call__, methods=["GET"])
    app.add_route("/", _home, methods=["GET"])
    app.mount("/static", StaticFiles(directory=Path(str(files(__package__) / "static"))))
    return app


async def _healthy(_: Request) -> Response:
    """The process lives."""
    return Response(orjson.dumps({"status": "ok"}), media_type="application/json")


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphql", status_code=HTTPStatus.TEMPORARY_REDIRECT)


class _Ready:
    """A release is loaded and can answer."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def __call__(self, _: Request) -> Response:
        snapshot = self._serving.snapshot()
        if snapshot is None:
            return not_ready(())
        body = {"status": "ready", "release": snapshot.release.id}
        return Response(orjson.dumps(body), media_type="application/json")
