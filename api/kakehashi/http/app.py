"""The application: routes, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from kakehashi.graphql.schema import build_schema
from kakehashi.http.bounds import Bounds
from kakehashi.http.downloads import GraphDownload
from kakehashi.http.graphql_endpoint import GraphQLEndpoint
from kakehashi.http.options import HttpOptions
from kakehashi.http.problems import not_ready
from kakehashi.http.protection import protect
from kakehashi.http.rate_limits import charged
from kakehashi.http.resources import ResourceEndpoint
from kakehashi.http.serving import Serving, ServingPrivate
from kakehashi.http.sparql import SparqlEndpoint, SparqlOptions, turned_off
from kakehashi.http.threat_layers import ThreatLayer
from kakehashi.snapshot.home import Home
from kakehashi.store.port import Repository

# The GraphQL and SPARQL endpoints refuse wrong methods themselves, in two languages.
ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def create_app(
    home: Home,
    repository: Repository,
    sparql: SparqlOptions | None = None,
    private: Repository | None = None,
    options: HttpOptions | None = None,
) -> FastAPI:
    """The application that serves a home's current release, whatever it is at the time of a request.

    Without options for it there is no SPARQL. `private` are the private releases, for the GraphQL of a server that none but the
    home's owner reaches; without them nothing here knows of any. `options` are the limits.
    """
    serving, bounds = Serving(home, repository), Bounds.of(options or HttpOptions())
    work, limits = bounds.work, bounds.limits
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
    graphql = GraphQLEndpoint(build_schema(), serving, bounds, rows)
    app.add_route("/graphql", graphql.__call__, methods=list(ANY_METHOD))
    app.add_route("/id/{identifier:path}", charged(ResourceEndpoint(serving, work).__call__, limits), methods=["GET"])
    app.add_route("/exports/graph.{suffix}", charged(GraphDownload(serving, repository).__call__, limits), methods=["GET"])
    app.add_route("/exports/threats.navigator.json", charged(ThreatLayer(serving, work).__call__, limits), methods=["GET"])
    app.add_route("/sparql", turned_off if asked is None else charged(asked.__call__, limits), methods=list(ANY_METHOD))
    app.add_route("/healthz", _healthy, methods=["GET"])
    app.add_route("/readyz", _Ready(serving).__call__, methods=["GET"])
    app.add_route("/", _home, methods=["GET"])
    app.mount("/static", StaticFiles(directory=Path(str(files(__package__) / "static"))))
    protect(app, bounds.options)
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
