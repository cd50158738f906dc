"""The application: routes, and nothing else."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

import orjson
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from kakehashi.graphql.schema import build_schema
from kakehashi.http.downloads import GraphDownload
from kakehashi.http.graphql_endpoint import GraphQLEndpoint
from kakehashi.http.problems import not_ready, stopping
from kakehashi.http.resources import ResourceEndpoint
from kakehashi.http.serving import Heard, Serving, ServingPrivate
from kakehashi.http.sparql import SparqlEndpoint, SparqlOptions, turned_off
from kakehashi.http.stopping import Stopping
from kakehashi.http.threat_layers import ThreatLayer
from kakehashi.http.watched import Watched, Watching
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.store.port import Repository

logger: Final = logging.getLogger(__name__)

# The GraphQL and SPARQL endpoints refuse wrong methods themselves, in two languages.
ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Operation:
    """How a process is run: who is told of its requests, how it ends, and whether it waits for a release before it takes any."""

    watching: Watching = field(default_factory=Watching)
    stopping: Stopping = field(default_factory=Stopping)
    patient: bool = False


def create_app(
    home: Home,
    repository: Repository,
    sparql: SparqlOptions | None = None,
    private: Repository | None = None,
    operation: Operation | None = None,
) -> FastAPI:
    """The application that serves a home's current release, whatever it is at the time of a request.

    Without options for it there is no SPARQL. `private` are the private releases, for the GraphQL of a server that none but the
    home's owner reaches; without them nothing here knows of any.
    """
    run = operation or Operation()
    serving = Serving(home, repository, _heard(run.watching))
    rows = None if private is None else ServingPrivate(home.private, private)
    asked = SparqlEndpoint(serving, home, repository, sparql) if sparql is not None else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        run.stopping.on_begin.append(serving.end)
        run.stopping.listen()
        await run_in_threadpool(serving.begin, patient=run.patient)
        if asked is not None:
            asked.begin()
            serving.before_exchange.append(asked.prepare)
        yield
        serving.end()
        if asked is not None:
            asked.close()
        if run.watching.traces is not None:
            await run_in_threadpool(run.watching.traces.close)

    app = FastAPI(title="Kakehashi", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_route("/graphql", GraphQLEndpoint(build_schema(), serving, rows).__call__, methods=list(ANY_METHOD))
    app.add_route("/id/{identifier:path}", ResourceEndpoint(serving).__call__, methods=["GET"])
    app.add_route("/exports/graph.{suffix}", GraphDownload(serving, repository).__call__, methods=["GET"])
    app.add_route("/exports/threats.navigator.json", ThreatLayer(serving).__call__, methods=["GET"])
    app.add_route("/sparql", turned_off if asked is None else asked.__call__, methods=list(ANY_METHOD))
    app.add_route("/healthz", _healthy, methods=["GET"])
    app.add_route("/readyz", _Ready(serving, run.stopping).__call__, methods=["GET"])
    app.add_route("/", _home, methods=["GET"])
    app.mount("/static", StaticFiles(directory=Path(str(files(__package__) / "static"))))
    app.add_middleware(Watched, watching=run.watching)  # the last one that is added surrounds all others
    return app


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
