"""The application: routes, what stands around them, and what runs as long as they do."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

import orjson
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
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
from kakehashi.http.problems import http_problem, kinds_of_problems, not_ready, stopping
from kakehashi.http.protection import protect
from kakehashi.http.rate_limits import charged
from kakehashi.http.receiving import ImportOptions
from kakehashi.http.resources import ResourceEndpoint
from kakehashi.http.rest.mounting import add_rest
from kakehashi.http.schema_download import SchemaDownload
from kakehashi.http.serving import Heard, Serving, ServingPrivate
from kakehashi.http.sparql import SparqlEndpoint, turned_off
from kakehashi.http.stopping import Stopping
from kakehashi.http.threat_layers import ThreatLayer
from kakehashi.http.watched import Watched, Watching
from kakehashi.mcp.asking import Asking
from kakehashi.mcp.server import Mounted
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.releases import KeptReleases
from kakehashi.store.port import Repository

logger: Final = logging.getLogger(__name__)

# The GraphQL and SPARQL endpoints refuse wrong methods themselves, in two languages.
ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

Handler = Callable[[Request], Awaitable[Response]]


def create_app(home: Home, repository: Repository, offered: Offered = PLAIN) -> FastAPI:
    """The application that serves a home's current release, whatever it is at the time of a request."""
    answering = _answering(home, repository, offered)
    asked = SparqlEndpoint(answering.serving, home, repository, offered.sparql) if offered.sparql is not None else None
    tools = None if offered.mcp_hosts is None else Mounted.of(Asking.served(answering), offered.mcp_hosts)
    access = offered.access or Access(KeyBook(home.root / "keys"))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with _running(offered, answering.serving, asked), nullcontext() if tools is None else tools.running():
            yield

    app = FastAPI(title="Kakehashi", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.access = access
    app.add_exception_handler(UnacceptedError, refused)
    app.add_exception_handler(HTTPException, http_problem)
    for path, methods, handler in _routes(answering, repository, asked, access.imports):
        app.add_route(path, charged(handler, answering.bounds.limits), methods=list(methods))
    app.add_route("/graphql", GraphQLEndpoint(answering).__call__, methods=list(ANY_METHOD))
    add_rest(app, answering)
    app.router.routes.extend(() if tools is None else tools.routes)
    _add_free_routes(app, answering, offered.operation.stopping)
    app.add_middleware(Identified)
    protect(app, offered.limits)
    app.add_middleware(Watched, watching=offered.operation.watching)  # the last one that is added surrounds all others
    return app


def _answering(home: Home, repository: Repository, offered: Offered) -> Answering:
    private = offered.private or (None if offered.access is None else offered.access.private)
    rows = None if private is None else ServingPrivate(home.private, private, owned=offered.private is not None)
    serving = Serving(home, repository, _heard(offered.operation.watching))
    return Answering(build_schema(), serving, Bounds.of(offered.limits), rows, KeptReleases(home, repository))


@asynccontextmanager
async def _running(offered: Offered, serving: Serving, asked: SparqlEndpoint | None) -> AsyncIterator[None]:
    """What runs as long as the application does."""
    operation = offered.operation
    operation.stopping.on_begin.append(serving.end)
    operation.stopping.listen()
    await run_in_threadpool(serving.begin, patient=operation.patient)
    if asked is not None:
        asked.begin()
        serving.before_exchange.append(asked.prepare)
    yield
    serving.end()
    if asked is not None:
        asked.close()
    if operation.watching.traces is not None:
        await run_in_threadpool(operation.watching.traces.close)


def _routes(
    answering: Answering, repository: Repository, asked: SparqlEndpoint | None, imports: ImportOptions | None
) -> Iterator[tuple[str, tuple[str, ...], Handler]]:
    """What costs a client a point, whatever is asked."""
    serving, work = answering.serving, answering.bounds.work
    yield "/id/{identifier:path}", ("GET",), ResourceEndpoint(serving, work).__call__
    yield "/exports/graph.{suffix}", ("GET",), GraphDownload(serving, repository).__call__
    yield "/exports/threats.navigator.json", ("GET",), ThreatLayer(serving, work).__call__
    yield "/sparql", ANY_METHOD, turned_off if asked is None else asked.__call__
    taken = None if imports is None else Imports(imports, serving)
    yield "/imports", ("GET", "POST"), imports_off if taken is None else taken.all_or_one_more
    yield "/imports/{job}", ("GET",), imports_off if taken is None else taken.shown
    yield "/imports/{job}/commit", ("POST",), imports_off if taken is None else taken.committed


def _add_free_routes(app: FastAPI, answering: Answering, stops: Stopping) -> None:
    app.add_route("/schema.graphql", SchemaDownload.of(answering.schema).__call__, methods=["GET"])
    app.add_route(PROBLEMS, kinds_of_problems, methods=["GET"])
    app.add_route(f"{PROBLEMS}/{{name}}", kinds_of_problems, methods=["GET"])
    app.add_route("/healthz", _healthy, methods=["GET"])
    app.add_route("/readyz", _Ready(answering.serving, stops).__call__, methods=["GET"])
    app.add_route("/", _home, methods=["GET"])
    app.mount("/static", StaticFiles(directory=Path(str(files(__package__) / "static"))))


def _heard(watching: Watching) -> Heard:
    """Tell of a release that is served from now on."""

    def hear(snapshot: Snapshot, seconds: float) -> None:
        logger.info("release %s is served, loaded in %.2f s", snapshot.release.id, seconds)
        if watching.metrics is not None:
            watching.metrics.served(snapshot, seconds)

    return hear


async def _healthy(_: Request) -> Response:
    """The process lives."""
    return Response(orjson.dumps({"status": "ok"}), media_type="application/json")


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphql", status_code=HTTPStatus.TEMPORARY_REDIRECT)


class _Ready:
    """A release is loaded and can answer, and the process is not about to end."""

    def __init__(self, serving: Serving, stops: Stopping) -> None:
        self._serving = serving
        self._stops = stops

    async def __call__(self, _: Request) -> Response:
        if self._stops.begun:
            return stopping(())
        snapshot = self._serving.snapshot()
        if snapshot is None:
            return not_ready(())
        body = {"status": "ready", "release": snapshot.release.id}
        return Response(orjson.dumps(body), media_type="application/json")
