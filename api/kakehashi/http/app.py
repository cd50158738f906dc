"""The application: routes, and nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
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
from kakehashi.http.access import Access, Identified, UnacceptedError, refused
from kakehashi.http.answering import Answering
from kakehashi.http.bounds import Bounds
from kakehashi.http.downloads import GraphDownload
from kakehashi.http.graphql_endpoint import GraphQLEndpoint
from kakehashi.http.imports import Imports
from kakehashi.http.imports import turned_off as imports_off
from kakehashi.http.keys import KeyBook
from kakehashi.http.offered import PLAIN, Offered
from kakehashi.http.problem_kinds import PATH as PROBLEMS
from kakehashi.http.problems import http_problem, kinds_of_problems, not_ready
from kakehashi.http.protection import protect
from kakehashi.http.rate_limits import charged
from kakehashi.http.receiving import ImportOptions
from kakehashi.http.resources import ResourceEndpoint
from kakehashi.http.rest.mounting import add_rest
from kakehashi.http.schema_download import SchemaDownload
from kakehashi.http.serving import Serving, ServingPrivate
from kakehashi.http.sparql import SparqlEndpoint, turned_off
from kakehashi.http.threat_layers import ThreatLayer
from kakehashi.mcp.asking import Asking
from kakehashi.mcp.server import Mounted
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.releases import KeptReleases
from kakehashi.store.port import Repository

# The GraphQL and SPARQL endpoints refuse wrong methods themselves, in two languages.
ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def create_app(home: Home, repository: Repository, offered: Offered = PLAIN) -> FastAPI:
    """The application that serves a home's current release, whatever it is at the time of a request."""
    answering = _answering(home, repository, offered)
    serving, bounds = answering.serving, answering.bounds
    asked = SparqlEndpoint(serving, home, repository, offered.sparql) if offered.sparql is not None else None
    tools = None if offered.mcp_hosts is None else Mounted.of(Asking.served(answering), offered.mcp_hosts)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        serving.snapshot()
        if asked is not None:
            asked.begin()
        async with nullcontext() if tools is None else tools.running():
            yield
        if asked is not None:
            asked.close()

    app = FastAPI(title="Kakehashi", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.access = offered.access or Access(KeyBook(home.root / "keys"))
    app.add_middleware(Identified)
    app.add_exception_handler(UnacceptedError, refused)
    app.add_exception_handler(HTTPException, http_problem)
    work, limits = bounds.work, bounds.limits
    app.add_route("/graphql", GraphQLEndpoint(answering).__call__, methods=list(ANY_METHOD))
    app.add_route("/schema.graphql", SchemaDownload.of(answering.schema).__call__, methods=["GET"])
    app.add_route("/id/{identifier:path}", charged(ResourceEndpoint(serving, work).__call__, limits), methods=["GET"])
    app.add_route("/exports/graph.{suffix}", charged(GraphDownload(serving, repository).__call__, limits), methods=["GET"])
    app.add_route("/exports/threats.navigator.json", charged(ThreatLayer(serving, work).__call__, limits), methods=["GET"])
    app.add_route("/sparql", turned_off if asked is None else charged(asked.__call__, limits), methods=list(ANY_METHOD))
    app.router.routes.extend(() if tools is None else tools.routes)
    for path, method, handler in _import_routes(app.state.access.imports, serving):
        app.add_route(path, charged(handler, limits), methods=[method])
    add_rest(app, answering)
    app.add_route(PROBLEMS, kinds_of_problems, methods=["GET"])
    app.add_route(f"{PROBLEMS}/{{name}}", kinds_of_problems, methods=["GET"])
    app.add_route("/healthz", _healthy, methods=["GET"])
    app.add_route("/readyz", _Ready(serving).__call__, methods=["GET"])
    app.add_route("/", _home, methods=["GET"])
    app.mount("/static", StaticFiles(directory=Path(str(files(__package__) / "static"))))
    protect(app, bounds.options)
    return app


def _answering(home: Home, repository: Repository, offered: Offered) -> Answering:
    private = offered.private or (None if offered.access is None else offered.access.private)
    rows = None if private is None else ServingPrivate(home.private, private, owned=offered.private is not None)
    bounds = Bounds.of(offered.limits)
    return Answering(build_schema(), Serving(home, repository), bounds, rows, KeptReleases(home, repository))


Handler = Callable[[Request], Awaitable[Response]]


def _import_routes(options: ImportOptions | None, serving: Serving) -> Iterator[tuple[str, str, Handler]]:
    taken = None if options is None else Imports(options, serving)
    yield "/imports", "POST", imports_off if taken is None else taken.sent
    yield "/imports", "GET", imports_off if taken is None else taken.listed
    yield "/imports/{job}", "GET", imports_off if taken is None else taken.shown
    yield "/imports/{job}/commit", "POST", imports_off if taken is None else taken.committed


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
